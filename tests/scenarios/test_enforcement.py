"""第四条 行政非诉执行监督: one penalty decision with its items, applied for, copied to us, ruled upon, enforced."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.cases.enforcement import EnforcementFile
from models.dates import at_hour
from models.enforcement.terms import PenaltyKind, PenaltyState
from models.said.enforcement import EnforcementTerms, PenaltyItem
from models.stages import EnforcementStage as Stage
from models.terms import CaseKind
from tests.openings import opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

DEMOLITION = PenaltyItem(id="拆除", kind=PenaltyKind.DEMOLITION, what="限十五日内拆除厂房二百平方米")
FINE = PenaltyItem(id="罚款", kind=PenaltyKind.FINE, yuan=19016.76)
CONFISCATION = PenaltyItem(id="没收", kind=PenaltyKind.CONFISCATION)
LAND = PenaltyItem(id="退地", kind=PenaltyKind.LAND_RETURN)

# Served in March, demanded in September: the general period of suit ran out before the application of 15 September 2021.
SERVED, DEMANDED, FILED = "2021-03-01", "2021-08-30", "2021-09-15"


def enforcement(
    *items: PenaltyItem, opened: str = "2021-09-15", bound: bool = True, **changes: Any
) -> PureDesk[EnforcementFile]:
    """A factory on farmland in 明溪县: to be demolished, and fined."""
    terms = EnforcementTerms(
        agency="明溪县自然资源局" if bound else "雪峰镇人民政府",
        agency_is_bound=bound,
        court="明溪县人民法院",
        decision_no="明自然资罚〔2021〕3号",
        penalties=items or (DEMOLITION, FINE),
    )
    fields: dict[str, Any] = {
        "case": "enforcement-350421-2021-0001",
        "kind": CaseKind.ENFORCEMENT,
        "title": "吴某厂房占用耕地非诉执行案",
        "opened_on": date.fromisoformat(opened),
        "terms": terms,
        "parties": ("吴某",),
    }
    return PureDesk(opening(**(fields | changes)))


def applied(*items: PenaltyItem, **changes: Any) -> PureDesk[EnforcementFile]:
    """Decided, served, demanded, and applied for on the founding document's own day, a Wednesday."""
    desk = enforcement(*items, **changes)
    desk.record("penalty_decided", "2021-02-26", "decided")
    desk.record("decision_served", SERVED, "served")
    desk.record("demand_served", DEMANDED, "demanded")
    desk.record("application_filed", FILED, "filed")
    return desk


def accepted(*items: PenaltyItem, **changes: Any) -> PureDesk[EnforcementFile]:
    """Copied in time, and accepted on the fifth working day."""
    desk = applied(*items, **changes)
    desk.on("2021-09-22").record("copy_sent", "2021-09-18", "copy", papers=["申请书", "催告书"])
    desk.record("application_accepted", "2021-09-22", "accepted", court_case_no="（2021）闽0421行审5号")
    return desk


def granted(*items: PenaltyItem, **changes: Any) -> PureDesk[EnforcementFile]:
    """All that was asked for, granted within the seven working days."""
    desk = accepted(*items, **changes)
    desk.on("2021-09-30").record("ruling_made", "2021-09-30", "ruling", granted=["全部"])
    return desk


def state(desk: PureDesk[EnforcementFile], item: str) -> PenaltyState:
    return desk.case.state_of(desk.case.penalties.by_id[item])


def raised(desk: PureDesk[EnforcementFile]) -> list[str]:
    return [each.key for each in desk.case.suspicions.open()]


