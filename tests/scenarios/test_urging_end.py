"""The end: what blocks closing, the real outcomes, looking back, filing away, and what still comes in afterwards."""

from __future__ import annotations

from datetime import date

import pytest

from models.cases.urging import UrgingFile
from models.errors import Refusal
from models.orders import closing_review
from models.stages import UrgingStage
from models.terms import EscalationRung, Milestone, Outcome, Substance
from tests.openings import CLERK, DRAFTER, FORESTRY, HEAD, TEXT, TOWN, field
from tests.pure_desk import PureDesk, served


def _assessed(substance: Substance = Substance.PUT_RIGHT, **changes: object) -> PureDesk:
    desk = served(**changes).on("2021-10-20")  # type: ignore[arg-type] # fields of an opening
    desk.record("reply_received", "2021-10-19", "r1", letter="L1")
    desk.decide("assess_reply", letter="L1", substance=substance)
    return desk


def test_close_with_a_real_outcome() -> None:
    """Closing asks for a reason and an honest outcome; drafts, open objections and unread replies come first."""
    desk = served(items=(field(),)).on("2021-10-20")
    assert "须写明理由" in desk.refusal("close_case", outcome=Outcome.TERMINATED)
    desk.record("objection_raised", "2021-10-19", letter="L1", grounds="无权处理")
    assert "有异议待复核" in desk.refusal("close_case", outcome=Outcome.TERMINATED, reason="x")
    desk.decide("review_objection", letter="L1", upheld=False, reason="职责法定")
    desk.record("reply_received", "2021-10-19", letter="L1")
    assert "有回复待评估" in desk.refusal("close_case", outcome=Outcome.TERMINATED, reason="x")
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    assert "未完成事项：地块一" in desk.refusal("close_case", outcome=Outcome.RECTIFIED, reason="x")
    for milestone in field().kind.milestones:
        desk.record("item_progressed", "2021-10-19", item="地块一", milestone=milestone)
    desk.decide("draft_letter", document="suggestion", recipients=[FORESTRY], text=TEXT)
    assert "尚在审批" in desk.refusal("close_case", outcome=Outcome.RECTIFIED, reason="x")
    desk.decide("withdraw_letter", letter="D2")
    assert "尚未逐级" in desk.refusal("close_case", outcome=Outcome.ESCALATED, reason="x")
    assert "尚未决定转公益诉讼" in desk.refusal("close_case", outcome=Outcome.CONVERTED_TO_PIL, reason="x")
    assert "不在今后" in desk.refusal(
        "close_case", outcome=Outcome.RECTIFIED, reason="x", look_back_on=[date(2021, 10, 20)]
    )
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="验收合格", look_back_on=[date(2022, 4, 20)])
    assert desk.stage() is UrgingStage.CLOSED
    assert desk.rows().case.outcome == "rectified"
    assert desk.running == ["case/local.look_back/2022-04-20"]
    review = closing_review(desk.case)
    assert review.letters[0].timeliness == "按期（提前27日）"
    assert review.items[0].state == "已完成"
    assert "已结案" in desk.refusal("urge", letter="L1")


@pytest.mark.parametrize("outcome", UrgingFile.OUTCOMES)
def test_every_outcome_can_be_reached(outcome: Outcome) -> None:
    """Each real outcome closes a case that has come to it, an unanswered letter or not; and stops what runs."""
    desk = served().on("2021-11-19")
    if outcome is Outcome.RECTIFIED:
        desk.record("reply_received", "2021-11-18", letter="L1")
        desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    elif outcome is Outcome.WITHDRAWN:
        desk.decide("withdraw_letter", letter="L1", reason="不当")
    elif outcome is Outcome.TRANSFERRED:
        desk.decide("link_case", relation="transferred_to", case="某某市检移〔2021〕3号", elsewhere=True)
    elif outcome is Outcome.ENFORCEMENT_SUPPORTED:
        desk.decide("add_item", item={"id": "拆除", "what": "拆除", "kind": "rules"})
        desk.record("item_progressed", "2021-11-18", item="拆除", milestone="done")
    elif outcome is Outcome.UNIT_URGED:
        desk.decide("draft_letter", by=DRAFTER, document="suggestion", recipients=[TOWN], text=TEXT)
        desk.decide("issue_letter", document="D2")
        desk.record("reply_received", "2021-11-19", letter="L2")
        desk.decide("assess_reply", letter="L2", substance=Substance.PUT_RIGHT)
    elif outcome in (Outcome.CONVERTED_TO_PIL, Outcome.ESCALATED):
        desk.decide("urge", letter="L1")
        desk.decide("escalate", letter="L1", rung=EscalationRung.PUBLIC_INTEREST_LITIGATION)
    desk.decide("close_case", outcome=outcome, reason=outcome.label)
    assert desk.rows().case.outcome == outcome.value
    assert desk.running == []
    ticks = len(desk.ticks)
    desk.on("2022-06-01")
    assert len(desk.ticks) == ticks
    assert not desk.is_overdue()


