"""The worker process of one side of a comparison: `python -m bench.working SIDE ADDRESS QUEUE`.

A process of its own, so that its CPU and memory are the worker's and nobody else's. It answers `usage` on its standard input with
a line of JSON (CPU seconds of all its threads since it was started, resident bytes), says `ticked CASE NUMBER` when a case whose
clock has struck is written down, so that the driver need not ask, and `fell-back CASE` when a local activity was too slow and a
regular one took its place. It ends with its standard input.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.deadlines import SettlingRoom
from bench import bare
from bench.bare import BareCampaign, BareCase, BareFiling
from bench.course import NEVER_SECONDS, STRIKE_SECONDS
from bench.kinds import COURSES
from models.adoptions import SiteRules
from models.bags import PaperRef
from models.calendar import Calendar, calendar
from models.messages import PaperMade
from models.notices import Notice
from models.orders import PaperOrder
from models.rows import Snapshot
from models.settings import load_settings
from models.tasks import FilingOrder, HistoryOrder, Task
from starter.ending import end
from workflows.parts import desk
from workflows.parts.clock import CaseClock
from workflows.parts.wiring import plugin

if TYPE_CHECKING:
    from activities.registry import Registry

CACHED = 1000
_THREADS = 16
_TICKS = ("reminded", "fell_due")

Tell = Callable[[str, str], None]


class MovedClock(CaseClock):
    """Case time that stands nearly still until a timer fires, and then is at the moment that was waited for.

    The server's timers are real, and as long as those of the bare workflow: short for a moment that comes in the course.
    """

    def __init__(self, offset_seconds: int) -> None:
        super().__init__(offset_seconds)
        self._moved = timedelta()
        course = COURSES.get(workflow.info().workflow_type)
        self._strikes = [strike.at for strike in course.strikes] if course else []

    def now(self) -> datetime:
        return super().now() + self._moved

    async def sleep_until(self, moment: datetime, summary: str) -> None:
        await workflow.sleep(STRIKE_SECONDS if moment in self._strikes else NEVER_SECONDS, summary=summary)
        self._moved += max(moment - self.now(), timedelta())


# ── no-ops in the place of the adapters ──────────────────────────────────────────────────────────────────────────────


class ShippedCalendars:
    """The editions that come with the program; none was published on the site."""

    def current(self) -> Calendar:
        return calendar()

    def named(self, name: str) -> Calendar:
        return calendar(name)

    @property
    def rules(self) -> SiteRules:
        return SiteRules()

    def rules_now(self) -> SiteRules:
        return self.rules


class NoRegistry:
    """Takes a snapshot and keeps nothing."""

    def project(
        self,
        snapshot: Snapshot,
        *,
        run: str,
        run_started_at: datetime,
        settling: int,
        notices: Sequence[Notice],
    ) -> bool:
        return True


class NoPapers:
    """The activities that make and file papers, done at once: a thread for the one, the event loop for the other, as in life."""

    @activity.defn(name=Task.MAKE_PAPER.value)
    def make(self, order: PaperOrder) -> PaperMade:
        paper = PaperRef(digest="0" * 64, size=1, name=order.name, media_type="application/pdf")
        return PaperMade(id=f"{order.order}/made", order=order.order, paper=paper, internal_no=order.document)

    @activity.defn(name=Task.FILE_AWAY.value)
    async def file_away(self, order: FilingOrder) -> str:
        return "0" * 64

    @activity.defn(name=Task.KEEP_HISTORY.value)
    async def keep_history(self, order: HistoryOrder) -> None:
        return None


class Telling:
    """Projections that also tell of ticks, and of orders that came as a regular activity."""

    def __init__(self, projections: Any, tell: Tell) -> None:
        self._projections = projections
        self._tell = tell

    def project(
        self,
        snapshot: Snapshot,
        *,
        run: str,
        run_started_at: datetime,
        settling: int,
        notices: Sequence[Notice],
    ) -> bool:
        written: bool = self._projections.project(
            snapshot, run=run, run_started_at=run_started_at, settling=settling, notices=notices
        )
        _tell(self._tell, snapshot.case.case, sum(fact.kind in _TICKS for fact in snapshot.facts))
        return written


def _tell(tell: Tell, case: str, ticks: int) -> None:
    if ticks:
        tell("ticked", f"{case} {ticks}")
    if not activity.info().is_local:
        tell("fell-back", case)


# ── the sides ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def mingjian_worker(address: str, queue: str, folder: Path, tell: Tell) -> Worker:
    """The worker of a case whose adapters are no-ops; the counting is its own."""
    client = await Client.connect(address, plugins=[plugin()])
    deadlines = SettlingRoom(ShippedCalendars(), Telling(NoRegistry(), tell), rehearsal=True)
    papers = NoPapers()
    return _worker(client, queue, [deadlines.settle, papers.make, papers.file_away, papers.keep_history])


async def shipped_worker(address: str, queue: str, folder: Path, tell: Tell) -> Worker:
    """The worker as it is shipped, its books, registry and archive in the folder."""
    from starter.provision.fonts import font_folders
    from worker import activities, adapters

    client = await Client.connect(address, plugins=[plugin()])
    world = adapters(load_settings(home=folder), font_folders())
    world = dataclasses.replace(world, registry=cast("Registry", Telling(world.registry, tell)))
    return _worker(client, queue, activities(world, client, rehearsal=True))


async def bare_worker(address: str, queue: str, folder: Path, tell: Tell) -> Worker:
    """The worker of the bare workflow: no plugin, no converter but the SDK's own."""

    @activity.defn(name="bare.count")
    def count(case: str, ticks: int) -> None:
        _tell(tell, case, ticks)

    client = await Client.connect(address)
    runner = SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules("bench")
    )
    return _worker(
        client,
        queue,
        [count, bare.make, bare.seal],
        workflows=[BareCase, BareFiling, BareCampaign],
        workflow_runner=runner,
    )


def _worker(client: Client, queue: str, activities: list[Callable[..., Any]], **options: Any) -> Worker:
    return Worker(
        client,
        task_queue=queue,
        activities=activities,
        activity_executor=ThreadPoolExecutor(_THREADS),
        max_cached_workflows=CACHED,
        graceful_shutdown_timeout=timedelta(seconds=2),
        **options,
    )


SIDES = {"mingjian": mingjian_worker, "bare": bare_worker, "shipped": shipped_worker}


async def work(side: str, address: str, queue: str, folder: Path) -> None:
    """Work until the standard input ends, answering what is asked on it."""
    worker = await SIDES[side](address, queue, folder, say)
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with worker:
        say("ready", "")
        while line := await lines.readline():
            match line:
                case b"collect\n":
                    gc.collect()
                case b"usage\n":
                    say("usage", json.dumps(usage()))


def say(what: str, text: str) -> None:
    """One line on the standard output, whole."""
    os.write(1, f"{what} {text}\n".encode())


def usage() -> dict[str, float]:
    """CPU seconds of all threads of this process, and its resident bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {"cpu": time.process_time(), "resident": pages * os.sysconf("SC_PAGE_SIZE")}


def main() -> None:
    """`python -m bench.working SIDE ADDRESS QUEUE`."""
    side, address, queue = sys.argv[1:]
    # Workflows are imported once for all cases, so this is what their desks are built with.
    moved = patch.object(desk, "CaseClock", MovedClock)
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-") as folder, moved:
        asyncio.run(work(side, address, queue, Path(folder)))
    end(0)


if __name__ == "__main__":
    main()
