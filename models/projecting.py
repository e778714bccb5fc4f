"""From a case to its rows: one pure function.

Every value comes from the case, none is made by the database, so the registry can be rebuilt at any time and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple, Self

from pydantic import TypeAdapter

from models.bags import PaperRef
from models.casefile import CaseFile
from models.ledgers import NOT_BEGUN, Counted, Deadline, LedgerEntry
from models.messages import Entry, Taken
from models.rows import (
    ORIGINAL,
    CaseRow,
    DeadlineRow,
    FactRow,
    ItemRow,
    LetterRow,
    LinkRow,
    MeetingRow,
    PaperRow,
    Snapshot,
)
from models.said.bases import FactBase

LEDGER: TypeAdapter[tuple[LedgerEntry, ...]] = TypeAdapter(tuple[LedgerEntry, ...])
"""A ledger as JSON."""


class Rows:
    """The rows of one case. Those of its entries are made once for each answer, those of its deadlines once for each count:
    there are many, and they hardly ever change.
    """

    def __init__(self, case: CaseFile) -> None:
        self._case = case
        self._deadlines: dict[str, tuple[Standing, DeadlineRow]] = {}
        self._answers: list[Taken] = []
        self._facts: tuple[FactRow, ...] = ()
        self._received: list[tuple[str, PaperRef]] = []

    def now(self) -> Snapshot:
        """As the case now stands."""
        # Nothing is answered, or answered anew, but when an entry is added.
        if len(self._case.entries) != len(self._answers):
            self._read_entries()
        return _snapshot(self._case, self._read_deadlines(), self._facts, self._received)

    def _read_deadlines(self) -> list[DeadlineRow]:
        case = self._case
        overdue = {letter.reply_key for letter in case.letters if letter.id in case.overdue_letters}
        held, self._deadlines = self._deadlines, {}
        for key, deadline in case.deadlines.by_key.items():
            stands = Standing.of(deadline, case.deadlines.counted.get(key), is_overdue=key in overdue)
            kept = held.get(key)
            row = kept[1] if kept is not None and kept[0] == stands else stands.row(case.opening.case, key)
            self._deadlines[key] = stands, row
        return [row for _, row in self._deadlines.values()]

    def _read_entries(self) -> None:
        case = self._case
        self._received += [
            (entry.message.id, entry.message.paper)
            for entry in case.entries[len(self._answers) :]
            if isinstance(entry.message, FactBase) and entry.message.paper is not None
        ]
        answers = [case.taken[entry.message.id] for entry in case.entries]
        held = zip_longest(case.entries, answers, self._answers, self._facts)
        self._facts = tuple(
            [
                row if answer is former else _fact_row(case, entry, answer)
                for entry, answer, former, row in held
            ]
        )
        self._answers = answers


def rows(case: CaseFile) -> Snapshot:
    """The rows of a case as it now stands."""
    return Rows(case).now()


def _snapshot(
    case: CaseFile,
    counted: Sequence[DeadlineRow],
    facts: tuple[FactRow, ...],
    received: Sequence[tuple[str, PaperRef]],
) -> Snapshot:
    number = case.opening.case
    follows = {each.key: each.follows for each in case.deadlines.by_key.values() if each.follows}
    deadlines = _begun(counted, follows)
    return Snapshot.model_construct(
        revision=case.revision,
        follows=follows,
        case=_case_row(case, deadlines),
        letters=tuple(
            LetterRow.model_construct(
                case=number,
                letter=letter.id,
                document=letter.document,
                type=letter.type.value,
                recipient=letter.recipient.name,
                recipient_code=letter.recipient.code,
                state=letter.state.value,
                official_no=letter.official_no,
                internal_no=letter.internal_no,
                issued_on=None if letter.issued_span else letter.issued_on,
                served_on=str(letter.served_on or ""),
                served_presumed=letter.served_presumed,
                replied_on=str(letter.replies[0].sent_on) if letter.replies else "",
                replies=len(letter.replies),
                substance=letter.last_substance.value if letter.last_substance else "",
                urged=len(letter.urged_on),
                rungs=",".join(rung.value for rung in letter.rungs),
                replaced_by=letter.replaced_by,
                copies_to="、".join(letter.copies_to),
            )
            for letter in case.letters
        ),
        deadlines=deadlines,
        items=tuple(
            ItemRow.model_construct(
                case=number,
                item=each.item.id,
                what=each.item.what,
                kind=each.item.kind.value,
                state=each.state.value,
                next_milestone=each.next_milestone.value if each.next_milestone else "",
                area_m2=each.item.area_m2,
                owner=each.item.owner,
                due_on=each.item.due_on,
            )
            for each in case.items.values()
        )
        + tuple(
            ItemRow.model_construct(
                case=number,
                item=each.id,
                what=each.what,
                kind=each.kind.value,
                state=each.state.value,
                next_milestone="",
                area_m2=None,
                owner=each.owner,
                due_on=None,
            )
            for each in case.listed_items()
            if each.id not in case.items
        ),
        meetings=_meeting_rows(case),
        links=_link_rows(case),
        papers=_paper_rows(case, received),
        facts=facts,
    )


class Standing(NamedTuple):
    """All that the row of a deadline says of it."""

    rule: str
    letter: str
    party: str
    ended: str
    entries: tuple[LedgerEntry, ...]
    is_overdue: bool
    counted: Counted | None

    @classmethod
    def of(cls, deadline: Deadline, counted: Counted | None, *, is_overdue: bool) -> Self:
        entries = tuple(deadline.entries)
        return cls(
            deadline.rule, deadline.letter, deadline.party, deadline.ended, entries, is_overdue, counted
        )

    def row(self, case: str, key: str) -> DeadlineRow:
        """The row; without a count it says only that the deadline was started."""
        row = DeadlineRow.model_construct(
            case=case,
            key=key,
            rule=self.rule,
            letter=self.letter,
            party=self.party,
            state="ended" if self.ended else "started",
            ended=self.ended,
            is_overdue=self.is_overdue,
            ledger=LEDGER.dump_json(self.entries, exclude_none=True).decode(),
        )
        return row if self.counted is None else _with_count(row, self.counted)


def _with_count(row: DeadlineRow, counted: Counted) -> DeadlineRow:
    """The row as a count makes it."""
    return row.model_copy(
        update={
            "state": row.state if row.ended else counted.state,
            "name": counted.name,
            "basis": counted.basis,
            "owner": counted.owner,
            "started_on": str(counted.started_on or ""),
            "due_on": counted.due_on,
            "due_from": counted.due_from,
            "due_to": counted.due_to,
            "provisional": counted.provisional,
            "in_force": counted.in_force,
            "edition": counted.edition,
            "met_on": str(counted.met_on or ""),
            "days_late": counted.days_late,
        }
    )


def recounted(snapshot: Snapshot, results: tuple[Counted, ...]) -> Snapshot:
    """The snapshot after a count: its deadlines, and what the case's own row says of them."""
    fresh = {counted.key: counted for counted in results}
    deadlines = _begun(
        (_with_count(row, fresh[row.key]) if row.key in fresh else row for row in snapshot.deadlines),
        snapshot.follows,
    )
    case = snapshot.case.model_copy(update=_due_columns(deadlines))
    return snapshot.model_copy(update={"deadlines": deadlines, "case": case})


