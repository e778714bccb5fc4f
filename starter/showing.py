"""`mingjian show`: one case as it stands: from the case itself, else from the registry, else from the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from temporalio.service import RPCError

from models.calendar import Calendar
from models.dates import day_in_china
from models.deadlines import reckon
from models.document_types import DocumentType
from models.enforcement.terms import PenaltyState
from models.errors import InputError, Problem, Refusal, Unreachable
from models.explanations import explain
from models.journal import CaseState
from models.kinds import FILES, restored
from models.rows import DeadlineRow, FactRow, Snapshot
from models.rules import rule
from models.terms import (
    CaseKind,
    EscalationRung,
    ItemState,
    LabelledEnum,
    LetterState,
    Matter,
    Milestone,
    Outcome,
    Role,
    Substance,
)
from starter.columns import fold
from starter.kinds import DECISION_NAMES, FACT_NAMES
from starter.office import PATIENCE, Office, answering, case_id
from starter.output import Listing, remark, say, say_json, show

View = Literal["status", "deadlines", "timeline"]


class Editions(Protocol):
    """Where calendar editions are found."""

    def named(self, name: str) -> Calendar:
        """The edition of that name; InputError or Refusal when there is none."""
        ...


_SOURCES = {
    "workflow": "",
    "registry": "案件不在服务器上，以下取自登记库。",
    "archive": "案件不在服务器上，以下取自案卷。",
    "unanswered": "没有工作进程应答，以下取自登记库，可能不是最新的。",
}
_STATES = {
    "running": "进行中",
    "suspended": "中止",
    "met": "已满足",
    "expired": "已届满",
    "not_started": "未开始",
    "started": "已起算",
    "ended": "已终止",
}
_HAPPENINGS = {
    "reminded": "提醒",
    "fell_due": "届满",
    "paper_made": "文书制成",
    "paper_failed": "文书未成",
    "history_lost": "运行记录缺失",
    "edition_published": "日历公布",
    "unreadable": "无法读取",
}
_HOW = {"applied": "", "noted": "存查", "unmatched": "待整理", "seen": "重复"}
_SHOWN_FACTS = 8


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a case, and where; `state` only when asked for and the case itself answered."""

    snapshot: Snapshot
    source: Literal["workflow", "registry", "archive", "unanswered"]
    state: CaseState | None = None


async def look(office: Office, case: str, *, with_state: bool = False) -> Look:
    """Find a case. Refusal when there is none; Unreachable when neither it nor the registry answers."""
    case = case_id(case)
    handle = office.client.get_workflow_handle(case)
    try:
        with answering():
            snapshot = await handle.query("status", result_type=Snapshot, rpc_timeout=PATIENCE)
            state = (
                await handle.query("state", result_type=CaseState, rpc_timeout=PATIENCE)
                if with_state
                else None
            )
    except RPCError:
        kept = office.registry.snapshot(case)
        if kept is not None:
            return Look(kept, "registry")
        return Look(_from_archive(office, case), "archive")
    except Unreachable:
        kept = office.registry.snapshot(case)
        if kept is None:
            raise
        return Look(kept, "unanswered")
    return Look(snapshot, "workflow", state)


def _from_archive(office: Office, case: str) -> Snapshot:
    try:
        with office.archive.open(case, "snapshot.json") as file:
            return Snapshot.model_validate_json(file.read())
    except Refusal:
        raise Refusal(
            Problem(f"没有案件 {case}", "核对案件编号；mingjian list 可以查到", field="CASE")
        ) from None


def explanations(state: CaseState, calendars: Editions) -> dict[str, list[str]]:
    """Why each deadline falls on its day, by its key; none for one counted under a calendar that is not here."""
    case = restored(state)
    found = {}
    for key, deadline in case.deadlines.by_key.items():
        counted = case.deadlines.counted.get(key)
        if counted is None:
            continue
        ledger = tuple(deadline.entries)
        try:
            edition = calendars.named(counted.edition)
            law = rule(deadline.rule)
            found[key] = explain(law, ledger, reckon(law, ledger, edition, counted.version), edition)
        except (InputError, Refusal):
            continue
    return found


