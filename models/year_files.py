"""One year's holiday arrangement, as a notice of the State Council states it and as staff may write it down.

    year = 2027
    notice = "国办发明电〔2026〕×号"       # may be left out, never invented
    issued_on = 2026-11-04                 # may be left out
    source = "国务院办公厅关于2027年部分节假日安排的通知"
    holidays = [ { from = 2027-01-01, to = 2027-01-03, name = "元旦" }, … ]
    made_up = [ 2027-01-09, … ]            # 调休上班: Saturdays and Sundays that are worked

A file states its whole year, and may rule on December of the year before.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from models.errors import InputError, Problem

_FIELDS = ("year", "notice", "issued_on", "source", "holidays", "made_up")
_HOLIDAY_FIELDS = ("from", "to", "name")
# 全国年节及纪念日放假办法: a file without these has been cut short, or is not a whole year.
_ALWAYS = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节"))
_YEARS = range(1990, 2101)
# A whole year takes a thousand bytes.
_MOST_BYTES = 256 * 1024
_AS_SHOWN = "请按年度日历文件的样式书写，见 mingjian calendar publish --template"


@dataclass(frozen=True, slots=True)
class YearFile:
    """What is known of one year: its holidays (first day, last day, name) and its made-up weekends."""

    year: int
    holidays: tuple[tuple[date, date, str], ...]
    made_up: tuple[date, ...]
    notice: str = ""
    source: str = ""
    issued_on: date | None = None

    def digest(self) -> str:
        """Eight hexadecimal digits that name the arrangement by its content."""
        from hashlib import sha256

        lines = [str(self.year), self.notice]
        lines += sorted(f"{first} {last} {name}" for first, last, name in self.holidays)
        lines += sorted(map(str, self.made_up))
        return sha256("\n".join(lines).encode()).hexdigest()[:8]


def load_year(path: Path) -> YearFile:
    """Read one year file; raise InputError with all its problems."""
    return read_year(text_of(path), file=path.name)


def text_of(path: Path, what: str = "日历文件", as_shown: str = _AS_SHOWN) -> str:
    """The text of a year file, or `what` else staff write in the same way, without a byte order mark; InputError for none."""
    file = str(path)
    try:
        content = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None
    except FileNotFoundError:
        raise InputError(Problem(f"找不到这个{what}", remedy="请核对路径", file=file)) from None
    except OSError as error:
        found = "是文件夹" if path.is_dir() else f"读不出来（{type(error).__name__}）"
        raise InputError(Problem(f"这个{what}{found}", remedy="请核对路径和权限", file=file)) from None
    if content is None:
        raise InputError(Problem(f"文件太大，不是{what}", remedy=as_shown, file=file))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(Problem(f"这是表格或者文档（改了扩展名），不是{what}", remedy=as_shown, file=file))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        remedy = "用文本编辑器另存为 UTF-8 编码（UTF-16、GBK 都不行）"
        raise InputError(Problem("文件不是 UTF-8 文本", remedy=remedy, file=file)) from None


def read_year(text: str, *, file: str = "") -> YearFile:
    """Read the text of a year file; raise InputError with all its problems."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_unreadable(text, error, file)) from None
    reader = _Reader(file)
    year_file = reader.read(table)
    if reader.problems:
        raise InputError(reader.problems)
    return year_file


def _unreadable(text: str, error: tomllib.TOMLDecodeError, file: str) -> Problem:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if "=" not in first and any(mark in first for mark in (",", "，", ";", "\t")):
        return Problem("这是 CSV 表格，不是年度日历文件", remedy=_AS_SHOWN, file=file)
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    row, where = (int(place[1]), f"第 {place[2]} 列") if place else (None, "文件末尾")
    if "overwrite" in str(error) or "twice" in str(error):
        return Problem(f"{where}：同一个字段写了两次", remedy="只留一个", row=row, file=file)
    return Problem(f"不是有效的 TOML：{where}写法不对", remedy=_AS_SHOWN, row=row, file=file)


