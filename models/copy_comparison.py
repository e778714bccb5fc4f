"""What was applied for, beside what was copied to us (第四条抄送): the bureau's or the court's full list of a quarter.

An application that was never copied would never be known here; so the list is the denominator. Pure: no clock, no registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.dates import EventDate
from models.terms import LabelledEnum


class CopyState(LabelledEnum):
    """What became of the copy of one listed application."""

    IN_TIME = "in_time", "及时抄送"
    LATE = "late", "迟延抄送"
    UNCERTAIN = "uncertain", "已抄送，是否及时不明"
    MISSING = "missing", "在册而未抄送"
    UNKNOWN = "unknown", "未抄送，不在册"


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list: whose application, to which court, on which day, in which county (行政区划码)."""

    number: str
    party: str
    court: str
    filed_on: date
    county: str


@dataclass(frozen=True, slots=True)
class Known:
    """One application that we know of, and the day on which its copy was sent, if it was.

    `due_on` is the last day for the copy; `words` hold whatever numbers the case knows it by.
    """

    case: str
    county: str
    parties: tuple[str, ...]
    filed_on: EventDate
    copied_on: EventDate | None
    due_on: date | None
    words: str = ""

    def state(self) -> CopyState:
        """Whether it was copied, and in time; what is not surely late is not called so."""
        if self.copied_on is None:
            return CopyState.MISSING
        if self.due_on is not None and self.copied_on.latest <= self.due_on:
            return CopyState.IN_TIME
        if self.due_on is not None and self.copied_on.earliest > self.due_on:
            return CopyState.LATE
        return CopyState.UNCERTAIN


@dataclass(frozen=True, slots=True)
class Line:
    """One listed application, and what is known of it here."""

    listed: Listed
    state: CopyState
    known: Known | None = None

    @property
    def note(self) -> str:
        """In what the list and the case differ."""
        if (
            self.known is None
            or self.known.filed_on.earliest <= self.listed.filed_on <= self.known.filed_on.latest
        ):
            return ""
        return f"在册申请日为{self.known.filed_on}"


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one county, or of all; the rates have the listed applications as their denominator."""

    county: str
    listed: int = 0
    in_time: int = 0
    late: int = 0
    uncertain: int = 0
    missing: int = 0
    unknown: int = 0

    @property
    def copied(self) -> int:
        return self.in_time + self.late + self.uncertain

    @property
    def copy_rate(self) -> float | None:
        """抄送率: copied of listed; None where nothing was listed."""
        return self.copied / self.listed if self.listed else None

    @property
    def timely_rate(self) -> float | None:
        """及时率: copied in time of listed; None where nothing was listed."""
        return self.in_time / self.listed if self.listed else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every listed application with its state, and what we know of the same time that the list leaves out."""

    lines: tuple[Line, ...]
    unlisted: tuple[Known, ...]

    def of(self, *states: CopyState) -> list[Line]:
        """The lines of these states."""
        return [line for line in self.lines if line.state in states]

    def total(self) -> Tally:
        """The counts of all counties."""
        return _tally("", self.lines)

    def by_county(self) -> list[Tally]:
        """The counts of each county that the list names, in the order of their codes."""
        counties = sorted({line.listed.county for line in self.lines})
        return [
            _tally(each, [line for line in self.lines if line.listed.county == each]) for each in counties
        ]


def compare(listed: Sequence[Listed], known: Sequence[Known], first: date, last: date) -> Comparison:
    """Each listed application is matched with at most one of ours: by its number, else by party and day, in its county.

    `first` and `last` are the days of the period: of these it is told what we know and the list does not name.
    """
    left = list(known)
    found: dict[int, Known] = {}
    for by in (_by_number, _by_party_and_day, _by_party):
        for place, row in enumerate(listed):
            if place in found:
                continue
            fitting = [each for each in left if each.county == row.county and by(row, each)]
            if len(fitting) == 1 or (fitting and by is not _by_party):
                found[place] = fitting[0]
                left.remove(fitting[0])
    lines = tuple(
        Line(row, found[place].state(), found[place]) if place in found else Line(row, CopyState.UNKNOWN)
        for place, row in enumerate(listed)
    )
    unlisted = tuple(
        each for each in left if each.filed_on.latest >= first and each.filed_on.earliest <= last
    )
    return Comparison(lines, unlisted)


def _by_number(row: Listed, known: Known) -> bool:
    return bool(row.number) and row.number in known.words


def _by_party_and_day(row: Listed, known: Known) -> bool:
    return row.party in known.parties and known.filed_on.earliest <= row.filed_on <= known.filed_on.latest


def _by_party(row: Listed, known: Known) -> bool:
    """The same party within a fortnight: one of the two days may be written wrongly."""
    near = min(abs((row.filed_on - day).days) for day in (known.filed_on.earliest, known.filed_on.latest))
    return row.party in known.parties and near <= 14


def _tally(county: str, lines: Iterable[Line]) -> Tally:
    states = [line.state for line in lines]
    return Tally(county, len(states), *(states.count(each) for each in CopyState))
