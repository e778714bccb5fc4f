"""From the rows of one case in a ledger to the case as a case file has it, and what had happened to it until then.

A pure translation: the case goes through the reader of case files (`starter.case_files`), what had happened becomes the facts and
decisions that a clerk would have entered, each with the cell it was read from, in the order of their days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from models.dates import EventDate
from models.decisions import ApproveLetter, AssessReply, CloseCase, IssueLetter, Urge
from models.document_types import DocumentType
from models.errors import InputError, Problem
from models.facts import (
    FiledUpward,
    Happened,
    ItemProgressed,
    LetterServed,
    LookedBack,
    ReplyReceived,
    ServiceRefused,
)
from models.messages import Told
from models.said.public_interest import FileCase
from models.terms import CaseKind, ItemKind, LabelledEnum, Milestone, Outcome, Role, ServiceMode, Stance, Substance
from models.wire import Person
from models.written_dates import read_date, read_day
from starter.ledgers.columns import KINDS, LETTER_NAMES, LETTERS, NUMBER, SHEETS
from starter.ledgers.workbook import Cell, Finding, Row
from starter.strict import choices
from starter.written import Written

UNNAMED = "台账未载"
"""Whom a decision is by of which the ledger does not say who took it."""
AS_ISSUED = "以制发日代"

_STEP = re.compile(r"\s*(\D+?)\s*(\d.*)")
_IS_DATE = {name: {each.name for each in columns if each.is_date} for name, columns in SHEETS.items()}
_NEEDED = {name: [each.name for each in columns if each.is_needed] for name, columns in SHEETS.items()}
_LAST = date.max

Term = TypeVar("Term", bound=LabelledEnum)


@dataclass(frozen=True, slots=True)
class Place:
    """A cell."""

    sheet: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that had happened, and the cell that tells it."""

    message: Told
    place: Place


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
        said = [(row.sheet, sorted((name, str(cell)) for name, cell in row.cells.items())) for row in self.rows]
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
        return Finding(place.sheet, place.row, place.column, problem.what, problem.remedy)


def translate(group: Group, recorder: Person | None) -> Translated:
    """The rows of a case as a case file, and its course; `recorder`: who enters the ledger, its handler unless given."""
    return _Translation(group, recorder).made()


