"""The registry: each case as rows, for lists, ledgers and statistics; made again from the cases at any time. How it is written;
the lists that are read from it stand in `case_lists`.

A projection has no key. The whole snapshot is written unless what is there is newer: a later revision, or a later
settling of the same revision, of the same run; or any of a run that began later. A worker killed after its commit
was seen to run again with other content; an activity may come late. Notices have keys, and are queued all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from activities import search_index
from activities.case_lists import CaseLists, case_row
from activities.database import Database
from activities.deliveries import queued_row
from models.notices import Notice
from models.rows import (
    FILED,
    DeadlineRow,
    FactRow,
    ItemRow,
    LetterRow,
    LinkRow,
    MeetingRow,
    PaperRow,
    Snapshot,
)
from models.tables import Kept
from models.tallies import Standing
from models.wire import Wire
from models.worklist import WorkRow, worklist

_cases, _deadlines, _deliveries = (
    Kept.metadata.tables[name] for name in ("cases", "deadlines", "deliveries")
)
# So many ids in one question: databases bound how many values it may have.
_PORTION = 500
OPEN = ("running", "expired")
"""The states of a deadline that is neither met nor ended nor stands still."""


class Registry(CaseLists):
    """The derived half of the database. Every method raises Unreachable when it does not answer."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        insert = postgresql.insert if database.is_postgresql else sqlite.insert
        case = insert(_cases)
        fresh = {column.name: case.excluded[column.name] for column in _cases.c if column.name != "case"}
        self._put_case = case.on_conflict_do_update(
            index_elements=["case"],
            set_=fresh,
            # A reset run often starts when the run it was forked from did, and its journal may be shorter.
            where=or_(
                and_(
                    _cases.c.run == case.excluded.run,
                    tuple_(_cases.c.revision, _cases.c.settling)
                    <= tuple_(case.excluded.revision, case.excluded.settling),
                ),
                and_(
                    _cases.c.run != case.excluded.run,
                    _cases.c.run_started_at <= case.excluded.run_started_at,
                ),
            ),
        ).returning(_cases.c.case)
        self._queue = insert(_deliveries).on_conflict_do_nothing(index_elements=["key"])

    def project(
        self,
        snapshot: Snapshot,
        *,
        run: str,
        run_started_at: datetime,
        settling: int = 0,
        notices: Sequence[Notice] = (),
    ) -> bool:
        """Write a snapshot and queue its notices in one transaction; False when the snapshot was too old.

        `run` is the workflow run, `run_started_at` the start of its first task (aware), `settling` counts the
        settlings of the run. Too old is an earlier revision of the same run, an earlier settling of the same
        revision (a count that took over a second may commit after the one that took its place), or any of a run
        that started earlier. Its notices are queued nevertheless, each
        once under its key. The same snapshot again changes nothing.
        """
        with self._database.writing() as session:
            connection = session.connection()
            case = {
                **snapshot.case.__dict__,
                "run": run,
                "run_started_at": run_started_at,
                "settling": settling,
                "revision": snapshot.revision,
            }
            # on PostgreSQL this also locks the case's row until the end, written or not: one projection at a time
            is_written = connection.execute(self._put_case, case).first() is not None
            if is_written:
                for part in _PARTS:
                    part.replace(connection, snapshot.case.case, getattr(snapshot, part.name))
                waits = worklist(snapshot.case, snapshot.letters, snapshot.deadlines, snapshot.facts)
                _WORKLIST.replace(connection, snapshot.case.case, waits)
                search_index.put(connection, snapshot)
            if notices:
                connection.execute(
                    self._queue, [queued_row(each) for notice in notices for each in notice.parted()]
                )
            return is_written

    def snapshot(self, case: str) -> Snapshot | None:
        """A case as it was last projected; None when it never was."""
        with self._database.reading() as session:
            connection = session.connection()
            row = connection.execute(select(_cases).where(_cases.c.case == case)).mappings().first()
            if row is None:
                return None
            parts: dict[str, Any] = {part.name: part.read(connection, case) for part in _PARTS}
            return Snapshot.model_construct(revision=row["revision"], case=case_row(row), **parts)

    def links(self, case: str) -> tuple[LinkRow, ...]:
        """The ties of a case that stand, as it was last projected; none for an unknown one."""
        with self._database.reading() as session:
            return _LINKS.read(session.connection(), case)

    def standings(self, cases: Sequence[str]) -> list[Standing]:
        """How many of these cases stand how, all at one moment; those that were never projected are left out."""
        alike = (_cases.c.outcome, _cases.c.is_overdue)
        found: Counter[tuple[str, bool]] = Counter()
        with self._database.reading() as session:
            connection = session.connection()
            for first in range(0, len(cases), _PORTION):
                portion = cases[first : first + _PORTION]
                counts = select(*alike, func.count()).where(_cases.c.case.in_(portion)).group_by(*alike)
                for outcome, is_overdue, number in connection.execute(counts):
                    found[outcome, is_overdue] += number
        return [Standing(*how, number) for how, number in sorted(found.items())]

    def of_liaisons(self, procuratorates: Sequence[str], liaisons: Collection[str]) -> list[str]:
        """The cases of these procuratorates, by their names, that are not filed away and whose liaison is one of these."""
        theirs = (
            select(_cases.c.case)
            .where(
                _cases.c.procuratorate.in_(procuratorates),
                _cases.c.liaison.in_(liaisons),
                _cases.c.stage != FILED,
            )
            .order_by(_cases.c.case)
        )
        with self._database.reading() as session:
            return list(session.connection().execute(theirs).scalars())

    def under_other_editions(self, edition: str, *, after: str = "", limit: int) -> list[str]:
        """Cases behind an id with an open deadline counted under another calendar edition than this."""
        lagging = (
            select(_cases.c.case)
            .where(
                _cases.c.case > after,
                exists().where(
                    _deadlines.c.case == _cases.c.case,
                    _deadlines.c.state.in_(OPEN),
                    _deadlines.c.edition != edition,
                ),
            )
            .order_by(_cases.c.case)
            .limit(limit)
        )
        with self._database.reading() as session:
            return list(session.connection().execute(lagging).scalars())


