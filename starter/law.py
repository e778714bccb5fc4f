"""What `due`, `rules` and `calendar` print. Nothing here reaches a server, a database or a setting."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from models.calendar import EARLIEST_COUNTED, LATEST_START, MADE_UP, WEEKEND, Calendar, calendar, editions
from models.errors import InputError, Problem
from models.homes import may_have_calendars
from models.rules import OWNERS, STATED_BY, UNITS, Extension, Rule, all_rules, rule
from starter.columns import fold, width
from starter.due import DueAnswer, due_lines
from starter.output import remark, say, say_json

_SOURCE_OF_LOCAL_AMOUNT = "义务出自协作意见（明检会〔2021〕5号）本身，天数属本地约定"
_SECTIONS = {
    "founding_document": "协作意见（明检会〔2021〕5号）",
    "suggestions": "检察建议",
    "public_interest": "公益诉讼",
    "non_litigation_enforcement": "行政非诉执行",
    "court_supervision": "对法院的监督",
    "cooperation_and_files": "协作与案卷",
    "local": "本地约定",
}


def edition_in_force() -> Calendar:
    """The latest shipped edition with the site's own year files over it, as its cases are counted by."""
    if not may_have_calendars():
        return calendar()
    from activities.calendars import site_edition
    from models.settings import load_settings

    return site_edition(load_settings().calendar_folder)


def tell_due(rule_key: str, dates: Sequence[str], edition: str, as_json: bool) -> int:
    """Answer each date in the order given."""
    answers = due_lines(rule_key, list(dates), edition or None, edition_in_force)
    if as_json:
        for answer in answers:
            say_json(answer.to_json())
        return 0
    law = rule(rule_key)
    for line in fold(f"{law.key}　{law.name}（{law.basis}）　日历 {answers[0].edition}", 80):
        say(line)
    for answer in answers:
        say()
        start = f"{answer.started_on} {'倒数' if law.direction == 'before' else '起算'}"
        say(f"{start} → {_due(answer, law)}")
        for sentence in answer.explanation:
            first, *rest = fold(sentence, 74)
            say(f"  · {first}")
            for line in rest:
                say(f"    {line}")
    return 0


def _due(answer: DueAnswer, law: Rule) -> str:
    if answer.due_on:
        text = f"最迟 {answer.due_on}" if law.direction == "before" else f"{answer.due_on} 届满"
    elif answer.due_from and answer.due_to:
        text = f"{answer.due_from} 至 {answer.due_to} 之间届满（起算日不确知）"
    else:
        text = law.length_of(law.versions[-1])
    text += "，暂定" if answer.provisional else ""
    if answer.in_force:
        return text
    return f"{text}，{'部分日期起算时' if answer.ever_in_force else '起算时'}尚无有效的文本"


def tell_rules(key: str, *, as_json: bool) -> int:
    """All rules, or one with its versions."""
    if key:
        law = rule(key)
        if as_json:
            say_json(_as_json(law))
        else:
            _tell_rule(law)
        return 0
    section = ""
    for law in all_rules():
        if as_json:
            say_json(_as_json(law))
            continue
        if law.section != section:
            section = law.section
            say(("\n" if section != "founding_document" else "") + f"【{_SECTIONS.get(section, section)}】")
        length = law.length_of(law.versions[-1])
        gap = " " * max(1, 20 - width(law.key))
        first, *rest = fold(f"{length}　{law.name}", 58)
        say(f"{law.key}{gap}{first}")
        for line in rest:
            say(f"{' ' * 20}{line}")
    if not as_json:
        remark("\n详情：mingjian rules KEY；计算：mingjian due KEY 日期")
    return 0


def _tell_rule(law: Rule) -> None:
    rows = [
        ("期限", law.length_of(law.versions[-1]) + ("（倒数）" if law.direction == "before" else "")),
        ("约束", OWNERS[law.owner]),
        ("起算", law.starts_words),
        ("届满", law.expiry.words),
        *([("届满次日", law.opens)] if law.opens else []),
        ("及时与否", "以寄出、发出之日为准" if law.judged_by == "sent" else "以完成之日为准"),
        ("依据", law.basis),
        ("来源", _SOURCE_OF_LOCAL_AMOUNT if law.amount_is_local else STATED_BY[law.stated_by]),
    ]
    rows += [
        ("延长" if not place else "再延长", _extension(each)) for place, each in enumerate(law.extensions)
    ]
    if law.suspendable:
        rows.append(("中止", law.suspendable))
    if law.excludable:
        rows.append(("扣除", law.excludable))
    if law.announced:
        days = "、".join(str(each.days_before) for each in law.announced)
        dated = "" if law.no_number is None else "有到期日的，"
        rows.append(("提醒", f"{dated}届满前 {days} 日"))
    if law.no_number:
        rows.append(("天数", law.no_number.sentence))
    if law.note:
        rows.append(("说明", law.note))
    say(f"{law.key}　{law.name}")
    for name, text in rows:
        first, *rest = fold(text, 68)
        say(f"  {name}{' ' * (10 - width(name))}{first}")
        for line in rest:
            say(f"{' ' * 12}{line}")
    say("  版本")
    for version in law.versions:
        span = f"{version.effective_from or '……'} 至 {version.effective_to or '今'}"
        text = f"{span}　{law.length_of(version)}" + ("" if version.in_force else "　其间没有有效的文本")
        for line in fold("　".join(part for part in (text, version.basis, version.note) if part), 74):
            say(f"    {line}")


def _extension(extension: Extension) -> str:
    amount = f"{extension.amount}{UNITS[extension.unit]}" if extension.amount and extension.unit else ""
    return f"{extension.officer}批准{amount}（{extension.basis}）"


def _as_json(law: Rule) -> dict[str, Any]:
    return {
        "rule": law.key,
        "name": law.name,
        "section": law.section,
        "owner": law.owner,
        "starts_on": law.starts_on,
        "starts_words": law.starts_words,
        "met_by": list(law.met_by),
        "judged_by": law.judged_by,
        "expiry": {"code": law.expiry.code, "words": law.expiry.words},
        "basis": law.basis,
        "stated_by": law.stated_by,
        "in_founding_document": law.in_founding_document,
        "direction": law.direction,
        "waiting": law.waiting,
        "opens": law.opens or None,
        "extensions": [asdict(each) for each in law.extensions],
        "suspendable": law.suspendable or None,
        "excludable": law.excludable or None,
        "grace_working_days": law.grace_working_days,
        "reminders": [asdict(each) for each in law.announced],
        "no_number": law.no_number and asdict(law.no_number),
        "note": law.note,
        "versions": [
            {
                "from": version.effective_from and version.effective_from.isoformat(),
                "to": version.effective_to and version.effective_to.isoformat(),
                "amount": version.amount,
                "unit": version.unit,
                "in_force": version.in_force,
                "basis": version.basis,
                "note": version.note,
            }
            for version in law.versions
        ],
    }


def tell_calendar(year: str, edition: str, *, as_json: bool) -> int:
    """The editions; or one edition's years; or one year as a picture."""
    if not year and not edition:
        for name in editions():
            _tell_edition(calendar(name), as_json=as_json)
        if (own := edition_in_force()).name not in editions():
            _tell_edition(own, as_json=as_json)
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
        _picture(chosen, number)
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


def _picture(edition: Calendar, year: int) -> None:
    known = edition.knows(date(year, 1, 1))
    notice = edition.notice_of(year)
    say(f"{year} 年　日历 {edition.name}　{notice or ('' if known else _unknown(edition, year))}")
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
