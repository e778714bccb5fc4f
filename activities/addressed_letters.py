"""The letters of running cases that still wait on a body, with the periods that run for them: read from the registry's rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from activities.database import Database
from activities.registry import OPEN
from models.tables import Kept
from models.terms import LetterState, Substance

_cases, _letters, _deadlines = (Kept.metadata.tables[name] for name in ("cases", "letters", "deadlines"))


@dataclass(frozen=True, slots=True)
class RunningPeriod:
    """A period that runs for a letter, and the last day that it can fall due on."""

    key: str
    name: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class AddressedLetter:
    """A letter that waits on its recipient. `is_draft`: it has not gone out."""

    case: str
    title: str
    county_name: str
    handler: str
    letter: str
    type: str
    official_no: str
    recipient: str
    is_draft: bool
    periods: tuple[RunningPeriod, ...]


class AddressedLetters:
    """Reads the registry. Raises Unreachable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def to(
        self, code: str, names: Collection[str], *, but: tuple[str, str] | None = None
    ) -> list[AddressedLetter]:
        """The letters of cases that are not closed to the body of that code or one of these names, by case and letter.

        Drafts, and what is out and was not withdrawn, replaced or assessed as put right: after that nothing is expected of
        the body any more. Those that bear the code and name of `but` already are left out.
        """
        wanted = (
            select(_letters, _cases.c.title, _cases.c.county_name, _cases.c.handler)
            .join(_cases, _cases.c.case == _letters.c.case)
            .where(
                _cases.c.closed_on.is_(None),
                or_(_letters.c.recipient_code == code, _letters.c.recipient.in_(sorted(names))),
                _letters.c.state != LetterState.WITHDRAWN.value,
                _letters.c.replaced_by == "",
                _letters.c.substance != Substance.PUT_RIGHT.value,
            )
            .order_by(_letters.c.case, _letters.c.position)
        )
        if but is not None:
            wanted = wanted.where(or_(_letters.c.recipient_code != but[0], _letters.c.recipient != but[1]))
        with self._database.reading() as session:
            connection = session.connection()
            rows = connection.execute(wanted).mappings().all()
            periods: dict[tuple[str, str], list[RunningPeriod]] = {}
            for case in dict.fromkeys(row["case"] for row in rows):
                last = func.coalesce(_deadlines.c.due_on, _deadlines.c.due_to)
                running = select(_deadlines.c.letter, _deadlines.c.key, _deadlines.c.name, last).where(
                    _deadlines.c.case == case,
                    _deadlines.c.party != "",
                    _deadlines.c.state.in_(OPEN),
                    _deadlines.c.ended == "",
                )
                for letter, *period in connection.execute(running.order_by(_deadlines.c.position)):
                    periods.setdefault((case, letter), []).append(RunningPeriod(*period))
        return [
            AddressedLetter(
                case=row["case"],
                title=row["title"],
                county_name=row["county_name"],
                handler=row["handler"],
                letter=row["letter"],
                type=row["type"],
                official_no=row["official_no"] or row["internal_no"],
                recipient=row["recipient"],
                is_draft=row["issued_on"] is None,
                periods=tuple(periods.get((row["case"], row["letter"]), ())),
            )
            for row in rows
        ]
