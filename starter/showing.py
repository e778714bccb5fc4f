"""`mingjian show`: one case as it stands: from the case itself, else from the registry, else from the archive."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal, Protocol

from temporalio.service import RPCError

from models.adoptions import SiteRules
from models.calendar import Calendar
from models.casefile import CaseFile
from models.cases.enforcement import EnforcementFile
from models.countersigning import signatures_awaited
from models.dates import day_in_china
from models.deadlines import reckon
from models.enforcement.suspicions import Suspicion
from models.errors import InputError, Problem, Refusal, Unreachable
from models.explanations import explain
from models.journal import CaseState
from models.kinds import FILES, restored
from models.ledgers import held_version
from models.numbering import CaseId
from models.reach import Level
from models.rows import Snapshot
from models.terms import (
    CaseKind,
    LetterState,
    Matter,
    Outcome,
)
from starter import parts
from starter.columns import fold, width
from starter.labels import label, stage_label
from starter.office import PATIENCE, Office, answering
from starter.output import remark, say, say_json, show

View = Literal["status", "deadlines", "timeline"]


class Editions(Protocol):
    """Where calendar editions are found."""

    def named(self, name: str) -> Calendar:
        """The edition of that name; InputError or Refusal when there is none."""
        ...

    @property
    def rules(self) -> SiteRules:
        """The rules with every version that the site has adopted."""
        ...


_SOURCES = {
    "workflow": "",
    "registry": "案件不在服务器上，以下取自登记库。",
    "archive": "案件不在服务器上，以下取自案卷。",
    "unanswered": "没有工作进程应答，以下取自登记库，可能不是最新的。",
}
_SHOWN_FACTS = 8
_DRAFTS = (LetterState.DRAFTED.value, LetterState.APPROVED.value)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a case, and where; `state` only when it is needed and the case itself answered."""

    snapshot: Snapshot
    source: Literal["workflow", "registry", "archive", "unanswered"]
    state: CaseState | None = None


async def look(office: Office, case: str, *, with_state: bool = False) -> Look:
    """Find a case. Refusal when there is none; Unreachable when neither it nor the registry answers.

    A case that has more to say than rows hold is asked for its state in any event: one of a kind with lines of its own, one with
    drafts, which may wait for signatures.
    """
    case = office.case(case)
    with_state = with_state or _has_lines_of_its_own(case)
    handle = office.client.get_workflow_handle(case)
    try:
        with answering():
            snapshot = await handle.query("status", result_type=Snapshot, rpc_timeout=PATIENCE)
            with_state = with_state or any(row.state in _DRAFTS for row in snapshot.letters)
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


def _has_lines_of_its_own(case: str) -> bool:
    known = CaseId.parse(case)
    return known is not None and FILES[known.kind].own_lines is not CaseFile.own_lines


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
            law = calendars.rules.rule(deadline.rule)
            held = held_version(law, counted, ledger)
            found[key] = explain(law, ledger, reckon(law, ledger, edition, held), edition)
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
        told = snapshot.model_dump(mode="json") | {
            "suspicions": _suspicions_as_json(found),
            "signatures_awaited": _signatures_as_json(found),
        }
        say_json(told.pop("case") | {"source": found.source} | told)


def tell(found: Look, view: View, why: dict[str, list[str]]) -> None:
    """The case for somebody to read, 80 columns wide or as wide as the terminal."""
    if note := _SOURCES[found.source]:
        remark(note)
    snapshot = found.snapshot
    if view == "deadlines":
        _tell_deadlines(snapshot, why)
    elif view == "timeline":
        say(f"{snapshot.case.case}　{snapshot.case.title}")
        show(parts.facts(snapshot.facts, with_id=True, taken_on=_days(found.state)))
    else:
        _tell_status(snapshot, restored(found.state) if found.state else None)


def _suspicions_as_json(found: Look) -> list[dict[str, object]] | None:
    """What waits to be taken up or set aside; None when the case itself did not answer."""
    if found.snapshot.case.kind != CaseKind.ENFORCEMENT:
        return []
    if found.state is None:
        return None
    return [
        {
            "suspicion": each.key,
            "what": each.what,
            "basis": each.basis,
            "day": str(each.day) if each.day else None,
        }
        for each in _suspicions(restored(found.state))
    ]


def _signatures_as_json(found: Look) -> dict[str, list[str]] | None:
    """By document whose signature its draft waits for; None when the case itself did not answer."""
    if not any(row.state in _DRAFTS for row in found.snapshot.letters):
        return {}
    if found.state is None:
        return None
    pending = restored(found.state).letters.pending()
    return {each.document: list(each.awaited_signatures) for each in pending if each.awaited_signatures}


def _suspicions(file: CaseFile | None) -> list[Suspicion]:
    return list(file.suspicions.open()) if isinstance(file, EnforcementFile) else []


