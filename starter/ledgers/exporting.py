"""Exporting the ledger (台账): a row for each case, its letters, its periods, out of the registry, in little memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities.case_lists import CaseFilter
from activities.database import Database
from activities.registry_pages import RegistryPages
from models.document_types import DocumentType
from models.settings import Settings
from models.terms import CaseKind, EscalationRung, LetterState, Matter, Outcome, Substance
from starter.labels import stage_label
from starter.ledgers.columns import CASES, LETTERS
from starter.ledgers.template import write_cell, written
from starter.output import remark

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types
    from xlsxwriter.format import Format  # type: ignore[import-untyped]  # ships no types

PERIODS = "期限"
_MOST = 1_048_576
"""Rows of a sheet, as the file format has it."""
_TOLD_EVERY = 10_000

Row = Mapping[str, Any]
Reading = Callable[[Row], Any]

_STATES = {
    "running": "进行中",
    "suspended": "中止",
    "met": "已办结",
    "expired": "已届满",
    "ended": "已终止",
    "started": "未计算",
    "not_started": "未开始",
    "uncountable": "无法计算",
}


def _plain(name: str) -> Reading:
    return lambda row: row[name]


def _day(name: str) -> Reading:
    """A day as a day; what is known to the month only as it is written."""

    def read(row: Row) -> Any:
        try:
            return date.fromisoformat(row[name]) if len(row[name]) == 10 else row[name]
        except ValueError:
            return row[name]

    return read


def _label(terms: Any, name: str) -> Reading:
    labels = {each.value: each.label for each in terms}
    return lambda row: labels.get(row[name], row[name])


def _yes(name: str) -> Reading:
    return lambda row: "是" if row[name] else ""


def _rungs(row: Row) -> str:
    labels = {each.value: each.label for each in EscalationRung}
    return "；".join(labels.get(each, each) for each in row["rungs"].split(",") if each)


_CASES: dict[str, tuple[int, Reading]] = {
    "案件编号": (26, _plain("case")),
    "本院案号": (22, _plain("own")),
    "种类": (16, _label(CaseKind, "kind")),
    "阶段": (12, lambda row: stage_label(row["kind"], row["stage"])),
    "案件名称": (34, _plain("title")),
    "地方": (12, lambda row: row["county_name"] or row["county"]),
    "办案检察院": (22, _plain("procuratorate")),
    "事项": (16, _label(Matter, "matter")),
    "重点": (6, _yes("is_focus")),
    "承办人": (10, _plain("handler")),
    "联络员": (10, _plain("liaison")),
    "地点": (18, _plain("place")),
    "立案日期": (12, _plain("opened_on")),
    "结案日期": (12, _plain("closed_on")),
    "结案方式": (16, _label(Outcome, "outcome")),
    "下一期限": (12, _plain("next_due_on")),
    "逾期": (6, _yes("is_overdue")),
    "暂定": (6, _yes("is_provisional")),
    "待整理": (8, lambda row: row["unmatched"] or ""),
}
_LETTERS: dict[str, tuple[int, Reading]] = {
    "案件编号": (26, _plain("case")),
    "文书": (8, _plain("letter")),
    "文书种类": (18, _label(DocumentType, "type")),
    "收件单位": (26, _plain("recipient")),
    "状态": (12, _label(LetterState, "state")),
    "文号": (24, _plain("official_no")),
    "内部编号": (28, _plain("internal_no")),
    "制发日期": (12, _plain("issued_on")),
    "送达日期": (12, _day("served_on")),
    "以制发日代": (10, _yes("served_presumed")),
    "回复日期": (12, _day("replied_on")),
    "回复次数": (8, lambda row: row["replies"] or ""),
    "评估结果": (14, _label(Substance, "substance")),
    "督促次数": (8, lambda row: row["urged"] or ""),
    "提级": (24, _rungs),
    "取代它的文书": (12, _plain("replaced_by")),
}
_PERIODS: dict[str, tuple[int, Reading]] = {
    "案件编号": (26, _plain("case")),
    "文书": (8, _plain("letter")),
    "期限": (22, _plain("name")),
    "对象": (24, _plain("party")),
    "情况": (10, lambda row: _STATES.get(row["state"], row["state"])),
    "起算": (12, _day("started_on")),
    "届满": (12, lambda row: row["due_on"] or row["due_to"]),
    "暂定": (6, _yes("provisional")),
    "逾期": (6, _yes("is_overdue")),
    "办结": (12, _day("met_on")),
    "迟延日数": (8, _plain("days_late")),
    "依据": (40, _plain("basis")),
}


@dataclass(slots=True)
class _Sheet:
    """A sheet that goes on in another one when it is full; a row that was written is not kept in memory."""

    book: Workbook
    name: str
    columns: dict[str, tuple[int, Reading]]
    dated: Format
    heads: Format
    written: int = 0
    _row: int = 0
    _number: int = 0
    _sheet: Any = None

    def begin(self) -> None:
        self._number += 1
        self._row = 1
        self._sheet = self.book.add_worksheet(f"{self.name}{self._number if self._number > 1 else ''}")
        self._sheet.freeze_panes(1, 1)
        for place, (head, (width, _)) in enumerate(self.columns.items()):
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, head, self.heads)

    def add(self, row: Row) -> None:
        if self._row == _MOST:
            self.begin()
        for place, (_, read) in enumerate(self.columns.values()):
            write_cell(self._sheet, self._row, place, read(row), self.dated)
        self._row += 1
        self.written += 1


def export(settings: Settings, path: Path, wanted: CaseFilter) -> int:
    """Write the ledger of the cases that meet a filter; answers how many they are.

    Unreachable when the registry does not answer, InputError when the file cannot be written: then none is left behind.
    """
    with (
        closing(Database(settings.registry, reach=settings.reach)) as database,
        written(path, constant_memory=True) as book,
    ):
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        heads = book.add_format({"bold": True, "bg_color": "#D9E1F2"})
        cases, letters, periods = (
            _Sheet(book, name, columns, dated, heads)
            for name, columns in ((CASES, _CASES), (LETTERS, _LETTERS), (PERIODS, _PERIODS))
        )
        for sheet in (cases, letters, periods):
            sheet.begin()
        for each in RegistryPages(database).read_through(wanted):
            cases.add({**each.case, "own": each.own})
            for letter in each.letters:
                letters.add(letter)
            for period in each.deadlines:
                periods.add(period)
            if cases.written % _TOLD_EVERY == 0:
                remark(f"已写 {cases.written:,} 件……")
        return cases.written
