"""The papers that show a whole case: 案件流程表, 卷内目录, 案件时间线; made from the case alone, at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from models.bags import PaperRef
from models.casefile import CaseFile
from models.dates import EventDate, day_in_china
from models.document_types import DocumentType
from models.documents import Paper
from models.facts import FROM_RECIPIENT
from models.form_wordings import wording
from models.general_papers import FormSection, FormTable, GeneralForm
from models.ledgers import NOT_BEGUN, Counted, Deadline
from models.orders import called_for
from models.paper_parts import LetterFields, chinese_date
from models.plain_papers import form
from models.report_parts import as_told
from models.rules import OWNERS, Owner
from models.said.bases import DecisionBase, FactBase
from models.timelines import CaseTimeline, Lane, Period

_LANES: tuple[Owner, ...] = ("agency", "court", "procuratorate", "party")
_STANDS = {"running": "在期限内", "suspended": "中止", "met": "已办结", "expired": "已届满，尚未办结"}


def flow_sheet(case: CaseFile, dated: date) -> GeneralForm:
    """案件流程表: what was done, day by day, by whom, and how each period was kept."""
    opening, closing = case.opening, case.closing
    steps = tuple(_steps(case))
    periods = tuple(
        (each.name, each.party or lane.name, *_days(each), each.standing)
        for lane in _lanes(case)
        for each in lane.periods
    )
    about = (
        ("案件名称", opening.title),
        ("监督事项", opening.matter.label),
        ("承办人", case.handler.name),
        ("登记日期", chinese_date(opening.opened_on)),
        ("当前阶段", case.stage.label),
        ("结案", f"{chinese_date(closing.on)}　{closing.outcome.label}" if closing else ""),
    )
    made = form(case, DocumentType.FLOW_SHEET, dated, rows=about)
    return _with_tables(
        made,
        (
            "办理流程",
            FormTable(heads=("序号", "日期", "事项", "经办人"), widths=(10, 32, 97, 26), rows=steps),
        ),
        (
            "期限",
            FormTable(
                heads=("期限", "承担单位", "起算", "届满", "办结", "情况"),
                widths=(33, 29, 28, 28, 28, 19),
                rows=periods,
            ),
        ),
    )


def file_contents(
    case: CaseFile, dated: date, *, pages: Mapping[str, int] | None = None, more: tuple[str, ...] = ()
) -> GeneralForm:
    """卷内目录: every paper of the case, in and out, in the order of its day.

    `pages`: the number of pages of a paper by its digest, where it is known; `more`: what is filed with them at the end.
    """
    counted = pages or {}
    rows = [
        (
            each.number,
            each.responsible,
            each.title,
            chinese_date(each.on),
            str(counted.get(each.paper.digest, "")),
        )
        for each in _papers(case)
    ]
    rows += [("", case.opening.procuratorate.name, title, chinese_date(dated), "") for title in more]
    listed = tuple((str(place), *row, "") for place, row in enumerate(rows, 1))
    heads = ("序号", "文号", "责任者", "题名", "日期", "页数", "备注")
    widths = (10, 29, 31, 44, 29, 11, 11)
    made = form(case, DocumentType.FILE_CONTENTS, dated, rows=(("案件名称", case.opening.title),))
    return _with_tables(made, ("卷内文件", FormTable(heads=heads, widths=widths, rows=listed)))


def case_timeline(case: CaseFile, dated: date) -> CaseTimeline:
    """案件时间线: the periods of agency, court and procuratorate as lanes; those that never began are left out."""
    return CaseTimeline(
        case_number=case.opening.case,
        internal_number=case.opening.case,
        issuer=case.opening.procuratorate.name,
        dated=dated,
        case_name=case.opening.title,
        lanes=_lanes(case),
    )


def _with_tables(made: GeneralForm, *tables: tuple[str, FormTable]) -> GeneralForm:
    sections = tuple(
        FormSection(heading=heading, text="" if table.rows else "无。", table=table)
        for heading, table in tables
    )
    return made.model_copy(update={"sections": (*made.sections, *sections)})


def _steps(case: CaseFile) -> list[tuple[str, ...]]:
    """What was recorded and decided and has taken effect, in the order of its day, then of its entry."""
    # 立案 is a decision of its own where the law knows one ([公规]30; [行监]36).
    opened = (EventDate.on(case.opening.opened_on), "登记", case.opening.handler.name)
    done: list[tuple[EventDate, str, str]] = [opened]
    for entry in case.entries:
        taken = case.taken[entry.message.id]
        said = case.standing.get(entry.message.id, entry.message)
        if isinstance(said, FactBase | DecisionBase) and taken.how == "applied" and taken.what:
            on = said.on or day_in_china(entry.at)
            done.append(
                (
                    on if isinstance(on, EventDate) else EventDate.on(on),
                    as_told(case, taken.what),
                    said.by.name,
                )
            )
    done.sort(key=lambda each: each[0].earliest)
    return [(str(place), chinese_date(on), what, who) for place, (on, what, who) in enumerate(done, 1)]


def _lanes(case: CaseFile) -> tuple[Lane, ...]:
    """The three lanes, and one for a party where one is bound."""
    found: dict[str, list[Period]] = {owner: [] for owner in _LANES}
    for key, deadline in case.deadlines.by_key.items():
        counted = case.deadlines.counted.get(key)
        if counted is not None and counted.started_on is not None and deadline.ended != NOT_BEGUN:
            period = _period(case, deadline, counted, counted.started_on)
            found[counted.owner or "procuratorate"].append(period)
    return tuple(
        Lane(name=OWNERS[owner], periods=tuple(sorted(periods, key=lambda each: each.start or date.max)))
        for owner, periods in found.items()
        if periods or owner != "party"
    )


def _period(case: CaseFile, deadline: Deadline, counted: Counted, started_on: EventDate) -> Period:
    is_overdue = any(
        letter.reply_key == deadline.key and letter.id in case.overdue_letters for letter in case.letters
    )
    late = counted.days_late
    if deadline.ended and counted.state != "met":
        standing = deadline.ended
    elif counted.state == "met" and late is not None:
        standing = f"逾期{late}日" if late > 0 else "按期"
    else:
        standing = "逾期" if is_overdue else _STANDS.get(counted.state, "")
    return Period(
        name=counted.name,
        party=deadline.party,
        started_on=started_on,
        due_on=counted.due_on,
        due_to=counted.due_to,
        met_on=counted.met_on,
        standing=f"{standing}（暂定）" if counted.provisional and counted.state == "running" else standing,
        is_late=is_overdue or (late is not None and late > 0),
    )


def _days(period: Period) -> tuple[str, str, str]:
    days = (period.started_on, period.due_on or period.due_to, period.met_on)
    started, due, met = (chinese_date(day) if day else "" for day in days)
    return started, due, met


class _Filed(NamedTuple):
    """A line of 卷内目录."""

    on: EventDate
    number: str
    responsible: str
    paper: PaperRef
    title: str
    """题名: of what was made here as the paper bears it, of what came in the name of its file."""


def _papers(case: CaseFile) -> list[_Filed]:
    """What was made here, came in, or came back signed."""
    ours, found = case.opening.procuratorate.name, []
    for wanted in called_for(case):
        made = case.papers.get(wanted.order)
        if made is not None and made.kind == "paper_made":
            order = wanted.build()
            on = EventDate.on(order.paper.dated or case.opening.opened_on)
            number = order.official_no or made.internal_no
            found.append(_Filed(on, number, ours, made.paper, _printed(order.paper)))
    for entry in case.entries:
        fact = case.standing.get(entry.message.id, entry.message)
        if isinstance(fact, FactBase) and fact.paper is not None:
            number = str(getattr(fact, "official_no", "") or "")
            responsible = _responsible(case, fact, entry.message.kind)
            title = fact.paper.name.rpartition("/")[2].rpartition(".")[0] or fact.paper.name
            found.append(_Filed(fact.on, number, responsible, fact.paper, title))
    return sorted(found, key=lambda each: each.on.earliest)


def _printed(paper: Paper) -> str:
    """A paper's title as it stands on it; of what bears no more than the name of its kind, to whom it went."""
    name = "".join(str(each) for each in wording(paper).name)
    if isinstance(paper, LetterFields) and not name.startswith("关于"):
        return f"{name}（致{paper.recipient}）"
    return name


def _responsible(case: CaseFile, fact: FactBase, kind: str) -> str:
    """Who wrote a paper that came in, as far as the case knows."""
    if stated := getattr(fact, "sender", "") or getattr(fact, "actor", "") or fact.by.body:
        return str(stated)
    if kind not in FROM_RECIPIENT:
        return case.opening.procuratorate.name if kind == "original_kept" else ""
    reference = getattr(fact, "letter", "")
    named = {
        each.recipient.name
        for each in case.letters
        if each.issued_on is not None and (not reference or each.is_meant_by(reference))
    }
    return named.pop() if len(named) == 1 else ""
