"""The book of published years: a calendar published once for all workers, with who, when and why; nothing is ever taken out."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session, col, select

from activities.database import Database
from activities.published_years import KIND, digest_of, read
from models.publications import Publication, in_force
from models.tables import EditionTable
from models.year_files import read_year


class YearBook:
    """Published years among the editions of the books. Every method raises Unreachable when the database does not answer."""

    _database: Database

    def publish_year(self, *, file: str, text: str, by: str, reason: str) -> tuple[Publication, bool]:
        """Publish a year's arrangement; False beside the one in force when that says the same already.

        InputError for a text that is no right year file.
        """
        year = read_year(text, file=file)
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.edition/{KIND}")
            held = _published(session)
            for each in in_force(held):
                if each.year.year == year.year and each.year.digest() == year.digest():
                    return each, False
            made = Publication(len(held) + 1, file, text, by, reason, datetime.now(UTC))
            kept = made.kept()
            session.add(
                EditionTable(
                    kind=KIND, name=made.name, digest=digest_of(kept), text=kept, published_at=made.at
                )
            )
        return made, True

    def publications(self) -> tuple[Publication, ...]:
        """All of them, in their order. Refusal when one is not what was published."""
        with self._database.reading() as session:
            return _published(session)


def _published(session: Session) -> tuple[Publication, ...]:
    wanted = select(EditionTable).where(EditionTable.kind == KIND).order_by(col(EditionTable.name))
    return tuple(read(row.name, row.text, row.digest, row.published_at) for row in session.exec(wanted))
