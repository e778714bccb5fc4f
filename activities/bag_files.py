"""Reading a bag from a disk: each paper once, with as few questions to the system as will do."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from models.bags import TAG_FILES

_AT_ONCE = 8 * 1024 * 1024
"""Up to this size, in bytes, a file is read at once."""


def tag_texts(bag: Path) -> dict[str, str | None]:
    """The files above `data/` as they are on disk, byte for byte; None for one that is not there."""
    return {name: text_of(bag / name) for name in TAG_FILES}


def text_of(path: Path) -> str | None:
    """A file's text, surrogates standing for bytes that are none; None for a file that is not there."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def names_in(bag: Path) -> list[str]:
    """Everything in a bag that is no folder, by its path in it, in order."""
    return sorted(_below(str(bag), ""))


def _below(folder: str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name


def is_whole(kept: str, path: str, digest: str) -> bool:
    """Whether both names are those of one plain file that has this digest: then it was read once, and nothing is wrong."""
    try:
        one, other = os.lstat(path), os.lstat(kept)
        return (
            stat.S_ISREG(one.st_mode)
            and os.path.samestat(one, other)
            and file_digest(kept, one.st_size) == digest
        )
    except FileNotFoundError:
        return False


def file_digest(path: str | Path, size: int = _AT_ONCE + 1) -> str:
    """SHA-256 of a file; `size` in bytes, where it is known."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # a string is opened in half the time of a Path
        if size <= _AT_ONCE:
            return hashlib.sha256(file.readall()).hexdigest()
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_plain(path: Path) -> bool:
    """Whether a name is a file's own, and no link or folder."""
    return stat.S_ISREG(path.lstat().st_mode)