@shows("4.1", "4.2")
def test_from_the_decision_to_its_fulfilment_by_the_court() -> None:
    """应当在向人民法院提交申请之日起五个工作日内将相关文书、证据材料抄送同级人民检察院; 全程跟踪了解案件的办理情况."""
    desk = enforcement(opened="2021-03-01")
    assert desk.stage() is Stage.DECISION_REGISTERED
    desk.record("penalty_case_filed", "2021-01-04")
    desk.record("penalty_decided", "2021-02-26", number="明自然资罚〔2021〕3号")
    desk.record("decision_served", SERVED)
    # [处罚]67: 1 March + 15 days.
    assert desk.due("罚款/pt.pay") == date(2021, 3, 16)
    desk.on("2021-03-15").record("penalty_fulfilled", "2021-03-15", items=["罚款"], yuan=19016.76)
    assert state(desk, "罚款") is PenaltyState.FULFILLED and desk.stage() is Stage.DECISION_REGISTERED
    desk.on("2021-08-30").record("demand_served", DEMANDED)
    assert desk.stage() is Stage.DEMANDED
    # [强制]54, 69: ten working days from 30 August; the bureau may apply from the day after.
    assert desk.due("拆除/ag.demand") == date(2021, 9, 13)
    assert desk.deadline("拆除/ag.demand").opens_on == date(2021, 9, 14)

    desk.on(FILED).record("application_filed", FILED)
    assert desk.stage() is Stage.AWAITING_ACCEPTANCE
    # Five working days from 15 September 2021: Saturday the 18th is worked, 20 and 21 are Mid-Autumn.
    assert desk.due("A1/coop.copy") == desk.due("A1/ct.accept") == date(2021, 9, 23)
    assert "拆除" in desk.case.course.applications.by_id["A1"].items
    desk.on("2021-09-22").record("copy_sent", "2021-09-18", received_on="2021-09-22", lacking=["勘测定界图"])
    assert desk.deadline("A1/coop.copy").days_late == -5
    assert "case/coop.track" in desk.running and desk.due("case/coop.track") is None
    desk.record("application_accepted", "2021-09-22", court_case_no="（2021）闽0421行审5号")
    assert desk.stage() is Stage.COURT_REVIEWING
    # [强制]57, 69: seven working days from 22 September; the 26th, a Sunday, is worked: 23, 24, 26, 27, 28, 29, 30.
    assert desk.due("A1/ct.rule") == date(2021, 9, 30)
    desk.on("2021-09-29").record("ruling_made", "2021-09-29", granted=["全部"])
    assert desk.stage() is Stage.GRANTED
    desk.on("2021-10-11").record("execution_opened", "2021-10-11", court_case_no="（2021）闽0421执77号")
    assert desk.stage() is Stage.ENFORCING
    # 法释〔2000〕29号第五条: three months from 执行立案.
    assert desk.due("A1/ct.execute") == date(2022, 1, 11)
    desk.on("2021-12-20").record("penalty_fulfilled", "2021-12-20", items=["拆除"], enforcer="court")
    assert desk.stage() is Stage.COMPLETED
    assert desk.deadline("A1/ct.execute").days_late == -22
    assert raised(desk) == []
    desk.decide(
        "close_case", outcome="enforced", reason="拆除到位，罚款缴清", look_back_on=[date(2022, 3, 1)]
    )
    assert desk.stage() is Stage.CLOSED
    assert "case/tracking" in desk.papers
    desk.on("2022-03-01").record("looked_back", "2022-03-01")
    assert desk.stage() is Stage.ARCHIVED


def test_each_item_has_its_own_readings_of_the_window_and_none_is_the_right_one() -> None:
    """[土管]83 fifteen days for 限期拆除, [复议] sixty days, [行诉]46 six months: each opens three months and warns."""
    desk = enforcement(DEMOLITION, FINE, LAND, opened="2021-03-01")
    desk.record("decision_served", SERVED)
    # From 1 March 2021: 15 days; 60 days (30 April); six months.
    assert desk.due("拆除/pt.sue_demolish") == date(2021, 3, 16)
    assert desk.due("退地/pt.review") == date(2021, 4, 30)
    assert desk.due("罚款/pt.sue") == date(2021, 9, 1)
    assert "退地/pt.sue_demolish" not in desk.case.deadlines.by_key
    desk.on("2021-03-17")
    # Three months from 16 March.
    assert desk.due("拆除/ag.apply/pt.sue_demolish") == date(2021, 6, 16)
    assert "第八十三条" in desk.deadline("拆除/ag.apply/pt.sue_demolish").basis
    desk.on("2021-09-02")
    windows = desk.case.penalties.windows.of
    assert windows("拆除") == [f"拆除/ag.apply/{each}" for each in ("pt.sue_demolish", "pt.review", "pt.sue")]
    assert windows("退地") == ["退地/ag.apply/pt.review", "退地/ag.apply/pt.sue"]
    # Two readings have run out by August; the third has not: a warning, no suspicion.
    assert desk.due("拆除/ag.apply/pt.review") == date(2021, 7, 30)
    assert desk.due("拆除/ag.apply/pt.sue") == date(2021, 12, 1)
    assert raised(desk) == []
    told = [each for each in desk.notices if "申请人民法院强制执行" in each.subject]
    assert told and all("丧失" not in each.body for each in told)
    desk.on("2021-12-10")
    assert raised(desk) == [f"{item}/ag.apply/pt.sue" for item in ("拆除", "罚款", "退地")]
    # An application on any day is taken; what it was worth is for the court.
    desk.record("application_filed", "2021-12-10", items=["拆除"])
    assert desk.deadline("拆除/ag.apply/pt.sue").days_late == 9
    assert "拆除/ag.apply/pt.sue" in raised(desk)


