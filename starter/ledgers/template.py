"""Ledger files that are written: the empty one with its drop-downs and notes, and the rows given back with the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from models.bodies import Jurisdiction
from models.errors import InputError, Problem
from starter.ledgers.columns import CASES, CHOICES, NOTES, REASONS, SHEETS, Column
from starter.ledgers.workbook import MOST_ROWS, Cell, Finding, Row

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types
    from xlsxwriter.format import Format  # type: ignore[import-untyped]  # ships no types
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # ships no types

_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FIRST = 1  # the row after the names
_HOW = (
    "怎样填写",
    f"一个案件一行，写在“{CASES}”表。一行里可以带一份文书；还有其他文书的，写在“文书”表，凭本院案号归入案件。",
    "要整改的事项写在“事项”表，一项一行，也凭本院案号归入案件。",
    "加粗的列必填；其余查不到的留空，不要编造。列的次序可以变，不用的列可以删去，列名不能改。",
    "日期写到哪里算哪里：2021-07-03、2021年7月3日、2021.7.3、2021年7月、2021年7月上旬、2021，或者 2021年7月9日至11日。",
    "案件办到哪一步就填到哪一步：只立案、已制发、已送达、已回复、已评估、已结案的都可以导入。",
    "以前制发的文书不再制作、不再编号、不再寄发；导入以前已经过去的提醒、到期，不再通知。期限照常计算。",
    "不要合并单元格，不要写公式，列名只占一行。",
    f"填好以后：mingjian ledger import 台账.xlsx 试看，无误后加 --yes。一个表最多 {MOST_ROWS:,} 行。",
)


@contextmanager
def written(path: Path, **options: Any) -> Iterator[Workbook]:
    """A workbook that takes a file's place when it is whole; what looks like a formula or an address is text in it."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]  # ships no types

    if path.suffix.lower() != ".xlsx":
        raise InputError(Problem(f"“{path.name}”不是 .xlsx", "文件名以 .xlsx 结尾", file=path.name))
    part = path.with_name(f".{path.name}.part")
    with TemporaryDirectory(prefix="mingjian-ledger-") as aside:
        book = Workbook(str(part), _PLAIN | options | {"tmpdir": aside})
        try:
            yield book
            book.close()
            part.replace(path)
        except (FileCreateError, OSError) as error:
            raise InputError(
                Problem(f"文件写不出来（{error}）", "核对文件夹和磁盘空间；开着的文件先关上", file=path.name)
            ) from None
        finally:
            part.unlink(missing_ok=True)
            for sheet in book.worksheets():
                # Rows that were written are kept in a file of each sheet until the workbook is closed.
                if (rows := getattr(sheet, "row_data_fh", None)) is not None:
                    rows.close()


def write_template(path: Path, jurisdiction: Jurisdiction) -> None:
    """The empty ledger."""
    with written(path) as book:
        lists = _choices(jurisdiction)
        heads = book.add_format({"bg_color": "#D9E1F2", "border": 1, "text_wrap": True, "valign": "top"})
        needed = book.add_format(
            {"bg_color": "#D9E1F2", "border": 1, "text_wrap": True, "valign": "top", "bold": True}
        )
        plain = book.add_format({"num_format": "@"})
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        sheets = {name: book.add_worksheet(name) for name in SHEETS}
        _notes(book)
        places = _lists(book, lists)
        for name, sheet in sheets.items():
            sheet.freeze_panes(1, 1 if name != CASES else 0)
            for place, column in enumerate(SHEETS[name]):
                sheet.set_column(place, place, column.width, dated if column.is_date else plain)
                sheet.write_string(0, place, column.name, needed if column.is_needed else heads)
                if column.note:
                    sheet.write_comment(0, place, column.note)
                if (key := _list_of(column)) in places:
                    _drop_down(sheet, place, column, places[key])
        sheets[CASES].activate()


