"""The open deadlines of all cases: read in portions, to be counted again, and how many still stand under which edition.

Beside them those that were met, in cases on the desk, where a calendar may make another of their being on time or late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_

from activities.database import Database
from activities.registry import OPEN
from models.moves import OpenDeadline
from models.rows import FILED
from models.tables import Kept

_cases, _deadlines = Kept.metadata.tables["cases"], Kept.metadata.tables["deadlines"]
PORTION = 2000
"""So many rows are in memory at once."""
# Databases bound how many values a question may have.
_NAMED = 500


class Behind(NamedTuple):
    """What still stands under another edition: how many cases, how many deadlines."""

    cases: int
    deadlines: int


class OpenDeadlines:
    """Reads the registry. Every method raises Unreachable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def portions(self, *, not_under: str = "", size: int = PORTION) -> Iterator[list[OpenDeadline]]:
        """All of them by case and key, portion by portion; or those that were not counted under an edition.

        Each portion is a view of its own: cases go on in between.
        """
        after = ("", "")
        while portion := self.behind(after, not_under=not_under, limit=size):
            yield portion
            after = portion[-1].case, portion[-1].key

    def behind(self, after: tuple[str, str], *, not_under: str = "", limit: int) -> list[OpenDeadline]:
        """The next after a case and a key, with what it takes to count them again."""
        which: list[ColumnElement[bool]] = [_deadlines.c.state.in_(OPEN)]
        if not_under:
            which.append(_deadlines.c.edition != not_under)
        return self._next(after, which, limit)

    def editions_met_under(self) -> list[str]:
        """The editions by which those were last counted that were met, in cases on the desk."""
        on_desk = select(_cases.c.case).where(_cases.c.stage != FILED)
        wanted = select(_deadlines.c.edition).distinct()
        wanted = wanted.where(_deadlines.c.state == "met", _deadlines.c.case.in_(on_desk))
        with self._database.reading() as session:
            return sorted(session.connection().execute(wanted).scalars())

    def met(
        self, after: tuple[str, str], *, since: Mapping[str, date], limit: int = PORTION
    ) -> list[OpenDeadline]:
        """The next, in cases on the desk, of those that were met in the year of a day or later: the day of their edition."""
        if not since:
            return []
        met_on = _deadlines.c.met_on
        # One whose day is not known is written with both its ends.
        is_later = [
            and_(_deadlines.c.edition == edition, or_(met_on >= str(day.year), func.length(met_on) > 10))
            for edition, day in since.items()
        ]
        return self._next(
            after, [_deadlines.c.state == "met", _cases.c.stage != FILED, or_(*is_later)], limit
        )

    def portions_met(self, since: Mapping[str, date]) -> Iterator[list[OpenDeadline]]:
        """All of them, portion by portion."""
        after = ("", "")
        while portion := self.met(after, since=since):
            yield portion
            after = portion[-1].case, portion[-1].key

    def _next(
        self, after: tuple[str, str], which: Sequence[ColumnElement[bool]], limit: int
    ) -> list[OpenDeadline]:
        wanted = (
            select(
                *(_deadlines.c[name] for name in OpenDeadline._fields[:-3]),
                _cases.c.title,
                _cases.c.county_name,
                _cases.c.handler,
            )
            .join(_cases, _cases.c.case == _deadlines.c.case)
            .where(tuple_(_deadlines.c.case, _deadlines.c.key) > tuple_(*map(literal, after)), *which)
            .order_by(_deadlines.c.case, _deadlines.c.key)
            .limit(limit)
        )
        with self._database.reading() as session:
            return [OpenDeadline(*row) for row in session.connection().execute(wanted)]

    def still_behind(self, edition: str) -> Behind:
        """How many cases and deadlines do not stand under this edition yet."""
        wanted = select(func.count(_deadlines.c.case.distinct()), func.count()).where(
            _deadlines.c.state.in_(OPEN), _deadlines.c.edition != edition
        )
        with self._database.reading() as session:
            return Behind(*session.connection().execute(wanted).one())

    def lagging_among(self, edition: str, cases: Sequence[str]) -> dict[str, int]:
        """Those of these cases that do not stand under this edition yet, with how many deadlines each."""
        found: dict[str, int] = {}
        with self._database.reading() as session:
            connection = session.connection()
            for first in range(0, len(cases), _NAMED):
                wanted = (
                    select(_deadlines.c.case, func.count())
                    .where(
                        _deadlines.c.case.in_(cases[first : first + _NAMED]),
                        _deadlines.c.state.in_(OPEN),
                        _deadlines.c.edition != edition,
                    )
                    .group_by(_deadlines.c.case)
                )
                found.update((case, count) for case, count in connection.execute(wanted))
        return found


def cases_of(deadlines: Sequence[OpenDeadline]) -> list[str]:
    """Their cases, each once, in order."""
    return list(dict.fromkeys(each.case for each in deadlines))
