"""What of a case waits for somebody, line by line: what lists and the page of the day are made of.

It follows from the rows of the case alone, and is written with them. Of what depends on the day it is asked for, a line says from
when or until when: nothing has to be written because a day has passed. But what a line says was judged when it was written: who
changes what waits, or a rule that tells it, adds a step to the migrations that fills the table again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Literal

from models.document_types import DocumentType
from models.enforcement.readings import APPLY, READINGS
from models.rows import FILED, CaseRow, DeadlineRow, FactRow, LetterRow
from models.rules import LOOK_BACK, all_rules
from models.terms import LetterState
from models.wire import Wire

Wait = Literal["overdue", "expiry", "due", "look_back", "unserved", "unassessed", "pending", "unmatched"]
"""A reply that is overdue; a period that leaves something undone once it has run out; one that runs; a look-back that is planned;
a letter that is out and not received; one whose reply waits for its assessment; a document to be approved or issued; an entry of
the journal that fits nothing in its case.
"""

NO_DAY = date.max
"""Where there is no day, that of the line comes after all others."""

_ASSESSED = {each.value for each in DocumentType if each.asks_reply}
_UNSERVED = {LetterState.ISSUED.value, LetterState.REFUSED_SERVICE.value}
_DRAFTS = {LetterState.DRAFTED.value, LetterState.APPROVED.value}
_UNMET = {"running", "expired"}
# The watches on what is not yet served: the letter itself stands in the lists.
_APART = {"local.service", "pil.serve", LOOK_BACK}


class WorkRow(Wire):
    """One line. `key` is that of the period, the letter or the entry, `day` a period's last one or that of a letter's issue;
    `on_desk` when it is still for whoever has the case: no period of a case that was filed away, no letter of one that is closed.
    """

    case: str
    what: Wait
    key: str
    day: date
    on_desk: bool
    county: str
    handler: str
    is_focus: bool


def worklist(
    case: CaseRow, letters: Sequence[LetterRow], deadlines: Sequence[DeadlineRow], facts: Sequence[FactRow]
) -> tuple[WorkRow, ...]:
    """What of a case waits: of its periods, letters and entries, in their order."""
    is_filed, is_closed = case.stage == FILED, case.closed_on is not None

    def line(what: Wait, key: str, day: date | None, *, on_desk: bool) -> WorkRow:
        return WorkRow.model_construct(
            case=case.case,
            what=what,
            key=key,
            day=day or NO_DAY,
            on_desk=on_desk,
            county=case.county,
            handler=case.handler,
            is_focus=case.is_focus,
        )

    return (
        *(
            line(what, row.key, last_day(row), on_desk=not is_filed)
            for row in deadlines
            for what in _of_deadline(row, deadlines)
        ),
        *(line(what, row.letter, row.issued_on, on_desk=not is_closed) for what, row in _of_letters(letters)),
        *(line("unmatched", row.id, None, on_desk=True) for row in facts if row.how == "unmatched"),
    )


def last_day(row: DeadlineRow) -> date | None:
    """The latest day that the due day can be: nobody is late before it has passed."""
    return row.due_on or row.due_to


def _of_deadline(row: DeadlineRow, deadlines: Sequence[DeadlineRow]) -> Iterator[Wait]:
    # Whether it has run out is judged by the day, also while no worker turns the clock.
    if row.ended or row.state not in _UNMET:
        return
    if row.is_overdue:
        yield "overdue"  # and not called run out besides
    elif row.rule in _late_rules() and not (row.rule == APPLY and _has_later_reading(row, deadlines)):
        yield "expiry"
    if row.rule == LOOK_BACK:
        yield "look_back"
    if row.state == "running" and row.rule not in _APART:
        yield "due"


def _of_letters(letters: Iterable[LetterRow]) -> Iterator[tuple[Wait, LetterRow]]:
    documents = set()
    for row in letters:
        if row.state in _UNSERVED and not row.served_on and not row.replaced_by:
            yield "unserved", row
        if row.state == LetterState.REPLIED.value and row.type in _ASSESSED:
            yield "unassessed", row
        if row.state in _DRAFTS and row.document not in documents:
            # A document to several recipients is approved and issued once.
            documents.add(row.document)
            yield "pending", row


@cache
def _late_rules() -> frozenset[str]:
    return frozenset(each.key for each in all_rules() if each.is_late_at_its_end and each.key not in _APART)


def _has_later_reading(window: DeadlineRow, deadlines: Iterable[DeadlineRow]) -> bool:
    """Whether the window to apply of one item of a penalty ends later, or has yet to open, by another reading (as `show` says
    “一说”). The keys of an item's periods begin with the item.
    """
    end = last_day(window)
    for other in deadlines:
        if other.ended:
            continue
        if other.rule == APPLY and other.party == window.party:
            later = last_day(other)
            if end is not None and later is not None and (later, other.key) > (end, window.key):
                return True
        is_of_item = window.key.startswith(other.key.removesuffix(other.rule))
        if other.rule in READINGS and other.state == "running" and is_of_item:
            return True
    return False
