"""案件时间线: the periods of a case as lanes of those who are bound, drawn along one axis of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from models.dates import EventDate
from models.paper_parts import Frozen, Line, PaperFields, Required

_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
_MOST_TICKS = 7


class Period(Frozen):
    """One period: when it began, ends and was met, each in the precision in which it is known."""

    name: Line
    party: Line = ""
    started_on: EventDate
    due_on: date | None = None
    due_to: date | None = None
    """The latest day that its last day can be, where that is not known to the day."""
    met_on: EventDate | None = None
    standing: Line = ""
    is_late: bool = False

    @property
    def start(self) -> date:
        """The earliest day on which it began."""
        return self.started_on.earliest

    @property
    def last_day(self) -> date | None:
        """The day by which it ends."""
        return self.due_on or self.due_to

    @property
    def met(self) -> date | None:
        """The latest day on which it was met."""
        return self.met_on.latest if self.met_on else None


class Lane(Frozen):
    """The periods of the agency, of the court, of the procuratorate or of a party."""

    name: Line
    periods: tuple[Period, ...] = ()


class CaseTimeline(PaperFields):
    """案件时间线: an internal paper; each lane shows what was due when, and when it was met."""

    NAME = "案件时间线"
    REQUIRED = (*PaperFields.REQUIRED, Required("case_name", "案件名称"))

    type: Literal["case_timeline"] = "case_timeline"
    case_name: Line = ""
    lanes: tuple[Lane, ...] = ()

    @property
    def bounds(self) -> tuple[date, date]:
        """The first and the last day of the axis, whole months: all that happens lies between, and the day of the paper if one
        is overdue. Not asked of a case without periods.
        """
        days = [
            day
            for lane in self.lanes
            for period in lane.periods
            for day in (period.start, period.last_day, period.met)
            if day is not None
        ]
        is_overdue = any(each.is_late and each.met is None for lane in self.lanes for each in lane.periods)
        if self.dated and is_overdue:
            days.append(self.dated)
        return min(days).replace(day=1), _month_after(max(days), 1)

    def ticks(self) -> Iterator[date]:
        """The first days of months that stand at the axis."""
        first, last = self.bounds
        months = (last.year - first.year) * 12 + last.month - first.month
        step = next((each for each in _STEPS if months / each <= _MOST_TICKS), _STEPS[-1])
        return (_month_after(first, place) for place in range(0, months, step))


def _month_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
