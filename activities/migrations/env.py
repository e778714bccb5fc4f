"""Alembic's way in: it joins the transaction of `Database.migrate`, so an upgrade is whole or not at all."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from models.tables import Kept


def plain(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Our own column types are written into a migration as what the database knows: they may change later."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Kept.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain,
)
context.run_migrations()
