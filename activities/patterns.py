"""The registry asked for like cases: whom each case of a period urges, and how that body has met it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, exists, select

from activities.database import Database
from models.document_types import DocumentType
from models.patterns import LikeCase
from models.tables import Kept
from models.terms import CaseKind, LetterState, Matter, Relation, Substance

_cases, _letters, _deadlines, _links = (
    Kept.metadata.tables[name] for name in ("cases", "letters", "deadlines", "links")
)

URGING = (
    DocumentType.NOTIFICATION_LETTER,
    DocumentType.SUGGESTION,
    DocumentType.PRE_SUIT_SUGGESTION,
)
"""The letters by which one case urges one body; a 类案检察建议 is what may come of them."""

_NOT_OUT = (LetterState.DRAFTED.value, LetterState.APPROVED.value, LetterState.WITHDRAWN.value)


class LikeCases:
    """Reads the registry; Unreachable when it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def urged(self, since: date, until: date, *, county: str = "") -> list[LikeCase]:
        """Cases opened from `since` to `until`, both included, once for each body that a letter of theirs went out to."""
        wanted: list[ColumnElement[bool]] = [
            _cases.c.kind.in_((CaseKind.URGING.value, CaseKind.PUBLIC_INTEREST.value)),
            _cases.c.opened_on.between(since, until),
            _letters.c.type.in_([each.value for each in URGING]),
            _letters.c.state.not_in(_NOT_OUT),
        ]
        if county:
            wanted.append(_cases.c.county == county)
        of_case = _cases.join(_letters, _letters.c.case == _cases.c.case)
        # Of this letter, not of the case: another body's silence is not this one's.
        owes_reply = exists().where(
            _deadlines.c.case == _letters.c.case,
            _deadlines.c.letter == _letters.c.letter,
            _deadlines.c.is_overdue,
        )
        columns = (
            *(_cases.c[name] for name in ("case", "title", "county", "place", "matter", "opened_on")),
            owes_reply.label("is_overdue"),
            _letters.c.recipient,
            _letters.c.recipient_code,
            _letters.c.substance,
            _letters.c.urged,
        )
        covered = select(_links.c.case).where(_links.c.relation == Relation.COVERED_BY.value)
        found: dict[tuple[str, str], list[LikeCase]] = defaultdict(list)
        with self._database.reading() as session:
            connection = session.connection()
            under = set(connection.execute(covered).scalars())
            rows = connection.execute(
                select(*columns)
                .select_from(of_case)
                .where(*wanted)
                .order_by(_cases.c.case, _letters.c.position)
            ).mappings()
            for row in rows:
                like = _like(dict(row), covered=row["case"] in under)
                found[like.case, like.agency].append(like)
        return [_together(each) for each in found.values()]


def _like(row: dict[str, object], *, covered: bool) -> LikeCase:
    words = {name: str(row[name]) for name in ("case", "title", "county", "place")}
    opened_on, substance = row["opened_on"], str(row["substance"])
    assert isinstance(opened_on, date)
    return LikeCase(
        **words,
        matter=Matter(str(row["matter"])),
        agency=str(row["recipient_code"] or row["recipient"]),
        agency_name=str(row["recipient"]),
        opened_on=opened_on,
        is_overdue=bool(row["is_overdue"]),
        substances=(Substance(substance),) if substance else (),
        urged=int(str(row["urged"])),
        covered=covered,
    )


def _together(letters: list[LikeCase]) -> LikeCase:
    """Several letters of one case to one body as one."""
    return replace(
        letters[0],
        is_overdue=any(letter.is_overdue for letter in letters),
        substances=tuple(dict.fromkeys(each for letter in letters for each in letter.substances)),
        urged=sum(letter.urged for letter in letters),
    )
