"""From the rows of one case in a ledger to the case as a case file has it, and what had happened to it until then.

A pure translation: the case goes through the reader of case files (`starter.case_files`), what had happened becomes the facts and
decisions that a clerk would have entered, each with the cell it was read from, in the order of their days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from models.calendar import EARLIEST_START
from models.document_types import DocumentType
from models.errors import InputError, Problem
from models.terms import CaseKind, Role
from models.wire import Person
from models.written_dates import read_date
from starter.ledgers.cells import Cells, choices_of
from starter.ledgers.columns import KINDS, LETTER_NAMES, LETTERS, NUMBER
from starter.ledgers.courses import UNNAMED, Course, Place, Step, item_id
from starter.ledgers.workbook import Finding, Row
from starter.written import Written

_LAST = date.max


@dataclass(slots=True)
class Group:
    """All rows of one case."""

    case: Row
    letters: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return [self.case, *self.letters, *self.items]

    def digest(self) -> str:
        """Of what is written in its rows, wherever they stand."""
        said = [
            (row.sheet, sorted((name, str(cell)) for name, cell in row.cells.items())) for row in self.rows
        ]
        return sha256(repr(said).encode()).hexdigest()


@dataclass(slots=True)
class Translated:
    """A case of a ledger before its reading: as a case file has it, its course, where each field was read, what is wrong."""

    kind: CaseKind
    written: Written
    steps: list[Step]
    places: dict[str, Place]
    findings: list[Finding]

    def placed(self, problem: Problem) -> Finding:
        """What is wrong with a field, by the cell that it was read from."""
        way = problem.field
        while way and way not in self.places:
            way = re.sub(r"(^|\.?)[^.\[]+$|\[\d+\]$", "", way)
        place = self.places.get(way) or self.places[""]
        words = choices_of(place.sheet, place.column)
        remedy = (
            f"可用：{words}" if words and problem.what.startswith("不认识") else in_columns(problem.remedy)
        )
        return Finding(place.sheet, place.row, place.column, problem.what, remedy)


_REMEDIES = {
    "先记录拒收 service_refused": "填写拒收日期",
    "先记录回复": "填写回复日期",
    "先评估": "填写评估结果",
    "先制发或撤回": "填写制发日期",
    "请由他人审批": "核对批准人",
}
_FIELD = re.compile(r"填写 [a-z_.]+")


def in_columns(remedy: str) -> str:
    """What to do about it in a ledger, which has neither commands nor fields."""
    return _REMEDIES.get(remedy) or _FIELD.sub("填写这一列", remedy)


def translate(group: Group, recorder: Person | None) -> Translated:
    """The rows of a case as a case file, and its course; `recorder`: who enters the ledger, its handler unless given."""
    return _Translation(group, recorder).made()


@dataclass
class _Translation:
    """One case on its way from cells to fields and messages."""

    group: Group
    recorder: Person | None
    cells: Cells = field(default_factory=Cells)
    places: dict[str, Place] = field(default_factory=dict)

    def made(self) -> Translated:
        row = self.group.case
        self.places[""] = Place(row.sheet, row.number, "")
        for each in self.group.rows:
            self.cells.whole(each)
        kind = self._kind(row)
        self.handler = Person(
            name=self.cells.text(row, "承办人")[:60] or UNNAMED, role=self._handler_role(row)
        )
        value = self._case(row)
        opened = self.cells.when(row, "立案日期")
        value |= self._terms(row, kind)
        letters = [each for each in (row, *self.group.letters) if _has_letter(each)]
        if kind is not CaseKind.URGING:
            self._no_letters(letters, kind)
            letters = []
        letters.sort(key=self._first_day)
        if letters:
            value["letters"] = [self._letter(each, place) for place, each in enumerate(letters)]
        if self.group.items:
            value["items"] = [self._item(each, place) for place, each in enumerate(self.group.items)]
        course = Course(self.cells, self.handler, self.recorder or self.handler)
        steps = course.steps(row, letters, self.group.items, kind, opened)
        return Translated(kind, Written(value, "", {(): row.number}), steps, self.places, self.cells.findings)

    # the case

    def _kind(self, row: Row) -> CaseKind:
        kind = self.cells.term(row, "种类", CaseKind)
        if kind is not None and kind not in KINDS:
            known = "、".join(each.label for each in KINDS)
            self.cells.wrong(
                row,
                "种类",
                f"台账不导入{kind.label}案件",
                f"可用：{known}；其余的用 mingjian open 立案后补录",
            )
            return CaseKind.URGING
        return kind or CaseKind.URGING

    def _handler_role(self, row: Row) -> Role:
        return self.cells.term(row, "承办人身份", Role) or Role.PROCURATOR

    def _case(self, row: Row) -> dict[str, Any]:
        opened = self.cells.when(row, "立案日期")
        found = self.cells.when(row, "发现日期")
        if opened is not None and opened.earliest < EARLIEST_START:
            self.cells.wrong(row, "立案日期", f"日期 {opened} 过早，无法计算期限", "核对日期")
        given: dict[str, tuple[str, Any]] = {
            "number": (NUMBER, self.cells.text(row, NUMBER)),
            "title": ("案件名称", self.cells.text(row, "案件名称")),
            "county": ("地方", self.cells.text(row, "地方")),
            "procuratorate": ("办案检察院", self.cells.text(row, "办案检察院")),
            "matter": ("事项", self.cells.text(row, "事项")),
            "matter_reason": ("受理理由", self.cells.text(row, "受理理由")),
            "opened_on": ("立案日期", str(opened.earliest) if opened else ""),
            "liaison": ("联络员", self.cells.text(row, "联络员")),
            "place": ("地点", self.cells.text(row, "地点")),
            "parties": ("当事人", self.cells.text(row, "当事人")),
            "area_m2": ("面积（平方米）", self.cells.text(row, "面积（平方米）")),
        }
        value = {name: cell for name, (_, cell) in given.items() if cell}
        for name, (column, _) in given.items():
            self.places[name] = Place(row.sheet, row.number, column)
        clue = {
            "source": self.cells.text(row, "线索来源") or "其他",
            "found_on": str(found) if found else "",
            "summary": self.cells.text(row, "线索摘要"),
        }
        for name, column in zip(clue, ("线索来源", "发现日期", "线索摘要"), strict=True):
            self.places[f"clue.{name}"] = Place(row.sheet, row.number, column)
        value["clue"] = {name: cell for name, cell in clue.items() if cell}
        value["handler"] = {
            "name": self.cells.text(row, "承办人") or UNNAMED,
            "role": self.handler.role.value,
        }
        self.places["handler"] = Place(row.sheet, row.number, "承办人")
        return value

    def _terms(self, row: Row, kind: CaseKind) -> dict[str, Any]:
        asked = {
            CaseKind.CLUE: {"direction": "移送方向", "sender": "移送单位", "receiver": "接收单位"},
            CaseKind.PUBLIC_INTEREST: {"agencies": "涉案机关", "harm": "公益受损情况"},
        }
        for each, columns in asked.items():
            for column in columns.values() if each is not kind else ():
                if column in row.cells:
                    self.cells.wrong(row, column, f"{kind.label}案件没有这一项", "核对种类，或者清空这一格")
        terms = {name: self.cells.text(row, column) for name, column in asked.get(kind, {}).items()}
        for name, column in asked.get(kind, {}).items():
            self.places[f"terms.{name}"] = Place(row.sheet, row.number, column)
        self.places["terms"] = Place(row.sheet, row.number, "种类")
        terms = {name: text for name, text in terms.items() if text}
        return {"terms": terms} if terms else {}

    def _no_letters(self, letters: Sequence[Row], kind: CaseKind) -> None:
        for row in letters:
            column = next(name for name in LETTER_NAMES if name in row.cells)
            self.cells.wrong(
                row,
                column,
                f"{kind.label}案件的文书不从台账导入",
                "清空文书各列，立案后用 record、decide 补录",
            )

    def _letter(self, row: Row, place: int) -> dict[str, Any]:
        where = f"letters[{place + 1}]"
        for name, column in {
            "": "文书种类",
            ".document": "文书种类",
            ".recipients": "收件单位",
            ".involved": "涉案单位",
            ".text": "事由",
            ".text.subject": "事由",
        }.items():
            self.places[where + name] = Place(row.sheet, row.number, column)
        for column in ("文书种类", "收件单位") if row.sheet != LETTERS else ():
            if column not in row.cells:
                self.cells.wrong(row, column, "写了文书，却没有填写这一列", "补上")
        recipient = self.cells.text(row, "收件单位")
        if re.search("[；;\n]", recipient):
            self.cells.wrong(row, "收件单位", "写了几个单位", f"一行一个单位，其余的写在“{LETTERS}”表")
        written: dict[str, Any] = {
            "document": self.cells.text(row, "文书种类") or DocumentType.SUGGESTION.value,
            "recipients": [recipient or UNNAMED],
        }
        if self.cells.yes(row, "涉案单位"):
            written["involved"] = "是"
        if subject := self.cells.text(row, "事由"):
            written["text"] = {"subject": subject}
        return written

    def _item(self, row: Row, place: int) -> dict[str, Any]:
        where = f"items[{place + 1}]"
        due = self.cells.when(row, "完成期限")
        given = {
            "id": ("事项编号", item_id(self.cells.text(row, "事项编号"), place)),
            "what": ("内容", self.cells.text(row, "内容")),
            "kind": ("类别", self.cells.text(row, "类别")),
            "area_m2": ("面积（平方米）", self.cells.text(row, "面积（平方米）")),
            "owner": ("责任单位", self.cells.text(row, "责任单位")),
            "due_on": ("完成期限", str(due.latest) if due else ""),
        }
        self.places[where] = Place(row.sheet, row.number, "")
        for name, (column, _) in given.items():
            self.places[f"{where}.{name}"] = Place(row.sheet, row.number, column)
        return {name: cell for name, (_, cell) in given.items() if cell}

    def _first_day(self, row: Row) -> date:
        try:
            return read_date(row.cells.get("制发日期", "")).earliest
        except InputError:
            return _LAST


def _has_letter(row: Row) -> bool:
    return row.sheet == LETTERS or any(name in row.cells for name in LETTER_NAMES)