class _Reader:
    """Reads one table and gathers what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, what: str, remedy: str, field: str) -> None:
        self.problems.append(Problem(what, remedy=remedy, field=field, file=self.file))

    def read(self, table: dict[str, Any]) -> YearFile:
        for key in table.keys() - set(_FIELDS):
            self.wrong("不认识的字段", f"可用字段：{'、'.join(_FIELDS)}", key)
        year = table.get("year")
        if type(year) is not int or year not in _YEARS:
            self.wrong("年份缺失或者不在 1990—2100 之间", "写作 year = 2027", "year")
            year = 0
        holidays = self._holidays(table.get("holidays"), year)
        made_up = self._made_up(table.get("made_up", []), year)
        self._consistent(holidays, made_up)
        if year and not self.problems:
            self._complete(holidays, year)
        issued_on = table.get("issued_on")
        if issued_on is not None and not _is_day(issued_on):
            self.wrong("不是日期", "写作 issued_on = 2026-11-04，不带引号", "issued_on")
            issued_on = None
        return YearFile(
            year=year,
            holidays=tuple(sorted(holidays)),
            made_up=tuple(sorted(set(made_up))),
            notice=self._text(table, "notice", required=False),
            source=self._text(table, "source", required=True),
            issued_on=issued_on,
        )

    def _text(self, table: dict[str, Any], key: str, *, required: bool) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            self.wrong("应为文字" if value else "没有填写", "写明通知的名称", key)
            return ""
        return value.strip()

    def _holidays(self, value: Any, year: int) -> list[tuple[date, date, str]]:
        if not isinstance(value, list) or not value:
            self.wrong(
                "没有列出节假日", '写作 { from = 2027-01-01, to = 2027-01-03, name = "元旦" }', "holidays"
            )
            return []
        holidays = []
        for number, item in enumerate(value, start=1):
            place = f"holidays 第 {number} 项"
            if not isinstance(item, dict) or item.keys() != set(_HOLIDAY_FIELDS):
                self.wrong("应恰有 from、to、name 三个字段", "请补全或者改正字段名", place)
                continue
            first, last, name = item["from"], item["to"], item["name"]
            if not (_is_day(first) and _is_day(last)):
                self.wrong("from 和 to 应为日期", "写作 2027-01-01，不带引号", place)
                continue
            if not isinstance(name, str) or not name.strip():
                self.wrong("没有写节日名称", '写作 name = "春节"', place)
                continue
            if last < first:
                self.wrong(f"区间颠倒：{first} 晚于 {last}", "较早的日期写在 from", place)
                continue
            if self._in_reach(first, year, place) and self._in_reach(last, year, place):
                holidays.append((first, last, name.strip()))
        return holidays

    def _made_up(self, value: Any, year: int) -> list[date]:
        if not isinstance(value, list):
            self.wrong("应为日期的列表", "写作 made_up = [2027-01-09]", "made_up")
            return []
        days = []
        for number, day in enumerate(value, start=1):
            place = f"made_up 第 {number} 项"
            if not _is_day(day):
                self.wrong("不是日期", "写作 2027-01-09，不带引号", place)
            elif day.weekday() < 5:
                self.wrong(
                    f"{day} 是{_WEEKDAYS[day.weekday()]}，调休上班日只能是周六或者周日", "请核对通知", place
                )
            elif self._in_reach(day, year, place):
                days.append(day)
        return days

    def _in_reach(self, day: date, year: int, place: str) -> bool:
        """A file may rule on its own year and on December of the year before."""
        if not year:
            return False
        if day.year == year or (day.year == year - 1 and day.month == 12):
            return True
        self.wrong(f"{day} 不属于 {year} 年，也不在上一年 12 月", "请核对年份", place)
        return False

    def _consistent(self, holidays: list[tuple[date, date, str]], made_up: list[date]) -> None:
        off: dict[date, str] = {}
        for first, last, name in holidays:
            for day in (first + timedelta(n) for n in range((last - first).days + 1)):
                if day in off:
                    self.wrong(f"{day} 列了两次（{off[day]}、{name}）", "一天只列一次", "holidays")
                off[day] = name
        for day in sorted({day for day in made_up if made_up.count(day) > 1}):
            self.wrong(f"{day} 列了两次", "一天只列一次", "made_up")
        for day in sorted(set(made_up) & off.keys()):
            self.wrong(f"{day} 既是{off[day]}假期又是调休上班日", "请核对通知", "made_up")

    def _complete(self, holidays: list[tuple[date, date, str]], year: int) -> None:
        for month, day_of_month, name in _ALWAYS:
            if not any(first <= date(year, month, day_of_month) <= last for first, last, _ in holidays):
                self.wrong(
                    f"缺 {year} 年 {month} 月 {day_of_month} 日（{name}，法定休假日）",
                    "年度日历文件要写全一整年",
                    "holidays",
                )


_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