@dataclass
class _Translation:
    """One case on its way from cells to fields and messages."""

    group: Group
    recorder: Person | None
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    _step: int = 0

    def made(self) -> Translated:
        row = self.group.case
        self.places[""] = Place(row.sheet, row.number, "")
        for each in self.group.rows:
            self._whole(each)
        kind = self._kind(row)
        self.handler = Person(name=self._text(row, "承办人")[:60] or UNNAMED, role=self._handler_role(row))
        self.by = self.recorder or self.handler
        value = self._case(row)
        opened = self._date(row, "立案日期")
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
        steps = self._course(row, letters, kind, opened)
        rows = {(): row.number}
        return Translated(kind, Written(value, "", rows), steps, self.places, self.findings)

    # cells

    def _wrong(self, row: Row, column: str, what: str, remedy: str = "") -> None:
        self.findings.append(Finding(row.sheet, row.number, column, what, remedy))

    def _whole(self, row: Row) -> None:
        for name in _NEEDED[row.sheet]:
            if name not in row.cells:
                self._wrong(row, name, "没有填写", "补上")
        for name, cell in row.cells.items():
            if isinstance(cell, str) and any(ord(each) < 32 and each not in "\n\t\r" for each in cell):
                self._wrong(row, name, "有不能用的字符", "删去控制字符")

    def _text(self, row: Row, column: str) -> str:
        return as_text(row.cells.get(column, ""))

    def _date(self, row: Row, column: str) -> EventDate | None:
        """The date of a cell; one that cannot be read is told once, and counts as none."""
        if column not in row.cells:
            return None
        try:
            return read_date(row.cells[column])
        except InputError as error:
            self._told(row, column, error)
            return None

    def _day(self, row: Row, column: str) -> date | None:
        if column not in row.cells:
            return None
        try:
            return read_day(row.cells[column], column)
        except InputError as error:
            self._told(row, column, error)
            return None

    def _told(self, row: Row, column: str, error: InputError) -> None:
        known = {(each.row, each.sheet, each.column) for each in self.findings}
        if (row.number, row.sheet, column) not in known:
            for problem in error.problems:
                self._wrong(row, column, problem.what, problem.remedy)

    def _term(self, row: Row, column: str, terms: type[Term]) -> Term | None:
        text = self._text(row, column)
        if not text:
            return None
        try:
            return terms(text)
        except ValueError:
            known = (row.number, row.sheet, column)
            if known not in {(each.row, each.sheet, each.column) for each in self.findings}:
                self._wrong(row, column, f"不认识“{text}”", f"可用：{_choices(row.sheet, column) or choices(terms)}")
            return None

    def _yes(self, row: Row, column: str) -> bool | None:
        text = self._text(row, column)
        if text not in ("", "是", "否"):
            self._wrong(row, column, f"“{text}”应为是或否", "写 是 或 否")
        return {"是": True, "否": False}.get(text)

    # the case

    def _kind(self, row: Row) -> CaseKind:
        kind = self._term(row, "种类", CaseKind)
        if kind is not None and kind not in KINDS:
            known = "、".join(each.label for each in KINDS)
            self._wrong(row, "种类", f"台账不导入{kind.label}案件", f"可用：{known}；其余的用 mingjian open 立案后补录")
            return CaseKind.URGING
        return kind or CaseKind.URGING

    def _handler_role(self, row: Row) -> Role:
        return self._term(row, "承办人身份", Role) or Role.PROCURATOR

    def _case(self, row: Row) -> dict[str, Any]:
        opened = self._date(row, "立案日期")
        found = self._date(row, "发现日期")
        given: dict[str, tuple[str, Any]] = {
            "number": (NUMBER, self._text(row, NUMBER)),
            "title": ("案件名称", self._text(row, "案件名称")),
            "county": ("地方", self._text(row, "地方")),
            "procuratorate": ("办案检察院", self._text(row, "办案检察院")),
            "matter": ("事项", self._text(row, "事项")),
            "matter_reason": ("受理理由", self._text(row, "受理理由")),
            "opened_on": ("立案日期", str(opened.earliest) if opened else ""),
            "liaison": ("联络员", self._text(row, "联络员")),
            "place": ("地点", self._text(row, "地点")),
            "parties": ("当事人", self._text(row, "当事人")),
            "area_m2": ("面积（平方米）", self._text(row, "面积（平方米）")),
        }
        value = {name: cell for name, (_, cell) in given.items() if cell}
        for name, (column, _) in given.items():
            self.places[name] = Place(row.sheet, row.number, column)
        clue = {
            "source": self._text(row, "线索来源") or "其他",
            "found_on": str(found) if found else "",
            "summary": self._text(row, "线索摘要"),
        }
        for name, column in zip(clue, ("线索来源", "发现日期", "线索摘要"), strict=True):
            self.places[f"clue.{name}"] = Place(row.sheet, row.number, column)
        value["clue"] = {name: cell for name, cell in clue.items() if cell}
        value["handler"] = {"name": self._text(row, "承办人") or UNNAMED, "role": self.handler.role.value}
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
                    self._wrong(row, column, f"{kind.label}案件没有这一项", "核对种类，或者清空这一格")
        terms = {name: self._text(row, column) for name, column in asked.get(kind, {}).items()}
        for name, column in asked.get(kind, {}).items():
            self.places[f"terms.{name}"] = Place(row.sheet, row.number, column)
        self.places["terms"] = Place(row.sheet, row.number, "种类")
        terms = {name: text for name, text in terms.items() if text}
        return {"terms": terms} if terms else {}

    def _no_letters(self, letters: Sequence[Row], kind: CaseKind) -> None:
        for row in letters:
            column = next(name for name in LETTER_NAMES if name in row.cells)
            self._wrong(row, column, f"{kind.label}案件的文书不从台账导入", "清空文书各列，立案后用 record、decide 补录")

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
                self._wrong(row, column, "写了文书，却没有填写这一列", "补上")
        recipient = self._text(row, "收件单位")
        if re.search("[；;\n]", recipient):
            self._wrong(row, "收件单位", "写了几个单位", f"一行一个单位，其余的写在“{LETTERS}”表")
        written: dict[str, Any] = {
            "document": self._text(row, "文书种类") or DocumentType.SUGGESTION.value,
            "recipients": [recipient or UNNAMED],
        }
        if self._yes(row, "涉案单位"):
            written["involved"] = "是"
        if subject := self._text(row, "事由"):
            written["text"] = {"subject": subject}
        return written

    def _item(self, row: Row, place: int) -> dict[str, Any]:
        where = f"items[{place + 1}]"
        due = self._date(row, "完成期限")
        given = {
            "id": ("事项编号", self._item_id(row, place)),
            "what": ("内容", self._text(row, "内容")),
            "kind": ("类别", self._text(row, "类别")),
            "area_m2": ("面积（平方米）", self._text(row, "面积（平方米）")),
            "owner": ("责任单位", self._text(row, "责任单位")),
            "due_on": ("完成期限", str(due.latest) if due else ""),
        }
        self.places[where] = Place(row.sheet, row.number, "")
        for name, (column, _) in given.items():
            self.places[f"{where}.{name}"] = Place(row.sheet, row.number, column)
        return {name: cell for name, (_, cell) in given.items() if cell}

    def _item_id(self, row: Row, place: int) -> str:
        return self._text(row, "事项编号") or f"事项{place + 1}"

    # what had happened

    def _course(self, row: Row, letters: Sequence[Row], kind: CaseKind, opened: EventDate | None) -> list[Step]:
        before = [*self._begun(row, kind, opened)]
        chains = [[*self._sent(each, f"L{n}", f"D{n}")] for n, each in enumerate(letters, 1)]
        chains += [[*self._progress(each, place)] for place, each in enumerate(self.group.items)]
        return [*before, *_in_order(chains), *self._ended(row)]

    def _named(self, row: Row, column: str, message: type[Any], **fields: Any) -> Step:
        """A message of the course. Its id is given with the number of the case; until then it is told by its place."""
        self._step += 1
        given = {"by": self.by, **fields}
        return Step(message(id=f"backlog-{self._step}", **given), Place(row.sheet, row.number, column))

    def _begun(self, row: Row, kind: CaseKind, opened: EventDate | None) -> Iterator[Step]:
        if opened is None:
            return
        if kind is CaseKind.PUBLIC_INTEREST:
            yield self._named(row, "立案日期", FileCase, by=_chief(""), known_on=opened)
        elif not opened.is_day:
            note = f"台账只载明{opened}，以该时段首日为立案日"
            yield self._named(row, "立案日期", Happened, on=opened, event="立案", note=note)
        if note := self._text(row, "备注"):
            if len(note) > 1000:
                self._wrong(row, "备注", f"{len(note)} 字，过长", "不超过 1000 字")
            yield self._named(row, "备注", Happened, on=opened, event="台账备注", note=note[:1000])

    def _first_day(self, row: Row) -> date:
        try:
            return read_date(row.cells.get("制发日期", "")).earliest
        except InputError:
            return _LAST

    def _decider(self, row: Row) -> Person:
        """Who approved a letter: a suggestion goes out by the chief procurator's decision ([建议]15), a 告知函 by a head's."""
        name = self._text(row, "批准人")[:60]
        if self._text(row, "文书种类") in (DocumentType.NOTIFICATION_LETTER, DocumentType.NOTIFICATION_LETTER.label):
            return Person(name=name or UNNAMED, role=Role.DEPARTMENT_HEAD)
        return _chief(name)

    def _sent(self, row: Row, letter: str, document: str) -> Iterator[Step]:
        self._term(row, "文书种类", DocumentType)
        issued = self._date(row, "制发日期")
        later = [name for name in LETTER_NAMES[LETTER_NAMES.index("制发日期") + 1 :] if name in row.cells]
        if issued is None:
            if later and "制发日期" not in row.cells:
                what = f"写了{later[0]}，却没有写制发日期"
                self._wrong(row, "制发日期", what, "补上；只知到月、年的照写")
            return
        by = self._decider(row)
        day = {"on": issued.earliest} if issued.is_day else {}
        yield self._named(row, "批准人", ApproveLetter, by=by, document=document, **day)
        known = day or {"known_on": issued}
        number = self._text(row, "文号")
        if len(number) > 60:
            self._wrong(row, "文号", f"{len(number)} 字，过长", "不超过 60 字")
        yield self._named(row, "制发日期", IssueLetter, by=by, document=document, official_no=number[:60], **known)
        yield from self._served(row, letter, issued)
        if filed := self._date(row, "备案日期"):
            yield self._named(row, "备案日期", FiledUpward, on=filed, letter=letter)
        yield from self._answered(row, letter)

    def _served(self, row: Row, letter: str, issued: EventDate) -> Iterator[Step]:
        if refused := self._date(row, "拒收日期"):
            yield self._named(row, "拒收日期", ServiceRefused, on=refused, letter=letter)
        mode = self._term(row, "送达方式", ServiceMode) or ServiceMode.DIRECT
        if self._text(row, "送达日期") == AS_ISSUED:
            yield self._named(row, "送达日期", LetterServed, on=issued, letter=letter, mode=mode, presumed=True)
        elif served := self._date(row, "送达日期"):
            yield self._named(row, "送达日期", LetterServed, on=served, letter=letter, mode=mode)
        elif "送达方式" in row.cells and "送达日期" not in row.cells:
            self._wrong(row, "送达日期", "写了送达方式，却没有写送达日期", f"补上；查不到的写“{AS_ISSUED}”")

    def _answered(self, row: Row, letter: str) -> Iterator[Step]:
        urged = self._date(row, "督促日期")
        replied = self._date(row, "回复日期")
        urging = [] if urged is None else [self._urged(row, letter, urged)]
        if replied is None:
            said = [name for name in ("收到日期", "回复文号", "回复态度", "回复内容", "评估结果", "评估日期") if name in row.cells]
            if said and "回复日期" not in row.cells:
                self._wrong(row, "回复日期", f"写了{said[0]}，却没有写回复日期", "补上寄出的日期；只知到月、年的照写")
            yield from urging
            return
        if urged is not None and urged.latest <= replied.latest:
            yield from urging
            urging = []
        summary = self._text(row, "回复内容")
        if len(summary) > 2000:
            self._wrong(row, "回复内容", f"{len(summary)} 字，过长", "不超过 2000 字")
        yield self._named(
            row,
            "回复日期",
            ReplyReceived,
            on=replied,
            letter=letter,
            received_on=self._day(row, "收到日期"),
            official_no=self._text(row, "回复文号")[:100],
            stance=self._term(row, "回复态度", Stance),
            summary=summary[:2000],
        )
        yield from self._assessed(row, letter)
        yield from urging

    def _assessed(self, row: Row, letter: str) -> Iterator[Step]:
        substance = self._term(row, "评估结果", Substance)
        on = self._date(row, "评估日期")
        if substance is None:
            if on is not None and "评估结果" not in row.cells:
                self._wrong(row, "评估结果", "写了评估日期，却没有评估结果", "补上评估结果，或者清空评估日期")
            return
        said = {"on": on.earliest} if on and on.is_day else {"reason": f"台账载明评估于{on}" if on else ""}
        yield self._named(row, "评估结果", AssessReply, by=self.handler, letter=letter, substance=substance, **said)

    def _urged(self, row: Row, letter: str, on: EventDate) -> Step:
        """Urged on a day; what is known to the month only is kept in the words of the ledger."""
        if on.is_day:
            return self._named(row, "督促日期", Urge, by=self.handler, letter=letter, on=on.earliest)
        return self._named(row, "督促日期", Happened, on=on, event="督促", actor=self.handler.name, note=letter)

    def _progress(self, row: Row, place: int) -> Iterator[Step]:
        kind = self._term(row, "类别", ItemKind) or ItemKind.OTHER
        item = self._item_id(row, place)[:40]
        passed: list[Milestone] = []
        for part in re.split(r"[；;\n]", self._text(row, "进展")):
            if not part.strip():
                continue
            found = _STEP.fullmatch(part)
            try:
                step, on = Milestone(found[1].strip("：:")), read_date(found[2].strip())  # type: ignore[index]
            except (TypeError, ValueError, InputError):
                known = "、".join(each.label for each in kind.milestones)
                self._wrong(row, "进展", f"“{part.strip()}”看不懂", f"写作 {kind.milestones[0].label} 2021-07-03；步骤有：{known}")
                continue
            passed.append(step)
            yield self._named(row, "进展", ItemProgressed, on=on, item=item, milestone=step)
        if done := self._date(row, "完成日期"):
            for step in kind.milestones:
                if step not in passed:
                    yield self._named(row, "完成日期", ItemProgressed, on=done, item=item, milestone=step)

    def _ended(self, row: Row) -> Iterator[Step]:
        closed, outcome = self._date(row, "结案日期"), self._term(row, "结案方式", Outcome)
        looked = self._date(row, "回头看日期")
        held = self._yes(row, "整改保持")
        if "结案日期" not in row.cells:
            said = [name for name in ("结案方式", "结案理由", "回头看日期", "整改保持") if name in row.cells]
            if said:
                self._wrong(row, "结案日期", f"写了{said[0]}，却没有写结案日期", "补上；只知到月、年的照写")
            return
        if "结案方式" not in row.cells:
            self._wrong(row, "结案方式", "写了结案日期，却没有结案方式", f"可用：{_choices(row.sheet, '结案方式')}")
        if closed is None or outcome is None:
            return
        planned = (looked.earliest,) if looked and looked.is_day and looked.earliest > closed.earliest else ()
        on = {"on": closed.earliest} if closed.is_day else {"known_on": closed}
        reason = self._text(row, "结案理由") or f"台账载明：{outcome.label}"
        if len(reason) > 1000:
            self._wrong(row, "结案理由", f"{len(reason)} 字，过长", "不超过 1000 字")
        yield self._named(
            row,
            "结案方式",
            CloseCase,
            by=self.handler,
            outcome=outcome,
            reason=reason[:1000],
            look_back_on=planned,
            **on,
        )
        if held is not None and looked is None and "回头看日期" not in row.cells:
            self._wrong(row, "回头看日期", "写了整改保持，却没有写回头看日期", "补上；只知到月、年的照写")
        if looked is not None and held is not None:
            yield self._named(row, "回头看日期", LookedBack, on=looked, held=held)


