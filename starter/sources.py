"""Where each case stands from which the registry can be made again: its workflow, or its sealed folder in the archive."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

from activities.archive import Shelf
from activities.folders import find_paper, history_name
from models.errors import InputError, Problem, Refusal
from models.kinds import FILES
from models.numbering import CaseId, case_of_supplement
from models.rows import Snapshot
from models.terms import CaseKind
from starter.office import PATIENCE, Office, answering

Place = Literal["archive", "running", "closed"]

_TYPES = ", ".join(f"'{kind.value}'" for kind in FILES)
_HISTORIES, _SNAPSHOT = "history/", "snapshot.json"
_RESTORE = "从备份取回这一案卷，再运行一次"


class Source(NamedTuple):
    """The last run of a case; sealed in that folder when it is `archive`, else still known to the server."""

    case: str
    place: Place
    run: str
    folder: str = ""


class Told(NamedTuple):
    """What a source tells: the rows, their run, and the start of its first task."""

    snapshot: Snapshot
    run: str
    started_at: datetime


@dataclass(slots=True)
class Known:
    """Every case that anything at all knows of."""

    numbered: set[str] = field(default_factory=set)
    void: set[str] = field(default_factory=set)
    folders: dict[str, list[str]] = field(default_factory=dict)
    served: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)

    def cases(self) -> list[str]:
        """Their ids in order; one whose number is void alone was never opened."""
        found = self.folders.keys() | self.served | self.rows
        return sorted(found | (self.numbered - self.void))


async def known_cases(office: Office, rows: Collection[str]) -> Known:
    """Ask the number book, the archive and the server; Unreachable when one of them does not answer."""
    known = Known(rows=set(rows))
    for number in office.books.numbers(book="case"):
        case = str(CaseId(CaseKind(number.kind), number.county, number.year, number.number))
        known.numbered.add(case)
        if number.voided_at is not None:
            known.void.add(case)
    for folder in office.archive.cases():
        case = case_of_supplement(folder) or folder
        if CaseId.parse(case) is not None:
            known.folders.setdefault(case, []).append(folder)
    with answering():
        async for run in office.client.list_workflows(f"WorkflowType IN ({_TYPES})"):
            if CaseId.parse(run.id) is not None:
                known.served.add(run.id)
    return known


async def source_of(office: Office, case: str, folders: Sequence[str]) -> Source:
    """Where a case stands. Refusal when nothing is left of it, or what is left cannot be read."""
    try:
        with answering():
            described = await office.client.get_workflow_handle(case).describe(rpc_timeout=PATIENCE)
    except RPCError:
        return filed_source(office.archive, case, folders)
    run = described.run_id
    assert run is not None
    if described.status is WorkflowExecutionStatus.RUNNING:
        return Source(case, "running", run)
    for folder in folders:
        if office.archive.is_sealed(folder) and find_paper(office.archive, folder, history_name(run)):
            return Source(case, "archive", run, folder)
    return Source(case, "closed", run)


def filed_source(archive: Shelf, case: str, folders: Sequence[str]) -> Source:
    """The folder of the run that ended last: a case reset after its end was filed once more, beside the first."""
    sealed = [folder for folder in folders if archive.is_sealed(folder)]
    if not sealed:
        what = "案卷尚未封存，服务器上也没有这个案件" if folders else "档案库和服务器上都没有这个案件"
        raise Refusal(Problem(what, "从备份取回，再运行一次；从未立成的，照原文件立案，仍用此号"))
    ended = {folder: last_run(archive, folder) for folder in sealed}
    if len(sealed) == 1:
        return Source(case, "archive", ended[sealed[0]], sealed[0])
    last = max(sealed, key=lambda folder: _moments(archive, folder, ended[folder])[1])
    return Source(case, "archive", ended[last], last)


def last_run(archive: Shelf, folder: str) -> str:
    """The run that sealed a folder: its history came after those of the runs before it."""
    names = [filed.paper.name for filed in archive.papers(folder)]
    runs = [
        name.removeprefix(_HISTORIES).removesuffix(".json") for name in names if name.startswith(_HISTORIES)
    ]
    if not runs:
        raise Refusal(Problem("案卷中没有运行记录", _RESTORE, file=folder))
    return runs[-1]


def read_filed(archive: Shelf, source: Source) -> Told:
    """What a sealed folder tells, checked against the digests of its ledger. Refusal when it cannot be trusted."""
    place = f"{source.folder}/{_SNAPSHOT}"
    content = _checked(archive, source.folder, _SNAPSHOT)
    try:
        snapshot = Snapshot.model_validate_json(content)
    except ValidationError as error:
        raise Refusal(Problem("快照读不出来", _RESTORE, file=place)) from error
    if snapshot.case.case != source.case:
        raise Refusal(Problem(f"快照是案件 {snapshot.case.case} 的", _RESTORE, file=place))
    if any(row.case != source.case for rows in _below(snapshot) for row in rows):
        raise Refusal(Problem("快照里有别的案件的行", _RESTORE, file=place))
    started_at, _ = _moments(archive, source.folder, source.run)
    return Told(snapshot, source.run, started_at)


def _below(snapshot: Snapshot) -> Iterator[Sequence[Any]]:
    """The rows below a case, kind by kind."""
    for name in Snapshot.model_fields:
        if isinstance(rows := getattr(snapshot, name), tuple):
            yield rows


def _moments(archive: Shelf, folder: str, run: str) -> tuple[datetime, datetime]:
    """The start of a run's first task that was done, and the run's end, from its archived history."""
    name = history_name(run)
    try:
        events = json.loads(_checked(archive, folder, name))["events"]
        return first_task(events), _moment(events[-1]["eventTime"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Refusal(Problem("运行记录读不出来", _RESTORE, file=f"{folder}/{name}")) from error


def first_task(events: Sequence[Mapping[str, Any]]) -> datetime:
    """The start of the first task that was done, from an archived history; LookupError when none was."""
    started = ""
    for event in events:
        if event["eventType"] == "EVENT_TYPE_WORKFLOW_TASK_STARTED":
            started = event["eventTime"]
        elif event["eventType"] == "EVENT_TYPE_WORKFLOW_TASK_COMPLETED":
            return _moment(started)
    raise LookupError("no task was done")


def _moment(text: str) -> datetime:
    """As the workflow knew it: nanoseconds are cut to microseconds."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}").replace(tzinfo=UTC)


