"""The deadlines of all cases with their days, from the registry: what a calendar of due days is made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from activities.database import Database
from models.rows import CaseRow, DeadlineRow
from models.tables import Kept

_cases, _deadlines = (Kept.metadata.tables[name] for name in ("cases", "deadlines"))
_OPEN = ("running", "expired", "suspended")


class DatedRow(NamedTuple):
    """A deadline with its case, as last projected: the revision of the case's journal, and the start of the run that wrote it."""

    case: CaseRow
    deadline: DeadlineRow
    revision: int
    run_started_at: datetime


class DueDates:
    """Reads the registry. Raises Unreachable when it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(
        self, *, since: date, handler: str = "", county: str = "", case: str = ""
    ) -> tuple[DatedRow, ...]:
        """The deadlines that are open, and those with a last day since then that are not any more.

        Of the handler, of the county (by its code), of the case, where these are given; by last day (none last), case and key.
        """
        last = func.coalesce(_deadlines.c.due_on, _deadlines.c.due_to)
        wanted = [
            _cases.c[name] == value
            for name, value in (("handler", handler), ("county", county), ("case", case))
            if value
        ]
        is_open = _deadlines.c.state.in_(_OPEN)
        dated = (
            select(_cases, *(_deadlines.c[name].label(f"d_{name}") for name in DeadlineRow.model_fields))
            .join_from(_cases, _deadlines, _deadlines.c.case == _cases.c.case)
            .where(*wanted, _deadlines.c.started_on != "", or_(is_open, last >= since))
            .order_by(last.asc().nulls_last(), _cases.c.case, _deadlines.c.key)
        )
        with self._database.reading() as session:
            return tuple(_dated(row) for row in session.connection().execute(dated).mappings())


def _dated(row: Any) -> DatedRow:
    return DatedRow(
        CaseRow.model_construct(**{name: row[name] for name in CaseRow.model_fields}),
        DeadlineRow.model_construct(**{name: row[f"d_{name}"] for name in DeadlineRow.model_fields}),
        row["revision"],
        row["run_started_at"],
    )
