"""Reading an archive's folder through: what lies in it, and what a file holds; as little asked of the disk as can be."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from activities.incoming import CHUNK
from models.bags import BYTES_IN_PATH


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
    with os.fdopen(handle, "rb") as file:
        return file.read().decode("utf-8", "surrogateescape")


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
        if error.errno in (errno.ENOENT, errno.ELOOP, errno.ENXIO):
            return None
        raise
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    return None
