"""What `mingjian calendar` shows: the editions, what was published, one year as a picture."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from models.calendar import EARLIEST_COUNTED, LATEST_START, MADE_UP, WEEKEND, Calendar, calendar, editions
from models.dates import CHINA
from models.errors import InputError, Problem
from models.publications import Publication
from starter.columns import fold, width
from starter.output import remark, say, say_json
from starter.site_years import edition_in_force, published_years


def tell_calendar(year: str, edition: str, *, as_json: bool) -> int:
    """The editions and publications; or one edition's years; or one year as a picture."""
    if not year and not edition:
        for name in editions():
            _tell_edition(calendar(name), as_json=as_json)
        if (own := edition_in_force()).name not in editions():
            _tell_edition(own, as_json=as_json)
        for publication in published_years():
            _tell_publication(publication, as_json=as_json)
        if not as_json:
            remark("\n一年的月历：mingjian calendar 2026；某一版本：--edition 名称")
        return 0
    chosen = calendar(edition) if edition else edition_in_force()
    if not year:
        _tell_edition(chosen, as_json=as_json)
        if not as_json:
            for file in chosen.years:
                notice = file.notice or file.source or "（chinesecalendar 软件包）"
                days = sum((last - first).days + 1 for first, last, _ in file.holidays)
                say(f"  {file.year}　放假 {days} 天，调休上班 {len(file.made_up)} 天　{notice}")
        return 0
    number = _year(year)
    if as_json:
        say_json(_year_as_json(chosen, number))
    else:
        show_year(chosen, number)
    return 0


def _tell_edition(edition: Calendar, *, as_json: bool) -> None:
    last = edition.years[-1]
    if as_json:
        years = [file.year for file in edition.years]
        say_json({"edition": edition.name, "years": years, "last_notice": last.notice})
    else:
        say(
            f"{edition.name}　{edition.years[0].year}—{last.year} 年　最后的通知：{last.notice or last.source}"
        )


def _tell_publication(publication: Publication, *, as_json: bool) -> None:
    year = publication.year
    if as_json:
        say_json(
            {
                "published": year.year,
                "number": publication.number,
                "at": publication.at.isoformat(timespec="seconds"),
                "by": publication.by,
                "reason": publication.reason,
                "arrangement": year.digest(),
            }
        )
        return
    for line in fold(f"第 {publication.number} 次公布　{announced(publication)}", 80):
        say(line)


def announced(publication: Publication) -> str:
    """Which year, when, by whom, why."""
    year, at = publication.year, publication.at.astimezone(CHINA)
    return f"{year.year} 年（{year.digest()}）　{at:%Y-%m-%d %H:%M}　{publication.by}　{publication.reason}"


def _year(text: str) -> int:
    first, last = EARLIEST_COUNTED.year, LATEST_START.year
    if not (text.isdecimal() and len(text) == 4 and first <= int(text) <= last):
        raise InputError(Problem(f"“{text}”不是年份", f"写作 2026，在 {first} 至 {last} 之间", field="YEAR"))
    return int(text)


def _days(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _year_as_json(edition: Calendar, year: int) -> dict[str, Any]:
    days = [day for month in range(1, 13) for day in _days(year, month)]
    return {
        "edition": edition.name,
        "year": year,
        "published": edition.knows(date(year, 1, 1)),
        "notice": edition.notice_of(year),
        "holidays": {
            day.isoformat(): name
            for day in days
            if (name := edition.name_of(day)) and name not in (WEEKEND, MADE_UP)
        },
        "made_up": [day.isoformat() for day in days if edition.name_of(day) == MADE_UP],
        "working_days": sum(edition.is_working(day) for day in days),
    }


def show_year(edition: Calendar, year: int) -> None:
    """A year as a picture: six rows of two months."""
    known = edition.knows(date(year, 1, 1))
    notice = edition.notice_of(year)
    said = notice or ("" if known else _unknown(edition, year))
    say("　".join(part for part in (f"{year} 年", f"日历 {edition.name}", said) if part))
    say("休：放假　班：调休上班　括号：周末")
    for quarter in range(1, 13, 2):
        say()
        pair = [_month(edition, year, month) for month in (quarter, quarter + 1)]
        for place in range(max(map(len, pair))):
            left, right = (each[place] if place < len(each) else "" for each in pair)
            say(f"{left}{' ' * (40 - width(left))}{right}".rstrip())


def _unknown(edition: Calendar, year: int) -> str:
    why = "未收录该年的放假安排" if year < edition.years[-1].year else "放假通知尚未公布"
    return f"{why}，只列固定日期的假日，期限暂定"


def _month(edition: Calendar, year: int, month: int) -> list[str]:
    lines = [f"{month} 月", "".join(f"{name}   " for name in "一二三四五六日")]
    week = "     " * date(year, month, 1).weekday()
    for day in _days(year, month):
        week += _cell(edition, day)
        if day.weekday() == 6:
            lines.append(week)
            week = ""
    return [*lines, week] if week else lines


def _cell(edition: Calendar, day: date) -> str:
    name = edition.name_of(day)
    if name == WEEKEND:
        return f"({day.day}){' ' * (3 - len(str(day.day)))}"
    mark = "班" if name == MADE_UP else "休" if name else "  "
    return f"{day.day:>2}{mark} "
