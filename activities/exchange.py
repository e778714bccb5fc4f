"""第二条 定期通报: what the registry has on a place and a period, gathered for a circular."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from sqlalchemy import and_, func, or_, select
from temporalio import activity

from activities.database import Database
from activities.places import within
from models.exchange_figures import (
    ASKING,
    CASEWORK,
    COPY,
    REPLIES,
    CaseLine,
    DueLine,
    LetterLine,
    Lines,
    figures,
)
from models.said.liaison import FiguresGathered, FiguresOrder
from models.tables import Kept
from models.tasks import Task

_cases, _letters, _deadlines = (Kept.metadata.tables[name] for name in ("cases", "letters", "deadlines"))


class Rows(Protocol):
    """Where the lines of a place and a period come from."""

    def lines(self, place: str, first: date, last: date) -> Lines:
        """What there is on a place (行政区划码; a city with its counties) from the first to the last day."""
        ...


class ExchangeRoom:
    """Gathers the figures that two offices tell each other."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    # Not interrupted, for the reason given at `SettlingRoom.settle`.
    @activity.defn(name=Task.GATHER_FIGURES.value, no_thread_cancel_exception=True)
    def gather(self, order: FiguresOrder) -> FiguresGathered:
        """The figures of each county, as the registry has them now; asking again changes nothing."""
        first, last = order.first_day, order.last_day
        return FiguresGathered(
            id=f"{order.order}/gathered",
            order=order.order,
            figures=figures(self._rows.lines(order.place, first, last), first, last),
        )


class RegistryRows:
    """The lines out of the registry, SQLite or PostgreSQL. Every method raises Unreachable when it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, place: str, first: date, last: date) -> Lines:
        """The rows of the casework of a place: in one view, so that they are of one moment."""
        of_place = and_(within(place), _cases.c.kind.in_([each.value for each in CASEWORK]))
        where = (_cases.c.county, _cases.c.county_name)
        cases = select(*where, _cases.c.opened_on, _cases.c.closed_on).where(
            of_place, or_(_cases.c.opened_on.between(first, last), _cases.c.closed_on.between(first, last))
        )
        letters = (
            select(*where)
            .join_from(_letters, _cases, _letters.c.case == _cases.c.case)
            .where(
                of_place,
                _letters.c.type.in_([each.value for each in ASKING]),
                _letters.c.issued_on.between(first, last),
            )
        )
        due_on = func.coalesce(_deadlines.c.due_on, _deadlines.c.due_to, type_=_deadlines.c.due_on.type)
        due = (
            select(
                *where,
                _deadlines.c.case,
                _deadlines.c.rule,
                due_on,
                _deadlines.c.met_on,
                _deadlines.c.days_late,
                _deadlines.c.ended,
                _deadlines.c.is_overdue,
                func.coalesce(_letters.c.type, ""),
                func.coalesce(_letters.c.substance, ""),
                _deadlines.c.ledger,
            )
            .join_from(_deadlines, _cases, _deadlines.c.case == _cases.c.case)
            .outerjoin(
                _letters,
                and_(_letters.c.case == _deadlines.c.case, _letters.c.letter == _deadlines.c.letter),
            )
            .where(
                of_place,
                _deadlines.c.rule.in_((*REPLIES, COPY)),
                due_on <= last,
                # What fell due before the period matters only if it may have stood overdue at its end.
                or_(due_on >= first, _deadlines.c.met_on == "", _deadlines.c.met_on > str(last)),
            )
        )
        with self._database.reading() as session:
            connection = session.connection()
            return Lines(
                cases=[CaseLine(*row) for row in connection.execute(cases)],
                letters=[LetterLine(*row) for row in connection.execute(letters)],
                due=[DueLine(*row) for row in connection.execute(due)],
            )
