"""Emptying the registry, so that it can be made again; which rebuild is under way. The books are never touched."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from activities import search_index
from activities.database import Database
from models.rows import FILED
from models.tables import CaseTable, RebuildTable

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild that was begun and has not come to its end; `kept`: the cases whose rows it left as they were."""

    by: str
    begun_at: datetime
    kept: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """Of which run a case's rows are, and whether they are those of a case that was filed away."""

    run: str
    is_filed: bool


class Rebuilds:
    """The registry as a whole. Every method raises Unreachable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unfinished(self) -> Rebuild | None:
        """The rebuild that is under way, if one is."""
        with self._database.reading() as session:
            found = _unfinished(session)
            if not found:
                return None
            last = found[-1]
            return Rebuild(last.by, last.begun_at, frozenset(last.kept))

    def rows(self) -> dict[str, Row]:
        """Every case of the registry."""
        columns = col(CaseTable.case), col(CaseTable.run), col(CaseTable.stage)
        with self._database.reading() as session:
            found = session.connection().execute(select(*columns)).all()
        return {case: Row(run, stage == FILED) for case, run, stage in found}

    def begin(self, by: str, cases: Collection[str]) -> None:
        """Take the rows of these cases out and enter who has the registry made again, in one transaction.

        The others keep theirs: nothing could bring them back, or they were opened just now.
        """
        now = datetime.now(UTC)
        with self._database.writing() as session:
            self._database.lock(session, "mingjian.rebuild")
            for former in _unfinished(session):
                former.ended_at = now
            connection = session.connection()
            _take_out(connection, cases)
            kept = sorted(connection.execute(select(col(CaseTable.case))).scalars())
            session.add(RebuildTable(begun_at=now, by=by, kept=kept, ended_at=None))

    def take_out(self, case: str) -> None:
        """Take the rows of one case out, so that it can be projected again whatever they said."""
        with self._database.writing() as session:
            self._database.lock(session, "mingjian.rebuild")
            _take_out(session.connection(), {case})

    def end(self) -> None:
        """Nothing is left to do."""
        with self._database.writing() as session:
            for each in _unfinished(session):
                each.ended_at = datetime.now(UTC)


def _take_out(connection: Connection, cases: Collection[str]) -> None:
    going = sorted(cases)
    for first in range(0, len(going), _PORTION):
        # What lies below a case goes with it.
        portion = going[first : first + _PORTION]
        search_index.forget(connection, portion)
        connection.execute(delete(CaseTable).where(col(CaseTable.case).in_(portion)))


def _unfinished(session: Session) -> list[RebuildTable]:
    unfinished = select_rows(RebuildTable).where(col(RebuildTable.ended_at).is_(None))
    return list(session.exec(unfinished.order_by(col(RebuildTable.begun_at))))
