"""Reading an archive's folder through: what lies in it, is it what the ledger says; as little asked of the disk as can be."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from activities.incoming import CHUNK
from models.bag_findings import unfinished
from models.bags import BYTES_IN_PATH, PAYLOAD, TAG_FILES, Finding, Kind, Ledger, PaperRef


def names_below(folder: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything below a folder that is none itself, by its path there; also a folder so deep that no paper can lie in it."""
    waiting = [(folder, "")]
    while waiting:
        path, above = waiting.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                name = above + entry.name
                if entry.is_dir(follow_symlinks=False) and len(name) <= BYTES_IN_PATH:
                    waiting.append((entry.path, f"{name}/"))
                else:
                    yield name, entry


def read_text(path: Path) -> str | None:
    """What a plain file says, byte for byte; None where there is none: nothing, a link, a folder, a device."""
    handle = _opened(path)
    if handle is None:
        return None
    try:
        pieces = iter(lambda: os.read(handle, CHUNK), b"")
        return b"".join(pieces).decode("utf-8", "surrogateescape")
    finally:
        os.close(handle)


def read_through(path: str) -> tuple[int, int, str] | None:
    """The disk of a plain file, its number there, and the digest of what it holds; None for anything else."""
    try:
        handle = _opened(path)
        if handle is None:
            return None
        try:
            state = os.fstat(handle)
            most = min(state.st_size, CHUNK) + 1
            chunk = os.read(handle, most)
            hashed = hashlib.sha256(chunk)
            while len(chunk) == most:
                chunk = os.read(handle, most)
                hashed.update(chunk)
            return state.st_dev, state.st_ino, hashed.hexdigest()
        finally:
            os.close(handle)
    except OSError:
        return None


def _opened(path: str | Path) -> int | None:
    """A plain file, open; None for anything else. No link is followed, and no pipe waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO):
            return None
        raise
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    return None


def tags_of(bag: Path) -> dict[str, str | None]:
    """The files above `data/` as they are on disk, byte for byte; None for one that is not there."""
    return {name: read_text(bag / name) for name in TAG_FILES}


def unknown_names(ledger: Ledger, bag: Path) -> dict[str, int]:
    """Files below `data/` that the ledger does not have, by their names there, with the links of each."""
    known = {filed.paper.name for filed in ledger.papers}
    return {
        name: entry.stat(follow_symlinks=False).st_nlink
        for name, entry in names_below(str(bag / PAYLOAD))
        if name not in known and entry.is_file(follow_symlinks=False)
    }


def digest_of(path: Path) -> str:
    """SHA-256 of a file; none when a bad disk does not give it out."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return ""


def paper_findings(
    ledger: Ledger, bag: Path, objects: Path, present: Mapping[str, tuple[int, int]]
) -> Iterator[Finding]:
    """What is wrong with the papers of a folder, in it and as objects; `present`: what it has, with disk and number there."""
    for filed in ledger.papers:
        paper = filed.paper
        name = f"{PAYLOAD}/{paper.name}"
        # Nearly always all is well, and said by one reading of the one file that has both names.
        kept = objects / paper.digest[:2] / paper.digest
        read = read_through(str(kept))
        if read == (*present.get(name, ()), paper.digest):
            continue
        if ledger.seal is None and name not in present and read is not None and read[2] == paper.digest:
            yield unfinished(ledger.case_id, name)
        else:
            yield from _examined(ledger.case_id, bag / name, name, paper, kept)


def _examined(case: str, path: Path, name: str, paper: PaperRef, kept: Path) -> Iterator[Finding]:
    sound = kept.is_file() and digest_of(kept) == paper.digest
    remedy = f"按 {kept} 恢复" if sound else "从备份取回"
    if not os.path.lexists(path):
        yield Finding(case, "missing", "文件不见了", remedy, file=name)
    elif not stat.S_ISREG(path.lstat().st_mode):
        yield Finding(case, "altered", "应为文件，却是链接或文件夹", remedy, file=name)
    elif not (sound and path.samefile(kept)) and digest_of(path) != paper.digest:
        yield Finding(case, "altered", "内容与登记的指纹不符，可能被改动，或磁盘有坏处", remedy, file=name)
    if not sound:
        kind: Kind = "altered" if kept.exists() else "missing"
        what = "库存原件与指纹不符" if kept.exists() else "库存原件不见了"
        yield Finding(case, kind, what, "从备份取回", file=str(kept))
