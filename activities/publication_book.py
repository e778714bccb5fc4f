"""The books of published years, of adopted rules and templates: once for all workers, with who, when and why; nothing is ever
taken out.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlmodel import Session, col, select

from activities.database import Database
from activities.published_years import ADOPTION, KIND, TEMPLATES, digest_of, read
from models.adoptions import SiteRules, against, read_adoption
from models.errors import InputError
from models.publications import Publication, in_force
from models.site_templates import Templates
from models.tables import EditionTable
from models.year_files import read_year


class PublicationBook:
    """Published years, adopted rules and templates among the editions of the books.

    Every method raises Unreachable when the database does not answer.
    """

    _database: Database

    def publish_year(self, *, file: str, text: str, by: str, reason: str) -> tuple[Publication, bool]:
        """Publish a year's arrangement; False beside the one in force when that says the same already.

        InputError for a text that is no right year file.
        """
        year = read_year(text, file=file)
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.edition/{KIND}")
            held = published(session, KIND)
            for each in in_force(held):
                if each.year.year == year.year and each.year.digest() == year.digest():
                    return each, False
            made = Publication(len(held) + 1, file, text, by, reason, datetime.now(UTC))
            keep(session, KIND, made)
        return made, True

    def publications(self) -> tuple[Publication, ...]:
        """All of them, in their order. Refusal when one is not what was published."""
        with self._database.reading() as session:
            return published(session, KIND)

    def adopt_rules(
        self, *, file: str, text: str, by: str, reason: str, today: date
    ) -> tuple[Publication, bool]:
        """Adopt new versions of rules; False beside the last adoption when that says the same already.

        InputError for a text that is no right file, or that does not follow what was adopted.
        """
        versions = read_adoption(text, file=file)
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.edition/{ADOPTION}")
            held = published(session, ADOPTION)
            if held and read_adoption(held[-1].text, file=held[-1].file) == versions:
                return held[-1], False
            if problems := against(versions, SiteRules(held), today, file=file):
                raise InputError(problems)
            made = Publication(len(held) + 1, file, text, by, reason, datetime.now(UTC))
            keep(session, ADOPTION, made)
        return made, True

    def adopt_templates(
        self, templates: Templates, *, folder: str, by: str, reason: str
    ) -> tuple[Publication, bool]:
        """Adopt templates; False beside the last adoption when that says the same already."""
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.edition/{TEMPLATES}")
            held = published(session, TEMPLATES)
            if held and held[-1].text == templates.kept():
                return held[-1], False
            made = Publication(len(held) + 1, folder, templates.kept(), by, reason, datetime.now(UTC))
            keep(session, TEMPLATES, made)
        return made, True

    def template_adoptions(self) -> tuple[Publication, ...]:
        """All of them, in their order. Refusal when one is not what was adopted."""
        with self._database.reading() as session:
            return published(session, TEMPLATES)

    def adoptions(self) -> tuple[Publication, ...]:
        """All of them, in their order. Refusal when one is not what was adopted."""
        with self._database.reading() as session:
            return published(session, ADOPTION)


def keep(session: Session, kind: str, made: Publication) -> None:
    """Enter a file among those of its kind."""
    kept = made.kept()
    session.add(
        EditionTable(kind=kind, name=made.name, digest=digest_of(kept), text=kept, published_at=made.at)
    )


def published(session: Session, kind: str) -> tuple[Publication, ...]:
    """Those of a kind, in their order. Refusal when one is not what was published."""
    wanted = select(EditionTable).where(EditionTable.kind == kind).order_by(col(EditionTable.name))
    return tuple(read(row.name, row.text, row.digest, row.published_at) for row in session.exec(wanted))
