"""Replies and silence: reminders, expiry and its grace, urging, the ladder of [建议]25, the upgrade of a 告知函."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import cycle, islice

import pytest

from models.document_types import DocumentType
from models.messages import FellDue, Reminded
from models.stages import UrgingStage
from models.terms import EscalationRung, Outcome, Stance, Substance
from tests.openings import BUREAU, COURT, DRAFTER, HEAD, OBJECTION, draft
from tests.pure_desk import PureDesk, served
from tests.scenarios.shows import shows


def test_reminders_ahead() -> None:
    """Fourteen and three days ahead, at 09:00, to the handler and the own liaison; none once it is met (law.md §3)."""
    desk = served()
    desk.on("2021-11-01", 8)
    assert not [tick for tick in desk.ticks if tick.deadline == "L1/jy.reply"]
    desk.on("2021-11-01", 9)
    (tick,) = [tick for tick in desk.ticks if tick.deadline == "L1/jy.reply"]
    assert isinstance(tick, Reminded)
    assert (tick.days_before, tick.due_on) == (14, date(2021, 11, 15))
    assert desk.case.entries[-1].at == datetime(2021, 11, 1, 1, tzinfo=UTC)
    notice = desk.notices[-1]
    assert notice.to == ("甲检察官", "己联络员")
    assert "距今14日" in notice.body and "第十九条" in notice.body
    desk.record("reply_received", "2021-11-01", letter="L1")
    before = len(desk.ticks)
    desk.on("2021-12-01")
    assert len(desk.ticks) == before


def test_a_receipt_entered_late_reminds_once_and_truly() -> None:
    """Of several reminders that have passed only the last is sent, and it tells the days that are really left."""
    desk = served().on("2021-09-16")
    desk.correct("served")  # not served after all
    desk.on("2021-11-08").record("letter_served", "2021-09-16", "late", letter="L1")
    assert [tick.id for tick in desk.ticks if "jy.reply" in tick.id] == ["L1/jy.reply/remind/2021-11-16/14"]
    assert "距今8日" in desk.notices[-1].body


def _silent(document: DocumentType = DocumentType.SUGGESTION) -> PureDesk:
    """A letter of 2021-09-15 that nobody answers, after the grace for mail."""
    return served(document).on("2021-11-19", 1)


@shows("3.3")
def test_expiry_urge_then_ladder() -> None:
    """Due 24:00 of 11-15; 到期未见回复 for 3 working days, then 逾期; urge, then each rung a chief's decision ([建议]24, 25)."""
    desk = served().on("2021-11-15", 23)
    assert desk.stage() is UrgingStage.AWAITING_REPLY
    desk.on("2021-11-16", 0)
    assert isinstance(desk.ticks[-1], FellDue) and not desk.ticks[-1].final
    assert "到期未见回复" in desk.notices[-1].subject
    assert not desk.is_overdue() and desk.rows().case.is_overdue is False
    assert desk.deadline("L1/jy.reply").state == "expired"
    desk.on("2021-11-18", 23)
    assert not desk.is_overdue()
    desk.on("2021-11-19", 0)
    assert desk.is_overdue()
    assert "【逾期】" in desk.notices[-1].subject
    assert desk.stage() is UrgingStage.OVERDUE_URGING

    assert "尚未督促" in desk.refusal("escalate", letter="L1", rung="superior_procuratorate")
    desk.decide("urge", by=DRAFTER, letter="L1", manner="书面")
    assert desk.papers["L1/urged-1"].paper.model_dump()["reason"] == "no_reply"
    for number, rung in enumerate(EscalationRung):
        assert "须由检察长决定" in desk.refusal("escalate", by=HEAD, letter="L1", rung=rung)
        desk.decide("escalate", letter="L1", rung=rung, to="三明市人民检察院" if number == 0 else "")
        assert "已经作过" in desk.refusal("escalate", letter="L1", rung=rung)
        to_court = rung is EscalationRung.PUBLIC_INTEREST_LITIGATION
        assert desk.stage() is (UrgingStage.CONVERTED_TO_PIL if to_court else UrgingStage.ESCALATED)
    assert desk.letter().rungs == list(EscalationRung)
    assert desk.refusal("close_case", outcome=Outcome.CONVERTED_TO_PIL, reason="转公益诉讼") == ""


