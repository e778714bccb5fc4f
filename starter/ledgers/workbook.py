"""A ledger file as rows of cells: what is no ledger, or too large, is refused before it is read into memory.

A file is looked through as a zip archive first, a megabyte at a time: how many rows each sheet has, and which cells are formulas.
Excel's days of the 1900 and of the 1904 system come as days.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from models.errors import InputError, Problem
from starter.ledgers.columns import CASES, REASONS, SHEETS, Column

MOST_ROWS = 20_000
"""Of one sheet: so many cases take some 400 MB to read."""
_LARGEST = 500_000_000
_PIECE = 1 << 20
_HEADS = 10
"""Among so many rows the names of the columns are looked for."""
_IN_ALL = f"一个表最多 {MOST_ROWS:,} 行：删去末尾的空行，或者分成几个文件"
_SAVE_AS = "在 Excel 或者 WPS 里打开，另存为“Excel 工作簿（.xlsx）”"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_PACKAGE = (
    zipfile.BadZipFile,
    ElementTree.ParseError,
    zlib.error,
    KeyError,
    NotImplementedError,  # a compression that zipfile does not know
    RuntimeError,
    EOFError,
    OSError,
)
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^<>]*>\s*<f[ />]')
_MOST_FORMULAS = 20
_PASSED_OVER = ("序号", REASONS)

Cell = Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a ledger: in which sheet, row (as Excel counts) and column, and what to do."""

    sheet: str
    row: int | None
    column: str
    what: str
    remedy: str = ""

    def problem(self, file: str) -> Problem:
        """As it is told."""
        where = f"{file}（{self.sheet}表）" if self.sheet else file
        return Problem(self.what, self.remedy, field=self.column, row=self.row, file=where)


@dataclass(slots=True)
class Row:
    """One row that is not empty: its number in Excel, and its cells by the names of their columns, the empty ones left out."""

    sheet: str
    number: int
    cells: dict[str, Cell]


@dataclass(slots=True)
class Sheet:
    """One sheet of a ledger: what is wrong with it as a whole, the names over its columns, and its rows."""

    name: str
    heads: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_sheets(path: Path) -> dict[str, Sheet]:
    """The sheets of a ledger by name; InputError for what is no ledger."""
    formulas = _looked_through(path)
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        hidden = {each.name for each in book.sheets_metadata if each.visible is not SheetVisibleEnum.Visible}
        names = [name for name in book.sheet_names if name in SHEETS]
        findings = [
            Finding(name, None, "", "工作表是隐藏的", "取消隐藏，核对内容；不要的删去")
            for name in names
            if name in hidden
        ]
        if CASES not in names:
            near = "、".join(f"“{each}”" for each in book.sheet_names if each not in hidden)
            findings.append(
                Finding(
                    "",
                    None,
                    "",
                    f"没有名为“{CASES}”的工作表",
                    f"把台账所在的表改名为“{CASES}”；现有 {near or '无'}",
                )
            )
        if findings:
            raise InputError(each.problem(path.name) for each in findings)
        return {name: _read(name, book.get_sheet_by_name(name), formulas.get(name, ())) for name in names}
    except CalamineError as error:
        raise _broken(path, str(error)) from None


# ── before it is opened ──────────────────────────────────────────────────────────────────────────────────────────────


def _looked_through(path: Path) -> dict[str, tuple[tuple[str, int], ...]]:
    """The cells that are formulas, by sheet; InputError for a file that is no workbook, or too large a one."""
    _opened(path)
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > _LARGEST:
                raise _wrong(path, "文件太大", _IN_ALL)
            for name, part in _parts(packed):
                rows, formulas = _scanned(packed, part)
                # Besides the names and the lines over them, and what blank rows were once formatted.
                if name in SHEETS and rows > MOST_ROWS + _HEADS:
                    raise _wrong(path, f"“{name}”表有 {rows:,} 行，太多", _IN_ALL)
                found[name] = formulas
    except _NO_PACKAGE as error:
        raise _broken(path, str(error)) from None
    return found


