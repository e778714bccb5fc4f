"""第二条 定期通报: the figures of a period that the two offices tell each other, by county, counted from the registry's rows.

Replies and copies belong to the period in which they fall due, so that each is counted once and when it can be judged. A reply
in time and one that put things right are two columns (a reply on time may be empty), and so are 抄送率 and 及时率. A rate
without a denominator is none (无), never 0 or 100 per cent. Days are days in China, first and last included.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from models.dates import EventDate
from models.document_types import DocumentType
from models.terms import CaseKind, Substance
from models.wire import Wire

CASEWORK = (
    CaseKind.URGING,
    CaseKind.ENFORCEMENT,
    CaseKind.CLUE,
    CaseKind.PUBLIC_INTEREST,
    CaseKind.COORDINATION,
    CaseKind.DISPUTE,
)
"""What counts as a case handled: supervision and enforcement, and not our meetings, studies and circulars."""

ASKING = tuple(each for each in DocumentType if each.asks_reply)
REPLIES = (
    "coop.reply",
    "jy.reply",
    "jy.reply_urgent",
    "pil.reply",
    "pil.reply_urgent",
    "ct.reply",
    "ct.retrial",
)
COPY = "coop.copy"

_OVER = ("已结案", "已归档", "已由")
"""How the reasons begin for which a period is looked after no more, though it stands that it was not met; a letter that was
withdrawn asked for nothing.
"""

ADOPTED = (Substance.PUT_RIGHT.value, Substance.PARTLY.value)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case that was opened or closed in the period."""

    county: str
    county_name: str
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that asks for a reply and was issued in the period."""

    county: str
    county_name: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """A period for a reply or for a copy that fell due in the period or before; `type` and `substance` are its letter's.
    `ledger` are its entries as JSON.
    """

    county: str
    county_name: str
    case: str
    rule: str
    due_on: date
    met_on: str
    days_late: int | None
    ended: str
    is_overdue: bool
    type: str = ""
    substance: str = ""
    ledger: str = ""

    @property
    def counts(self) -> bool:
        """Whether it ran to its end: met, or not stopped (withdrawn, closed) before."""
        return bool(self.met_on) or not self.ended or (self.ended.startswith(_OVER) and self._has_run_out)

    @property
    def _has_run_out(self) -> bool:
        """Whether it had been found to have run out when it was stopped; a due day that moved beyond that let it run again."""
        return '"expired"' in self.ledger and any(
            entry["kind"] == "expired" and date.fromisoformat(entry["on"]) > self.due_on
            for entry in json.loads(self.ledger)
        )

    def is_met_by(self, day: date) -> bool:
        """Whether it was met on that day at the latest."""
        return bool(self.met_on) and EventDate.parse(self.met_on).earliest <= day

    @property
    def is_in_time(self) -> bool:
        """Whether it is known to have been met in time."""
        return bool(self.met_on) and self.days_late is not None and self.days_late <= 0

    def is_overdue_at(self, day: date) -> bool:
        """Whether it stood overdue at the end of a day; what may still be in the mail is not."""
        if self.met_on:
            return not self.is_met_by(day) and self.days_late is not None and self.days_late > 0
        return not self.ended and self.is_overdue


@dataclass(frozen=True, slots=True)
class Lines:
    """What the registry has on a place and a period."""

    cases: Sequence[CaseLine] = ()
    letters: Sequence[LetterLine] = ()
    due: Sequence[DueLine] = ()


class Figures(Wire):
    """One county's figures, or their total. The labels are in `COLUMNS`."""

    county: str
    county_name: str
    opened: int = 0
    closed: int = 0
    overdue: int = 0
    letters: int = 0
    due: int = 0
    answered: int = 0
    on_time: int = 0
    put_right: int = 0
    suggestions: int = 0
    adopted: int = 0
    applications: int = 0
    copied: int = 0
    copied_in_time: int = 0

    @property
    def copy_rate(self) -> float | None:
        """抄送率: of the applications whose copy fell due, how many were copied; None where there is none."""
        return self.copied / self.applications if self.applications else None

    @property
    def timely_rate(self) -> float | None:
        """及时率: of the same applications, how many were copied within five working days; None where there is none."""
        return self.copied_in_time / self.applications if self.applications else None


