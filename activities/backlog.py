"""Cases that are entered by the hundred: what books and registry know of them already, and their numbers, a portion at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from activities.numbers import NumberBook, folded, next_number
from models.numbering import CaseId
from models.tables import CaseTable, NumberTable, OfficialNumberTable
from models.terms import CaseKind

PORTION = 500
"""So many cases are asked of, or numbered, at once: databases bound how many values a question may have."""

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialNumber:
    """The 文号 of a letter that went out before: whose, of which kind of document and year; `document` is which of the case."""

    issuer: str
    document_type: str
    year: int
    number: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToNumber:
    """A case that is to be numbered, and the 文号 that are entered with it."""

    county: str
    kind: CaseKind
    year: int
    key: str
    official: tuple[OfficialNumber, ...] = ()


class BacklogBook(NumberBook):
    """The number book, asked and written by the hundred. Every method raises Unreachable when the database does not answer."""

    def numbered(self, keys: Collection[str]) -> dict[str, CaseId]:
        """The numbers that these keys have, started or not."""
        asked = select(
            col(NumberTable.key),
            col(NumberTable.kind),
            col(NumberTable.county),
            col(NumberTable.year),
            col(NumberTable.number),
        )
        found: dict[str, CaseId] = {}
        with self._database.reading(beyond_walls=True) as session:
            for portion in portions(list(keys)):
                wanted = asked.where(col(NumberTable.book) == "case", col(NumberTable.key).in_(portion))
                for key, kind, county, year, number in session.connection().execute(wanted):
                    found[key] = CaseId(CaseKind(kind), county, year, number)
        return found

    def in_registry(self, cases: Collection[str]) -> set[str]:
        """Those of the cases that have been projected: they were started."""
        found: set[str] = set()
        with self._database.reading(beyond_walls=True) as session:
            for portion in portions(list(cases)):
                there = select(col(CaseTable.case)).where(col(CaseTable.case).in_(portion))
                found.update(session.connection().execute(there).scalars())
        return found

    def holders(self, numbers: Collection[str]) -> dict[tuple[str, str], tuple[str, str]]:
        """By issuer and 文号 (as it is compared): whose it is, and as it was entered."""
        asked = select(
            col(OfficialNumberTable.issuer),
            col(OfficialNumberTable.matched),
            col(OfficialNumberTable.owner_key),
            col(OfficialNumberTable.number),
        ).where(col(OfficialNumberTable.released_at).is_(None))
        found: dict[tuple[str, str], tuple[str, str]] = {}
        with self._database.reading(beyond_walls=True) as session:
            for portion in portions(list({folded(number) for number in numbers})):
                held = asked.where(col(OfficialNumberTable.matched).in_(portion))
                for issuer, matched, owner, number in session.connection().execute(held):
                    found[issuer, matched] = owner, number
        return found

    def number_all(self, wanted: Sequence[ToNumber]) -> list[CaseId]:
        """The number of each case, the one its key has or the next of its series; all in one transaction, with their 文号."""
        with self._database.entering() as connection:
            for county, kind, year in sorted({(each.county, each.kind.value, each.year) for each in wanted}):
                self._lock_series(connection, "case", county, kind, year)
            known = self._known(connection, [each.key for each in wanted])
            free: dict[tuple[str, str, int], Iterator[int]] = {}
            given, rows = [], []
            for each in wanted:
                series = (each.county, each.kind.value, each.year)
                if each.key in known:
                    # Refused as ever, where the number was voided or is of another series.
                    number = self._number_within(connection, "case", *series, each.key)
                else:
                    number = _next_of(free, connection, series)
                    rows.append(_entry(series, number, each.key))
                given.append(CaseId(each.kind, each.county, each.year, number))
            if rows:
                connection.execute(insert(NumberTable), rows)
            self._register_all(connection, zip(given, wanted, strict=True))
            return given

    def _known(self, connection: Connection, keys: Sequence[str]) -> set[str]:
        held = select(col(NumberTable.key)).where(
            col(NumberTable.book) == "case", col(NumberTable.key).in_(list(keys))
        )
        return set(connection.execute(held).scalars())

    def _register_all(self, connection: Connection, cases: Iterable[tuple[CaseId, ToNumber]]) -> None:
        """Enter the 文号 of the cases: those of which the book knows nothing at once, the others one by one."""
        claims = [(one, f"{case}/{one.document}") for case, each in cases for one in each.official]
        # Before the book is asked: what another enters meanwhile must be seen.
        for issuer, document_type, year in sorted(
            {(one.issuer, one.document_type, one.year) for one, _ in claims}
        ):
            self._database.lock(connection, f"mingjian.official/{issuer}/{document_type}/{year}")
        matched = list({folded(one.number) for one, _ in claims})
        entered: set[str] = set()
        for portion in portions(matched):
            held = select(col(OfficialNumberTable.matched)).where(
                col(OfficialNumberTable.matched).in_(portion)
            )
            entered.update(connection.execute(held).scalars())
        rows, others = [], []
        for one, owner in claims:
            name = folded(one.number)
            if not name or name in entered:
                others.append((one, owner))
                continue
            # Twice in one portion: the second is refused like any other.
            entered.add(name)
            rows.append(
                {
                    "issuer": one.issuer,
                    "document_type": one.document_type,
                    "year": one.year,
                    "matched": name,
                    "owner_key": owner,
                    "number": one.number,
                    "entered_at": datetime.now(UTC),
                    "released_at": None,
                    "release_reason": "",
                }
            )
        if rows:
            connection.execute(insert(OfficialNumberTable), rows)
        for one, owner in others:
            self._register_within(connection, one.issuer, one.document_type, one.year, one.number, owner)


def _next_of(
    free: dict[tuple[str, str, int], Iterator[int]], connection: Connection, series: tuple[str, str, int]
) -> int:
    if series not in free:
        free[series] = _free(connection, *series)
    return next(free[series])


def _free(connection: Connection, county: str, kind: str, year: int) -> Iterator[int]:
    """The numbers of a series that are given next; those that cases from other houses bear are left out."""
    first = next_number(connection, "case", county, kind, year)
    ahead = select(col(NumberTable.number)).where(
        col(NumberTable.book) == "case",
        col(NumberTable.county) == county,
        col(NumberTable.kind) == kind,
        col(NumberTable.year) == year,
        col(NumberTable.number) > first,
    )
    taken = set(connection.execute(ahead).scalars())
    return (number for number in count(first) if number not in taken)


def _entry(series: tuple[str, str, int], number: int, key: str) -> dict[str, Any]:
    county, kind, year = series
    entry = {"book": "case", "county": county, "kind": kind, "year": year, "number": number, "key": key}
    return entry | {"given_at": datetime.now(UTC), "voided_at": None, "void_reason": "", "voided_by": ""}


def portions(things: Sequence[Thing], size: int = PORTION) -> Iterator[Sequence[Thing]]:
    """The things, so many at a time."""
    for first in range(0, len(things), size):
        yield things[first : first + size]
