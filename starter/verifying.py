"""Verifying cases: each sealed folder in itself and against the book of seals, the registry, and what the server still has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

from activities.archive import Archive
from activities.folders import history_text
from activities.held_rows import expected_rows
from models.bags import Finding, Ledger, is_case_name
from models.errors import InputError, MingjianError, Problem, Refusal, Unreachable
from models.journal import CaseState
from models.journal_file import JOURNAL, journal_text, read_journal
from models.numbering import CaseId, filing_id
from models.row_differences import Difference, differences
from models.rows import Snapshot
from starter.histories import as_events
from starter.office import PATIENCE, answering
from starter.packages import Package, examine, papers_in
from starter.sources import first_task
from starter.witnesses import Witnesses, chosen

_MOST = 5
"""So many differences of one kind are named one by one."""
_TRIES = 3
_BETWEEN = 0.5
_GIVE_UP = 3
"""So many cases in a row without an answer, and no other is asked: it is the worker that is away."""
_REPAIR = "用 mingjian verify --repair 重写"


@dataclass(slots=True)
class Verdict:
    """What became of one case: what is wrong with it, and which checks could not be made."""

    case: str
    findings: list[Finding] = field(default_factory=list)
    unmade: list[str] = field(default_factory=list)
    package: Package | None = None
    """The sealed folder of the run that ended last, if there is one."""
    is_running: bool = False

    @property
    def is_sound(self) -> bool:
        return not self.findings

    def wrong(
        self, what: str, remedy: str, file: str = "", *, line: int | None = None, field: str = ""
    ) -> None:
        """Two places that should say the same do not."""
        self.findings.append(Finding(self.case, "disagreeing", what, remedy, file, line=line, field=field))


async def verify(witnesses: Witnesses, cases: Sequence[str] = ()) -> AsyncIterator[Verdict]:
    """Each case's verdict, one at a time; without ids, every case that anybody knows. Changes nothing.

    InputError for an id that is none, Unreachable when the archive does not answer.
    """
    if problems := [
        Problem(f"“{case}”不是案件编号", "写作 urging-350481-2026-0001；mingjian list 可以查到", field="CASE")
        for case in cases
        if not is_case_name(case)
    ]:
        raise InputError(problems)
    for case in chosen(witnesses, cases):
        yield await verified(witnesses, case)


async def verified(witnesses: Witnesses, case: str) -> Verdict:
    """The verdict on one case."""
    verdict = Verdict(case)
    _folders(witnesses, verdict)
    verdict.is_running = case in witnesses.served
    if verdict.is_running:
        await _open_case(witnesses, verdict)
        return verdict
    if verdict.package is not None:
        _rows_of_package(witnesses, verdict, verdict.package)
        await _server_of_package(witnesses, verdict, verdict.package)
    else:
        await _unsealed(witnesses, verdict)
    return verdict


# the archive and the book of seals


def ledger_of(archive: Archive, folder: str) -> Ledger | None:
    """A folder's ledger; None where there is none that can be read."""
    try:
        return archive.ledger(folder)
    except Refusal:
        return None


def _folders(witnesses: Witnesses, verdict: Verdict) -> None:
    archive, case = witnesses.archive, verdict.case
    folders = witnesses.folders.get(case, [])
    seals = witnesses.seals
    booked = {name: seal for name, seal in (seals or {}).items() if seal.case == case}
    packages = []
    for folder in folders:
        ledger = ledger_of(archive, folder)
        is_open = ledger.seal is None if ledger is not None else folder not in booked
        if is_open:
            verdict.findings += archive.verify(folder)
            if folder in booked:
                verdict.wrong("封存簿上已封存，案卷却没有封存", "从备份取回", folder)
            continue
        own = ledger_of(archive, case) if folder != case else None
        package = examine(
            archive, case, folder, booked.get(folder), ledger, own.papers if own is not None else ()
        )
        verdict.findings += package.findings
        verdict.unmade += package.unmade
        packages.append(package)
        if seals is not None and folder not in booked:
            verdict.wrong(
                "案卷已封存，封存簿上没有",
                "封存簿可能由较早的备份恢复；用 mingjian verify --repair 补登",
                folder,
            )
    for folder in booked.keys() - set(folders):
        seal = booked[folder]
        what = f"封存簿上有这一卷（{seal.sealed_at:%Y-%m-%d} 封存），档案库里没有"
        verdict.findings.append(Finding(folder, "missing", what, "从备份取回整个案卷文件夹"))
    verdict.package = max(
        packages, key=lambda each: each.last.ended if each.last is not None else "", default=None
    )


