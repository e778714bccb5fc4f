"""The record: corrections, papers that match nothing, facts before their cause, calendars, dates of their own precision."""

from __future__ import annotations

from datetime import date

import pytest

from models.calendar import calendar
from models.decisions import DECISIONS
from models.errors import Refusal
from models.facts import LetterServed
from models.messages import EditionPublished, Link
from models.stages import UrgingStage
from models.terms import Relation, Substance
from models.year_files import YearFile
from tests.openings import BUREAU, FOUNDING_DAY, TOWN, draft, field
from tests.pure_desk import PureDesk, issued, served


def test_correction_of_a_service_and_of_replies() -> None:
    """The old one stays in the journal, and whatever was counted from it is counted again."""
    desk = served().on("2021-11-19")
    assert desk.is_overdue()
    ticks = len(desk.ticks)
    desk.correct("served", "2021-09-22")  # the 送达回证 says so
    assert desk.due("L1/jy.reply") == date(2021, 11, 22)
    assert not desk.is_overdue() and desk.stage() is UrgingStage.AWAITING_REPLY
    (old,) = [each.message for each in desk.case.entries if each.message.id == "served"]
    assert isinstance(old, LetterServed) and str(old.on) == "2021-09-15"
    assert "L1/jy.reply/overdue/2021-11-15" in desk.case.taken  # said then, and kept
    assert desk.ticks[-1].id == "L1/jy.reply/remind/2021-11-22/3" and len(desk.ticks) > ticks
    # It expires again, on its new day.
    desk.on("2021-11-26")
    assert desk.ticks[-1].id == "L1/jy.reply/overdue/2021-11-22"
    assert desk.is_overdue()
    # And corrected back, the old day has run out already: nothing is said twice.
    ticks = len(desk.ticks)
    desk.correct("served", "2021-09-15")
    assert desk.is_overdue() and len(desk.ticks) == ticks

    # A reply struck out makes the letter overdue again.
    desk.record("reply_received", "2021-11-15", "r1", letter="L1")
    assert not desk.is_overdue()
    desk.correct("r1")
    assert desk.is_overdue()
    assert desk.case.taken["r1"].what == "已撤销"
    # Corrected to a later day, it is late instead.
    desk.record("reply_received", "2021-11-15", "r2", letter="L1", received_on="2021-11-22")
    desk.correct("r2", "2021-11-19")
    assert desk.deadline("L1/jy.reply").days_late == 4

    with pytest.raises(Refusal, match="没有事实"):
        desk.decide("correct", fact="nothing", reason="x")
    with pytest.raises(Refusal, match="写明理由"):
        desk.decide("correct", fact="r2")
    other = {
        "kind": "happened",
        "id": "r2",
        "on": "2021-11-19",
        "by": {"name": "丙", "role": "clerk"},
        "event": "x",
    }
    with pytest.raises(Refusal, match="不能更正为"):
        desk.decide("correct", fact="r2", replacement=other, reason="x")
    with pytest.raises(Refusal, match="早于该文书制发日"):
        desk.correct("r2", "2021-09-01")


def test_a_presumed_service_is_corrected_to_a_later_day_than_it_was_entered() -> None:
    """The day of a correction judges it, not the day on which the wrong fact was entered."""
    desk = issued()
    desk.record("letter_served", FOUNDING_DAY, "served", letter="L1", presumed=True)
    desk.on("2021-10-08").correct("served", "2021-09-27", presumed=False)
    # 2021-11-27 is a Saturday.
    assert desk.due("L1/jy.reply") == date(2021, 11, 29)