COLUMNS: dict[str, str] = {
    "opened": "期内立案",
    "closed": "期内结案",
    "overdue": "期末逾期未复案件",
    "letters": "期内制发督促文书",
    "due": "期内届满的回复",
    "answered": "已回复",
    "on_time": "按期回复",
    "put_right": "整改到位",
    "suggestions": "其中检察建议",
    "adopted": "采纳",
    "applications": "期内应抄送的申请",
    "copied": "已抄送",
    "copied_in_time": "按期抄送",
}


def figures(lines: Lines, first: date, last: date) -> tuple[Figures, ...]:
    """The figures of each county of which there is anything, by code."""
    named: dict[str, str] = {}
    everything: list[CaseLine | LetterLine | DueLine] = [*lines.cases, *lines.letters, *lines.due]
    for line in everything:
        named.setdefault(line.county, line.county_name)
    return tuple(
        made
        for county, name in sorted(named.items())
        if any(
            (made := _of_county(county, name, lines, first, last)).model_dump(include=set(COLUMNS)).values()
        )
    )


def _of_county(county: str, name: str, lines: Lines, first: date, last: date) -> Figures:
    cases = _here(lines.cases, county)
    past = [each for each in _here(lines.due, county) if each.counts and each.due_on <= last]
    due = [each for each in past if each.due_on >= first]
    replies = [each for each in due if each.rule in REPLIES]
    suggestions = [each for each in replies if each.type and DocumentType(each.type).is_suggestion]
    copies = [each for each in due if each.rule == COPY]
    overdue = [each.case for each in past if each.rule in REPLIES and each.is_overdue_at(last)]
    return Figures(
        county=county,
        county_name=name,
        opened=_count(cases, lambda each: first <= each.opened_on <= last),
        closed=_count(cases, lambda each: each.closed_on is not None and first <= each.closed_on <= last),
        overdue=len(dict.fromkeys(overdue)),
        letters=len(_here(lines.letters, county)),
        due=len(replies),
        answered=_count(replies, lambda each: bool(each.met_on)),
        on_time=_count(replies, lambda each: each.is_in_time),
        put_right=_count(replies, lambda each: each.substance == Substance.PUT_RIGHT),
        suggestions=len(suggestions),
        adopted=_count(suggestions, lambda each: each.substance in ADOPTED),
        applications=len(copies),
        copied=_count(copies, lambda each: bool(each.met_on)),
        copied_in_time=_count(copies, lambda each: each.is_in_time),
    )


def total(counties: Sequence[Figures]) -> Figures:
    """All counties together."""
    sums = {name: sum(getattr(each, name) for each in counties) for name in COLUMNS}
    return Figures(county="", county_name="合计", **sums)


def rate(value: float | None) -> str:
    """A rate as it is written: 66.7%, or 无 without a denominator."""
    return "无" if value is None else f"{value:.1%}"


def sentence(figures: Figures) -> str:
    """One county's figures in a sentence of the circular."""
    said = "，".join(f"{label}{getattr(figures, name)}件" for name, label in COLUMNS.items())
    name = figures.county_name or figures.county
    return f"{name}：{said}，抄送率{rate(figures.copy_rate)}，及时率{rate(figures.timely_rate)}。"


_Line = TypeVar("_Line", CaseLine, LetterLine, DueLine)


def _here(lines: Sequence[_Line], county: str) -> list[_Line]:
    return [each for each in lines if each.county == county]


def _count(lines: Sequence[_Line], which: Callable[[_Line], bool]) -> int:
    return sum(map(which, lines))
