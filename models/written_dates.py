"""Dates as ledgers have them: “2021年7月3日”, “2021.7”, “2021年7月上旬”, “2021.7.9至7.11”, a date, a number.

Each is read in the precision it has (`models.dates.EventDate`). A year of two digits, and a day of which only Excel's serial
number is left, are refused: they could mean several days.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime

from models.dates import EventDate
from models.errors import InputError, Problem

_UNITS = re.compile(r"[年月日号]")
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
_THIRD = re.compile(r"(.+月)份?(上旬|中旬|下旬)")
_TIME = re.compile(r"[ T]+0{1,2}:00(:00)?(\.0+)?$")
_BETWEEN = re.compile(r"[至到~—–―]+")
_SEPARATED = re.compile(r"\d{4}(?:[-./]\d{1,2}){0,2}")
_REST = re.compile(r"\d{1,4}(?:[-./]\d{1,2}){0,2}")
_HOW = "写作 2021-07-03、2021年7月3日、2021年7月、2021，或者 2021年7月9日至11日"

Parts = tuple[int, ...]


def read_date(value: object) -> EventDate:
    """The date that a cell means; InputError for what is none."""
    if isinstance(value, datetime):
        return EventDate.on(value.date())
    if isinstance(value, date):
        return EventDate.on(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _not(value)
    if not isinstance(value, str):
        if value != int(value):
            raise _serial(value)
        value = str(int(value))
        if len(value) not in (4, 6, 8) or not 1900 <= int(value[:4]) <= 2200:
            raise _serial(value)
    return _read(value)


def read_day(value: object, what: str = "日期") -> date:
    """The day that a cell means; InputError where it is not known to the day."""
    on = read_date(value)
    if not on.is_day:
        raise InputError(Problem(f"{what}“{value}”没有写到日", "写到日，如 2021-07-03"))
    return on.earliest


def _read(written: str) -> EventDate:
    text = _TIME.sub("", unicodedata.normalize("NFKC", written).strip()).replace(" ", "")
    if third := _THIRD.fullmatch(text):
        parts = _parts(third[1], written)
        if len(parts) != 2:
            raise _not(written)
        month = _span(parts, written)
        first, last = _THIRDS[third[2]]
        return EventDate(
            month.earliest.replace(day=first), month.latest.replace(day=min(last, month.latest.day))
        )
    sides = _sides(text)
    begun = _parts(sides[0], written)
    if len(sides) == 1:
        return _span(begun, written)
    if len(sides) != 2:
        raise _not(written)
    return EventDate(
        _span(begun, written).earliest, _span(_completed(sides[1], begun, written), written).latest
    )


def _sides(text: str) -> list[str]:
    """The two ends of a span, or the one date."""
    if _BETWEEN.search(text):
        return _BETWEEN.split(text)
    for mark, others in (("/", "-年."), ("-", "/年.")):
        years = re.fullmatch(rf"\d{{4}}{mark}\d{{4}}", text)
        if text.count(mark) == 1 and (years or any(other in text for other in others)):
            return text.split(mark)
    return [text]


def _completed(text: str, begun: Parts, written: str) -> Parts:
    """The end of a span, which leaves out what it has in common with the beginning: “2021年7月9日至11日”."""
    units = _UNITS.findall(text)
    plain = _plain(text)
    if not _REST.fullmatch(plain):
        raise _not(written)
    given = tuple(int(part) for part in re.split(r"[-./]", plain))
    if re.match(r"\d{4}", plain):
        return _parts(text, written)
    missing = len(begun) - len(given)
    if "月" in units and "日" not in units and "号" not in units:
        missing = 1
    if missing < 1:
        raise _not(written)
    return begun[:missing] + given


def _parts(text: str, written: str) -> Parts:
    """Year, month and day, as far as they are given."""
    if text.isdecimal() and len(text) in (6, 8):
        text = "-".join(filter(None, (text[:4], text[4:6], text[6:])))
    plain = _plain(text)
    if not _SEPARATED.fullmatch(plain):
        raise _not(written)
    return tuple(int(part) for part in re.split(r"[-./]", plain))


def _plain(text: str) -> str:
    return (
        re.sub(r"月份", "月", text)
        .translate({ord("年"): "-", ord("月"): "-", ord("日"): "", ord("号"): ""})
        .rstrip("-")
    )


def _span(parts: Parts, written: str) -> EventDate:
    if len(parts) == 3:
        return EventDate.on(_day(written, parts[0], parts[1], parts[2]))
    if len(parts) == 2:
        first = _day(written, parts[0], parts[1], 1)
        return EventDate(first, first.replace(day=monthrange(first.year, first.month)[1]))
    return EventDate(_day(written, parts[0], 1, 1), _day(written, parts[0], 12, 31))


def _day(written: object, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InputError(Problem(f"“{written}”不是存在的日期", "请核对年、月、日")) from None


def _not(value: object) -> InputError:
    return InputError(Problem(f"“{value}”不是日期", _HOW))


def _serial(value: object) -> InputError:
    return InputError(
        Problem(f"“{value}”是数字，看不出是哪一天", "把单元格格式设为“日期”，或者照样写成 2021-07-03")
    )
