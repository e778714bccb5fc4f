"""What a due date would have been otherwise: the same replay of the ledger, with one entry left out. Pure.

An entry is left out with what hangs on it alone: a suspension with its resumption. All days are days in China.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from models.calendar import Calendar
from models.deadlines import Entry, Ledger, Reckoning, account_of, open_since, reckon
from models.rules import Rule

_NO_DAY = {
    "still": "中止，暂无届满日",
    "open": "无固定期限",
    "not_started": "不起算",
    "unknown": "无从计算",
}


class Due(NamedTuple):
    """The last day of a period, or the earliest and the latest that it can be, or (`how`) why there is none."""

    first: date | None
    last: date | None
    how: Literal["day", "range", "still", "open", "not_started", "unknown"]
    provisional: bool = False

    @property
    def words(self) -> str:
        """`2021-11-15`, `2021-11-15～2021-11-30（暂定）`, `中止，暂无届满日`."""
        if self.first is None or self.last is None:
            return _NO_DAY[self.how]
        days = str(self.first) if self.first == self.last else f"{self.first}～{self.last}"
        return f"{days}（暂定）" if self.provisional else days


UNKNOWN = Due(None, None, "unknown")
NOT_STARTED = Due(None, None, "not_started")


class Otherwise(NamedTuple):
    """What a ledger comes to without one of its entries; `basis` is the text by which that entry moved the period."""

    place: int
    entry: Entry
    due: Due
    basis: str


def due_of(ledger: Ledger, reckoning: Reckoning) -> Due:
    """The due day that a reckoning of that ledger says."""
    if reckoning.due_on is not None:
        return Due(reckoning.due_on, reckoning.due_on, "day", reckoning.provisional)
    if reckoning.due_from is not None and reckoning.due_to is not None:
        return Due(reckoning.due_from, reckoning.due_to, "range", reckoning.provisional)
    if reckoning.started_on is None:
        return NOT_STARTED
    return Due(None, None, "still" if open_since(account_of(ledger)) else "open")


def due(law: Rule, ledger: Ledger, calendar: Calendar, version: date | None) -> Due:
    """The due day of a ledger; raises what `reckon` raises."""
    return due_of(ledger, reckon(law, ledger, calendar, version))


def without(ledger: Ledger, place: int) -> Ledger:
    """The ledger had its entry at that place not been made."""
    left_out = {place}
    if ledger[place].kind == "suspended":
        after = enumerate(ledger[place + 1 :], place + 1)
        left_out.update([at for at, entry in after if entry.kind == "resumed"][:1])
    return tuple(entry for at, entry in enumerate(ledger) if at not in left_out)


def otherwises(law: Rule, ledger: Ledger, calendar: Calendar, version: date | None) -> Iterator[Otherwise]:
    """For each entry that moved the period, what the ledger comes to without it, in their order.

    `version` is the one the period runs under; a period that would have begun on another day is held to none, and has that of
    its day. Raises what `reckon` raises.
    """
    on = account_of(ledger).on
    granted = 0
    for place, entry in enumerate(ledger):
        basis = ""
        if entry.kind == "extended":
            extension = law.extension_after(granted)
            basis = extension.basis if extension else ""
            granted += 1
        elif entry.kind == "suspended":
            basis = law.suspendable
        elif entry.kind == "excluded":
            basis = law.excludable
        elif entry.kind == "version_chosen":
            basis = law.version_from(entry.version).basis
        elif entry.kind != "corrected":
            continue
        rest = without(ledger, place)
        held = version if account_of(rest).on == on else None
        if entry.kind == "version_chosen":
            held = entry.instead_of
        yield Otherwise(place, entry, due(law, rest, calendar, held), basis)
