"""Meetings, as a case of any kind has them: called, held with their minutes, cancelled; or only heard of."""

from __future__ import annotations

from datetime import date

import pytest

from models.document_types import DocumentType
from models.terms import MeetingForm
from tests.openings import BUREAU, DRAFTER, TOWN, draft, opening
from tests.pure_desk import PureDesk, issued

DAY = date(2021, 9, 15)


def meeting(
    form: str = "round_table", planned_on: str = "2021-10-15", topic: str = "破解复耕困难"
) -> PureDesk:
    """A case on its first day, with a meeting called."""
    desk = PureDesk(opening(opened_on=DAY))
    desk.decide("call_meeting", form=form, topic=topic, planned_on=planned_on, invited=[BUREAU.name])
    return desk


def test_a_meeting_is_called_and_held() -> None:
    """Its day is watched; the fact that it was held meets the watch and leaves minutes."""
    desk = meeting()
    assert desk.due("M1/local.meeting") == date(2021, 10, 15)
    desk.on("2021-10-12")
    assert "会议将于2021-10-15届满" in desk.notices[-1].subject
    desk.on("2021-10-15").record(
        "meeting_held", "2021-10-15", attended=[BUREAU.name], absent=[TOWN.name], conclusions=["月底前拆除"]
    )
    assert desk.deadline("M1/local.meeting").days_late == 0
    minutes = desk.papers["M1/minutes"]
    assert minutes.name == "M1-圆桌会议纪要.pdf"
    assert ("缺席", TOWN.name) in [(row["label"], row["text"]) for row in minutes.paper.model_dump()["rows"]]
    [row] = desk.rows().meetings
    assert (row.meeting, row.form, row.planned_on, row.held_on, row.attended) == (
        "M1",
        "round_table",
        date(2021, 10, 15),
        "2021-10-15",
        1,
    )


def test_without_minutes_or_conclusions_there_is_no_paper() -> None:
    desk = meeting()
    desk.on("2021-10-15").record("meeting_held", "2021-10-15", agreed=False)
    assert not desk.papers
    assert desk.rows().meetings[0].agreed is False


def test_a_meeting_that_nobody_holds_is_asked_about_and_stands_against_closing() -> None:
    """Its day passes: staff are told it is due, nobody is 逾期, nothing else happens."""
    desk = meeting().on("2021-10-18")
    assert "【到期】会议已于2021-10-15届满" in [notice.subject for notice in desk.notices]
    assert not any("逾期" in notice.subject for notice in desk.notices)
    assert "M1 圆桌会议（破解复耕困难）尚未召开" in desk.refusal(
        "close_case", outcome="merged", reason="并案"
    )
    desk.decide("cancel_meeting", reason="改为书面征求意见")
    assert desk.running == []
    assert desk.rows().meetings[0].cancelled == "改为书面征求意见"
    desk.decide("close_case", outcome="merged", reason="并案")


def test_which_of_several_is_meant() -> None:
    """With one awaited none need be named; with two it must be said which."""
    desk = meeting()
    desk.decide("call_meeting", form="forum", topic="征求村民意见", planned_on="2021-10-20")
    assert "M1 圆桌会议（破解复耕困难）；M2 座谈会（征求村民意见）" in desk.misfit("meeting_held", DAY)
    assert "待开会议" in desk.refusal("cancel_meeting", reason="取消", meeting="M3")
    desk.record("meeting_held", DAY, meeting="M2")
    desk.record("meeting_held", DAY)
    assert [each.id for each in desk.case.meetings.held()] == ["M1", "M2"]
    assert [each.id for each in desk.case.meetings.held(MeetingForm.FORUM)] == ["M2"]
    assert "“M2”对应的待开会议" in desk.misfit("meeting_held", DAY, meeting="M2")


def test_a_meeting_that_nobody_called_here_is_entered_with_its_form_and_topic() -> None:
    desk = PureDesk(opening(opened_on=DAY))
    assert "须写明形式和议题" in desk.misfit("meeting_held", DAY, conclusions=["拆除"])
    desk.record("meeting_held", DAY, "h1", form="consultation", topic="磋商整改", conclusions=["拆除"])
    assert [row.meeting for row in desk.rows().meetings] == ["h1"]
    assert "h1/minutes" in desk.papers
    # One that was called under the same form and topic is that one.
    desk.decide("call_meeting", form="consultation", topic="再次磋商", planned_on="2021-10-15")
    desk.on("2021-10-15").record(
        "meeting_held", "2021-10-15", "h2", form="consultation", topic="再次磋商", conclusions=["复耕"]
    )
    assert {"h1/minutes", "M1/minutes"} <= set(desk.papers)
    assert desk.deadline("M1/local.meeting").state == "met"


def test_a_meeting_struck_out_gives_no_other_a_new_name() -> None:
    desk = PureDesk(opening(opened_on=DAY))
    desk.record("meeting_held", DAY, "h1", form="forum", topic="座谈", conclusions=["一"])
    desk.decide("call_meeting", form="round_table", topic="圆桌", planned_on="2021-10-15")
    desk.record("meeting_held", DAY, "h2", meeting="M1", conclusions=["二"])
    desk.correct("h1")
    assert [(row.meeting, row.held_on) for row in desk.rows().meetings] == [("M1", str(DAY))]
    assert set(desk.papers) == {"h1/minutes", "M1/minutes"}


