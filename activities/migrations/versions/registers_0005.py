"""The registers: incoming papers under their numbers, who took a number out of use, and to whom a letter was copied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A worker of the release before writes neither column: while both run, they are empty.
    op.add_column("letters", _words("copies_to", server_default=""))
    op.add_column("numbers", _words("voided_by", server_default=""))
    op.create_table(
        "incoming",
        _words("key"),
        _words("case"),
        _words("county"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        _words("sender"),
        _words("kind"),
        _words("what"),
        _words("official_no"),
        _words("digest"),
        _words("name"),
        _words("message_id"),
        _words("entered_by"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_incoming"),
    )
    for column in ("digest", "message_id", "case"):
        op.create_index(f"ix_incoming_{column}", "incoming", [column])


def _words(name: str, server_default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=server_default)
