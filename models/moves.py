"""Which open deadlines a calendar moves: each ledger of the registry counted again, under both editions, by the pure function.

The registry's row holds a ledger and what it was last counted to, but not the version of the rule that the case keeps, which the
table of rules may have left behind. So no version is taken for granted: one is right that makes the row's own days again under
the row's own edition. Where none does, or two that do would end apart, the row cannot tell, and the case will.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.adoptions import Rules
from models.calendar import Calendar
from models.deadlines import Ledger, Reckoning, account_of, length_of, reckon, versions_for
from models.edition_changes import ChangedDays, in_words
from models.errors import InputError
from models.projecting import LEDGER
from models.rules import Rule


class OpenDeadline(NamedTuple):
    """An open deadline as the registry holds it, or one that was met; days in China, `ledger` as JSON, `edition` the one of its
    last count, `met_on` as it is written.
    """

    case: str
    key: str
    rule: str
    name: str
    party: str
    due_on: date | None
    due_from: date | None
    due_to: date | None
    provisional: bool
    edition: str
    ledger: str
    met_on: str = ""
    title: str = ""
    county_name: str = ""
    handler: str = ""

    @property
    def days(self) -> Days:
        """Where it stands."""
        return Days(self.due_on, self.due_from, self.due_to)


class Days(NamedTuple):
    """A due day, or the earliest and the latest that it can be; none while a period stands still."""

    due_on: date | None
    due_from: date | None
    due_to: date | None

    def __str__(self) -> str:
        if self.due_on is not None:
            return str(self.due_on)
        if self.due_from is None or self.due_from == self.due_to:
            return str(self.due_from or "无")
        return f"{self.due_from} 至 {self.due_to}"


class Move(NamedTuple):
    """A deadline whose day is another under the new edition; `done` when its case has counted it so already.

    Of one that was met only if that makes another of its being on time or late, which `outcome` tells.
    """

    deadline: OpenDeadline
    was: Days
    now: Days
    still_provisional: bool
    why: str
    done: bool
    outcome: str = ""


class Unclear(NamedTuple):
    """A deadline that the registry cannot tell of, and why not."""

    deadline: OpenDeadline
    why: str


def first_changes(
    editions: Iterable[str], before: Calendar, after: Calendar, named: Callable[[str], Calendar | None]
) -> dict[str, date]:
    """For each of these editions the first day that is another under the new one; for the new one itself, under the one before.

    A period that was met before that day is on time or late by both alike. One of an edition that nobody knows is left out.
    """
    found: dict[str, date] = {}
    for name in editions:
        counted_under = before if name == after.name else named(name)
        changes = ChangedDays(counted_under, after).days if counted_under is not None else ()
        if changes:
            found[name] = changes[0].day
    return found


@dataclass(slots=True)
class Sifted:
    """What came of sifting: how many were looked at, which move, how many only lose their doubt, which are unclear.

    `behind` are those that stand under another edition than the new one. What is kept of a deadline is without its ledger.
    """

    seen: int = 0
    behind: int = 0
    moved: list[Move] = field(default_factory=list)
    firmed: int = 0
    unclear: list[Unclear] = field(default_factory=list)

    def add(self, other: Sifted) -> None:
        """Put what came of another portion behind this."""
        self.seen += other.seen
        self.behind += other.behind
        self.moved += other.moved
        self.firmed += other.firmed
        self.unclear += other.unclear


class Sieve:
    """Sifts deadlines by a new edition. `before` is the one it takes the place of, `named` finds others by name.

    `named` raises a MingjianError, of which InputError is one, for a name that nobody has published; the row is then unclear.
    `rules` are those of the site.
    """

    def __init__(
        self, before: Calendar, after: Calendar, named: Callable[[str], Calendar | None], rules: Rules
    ) -> None:
        self._rules = rules
        self._before = before
        self._after = after
        self._named = named
        self._changes = ChangedDays(before, after)
        self._apart: dict[str, ChangedDays] = {before.name: self._changes}

    def sift(self, deadlines: Iterable[OpenDeadline]) -> Sifted:
        """Each deadline once."""
        found = Sifted()
        for each in deadlines:
            if not each.met_on:
                found.seen += 1
                found.behind += each.edition != self._after.name
            try:
                self._one(each, found)
            except (InputError, ValueError) as error:
                found.unclear.append(Unclear(each._replace(ledger=""), _reason(error)))
        return found

    def _one(self, row: OpenDeadline, found: Sifted) -> None:
        law, ledger = self._rules(row.rule), LEDGER.validate_json(row.ledger)
        done = row.edition == self._after.name
        counted_under = self._named(row.edition)
        if counted_under is None:
            found.unclear.append(Unclear(row._replace(ledger=""), f"不知道它所用的日历版本“{row.edition}”"))
            return
        versions = _versions_that_tell(law, ledger, counted_under, row)
        other = self._before if done else self._after
        answers = {_told(reckon(law, ledger, other, version)) for version in versions}
        if len(answers) != 1:
            why = "所用的规则版本无法从登记库得知" if answers else "重算不出登记库所记的日期"
            found.unclear.append(Unclear(row._replace(ledger=""), why))
            return
        [(days, doubt)] = answers
        outcome = ""
        if row.met_on:
            turns = {_turn(law, ledger, counted_under, other, each) for each in versions}
            earlier, later = turns.pop()
            if turns or earlier == later:
                return
            outcome = (
                f"{row.met_on} 办到：{later}改为{earlier}"
                if done
                else f"{row.met_on} 办到：{earlier}改为{later}"
            )
        was, now = (days, row.days) if done else (row.days, days)
        was_doubtful, doubtful = (doubt, row.provisional) if done else (row.provisional, doubt)
        if was != now:
            reason = self._why(law, ledger, versions[0], was, now, self._before if done else counted_under)
            found.moved.append(Move(row._replace(ledger=""), was, now, doubtful, reason, done, outcome))
        elif was_doubtful and not doubtful:
            found.firmed += 1

    def _why(
        self, law: Rule, ledger: Ledger, version: date | None, was: Days, now: Days, before: Calendar
    ) -> str:
        """The changed days that a period has met: between its ends, and on its way where it counts working days."""
        if before.name not in self._apart:
            self._apart[before.name] = ChangedDays(before, self._after)
        days = [each for each in (*was, *now) if each is not None]
        account = account_of(ledger)
        if account.on is not None:
            chosen, _, _ = versions_for(law, account.on, version)
            length = length_of(account, chosen)
            if length is not None and length.working_days:
                days.append(account.on.earliest)
        if not days:
            return ""
        return "；".join(in_words(self._apart[before.name].between(min(days), max(days))))


def _versions_that_tell(
    law: Rule, ledger: Ledger, calendar: Calendar, row: OpenDeadline
) -> Sequence[date | None]:
    """The versions that make the row's own days: that in force on its start, and each that the case may keep instead."""
    recorded = (row.days, row.provisional)
    pins: list[date | None] = [None]
    if len(law.versions) > 1:
        pins += [each.name for each in law.versions]
    return [pin for pin in pins if _told(reckon(law, ledger, calendar, pin)) == recorded]


def _told(reckoning: Reckoning) -> tuple[Days, bool]:
    return Days(reckoning.due_on, reckoning.due_from, reckoning.due_to), reckoning.provisional


def _turn(
    law: Rule, ledger: Ledger, counted_under: Calendar, other: Calendar, version: date | None
) -> tuple[str, str]:
    """How late it was met by the edition of its row, and by the other."""
    by_row, by_other = (_lateness(reckon(law, ledger, each, version)) for each in (counted_under, other))
    return by_row, by_other


def _lateness(reckoning: Reckoning) -> str:
    if reckoning.days_late is not None and reckoning.days_late > 0:
        return f"逾期 {reckoning.days_late} 天"
    return {True: "逾期", False: "按期", None: "是否按期不明"}[reckoning.late]


def _reason(error: Exception) -> str:
    if isinstance(error, InputError):
        return error.problems[0].what
    return "登记库里的期限台账读不出来（由较早的程序写成，案件下次有变动时更新）"
