"""第四条, the court's part: accepted, ruled upon, overlooked, reconsidered; enforced by court or agency, stayed, ended."""

from __future__ import annotations

from datetime import date

from activities.registry import OPEN
from models.calendar import calendar
from models.enforcement.terms import PenaltyState
from models.projecting import rows
from models.stages import EnforcementStage as Stage
from tests.openings import PRESIDENT
from tests.scenarios.shows import shows
from tests.scenarios.test_enforcement import (
    CONFISCATION,
    DEMOLITION,
    FINE,
    LAND,
    accepted,
    applied,
    enforcement,
    granted,
    raised,
    state,
)


@shows("4.2", "4.3")
def test_the_court_that_does_nothing_raises_a_suspicion_and_accuses_nobody() -> None:
    """发现人民法院受理、审查、裁决和执行非诉执行案件过程中存在违法行为的，应当依法予以监督: found by whom? by the procurator."""
    desk = applied()
    desk.record("copy_sent", "2021-09-15")
    # The last day for acceptance, 23 September, passes.
    desk.on("2021-09-24")
    assert raised(desk) == ["A1/ct.accept"]
    suspicion = next(desk.case.suspicions.open())
    assert suspicion.what == "明溪县人民法院　法院受理强制执行申请：2021-09-23届满，届满未见"
    assert "第五十六条" in suspicion.basis
    assert not desk.is_overdue() and "逾期" not in "".join(each.subject for each in desk.notices)
    assert any("嫌疑 A1/ct.accept" in line for line in desk.case.own_lines())
    # It had been accepted in time after all: the suspicion is gone by itself.
    desk.record("application_accepted", "2021-09-23")
    assert raised(desk) == []
    # Seven working days from 23 September end on 8 October (24, 26, 27, 28, 29, 30; the holiday lasts until the 7th).
    assert desk.due("A1/ct.rule") == date(2021, 10, 8)
    desk.on("2021-10-13").record("ruling_made", "2021-10-12", granted=["全部"])
    assert desk.deadline("A1/ct.rule").days_late == 4
    assert raised(desk) == ["A1/ct.rule"]


def test_a_court_that_hears_both_sides_has_thirty_days() -> None:
    """[强制]58: 明显违法 suspected, opinions heard: thirty days from the acceptance instead of seven working days."""
    desk = accepted()
    desk.on("2021-09-28").record("opinions_heard", "2021-09-28")
    assert "A1/ct.rule" not in desk.running
    assert desk.due("A1/ct.rule_hearing") == date(2021, 10, 22)
    assert "已记录" in desk.misfit("opinions_heard", "2021-09-28")
    desk.on("2021-10-22").record("ruling_made", "2021-10-22", "ruling", refused=["拆除"], granted=["罚款"])
    assert desk.deadline("A1/ct.rule_hearing").days_late == 0
    assert state(desk, "拆除") is PenaltyState.REFUSED and desk.stage() is Stage.GRANTED
    # [强制]58, 69: five working days to serve the refusal.
    assert desk.due("A1/ct.serve_refusal") == date(2021, 10, 29)
    early = applied()
    early.record("opinions_heard", "2021-09-15")
    early.on("2021-09-22").record("application_accepted", "2021-09-22")
    assert early.due("A1/ct.rule_hearing") == date(2021, 10, 22) and "A1/ct.rule" not in early.running


def test_a_refusal_is_served_reconsidered_and_overturned() -> None:
    """[强制]58: fifteen days to ask the court above from receipt, and thirty days for that court."""
    desk = accepted(DEMOLITION)
    desk.on("2021-09-30").record("ruling_made", "2021-09-30", "ruling", refused=["全部"])
    assert desk.stage() is Stage.REFUSED
    assert "没有复议中的裁定" in desk.misfit("reconsideration_ruled", "2021-09-30", upheld=True)
    desk.on("2021-10-09").record("ruling_served", "2021-10-09")
    assert desk.deadline("A1/ct.serve_refusal").days_late == -4
    assert desk.due("A1/ag.review_refusal") == date(2021, 10, 25)
    assert "没有待送达的裁定" in desk.misfit("ruling_served", "2021-10-09")
    desk.on("2021-10-22").record("reconsideration_applied", "2021-10-20", received_on="2021-10-22")
    assert desk.stage() is Stage.RECONSIDERATION
    # 22 October + 30 days is a Sunday, 21 November.
    assert desk.due("A1/ag.review_refusal_up") == date(2021, 11, 22)
    desk.on("2021-11-19").record("reconsideration_ruled", "2021-11-19", upheld=False)
    assert desk.stage() is Stage.GRANTED
    assert raised(desk) == []
    assert "不合理" in accepted().misfit(
        "reconsideration_applied", "2021-09-20", earlier_undated=True, received_on="2021-09-01"
    )


