"""Cases that are entered by the hundred: what books and registry know of them already, and their numbers, a portion at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import col

from activities.numbers import NumberBook, folded
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
        with self._database.reading() as session:
            for portion in portions(list(keys)):
                wanted = asked.where(col(NumberTable.book) == "case", col(NumberTable.key).in_(portion))
                for key, kind, county, year, number in session.connection().execute(wanted):
                    found[key] = CaseId(CaseKind(kind), county, year, number)
        return found

    def in_registry(self, cases: Collection[str]) -> set[str]:
        """Those of the cases that have been projected: they were started."""
        found: set[str] = set()
        with self._database.reading() as session:
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
        with self._database.reading() as session:
            for portion in portions(list({folded(number) for number in numbers})):
                held = asked.where(col(OfficialNumberTable.matched).in_(portion))
                for issuer, matched, owner, number in session.connection().execute(held):
                    found[issuer, matched] = owner, number
        return found

    def number_all(self, wanted: Sequence[ToNumber]) -> list[CaseId]:
        """The number of each case, the one its key has or the next of its series; all in one transaction, with their 文号."""
        with self._database.writing() as session:
            given = []
            for each in wanted:
                number = self._number_within(
                    session, "case", each.county, each.kind.value, each.year, each.key
                )
                case = CaseId(each.kind, each.county, each.year, number)
                for one in each.official:
                    self._register_within(
                        session, one.issuer, one.document_type, one.year, one.number, f"{case}/{one.document}"
                    )
                given.append(case)
            return given


def portions(things: Sequence[Thing], size: int = PORTION) -> Iterator[Sequence[Thing]]:
    """The things, so many at a time."""
    for first in range(0, len(things), size):
        yield things[first : first + size]
