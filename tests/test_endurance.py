"""What a case must outlive: bugs, cancel requests at every moment, a late calendar, a reset after its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowExecutionStatus

from activities.calendars import site_edition
from activities.sqlite_library import sqlite3
from models.cases.urging import UrgingFile
from models.messages import EditionPublished, Message, Taken
from models.numbering import filing_id, supplement_id
from models.tasks import CaseStart, HistoryOrder
from tests.openings import notification_opening
from tests.test_faults import failed_task, finished_tasks, reset
from tests.test_site_calendars import published
from tests.world import SOON, Case, World, awaiting_reply, renewed, within, world_on
from workflows.parts.clock import CaseClock
from workflows.parts.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


@contextmanager
def registry_locked(world: World) -> Iterator[None]:
    """Nobody reads or writes the registry meanwhile."""
    blocker = sqlite3.connect(world.settings.home / "registry.db", isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()


def is_failure(event: HistoryEvent) -> bool:
    return event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED


async def closed(case: Case) -> None:
    """Answered, put right, closed, ended."""
    await case.record("reply_received", "reply-z", on="2021-09-15")
    await case.decide("assess_reply", "assess-z", substance="put_right")
    await case.decide("close_case", "close-z", outcome="rectified", reason="已整改")
    async with within(60):
        await case.handle.result()


# bugs


async def test_a_bug_in_a_flood_costs_the_message_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = world.aside("flood-bug")
    case = await away.open(notification_opening(214))
    for portion in range(7):
        await asyncio.gather(
            *(
                case.signal("happened", f"event-{100 * portion + n}", on="2021-09-15", event="核查")
                for n in range(100)
            )
        )
    real = Desk.take
    broken = {"event-3", "event-650"}

    def take(desk: Desk[UrgingFile], message: Message) -> Taken:
        if message.id in broken:
            raise KeyError("a bug")
        return real(desk, message)

    monkeypatch.setattr(Desk, "take", take)
    async with away.worker():
        async with within(60):
            while len((await case.status()).facts) < 700:
                await asyncio.sleep(0.2)
        status = await case.status()
    assert status.case.unmatched == 2
    assert sum("处理出错（KeyError）" in fact.what for fact in status.facts) == 2
    assert not any(map(is_failure, await case.events()))


async def test_a_bug_in_keeping_a_history_is_seen_and_mended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = world.aside("keep-bug", task_timeout=SOON)
    case = await away.open(notification_opening(215))

    async def broken(order: HistoryOrder) -> None:
        raise KeyError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr("workflows.parts.calls.keep_history", broken)
        async with away.worker():
            await case.handle.signal("renew")
            await failed_task(case)
    async with away.worker():
        assert (await case.decide("issue_letter", "issue-1")).how == "applied"


# requests to cancel


async def test_a_request_to_cancel_during_a_settling_ends_no_case(world: World) -> None:
    case = await awaiting_reply(world, 211)
    await case.settled()
    with registry_locked(world):
        await case.signal("happened", "event-1", on="2021-09-15", event="核查")
        await asyncio.sleep(1.5)  # the local activity has given up, the regular one waits
        await case.handle.cancel()
    async with within(90):
        while (await case.status()).case.unmatched == 0:
            await asyncio.sleep(0.1)
    assert (await case.handle.describe()).status == WorkflowExecutionStatus.RUNNING
    await closed(case)


@pytest.mark.parametrize(("number", "with_signal"), [(212, False), (213, True)])
async def test_a_request_to_cancel_ahead_of_the_first_task_ends_no_case(
    world: World, number: int, with_signal: bool
) -> None:
    away = world.aside(f"cancel-{number}")
    case = await away.open(notification_opening(number))
    if with_signal:
        await case.signal("happened", "event-1", on="2021-09-15", event="核查")
    await case.handle.cancel()
    async with away.worker():
        async with within(60):
            while (await case.status()).case.unmatched == 0:
                await asyncio.sleep(0.1)
        assert (await case.handle.describe()).status == WorkflowExecutionStatus.RUNNING
        assert (await case.decide("issue_letter", "issue-1")).how == "applied"


# a calendar at an awkward moment


def write_year(world: World, year: int, *holidays: date) -> str:
    """A year file of the site; the edition that comes of it."""
    folder = world.settings.calendar_folder
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f'\n  {{ from = {day}, to = {day}, name = "放假" }},' for day in holidays)
    text = published(year).replace("holidays = [", f"holidays = [{lines}")
    (folder / f"{year}.toml").write_text(text, encoding="utf-8")
    return site_edition(folder).name


async def test_a_calendar_published_while_a_case_is_counted_is_not_lost(world: World, tmp_path: Path) -> None:
    async with world_on(world.server, tmp_path, "late-calendar") as own:
        case = await awaiting_reply(own, 221)
        assert (await case.settled()).deadlines[0].edition == "2026"
        with registry_locked(own):
            await case.signal("happened", "event-1", on="2021-09-15", event="核查")
            await asyncio.sleep(1.5)
            edition = write_year(own, 2021, date(2021, 11, 15))
            news = EditionPublished(id="edition/x", edition=edition)
            await case.handle.signal("edition_published", news)
            await asyncio.sleep(0.5)
        async with within(90):
            while (await case.status()).case.edition != edition:
                await asyncio.sleep(0.2)
        [reply] = [each for each in (await case.settled(60)).deadlines if each.rule == "coop.reply"]
        assert (reply.edition, reply.due_on) == (edition, date(2021, 11, 16))


async def test_nothing_falls_due_before_it_was_counted_by_the_calendar_in_force(
    world: World, tmp_path: Path
) -> None:
    """The last day has become a holiday, and nobody told the case: it is asked anew before it accuses."""
    async with world_on(world.server, tmp_path, "recount") as own:
        case = await awaiting_reply(own, 222)
        await case.settled()
        write_year(own, 2021, date(2021, 11, 15))
        await case.pass_days(61.7)  # 02:00 of 16 November
        status = await case.settled(60)
        [reply] = [each for each in status.deadlines if each.rule == "coop.reply"]
        assert (reply.state, reply.due_on) == ("running", date(2021, 11, 16))
        assert not [fact for fact in status.facts if fact.kind == "fell_due"]
        await case.pass_days(1)
        fell = [fact.id for fact in (await case.settled(60)).facts if fact.kind == "fell_due"]
        assert fell == ["L1/coop.reply/due/2021-11-16"]


async def test_a_moment_that_has_passed_is_waited_for_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A negative timer would wedge the case for ever."""
    slept: list[timedelta] = []

    async def sleep(duration: timedelta, **_: Any) -> None:
        slept.append(duration)

    now = datetime(2021, 11, 16, tzinfo=UTC)
    monkeypatch.setattr("workflows.parts.clock.workflow.now", lambda: now)
    monkeypatch.setattr("workflows.parts.clock.workflow.sleep", sleep)
    await CaseClock(0).sleep_until(now - timedelta(days=1), "passed")
    await CaseClock(3600).sleep_until(now + timedelta(hours=2), "ahead, in case time")
    assert slept == [timedelta(milliseconds=1), timedelta(hours=1)]


