"""What may break does: workers killed in mid-wait and in mid-step, the registry gone and hanging, a reset, a bad deployment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyExcludeType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import WorkflowTaskFailedEventAttributes
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import WorkflowExecutionStatus

from activities.sqlite_library import sqlite3
from models.messages import PaperMade
from models.numbering import filing_id
from tests.openings import notification_opening
from tests.world import SOON, Case, World, awaiting_reply, within, world_on

pytestmark = pytest.mark.asyncio(loop_scope="session")


class WorkerProcess:
    """A worker in a process of its own, to be killed; or it dies as `tests.dying_worker` says."""

    def __init__(self, world: World, *dies: str) -> None:
        self._arguments = [
            sys.executable,
            "-m",
            "tests.dying_worker",
            world.server.address,
            str(world.settings.home),
            world.queue,
            *dies,
        ]
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> WorkerProcess:
        self.process = await asyncio.create_subprocess_exec(
            *self._arguments, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
        )
        assert self.process.stdout is not None
        async with within(90):
            assert await self.process.stdout.readline() == b"working\n"
        return self

    async def died(self) -> int:
        assert self.process is not None
        async with within(90):
            return await self.process.wait()

    async def __aexit__(self, *_: object) -> None:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()


async def test_a_worker_killed_in_mid_wait_loses_nothing(world: World) -> None:
    alone = world.aside(task_timeout=SOON)
    async with WorkerProcess(alone):
        case = await awaiting_reply(alone, 101)
        await case.settled()
    await case.signal("reply_received", "reply-1", on="2021-09-15")
    async with alone.worker():
        status = await case.settled()
        assert status.letters[0].replies == 1
        assert status.case.stage == "reply_review"


@pytest.mark.parametrize("step", ["registry.settle", "documents.make"])
async def test_a_worker_that_dies_between_a_commit_and_its_report_does_nothing_twice(
    world: World, step: str
) -> None:
    alone = world.aside(task_timeout=SOON)
    number = 102 if step == "registry.settle" else 103
    case = await alone.open(notification_opening(number))
    async with WorkerProcess(alone, "after", step) as dying:
        waiting = asyncio.create_task(case.decide("issue_letter", "issue-1"))
        assert await dying.died() != 0
    async with alone.worker():
        assert (await waiting).how in ("applied", "seen")
        async with within(90):
            while not (status := await case.settled(60)).papers:
                await asyncio.sleep(0.1)
    assert len(status.papers) == 1
    assert given(world) == [(1, f"{case.opening.case}/D1")]
    filed = [paper.paper.name for paper in world.world.archive.papers(case.opening.case)]
    assert len(filed) == 1
    assert world.world.archive.verify(case.opening.case) == []


def given(world: World) -> list[tuple[int, str]]:
    """The numbers that the books have given to papers, and to which."""
    return [(each.number, each.key) for each in world.world.books.numbers()]


async def test_a_worker_that_dies_between_the_number_and_the_paper_leaves_no_gap(world: World) -> None:
    """In the middle of an activity: the number is given, the paper is not there yet."""
    alone = world.aside(task_timeout=SOON)
    case = await alone.open(notification_opening(104))
    key = f"{case.opening.case}/D1"
    async with WorkerProcess(alone, "before", "archive.store") as dying:
        waiting = asyncio.create_task(case.decide("issue_letter", "issue-1"))
        assert await dying.died() == 9
    archive = world.world.archive
    assert given(world) == [(1, key)]
    assert archive.papers(case.opening.case) == ()

    async with alone.worker():
        assert (await waiting).how in ("applied", "seen")
        other = await awaiting_reply(alone, 105)  # takes the next number while the first paper still waits
        async with within(90):
            for each in (case, other):
                while not (await each.settled(60)).papers:
                    await asyncio.sleep(0.1)
        journals = [(await each.state()).entries for each in (case, other)]
    assert given(world) == [(1, key), (2, f"{other.opening.case}/D1")]
    for number, (each, entries) in enumerate(zip((case, other), journals, strict=True), 1):
        (filed,) = archive.papers(each.opening.case)
        (made,) = [entry.message for entry in entries if isinstance(entry.message, PaperMade)]
        assert made.paper.digest == filed.paper.digest
        assert made.internal_no == f"350481-notification_letter-2021-{number:04d}"
        assert archive.verify(each.opening.case) == []


async def test_two_workers_at_once_share_the_work(world: World) -> None:
    both = world.aside()
    cases: list[Case] = []
    seen: set[str] = set()
    async with WorkerProcess(both) as other, both.worker():
        assert other.process is not None
        processes = {str(os.getpid()), str(other.process.pid)}
        while not processes <= seen and len(cases) < 48:
            numbers = range(600 + len(cases), 606 + len(cases))
            opened = await asyncio.gather(*(awaiting_reply(both, number) for number in numbers))
            await asyncio.gather(
                *(case.signal("reply_received", "reply-1", on="2021-09-15") for case in opened)
            )
            for case in opened:
                async with within(60):
                    while not (status := await case.settled()).papers:
                        await asyncio.sleep(0.1)
                assert (status.letters[0].replies, status.case.stage) == (1, "reply_review")
                started = [event.workflow_task_started_event_attributes for event in await case.events()]
                # A task that an update alone brought about may not say who started it.
                seen |= {each.identity.partition("@")[0] for each in started if each.identity}
            cases += opened
    assert seen == processes
    numbers_given = given(world)
    assert [number for number, _ in numbers_given] == list(range(1, len(cases) + 1))
    assert {key for _, key in numbers_given} == {f"{case.opening.case}/D1" for case in cases}


async def test_while_the_registry_hangs_messages_are_taken_and_queries_answered(world: World) -> None:
    case = await awaiting_reply(world, 120)
    await case.settled()
    blocker = sqlite3.connect(world.settings.home / "registry.db", isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        await case.signal("reply_received", "reply-1", on="2021-09-15")
        waiting = asyncio.create_task(case.record("happened", "event-1", on="2021-09-15", event="核查"))
        async with within(10):
            while (await case.status()).letters[0].replies == 0:
                await asyncio.sleep(0.1)
        assert not waiting.done()
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()
    async with within(90):
        assert (await waiting).how == "noted"
    status = await case.settled(60)
    assert status.case.stage == "reply_review"


async def test_a_registry_that_is_gone_comes_back_whole(world: World) -> None:
    case = await awaiting_reply(world, 121)
    await case.settled()
    database = world.settings.home / "registry.db"
    away = database.with_suffix(".away")
    world.world.database.close()
    database.rename(away)
    database.mkdir()
    try:
        await case.signal("reply_received", "reply-1", on="2021-09-15")
        async with within(10):
            while (await case.status()).letters[0].replies == 0:
                await asyncio.sleep(0.1)
    finally:
        database.rmdir()
        away.rename(database)
    assert (await case.settled(90)).case.stage == "reply_review"


async def finished_tasks(case: Case) -> list[int]:
    """The events in the history of a case with which its workflow tasks were completed."""
    history = await case.handle.fetch_history()
    return [
        event.event_id
        for event in history.events
        if event.HasField("workflow_task_completed_event_attributes")
    ]


async def run_start(case: Case) -> datetime:
    """What the run of a case takes for its start: that of the first workflow task that was completed."""
    history = await case.handle.fetch_history()
    first = next(
        event.workflow_task_completed_event_attributes.started_event_id
        for event in history.events
        if event.HasField("workflow_task_completed_event_attributes")
    )
    return history.events[first - 1].event_time.ToDatetime(UTC)


async def reset(
    case: Case, finished_task: int, *, without: Sequence[ResetReapplyExcludeType.ValueType] = ()
) -> None:
    """Reset a case to one of its tasks; messages are applied again but for those of the kinds left out."""
    described = await case.handle.describe()
    await case.world.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=case.world.server.namespace,
            workflow_execution=WorkflowExecution(workflow_id=case.opening.case, run_id=described.run_id),
            reason="test",
            workflow_task_finish_event_id=finished_task,
            request_id=f"reset-{case.opening.case}",
            reset_reapply_exclude_types=without,
        )
    )


async def test_a_reset_case_goes_on_from_its_new_run(world: World) -> None:
    case = await awaiting_reply(world, 130)
    await case.record("reply_received", "reply-1", on="2021-09-15")
    await case.settled()
    await reset(case, (await finished_tasks(case))[0])
    status = await case.settled(60)
    assert status.letters[0].replies == 1
    assert status.case.stage == "reply_review"


@pytest.mark.parametrize("to", ["its first task", "a later task"])
async def test_a_reset_case_with_a_shorter_journal_is_projected_and_gives_notice(
    world: World, to: str
) -> None:
    case = await awaiting_reply(world, 131 if to == "its first task" else 132)
    await case.settled()
    tasks = await finished_tasks(case)
    for number in range(8):
        await case.signal("happened", f"event-{number}", on="2021-09-15", event="核查")
    before = await case.settled()
    assert before.case.unmatched == 0
    started = await run_start(case)
    await reset(
        case,
        tasks[0 if to == "its first task" else -1],
        without=[ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL],
    )
    await case.settled(60)
    # a run forked after its first task shares that task, and so the start, with the run that was given up
    assert (await run_start(case) == started) is (to == "a later task")
    await case.signal("reply_received", "reply-9", letter="L9", on="2021-09-15")
    async with within(60):
        while (status := await case.settled(60)).case.unmatched == 0:
            await asyncio.sleep(0.1)
    assert status.revision < before.revision
    queued = {notice.key for notice in world.world.books.queued(1000)}
    assert f"{case.opening.case}/reply-9/{case.opening.handler.name}" in queued


async def test_a_bad_deployment_leaves_the_case_running(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = world.aside(task_timeout=SOON)
    async with alone.worker(max_cached_workflows=0):
        case = await awaiting_reply(alone, 140)
        await case.settled()
    with monkeypatch.context() as patch:

        def broken(self: object) -> None:
            raise RuntimeError("a bad deployment")

        patch.setattr("workflows.parts.desk.Desk._settle", broken)
        async with alone.worker(max_cached_workflows=0):
            await case.signal("reply_received", "reply-1", on="2021-09-15")
            failed = await failed_task(case)
            assert "a bad deployment" in failed.failure.message
            described = await case.handle.describe()
            assert described.status == WorkflowExecutionStatus.RUNNING
    async with alone.worker():
        await finished(case)


async def test_a_deployment_that_does_otherwise_leaves_the_case_running(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its commands are not those in the history: the task fails, and not the case."""
    alone = world.aside(task_timeout=SOON)
    async with alone.worker(max_cached_workflows=0):
        case = await awaiting_reply(alone, 141)
        await case.settled()
    with monkeypatch.context() as patch:
        patch.setattr("workflows.parts.desk.Desk._arm", lambda self: None)
        async with alone.worker(max_cached_workflows=0):
            await case.signal("reply_received", "reply-1", on="2021-09-15")
            failed = await failed_task(case)
            cause = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
            assert failed.cause == cause
            described = await case.handle.describe()
            assert described.status == WorkflowExecutionStatus.RUNNING
    async with alone.worker():
        await finished(case)


