"""Playing scripts through the real workflow: on a server of our own, with time skipping, in a folder of our own.

Each case has its own clock, so many are played at once. Nothing here reads `TEMPORAL_ADDRESS`, a profile, or the site's registry.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

from models.errors import MingjianError, Problem, Unreachable
from models.messages import Message, Taken
from models.numbering import filing_id
from models.rows import Snapshot
from models.said.bases import DecisionBase
from models.search import ATTRIBUTES
from models.settings import Settings, load_settings
from models.status import summary
from models.tasks import CaseStart, Filed
from starter.provision.cache import Say, say_on_screen
from starter.provision.fonts import font_folders
from starter.provision.server import LocalServer
from starter.rehearsing.mapping import Script, Step
from starter.rehearsing.report import Rehearsed, assemble
from worker import Adapters, adapters, build_worker, open_mailroom
from workflows.parts.protocol import Decided, Recorded
from workflows.parts.wiring import plugin

Watch = Callable[[Script, int, datetime], None]
"""Told after each event: of which script, how many of its steps are done, and its moment in case time (UTC)."""

_QUEUE = "rehearsal"
_AT_ONCE = 12
_FAST_FORWARDS = 100
_ANSWER_SECONDS = 120.0
_RESTING_SECONDS = 60.0
_FILING_SECONDS = 120.0
_PAUSE = 0.2


@dataclass(frozen=True)
class House:
    """A throw-away Mingjian in which cases are rehearsed. What it leaves in `settings.home` stays."""

    server: LocalServer
    client: Client
    skipper: TimeSkipper
    world: Adapters
    settings: Settings

    async def play_all(
        self, scripts: Sequence[Script], watch: Watch | None = None
    ) -> list[Rehearsed | Exception]:
        """Play cases side by side; in the order given their reports, or why one could not be played to its end."""
        room = asyncio.Semaphore(_AT_ONCE)

        async def played(script: Script) -> Rehearsed | Exception:
            async with room:
                try:
                    return await self.play(script, watch)
                except (MingjianError, RPCError, WorkflowFailureError, TimeoutError) as error:
                    return error

        return await asyncio.gather(*(played(script) for script in scripts))

    async def play(self, script: Script, watch: Watch | None = None) -> Rehearsed:
        """Play one case from its first event to its last, let it come to rest, and report."""
        return await _Play(self, script).run(watch)

    async def mails_sent(self, seconds: float = 30) -> None:
        """Wait until the mailroom has sent what the cases queued."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while await asyncio.to_thread(self.world.books.queued, 1):  # noqa: ASYNC110 # the books announce nothing
                    await asyncio.sleep(_PAUSE)


@asynccontextmanager
async def house(folder: Path, *, ui: bool = False, say: Say = say_on_screen) -> AsyncIterator[House]:
    """Start server, worker and mailroom over a folder of its own. Raises Unreachable when no server can be had."""
    # Each place is given: a setting of the site must not lead a rehearsal into the site's own books.
    settings = load_settings(
        home=folder,
        registry_url=f"sqlite:///{folder / 'registry.db'}",
        registry_password=None,
        archive_folder=folder / "archive",
        outbox_folder=folder / "outbox",
        calendar_folder=folder / "calendars",
        smtp_host="",
        digest_at="off",
        task_queue=_QUEUE,
    )
    fonts = await asyncio.to_thread(font_folders, settings.font_folders or None, say=say)
    world = await asyncio.to_thread(adapters, settings, fonts)
    async with LocalServer(time_skipping=True, ui=ui, search_attributes=ATTRIBUTES, say=say) as server:
        client = await Client.connect(
            server.address, namespace=server.namespace, plugins=[plugin()], runtime=_quiet_runtime()
        )
        async with build_worker(client, world, task_queue=_QUEUE, rehearsal=True):
            await open_mailroom(client, _QUEUE)
            yield House(server, client, TimeSkipper(client), world, settings)


@cache
def _quiet_runtime() -> Runtime:
    """The SDK's own log on errors alone: on a busy machine it warns of each count that was asked for twice."""
    quiet = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=quiet)))


