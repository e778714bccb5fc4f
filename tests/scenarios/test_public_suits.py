"""第五条 公益诉讼, before the court: 提出公益诉讼的方式，督促自然资源主管部门依法履职."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.public_interest import PublicInterestFile
from models.journal import CaseState
from models.ladder import LITIGATION
from models.stages import PublicInterestStage as Stage
from models.terms import Substance
from models.wire import Recipient
from tests.openings import BUREAU, COURT, DRAFTER, FORESTRY, TEXT, TOWN
from tests.scenarios.public_interest_desks import (
    advised,
    answered,
    filed,
    judged,
    registered,
    sent,
    sued,
)
from tests.scenarios.shows import shows

DAYS_60 = {"amount": 60, "unit": "days"}
ORDERS = [
    {"what": "清除建筑垃圾", "within": DAYS_60},
    {"what": "补植恢复", "by": "2024-12-31", "kind": "replanting", "milestones": ["planted", "grown"]},
]


@shows("5.4")
def test_sued_judged_performed() -> None:
    """提出公益诉讼: indictment, hearing, judgment, each thing it orders within its own period, enforcement of the rest."""
    desk = answered().on("2024-06-18")
    desk.record("site_checked", "2024-06-18", "check", letter="L1", finding="partly", agrees=False)
    assert "须由检察长决定" in desk.refusal("sue", by=DRAFTER)
    desk.on("2024-06-20").decide(
        "sue", "sued", court=COURT.name, claims=["责令清除", "确认违法"], reason="只覆土"
    )
    assert desk.stage() is Stage.SUED
    assert desk.deadline("L1/pil.prosecute").days_late == -13
    assert "已决定起诉" in desk.refusal("sue")
    assert "suit/sued" in desk.papers

    desk.on("2024-06-24")
    (indictment,) = sent(desk, "indictment", COURT, served="2024-06-24")
    assert str(desk.case.suits.by_id["G1"].filed_on) == "2024-06-24"
    # 第四十六条: filed upward within five days of its service on the court; 29 June is a Saturday.
    assert desk.due(f"{indictment}/pil.sue_file_up") == date(2024, 7, 1)
    desk.on("2024-06-27").record("filed_upward", "2024-06-27", letter=indictment)
    assert desk.deadline(f"{indictment}/pil.sue_file_up").days_late == -4

    # 第四十九条: three days from the court's notice.
    desk.on("2024-08-12").record("appearance_notice_received", "2024-08-12", "notice", suit="G1")
    assert desk.due("G1/pil.appearance/notice") == date(2024, 8, 15)
    desk.on("2024-08-14")
    sent(desk, "appearance_notice", COURT, served="2024-08-14")
    assert desk.deadline("G1/pil.appearance/notice").days_late == -1
    desk.on("2024-08-20").record("trial_held", "2024-08-20", panel="七人合议庭")
    assert desk.stage() is Stage.TRIAL
    assert "诉讼尚未终结" in desk.refusal("close_case", outcome="judgment", reason="结案")

    desk.on("2024-09-03").record(
        "judgment_given",
        "2024-09-02",
        "judgment",
        reliefs=["ordered", "declared_unlawful"],
        docket="(2024)闽0421行初3号",
        received_on=date(2024, 9, 3),
        performances=ORDERS,
    )
    assert desk.stage() is Stage.JUDGED
    assert desk.due("G1/pil.judgment_report") == date(2024, 9, 6)
    desk.on("2024-09-05").record("judgment_reported", "2024-09-05")
    assert desk.deadline("G1/pil.judgment_report").days_late == -1
    assert "G1-1/local.performance" not in desk.case.deadlines.by_key, "it has not taken effect"
    assert desk.due("G1-2/local.performance") == date(2024, 12, 31)
    desk.on("2024-09-19").record("judgment_effective", "2024-09-19")
    # Sixty days from 19 September: Monday 18 November.
    assert desk.due("G1-1/local.performance") == date(2024, 11, 18)
    desk.on("2024-11-15").record("item_progressed", "2024-11-15", item="G1-1", milestone="done")
    assert desk.deadline("G1-1/local.performance").days_late == -3
    desk.on("2024-11-20").record("item_progressed", "2024-11-20", item="G1-2", milestone="planted")
    refusal = desk.refusal("close_case", outcome="judgment", reason="已判决")
    assert "判决事项尚未履行：G1-2" in refusal and "回头看" in refusal
    # What runs out accuses nobody: it is put to the procurator.
    desk.on("2025-01-02")
    assert any("【到期】判决履行" in notice.subject for notice in desk.notices)
    desk.on("2025-01-06").record("enforcement_requested", "2025-01-06")
    assert desk.stage() is Stage.ENFORCEMENT
    assert "没有显示“执行完毕”" in desk.refusal("close_case", outcome="enforced", reason="执行")
    desk.on("2025-05-12").record("item_progressed", "2025-05-12", item="G1-2", milestone="grown")
    assert desk.stage() is Stage.JUDGED
    desk.decide("close_case", outcome="enforced", reason="判决事项全部履行")
    assert desk.stage() is Stage.ARCHIVED


def test_the_agency_appeals() -> None:
    """Second instance: the first judgment takes no effect until then; what it changes is asked for instead."""
    desk = judged(performances=ORDERS, received_on=date(2024, 9, 3)).on("2024-09-13")
    desk.record("appeal_filed", "2024-09-13", appellant=BUREAU.name)
    assert desk.stage() is Stage.TRIAL
    assert "诉讼尚未终结" in desk.refusal("close_case", outcome="judgment", reason="结案")
    desk.on("2024-11-20").record("trial_held", "2024-11-20")
    desk.on("2024-12-10").record(
        "judgment_given",
        "2024-12-09",
        instance="second",
        reliefs=["changed"],
        effective_on=date(2024, 12, 9),
        performances=[{"what": "清除建筑垃圾并恢复耕作层", "within": {"amount": 3, "unit": "months"}}],
    )
    assert desk.stage() is Stage.JUDGED
    assert [(item.item.id, item.dropped) for item in desk.case.items.values()] == [
        ("G1-1", "改判"),
        ("G1-2", "改判"),
        ("G1-3", ""),
    ]
    assert desk.due("G1-3/local.performance") == date(2025, 3, 10), "9 March is a Sunday"
    assert "G1-2/local.performance" not in desk.running
    desk.decide("close_case", outcome="judgment", reason="判决", look_back_on=[date(2025, 3, 12)])
    assert desk.stage() is Stage.CLOSED


def test_a_first_judgment_that_is_entered_after_the_second_orders_nothing() -> None:
    desk = sued().on("2024-12-10")
    changed = [{"what": "恢复耕作层", "within": DAYS_60}]
    desk.record("judgment_given", "2024-12-09", instance="second", reliefs=["changed"], performances=changed)
    desk.record("judgment_given", "2024-09-02", suit="G1", reliefs=["ordered"], performances=ORDERS)
    desk.record("judgment_effective", "2024-12-09")
    assert [item.dropped for item in desk.case.items.values()] == ["", "改判", "改判"]
    assert desk.due("G1-1/local.performance") == date(2025, 2, 7)
    assert "G1-2/local.performance" not in desk.running


def test_a_judgment_that_is_upheld_keeps_its_orders() -> None:
    desk = judged(performances=ORDERS).on("2024-09-10")
    desk.record("appeal_filed", "2024-09-10", appellant=BUREAU.name)
    desk.on("2024-12-10").record("judgment_given", "2024-12-09", instance="second", reliefs=["upheld"])
    desk.record("judgment_effective", "2024-12-09", suit="(2024)闽0421行初3号")
    assert desk.due("G1-1/local.performance") == date(2025, 2, 7), "60 days: 7 February 2025"
    assert desk.stage() is Stage.JUDGED
    assert "G1/pil.judgment_report" not in desk.case.deadlines.by_key, "nobody entered the receipt"


def test_withdrawn_after_a_hearing() -> None:
    """Case 29: all was done during the suit; a public hearing, then the suit is withdrawn, and the court permits it."""
    desk = sued().on("2024-08-01")
    assert "写明理由" in desk.refusal("withdraw_suit")
    assert "尚未决定撤回起诉" in desk.refusal(
        "draft_letter", document="suit_withdrawal", recipients=[COURT], text=TEXT
    )
    desk.decide("call_meeting", form="hearing", topic="是否撤回起诉", planned_on=date(2024, 8, 12))
    assert desk.due("M1/sup.hearing") == date(2024, 8, 9)
    sent(desk, "meeting_notice", served="2024-08-01")
    desk.on("2024-08-12").record(
        "meeting_held", "2024-08-12", conclusions=["听证员一致同意撤回起诉"], attended=["三名听证员"]
    )
    desk.record("site_checked", "2024-08-12", finding="put_right", proofs=["hearing", "third_party"])
    assert "须由检察长决定" in desk.refusal("withdraw_suit", by=DRAFTER, reason="全部履行")
    desk.decide("withdraw_suit", reason="诉讼请求全部实现")
    assert "已决定撤回" in desk.refusal("withdraw_suit", reason="再次")
    sent(desk, "suit_withdrawal", COURT, served="2024-08-12")
    assert desk.stage() is Stage.SUED, "the court has not ruled"
    assert "诉讼尚未终结" in desk.refusal("close_case", outcome="suit_withdrawn", reason="撤诉")
    desk.on("2024-08-19").record("suit_ended", "2024-08-19", how="withdrawn")
    assert "已终结" in desk.misfit("trial_held", "2024-08-19")
    desk.decide("close_case", outcome="suit_withdrawn", reason="撤回起诉", look_back_on=[date(2025, 2, 19)])
    desk.on("2025-02-19").record("looked_back", "2025-02-19")
    assert desk.stage() is Stage.ARCHIVED


def test_claims_follow_what_is_done_meanwhile() -> None:
    """Case 35: of 26 plots seven are left; the composition of the bench is itself supervised; the court closes the suit."""
    desk = sued().on("2024-07-10")
    assert "写明理由" in desk.refusal("amend_claims", claims=["责令查处七宗"])
    desk.decide("amend_claims", claims=["责令查处其余七宗"], reason="十九宗已清理")
    assert desk.case.suits.by_id["G1"].claims == ("责令查处其余七宗",)
    sent(desk, "claims_amendment", COURT, served="2024-07-10")
    (letter,) = sent(desk, "court_suggestion", COURT, served="2024-07-10", objection_within={"amount": 15})
    assert desk.due(f"{letter}/ct.reply") == date(2024, 10, 10)
    desk.on("2024-07-22").record("objection_raised", "2024-07-22", "objection", letter=letter)
    assert desk.due(f"{letter}/sup.court_query/objection") == date(2024, 8, 22)
    desk.decide("review_objection", letter=letter, upheld=False, reason="应当由七人组成合议庭")
    desk.on("2024-08-20").record("reply_received", "2024-08-20", letter=letter, stance="adopted")
    desk.decide("assess_reply", letter=letter, substance=Substance.PUT_RIGHT)
    desk.on("2024-10-15").record("suit_ended", "2024-10-15", how="closed")
    assert desk.stage() is Stage.FOLLOWING_UP
    desk.decide("close_case", outcome="litigation_closed", reason="诉讼请求实现，终结诉讼")
    assert desk.stage() is Stage.ARCHIVED


def test_a_relapse_is_sued_at_once() -> None:
    """Case 28: put right, found so, and a year later as bad as before: no second suggestion is owed."""
    desk = answered(Substance.PUT_RIGHT).on("2024-06-10")
    desk.record("site_checked", "2024-06-10", finding="put_right", proofs=["site_survey"])
    assert "整改期未满" in desk.refusal("sue")
    desk.on("2025-05-12").record("site_checked", "2025-05-12", finding="relapsed", proofs=["satellite"])
    assert "没有现场核查、验收证明" in desk.refusal("close_case", outcome="rectified", reason="结案")
    desk.decide("sue", reason="同一地点反弹，体量更大")
    assert desk.stage() is Stage.SUED


def test_a_relapse_is_consulted_upon() -> None:
    """Case 30: or both bodies are talked to, and it is gone within weeks."""
    desk = answered(Substance.PUT_RIGHT).on("2025-05-12")
    desk.record("site_checked", "2025-05-12", finding="relapsed")
    desk.on("2025-05-19").record(
        "meeting_held", "2025-05-19", form="consultation", topic="反弹的清理", agreed=True
    )
    desk.on("2025-06-30").record("site_checked", "2025-06-30", finding="put_right", proofs=["drone"])
    desk.decide("close_case", outcome="rectified", reason="再次清理，立警示牌")
    assert desk.stage() is Stage.ARCHIVED


def test_a_suit_upon_a_suggestion_that_went_before_this_case() -> None:
    """Case 32: the city's procuratorate advised, the district's sues; the record of the filing has no day of its own."""
    desk = registered(terms={"filed": True})
    assert desk.stage() is Stage.OPENED
    assert "case/pil.assess" not in desk.case.deadlines.by_key
    assert "已立案" in desk.refusal("file_case")
    assert "填写 earlier" in desk.refusal("sue")
    desk.record("jurisdiction_assigned", "2024-01-08", superior="三明市中级人民法院", court="沙县区人民法院")
    taken = desk.decide("sue", earlier="明检行公建〔2023〕3号", defendant=TOWN.name, court="沙县区人民法院")
    assert taken.what.endswith("依据明检行公建〔2023〕3号")
    assert desk.stage() is Stage.SUED
    desk.record("suit_filed", "2024-01-08", docket="(2024)闽0427行初1号")
    suit = desk.case.suits.by_id["G1"]
    assert (suit.letter, suit.court, suit.defendant) == ("", "沙县区人民法院", TOWN.name)


def test_a_record_that_knows_only_months() -> None:
    """Lessons 13: filed, advised, sued and judged in months; nobody invents a day, and no clock of ours accuses in hindsight."""
    desk = registered().on("2024-09-30")
    desk.decide("file_case", known_on="2023-05")
    assert desk.running == []
    desk.decide("draft_letter", by=DRAFTER, document="pre_suit_suggestion", recipients=[BUREAU], text=TEXT)
    desk.decide("approve_letter", document="D1")
    desk.decide("issue_letter", document="D1", known_on="2023-07")
    desk.record("letter_served", "2023-07", letter="L1", presumed=True)
    desk.record("reply_received", "2023-09", "reply", letter="L1")
    desk.decide("assess_reply", letter="L1", substance=Substance.PARTLY)
    desk.decide("sue", known_on="2023-11", court=COURT.name)
    assert "在将来" in desk.refusal("sue", earlier="另案", known_on="2024-11")
    desk.record("suit_filed", "2023-11", "filed")
    desk.record("judgment_given", "2024-08", reliefs=["declared_unlawful"])
    assert desk.stage() is Stage.JUDGED
    assert str(desk.case.suits.by_id["G1"].decided_on) == "2023-11"
    desk.decide("close_case", outcome="judgment", reason="确认违法")
    assert desk.stage() is Stage.ARCHIVED


def test_a_suit_that_nobody_decided_upon_here() -> None:
    """A fact from outside opens it: the record of a suit alone; a second one for the body that took the duty over (case 40)."""
    desk = answered().on("2024-07-01")
    assert "本案尚无诉讼" in desk.misfit("trial_held", "2024-07-01")
    assert desk.signal("trial_held", "2024-07-01", "early").how == "unmatched"
    desk.record("suit_filed", "2024-06-28", "filed")
    assert desk.case.taken["early"].how == "applied"
    assert desk.stage() is Stage.TRIAL
    assert desk.deadline("L1/pil.prosecute").days_late == -5
    assert "已起诉" in desk.misfit("suit_filed", "2024-06-28")
    assert "没有待起诉的“G7”" in desk.misfit("suit_filed", "2024-06-28", suit="G7")
    assert "已决定起诉" in desk.refusal("sue")
    town = Recipient(name=TOWN.name)
    desk.record("agency_changed", "2024-07-01", letter="L1", to=town)
    desk.record("suit_filed", "2024-07-01", defendant=TOWN.name)
    assert [each.defendant for each in desk.case.suits.by_id.values()] == [BUREAU.name, TOWN.name]
    assert "不止一件" in desk.misfit("suit_ended", "2024-07-01", how="closed")
    desk.record("suit_ended", "2024-07-01", suit=BUREAU.name, how="closed")
    desk.record("suit_ended", "2024-07-01", how="rejected")
    desk.decide("close_case", outcome="litigation_closed", reason="终结")
    assert desk.stage() is Stage.ARCHIVED


def test_two_suits_run_side_by_side() -> None:
    """Case 42: two agencies, two suits; the case stands where the one with most to do stands."""
    desk = advised(FORESTRY, TOWN).on("2024-06-05")
    desk.decide("sue", letter="L1")
    desk.decide("sue", letter="L2")
    desk.record("suit_filed", "2024-06-05", defendant=TOWN.name, docket="(2024)闽0421行初5号")
    desk.record("suit_filed", "2024-06-05", suit="G1", docket="(2024)闽0421行初6号")
    assert str(desk.case.suits.by_id["G2"]) == f"G2 诉{TOWN.name}（(2024)闽0421行初5号）"
    desk.on("2024-09-01").record("trial_held", "2024-09-01", suit=FORESTRY.name)
    assert desk.stage() is Stage.SUED
    desk.record("trial_held", "2024-09-01", suit="(2024)闽0421行初5号")
    assert desk.stage() is Stage.TRIAL
    desk.record("judgment_given", "2024-09-01", suit="G2", reliefs=["dismissed"])
    desk.record("suit_ended", "2024-09-01", how="withdrawn")
    assert desk.case.suits.by_id["G1"].ended is not None, "of the two it can only be the one that goes on"
    assert desk.stage() is Stage.JUDGED
    desk.decide("close_case", outcome="judgment", reason="一案撤诉，一案判决")


def test_what_cannot_be_is_said_with_what_to_do() -> None:
    twice = [{"what": "清运", "within": DAYS_60, "by": "2024-12-31"}]
    refused: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("judgment_given", {"received_on": date(2024, 8, 30)}, "早于判决日或者在将来"),
        ("judgment_given", {"received_on": date(2024, 12, 1)}, "早于判决日或者在将来"),
        ("judgment_given", {"effective_on": date(2024, 12, 1)}, "judgment_effective"),
        ("judgment_given", {"performances": twice}, "履行期写了两种"),
        ("judgment_given", {"suit": "G9"}, "没有与“G9”对应"),
        ("judgment_effective", {}, "尚未判决"),
        ("appeal_filed", {}, "尚未判决"),
        ("enforcement_requested", {}, "尚未判决"),
        ("judgment_reported", {}, "尚未判决"),
        ("site_checked", {"finding": "partly", "letter": "L7"}, "没有与“L7”对应"),
    )
    desk = sued().on("2024-09-03")
    for kind, fields, words in refused:
        assert words in desk.misfit(kind, "2024-09-02", **fields), kind


def test_a_day_ahead_is_refused_everywhere() -> None:
    desk = sued()
    for kind in ("trial_held", "suit_filed", "jurisdiction_assigned", "notice_published"):
        fields = {"defendant": TOWN.name} if kind == "suit_filed" else {}
        fields |= {"court": COURT.name} if kind == "jurisdiction_assigned" else {}
        assert "将来" in desk.misfit(kind, "2024-12-02", **fields), kind


def test_a_judgment_struck_out_takes_its_orders_along() -> None:
    """Entered for the wrong case: its items and periods go, and what came after waits again."""
    desk = judged(performances=ORDERS, effective_on=date(2024, 9, 3))
    assert desk.due("G1-1/local.performance") == date(2024, 11, 4), "2 November is a Saturday"
    desk.correct("judgment", "2024-09-02", effective_on=None)
    assert "G1-1/local.performance" not in desk.case.deadlines.by_key
    desk.correct("judgment")
    assert desk.stage() is Stage.TRIAL
    assert not desk.case.items
    desk.signal("item_progressed", "2024-09-03", "early", item="G1-1", milestone="done")
    desk.record("judgment_given", "2024-09-02", "again", performances=ORDERS)
    assert desk.case.taken["early"].how == "applied"


def test_carried_over_a_new_run_it_stands_where_it_stood() -> None:
    """Nothing but the journal is carried: suits, orders, suspended reviews are folded from it again."""
    desk = judged(performances=ORDERS, effective_on=date(2024, 9, 3))
    state = desk.carried()
    assert isinstance(state, CaseState)
    again = PublicInterestFile.restored(state)
    assert again.stage is Stage.JUDGED
    assert list(again.deadlines.by_key) == list(desk.case.deadlines.by_key)
    assert again.suits.by_id["G1"].performances == desk.case.suits.by_id["G1"].performances


def test_after_the_closing_the_record_still_takes_what_comes() -> None:
    """A judgment closed upon, to be looked back at: what is learned later of its performance is still entered."""
    desk = judged(performances=ORDERS).on("2024-09-04")
    desk.decide("close_case", outcome="judgment", reason="判决", look_back_on=[date(2025, 1, 6)])
    desk.on("2024-12-02").record("item_progressed", "2024-12-02", item="G1-1", milestone="done")
    desk.record("site_checked", "2024-12-02", finding="put_right", proofs=["site_survey"])
    assert "本案已结案" in desk.refusal("sue", earlier="另案")
    desk.on("2025-01-06").record("looked_back", "2025-01-06", held=False)
    assert desk.stage() is Stage.REVISIT
    desk.decide("file_away", reason="已另立新案")
    assert desk.stage() is Stage.ARCHIVED


def test_the_rung_of_litigation_is_this_kinds_own_decision() -> None:
    desk = filed().on("2024-04-01")
    sent(desk, "pre_suit_suggestion", served="2024-04-01")
    desk.on("2024-07-01")
    assert "改用 sue" in desk.refusal("escalate", letter="L1", rung=LITIGATION.value)
    desk.decide("sue")
    assert desk.stage() is Stage.SUED


def test_the_procuratorates_own_appeal_has_fifteen_days() -> None:
    """判决书送达之日起十五日内 ([行诉]85, [公释]10): from 3 September 2024; the appeal of the bureau is not ours."""
    desk = judged(received_on=date(2024, 9, 3))
    # 18 September is Wednesday after the Mid-Autumn holiday.
    assert desk.due("G1/pil.appeal") == date(2024, 9, 18)
    desk.on("2024-09-10").record("appeal_filed", "2024-09-10", appellant=BUREAU.name)
    assert "G1/pil.appeal" in desk.running
    desk.on("2024-09-18").record("appeal_filed", "2024-09-18", "ours", appellant="明溪县人民检察院")
    assert desk.deadline("G1/pil.appeal").days_late == 0
    other = judged(received_on=date(2024, 9, 3)).on("2024-09-19")
    other.record("judgment_effective", "2024-09-19")
    assert "G1/pil.appeal" not in other.running


def test_a_ruling_that_ends_a_suit_is_reported_upward_too() -> None:
    """收到人民法院第一审公益诉讼判决书、裁定书之日起三日内报上一级人民检察院备案 ([公规]58)."""
    desk = sued().on("2024-09-12")
    assert "早于裁定日" in desk.misfit("suit_ended", "2024-09-10", how="closed", received_on=date(2024, 9, 9))
    desk.record("suit_ended", "2024-09-10", how="closed", received_on=date(2024, 9, 12))
    # Sunday 15 September begins the Mid-Autumn holiday: Wednesday the 18th.
    assert desk.due("G1/pil.judgment_report") == date(2024, 9, 18)
    desk.on("2024-09-13").record("judgment_reported", "2024-09-13")
    assert desk.deadline("G1/pil.judgment_report").days_late == -5