def test_look_back_then_filing_away() -> None:
    """Planned look-backs are reminded of and met; when all have held, the case goes to the files."""
    desk = _assessed()
    days = [date(2022, 4, 20), date(2022, 1, 20), date(2022, 4, 20)]
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="已整改", look_back_on=days)
    assert desk.case.ending.open_look_backs == [date(2022, 1, 20), date(2022, 4, 20)]
    assert not desk.case.is_looked_back
    desk.on("2022-01-17", 9)
    assert desk.ticks[-1].id == "case/local.look_back/2022-01-20/remind/2022-01-20/3"
    with pytest.raises(Refusal, match="早于结案日"):
        desk.record("looked_back", "2021-10-01")
    desk.on("2022-01-20").record("looked_back", "2022-01-20")
    assert desk.stage() is UrgingStage.REVISIT
    assert "须写明理由" in desk.refusal("file_away")
    # Staff change meanwhile, though the case is closed: what falls due goes to the new handler.
    desk.decide("assign", handler=CLERK)
    desk.decide("assign_liaison", liaison="庚联络员")
    desk.on("2022-04-21", 0)
    assert desk.notices[-1].to == (CLERK.name, "庚联络员")
    assert desk.rows().case.liaison == "庚联络员"
    desk.record("looked_back", "2022-04-21")
    assert desk.case.is_looked_back
    assert desk.stage() is UrgingStage.ARCHIVED
    assert desk.running == []


def test_relapse_leaves_the_case_to_staff() -> None:
    """反弹: it is filed by decision with a reason; the new case refers to this one."""
    desk = _assessed()
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="已整改", look_back_on=[date(2022, 1, 20)])
    desk.on("2022-01-21").record("looked_back", "2022-01-20", held=False)
    assert not desk.case.is_looked_back
    assert desk.stage() is UrgingStage.REVISIT
    assert "须写明理由" in desk.refusal("file_away", by=HEAD)
    desk.decide("file_away", reason="原地反弹，另立新案")
    assert desk.case.is_looked_back
    assert desk.stage() is UrgingStage.ARCHIVED


def test_late_facts_after_closing() -> None:
    """After closing facts are still taken and entered; they start no clock and undo no closing."""
    desk = served(items=(field(),)).on("2021-11-19")
    desk.decide("close_case", outcome=Outcome.TERMINATED, reason="终结", look_back_on=[date(2022, 6, 1)])
    promise = {"what": "复耕", "by": "2022-02-01"}
    assert desk.record("reply_received", "2021-11-12", letter="L1", promises=[promise]).how == "applied"
    assert desk.deadline("L1/jy.reply").days_late == -3
    desk.record("item_progressed", "2021-11-19", item="地块一", milestone=Milestone.DEMOLISHED)
    desk.record("letter_served", "2021-09-20", letter="L1")
    desk.record("happened", "2021-11-19", event="gov_minutes_issued", actor="县政府", note="会议纪要")
    desk.on("2022-05-20")
    assert desk.running == ["case/local.look_back/2022-06-01"]
    assert desk.stage() is UrgingStage.CLOSED
    assert "另立新案" in desk.refusal("draft_letter", document="suggestion", recipients=[FORESTRY], text=TEXT)


def test_a_correction_after_closing_reopens_nothing() -> None:
    """What was decided stands, though the fact it rested on be struck out: closing, assessment, ladder."""
    desk = _assessed()
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="已整改", look_back_on=[date(2022, 1, 20)])
    desk.correct("r1")
    assert desk.case.is_closed
    assert desk.stage() is UrgingStage.CLOSED
    assert desk.running == ["case/local.look_back/2022-01-20"]
    assert [row.replied_on for row in desk.rows().letters] == [""]


def test_escalation_stands_when_a_new_calendar_moves_the_due_day() -> None:
    """A rung that was decided does not vanish from the record when the count it rested on is made again."""
    desk = served().on("2021-11-19")
    desk.decide("urge", letter="L1")
    desk.decide("escalate", letter="L1", rung="superior_procuratorate")
    desk.correct("served", "2021-10-20")
    assert not desk.is_overdue()
    assert desk.due("L1/jy.reply") == date(2021, 12, 20)
    assert desk.letter().rungs == [EscalationRung.SUPERIOR_PROCURATORATE]
    carried = PureDesk(desk.case.opening, desk.now, carried=desk.carried())
    assert carried.rows() == desk.rows()
