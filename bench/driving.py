"""The clerk of the benchmarks: takes reference cases from their opening to the archive, on whichever side."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle

from bench.course import DRAFTER, Course, Step
from models.calendar import calendar
from models.dates import at_hour
from models.messages import Opening
from models.numbering import filing_id
from models.status import summary

# Far beyond what a case takes on a busy machine: a case that is stuck must end the benchmark, not hang it.
_PATIENCE_SECONDS = 180

Handle = WorkflowHandle[Any, Any]
Pause = Callable[[], Awaitable[None]]


async def no_pause() -> None:
    """Send the next message at once."""


def opening(kind: str, opened_on: date, number: int, fields: Mapping[str, Any]) -> Opening:
    """A case of that number; its time begins on the day of its opening at nine."""
    offset = at_hour(opened_on, 9) - datetime.now(UTC)
    return Opening.model_validate(
        {
            "case": f"{kind}-350481-{opened_on.year}-{number:04d}",
            "kind": kind,
            "county": "350481",
            "procuratorate": {"name": "永安市人民检察院"},
            "opened_on": opened_on,
            "handler": DRAFTER,
            "edition": calendar().name,
            "offset_seconds": round(offset.total_seconds()),
            **fields,
        }
    )


@dataclass
class Clock:
    """How much the clock of one case has entered, as far as the worker has told."""

    ticks: int = 0
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def reached(self, ticks: int) -> None:
        """So many."""
        async with self.moved:
            self.ticks = max(self.ticks, ticks)
            self.moved.notify_all()

    async def until(self, ticks: int) -> None:
        """Wait until so many have been entered."""
        async with self.moved:
            await self.moved.wait_for(lambda: self.ticks >= ticks)


@dataclass
class Side:
    """One worker process, and the cases that are driven through it."""

    name: str
    client: Client
    queue: str
    process: asyncio.subprocess.Process
    clocks: dict[str, Clock] = field(default_factory=dict)
    answers: asyncio.Queue[dict[str, float]] = field(default_factory=asyncio.Queue)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    opened: int = 0
    fallbacks: int = 0

    async def usage(self, *, collect: bool = False) -> dict[str, float]:
        """CPU seconds and resident bytes of the worker process; `collect` takes out the garbage first."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"collect\nusage\n" if collect else b"usage\n")
        return await self.answers.get()

    async def listen(self) -> None:
        """Take in what the worker process says."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            word, _, text = line.decode().strip().partition(" ")
            if word == "ready":
                self.ready.set()
            elif word == "usage":
                self.answers.put_nowait(json.loads(text))
            elif word == "fell-back":
                self.fallbacks += 1
            elif word == "ticked":
                case, _, ticks = text.partition(" ")
                if case in self.clocks:
                    await self.clocks[case].reached(int(ticks))
        await self.process.wait()
        self.ready.set()

    async def start(self, course: Course) -> Handle:
        """Open one more case."""
        self.opened += 1
        case = opening(course.kind, course.opened_on, self.opened, course.opening)
        start = {"opening": case.model_dump(mode="json")}
        # The bare workflow has ids of its own; both run on one server.
        is_bare = self.name == "bare"
        workflow = f"bare-{case.case}" if is_bare else case.case
        self.clocks[workflow] = Clock()
        return await self.client.start_workflow(
            "bare" if is_bare else course.kind,
            args=[start, course.kind] if is_bare else [start],
            id=workflow,
            task_queue=self.queue,
            static_summary=summary(case),
        )

    async def go(self, handle: Handle, steps: Iterable[Step], pause: Pause = no_pause) -> None:
        """Send some messages of a course, each when its time has come."""
        for step in steps:
            await self.clocks[handle.id].until(step.after)
            await pause()
            if step.is_decision:
                await handle.execute_update("decide", step.message)
            else:
                await handle.signal("fact", step.message)

    async def finish(self, handle: Handle) -> None:
        """Until it is archived."""
        await handle.result()
        await (await self.filing(handle)).result()
        del self.clocks[handle.id]

    async def filing(self, handle: Handle) -> Handle:
        """The child that files a case which has ended."""
        run = (await handle.describe()).run_id
        return self.client.get_workflow_handle(filing_id(handle.id, run))

    async def whole_case(self, course: Course) -> Handle:
        """One case, from its opening to the archive."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            handle = await self.start(course)
            await self.go(handle, course.steps)
            await self.finish(handle)
        return handle


@asynccontextmanager
async def side(name: str, address: str) -> AsyncIterator[Side]:
    """A worker process of one side, ended by its standard input."""
    queue = f"{name}-{uuid4().hex[:8]}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.working",
        name,
        address,
        queue,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made = Side(name, await Client.connect(address), queue, process)
    listening = asyncio.create_task(made.listen())
    try:
        async with asyncio.timeout(60):
            await made.ready.wait()
        if process.returncode is not None:
            raise RuntimeError(f"the worker of {name} ended with {process.returncode}")
        yield made
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(20):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        await listening
