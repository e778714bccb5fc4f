"""From a ledger to what a case records of it, and from there to what comes next: each moment, each word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models import rules
from models.agenda import Moment, agenda, next_moment
from models.calendar import calendar
from models.counting import count
from models.dates import EventDate
from models.deadlines import Entry, Expired, Extended, Met, Started, Suspended
from models.ledgers import Counted, Counting, Reminder
from models.messages import FellDue, Reminded
from models.rules import rule

KEY = "L1/coop.reply"
NAME, BASIS = rule("coop.reply").name, rule("coop.reply").basis
DUE = date(2021, 11, 15)
REMIND_14 = datetime(2021, 11, 1, 1, tzinfo=UTC)  # 9:00 in China
REMIND_3 = datetime(2021, 11, 12, 1, tzinfo=UTC)
ENDED = datetime(2021, 11, 15, 16, tzinfo=UTC)  # 24:00 in China
OVERDUE = datetime(2021, 11, 18, 16, tzinfo=UTC)  # after three working days for the mail


def counted(
    start: str, *entries: Entry, law: str = "coop.reply", key: str = "", version: date | None = None
) -> Counted:
    ledger = (Started(EventDate.parse(start), "served"), *entries)
    counting = Counting.model_validate(
        {"key": key or f"L1/{law}", "rule": law, "entries": ledger, "version": version}
    )
    return count(counting, calendar("2026"), rule(law))


# what is recorded of a count


def test_a_count_is_recorded_with_its_moments_and_its_words() -> None:
    law = rule("coop.reply")
    running = Counted(
        key=KEY,
        rule="coop.reply",
        name=NAME,
        basis=BASIS,
        state="running",
        version=date(2021, 9, 15),
        edition="2026",
        started_on=EventDate.on(date(2021, 9, 15)),
        due_on=DUE,
        due_at=ENDED,
        overdue_at=OVERDUE,
        reminders=(Reminder(at=REMIND_14, days_before=14), Reminder(at=REMIND_3, days_before=3)),
        expiry="overdue",
        expiry_words=law.expiry.words,
        owner="agency",
    )
    assert counted("2021-09-15") == running
    reply = EventDate.on(date(2021, 11, 20))
    met = running.model_copy(update={"state": "met", "met_on": reply, "days_late": 5})
    assert counted("2021-09-15", Met(reply, "replied")) == met
    expired = running.model_copy(update={"state": "expired"})
    assert counted("2021-09-15", Expired(date(2021, 11, 16))) == expired


def test_a_start_known_to_the_month_is_reminded_early_and_judged_late() -> None:
    month = counted("2021-09")
    assert (month.due_on, month.due_from, month.due_to) == (None, date(2021, 11, 1), date(2021, 11, 30))
    assert [each.at.date() for each in month.reminders] == [date(2021, 10, 18), date(2021, 10, 29)]
    assert month.due_at == datetime(2021, 11, 30, 16, tzinfo=UTC)
    assert month.overdue_at == datetime(2021, 12, 3, 16, tzinfo=UTC)
    assert not month.in_force  # it may have begun before 15 September 2021


def test_a_waiting_period_and_an_unpublished_year_are_recorded_as_such() -> None:
    waiting = counted("2025-01-20", law="ag.demand")
    assert (waiting.due_on, waiting.opens_on) == (date(2025, 2, 8), date(2025, 2, 9))
    assert counted("2026-11-23").provisional


def test_a_running_case_is_counted_by_the_version_it_began_with() -> None:
    kept = counted("2018-06-04", law="pil.reply", version=date(2015, 12, 24))
    assert (kept.due_on, kept.version) == (date(2018, 7, 4), date(2015, 12, 24))


def test_what_cannot_be_counted_says_why_and_falls_due_never() -> None:
    law = rule("coop.reply")
    counting = Counting(
        key=KEY,
        rule="coop.reply",
        entries=(Started(EventDate.on(date(2021, 9, 15)), "served", 200_000, "months"),),
        version=date(2021, 9, 15),
    )
    recorded = count(counting, calendar("2026"), rule(counting.rule))
    assert recorded == Counted(
        key=KEY,
        rule="coop.reply",
        name=law.name,
        basis=law.basis,
        owner="agency",
        state="uncountable",
        version=date(2021, 9, 15),
        edition="2026",
        problem="字段 amount：期限过长，算出的日期不存在（请核对期限的数量和单位）",
    )
    assert next_moment(recorded, (), OVERDUE) is None


@pytest.mark.parametrize(
    ("law", "start", "days_before"),
    [
        ("coop.copy", "2021-09-15", [3]),  # five working days have no fourteenth day before the end
        ("pil.serve", "2024-03-05", []),  # three days before the end is the day of the start
        ("pil.serve", "2024-03-06", [3]),  # the end, a Saturday, rolls to Monday 11: Friday 8 lies inside
        ("coop.copy", "2024-03", []),  # it may not have begun by then
        ("ag.review_refusal", "2024-03-05", []),  # fifteen days, but nobody is reminded of a right
        ("jy.urge", "2024-03-05", []),  # no number, no end
        ("local.service", "2024-03-05", []),
    ],
)
def test_reminders_lie_inside_their_period(law: str, start: str, days_before: list[int]) -> None:
    assert [each.days_before for each in counted(start, law=law).reminders] == days_before


def test_a_ledger_that_was_never_started_has_no_moments() -> None:
    met = Met(EventDate.on(date(2021, 9, 1)), "x")
    recorded = count(
        Counting(key=KEY, rule="coop.reply", entries=(met,)), calendar("2026"), rule("coop.reply")
    )
    assert (recorded.state, recorded.due_at, recorded.overdue_at, recorded.reminders) == (
        "met",
        None,
        None,
        (),
    )


@pytest.mark.parametrize(
    ("law", "words", "officer", "amount", "unit"),
    [
        ("coop.reply", "", "", None, None),
        ("ct.reply", "本院院长可延长1个月（法发〔2016〕30号第十三条）", "本院院长", 1, "months"),
        ("ct.execute", "本院院长可延长3个月（法释〔2000〕29号第五条）", "本院院长", 3, "months"),
        (
            "sup.review",
            "检察长可批准延长，期间由其决定（《人民检察院行政诉讼监督规则》第五十六条（调查核实、争议化解等；简易案件不得延长，第七十九条））",
            "检察长",
            None,
            None,
        ),
    ],
)
def test_who_may_lengthen_it_is_recorded(
    law: str, words: str, officer: str, amount: int | None, unit: str | None
) -> None:
    recorded = counted("2022-03-01", law=law)
    assert (recorded.extendable, recorded.extendable_by) == (words, officer)
    assert (recorded.extendable_amount, recorded.extendable_unit) == (amount, unit)
    assert (recorded.suspendable, recorded.excludable) == (rule(law).suspendable, rule(law).excludable)


# what comes next


def moments() -> list[Moment]:
    """The course of the two months of article 3 from 15 September 2021."""
    return [
        Moment(
            REMIND_14,
            Reminded(id=f"{KEY}/remind/2021-11-15/14", deadline=KEY, due_on=DUE, days_before=14),
            f"{NAME}（2021-11-15届满）提前14日提醒　{BASIS}",
        ),
        Moment(
            REMIND_3,
            Reminded(id=f"{KEY}/remind/2021-11-15/3", deadline=KEY, due_on=DUE, days_before=3),
            f"{NAME}（2021-11-15届满）提前3日提醒　{BASIS}",
        ),
        Moment(
            ENDED,
            FellDue(id=f"{KEY}/due/2021-11-15", deadline=KEY, due_on=DUE, final=False),
            f"{NAME}2021-11-15届满　{BASIS}",
        ),
        Moment(
            OVERDUE,
            FellDue(id=f"{KEY}/overdue/2021-11-15", deadline=KEY, due_on=DUE, final=True),
            f"{NAME}2021-11-15届满，在途邮件宽限期止　{BASIS}",
        ),
    ]


def test_moments_come_one_after_another() -> None:
    seen: set[str] = set()
    now = datetime(2021, 9, 16, tzinfo=UTC)
    for expected in moments():
        assert next_moment(counted("2021-09-15"), seen, now) == expected
        now = expected.at
        assert next_moment(counted("2021-09-15"), seen, now) == expected, "not acted on yet"
        seen.add(expected.tick.id)
    assert next_moment(counted("2021-09-15"), seen, now) is None


@pytest.mark.parametrize(
    ("now", "seen", "expected"),
    [
        (REMIND_3, [], 1),  # the receipt came late: of two reminders that passed, the last
        (OVERDUE, [], 3),  # and of everything, the end of the grace alone
        (OVERDUE, [0, 1, 2], 3),
        (REMIND_14, [0, 1], 2),  # what was said already is not said again, though its hour is yet to come
        (REMIND_14, [2], 3),
        (ENDED, [1], 2),
    ],
)
def test_of_what_has_passed_only_the_last_acts(now: datetime, seen: list[int], expected: int) -> None:
    course = moments()
    ids = [course[index].tick.id for index in seen]
    assert next_moment(counted("2021-09-15"), ids, now) == course[expected]


def test_without_a_grace_the_end_is_final() -> None:
    review = counted("2022-03-01", law="sup.review")
    assert review.overdue_at == review.due_at == datetime(2022, 6, 1, 16, tzinfo=UTC)
    end = next_moment(review, (), datetime(2022, 7, 1, tzinfo=UTC))
    assert end is not None and end.tick == FellDue(
        id="L1/sup.review/due/2022-06-01", deadline="L1/sup.review", due_on=date(2022, 6, 1), final=True
    )
    assert next_moment(review, [end.tick.id], datetime(2022, 7, 1, tzinfo=UTC)) is None
    bare = review.model_copy(update={"overdue_at": None})
    assert next_moment(bare, (), datetime(2022, 7, 1, tzinfo=UTC)) == end
    assert next_moment(review.model_copy(update={"due_at": None}), (), OVERDUE) is None


def test_the_agenda_is_ordered_by_time_and_id() -> None:
    later = counted("2021-09-16", key="L0/coop.reply")
    twin = counted("2021-09-15", key="L2/coop.reply")
    open_ended = counted("2021-09-15", law="jy.urge")
    course = agenda([later, twin, open_ended, counted("2021-09-15")], (), datetime(2021, 9, 20, tzinfo=UTC))
    assert [(each.at, each.tick.id) for each in course] == [
        (REMIND_14, "L1/coop.reply/remind/2021-11-15/14"),
        (REMIND_14, "L2/coop.reply/remind/2021-11-15/14"),
        (datetime(2021, 11, 2, 1, tzinfo=UTC), "L0/coop.reply/remind/2021-11-16/14"),
    ]
    assert [each.order for each in course] == [(each.at, each.tick.id) for each in course]
    said = [course[0].tick.id]
    assert agenda([counted("2021-09-15")], said, REMIND_14) == [moments()[1]]
    assert agenda([counted("2021-09-15")], (), REMIND_3) == [moments()[1]]


# what the place, the officer and the rule add


def test_the_basis_of_a_count_is_that_of_its_start_else_of_its_rule() -> None:
    """A period that a place's own text sets rests on that text; a ledger that has not started rests on the rule."""
    own = Started(EventDate.parse("2021-09-15"), "served", 1, "months", basis="某县意见第三条")
    order = Counting(key=KEY, rule="coop.reply", entries=(own,))
    recorded = count(order, calendar("2026"), rule(order.rule))
    assert (recorded.basis, recorded.due_on) == ("某县意见第三条", date(2021, 10, 15))
    met = Counting(key=KEY, rule="coop.reply", entries=(Met(EventDate.parse("2021-09-20"), "reply"),))
    assert count(met, calendar("2026"), rule(met.rule)).basis == BASIS
    suspended = Counting(key=KEY, rule="coop.reply", entries=(Suspended(date(2021, 9, 20), "s"), own))
    assert count(suspended, calendar("2026"), rule(suspended.rule)).basis == "某县意见第三条"


