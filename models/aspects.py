"""What a message that does not fit waits for, and what each message brings: the aspects of a case, by the kind of message.

A kind that is not listed waits for anything. It keeps the fold of many misfits from growing with their square.
"""

from __future__ import annotations

_LETTERS = frozenset({"letters"})
NEEDS: dict[str, frozenset[str]] = {
    "happened": frozenset(),
    "liaison_message": frozenset(),
    "fact_established": frozenset(),
    "history_lost": frozenset(),
    "case_linked": frozenset(),
    "case_unlinked": frozenset(),
    "linked_case_closed": frozenset(),
    "dispute_reported": frozenset(),
    "meeting_held": frozenset({"meetings"}),
    "letter_served": frozenset({"letters", "refusals"}),
    "service_refused": _LETTERS,
    "filed_upward": _LETTERS,
    "original_kept": _LETTERS,
    "countersigned": _LETTERS,
    "objection_raised": _LETTERS,
    "reply_received": _LETTERS,
    "plan_submitted": _LETTERS,
    "plan_checked": frozenset({"letters", "plans"}),
    "agency_changed": _LETTERS,
    "item_progressed": frozenset({"items"}),
    "promise_kept": frozenset({"promises"}),
    "inquiry_concluded": frozenset({"inquiry"}),
    "looked_back": frozenset({"closing"}),
}
BRINGS: dict[str, frozenset[str]] = {
    "draft_letter": _LETTERS,
    "upgrade_letter": _LETTERS,
    "issue_letter": _LETTERS,
    "withdraw_letter": _LETTERS,
    "letter_served": _LETTERS,
    "agency_changed": _LETTERS,
    "service_refused": frozenset({"refusals"}),
    "reply_received": frozenset({"promises", "plans"}),
    "plan_submitted": frozenset({"plans"}),
    "accept_plan": frozenset({"plans"}),
    "return_plan": frozenset({"plans"}),
    "plan_checked": frozenset({"plans"}),
    "add_item": frozenset({"items"}),
    "investigate": frozenset({"inquiry"}),
    "close_case": frozenset({"closing"}),
    "call_meeting": frozenset({"meetings"}),
    "cancel_meeting": frozenset({"meetings"}),
    "meeting_held": frozenset({"meetings"}),
}

ASPECTS = frozenset().union(*NEEDS.values(), *BRINGS.values())
