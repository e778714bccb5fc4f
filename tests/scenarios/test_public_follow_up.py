"""第五条 公益诉讼, after the suggestion (督促……依法履职): its period, the follow-up on the spot, the review for suit."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.stages import PublicInterestStage as Stage
from models.terms import Substance
from models.wire import Plan
from tests.openings import BUREAU, COURT, DRAFTER, TEXT
from tests.scenarios.public_interest_desks import advised, answered, filed, sent

MONTH = {"amount": 1, "unit": "months"}


def test_the_month_for_the_review_extended_with_days_that_do_not_count() -> None:
    """[公规]47, 48: from the end of the period for putting right, one month more by the chief; 鉴定 is not counted."""
    desk = answered().on("2024-06-04")
    assert desk.due("L1/pil.prosecute") == date(2024, 7, 3)
    assert "依法不能扣除" in desk.refusal(
        "exclude_days", deadline="L1/pil.file_up", first=date(2024, 4, 2), last=date(2024, 4, 3), why="鉴定"
    )
    desk.on("2024-06-20")
    assert "检察长批准" in desk.refusal("extend", by=DRAFTER, deadline="L1/pil.prosecute", by_period=MONTH)
    desk.decide("extend", deadline="L1/pil.prosecute", by_period=MONTH, reason="案情复杂")
    assert desk.due("L1/pil.prosecute") == date(2024, 8, 5), "3 August is a Saturday"
    appraisal: dict[str, Any] = {
        "deadline": "L1/pil.prosecute",
        "first": date(2024, 6, 14),
        "why": "委托土壤鉴定",
    }
    assert "在将来" in desk.refusal("exclude_days", **appraisal, last=date(2024, 8, 3))
    desk.on("2024-08-05")
    assert "不在开始日之后" in desk.refusal("exclude_days", **appraisal, last=date(2024, 6, 14))
    desk.decide("exclude_days", **appraisal, last=date(2024, 8, 3))
    # Fifty days after 3 August: 22 September, a Sunday.
    assert desk.due("L1/pil.prosecute") == date(2024, 9, 23)
    desk.on("2024-09-19").decide("sue", court=COURT.name, reason="只覆土未清运")
    assert desk.deadline("L1/pil.prosecute").days_late == -4
    assert not any(tick.kind == "fell_due" and tick.deadline == "L1/pil.prosecute" for tick in desk.ticks)


def test_silence_ends_both_periods_together() -> None:
    """No reply: the review for suit begins; a suit needs no urging, but is a decision of its own and no rung."""
    desk = advised().on("2024-06-03", 23)
    assert "整改期未满" in desk.refusal("sue")
    desk.on("2024-06-04")
    assert desk.stage() is Stage.PROSECUTION_REVIEW
    assert desk.due("L1/pil.prosecute") == date(2024, 7, 3)
    assert "L1/pil.rectify" not in desk.case.deadlines.by_key
    assert "改用 sue" in desk.refusal("escalate", letter="L1", rung="public_interest_litigation")
    assert "尚未督促" in desk.refusal("escalate", letter="L1", rung="superior_agency")
    desk.decide("urge", letter="L1")
    assert "整改期未满" not in desk.refusal("sue", by=DRAFTER)
    desk.on("2024-06-11").decide("escalate", letter="L1", rung="superior_agency")
    # A reply that was sent in time and comes in later leaves the review as it runs.
    desk.record("reply_received", "2024-06-03", "late", letter="L1", received_on=date(2024, 6, 11))
    assert desk.deadline("L1/pil.reply").days_late == 0
    assert desk.due("L1/pil.prosecute") == date(2024, 7, 3)
    assert "有回复待评估" in desk.refusal("sue")
    desk.decide("assess_reply", letter="L1", substance=Substance.EMPTY)
    desk.decide("sue")
    assert desk.stage() is Stage.SUED


def test_an_urgent_suggestion_has_fifteen_days() -> None:
    """[公释]21: 损害继续扩大 — fifteen days to reply, and as many to put things right."""
    desk = advised(urgent=True).on("2024-04-10")
    desk.record("reply_received", "2024-04-10", "reply", letter="L1")
    assert desk.due("L1/pil.reply_urgent") == date(2024, 4, 16)
    assert desk.due("L1/pil.rectify") == date(2024, 4, 16)
    desk.on("2024-04-17")
    assert desk.due("L1/pil.prosecute") == date(2024, 5, 16)


def test_a_corrected_service_moves_the_period_for_putting_right() -> None:
    """The period runs from receipt, whichever came first in the record; a reply may be entered before its service."""
    desk = filed().on("2024-04-01")
    sent(desk, "pre_suit_suggestion")
    desk.on("2024-05-20").record("reply_received", "2024-05-20", "reply", letter="L1")
    assert "L1/pil.rectify" not in desk.case.deadlines.by_key
    desk.record("letter_served", "2024-04-02", "served", letter="L1")
    assert desk.due("L1/pil.rectify") == date(2024, 6, 3), "2 June is a Sunday"
    desk.correct("served", "2024-04-08")
    assert desk.due("L1/pil.rectify") == date(2024, 6, 11), "the Dragon Boat festival ends on 10 June"
    desk.on("2024-06-12")
    assert desk.due("L1/pil.prosecute") == date(2024, 7, 11)


def test_a_false_reply_is_held_against_the_spot() -> None:
    """Lesson 26: the reply came in time and says all is done; a spade says otherwise, and that counts."""
    desk = answered(Substance.PUT_RIGHT).on("2024-06-06")
    assert "整改期未满，也无" in desk.refusal("sue")
    desk.record(
        "site_checked",
        "2024-06-06",
        letter="L1",
        finding="partly",
        proofs=["excavation", "test"],
        agrees=False,
        what="表面覆土二十厘米，其下仍为垃圾",
    )
    assert "没有现场核查" in desk.refusal("close_case", outcome="rectified", reason="已回复整改")
    desk.decide("sue")
    assert desk.stage() is Stage.SUED


def test_a_plan_held_up_suspends_the_review() -> None:
    """[公规]78 中止审查: a plan that objective obstacles hold up; what stands still is the procuratorate's own clock."""
    desk = advised().on("2024-05-20")
    assert "没有整改方案" in desk.refusal("suspend_review", reason="汛期")
    plan = Plan(objective_reason="须待汛期过后施工", final_on=date(2024, 8, 30))
    desk.record("reply_received", "2024-05-20", "reply", letter="L1", stance="difficulties", plan=plan)
    desk.decide("assess_reply", letter="L1", substance=Substance.PARTLY)
    assert "尚未认可" in desk.refusal("suspend_review", reason="汛期")
    desk.decide("accept_plan", letter="L1")
    assert "须由检察长决定" in desk.refusal("suspend_review", by=DRAFTER, reason="汛期")
    assert "属有正当理由" in desk.refusal("sue")
    assert "尚未中止审查" in desk.refusal(
        "draft_letter", document="suspension_decision", recipients=[BUREAU], text=TEXT
    )
    desk.on("2024-05-27").decide("suspend_review", reason="汛期无法施工")
    assert desk.stage() is Stage.SUSPENDED
    sent(desk, "suspension_decision", served="2024-05-27")
    assert "已中止审查" in desk.refusal("suspend_review", reason="汛期")
    desk.on("2024-06-04")
    assert desk.stage() is Stage.SUSPENDED
    assert desk.due("L1/pil.prosecute") is None, "it begins, and stands still from its first day"
    assert "先恢复审查" in desk.refusal("sue")
    assert "审查仍在中止" in desk.refusal("close_case", outcome="terminated", reason="终结")
    assert "suspend_review" in desk.refusal("resume", deadline="L1/pil.prosecute")
    desk.record("plan_checked", "2024-06-04", letter="L1", node=date(2024, 8, 30))
    desk.on("2024-09-02").decide("resume_review", reason="汛期已过")
    assert "没有中止审查" in desk.refusal("resume_review")
    # 3 July, and the 91 days after 3 June up to 2 September: 2 October, in the holiday that ends on the 7th.
    assert desk.due("L1/pil.prosecute") == date(2024, 10, 8)
    assert desk.deadline("L1/pil.suspend/1").met_on is not None
    desk.on("2024-09-05").decide("suspend_review", reason="设备进场受阻")
    assert "早于中止日" in desk.refusal("resume_review", on=date(2024, 9, 4))
    assert desk.due("L1/pil.prosecute") is None
    desk.on("2024-09-09").decide("resume_review")
    assert desk.due("L1/pil.prosecute") == date(2024, 10, 8), "four days more: 6 October"
    assert "suspend_review" in desk.refusal("suspend", deadline="L1/pil.prosecute")


def test_nobody_is_sued_while_the_period_for_putting_right_runs() -> None:
    """行政机关应当在收到检察建议书之日起两个月内依法履行职责 ([公释]21): on the tenth day there is no failure yet."""
    desk = advised().on("2024-04-10")
    desk.record("site_checked", "2024-04-10", letter="L1", finding="not_put_right")
    assert "整改期未满" in desk.refusal("sue", court=COURT.name)
    desk.record("reply_received", "2024-04-10", letter="L1", stance="refused")
    desk.decide("assess_reply", letter="L1", substance=Substance.REJECTED)
    assert "整改期未满" in desk.refusal("sue", court=COURT.name)
    desk.on("2024-06-03")
    assert "整改期未满" in desk.refusal("sue", court=COURT.name)
    desk.on("2024-06-04").decide("sue", court=COURT.name, reason="拒不履职")
