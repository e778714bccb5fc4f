"""What holds of every count, and a second counter that was written without looking at the first.

The second one steps from day to day through the package's own published days, and shares no code with the
core.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import Calendar, calendar, editions
from models.dates import EventDate
from models.deadlines import (
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
    reckon,
)
from models.rules import Rule, Unit, all_rules, rule

ONE = timedelta(days=1)
NUMBERED = [entry for entry in all_rules() if entry.versions[-1].amount]
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


# the second counter


@cache
def worked(day: date) -> bool:
    if day == date(2005, 12, 31):
        return True  # 国办发明电〔2005〕35号, which the package lacks
    if 2004 <= day.year <= 2026:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def month_later(day: date, months: int) -> date:
    """Walk month by month, but always from the number of the first day."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def step_by_step(law: Rule, start: date) -> tuple[date, bool]:
    """The last day and whether it is provisional, one day at a time."""
    version = law.versions[0]
    for each in law.versions:
        if each.effective_from is None or start >= each.effective_from:
            version = each
    amount, unit = version.amount, version.unit
    assert amount is not None
    back = law.direction == "before"
    step = -ONE if back else ONE
    looked_at = []
    day = start
    if unit == "working_days":
        while amount:
            day += step
            looked_at.append(day)
            amount -= worked(day)
    else:
        if unit == "months":
            day = month_later(start, amount)
        else:
            for _ in range(amount):
                day += step
        looked_at.append(day)
        while not worked(day):
            day += step
            looked_at.append(day)
    unsure = any(
        each.year < 2004 or each.year > 2026 or (each.year == 2026 and (each.month, each.day) >= (12, 25))
        for each in looked_at
    )
    return day, unsure


@pytest.mark.parametrize("law", NUMBERED, ids=lambda law: law.key)
def test_every_rule_agrees_with_the_second_counter(law: Rule) -> None:
    latest = calendar()
    start = date(2002, 12, 20)
    while start < date(2028, 3, 1):
        answer = reckon(law, (Started(EventDate.on(start), "x"),), latest)
        assert (answer.due_on, answer.provisional) == step_by_step(law, start), (law.key, start)
        start += 11 * ONE


@pytest.mark.parametrize("key", ["coop.reply", "coop.copy", "pil.reply_urgent", "sup.hearing"])
def test_every_single_day_around_the_turn_of_the_last_year_agrees(key: str) -> None:
    start, law, latest = date(2026, 8, 1), rule(key), calendar()
    while start < date(2027, 2, 1):
        answer = reckon(law, (Started(EventDate.on(start), "x"),), latest)
        assert (answer.due_on, answer.provisional) == step_by_step(law, start), (key, start)
        start += ONE


# what anybody may draw

KNOWN_DAYS = st.dates(date(2005, 1, 1), date(2026, 6, 1))
ANY_DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
UNITS: tuple[Unit, ...] = ("months", "days", "working_days")
RULES = st.sampled_from(NUMBERED)
EDITIONS = st.sampled_from([calendar(name) for name in editions()])


@st.composite
def events(draw: st.DrawFn) -> EventDate:
    first = draw(KNOWN_DAYS)
    return EventDate(first, first + draw(st.sampled_from([0, 0, 0, 1, 30, 365])) * ONE)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    day = draw(KNOWN_DAYS)
    kind = draw(st.integers(0, 6))
    if kind == 0:
        return Suspended(day, "s")
    if kind == 1:
        return Resumed(day, "r")
    if kind == 2:
        return Excluded(day, day + draw(st.integers(-5, 200)) * ONE, "e")
    if kind == 3:
        return Extended(draw(st.integers(1, 40)), draw(st.sampled_from(UNITS)), "x")
    if kind == 4:
        return Corrected(draw(events()), "c")
    if kind == 5:
        return Met(draw(events()), "m")
    return Expired(day)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    return (Started(draw(events()), "f"), *draw(st.lists(entries(), max_size=8)))


def due(law: Rule, start: date, held: Calendar, *more: Entry) -> date:
    last_day = reckon(law, (Started(EventDate.on(start), "x"), *more), held).due_on
    assert last_day is not None
    return last_day


# what must hold


@settings(deadline=None)
@given(RULES, ANY_DAYS, EDITIONS)
def test_a_period_never_ends_on_a_rest_day(law: Rule, start: date, held: Calendar) -> None:
    assert held.is_working(due(law, start, held))


@settings(deadline=None)
@given(RULES, ANY_DAYS, st.integers(0, 40), EDITIONS)
def test_a_later_start_never_ends_earlier(law: Rule, start: date, later: int, held: Calendar) -> None:
    one = EventDate.on(start)
    other = EventDate.on(min(start + later * ONE, date(2100, 12, 31)))
    # A change of the law between the two starts may shorten a period; the calendar never does.
    version = law.version_on(start)[0].effective_from
    first = reckon(law, (Started(one, "x"),), held, version).due_on
    second = reckon(law, (Started(other, "x"),), held, version).due_on
    assert first is not None and second is not None and first <= second


@settings(deadline=None)
@given(
    # Months differ in length: 21 January + 1 month is a day longer than 29 January + 1 month.
    st.sampled_from([law for law in NUMBERED if law.versions[-1].unit != "months"]),
    KNOWN_DAYS,
    KNOWN_DAYS,
    st.integers(0, 300),
    st.integers(0, 60),
)
def test_a_later_start_never_ends_earlier_though_it_stands_still(
    law: Rule, start: date, stop: date, length: int, later: int
) -> None:
    pause = Excluded(stop, stop + length * ONE, "e")
    version = law.version_on(start)[0].effective_from
    first, second = (
        reckon(law, (Started(EventDate.on(each), "x"), pause), calendar(), version).due_on
        for each in (start, start + later * ONE)
    )
    assert first is not None and second is not None and first <= second


