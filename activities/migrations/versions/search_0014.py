"""Four digits in a row are in the index of `mingjian search`, which is made anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from activities import search_index

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("search_texts", "search_grams"):
        op.execute(sa.table(name).delete())
    # A step to come that alters what this reads or writes empties both tables, and fills them itself.
    search_index.fill(op.get_bind())