def test_before_may_2015_the_period_of_suit_was_three_months() -> None:
    """A decision of 12 December 2014 (行政诉讼法 of 1989, article 39): three months to sue, three more to apply."""
    desk = enforcement(DEMOLITION, opened="2014-12-12")
    desk.record("decision_served", "2014-12-12")
    assert desk.due("拆除/pt.sue") == date(2015, 3, 12)
    desk.on("2015-04-01").record("application_filed", "2015-04-01")
    assert desk.due("拆除/ag.apply/pt.sue") == date(2015, 6, 12)
    assert desk.deadline("拆除/ag.apply/pt.sue").met_on is not None


def test_a_deferred_fine_is_applied_for_from_the_end_of_the_deferral() -> None:
    """[处罚]66, 72: 经批准延期或者分期缴纳罚款的，申请人民法院强制执行的期限，自暂缓或者分期缴纳罚款期限结束之日起计算."""
    desk = enforcement(FINE, opened="2021-03-01")
    desk.record("decision_served", SERVED)
    desk.on("2021-03-10").record("payment_deferred", "2021-03-10", item="罚款", until="2021-12-31")
    assert "罚款/pt.pay" not in desk.running
    assert desk.due("罚款/ag.apply/deferred") == date(2022, 3, 31)
    desk.on("2021-09-02")
    assert desk.case.penalties.windows.of("罚款") == ["罚款/ag.apply/deferred"]
    desk.on("2022-01-04").record("penalty_fulfilled", "2021-12-31", items=["罚款"])
    assert desk.case.deadlines.by_key["罚款/ag.apply/deferred"].ended == "已履行"
    assert "不是金钱给付" in enforcement(LAND).misfit(
        "payment_deferred", "2021-09-10", item="退地", until="2021-12-31"
    )
    assert "不在准予之后" in enforcement(FINE).misfit(
        "payment_deferred", "2021-09-10", item="罚款", until="2021-09-01"
    )


def test_a_suit_or_a_reconsideration_ends_the_path_meanwhile() -> None:
    """[行诉]45: while the party is heard nothing runs; a decision that is upheld gives fifteen days more to sue."""
    desk = enforcement(opened="2021-03-01")
    desk.record("decision_served", SERVED)
    desk.on("2021-04-01").record("remedy_begun", "2021-04-01", form="reconsideration")
    assert not [key for key in desk.running if key.startswith(("拆除/", "罚款/"))]
    assert "没有进行中的行政诉讼" in desk.misfit("remedy_ended", "2021-04-01", form="suit", result="upheld")
    desk.on("2021-06-01").record("remedy_ended", "2021-06-01", form="reconsideration", result="upheld")
    assert desk.due("拆除/pt.sue_after_review") == date(2021, 6, 16)
    desk.on("2021-06-17")
    assert desk.due("拆除/ag.apply/pt.sue_after_review") == date(2021, 9, 16)
    desk.record("remedy_begun", "2021-06-15", form="suit", items=["罚款"])
    desk.record("remedy_ended", "2021-06-17", form="suit", result="withdrawn")
    # Withdrawn: as if it had not been; the six months from the service go on.
    assert desk.due("罚款/pt.sue") == date(2021, 9, 1) and "罚款/pt.sue" in desk.running
    desk.record("remedy_begun", "2021-06-17", form="suit")
    desk.on("2021-11-01").record("remedy_ended", "2021-11-01", form="suit", result="revoked", items=["罚款"])
    assert state(desk, "罚款") is PenaltyState.REVOKED
    desk.record("remedy_ended", "2021-11-01", form="suit", result="upheld")
    assert not [key for key in desk.running if key.startswith("拆除/")]
    assert "没有可以复议、起诉" not in desk.misfit("remedy_begun", "2021-11-01", form="suit")