def _opened(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begins = file.read(len(_OLD))
            if begins == _OLD:
                rest = file.read(_PIECE * 4)
                encrypted = "EncryptedPackage".encode("utf-16-le") in rest
                what = "文件加了密码" if encrypted else "是旧格式的 Excel 文件（.xls）"
                raise _wrong(path, what, "打开文件，取消密码后再保存" if encrypted else _SAVE_AS)
    except FileNotFoundError:
        raise _wrong(path, "找不到文件", "核对路径") from None
    except IsADirectoryError:
        raise _wrong(path, "是文件夹，不是文件", "写出文件名") from None
    except OSError as error:
        raise _wrong(path, f"文件读不出来（{error.strerror}）", "核对文件的权限") from None
    if not begins.startswith(b"PK"):
        text = not begins or b"\0" not in begins
        what = "不是 Excel 文件，像是改了扩展名的文本（.csv）" if text else "不是 Excel 文件"
        raise _wrong(path, what if begins else "文件是空的", _SAVE_AS)


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the part of the package that it stands in."""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    }
    for each in ElementTree.fromstring(packed.read("xl/workbook.xml")).iter():
        if each.tag.endswith("}sheet"):
            relation = next((value for key, value in each.attrib.items() if key.endswith("}id")), "")
            target = targets.get(relation, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in packed.namelist():
                yield each.get("name", ""), part


def _scanned(packed: zipfile.ZipFile, part: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """How many rows a sheet has, and its first formulas."""
    rows, tail = 0, b""
    formulas: dict[tuple[str, int], None] = {}
    read = 0
    with packed.open(part) as file:
        while piece := file.read(_PIECE):
            read += len(piece)
            if read > _LARGEST:
                raise zipfile.BadZipFile("unpacks to more than it says")
            rows += piece.count(b"<row ") + (tail[-4:] + piece[:4]).count(b"<row ")
            if len(formulas) < _MOST_FORMULAS:
                formulas |= {
                    (each[1].decode(), int(each[2])): None for each in _FORMULA.finditer(tail + piece)
                }
            tail = piece[-300:]
    return rows, tuple(formulas)[:_MOST_FORMULAS]


# ── one sheet ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read(name: str, sheet: Any, formulas: Sequence[tuple[str, int]]) -> Sheet:
    columns = {each.name: each for each in SHEETS[name]}
    made = Sheet(name)
    # Rows are given from the first one on, cells from the first column that holds anything.
    _, start_column = sheet.start or (0, 0)
    rows = islice(enumerate(sheet.iter_rows(), start=1), _HEADS)
    first = [(number, [_text(cell) for cell in cells]) for number, cells in rows]
    head = max(first, key=lambda each: len(columns.keys() & set(each[1])), default=None)
    if head is None:
        made.findings += [Finding(name, None, "", "表是空的", "照样表填写")] if name == CASES else []
        return made
    at, heads = head
    made.heads = tuple(heads)
    made.findings += _against_heads(name, at, heads, columns)
    made.findings += _against_merges(name, at, sheet.merged_cell_ranges or (), len(heads))
    made.findings += _against_formulas(name, at, formulas, heads, start_column)
    if made.findings:
        return made
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number <= at:
            continue
        given = {head: _clean(cell) for head, cell in zip(heads, cells, strict=False) if head in columns}
        given = {head: cell for head, cell in given.items() if cell != ""}
        if given and all(head == cell for head, cell in given.items()):
            made.findings.append(Finding(name, number, "", "又是一行列名", "删去这一行"))
        elif given:
            made.rows.append(Row(name, number, given))
    return made


def _against_heads(name: str, at: int, heads: Sequence[str], columns: dict[str, Column]) -> Iterator[Finding]:
    named = [head for head in heads if head]
    known = [head for head in named if head in columns]
    if len(known) < 2:
        wanted = "、".join(each.name for each in columns.values() if each.is_needed)
        yield Finding(
            name,
            None,
            "",
            "找不到列名所在的行",
            f"列名写在一行里，至少有：{wanted}；样表用 mingjian ledger template",
        )
        return
    for head in dict.fromkeys(head for head in known if known.count(head) > 1):
        yield Finding(name, at, head, "同名的列有几个", "只留一个")
    for column in columns.values():
        if column.is_needed and column.name not in known:
            yield Finding(name, at, column.name, "缺少这一列", "补上；列名须在一行里，不能分两行写")
    for head in named:
        if head not in columns and head not in _PASSED_OVER:
            near = get_close_matches(head, columns, n=1, cutoff=0.5)
            remedy = f"是不是“{near[0]}”" if near else "删去这一列，或者并入备注"
            yield Finding(name, at, head, "不认识的列", remedy)


def _against_merges(name: str, at: int, merged: Sequence[Any], width: int) -> Iterator[Finding]:
    """A title over the names may be merged; names and rows may not: only the first of the cells has what is written there."""
    for (first, left), (last, right) in merged:
        if last + 1 >= at:
            cells = f"{_letters(left)}{first + 1}:{_letters(right)}{last + 1}"
            yield Finding(
                name, first + 1, "", f"合并了单元格 {cells}", "取消合并，各格分别填写；列名只占一行"
            )


def _against_formulas(
    name: str, at: int, formulas: Sequence[tuple[str, int]], heads: Sequence[str], start: int
) -> Iterator[Finding]:
    for letters, number in formulas:
        place = _place(letters) - start
        head = heads[place] if 0 <= place < len(heads) else ""
        if number > at and head and head not in _PASSED_OVER:
            yield Finding(name, number, head, f"{letters}{number} 是公式", "复制后“选择性粘贴”为数值")


def _text(cell: Cell) -> str:
    return "".join(str(cell).split()).replace("(", "（").replace(")", "）")


def _clean(cell: Cell) -> Cell:
    """A cell without the blanks around its text; what is not printable is no blank, and is refused later."""
    return cell.strip() if isinstance(cell, str) else cell


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _wrong(path: Path, what: str, remedy: str) -> InputError:
    return InputError(Problem(what, remedy, file=path.name))


def _broken(path: Path, why: str) -> InputError:
    return _wrong(path, f"文件损坏，读不出来（{why[:80]}）", "从原处重新取一份，或者用 Excel 打开修复后另存")
