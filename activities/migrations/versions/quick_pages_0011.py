"""The indexes by which the page of the day is quick: what it asks of letters, periods, incoming papers and mails."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    on_desk = sa.text("stage <> 'archived'")
    op.create_index(
        "ix_cases_desk",
        "cases",
        ["case", "handler", "county", "is_focus"],
        sqlite_where=on_desk,
        postgresql_where=on_desk,
    )
    op.drop_index("ix_letters_state", "letters")
    letters = ["state", "case", "type", "served_on", "replaced_by"]
    op.create_index("ix_letters_state", "letters", [*letters, "issued_on", "letter", "document", "position"])
    op.drop_index("ix_deadlines_state", "deadlines")
    deadlines = ["state", "rule", "case", "ended", "due_on", "due_to", "is_overdue", "edition"]
    op.create_index("ix_deadlines_state", "deadlines", [*deadlines, "party", "key", "position"])
    op.create_index("ix_incoming_received_on", "incoming", ["received_on"])
    op.create_index("ix_incoming_entered_at", "incoming", ["entered_at"])
    op.create_index("ix_deliveries_on", "deliveries", ["on"])
    carries = sa.text("within <> ''")
    op.create_index(
        "ix_deliveries_within", "deliveries", ["within"], sqlite_where=carries, postgresql_where=carries
    )