def as_text(cell: Cell) -> str:
    """A cell as text: a whole number without its point, a day as 2021-07-03."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return str(EventDate.on(cell if type(cell) is date else cell.date()))  # type: ignore[attr-defined]
    return str(cell)


def _has_letter(row: Row) -> bool:
    return row.sheet == LETTERS or any(name in row.cells for name in LETTER_NAMES)


def _chief(name: str) -> Person:
    return Person(name=name or UNNAMED, role=Role.CHIEF_PROCURATOR)


def _choices(sheet: str, column: str) -> str:
    return "；".join(next((each.choices for each in SHEETS[sheet] if each.name == column), ()))


def _in_order(chains: Sequence[Sequence[Step]]) -> list[Step]:
    """By their days; within a chain nothing comes before what it rests on, whatever the days say."""
    placed: list[tuple[date, Step]] = []
    for chain in chains:
        reached = date.min
        for step in chain:
            reached = max(reached, _day_of(step.message) or reached)
            placed.append((reached, step))
    return [step for _, step in sorted(placed, key=lambda each: each[0])]


def _day_of(message: Told) -> date | None:
    on: Mapping[str, Any] | EventDate | date | None = getattr(message, "known_on", None) or message.on
    return on.latest if isinstance(on, EventDate) else on  # type: ignore[return-value]

