"""The number book: internal numbers without gaps, 文号 that are unique, and the numbers of cases.

A number belongs to a key, so a retry, or another worker, gets the one that was given. One transaction
locks the series, looks for the key and enters the next number: a process that dies before has taken none.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, func, insert, true, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from activities.database import Database
from activities.prepared import Prepared
from models.errors import InputError, Problem, Refusal
from models.numbering import BRACKETS, CaseId
from models.tables import CaseTable, Kept, NumberTable, OfficialNumberTable

Book = Literal["paper", "case", "incoming"]

TAKEN_OVER = "taken-over/"
"""What the key of a case begins with that another house numbered and filed; its number is no gap, and makes none."""

# A number is asked for with every paper. These are written once: to make a statement costs as much as to run it.
_OF_SERIES = (
    col(NumberTable.book) == bindparam("book"),
    col(NumberTable.county) == bindparam("county"),
    col(NumberTable.kind) == bindparam("kind"),
    col(NumberTable.year) == bindparam("year"),
)
_DOWNWARDS = (
    select_columns(col(NumberTable.number), col(NumberTable.key))
    .where(*_OF_SERIES)
    .order_by(col(NumberTable.number).desc())
)
_HELD = select_columns(
    col(NumberTable.county),
    col(NumberTable.kind),
    col(NumberTable.year),
    col(NumberTable.number),
    col(NumberTable.voided_at),
    col(NumberTable.void_reason),
).where(col(NumberTable.book) == bindparam("book"), col(NumberTable.key) == bindparam("key"))
_OFFICIAL = select_columns(
    col(OfficialNumberTable.owner_key), col(OfficialNumberTable.number), col(OfficialNumberTable.released_at)
).where(
    col(OfficialNumberTable.issuer) == bindparam("issuer"),
    col(OfficialNumberTable.document_type) == bindparam("document_type"),
    col(OfficialNumberTable.year) == bindparam("year"),
    col(OfficialNumberTable.matched) == bindparam("matched"),
)
_numbers, _officials = (Kept.metadata.tables[name] for name in ("numbers", "official_numbers"))
_LAST = (
    select_columns(_numbers.c.number)
    .where(*_OF_SERIES, func.substr(_numbers.c.key, 1, len(TAKEN_OVER)) != TAKEN_OVER)
    .order_by(_numbers.c.number.desc())
    .limit(1)
)
_GIVEN = ("book", "county", "kind", "year", "key", "given_at", "void_reason", "voided_by")
_ENTRY = select_columns(
    *(bindparam(name, type_=_numbers.c[name].type) for name in _GIVEN),
    func.coalesce(_LAST.scalar_subquery(), 0) + 1,
).where(true())
# Nearly always the key is new and the next number free: one statement. Else it writes nothing, and the reason is looked for.
_GIVE_NEXT = Prepared(
    lambda insert: (
        insert(_numbers)
        .from_select([*_GIVEN, "number"], _ENTRY)
        .on_conflict_do_nothing()
        .returning(_numbers.c.number)
    )
)
_ENTER_FREE = Prepared(
    lambda insert: insert(_officials).on_conflict_do_nothing().returning(_officials.c.matched)
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number in the register. `key` is what it was given to; `voided_at` is None while it stands."""

    book: Book
    county: str
    kind: str
    year: int
    number: int
    key: str
    given_at: datetime
    voided_at: datetime | None
    void_reason: str
    voided_by: str = ""

    def __str__(self) -> str:
        return numbered_as(self.county, self.kind, self.year, self.number)


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of one series that are in no register: a sign that somebody has been at the database."""

    book: Book
    county: str
    kind: str
    year: int
    missing: tuple[int, ...]


class NumberBook:
    """Numbers given, voided and claimed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # numbers

    def number(self, county: str, kind: str, year: int, key: str) -> int:
        """The internal number of a paper: the one its key has, else the next of its series, without gaps.

        Refusal when the key's number was voided, or belongs to another series.
        """
        return self._number("paper", county, kind, year, key)

    def issued_number(
        self, county: str, kind: str, year: int, key: str, *, issuer: str, official_no: str
    ) -> int:
        """The same for a paper that bears a 文号, which is entered in the same transaction: both or neither."""
        if not key:
            raise InputError(Problem("编号须有标识", "给出文书或案件的标识", "key"))
        locks = _official_lock(issuer, kind, year), _series_lock("paper", county, kind, year)
        official = _ENTER_FREE, _official_entry(issuer, kind, year, official_no, key)
        number = _GIVE_NEXT, _number_entry("paper", county, kind, year, key)
        given = self._database.enter(official, number, under=locks)
        if given is not None:
            return int(given)
        with self._database.entering() as connection:
            self._register_within(connection, issuer, kind, year, official_no, key)
            return self._number_within(connection, "paper", county, kind, year, key)

    def case_number(self, county: str, kind: str, year: int, key: str) -> int:
        """The number of a case, given in the same way; `key` tells one request to open it from another."""
        return self._number("case", county, kind, year, key)

    def void(self, key: str, reason: str, *, by: str = "", book: Book = "paper") -> None:
        """Take a number out of use; it stays in the register, with reason and moment. Refusal when there is none."""
        if not reason.strip():
            raise InputError(Problem("作废编号须写明理由", "填写理由", "reason"))
        with self._database.writing() as session:
            held = session.exec(
                select(NumberTable).where(NumberTable.book == book, NumberTable.key == key)
            ).first()
            if held is None:
                raise Refusal(Problem(f"“{key}”没有编号，无从作废", "核对标识", "key"))
            if held.voided_at is None:
                held.voided_at, held.void_reason, held.voided_by = _now(), reason, by
            elif held.void_reason != reason:
                name = _series(held.county, held.kind, held.year, held.number)
                raise Refusal(Problem(f"{name}已经作废：{held.void_reason}", "不必再作废"))

    def numbers(
        self,
        *,
        book: Book = "paper",
        county: str = "",
        kind: str = "",
        year: int | None = None,
        beyond_walls: bool = False,
    ) -> list[Number]:
        """The register of one book, void numbers included, in order."""
        wanted = select(NumberTable).where(NumberTable.book == book)
        if county:
            wanted = wanted.where(NumberTable.county == county)
        if kind:
            wanted = wanted.where(NumberTable.kind == kind)
        if year is not None:
            wanted = wanted.where(NumberTable.year == year)
        wanted = wanted.order_by(
            col(NumberTable.county), col(NumberTable.kind), col(NumberTable.year), col(NumberTable.number)
        )
        with self._database.reading(beyond_walls=beyond_walls) as session:
            return [Number(**row.model_dump()) for row in session.exec(wanted)]

    def gaps(self, *, book: Book = "paper") -> list[Gap]:
        """Every series of the places within reach with numbers missing between 1 and the last that was given here: a number of a
        case of which nobody may be told is no gap.
        """
        series: dict[tuple[str, str, int], set[int]] = {}
        last: Counter[tuple[str, str, int]] = Counter()
        for each in self.numbers(book=book, beyond_walls=True):
            if not self._database.reach.has_place(each.county):
                continue
            name = each.county, each.kind, each.year
            series.setdefault(name, set()).add(each.number)
            if not each.key.startswith(TAKEN_OVER):
                last[name] = max(last[name], each.number)
        return [
            Gap(book, *name, missing)
            for name, given in series.items()
            if (missing := tuple(sorted(set(range(1, last[name] + 1)) - given)))
        ]

    def claim_case(self, case_id: str, key: str) -> None:
        """Enter the number of a case that was numbered elsewhere. The same key again is fine.

        InputError for an id that is none; Refusal when it is taken. Numbers left out are reported as a gap.
        """
        parts = CaseId.parse(case_id)
        if parts is None:
            raise InputError(Problem(f"“{case_id}”不是案件编号", "写作 urging-350425-2021-0007", "case"))
        with self._database.writing() as session:
            self._lock_series(session.connection(), "case", parts.county, parts.kind.value, parts.year)
            held = session.get(
                NumberTable, ("case", parts.county, parts.kind.value, parts.year, parts.number)
            )
            owned = session.exec(
                select(NumberTable).where(NumberTable.book == "case", NumberTable.key == key)
            ).first()
            if held is not None and held.key == key:
                return
            if held is not None:
                raise Refusal(Problem(f"案件 {case_id} 已经登记", "核对编号，或另取编号", "case"))
            if owned is not None:
                name = _series(owned.county, owned.kind, owned.year, owned.number)
                raise Refusal(Problem(f"这份立案材料已经编为{name}", "核对编号", "case"))
            kind = parts.kind.value
            _enter(session.connection(), "case", parts.county, kind, parts.year, parts.number, key)

    def taken_over(self, case_id: str) -> bool:
        """Whether the number of a case was claimed for one that is taken over from another house."""
        parts = CaseId.parse(case_id)
        if parts is None:
            return False
        with self._database.reading(beyond_walls=True) as session:
            held = session.get(
                NumberTable, ("case", parts.county, parts.kind.value, parts.year, parts.number)
            )
            return held is not None and held.key == f"{TAKEN_OVER}{case_id}"

    def known_case(self, case_id: str, *, key: str = "") -> bool:
        """Whether a case of this id exists: it is in the registry, or its number was given to another key.

        Temporal forgets closed workflows; this does not. With a key it is asked by whoever would open it, who must not open it
        twice; else only what is within reach is known.
        """
        parts = CaseId.parse(case_id)
        with self._database.reading(beyond_walls=bool(key)) as session:
            if session.get(CaseTable, case_id) is not None:
                return True
            if parts is None:
                return False
            held = session.get(
                NumberTable, ("case", parts.county, parts.kind.value, parts.year, parts.number)
            )
            return held is not None and held.key != key

    def _number(self, book: Book, county: str, kind: str, year: int, key: str) -> int:
        if not key:
            raise InputError(Problem("编号须有标识", "给出文书或案件的标识", "key"))
        number = _GIVE_NEXT, _number_entry(book, county, kind, year, key)
        given = self._database.enter(number, under=[_series_lock(book, county, kind, year)])
        if given is not None:
            return int(given)
        with self._database.entering() as connection:
            return self._number_within(connection, book, county, kind, year, key)

    def _number_within(
        self, connection: Connection, book: Book, county: str, kind: str, year: int, key: str
    ) -> int:
        """The number within a transaction that enters more than the number."""
        self._lock_series(connection, book, county, kind, year)
        given = _GIVE_NEXT.scalar(connection, _number_entry(book, county, kind, year, key))
        if given is not None:
            return int(given)
        held = connection.execute(_HELD, {"book": book, "key": key}).first()
        if held is not None:
            name = _series(held.county, held.kind, held.year, held.number)
            if held.voided_at is not None:
                raise Refusal(Problem(f"{name}已经作废：{held.void_reason}", "换一个标识，另取编号", "key"))
            if (held.county, held.kind, held.year) != (county, kind, year):
                raise Refusal(Problem(f"“{key}”已经编为{name}", "不得再编入另一序列", "key"))
            return int(held.number)
        number = next_number(connection, book, county, kind, year)
        _enter(connection, book, county, kind, year, number, key)
        return number

    def _lock_series(self, connection: Connection, book: Book, county: str, kind: str, year: int) -> None:
        self._database.lock(connection, _series_lock(book, county, kind, year))

    # official numbers

    def register_official(
        self, issuer: str, document_type: str, year: int, number: str, owner_key: str
    ) -> None:
        """Enter a 文号 for a document: unique for issuer, type and year, however it is spaced and bracketed.

        The same document again is fine; Refusal when another one holds it.
        """
        with self._database.entering() as connection:
            self._register_within(connection, issuer, document_type, year, number, owner_key)

    def _register_within(
        self, connection: Connection, issuer: str, document_type: str, year: int, number: str, owner_key: str
    ) -> None:
        entry = _official_entry(issuer, document_type, year, number, owner_key)
        self._database.lock(connection, _official_lock(issuer, document_type, year))
        if _ENTER_FREE.scalar(connection, entry) is not None:
            return
        entered = connection.execute(_OFFICIAL, entry).all()
        for each in entered:
            if each.released_at is None and each.owner_key != owner_key:
                holder = f" {each.owner_key} " if self._database.reach.is_whole else "另一件文书"
                what = f"文号“{number}”已由{holder}使用（登记为“{each.number}”）"
                raise Refusal(Problem(what, "核对办案系统中的文号", "official_no"))
        # What is left is its own.
        if any(each.owner_key == owner_key and each.released_at is not None for each in entered):
            # Released once, and given to the same document again.
            name = ("issuer", "document_type", "year", "matched", "owner_key")
            again = update(OfficialNumberTable).filter_by(**{each: entry[each] for each in name})
            connection.execute(again.values({each: entry[each] for each in entry.keys() - set(name)}))

    def release_official(
        self, issuer: str, document_type: str, year: int, number: str, owner_key: str, reason: str
    ) -> None:
        """Free a 文号 that was entered by mistake. Refusal when that document does not hold it."""
        if not reason.strip():
            raise InputError(Problem("退回文号须写明理由", "填写理由", "reason"))
        with self._database.writing() as session:
            holder = _holder(session, issuer, document_type, year, folded(number))
            if holder is None or holder.owner_key != owner_key:
                raise Refusal(Problem(f"{owner_key} 没有使用文号“{number}”", "核对文号和文书", "official_no"))
            holder.released_at, holder.release_reason = _now(), reason


