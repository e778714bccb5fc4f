"""The page of the day: an index of cases with papers to be sorted; for PostgreSQL of what is overdue and of what falls due soon;
and for SQLite, which keeps no statistics of its own, how many rows it finds of a case by either index of its id. With that it
takes the one that holds all that is asked, and reads no row of the cases that are not shown.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COLUMNS = sa.text("SELECT name FROM pragma_index_info('ix_cases_id')")


def upgrade() -> None:
    unmatched = sa.text("unmatched > 0")
    op.create_index(
        "ix_cases_unmatched",
        "cases",
        ["case", "handler", "county"],
        sqlite_where=unmatched,
        postgresql_where=unmatched,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ANALYZE alembic_version")  # makes the table of statistics where there is none
        of_an_id = " ".join(["100000", *["1"] * len(op.get_bind().execute(_COLUMNS).all())])
        known = sa.table("sqlite_stat1", *map(sa.column, ("tbl", "idx", "stat")))
        op.execute(known.delete().where(known.c.tbl == "cases"))
        op.bulk_insert(
            known,
            [
                {"tbl": "cases", "idx": "ix_cases_id", "stat": of_an_id},
                {"tbl": "cases", "idx": "sqlite_autoindex_cases_1", "stat": "100000 1"},
            ],
        )
        op.execute("ANALYZE sqlite_schema")  # reads them
        return
    named = ["case", "state", "ended", "due_on", "due_to", "key", "position"]
    op.create_index("ix_deadlines_overdue", "deadlines", named, postgresql_where=sa.text("is_overdue"))
    covered = ["rule", "case", "is_overdue", "due_on", "due_to", "key", "position", "party", "state", "ended"]
    op.create_index(
        "ix_deadlines_last_day",
        "deadlines",
        [sa.text("coalesce(due_on, due_to)"), *covered],
        postgresql_where=sa.text("ended = '' AND state IN ('running', 'expired')"),
    )
