"""The book of seals and the book of repairs: primary, backed up with the other books, never emptied by a rebuild.

Every method raises Unreachable when the database does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime

from sqlmodel import col, select

from activities.database import Database
from models.errors import Problem, Refusal
from models.seals import Mending, Seal
from models.tables import RepairTable, SealTable


class SealBook:
    """What each sealing answered, and what was put back since."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, seal: Seal) -> None:
        """Enter a seal, once for its folder: the same again changes nothing, whenever it comes.

        Refusal, and the first entry stays, when the folder is in the book with another voucher, journal or run.
        """
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.seal/{seal.folder}")
            held = session.get(SealTable, seal.folder)
            if held is None:
                session.add(SealTable(**asdict(seal)))
            elif (held.voucher, held.head, held.run) != (seal.voucher, seal.head, seal.run):
                what = f"封存簿里已有案卷 {seal.folder}，封存指纹 {held.voucher[:12]}…，与这次的 {seal.voucher[:12]}… 不同"
                raise Refusal(Problem(what, "运行 mingjian verify 查明；封存簿不改", file=seal.folder))

    def seals(self) -> dict[str, Seal]:
        """Every seal, by its folder, in their order."""
        with self._database.reading() as session:
            rows = session.exec(select(SealTable).order_by(col(SealTable.folder)))
            return {row.folder: _seal(row) for row in rows}

    def record(self, mendings: Sequence[Mending]) -> None:
        """Enter what was put back."""
        with self._database.writing() as session:
            session.add_all(RepairTable(**asdict(each)) for each in mendings)

    def repairs(self, case: str) -> list[Mending]:
        """What was put back into a case, in order."""
        wanted = (
            select(RepairTable)
            .where(col(RepairTable.case) == case)
            .order_by(col(RepairTable.at), col(RepairTable.place))
        )
        with self._database.reading() as session:
            return [
                Mending(**{each.name: getattr(row, each.name) for each in fields(Mending)})
                for row in session.exec(wanted)
            ]


def _seal(row: SealTable) -> Seal:
    held = {each.name: getattr(row, each.name) for each in fields(Seal)}
    moment: datetime = held["sealed_at"]
    return Seal(**held | {"sealed_at": moment if moment.tzinfo else moment.replace(tzinfo=UTC)})
