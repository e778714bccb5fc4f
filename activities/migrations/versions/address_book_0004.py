"""The address book: who is reached where, and who stands in; a notice on its way is to one recipient."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "addresses",
        _words("office"),
        _words("name"),
        _words("address"),
        _words("entered_by"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("office", "name", name="pk_addresses"),
    )
    op.create_table(
        "absences",
        _words("office"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        _words("person"),
        _words("deputy"),
        _words("entered_by"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("office", "since", name="pk_absences"),
    )
    # A worker of the release before writes none of the new columns: while both run, its notices have these values.
    op.add_column("deliveries", _words("address", server_default=""))
    op.add_column("deliveries", sa.Column("papers", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("deliveries", _words("channel", server_default="folder"))
    op.add_column("deliveries", sa.Column("down_since", sa.DateTime(timezone=True), nullable=True))
    digest: sa.Column[Any] = sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("deliveries", digest)
    op.add_column("deliveries", _words("within", server_default=""))
    _part_what_waits()


def _part_what_waits() -> None:
    """A notice to several that has not gone out becomes one for each of them."""
    connection = op.get_bind()
    deliveries = sa.Table("deliveries", sa.MetaData(), autoload_with=connection)
    waiting = sa.select(deliveries).where(deliveries.c.state != "sent")
    for row in connection.execute(waiting).mappings().all():
        names = row["to"] if isinstance(row["to"], list) else json.loads(row["to"])
        if len(names) < 2:
            continue
        connection.execute(deliveries.delete().where(deliveries.c.key == row["key"]))
        for name in names:
            parted: dict[str, Any] = {**row, "key": f"{row['key']}/{name}", "to": [name]}
            connection.execute(deliveries.insert(), parted)


def _words(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, **options)
