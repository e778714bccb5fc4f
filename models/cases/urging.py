"""第三条 自然资源行政执法督促: what an urging case knows, and where it stands.

告知函, 检察建议 and 类案检察建议, each with its own duties; replies assessed, plans tracked, items put right; closed with a real
outcome, looked back upon, and filed away.
"""

from __future__ import annotations

from datetime import date

from models.casefile import CaseFile
from models.dates import EventDate, future
from models.decisions import AcceptClue, Escalate, Investigate, IssueLetter, UpgradeLetter
from models.document_types import DocumentType
from models.errors import Problem
from models.facts import InquiryConcluded
from models.journal import Route
from models.ladder import Ladder
from models.letters import Letter
from models.said.links import OpenLinked
from models.said.public_interest import PublicInterestTerms
from models.said.terms import Terms
from models.stages import UrgingStage
from models.terms import CaseKind, EscalationRung, ItemState, Outcome, Relation, Substance

INQUIRY = "case/jy.investigate"

_HONEST = ("补录验收依据，或选择真实的结果", "outcome")


class UrgingFile(CaseFile):
    """An urging case as its journal has made it."""

    DOCUMENTS = (
        DocumentType.NOTIFICATION_LETTER,
        DocumentType.SUGGESTION,
        DocumentType.CLASS_SUGGESTION,
        DocumentType.PRE_SUIT_SUGGESTION,
        DocumentType.COURT_SUGGESTION,
        DocumentType.FILING_REPORT,
        DocumentType.EVIDENCE_NOTICE,
    )
    OUTCOMES = (
        Outcome.RECTIFIED,
        Outcome.PARTLY_RECTIFIED,
        Outcome.LEGALISED,
        Outcome.SETTLED,
        Outcome.OFFSITE_REPLANTING,
        Outcome.SUBSTITUTE_PERFORMANCE,
        Outcome.CONFISCATED,
        Outcome.HANDOVER_RETURNED,
        Outcome.ENFORCED,
        Outcome.NOT_ACCEPTED,
        Outcome.CONVERTED_TO_PIL,
        Outcome.SUIT_WITHDRAWN,
        Outcome.LITIGATION_CLOSED,
        Outcome.JUDGMENT,
        Outcome.ESCALATED,
        Outcome.TRANSFERRED,
        Outcome.MERGED,
        Outcome.WITHDRAWN,
        Outcome.TERMINATED,
        Outcome.NO_ILLEGALITY,
        Outcome.ENFORCEMENT_SUPPORTED,
        Outcome.UNIT_URGED,
    )
    RULES = (
        "jy.investigate",
        "coop.reply",
        "jy.reply",
        "jy.reply_urgent",
        "jy.objection",
        "jy.file_up",
        "coop.plan",
        "local.plan_check",
        "pil.serve",
        "pil.reply",
        "pil.reply_urgent",
        "pil.file_up",
        "pil.prosecute",
        "ct.reply",
        "sup.court_query",
    )

    def own_routes(self) -> dict[str, Route]:
        self.accepted = False
        self.inquiry: EventDate | None = None
        self.ladder = Ladder(self.correspondence, self.drafting)
        post, ladder = self.correspondence, self.ladder
        return {
            "accept_clue": Route(self._check_accept, self._take_accept),
            "investigate": Route(self._check_investigate, self._take_investigate),
            "inquiry_concluded": Route(self._check_concluded, self._take_concluded, after_closing=True),
            "urge": Route(ladder.check_urge, ladder.take_urge, ladder.door_urge),
            "escalate": Route(post.check_letter, ladder.take_escalate, self._door_escalate),
            "upgrade_letter": Route(ladder.check_upgrade, ladder.take_upgrade, self._door_upgrade),
        }

    # where it stands

    @property
    def stage(self) -> UrgingStage:
        """The stage as law.md's names have it: what most needs doing decides among letters that run side by side."""
        if self.is_closed:
            if self.is_looked_back:
                return UrgingStage.ARCHIVED
            return UrgingStage.REVISIT if self.ending.look_backs else UrgingStage.CLOSED
        live = self.letters.asking()
        if not live:
            return self._stage_before_issue()
        if any(letter.open_objection for letter in live):
            return UrgingStage.OBJECTION_REVIEW
        overdue = [letter for letter in live if letter.id in self.overdue_letters]
        if overdue:
            return _risen(overdue) if all(letter.rungs for letter in overdue) else UrgingStage.OVERDUE_URGING
        if any(letter.unassessed for letter in live):
            return UrgingStage.REPLY_REVIEW
        if any(letter.awaits_new_service for letter in live):
            return UrgingStage.AMENDED
        if any(letter.service is None and not letter.replies for letter in live):
            tried = any(letter.service or letter.refused_on for letter in live)
            return UrgingStage.SERVING if tried else UrgingStage.ISSUED
        waiting = [letter for letter in live if not letter.replies]
        if waiting:
            return _risen(waiting) if all(letter.rungs for letter in waiting) else UrgingStage.AWAITING_REPLY
        if any(letter.plan_accepted for letter in live) and not self.is_put_right:
            return UrgingStage.PLAN_TRACKING
        if any(letter.rungs for letter in live):
            return _risen(live)
        return UrgingStage.ASSESSING

    def _stage_before_issue(self) -> UrgingStage:
        if self.letters.pending():
            return UrgingStage.PENDING_APPROVAL
        if any(letter.withdrawn for letter in self.letters):
            return UrgingStage.WITHDRAWN
        if self.inquiry:
            return UrgingStage.INVESTIGATING
        return UrgingStage.ACCEPTED if self.accepted else UrgingStage.CLUE_REGISTERED

    @property
    def is_put_right(self) -> bool:
        """Whether every item, and the last assessed reply of every live letter, is put right; and there is one to say so.

        Where items that are done show it, a letter that was never answered does not stand against it: silence is a thing of
        its own. An item that was dropped shows nothing.
        """
        done = self._has_done_items
        replies = [
            letter.last_substance is Substance.PUT_RIGHT or (not letter.replies and done)
            for letter in self.letters.asking()
        ]
        return (done or bool(replies)) and not self.putting_right.open_items and all(replies)

    @property
    def _has_done_items(self) -> bool:
        return any(item.state is ItemState.DONE for item in self.items.values())

    def terms_for(self, decision: OpenLinked) -> Terms | None:
        """A public-interest case that is opened from this one is told whose failure to act it is about."""
        if decision.into is not CaseKind.PUBLIC_INTEREST:
            return None
        agencies = dict.fromkeys(
            each.recipient.name for each in self.letters.asking() if not each.recipient.is_court
        )
        harm = next((each.text.harm for each in self.letters.asking() if each.text.harm), "")
        return PublicInterestTerms(agencies=tuple(agencies), harm=harm[:2000])

    @property
    def is_opened(self) -> bool:
        """Whether the first letter has gone out, or the case has ended without one."""
        return bool(self.letters.asking()) or self.is_closed

    @property
    def is_answered(self) -> bool:
        """Whether no live letter still waits for its reply."""
        live = self.letters.asking()
        return self.is_closed or (bool(live) and all(letter.replies for letter in live))

    # clue and inquiry

    def _check_accept(self, decision: AcceptClue, today: date) -> list[Problem]:
        return [Problem("线索已受理", "不必重复受理", "kind")] if self.accepted else []

    def _take_accept(self, decision: AcceptClue, today: date) -> str:
        self.accepted = True
        return f"线索由{decision.by.name}受理"

    def _check_investigate(self, decision: Investigate, today: date) -> list[Problem]:
        return [Problem("已决定调查核实", "不必重复决定", "kind")] if self.inquiry else []

    def _take_investigate(self, decision: Investigate, today: date) -> str:
        self.accepted, self.inquiry = True, EventDate.on(decision.on or today)
        self.deadlines.start("jy.investigate", self.inquiry, decision.id)
        return f"{self.inquiry}决定调查核实，一般应当在二个月内完成（[建议]15）"

    def _check_concluded(self, fact: InquiryConcluded, today: date) -> list[Problem]:
        if self.inquiry is None:
            return [Problem("尚未决定调查核实", "先作出 investigate 决定", "kind")]
        return future(fact.on, today)

    def _take_concluded(self, fact: InquiryConcluded, today: date) -> str:
        self.deadlines.meet(INQUIRY, fact.on, fact.id)
        return f"{fact.on}调查核实终结"

    def take_issue(self, decision: IssueLetter, today: date) -> str:
        """The first document that goes out ends the inquiry."""
        sentence = super().take_issue(decision, today)
        self.deadlines.meet(INQUIRY, EventDate.on(decision.on or today), decision.id)
        return sentence

    # when it fails

    def _door_escalate(self, decision: Escalate, today: date) -> list[Problem]:
        return self.ladder.door_escalate(decision, self.overdue_letters, self.lapsed_letters, today)

    def _door_upgrade(self, decision: UpgradeLetter, today: date) -> list[Problem]:
        return self.ladder.door_upgrade(decision, self.overdue_letters)

    # the end

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        """The outcome must be what the journal shows."""
        problems, live = [], self.letters.asking()
        if outcome is Outcome.RECTIFIED and not self.is_put_right:
            problems.append(Problem(f"尚未整改到位，不能以“整改到位”结案；{self._undone}", *_HONEST))
        rungs = [rung for letter in self.letters for rung in letter.rungs]
        if outcome is Outcome.ESCALATED and not rungs:
            problems.append(Problem("尚未逐级报告、通报", "先作出决定（escalate）", "outcome"))
        if outcome is Outcome.WITHDRAWN and (live or not any(each.withdrawn_on for each in self.letters)):
            problems.append(Problem("文书尚未全部撤回", "先撤回（withdraw_letter）", "outcome"))
        if (
            outcome is Outcome.CONVERTED_TO_PIL
            and EscalationRung.PUBLIC_INTEREST_LITIGATION not in rungs
            and not any(letter.type is DocumentType.PRE_SUIT_SUGGESTION for letter in self.letters)
            and not self.links.standing(Relation.CONVERTED_INTO)
        ):
            remedy = "先作出提起公益诉讼的决定（escalate），或另立公益诉讼案件（open_linked）"
            problems.append(Problem("尚未决定转公益诉讼", remedy, "outcome"))
        moved = self.links.standing(Relation.TRANSFERRED_TO) or self.letters.of_type(
            DocumentType.TRANSFER_LETTER
        )
        if outcome is Outcome.TRANSFERRED and not moved:
            remedy = "先制发移送函，或关联、另立移送后的案件"
            problems.append(Problem("尚未移送其他检察院", remedy, "outcome"))
        if outcome is Outcome.ENFORCEMENT_SUPPORTED and not self._has_done_items:
            problems.append(Problem("没有已完成的事项，不能认定协助执行到位", *_HONEST))
        if outcome is Outcome.UNIT_URGED and not any(
            letter.last_substance is Substance.PUT_RIGHT and not letter.recipient.is_bound for letter in live
        ):
            problems.append(Problem("没有其他单位经督促依法履职的评估", *_HONEST))
        return problems

    @property
    def _undone(self) -> str:
        """What stands against calling the case put right."""
        undone = [each.lacking for each in self.putting_right.open_items]
        if undone:
            return f"未完成事项：{'、'.join(undone)}"
        if self.letters.asking():
            return "回复未评估为“采纳并整改”"
        return "没有整改事项，也没有评估过的回复"


def _risen(letters: list[Letter]) -> UrgingStage:
    """How far up letters have been taken ([建议]25)."""
    rungs = [rung for letter in letters for rung in letter.rungs]
    if EscalationRung.PUBLIC_INTEREST_LITIGATION in rungs:
        return UrgingStage.CONVERTED_TO_PIL
    return UrgingStage.ESCALATED
