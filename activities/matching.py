"""What the database knows that an incoming paper can be matched by: mails that went out, 文号, letters that wait for a reply,
and the addresses by which a case's correspondents are known.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from activities.database import Database
from models.tables import (
    AddressTable,
    CaseTable,
    DeliveryTable,
    IntakeTable,
    LetterTable,
    OfficialNumberTable,
    PaperTable,
)

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that is out: its case, its id, its document, and to whom."""

    case: str
    letter: str
    document: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail of ours that went out: its delivery's key, Message-ID, case (none for a digest), to whom, where to, state."""

    key: str
    message_id: str
    case: str
    to: str
    address: str
    state: str
    last_error: str


class Matching:
    """Every method raises Unreachable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def delivered(self, message_ids: Collection[str]) -> list[str]:
        """The cases whose notices went out under one of these Message-IDs, by themselves or within a digest."""
        wanted = sorted(each for each in message_ids if each)[:_PORTION]
        if not wanted:
            return []
        with self._database.reading() as session:
            sent = session.exec(select(DeliveryTable).where(col(DeliveryTable.message_id).in_(wanted))).all()
            within = select(DeliveryTable.case).where(
                col(DeliveryTable.within).in_([each.key for each in sent])
            )
            return sorted({*(each.case for each in sent), *session.exec(within)} - {""})

    def mailed(self, message_ids: Collection[str]) -> list[Mailed]:
        """The mails that went out under these Message-IDs, digests as the one mail that each is."""
        wanted = sorted(each for each in message_ids if each)[:_PORTION]
        asked = (
            select(DeliveryTable)
            .where(col(DeliveryTable.message_id).in_(wanted), DeliveryTable.message_id != "")
            .order_by(col(DeliveryTable.key))
        )
        with self._database.reading() as session:
            return [
                Mailed(
                    row.key,
                    row.message_id,
                    row.case,
                    "、".join(row.to),
                    row.address,
                    row.state,
                    row.last_error,
                )
                for row in session.exec(asked)
            ]

    def correspondents(self, case: str) -> frozenset[str]:
        """The addresses, in small letters, of those who have to do with a case: whom its notices and letters go to, its
        handler and liaison, and the offices of its recipients and of its procuratorate.
        """
        with self._database.reading() as session:
            row = session.get(CaseTable, case)
            if row is None:
                return frozenset()
            letters = _letters(session, [case])
            deliveries = list(session.exec(select(DeliveryTable).where(DeliveryTable.case == case)))
            names = {row.handler, row.liaison, *(each.recipient for each in letters)}
            names |= {name for each in deliveries for name in each.to}
            offices = {each.recipient_code for each in letters} | {f"{row.county}-proc"}
            asked = select(AddressTable).where(
                or_(
                    (col(AddressTable.office) == "") & col(AddressTable.name).in_(sorted(names - {""})),
                    col(AddressTable.office).in_(sorted(offices - {""})),
                )
            )
            return frozenset(each.address.lower() for each in session.exec(asked))

    def numbered(self, numbers: Collection[str]) -> dict[str, str]:
        """Of these 文号, folded as the number book folds them, those that stand in it: to which document each belongs."""
        wanted, found = sorted(numbers), dict[str, str]()
        with self._database.reading() as session:
            for first in range(0, len(wanted), _PORTION):
                asked = select(OfficialNumberTable).where(
                    col(OfficialNumberTable.matched).in_(wanted[first : first + _PORTION]),
                    col(OfficialNumberTable.released_at).is_(None),
                )
                found |= {each.matched: each.owner_key for each in session.exec(asked)}
        return found

    def letters(self, case: str) -> list[Sent]:
        """The letters of a case that are out."""
        with self._database.reading() as session:
            return [_sent(each) for each in _letters(session, [case]) if each.issued_on is not None]

    def waiting(self) -> list[Sent]:
        """The letters of open cases that are out and unanswered, neither withdrawn nor replaced."""
        asked = (
            select(LetterTable)
            .join(CaseTable, col(CaseTable.case) == LetterTable.case)
            .where(
                col(CaseTable.closed_on).is_(None),
                col(LetterTable.issued_on).is_not(None),
                LetterTable.replies == 0,
                LetterTable.state != "withdrawn",
                LetterTable.replaced_by == "",
            )
            .order_by(col(LetterTable.issued_on), col(LetterTable.case), col(LetterTable.position))
        )
        with self._database.reading() as session:
            return [_sent(each) for each in session.exec(asked)]

    def recorded(self, digest: str, case: str) -> bool:
        """Whether the registry has a paper of this digest in that case."""
        asked = select(PaperTable.order).where(
            PaperTable.digest == digest, PaperTable.case == case, PaperTable.direction == "in"
        )
        with self._database.reading() as session:
            return session.exec(asked).first() is not None

    def set_aside(self, id: str) -> str:
        """What was said when this was set aside; empty when it was not. Whoever asks has the paper: its id is its digest."""
        with self._database.reading(beyond_walls=True) as session:
            row = session.get(IntakeTable, id)
            return row.note or row.went_to if row is not None and row.sorted_at is not None else ""


def _letters(session: Session, cases: Collection[str]) -> list[LetterTable]:
    asked = select(LetterTable).where(col(LetterTable.case).in_(sorted(cases)))
    return list(session.exec(asked.order_by(col(LetterTable.case), col(LetterTable.position))))


def _sent(row: LetterTable) -> Sent:
    return Sent(row.case, row.letter, row.document, row.recipient)
