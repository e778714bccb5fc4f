"""Counting, in tables checked by hand against the statutes and the State Council's holiday notices."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter

from models import deadlines
from models.calendar import calendar
from models.dates import EventDate
from models.deadlines import (
    Corrected,
    Entry,
    Excluded,
    Ledger,
    Reckoning,
    Span,
    Started,
    Suspended,
    account_of,
    add_months,
    reckon,
)
from models.errors import InputError, Problem
from models.rules import rule


def day(text: str) -> date:
    return date.fromisoformat(text)


def on(text: str) -> EventDate:
    return EventDate.parse(text)


def count(key: str, start: str, *entries: Entry, edition: str | None = None) -> Reckoning:
    return reckon(rule(key), (Started(on(start), "送达"), *entries), calendar(edition))


def span(start: Started, *entries: Entry, key: str = "sup.review") -> Span | None:
    law, first = rule(key), start.on.earliest
    return deadlines.count(law, account_of((start, *entries)), first, law.version_on(first)[0], calendar())


# months: the corresponding day, else the month's end, then rolling (民法典第二百零一条至第二百零三条)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2021-09-15", "2021-11-15"),
        ("2021-07-18", "2021-09-18"),  # a Saturday that was worked: no roll
        ("2021-08-01", "2021-10-08"),  # 1 October rolls over the National Day holiday
        ("2021-12-31", "2022-02-28"),  # no 31 February
        ("2022-02-28", "2022-04-28"),  # the day of the event, not the end of the month
        ("2023-12-31", "2024-02-29"),
        ("2018-05-07", "2018-07-09"),  # case 02: a Saturday rolls to Monday
        ("2024-04-01", "2024-06-03"),  # case 39: a Saturday rolls to Monday
        ("2025-12-31", "2026-02-28"),  # the month's end is a Saturday that was worked
        ("2025-12-14", "2026-02-14"),  # a Saturday that was worked
        ("2025-12-15", "2026-02-24"),  # into the Spring Festival of 2026
    ],
)
def test_two_months_of_article_3(start: str, due: str) -> None:
    assert count("coop.reply", start).due_on == day(due)


@pytest.mark.parametrize(
    ("from_day", "months", "to"),
    [
        ("2021-01-31", 1, "2021-02-28"),
        ("2021-01-31", 2, "2021-03-31"),  # never chained by way of February
        ("2024-01-31", 1, "2024-02-29"),
        ("2021-12-15", 1, "2022-01-15"),
        ("2021-11-30", 3, "2022-02-28"),
        ("2021-03-31", -1, "2021-02-28"),
        ("2021-01-15", -1, "2020-12-15"),
        ("2021-01-15", -13, "2019-12-15"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-02-29", 48, "2024-02-29"),
        ("2021-05-31", 0, "2021-05-31"),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(from_day: str, months: int, to: str) -> None:
    assert add_months(day(from_day), months) == day(to)


# working days: made-up weekends are worked (明检会〔2021〕5号第四条; 行政强制法第六十九条)


@pytest.mark.parametrize(
    ("key", "start", "due"),
    [
        ("coop.copy", "2021-09-15", "2021-09-23"),
        ("coop.copy", "2021-09-24", "2021-09-30"),
        ("coop.copy", "2023-09-22", "2023-10-07"),
        ("coop.copy", "2024-09-10", "2024-09-18"),
        ("ag.demand", "2021-09-15", "2021-09-29"),
        ("ag.demand", "2025-01-20", "2025-02-08"),
        ("ct.rule", "2021-09-15", "2021-09-26"),  # the seventh is Sunday 26 September, worked
        ("ag.serve", "2022-09-28", "2022-10-12"),  # Saturday 8 and Sunday 9 October worked
        ("post.attempts", "2021-04-30", "2021-05-11"),
    ],
)
def test_working_days(key: str, start: str, due: str) -> None:
    reckoning = count(key, start)
    assert reckoning.due_on == reckoning.unrolled == day(due)


# calendar days, the last of which rolls (民事诉讼法第八十五条)


@pytest.mark.parametrize(
    ("key", "start", "due", "unrolled"),
    [
        ("pil.serve", "2021-09-15", "2021-09-18", "2021-09-18"),
        ("pil.serve", "2021-09-28", "2021-10-08", "2021-10-01"),
        ("pil.reply_urgent", "2021-09-15", "2021-09-30", "2021-09-30"),
        ("pil.reply_urgent", "2021-09-17", "2021-10-08", "2021-10-02"),
        ("jy.file_up", "2024-02-05", "2024-02-18", "2024-02-10"),  # Sunday 18 February was worked
        ("ct.rule_hearing", "2024-01-31", "2024-03-01", "2024-03-01"),
        ("ag.decide", "2023-11-12", "2024-02-18", "2024-02-10"),
        ("sup.flow", "2024-12-22", "2025-01-02", "2025-01-01"),
    ],
)
def test_calendar_days(key: str, start: str, due: str, unrolled: str) -> None:
    reckoning = count(key, start)
    assert (reckoning.due_on, reckoning.unrolled) == (day(due), day(unrolled))


# counted back from an event, rolling back


@pytest.mark.parametrize(
    ("hearing", "due"),
    [
        ("2021-10-08", "2021-09-30"),
        ("2021-09-23", "2021-09-18"),  # 20 September is Mid-Autumn; the Saturday before was worked
        ("2024-03-07", "2024-03-04"),
        ("2024-03-06", "2024-03-01"),
    ],
)
def test_three_days_before_a_hearing(hearing: str, due: str) -> None:
    # 人民检察院行政诉讼监督规则第七十条
    assert count("sup.hearing", hearing).due_on == day(due)


def test_nothing_stops_a_period_counted_back() -> None:
    assert count("sup.hearing", "2024-03-07", Suspended(day("2024-03-05"), "x")).due_on == day("2024-03-04")


def test_months_and_working_days_counted_back() -> None:
    law, start = rule("sup.hearing"), on("2021-10-08")
    by_month = reckon(law, (Started(start, "x", 1, "months"),), calendar())
    assert by_month.due_on == day("2021-09-08")
    by_working_day = reckon(law, (Started(start, "x", 2, "working_days"),), calendar())
    assert by_working_day.due_on == day("2021-09-29") and not by_working_day.provisional
    # The day of the event is not counted, so what may still become of it does not matter.
    eve = reckon(law, (Started(on("2026-12-25"), "x", 2, "working_days"),), calendar())
    assert eve.due_on == day("2026-12-23") and not eve.provisional
    after = reckon(law, (Started(on("2026-12-26"), "x", 2, "working_days"),), calendar())
    assert after.due_on == day("2026-12-24") and after.provisional


# what an explanation is told of a count


def test_a_count_says_how_it_came_to_its_end() -> None:
    pauses = (
        Excluded(day("2022-02-01"), day("2022-03-01"), "x"),  # over before the start
        Excluded(day("2022-02-01"), day("2022-03-03"), "x"),  # two of its days lie after it
        Excluded(day("2022-04-10"), day("2022-04-20"), "x"),
    )
    assert span(Started(on("2022-03-01"), "x"), *pauses) == Span(
        plain=day("2022-06-01"),
        unrolled=day("2022-06-13"),
        due=day("2022-06-13"),
        consulted=(day("2022-06-13"), day("2022-06-13")),
        pauses=((day("2022-03-01"), day("2022-03-03")), (day("2022-04-10"), day("2022-04-20"))),
    )
    back = Span(
        day("2021-10-05"), day("2021-10-05"), day("2021-09-30"), (day("2021-09-30"), day("2021-10-05"))
    )
    assert span(Started(on("2021-10-08"), "x"), key="sup.hearing") == back
    assert count("sup.hearing", "2021-10-08").unrolled == back.unrolled
    named = day("2021-10-02")
    assert span(Started(on("2021-09-15"), "x", fixed_on=named)) == Span(named, named, named, None)


def test_no_days_excluded_while_the_last_day_rolls_move_nothing() -> None:
    # The end, Saturday 4 June 2022, rolls to Monday; nothing stood still on the Sunday between.
    none = Excluded(day("2022-06-05"), day("2022-06-05"), "x")
    assert span(Started(on("2022-03-04"), "x"), none) == span(Started(on("2022-03-04"), "x"))


# waiting periods: the right opens on the day after


@pytest.mark.parametrize(
    ("key", "start", "due", "opens"),
    [
        ("ag.demand", "2025-01-20", "2025-02-08", "2025-02-09"),
        ("pt.sue_demolish", "2021-09-16", "2021-10-08", "2021-10-09"),
        ("pt.pay", "2024-03-01", "2024-03-18", "2024-03-19"),
        ("pt.review", "2024-01-02", "2024-03-04", "2024-03-05"),
        ("pt.sue", "2015-04-30", "2015-07-30", "2015-07-31"),  # three months until 30 April 2015
        ("pt.sue", "2015-05-01", "2015-11-02", "2015-11-03"),  # six from 1 May 2015
    ],
)
def test_a_waiting_period_opens_a_right(key: str, start: str, due: str, opens: str) -> None:
    reckoning = count(key, start)
    assert (reckoning.due_on, reckoning.opens_on) == (day(due), day(opens))


def test_no_right_opens_where_nothing_is_waited_for() -> None:
    assert count("coop.reply", "2021-09-15").opens_on is None


def test_six_months_and_three_years() -> None:
    assert count("ct.execute_ext", "2022-03-01").due_on == day("2022-09-01")
    assert count("ex.suspend", "2021-02-28").due_on == day("2024-02-28")
    assert count("sup.window", "2021-10-31").due_on == day("2022-05-05")  # 30 April begins Labour Day


# versions in force


@pytest.mark.parametrize(
    ("key", "start", "due", "in_force"),
    [
        ("pil.reply", "2015-01-05", "2015-02-05", False),  # before every text: the earliest
        ("pil.reply", "2016-07-18", "2016-08-18", True),  # the pilot's one month
        ("pil.reply", "2017-06-30", "2017-07-31", True),  # 30 July is a Sunday
        ("pil.reply", "2017-07-01", "2017-09-01", False),  # no text: two months are taken
        ("pil.reply", "2018-03-01", "2018-05-02", False),  # 1 May rolls
        ("pil.reply", "2018-03-02", "2018-05-02", True),
        ("coop.reply", "2021-09-14", "2021-11-15", False),
    ],
)
def test_the_version_of_the_start_day(key: str, start: str, due: str, in_force: bool) -> None:
    reckoning = count(key, start)
    assert (reckoning.due_on, reckoning.in_force) == (day(due), in_force)


def test_a_running_case_keeps_the_version_it_began_with() -> None:
    ledger: Ledger = (Started(on("2016-01-04"), "x"), Corrected(on("2018-06-04"), "y"))
    assert reckon(rule("pil.reply"), ledger, calendar()).due_on == day("2018-08-06")
    kept = reckon(rule("pil.reply"), ledger, calendar(), day("2015-12-24"))
    assert (kept.due_on, kept.version, kept.in_force) == (day("2018-07-04"), day("2015-12-24"), True)
    early = reckon(rule("pil.reply"), (Started(on("2016-01-04"), "x"),), calendar(), day("2018-03-02"))
    assert (early.due_on, early.in_force) == (day("2016-03-04"), False)
    gap = reckon(rule("pil.reply"), (Started(on("2018-06-04"), "x"),), calendar(), day("2017-07-01"))
    assert not gap.in_force
    with pytest.raises(InputError, match="没有自"):
        reckon(rule("pil.reply"), ledger, calendar(), day("2019-01-01"))


# provisional: what an unpublished calendar may still move


@pytest.mark.parametrize(
    ("key", "start", "due", "provisional"),
    [
        ("coop.reply", "2026-11-23", "2027-01-25", True),
        ("coop.reply", "2026-10-28", "2026-12-28", True),  # the last week of December
        ("coop.reply", "2026-10-24", "2026-12-24", False),
        ("coop.reply", "2026-10-25", "2026-12-25", True),
        ("coop.copy", "2026-12-17", "2026-12-24", False),
        ("coop.copy", "2026-12-18", "2026-12-25", True),
        ("coop.copy", "2026-12-25", "2027-01-04", True),
        ("ag.decide", "2026-09-26", "2026-12-25", True),
        ("coop.reply", "2003-10-08", "2003-12-08", True),  # not kept: unknown as well
        ("coop.reply", "2003-11-05", "2004-01-05", False),  # only the end and the days rolled over matter
        ("coop.copy", "2003-12-29", "2004-01-06", True),  # every day counted matters
        ("coop.copy", "2003-12-31", "2004-01-08", False),  # but not the day of the event
        ("coop.copy", "2004-01-01", "2004-01-08", False),
        ("sup.hearing", "2027-01-05", "2026-12-31", True),
        ("sup.hearing", "2026-12-28", "2026-12-25", True),
        ("sup.hearing", "2026-12-27", "2026-12-24", False),
    ],
)
def test_what_touches_an_unpublished_year_is_provisional(
    key: str, start: str, due: str, provisional: bool
) -> None:
    reckoning = count(key, start)
    assert (reckoning.due_on, reckoning.provisional) == (day(due), provisional)


def test_a_range_is_provisional_when_either_end_is() -> None:
    assert count("coop.reply", "2026-10").provisional
    assert count("coop.reply", "2003-10/2004-03").provisional
    assert not count("coop.reply", "2026-09").provisional


def test_the_edition_decides() -> None:
    early = count("sup.review", "2019-10-31", edition="2020")
    late = count("sup.review", "2019-10-31", edition="2020-01")
    assert (early.due_on, early.edition) == (day("2020-01-31"), "2020")
    assert (late.due_on, late.edition) == (day("2020-02-03"), "2020-01")
    unknown = count("sup.review", "2019-10-31", edition="2019-03")
    assert unknown.provisional and unknown.due_on == day("2020-01-31")


# limits


@pytest.mark.parametrize("start", ["1948-12-31", "2101-01-01", "1948-12", "2100-12-31/2101-01-01"])
def test_a_start_out_of_range_is_refused(start: str) -> None:
    with pytest.raises(InputError) as refused:
        count("coop.reply", start)
    what = f"起算日 {start} 不在 1949-01-01 至 2100-12-31 之间"
    assert refused.value.problems == (Problem(what, remedy="请核对起算日", field="on"),)


@pytest.mark.parametrize("start", ["1949-01-01", "2100-12-31"])
def test_every_rule_answers_at_the_ends_of_the_range(start: str) -> None:
    for key in ("coop.reply", "coop.copy", "sup.hearing", "ex.suspend", "ag.decide"):
        assert count(key, start).due_on is not None


@pytest.mark.parametrize("unit", ["months", "days", "working_days"])
@pytest.mark.parametrize("amount", [200_000, 10**9, 10**12])
def test_an_end_that_no_calendar_reaches_is_refused(unit: str, amount: int) -> None:
    adapter: TypeAdapter[Started] = TypeAdapter(Started)
    start = adapter.validate_python({"on": "2021-09-15", "by": "x", "amount": amount, "unit": unit})
    with pytest.raises(InputError, match=r"期限过长|超出可计算的范围"):
        reckon(rule("coop.reply"), (start,), calendar())


def test_a_period_beyond_every_date_says_which_number_is_wrong() -> None:
    with pytest.raises(InputError) as refused:
        reckon(rule("coop.reply"), (Started(on("2021-09-15"), "x", 200_000, "months"),), calendar())
    wrong = Problem("期限过长，算出的日期不存在", remedy="请核对期限的数量和单位", field="amount")
    assert refused.value.problems == (wrong,)
