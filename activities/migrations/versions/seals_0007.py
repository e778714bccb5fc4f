"""The book of seals, and what was put back into a case, from where and by whom."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seals",
        *(_words(name) for name in ("folder", "case", "voucher", "head", "run", "program")),
        _moment("sealed_at"),
        sa.PrimaryKeyConstraint("folder", name="pk_seals"),
    )
    op.create_index("ix_seals_case", "seals", ["case"])
    op.create_table(
        "repairs",
        _words("case"),
        _moment("at"),
        sa.Column("place", sa.Integer(), nullable=False),
        *(_words(name) for name in ("what", "source", "by")),
        sa.PrimaryKeyConstraint("case", "at", "place", name="pk_repairs"),
    )


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