class _Part:
    """One kind of rows below a case: how they are read, and how exactly the difference is written."""

    def __init__(self, name: str, row: type[Wire], key: tuple[str, ...]) -> None:
        self.name = name
        self._row = row
        table = Kept.metadata.tables[name]
        fields = tuple(row.model_fields)
        self._columns = ("position", *fields)
        self._key = ("case", *key)
        self._fields_of = itemgetter(*fields)
        self._key_of = itemgetter(*(self._columns.index(each) for each in self._key))
        is_row = [table.c[each] == bindparam(f"the_{each}") for each in self._key]
        self._select = (
            select(*(table.c[each] for each in self._columns)).where(is_row[0]).order_by(table.c.position)
        )
        self._insert = table.insert()
        self._update = (
            update(table)
            .where(*is_row)
            .values({each: bindparam(each) for each in self._columns if each not in self._key})
        )
        self._delete = delete(table).where(*is_row)

    def read(self, connection: Connection, case: str) -> tuple[Any, ...]:
        """The rows of a case, in the order of its snapshot."""
        found = connection.execute(self._select, {"the_case": case}).all()
        return tuple(
            self._row.model_construct(**dict(zip(self._columns[1:], each[1:], strict=True))) for each in found
        )

    def replace(self, connection: Connection, case: str, rows: Sequence[Wire]) -> None:
        """Write what differs, and nothing else."""
        held = {
            self._key_of(found): tuple(found)
            for found in connection.execute(self._select, {"the_case": case}).all()
        }
        new, changed = [], []
        for position, row in enumerate(rows):
            values = (position, *self._fields_of(row.__dict__))
            key = self._key_of(values)
            was = held.pop(key, None)
            if was is None:
                new.append(dict(zip(self._columns, values, strict=True)))
            elif was != values:
                changed.append(dict(zip(self._columns, values, strict=True)) | self._named(key))
        if held:
            connection.execute(self._delete, [self._named(key) for key in held])
        if changed:
            connection.execute(self._update, changed)
        if new:
            connection.execute(self._insert, new)

    def _named(self, key: tuple[str, ...]) -> dict[str, Any]:
        return {f"the_{name}": each for name, each in zip(self._key, key, strict=True)}


_LINKS = _Part("links", LinkRow, ("other",))
_PARTS = (
    _Part("letters", LetterRow, ("letter",)),
    _Part("deadlines", DeadlineRow, ("key",)),
    _Part("items", ItemRow, ("item",)),
    _Part("meetings", MeetingRow, ("meeting",)),
    _LINKS,
    _Part("papers", PaperRow, ("direction", "order")),
    _Part("facts", FactRow, ("id",)),
)
_WORKLIST = _Part("worklist", WorkRow, ("what", "key"))
"""Follows from the others, and is not of the snapshot."""
