"""Tables written for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from models.errors import InputError, Problem


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], file: Path) -> None:
    """A table with these columns (field and heading); InputError when the file cannot be written.

    With a byte order mark, or Excel takes Chinese for another encoding.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns.values())
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])
    try:
        file.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(
            Problem(f"文件写不进去（{error.strerror}）", "核对路径和权限", file=str(file))
        ) from None


def _cell(value: Any) -> str:
    """A cell that is text whatever it begins with: a spreadsheet takes =, +, - and @ for a formula."""
    text = "；".join(str(each) for each in value if each != "") if isinstance(value, list) else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