# the registry


def _rows_of_package(witnesses: Witnesses, verdict: Verdict, package: Package) -> None:
    if witnesses.held is None:
        return
    if package.snapshot is None:
        verdict.unmade.append("案卷没有可信的快照，登记库没有核对")
        return
    started_at = None
    if package.last is not None:
        try:
            started_at = first_task(package.last.events)
        except (LookupError, ValueError):
            verdict.wrong("运行记录里没有办理过一步", "与备份核对", f"data/history/{package.run}.json")
    expected = expected_rows(package.snapshot, run=package.run, run_started_at=started_at)
    held = witnesses.held.of(verdict.case)
    if held is None:
        verdict.wrong("登记库里没有这个案件，案卷已封存", _REPAIR, "登记库")
        return
    _name(verdict, list(differences(expected, held)), "登记库与案卷快照不符")


def _name(verdict: Verdict, apart: Sequence[Difference], what: str) -> None:
    for each in apart[:_MOST]:
        verdict.wrong(f"{what}：{each}", _REPAIR, "登记库", field=each.place)
    if len(apart) > _MOST:
        verdict.wrong(f"{what}：另有 {len(apart) - _MOST} 处", _REPAIR, "登记库")


# the server


async def _server_of_package(witnesses: Witnesses, verdict: Verdict, package: Package) -> None:
    """What the server still has of a case that was sealed: the end of its journal, and each history, event by event."""
    office = witnesses.office
    if office is None or CaseId.parse(verdict.case) is None:
        return
    if witnesses.silent >= _GIVE_UP:
        verdict.unmade.append("工作进程没有应答，服务器上的案件状态没有核对")
    else:
        await _state_of_closed(witnesses, verdict, package)
    for run, history in package.histories.items():
        handle = office.client.get_workflow_handle(verdict.case, run_id=run)
        try:
            with answering():
                events = as_events(history_text(await handle.fetch_history()))
        except RPCError:
            continue  # the server has forgotten the run, as it does after its time
        except Unreachable as trouble:
            verdict.unmade.append(f"运行 {run} 的记录没有与服务器核对（{trouble.problems[0]}）")
            continue
        if events != history.events:
            place = next(
                (
                    n
                    for n, pair in enumerate(zip(events, history.events, strict=False), 1)
                    if pair[0] != pair[1]
                ),
                min(len(events), len(history.events)) + 1,
            )
            verdict.wrong(
                f"第 {place} 个事件与服务器上的不同",
                "与备份核对，用 mingjian verify --repair 恢复",
                f"data/history/{run}.json",
                line=place,
            )


async def _state_of_closed(witnesses: Witnesses, verdict: Verdict, package: Package) -> None:
    assert witnesses.office is not None
    handle = witnesses.office.client.get_workflow_handle(verdict.case, run_id=package.run or None)
    try:
        with answering():
            state: CaseState = await handle.query("state", result_type=CaseState, rpc_timeout=PATIENCE)
    except RPCError:
        return  # forgotten
    except MingjianError as trouble:
        if isinstance(trouble, Unreachable):
            witnesses.silent += 1
            witnesses.broken = True
        verdict.unmade.append(f"服务器上的案件状态没有核对（{trouble.problems[0]}）")
        return
    witnesses.silent = 0
    entries, ours = state.entries, package.journal.entries
    for told, kept in zip(entries, ours, strict=False):
        if told.chain != kept.chain:
            verdict.wrong("与服务器上案件的记录不同", "与备份核对", f"data/{JOURNAL}", line=kept.seq)
            return
    if len(entries) != len(ours) and not package.journal.line:
        what = f"服务器上案件的记录有 {len(entries)} 行，案卷里有 {len(ours)} 行"
        verdict.wrong(what, "与备份核对", f"data/{JOURNAL}", line=min(len(entries), len(ours)) + 1)


