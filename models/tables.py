"""The database's tables: the registry, derived from the cases, and the books, which nothing could bring back.

The only room with SQLModel in it; no workflow reaches it. The first eight tables are the row models of `models.rows`, column for
column; they, the worklist and the index of what is searched can be made again from the cases at any time. A class with
`table=True` validates nothing: what is written has been through the models of the core before.

Text that people or agencies wrote is of any length. Moments are UTC, days are days in China.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, Dialect, Index, MetaData, Text, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

_ESCAPE = "\U0010ffff"  # a noncharacter: no text uses it to mean anything


class AnyText(TypeDecorator[str]):
    """Text that comes back as it went in. PostgreSQL has no NUL, which must not keep a case from its rows."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _escaped if dialect.name == "postgresql" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _unescaped if dialect.name == "postgresql" else None


def _escaped(value: Any) -> Any:
    if value is None or ("\0" not in value and _ESCAPE not in value):
        return value
    return value.replace(_ESCAPE, f"{_ESCAPE}1").replace("\0", f"{_ESCAPE}0")


def _unescaped(value: Any) -> Any:
    if value is None or _ESCAPE not in value:
        return value
    return value.replace(f"{_ESCAPE}0", "\0").replace(f"{_ESCAPE}1", _ESCAPE)


Words = Annotated[str, Field(sa_type=AnyText)]
Key = Annotated[str, Field(sa_type=AnyText, primary_key=True)]
OfCase = Annotated[
    str, Field(sa_type=AnyText, primary_key=True, foreign_key="cases.case", ondelete="CASCADE")
]
Amount = Annotated[int, Field(sa_type=BigInteger)]


class Kept(SQLModel):
    """The base of all tables. Constraints have one name on every database: migrations find them by it."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


# ── the registry ────────────────────────────────────────────────────────────────────────────────────────────


class CaseTable(Kept, table=True):
    """`rows.CaseRow`, with the run, the revision and the settling it was projected from."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "county", "kind", "stage"),
        Index(None, "procuratorate", "liaison"),
    )

    case: Key
    kind: Words
    stage: Words
    title: Words
    county: Words
    county_name: Words
    procuratorate: Words
    matter: Words
    is_focus: bool
    handler: Words
    place: Words
    opened_on: date
    closed_on: date | None
    outcome: Words
    next_due_on: date | None
    is_overdue: bool
    is_provisional: bool
    unmatched: Amount
    edition: Words
    liaison: Words
    level: Words
    run: Words
    run_started_at: datetime
    revision: Amount
    settling: Amount


_case = Kept.metadata.tables["cases"].c
# What lists are filtered by stands in the index of each order: only the rows of one page are read.
_FILTERED = tuple(
    _case[name]
    for name in (
        "county",
        "kind",
        "stage",
        "handler",
        "closed_on",
        "is_overdue",
        "is_provisional",
        "unmatched",
        "level",
    )
)
Index("ix_cases_due", _case.next_due_on, _case.is_focus.desc(), _case.case, *_FILTERED)
Index("ix_cases_opened", _case.opened_on.desc(), _case.case, *_FILTERED, _case.is_focus, _case.next_due_on)
Index("ix_cases_id", _case.case, *_FILTERED, _case.is_focus, _case.next_due_on)


class LetterTable(Kept, table=True):
    """`rows.LetterRow`; `position` keeps the order of the snapshot, here and in the six tables below."""

    __tablename__ = "letters"
    __table_args__ = (
        Index(None, "recipient_code", "case"),
        Index(None, "recipient", "case"),
    )

    case: OfCase
    letter: Key
    position: Amount
    document: Words
    type: Words
    recipient: Words
    recipient_code: Words
    state: Words
    official_no: Words
    internal_no: Words
    issued_on: date | None
    served_on: Words
    served_presumed: bool
    replied_on: Words
    replies: Amount
    substance: Words
    urged: Amount
    rungs: Words
    replaced_by: Words
    copies_to: Words


class DeadlineTable(Kept, table=True):
    """`rows.DeadlineRow`."""

    __tablename__ = "deadlines"
    __table_args__ = (
        Index(
            "ix_deadlines_state",
            "state",
            "rule",
            "case",
            "ended",
            "due_on",
            "due_to",
            "is_overdue",
            "edition",
            "party",
            "key",
            "position",
        ),
    )

    case: OfCase
    key: Key
    position: Amount
    rule: Words
    letter: Words
    party: Words
    state: Words
    ended: Words
    name: Words
    basis: Words
    owner: Words
    started_on: Words
    due_on: date | None
    due_from: date | None
    due_to: date | None
    provisional: bool
    in_force: bool
    is_overdue: bool
    edition: Words
    met_on: Words
    days_late: int | None
    ledger: Words