def test_who_may_lengthen_a_period_next_depends_on_what_was_granted() -> None:
    """第四十七条: the chief procurator first, then the procuratorate above, as often as it decides."""
    one = Extended(1, "months", "d")
    officers = [
        counted("2024-06-03", *[one] * granted, law="pil.prosecute").extendable_by for granted in range(4)
    ]
    assert officers == ["检察长", *["上一级人民检察院"] * 3]
    assert counted("2022-03-01", one, law="ct.reply").extendable == ""


def test_reminders_of_a_period_counted_back_lie_ahead_of_its_last_day() -> None:
    """[行监]70: the hearing is on 2021-10-08, the notice is due by 2021-09-30."""
    recorded = counted("2021-10-08", law="sup.hearing")
    assert recorded.due_on == date(2021, 9, 30)
    assert [(each.days_before, each.at) for each in recorded.reminders] == [
        (14, datetime(2021, 9, 16, 1, tzinfo=UTC)),
        (3, datetime(2021, 9, 27, 1, tzinfo=UTC)),
    ]


def test_a_reminder_goes_to_whom_the_rule_says() -> None:
    law = replace(rule("coop.reply"), reminders=(rules.Reminder(7, 9, ("agency",)),))
    started = Started(EventDate.parse("2021-09-15"), "served")
    counting = Counting(key="L1/coop.reply", rule="coop.reply", entries=(started,))
    [reminder] = count(counting, calendar("2026"), law).reminders
    assert (reminder.days_before, reminder.to) == (7, ("agency",))