def write_back(
    path: Path, heads: Mapping[str, Sequence[str]], rows: Sequence[Row], findings: Sequence[Finding]
) -> None:
    """The rows that were not taken, under the columns of their file, each with its reasons in the last one."""
    reasons: dict[tuple[str, int | None], list[str]] = {}
    for each in findings:
        said = f"{each.column}：{each.what}" if each.column else each.what
        reasons.setdefault((each.sheet, each.row), []).append(
            f"{said}（{each.remedy}）" if each.remedy else said
        )
    with written(path) as book:
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        bold = book.add_format({"bold": True})
        for name, names in heads.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            shown = [head for head in names if head and head != REASONS]
            for place, head in enumerate((*shown, REASONS)):
                sheet.write_string(0, place, head, bold)
            for at, row in enumerate((each for each in rows if each.sheet == name), start=_FIRST):
                for place, head in enumerate(shown):
                    write_cell(sheet, at, place, row.cells.get(head, ""), dated)
                sheet.write_string(at, len(shown), "；".join(reasons.get((name, row.number), ())))


def write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, dated: Format) -> None:
    """A day as a day, a number as a number, everything else as text."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_string(row, column, "是" if cell else "否")
    elif isinstance(cell, datetime | date):
        sheet.write_datetime(row, column, cell, dated)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell)[:32_767])


# ── the template's lists ─────────────────────────────────────────────────────────────────────────────────────────────


def _choices(jurisdiction: Jurisdiction) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What each list holds: under the words themselves, or under the name of a column that the jurisdiction fills."""
    places = tuple(each.name for each in jurisdiction.places.values() if jurisdiction.contains(each.code))
    bodies = tuple(
        each.name for each in jurisdiction.bodies.values() if each.place and jurisdiction.contains(each.place)
    )
    procuratorates = tuple(each.name for each in jurisdiction.procuratorates())
    found: dict[tuple[str, ...], tuple[str, ...]] = {
        ("地方",): places,
        ("收件单位",): bodies,
        ("办案检察院",): procuratorates,
    }
    for columns in SHEETS.values():
        found |= {each.choices: each.choices for each in columns if each.choices}
    return found


def _list_of(column: Column) -> tuple[str, ...]:
    return column.choices or (column.name,)


def _lists(book: Workbook, lists: Mapping[tuple[str, ...], Sequence[str]]) -> dict[tuple[str, ...], str]:
    """The lists in a sheet of their own, since a cell's rule holds 255 characters; where each stands."""
    sheet = book.add_worksheet(CHOICES)
    sheet.hide()
    places = {}
    for column, (key, words) in enumerate(lists.items()):
        for row, word in enumerate(words):
            sheet.write_string(row, column, word)
        letter = _letters(column)
        places[key] = f"={CHOICES}!${letter}$1:${letter}${len(words)}"
    return places


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]  # ships no types

    return str(xl_col_to_name(column))


def _drop_down(sheet: Worksheet, place: int, column: Column, source: str) -> None:
    """Only what the program's own lists hold is insisted upon: a recipient may be any body."""
    sheet.data_validation(
        _FIRST,
        place,
        MOST_ROWS,
        place,
        {
            "validate": "list",
            "source": source,
            "error_type": "stop" if column.choices else "information",
            "error_title": column.name,
            "error_message": "请从下拉表中选取" if column.choices else "不在下拉表中，请核对全称",
        },
    )


def _notes(book: Workbook) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 90)
    bold = book.add_format({"bold": True})
    row = 0
    for line in _HOW:
        sheet.write_string(row, 0, line, bold if row == 0 else None)
        row += 1
    row += 1
    for place, word in enumerate(("表", "列", "填什么")):
        sheet.write_string(row, place, word, bold)
    for name, columns in SHEETS.items():
        for column in columns:
            row += 1
            told = f"必填。{column.note}" if column.is_needed else column.note
            if column.choices:
                told = f"{told}；可选：{'、'.join(column.choices)}".lstrip("；")
            for place, word in enumerate((name, column.name, told)):
                sheet.write_string(row, place, word)
