"""第四条, our part: suspicions taken up or set aside, a supervision opened, reviewed, suspended, and what it comes to."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.enforcement import EnforcementFile
from models.stages import EnforcementStage as Stage
from models.status import details
from tests.openings import BUREAU, COURT, DRAFTER, OBJECTION, PRESIDENT, TEXT, TOWN
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows
from tests.scenarios.test_enforcement import DEMOLITION, accepted, applied, enforcement, granted, raised

Desk = PureDesk[EnforcementFile]


def silent_court() -> Desk:
    """Accepted on 22 September, and not ruled upon by 30 September."""
    return accepted().on("2021-10-08")


def supervised(desk: Desk) -> Desk:
    """The suspicion that the court does not rule is taken up, and supervision opened."""
    desk.decide("take_up_suspicion", by=DRAFTER, suspicion="A1/ct.rule", reason="超过七个工作日未裁定")
    desk.decide("open_supervision", reason="法院逾期不作裁定")
    return desk


def sent(desk: Desk, document: str, *recipients: Any, **fields: Any) -> str:
    """A document drafted, approved by the chief procurator and issued today; its number."""
    objects = document in ("court_suggestion", "suggestion")
    number = f"D{desk.case.letters.documents + 1}"
    desk.decide(
        "draft_letter",
        by=DRAFTER,
        document=document,
        recipients=recipients,
        text=TEXT,
        objection_within=OBJECTION if objects else None,
        **fields,
    )
    desk.decide("approve_letter", document=number)
    desk.decide("issue_letter", document=number)
    return number


@shows("4.3")
def test_a_suspicion_is_taken_up_or_set_aside_never_an_accusation() -> None:
    """Each expired period of court or agency waits for the procurator's decision; none is decided twice, none is invented."""
    desk = silent_court()
    assert raised(desk) == ["A1/ct.rule"]
    assert "须写明理由" in desk.refusal("set_aside_suspicion", suspicion="A1/ct.rule")
    assert "没有待处理的嫌疑" in desk.refusal("take_up_suspicion", suspicion="A1/ct.accept")
    assert "没有待处理的嫌疑" in desk.refusal("take_up_suspicion", suspicion="A7/ct.accept")
    assert "嫌疑尚未处理：A1/ct.rule" in desk.refusal("close_case", outcome="transferred", reason="移送")
    desk.decide("set_aside_suspicion", suspicion="A1/ct.rule", reason="法院因疫情封控顺延，已说明")
    assert raised(desk) == [] and desk.stage() is Stage.COURT_REVIEWING
    assert "已处理" in desk.refusal("take_up_suspicion", suspicion="A1/ct.rule")
    desk.decide("close_case", outcome="no_illegality", reason="查无违法")

    taken = silent_court()
    taken.decide("take_up_suspicion", suspicion="A1/ct.rule")
    shown = details(taken.case)
    assert "已采纳的嫌疑 A1/ct.rule：" in shown and "待处理的嫌疑" not in shown
    # What has run out is no delay in the web UI either, and stands behind what is still to come.
    assert "2021-09-30（已届满）" in shown and "逾期" not in shown.replace("逾期未", "")
    assert (
        shown.index("无固定期限") < shown.index("2021-03-16（已届满）") < shown.index("2021-09-30（已届满）")
    )
    assert "尚未监督立案" in taken.refusal("close_case", outcome="merged", reason="并案")
    assert "不是查无违法" in taken.refusal("close_case", outcome="no_illegality", reason="无")