def test_a_suit_waits_for_the_end_of_the_period_and_not_for_the_mail() -> None:
    """[公规]47: 审查起诉 runs from the end of the period for putting right; mail is awaited for the reply alone."""
    suit = EscalationRung.PUBLIC_INTEREST_LITIGATION
    # Served 2023-08-23, the two months end on Monday 10-23; the grace for mail would end on Thursday 10-26.
    desk = served(draft(DocumentType.PRE_SUIT_SUGGESTION), on=date(2023, 8, 23)).on("2023-10-23", 23)
    assert "既未逾期" in desk.refusal("escalate", letter="L1", rung=suit)
    desk.on("2023-10-24", 10)
    assert not desk.is_overdue()
    assert "尚未督促" in desk.refusal("escalate", letter="L1", rung="superior_procuratorate")
    desk.decide("escalate", letter="L1", rung=suit)
    assert desk.deadline("L1/pil.prosecute").met_on is not None
    # An answer that was in the mail after all is to be looked into first.
    answered = served(draft(DocumentType.PRE_SUIT_SUGGESTION), on=date(2023, 8, 23)).on("2023-10-25")
    answered.record("reply_received", "2023-10-23", letter="L1")
    assert "有回复待评估" in answered.refusal("escalate", letter="L1", rung=suit)


@pytest.mark.parametrize(
    "substance",
    [Substance.EMPTY, Substance.FALSE_REPLY, Substance.PARTLY, Substance.NOT_PUT_RIGHT, Substance.REJECTED],
)
def test_a_poor_reply_in_time_opens_the_ladder_too(substance: Substance) -> None:
    """The usual failure is not silence: in time, but empty, false or partial ([建议]25: 不予整改或者整改不到位)."""
    desk = served().on("2021-10-20")
    desk.record("reply_received", "2021-10-19", "r1", letter="L1", summary="已整改")
    assert desk.stage() is UrgingStage.REPLY_REVIEW
    assert "有回复待评估" in desk.refusal("urge", letter="L1")
    assert "有回复待评估" in desk.refusal("escalate", letter="L1", rung="superior_procuratorate")
    desk.decide("assess_reply", letter="L1", substance=substance)
    assert "尚未督促" in desk.refusal("escalate", letter="L1", rung="superior_procuratorate")
    desk.decide("urge", letter="L1", manner="电话")  # urging may come before expiry
    assert desk.deadline("L1/jy.reply").days_late == -27  # in time, whatever it is worth
    desk.decide("escalate", letter="L1", rung="superior_procuratorate")
    assert desk.stage() is UrgingStage.ESCALATED
    assert not desk.is_overdue()


def test_a_good_reply_opens_no_ladder() -> None:
    desk = served().on("2021-10-20")
    desk.decide("urge", letter="L1")
    desk.record("reply_received", "2021-10-19", letter="L1")
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    assert "不必督促" in desk.refusal("urge", letter="L1")
    assert "既未逾期" in desk.refusal("escalate", letter="L1", rung="superior_procuratorate")


def test_notification_letter_is_upgraded_instead() -> None:
    """[建议]25 does not bind a 告知函: when it fails, a 检察建议 takes its place, with its own approval and period."""
    early = served(DocumentType.NOTIFICATION_LETTER)
    assert "既未逾期" in early.refusal("upgrade_letter", letter="L1")
    desk = _silent(DocumentType.NOTIFICATION_LETTER)
    desk.decide("urge", letter="L1")
    assert "告知函不适用[建议]25" in desk.refusal("escalate", letter="L1", rung="superior_agency")
    desk.decide("upgrade_letter", letter="L1", by=DRAFTER, objection_within=OBJECTION)
    assert "不得审批自己起草" in desk.refusal("approve_letter", document="D2", by=DRAFTER)
    desk.decide("approve_letter", document="D2")
    desk.decide("issue_letter", document="D2", official_no="明检建〔2021〕6号")
    assert (desk.letter("L2").type, desk.letter("L2").recipient) == (DocumentType.SUGGESTION, BUREAU)
    assert desk.letter("L2").text == desk.letter("L1").text
    assert not desk.is_overdue()  # the 告知函 no longer runs
    desk.record("letter_served", "2021-11-19", letter="L2")
    assert desk.due("L2/jy.reply") == date(2022, 1, 19)
    assert "不是告知函" in desk.refusal("upgrade_letter", letter="L2")


