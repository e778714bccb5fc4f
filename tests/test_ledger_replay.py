"""Replaying a ledger: extended, stopped, corrected, met and expired, in whatever order it became known."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter

from models.calendar import calendar
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
    reckon,
)
from models.rules import rule
from tests.test_deadlines import count, day, on


def excluded(first: str, last: str) -> Excluded:
    return Excluded(day(first), day(last), "鉴定")


def suspended(text: str) -> Suspended:
    return Suspended(day(text), "中止")


def resumed(text: str) -> Resumed:
    return Resumed(day(text), "恢复")


# extensions are counted from the start


def test_case_39_extended_and_with_an_appraisal_excluded() -> None:
    one_more = Extended(1, "months", "决定", "检察长")
    appraisal = excluded("2024-06-14", "2024-08-03")
    reckoning = count("pil.prosecute", "2024-06-03", one_more, appraisal)
    assert (reckoning.unrolled, reckoning.due_on) == (day("2024-09-22"), day("2024-09-23"))
    assert count("pil.prosecute", "2024-06-03", one_more).due_on == day("2024-08-05")
    sued = count("pil.prosecute", "2024-06-03", one_more, appraisal, Met(on("2024-09-19"), "起诉"))
    assert (sued.state, sued.days_late, sued.late) == ("met", -4, False)


def test_an_extension_is_never_chained_from_the_old_due_day() -> None:
    # 31 August + 3 months = 30 November; + 4 months = 31 December, not 30 December.
    assert count("ct.reply", "2021-08-31").due_on == day("2021-11-30")
    longer = count("ct.reply", "2021-08-31", Extended(1, "months", "x"))
    assert longer.due_on == day("2021-12-31")


def test_extensions_of_other_units_follow_the_months() -> None:
    assert count("sup.review", "2021-12-01", Extended(10, "days", "x")).due_on == day("2022-03-11")
    assert count("sup.review", "2021-12-01", Extended(3, "working_days", "x")).due_on == day("2022-03-04")
    assert count("pil.serve", "2024-03-01", Extended(1, "months", "x")).due_on == day("2024-04-07")
    twice = count("sup.review", "2021-12-01", Extended(1, "months", "x"), Extended(1, "months", "y"))
    assert twice.due_on == day("2022-05-05")  # 1 May rolls over Labour Day
    days = count("sup.review", "2021-12-01", Extended(10, "days", "x"), Extended(5, "days", "y"))
    assert days.due_on == day("2022-03-16")
    worked = (Extended(3, "working_days", "x"), Extended(2, "working_days", "y"))
    assert count("sup.review", "2021-12-01", *worked).due_on == day("2022-03-08")


# days that do not count


def test_days_are_excluded_after_the_first_up_to_the_last() -> None:
    reckoning = count("sup.review", "2022-03-01", excluded("2022-04-01", "2022-04-20"))
    assert reckoning.due_on == day("2022-06-20")  # 1 June + 19 days


def test_a_suspension_is_the_same_as_days_excluded() -> None:
    stopped = count("sup.review", "2022-03-01", suspended("2022-04-01"), resumed("2022-04-20"))
    assert stopped.due_on == day("2022-06-20")


@pytest.mark.parametrize(
    ("ranges", "due"),
    [
        ([("2022-04-01", "2022-04-11")], "2022-06-13"),  # 11 June is a Saturday
        ([("2022-04-01", "2022-04-10"), ("2022-04-05", "2022-04-20")], "2022-06-20"),  # overlapping
        ([("2022-04-01", "2022-04-20"), ("2022-04-05", "2022-04-10")], "2022-06-20"),  # one in the other
        ([("2022-04-10", "2022-04-20"), ("2022-04-01", "2022-04-10")], "2022-06-20"),  # touching
        ([("2022-04-01", "2022-04-20"), ("2022-04-01", "2022-04-20")], "2022-06-20"),  # twice
        ([("2022-04-01", "2022-04-10"), ("2022-04-11", "2022-04-20")], "2022-06-20"),  # 9 + 9 = 18, Sunday
        ([("2022-04-01", "2022-04-01")], "2022-06-01"),  # no day at all
        ([("2022-04-20", "2022-04-01")], "2022-06-01"),  # the wrong way round
        ([("2022-02-01", "2022-03-11")], "2022-06-13"),  # only what lies after the start: 10 days
        ([("2022-02-01", "2022-03-01")], "2022-06-01"),
        ([("2022-02-01", "2022-03-01"), ("2022-04-01", "2022-04-20")], "2022-06-20"),  # the second counts
        ([("2022-06-01", "2022-06-08")], "2022-06-08"),  # begins on the very last day
        ([("2022-06-02", "2022-06-08")], "2022-06-01"),  # the period had ended
        ([("2022-05-02", "2022-05-12"), ("2022-06-10", "2022-06-13")], "2022-06-14"),  # first one made room
    ],
)
def test_the_union_of_what_is_excluded(ranges: list[tuple[str, str]], due: str) -> None:
    reckoning = count("sup.review", "2022-03-01", *(excluded(*each) for each in ranges))
    assert reckoning.due_on == day(due)


def test_a_period_of_working_days_is_stopped_in_working_days() -> None:
    # 16, 17, 18 and 22 September do not count; the fifth working day after them is Tuesday 28.
    assert count("coop.copy", "2021-09-15", excluded("2021-09-15", "2021-09-22")).due_on == day("2021-09-28")
    # One working day, but 7 and 8 March do not count.
    one_day = (Started(on("2022-03-04"), "x", 1, "working_days"), excluded("2022-03-04", "2022-03-08"))
    assert reckon(rule("jy.reply_urgent"), one_day, calendar()).due_on == day("2022-03-09")


@pytest.mark.parametrize(
    ("key", "start", "ranges", "due"),
    [
        # Stopped on its last working day over days of rest alone: none was lost.
        ("ct.accept", "2021-07-31", [("2021-08-06", "2021-08-07")], "2021-08-06"),
        ("coop.copy", "2022-03-04", [("2022-03-11", "2022-03-13")], "2022-03-11"),
        # Ten working days, 9 to 20 July 2018; the weekend after them is not waited for.
        ("ct.accept", "2018-06-30", [("2018-07-06", "2018-07-22")], "2018-07-20"),
        ("ct.accept", "2018-06-30", [("2018-07-06", "2018-07-23")], "2018-07-23"),
        ("ct.accept", "2018-06-30", [("2018-07-07", "2018-07-22")], "2018-07-06"),  # the period had ended
        # Ranges that touch are one, and it began in time: Monday 9 and Tuesday 10 July are lost.
        (
            "ct.accept",
            "2018-06-30",
            [("2018-07-06", "2018-07-07"), ("2018-07-07", "2018-07-10")],
            "2018-07-10",
        ),
        (
            "ct.accept",
            "2018-06-30",
            [("2018-07-06", "2018-07-08"), ("2018-07-07", "2018-07-10")],
            "2018-07-10",
        ),
        # These do not touch: the second began when the period was over.
        (
            "ct.accept",
            "2018-06-30",
            [("2018-07-06", "2018-07-07"), ("2018-07-08", "2018-07-10")],
            "2018-07-06",
        ),
    ],
)
def test_working_days_stopped_on_the_last_of_them(
    key: str, start: str, ranges: list[tuple[str, str]], due: str
) -> None:
    # Days excluded are added in working days, and nothing else moves such a period.
    reckoning = count(key, start, *(excluded(*each) for each in ranges))
    assert reckoning.due_on == reckoning.unrolled == day(due)


def test_a_suspension_that_touches_one_without_working_days_holds_the_period() -> None:
    stopped = count("ct.accept", "2018-06-30", excluded("2018-07-06", "2018-07-07"), suspended("2018-07-07"))
    assert stopped.state == "suspended"
    over = count("ct.accept", "2018-06-30", excluded("2018-07-06", "2018-07-07"), suspended("2018-07-08"))
    assert (over.state, over.due_on) == ("running", day("2018-07-06"))


def test_a_period_of_months_or_days_does_not_end_while_it_stands_still() -> None:
    # The end, Saturday 4 June 2022, rolls over to Monday 6; stopped on Sunday 5 until Wednesday 8.
    assert count("sup.review", "2022-03-04").due_on == day("2022-06-06")
    assert count("sup.review", "2022-03-04", excluded("2022-06-05", "2022-06-08")).due_on == day("2022-06-08")
    assert count("sup.review", "2022-03-04", excluded("2022-06-06", "2022-06-08")).due_on == day("2022-06-08")
    assert count("sup.review", "2022-03-04", excluded("2022-06-07", "2022-06-08")).due_on == day("2022-06-06")
    # Fifteen days from Friday 6 May end on Saturday 21 and roll; stopped on Sunday 22 until Tuesday 24.
    assert count("sup.send", "2022-05-06", excluded("2022-05-22", "2022-05-24")).due_on == day("2022-05-24")


def test_an_open_suspension_has_no_due_day() -> None:
    stopped = count("sup.review", "2022-03-01", suspended("2022-04-01"))
    assert (stopped.state, stopped.due_on, stopped.due_to, stopped.provisional) == (
        "suspended",
        None,
        None,
        False,
    )
    assert stopped.last_day is None
    again = count(
        "sup.review", "2022-03-01", suspended("2022-04-01"), resumed("2022-04-05"), suspended("2022-04-09")
    )
    assert again.state == "suspended"


def test_a_suspension_after_the_end_changes_nothing() -> None:
    ended = count("sup.review", "2022-03-01", suspended("2022-06-02"))
    assert (ended.state, ended.due_on) == ("running", day("2022-06-01"))
    assert count("sup.review", "2022-03-01", suspended("2022-06-01")).state == "suspended"


def test_suspensions_are_paired_by_their_days_in_whatever_order_they_came() -> None:
    late_record = (resumed("2022-04-20"), suspended("2022-04-01"))
    assert count("sup.review", "2022-03-01", *late_record).due_on == day("2022-06-20")
    repeated = (
        suspended("2022-04-01"),
        suspended("2022-04-10"),
        resumed("2022-04-20"),
        resumed("2022-05-20"),
    )
    assert count("sup.review", "2022-03-01", *repeated).due_on == day("2022-06-20")
    same_day = (
        suspended("2022-04-01"),
        resumed("2022-04-10"),
        suspended("2022-04-10"),
        resumed("2022-04-20"),
    )
    assert count("sup.review", "2022-03-01", *same_day).due_on == day("2022-06-20")
    assert count("sup.review", "2022-03-01", resumed("2022-04-20")).due_on == day("2022-06-01")


# starts: corrected, and of their own precision


def test_a_corrected_start_is_counted_again() -> None:
    moved = count("coop.reply", "2021-09-15", Corrected(on("2021-08-01"), "更正"))
    assert (moved.due_on, moved.started_on) == (day("2021-10-08"), on("2021-08-01"))
    assert moved == count("coop.reply", "2021-08-01")


def test_a_later_start_takes_the_place_of_an_earlier() -> None:
    again = count(
        "coop.reply", "2021-09-15", Corrected(on("2021-01-01"), "x"), Started(on("2021-08-01"), "y")
    )
    assert again.due_on == day("2021-10-08")


@pytest.mark.parametrize(
    ("start", "first", "last", "in_force"),
    [
        ("2021-10", "2021-12-01", "2021-12-31", True),
        ("2021-09", "2021-11-01", "2021-11-30", False),  # part of the month lies before article 3
        ("2022", "2022-03-01", "2023-02-28", True),
        ("2021-09-15/2021-09-18", "2021-11-15", "2021-11-18", True),
    ],
)
def test_a_start_known_to_the_month_gives_no_invented_day(
    start: str, first: str, last: str, in_force: bool
) -> None:
    reckoning = count("coop.reply", start)
    assert (reckoning.due_on, reckoning.opens_on, reckoning.unrolled) == (None, None, None)
    assert (reckoning.due_from, reckoning.due_to) == (day(first), day(last))
    assert reckoning.last_day == day(last)
    assert reckoning.in_force is in_force and reckoning.state == "running"


def test_each_end_of_a_year_has_the_version_of_its_own_day() -> None:
    reckoning = count("pt.sue", "2015")
    assert (reckoning.due_from, reckoning.due_to) == (day("2015-04-01"), day("2016-06-30"))
    held = reckon(rule("pt.sue"), (Started(on("2015"), "x"),), calendar(), day("1990-10-01"))
    assert held == reckoning


def test_a_month_partly_stopped_has_no_due_days() -> None:
    assert count("sup.review", "2022-03", suspended("2022-06-10")).state == "suspended"
    assert count("sup.review", "2022-03", suspended("2022-06-10")).due_from is None


# as the document sets it


def test_a_period_that_the_document_sets() -> None:
    law = rule("jy.reply_urgent")
    assert reckon(law, (Started(on("2021-09-15"), "x"),), calendar()).due_on is None
    ten = reckon(law, (Started(on("2021-09-15"), "x", 10, "working_days"),), calendar())
    assert ten.due_on == day("2021-09-29")
    days = reckon(law, (Started(on("2021-09-15"), "x", 16, "days"),), calendar())
    assert days.due_on == day("2021-10-08")


def test_an_amount_without_a_unit_sets_nothing() -> None:
    half = reckon(rule("coop.reply"), (Started(on("2021-09-15"), "x", 5),), calendar())
    assert half.due_on is None


def test_a_day_that_the_document_names_stands() -> None:
    law = rule("jy.reply_urgent")
    named = (Started(on("2021-09-15"), "x", fixed_on=day("2021-10-02")),)
    stands = reckon(law, named, calendar())
    assert (stands.due_on, stands.provisional) == (day("2021-10-02"), False)
    moved = reckon(law, (*named, Extended(1, "days", "y")), calendar())
    assert moved.due_on == day("2021-10-08")
    vague = reckon(law, (Started(on("2021-09"), "x", fixed_on=day("2021-10-02")),), calendar())
    assert (vague.due_on, vague.due_to) == (day("2021-10-02"), None)
    far = reckon(law, (Started(on("2021-09-15"), "x", fixed_on=day("2030-10-02")),), calendar())
    assert not far.provisional
    stopped = reckon(law, (*named, suspended("2021-09-20"), resumed("2021-09-22")), calendar())
    assert stopped.due_on == day("2021-10-08")


def test_a_period_of_working_days_that_is_extended_by_a_month() -> None:
    # The month first, to 1 April 2022; then 20 working days: 3–5 April off, Saturday 2 and Sunday 24 worked.
    ledger: Ledger = (Started(on("2022-03-01"), "x", 20, "working_days"), Extended(1, "months", "y"))
    assert reckon(rule("sup.review"), ledger, calendar()).due_on == day("2022-04-29")
    # It is stopped in working days, as what it is: 14 and 15 March.
    stopped = reckon(rule("sup.review"), (*ledger, excluded("2022-03-11", "2022-03-15")), calendar())
    assert stopped.due_on == day("2022-05-06")


# met, and how late


@pytest.mark.parametrize(
    ("met", "days_late", "late"),
    [
        ("2021-11-15", 0, False),
        ("2021-11-16", 1, True),
        ("2021-11-01", -14, False),
        ("2021-10", None, False),
        ("2021-12", None, True),
        ("2021-11", None, None),
        ("2021-11-14/2021-11-15", None, False),
        ("2021-11-16/2021-11-18", None, True),
    ],
)
def test_timeliness_is_judged_by_the_day_of_sending(
    met: str, days_late: int | None, late: bool | None
) -> None:
    reckoning = count("coop.reply", "2021-09-15", Met(on(met), "回复"))
    assert (reckoning.state, reckoning.days_late, reckoning.late) == ("met", days_late, late)
    assert reckoning.met_on == on(met) and reckoning.due_on == day("2021-11-15")


@pytest.mark.parametrize(
    ("met", "late"), [("2021-12-01", False), ("2021-12-02", None), ("2021-12-31", None), ("2022-01-01", True)]
)
def test_timeliness_against_a_month(met: str, late: bool | None) -> None:
    reckoning = count("coop.reply", "2021-10", Met(on(met), "回复"))
    assert (reckoning.late, reckoning.days_late) == (late, None)


def test_the_first_reply_meets_whenever_it_arrives() -> None:
    replies = (
        Met(on("2021-11-20"), "第二次"),
        Met(on("2021-11-10"), "第一次"),
        Met(on("2021-12-01"), "第三次"),
    )
    assert count("coop.reply", "2021-09-15", *replies).days_late == -5
    month = count("coop.reply", "2021-09-15", Met(on("2021-11"), "x"), Met(on("2021-11-01"), "y"))
    assert month.met_on == on("2021-11-01")


def test_a_letter_in_the_mail_undoes_an_expiry() -> None:
    expired = count("coop.reply", "2021-09-15", Expired(day("2021-11-16")))
    assert expired.state == "expired"
    late_arrival = count(
        "coop.reply", "2021-09-15", Expired(day("2021-11-16")), Met(on("2021-11-15"), "寄出")
    )
    assert (late_arrival.state, late_arrival.late) == ("met", False)


def test_an_expiry_lapses_when_the_due_day_moves_past_it() -> None:
    expiry = Expired(day("2021-11-16"))
    assert count("coop.reply", "2021-09-15", expiry, Corrected(on("2021-09-16"), "x")).state == "running"
    assert count("coop.reply", "2021-09-15", Expired(day("2021-11-15"))).state == "running"
    twice = (Expired(day("2021-12-01")), Expired(day("2021-11-16")))
    assert count("coop.reply", "2021-09-15", *twice, Corrected(on("2021-09-18"), "x")).state == "expired"


def test_an_expiry_of_a_month_waits_for_its_last_day() -> None:
    assert count("coop.reply", "2021-10", Expired(day("2021-12-31"))).state == "running"
    assert count("coop.reply", "2021-10", Expired(day("2022-01-01"))).state == "expired"


def test_what_is_met_while_it_stands_still_is_not_late() -> None:
    reckoning = count("sup.review", "2022-03-01", suspended("2022-04-01"), Met(on("2022-09-01"), "x"))
    assert (reckoning.state, reckoning.late, reckoning.days_late) == ("met", False, None)


def test_nothing_runs_before_its_start() -> None:
    empty = reckon(rule("coop.reply"), (), calendar())
    assert (empty.state, empty.due_on, empty.started_on, empty.edition) == ("not_started", None, None, "2026")
    assert empty.rule == count("coop.reply", "2021-09-15").rule == "coop.reply"
    early = reckon(
        rule("coop.reply"), (Met(on("2021-09-01"), "x"), Corrected(on("2021-09-01"), "y")), calendar()
    )
    assert (early.state, early.met_on, early.late) == ("met", on("2021-09-01"), None)


def test_a_correction_of_a_start_that_is_not_there_starts_nothing() -> None:
    alone = reckon(rule("coop.reply"), (Corrected(on("2021-09-01"), "y"),), calendar())
    assert (alone.state, alone.started_on, alone.due_on) == ("not_started", None, None)


@pytest.mark.parametrize("numbered", [0, 1])
def test_a_range_over_a_text_without_a_number_has_no_due_days(numbered: int) -> None:
    law = rule("pt.sue")
    blank = replace(law.versions[1 - numbered], amount=None, unit=None)
    versions = (law.versions[0], blank) if numbered == 0 else (blank, law.versions[1])
    half = reckon(replace(law, versions=versions), (Started(on("2015"), "x"),), calendar())
    assert (half.due_from, half.due_to, half.state) == (None, None, "running")


def test_a_rule_without_a_number_has_no_due_day() -> None:
    for key in ("jy.urge", "coop.track", "roundtable", "ex.hours", "archive.keep"):
        reckoning = count(key, "2022-03-01")
        assert (reckoning.due_on, reckoning.last_day, reckoning.state) == (None, None, "running"), key
        assert not reckoning.provisional and reckoning.in_force
    assert count("jy.urge", "2022-03-01", Met(on("2022-03-02"), "x")).state == "met"
    assert count("pil.suspend", "2022-03-01", suspended("2022-03-02")).state == "suspended"
    assert count("jy.urge", "2022-03-01", Expired(day("2022-03-05"))).state == "running"


# the ledger on the wire


LEDGER: TypeAdapter[Ledger] = TypeAdapter(
    tuple[
        Annotated[
            Started | Suspended | Resumed | Excluded | Extended | Corrected | Met | Expired,
            Field(discriminator="kind"),
        ],
        ...,
    ]
)


def test_a_ledger_travels_as_json() -> None:
    ledger: Ledger = (
        Started(on("2021-09"), "a", 10, "days", day("2021-10-08")),
        Suspended(day("2021-09-20"), "b"),
        Resumed(day("2021-09-25"), "c"),
        Excluded(day("2021-09-20"), day("2021-09-25"), "d", "鉴定"),
        Extended(1, "months", "e", "检察长"),
        Corrected(on("2021-09-16"), "f"),
        Met(on("2021-11-10"), "h"),
        Expired(day("2021-11-16")),
    )
    assert LEDGER.validate_json(LEDGER.dump_json(ledger)) == ledger