@shows("4.3")
def test_opened_of_our_own_motion_reviewed_and_a_suggestion_to_the_court() -> None:
    """[行监]56, 106: three months for the review; fifteen days from the decision to the issue; [执监]13: three for the answer."""
    desk = silent_court()
    assert "须写明事由" in desk.refusal("open_supervision")
    supervised(desk)
    assert desk.stage() is Stage.SUPERVISION_OPENED and "case/supervision" in desk.papers
    assert "已监督立案" in desk.refusal("open_supervision", reason="再立")
    # 8 October + three months: Saturday 8 January 2022, so Monday.
    assert desk.due("case/sup.review") == date(2022, 1, 10)
    assert "case/sup.notify" not in desk.case.deadlines.by_key
    # 调卷 from 11 to 21 October does not count (ten days): 18 January.
    desk.on("2021-10-22").decide(
        "exclude_days", deadline="case/sup.review", first="2021-10-11", last="2021-10-21", why="调阅法院卷宗"
    )
    assert desk.due("case/sup.review") == date(2022, 1, 18)
    assert desk.stage() is Stage.REVIEWING
    notice = sent(desk, "explanation_notice", COURT)
    desk.record("letter_served", "2021-10-22", letter=notice)
    # [行监]112: fifteen days to say how the case stands; 6 November is a Saturday.
    assert desk.due("L1/sup.explain") == date(2021, 11, 8)
    desk.on("2021-11-05").record("reply_received", "2021-11-05", letter=notice, stance="provided")
    desk.decide(
        "draft_letter",
        by=DRAFTER,
        document="court_suggestion",
        recipients=[COURT],
        text=TEXT,
        objection_within=OBJECTION,
    )
    desk.decide("approve_letter", document="D2")
    assert desk.due("D2/sup.send") == date(2021, 11, 22)
    desk.decide("revise_draft", by=DRAFTER, document="D2", text=TEXT)
    assert "D2/sup.send" not in desk.running
    desk.decide("approve_letter", document="D2")
    desk.decide("return_draft", document="D2", reason="补充证据")
    assert "D2/sup.send" not in desk.running
    desk.on("2021-11-09").decide("approve_letter", document="D2")
    assert desk.due("D2/sup.send") == date(2021, 11, 24) and "D2/sup.send" in desk.running
    desk.on("2021-11-12").decide("issue_letter", document="D2", official_no="明检行执监〔2021〕1号")
    assert desk.deadline("D2/sup.send").met_on is not None
    # The review ended with the decision, not with the paper.
    assert str(desk.deadline("case/sup.review").met_on) == "2021-11-09"
    assert desk.stage() is Stage.SUGGESTION_ISSUED
    desk.record("letter_served", "2021-11-12", letter="L2")
    assert desk.stage() is Stage.AWAITING_COURT and desk.due("L2/ct.reply") == date(2022, 2, 14)
    desk.on("2021-12-20").record("ruling_made", "2021-12-15", granted=["全部"])
    desk.record("reply_received", "2021-12-20", letter="L2", stance="adopted", summary="已裁定准予执行")
    assert desk.stage() is Stage.RESULT_REVIEW
    assert "没有评估为“采纳并整改”" in desk.refusal("close_case", outcome="rectified", reason="已纠正")
    desk.decide("assess_reply", letter="L2", substance="put_right")
    assert desk.stage() is Stage.GRANTED
    assert "尚未执行完毕" in desk.refusal("close_case", outcome="enforced", reason="已纠正")
    desk.decide("close_case", outcome="rectified", reason="法院已裁定")


