"""The user's tool cache: programs that were fetched or built once and are kept for every later run.

A kept program is a folder that appeared by one rename, with a `complete.json` in it; anything else is
unfinished and is never used. Two processes that want the same program wait for each other on a lock file.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MARKER = "complete.json"

Say = Callable[[str], None]
"""Takes one line of progress, in Chinese."""


def say_on_screen(line: str) -> None:
    """Write a line of progress to standard error, where it cannot spoil a command's output."""
    print(line, file=sys.stderr, flush=True)


def cache_folder() -> Path:
    """`MINGJIAN_CACHE`, else `mingjian` in the user's cache folder; made when it is not there."""
    given = os.environ.get("MINGJIAN_CACHE")
    if given:
        folder = Path(given).expanduser()
    else:
        base = os.environ.get("XDG_CACHE_HOME")
        folder = (Path(base) if base else Path.home() / ".cache") / "mingjian"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.absolute()


def kept(folder: Path) -> dict[str, str] | None:
    """What was noted when the folder was completed, or None when it is absent or unfinished."""
    try:
        noted = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {str(key): str(value) for key, value in noted.items()} if isinstance(noted, dict) else None


@contextmanager
def only_one(folder: Path, say: Say, *, waiting_for: str) -> Iterator[None]:
    """Hold the lock beside `folder`; say once that another process holds it, and wait for that one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"另一个进程正在准备{waiting_for}，等它完成……")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def unfinished(folder: Path, notes: Mapping[str, str]) -> Iterator[Path]:
    """A scratch folder that becomes `folder`, with `notes` as its marker, when the block ends without an
    error.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield scratch
        marker = scratch / MARKER
        marker.write_text(
            json.dumps({**notes, "completed": time.strftime("%Y-%m-%dT%H:%M:%S%z")}, ensure_ascii=False),
            encoding="utf-8",
        )
        if folder.exists():
            shutil.rmtree(folder)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
