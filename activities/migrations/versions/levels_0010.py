"""How confidential each case is, in the rows and in the indexes that lists are read off."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A worker of the release before writes no such column, and knows no level: while both run, its cases have this value.
    level: sa.Column[Any] = sa.Column("level", sa.Text(), nullable=False, server_default="ordinary")
    op.add_column("cases", level)
    filtered = [
        "county",
        "kind",
        "stage",
        "handler",
        "closed_on",
        "is_overdue",
        "is_provisional",
        "unmatched",
        "level",
    ]
    for name in ("due", "opened", "id"):
        op.drop_index(f"ix_cases_{name}", "cases")
    due: list[str | sa.TextClause] = ["next_due_on", sa.text("is_focus DESC"), "case", *filtered]
    by_id = ["case", *filtered, "is_focus", "next_due_on"]
    op.create_index("ix_cases_due", "cases", due)
    opened: list[str | sa.TextClause] = [sa.text("opened_on DESC"), *by_id]
    op.create_index("ix_cases_opened", "cases", opened)
    op.create_index("ix_cases_id", "cases", by_id)
