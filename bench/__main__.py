"""`python -m bench [NAME…] [--full] [--cases N] [--json FILE]`: run all benchmarks, or some; exit 1 when a promised bound is
missed, or a trial disagrees, naming each that was.

Servers are thrown away afterwards, and no setting of this machine's own system is read.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import platform
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from bench import archive, calendars, campaigns, cases, documents, ledgers, lists, memory, script, verify
from bench.desk import trial
from bench.report import Report
from starter.ending import end

_ROOT = Path(__file__).parent.parent


async def counting(*, full: bool = False) -> AsyncIterator[Report]:
    """Additions, replays, explanations; in a process of their own, which prints its own table."""
    print("\nCounting deadlines", flush=True)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.counting", cwd=_ROOT)
    report = Report("", [])
    if await process.wait():
        report.missed.append("counting: a rate is below what is promised, marked BELOW above")
    yield report


BENCHMARKS: dict[str, Callable[..., AsyncIterator[Report]]] = {
    "counting": counting,
    "script": script.measure,
    "documents": documents.measure,
    "archive": archive.measure,
    "verify": verify.measure,
    "memory": memory.measure,
    "cases": cases.measure,
    "campaigns": campaigns.measure,
    "calendars": calendars.measure,
    "lists": lists.measure,
    "ledgers": ledgers.measure,
    "desk": trial.measure,
}


async def run(names: list[str], *, full: bool, cases: int = 0, left: int | None = None) -> list[Report]:
    """Run benchmarks and print each table as it comes; `cases` is for `calendars` and `desk`, `left` for `desk`."""
    reports: list[Report] = []
    for name in names:
        began = time.monotonic()
        size: dict[str, Any] = {}
        if name == "desk":
            size = {"cases": cases, "left": left}
        elif name == "calendars":
            size = {"cases": cases}
        async for report in BENCHMARKS[name](full=full, **size):
            report.show()
            reports.append(report)
        print(f"  ({name}: {time.monotonic() - began:.0f} s)", flush=True)
    return reports


def main() -> int:
    """Run what was asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all when none is given"
    )
    parser.add_argument("--full", action="store_true", help="more cases and rounds, a good half-hour")
    parser.add_argument(
        "--cases",
        type=int,
        default=0,
        metavar="N",
        help="how many cases `desk` makes up (10000), or move in `calendars`",
    )
    parser.add_argument("--left", type=int, metavar="N", help="how many of them it leaves running at the end")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables there too, as JSON")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    made_on = machine()
    print(made_on, flush=True)
    reports = asyncio.run(
        run(given.names or list(BENCHMARKS), full=given.full, cases=given.cases, left=given.left)
    )
    missed = [each for report in reports for each in report.missed]
    if given.json is not None:
        written = {"machine": made_on, "reports": [dataclasses.asdict(each) for each in reports]}
        given.json.write_text(json.dumps(written, ensure_ascii=False, indent=1), "utf-8")
    print()
    for each in missed:
        print(f"MISSED  {each}")
    print(f"Bounds missed: {len(missed)}." if missed else "Every bound holds.")
    return 1 if missed else 0


def machine() -> str:
    """What the figures were made on."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip()
            for line in cpuinfo.read_text().splitlines()
            if "model name" in line
        ]
        model = names[0] if names else ""
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.python_implementation()} {platform.python_version()} on {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors {model}{load}"
    )


if __name__ == "__main__":
    # The SDK's runtime threads make an ordinary exit crash now and then.
    end(main())
