"""Which deadlines a calendar moves: the sieve against a counter of days that knows nothing of ours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import Calendar, calendar
from models.dates import EventDate
from models.deadlines import Excluded, Extended, Met, Started, reckon
from models.edition_changes import ChangedDays, in_words
from models.ledgers import LedgerEntry
from models.moves import Days, OpenDeadline, Sieve, Sifted, first_changes
from models.projecting import LEDGER
from models.rules import rule
from models.year_files import YearFile, read_year

YEAR = """
year = 2027
source = "测试用年历"
holidays = [
  { from = 2027-01-01, to = 2027-01-03, name = "元旦" },
  { from = 2027-02-05, to = 2027-02-11, name = "春节" },
  { from = 2027-05-01, to = 2027-05-03, name = "劳动节" },
  { from = 2027-10-01, to = 2027-10-05, name = "国庆节" },
]
made_up = [2027-01-30, 2027-02-13]
"""
BEFORE = calendar()
AFTER = BEFORE.with_years([read_year(YEAR)])


def counted(
    ledger: tuple[LedgerEntry, ...],
    key: str = "coop.copy",
    under: Calendar = BEFORE,
    version: date | None = None,
) -> OpenDeadline:
    """The registry's row of a ledger that was counted under an edition."""
    found = reckon(rule(key), ledger, under, version)
    return OpenDeadline(
        case="urging-350481-2026-0001",
        key=f"L1/{key}",
        rule=key,
        name=rule(key).name,
        party="某局",
        due_on=found.due_on,
        due_from=found.due_from,
        due_to=found.due_to,
        provisional=found.provisional,
        edition=under.name,
        ledger=LEDGER.dump_json(ledger, exclude_none=True).decode(),
    )


def started(on: str, **fields: object) -> Started:
    return Started(on=EventDate.parse(on), by="served-1", **fields)  # type: ignore[arg-type] # amount, unit, basis


def sifted(*rows: OpenDeadline, before: Calendar = BEFORE, after: Calendar = AFTER) -> Sifted:
    known = {each.name: each for each in (before, after, BEFORE)}
    return Sieve(before, after, known.get, rule).sift(rows)


def test_the_days_that_differ_and_how_they_are_told() -> None:
    changes = ChangedDays(BEFORE, AFTER)
    # 2027-02-06 and -07 are a weekend, as 10-02 and -03 are: nothing changes there.
    assert in_words(changes.days) == [
        "2027-01-30 改为上班（调休上班）",
        "2027-02-05 改为放假（春节）",
        "2027-02-08 至 2027-02-11 改为放假（春节）",
        "2027-02-13 改为上班（调休上班）",
        "2027-05-03 改为放假（劳动节）",
        "2027-10-04 至 2027-10-05 改为放假（国庆节）",
    ]
    assert ChangedDays(AFTER, AFTER).days == ()
    back = ChangedDays(AFTER, BEFORE).between(date(2027, 5, 3), date(2027, 5, 3))
    assert in_words(back) == ["2027-05-03 改为上班（不再放假）"]


def test_a_deadline_moves_with_its_reason() -> None:
    row = counted((started("2026-12-05"),), "coop.reply")
    assert row.due_on == date(2027, 2, 5)
    [move] = sifted(row).moved
    assert (move.was, move.now) == (row.days, Days(date(2027, 2, 12), None, None))
    assert move.why == "2027-02-05 改为放假（春节）；2027-02-08 至 2027-02-11 改为放假（春节）"
    assert not move.done and not move.still_provisional


def test_one_that_keeps_its_day_is_only_firm() -> None:
    found = sifted(counted((started("2026-11-04"),), "coop.reply"))
    assert (found.moved, found.firmed, found.behind) == ([], 1, 1)


def test_one_that_was_counted_again_already_is_done() -> None:
    [move] = sifted(counted((started("2026-12-05"),), "coop.reply", AFTER)).moved
    assert move.done and (str(move.was), str(move.now)) == ("2027-02-05", "2027-02-12")


def met(started_on: str, on: str, under: Calendar) -> OpenDeadline:
    """The row of a reply's period that was met on a day."""
    ledger = (started(started_on), Met(on=EventDate.parse(on), by="reply-1"))
    return counted(ledger, "coop.reply", under)._replace(met_on=on)


