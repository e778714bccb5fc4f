"""The deadlines of one case: a ledger each (`ledger_entries`), and the result of the last count (`counting`, by `deadlines`).

A workflow never reads the rule table or a calendar: it hands the ledgers that were touched to the counting activity and records
what comes back (`Counted`), so neither a new holiday notice nor new code changes a running case by replay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from models.dates import EventDate
from models.deadlines import (
    Corrected,
    Excluded,
    Expired,
    Extended,
    Ledger,
    Met,
    Resumed,
    Started,
    Suspended,
    VersionChosen,
    account_of,
)
from models.rules import FIRST_VERSION, Rule, Unit
from models.wire import LocalPeriod, Wire

LedgerEntry = Annotated[
    Started | Suspended | Resumed | Excluded | Extended | Corrected | VersionChosen | Met | Expired,
    Field(discriminator="kind"),
]


NOT_BEGUN = "起算日更正，尚未开始"
"""Why a period does not run whose beginning, the end of another, moved on after all."""


class Counting(Wire):
    """One ledger to be counted, under the rule version it was counted by when it began on `began`.

    `issued_on` is the day of the letter whose receipt it began with, which states a length: that of a version adopted
    to take effect later does not count.
    """

    key: str
    rule: str
    entries: tuple[LedgerEntry, ...]
    version: date | None = None
    began: EventDate | None = None
    issued_on: date | None = None


class Reminder(Wire):
    """A reminder ahead of a due day: its moment, how many days before, and to whom (`handler`, `own_liaison`, `agency`)."""

    at: datetime
    days_before: int
    to: tuple[str, ...] = ("handler", "own_liaison")


class Counted(Wire):
    """The recorded result of one count; days in China, moments in UTC.

    `due_at` is 24:00 of the last day; `overdue_at` the end of the grace for mail, after which an unmet deadline is overdue.
    `extendable…` say who may lengthen it next, by how much (None: as long as the officer decides); empty when nobody may.
    """

    key: str
    rule: str
    name: str
    basis: str
    state: str
    version: date | None = None
    edition: str = ""
    started_on: EventDate | None = None
    due_on: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    opens_on: date | None = None
    provisional: bool = False
    in_force: bool = True
    met_on: EventDate | None = None
    days_late: int | None = None
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    reminders: tuple[Reminder, ...] = ()
    problem: str = ""
    expiry: str = ""
    expiry_words: str = ""
    extendable: str = ""
    extendable_by: str = ""
    extendable_amount: int | None = None
    extendable_unit: Unit | None = None
    suspendable: str = ""
    excludable: str = ""
    owner: str = ""

    @property
    def last_day(self) -> date | None:
        """The latest day that the due day can be: what expiry is judged by, so that nobody is accused too early."""
        return self.due_on or self.due_to


@dataclass(slots=True)
class Deadline:
    """One rule running for one party, from one fact."""

    key: str
    rule: str
    letter: str = ""
    party: str = ""
    entries: list[LedgerEntry] = field(default_factory=list)
    ended: str = ""
    issued_on: date | None = None
    """The day of the letter whose receipt it began with."""
    follows: tuple[str, date] | None = None
    """The period at whose end it began, by its key, and the day that was its last."""

    @property
    def is_met(self) -> bool:
        return any(entry.kind == "met" for entry in self.entries)

    @property
    def is_suspended(self) -> bool:
        stops = [entry.kind for entry in self.entries if entry.kind in ("suspended", "resumed")]
        return bool(stops) and stops[-1] == "suspended"

    @property
    def is_running(self) -> bool:
        return bool(self.entries) and not self.ended and not self.is_met and not self.is_suspended


class Deadlines:
    """Every deadline of a case by its key, `<letter>/<rule>` or `case/<rule>`, in the order they began."""

    def __init__(self, local_periods: tuple[LocalPeriod, ...] = ()) -> None:
        self._local = {period.rule: period for period in local_periods}
        self.by_key: dict[str, Deadline] = {}
        self.stopped = ""
        self._stopped_letters: dict[str, str] = {}
        self.counted: dict[str, Counted] = {}
        self._counted_entries: dict[str, tuple[LedgerEntry, ...]] = {}

    def forget_ledgers(self) -> None:
        """Empty the ledgers before they are built again; what was counted stays until it is counted anew."""
        self.by_key = {}
        self.stopped = ""
        self._stopped_letters = {}

    def start(
        self,
        rule: str,
        on: EventDate,
        by: str,
        *,
        letter: str = "",
        party: str = "",
        amount: int | None = None,
        unit: Unit | None = None,
        fixed_on: date | None = None,
        key: str = "",
        basis: str = "",
        after_closing: bool = False,
        follows: tuple[str, date] | None = None,
        issued_on: date | None = None,
    ) -> Deadline:
        """Begin a deadline; a later start of the same key corrects the earlier one (a second service, say). `basis` says on
        which reading of the law it runs, where that of its rule does not say enough.

        In a case that was closed none begins to run but those meant for it (look-backs); on a letter that was withdrawn or
        replaced, none at all: its receipt may still come in.
        """
        key = key or f"{letter or 'case'}/{rule}"
        deadline = self.by_key.get(key)
        if deadline is None:
            deadline = self.by_key[key] = Deadline(key=key, rule=rule, letter=letter, party=party)
            deadline.entries.append(self._started(rule, on, by, amount, unit, fixed_on, basis))
        else:
            deadline.entries.append(Corrected(on=on, by=by))
        deadline.follows = follows
        deadline.issued_on = issued_on
        deadline.ended = "" if after_closing else self.stopped or self._stopped_letters.get(letter, "")
        return deadline

    def _started(
        self,
        rule: str,
        on: EventDate,
        by: str,
        amount: int | None,
        unit: Unit | None,
        fixed_on: date | None,
        basis: str,
    ) -> Started:
        """What the document sets goes before what the place's own text does, and that before the rule table."""
        local = self._local.get(rule)
        if local is None or amount is not None or fixed_on is not None:
            return Started(on=on, by=by, amount=amount, unit=unit, fixed_on=fixed_on, basis=basis)
        return Started(on=on, by=by, amount=local.amount, unit=local.unit, basis=local.basis)

    def is_early(self, key: str) -> bool:
        """Whether the period at whose end it began was corrected and has moved on, so that it has not begun after all."""
        deadline = self.by_key[key]
        if deadline.follows is None or deadline.follows[0] not in self.by_key:
            return False
        before, day = deadline.follows
        counted = self.counted.get(before)
        last_day = counted.last_day if counted is not None else None
        return last_day is not None and last_day > day

    def why_ended(self, key: str) -> str:
        """Why a deadline does not run any more, or not yet; empty when it may."""
        return self.by_key[key].ended or (NOT_BEGUN if self.is_early(key) else "")

    def meet(self, key: str, on: EventDate, by: str) -> None:
        """The earliest fact that meets a deadline meets it, in whatever order they were entered; later ones change nothing."""
        deadline = self.by_key.get(key)
        if deadline is None or not deadline.entries:
            return
        met = [entry.on for entry in deadline.entries if entry.kind == "met"]
        if all((on.earliest, on.latest) < (each.earliest, each.latest) for each in met):
            deadline.entries.append(Met(on=on, by=by))

    def unmeet(self, key: str, by: str) -> None:
        """What was only inferred to have met a deadline gives way to what is known."""
        deadline = self.by_key.get(key)
        if deadline is not None:
            deadline.entries = [each for each in deadline.entries if each.kind != "met" or each.by != by]

    def expire(self, key: str, on: date) -> None:
        """On that day it was found to have run out; a due day that moves beyond it lets it run again."""
        deadline = self.by_key.get(key)
        if deadline is not None and Expired(on=on) not in deadline.entries:
            deadline.entries.append(Expired(on=on))

    def end(self, letter: str, why: str) -> None:
        """Stop every unmet deadline of a letter (withdrawn, replaced), or of the whole case when `letter` is empty."""
        if letter:
            self._stopped_letters[letter] = why
        else:
            self.stopped = why
        for deadline in self.by_key.values():
            if (not letter or deadline.letter == letter) and not deadline.is_met and not deadline.ended:
                deadline.ended = why

    def end_rule(self, letter: str, rule: str, why: str) -> None:
        """Stop a letter's unmet deadlines of one rule: something new has taken their place."""
        for deadline in self.by_key.values():
            if (deadline.letter, deadline.rule) == (letter, rule) and not deadline.is_met:
                deadline.ended = deadline.ended or why

    def end_key(self, key: str, why: str) -> None:
        """Stop one unmet deadline, where there is such a one."""
        deadline = self.by_key.get(key)
        if deadline is not None and not deadline.is_met:
            deadline.ended = deadline.ended or why

    # counting

    def stale(self, edition: str) -> list[Counting]:
        """The ledgers whose last count no longer stands: touched since, or counted under an older edition."""
        return [
            self._counting(deadline)
            for deadline in self.by_key.values()
            if self._counted_entries.get(deadline.key) != tuple(deadline.entries)
            or (deadline.is_running and edition and self.counted[deadline.key].edition != edition)
        ]

    def left_behind(self, edition: str) -> list[Counting]:
        """Those counted under an older edition that do not run, but are not over with it: met, since it may be on time or late
        by another; and stopped when they had run out already, which holds up nothing.
        """
        return [
            self._counting(deadline)
            for key, deadline in self.by_key.items()
            if deadline.is_met or (deadline.is_suspended and not deadline.ended)
            if (counted := self.standing(key)) is not None and counted.state in ("met", "running", "expired")
            if counted.edition != edition
        ]

    def again(self, keys: list[str]) -> list[Counting]:
        """These ledgers, to be counted once more before anything acts on them."""
        return [self._counting(self.by_key[key]) for key in keys]

    def doubt(self) -> None:
        """Let every running deadline be counted again: a calendar was published."""
        for deadline in self.by_key.values():
            if deadline.is_running:
                self._counted_entries.pop(deadline.key, None)

    def _counting(self, deadline: Deadline) -> Counting:
        counted = self.counted.get(deadline.key)
        began = counted.started_on if counted is not None else None
        return Counting(
            key=deadline.key,
            rule=deadline.rule,
            entries=tuple(deadline.entries),
            version=(counted.version or FIRST_VERSION) if counted is not None and began is not None else None,
            began=began,
            issued_on=deadline.issued_on,
        )

    def record(self, orders: list[Counting], results: list[Counted]) -> None:
        """Keep what the counting activity answered."""
        for order, result in zip(orders, results, strict=True):
            self.counted[order.key] = result
            self._counted_entries[order.key] = order.entries

    def restore(self, counted: dict[str, Counted]) -> None:
        """Take over the counts carried by a continued run, as counts of the ledgers as they now stand."""
        self.counted = dict(counted)
        self._counted_entries = {
            key: tuple(deadline.entries) for key, deadline in self.by_key.items() if key in counted
        }

    def standing(self, key: str) -> Counted | None:
        """The count of a deadline, unless its ledger was touched since."""
        deadline = self.by_key[key]
        fresh = self._counted_entries.get(key) == tuple(deadline.entries)
        return self.counted[key] if fresh else None

    def running(self) -> list[Counted]:
        """The counts of all deadlines that still run; one whose ledger was touched since is counted first, and acts later."""
        return [
            counted
            for deadline in self.by_key.values()
            if deadline.is_running
            and not self.is_early(deadline.key)
            and (counted := self.standing(deadline.key)) is not None
        ]


def held_version(law: Rule, counted: Counted | None, ledger: Ledger) -> date | None:
    """The version that a period holds to once it was counted; None where it has that of its day (`holds_to`)."""
    if counted is None or counted.started_on is None:
        return None
    return holds_to(law, counted.version or FIRST_VERSION, counted.started_on, account_of(ledger).on)


def holds_to(law: Rule, version: date, began: EventDate, on: EventDate | None) -> date | None:
    """A period keeps the version it began with, unless its beginning itself is another, to which another text applies.

    One without a known first day is held to by name: one adopted since with an earlier day of effect than the period's start
    would take its place else, and nobody have decided so.
    """
    if on is None:
        return None
    if began == on or law.version_on(began.earliest)[0] is law.version_on(on.earliest)[0]:
        return version
    return None
