"""How long a clerk waits for the script: `mingjian --help` and `mingjian due`, each against `python -c pass`.

All are started in turn, round after round, each as a fresh process of this interpreter, so that what else the machine does falls
on each of them alike. Wall time and CPU are both shown; the promise is about the time a clerk waits, the median of the rounds.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

from bench.report import Report, spread

MOST_TIMES = 30
_ROOT = Path(__file__).parent.parent
_SCRIPT = "from starter.main import main; main()"
_PASS = "python -c pass"
_COMMANDS = {
    _PASS: ("-c", "pass"),
    "mingjian --help": ("-c", _SCRIPT, "--help"),
    "mingjian due coop.reply 2021-09-15": ("-c", _SCRIPT, "due", "coop.reply", "2021-09-15"),
}


async def measure(*, full: bool = False) -> AsyncIterator[Report]:
    """The script's start, in multiples of the interpreter's own."""
    rounds = 40 if full else 12
    wall: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    cpu: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for turn in range(rounds + 1):
        for name, arguments in _COMMANDS.items():
            elapsed, used = await asyncio.to_thread(run, arguments)
            # The first turn fills the caches of files and of byte code.
            if turn:
                wall[name].append(elapsed)
                cpu[name].append(used)
    report = Report(
        f"The script ({rounds} interleaved rounds)",
        [("", "wall ms", "CPU ms", "times pass: wall", "CPU", "promised")],
    )
    for name in _COMMANDS:
        times = _times(wall[name], wall[_PASS])
        bound = "" if name == _PASS else report.judge(f"{name}, times `{_PASS}`", times, at_most=MOST_TIMES)
        report.rows.append(
            (
                name,
                spread([each * 1000 for each in wall[name]], ".0f"),
                spread([each * 1000 for each in cpu[name]], ".0f"),
                f"{times:.1f}",
                f"{_times(cpu[name], cpu[_PASS]):.1f}",
                bound,
            )
        )
    yield report


def run(arguments: tuple[str, ...]) -> tuple[float, float]:
    """One process from start to end: wall seconds, CPU seconds. A failure is raised, not timed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    errors = process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}: {errors.decode()[-500:]}")
    return elapsed, used.ru_utime + used.ru_stime


def _times(own: list[float], bare: list[float]) -> float:
    return median(own) / median(bare)