# ends and beginnings


async def test_a_case_reset_after_its_end_files_a_supplement(world: World) -> None:
    case = await awaiting_reply(world, 231)
    task = (await finished_tasks(case))[1]
    await closed(case)
    sealed = (await case.handle.describe()).run_id
    archive = world.world.archive
    async with within(60):
        await world.client.get_workflow_handle(filing_id(case.opening.case, sealed)).result()
    before = [filed.paper for filed in archive.papers(case.opening.case)]
    await reset(case, task)
    again = world.client.get_workflow_handle(case.opening.case)
    async with within(60):
        await again.result()
    run = (await again.describe()).run_id
    assert run != sealed
    async with within(60):
        await world.client.get_workflow_handle(filing_id(case.opening.case, run)).result()
    beside = supplement_id(case.opening.case, run)
    assert archive.is_sealed(beside) and archive.verify(beside) == []
    assert [filed.paper for filed in archive.papers(case.opening.case)] == before
    names = [filed.paper.name for filed in archive.papers(beside)]
    assert f"history/{run}.json" in names and "journal.jsonl" in names


async def test_a_history_that_is_gone_holds_no_case_open(world: World) -> None:
    opening = notification_opening(232)
    lost = str(uuid4())
    carried = UrgingFile(opening).state(owed=(lost,))
    case = await world.open(opening, carried=carried)
    async with within(60):
        while "history_lost" not in [fact.kind for fact in (await case.status()).facts]:
            await asyncio.sleep(0.2)
    [fact] = [fact for fact in (await case.status()).facts if fact.kind == "history_lost"]
    assert lost in fact.what
    told = [each.notice.subject for each in world.world.books.deliveries(case=opening.case)]
    assert "【须处理】运行记录未能归档" in told


async def test_a_bug_beside_the_loop_fails_the_task_and_is_mended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is made beside the loop must not die in silence: the case would wait for its paper for ever."""
    away = world.aside("bug", task_timeout=SOON)
    case = await away.open(notification_opening(233))

    def broken(*_: object) -> str:
        raise KeyError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr("models.casefile.CaseFile._take_paper", broken)
        async with away.worker():
            await case.decide("issue_letter", "issue-1")
            failure = await failed_task(case)
            assert "a bug" in failure.failure.message
    assert (await case.handle.describe()).status == WorkflowExecutionStatus.RUNNING
    async with away.worker(), within(90):
        while "paper_made" not in [fact.kind for fact in (await case.status()).facts]:
            await asyncio.sleep(0.2)


async def test_a_continued_case_shows_its_details_again(world: World) -> None:
    case = await awaiting_reply(world, 234)
    await renewed(case)
    metadata: Any = await case.handle.query("__temporal_workflow_metadata")
    details = metadata["currentDetails"] if isinstance(metadata, dict) else metadata.current_details
    assert case.opening.title in details and case.opening.case in details and "2021-11-15" in details


async def test_an_area_without_measure_is_refused() -> None:
    """Infinity comes back from JSON as nothing, and the chain of the journal would no longer verify."""
    with pytest.raises(ValueError, match="finite"):
        CaseStart.model_validate(
            {"opening": notification_opening(235).model_dump(mode="json") | {"area_m2": float("inf")}}
        )
