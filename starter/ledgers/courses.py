"""What had happened to a case of a ledger: the facts and decisions that a clerk would have entered, in order of their days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.dates import EventDate
from models.decisions import ApproveLetter, AssessReply, CloseCase, IssueLetter, Urge
from models.document_types import DocumentType
from models.errors import InputError
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
from models.terms import CaseKind, ItemKind, Milestone, Outcome, Role, ServiceMode, Stance, Substance
from models.wire import Person
from models.written_dates import read_date
from starter.ledgers.cells import Cells, choices_of
from starter.ledgers.columns import LETTER_NAMES
from starter.ledgers.workbook import Row

UNNAMED = "台账未载"
"""Whom a decision is by of which the ledger does not say who took it."""
AS_ISSUED = "以制发日代"

_STEP = re.compile(r"\s*(\D+?)\s*(\d.*)")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell."""

    sheet: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that had happened, the cell that tells it, and the column of its day."""

    message: Told
    place: Place
    day: str


def item_id(given: str, place: int) -> str:
    """The id of an item, by its place in the case unless it has one."""
    return (given or f"事项{place + 1}")[:40]


@dataclass
class Course:
    """The course of one case on its way from cells to messages; `by` is who records the facts."""

    cells: Cells
    handler: Person
    by: Person
    _step: int = 0

    def steps(
        self, row: Row, letters: Sequence[Row], items: Sequence[Row], kind: CaseKind, opened: EventDate | None
    ) -> list[Step]:
        """All that had happened to a case: the row of the case, of its letters in their order, of its items."""
        before = [*self._begun(row, kind, opened)]
        chains = [[*self._sent(each, f"L{n}", f"D{n}")] for n, each in enumerate(letters, 1)]
        chains += [[*self._progress(each, place)] for place, each in enumerate(items)]
        done = [*before, *_in_order(chains)]
        self._against_early_closing(row, opened, done)
        return [*done, *self._ended(row)]

    def _named(self, row: Row, column: str, message: type[Any], day: str = "", **fields: Any) -> Step:
        """A message of the course. Its id is given with the number of the case; until then it is told by its place."""
        self._step += 1
        given = {"by": self.by, **fields}
        return Step(
            message(id=f"backlog-{self._step}", **given), Place(row.sheet, row.number, column), day or column
        )

    def _begun(self, row: Row, kind: CaseKind, opened: EventDate | None) -> Iterator[Step]:
        if opened is None:
            return
        if kind is CaseKind.PUBLIC_INTEREST:
            yield self._named(row, "立案日期", FileCase, by=_chief(""), known_on=opened)
        elif not opened.is_day:
            note = f"台账只载明{opened}，以该时段首日为立案日"
            yield self._named(row, "立案日期", Happened, on=opened, event="立案", note=note)
        if note := self.cells.text(row, "备注"):
            yield self._named(
                row, "备注", Happened, day="立案日期", on=opened, event="台账备注", note=note[:1000]
            )

    def _decider(self, row: Row) -> Person:
        """Who approved a letter: a suggestion goes out by the chief procurator's decision ([建议]15), a 告知函 by a head's."""
        name = self.cells.text(row, "批准人")[:60]
        if self.cells.text(row, "文书种类") in (
            DocumentType.NOTIFICATION_LETTER,
            DocumentType.NOTIFICATION_LETTER.label,
        ):
            return Person(name=name or UNNAMED, role=Role.DEPARTMENT_HEAD)
        return _chief(name)

    def _sent(self, row: Row, letter: str, document: str) -> Iterator[Step]:
        self.cells.term(row, "文书种类", DocumentType)
        issued = self.cells.when(row, "制发日期")
        later = [name for name in LETTER_NAMES[LETTER_NAMES.index("制发日期") + 1 :] if name in row.cells]
        if issued is None:
            if later and "制发日期" not in row.cells:
                what = f"写了{later[0]}，却没有写制发日期"
                self.cells.wrong(row, "制发日期", what, "补上；只知到月、年的照写")
            return
        by = self._decider(row)
        day: dict[str, Any] = {"on": issued.earliest} if issued.is_day else {}
        yield self._named(row, "批准人", ApproveLetter, day="制发日期", by=by, document=document, **day)
        known = day or {"known_on": issued}
        number = self.cells.text(row, "文号")
        yield self._named(
            row, "制发日期", IssueLetter, by=by, document=document, official_no=number[:60], **known
        )
        yield from self._served(row, letter, issued)
        if filed := self.cells.when(row, "备案日期"):
            yield self._named(row, "备案日期", FiledUpward, on=filed, letter=letter)
        yield from self._answered(row, letter, issued)

    def _served(self, row: Row, letter: str, issued: EventDate) -> Iterator[Step]:
        if refused := self.cells.when(row, "拒收日期"):
            yield self._named(row, "拒收日期", ServiceRefused, on=refused, letter=letter)
        mode = self.cells.term(row, "送达方式", ServiceMode) or ServiceMode.DIRECT
        if self.cells.text(row, "送达日期") == AS_ISSUED:
            yield self._named(
                row, "送达日期", LetterServed, on=issued, letter=letter, mode=mode, presumed=True
            )
        elif served := self.cells.when(row, "送达日期"):
            yield self._named(row, "送达日期", LetterServed, on=served, letter=letter, mode=mode)
        elif "送达方式" in row.cells and "送达日期" not in row.cells:
            self.cells.wrong(
                row, "送达日期", "写了送达方式，却没有写送达日期", f"补上；查不到的写“{AS_ISSUED}”"
            )

    def _answered(self, row: Row, letter: str, issued: EventDate) -> Iterator[Step]:
        urged = self.cells.when(row, "督促日期")
        if urged is not None and urged.latest < issued.earliest:
            self.cells.wrong(row, "督促日期", f"{urged} 早于制发日期 {issued}", "核对日期")
        replied = self.cells.when(row, "回复日期")
        urging = [] if urged is None else [self._urged(row, letter, urged)]
        if replied is None:
            said = [
                name
                for name in ("收到日期", "回复文号", "回复态度", "回复内容", "评估结果", "评估日期")
                if name in row.cells
            ]
            if said and "回复日期" not in row.cells:
                self.cells.wrong(
                    row, "回复日期", f"写了{said[0]}，却没有写回复日期", "补上寄出的日期；只知到月、年的照写"
                )
            yield from urging
            return
        if urged is not None and urged.latest <= replied.latest:
            yield from urging
            urging = []
        summary = self.cells.text(row, "回复内容")
        yield self._named(
            row,
            "回复日期",
            ReplyReceived,
            on=replied,
            letter=letter,
            received_on=self.cells.day(row, "收到日期"),
            official_no=self.cells.text(row, "回复文号")[:100],
            stance=self.cells.term(row, "回复态度", Stance),
            summary=summary[:2000],
        )
        yield from self._assessed(row, letter, replied)
        yield from urging

    def _assessed(self, row: Row, letter: str, replied: EventDate) -> Iterator[Step]:
        substance = self.cells.term(row, "评估结果", Substance)
        on = self.cells.when(row, "评估日期")
        if on is not None and on.latest < replied.earliest:
            self.cells.wrong(row, "评估日期", f"{on} 早于回复日期 {replied}", "核对日期")
        if substance is None:
            if on is not None and "评估结果" not in row.cells:
                self.cells.wrong(
                    row, "评估结果", "写了评估日期，却没有评估结果", "补上评估结果，或者清空评估日期"
                )
            return
        said = {"on": on.earliest} if on and on.is_day else {"reason": f"台账载明评估于{on}" if on else ""}
        yield self._named(
            row, "评估结果", AssessReply, by=self.handler, letter=letter, substance=substance, **said
        )

    def _urged(self, row: Row, letter: str, on: EventDate) -> Step:
        """Urged on a day; what is known to the month only is kept in the words of the ledger."""
        if on.is_day:
            return self._named(row, "督促日期", Urge, by=self.handler, letter=letter, on=on.earliest)
        return self._named(
            row, "督促日期", Happened, on=on, event="督促", actor=self.handler.name, note=letter
        )

    def _progress(self, row: Row, place: int) -> Iterator[Step]:
        kind = self.cells.term(row, "类别", ItemKind) or ItemKind.OTHER
        item = item_id(self.cells.text(row, "事项编号"), place)[:40]
        passed: list[Milestone] = []
        for part in re.split(r"[；;\n]", self.cells.text(row, "进展")):
            if not part.strip():
                continue
            found = _STEP.fullmatch(part)
            said, when = found.groups() if found else ("", "")
            try:
                step, on = Milestone(said.strip("：:")), read_date(when.strip())
            except (ValueError, InputError):
                known = "、".join(each.label for each in kind.milestones)
                self.cells.wrong(
                    row,
                    "进展",
                    f"“{part.strip()}”看不懂",
                    f"写作 {kind.milestones[0].label} 2021-07-03；步骤有：{known}",
                )
                continue
            passed.append(step)
            yield self._named(row, "进展", ItemProgressed, on=on, item=item, milestone=step)
        if done := self.cells.when(row, "完成日期"):
            for step in kind.milestones:
                if step not in passed:
                    yield self._named(row, "完成日期", ItemProgressed, on=done, item=item, milestone=step)

    def _against_early_closing(self, row: Row, opened: EventDate | None, done: Sequence[Step]) -> None:
        """A case was closed after it was opened, and after all else that its rows tell."""
        closed = self.cells.when(row, "结案日期")
        if closed is None:
            return
        if opened is not None and closed.latest < opened.earliest:
            self.cells.wrong(row, "结案日期", f"{closed} 早于立案日期 {opened}", "核对日期")
        for step in done:
            on = getattr(step.message, "known_on", None) or step.message.on
            first = on.earliest if isinstance(on, EventDate) else on
            if first is not None and first > closed.latest:
                what = f"{closed} 早于{step.day}（{on}）"
                remedy = "核对日期；结案以后的事，立案后用 record 补录"
                self.cells.wrong(row, "结案日期", what, remedy)
                return

    def _ended(self, row: Row) -> Iterator[Step]:
        closed, outcome = self.cells.when(row, "结案日期"), self.cells.term(row, "结案方式", Outcome)
        looked = self.cells.when(row, "回头看日期")
        held = self.cells.yes(row, "整改保持")
        if "结案日期" not in row.cells:
            said = [name for name in ("结案方式", "结案理由", "回头看日期", "整改保持") if name in row.cells]
            if said:
                self.cells.wrong(
                    row, "结案日期", f"写了{said[0]}，却没有写结案日期", "补上；只知到月、年的照写"
                )
            return
        if "结案方式" not in row.cells:
            self.cells.wrong(
                row, "结案方式", "写了结案日期，却没有结案方式", f"可用：{choices_of(row.sheet, '结案方式')}"
            )
        if closed is None or outcome is None:
            return
        planned = (looked.earliest,) if looked and looked.is_day and looked.earliest > closed.earliest else ()
        on: dict[str, Any] = {"on": closed.earliest} if closed.is_day else {"known_on": closed}
        reason = self.cells.text(row, "结案理由") or f"台账载明：{outcome.label}"
        yield self._named(
            row,
            "结案方式",
            CloseCase,
            day="结案日期",
            by=self.handler,
            outcome=outcome,
            reason=reason[:1000],
            look_back_on=planned,
            **on,
        )
        if held is not None and looked is None and "回头看日期" not in row.cells:
            self.cells.wrong(
                row, "回头看日期", "写了整改保持，却没有写回头看日期", "补上；只知到月、年的照写"
            )
        if looked is not None and held is not None:
            yield self._named(row, "回头看日期", LookedBack, on=looked, held=held)


def _chief(name: str) -> Person:
    return Person(name=name or UNNAMED, role=Role.CHIEF_PROCURATOR)


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
    on = getattr(message, "known_on", None) or message.on
    return on.latest if isinstance(on, EventDate) else on
