"""The book of changes of agencies: adopted once for all workers, with who, when and why; nothing is ever taken out."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session

from activities.database import Database
from activities.publication_book import keep, published
from activities.published_years import AGENCIES
from models.agency_changes import AgencyChange, same_as
from models.bodies import Jurisdiction
from models.changed_jurisdiction import check_change
from models.errors import InputError


class AgencyBook:
    """Changes of agencies among the editions. Every method raises Unreachable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(self) -> tuple[AgencyChange, ...]:
        """All of them, by number. Refusal when one is not what was adopted."""
        with self._database.reading() as session:
            return _changes(session)

    def adopt(
        self, base: Jurisdiction, *, file: str, text: str, by: str, reason: str
    ) -> tuple[AgencyChange, bool]:
        """Adopt a change of what the jurisdiction file says; False beside a change in force that orders the same already.

        InputError with all that is wrong with it, given what was adopted until now.
        """
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.edition/{AGENCIES}")
            held = _changes(session)
            made = AgencyChange(len(held) + 1, file, text, by, reason, datetime.now(UTC))
            if (same := same_as(made, held)) is not None:
                return same, False
            if problems := check_change(base, held, made):
                raise InputError(problems)
            keep(session, AGENCIES, made)
        return made, True


def _changes(session: Session) -> tuple[AgencyChange, ...]:
    return tuple(map(AgencyChange.of, published(session, AGENCIES)))