def test_correcting_twice_and_sorting_between() -> None:
    """The last word counts, whether it was a correction or a sorting."""
    desk = issued(draft(draft().document, BUREAU, TOWN))
    for letter in ("L1", "L2"):
        desk.record("letter_served", FOUNDING_DAY, letter=letter)
    desk.on("2021-10-20").signal("reply_received", "2021-10-19", "r", letter="某单位")
    desk.decide("sort_out", fact="r", letter="L1")
    assert len(desk.letter("L1").replies) == 1
    desk.correct("r", letter="L2")
    assert [len(desk.letter(id).replies) for id in ("L1", "L2")] == [0, 1]
    assert desk.deadline("L1/jy.reply").state == "running"


def test_papers_that_match_nothing() -> None:
    """Kept whole, shown for sorting, announced; sorted to a letter, or set aside with a reason."""
    desk = issued(draft(draft().document, BUREAU, TOWN)).on("2021-10-20")
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-09-15", letter=letter)
    for id, reference in (("r1", "某单位"), ("r2", ""), ("r3", "明检建〔2021〕1号")):
        taken = desk.signal("reply_received", "2021-10-19", id, letter=reference)
        assert taken.how == "unmatched" and taken.problems
    unreadable = desk.garbled("reply", "{")
    assert unreadable.how == "unmatched"
    assert list(desk.case.unmatched) == ["r1", "r2", "r3", unreadable.id]
    assert desk.rows().case.unmatched == 4
    assert [notice.subject for notice in desk.notices].count("【待整理】收到无法对应的材料") == 4
    with pytest.raises(Refusal, match="没有与"):
        desk.record("reply_received", "2021-10-19", letter="某单位")

    desk.decide("sort_out", fact="r1", letter="L2")
    assert desk.letter("L2").replies[0].fact == "r1"
    assert desk.deadline("L2/jy.reply").days_late == -27
    assert "须写明理由" in desk.refusal("sort_out", fact="r2")
    desk.decide("sort_out", fact="r2", reason="重复件")
    assert desk.case.taken["r2"].how == "noted"
    assert "没有与" in desk.refusal("sort_out", fact="r3", letter="L9")
    desk.decide("sort_out", fact=unreadable.id, reason="乱码，已联系对方重发")
    assert list(desk.case.unmatched) == ["r3"]
    assert "不在待整理之列" in desk.refusal("sort_out", fact="r1", letter="L1")
    carried = PureDesk(desk.case.opening, desk.now, carried=desk.carried())
    assert list(carried.case.unmatched) == ["r3"]


def test_facts_before_their_cause() -> None:
    """In any order: what does not fit yet waits, and is entered as soon as its cause is there."""
    desk = PureDesk(issued().case.opening.model_copy(update={"items": ()})).on("2021-10-20")
    assert desk.signal("reply_received", "2021-10-19", "r1", letter=BUREAU.name).how == "unmatched"
    assert (
        desk.signal("letter_served", "2021-09-16", "s1", letter=BUREAU.name, mode="left").how == "unmatched"
    )
    assert (
        desk.signal("item_progressed", "2021-10-10", "i1", item="地块一", milestone="demolished").how
        == "unmatched"
    )
    assert desk.signal("promise_kept", "2021-10-20", "p1", promise="r1#1").how == "unmatched"
    desk.decide("add_item", item=field().model_dump())
    assert desk.case.taken["i1"].how == "applied"
    desk.decide("approve_letter")
    desk.decide("issue_letter", on=FOUNDING_DAY)
    assert list(desk.case.unmatched) == ["s1", "p1"]
    desk.signal("service_refused", "2021-09-16", "x1", letter=BUREAU.name)
    assert desk.case.taken["s1"].how == "applied"
    assert desk.due("L1/jy.reply") == date(2021, 11, 16)
    assert desk.deadline("L1/jy.reply").days_late == -28
    assert list(desk.case.unmatched) == ["p1"]


