"""A whole Mingjian in a temporary folder: a real server, the real adapters, a worker; and clients that turn time forward."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from activities.calendars import SiteCalendars
from models.dates import at_hour
from models.decisions import DECISIONS
from models.facts import FACTS
from models.journal import CaseState
from models.messages import Opening, Taken
from models.rows import Snapshot
from models.search import ATTRIBUTES
from models.settings import Settings, load_settings
from models.tasks import CaseStart, Filed
from starter.provision.fonts import font_folders
from starter.provision.server import LocalServer
from tests.openings import notification_opening
from worker import Adapters, adapters, build_worker, open_mailroom
from workflows.parts.protocol import Decided, Recorded
from workflows.parts.wiring import plugin

Answer = TypeVar("Answer")

UNANSWERED = (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.FAILED_PRECONDITION)
SOON = timedelta(seconds=3)
"""How long a task may be held where a test kills or breaks the worker that holds it."""
SLOWEST = 6
"""How many times as long as said a machine that does other things may take before a test takes it for stuck."""


@dataclass
class World:
    """Server, client, adapters and the task queue of one test."""

    server: LocalServer
    client: Client
    skipper: TimeSkipper
    world: Adapters
    settings: Settings
    queue: str
    task_timeout: timedelta | None = None
    """How long a worker may hold a task of a case before the server gives it to another (real time); ten seconds unless said."""
    workers: list[Worker] = field(default_factory=list)

    @asynccontextmanager
    async def worker(self, **options: Any) -> AsyncIterator[Worker]:
        """One more worker on this world's queue; what a test leaves behind holds it up for a second and not for ten."""
        options.setdefault("grace", timedelta(seconds=1))
        async with build_worker(
            self.client, self.world, task_queue=self.queue, rehearsal=True, **options
        ) as worker:
            yield worker

    def aside(self, name: str = "idle", *, task_timeout: timedelta | None = None) -> World:
        """The same world under a queue that no worker serves yet; its cases' tasks have as long as that."""
        return replace(
            self, queue=f"{self.queue}-{name}", task_timeout=task_timeout or self.task_timeout, workers=[]
        )

    async def open(
        self,
        opening: Opening,
        *,
        at: date | None = None,
        hour: int = 9,
        begins: datetime | None = None,
        summary: str | None = None,
        carried: CaseState | None = None,
    ) -> Case:
        """Start a case of any kind; its time begins on `at` (its day of opening unless said), or at a moment (aware)."""
        offset = (begins or at_hour(at or opening.opened_on, hour)) - datetime.now(UTC)
        opening = opening.model_copy(update={"offset_seconds": round(offset.total_seconds())})
        with self.skipper.with_time_skipping_disabled():
            handle = await self.skipper.client.start_workflow(
                opening.kind.value,
                CaseStart(opening=opening, carried=carried),
                id=opening.case,
                task_queue=self.queue,
                task_timeout=self.task_timeout,
                static_summary=summary,
                result_type=Filed,
            )
        return Case(self, handle, opening)


