"""Cases that are entered after the fact (补录): of what had passed before its entry, nobody is told."""

from __future__ import annotations

from datetime import datetime

from models.casefile import CaseFile
from models.dates import day_end
from models.messages import FellDue, Reminded
from models.said.bases import DecisionBase, FactBase


def had_passed(case: CaseFile, tick: Reminded | FellDue) -> bool:
    """Whether the moment lay before the entry of its case, as far as the backlog tells: it is entered, and nobody is told.

    A period that something said since has begun is news, however long ago it ended.
    """
    if not case.opening.backlog or _begun_since(case, tick.deadline):
        return False
    return _moment(case, tick) <= case.entries[0].at


def _moment(case: CaseFile, tick: Reminded | FellDue) -> datetime:
    counted = case.deadlines.counted[tick.deadline]
    if isinstance(tick, Reminded):
        ahead = (each.at for each in counted.reminders if each.days_before == tick.days_before)
        return next(ahead, day_end(tick.due_on))
    is_of_this_end = tick.final and counted.last_day == tick.due_on
    return (counted.overdue_at if is_of_this_end else None) or day_end(tick.due_on)


def _begun_since(case: CaseFile, key: str) -> bool:
    deadline = case.deadlines.by_key.get(key)
    starts = (
        [each.by for each in deadline.entries if each.kind in ("started", "corrected")] if deadline else []
    )
    if not starts or starts[-1] in {each.id for each in case.opening.brought}:
        return False
    message = case.standing.get(starts[-1])
    return isinstance(message, FactBase | DecisionBase)
