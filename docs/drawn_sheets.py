"""A sheet of a workbook as it is drawn: its cells, widths and notes, and one of its drop-downs open."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from starter.columns import width

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def drawn_sheet(
    file: Path,
    name: str,
    *,
    columns: int,
    rows: int,
    heads: tuple[int, ...] = (0,),
    opened: str = "",
    noted: str = "",
) -> dict[str, Any]:
    """The first rows and columns; `heads`: which rows name the columns. One column's drop-down is open, another's note shown."""
    with CalamineWorkbook.from_path(str(file)) as book:
        tabs = [each.name for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible]
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        sheets = {each: book.get_sheet_by_name(each).to_python() for each in book.sheet_names}
        number = book.sheet_names.index(name) + 1
    with ZipFile(file) as parts:
        sheet = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
        notes = _notes(parts, number)
        bold = _bold(parts, sheet)
    names = [str(each) for each in cells[0]]
    beside = []
    if noted:
        place = names.index(noted)
        beside.append(_beside(place, 25, [notes[_letter(place) + "1"]], is_note=True))
    if opened:
        place = names.index(opened)
        beside.append(_beside(place, 36, _choices(sheet, sheets, _letter(place))))
    return {
        "widths": [_width(sheet, place + 1) for place in range(columns)],
        "letters": [_letter(place) for place in range(columns)],
        "rows": [_row(cells, row, columns, row in heads, notes, bold) for row in range(rows)],
        "beside": beside,
        "room": 78 if beside else 0,
        "tabs": tabs,
        "shown": name,
    }


def _row(
    cells: list[list[Any]], row: int, columns: int, is_head: bool, notes: dict[str, str], bold: set[str]
) -> list[dict[str, Any]]:
    """The cells of a row; what stands alone in it goes on over the empty ones."""
    values = [*cells[row], *[""] * columns][:columns] if row < len(cells) else [""] * columns
    is_alone = bool(values[0]) and not any(values[1:])
    return [
        {
            "words": _words(value),
            "is-number": isinstance(value, int | float),
            "is-head": is_head,
            "is-bold": _letter(column) + str(row + 1) in bold,
            "is-noted": _letter(column) + str(row + 1) in notes,
            "span": columns if is_alone else 1,
        }
        for column, value in enumerate(values[:1] if is_alone else values)
    ]


def _words(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _beside(place: int, down: int, words: list[str], *, is_note: bool = False) -> dict[str, Any]:
    wide = 100 if is_note else max(width(each) for each in words) * 4 + 8
    return {"column": place, "down": down, "words": words, "wide": wide, "is-note": is_note}


def _width(sheet: ElementTree.Element, number: int) -> float:
    for each in sheet.iter(f"{_MAIN}col"):
        if int(each.attrib["min"]) <= number <= int(each.attrib["max"]):
            return float(each.attrib["width"])
    return 9.0


def _bold(parts: ZipFile, sheet: ElementTree.Element) -> set[str]:
    """The cells in bold."""
    styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
    fonts = [each.find(f"{_MAIN}b") is not None for each in styles.iterfind(f"{_MAIN}fonts/{_MAIN}font")]
    forms = [fonts[int(each.attrib["fontId"])] for each in styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")]
    return {each.attrib["r"] for each in sheet.iter(f"{_MAIN}c") if forms[int(each.attrib.get("s", "0"))]}


def _notes(parts: ZipFile, number: int) -> dict[str, str]:
    name = f"xl/comments{number}.xml"
    if name not in parts.namelist():
        return {}
    root = ElementTree.fromstring(parts.read(name))
    return {
        each.attrib["ref"]: "".join(text.text or "" for text in each.iter(f"{_MAIN}t"))
        for each in root.iter(f"{_MAIN}comment")
    }


def _choices(sheet: ElementTree.Element, sheets: dict[str, list[list[Any]]], letter: str) -> list[str]:
    """What the drop-down of a column offers."""
    for each in sheet.iter(f"{_MAIN}dataValidation"):
        if not re.match(rf"{letter}\d", each.attrib["sqref"]):
            continue
        formula = each.findtext(f"{_MAIN}formula1", "")
        found = re.fullmatch(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)", formula)
        assert found, formula
        column = sum((ord(x) - 64) * 26**n for n, x in enumerate(reversed(found[2]))) - 1
        return [str(row[column]) for row in sheets[found[1]][int(found[3]) - 1 : int(found[4])]]
    raise AssertionError(f"no drop-down in {letter}")
