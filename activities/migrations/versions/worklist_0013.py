"""The worklist, filled for the cases that are there; the indexes that the lists and the page of the day needed without it go."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.worklist import worklist

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_PORTION = 500
_WORDS = ("stage", "county", "handler")
_CASES = sa.table(
    "cases",
    *map(sa.column, ("case", *_WORDS)),
    sa.column("closed_on", sa.Date()),
    sa.column("is_focus", sa.Boolean()),
)
_LETTERS = sa.table(
    "letters",
    *map(sa.column, ("case", "letter", "position", "document", "type", "state", "served_on", "replaced_by")),
    sa.column("issued_on", sa.Date()),
)
_DEADLINES = sa.table(
    "deadlines",
    *map(sa.column, ("case", "key", "position", "rule", "party", "state", "ended")),
    sa.column("due_on", sa.Date()),
    sa.column("due_to", sa.Date()),
    sa.column("is_overdue", sa.Boolean()),
)
_FACTS = sa.table("facts", *map(sa.column, ("case", "id", "position", "how")))


def upgrade() -> None:
    made = op.create_table(
        "worklist",
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("on_desk", sa.Boolean(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("is_focus", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case", "what", "key", name="pk_worklist"),
        sa.ForeignKeyConstraint(["case"], ["cases.case"], name="fk_worklist_case", ondelete="CASCADE"),
    )
    focus_first: list[str | sa.TextClause] = ["what", "on_desk", "day", sa.text("is_focus DESC")]
    op.create_index(
        "ix_worklist_page", "worklist", [*focus_first, "case", "position", "county", "handler", "key"]
    )
    # A step to come that alters what this reads or writes empties the table, and fills it itself.
    _fill(op.get_bind(), made)
    op.drop_index("ix_cases_desk", "cases")
    op.drop_index("ix_cases_unmatched", "cases")
    op.drop_index("ix_letters_state", "letters")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_deadlines_overdue", "deadlines")
        op.drop_index("ix_deadlines_last_day", "deadlines")
    else:
        op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'cases'")


def _fill(connection: sa.Connection, made: sa.Table) -> None:
    """Write the lines of all cases from their rows, a portion of cases at a time."""
    names = connection.execute(sa.select(_CASES.c.case).order_by(_CASES.c.case)).scalars().all()
    for first in range(0, len(names), _PORTION):
        portion = names[first : first + _PORTION]
        parts = [_below(connection, table, portion) for table in (_LETTERS, _DEADLINES, _FACTS)]
        cases: Any = connection.execute(sa.select(_CASES).where(_CASES.c.case.in_(portion)))
        lines = [
            {"position": position, **row.__dict__}
            for case in cases
            for position, row in enumerate(worklist(case, *(each.get(case.case, ()) for each in parts)))
        ]
        if lines:
            connection.execute(made.insert(), lines)


def _below(connection: sa.Connection, table: sa.TableClause, cases: Any) -> dict[str, list[Any]]:
    """The rows of one table, by case and in their order."""
    found: dict[str, list[Any]] = {}
    asked = sa.select(table).where(table.c.case.in_(cases)).order_by(table.c.case, table.c.position)
    for row in connection.execute(asked):
        found.setdefault(row.case, []).append(row)
    return found