async def _unsealed(witnesses: Witnesses, verdict: Verdict) -> None:
    """A case that neither runs nor is sealed: it is about to be, or something was lost."""
    case = verdict.case
    row = (witnesses.rows or {}).get(case)
    has_folder = case in witnesses.folders
    if row is None and not has_folder:
        if not verdict.findings:
            verdict.findings.append(Finding(case, "absent", "没有这个案卷文件夹", "核对案件编号"))
        return
    office = witnesses.office
    if office is None:
        verdict.unmade.append("案卷没有封存，须向服务器核对")
        return
    try:
        with answering():
            described = await office.client.get_workflow_handle(case).describe(rpc_timeout=PATIENCE)
        run = described.run_id or ""
        if described.status is WorkflowExecutionStatus.RUNNING:
            verdict.is_running = True
            await _open_case(witnesses, verdict)
            return
        with answering():
            filing = await office.client.get_workflow_handle(filing_id(case, run)).describe(
                rpc_timeout=PATIENCE
            )
        is_filing = filing.status is WorkflowExecutionStatus.RUNNING
    except RPCError:
        is_filing = False
    except Unreachable as trouble:
        verdict.unmade.append(f"案卷没有封存，须向服务器核对（{trouble.problems[0]}）")
        return
    if is_filing:
        verdict.unmade.append("案件已办结，正在归档封存；封存以后再核一次")
    elif row is None:
        verdict.wrong("案卷没有封存，登记库和服务器上都没有这个案件", "查明来历，从备份取回")
    else:
        verdict.wrong("登记库里有这个案件，服务器上没有，案卷也没有封存", "从备份取回", "登记库")


async def _open_case(witnesses: Witnesses, verdict: Verdict) -> None:
    """A case on the desk: its journal, its rows and its papers, as it tells of them itself."""
    if witnesses.office is None:
        verdict.unmade.append("案件在办，没有与服务器核对")
        return
    if witnesses.silent >= _GIVE_UP:
        verdict.unmade.append("工作进程没有应答，在办案件没有核对")
        return
    handle = witnesses.office.client.get_workflow_handle(verdict.case)
    try:
        for left in reversed(range(_TRIES)):
            with answering():
                state: CaseState = await handle.query("state", result_type=CaseState, rpc_timeout=PATIENCE)
                status: Snapshot = await handle.query("status", result_type=Snapshot, rpc_timeout=PATIENCE)
                described = await handle.describe(rpc_timeout=timedelta(seconds=5))
            apart = _rows_of_open(witnesses, verdict.case, status, described.run_id or "")
            if not apart:
                break
            if left:  # it may be moving just now
                await asyncio.sleep(_BETWEEN)
    except (MingjianError, RPCError) as trouble:
        if isinstance(trouble, Unreachable):
            witnesses.silent += 1
            witnesses.broken = True
        why = trouble.problems[0] if isinstance(trouble, MingjianError) else "案件刚刚办结"
        verdict.unmade.append(f"案件在办，没有核对（{why}）")
        return
    witnesses.silent = 0
    read = read_journal(journal_text(state.entries))
    if read.line:
        verdict.wrong(
            f"在办案件的记录这一行接不上：{read.wrong}", "请运维人员查明", "案卷记录", line=read.line
        )
    _name(verdict, apart, "登记库与在办案件不符")
    _papers_of_open(witnesses, verdict, state)


def _rows_of_open(witnesses: Witnesses, case: str, status: Snapshot, run: str) -> list[Difference]:
    if witnesses.held is None:
        return []
    held = witnesses.held.of(case)
    if held is None:
        return [Difference("cases", "有这一行", None)]
    return list(differences(expected_rows(status, run=run, run_started_at=None), held))


def _papers_of_open(witnesses: Witnesses, verdict: Verdict, state: CaseState) -> None:
    try:
        held = {
            each.paper.name: each.paper
            for folder in witnesses.folders.get(verdict.case, [])
            for each in witnesses.archive.papers(folder)
        } | {each.paper.name: each.paper for each in witnesses.archive.papers(verdict.case)}
    except Refusal:
        verdict.unmade.append("登记簿读不懂，记录里的文件没有核对")
        return
    for entry in state.entries:
        for paper in papers_in(entry.message):
            kept = held.get(paper.name)
            if kept is None:
                verdict.wrong(
                    f"记录第 {entry.seq} 行的文件，登记簿上没有", "从备份取回", f"data/{paper.name}"
                )
            elif kept.digest != paper.digest:
                what = f"指纹应为 {paper.digest[:12]}…（记录第 {entry.seq} 行），登记簿为 {kept.digest[:12]}…"
                verdict.wrong(what, "与备份核对", f"data/{paper.name}")
