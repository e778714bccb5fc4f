"""第五条 公益诉讼, before a court is asked: 可通过诉前磋商、检察建议……督促自然资源主管部门依法履职."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.public_interest import PublicInterestFile
from models.said.public_interest import PublicInterestTerms
from models.stages import PublicInterestStage as Stage
from models.terms import Relation, Substance
from tests.openings import BUREAU, CHIEF, COURT, DRAFTER, FORESTRY, TEXT, TOWN
from tests.pure_desk import PureDesk, issued
from tests.scenarios.public_interest_desks import advised, answered, filed, registered, sent
from tests.scenarios.shows import shows

MONTH = {"amount": 1, "unit": "months"}


@shows("5.2", "5.3")
def test_from_the_clue_to_the_closing() -> None:
    """可通过诉前磋商、检察建议……的方式，督促自然资源主管部门依法履职: each step with its own clock."""
    desk = registered()
    assert desk.stage() is Stage.CLUE_ASSESSING
    assert desk.due("case/pil.assess") is None, "[公规] sets no number of days"
    desk.on("2024-01-10").decide("begin_preliminary", by=DRAFTER)
    assert desk.stage() is Stage.PRELIMINARY
    assert "须由检察长决定" in desk.refusal("file_case", by=DRAFTER)
    desk.on("2024-01-15").decide("file_case", "filed")
    assert desk.stage() is Stage.OPENED
    # 第七十条: within seven days of the decision, Monday 22 January.
    assert desk.due("case/pil.open_notice/1") == date(2024, 1, 22)
    desk.on("2024-01-18")
    sent(desk, "filing_decision", served="2024-01-18")
    assert desk.deadline("case/pil.open_notice/1").days_late == -4

    desk.decide("call_meeting", form="consultation", topic="磋商整改", planned_on=date(2024, 1, 24))
    assert desk.stage() is Stage.CONSULTING
    desk.on("2024-01-24")
    sent(desk, "fact_sheet", served="2024-01-24", reply_by=date(2024, 1, 31))
    desk.record(
        "meeting_held",
        "2024-01-24",
        "consulted",
        conclusions=["三月底前清运"],
        attended=[BUREAU.name],
        agreed=False,
    )
    assert desk.deadline("case/pil.consult").met_on is not None
    # By its name it is the fact sheet that is answered, and not the decision that was served with no question in it.
    desk.on("2024-01-26").record(
        "reply_received", "2024-01-26", "confirmed", letter=BUREAU.name, stance="agreed"
    )
    assert [len(each.replies) for each in desk.case.letters] == [0, 1]
    desk.on("2024-01-29").decide("investigate")
    assert desk.stage() is Stage.INVESTIGATING
    desk.on("2024-03-15").record("inquiry_concluded", "2024-03-15", "concluded", note="应当提出检察建议")
    assert desk.stage() is Stage.CONCLUDED

    desk.on("2024-03-29")
    (letter,) = sent(desk, "pre_suit_suggestion")
    assert desk.stage() is Stage.SUGGESTING
    assert desk.due(f"{letter}/pil.serve") == date(2024, 4, 1)
    desk.on("2024-04-01").record("letter_served", "2024-04-01", letter=letter)
    assert desk.stage() is Stage.RECTIFYING
    # 第七十五条: five days end on Saturday 6 April, a holiday; Sunday 7 April is worked.
    assert desk.due(f"{letter}/pil.file_up") == date(2024, 4, 7)
    desk.on("2024-04-03").record("filed_upward", "2024-04-03", letter=letter)
    assert desk.deadline(f"{letter}/pil.file_up").days_late == -4
    assert desk.due(f"{letter}/pil.reply") == date(2024, 6, 3)

    desk.on("2024-05-20").record("reply_received", "2024-05-20", "reply", letter=letter, stance="adopted")
    assert desk.stage() is Stage.FOLLOWING_UP
    desk.decide("assess_reply", letter=letter, substance=Substance.PUT_RIGHT)
    assert "没有现场核查" in desk.refusal("close_case", outcome="rectified", reason="已整改")
    desk.on("2024-05-28").record(
        "site_checked",
        "2024-05-28",
        "check",
        letter=letter,
        finding="put_right",
        proofs=["satellite", "peoples_supervisor"],
        agrees=True,
        what="垃圾已清运，耕作层恢复",
    )
    # 第四十七条: a reply ends the waiting for it alone; the review begins when the period for putting right has ended.
    desk.on("2024-06-04")
    assert desk.stage() is Stage.PROSECUTION_REVIEW
    assert desk.due(f"{letter}/pil.prosecute") == date(2024, 7, 3)
    desk.on("2024-06-10")
    sent(desk, "closing_decision", served="2024-06-10")
    assert desk.stage() is Stage.TERMINATED
    days = (date(2024, 12, 10), date(2025, 6, 10))
    desk.decide("close_case", outcome="rectified", reason="公益损害已经消除", look_back_on=days)
    assert desk.deadline(f"{letter}/pil.prosecute").days_late == -23
    assert desk.stage() is Stage.CLOSED
    desk.on("2024-12-10").record("looked_back", "2024-12-10")
    assert desk.stage() is Stage.REVISIT
    desk.on("2025-06-10").record("looked_back", "2025-06-10")
    assert desk.stage() is Stage.ARCHIVED
    assert {"filing/filed", "case/inquiry", "site/check", "M1/minutes"} <= set(desk.papers)


@shows("5.2")
def test_a_consultation_that_succeeds_needs_no_suggestion() -> None:
    """诉前磋商: both sides agree, the bureau does it, the spot shows it; nothing more is sent."""
    desk = filed().on("2024-01-22")
    sent(desk, "consultation_letter", served="2024-01-22", reply_within={"amount": 10})
    assert desk.stage() is Stage.CONSULTING
    desk.on("2024-01-25").record(
        "meeting_held",
        "2024-01-25",
        form="consultation",
        topic="磋商整改",
        conclusions=["二月底前清运"],
        agreed=True,
    )
    item = {"id": "清运", "what": "清运垃圾", "kind": "clearance", "owner": BUREAU.name}
    desk.decide("add_item", item=item | {"due_on": "2024-02-29"})
    desk.on("2024-02-27").record("item_progressed", "2024-02-27", item="清运", milestone="cleared")
    assert "未完成事项：清运" in desk.refusal("close_case", outcome="rectified", reason="已清运")
    for milestone in ("covered", "accepted"):
        desk.record("item_progressed", "2024-02-27", item="清运", milestone=milestone)
    desk.on("2024-03-01").record("site_checked", "2024-03-01", finding="put_right", proofs=["site_survey"])
    assert desk.stage() is Stage.FOLLOWING_UP
    desk.decide("close_case", outcome="rectified", reason="磋商后整改到位")
    assert desk.stage() is Stage.ARCHIVED


def test_a_clue_that_is_not_filed() -> None:
    """[公规]30 不立案: by the chief procurator with a reason; what turns up later can still be filed."""
    desk = registered().on("2024-01-10")
    assert "尚未决定不立案" in desk.refusal(
        "draft_letter", document="no_filing_decision", recipients=[BUREAU], text=TEXT
    )
    assert "案卷记录没有显示" in desk.refusal("close_case", outcome="declined", reason="查无")
    assert "写明理由" in desk.refusal("decline_case")
    desk.decide("decline_case", reason="公益未受损害")
    assert desk.stage() is Stage.DECLINED
    assert "已决定不立案" in desk.refusal("decline_case", reason="再次")
    sent(desk, "no_filing_decision", served="2024-01-10")
    desk.on("2024-01-12").decide("file_case", reason="补充了卫星影像")
    assert desk.stage() is Stage.OPENED
    assert "已立案" in desk.refusal("decline_case", reason="不立")
    assert "已立案" in desk.refusal("begin_preliminary")
    other = registered().on("2024-01-10")
    other.decide("decline_case", reason="公益未受损害")
    other.decide("close_case", outcome="declined", reason="公益未受损害")
    assert other.stage() is Stage.ARCHIVED


def test_nothing_is_said_to_an_agency_before_the_case_is_filed() -> None:
    """Wrong order: an investigation, a suggestion, an indictment before their time are refused with what to do first."""
    desk = registered()
    pre_suit: dict[str, Any] = {"document": "pre_suit_suggestion", "recipients": [BUREAU], "text": TEXT}
    assert "先立案" in desk.refusal("draft_letter", **pre_suit)
    assert "先立案" in desk.refusal("investigate")
    assert "先立案" in desk.misfit("inquiry_concluded", "2024-01-08")
    # A fact that came ahead of its cause is entered as soon as that is there.
    assert desk.signal("inquiry_concluded", "2024-01-08", "early").how == "unmatched"
    desk.decide("file_case")
    assert desk.case.taken["early"].how == "applied"
    assert desk.stage() is Stage.CONCLUDED
    assert "先作出决定（sue）" in desk.refusal(
        "draft_letter", document="indictment", recipients=[COURT], text=TEXT
    )
    assert "不制发" in desk.refusal(
        "draft_letter", document="notification_letter", recipients=[BUREAU], text=TEXT
    )
    assert "on 与 known_on" in registered().refusal("file_case", on=date(2024, 1, 8), known_on="2023-12")


def test_several_agencies_in_one_case_each_with_its_letter() -> None:
    """[公规]69: two agencies fail in one matter; each is told, advised and answered for by itself."""
    desk = filed(FORESTRY, TOWN)
    assert {"case/pil.open_notice/1", "case/pil.open_notice/2"} <= set(desk.running)
    desk.on("2024-01-17")
    sent(desk, "filing_decision", FORESTRY, TOWN, served="2024-01-17")
    assert [desk.deadline(f"case/pil.open_notice/{n}").days_late for n in (1, 2)] == [-5, -5]
    desk.on("2024-04-01")
    first, second = sent(desk, "pre_suit_suggestion", FORESTRY, TOWN, served="2024-04-01")
    desk.on("2024-05-15").record("reply_received", "2024-05-15", letter=FORESTRY.name)
    assert desk.due(f"{first}/pil.rectify") == date(2024, 6, 3)
    assert desk.stage() is Stage.RECTIFYING, "the town has not answered"
    desk.on("2024-06-04").decide("assess_reply", letter=first, substance=Substance.PARTLY)
    assert "不止一份" in desk.refusal("sue")
    desk.decide("sue", letter=FORESTRY.name)
    assert desk.stage() is Stage.SUED
    desk.decide("sue", letter=second)
    assert [each.defendant for each in desk.case.suits.by_id.values()] == [FORESTRY.name, TOWN.name]


def test_several_agencies_in_cases_that_are_tied_together() -> None:
    """[公规]69: or a case of its own for each, tied on both sides; one that is merged into another ends so."""
    desk = filed()
    desk.decide(
        "open_linked", relation="related", into="public_interest", title="镇政府怠于履职案", reason="分别立案"
    )
    (other,) = desk.opened
    assert other.kind.value == "public_interest"
    assert other.links[0].relation is Relation.RELATED
    assert other.terms == PublicInterestTerms(harm="基本农田被建筑垃圾覆盖")
    assert "案卷记录没有显示" in filed().refusal("close_case", outcome="merged", reason="并案")
    desk.decide("close_case", outcome="merged", reason="同一行政机关同类违法，并案办理")
    assert desk.stage() is Stage.ARCHIVED


@shows("5.4")
def test_what_was_converted_from_an_urging_case_brings_its_record() -> None:
    """An urging case that did not help becomes this one: its facts, its open items and its agency come along."""
    urging = issued(on=date(2024, 1, 15)).on("2024-01-15")
    urging.record("letter_served", "2024-01-15", "served", letter="L1")
    urging.decide("add_item", item={"id": "清运", "what": "清运垃圾"})
    urging.on("2024-03-26").decide("urge", letter="L1")
    urging.decide("escalate", letter="L1", rung="public_interest_litigation")
    urging.decide(
        "open_linked",
        relation="converted_into",
        into="public_interest",
        title="建筑垃圾毁坏耕地公益诉讼案",
        reason="逾期未回复",
    )
    (brought,) = urging.opened
    desk: PureDesk[PublicInterestFile] = PureDesk(brought)
    assert desk.stage() is Stage.CLUE_ASSESSING
    assert desk.case.filing.agencies == (BUREAU.name,)
    assert [tie.relation for tie in desk.case.links.standing()] == [Relation.CONVERTED_FROM]
    assert list(desk.case.items) == ["清运"]
    assert any("送达" in desk.case.taken[each.id].what for each in brought.facts)
    desk.decide("file_case")
    assert "填写 earlier" in desk.refusal("sue")
    (letter,) = sent(desk, "pre_suit_suggestion", served="2024-03-26")
    assert desk.due(f"{letter}/pil.reply") == date(2024, 5, 27), "26 May is a Sunday"


def test_the_case_goes_to_another_procuratorate() -> None:
    """Lessons 5: assigned by a superior, and filed there; or handed on, and closed here."""
    desk = filed().on("2024-02-01")
    assert "填写 procuratorate 或者 court" in desk.misfit("jurisdiction_assigned", "2024-02-01")
    assert "已立案" in desk.refusal("file_case")
    desk.record(
        "jurisdiction_assigned", "2024-02-01", superior="三明市人民检察院", procuratorate="沙县区人民检察院"
    )
    desk.on("2024-02-05").decide("file_case", reason="受指定后立案", known_on="2024-02")
    assert "已立案" in desk.refusal("file_case")
    assert "case/pil.open_notice" not in desk.running
    desk.decide("transfer_case", to="沙县区人民检察院", reason="受指定办理")
    assert desk.stage() is Stage.TRANSFERRED
    assert "已决定移送" in desk.refusal("transfer_case", to="他院", reason="再移")
    sent(desk, "transfer_letter", served="2024-02-05")
    desk.decide("close_case", outcome="transferred", reason="移送沙县区人民检察院")
    assert desk.stage() is Stage.ARCHIVED
    other = answered().on("2024-06-05")
    assert "写明理由" in other.refusal("transfer_case", to="三明市人民检察院")
    other.decide("transfer_case", to="三明市人民检察院", reason="提级办理")
    assert other.deadline("L1/pil.prosecute").met_on is not None


def test_a_filing_that_falls_away_gives_no_other_its_name() -> None:
    """The second filing rests on an assignment, which is struck out: the third keeps its name, and the fourth has its own."""
    desk = filed().on("2024-02-01")
    desk.record("jurisdiction_assigned", "2024-02-01", "assigned", procuratorate="沙县区人民检察院")
    desk.decide("file_case", "second", reason="受指定后立案")
    desk.decide("file_case", "third", reason="另对其立案", agencies=[TOWN.name])
    desk.correct("assigned")
    assert "second" in desk.case.unmatched
    desk.decide("file_case", "fourth", reason="另对其立案", agencies=[FORESTRY.name])
    names = [order.name for order in desk.papers.values() if order.name.startswith("立案审批表")]
    assert names[0] == "立案审批表.pdf" and len(set(names)) == 4


def test_what_others_are_asked_and_who_may_sit() -> None:
    """[公规]43: thirty days for what another procuratorate is asked; [公规]23: three for a recusal, three for its review."""
    desk = filed().on("2024-03-01")
    desk.record("delegation_received", "2024-03-01", "d1", procuratorate="沙县区人民检察院", what="调台账")
    assert desk.due("case/pil.delegated/d1") == date(2024, 4, 1), "31 March is a Sunday"
    assert "没有与“某院”对应" in desk.misfit("delegation_answered", "2024-03-20", procuratorate="某院")
    desk.on("2024-03-28").record("delegation_answered", "2024-03-28")
    assert desk.deadline("case/pil.delegated/d1").days_late == -4

    assert "没有待决定" in desk.refusal("decide_recusal", person="甲检察官", granted=False)
    desk.record("recusal_requested", "2024-03-28", "r1", person="甲检察官", applicant=BUREAU.name)
    assert desk.due("case/pil.recusal/r1") == date(2024, 4, 1)
    assert "已申请" in desk.misfit("recusal_requested", "2024-03-28", person="甲检察官")
    assert "尚无决定" in desk.misfit("recusal_requested", "2024-03-28", person="甲检察官", again=True)
    desk.on("2024-03-29").decide("decide_recusal", person="甲检察官", granted=False, reason="无利害关系")
    desk.on("2024-04-01").record("recusal_requested", "2024-04-01", "r2", person="甲检察官", again=True)
    assert desk.due("case/pil.recusal/r2") == date(2024, 4, 7), "4 to 6 April are a holiday"
    desk.on("2024-04-02").decide("decide_recusal", person="甲检察官", granted=True)
    assert "以一次为限" in desk.misfit("recusal_requested", "2024-04-02", person="甲检察官", again=True)


def test_a_civil_case_waits_thirty_days_for_who_may_sue() -> None:
    """[公规]91: notice is given; nobody sues within thirty days, so the procuratorate may."""
    desk = filed().on("2024-02-01")
    assert "尚未公告" in desk.misfit("eligible_body_sued", "2024-02-01")
    desk.record("notice_published", "2024-02-01", where="正义网")
    assert desk.due("case/pil.civil_notice") == date(2024, 3, 4), "2 March is a Saturday"
    assert "公告已记录" in desk.misfit("notice_published", "2024-02-01")
    desk.on("2024-02-20")
    assert "尚未期满" in desk.refusal("sue", civil=True, defendant="某建筑公司")
    desk.on("2024-03-05").decide("sue", civil=True, defendant="某建筑公司", court="三明市中级人民法院")
    assert desk.stage() is Stage.SUED
    other = filed().on("2024-02-01")
    other.record("notice_published", "2024-02-01")
    other.on("2024-02-20").record("eligible_body_sued", "2024-02-20", plaintiff="某环保联合会")
    other.on("2024-03-05")
    assert "某环保联合会已起诉" in other.refusal("sue", civil=True)


def test_a_social_suggestion_in_the_same_case_has_rules_of_its_own() -> None:
    """Case 32: beside the pre-suit suggestion a 社会治理检察建议, with objection, urging and ladder ([建议]19-25)."""
    desk = advised().on("2024-05-06")
    (letter,) = sent(desk, "suggestion", TOWN, served="2024-05-06", objection_within={"amount": 10})
    assert desk.due(f"{letter}/jy.reply") == date(2024, 7, 8), "6 July is a Saturday"
    assert desk.stage() is Stage.RECTIFYING, "it says nothing of where the case stands"
    urgent = {"urgent": True, "reply_within": {"amount": 20}, "objection_within": {"amount": 5}}
    (other,) = sent(desk, "suggestion", FORESTRY, served="2024-05-06", **urgent)
    assert desk.due(f"{other}/jy.reply_urgent") == date(2024, 5, 27), "26 May is a Sunday"
    desk.on("2024-06-20").record("reply_received", "2024-06-20", letter=TOWN.name, stance="adopted")
    desk.decide("assess_reply", letter=letter, substance=Substance.PUT_RIGHT)


def test_a_case_ends_only_as_its_record_shows() -> None:
    refused = {
        "suit_withdrawn": "没有显示“撤回起诉”",
        "litigation_closed": "没有显示“终结诉讼”",
        "judgment": "没有显示“判决履职或确认违法”",
        "enforced": "没有显示“执行完毕”",
        "transferred": "没有显示“移送其他检察院”",
        "withdrawn": "没有显示“撤回检察建议”",
        "legalised": "不能以“补办手续后保留”结案",
        "completed": "不以“完成”结案",
    }
    desk = filed()
    for outcome, words in refused.items():
        assert words in desk.refusal("close_case", outcome=outcome, reason="结案")


def test_other_ends() -> None:
    """Withdrawn, put right in part, found lawful: each once."""
    desk = advised().on("2024-04-08")
    desk.decide("withdraw_letter", letter="L1", reason="对象有误")
    desk.decide("close_case", outcome="withdrawn", reason="对象有误")
    assert desk.stage() is Stage.ARCHIVED
    for outcome in ("partly_rectified", "settled", "terminated", "no_illegality"):
        desk = answered()
        desk.decide("close_case", by=CHIEF, outcome=outcome, reason="终结案件")
        assert desk.stage() is Stage.ARCHIVED


def test_the_suggestion_is_served_within_three_days_of_the_decision() -> None:
    """应当在三日内将《检察建议书》送达行政机关 ([公规]76): from the day of the decision, not of the paper."""
    desk = filed().on("2024-04-09")
    desk.decide("draft_letter", by=DRAFTER, document="pre_suit_suggestion", recipients=(BUREAU,), text=TEXT)
    desk.decide("approve_letter", by=CHIEF, document="D1")
    assert desk.due("L1/pil.serve") == date(2024, 4, 12)
    desk.on("2024-04-10").decide("return_draft", by=CHIEF, document="D1", reason="补充依据")
    assert "L1/pil.serve" not in desk.running
    desk.on("2024-04-11").decide("approve_letter", by=CHIEF, document="D1")
    # Thursday 11 April and three days: Sunday the 14th, rolled to Monday.
    assert desk.due("L1/pil.serve") == date(2024, 4, 15)
    desk.on("2024-04-18").decide("issue_letter", document="D1", official_no="明检行公建〔2024〕9号")
    desk.on("2024-04-19").record("letter_served", "2024-04-19", letter="L1")
    assert desk.deadline("L1/pil.serve").days_late == 4