def test_not_accepted_and_upheld_above() -> None:
    """[强制]56: 不予受理, fifteen days to ask the court above, fifteen for its ruling; then the application is over."""
    desk = applied(DEMOLITION)
    desk.on("2021-09-22").record(
        "application_not_accepted", "2021-09-22", grounds="超过申请期限", received_on="2021-09-22"
    )
    assert desk.stage() is Stage.NOT_ACCEPTED
    assert desk.due("A1/ag.review_nonaccept") == date(2021, 10, 8)
    desk.record("reconsideration_applied", "2021-09-22")
    assert "待补记" in desk.case.taken["reconsideration_applied-6"].what
    desk.on("2021-10-11").record("reconsideration_ruled", "2021-10-11", "upheld", upheld=True)
    assert desk.stage() is Stage.NOT_ACCEPTED
    assert "没有“不准予执行”的分项" in desk.refusal("close_case", outcome="refused_by_court", reason="一")
    desk.decide("set_aside_suspicion", suspicion="A1/coop.copy", reason="材料由本院调取")
    desk.decide("close_case", outcome="not_accepted", reason="上级法院维持")
    assert desk.stage() is Stage.ARCHIVED


def test_the_court_above_has_it_accepted() -> None:
    """Overturned: accepted from that day, with seven working days for the ruling."""
    desk = applied(DEMOLITION)
    desk.on("2021-09-22").record("application_not_accepted", "2021-09-22")
    desk.record("reconsideration_applied", "2021-09-22", received_on="2021-09-22")
    desk.on("2021-10-08").record("reconsideration_ruled", "2021-10-08", upheld=False)
    assert desk.stage() is Stage.COURT_REVIEWING
    # 8 October, then 9 (Saturday, worked), 11, 12, 13, 14, 15, 18.
    assert desk.due("A1/ct.rule") == date(2021, 10, 18)


def test_accepted_in_part_ruled_in_part_and_one_item_overlooked() -> None:
    """One application, four items: one not accepted, one granted, one refused, and one the court forgets (漏裁)."""
    desk = applied(DEMOLITION, FINE, CONFISCATION, LAND)
    desk.record("copy_sent", "2021-09-15")
    desk.on("2021-09-23").record("application_accepted", "2021-09-23", items=["拆除", "罚款", "退地"])
    assert state(desk, "没收") is PenaltyState.APPLIED
    desk.record("application_not_accepted", "2021-09-23", items=["没收"], grounds="应直接移交财政")
    desk.on("2021-09-29").record("ruling_made", "2021-09-29", granted=["拆除"], refused=["退地"])
    assert [state(desk, each).value for each in ("拆除", "退地", "没收", "罚款")] == [
        "granted",
        "refused",
        "not_accepted",
        "overlooked",
    ]
    assert raised(desk) == ["A1/overlooked/罚款"]
    desk.on("2021-10-20").record("ruling_made", "2021-10-20", "more", granted=["罚款"])
    assert "补充裁定" in desk.case.taken["more"].what
    assert state(desk, "罚款") is PenaltyState.GRANTED and raised(desk) == ["A1/ct.serve_refusal"]
    # A ruling can be made anew: what it says of an item replaces what was said.
    desk.record(
        "ruling_made", "2021-10-20", "anew", granted=["没收", "退地"], carried_out_by="明溪县人民政府"
    )
    assert state(desk, "没收") is PenaltyState.AGENCY_ENFORCING
    assert "须写明裁定的内容" in desk.misfit("ruling_made", "2021-10-20")
    assert "两种结果" in desk.misfit("ruling_made", "2021-10-20", granted=["退地"], refused=["退地"])
    assert "不在A1" in desk.misfit("ruling_made", "2021-10-20", granted=["补种"])