@settings(deadline=None)
@given(RULES, ledgers(), EDITIONS)
def test_counting_is_pure(law: Rule, ledger: Ledger, held: Calendar) -> None:
    assert reckon(law, ledger, held) == reckon(law, tuple(ledger), Calendar(held.name, held.years))


# Hypothesis shows what it found in full, calendars included, and warns of the length.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(deadline=None)
@given(RULES, ledgers(), EDITIONS)
def test_a_count_is_complete_and_consistent(law: Rule, ledger: Ledger, held: Calendar) -> None:
    answer = reckon(law, ledger, held)
    if answer.state == "suspended":
        assert answer.last_day is None and not answer.provisional
    if answer.due_on is not None:
        assert held.is_working(answer.due_on) and answer.due_from is None and answer.due_to is None
        assert answer.started_on is not None and answer.started_on.is_day
    if answer.due_from is not None:
        assert answer.due_to is not None and answer.due_from <= answer.due_to and answer.due_on is None
    if answer.days_late is not None:
        assert answer.late is (answer.days_late > 0) and answer.state == "met"
    if answer.state == "expired":
        assert answer.met_on is None and answer.last_day is not None
    assert (answer.met_on is not None) == any(entry.kind == "met" for entry in ledger)


@settings(deadline=None)
@given(RULES, KNOWN_DAYS, st.lists(entries(), max_size=8), st.randoms(use_true_random=False))
def test_only_starts_care_for_the_order_of_a_ledger(
    law: Rule, start: date, more: list[Entry], dice: Random
) -> None:
    # Suspensions are set in order by their days, everything else adds up: late papers change nothing.
    rest = [entry for entry in more if entry.kind != "corrected"]
    days = {entry.on for entry in rest if entry.kind in ("suspended", "resumed")}
    if len(days) < sum(entry.kind in ("suspended", "resumed") for entry in rest):
        return
    shuffled = list(rest)
    dice.shuffle(shuffled)
    first = Started(EventDate.on(start), "x")
    assert reckon(law, (first, *rest), calendar()) == reckon(law, (first, *shuffled), calendar())


@settings(deadline=None)
@given(RULES, KNOWN_DAYS, KNOWN_DAYS, st.lists(entries(), max_size=4))
def test_a_correction_counts_as_if_it_had_been_known(
    law: Rule, wrong: date, right: date, more: list[Entry]
) -> None:
    rest = tuple(entry for entry in more if entry.kind != "corrected")
    corrected = (Started(EventDate.on(wrong), "x"), *rest, Corrected(EventDate.on(right), "c"))
    assert reckon(law, corrected, calendar()) == reckon(
        law, (Started(EventDate.on(right), "x"), *rest), calendar()
    )


@settings(deadline=None)
@given(KNOWN_DAYS, st.integers(1, 24), st.integers(1, 24))
def test_months_are_never_chained(start: date, amount: int, more: int) -> None:
    law = rule("sup.review")
    whole = reckon(law, (Started(EventDate.on(start), "x", amount + more, "months"),), calendar())
    split = reckon(
        law, (Started(EventDate.on(start), "x", amount, "months"), Extended(more, "months", "e")), calendar()
    )
    assert whole == split and whole.unrolled == month_later(start, amount + more)


@settings(deadline=None)
@given(KNOWN_DAYS, st.lists(st.tuples(st.integers(-20, 120), st.integers(0, 90)), max_size=5))
def test_days_excluded_are_their_union(start: date, ranges: list[tuple[int, int]]) -> None:
    pauses = [Excluded(start + at * ONE, start + (at + length) * ONE, "e") for at, length in ranges]
    answer = reckon(rule("sup.review"), (Started(EventDate.on(start), "x"), *pauses), calendar())
    # The second way: walk the days, and let one pass for each that is not excluded.
    still = {entry.first + n * ONE for entry in pauses for n in range(1, (entry.last - entry.first).days + 1)}
    left = (month_later(start, 3) - start).days
    day = start
    while left:
        day += ONE
        left -= day not in still
    # A pause that begins on the last day, or while that day rolls, moves it on as well.
    moved = True
    while moved:
        moved = False
        rolled = day
        while not worked(rolled):
            rolled += ONE
        for entry in sorted(pauses, key=lambda each: each.first):
            if entry.first <= rolled and entry.last > day:
                beyond = {each for each in still if each > day and entry.first < each <= entry.last}
                day = max(day + len(beyond) * ONE, entry.last)
                moved = True
                break
    while not worked(day):
        day += ONE
    assert answer.due_on == day


@settings(deadline=None)
@given(ANY_DAYS, st.integers(-300, 300))
def test_working_days_are_added_one_at_a_time(start: date, n: int) -> None:
    day, left = start, abs(n)
    while left:
        day += ONE if n > 0 else -ONE
        left -= worked(day)
    assert calendar().add_working_days(start, n) == day


@settings(deadline=None)
@given(RULES, ANY_DAYS)
def test_an_edition_answers_the_same_for_ever(law: Rule, start: date) -> None:
    ledger = (Started(EventDate.on(start), "x"),)
    for name in editions():
        assert reckon(law, ledger, calendar(name)) == reckon(law, ledger, calendar(name))
    older, newest = reckon(law, ledger, calendar(editions()[-2])), reckon(law, ledger, calendar())
    # What an older edition held for certain, a newer one may not move.
    assert older.provisional or older.due_on == newest.due_on
