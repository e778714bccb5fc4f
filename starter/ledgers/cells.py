"""Reading the cells of a ledger: dates, terms, yes and no; what cannot be read is noted, with its cell, and counts as nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from models.dates import EventDate
from models.errors import InputError
from models.terms import LabelledEnum
from models.written_dates import read_date, read_day
from starter.ledgers.columns import SHEETS
from starter.ledgers.workbook import Cell, Finding, Row
from starter.strict import choices

_MOST = {name: {each.name: each.most for each in columns if each.most} for name, columns in SHEETS.items()}
_NEEDED = {name: [each.name for each in columns if each.is_needed] for name, columns in SHEETS.items()}

Term = TypeVar("Term", bound=LabelledEnum)


@dataclass
class Cells:
    """The cells of one case, and what is wrong with them."""

    findings: list[Finding] = field(default_factory=list)

    def wrong(self, row: Row, column: str, what: str, remedy: str = "") -> None:
        """Something is wrong with a cell, or with what should stand there."""
        self.findings.append(Finding(row.sheet, row.number, column, what, remedy))

    def whole(self, row: Row) -> None:
        """That a row holds what its sheet asks, no more than there is room for, and only what can be printed."""
        for name in _NEEDED[row.sheet]:
            if name not in row.cells:
                self.wrong(row, name, "没有填写", "补上")
        for name, cell in row.cells.items():
            most = _MOST[row.sheet].get(name, 0)
            if most and len(as_text(cell)) > most:
                self.wrong(row, name, f"{len(as_text(cell))} 字，过长", f"不超过 {most} 字")
            if isinstance(cell, str) and any(ord(each) < 32 and each not in "\n\t\r" for each in cell):
                self.wrong(row, name, "有不能用的字符", "删去控制字符")

    def text(self, row: Row, column: str) -> str:
        """A cell as text; empty where there is nothing."""
        return as_text(row.cells.get(column, ""))

    def when(self, row: Row, column: str) -> EventDate | None:
        """The date of a cell; one that cannot be read is told once, and counts as none."""
        if column not in row.cells:
            return None
        try:
            return read_date(row.cells[column])
        except InputError as error:
            self.told(row, column, error)
            return None

    def day(self, row: Row, column: str) -> date | None:
        """The day of a cell, which must be known to the day."""
        if column not in row.cells:
            return None
        try:
            return read_day(row.cells[column], column)
        except InputError as error:
            self.told(row, column, error)
            return None

    def told(self, row: Row, column: str, error: InputError) -> None:
        """What could not be read in a cell, told once."""
        known = {(each.row, each.sheet, each.column) for each in self.findings}
        if (row.number, row.sheet, column) not in known:
            for problem in error.problems:
                self.wrong(row, column, problem.what, problem.remedy)

    def term(self, row: Row, column: str, terms: type[Term]) -> Term | None:
        """The term that a cell names; one that is none is told once."""
        text = self.text(row, column)
        if not text:
            return None
        try:
            return terms(text)
        except ValueError:
            known = (row.number, row.sheet, column)
            if known not in {(each.row, each.sheet, each.column) for each in self.findings}:
                self.wrong(
                    row, column, f"不认识“{text}”", f"可用：{choices_of(row.sheet, column) or choices(terms)}"
                )
            return None

    def yes(self, row: Row, column: str) -> bool | None:
        """Whether a cell says yes; None where it says nothing."""
        text = self.text(row, column)
        if text not in ("", "是", "否"):
            self.wrong(row, column, f"“{text}”应为是或否", "写 是 或 否")
        return {"是": True, "否": False}.get(text)


def as_text(cell: Cell) -> str:
    """A cell as text: a whole number without its point, a day as 2021-07-03."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def choices_of(sheet: str, column: str) -> str:
    """The words that a column may hold, where they are few."""
    return "；".join(next((each.choices for each in SHEETS[sheet] if each.name == column), ()))
