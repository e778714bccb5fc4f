"""Meetings, ties between cases, and who is to do an item by when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("owner", sa.Text(), nullable=False, server_default=""))
    op.add_column("items", sa.Column("due_on", sa.Date(), nullable=True))
    _part_of_case(
        "meetings",
        "meeting",
        _words("form"),
        _words("topic"),
        sa.Column("planned_on", sa.Date(), nullable=True),
        _words("held_on"),
        sa.Column("attended", sa.BigInteger(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        _words("cancelled"),
    )
    _part_of_case(
        "links",
        "other",
        _words("relation"),
        _words("linked_on"),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        _words("outcome"),
    )
    op.create_index("ix_links_other", "links", ["other"])


def _part_of_case(name: str, key: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        _words("case"),
        _words(key),
        sa.Column("position", sa.BigInteger(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("case", key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["case"], ["cases.case"], name=f"fk_{name}_case", ondelete="CASCADE"),
    )


def _words(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)
