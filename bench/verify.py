"""Verifying an archive of ten thousand papers, against a bare loop that reads the same files and hashes them.

Each paper is one file under two names; both sides read it once. A second loop only reads. The files are in the page cache after
the first round, which does not count: this is what the processor does; a cold disk is slower, and the same for all three.
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
    load = load or Load(15 if full else 7)
    count = load.cases * load.papers
    report = Report(
        f"Verifying {load.cases} cases with {load.papers} papers each, of {load.size / 1000:.0f} KB "
        f"({load.rounds} interleaved rounds, page cache warm): papers a second",
        [HEADING],
    )
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-") as name:
        archive = FolderArchive(Path(name))
        papers = filled(archive, Path(name), load)
        sides = {
            "ours": timed(lambda: verified(archive), count),
            "bare": timed(lambda: read(papers, hashed=True), count),
            "reading": timed(lambda: read(papers, hashed=False), count),
        }
        rates = take_turns(sides, load.rounds)
    compare(report, "against reading and hashing", rates["ours"], rates["bare"], at_least=LEAST_PACE)
    compare(report, "against reading", rates["ours"], rates["reading"], at_least=None)
    yield report


def timed(work: Callable[[], object], count: int) -> Round:
    """A round of work on so many papers."""

    def one(number: int) -> float:
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


def read(papers: Sequence[Path], *, hashed: bool) -> None:
    """The bare loop."""
    for path in papers:
        with path.open("rb") as file:
            content = file.read()
        if hashed:
            hashlib.sha256(content).hexdigest()