class _Play:
    """One case on stage."""

    def __init__(self, house: House, script: Script) -> None:
        self._house = house
        self._script = script
        self._handle: WorkflowHandle[Any, Filed]
        self._offset = timedelta()
        self._answers: dict[str, Taken] = {}
        self._refused: dict[str, list[str]] = {}

    async def run(self, watch: Watch | None) -> Rehearsed:
        await self._open()
        for done, step in enumerate(self._script.steps, 1):
            await self._turn_to(step.moment)
            if step.event is None and not await self._is_running():
                break
            await self._enter(step)
            if watch is not None and step.event is not None:
                watch(self._script, done, step.moment)
        unfinished = await self._rest()
        description = await self._handle.describe()
        snapshot = await self._handle.query("status", result_type=Snapshot)
        rehearsed = assemble(self._script, snapshot, self._answers, self._refused, description.history_length)
        return replace(rehearsed, unfinished=unfinished)

    async def _open(self) -> None:
        house, script = self._house, self._script
        # Whole seconds: the offset is part of the case, and the case begins no earlier than its first event.
        self._offset = timedelta(seconds=-((datetime.now(UTC) - script.begins) // timedelta(seconds=1)))
        opening = script.opening.model_copy(update={"offset_seconds": round(self._offset.total_seconds())})
        with house.skipper.with_time_skipping_disabled():
            self._handle = await house.skipper.client.start_workflow(
                opening.kind.value,
                CaseStart(opening=opening),
                id=opening.case,
                task_queue=_QUEUE,
                static_summary=summary(opening),
                result_type=Filed,
            )

    async def _turn_to(self, moment: datetime) -> None:
        """Let case time pass until a moment; what falls due on the way happens by itself."""
        for _ in range(_FAST_FORWARDS):
            try:
                now = await self._house.skipper.get_current_time(self._handle) + self._offset
                if now >= moment:
                    return
                # False at two hundred skips as well as at the end of the case: look again.
                completed = await self._house.skipper.fast_forward(self._handle, moment - now)
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND or not await self._is_running():
                    return
                raise
            if not completed and not await self._is_running():
                return
        raise Unreachable(
            Problem(
                f"案件 {self._handle.id} 的时间停在 {now:%Y-%m-%d}，没有走到 {moment:%Y-%m-%d}",
                "见服务器日志",
            )
        )

    async def _enter(self, step: Step) -> None:
        """Enter what an event says; when the case refuses what it is about, the event itself is kept in the timeline."""
        for message in step.messages:
            await self._say(message)
        if (
            step.is_refused(self._refused)
            and step.otherwise is not None
            and step.otherwise not in step.messages
        ):
            await self._say(step.otherwise)

    async def _say(self, message: Message) -> None:
        """One fact or decision by update; why it is refused is kept."""
        name, argument = (
            ("decide", Decided.model_validate({"decision": message}))
            if isinstance(message, DecisionBase)
            else ("record", Recorded.model_validate({"fact": message, "keep": True}))
        )
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                answer = await self._handle.execute_update(name, argument, id=message.id, result_type=Taken)
        except WorkflowUpdateFailedError as failed:
            cause = failed.cause
            why = cause.message if isinstance(cause, ApplicationError) else str(cause)
            self._refused[message.id] = why.splitlines()
            return
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            self._refused[message.id] = ["案件已归档"]
            return
        self._answers[message.id] = answer

    async def _is_running(self) -> bool:
        return (await self._handle.describe()).status == WorkflowExecutionStatus.RUNNING

    async def _rest(self) -> str:
        """Wait until nothing is under way: papers made, a filed case sealed in the archive. Says what was not done in time."""
        try:
            async with asyncio.timeout(_RESTING_SECONDS):
                while await self._is_busy():  # noqa: ASYNC110 # the server announces nothing
                    await asyncio.sleep(_PAUSE)
        except TimeoutError:
            return "文书尚未全部制成"
        if await self._is_running():
            return ""
        try:
            async with asyncio.timeout(_FILING_SECONDS):
                run = (await self._handle.describe()).run_id
                await self._house.client.get_workflow_handle(filing_id(self._handle.id, run)).result()
        except (TimeoutError, RPCError, WorkflowFailureError):
            return "案卷尚未封存"
        return ""

    async def _is_busy(self) -> bool:
        raw = (await self._handle.describe()).raw_description
        return bool(raw.pending_activities) or raw.HasField("pending_workflow_task")
