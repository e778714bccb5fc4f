"""The registry's rows of one case as they are held, every column, to be compared with what they should be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from activities.database import Database
from models.row_differences import KEYS
from models.rows import Snapshot
from models.tables import Kept

_SETTLING = "settling"
"""Counts the projections of a run, and begins again at 0 when the registry is made again: it says nothing of the case."""


class HeldRows:
    """Reads rows. Every method raises Unreachable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, case: str) -> dict[str, list[dict[str, Any]]] | None:
        """Every row of a case by its table, in the order of their positions; None when it has none."""
        with self._database.reading() as session:
            connection = session.connection()
            held: dict[str, list[dict[str, Any]]] = {}
            for name in ("cases", *KEYS):
                table = Kept.metadata.tables[name]
                wanted = select(table).where(table.c.case == case)
                if name != "cases":
                    wanted = wanted.order_by(table.c.position)
                held[name] = [_row(each) for each in connection.execute(wanted).mappings()]
        return held if held["cases"] else None


def expected_rows(
    snapshot: Snapshot, *, run: str, run_started_at: datetime | None
) -> dict[str, list[dict[str, Any]]]:
    """The rows that a snapshot of a run makes; the start of the run is left out where it is not known."""
    case = {**snapshot.case.__dict__, "run": run, "revision": snapshot.revision}
    if run_started_at is not None:
        case["run_started_at"] = run_started_at
    below = {
        name: [{"position": position, **row.__dict__} for position, row in enumerate(getattr(snapshot, name))]
        for name in KEYS
    }
    return {"cases": [case], **below}


def _row(held: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _aware(value) for name, value in held.items() if name != _SETTLING}


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