def test_any_number_of_replies() -> None:
    """Each with its stance and its own worth; the first meets the period, the last assessed one says where things stand."""
    desk = served()
    for number, stance in enumerate(Stance):
        desk.on(date(2021, 10, 11 + number))
        desk.record(
            "reply_received",
            date(2021, 10, 11 + number),
            f"r{number}",
            letter="L1",
            stance=stance,
            summary=str(number),
        )
    assert [reply.stance for reply in desk.letter().replies] == list(Stance)
    assert desk.deadline("L1/jy.reply").met_on is not None
    assert str(desk.deadline("L1/jy.reply").met_on) == "2021-10-11"
    for substance in list(islice(cycle(Substance), 1, len(Stance))):
        desk.decide("assess_reply", letter="L1", substance=substance)
    assert desk.stage() is UrgingStage.REPLY_REVIEW
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    assert desk.letter().last_substance is Substance.PUT_RIGHT
    assert "都已评估" in desk.refusal("assess_reply", letter="L1", substance=Substance.EMPTY)
    desk.decide(
        "assess_reply", letter="L1", reply=f"r{len(Stance) - 1}", substance=Substance.FALSE_REPLY
    )  # found out on the spot
    assert desk.letter().last_substance is Substance.FALSE_REPLY


def test_timeliness_is_by_the_day_of_sending() -> None:
    """[民诉]85: posted in time is in time; what arrives after expiry undoes the overdue, also behind a later reply."""
    desk = _silent()
    assert desk.is_overdue()
    desk.record("reply_received", "2021-11-15", letter="L1", received_on=date(2021, 11, 19))
    assert not desk.is_overdue()
    assert desk.deadline("L1/jy.reply").days_late == 0
    assert desk.stage() is UrgingStage.REPLY_REVIEW

    other = _silent()
    other.on("2021-11-26").record("reply_received", "2021-11-26", "late", letter="L1", summary="补充")
    assert other.deadline("L1/jy.reply").days_late == 11
    other.record(
        "reply_received", "2021-11-12", "posted", letter="L1", received_on=date(2021, 11, 26), summary="首次"
    )
    assert other.deadline("L1/jy.reply").days_late == -3
    assert [reply.fact for reply in other.letter().replies] == ["posted", "late"]
    assert other.rows().letters[0].replied_on == "2021-11-12"


@shows("3.3")
def test_reply_on_the_very_due_day() -> None:
    """A two-month period is a calendar one: day 61 or 62 may be its last (cases 01 and 37)."""
    desk = served(on=date(2019, 7, 1)).on("2019-09-02")
    # 2019-09-01 is a Sunday.
    desk.record("reply_received", "2019-09-02", letter="L1")
    assert desk.deadline("L1/jy.reply").days_late == 0


def test_reply_before_its_service_is_recorded() -> None:
    """A reply proves nothing is awaited; the receipt recorded later starts a period that is met already."""
    desk = served().on("2021-10-20")
    desk.correct("served")
    desk.record("reply_received", "2021-10-19", letter="L1")
    assert desk.stage() is UrgingStage.REPLY_REVIEW
    desk.record("letter_served", "2021-09-16", "again", letter="L1")
    assert desk.deadline("L1/jy.reply").state == "met"
    desk.on("2022-01-10")
    assert not [tick for tick in desk.ticks if "jy.reply" in tick.id]


def test_court_answers_in_three_months() -> None:
    """[执监]13; a court's refusal to adopt is a reply, assessed like any other."""
    desk = served(draft(DocumentType.COURT_SUGGESTION, COURT)).on("2021-12-15")
    desk.record("reply_received", "2021-12-15", letter=COURT.name, stance=Stance.NOT_ADOPTED)
    assert desk.deadline("L1/ct.reply").days_late == 0
    desk.decide("assess_reply", letter="L1", substance=Substance.REJECTED)
    assert desk.rows().letters[0].substance == "rejected"
