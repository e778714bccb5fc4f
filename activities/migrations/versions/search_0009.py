"""The index of `mingjian search`, filled for the cases that are there; the indexes by which lists of many cases are quick."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from activities import search_index

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_texts",
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case", name="pk_search_texts"),
        sa.ForeignKeyConstraint(["case"], ["cases.case"], name="fk_search_texts_case", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_grams",
        sa.Column("gram", sa.BigInteger(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "case", name="pk_search_grams"),
        sqlite_with_rowid=False,
    )
    _index_lists()
    # A step to come that alters what this reads or writes empties both tables, and fills them itself.
    search_index.fill(op.get_bind())


def _index_lists() -> None:
    filtered = [
        "county",
        "kind",
        "stage",
        "handler",
        "closed_on",
        "is_overdue",
        "is_provisional",
        "unmatched",
    ]
    due: list[str | sa.TextClause] = ["next_due_on", sa.text("is_focus DESC"), "case", *filtered]
    by_id = ["case", *filtered, "is_focus", "next_due_on"]
    op.drop_index("ix_cases_next_due_on", "cases")
    op.create_index("ix_cases_due", "cases", due)
    opened: list[str | sa.TextClause] = [sa.text("opened_on DESC"), *by_id]
    op.create_index("ix_cases_opened", "cases", opened)
    op.create_index("ix_cases_id", "cases", by_id)
    op.create_index("ix_letters_state", "letters", ["state", "case", "type", "served_on", "replaced_by"])
    op.create_index("ix_letters_recipient_code_case", "letters", ["recipient_code", "case"])
    op.create_index("ix_letters_recipient_case", "letters", ["recipient", "case"])
    unmet = ["state", "rule", "case", "ended", "due_on", "due_to", "is_overdue", "edition"]
    op.create_index("ix_deadlines_state", "deadlines", unmet)
