"""Counting one case: each entry says of which figure, for what (a letter, a period, an item, a fact), of which part, when.

A fact counts in a period only when all of its span lies in it. One that only touches the period, and one whose day the registry
has not, is entered under 日期不确知, and in no figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.dates import EventDate
from models.document_types import DocumentType
from models.exchange_figures import ADOPTED, ASKING, DueLine
from models.exchange_figures import COPY as COPY_RULE
from models.exchange_figures import REPLIES as REPLY_RULES
from models.reporting.figures import (
    CLUE_ANSWER,
    COPY,
    COURT_STEP,
    DAYLESS,
    DAYS,
    FACTS,
    FIGURES,
    REPLY,
    REVISIT,
    UNDATED,
    Family,
)
from models.reporting.lines import CaseLines, DeadlineLine, LetterLine
from models.reporting.periods import ReportPeriod
from models.terms import CaseKind, ItemKind, ItemState, LetterState, MeetingForm, Outcome, Substance

PROGRESS = "item_progressed"
FACTS_READ = (*FACTS, PROGRESS)
"""The kinds of fact that a report reads."""
COURT_RULES = ("ct.accept", "ct.rule", "ct.rule_hearing", "ct.execute", "ct.urgent")
_FAMILIES: dict[str, Family] = {
    **dict.fromkeys(REPLY_RULES, REPLY),
    COPY_RULE: COPY,
    **dict.fromkeys(COURT_RULES, COURT_STEP),
    "local.clue_feedback": CLUE_ANSWER,
    "local.look_back": REVISIT,
}
RULES_READ = tuple(_FAMILIES)
"""The rules whose periods a report reads."""

TO_BE_PUT_RIGHT = (CaseKind.URGING, CaseKind.ENFORCEMENT, CaseKind.PUBLIC_INTEREST)
"""The kinds of case whose items are things to be put right, and not tasks of our own."""
_NEVER_OUT = (LetterState.DRAFTED, LetterState.APPROVED, LetterState.WITHDRAWN)
_ANSWERS = (DocumentType.CLUE_FEEDBACK, DocumentType.CLUE_RETURN)
_ITEM_STATES = tuple(each.value for each in ItemState)
_LAND = {
    ItemKind.LAND_RETURN: ("land_returned",),
    ItemKind.DEMOLITION: ("land_demolished",),
    ItemKind.RECULTIVATION: ("land_demolished", "land_recultivated"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list behind a figure. `what` is the letter, period, item or fact in its case; empty: the case itself.

    `amount` is square metres or days, where the figure is a sum or a duration.
    """

    figure: str
    county: str
    county_name: str
    case: str
    title: str
    kind: str
    what: str = ""
    part: str = ""
    on: EventDate | None = None
    amount: Decimal | None = None


def entries(lines: CaseLines, period: ReportPeriod) -> Iterator[Entry]:
    """What one case adds to the figures of a period."""
    case = _Case(lines, period)
    yield from case.itself()
    yield from case.of_letters()
    yield from case.of_deadlines()
    yield from case.of_items()
    yield from case.of_facts()


