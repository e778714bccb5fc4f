"""`mingjian today`: the page that a clerk opens first. Each line says what waits, since or until when, and what to type next.

Registry, books and the intake folder alone are read: it is there when the server is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar

from activities.database import Database
from activities.site_jurisdiction import site_jurisdiction
from activities.todays_work import (
    Arrived,
    Asked,
    Mail,
    OfCase,
    Part,
    TodaysWork,
    Waiting,
    todays_work,
)
from models.bags import shown
from models.calendar import Calendar
from models.dates import day_in_china
from models.document_types import DocumentType
from models.errors import InputError, Problem
from models.rows import CaseRow, DeadlineRow, FactRow, LetterRow
from models.settings import Settings
from models.terms import LetterState
from starter import next_steps
from starter.columns import fold
from starter.doors import only
from starter.kinds import FACT_NAMES
from starter.labels import label
from starter.listing import read_county, read_days
from starter.next_steps import Command
from starter.output import say, say_json
from starter.recognising import files_in
from starter.site_years import edition_in_force

_SHOWN = 10
_WEEK = "一二三四五六日"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits: of which case (or none yet), what, since or until when, and what to type next."""

    case: str
    title: str
    what: str
    on: date | None
    when: str
    command: Command


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page; `rest` is the command that lists all of it."""

    name: str
    title: str
    lines: tuple[Line, ...]
    total: int
    rest: Command


@dataclass(frozen=True, slots=True)
class Page:
    """The page: its day, how far ahead it looks, and by which calendar."""

    asked: Asked
    calendar: Calendar
    within: int
    sections: tuple[Section, ...]
    only: str = ""
    """Of which cases alone it is, in words; empty where of all."""


def read_asked(
    settings: Settings, handler: str, county: str, within: str, *, as_json: bool
) -> tuple[Asked, int]:
    """Whose page and how many working days ahead; InputError with all that is wrong. For a program nothing is left out."""
    problems: list[Problem] = []
    jurisdiction = site_jurisdiction(settings) if county else None
    code = read_county(jurisdiction, county, problems)
    days = read_days(within, "--within", "工作日数", problems)
    if problems or days is None:
        raise InputError(problems)
    calendar, today = edition_in_force(), day_in_china(datetime.now(UTC))
    asked = Asked(
        today=today,
        until=calendar.add_working_days(today, days),
        since=calendar.add_working_days(today, -1),
        handler=handler,
        county=code,
        most=None if as_json else _SHOWN,
    )
    return asked, days


def tell_today(settings: Settings, given: tuple[Asked, int], *, as_json: bool) -> int:
    """Print the page; Unreachable when registry and books do not answer."""
    asked, within = given
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        work = todays_work(database, asked)
    sections = tuple(each for each in _sections(settings, work, asked, within) if each.lines)
    page = Page(asked, edition_in_force(), within, sections, only(settings))
    if as_json:
        for section in sections:
            for line in section.lines:
                say_json(_as_json(section, line))
    else:
        for text in page_lines(page):
            say(text)
    return 0


# ── the parts, the most urgent first ────────────────────────────────────────────────────────────────────────


def _sections(settings: Settings, work: TodaysWork, asked: Asked, within: int) -> Iterator[Section]:
    of_whom = (
        *(("--handler", asked.handler) if asked.handler else ()),
        *(("--county", asked.county) if asked.county else ()),
    )

    def listed(*flags: str) -> Command:
        return ("mingjian", "list", *flags, *of_whom)

    today = asked.today
    overdue, expired, due = (partial(each, today=today) for each in (_overdue, _expired, _ahead))
    yield _section("overdue", "逾期未复", work.overdue, overdue, listed("--overdue"))
    yield _section("expired", "届满未办", work.expired, expired, listed("--expired"))
    ahead = f"今天和 {within} 个工作日内（到 {asked.until}）届满" if within else "今天届满"
    soon = listed("--due-within-working", str(within))
    yield _section("due", ahead, work.due, due, soon)
    yield _inbox(settings, asked)
    yield _section("tray", "收件匣待整理", work.tray, _of_tray, ("mingjian", "tray"))
    yield _section("unmatched", "案件里待整理的材料", work.unmatched, _unmatched, listed("--unmatched"))
    book = ("mingjian", "registers", "in", *(("--county", asked.county) if asked.county else ()))
    yield _section("arrived", "新收到的材料", work.arrived, _arrived, book)
    yield _section("unserved", "未送达", work.unserved, _unserved, listed("--unserved", "--open"))
    yield _section("unassessed", "回复待评估", work.unassessed, _unassessed, listed("--unassessed", "--open"))
    yield _section("pending", "文书待审批、待制发", work.pending, _pending, listed("--pending"))
    look_backs = listed("--lookback", "--due-within-working", str(within))
    yield _section("look_back", "回头看到期", work.look_backs, due, look_backs)
    yield _section("mails", "没有送到、可能重复的邮件", work.mails, _mail, ("mingjian", "mails", "--failed"))


def _section(name: str, title: str, part: Part[Row], line: Callable[[Row], Line], rest: Command) -> Section:
    return Section(name, title, tuple(line(each) for each in part.lines), part.total, rest)


def _overdue(found: OfCase[DeadlineRow], today: date) -> Line:
    return _period(found, today, next_steps.press(found.case, found.row, found.letter))


def _expired(found: OfCase[DeadlineRow], today: date) -> Line:
    return _period(found, today, next_steps.make_good(found.case, found.row))


def _ahead(found: OfCase[DeadlineRow], today: date) -> Line:
    return _period(found, today, next_steps.meet(found.case, found.row))


def _period(found: OfCase[DeadlineRow], today: date, command: Command) -> Line:
    row, day = found.row, found.row.due_on or found.row.due_to
    whose = _letter(found.letter) if found.letter else row.party
    what = "　".join(part for part in (row.name or row.rule, whose) if part)
    return _of_case(found.case, what, day, _until(row, day, today), command)


def _until(row: DeadlineRow, day: date | None, today: date) -> str:
    if day is None:
        return ""
    days = (day - today).days
    how = f"已过{-days}日" if days < 0 else f"还有{days}日" if days else "就在今天"
    return f"{day} {how}" + ("，暂定" if row.provisional else "")


def _inbox(settings: Settings, asked: Asked) -> Section:
    """What lies in the intake folder; whose it is nobody can say before it has been looked at."""
    files = files_in(settings.intake_folder)
    lines = []
    for path in files[: asked.most]:
        on = day_in_china(datetime.fromtimestamp(path.lstat().st_mtime, UTC))
        lines.append(Line("", "", shown(path.name), on, f"{on} 放入", ("mingjian", "inbox")))
    return Section("inbox", "收件夹待收", tuple(lines), len(files), ("mingjian", "inbox"))


def _of_tray(found: Waiting) -> Line:
    on = day_in_china(found.received_at)
    what = f"{FACT_NAMES.get(found.kind, found.kind)}：{found.why}"
    command = ("mingjian", "tray", found.id, "--into", next_steps.OPEN, "--by", next_steps.OPEN)
    return Line(found.case, "", f"{what}（{found.case}）" if found.case else what, on, f"{on} 收到", command)


def _unmatched(found: OfCase[FactRow]) -> Line:
    row = found.row
    what = f"{FACT_NAMES.get(row.kind, row.kind)}：{row.what}"
    return _of_case(found.case, what, None, row.happened_on, next_steps.sort_out(found.case, row))


def _arrived(found: Arrived) -> Line:
    on, what = found.received_on, "　".join(part for part in (found.what, found.sender) if part)
    return Line(found.case, found.title, what, on, f"{on} 收到", next_steps.show(found.case))


def _unserved(found: OfCase[LetterRow]) -> Line:
    row = found.row
    refused = "，被拒收" if row.state == LetterState.REFUSED_SERVICE.value else ""
    when = f"{row.issued_on or '以前'} 制发{refused}"
    return _of_case(found.case, _letter(row), row.issued_on, when, next_steps.serve(found.case, row))


def _unassessed(found: OfCase[LetterRow]) -> Line:
    row = found.row
    when = f"{row.replied_on} 回复" if row.replies < 2 else f"{row.replied_on} 起 {row.replies} 次回复"
    return _of_case(found.case, _letter(row), None, when, next_steps.assess(found.case, row))


def _pending(found: OfCase[LetterRow]) -> Line:
    when = "待审批" if found.row.state == LetterState.DRAFTED.value else "待制发"
    return _of_case(found.case, _letter(found.row), None, when, next_steps.move_on(found.case, found.row))


def _letter(row: LetterRow) -> str:
    number = f"（{row.official_no}）" if row.official_no else ""
    return f"{row.letter} {label(DocumentType, row.type)}{number}致{row.recipient}"


def _mail(found: Mail) -> Line:
    what = f"致{found.to}：{found.subject}"
    if found.how == "refused":
        command = ("mingjian", "mails", "again", found.key)
        return Line(found.case, "", what, found.on, f"{found.on} 没有送到：{found.why}", command)
    of_case = ("--case", found.case) if found.case else ("--failed",)
    return Line(found.case, "", what, found.on, f"{found.on} 可能重复", ("mingjian", "mails", *of_case))


def _of_case(case: CaseRow, what: str, on: date | None, when: str, command: Command) -> Line:
    return Line(case.case, case.title, what, on, when, command)


# ── printing ────────────────────────────────────────────────────────────────────────────────────────────────


def page_lines(page: Page, columns: int = 80) -> Iterator[str]:
    """The page as it is printed; a section with nothing in it is not there."""
    asked = page.asked
    day, kind = asked.today, "工作日" if page.calendar.is_working(asked.today) else "休息日"
    whose = "".join(
        f"　{name} {text}" for name, text in (("承办", asked.handler), ("辖区", asked.county)) if text
    )
    yield f"{day}　星期{_WEEK[day.weekday()]}　{kind}{whose}{'　' if page.only else ''}{page.only}"
    if not page.sections:
        ahead = f"{page.within} 个工作日内（到 {asked.until}）" if page.within else "今天"
        yield f"没有逾期的、{ahead}届满的，也没有等着办的。"
    for section in page.sections:
        yield ""
        yield from _heading(section, columns)
        for line in section.lines:
            text = "　".join(part for part in (line.when, line.what, line.title) if part)
            first, *rest = fold(text, columns - 2)
            yield f"· {first}"
            yield from (f"  {each}" for each in rest)
            yield from next_steps.typed_within(line.command, columns, "  ")


def _heading(section: Section, columns: int) -> Sequence[str]:
    title = f"【{section.title}】{section.total} 件"
    if section.total == len(section.lines):
        return [title]
    more = f"{title}，以下 {len(section.lines)} 件；全部："
    return [more, *next_steps.typed_within(section.rest, columns, "  ")]


def _as_json(section: Section, line: Line) -> dict[str, Any]:
    return {
        "section": section.name,
        "case": line.case or None,
        "title": line.title or None,
        "what": line.what,
        "on": str(line.on) if line.on else None,
        "when": line.when,
        "command": next_steps.typed(line.command),
    }