def test_a_party_asks_and_we_accept_notify_and_hand_over() -> None:
    """[行监]20, 31, 32, 33, 38: six months to ask, seven days to decide, three to notify and to hand over, fifteen to answer."""
    desk = accepted(DEMOLITION)
    desk.on("2021-10-08").record("ruling_made", "2021-09-30", refused=["全部"])
    desk.record(
        "supervision_requested",
        "2021-10-08",
        applicant="明溪县自然资源局",
        known_on="2021-09-30",
    )
    assert desk.due("case/sup.window") == date(2022, 3, 30)
    assert desk.due("case/sup.decide") == date(2021, 10, 15)
    assert "晚于申请日" in enforcement().misfit("supervision_requested", "2021-09-14", known_on="2021-09-15")
    assert "已记录" in desk.misfit("supervision_requested", "2021-10-08")
    assert "先监督立案" in desk_issue_refusal(desk, "acceptance_notice", BUREAU)
    desk.on("2021-10-12").decide("open_supervision", reason="裁定不准予执行，适用法律错误")
    assert desk.due("case/sup.notify") == desk.due("case/sup.transfer") == date(2021, 10, 15)
    desk.decide("issue_letter", document="D1")
    desk.record("step_done", "2021-10-12", step="handover")
    assert desk.deadline("case/sup.notify").met_on and desk.deadline("case/sup.transfer").met_on
    assert desk.stage() is Stage.REVIEWING
    desk.record("step_begun", "2021-10-12", step="other_party")
    assert desk.due("case/sup.other_party") == date(2021, 10, 27)
    desk.on("2021-10-27").record("step_done", "2021-10-27", step="other_party")
    assert "没有进行中的" in desk.misfit("step_done", "2021-10-27", step="other_party")
    desk.record("step_begun", "2021-10-27", step="flow_notice")
    desk.record("delegation_received", "2021-10-27", procuratorate="三明市人民检察院", what="询问被执行人")
    desk.record("recusal_requested", "2021-10-27", "recusal", person="甲检察官")
    # 10, 15 and 3 days from 27 October; 6 November and 30 October are Saturdays.
    assert desk.due("case/sup.flow") == date(2021, 11, 8)
    (delegated,) = [key for key in desk.running if "sup.delegated" in key]
    assert desk.due(delegated) == date(2021, 11, 11)
    (recusal,) = [key for key in desk.running if "sup.recusal" in key]
    assert desk.due(recusal) == date(2021, 11, 1)
    desk.record("step_done", "2021-10-27", step="flow_notice")
    desk.record("delegation_answered", "2021-10-27")
    desk.decide("decide_recusal", person="甲检察官", granted=False, reason="不属应当回避的情形")
    desk.record("step_begun", "2021-10-27", "second", step="flow_notice")
    assert "second/sup.flow" in desk.running


def desk_issue_refusal(desk: Desk, document: str, recipient: Any) -> str:
    """Why a paper that makes a decision known is not issued before the decision; it is drafted and approved meanwhile."""
    number = f"D{desk.case.letters.documents + 1}"
    desk.decide("draft_letter", by=DRAFTER, document=document, recipients=[recipient], text=TEXT)
    desk.decide("approve_letter", document=number)
    return desk.refusal("issue_letter", document=number)


def test_not_supported() -> None:
    """[行监]107, 114: 不支持监督申请, decided and sent within fifteen days."""
    desk = silent_court()
    assert "不存在不支持" in supervised(silent_court()).refusal("decline_support", reason="无违法")
    desk.record("supervision_requested", "2021-10-08", applicant="吴某")
    supervised(desk)
    assert "先决定不支持" in desk_issue_refusal(desk, "no_support_decision", TOWN)
    desk.on("2021-11-01").decide("decline_support", reason="法院已依法裁定")
    assert desk.stage() is Stage.NOT_SUPPORTED
    assert desk.due("case/sup.nosupport") == date(2021, 11, 16)
    desk.on("2021-11-10").decide("issue_letter", document="D1")
    assert desk.deadline("case/sup.nosupport").days_late == -6
    assert str(desk.deadline("case/sup.review").met_on) == "2021-11-01"
    assert "已不支持监督申请" in desk.refusal("terminate_review", reason="终结")
    desk.decide("close_case", outcome="not_supported", reason="不支持监督申请")


def test_declined_and_yet_opened_of_our_own_motion() -> None:
    """[行监]31: 不予受理 of an application does not bar supervision of our own motion."""
    desk = silent_court()
    assert "没有监督申请" in desk.refusal("decline_supervision", reason="无")
    desk.record("supervision_requested", "2021-10-08", applicant="某村民")
    assert "须写明理由" in desk.refusal("decline_supervision")
    assert "尚未决定不予受理" in desk.refusal("close_case", outcome="declined", reason="无")
    desk.decide("decline_supervision", reason="申请人不适格")
    assert desk.deadline("case/sup.decide").met_on and desk.stage() is Stage.COURT_REVIEWING
    assert "不必重复" in desk.refusal("decline_supervision", reason="再次")
    supervised(desk)
    assert "case/sup.notify" not in desk.case.deadlines.by_key
    left = enforcement()
    left.record("supervision_requested", "2021-09-15", applicant="某村民")
    left.decide("decline_supervision", reason="申请人不适格")
    left.decide("close_case", outcome="declined", reason="不予受理")
    assert left.stage() is Stage.ARCHIVED