def numbered_as(county: str, kind: str, year: int, number: int) -> str:
    """A number as papers and registers bear it: `350481-suggestion-2026-0001`."""
    return f"{county}-{kind}-{year}-{number:04d}"


def _now() -> datetime:
    return datetime.now(UTC)


def folded(number: str) -> str:
    """What a 文号 is compared by: 〔2021〕, [2021] and （2021） are one, and spaces are nothing."""
    folded = unicodedata.normalize("NFKC", number.translate(BRACKETS)).translate(BRACKETS)
    return "".join(folded.split())


def next_number(connection: Connection, book: Book, county: str, kind: str, year: int) -> int:
    """The number after the last that was given here; one that a case from another house bears is left out."""
    taken = set()
    series = {"book": book, "county": county, "kind": kind, "year": year}
    last = 0
    with connection.execute(_DOWNWARDS, series) as rows:
        for number, key in rows:
            if not key.startswith(TAKEN_OVER):
                last = number
                break
            taken.add(number)
    number = last + 1
    while number in taken:
        number += 1
    return number


def _series_lock(book: Book, county: str, kind: str, year: int) -> str:
    return f"mingjian.number/{book}/{county}/{kind}/{year}"


def _official_lock(issuer: str, document_type: str, year: int) -> str:
    return f"mingjian.official/{issuer}/{document_type}/{year}"


