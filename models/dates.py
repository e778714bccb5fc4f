"""Dates of their own precision: a day, a month, a year, or a range; nobody is forced to invent a day.

Written as in ISO 8601-2 (EDTF, level 0): `2021-09-15`, `2021-09`, `2021`, `2021-07-09/2021-07-11`. All days are days in China
(UTC+8, no summer time), and a day ends at 24:00.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

from models.errors import InputError, Problem

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

_PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class EventDate:
    """When something happened: no earlier than `earliest`, no later than `latest`, both days included.

    Compare with `is_day`; `str()` gives the shortest text that means the same span.
    """

    earliest: date
    latest: date

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise InputError(
                Problem(
                    f"日期区间颠倒：{self.earliest} 晚于 {self.latest}",
                    remedy="较早的日期写在“/”前面",
                )
            )

    @property
    def is_day(self) -> bool:
        """Whether the day is known."""
        return self.earliest == self.latest

    @classmethod
    def on(cls, day: date) -> EventDate:
        """The date of a known day."""
        return cls(day, day)

    @classmethod
    def parse(cls, text: str, *, field: str = "") -> EventDate:
        """Read `2021-09-15`, `2021-09`, `2021` or `A/B`; raise InputError for anything else."""
        first, slash, last = str(text).strip().partition("/")
        begin = _span(first, text, field)
        end = _span(last, text, field) if slash else begin
        return cls(begin[0], end[1])

    def __str__(self) -> str:
        first, last = self.earliest, self.latest
        if first == last:
            return first.isoformat()
        if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
            if (first.year, first.month) == (last.year, last.month):
                return f"{first.year:04d}-{first.month:02d}"
            if first.month == 1 and last.month == 12 and first.year == last.year:
                return f"{first.year:04d}"
        return f"{first.isoformat()}/{last.isoformat()}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """On the wire a date is its text."""
        from pydantic_core import core_schema

        def read(value: Any) -> EventDate:
            if isinstance(value, EventDate):
                return value
            if isinstance(value, datetime):
                raise ValueError("应为日期，不带时刻")
            if isinstance(value, date):
                return cls.on(value)
            try:
                return cls.parse(str(value))
            except InputError as error:
                raise ValueError(str(error)) from None

        return core_schema.no_info_plain_validator_function(
            read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                str, return_schema=core_schema.str_schema()
            ),
            json_schema_input_schema=core_schema.str_schema(),
        )


def _span(text: str, whole: str, field: str) -> tuple[date, date]:
    match = _PART.fullmatch(text.strip())
    if match is None:
        raise InputError(
            Problem(
                f"“{whole}”不是日期",
                remedy="写作 2021-09-15、2021-09、2021，或区间 2021-07-09/2021-07-11",
                field=field,
            )
        )
    year, month, day = int(match[1]), match[2], match[3]
    try:
        if day:
            exact = date(year, int(month), int(day))
            return exact, exact
        if month:
            first = date(year, int(month), 1)
            return first, date(year, int(month), monthrange(year, int(month))[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        raise InputError(
            Problem(f"“{whole}”不是存在的日期", remedy="请核对年、月、日", field=field)
        ) from None


def future(on: EventDate, today: date) -> list[Problem]:
    """A fact cannot lie ahead of the day it is recorded on; one known to the month or year may reach to its end."""
    if on.earliest > today or on.latest.year > today.year:
        return [Problem(f"日期 {on} 在将来", "请核对日期", "on")]
    return []


def day_in_china(moment: datetime) -> date:
    """The calendar day in China at an aware moment."""
    return moment.astimezone(CHINA).date()


def day_end(day: date) -> datetime:
    """24:00 of a day in China, as a UTC moment ([民典]203)."""
    return at_hour(day + timedelta(days=1), 0)


def at_hour(day: date, hour: int) -> datetime:
    """That hour of a day in China, as a UTC moment."""
    return datetime.combine(day, time(hour), CHINA).astimezone(UTC)
