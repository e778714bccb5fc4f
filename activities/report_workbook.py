"""统计表 as a workbook (.xlsx): every figure with its definition, and the list of cases behind each, written as it is counted.

The same entries give the same bytes: times within the file are fixed. Text is text, whatever it begins with; days are dates of
the program that reads it, where they are known to the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]  # ships no types

from models.paper_parts import clean
from models.reporting.entries import Entry
from models.reporting.figures import FIGURES, Figure, Measure
from models.reporting.tally import WHOLE, Tally, Value

LAST_ROW = 1_048_576
"""How many rows a sheet of the format has."""
_LONGEST = 32_000
_EARLIEST = date(1900, 1, 1)
_CREATED = datetime(2021, 9, 15)  # noqa: DTZ001  # the format knows no zone
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_LIST_COLUMNS = (
    ("指标代码", 16),
    ("指标", 24),
    ("分项", 24),
    ("行政区划码", 11),
    ("地方", 14),
    ("案件编号", 30),
    ("案件名称", 40),
    ("案件种类", 16),
    ("文书、期限、事项或事实", 30),
    ("日期", 12),
    ("日期（不知到日）", 22),
    ("数值", 12),
)


class Workbook:
    """One workbook in the making: entries first, as they come; then the figures, which stand on the first sheet.

    Raises OSError when the file, or what is buffered for it, cannot be written.
    """

    def __init__(self, path: Path, *, last_row: int = LAST_ROW) -> None:
        self._book = xlsxwriter.Workbook(str(path), _OPTIONS)
        self._book.set_properties({"title": "统计表", "created": _CREATED})
        self._figures = self._book.add_worksheet("指标")
        bold = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
        self._head = self._book.add_format(bold)
        self._heading = self._book.add_format({"bold": True})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._rate = self._book.add_format({"num_format": "0.0%"})
        self._last_row = last_row
        self._lists = 0
        self._begin_list()

    def add(self, entry: Entry) -> None:
        """One line more of the list of cases; a sheet that is full goes over into the next."""
        if self._row == self._last_row:
            self._end_list()
            self._begin_list()
        figure = FIGURES.get(entry.figure)
        texts = (
            entry.figure,
            figure.name if figure else "整改用时",
            entry.part,
            entry.county,
            entry.county_name,
            entry.case,
            entry.title,
            entry.kind,
            entry.what,
        )
        for column, text in enumerate(texts):
            if text:
                self._write(self._list, self._row, column, text)
        if entry.on is not None:
            if entry.on.is_day and entry.on.latest >= _EARLIEST:
                self._list.write_datetime(self._row, 9, entry.on.latest, self._day)
            else:
                self._write(self._list, self._row, 10, str(entry.on))
        if entry.amount is not None:
            self._list.write_number(self._row, 11, float(entry.amount))
        self._row += 1

    def close(self, tally: Tally, heading: str, names: dict[str, str]) -> None:
        """Write the figures, of the whole and of each county in `names` (by code), and the file."""
        self._end_list()
        sheet = self._figures
        self._write(sheet, 0, 0, heading, self._heading)
        heads = ("类别", "指标代码", "指标", "分项", "单位", "合计", *names.values(), "清单行数", "含义")
        for column, head in enumerate(heads):
            self._write(sheet, 1, column, head, self._head)
        row = 2
        for figure in FIGURES.values():
            self._figure(row, figure, tally, names)
            row += 1
            parts = tally.parts(figure)
            for part, value in parts.items():
                of_counties = [tally.parts(figure, code).get(part, 0) for code in names]
                for column, text in enumerate((figure.section, figure.key, figure.name, part, figure.unit)):
                    self._write(sheet, row, column, text)
                self._values(row, figure, [value, *of_counties])
                row += 1
        sheet.freeze_panes(2, 4)
        sheet.set_column(0, 1, 16)
        sheet.set_column(2, 3, 24)
        sheet.set_column(4, 6 + len(names), 10)
        sheet.set_column(7 + len(names), 7 + len(names), 70)
        sheet.autofilter(1, 0, row - 1, len(heads) - 1)
        self._close()

    def abandon(self) -> None:
        """Give the file up: what was buffered for it goes, whatever becomes of what was written."""
        with suppress(OSError):
            self._close()

    def _close(self) -> None:
        try:
            self._book.close()
        except XlsxWriterException as error:
            cause = error.__context__
            raise (cause if isinstance(cause, OSError) else OSError(0, str(error))) from error

    def _figure(self, row: int, figure: Figure, tally: Tally, names: dict[str, str]) -> None:
        for column, text in enumerate((figure.section, figure.key, figure.name, "", figure.unit)):
            self._write(self._figures, row, column, text)
        self._values(row, figure, [tally.value(figure, county) for county in (WHOLE, *names)])
        self._figures.write_number(row, 6 + len(names), tally.length(figure))
        self._write(self._figures, row, 7 + len(names), figure.definition, self._wrapped)

    def _values(self, row: int, figure: Figure, values: Iterable[Value]) -> None:
        form = self._rate if figure.measure is Measure.RATE else None
        for column, value in enumerate(values, 5):
            if value is None:
                self._write(self._figures, row, column, "无")
            else:
                self._figures.write_number(row, column, value, form)

    def _begin_list(self) -> None:
        self._lists += 1
        name = "案件清单" if self._lists == 1 else f"案件清单{self._lists}"
        self._list = self._book.add_worksheet(name)
        self._list.freeze_panes(1, 0)
        for column, (head, width) in enumerate(_LIST_COLUMNS):
            self._list.set_column(column, column, width)
            self._write(self._list, 0, column, head, self._head)
        self._row = 1

    def _end_list(self) -> None:
        self._list.autofilter(0, 0, max(self._row - 1, 1), len(_LIST_COLUMNS) - 1)

    def _write(self, sheet: Any, row: int, column: int, text: str, form: Any = None) -> None:
        sheet.write_string(row, column, _printable(text), form)


@lru_cache(maxsize=256)
def _printable(text: str) -> str:
    """What a sheet can hold; the lines of a case follow one another, and say the same again and again."""
    return clean(text)[:_LONGEST]