def test_a_correction_before_its_fact() -> None:
    """Even a correction may come first: it waits for what it corrects."""
    desk = issued().on("2021-10-20")
    fact = {
        "kind": "letter_served",
        "id": "s1",
        "on": "2021-09-16",
        "by": {"name": "丙", "role": "clerk"},
        "letter": "L1",
    }
    correction = {"kind": "correct", "fact": "s1", "replacement": fact, "reason": "x"}
    chief = {"name": "乙", "role": "chief_procurator"}
    taken = desk.take(DECISIONS.validate_python({**correction, "id": "c1", "by": chief}))
    assert taken.how == "unmatched"
    desk.signal("letter_served", "2021-09-20", "s1", letter="L1")
    assert desk.due("L1/jy.reply") == date(2021, 11, 16)
    assert desk.case.taken["c1"].how == "applied"


def test_a_holiday_extended_while_it_ran() -> None:
    """Spring Festival 2020 was extended on 26 January: a period that ended on 01-31 ends on 02-03, and is not overdue before."""
    desk = served(on=date(2019, 11, 30), edition=calendar("2020")).on("2020-01-22")
    # 2020-01-30 lies in the holiday (24–30 January); 01-31 was to be worked.
    assert desk.due("L1/jy.reply") == date(2020, 1, 31)
    desk.on("2020-01-27").publish(calendar("2020-01"))
    assert desk.deadline("L1/jy.reply").due_on == date(2020, 2, 3)
    assert desk.deadline("L1/jy.reply").edition == "2020-01"
    desk.on("2020-02-01")
    assert "L1/jy.reply/due/2020-01-31" not in desk.case.taken
    desk.on("2020-02-04")
    assert "L1/jy.reply/due/2020-02-03" in desk.case.taken


def test_nothing_acts_before_a_recount_under_the_edition_in_force() -> None:
    """Though the news of the new calendar never reached the case, no false accusation follows."""
    desk = served(on=date(2019, 11, 30), edition=calendar("2020")).on("2020-01-27")
    desk.edition = calendar("2020-01")
    desk.on("2020-02-01")
    assert "L1/jy.reply/due/2020-01-31" not in desk.case.taken
    assert desk.due("L1/jy.reply") == date(2020, 2, 3)


def test_news_of_a_calendar_nobody_has() -> None:
    """The name in the news is not believed: the count is made under what is in force."""
    desk = served()
    desk.take(EditionPublished(id="e1", edition="没有这个版本"))
    assert desk.case.edition == calendar().name
    assert desk.due("L1/jy.reply") == date(2021, 11, 15)


def test_provisional_until_the_year_is_published() -> None:
    """2026-11-23 and two months: 2027-01-25, provisional, until 2027's calendar is laid over; an extra holiday moves it."""
    desk = served(on=date(2026, 11, 23), edition=calendar("2026"))
    counted = desk.deadline("L1/jy.reply")
    assert (counted.due_on, counted.provisional) == (date(2027, 1, 25), True)
    assert desk.rows().case.is_provisional
    desk.on("2027-01-11", 10)
    assert "暂定" in desk.notices[-1].body
    published = YearFile(
        year=2027,
        notice="国办发明电〔2026〕9号",
        source="test",
        holidays=(
            (date(2027, 1, 1), date(2027, 1, 3), "元旦"),
            (date(2027, 1, 25), date(2027, 1, 26), "地方假日"),
        ),
        made_up=(),
    )
    desk.publish(calendar("2026").with_years([published]))
    counted = desk.deadline("L1/jy.reply")
    assert (counted.due_on, counted.provisional) == (date(2027, 1, 27), False)
    assert not desk.rows().case.is_provisional
    # Under its new day it reminds anew.
    desk.on("2027-01-24", 10)
    assert "L1/jy.reply/remind/2027-01-27/3" in desk.case.taken
    assert "L1/jy.reply/remind/2027-01-25/3" not in desk.case.taken