def _begun(rows: Iterable[DeadlineRow], follows: Mapping[str, tuple[str, date]]) -> tuple[DeadlineRow, ...]:
    """The rows, but that what began at the end of a period that has moved on since has not begun."""
    by_key = {row.key: row for row in rows}
    for key, (before, day) in follows.items():
        row, earlier = by_key[key], by_key.get(before)
        last = (earlier.due_on or earlier.due_to) if earlier else None
        if last is not None and last > day and not row.ended:
            by_key[key] = row.model_copy(update={"state": "ended", "ended": NOT_BEGUN})
    return tuple(by_key.values())


def _due_columns(deadlines: tuple[DeadlineRow, ...]) -> dict[str, object]:
    running = [row for row in deadlines if row.state == "running" and not row.ended]
    days = [day for row in running if (day := row.due_on or row.due_to) is not None]
    return {
        "next_due_on": min(days, default=None),
        "is_provisional": any(row.provisional for row in running),
    }


def _case_row(case: CaseFile, deadlines: tuple[DeadlineRow, ...]) -> CaseRow:
    opening, closing = case.opening, case.closing
    due: dict[str, Any] = _due_columns(deadlines)
    return CaseRow.model_construct(
        case=opening.case,
        kind=opening.kind.value,
        stage=case.stage.value,
        title=opening.title,
        county=opening.county,
        county_name=opening.county_name,
        procuratorate=opening.procuratorate.name,
        matter=opening.matter.value,
        is_focus=opening.matter.is_focus,
        handler=case.handler.name,
        place=opening.place,
        opened_on=opening.opened_on,
        closed_on=closing.on if closing else None,
        outcome=closing.outcome.value if closing else "",
        is_overdue=bool(case.overdue_letters),
        unmatched=len(case.unmatched),
        edition=case.edition,
        liaison=case.liaison,
        level=case.level.value,
        **due,
    )


def _meeting_rows(case: CaseFile) -> tuple[MeetingRow, ...]:
    return tuple(
        MeetingRow.model_construct(
            case=case.opening.case,
            meeting=each.id,
            form=each.form.value,
            topic=each.topic,
            planned_on=each.planned_on,
            held_on=str(each.held.on) if each.held else "",
            attended=len(each.held.attended) if each.held else 0,
            agreed=each.held.agreed if each.held else None,
            cancelled=each.cancelled,
        )
        for each in case.meetings.by_id.values()
    )


def _link_rows(case: CaseFile) -> tuple[LinkRow, ...]:
    return tuple(
        LinkRow.model_construct(
            case=case.opening.case,
            other=tie.case,
            relation=tie.relation.value,
            linked_on=str(tie.on),
            elsewhere=tie.elsewhere,
            outcome=tie.outcome,
        )
        for tie in case.links.standing()
    )


def _fact_row(case: CaseFile, entry: Entry, taken: Taken) -> FactRow:
    message = entry.message
    by = getattr(message, "by", None)
    return FactRow.model_construct(
        case=case.opening.case,
        id=message.id,
        seq=entry.seq,
        kind=message.kind,
        happened_on=str(getattr(case.standing.get(message.id, message), "on", None) or ""),
        recorded_by=getattr(by, "name", "系统"),
        role=str(getattr(by, "role", "system")),
        how=taken.how,
        what=taken.what,
    )


def _paper_rows(case: CaseFile, received: Sequence[tuple[str, PaperRef]]) -> tuple[PaperRow, ...]:
    number = case.opening.case
    made = [(order, made.paper, "out") for order, made in case.papers.items() if made.kind == "paper_made"]
    came = [(fact, paper, "in") for fact, paper in received]
    issued = [
        (letter.id, letter.original, ORIGINAL) for letter in case.letters if letter.original is not None
    ]
    return tuple(
        PaperRow.model_construct(
            case=number,
            order=order,
            name=paper.name,
            digest=paper.digest,
            size=paper.size,
            media_type=paper.media_type,
            direction=direction,
        )
        for order, paper, direction in [*made, *came, *issued]
    )