@shows("4.1")
@pytest.mark.parametrize(
    "course",
    [
        ("2021-09-23", 0, "及时（2021-09-23寄出）"),
        ("2021-09-24", 1, "迟延1日（2021-09-24寄出）"),
        ("", None, "缺失"),
    ],
)
def test_a_copy_in_time_late_or_missing(course: tuple[str, int | None, str]) -> None:
    """五个工作日内: counted from the day of the application, judged by the day of sending; what never came is told as missing."""
    sent, late, told = course
    desk = applied()
    desk.on("2021-10-08")
    # Due on 23 September; three working days for the mail end on the 28th: 24, 26 (worked), 27.
    assert desk.stage() is Stage.MISSING_COPY
    if sent:
        desk.record("copy_sent", sent, received_on="2021-10-08")
        assert desk.stage() is Stage.AWAITING_ACCEPTANCE
    assert desk.deadline("A1/coop.copy").days_late == late
    assert desk.case.copy_state(desk.case.course.applications.by_id["A1"]) == told
    assert ("A1/coop.copy" in raised(desk)) is (late != 0)


@shows("4.1")
def test_nobody_but_the_bureau_is_bound_to_copy() -> None:
    """自然资源主管部门…应当…抄送: a town's application is followed as well, but it owes us no copy and is never late with one."""
    desk = applied(bound=False)
    desk.on("2021-10-08")
    assert "A1/coop.copy" not in desk.case.deadlines.by_key
    assert desk.stage() is Stage.AWAITING_ACCEPTANCE
    assert not [key for key in raised(desk) if "copy" in key]
    assert "抄送不要求" in "\n".join(desk.case.own_lines())
    desk.record("copy_sent", "2021-10-08", papers=["申请书"])
    assert "case/coop.track" in desk.running


def test_a_copy_that_comes_before_the_application_is_entered() -> None:
    """抄送登记: the copy is here, the day of the application is not; it is judged as soon as that is known."""
    desk = enforcement()
    desk.record("copy_sent", "2021-09-14", papers=["强制执行申请书"])
    assert desk.stage() is Stage.COPY_REGISTERED
    desk.record("application_filed", "2021-09-10")
    assert desk.stage() is Stage.AWAITING_ACCEPTANCE
    # Five working days from Friday 10 September: the 17th.
    assert desk.deadline("A1/coop.copy").days_late == -3


def test_several_applications_of_one_decision() -> None:
    """Only the fine is applied for at first; the rest is asked for later, each with its own copy and clocks."""
    desk = enforcement(DEMOLITION, FINE, CONFISCATION)
    desk.record("application_filed", "2021-09-10", "first", items=["罚款"], court_case_no="行审1号")
    desk.record("application_filed", "2021-09-15", "second")
    assert desk.case.course.applications.by_id["A2"].items == ("拆除", "没收")
    assert "没有可以申请执行的分项" in desk.misfit("application_filed", "2021-09-15")
    assert "已记录" in desk.misfit("application_filed", "2021-09-15", court_case_no="行审1号")
    assert "对应多次申请" in desk.misfit("copy_sent", "2021-09-15")
    desk.record("copy_sent", "2021-09-15", application="行审1号")
    desk.record("copy_sent", "2021-09-15", items=["没收"])
    assert desk.deadline("A1/coop.copy").met_on and desk.deadline("A2/coop.copy").met_on
    desk.record("application_accepted", "2021-09-15", application="A2", items=["拆除"])
    assert state(desk, "拆除") is PenaltyState.ACCEPTED and state(desk, "没收") is PenaltyState.APPLIED
    assert "没有与“A9”对应的申请" in desk.misfit("application_accepted", "2021-09-15", application="A9")
    assert "不在A1" in desk.misfit("application_accepted", "2021-09-15", application="A1", items=["拆除"])


def test_what_is_confiscated_is_to_be_disposed_of_within_ninety_days() -> None:
    """[土条]58: 没收 of buildings, then ninety days to hand them to whoever manages them."""
    desk = granted(CONFISCATION)
    desk.on("2021-10-08").record("execution_opened", "2021-10-08")
    desk.record("penalty_fulfilled", "2021-10-08", items=["全部"], enforcer="court")
    assert desk.due("没收/ag.confiscated") == date(2022, 1, 6)
    assert "不是没收" in granted(LAND).misfit("confiscated_disposed", "2021-09-30", item="退地")
    desk.on("2022-01-10")
    assert raised(desk) == ["没收/ag.confiscated"]
    assert "没收物尚未移交" in desk.refusal("close_case", outcome="confiscated", reason="处置")
    desk.record("confiscated_disposed", "2022-01-05", item="没收", to="雪峰镇人民政府")
    assert raised(desk) == []
    desk.decide("close_case", outcome="confiscated", reason="移交镇政府")
    assert desk.stage() is Stage.ARCHIVED