class ItemTable(Kept, table=True):
    """`rows.ItemRow`."""

    __tablename__ = "items"

    case: OfCase
    item: Key
    position: Amount
    what: Words
    kind: Words
    state: Words
    next_milestone: Words
    area_m2: float | None
    owner: Words
    due_on: date | None


class MeetingTable(Kept, table=True):
    """`rows.MeetingRow`."""

    __tablename__ = "meetings"

    case: OfCase
    meeting: Key
    position: Amount
    form: Words
    topic: Words
    planned_on: date | None
    held_on: Words
    attended: Amount
    agreed: bool | None
    cancelled: Words


class LinkTable(Kept, table=True):
    """`rows.LinkRow`."""

    __tablename__ = "links"
    __table_args__ = (Index(None, "other"),)

    case: OfCase
    other: Key
    position: Amount
    relation: Words
    linked_on: Words
    elsewhere: bool
    outcome: Words


class PaperTable(Kept, table=True):
    """`rows.PaperRow`."""

    __tablename__ = "papers"

    case: OfCase
    direction: Key
    order: Key
    position: Amount
    name: Words
    digest: Words
    size: Amount
    media_type: Words


class FactTable(Kept, table=True):
    """`rows.FactRow`."""

    __tablename__ = "facts"

    case: OfCase
    id: Key
    position: Amount
    seq: Amount
    kind: Words
    happened_on: Words
    recorded_by: Words
    role: Words
    how: Words
    what: Words


class WorkTable(Kept, table=True):
    """`worklist.WorkRow`, in the order of its `position`; follows from the rows above, is written and made again with them."""

    __tablename__ = "worklist"

    case: OfCase
    what: Key
    key: Key
    position: Amount
    day: date
    on_desk: bool
    county: Words
    handler: Words
    is_focus: bool


_work = Kept.metadata.tables["worklist"].c
# Each part of the page of the day is read off this index, as far as it is shown, and counted by it.
Index(
    "ix_worklist_page",
    *(_work[name] for name in ("what", "on_desk", "day")),
    _work.is_focus.desc(),
    *(_work[name] for name in ("case", "position", "county", "handler", "key")),
)


class SearchTextTable(Kept, table=True):
    """What of a case is searched (`searching.searched`); written with the rows above, and made again with them."""

    __tablename__ = "search_texts"
    __table_args__ = {"sqlite_with_rowid": False}

    case: OfCase
    folded: Words


class SearchGramTable(Kept, table=True):
    """The index of the texts above: `searching.grams`, each once for a case.

    No foreign key: it would need an index by case as large as this one. What deletes a case deletes these (`search.forget`);
    one that is left behind finds nothing, for each is looked up among the texts.
    """

    __tablename__ = "search_grams"
    __table_args__ = {"sqlite_with_rowid": False}

    gram: int = Field(primary_key=True, sa_type=BigInteger)
    case: Key


class RebuildTable(Kept, table=True):
    """A rebuild of the tables above, but for the cases `kept`; one without an end goes on when it is asked for again."""

    __tablename__ = "rebuilds"

    begun_at: datetime = Field(primary_key=True)
    by: Words
    kept: list[str] = Field(sa_type=JSON)
    ended_at: datetime | None


# ── the books ───────────────────────────────────────────────────────────────────────────────────────────────


class NumberTable(Kept, table=True):
    """A number given out, of a `paper`, a `case` or an `incoming` paper. Never deleted: a void one stays, with its reason."""

    __tablename__ = "numbers"
    __table_args__ = (UniqueConstraint("book", "key"),)

    book: Key
    county: Key
    kind: Key
    year: int = Field(primary_key=True)
    number: Amount = Field(primary_key=True, sa_type=BigInteger)
    key: Words
    given_at: datetime
    voided_at: datetime | None
    void_reason: Words
    voided_by: Words


class IncomingTable(Kept, table=True):
    """An incoming paper (收文) under its number, which has the same key: its digest and the case it was entered for.

    `case` is the one it belongs to now; a mail has a Message-ID.
    """

    __tablename__ = "incoming"
    __table_args__ = (
        Index(None, "digest"),
        Index(None, "message_id"),
        Index(None, "case"),
        Index(None, "received_on"),
        Index(None, "entered_at"),
    )

    key: Key
    case: Words
    county: Words
    year: int
    number: Amount
    received_on: date
    sender: Words
    kind: Words
    what: Words
    official_no: Words
    digest: Words
    name: Words
    message_id: Words
    entered_by: Words
    entered_at: datetime