def tell_json(found: Look, view: View, why: dict[str, list[str]]) -> None:
    """One object for a case; one line for each deadline or entry."""
    snapshot = found.snapshot
    if view == "deadlines":
        for row in snapshot.deadlines:
            say_json(row.model_dump(mode="json") | {"explanation": why.get(row.key, [])})
    elif view == "timeline":
        taken_on = _days(found.state)
        for fact in snapshot.facts:
            say_json(fact.model_dump(mode="json") | {"taken_on": taken_on.get(fact.seq)})
    else:
        parts = snapshot.model_dump(mode="json")
        say_json(parts.pop("case") | {"source": found.source} | parts)


def tell(found: Look, view: View, why: dict[str, list[str]]) -> None:
    """The case for somebody to read, 80 columns wide or as wide as the terminal."""
    if note := _SOURCES[found.source]:
        remark(note)
    snapshot = found.snapshot
    if view == "deadlines":
        _tell_deadlines(snapshot, why)
    elif view == "timeline":
        say(f"{snapshot.case.case}　{snapshot.case.title}")
        show(_facts(snapshot.facts, with_id=True, taken_on=_days(found.state)))
    else:
        _tell_status(snapshot)


def _tell_status(snapshot: Snapshot) -> None:
    case = snapshot.case
    lines = [
        f"{case.case}　{case.title}",
        _pairs(
            ("阶段", stage_label(case.kind, case.stage)),
            ("事项", _label(Matter, case.matter) + ("（重点）" if case.is_focus else "")),
            ("承办", case.handler),
            ("联络员", case.liaison),
            ("立案", str(case.opened_on)),
        ),
        _pairs(("办案", case.procuratorate), ("辖区", case.county_name or case.county), ("地点", case.place)),
        _pairs(
            ("下一期限", str(case.next_due_on or "")),
            ("提示", "、".join(_warnings(snapshot))),
            ("结案", f"{case.closed_on} {_label(Outcome, case.outcome)}" if case.closed_on else ""),
            ("日历", case.edition),
        ),
    ]
    for line in lines:
        for folded in fold(line, 78):
            say(folded)
    if snapshot.letters:
        _section("文书")
        show(_letters(snapshot))
    if snapshot.deadlines:
        _section("期限")
        show(_deadlines(snapshot.deadlines))
    if snapshot.items:
        _section("整改事项、处罚分项" if snapshot.case.kind == CaseKind.ENFORCEMENT else "整改事项")
        show(_items(snapshot))
    waiting = tuple(fact for fact in snapshot.facts if fact.how == "unmatched")
    if waiting:
        _section("待整理（mingjian decide CASE 整理 fact=编号 letter=文书；存查的不写 letter）")
        show(_facts(waiting, with_id=True))
    if snapshot.facts:
        _section("最近记录")
        show(_facts(snapshot.facts[-_SHOWN_FACTS:]))
    if len(snapshot.facts) > _SHOWN_FACTS:
        remark(f"全部 {len(snapshot.facts)} 条记录：mingjian show {case.case} --timeline")


def _section(title: str) -> None:
    say()
    say(f"【{title}】")


def _pairs(*pairs: tuple[str, str]) -> str:
    return "　".join(f"{name} {text}" for name, text in pairs if text)


def _warnings(snapshot: Snapshot) -> list[str]:
    case = snapshot.case
    warnings = {
        "逾期": case.is_overdue,
        "期限暂定": case.is_provisional,
        f"待整理 {case.unmatched} 件": bool(case.unmatched),
    }
    return [warning for warning, holds in warnings.items() if holds]


def _letters(snapshot: Snapshot) -> Listing:
    made = Listing("编号", "文书与收件单位", "制发", "送达", "回复", "状态")
    for row in snapshot.letters:
        number = row.official_no or row.internal_no
        replied = row.replied_on + (f"（共{row.replies}次）" if row.replies > 1 else "")
        state = _label(LetterState, row.state)
        if row.substance:
            state += f"：{_label(Substance, row.substance)}"
        for rung in filter(None, row.rungs.split(",")):
            state += f"\n{_label(EscalationRung, rung)}"
        made.add(
            f"{row.letter}\n{row.document}",
            "\n".join(part for part in (_label(DocumentType, row.type), row.recipient, number) if part),
            str(row.issued_on or "—"),
            (row.served_on or "—") + ("（推定）" if row.served_presumed else ""),
            replied or "—",
            state
            + (f"\n督促{row.urged}次" if row.urged else "")
            + (f"\n由{row.replaced_by}取代" if row.replaced_by else ""),
        )
    return made


