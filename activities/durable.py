"""Files that survive a crash: written aside, forced to disk, and only then given their lasting name.

A name is given by a hard link, which is made or refused in one step, or, where a file is to be superseded,
by a rename. The folder that holds the name is forced to disk too: without that a name can be lost with the
power. For a machine's own disk; network file systems differ in what they promise.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from models.errors import Problem, Unreachable

_REASONS = {
    errno.ENOSPC: ("磁盘已满", "清出空间后再试"),
    errno.EDQUOT: ("磁盘配额已满", "清出空间后再试"),
    errno.EACCES: ("没有读写权限", "检查该文件夹的权限"),
    errno.EPERM: ("没有读写权限", "检查该文件夹的权限"),
    errno.EROFS: ("磁盘是只读的", "检查磁盘"),
    errno.EISDIR: ("应为文件之处是文件夹", "移走该文件夹"),
    errno.ENOTDIR: ("应为文件夹之处是文件", "检查该路径"),
}
_ABANDONED = 86_400.0


@contextmanager
def reaching(place: str) -> Iterator[None]:
    """Turn the system's errors into Unreachable, with the place named in Chinese."""
    try:
        yield
    except OSError as error:
        reason, remedy = reason_for(error)
        raise Unreachable(
            Problem(f"{place}读写失败：{reason}", remedy, file=str(error.filename or ""))
        ) from error


def reason_for(error: OSError) -> tuple[str, str]:
    """What went wrong and what to do, in Chinese."""
    number = error.errno or 0
    return _REASONS.get(number, (f"系统错误 {errno.errorcode.get(number, number)}", "检查磁盘后再试"))


@contextmanager
def staged(folder: Path) -> Iterator[BinaryIO]:
    """A fresh file in `folder`, for its writer alone to write; its working name is gone at the end."""
    path = folder / os.urandom(16).hex()
    try:
        with _fresh(path) as file:
            os.fchmod(file.fileno(), 0o440)
            yield file
    finally:
        path.unlink(missing_ok=True)


def _fresh(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileNotFoundError:
        make_folder(path.parent)
        return path.open("xb")


def publish(file: BinaryIO, target: Path) -> bool:
    """Give a staged file its lasting name, as `link` does."""
    force(file)
    return link(Path(file.name), target)


def link(path: Path, target: Path) -> bool:
    """Give a file one name more; answers False when the name is taken. Either way the name is durable."""
    fresh = add_name(path, target)
    # Also when another process made the name: it may not have come to this line before the power goes.
    force_folder(target.parent)
    return fresh


def add_name(path: Path, target: Path) -> bool:
    """The same, but the name is not forced to disk."""
    try:
        os.link(path, target)
    except FileExistsError:
        return False
    except FileNotFoundError:
        if target.parent.is_dir():
            raise
        make_folder(target.parent)
        return add_name(path, target)
    return True


def supersede(file: BinaryIO, target: Path) -> None:
    """Put a staged file in the place of `target`, in one step; durable after `force_folder` on its folder."""
    force(file)
    Path(file.name).replace(target)


def append(path: Path, text: str) -> None:
    """Put a text behind what a file holds, durably; when that fails the file is as it was, or ends in a part of the text."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    try:
        size = os.fstat(handle).st_size
        try:
            left = memoryview(text.encode())
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
        except OSError:
            # What a disk refused to keep must not be read as kept.
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def cut(path: Path, size: int) -> None:
    """Bring a file back to `size` bytes, durably; one that has as many is forced to disk, whoever wrote it."""
    with path.open("r+b") as file:
        file.truncate(size)
        force(file)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each durable, closed to other users of the machine."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o750)
    force_folder(folder.parent)


def force(file: BinaryIO) -> None:
    """Force a file's bytes to disk."""
    file.flush()
    os.fsync(file.fileno())


def force_folder(folder: Path) -> None:
    """Force a folder's names to disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what writers that died left in a folder of staged files: whatever has not changed for a day."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.lstat().st_mtime < _ABANDONED:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