# 国办发明电〔2020〕1号 of 27 January 2020 prolonged the Spring Festival by 31 January to 2 February.
OLD, NEW = calendar("2020"), calendar("2020-01")


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        ("2020-02-03", "2020-02-03 办到：逾期 3 天改为按期"),
        ("2020-02-05", "2020-02-05 办到：逾期 5 天改为逾期 2 天"),
        ("2020-01-31", ""),
        ("2020-01-10", ""),
        ("2020-02", "2020-02 办到：逾期改为是否按期不明"),
    ],
)
def test_what_was_met_moves_where_it_is_late_by_one_calendar_alone(on: str, outcome: str) -> None:
    row = met("2019-11-30", on, OLD)
    assert row.due_on == date(2020, 1, 31)
    found = sifted(row, before=OLD, after=NEW)
    assert [each.outcome for each in found.moved] == ([outcome] if outcome else [])
    assert (found.seen, found.behind, found.firmed) == (0, 0, 0)
    # Once its case has counted it again, it is told as done, in the same words.
    done = sifted(met("2019-11-30", on, NEW), before=OLD, after=NEW)
    assert [(each.outcome, each.done) for each in done.moved] == ([(outcome, True)] if outcome else [])


def test_the_first_day_that_is_another_than_by_an_edition() -> None:
    known = {each.name: each for each in (OLD, NEW, BEFORE)}
    found = first_changes((OLD.name, NEW.name, "别处的版本"), OLD, NEW, known.get)
    assert found == {OLD.name: date(2020, 1, 31), NEW.name: date(2020, 1, 31)}


@given(
    days=st.dates(date(2019, 9, 1), date(2020, 1, 20)),
    met_after=st.integers(0, 200),
    key=st.sampled_from(["coop.reply", "coop.copy"]),
)
@settings(max_examples=300)
def test_nothing_that_was_met_before_the_first_changed_day_turns(
    days: date, met_after: int, key: str
) -> None:
    on = days + timedelta(days=met_after)
    ledger = (started(str(days)), Met(on=EventDate.on(on), by="reply-1"))
    row = counted(ledger, key, OLD)._replace(met_on=str(on))
    turned = bool(sifted(row, before=OLD, after=NEW).moved)
    late = [reckon(rule(key), ledger, each).days_late for each in (OLD, NEW)]
    on_time_or_not = [max(each or 0, 0) for each in late]
    assert turned == (on_time_or_not[0] != on_time_or_not[1])
    assert not turned or on >= date(2020, 1, 31)


def test_a_period_of_the_place_s_own_text_is_counted_by_it() -> None:
    own = started("2026-12-30", amount=25, unit="working_days", basis="某县协作办法第四条")
    [move] = sifted(counted((own,), "coop.reply")).moved
    assert (move.was.due_on, move.now.due_on) == (date(2027, 2, 4), date(2027, 2, 3))
    assert move.why == "2027-01-30 改为上班（调休上班）"


def test_a_version_that_the_table_has_left_behind_is_found_by_its_days() -> None:
    """A case that kept the text of 2015, of one month: the row does not name its version, its days do."""
    row = counted((started("2027-01-05"),), "pil.reply", version=date(2015, 12, 24))
    assert row.due_on == date(2027, 2, 5) != counted((started("2027-01-05"),), "pil.reply").due_on
    found = sifted(row)
    assert ([move.now.due_on for move in found.moved], found.unclear) == ([date(2027, 2, 12)], [])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"due_on": date(2027, 3, 9)}, "重算不出"),
        ({"edition": "没有这一版"}, "没有这一版"),
        ({"ledger": "started；met"}, "读不出来"),
        ({"rule": "没有.这条"}, "没有.这条"),
    ],
)
def test_what_the_row_cannot_tell_is_said_and_not_guessed(changes: dict[str, object], why: str) -> None:
    found = sifted(counted((started("2026-12-05"),), "coop.reply")._replace(**changes))  # type: ignore[arg-type] # fields
    assert found.moved == [] and [why in each.why for each in found.unclear] == [True]


# ── against a counter of days ────────────────────────────────────────────────────────────────────────────────


