"""The roll of liaisons (art. 2) in the books, and each case's liaison in the registry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A worker of the release before writes no liaison: while both run, its cases have an empty one.
    op.add_column("cases", sa.Column("liaison", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_cases_procuratorate_liaison", "cases", ["procuratorate", "liaison"])
    op.create_table(
        "designations",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("office", "number", name="pk_designations"),
    )
    standing = sa.text("until IS NULL")
    op.create_index(
        "uq_designations_standing",
        "designations",
        ["office"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