def _tell_status(snapshot: Snapshot, file: CaseFile | None) -> None:
    """`file`: the case itself, when it answered with all it has; it may say more than the rows."""
    case = snapshot.case
    suspicions = _suspicions(file)
    _tell_folded(f"{case.case}　{case.title}")
    _tell_pairs(
        ("阶段", stage_label(case.kind, case.stage)),
        ("事项", label(Matter, case.matter) + ("（重点）" if case.is_focus else "")),
        ("承办", case.handler),
        ("联络员", case.liaison),
        ("立案", str(case.opened_on)),
        ("知悉范围", "" if case.level == Level.ORDINARY.value else label(Level, case.level)),
    )
    _tell_pairs(("办案", case.procuratorate), ("辖区", case.county_name or case.county), ("地点", case.place))
    _tell_pairs(
        ("下一期限", str(case.next_due_on or "")),
        ("提示", "、".join(_warnings(snapshot, len(suspicions)))),
        ("结案", f"{case.closed_on} {label(Outcome, case.outcome)}" if case.closed_on else ""),
        ("日历", case.edition),
    )
    if snapshot.letters:
        _section("文书")
        show(parts.letters(snapshot))
    if waiting_for := list(signatures_awaited(file.letters)) if file else []:
        _section("待会签（mingjian record CASE 会签 document=文书 organ=单位 signer=签名人）")
        for line in waiting_for:
            _tell_folded(line)
    if snapshot.deadlines:
        _section("期限")
        show(parts.deadlines(snapshot.deadlines))
    if snapshot.items:
        _section("事项、处罚分项" if snapshot.case.kind == CaseKind.ENFORCEMENT else "事项")
        show(parts.items(snapshot))
    if own := list(file.own_lines()) if file else []:
        _section("情况")
        _tell_own_lines(case.case, own, suspicions)
    if snapshot.meetings:
        _section("会议")
        show(parts.meetings(snapshot))
    if snapshot.links:
        _section("关联案件")
        show(parts.links(snapshot))
    waiting = tuple(fact for fact in snapshot.facts if fact.how == "unmatched")
    if waiting:
        _section("待整理（mingjian decide CASE 整理 fact=编号 letter=文书；存查的不写 letter）")
        show(parts.facts(waiting, with_id=True))
    if snapshot.facts:
        _section("最近记录")
        show(parts.facts(snapshot.facts[-_SHOWN_FACTS:]))
    if len(snapshot.facts) > _SHOWN_FACTS:
        remark(f"全部 {len(snapshot.facts)} 条记录：mingjian show {case.case} --timeline")


def _tell_own_lines(case: str, own: list[str], suspicions: list[Suspicion]) -> None:
    for line in own:
        first, *rest = fold(line, 76)
        say(f"· {first}")
        for each in rest:
            say(f"  {each}")
    if suspicions:
        say("嫌疑由检察官采纳查明，或者写明理由排除：")
    for suspicion in suspicions:
        asked = shlex.quote(f"suspicion={suspicion.key}")
        # In two lines that a shell reads as one.
        say(f"  mingjian decide {case} 采纳嫌疑 \\\n    {asked} --by … --role 检察官")
        say(f"  mingjian decide {case} 排除嫌疑 \\\n    {asked} reason=… --by … --role 检察官")


def _section(title: str) -> None:
    say()
    say(f"【{title}】")


def _tell_pairs(*pairs: tuple[str, str]) -> None:
    """Names with what they stand for, as many in a line as there is room for; a name and its word stay together."""
    line = ""
    for pair in (f"{name} {text}" for name, text in pairs if text):
        if line and width(f"{line}　{pair}") > 78:
            _tell_folded(line)
            line = pair
        else:
            line = f"{line}　{pair}" if line else pair
    _tell_folded(line)


def _tell_folded(text: str) -> None:
    for line in fold(text, 78):
        say(line)


def _warnings(snapshot: Snapshot, suspicions: int) -> list[str]:
    case = snapshot.case
    warnings = {
        "逾期": case.is_overdue,
        "期限暂定": case.is_provisional,
        f"待整理 {case.unmatched} 件": bool(case.unmatched),
        f"待处理的嫌疑 {suspicions} 件": bool(suspicions),
    }
    return [warning for warning, holds in warnings.items() if holds]


def _days(state: CaseState | None) -> dict[int, str]:
    """The day in China on which each entry was taken, where the case itself answered."""
    return {entry.seq: str(day_in_china(entry.at)) for entry in state.entries} if state else {}


def _tell_deadlines(snapshot: Snapshot, why: dict[str, list[str]]) -> None:
    say(f"{snapshot.case.case}　{snapshot.case.title}")
    if not snapshot.deadlines:
        say("没有期限。")
    others = parts.other_readings(snapshot.deadlines)
    for row in snapshot.deadlines:
        say()
        due = parts.due(row).replace("\n", "，")
        state = parts.state(row, is_other_reading=row.key in others).replace("\n", "，")
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
