"""The rows that a report is counted from, case by case, in portions: the whole registry is never in memory.

Each portion is one view, so that the rows of a case fit together, and is let go before the next: a reader that stayed would keep
every writer of a SQLite file waiting. A case that is projected meanwhile is read as it was or as it is, and once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, select

from activities.database import Database
from activities.places import within
from models.reporting.entries import FACTS_READ, RULES_READ
from models.reporting.lines import (
    APPLIED,
    CaseLine,
    CaseLines,
    DeadlineLine,
    FactLine,
    ItemLine,
    LetterLine,
    MeetingLine,
)
from models.tables import Kept

_cases, _deadlines, _facts = (Kept.metadata.tables[name] for name in ("cases", "deadlines", "facts"))
# So many cases in one question: databases bound how many values it may have.
_PORTION = 500

_Line = TypeVar("_Line", LetterLine, DeadlineLine, ItemLine, MeetingLine, FactLine)


class CaseReader:
    """Reads cases out of the registry, SQLite or PostgreSQL. Raises Unreachable when it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cases(self, place: str) -> Iterator[CaseLines]:
        """Every case of a place (行政区划码; a city with its counties), by its id."""
        after = ""
        asked = (
            select(*(_cases.c[name] for name in CaseLine._fields))
            .where(within(place), _cases.c.case > bindparam("after"))
            .order_by(_cases.c.case)
            .limit(_PORTION)
        )
        while True:
            with self._database.reading() as session:
                connection = session.connection()
                found = [CaseLine(*row) for row in connection.execute(asked, {"after": after})]
                portion = list(_with_rows(connection, found))
            yield from portion
            if len(found) < _PORTION:
                return
            after = found[-1].case


def _with_rows(connection: Connection, found: list[CaseLine]) -> Iterator[CaseLines]:
    ids = [each.case for each in found]
    letters = _of_cases(connection, "letters", LetterLine, ids)
    deadlines = _of_cases(connection, "deadlines", DeadlineLine, ids, _deadlines.c.rule.in_(RULES_READ))
    items = _of_cases(connection, "items", ItemLine, ids)
    meetings = _of_cases(connection, "meetings", MeetingLine, ids)
    facts = _of_cases(
        connection, "facts", FactLine, ids, _facts.c.kind.in_(FACTS_READ), _facts.c.how == APPLIED
    )
    for case in found:
        yield CaseLines(
            case,
            tuple(letters.get(case.case, ())),
            tuple(deadlines.get(case.case, ())),
            tuple(items.get(case.case, ())),
            tuple(meetings.get(case.case, ())),
            tuple(facts.get(case.case, ())),
        )


def _of_cases(
    connection: Connection, table: str, line: type[_Line], cases: list[str], *which: Any
) -> dict[str, list[_Line]]:
    held = Kept.metadata.tables[table]
    asked = (
        select(held.c.case, *(held.c[name] for name in line._fields))
        .where(held.c.case.in_(cases), *which)
        .order_by(held.c.case, held.c.position)
    )
    found: dict[str, list[_Line]] = defaultdict(list)
    for case, *values in connection.execute(asked):
        found[case].append(line(*values))
    return found