class _Case:
    def __init__(self, lines: CaseLines, period: ReportPeriod) -> None:
        self._lines = lines
        self._period = period
        self._kind = CaseKind(lines.case.kind)
        self._letters = {each.letter: each for each in lines.letters}

    def itself(self) -> Iterator[Entry]:
        case, period = self._lines.case, self._period
        kind, closed_on = self._kind.label, case.closed_on
        if period.first <= case.opened_on <= period.last:
            yield self._entry("opened", part=kind, on=EventDate.on(case.opened_on))
        if closed_on is not None and period.first <= closed_on <= period.last:
            part = f"{kind}·{Outcome(case.outcome).label}"
            yield self._entry("closed", part=part, on=EventDate.on(closed_on))
        if case.opened_on <= period.last and (closed_on is None or closed_on > period.last):
            yield self._entry("pending", part=kind, on=EventDate.on(case.opened_on))
            if self._kind is CaseKind.CAMPAIGN:
                yield self._entry("campaigns", on=EventDate.on(case.opened_on))

    def of_letters(self) -> Iterator[Entry]:
        for letter in self._lines.letters:
            if letter.issued_on is None and letter.state in _NEVER_OUT:
                continue
            on = EventDate.on(letter.issued_on) if letter.issued_on else None
            document = DocumentType(letter.type)
            yield from self._dated("letters", on, letter.letter, document.label)
            if on is None or not self._period.holds(on):
                continue
            if document is DocumentType.CLUE_TRANSFER:
                yield self._entry("clue_sent", letter.letter, on=on)
            if document in _ANSWERS:
                yield self._entry("clue_answered", letter.letter, document.label, on)

    # periods

    def of_deadlines(self) -> Iterator[Entry]:
        overdue = False
        for each in self._lines.deadlines:
            family, last_day = _FAMILIES.get(each.rule), each.due_on or each.due_to
            if family is None or last_day is None:
                continue
            letter = self._letters.get(each.letter)
            line = self._due_line(each, last_day, letter)
            if not line.counts:
                continue
            if family is REPLY and last_day <= self._period.last and line.is_overdue_at(self._period.last):
                overdue = True
            due = EventDate(each.due_from or last_day, last_day)
            if not self._period.holds(due):
                yield from self._dated(family.due, due, each.key, _part_of(family, each, letter))
                continue
            if last_day <= self._period.over:
                yield from self._judged(family, line, each, letter, due)
        if overdue:
            yield self._entry("overdue")

    def _due_line(self, each: DeadlineLine, last_day: date, letter: LetterLine | None) -> DueLine:
        case = self._lines.case
        return DueLine(
            county=case.county,
            county_name=case.county_name,
            case=case.case,
            rule=each.rule,
            due_on=last_day,
            met_on=each.met_on,
            days_late=each.days_late,
            ended=each.ended,
            is_overdue=each.is_overdue,
            type=letter.type if letter else "",
            substance=letter.substance if letter else "",
            ledger=each.ledger,
        )

    def _judged(
        self, family: Family, line: DueLine, each: DeadlineLine, letter: LetterLine | None, due: EventDate
    ) -> Iterator[Entry]:
        """A period that fell due in the report's period: how it ended, and what the reply was worth."""
        part = _part_of(family, each, letter)

        def entry(figure: str, part: str = part) -> Entry:
            return self._entry(figure, each.key, part, due)

        came = EventDate.parse(line.met_on) if line.met_on else None
        is_in_time = came is not None and came.latest <= due.earliest
        yield entry(family.due)
        if came is None:
            yield entry(family.none)
        elif is_in_time:
            yield entry(family.on_time)
        else:
            yield entry(family.late if came.earliest > due.latest else family.uncertain)
        if family is COPY and line.met_on:
            yield entry("copied")
        if family is not REPLY:
            return
        if line.substance == Substance.PUT_RIGHT:
            yield entry("put_right")
        if line.met_on:
            yield entry("reply_substance", Substance(line.substance).label if line.substance else "待评估")
        if is_in_time and line.substance and line.substance != Substance.PUT_RIGHT:
            yield entry("hollow", Substance(line.substance).label)
        if line.type and DocumentType(line.type).is_suggestion:
            yield entry("suggestions")
            if line.substance in ADOPTED:
                yield entry("adopted", Substance(line.substance).label)

    # what was put right

    def of_items(self) -> Iterator[Entry]:
        if self._kind not in TO_BE_PUT_RIGHT:
            return
        items = [each for each in self._lines.items if each.state in _ITEM_STATES]
        done = [each for each in items if each.state == ItemState.DONE]
        if not done:
            return
        last = self._last_progress()
        if last is None or any(each.state not in (ItemState.DONE, ItemState.DROPPED) for each in items):
            if self._lines.case.opened_on <= self._period.last:
                for each in done:
                    yield self._entry(DAYLESS, each.item, f"完成整改事项·{ItemKind(each.kind).label}")
            return
        yield from self._dated("rectified", last, "", self._kind.label)
        if not self._period.holds(last):
            return
        yield from self._duration(last)
        for each in done:
            kind = ItemKind(each.kind)
            yield self._entry("items", each.item, kind.label, last)
            if each.area_m2 is not None:
                for figure in ("land", *_LAND.get(kind, ())):
                    yield self._entry(figure, each.item, kind.label, last, Decimal(str(each.area_m2)))

    def _last_progress(self) -> EventDate | None:
        days = [
            EventDate.parse(each.happened_on)
            for each in self._lines.facts
            if each.kind == PROGRESS and each.happened_on
        ]
        return max(days, key=lambda on: (on.latest, on.earliest), default=None)

    def _duration(self, last: EventDate) -> Iterator[Entry]:
        issued = [
            (each.issued_on, each.letter)
            for each in self._lines.letters
            if each.issued_on is not None and each.type in ASKING
        ]
        if issued and last.is_day and (first := min(issued))[0] <= last.latest:
            days = Decimal((last.latest - first[0]).days)
            yield self._entry(DAYS, first[1], self._kind.label, last, days)

    # what happened

    def of_facts(self) -> Iterator[Entry]:
        for fact in self._lines.facts:
            if fact.kind in FACTS:
                on = EventDate.parse(fact.happened_on) if fact.happened_on else None
                yield from self._dated(fact.kind, on, fact.id, "")
        for meeting in self._lines.meetings:
            if meeting.held_on:
                on, form = EventDate.parse(meeting.held_on), MeetingForm(meeting.form).label
                yield from self._dated("meetings", on, meeting.meeting, form)

    def _dated(self, figure: str, on: EventDate | None, what: str, part: str) -> Iterator[Entry]:
        """In its figure when all of its span lies in the period; of uncertain date when it only may."""
        named = "·".join(each for each in (FIGURES[figure].name, part) if each)
        if on is None:
            if self._lines.case.opened_on <= self._period.last:
                yield self._entry(DAYLESS, what, named)
        elif self._period.holds(on):
            yield self._entry(figure, what, part, on)
        elif self._period.touches(on):
            yield self._entry(UNDATED, what, named, on)

    def _entry(
        self,
        figure: str,
        what: str = "",
        part: str = "",
        on: EventDate | None = None,
        amount: Decimal | None = None,
    ) -> Entry:
        case = self._lines.case
        return Entry(
            figure,
            case.county,
            case.county_name,
            case.case,
            case.title,
            self._kind.label,
            what,
            part,
            on,
            amount,
        )


def _part_of(family: Family, each: DeadlineLine, letter: LetterLine | None) -> str:
    """Of a reply the kind of letter, of a court's period its name."""
    if family is REPLY:
        return DocumentType(letter.type).label if letter else ""
    return each.name if family is COURT_STEP else ""
