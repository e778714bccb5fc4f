"""The period of a report: a month, a quarter or a year, as it is written (2026-09, 2026-Q3, 2026) and as it is called."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from models.dates import EventDate
from models.errors import InputError, Problem
from models.exchanges import period_name

_WRITTEN = re.compile(r"(\d{4})(?:-(?:[Qq](\d{1,2})|(\d{1,2})))?", re.ASCII)
_EARLIEST = 1986
"""The year of the first 土地管理法: no fact of the field is older."""


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """From the first to the last day in China, both included; `text` is how it is written.

    `over` is the last of its days that was over when it was read: what falls due later cannot be judged yet.
    """

    text: str
    first: date
    last: date
    over: date

    @classmethod
    def parse(cls, text: str, today: date) -> ReportPeriod:
        """Read a period that has begun by `today`; InputError for anything else, and for one that lies ahead."""
        written = text.strip()
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise _wrong(f"“{written}”不是统计期间", "写作 2026-09、2026-Q3 或 2026")
        year, quarter, month = int(match[1]), match[2], match[3]
        if quarter and not 1 <= int(quarter) <= 4:
            raise _wrong(f"没有第{int(quarter)}季度", "季度写 Q1 到 Q4")
        if month and not 1 <= int(month) <= 12:
            raise _wrong(f"没有{int(month)}月", "月份写 01 到 12")
        if year < _EARLIEST:
            raise _wrong(f"{year}年过早", f"写{_EARLIEST}年以后的期间")
        begins, months = (int(quarter) * 3 - 2, 3) if quarter else (int(month), 1) if month else (1, 12)
        ends = begins + months - 1
        first, last = date(year, begins, 1), date(year, ends, monthrange(year, ends)[1])
        if first > today:
            raise _wrong(f"{period_name(first, last)}尚未开始", f"今天是{today}；写已经开始的期间")
        code = f"{year}-Q{int(quarter)}" if quarter else f"{year}-{int(month):02d}" if month else f"{year}"
        return cls(code, first, last, min(last, today - timedelta(days=1)))

    @property
    def name(self) -> str:
        """As people call it: 2026年第三季度."""
        return period_name(self.first, self.last)

    def holds(self, on: EventDate) -> bool:
        """Whether all of a span lies in it: what happened then surely happened in the period."""
        return self.first <= on.earliest and on.latest <= self.last

    def touches(self, on: EventDate) -> bool:
        """Whether a span has a day in it."""
        return on.earliest <= self.last and self.first <= on.latest


def _wrong(what: str, remedy: str) -> InputError:
    return InputError(Problem(what, remedy, field="期间"))
