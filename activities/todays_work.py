"""What stands on the page that a clerk opens first: what is overdue, falls due, has come in, and waits for somebody.

All of it is read at one moment from registry and books, and nothing from the server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Generic, Literal

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from typing_extensions import TypeVar

from activities.database import Database
from models.dates import at_hour
from models.rows import CaseRow, DeadlineRow, FactRow, LetterRow
from models.tables import Kept
from models.wire import Wire
from models.worklist import Wait

_NAMES = ("cases", "letters", "deadlines", "facts", "worklist", "intake", "incoming", "numbers", "deliveries")
_cases, _letters, _deadlines, _facts, _worklist, _intake, _incoming, _numbers, _deliveries = (
    Kept.metadata.tables[name] for name in _NAMES
)
_TOLD_FOR = timedelta(days=30)
"""So long a mail that did not arrive stays on the page; the list of mails keeps it."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose page, of which day. `until` is the last day of the days ahead, `since` the first of those whose incoming papers are
    new; `most` is how many lines of each part are wanted (None: all). Empty `handler` and `county` mean everybody's.
    """

    today: date
    until: date
    since: date
    handler: str = ""
    county: str = ""
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """The first lines of one part of the page, and how many there are in all."""

    lines: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OfCase(Generic[Row]):
    """Something of a case; `letter` is the one that it concerns, where it concerns one."""

    case: CaseRow
    row: Row
    letter: LetterRow | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something in the intake tray."""

    id: str
    case: str
    kind: str
    why: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """A paper that was entered in the register of incoming papers."""

    case: str
    title: str
    what: str
    sender: str
    received_on: date


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that did not arrive, or may have gone out twice."""

    key: str
    case: str
    to: str
    subject: str
    on: date
    how: Literal["refused", "twice"]
    why: str


@dataclass(frozen=True, slots=True)
class TodaysWork:
    """The parts of the page, each in its own order; those of cases that are closed have look-backs alone."""

    overdue: Part[OfCase[DeadlineRow]]
    expired: Part[OfCase[DeadlineRow]]
    due: Part[OfCase[DeadlineRow]]
    tray: Part[Waiting]
    unmatched: Part[OfCase[FactRow]]
    arrived: Part[Arrived]
    unserved: Part[OfCase[LetterRow]]
    unassessed: Part[OfCase[LetterRow]]
    pending: Part[OfCase[LetterRow]]
    look_backs: Part[OfCase[DeadlineRow]]
    mails: Part[Mail]


def todays_work(database: Database, asked: Asked) -> TodaysWork:
    """The page as registry and books have it now; Unreachable when they do not answer."""
    questions = _questions(by_handler=bool(asked.handler), by_county=bool(asked.county), most=asked.most)
    lately = asked.today - _TOLD_FOR
    given = {
        "handler": asked.handler,
        "county": asked.county,
        "today": asked.today,
        "until": asked.until,
        "since": asked.since,
        "since_entered": at_hour(asked.since, 0),
        "lately": lately,
        "since_mailed": min(lately, asked.since),
    }
    with database.reading() as session:
        connection = session.connection()

        def part(question: Select[Any], line: Callable[[Any], Row]) -> Part[Row]:
            found = connection.execute(question, given).mappings().all()
            return Part(tuple(map(line, found)), found[0]["total"] if found else 0)

        return TodaysWork(
            overdue=part(questions.overdue, _of_deadline),
            expired=part(questions.expired, _of_deadline),
            due=part(questions.due, _of_deadline),
            tray=part(questions.tray, _waiting),
            unmatched=part(questions.unmatched, _of_fact),
            arrived=part(questions.arrived, _arrived),
            unserved=part(questions.unserved, _of_letter),
            unassessed=part(questions.unassessed, _of_letter),
            pending=part(questions.pending, _of_letter),
            look_backs=part(questions.look_backs, _of_deadline),
            mails=part(questions.mails, _mail),
        )


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _questions(*, by_handler: bool, by_county: bool, most: int | None) -> _Questions:
    """Written once for each way to ask: to write them takes as long as to answer some of them."""
    return _Questions(by_handler, by_county, most)


class _Questions:
    """A question for each part; the days, the handler and the county are given with it."""

    def __init__(self, by_handler: bool, by_county: bool, most: int | None) -> None:
        self._most = most
        asked = [name for name, by in (("handler", by_handler), ("county", by_county)) if by]
        self._theirs = [_cases.c[name] == bindparam(name) for name in asked]
        self._their_work = [_worklist.c[name] == bindparam(name) for name in asked]
        day = _worklist.c.day
        self.overdue = self._of_deadlines("overdue")
        self.expired = self._of_deadlines("expiry", day < _day("today"))
        self.due = self._of_deadlines("due", day.between(_day("today"), _day("until")))
        self.look_backs = self._of_deadlines("look_back", day <= _day("until"))
        self.unserved = self._of_letters("unserved")
        self.unassessed = self._of_letters("unassessed")
        self.pending = self._of_letters("pending")
        self.unmatched = self._waiting("unmatched", _facts, _facts.c.id, ())
        self.tray = self._in_tray()
        self.arrived = self._newly_arrived()
        self.mails = self._of_mails()

    def _of_deadlines(self, what: Wait, *which: ColumnElement[bool]) -> Select[Any]:
        letter = and_(_letters.c.case == _deadlines.c.case, _letters.c.letter == _deadlines.c.letter)
        return self._waiting(what, _deadlines, _deadlines.c.key, which, beside=(_letters, letter))

    def _of_letters(self, what: Wait) -> Select[Any]:
        return self._waiting(what, _letters, _letters.c.letter, ())

    def _waiting(
        self,
        what: Wait,
        rows: Table,
        key: ColumnElement[Any],
        which: Sequence[ColumnElement[bool]],
        beside: tuple[Table, ColumnElement[bool]] | None = None,
    ) -> Select[Any]:
        """Rows on which somebody waits, each with its case; `beside` are rows that need not be there.

        They are counted and chosen in the worklist: of the rows themselves only those that are shown are read.
        """
        work = _worklist.c
        # Written out, so that the databases know how many there are of each.
        held = (work.what == literal_column(f"'{what}'"), work.on_desk, *which, *self._their_work)
        total = select(func.count()).select_from(_worklist).where(*held).scalar_subquery()
        order = ("day", "is_focus", "case", "position")
        chosen = select(work.key, *(work[name] for name in order)).where(*held)
        page = chosen.order_by(*_in_order(_worklist, order)).limit(self._most).subquery("page")
        columns = [total.label("total"), *_named(_cases, "c"), *_named(rows, "r")]
        tables = page.join(rows, and_(rows.c.case == page.c.case, key == page.c.key))
        tables = tables.join(_cases, _cases.c.case == page.c.case)
        if beside is not None:
            columns += _named(beside[0], "l")
            tables = tables.outerjoin(*beside)
        return select(*columns).select_from(tables).order_by(*_in_order(page, order))

    def _in_tray(self) -> Select[Any]:
        asked = select(*_named(_intake, "r")).where(_intake.c.sorted_at.is_(None))
        if self._theirs:
            # Not joined: SQLite would go through the tray once for each of their cases.
            asked = asked.where(exists().where(_cases.c.case == _intake.c.case, *self._theirs))
        return self._counted(asked, (_intake.c.received_at, _intake.c.id))

    def _newly_arrived(self) -> Select[Any]:
        entered = bindparam("since_entered", type_=_incoming.c.entered_at.type)
        is_standing = exists().where(
            _numbers.c.book == "incoming", _numbers.c.key == _incoming.c.key, _numbers.c.voided_at.is_(None)
        )
        # Each by its own index: of an “or” PostgreSQL would sooner read the whole register, of a plain union SQLite.
        received = select(_incoming.c.key).where(_incoming.c.received_on >= _day("since"))
        new = received.union_all(select(_incoming.c.key).where(_incoming.c.entered_at >= entered))
        tables = _incoming.outerjoin(_cases, _cases.c.case == _incoming.c.case)
        asked = select(_cases.c.title, *_named(_incoming, "r")).select_from(tables)
        asked = asked.where(_incoming.c.key.in_(new), is_standing, *self._theirs)
        return self._counted(
            asked, (_incoming.c.received_on.desc(), _incoming.c.entered_at.desc(), _incoming.c.key)
        )

    def _of_mails(self) -> Select[Any]:
        """Mails that were refused lately, and those that may have gone out twice since; of a digest the mail itself."""
        refused = and_(_deliveries.c.state == "refused", _deliveries.c.on >= _day("lately"))
        twice = and_(_deliveries.c.possibly_twice, _deliveries.c.on >= _day("since"))
        asked = select(*_named(_deliveries, "r")).where(
            _deliveries.c.on >= _day("since_mailed"),
            _deliveries.c.state != "bundled",
            or_(refused, twice),
        )
        if self._theirs:
            asked = asked.where(self._is_of_theirs())
        return self._counted(asked, (_deliveries.c.on.desc(), _deliveries.c.key))

    def _is_of_theirs(self) -> ColumnElement[bool]:
        """Whether a mail is about a case of theirs, or carries one that is."""
        within = _deliveries.alias("carried")
        of_case = exists().where(_cases.c.case == _deliveries.c.case, *self._theirs).correlate(_deliveries)
        carries = (
            exists()
            .where(within.c.within == _deliveries.c.key, within.c.within != literal_column("''"))
            .where(_cases.c.case == within.c.case, *self._theirs)
            .correlate(_deliveries)
        )
        return or_(of_case, carries)

    def _counted(self, asked: Select[Any], order: tuple[ColumnElement[Any], ...]) -> Select[Any]:
        return asked.add_columns(func.count().over().label("total")).order_by(*order).limit(self._most)


def _day(name: str) -> ColumnElement[date]:
    """A day that is given with the question."""
    return bindparam(name, type_=Date)


def _in_order(table: FromClause, names: Sequence[str]) -> list[ColumnElement[Any]]:
    """Of what has one day, the focus of article 1 comes first."""
    return [table.c[name].desc() if name == "is_focus" else table.c[name].asc() for name in names]


def _named(table: Any, prefix: str) -> list[Any]:
    return [column.label(f"{prefix}_{column.name}") for column in table.c]


# ── what is answered ─────────────────────────────────────────────────────────────────────────────────────────────────


def _of_deadline(found: Any) -> OfCase[DeadlineRow]:
    letter = _row(LetterRow, found, "l") if found["l_case"] is not None else None
    return OfCase(_row(CaseRow, found, "c"), _row(DeadlineRow, found, "r"), letter)


def _of_letter(found: Any) -> OfCase[LetterRow]:
    letter = _row(LetterRow, found, "r")
    return OfCase(_row(CaseRow, found, "c"), letter, letter)


def _of_fact(found: Any) -> OfCase[FactRow]:
    return OfCase(_row(CaseRow, found, "c"), _row(FactRow, found, "r"))


def _waiting(found: Any) -> Waiting:
    return Waiting(*(found[f"r_{name}"] for name in ("id", "case", "name", "why", "received_at")))


def _arrived(found: Any) -> Arrived:
    particulars = (found[f"r_{name}"] for name in ("what", "sender", "received_on"))
    return Arrived(found["r_case"], found["title"] or "", *particulars)


def _mail(found: Any) -> Mail:
    how: Literal["refused", "twice"] = "refused" if found["r_state"] == "refused" else "twice"
    to = "、".join(found["r_to"])
    return Mail(
        found["r_key"], found["r_case"], to, found["r_subject"], found["r_on"], how, found["r_last_error"]
    )


def _row(model: type[Wire], found: Any, prefix: str) -> Any:
    return model.model_construct(**{name: found[f"{prefix}_{name}"] for name in model.model_fields})