@dataclass
class Case:
    """A running case as a test speaks to it."""

    world: World
    handle: WorkflowHandle[Any, Filed]
    opening: Opening

    async def decide(self, kind: str, id: str, **fields: Any) -> Taken:
        """A decision by update; the chief procurator decides unless said."""
        fields.setdefault("by", {"name": "乙", "role": "chief_procurator"})
        decision = DECISIONS.validate_python({"kind": kind, "id": id, **fields})
        taken: Taken = await self.handle.execute_update(
            "decide", Decided(decision=decision), result_type=Taken
        )
        return taken

    async def record(self, kind: str, id: str, *, keep: bool = False, **fields: Any) -> Taken:
        """A fact by the checked update."""
        fields.setdefault("by", {"name": "甲", "role": "clerk"})
        fact = FACTS.validate_python({"kind": kind, "id": id, **fields})
        taken: Taken = await self.handle.execute_update(
            "record", Recorded(fact=fact, keep=keep), result_type=Taken
        )
        return taken

    async def signal(self, kind: str, id: str, **fields: Any) -> None:
        """A fact by signal."""
        fields.setdefault("by", {"name": "甲", "role": "clerk"})
        await self.handle.signal("fact", {"kind": kind, "id": id, **fields})

    async def status(self) -> Snapshot:
        """The rows of the case, by query."""
        return await self._asked("status", Snapshot)

    async def state(self) -> CaseState:
        """The whole case, by query."""
        return await self._asked("state", CaseState)

    async def _asked(self, query: str, result_type: type[Answer]) -> Answer:
        """The answer of a worker that may be busy with other cases; the server gives it ten seconds each time.

        A worker that took more than ten seconds for a task has failed it, to the server, which answers no question until the task
        has been done again.
        """
        until = time.monotonic() + 60 * SLOWEST
        while time.monotonic() < until:
            with suppress_unanswered():
                return await self._query(query, result_type)
            await asyncio.sleep(0.1)
        return await self._query(query, result_type)

    async def _query(self, query: str, result_type: type[Answer]) -> Answer:
        answer: Answer = await self.handle.query(query, result_type=result_type)
        return answer

    async def events(self) -> list[HistoryEvent]:
        """The history of the run that goes on."""
        return [event async for event in self.handle.fetch_history_events()]

    async def pass_days(self, days: float) -> None:
        """Let case time pass."""
        while not await self.world.skipper.fast_forward(self.handle, timedelta(days=days)):
            if (await self.handle.describe()).close_time:
                return

    async def at_rest(self, seconds: float = 60) -> int:
        """The length of the history, once nothing is in hand: no activity (a paper being made), no workflow task."""
        async with within(seconds):
            while True:
                described = await self.handle.describe()
                raw = described.raw_description
                if not raw.pending_activities and not raw.HasField("pending_workflow_task"):
                    return described.history_length
                await asyncio.sleep(0.05)

    async def turn_to(self, moment: datetime) -> None:
        """Let case time pass until a moment (aware, case time); one that has passed is waited for no longer."""
        skipper, offset = self.world.skipper, timedelta(seconds=self.opening.offset_seconds)
        while (left := moment - await skipper.get_current_time(self.handle) - offset) > timedelta():
            if (
                not await skipper.fast_forward(self.handle, left)
                and (await self.handle.describe()).close_time
            ):
                return

    async def settled(self, seconds: float = 60) -> Snapshot:
        """The registry's rows, once they are those of the case; which period follows which is no row."""
        async with within(seconds):
            while True:
                status = await self.status()
                rows = await asyncio.to_thread(self.world.world.registry.snapshot, self.opening.case)
                if rows == status.model_copy(update={"follows": {}}):
                    return status
                await asyncio.sleep(0.05)


@contextmanager
def suppress_unanswered() -> Iterator[None]:
    """A call that nobody answered in time is no failure yet; the server says so, or the client, which then takes it back."""
    try:
        yield
    except RPCError as error:
        if error.status not in UNANSWERED:
            raise


async def awaiting_reply(world: World, number: int) -> Case:
    """A case whose letter was served on the day it was opened."""
    case = await world.open(notification_opening(number))
    await case.decide("issue_letter", "issue-1")
    await case.record("letter_served", "served-1", on="2021-09-15")
    return case


@asynccontextmanager
async def started_server() -> AsyncIterator[LocalServer]:
    """A throw-away server with time skipping."""
    async with LocalServer(time_skipping=True, search_attributes=ATTRIBUTES) as server:
        yield server


@asynccontextmanager
async def world_on(
    server: LocalServer,
    folder: Path,
    queue: str,
    *,
    working: bool = True,
    calendars: SiteCalendars | None = None,
    **given: object,
) -> AsyncIterator[World]:
    """A world on a server: its own folder, its own queue; its own calendars and settings, when they are given."""
    settings = load_settings(home=folder, **given)
    client = await Client.connect(server.address, plugins=[plugin()])
    made = adapters(settings, font_folders())
    if calendars is not None:
        made = replace(made, calendars=calendars)
    world = World(server, client, TimeSkipper(client), made, settings, queue)
    if not working:
        yield world
        return
    async with world.worker():
        yield world


__all__ = ["Case", "World", "awaiting_reply", "open_mailroom", "started_server", "world_on"]


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """A bound on how long something may take on a machine at leisure, before the test fails: see SLOWEST."""
    async with asyncio.timeout(seconds * SLOWEST):
        yield


async def another_run(case: Case, former: str | None) -> str:
    """The run that follows one, once it goes on."""
    async with within(60):
        while (run := (await case.handle.describe()).run_id) == former:
            await asyncio.sleep(0.05)
    assert run is not None
    return run


async def renewed(case: Case) -> None:
    """Continued as new, its first task done (the server holds it back for a second), and at rest."""
    former = (await case.handle.describe()).run_id
    await case.handle.signal("renew")
    async with within(60):
        while True:
            described = await case.handle.describe()
            if described.run_id != former and described.history_length > 2:
                break
            await asyncio.sleep(0.1)
    await case.at_rest(60)
