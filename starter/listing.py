"""`mingjian list`: a page of cases from the registry, never from the server."""

from __future__ import annotations

import re
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast, get_args

from activities.database import Database
from activities.registry import CaseFilter, Order, Registry
from models.bodies import Jurisdiction
from models.dates import day_in_china
from models.errors import InputError, Problem
from models.kinds import FILES
from models.rows import CaseRow
from models.settings import Settings
from models.terms import CaseKind
from starter.output import Listing, remark, say_json, show
from starter.stage_words import stage_label
from starter.strict import choices


def read_filter(
    *,
    settings: Settings,
    county: str,
    kind: str,
    stage: str,
    handler: str,
    due_within: str,
    flags: dict[str, bool],
) -> CaseFilter:
    """The filter that the options mean; InputError with all that is wrong with them."""
    problems: list[Problem] = []
    if county:
        try:
            county = Jurisdiction.load(settings.jurisdiction).place(county).code
        except InputError as error:
            # A case that was taken over may be of any county: the code is enough, its name is in no file here.
            if not re.fullmatch(r"\d{6}", county):
                problems += [Problem(each.what, each.remedy, field="--county") for each in error.problems]
    if kind:
        try:
            kind = CaseKind(kind).value
        except ValueError:
            problems.append(Problem(f"没有“{kind}”这种案件", f"可用：{choices(CaseKind)}", field="--kind"))
    stages: tuple[str, ...] = ()
    if stage:
        try:
            stages = _stages(stage, kind)
        except ValueError:
            known = "；".join(choices(each) for each in dict.fromkeys(file.STAGES for file in FILES.values()))
            problems.append(Problem(f"没有“{stage}”这个阶段", f"可用：{known}", field="--stage"))
    if due_within and not (due_within.isdecimal() and int(due_within) <= 3660):
        problems.append(Problem(f"“{due_within}”不是天数", "写作 --due-within 7", field="--due-within"))
    if problems:
        raise InputError(problems)
    due_by = _today() + timedelta(days=int(due_within)) if due_within else None
    return CaseFilter(county=county, kind=kind, stages=stages, handler=handler, due_by=due_by, **flags)


def _stages(text: str, kind: str) -> tuple[str, ...]:
    """The stages of that kind of case, or of any, that a value or a Chinese name means; ValueError for none."""
    found = []
    for each, file in FILES.items():
        if kind in ("", each.value):
            with suppress(ValueError):
                found.append(file.STAGES(text).value)
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


def read_page(order: str, limit: str, offset: str) -> Page:
    """The page that the options mean; InputError with all that is wrong with them."""
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
    """Print one page; Unreachable when the registry does not answer."""
    with closing(Database(settings.registry)) as database:
        page = Registry(database).cases(wanted, order=asked.order, limit=asked.limit, offset=asked.offset)
    if as_json:
        for row in page.rows:
            say_json(row.model_dump(mode="json"))
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
    first = asked.offset + 1
    part = 0 < len(page.rows) < page.total
    shown = f"第 {first}—{asked.offset + len(page.rows)} 件，" if part else ""
    remark(f"{shown}共 {page.total} 件。" if page.total else "没有符合条件的案件。")
    return 0


def _marks(row: CaseRow) -> str:
    marks = {
        "逾期": row.is_overdue,
        "暂定": row.is_provisional,
        f"待整理{row.unmatched}": bool(row.unmatched),
        "重点": row.is_focus,
        "已结": row.closed_on is not None,
    }
    return "、".join(mark for mark, holds in marks.items() if holds)


def _today() -> date:

    return day_in_china(datetime.now(UTC))