def plainly_due(
    start: date, working_days: int, months: int, lost: tuple[date, date] | None, off: set[date]
) -> date:
    """The last day, counted on the fingers: so many working days, or months and on to the next working day."""
    day = start
    if months:
        month = start.month - 1 + months
        day = date(start.year + month // 12, month % 12 + 1, 1)
        day += timedelta(days=min(start.day, ((day + timedelta(days=31)).replace(day=1) - day).days) - 1)
        while day in off:
            day += timedelta(days=1)
        return day
    while working_days:
        day += timedelta(days=1)
        is_lost = lost is not None and lost[0] < day <= lost[1]
        if day not in off and not is_lost:
            working_days -= 1
    return day


def days_off(year: YearFile | None) -> set[date]:
    """Every day of the two years that nobody works, by the notice of 2026 and perhaps that of 2027."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(900)]
    fixed = {
        date(y, m, d) for y in (2027, 2028) for m, d in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
    }
    known = {each.year: each for each in BEFORE.years}
    off = {each for each in days if each.weekday() > 4} | fixed
    for file in (known[2026], year):
        if file is not None:
            off -= {each for each in fixed if each.year == file.year and each.weekday() < 5}
            for first, last, _ in file.holidays:
                off |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
            off -= set(file.made_up)
    return off


@st.composite
def years(draw: st.DrawFn) -> YearFile:
    """A year with the holidays that are always there, some others, and some made-up weekends."""
    others = draw(st.lists(st.integers(10, 100), max_size=6, unique=True))
    spans = [(date(2027, 1, 1) + timedelta(days=n),) * 2 for n in others]
    holidays = [(first, last, "春节") for first, last in spans]
    holidays += [
        (date(2027, 1, 1), date(2027, 1, 1), "元旦"),
        (date(2027, 5, 1), date(2027, 5, 2), "劳动节"),
        (date(2027, 10, 1), date(2027, 10, 3), "国庆节"),
    ]
    taken = {first for first, _ in spans}
    weekends = [day for n in range(10, 100) if (day := date(2027, 1, 1) + timedelta(days=n)).weekday() > 4]
    made_up = draw(
        st.lists(st.sampled_from([each for each in weekends if each not in taken]), max_size=4, unique=True)
    )
    return YearFile(2027, tuple(sorted(holidays)), tuple(sorted(made_up)), source="测试")


@given(
    year=years(),
    starts=st.lists(st.integers(0, 120), min_size=1, max_size=8),
    lost=st.none() | st.tuples(st.integers(0, 10), st.integers(1, 20)),
    extended=st.integers(0, 10),
)
@settings(max_examples=150, deadline=None)
def test_exactly_those_move_that_a_recount_says(
    year: YearFile, starts: list[int], lost: tuple[int, int] | None, extended: int
) -> None:
    after = BEFORE.with_years([year])
    rows, expected = [], []
    off_before, off_after = days_off(None), days_off(year)
    for number, days in enumerate(starts):
        start = date(2026, 10, 20) + timedelta(days=days)
        by_months = number % 2
        ledger: tuple[LedgerEntry, ...] = (started(str(start)),)
        pause = None
        if not by_months:
            if lost is not None:
                pause = (start + timedelta(days=lost[0]), start + timedelta(days=sum(lost)))
                ledger += (Excluded(first=pause[0], last=pause[1], by="f"),)
            if extended:
                ledger += (Extended(amount=extended, unit="working_days", by="f"),)
        amount = started(
            str(start), amount=2 if by_months else 15, unit="months" if by_months else "working_days"
        )
        ledger = (amount, *ledger[1:])
        row = counted(ledger)._replace(case=f"case-{number}")
        was, now = (
            plainly_due(start, 0 if by_months else 15 + extended, 2 if by_months else 0, pause, off)
            for off in (off_before, off_after)
        )
        assert row.due_on == was
        rows.append(row)
        if was != now:
            expected.append((row.case, was, now))
    found = sifted(*rows, after=after)
    told = [(each.deadline.case, each.was.due_on, each.now.due_on) for each in found.moved]
    assert (told, found.unclear) == (expected, [])


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (Days(date(2027, 1, 21), None, None), "2027-01-21"),
        (Days(None, date(2027, 1, 18), date(2027, 1, 21)), "2027-01-18 至 2027-01-21"),
        (Days(None, date(2027, 1, 21), date(2027, 1, 21)), "2027-01-21"),
        (Days(None, None, None), "无"),
    ],
)
def test_days_are_told_as_one_where_they_are_one(days: Days, told: str) -> None:
    assert str(days) == told
