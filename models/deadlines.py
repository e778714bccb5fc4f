"""Counting: `(rule, ledger, calendar edition) → Reckoning`, a pure function that replays the whole ledger.

A ledger is what happened to one deadline, in the order it became known: started, suspended, resumed, days
excluded, extended, start corrected, another version of its rule chosen, met, expired. Nothing is ever
changed in it; a later entry says what is now so.

The arithmetic (民法典第二百零一条至第二百零四条；民事诉讼法第八十五条；法释〔2018〕1号第四十八条):

- the day of the event is not counted; months end on its corresponding day, or at the end of a shorter month;
- an extension adds to the amount and is counted from the start, never from the old due day, and months are
  never chained;
- excluded days are the union of their ranges, the first day of a range left out and its last one counted, and
  are added to the end before it rolls: calendar days, or working days where the period counts those;
- a period rolls once, last, forward to a working day; one counted back from an event rolls back, and nothing
  stops it;
- a period that has ended cannot be suspended any more, and one of months or days does not end while it stands
  still (one of working days does, on its last one, when no working day is lost).

All days are days in China; a period is over at 24:00 of its last day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from models.calendar import EARLIEST_COUNTED, LATEST_START, Calendar
from models.dates import EventDate
from models.errors import InputError, Problem
from models.ledger_entries import (
    Corrected,
    Entry,
    Excluded,
    Expired,
    Extended,
    Ledger,
    Met,
    Resumed,
    Started,
    Suspended,
    VersionChosen,
)
from models.rules import Rule, RuleVersion

__all__ = [
    "Corrected",
    "Entry",
    "Excluded",
    "Expired",
    "Extended",
    "Ledger",
    "Met",
    "Reckoning",
    "Resumed",
    "Started",
    "State",
    "Suspended",
    "VersionChosen",
    "account_of",
    "add_months",
    "count",
    "reckon",
    "suspensions",
    "versions_for",
]

State = Literal["not_started", "running", "suspended", "met", "expired"]


class Reckoning(NamedTuple):
    """What a ledger comes to under one edition of the calendar.

    For a start known to the day: `unrolled` is the end before rolling, `due_on` the last day, `opens_on` the
    first day of the right that a waiting period precedes. For a start known to the month, the year or a
    range, `due_from` and `due_to` are the last days for its first and last day, and `due_on` stays None:
    nobody is given an invented day. All are None while the period is suspended, and for a rule without a
    number.

    `days_late` is the day of meeting less the due day, negative when early; None where either is not known to
    the day. `late` is then still known where even the earliest day is after the latest due day, or the other
    way round.
    """

    rule: str
    state: State
    edition: str
    started_on: EventDate | None = None
    due_on: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    opens_on: date | None = None
    unrolled: date | None = None
    provisional: bool = False
    in_force: bool = True
    version: date | None = None
    met_on: EventDate | None = None
    days_late: int | None = None
    late: bool | None = None

    @property
    def last_day(self) -> date | None:
        """The latest day the due day can be: expiry is judged by it, so that nobody is accused too early."""
        return self.due_on or self.due_to


@dataclass(slots=True)
class Account:
    """What the entries of a ledger come to before any calendar is asked: order and repetition resolved.

    `still` holds the ranges in which the period stands still, by their first day, which itself still counts;
    the last day is `date.max` while a suspension is open.
    """

    start: Started | None
    on: EventDate | None
    extensions: list[Extended]
    still: list[tuple[date, date]]
    met_on: EventDate | None
    expired_on: date | None
    version: date | None = None


class Span(NamedTuple):
    """One count from one day.

    `plain`: the end by the amount alone; `pauses`: the ranges that moved it (first day excluded, last one
    included); `unrolled`: the end with them; `due`: the last day; `consulted`: the days whose being worked or
    not decided it.
    """

    plain: date
    unrolled: date
    due: date
    consulted: tuple[date, date] | None
    pauses: tuple[tuple[date, date], ...] = ()


class Length(NamedTuple):
    """How long a period is: months are counted first, then days, then working days; or a last day is given.

    `by_working_days`: whether the period itself counts working days, whatever its extensions do.
    """

    fixed_on: date | None
    months: int
    days: int
    working_days: int
    by_working_days: bool


_DAY = timedelta(days=1)
STANDING_STILL = Span(date.max, date.max, date.max, None)


def reckon(rule: Rule, ledger: Ledger, calendar: Calendar, version: date | None = None) -> Reckoning:
    """Replay the ledger. Pure: equal arguments give equal results, and nothing is kept.

    `version` holds a running case to the version it began with, named by the day that took effect; without it
    the version in force on the start day answers. A version that was decided on stands in the ledger and goes
    before both, where the rule has it. Raises InputError for a start outside 1949–2100, for a version the rule
    does not have, and for an end that the calendar does not reach.
    """
    account = account_of(ledger)
    start, on, met_on = account.start, account.on, account.met_on
    if start is None or on is None:
        return Reckoning(rule.key, "met" if met_on else "not_started", calendar.name, met_on=met_on)
    if on.earliest < EARLIEST_COUNTED or on.latest > LATEST_START:
        raise InputError(
            Problem(
                f"起算日 {on} 不在 {EARLIEST_COUNTED} 至 {LATEST_START} 之间",
                remedy="请核对起算日",
                field="on",
            )
        )
    exact = on.earliest == on.latest or start.fixed_on is not None
    decided = account.version if account.version is not None and rule.has(account.version) else None
    chosen, later, in_force = versions_for(rule, on, decided or version)
    if decided is not None:
        # A later text, decided on, takes nothing from the period's having been bound by one when it began.
        in_force = chosen.in_force and (in_force or rule.version_on(on.earliest)[1])
    first = last = count(rule, account, on.earliest, chosen, calendar)
    if not exact:
        last = count(rule, account, on.latest, later, calendar)

    due_on = due_from = due_to = opens_on = unrolled = days_late = late = None
    provisional = False
    state: State = "met" if met_on else "running"
    if first is None or last is None:
        if not met_on and open_since(account):
            state = "suspended"
    elif last is STANDING_STILL:
        if met_on:
            late = False
        else:
            state = "suspended"
    else:
        # Months are of different lengths: with excluded days an earlier start may end later.
        soonest, latest = min(first.due, last.due), max(first.due, last.due)
        if exact:
            due_on, unrolled = last.due, last.unrolled
            if rule.waiting:
                opens_on = due_on + _DAY
        else:
            due_from, due_to = soonest, latest
        if met_on:
            if met_on.earliest > latest:
                late = True
            elif met_on.latest <= soonest:
                late = False
            if exact and met_on.is_day:
                days_late = (met_on.latest - latest).days
        elif account.expired_on is not None and account.expired_on > latest:
            state = "expired"
        provisional = _is_doubtful(last, calendar) or (not exact and _is_doubtful(first, calendar))
    return Reckoning(
        rule=rule.key,
        state=state,
        edition=calendar.name,
        started_on=on,
        due_on=due_on,
        due_from=due_from,
        due_to=due_to,
        opens_on=opens_on,
        unrolled=unrolled,
        provisional=provisional,
        in_force=in_force,
        version=_pin(rule, chosen, on),
        met_on=met_on,
        days_late=days_late,
        late=late,
    )


def account_of(ledger: Ledger) -> Account:
    """Read a ledger: the last start, the start as last corrected, the earliest fact that meets it."""
    account = Account(None, None, [], [], None, None)
    stops: list[Suspended | Resumed] = []
    for entry in ledger:
        if entry.kind == "started":
            account.start, account.on = entry, entry.on
        elif entry.kind == "corrected":
            account.on = entry.on
        elif entry.kind == "met":
            if account.met_on is None or _sooner(entry.on, account.met_on):
                account.met_on = entry.on
        elif entry.kind == "extended":
            account.extensions.append(entry)
        elif entry.kind == "version_chosen":
            account.version = entry.version
        elif entry.kind == "excluded":
            account.still.append((entry.first, entry.last))
        elif entry.kind == "suspended" or entry.kind == "resumed":
            stops.append(entry)
        elif entry.kind == "expired" and (account.expired_on is None or entry.on > account.expired_on):
            account.expired_on = entry.on
    if stops:
        account.still.extend(suspensions(stops))
    account.still.sort()
    return account


def count(rule: Rule, account: Account, day: date, version: RuleVersion, calendar: Calendar) -> Span | None:
    """Count from one day; None for a period without a number, STANDING_STILL while a suspension is open."""
    length = length_of(account, version)
    if length is None:
        return None
    end = length.fixed_on or day
    try:
        if length.months:
            end = add_months(end, length.months if rule.direction == "after" else -length.months)
        if length.days:
            end += timedelta(length.days if rule.direction == "after" else -length.days)
    except (ValueError, OverflowError):
        raise InputError(
            Problem("期限过长，算出的日期不存在", remedy="请核对期限的数量和单位", field="amount")
        ) from None
    if length.working_days:
        working_days = length.working_days
        end = calendar.add_working_days(end, working_days if rule.direction == "after" else -working_days)

    if rule.direction == "before":
        due = calendar.roll_back(end)
        return Span(end, end, due, (due, day - _DAY if length.by_working_days else end))
    plain, reached = end, day
    pauses: tuple[tuple[date, date], ...] = ()
    for first, last in account.still:
        first = max(first, reached)
        if last <= first:
            continue
        # Ranges that touch are one, though the first of them may have cost no working day.
        if first > calendar.roll_forward(end) and first > reached:
            break
        if last == date.max:
            return STANDING_STILL
        if length.by_working_days:
            end = calendar.add_working_days(end, calendar.working_days_between(first, last))
        else:
            # Only a pause that begins while the last day is being rolled can leave the end before its own.
            end = max(end + (last - first), last)
        reached = last
        pauses += ((first, last),)
    if end == length.fixed_on:
        # A day that the document names stands as it is named, on a rest day too ([民典]204).
        return Span(plain, end, end, None, pauses)
    due = calendar.roll_forward(end)
    return Span(plain, end, due, (day + _DAY, due) if length.working_days else (end, due), pauses)


def open_since(account: Account) -> date | None:
    """The day on which a suspension began that nobody has ended."""
    return next((first for first, last in account.still if last == date.max), None)


def length_of(account: Account, version: RuleVersion) -> Length | None:
    """The amount by law or as the document sets it, with every extension; None when there is no number."""
    start = account.start
    if start is None:
        return None
    months = days = working_days = 0
    if start.fixed_on is None:
        amount, unit = (start.amount, start.unit) if start.amount else (version.amount, version.unit)
        if amount is None or unit is None:
            return None
        if unit == "months":
            months = amount
        elif unit == "days":
            days = amount
        else:
            working_days = amount
    by_working_days = working_days > 0
    for extension in account.extensions:
        if extension.unit == "months":
            months += extension.amount
        elif extension.unit == "days":
            days += extension.amount
        else:
            working_days += extension.amount
    return Length(start.fixed_on, months, days, working_days, by_working_days)


def versions_for(rule: Rule, on: EventDate, pinned: date | None) -> tuple[RuleVersion, RuleVersion, bool]:
    """The versions for the first and the last day a period may have started on, and whether their texts are
    in force.

    A pinned version counts for both, but only where it is not what the first day would have given anyway.
    """
    first, in_force = rule.version_on(on.earliest)
    if pinned is not None and pinned != first.name:
        version = rule.version_from(pinned)
        return version, version, version.in_force and pinned <= on.earliest
    if on.earliest == on.latest:
        return first, first, in_force
    last, last_in_force = rule.version_on(on.latest)
    return first, last, in_force and last_in_force


def _pin(rule: Rule, chosen: RuleVersion, on: EventDate) -> date | None:
    """The name that a version is recorded by; None for the first where its start day alone would give it."""
    if chosen.effective_from is None and rule.version_on(on.earliest)[0] is chosen:
        return None
    return chosen.name


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later (earlier, when negative), or the end of a shorter month
    ([民典]202).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year, month + 1)
    except ValueError:
        return date(year, month + 1, monthrange(year, month + 1)[1])


def _is_doubtful(span: Span, calendar: Calendar) -> bool:
    return span.consulted is not None and calendar.provisional(*span.consulted)


def _sooner(one: EventDate, other: EventDate) -> bool:
    return (one.earliest, one.latest) < (other.earliest, other.latest)


def suspensions(stops: Iterable[Suspended | Resumed]) -> list[tuple[date, date]]:
    """Pair suspensions and resumptions in the order of their days; one that repeats the state it finds adds
    nothing.
    """
    ranges = []
    since: date | None = None
    for stop in sorted(stops, key=lambda each: each.on):
        if stop.kind == "suspended":
            since = since or stop.on
        elif since is not None:
            ranges.append((since, stop.on))
            since = None
    if since is not None:
        ranges.append((since, date.max))
    return ranges
