"""What a report reads of a case: its rows in the registry, of each kind of rows the columns that a figure asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from models.rows import Snapshot
from models.wire import Wire


class CaseLine(NamedTuple):
    """Of `rows.CaseRow`."""

    case: str
    kind: str
    title: str
    county: str
    county_name: str
    opened_on: date
    closed_on: date | None
    outcome: str


class LetterLine(NamedTuple):
    """Of `rows.LetterRow`."""

    letter: str
    type: str
    state: str
    issued_on: date | None
    substance: str


class DeadlineLine(NamedTuple):
    """Of `rows.DeadlineRow`."""

    key: str
    rule: str
    letter: str
    name: str
    due_on: date | None
    due_from: date | None
    due_to: date | None
    met_on: str
    days_late: int | None
    ended: str
    is_overdue: bool
    ledger: str = ""


class ItemLine(NamedTuple):
    """Of `rows.ItemRow`."""

    item: str
    kind: str
    state: str
    area_m2: float | None


class MeetingLine(NamedTuple):
    """Of `rows.MeetingRow`."""

    meeting: str
    form: str
    held_on: str


class FactLine(NamedTuple):
    """Of `rows.FactRow`, where it was applied: what was struck out, or waits to be sorted, is no fact."""

    id: str
    kind: str
    happened_on: str


@dataclass(frozen=True, slots=True)
class CaseLines:
    """All that a report reads of one case."""

    case: CaseLine
    letters: tuple[LetterLine, ...] = ()
    deadlines: tuple[DeadlineLine, ...] = ()
    items: tuple[ItemLine, ...] = ()
    meetings: tuple[MeetingLine, ...] = ()
    facts: tuple[FactLine, ...] = ()

    @classmethod
    def of(cls, snapshot: Snapshot) -> CaseLines:
        """Those of a snapshot, as the registry would give them."""
        applied = [each for each in snapshot.facts if each.how == APPLIED]
        return cls(
            case=_lines(CaseLine, [snapshot.case])[0],
            letters=_lines(LetterLine, snapshot.letters),
            deadlines=_lines(DeadlineLine, snapshot.deadlines),
            items=_lines(ItemLine, snapshot.items),
            meetings=_lines(MeetingLine, snapshot.meetings),
            facts=_lines(FactLine, applied),
        )


APPLIED = "applied"

_Line = TypeVar("_Line", CaseLine, LetterLine, DeadlineLine, ItemLine, MeetingLine, FactLine)


def _lines(line: type[_Line], rows: Iterable[Wire]) -> tuple[_Line, ...]:
    return tuple(line(*(getattr(row, name) for name in line._fields)) for row in rows)