def test_ruled_upon_though_the_acceptance_was_never_told() -> None:
    """It had been accepted at some time before: nobody knows when, and nobody is accused; a day told later is judged."""
    desk = applied(DEMOLITION)
    desk.record("copy_sent", "2021-09-15")
    desk.on("2021-09-22").record("ruling_made", "2021-09-22", granted=["全部"])
    assert desk.deadline("A1/ct.accept").days_late is None and raised(desk) == []
    late = applied(DEMOLITION)
    late.record("copy_sent", "2021-09-15")
    late.on("2021-11-15").record("ruling_made", "2021-11-15", granted=["全部"])
    # Sixty-one days: the period of acceptance had run out, and nothing shows that it was kept.
    assert raised(late) == ["A1/ct.accept"]
    late.record("application_accepted", "2021-09-20")
    assert raised(late) == ["A1/ct.rule"]


@shows("4.2")
def test_an_agency_carries_it_out_and_the_duty_passes_on() -> None:
    """裁执分离: the ruling leaves it to the town, the county takes it over; the fine stays with the court."""
    desk = accepted()
    desk.on("2021-09-30").record(
        "ruling_made", "2021-09-30", granted=["全部"], carried_out_by="雪峰镇人民政府"
    )
    assert desk.stage() is Stage.AGENCY_ENFORCING
    assert state(desk, "罚款") is PenaltyState.GRANTED
    assert [row.owner for row in desk.rows().items] == ["雪峰镇人民政府", ""]
    desk.on("2021-10-08").record("execution_opened", "2021-10-08")
    assert (
        state(desk, "罚款") is PenaltyState.ENFORCING and state(desk, "拆除") is PenaltyState.AGENCY_ENFORCING
    )
    desk.on("2021-12-01").record("duty_holder_changed", "2021-12-01", items=["拆除"], to="明溪县人民政府")
    holder = desk.case.course.applications.by_id["A1"].holder("拆除")
    assert holder and (holder.name, str(holder.since)) == ("明溪县人民政府", "2021-12-01")
    desk.on("2022-01-20").record("penalty_fulfilled", "2022-01-20", items=["罚款"], enforcer="court")
    # 8 October + three months, rolled from Saturday to Monday: the court's part was twelve days late.
    assert desk.due("A1/ct.execute") == date(2022, 1, 10)
    assert desk.deadline("A1/ct.execute").days_late == 10
    desk.record("penalty_fulfilled", "2022-01-20", items=["拆除"], enforcer="agency")
    assert desk.stage() is Stage.COMPLETED
    assert "没有准予执行的分项" in accepted().misfit("duty_holder_changed", "2021-09-22", to="雪峰镇人民政府")


def test_the_courts_president_lengthens_and_a_stay_stops_the_clock() -> None:
    """法释〔2000〕29号第五条: three months more by its president; 第九条: a stay does not count."""
    desk = granted(DEMOLITION)
    desk.on("2021-10-08").record("execution_opened", "2021-10-08")
    assert desk.due("A1/ct.execute") == date(2022, 1, 10)
    desk.on("2021-11-01").record("execution_stayed", "2021-11-01")
    assert desk.stage() is Stage.STAYED and "A1/ct.execute" not in desk.running
    desk.on("2021-12-01").record("execution_resumed", "2021-12-01")
    assert desk.stage() is Stage.ENFORCING
    # 8 January + thirty days that did not count: 7 February.
    assert desk.due("A1/ct.execute") == date(2022, 2, 7)
    desk.decide("extend", by=PRESIDENT, deadline="A1/ct.execute", by_period={"amount": 3, "unit": "months"})
    assert desk.due("A1/ct.execute") == date(2022, 5, 9)
    assert "没有中止" in desk.misfit("execution_resumed", "2021-12-01")
    desk.on("2022-04-01").record("execution_terminated", "2022-04-01", this_round=True)
    assert desk.stage() is Stage.ENDED and raised(desk) == []
    desk.on("2022-06-01").record("execution_resumed", "2022-06-01")
    assert desk.stage() is Stage.ENFORCING


