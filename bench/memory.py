"""What a waiting case costs the worker that keeps it in its cache: memory while it waits, CPU to start it.

Cases are opened, then their letters are issued and served and both reminders fall due, so that each waits for its reply with its
paper made and one timer armed. The worker's CPU and memory are read between the steps; the bare workflow goes the same way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from bench.courses.urging import URGING
from bench.driving import Handle, Side, side
from bench.report import Report
from models.search import ATTRIBUTES
from starter.provision.server import LocalServer

MOST_KILOBYTES, MOST_MILLISECONDS = 300, 30
_AT_ONCE = 8
_IDLE_SECONDS = 0.03
# The strikes of the clock follow the last of these.
_SERVED = URGING.steps[:2]

T = TypeVar("T")


async def measure(*, full: bool = False) -> AsyncIterator[Report]:
    """Memory of a waiting cached case, and CPU to start one."""
    cases = 600 if full else 120
    report = Report(
        f"A waiting case ({cases} of them in one worker's cache)", [("", "mingjian", "bare", "promised")]
    )
    async with LocalServer(search_attributes=ATTRIBUTES) as server:
        figures = []
        for name in ("mingjian", "bare"):
            async with side(name, server.address) as each:
                figures.append(await waiting(each, cases))
    ours, bare = figures
    report.rows.append(
        (
            "memory, KB",
            f"{ours.kilobytes:.0f}",
            f"{bare.kilobytes:.0f}",
            report.judge("KB of memory of a waiting case", ours.kilobytes, at_most=MOST_KILOBYTES),
        )
    )
    report.rows.append(
        (
            "CPU to start one, ms",
            f"{ours.start:.1f}",
            f"{bare.start:.1f}",
            report.judge("ms of CPU to start a case", ours.start, at_most=MOST_MILLISECONDS),
        )
    )
    report.rows.append(
        ("CPU to issue, serve, remind twice, ms", f"{ours.serve:.1f}", f"{bare.serve:.1f}", "")
    )
    report.remarks.append(
        "The whole worker process: SDK, threads and interpreter, not the workflow's code alone."
    )
    yield report


@dataclass(frozen=True)
class Waiting:
    """What one of many waiting cases cost its worker: memory in units of 1,000 bytes, CPU in milliseconds."""

    kilobytes: float
    start: float
    serve: float


async def waiting(side: Side, cases: int) -> Waiting:
    """Open cases and leave them waiting. The first twenty warm the worker up and are not counted."""

    async def serve(handle: Handle) -> None:
        await side.go(handle, _SERVED)

    await _each(await _opened(side, 20), serve)
    await _at_rest(side)
    before = await side.usage(collect=True)
    handles = await _opened(side, cases)
    await _at_rest(side)
    started = await side.usage()
    await _each(handles, serve)
    await _at_rest(side)
    served = await side.usage()
    after = await side.usage(collect=True)
    return Waiting(
        kilobytes=(after["resident"] - before["resident"]) / cases / 1000,
        start=(started["cpu"] - before["cpu"]) / cases * 1000,
        serve=(served["cpu"] - started["cpu"]) / cases * 1000,
    )


async def _opened(side: Side, cases: int) -> list[Handle]:
    handles = []

    async def open_one(_: int) -> None:
        handles.append(await side.start(URGING))

    await _each(range(cases), open_one)
    return handles


async def _each(things: Iterable[T], do: Callable[[T], Awaitable[None]]) -> None:
    """To each thing, a few at once."""
    left = iter(things)

    async def hand() -> None:
        for thing in left:
            await do(thing)

    await asyncio.gather(*(hand() for _ in range(_AT_ONCE)))


async def _at_rest(side: Side) -> None:
    """Until the worker has done all that it was given: an idle one uses next to no CPU."""
    used = (await side.usage())["cpu"]
    quiet = 0
    while quiet < 2:
        await asyncio.sleep(0.5)
        now = (await side.usage())["cpu"]
        quiet = quiet + 1 if now - used < _IDLE_SECONDS else 0
        used = now
