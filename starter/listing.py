"""`mingjian list`: a page of cases from the registry, never from the server; the whole list as a table for spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from activities.case_lists import CaseFilter, CaseLists, Order
from activities.database import Database
from activities.site_jurisdiction import site_jurisdiction
from models.bodies import Jurisdiction, free_body
from models.dates import day_in_china
from models.errors import InputError, Problem
from models.numbering import CaseId
from models.reach import Level
from models.rows import CaseRow
from models.settings import Settings
from models.stages import STAGES
from models.terms import CaseKind, Matter, Outcome
from starter.csv_tables import print_csv, write_csv
from starter.doors import aside
from starter.labels import label, stage_label
from starter.output import Listing, remark, say_json, show
from starter.site_years import edition_in_force
from starter.strict import choices

if TYPE_CHECKING:
    from starter.commands.filters import Wanted

LONGEST_SPAN = 3660
"""So many days ahead a list looks at most."""


def read_filter(settings: Settings, wanted: Wanted) -> CaseFilter:
    """The filter that the options mean; InputError with all that is wrong with them. The campaign itself is not asked here."""
    problems: list[Problem] = []
    jurisdiction = site_jurisdiction(settings) if wanted.county or wanted.agency else None
    county = read_county(jurisdiction, wanted.county, problems)
    kind = wanted.kind
    if kind:
        try:
            kind = CaseKind(kind).value
        except ValueError:
            problems.append(Problem(f"没有“{kind}”这种案件", f"可用：{choices(CaseKind)}", field="--kind"))
    stages: tuple[str, ...] = ()
    if wanted.stage:
        try:
            stages = _stages(wanted.stage, kind)
        except ValueError:
            known = "；".join(choices(each) for each in STAGES.values())
            problems.append(Problem(f"没有“{wanted.stage}”这个阶段", f"可用：{known}", field="--stage"))
    number = CaseId.parse(wanted.campaign)
    if wanted.campaign and (number is None or number.kind is not CaseKind.CAMPAIGN):
        what = f"“{wanted.campaign}”不是专项行动的编号"
        problems.append(Problem(what, "写作 campaign-350481-2026-0001", field="--campaign"))
    due_by = _due_by(wanted, problems)
    if problems:
        raise InputError(problems)
    today = _today()
    return CaseFilter(
        **wanted.marks(),
        # What was to be looked back upon may be past: that it is due is asked of the look-back alone.
        due_by=None if wanted.look_back else due_by,
        look_back_by=(due_by or today) if wanted.look_back else None,
        expired_before=today if wanted.expired else None,
        county=county,
        kind=kind,
        stages=stages,
        handler=wanted.handler,
        agency=_agency(jurisdiction, wanted.agency),
        campaign=wanted.campaign,
    )


def read_county(jurisdiction: Jurisdiction | None, text: str, problems: list[Problem]) -> str:
    """The code of a place by name or code; what is wrong with it goes to the problems."""
    if not text or jurisdiction is None:
        return ""
    try:
        return jurisdiction.filed_under(text)
    except InputError as error:
        # A case that was taken over may be of any county: the code is enough, its name is in no file here.
        if re.fullmatch(r"\d{6}", text):
            return text
        problems += [Problem(each.what, each.remedy, field="--county") for each in error.problems]
        return ""


def read_days(text: str, option: str, unit: str, problems: list[Problem]) -> int | None:
    """A number of days ahead; None when it is none, which goes to the problems."""
    if text.isascii() and text.isdecimal() and int(text) <= LONGEST_SPAN:
        return int(text)
    problems.append(
        Problem(f"“{text}”不是天数", f"写 0 到 {LONGEST_SPAN} 的{unit}，如 {option} 5", field=option)
    )
    return None


def _due_by(wanted: Wanted, problems: list[Problem]) -> date | None:
    """The last day of the span that was asked for: of days, or of working days by the calendar that cases are counted by."""
    days, working = wanted.due_within, wanted.due_within_working
    if days and working:
        options = "--due-within 与 --due-within-working 只能选一样"
        problems.append(Problem(options, "去掉其一", field="--due-within"))
    elif days and (number := read_days(days, "--due-within", "天数", problems)) is not None:
        return _today() + timedelta(days=number)
    elif working:
        number = read_days(working, "--due-within-working", "工作日数", problems)
        return None if number is None else edition_in_force().add_working_days(_today(), number)
    return None


def _agency(jurisdiction: Jurisdiction | None, text: str) -> tuple[str, ...]:
    """The code and names that letters know a body by; of one in no jurisdiction file, its name and the code made from it."""
    text = text.strip()
    if not text or jurisdiction is None:
        return ()
    found = jurisdiction.find(text)
    if found is None:
        return (text, free_body(text).code)
    return (found.code, found.name, *found.former_names)


def _stages(text: str, kind: str) -> tuple[str, ...]:
    """The stages of that kind of case, or of any, that a value or a Chinese name means; ValueError for none."""
    found = []
    for each, known in STAGES.items():
        if kind in ("", each.value):
            with suppress(ValueError):
                found.append(known(text).value)
    if not found:
        raise ValueError(text)
    return tuple(dict.fromkeys(found))


_ORDERS = {"期限": "due", "立案日": "opened", "编号": "case"}


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the list, in which order."""

    order: Order
    limit: int
    offset: int