def _deadlines(rows: tuple[DeadlineRow, ...]) -> Listing:
    made = Listing("期限", "对象", "起算", "届满", "状态")
    for row in rows:
        made.add(f"{row.name or row.rule}\n{row.key}", row.party, row.started_on, _due(row), _state(row))
    return made


def _due(row: DeadlineRow) -> str:
    if row.due_on:
        text = str(row.due_on)
    elif row.due_from and row.due_to:
        text = f"{row.due_from}～{row.due_to}"
    else:
        text = "无固定期限" if row.name else "—"
    return text + ("\n暂定" if row.provisional else "")


def _state(row: DeadlineRow) -> str:
    text = row.ended or ("逾期" if row.is_overdue else _STATES.get(row.state, row.state))
    if row.met_on:
        text += f"\n{row.met_on}"
    if row.days_late is not None:
        text += f"\n逾期{row.days_late}日" if row.days_late > 0 else "\n按期"
    return text


def _items(snapshot: Snapshot) -> Listing:
    made = Listing("编号", "事项", "状态", "下一步")
    for row in snapshot.items:
        area = f"（{row.area_m2:g} 平方米）" if row.area_m2 is not None else ""
        made.add(
            row.item,
            row.what + area,
            _state_of_item(row.state),
            _label(Milestone, row.next_milestone) or "—",
        )
    return made


def _state_of_item(value: str) -> str:
    """What must be put right and the items of a penalty stand in one list, each with states of its own."""
    known = _label(ItemState, value)
    return known if known != value else _label(PenaltyState, value)


def _days(state: CaseState | None) -> dict[int, str]:
    """The day in China on which each entry was taken, where the case itself answered."""
    return {entry.seq: str(day_in_china(entry.at)) for entry in state.entries} if state else {}


def _facts(
    rows: tuple[FactRow, ...], *, with_id: bool = False, taken_on: Mapping[int, str] | None = None
) -> Listing:
    days = taken_on or {}
    made = Listing("序", "日期", "种类", "内容", "记录人")
    for row in rows:
        kind = FACT_NAMES.get(row.kind) or DECISION_NAMES.get(row.kind) or _HAPPENINGS.get(row.kind, row.kind)
        how = _HOW.get(row.how, row.how)
        what = f"［{how}］{row.what}" if how and how not in row.what else row.what
        made.add(
            str(row.seq),
            row.happened_on or days.get(row.seq, "—"),
            kind,
            f"{what}\n{row.id}" if with_id else what,
            row.recorded_by if row.role == "system" else f"{row.recorded_by}（{_label(Role, row.role)}）",
        )
    return made


def _tell_deadlines(snapshot: Snapshot, why: dict[str, list[str]]) -> None:
    say(f"{snapshot.case.case}　{snapshot.case.title}")
    if not snapshot.deadlines:
        say("没有期限。")
    for row in snapshot.deadlines:
        say()
        due, state = _due(row).replace("\n", "，"), _state(row).replace("\n", "，")
        for line in fold(f"{row.name or row.rule}（{row.key}）　{row.party}", 78):
            say(line)
        say(f"  起算 {row.started_on or '—'}　届满 {due}　{state}")
        if row.basis:
            for line in fold(f"依据 {row.basis}　日历 {row.edition}", 76, indent="  "):
                say(line)
        for sentence in why.get(row.key, []):
            first, *rest = fold(sentence, 74)
            say(f"  · {first}")
            for line in rest:
                say(f"    {line}")


def stage_label(kind: str, stage: str) -> str:
    """The stage of a case of that kind, in Chinese."""
    return _label(FILES[CaseKind(kind)].STAGES, stage)


def _label(terms: type[LabelledEnum], value: Any) -> str:
    try:
        return terms(value).label
    except ValueError:
        return str(value)