def _number_entry(book: Book, county: str, kind: str, year: int, key: str) -> dict[str, object]:
    """What a number is entered with; which it is, the statement finds."""
    series = {"book": book, "county": county, "kind": kind, "year": year}
    return series | {"key": key, "given_at": _now(), "void_reason": "", "voided_by": ""}


def _official_entry(
    issuer: str, document_type: str, year: int, number: str, owner_key: str
) -> dict[str, object]:
    """What a 文号 is entered with; InputError for none."""
    matched = folded(number)
    if not matched:
        raise InputError(Problem("文号为空", "按办案系统的文号填写", "official_no"))
    name = {"issuer": issuer, "document_type": document_type, "year": year, "matched": matched}
    told = {"number": number, "entered_at": _now(), "released_at": None, "release_reason": ""}
    return name | {"owner_key": owner_key} | told


def _enter(
    connection: Connection, book: Book, county: str, kind: str, year: int, number: int, key: str
) -> None:
    entry = {"book": book, "county": county, "kind": kind, "year": year, "number": number, "key": key}
    entry |= {"given_at": _now(), "voided_at": None, "void_reason": "", "voided_by": ""}
    connection.execute(insert(NumberTable), entry)


def _series(county: str, kind: str, year: int, number: int) -> str:
    return f"{county} {kind} {year} 年第 {number} 号"


def _holder(
    session: Session, issuer: str, document_type: str, year: int, matched: str
) -> OfficialNumberTable | None:
    return session.exec(
        select(OfficialNumberTable).where(
            OfficialNumberTable.issuer == issuer,
            OfficialNumberTable.document_type == document_type,
            OfficialNumberTable.year == year,
            OfficialNumberTable.matched == matched,
            col(OfficialNumberTable.released_at).is_(None),
        )
    ).first()
