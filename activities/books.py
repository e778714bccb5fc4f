"""The books: what nothing else could bring back, and so what is backed up.

Numbers (`activities.numbers`), notices to be sent (`activities.deliveries`), what arrived and reached no case, and the texts of
calendar editions and rule versions. Every method raises Unreachable when the database does not answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlmodel import col, select

from activities.deliveries import DeliveryBook
from activities.numbers import NumberBook
from activities.publication_book import PublicationBook
from models.errors import InputError, Problem, Refusal
from models.tables import EditionTable, IntakeTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Something that reached no running case, such as a reply to a closed one.

    `id` is its natural key, `case` the case it names, if any, `name` what kind of message it is, `content`
    its text as it came (JSON), `paper` the digest of a paper that came with it, `why` what stood in its way.
    """

    id: str
    case: str = ""
    name: str
    content: str
    paper: str = ""
    paper_name: str = ""
    why: str
    received_at: datetime
    received_by: str = ""


class Books(NumberBook, DeliveryBook, PublicationBook):
    """The primary half of the database: the number book, the deliveries, and the books that follow."""

    # the intake tray

    def keep(self, stray: Stray) -> bool:
        """Put something into the tray, once by its id; False when it was there. Refusal for other content."""
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.intake/{stray.id}")
            held = session.get(IntakeTable, stray.id)
            if held is None:
                row = {name: getattr(stray, name) for name in Stray.__slots__}
                session.add(IntakeTable(**row, sorted_at=None, sorted_by="", went_to="", note=""))
                return True
            if (held.case, held.name, held.content, held.paper) != (
                stray.case,
                stray.name,
                stray.content,
                stray.paper,
            ):
                raise Refusal(Problem(f"收件 {stray.id} 已经登记，内容不同", "换一个标识再登记", "id"))
            return False

    def waiting(self) -> list[Stray]:
        """What waits to be sorted out, oldest first."""
        wanted = (
            select(IntakeTable)
            .where(col(IntakeTable.sorted_at).is_(None))
            .order_by(col(IntakeTable.received_at), col(IntakeTable.id))
        )
        with self._database.reading() as session:
            return [
                Stray(**{name: getattr(row, name) for name in Stray.__slots__})
                for row in session.exec(wanted)
            ]

    def sort_out(self, stray_id: str, *, by: str, went_to: str = "", note: str = "") -> None:
        """Say what became of something in the tray: the case it went to, or why it goes to none.

        The same answer again is fine; Refusal for another one, and for an unknown id.
        """
        if not by or not (went_to or note):
            raise InputError(Problem("须写明由谁整理，以及转入的案件或理由", "填写 by，以及 went_to 或 note"))
        with self._database.writing() as session:
            row = session.get(IntakeTable, stray_id, with_for_update=True)
            if row is None:
                raise Refusal(Problem(f"没有收件 {stray_id}", "核对标识", "id"))
            if row.sorted_at is None:
                row.sorted_at, row.sorted_by, row.went_to, row.note = _now(), by, went_to, note
            elif (row.went_to, row.note) != (went_to, note):
                raise Refusal(
                    Problem(
                        f"收件 {stray_id} 已由{row.sorted_by}整理：{row.went_to or row.note}", "不必再整理"
                    )
                )

    # editions

    def publish(self, name: str, text: str, *, kind: str = "calendar") -> str:
        """Keep a text for good under a name; answers its SHA-256. Refusal when another text has the name."""
        digest = _digest(text)
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.edition/{kind}/{name}")
            held = session.get(EditionTable, (kind, name))
            if held is None:
                session.add(EditionTable(kind=kind, name=name, digest=digest, text=text, published_at=_now()))
            elif held.digest != digest:
                raise Refusal(
                    Problem(f"版本“{name}”已经发布，内容不同；已发布的版本不得改动", "换一个名称发布", "name")
                )
        return digest

    def edition(self, name: str, *, kind: str = "calendar") -> str:
        """The text published under a name. Refusal when there is none, or it is not what was published."""
        with self._database.reading() as session:
            held = session.get(EditionTable, (kind, name))
        if held is None:
            raise Refusal(Problem(f"没有发布过版本“{name}”", "核对名称", "name"))
        if _digest(held.text) != held.digest:
            raise Refusal(Problem(f"版本“{name}”的内容被改动过", "请运维人员从备份恢复", "name"))
        return held.text

    def editions(self, *, kind: str = "calendar") -> list[str]:
        """The names published, in order of publication."""
        wanted = (
            select(EditionTable.name)
            .where(EditionTable.kind == kind)
            .order_by(col(EditionTable.published_at), col(EditionTable.name))
        )
        with self._database.reading() as session:
            return list(session.exec(wanted))


def _now() -> datetime:
    return datetime.now(UTC)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