def test_a_start_known_to_the_month() -> None:
    """Nobody invents a day: the period ends somewhere between two days, and expiry is judged by the later."""
    desk = issued().on("2021-10-08")
    desk.record("letter_served", "2021-09", "served", letter="L1")
    counted = desk.deadline("L1/jy.reply")
    assert counted.due_on is None
    # from 09-01: 11-01, a Monday; from 09-30: 11-30, a Tuesday
    assert (counted.due_from, counted.due_to) == (date(2021, 11, 1), date(2021, 11, 30))
    row = next(row for row in desk.rows().deadlines if row.rule == "jy.reply")
    assert (row.started_on, row.due_on, row.due_to) == ("2021-09", None, date(2021, 11, 30))
    desk.on("2021-11-30", 23)
    assert not [tick for tick in desk.ticks if "/due/" in tick.id and "jy.reply" in tick.id]
    desk.on("2021-12-04")
    assert desk.is_overdue()
    # A reply known to the month counts for the agency.
    desk.record("reply_received", "2021-11", letter="L1")
    assert not desk.is_overdue()
    assert desk.deadline("L1/jy.reply").days_late is None
    desk.decide("assess_reply", letter="L1", substance=Substance.PARTLY)
    desk.decide("urge", letter="L1")
    assert desk.papers["L1/urged-1"].paper.model_dump()["reason"] == "partly"


@pytest.mark.parametrize("day", ["2021/2099", "1985/2021", "1949", "2022-03-01", "2022"])
def test_an_impossible_day_is_kept_for_sorting(day: str) -> None:
    """Ahead of today, or before anything can be counted: never entered, never lost, and it wedges no count."""
    desk = issued().on("2021-10-08")
    assert desk.signal("letter_served", day, letter="L1").how == "unmatched"
    assert desk.signal("reply_received", day, letter="L1").how == "unmatched"
    assert desk.stage() is UrgingStage.ISSUED
    assert "日期" in desk.refusal("investigate", on=date(1949, 10, 1))
    desk.on("2022-04-01")
    assert {row.state for row in desk.rows().deadlines} == {"expired"} or day.startswith("2022")


def test_a_message_twice_changes_nothing() -> None:
    """Delivered twice is taken once; but another message under a known id is another message, and is not lost."""
    desk = served()
    desk.record("reply_received", FOUNDING_DAY, "r1", letter="L1", summary="一")
    before, entries = desk.rows(), len(desk.case.entries)
    assert desk.case.take(desk.case.entries[-1].message, desk.now).how == "seen"
    assert desk.signal("reply_received", FOUNDING_DAY, "r1", letter="L1", summary="一").how == "seen"
    assert (desk.rows(), len(desk.case.entries)) == (before, entries)
    other = desk.signal("reply_received", FOUNDING_DAY, "r1", letter="L1", summary="二")
    assert other.how == "unmatched" and other.id.startswith("r1~")
    assert [reply.summary for reply in desk.letter().replies] == ["一"]


def test_the_longest_id_can_be_carried_on_when_it_comes_twice() -> None:
    """Named apart it is no longer than an id may be, or the run that follows could not read the journal."""
    desk = served()
    for id in ("甲" * 200, "/made/" + "乙" * 194):
        assert desk.signal("happened", FOUNDING_DAY, id, event="一").how == "noted"
        other = desk.signal("happened", FOUNDING_DAY, id, event="二")
        assert other.how == "unmatched" and "已用于内容不同" in other.what
        assert desk.signal("happened", FOUNDING_DAY, id, event="二").how == "seen"
    desk.decide("link_case", "丙" * 200, relation="related", case="urging-350421-2020-9003")
    assert len(desk.carried().entries) == len(desk.case.entries)


def test_links_to_other_cases_are_kept() -> None:
    """What lies between cases has its place: links, and `replaces`; the outcomes point to the case that goes on."""
    link = Link(relation=Relation.REOPENS, case="urging-350421-2020-0003")
    desk = issued(links=(link,))
    assert desk.carried().opening.links == (link,)
    assert "（reopens）" in _closed(desk).refusal("urge")


def _closed(desk: PureDesk) -> PureDesk:
    desk.decide("close_case", outcome="merged", reason="并案")
    return desk
