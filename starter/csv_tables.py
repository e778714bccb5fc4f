"""Tables for spreadsheets, as CSV: Excel opens them as they are, and nothing in them runs."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

from models.errors import InputError, Problem

# A byte order mark, or Excel takes Chinese for another encoding.
_ENCODING = "utf-8-sig"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], file: Path) -> int:
    """Write a table under headings to a file, which has all of it or stays as it was; answers how many rows.

    `columns` names each field's heading. InputError when the file cannot be written.
    """
    aside = file.with_name(f".{file.name}.{uuid4().hex[:8]}.part")
    try:
        try:
            with aside.open("x", encoding=_ENCODING, newline="") as stream:
                number = _write(rows, columns, stream)
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(file)
        finally:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            Problem(f"文件写不进去（{error.strerror}）", "核对路径和权限", file=str(file))
        ) from None
    return number


def print_csv(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> int:
    """Write a table to standard output, to be sent to a file or a program; answers how many rows."""
    # A pipe has bytes, whatever the encoding of the terminal; only a test's own stream has none.
    out = getattr(sys.stdout, "buffer", None)
    if out is None:
        sys.stdout.write("\ufeff")
        return _write(rows, columns, sys.stdout)
    stream = TextIOWrapper(out, encoding=_ENCODING, newline="", write_through=True)
    try:
        return _write(rows, columns, stream)
    finally:
        stream.detach()


def _write(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], stream: TextIO) -> int:
    writer = csv.writer(stream)
    writer.writerow(columns.values())
    number = 0
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])
        number += 1
    return number


def _cell(value: Any) -> str:
    """A cell that is text whatever it begins with: a spreadsheet takes =, +, - and @ for a formula."""
    text = "；".join(str(each) for each in value if each != "") if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
