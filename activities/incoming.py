"""A paper on its way into an archive: copied aside piece by piece, measured, and refused when it is unfit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from activities.durable import reason_for
from models.errors import InputError, Problem

LIMIT = 512 * 1024 * 1024
"""The largest paper taken, in bytes, unless the settings say otherwise."""
CHUNK = 1024 * 1024


def copy_aside(content: bytes | Path | BinaryIO, file: BinaryIO, name: str, limit: int) -> tuple[str, int]:
    """Copy a paper into `file`; answers its digest and size. InputError when it is missing, empty or too large."""
    hashed, size = hashlib.sha256(), 0
    for chunk in _chunks(content, name):
        size += len(chunk)
        if size > limit:
            most = limit / 1024 / 1024
            raise InputError(
                Problem(f"文件太大，超过 {most:g} MB", remedy="压缩或拆分后再存", file=_source(content, name))
            )
        hashed.update(chunk)
        file.write(chunk)
    if not size:
        raise InputError(
            Problem("文件是空的，没有内容", remedy="换成有内容的文件", file=_source(content, name))
        )
    return hashed.hexdigest(), size


def _chunks(content: bytes | Path | BinaryIO, name: str) -> Iterator[bytes]:
    """The paper piece by piece; an error in reading it is the giver's, not the archive's."""
    if isinstance(content, bytes):
        yield content
        return
    try:
        if not isinstance(content, Path):
            while chunk := content.read(CHUNK):
                yield chunk
        elif content.is_file():
            with content.open("rb") as source:
                while chunk := source.read(CHUNK):
                    yield chunk
        else:
            what = "不是文件" if content.exists() else "找不到文件"
            raise InputError(Problem(what, remedy="核对路径", file=str(content)))
    except OSError as error:
        reason, remedy = reason_for(error)
        raise InputError(Problem(f"文件读不出来：{reason}", remedy, file=_source(content, name))) from error


def _source(content: bytes | Path | BinaryIO, name: str) -> str:
    return str(content) if isinstance(content, Path) else name