def test_suspended_resumed_terminated() -> None:
    """[行监]80, 81: the review stands still, goes on, and is ended; each paper needs its decision."""
    desk = supervised(silent_court())
    assert "先中止" in desk_issue_refusal(desk, "suspension_decision", COURT)
    desk.on("2021-10-15").decide("suspend", deadline="case/sup.review", reason="等待另案结果")
    assert desk.stage() is Stage.SUSPENDED
    desk.decide("issue_letter", document="D1")
    assert "先恢复" in desk_issue_refusal(desk, "resumption_decision", COURT)
    desk.on("2021-11-15").decide("resume", deadline="case/sup.review", reason="另案已结")
    desk.decide("issue_letter", document="D2")
    # 8 January + the 31 days after 15 October up to 15 November: 8 February.
    assert desk.due("case/sup.review") == date(2022, 2, 8)
    assert desk.stage() is Stage.REVIEWING
    desk.decide(
        "extend", deadline="case/sup.review", by_period={"amount": 1, "unit": "months"}, reason="疑难"
    )
    assert desk.due("case/sup.review") == date(2022, 3, 11)
    assert "先决定终结审查" in desk_issue_refusal(desk, "termination_decision", COURT)
    assert "须写明理由" in desk.refusal("terminate_review")
    desk.decide("terminate_review", reason="行政机关撤回申请")
    desk.decide("issue_letter", document="D3")
    assert desk.stage() is Stage.TERMINATED
    desk.decide("close_case", outcome="terminated", reason="终结审查")


@shows("4.3")
def test_court_and_town_at_once_and_the_ladder_for_the_town() -> None:
    """One suggestion to the court (ct.reply, three months), one to the town (jy.reply, two; [建议]25 when nothing comes)."""
    desk = granted().on("2021-10-08")
    desk.record("duty_holder_changed", "2021-10-08", items=["拆除"], to="雪峰镇人民政府")
    desk.decide("open_supervision", reason="裁执分离后无人组织实施，罚款未立案执行")
    for document, recipient in (("court_suggestion", COURT), ("suggestion", TOWN)):
        number = sent(desk, document, recipient)
        desk.record("letter_served", "2021-10-08", letter=number)
    assert desk.due("L1/ct.reply") == date(2022, 1, 10) and desk.due("L2/jy.reply") == date(2021, 12, 8)
    desk.on("2021-11-01").record("reply_received", "2021-11-01", letter="L1", stance="not_adopted")
    assert desk.stage() is Stage.RESULT_REVIEW
    desk.decide("assess_reply", letter="L1", substance="rejected")
    assert desk.stage() is Stage.AWAITING_AGENCY
    desk.on("2021-12-20")
    assert desk.is_overdue()
    desk.decide("urge", letter="L2")
    urgent = {"urgent": True, "reply_within": {"amount": 10, "unit": "days"}}
    number = sent(desk, "suggestion", BUREAU, **urgent)
    desk.record("letter_served", "2021-12-20", letter=number)
    assert desk.due("L3/jy.reply_urgent") == date(2021, 12, 30)
    desk.record("reply_received", "2021-12-20", letter="L3", stance="adopted")
    desk.decide("assess_reply", letter="L3", substance="put_right")
    assert "尚未逐级报告" in desk.refusal("close_case", outcome="escalated", reason="通报")
    assert "对法院的建议不适用" in desk.refusal("escalate", letter="L1", rung="superior_agency")
    desk.decide("escalate", letter="L2", rung="superior_agency", to="明溪县人民政府")
    desk.record("reply_received", "2021-12-20", letter="L2", stance="adopted")
    desk.decide("assess_reply", letter="L2", substance="put_right")
    assert desk.stage() is Stage.RESULT_REVIEW
    desk.record("penalty_fulfilled", "2021-12-20", items=["全部"], enforcer="agency")
    assert desk.stage() is Stage.COMPLETED
    desk.decide("close_case", outcome="escalated", reason="经通报，镇政府组织拆除")