class OfficialNumberTable(Kept, table=True):
    """A 文号 as staff entered it; `matched` is what it is compared by.

    One released (it was entered by mistake) stays in the book, and may be given to another document.
    """

    __tablename__ = "official_numbers"
    __table_args__ = (
        Index(
            "uq_official_numbers_held",
            "issuer",
            "document_type",
            "year",
            "matched",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    issuer: Key
    document_type: Key
    year: int = Field(primary_key=True)
    matched: Key
    owner_key: Key
    number: Words
    entered_at: datetime
    released_at: datetime | None
    release_reason: Words


class DeliveryTable(Kept, table=True):
    """A notice on its way: `queued`, `sending`, `sent`, `failed` (and tried again), `refused`, or `bundled`.

    One with `digest` waits for the recipient's digest of the day, which is a row of its own: bundled, it goes `within` that.

    `to` is one name. `channel` is what the last attempt went through; `down_since` is when that was first found out of use.
    `address` is what the last attempt wrote to; empty: it went to the folder for staff to hand on. `on` and `at` are case time,
    the other moments the clock's. `told`: of one that was refused or came back its case knows.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(None, "state", "at"),
        Index(None, "on"),
        Index(
            "ix_deliveries_within",
            "within",
            sqlite_where=text("within <> ''"),
            postgresql_where=text("within <> ''"),
        ),
    )

    key: Key
    case: Words
    to: list[str] = Field(sa_type=JSON)
    subject: Words
    body: Words
    on: date
    at: datetime
    state: Words
    attempts: int
    last_error: Words
    try_after: datetime | None
    message_id: Words
    sent_at: datetime | None
    possibly_twice: bool
    address: Words
    papers: list[dict[str, Any]] = Field(sa_type=JSON)
    channel: Words
    down_since: datetime | None
    digest: bool
    within: Words
    told: bool


class IntakeTable(Kept, table=True):
    """What arrived and reached no running case, until somebody has sorted it out."""

    __tablename__ = "intake"

    id: Key
    case: Words
    name: Words
    content: Words
    paper: Words
    paper_name: Words
    why: Words
    received_at: datetime
    received_by: Words
    sorted_at: datetime | None
    sorted_by: Words
    went_to: Words
    note: Words


class SealTable(Kept, table=True):
    """`seals.Seal`: entered once for a folder, never altered."""

    __tablename__ = "seals"
    __table_args__ = (Index(None, "case"),)

    folder: Key
    case: Words
    voucher: Words
    head: Words
    run: Words
    program: Words
    sealed_at: datetime


class RepairTable(Kept, table=True):
    """`seals.Mending`: what was put back into a case; never deleted."""

    __tablename__ = "repairs"

    case: Key
    at: datetime = Field(primary_key=True)
    place: int = Field(primary_key=True)
    what: Words
    source: Words
    by: Words


class DesignationTable(Kept, table=True):
    """`roll.Designation`, the `number`-th of its office. Never deleted; its end is entered once, by whom and when.

    No office has two designations without an end, whoever enters them at once.
    """

    __tablename__ = "designations"
    __table_args__ = (
        Index(
            "uq_designations_standing",
            "office",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    office: Key
    number: int = Field(primary_key=True)
    name: Words
    department: Words
    person: Words
    phone: Words
    since: date
    until: date | None
    entered_by: Words
    entered_at: datetime
    ended_by: Words
    ended_at: datetime | None


class AddressTable(Kept, table=True):
    """`addresses.Address`: one for a name in an office, replaced by the next."""

    __tablename__ = "addresses"

    office: Key
    name: Key
    address: Words
    entered_by: Words
    entered_at: datetime


class AbsenceTable(Kept, table=True):
    """`addresses.Absence`: one for an office from a day."""

    __tablename__ = "absences"

    office: Key
    since: date = Field(primary_key=True)
    until: date
    person: Words
    deputy: Words
    entered_by: Words
    entered_at: datetime


class EditionTable(Kept, table=True):
    """A published text that never changes: a calendar edition, a version of the rules."""

    __tablename__ = "editions"

    kind: Key
    name: Key
    digest: Words
    text: Words
    published_at: datetime
