"""The roll of liaisons (art. 2) in the books: who was designated, from which day, until which, and who entered it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from activities.database import Database
from models.bodies import Body
from models.roll import Designation, Placing, Roll, designate, release
from models.tables import DesignationTable

_LOCK = "mingjian.liaisons"


class RollBook:
    """The roll. Every method raises Unreachable when the database does not answer.

    What is allowed is said by `models.roll`, and asked under one lock for the whole roll: of two who designate for an office
    at once, the second is judged by what the first entered.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def designations(self, *, office: str = "") -> list[Designation]:
        """All that was ever entered, or of one office, by office and in order of entering."""
        with self._database.reading() as session:
            return self.read(session, office)

    @staticmethod
    def read(session: Session, office: str = "") -> list[Designation]:
        """The same within a transaction."""
        return [_designation(row) for row in _rows(session, office)]

    def designate(self, new: Sequence[Designation], placed: Placing | None = None) -> Roll:
        """Enter designations, all of them or none, each ending the one before it.

        Refusal with all that is wrong, placed by `placed`; one that is on the roll already is not entered twice.
        """
        with self._database.writing() as session:
            self._database.lock(session, _LOCK)
            rows = _rows(session)
            before = [_designation(row) for row in rows]
            after = designate(before, new, placed) if placed else designate(before, new)
            _write(session, rows, after)
            return after

    def release(self, office: Body, on: date, by: str, at: datetime) -> Roll:
        """Enter the last day of an office's liaison; Refusal when there is none, or the day lies before the first."""
        with self._database.writing() as session:
            self._database.lock(session, _LOCK)
            rows = _rows(session)
            after = release([_designation(row) for row in rows], office, on, by, at)
            _write(session, rows, after)
            return after


def _rows(session: Session, office: str = "") -> list[DesignationTable]:
    wanted = select(DesignationTable)
    if office:
        wanted = wanted.where(DesignationTable.office == office)
    wanted = wanted.order_by(col(DesignationTable.office), col(DesignationTable.number))
    return list(session.exec(wanted))


def _designation(row: DesignationTable) -> Designation:
    return Designation.model_validate(row.model_dump(exclude={"number"}))


def _write(session: Session, rows: Sequence[DesignationTable], after: Roll) -> None:
    """The ends first: until they are written, the database knows a liaison whom the new one would be beside."""
    for row, now in zip(rows, after.designations, strict=False):
        if row.until != now.until:
            row.until, row.ended_by, row.ended_at = now.until, now.ended_by, now.ended_at
    session.flush()
    numbers = Counter(row.office for row in rows)
    for each in after.designations[len(rows) :]:
        numbers[each.office] += 1
        session.add(DesignationTable(**each.model_dump(), number=numbers[each.office]))