def test_refused_in_writing_followed_up_and_referred_above() -> None:
    """[行监]125(二): the court does not adopt; followed up, and referred by the chief procurator to the one above."""
    desk = supervised(silent_court())
    assert "没有逾期未复或者未纠正" in desk.refusal("follow_up", reason="跟进")
    number = sent(desk, "court_suggestion", COURT)
    desk.record("letter_served", "2021-10-08", letter=number)
    desk.on("2021-12-01").record(
        "reply_received", "2021-12-01", letter="L1", stance="not_adopted", summary="审委会讨论不予采纳"
    )
    desk.decide("assess_reply", letter="L1", substance="rejected")
    assert desk.stage() is Stage.RESULT_REVIEW
    desk.decide("follow_up", letter="L1", reason="法院不予采纳，理由不成立")
    assert desk.stage() is Stage.FOLLOW_UP
    assert "由检察长决定" in desk.refusal("refer_upward", by=DRAFTER, to="三明市人民检察院", reason="一")
    assert "先决定提请" in desk_issue_refusal(desk, "referral_report", COURT)
    assert "尚未决定提请上级监督" in desk.refusal("close_case", outcome="referred", reason="提请")
    desk.decide("refer_upward", to="三明市人民检察院", reason="下级法院拒不纠正")
    desk.decide("issue_letter", document="D2")
    assert "已提请上级监督" in desk.refusal("refer_upward", to="三明市人民检察院", reason="再提请")
    assert desk.stage() is Stage.FOLLOW_UP
    desk.decide(
        "close_case", outcome="referred", reason="提请市院监督", look_back_on=["2022-03-01", "2022-06-01"]
    )
    desk.on("2022-03-01").record("looked_back", "2022-03-01")
    assert desk.stage() is Stage.REVISIT


def test_the_court_objects_and_its_president_lengthens_its_answer() -> None:
    """[执监]13: one month more by the court's president; its written objection is reviewed within a month."""
    desk = supervised(silent_court())
    number = sent(desk, "court_suggestion", COURT)
    desk.record("letter_served", "2021-10-08", letter=number)
    desk.decide("extend", by=PRESIDENT, deadline="L1/ct.reply", by_period={"amount": 1, "unit": "months"})
    assert desk.due("L1/ct.reply") == date(2022, 2, 8)
    desk.on("2021-10-20").record("objection_raised", "2021-10-20", "objects", letter="L1", grounds="未超期")
    assert desk.stage() is Stage.RESULT_REVIEW
    assert desk.due("L1/sup.court_query/objects") == date(2021, 11, 22)
    desk.decide("review_objection", letter="L1", upheld=False, reason="受理日有送达回证为凭")
    assert desk.stage() is Stage.AWAITING_COURT


def test_a_missing_copy_is_asked_for() -> None:
    """催送抄送材料函: to the bureau, answered by a day that it states; no sanction is threatened."""
    desk = applied().on("2021-10-08")
    assert desk.stage() is Stage.MISSING_COPY
    number = sent(desk, "copy_reminder", BUREAU, reply_by="2021-10-20")
    desk.record("letter_served", "2021-10-08", letter=number)
    assert desk.due("L1/local.answer") == date(2021, 10, 20)
    desk.on("2021-10-15").record("copy_sent", "2021-10-14")
    desk.record("reply_received", "2021-10-14", letter=number)
    # 23 September to 14 October.
    assert desk.deadline("A1/coop.copy").days_late == 21
    assert desk.stage() is Stage.AWAITING_ACCEPTANCE