async def failed_task(case: Case) -> WorkflowTaskFailedEventAttributes:
    """How a task of a case failed, once one has."""
    async with within(60):
        while True:
            for event in await case.events():
                if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                    return event.workflow_task_failed_event_attributes
            await asyncio.sleep(0.1)


async def finished(case: Case) -> None:
    """Bring a case whose reply has come to its end, and into the archive."""
    status = await case.settled(60)
    assert (status.letters[0].replies, status.case.stage) == (1, "reply_review")
    await case.decide("assess_reply", "assess-1", substance="put_right")
    await case.decide("close_case", "close-1", outcome="rectified", reason="已整改")
    async with within(60):
        assert (await case.handle.result()).outcome == "rectified"
        run = (await case.handle.describe()).run_id
        await case.world.client.get_workflow_handle(filing_id(case.opening.case, run)).result()


async def test_without_a_cache_every_task_replays_the_whole_case(world: World) -> None:
    alone = world.aside(task_timeout=SOON)
    async with alone.worker(max_cached_workflows=0):
        case = await awaiting_reply(alone, 150)
        await case.pass_days(75)
        await case.record("reply_received", "reply-1", on="2021-11-20")
        await case.decide("assess_reply", "assess-1", substance="put_right")
        await case.decide("close_case", "close-1", outcome="rectified", reason="已整改")
        filed = await case.handle.result()
        assert filed.outcome == "rectified"
        assert (await case.settled(30)).case.stage == "archived"


async def test_a_server_killed_and_restarted_goes_on(tmp_path: Path) -> None:
    from models.search import ATTRIBUTES
    from starter.provision.server import LocalServer

    place = tmp_path / "temporal"
    async with (
        LocalServer(place, time_skipping=True, search_attributes=ATTRIBUTES) as server,
        world_on(server, tmp_path, "restart") as world,
    ):
        case = await awaiting_reply(world, 160)
        await case.settled()
    async with (
        LocalServer(place, time_skipping=True, search_attributes=ATTRIBUTES) as server,
        world_on(server, tmp_path, "restart") as world,
    ):
        again = Case(world, world.client.get_workflow_handle(case.opening.case), case.opening)
        await again.record("reply_received", "reply-1", on="2021-09-15")
        assert (await again.settled(30)).case.stage == "reply_review"
