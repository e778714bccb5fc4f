"""A journal read for audit: of each line who said it, when, why, and what it changed, before and after.

All of it is had from the journal alone, told to an empty case line by line: nothing has to be written beside it, and what the
chain vouches for is all that is told. Periods are counted under the editions that the journal names. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple

from pydantic import BaseModel

from models.calendar import Calendar
from models.casefile import CaseFile
from models.counting import count
from models.errors import InputError, Refusal
from models.journal import CaseState
from models.kinds import file_of
from models.letters import Letter
from models.messages import EditionPublished, Message
from models.projecting import Rows
from models.reckoning_notes import Editions
from models.rows import CaseRow, DeadlineRow, ItemRow, LetterRow, LinkRow, MeetingRow
from models.said.bases import DecisionBase, FactBase
from models.wire import Person, Wire

SYSTEM = "系统"
_ROWS: dict[str, tuple[type[Wire], tuple[str, ...], frozenset[str]]] = {
    "case": (CaseRow, (), frozenset({"unmatched"})),
    "letters": (LetterRow, ("letter",), frozenset({"rungs", "copies_to"})),
    "deadlines": (
        DeadlineRow,
        ("key",),
        frozenset({"rule", "letter", "basis", "owner", "in_force", "ledger"}),
    ),
    "items": (ItemRow, ("item",), frozenset()),
    "meetings": (MeetingRow, ("meeting",), frozenset()),
    "links": (LinkRow, ("other",), frozenset()),
}
"""The rows that tell what a case has come to: by which fields one is told from another, and which fields tell nothing of it."""
# What a draft says and who stands behind it; of what follows its issue the rows tell.
_OF_DRAFT = (
    "text",
    "urgent",
    "reply_within",
    "objection_within",
    "reply_by",
    "copies_to",
    "attachments",
    "joint_issuers",
    "countersigners",
    "countersignatures",
    "drafted_by",
    "approved_by",
    "returned",
    "objections",
    "plan",
    "plan_accepted",
    "rungs",
    "amendments",
)
assert set(_OF_DRAFT) <= {each.name for each in fields(Letter)}

_EMPTY: tuple[Any, ...] = (None, "", [], {}, 0, False)
"""What a row that is new, or gone, has in a field of which there is nothing to tell."""

Table = Mapping[str, Mapping[str, Any]]


class Change(NamedTuple):
    """One value of a case that a line of its journal changed; None where there was, or is, no such value."""

    table: str
    key: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Act:
    """One line of a journal. `on` is the day that it speaks of, `at` the moment (UTC) at which it was taken."""

    seq: int
    at: datetime
    id: str
    kind: str
    by: str
    role: str
    on: str
    why: str
    how: str
    what: str
    changes: tuple[Change, ...]

    @property
    def is_of_staff(self) -> bool:
        """Whether somebody said it, and not the clock."""
        return bool(self.role)


def acts(state: CaseState, editions: Editions) -> Iterator[Act]:
    """Every line of a case's journal, as it was taken and with what it changed."""
    retold = _Retold(state, editions)
    for entry in state.entries:
        message = entry.message
        changes = tuple(retold.take(entry))
        taken = retold.case.taken[message.id]
        by = getattr(message, "by", None)
        yield Act(
            seq=entry.seq,
            at=entry.at,
            id=message.id,
            kind=message.kind,
            by=by.name if isinstance(by, Person) else SYSTEM,
            role=by.role.value if isinstance(by, Person) else "",
            on=str(getattr(message, "on", None) or ""),
            why=why_of(message),
            how=taken.how,
            what=taken.what,
            changes=changes,
        )


def why_of(message: Message) -> str:
    """The reason that a message gives; of a fact, its note."""
    if isinstance(message, DecisionBase):
        return message.reason or str(getattr(message, "why", ""))
    return message.note if isinstance(message, FactBase) else str(getattr(message, "why", ""))


class _Retold:
    """A case that is told its journal again; after each line its periods are counted, as its workflow had them counted."""

    def __init__(self, state: CaseState, editions: Editions) -> None:
        self.case: CaseFile = file_of(state.opening)
        self._editions = editions
        self._edition = state.opening.edition
        self._rows = Rows(self.case)
        self._facts: dict[str, Message] = {}
        self._tables = self._now()

    def take(self, entry: Any) -> Iterator[Change]:
        self.case.retake(entry)
        if isinstance(entry.message, EditionPublished):
            self._edition = entry.message.edition
        calendar = self._calendar()
        deadlines = self.case.deadlines
        orders = deadlines.stale(calendar.name) + deadlines.left_behind(calendar.name)
        self.case.record_counts(
            orders, [count(each, calendar, self._editions.rules.rule(each.rule)) for each in orders]
        )
        before, self._tables = self._tables, self._now()
        for name, table in self._tables.items():
            yield from _changed(name, before[name], table)
        yield from self._changed_facts()

    def _calendar(self) -> Calendar:
        try:
            return self._editions.named(self._edition) if self._edition else self._editions.current()
        except (InputError, Refusal):
            return self._editions.current()

    def _now(self) -> dict[str, Table]:
        snapshot = self._rows.now()
        tables: dict[str, Table] = {}
        for name, (model, key, untold) in _ROWS.items():
            told = [each for each in model.model_fields if each not in untold and each not in ("case", *key)]
            rows = [snapshot.case] if name == "case" else getattr(snapshot, name)
            tables[name] = {
                "/".join(getattr(row, each) for each in key): {each: getattr(row, each) for each in told}
                for row in rows
            }
        tables["drafts"] = {
            letter.id: {name: _plain(getattr(letter, name)) for name in _OF_DRAFT}
            for letter in self.case.letters
        }
        tables["lines"] = {line: {"": line} for line in self.case.own_lines()}
        return tables

    def _changed_facts(self) -> Iterator[Change]:
        """A fact that was entered, corrected or struck out, field by field."""
        standing = {id: each for id, each in self.case.standing.items() if isinstance(each, FactBase)}
        known, self._facts = self._facts, dict(standing)
        apart = [id for id in {**known, **standing} if known.get(id) is not standing.get(id)]
        old = {id: _fields(known[id]) for id in apart if id in known}
        yield from _changed("facts", old, {id: _fields(standing[id]) for id in apart if id in standing})


def _changed(name: str, before: Table, after: Table) -> Iterator[Change]:
    for key in {**before, **after}:
        old, new = before.get(key, {}), after.get(key, {})
        for field in {**old, **new}:
            was, now = old.get(field), new.get(field)
            is_nothing = was in _EMPTY and now in _EMPTY and not (old and new)
            if was != now and not is_nothing:
                yield Change(name, key, field, was, now)


def _fields(message: Message) -> dict[str, Any]:
    told = message.model_dump(mode="json", exclude={"id", "kind", "by"}, exclude_defaults=True)
    return told | {"by": message.by.name} if isinstance(message, FactBase) else told


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return (
        {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        if _is_made(value)
        else str(value)
    )


def _is_made(value: Any) -> bool:
    return hasattr(value, "__dataclass_fields__")
