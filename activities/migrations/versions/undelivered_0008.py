"""Of a mail that was refused or came back: whether its case knows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A worker of the release before writes no such column: while both run, its mails have this value.
    told: sa.Column[Any] = sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("deliveries", told)
