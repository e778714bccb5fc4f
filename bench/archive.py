"""Filing papers: the archive in a folder and in a bucket, each against a bare store that promises as much.

The bare store in a folder keeps a paper under its digest, a name for it in the case's folder and a record of it, and forces
each to disk: two files and three folders. The bare store in a bucket makes two objects on the condition that they are not
there, the paper and a record of it. Neither looks at what is there, keeps a ledger of the whole case, or a bag.

The papers of a case are a dozen of 100 KB, as they are typeset here, and two scans of 5 MB.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from obstore.store import S3Store

from activities.archive import Archive
from activities.folder_archive import FolderArchive
from activities.s3_archive import S3Archive
from activities.s3_bucket import Bucket
from activities.s3_requests import Access
from bench.report import Report
from bench.turns import HEADING, Round, compare, take_turns
from starter.provision.s3_server import S3Server, find_s3_server

LEAST_PACE = 0.8
_SECRET = "bench" * 8
_RECORD = b"r" * 300
_PAPER, _SCAN = 100_000, 5_000_000

Filing = Callable[[str, str, bytes], object]
"""Files a paper: the case, a name, the bytes."""


@dataclass(frozen=True)
class Load:
    """How many rounds, and how many papers of one size in each."""

    rounds: int
    papers: int
    scans: int


async def measure(*, full: bool = False, load: Load | None = None) -> AsyncIterator[Report]:
    """Papers filed a second, of those that the bare store files."""
    load = load or (Load(15, 50, 6) if full else Load(9, 50, 4))
    report = Report(f"Papers filed a second ({load.rounds} interleaved rounds)", [HEADING])
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-") as name:
        root = Path(name)
        folder = FolderArchive(root / "folder")
        _rows(report, "in a folder", filing_in(folder), bare_folder(root / "bare"), load)
        with S3Server(find_s3_server(), root / "s3", secret=_SECRET) as server:
            access = Access(server.endpoint, "mingjian", "us-east-1", server.key_id, server.secret)
            Bucket(access).make()
            bucket = S3Archive(access, root / "incoming", prefix="ours")
            _rows(report, "in a bucket", filing_in(bucket), bare_bucket(Bucket(access, "bare").store), load)
    report.remarks.append(
        "Bare: in a folder two files and three folders forced a paper, in a bucket two conditional creates."
    )
    yield report


def _rows(report: Report, where: str, ours: Filing, bare: Filing, load: Load) -> None:
    for what, sizes in (
        (f"papers of a case {where}", [_PAPER] * 12 + [_SCAN] * 2),
        (f"papers of 100 KB {where}", [_PAPER] * load.papers),
        (f"scans of 5 MB {where}", [_SCAN] * load.scans),
    ):
        rates = take_turns({"ours": filed(ours, sizes), "bare": filed(bare, sizes)}, load.rounds)
        compare(report, what, rates["ours"], rates["bare"], at_least=LEAST_PACE, form=".1f")


def filed(filing: Filing, sizes: Sequence[int]) -> Round:
    """A round files papers of these sizes in one new case; the papers are made before the time runs."""

    def one(number: int) -> float:
        case = f"urging-350481-2021-{number:04d}-{len(sizes)}-{sum(sizes)}"
        papers = [os.urandom(size) for size in sizes]
        began = time.perf_counter()
        for place, content in enumerate(papers):
            filing(case, f"{place:03d}.pdf", content)
        return len(sizes) / (time.perf_counter() - began)

    return one


def filing_in(archive: Archive) -> Filing:
    """As the activities file."""

    def file(case: str, name: str, content: bytes) -> None:
        meta = {"order": f"{case}/{name}", "internal_no": "350481-suggestion-2021-0001", "official_no": ""}
        archive.store(case, f"papers/out/{name}", content, media_type="application/pdf", meta=meta)

    return file


def bare_folder(root: Path) -> Filing:
    """Nothing but the files, and what forces them to disk."""
    incoming = root / "incoming"
    incoming.mkdir(parents=True)

    def aside(content: bytes) -> Path:
        path = incoming / uuid4().hex
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return path

    def file(case: str, name: str, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest()
        kept, papers, records = root / "objects" / digest[:2], root / case / "data", root / case / "records"
        for folder in (kept, papers, records):
            folder.mkdir(parents=True, exist_ok=True)
        path = aside(content)
        os.link(path, kept / digest)
        _force(kept)
        os.link(path, papers / name)
        _force(papers)
        path.unlink()
        aside(_RECORD).rename(records / name)
        _force(records)

    return file


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(handle)
    os.close(handle)


def bare_bucket(store: S3Store) -> Filing:
    """Nothing but the two requests."""

    def file(case: str, name: str, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest()
        store.put(f"objects/{digest[:2]}/{digest}", content, mode="create")
        store.put(f"{case}/{name}", _RECORD, mode="create")

    return file
