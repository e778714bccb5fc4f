"""The indexes by which PostgreSQL finds for the page of the day what is overdue, and what falls due in a few days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
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