def test_an_agency_stays_it_and_after_three_years_it_is_not_enforced_any_more() -> None:
    """[强制]39: 满三年未恢复执行的，行政机关不再执行."""
    desk = accepted(DEMOLITION)
    desk.on("2021-09-30").record(
        "ruling_made", "2021-09-30", granted=["全部"], carried_out_by="雪峰镇人民政府"
    )
    desk.on("2021-11-15").record("execution_stayed", "2021-11-15", by_agency=True, note="当事人确无能力")
    assert desk.due("A1/ex.suspend") == date(2024, 11, 15)
    desk.on("2024-11-20")
    assert raised(desk) == []
    assert "没有“终结执行”的分项" in desk.refusal("close_case", outcome="execution_ended", reason="三年")
    desk.decide("close_case", outcome="execution_stayed", reason="行政机关不再执行")
    assert desk.stage() is Stage.ARCHIVED


def test_in_urgency_it_is_enforced_within_five_working_days() -> None:
    """[强制]59: 因情况紧急…自作出执行裁定之日起五日内执行."""
    desk = accepted(DEMOLITION)
    desk.on("2021-09-22").record("ruling_made", "2021-09-22", granted=["全部"], urgent=True)
    # 23, 24, 26 (Sunday, worked), 27, 28.
    assert desk.due("A1/ct.urgent") == date(2021, 9, 28)
    desk.on("2021-09-29")
    assert raised(desk) == ["A1/ct.urgent"]
    desk.record("penalty_fulfilled", "2021-09-27", items=["拆除"], enforcer="court")
    assert raised(desk) == []


def test_who_is_entitled_may_apply_where_the_agency_did_not() -> None:
    """法释〔2018〕1号第一百五十八条: a ruling between equals; the agency let its window pass, six months for who is entitled."""
    terms = enforcement().case.terms.model_copy(update={"civil_ruling": True, "penalties": (LAND,)})
    desk = enforcement(opened="2021-03-01", terms=terms)
    desk.record("decision_served", "2021-03-01")
    desk.on("2021-12-20")
    # The period of suit ended on 1 September, the window on 1 December.
    assert desk.due("退地/ho.apply") == date(2022, 6, 1)


def test_what_a_source_does_not_date_stays_without_a_day() -> None:
    """A ruling of June 2022 whose application nobody dated: no clock of the court runs; a day told later starts them."""
    desk = enforcement(DEMOLITION, opened="2022-06-30")
    assert "earlier_undated" in desk.misfit("ruling_made", "2022-06", granted=["全部"])
    desk.record(
        "ruling_made",
        "2022-06",
        granted=["全部"],
        carried_out_by="某镇人民政府",
        earlier_undated=True,
    )
    assert desk.stage() is Stage.AGENCY_ENFORCING
    assert not [key for key in desk.case.deadlines.by_key if key.startswith("A1/")]
    application = desk.case.course.applications.by_id["A1"]
    assert application.on is None and desk.case.copy_state(application) == "不明（申请日不明）"
    desk.record("application_filed", "2022-06-02", received_on="2022-06-02")
    assert len(desk.case.course.applications) == 1
    assert desk.due("A1/coop.copy") == date(2022, 6, 10)
    assert desk.stage() is Stage.AGENCY_ENFORCING
    implied = enforcement(DEMOLITION, opened="2021-09-15")
    implied.record("execution_terminated", "2021-09", earlier_undated=True)
    assert implied.stage() is Stage.ENDED
    nothing = enforcement(DEMOLITION, opened="2021-09-15")
    nothing.record("penalty_fulfilled", "2021-09-15", items=["拆除"])
    assert "没有未履行的处罚分项" in nothing.misfit("execution_opened", "2021-09-15", earlier_undated=True)


def test_a_stay_after_the_courts_period_has_run_out_leaves_it_under_no_older_calendar() -> None:
    """It stands still no more, so its row is one of those that are told of a calendar until they are counted under it."""
    desk = granted(DEMOLITION)
    desk.on("2021-10-12").record("execution_opened", "2021-10-08")
    desk.on("2022-02-01").record("execution_stayed", "2022-02-01")
    before = desk.case.deadlines.counted["A1/ct.execute"]
    desk.publish(calendar("2022"))
    [row] = [each for each in rows(desk.case).deadlines if each.key == "A1/ct.execute"]
    assert row.state in OPEN and before.edition != row.edition == "2022"
    assert row.due_on == before.due_on
