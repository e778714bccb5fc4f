"""Books and registry, as they began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _registry()
    _books()


def _registry() -> None:
    op.create_table(
        "cases",
        _words("case"),
        _words("kind"),
        _words("stage"),
        _words("title"),
        _words("county"),
        _words("county_name"),
        _words("procuratorate"),
        _words("matter"),
        _flag("is_focus"),
        _words("handler"),
        _words("place"),
        sa.Column("opened_on", sa.Date(), nullable=False),
        _day("closed_on"),
        _words("outcome"),
        _day("next_due_on"),
        _flag("is_overdue"),
        _flag("is_provisional"),
        _amount("unmatched"),
        _words("edition"),
        _words("run"),
        sa.Column("run_started_at", sa.DateTime(timezone=True), nullable=False),
        _amount("revision"),
        _amount("settling"),
        sa.PrimaryKeyConstraint("case", name="pk_cases"),
    )
    op.create_index("ix_cases_next_due_on", "cases", ["next_due_on"])
    op.create_index("ix_cases_county_kind_stage", "cases", ["county", "kind", "stage"])
    _part_of_case(
        "letters",
        ["letter"],
        _words("document"),
        _words("type"),
        _words("recipient"),
        _words("recipient_code"),
        _words("state"),
        _words("official_no"),
        _words("internal_no"),
        _day("issued_on"),
        _words("served_on"),
        _flag("served_presumed"),
        _words("replied_on"),
        _amount("replies"),
        _words("substance"),
        _amount("urged"),
        _words("rungs"),
        _words("replaced_by"),
    )
    _part_of_case(
        "deadlines",
        ["key"],
        _words("rule"),
        _words("letter"),
        _words("party"),
        _words("state"),
        _words("ended"),
        _words("name"),
        _words("basis"),
        _words("owner"),
        _words("started_on"),
        _day("due_on"),
        _day("due_from"),
        _day("due_to"),
        _flag("provisional"),
        _flag("in_force"),
        _flag("is_overdue"),
        _words("edition"),
        _words("met_on"),
        sa.Column("days_late", sa.Integer(), nullable=True),
        _words("ledger"),
    )
    _part_of_case(
        "items",
        ["item"],
        _words("what"),
        _words("kind"),
        _words("state"),
        _words("next_milestone"),
        sa.Column("area_m2", sa.Float(), nullable=True),
    )
    _part_of_case(
        "papers",
        ["direction", "order"],
        _words("name"),
        _words("digest"),
        _amount("size"),
        _words("media_type"),
    )
    _part_of_case(
        "facts",
        ["id"],
        _amount("seq"),
        _words("kind"),
        _words("happened_on"),
        _words("recorded_by"),
        _words("role"),
        _words("how"),
        _words("what"),
    )


def _books() -> None:
    op.create_table(
        "numbers",
        _words("book"),
        _words("county"),
        _words("kind"),
        sa.Column("year", sa.Integer(), nullable=False),
        _amount("number"),
        _words("key"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        _moment("voided_at"),
        _words("void_reason"),
        sa.PrimaryKeyConstraint("book", "county", "kind", "year", "number", name="pk_numbers"),
        sa.UniqueConstraint("book", "key", name="uq_numbers_book_key"),
    )
    op.create_table(
        "official_numbers",
        _words("issuer"),
        _words("document_type"),
        sa.Column("year", sa.Integer(), nullable=False),
        _words("matched"),
        _words("owner_key"),
        _words("number"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        _moment("released_at"),
        _words("release_reason"),
        sa.PrimaryKeyConstraint(
            "issuer", "document_type", "year", "matched", "owner_key", name="pk_official_numbers"
        ),
    )
    held = sa.text("released_at IS NULL")
    op.create_index(
        "uq_official_numbers_held",
        "official_numbers",
        ["issuer", "document_type", "year", "matched"],
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )
    op.create_table(
        "deliveries",
        _words("key"),
        _words("case"),
        sa.Column("to", sa.JSON(), nullable=False),
        _words("subject"),
        _words("body"),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _words("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _words("last_error"),
        _moment("try_after"),
        _words("message_id"),
        _moment("sent_at"),
        _flag("possibly_twice"),
        sa.PrimaryKeyConstraint("key", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_state_at", "deliveries", ["state", "at"])
    op.create_table(
        "intake",
        _words("id"),
        _words("case"),
        _words("name"),
        _words("content"),
        _words("paper"),
        _words("paper_name"),
        _words("why"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _words("received_by"),
        _moment("sorted_at"),
        _words("sorted_by"),
        _words("went_to"),
        _words("note"),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
    )
    op.create_table(
        "editions",
        _words("kind"),
        _words("name"),
        _words("digest"),
        _words("text"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_editions"),
    )


def _part_of_case(name: str, key: list[str], *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        _words("case"),
        *(_words(column) for column in key),
        _amount("position"),
        *columns,
        sa.PrimaryKeyConstraint("case", *key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["case"], ["cases.case"], name=f"fk_{name}_case", ondelete="CASCADE"),
    )


def _words(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def _amount(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=True)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)