_USUAL, _ALL = "50", "1000000"


def read_page(order: str, limit: str, offset: str, *, whole: bool = False) -> Page:
    """The page that the options mean, or all (`whole`) unless a limit is given; InputError with all that is wrong."""
    limit = limit or (_ALL if whole else _USUAL)
    problems = []
    order = _ORDERS.get(order, order)
    if order not in get_args(Order):
        problems.append(
            Problem(f"没有“{order}”这种次序", f"可用：{'、'.join(get_args(Order))}", field="--order")
        )
    for name, text, least in (("--limit", limit, 1), ("--offset", offset, 0)):
        if not text.isdecimal() or not least <= int(text) <= 1_000_000:
            problems.append(Problem(f"“{text}”不是件数", f"写 {least} 到 1000000 的整数", field=name))
    if problems:
        raise InputError(problems)
    return Page(cast(Order, order), int(limit), int(offset))


def tell_cases(settings: Settings, wanted: CaseFilter, asked: Page, *, as_json: bool) -> int:
    """Print one page, how many there are in all, and how the next one is seen; Unreachable when the registry does not answer."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        page = CaseLists(database).cases(wanted, order=asked.order, limit=asked.limit, offset=asked.offset)
    end = asked.offset + len(page.rows)
    told = _told(asked.offset, end, page.total) + aside(settings)
    if as_json:
        for row in page.rows:
            say_json(row.model_dump(mode="json"))
        if end < page.total:
            remark(told)
        return 0
    if page.rows:
        listing = Listing("案件", "阶段", "承办", "下一期限", "提示")
        for row in page.rows:
            listing.add(
                f"{row.case}\n{row.title}",
                stage_label(row.kind, row.stage),
                row.handler,
                str(row.next_due_on or "—"),
                _marks(row),
            )
        show(listing)
    remark(told)
    if not page.total and wanted.agency:
        _tell_unknown(settings, wanted.agency)
    return 0


def _told(offset: int, end: int, total: int) -> str:
    """Which part of how many this is, and how to see the next one."""
    if not total:
        return "没有符合条件的案件。"
    if end == offset:
        return f"共 {total} 件，--offset 不到 {total} 才有可列的。"
    part = f"第 {offset + 1}—{end} 件，" if end - offset < total else ""
    following = f"下一页：同一命令，--offset {end}。" if end < total else ""
    return f"{part}共 {total} 件。{following}"


def _tell_unknown(settings: Settings, agency: tuple[str, ...]) -> None:
    """That nobody of that name is known, where a slip of the pen may be why nothing was found."""
    try:
        site_jurisdiction(settings).body(agency[0])
    except InputError as error:
        for each in error.problems:
            remark(str(each))


def write_cases(settings: Settings, wanted: CaseFilter, asked: Page, file: Path | None) -> int:
    """Write the cases as a table for spreadsheets, to a file or to standard output."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        found = CaseLists(database).every(wanted, order=asked.order, limit=asked.limit, offset=asked.offset)
        rows = (_cells(row) for row in found)
        number = print_csv(rows, _COLUMNS) if file is None else write_csv(rows, _COLUMNS, file)
    told = f"已写入 {file}，共 {number} 件。" if file is not None else f"共 {number} 件。"
    remark(told + aside(settings))
    return 0


_COLUMNS = {
    "case": "案件",
    "kind": "种类",
    "stage": "阶段",
    "title": "案名",
    "county": "行政区划码",
    "county_name": "辖区",
    "place": "地点",
    "procuratorate": "办案检察院",
    "matter": "事项",
    "handler": "承办人",
    "liaison": "联络员",
    "opened_on": "立案日期",
    "next_due_on": "下一期限",
    "marks": "提示",
    "closed_on": "结案日期",
    "outcome": "结案方式",
    "edition": "日历",
    "level": "知悉范围",
}


def _cells(row: CaseRow) -> Mapping[str, Any]:
    return row.__dict__ | {
        "kind": label(CaseKind, row.kind),
        "stage": stage_label(row.kind, row.stage),
        "matter": label(Matter, row.matter),
        "opened_on": str(row.opened_on),
        "next_due_on": str(row.next_due_on or ""),
        "closed_on": str(row.closed_on or ""),
        "outcome": label(Outcome, row.outcome),
        "marks": _marks(row),
        "level": label(Level, row.level),
    }


def _marks(row: CaseRow) -> str:
    marks = {
        "逾期": row.is_overdue,
        "暂定": row.is_provisional,
        f"待整理{row.unmatched}": bool(row.unmatched),
        "重点": row.is_focus,
        "内部": row.level == Level.INTERNAL.value,
        "已结": row.closed_on is not None,
    }
    return "、".join(mark for mark, holds in marks.items() if holds)


def _today() -> date:
    return day_in_china(datetime.now(UTC))
