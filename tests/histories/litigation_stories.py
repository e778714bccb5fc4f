"""Recorded courses of the two large kinds: the enforcement of a penalty by a court, and public-interest litigation."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.enforcement import EnforcementFile
from models.cases.public_interest import PublicInterestFile
from models.terms import Substance
from models.wire import Plan
from tests.openings import BUREAU, COURT, DRAFTER, HEAD, PRESIDENT, TOWN
from tests.pure_desk import PureDesk
from tests.scenarios import public_interest_desks as interests
from tests.scenarios import test_enforcement as enforcements
from tests.scenarios import test_enforcement_supervision as supervisions

MONTH = {"amount": 1, "unit": "months"}
DAYS_60 = {"amount": 60, "unit": "days"}


def enforcement() -> PureDesk[EnforcementFile]:
    """Four items: sued over, deferred, applied for twice, not accepted, refused, granted above; enforced by court and town."""
    desk = enforcements.enforcement(
        enforcements.DEMOLITION,
        enforcements.FINE,
        enforcements.CONFISCATION,
        enforcements.LAND,
        opened="2021-03-01",
        case="enforcement-350421-2021-9221",
    )
    desk.others = ("coordination-350421-2021-0001",)
    desk.record("penalty_case_filed", "2021-01-04")
    desk.record("fact_established", "2020-11", element="violation_started", actor="吴某", what="未批先建厂房")
    desk.record("penalty_decided", "2021-02-26", number="明自然资罚〔2021〕3号")
    desk.record("decision_served", "2021-03-01")
    desk.on("2021-03-10").record("payment_deferred", "2021-03-10", item="罚款", until="2021-10-29")
    desk.on("2021-04-01").record("remedy_begun", "2021-04-01", form="suit", items=["拆除", "没收", "退地"])
    desk.on("2021-06-01").record("remedy_ended", "2021-06-01", form="suit", result="withdrawn")
    desk.on("2021-08-30").record("demand_served", "2021-08-30")
    desk.on("2021-09-15").record("application_filed", "2021-09-15", "first", items=["拆除", "没收", "退地"])
    desk.on("2021-09-22").record(
        "copy_sent", "2021-09-18", "copy", received_on="2021-09-22", lacking=["勘测定界图"]
    )
    desk.record("application_accepted", "2021-09-22", items=["拆除", "退地"])
    desk.carried()
    desk.record(
        "application_not_accepted", "2021-09-22", items=["没收"], grounds="应移交", received_on="2021-09-22"
    )
    desk.on("2021-09-28").record("opinions_heard", "2021-09-28", items=["拆除", "退地"])
    desk.on("2021-10-08").record(
        "reconsideration_applied", "2021-10-08", items=["没收"], received_on="2021-10-08"
    )
    desk.on("2021-10-20").record("reconsideration_ruled", "2021-10-20", items=["没收"], upheld=False)
    desk.record(
        "ruling_made", "2021-10-20", granted=["拆除", "没收"], refused=["退地"], carried_out_by=TOWN.name
    )
    desk.on("2021-10-25").record("ruling_served", "2021-10-25")
    desk.on("2021-11-01").record("application_filed", "2021-11-01", "second", items=["罚款"])
    desk.on("2021-11-05").record("application_accepted", "2021-11-05", application="A2")
    desk.on("2021-11-12").record("ruling_made", "2021-11-12", application="A2", granted=["罚款"])
    desk.record("execution_opened", "2021-11-12", application="A2", court_case_no="（2021）闽0421执77号")
    desk.on("2021-11-15").record("copy_sent", "2021-11-12", application="A2", received_on="2021-11-15")
    desk.record("duty_holder_changed", "2021-11-15", application="A1", items=["拆除"], to="明溪县人民政府")
    desk.record("execution_stayed", "2021-11-15", application="A2")
    desk.decide(
        "call_meeting", form="joint_meeting", topic="拆除", planned_on="2021-11-22", invited=[TOWN.name]
    )
    desk.on("2021-11-22").record("meeting_held", "2021-11-22", conclusions=["年内拆除"], agreed=True)
    desk.decide(
        "open_linked", relation="related", into="coordination", title="商请督促拆除", reason="涉及多部门"
    )
    desk.on("2021-12-20").record("execution_resumed", "2021-12-20", application="A2")
    desk.record("penalty_fulfilled", "2021-12-20", items=["拆除", "没收"], enforcer="agency")
    desk.on("2022-01-10").record("confiscated_disposed", "2022-01-10", item="没收", to=TOWN.name)
    desk.on("2022-03-01").record("penalty_fulfilled", "2022-03-01", items=["罚款"], whole=False, yuan=9000)
    desk.record("execution_terminated", "2022-03-01", application="A2", this_round=True)
    for suspicion in enforcements.raised(desk):
        desk.decide("set_aside_suspicion", suspicion=suspicion, reason="已说明原因")
    looking_back = [date(2022, 6, 1)]
    desk.decide("close_case", outcome="execution_ended", reason="无财产可供执行", look_back_on=looking_back)
    desk.on("2022-06-01").record("looked_back", "2022-06-01")
    return desk


def enforcement_supervised() -> PureDesk[EnforcementFile]:
    """A silent court: one party turned away, another heard; the review suspended, lengthened; court and town advised, in vain."""
    desk = enforcements.accepted(case="enforcement-350421-2021-9222").on("2021-10-08")
    desk.record("supervision_requested", "2021-10-08", "asked", applicant="某村民", known_on="2021-09-30")
    desk.decide("decline_supervision", reason="申请人不适格")
    supervisions.supervised(desk)
    desk.record("step_begun", "2021-10-08", step="other_party")
    desk.record("delegation_received", "2021-10-08", procuratorate="三明市人民检察院", what="询问被执行人")
    desk.record("recusal_requested", "2021-10-08", person="甲检察官")
    desk.on("2021-10-11").decide("decide_recusal", person="甲检察官", granted=False, reason="无利害关系")
    notice = supervisions.sent(desk, "explanation_notice", COURT)
    desk.record("letter_served", "2021-10-11", letter=notice)
    desk.on("2021-10-15").decide("suspend", deadline="case/sup.review", reason="等待另案结果")
    supervisions.sent(desk, "suspension_decision", COURT)
    desk.on("2021-10-22").record("reply_received", "2021-10-22", letter=notice, stance="provided")
    desk.record("step_done", "2021-10-22", step="other_party")
    desk.record("delegation_answered", "2021-10-22")
    desk.carried()
    desk.on("2021-11-01").signal(
        "dispute_reported", "2021-11-01", case="dispute-350421-2021-0009", state="under_way"
    )
    desk.decide("resume", deadline="case/sup.review", reason="另案已结")
    supervisions.sent(desk, "resumption_decision", COURT)
    days: dict[str, Any] = {"first": "2021-11-01", "last": "2021-11-08", "why": "调阅法院卷宗"}
    desk.on("2021-11-09").decide("exclude_days", deadline="case/sup.review", **days)
    desk.decide("extend", deadline="case/sup.review", by_period=MONTH, reason="疑难")
    desk.decide("assign", handler=HEAD)
    for document, recipient in (("court_suggestion", COURT), ("suggestion", TOWN)):
        number = supervisions.sent(desk, document, recipient)
        desk.record("letter_served", "2021-11-09", letter=number)
    court, town = list(desk.case.letters.by_id)[-2:]
    desk.decide("extend", by=PRESIDENT, deadline=f"{court}/ct.reply", by_period=MONTH)
    desk.on("2021-11-20").record("objection_raised", "2021-11-20", letter=court, grounds="未超期")
    desk.decide("review_objection", letter=court, upheld=False, reason="受理日有送达回证为凭")
    desk.on("2021-12-20").record("reply_received", "2021-12-20", letter=court, stance="not_adopted")
    desk.decide("assess_reply", letter=court, substance="rejected")
    desk.decide("follow_up", letter=court, reason="不予采纳，理由不成立")
    desk.on("2022-01-17").decide("urge", letter=town)
    desk.decide("escalate", letter=town, rung="superior_agency", to="明溪县人民政府")
    desk.record("reply_received", "2022-01-17", letter=town, stance="adopted")
    desk.decide("assess_reply", letter=town, substance="put_right")
    desk.decide("refer_upward", to="三明市人民检察院", reason="下级法院拒不纠正")
    supervisions.sent(desk, "referral_report", {"name": "三明市人民检察院"})
    desk.decide("close_case", outcome="referred", reason="提请市院监督", look_back_on=[date(2022, 6, 1)])
    desk.on("2022-06-01").record("looked_back", "2022-06-01", held=False)
    desk.decide("file_away", reason="由市院继续监督")
    return desk


def public_interest() -> PureDesk[PublicInterestFile]:
    """Not filed, filed after all; consulted, investigated, advised; a plan held up, the review suspended; put right at last."""
    desk = interests.registered(case="public_interest-350421-2024-9223").on("2024-01-10")
    desk.decide("begin_preliminary", by=DRAFTER)
    desk.decide("decline_case", reason="公益未受损害")
    interests.sent(desk, "no_filing_decision", served="2024-01-10")
    desk.on("2024-01-15").decide("file_case", "filed", reason="补充了卫星影像")
    desk.decide("link_case", relation="converted_from", case="urging-350421-2023-0012")
    desk.on("2024-01-18")
    interests.sent(desk, "filing_decision", served="2024-01-18")
    desk.record("recusal_requested", "2024-01-18", person="甲检察官", applicant=BUREAU.name)
    desk.decide("decide_recusal", person="甲检察官", granted=False, reason="无利害关系")
    desk.decide("call_meeting", form="consultation", topic="磋商整改", planned_on=date(2024, 1, 24))
    desk.on("2024-01-24")
    interests.sent(desk, "fact_sheet", served="2024-01-24", reply_by=date(2024, 1, 31))
    desk.record("meeting_held", "2024-01-24", attended=[BUREAU.name], agreed=False)
    desk.on("2024-01-26").record("reply_received", "2024-01-26", letter=BUREAU.name, stance="agreed")
    desk.on("2024-01-29").decide("investigate")
    desk.record("delegation_received", "2024-01-29", procuratorate="沙县区人民检察院", what="调台账")
    desk.on("2024-02-23").record("delegation_answered", "2024-02-23")
    desk.on("2024-03-15").record("inquiry_concluded", "2024-03-15", note="应当提出检察建议")
    item = {"id": "清运", "what": "清运垃圾", "kind": "clearance", "owner": BUREAU.name}
    desk.decide("add_item", item=item | {"due_on": "2024-08-30"})
    desk.on("2024-04-01")
    (letter,) = interests.sent(desk, "pre_suit_suggestion", served="2024-04-01")
    desk.on("2024-04-03").record("filed_upward", "2024-04-03", letter=letter)
    plan = Plan(objective_reason="须待汛期过后施工", final_on=date(2024, 8, 30))
    desk.on("2024-05-20").record(
        "reply_received", "2024-05-20", letter=letter, stance="difficulties", plan=plan
    )
    desk.decide("assess_reply", letter=letter, substance=Substance.PARTLY)
    desk.decide("accept_plan", letter=letter)
    desk.carried()
    desk.on("2024-05-27").decide("suspend_review", reason="汛期无法施工")
    interests.sent(desk, "suspension_decision", served="2024-05-27")
    desk.on("2024-06-04").record("plan_checked", "2024-06-04", letter=letter, node=date(2024, 8, 30))
    desk.on("2024-09-02").decide("resume_review", reason="汛期已过")
    interests.sent(desk, "resumption_decision", served="2024-09-02")
    desk.record("reply_received", "2024-09-02", letter=letter, stance="adopted", summary="已清运覆土")
    desk.decide("assess_reply", letter=letter, substance=Substance.PUT_RIGHT)
    for milestone in ("cleared", "covered", "accepted"):
        desk.record("item_progressed", "2024-09-02", item="清运", milestone=milestone)
    desk.record(
        "site_checked",
        "2024-09-02",
        letter=letter,
        finding="put_right",
        proofs=["site_survey", "satellite"],
        agrees=True,
    )
    interests.sent(desk, "closing_decision", served="2024-09-02")
    desk.decide(
        "close_case", outcome="rectified", reason="公益损害已经消除", look_back_on=[date(2024, 12, 10)]
    )
    desk.on("2024-12-10").record("looked_back", "2024-12-10")
    return desk


def public_interest_sued() -> PureDesk[PublicInterestFile]:
    """Sued, the claims amended, judged twice, performed late; a second suit, against the polluter, is withdrawn."""
    desk = interests.registered(case="public_interest-350421-2024-9224").on("2024-01-15")
    desk.decide("file_case")
    desk.on("2024-03-04").record("notice_published", "2024-03-04", where="正义网")
    desk.on("2024-04-01")
    (letter,) = interests.sent(desk, "pre_suit_suggestion", served="2024-04-01")
    desk.on("2024-06-04").decide("urge", letter=letter)
    desk.on("2024-06-11").decide("escalate", letter=letter, rung="superior_agency")
    desk.record("reply_received", "2024-06-03", letter=letter, received_on=date(2024, 6, 11))
    desk.decide("assess_reply", letter=letter, substance=Substance.EMPTY)
    desk.on("2024-06-18").record("site_checked", "2024-06-18", letter=letter, finding="partly", agrees=False)
    desk.decide("extend", deadline=f"{letter}/pil.prosecute", by_period=MONTH, reason="案情复杂")
    days: dict[str, Any] = {"first": date(2024, 6, 4), "last": date(2024, 6, 17), "why": "委托土壤鉴定"}
    desk.decide("exclude_days", deadline=f"{letter}/pil.prosecute", **days)
    desk.on("2024-06-20").decide("sue", court=COURT.name, claims=["责令清除", "确认违法"], reason="只覆土")
    desk.record("jurisdiction_assigned", "2024-06-20", superior="三明市中级人民法院", court=COURT.name)
    desk.on("2024-06-24")
    (indictment,) = interests.sent(desk, "indictment", COURT, served="2024-06-24")
    desk.record("filed_upward", "2024-06-24", letter=indictment)
    desk.decide("sue", civil=True, defendant="某建筑公司", court="三明市中级人民法院", earlier="公告期满")
    desk.record("suit_filed", "2024-06-24", suit="G2", docket="(2024)闽04民初9号")
    desk.carried()
    desk.on("2024-07-10").decide("amend_claims", suit="G1", claims=["确认违法"], reason="已部分清理")
    interests.sent(desk, "claims_amendment", COURT, served="2024-07-10")
    desk.decide("withdraw_suit", suit="G2", reason="已赔偿修复")
    interests.sent(desk, "suit_withdrawal", COURT, served="2024-07-10")
    desk.on("2024-07-22").record("suit_ended", "2024-07-22", suit="G2", how="withdrawn")
    desk.on("2024-08-12").record("appearance_notice_received", "2024-08-12", "notice", suit="G1")
    interests.sent(desk, "appearance_notice", COURT, served="2024-08-12")
    desk.on("2024-08-20").record("trial_held", "2024-08-20", suit="G1", panel="七人合议庭")
    orders = [
        {"what": "清除建筑垃圾", "within": DAYS_60},
        {"what": "补植恢复", "by": "2025-03-31", "kind": "replanting", "milestones": ["planted", "grown"]},
    ]
    desk.on("2024-09-03").record(
        "judgment_given",
        "2024-09-02",
        "judgment",
        suit="G1",
        reliefs=["ordered"],
        received_on=date(2024, 9, 3),
        performances=orders,
    )
    desk.on("2024-09-05").record("judgment_reported", "2024-09-05", suit="G1")
    desk.on("2024-09-13").record("appeal_filed", "2024-09-13", suit="G1", appellant=BUREAU.name)
    desk.on("2024-12-10").record(
        "judgment_given", "2024-12-09", suit="G1", instance="second", reliefs=["upheld"]
    )
    desk.record("judgment_effective", "2024-12-09", suit="G1")
    desk.on("2025-02-05").record("item_progressed", "2025-02-05", item="G1-1", milestone="done")
    desk.on("2025-04-02").record("enforcement_requested", "2025-04-02", suit="G1")
    for milestone in ("planted", "grown"):
        desk.record("item_progressed", "2025-04-02", item="G1-2", milestone=milestone)
    desk.decide("close_case", outcome="enforced", reason="判决事项全部履行")
    return desk