def _checked(archive: Shelf, folder: str, name: str) -> bytes:
    filed = find_paper(archive, folder, name)
    if filed is None:
        raise Refusal(Problem("案卷中没有这个文件", _RESTORE, file=f"{folder}/{name}"))
    try:
        return archive.read(filed.paper.digest)
    except (Refusal, InputError) as trouble:
        raise Refusal(
            Problem(each.what, _RESTORE, file=f"{folder}/{name}") for each in trouble.problems
        ) from trouble


async def ask(office: Office, source: Source) -> Told:
    """What the workflow itself tells. Refusal when it is gone, Unreachable when it does not answer."""
    handle = office.client.get_workflow_handle(source.case, run_id=source.run)
    try:
        with answering():
            snapshot: Snapshot = await handle.query("status", result_type=Snapshot, rpc_timeout=PATIENCE)
            started_at: datetime | None = None
            async for event in handle.fetch_history_events(page_size=20):
                if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                    started_at = event.event_time.ToDatetime(tzinfo=UTC)
                elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                    break
    except RPCError as error:
        raise Refusal(Problem("案件已不在服务器上", "再运行一次")) from error
    if started_at is None:
        raise Refusal(Problem("案件尚未开始办理", "再运行一次"))
    return Told(snapshot, source.run, started_at)


def without_number(known: Known) -> Mapping[str, Problem]:
    """Cases that the number book does not know: it came from an older backup, and would give their numbers again."""
    what, remedy = "编号簿上没有这个编号", "编号簿可能由较早的备份恢复；立新案以前先请运维人员核对"
    found = (known.folders.keys() | known.served | known.rows) - known.numbered
    return {case: Problem(what, remedy) for case in sorted(found)}