@pytest.mark.parametrize("heard_first", [True, False])
def test_a_fact_under_the_id_of_a_planned_meeting_is_another_meeting(heard_first: bool) -> None:
    desk = PureDesk(opening(opened_on=DAY))
    heard = {"form": "forum", "topic": "座谈", "conclusions": ["一"]}
    if heard_first:
        desk.record("meeting_held", DAY, "M1", **heard)
    desk.decide("call_meeting", form="round_table", topic="圆桌", planned_on="2021-10-15")
    if not heard_first:
        desk.record("meeting_held", DAY, "M1", **heard)
    desk.record("meeting_held", DAY, "~M1", **heard | {"topic": "又一次座谈"})
    assert {row.meeting: row.held_on for row in desk.rows().meetings} == {
        "M1": "",
        "~M1": str(DAY),
        "~~M1": str(DAY),
    }
    assert "M1/local.meeting" in desk.running
    assert set(desk.papers) == {"~M1/minutes", "~~M1/minutes"}


def test_what_was_held_before_it_was_called_waits_for_the_call() -> None:
    desk = PureDesk(opening(opened_on=DAY))
    assert desk.signal("meeting_held", DAY, "h1", meeting="M1").how == "unmatched"
    desk.decide("call_meeting", form="round_table", topic="圆桌", planned_on=DAY)
    assert desk.case.taken["h1"].how == "applied"
    assert not desk.case.unmatched


@pytest.mark.parametrize("planned_on", ["2021-09-14", "9999-12-31"])
def test_a_meeting_is_called_for_a_day_to_come(planned_on: str) -> None:
    desk = PureDesk(opening(opened_on=DAY))
    assert "不在今后" in desk.refusal("call_meeting", form="forum", topic="座谈", planned_on=planned_on)
    assert "取消会议须写明理由" in meeting().refusal("cancel_meeting")


def test_a_hearing_is_notified_three_days_ahead() -> None:
    """[行监]70: 应当在听证三日以前通知; the receipt of the 会议通知 shows it."""
    desk = meeting("hearing")
    assert desk.due("M1/sup.hearing") == date(2021, 10, 12)
    assert "第七十条" in desk.deadline("M1/sup.hearing").basis
    desk.decide("draft_letter", by=DRAFTER, document=DocumentType.MEETING_NOTICE, recipients=[BUREAU])
    desk.decide("approve_letter")
    desk.decide("issue_letter")
    desk.on("2021-10-11").record("letter_served", "2021-10-11", letter="L1")
    assert desk.deadline("M1/sup.hearing").days_late == -1
    assert "L1/local.answer" not in desk.case.deadlines.by_key
    # Other meetings have no such period, and another letter is no notice.
    assert "M1/sup.hearing" not in meeting().case.deadlines.by_key
    silent = meeting("hearing").on("2021-10-13")
    assert any("听证通知已于2021-10-12届满" in notice.subject for notice in silent.notices)
    silent.decide("cancel_meeting", reason="当事人撤回申请")
    assert silent.running == []


def test_an_urging_case_goes_on_beside_its_meetings() -> None:
    """A meeting moves no period of a letter; after the closing one may still be recorded, with its minutes."""
    desk = issued(draft(), on=DAY)
    desk.decide("call_meeting", form="round_table", topic="圆桌", planned_on="2021-10-15")
    desk.decide("cancel_meeting", reason="不必再开")
    desk.decide("withdraw_letter", letter="L1", reason="不当")
    desk.decide("close_case", outcome="withdrawn", reason="撤回", look_back_on=["2021-12-15"])
    assert "本案已结案" in desk.refusal("call_meeting", form="forum", topic="座谈", planned_on="2021-10-20")
    desk.record("meeting_held", DAY, "late", form="forum", topic="座谈", minutes="补录")
    assert "late/minutes" in desk.papers


def test_corrected_minutes_are_made_anew_beside_the_former() -> None:
    """No paper in the archive may go on saying what the journal no longer says, and none is overwritten."""
    desk = meeting()
    desk.on("2021-10-15").record("meeting_held", "2021-10-15", "h", conclusions=["月底前拆除"])
    desk.correct("h", conclusions=["年底前拆除"])
    desk.correct("h", conclusions=["次年一月底前拆除"])
    made = {order: paper.name for order, paper in desk.papers.items()}
    assert made == {
        "M1/minutes": "M1-圆桌会议纪要.pdf",
        "M1/minutes/corrected-1": "M1-圆桌会议纪要（更正1）.pdf",
        "M1/minutes/corrected-2": "M1-圆桌会议纪要（更正2）.pdf",
    }
    assert "年底前拆除" in str(desk.papers["M1/minutes/corrected-1"].paper)
    desk.correct("h")
    assert set(desk.papers) == set(made)


def test_an_unnamed_meeting_fits_once_the_other_of_two_is_recorded() -> None:
    desk = meeting()
    desk.decide("call_meeting", form="forum", topic="座谈", planned_on="2021-10-18")
    desk.on("2021-10-18")
    assert desk.signal("meeting_held", "2021-10-15", "which", conclusions=["月底前拆除"]).how == "unmatched"
    desk.record("meeting_held", "2021-10-18", "forum", meeting="M2")
    assert desk.case.taken["which"].how == "applied"
    assert [row.held_on for row in desk.rows().meetings] == ["2021-10-15", "2021-10-18"]