def test_facts_that_come_in_the_wrong_order_wait_for_each_other() -> None:
    """In any order it comes to the same case."""
    desk = enforcement()
    messages: list[tuple[str, str, dict[str, Any]]] = [
        ("execution_opened", "2021-09-15", {}),
        ("ruling_served", "2021-09-14", {}),
        ("ruling_made", "2021-09-13", {"granted": ["全部"]}),
        ("application_accepted", "2021-09-10", {}),
        ("application_filed", "2021-09-08", {"items": ["拆除", "罚款"]}),
        ("decision_served", "2021-01-04", {}),
    ]
    for kind, on, fields in messages:
        desk.signal(kind, on, kind, **fields)
    straight = enforcement()
    for kind, on, fields in reversed(messages):
        straight.signal(kind, on, kind, **fields)
    assert not desk.case.unmatched
    assert desk.stage() is straight.stage() is Stage.ENFORCING
    for key in straight.case.deadlines.by_key:
        assert desk.deadline(key).due_on == straight.deadline(key).due_on, key
        assert desk.deadline(key).met_on == straight.deadline(key).met_on, key


def test_a_corrected_day_moves_what_was_counted_from_it() -> None:
    """The application was handed in a week earlier than recorded: the copy was late after all."""
    desk = accepted()
    assert desk.deadline("A1/coop.copy").days_late == -5
    desk.correct("filed", "2021-09-08")
    # Five working days from Wednesday 8 September: the 15th; sent on the 18th.
    assert desk.due("A1/coop.copy") == date(2021, 9, 15)
    assert desk.deadline("A1/coop.copy").days_late == 3
    # Nothing bound the bureau to copy what it had handed in before the founding document of the 15th.
    assert "A1/coop.copy" not in raised(desk) and "A1/ct.accept" in raised(desk)


def test_what_cannot_be_is_told_with_what_to_do() -> None:
    """Unknown items, payments twice, a court's act before the application, a service before any item: all in a sentence."""
    desk = enforcement()
    assert "没有处罚分项“补种”" in desk.misfit("penalty_fulfilled", "2021-09-15", items=["补种"])
    assert "法院不会有此行为" in desk.misfit("ruling_made", "2021-09-15", granted=["全部"])
    assert "法院不会有此行为" in desk.misfit("application_accepted", "2021-09-15")
    assert "法院不会有此行为" in desk.misfit("ruling_served", "2021-09-15")
    assert "处罚分项“拆除”已有" in desk.misfit(
        "penalty_decided", "2021-09-15", penalties=[{"id": "拆除", "kind": "demolition"}]
    )
    desk.record("decision_served", SERVED)
    assert "送达已记录" in desk.misfit("decision_served", SERVED)
    desk.record("penalty_fulfilled", "2021-09-15", items=["罚款"], whole=False, yuan=5000)
    assert state(desk, "罚款") is PenaltyState.PARTLY_FULFILLED
    desk.record("penalty_fulfilled", "2021-09-15", items=["罚款"])
    assert "已记录全部履行" in desk.misfit("penalty_fulfilled", "2021-09-15", items=["罚款"])
    desk.record("application_filed", "2021-09-10")
    assert "早于申请日" in desk.misfit("application_accepted", "2021-09-09")
    empty = PureDesk[EnforcementFile](desk.case.opening.model_copy(update={"terms": None}))
    assert "还没有处罚分项" in empty.misfit("decision_served", "2021-09-15")
    assert "没有可以申请执行的分项" in empty.misfit("application_filed", "2021-09-15")
    assert empty.stage() is Stage.DECISION_REGISTERED
    twice = EnforcementTerms(penalties=(FINE, FINE))
    opened = desk.case.opening.model_copy(update={"terms": twice})
    assert "写了两次" in str(EnforcementFile(opened).against_opening()[0])
    assert desk.now < at_hour(date(2021, 9, 16), 9)
