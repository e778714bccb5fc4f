"""Verifying an archive of ten thousand papers, against a bare loop that reads the same files and hashes them.

Each paper is one file under two names; both sides read it once. From the disk: the page cache forgets the papers before
each round, as it has when an archive is verified, and the bound is on this. From memory: what the processor does, of which
nothing is promised.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from activities.folder_archive import FolderArchive
from bench.report import Report
from bench.turns import HEADING, Round, compare, take_turns

LEAST_PACE = 0.8


@dataclass(frozen=True)
class Load:
    """How many rounds over how many cases, of so many papers of so many bytes."""

    rounds: int
    cases: int = 200
    papers: int = 50
    size: int = 50_000


async def measure(*, full: bool = False, load: Load | None = None) -> AsyncIterator[Report]:
    """Papers verified a second, of those that are read and hashed."""
    load = load or Load(9 if full else 5)
    count = load.cases * load.papers
    report = Report(
        f"Verifying {load.cases} cases with {load.papers} papers each, of {load.size / 1000:.0f} KB "
        f"({load.rounds} interleaved rounds): papers a second",
        [HEADING],
    )
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-") as name:
        archive = FolderArchive(Path(name))
        papers = filled(archive, Path(name), load)
        os.sync()
        for where, cold in (("from the disk", papers), ("from memory", [])):
            sides = {
                "ours": timed(lambda: verified(archive), count, cold),
                "bare": timed(lambda: read(papers), count, cold),
            }
            rates = take_turns(sides, load.rounds)
            bound = LEAST_PACE if cold else None
            compare(report, where, rates["ours"], rates["bare"], at_least=bound)
    yield report


def timed(work: Callable[[], object], count: int, cold: Sequence[Path]) -> Round:
    """A round of work on so many papers, some of which the page cache has forgotten."""

    def one(number: int) -> float:
        for path in cold:
            forget(path)
        began = time.perf_counter()
        work()
        return count / (time.perf_counter() - began)

    return one


def filled(archive: FolderArchive, root: Path, load: Load) -> list[Path]:
    """File the papers; where they lie. Nothing is forced to disk meanwhile, for it is thrown away."""
    with patch("os.fsync"):
        for number in range(1, load.cases + 1):
            case = f"urging-350481-2021-{number:04d}"
            for place in range(load.papers):
                name = f"papers/out/检察建议书-{place:03d}.pdf"
                meta = {"order": f"{case}/{place}", "internal_no": "", "official_no": ""}
                archive.store(case, name, os.urandom(load.size), media_type="application/pdf", meta=meta)
    return sorted(path for path in (root / "cases").rglob("*.pdf"))


def verified(archive: FolderArchive) -> None:
    """Every case; one in which something is wrong would have been verified by a shorter way."""
    found = [str(finding) for case in archive.cases() for finding in archive.verify(case)]
    if found:
        raise RuntimeError(f"the archive is not sound: {found[0]}")


def read(papers: Sequence[Path]) -> None:
    """The bare loop."""
    for path in papers:
        with path.open("rb") as file:
            hashlib.sha256(file.read()).hexdigest()


def forget(path: Path) -> None:
    """Let the page cache drop a file that is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
