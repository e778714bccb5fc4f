"""The course of one deadline: what started it, each move and who made it, what met it, and what it would have been otherwise.

`models.retelling` makes courses of a case's journal; `starter.why` says them, `models.explained_notes` prints them. All days are
days in China.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.dates import EventDate
from models.otherwise import Due


class Teller(NamedTuple):
    """Who entered something, and on which day."""

    what: str
    by: str
    entered_on: date | None

    @property
    def words(self) -> str:
        """`送达，王五（书记员）于2021-09-16记入`."""
        entered = f"于{self.entered_on}记入" if self.entered_on else ""
        return f"{self.what}，{self.by}{entered}"


class Otherwise(NamedTuple):
    """`若未中止`, the due day that there would be, and the text that moved it."""

    without: str
    due: Due
    basis: str

    @property
    def words(self) -> str:
        """`若未中止，则为2021-11-15（《…》第八十条）`."""
        return f"{self.without}，则为{self.due.words}" + (f"（{self.basis}）" if self.basis else "")


class Move(NamedTuple):
    """Something that touched the period, and what the due day was before and after; `entered_on` None: when is not recorded."""

    what: str
    by: str
    entered_on: date | None
    before: Due
    after: Due
    otherwise: Otherwise | None = None
    met_before: EventDate | None = None
    met_after: EventDate | None = None

    @property
    def effect(self) -> str:
        """What it did to the due day, and to the day on which the period was met."""
        met = ""
        if self.met_before != self.met_after:
            met = f"，完成日由{self.met_before or '未完成'}变为{self.met_after or '未完成'}"
        if self.before == self.after:
            return f"届满日不变（{self.after.words}）{met}"
        return f"届满日由“{self.before.words}”变为“{self.after.words}”{met}"


@dataclass(frozen=True, slots=True)
class Course:
    """One deadline from its start to what met it."""

    key: str
    rule: str
    name: str
    bound: str
    version: date | None
    edition: str
    due: Due
    started_on: EventDate | None
    started_by: Teller
    sentences: tuple[str, ...]
    moves: tuple[Move, ...]
    met_on: EventDate | None
    met_by: Teller | None
    days_late: int | None
    late: bool | None
    ended: str
    remarks: tuple[str, ...]

    @property
    def punctuality(self) -> str:
        """How late it was met, or that it was not; empty while it is not met."""
        if self.met_on is None:
            return ""
        if self.days_late is None:
            return {True: "逾期", False: "未逾期", None: "是否逾期无法确定到日"}[self.late]
        if self.days_late == 0:
            return "恰在最后一日，未逾期"
        return f"逾期{self.days_late}日" if self.days_late > 0 else f"提前{-self.days_late}日，未逾期"
