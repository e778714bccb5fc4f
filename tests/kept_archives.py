"""Making the archives under test, and looking at what they keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import bagit  # type: ignore[import-untyped]  # ships no types

from activities.archive import Archive
from activities.folder_archive import FolderArchive
from activities.s3_archive import S3Archive
from activities.s3_requests import Access
from starter.provision.s3_server import S3Server

CASE = "urging-350400-2021-0007"
LETTER = "papers/关于督促整改违法占用耕地的检察建议书.pdf"
REPLY = "papers/大田县自然资源局 复函（2021）15号.pdf"
BUCKET = "mingjian"
SECRET = "0a1b2c3d4e5f" * 4  # as deploy/secrets.sh makes them

Made = FolderArchive | S3Archive
Maker = Callable[..., Made]


def access_to(server: S3Server, bucket: str = BUCKET, secret: str = "") -> Access:
    """The way to a bucket of the server."""
    return Access(server.endpoint, bucket, "us-east-1", server.key_id, secret or server.secret)


def bucket_archive(server: S3Server, incoming: Path, **options: Any) -> S3Archive:
    """An archive in a corner of the bucket that nobody else has."""
    return S3Archive(access_to(server), incoming, prefix=f"t/{uuid4().hex}", **options)


def kept_names(archive: Archive) -> list[str]:
    """Everything that the archive holds, unfinished or not."""
    if isinstance(archive, S3Archive):
        return sorted(each["path"] for chunk in archive.bucket.store.list() for each in chunk)
    assert isinstance(archive, FolderArchive)
    root = archive._cases.parent
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def objects(archive: Archive) -> int:
    """How many papers are kept by their digests."""
    return len([name for name in kept_names(archive) if name.startswith("objects/")])


def is_sound(archive: Archive, case_id: str = CASE) -> bool:
    """Nothing is wrong with a folder: to ourselves and, where it is a bag, to the BagIt library."""
    if not isinstance(archive, FolderArchive):
        return archive.verify(case_id) == []
    return is_whole(archive._cases.parent, case_id)


def is_whole(root: Path, case_id: str = CASE) -> bool:
    """Nothing is wrong with a folder; it is a bag, to the BagIt library too, when it is sealed and only then."""
    archive = FolderArchive(root)
    return archive.verify(case_id) == [] and is_bag(root, case_id) is archive.is_sealed(case_id)


def is_bag(root: Path, case_id: str = CASE) -> bool:
    """Whether the BagIt library takes a folder for whole."""
    try:
        return bool(bagit.Bag(str(root / "cases" / case_id)).is_valid())
    except (bagit.BagError, UnicodeDecodeError):
        return False


def two_papers(archive: FolderArchive) -> list[bytes]:
    """File two papers; the lines of the ledger then."""
    for name in (LETTER, REPLY):
        archive.store(CASE, name, name.encode(), media_type="application/pdf", meta={"receipt": ""})
    return (archive._cases / CASE / "ledger.jsonl").read_bytes().splitlines(keepends=True)
