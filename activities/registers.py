"""发文簿: every number that was given to a paper of ours, with what the registry knows of the letters that bear it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from activities.database import Database
from activities.numbers import Number, NumberBook
from models.tables import LetterTable

# So many ids in one question: databases bound how many values it may have.
_PORTION = 500
_OF_LETTER = re.compile(r"(L\d+)-.+")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One number of the register.

    `letters` are those that bear it, one for each recipient; `about` is the letter to which it belongs otherwise (a 督促函, say);
    an internal paper has neither.
    """

    number: Number
    case: str
    letters: tuple[LetterTable, ...] = ()
    about: LetterTable | None = None

    @property
    def in_force(self) -> list[LetterTable]:
        """The letters under this number that are out, and neither withdrawn nor replaced."""
        return [
            each
            for each in self.letters
            if each.issued_on is not None and each.state != "withdrawn" and not each.replaced_by
        ]


class OutgoingRegister:
    """The register of outgoing papers, read from books and registry at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, *, county: str = "", kind: str = "", year: int | None = None) -> list[Outgoing]:
        """The register in order, void numbers included. Unreachable when the database does not answer."""
        return self._with_letters(NumberBook(self._database).numbers(county=county, kind=kind, year=year))

    def line(self, key: str) -> Outgoing | None:
        """The line of a key, or of a number as papers bear it; None when there is none."""
        numbers = NumberBook(self._database).numbers()
        found = [each for each in numbers if key in (each.key, str(each))]
        return self._with_letters(found)[0] if found else None

    def _with_letters(self, numbers: list[Number]) -> list[Outgoing]:
        with self._database.reading() as session:
            letters = _letters(session, {each.key.partition("/")[0] for each in numbers})
        return [_line(each, letters) for each in numbers]


def _letters(session: Session, cases: Iterable[str]) -> dict[str, list[LetterTable]]:
    wanted, found = sorted(cases), dict[str, list[LetterTable]]()
    for first in range(0, len(wanted), _PORTION):
        portion = wanted[first : first + _PORTION]
        asked = select(LetterTable).where(col(LetterTable.case).in_(portion))
        for row in session.exec(asked.order_by(col(LetterTable.case), col(LetterTable.position))):
            found.setdefault(row.case, []).append(row)
    return found


def _line(number: Number, letters: dict[str, list[LetterTable]]) -> Outgoing:
    case, _, document = number.key.partition("/")
    held = letters.get(case, [])
    bearing = tuple(each for each in held if each.document == document)
    step = _OF_LETTER.fullmatch(document)
    about = next((each for each in held if step is not None and each.letter == step[1]), None)
    return Outgoing(number, case, bearing, about)
