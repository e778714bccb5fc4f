"""Making papers, from their data to the PDF, against a loop that calls typst and nothing else.

Each side has two processes, each with one compiler. The bare ones make the very calls of typst that ours make for the same
papers, taken down beforehand. A further row is the whole activity: numbered in the books and filed in the archive too, both being
one for its two processes.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from activities.database import Database
from bench.report import Report
from bench.turns import HEADING, compare

LEAST_PACE = 0.75
PROCESSES = 2
_ROOT = Path(__file__).parent.parent
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Load:
    """How many rounds, and how many papers a process makes in each."""

    rounds: int
    papers: int


async def measure(*, full: bool = False, load: Load | None = None) -> AsyncIterator[Report]:
    """Papers made a second, of those that the bare loop compiles."""
    load = load or (Load(45, 39) if full else Load(21, 39))
    # The bare ones between the two that are compared with them: a virtual machine's host is not as quick from second to second.
    made: dict[str, list[float]] = {"ours": [], "bare": [], "typeset": []}
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-") as name:
        database = Database(f"sqlite:///{name}/books.db")
        database.migrate()
        database.close()
        async with AsyncExitStack() as stack:
            sides = {side: await stack.enter_async_context(makers(side, Path(name), load)) for side in made}
            for turn in range(load.rounds + 1):
                for side in list(sides) if turn % 2 else reversed(list(sides)):
                    rate = await sides[side].round(load.papers)
                    if turn:  # the first fills the compilers' caches
                        made[side].append(rate)
    report = Report(
        f"Papers made a second, by {PROCESSES} processes ({load.rounds} interleaved rounds of "
        f"{load.papers * PROCESSES} papers)",
        [HEADING],
    )
    compare(report, "typeset", made["typeset"], made["bare"], at_least=LEAST_PACE, form=".1f")
    whole = "typeset, numbered and filed"
    compare(report, whole, made["ours"], made["bare"], at_least=LEAST_PACE, form=".1f")
    report.remarks.append("Bare: typst's own calls for the same papers, nothing asked, numbered or kept.")
    yield report


@dataclass
class Makers:
    """The processes of one side."""

    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def round(self, papers: int) -> float:
        """Each process makes so many papers; how many were made a second, until the last had ended."""
        began = time.perf_counter()
        for each in self.processes:
            assert each.stdin is not None
            each.stdin.write(f"{papers}\n".encode())
        await self.answers()
        return papers * len(self.processes) / (time.perf_counter() - began)

    async def answers(self) -> None:
        """One line of each."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            for each in self.processes:
                assert each.stdout is not None
                if not await each.stdout.readline():
                    raise RuntimeError(f"a process that makes papers ended with {await each.wait()}")


@asynccontextmanager
async def makers(side: str, folder: Path, load: Load) -> AsyncIterator[Makers]:
    """The processes of one side, ready; ended by their standard input."""
    made = Makers()
    try:
        for place in range(PROCESSES):
            arguments = (
                "-m",
                "bench.paper_making",
                side,
                str(folder),
                str(place),
                str(load.papers * (load.rounds + 1)),
            )
            made.processes.append(
                await asyncio.create_subprocess_exec(
                    sys.executable,
                    *arguments,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    cwd=_ROOT,
                )
            )
        await made.answers()
        yield made
    finally:
        for each in made.processes:
            if each.stdin is not None:
                each.stdin.close()
            await each.wait()
