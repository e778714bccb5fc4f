"""第四条 行政非诉执行监督: what is entered late, or comes back, neither accuses a court nor loses its period."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.enforcement.terms import PenaltyState
from models.stages import EnforcementStage as Stage
from tests.openings import PRESIDENT
from tests.scenarios.test_enforcement import (
    CONFISCATION,
    DEMOLITION,
    FINE,
    accepted,
    applied,
    granted,
    raised,
    state,
)


@pytest.mark.parametrize(
    ("what", "stage"),
    [
        ({"kind": "penalty_fulfilled", "items": ["拆除"], "enforcer": "court"}, Stage.COMPLETED),
        ({"kind": "execution_terminated"}, Stage.ENDED),
    ],
)
def test_an_execution_that_was_over_before_its_opening_was_entered_is_not_idle(
    what: dict[str, Any], stage: Stage
) -> None:
    """非诉执行案件应当在立案之日起三个月内执结 (法释〔2000〕29号第五条): over on 19 November, whenever the opening is entered."""
    desk = granted(DEMOLITION).on("2021-11-20")
    desk.record(on="2021-11-19", **what)
    desk.record("execution_opened", "2021-10-11")
    # Three months from 11 October are over on 11 January 2022: 53 days ahead.
    assert desk.deadline("A1/ct.execute").days_late == -53
    assert desk.stage() is stage
    assert raised(desk.on("2022-02-01")) == []


def test_a_stay_that_was_entered_before_the_opening_stops_the_period_too() -> None:
    """中止执行的期间不计入执行期限 (法释〔2000〕29号第九条), in whatever order the court's acts are entered."""
    desk = granted(DEMOLITION).on("2021-11-20")
    desk.record("execution_stayed", "2021-11-10")
    desk.record("execution_opened", "2021-10-11")
    assert raised(desk.on("2022-02-01")) == []
    assert desk.deadline("A1/ct.execute").state == "suspended"
    desk.on("2022-03-10").record("execution_resumed", "2022-03-10")
    # 11 January 2022, and the 120 days from 10 November to 10 March.
    assert desk.due("A1/ct.execute") == date(2022, 5, 11)


def test_what_an_agency_gives_back_is_the_courts_again() -> None:
    """裁执分离 changed twice: the town's time is not the court's, nor must the town still act."""
    desk = granted(DEMOLITION).on("2021-10-11")
    desk.record("execution_opened", "2021-10-11")
    desk.on("2021-11-01").record("duty_holder_changed", "2021-11-01", to="某镇人民政府")
    assert "A1/ct.execute" not in desk.running
    desk.on("2021-12-01").record("duty_holder_changed", "2021-12-01", to="明溪县人民法院")
    assert state(desk, "拆除") is PenaltyState.ENFORCING
    assert [each.owner for each in desk.case.listed_items()] == [""]
    # 11 January 2022, and the thirty days from 1 November to 1 December: 10 February.
    assert desk.due("A1/ct.execute") == date(2022, 2, 10)
    # 法释〔2000〕29号: the three months run from 执行立案, when the court opens a case for it anew.
    desk.on("2021-12-06").record("execution_opened", "2021-12-06", court_case_no="（2021）闽0421执恢9号")
    assert desk.due("A1/ct.execute") == date(2022, 3, 7)
    assert raised(desk.on("2022-03-08")) == ["A1/ct.execute"]


def test_what_the_court_keeps_is_not_over_with_what_it_had_given_away() -> None:
    """One item came back from the town: the court's period is met when that one, too, is over."""
    desk = granted(DEMOLITION, FINE).on("2021-10-11")
    desk.record("execution_opened", "2021-10-11")
    desk.on("2021-11-01").record("duty_holder_changed", "2021-11-01", to="某镇人民政府", items=["拆除"])
    desk.on("2021-12-01").record("duty_holder_changed", "2021-12-01", to="明溪县人民法院", items=["拆除"])
    desk.on("2021-12-10").record("penalty_fulfilled", "2021-12-10", items=["罚款"], enforcer="court")
    assert "A1/ct.execute" in desk.running
    assert raised(desk.on("2022-01-12")) == ["A1/ct.execute"]


def test_an_execution_that_is_opened_anew_has_a_period_anew() -> None:
    """终结本次执行程序以后恢复执行, with a number of its own: the first round was in time, the second may be late."""
    desk = granted(DEMOLITION).on("2021-10-11")
    desk.record("execution_opened", "2021-10-11")
    desk.on("2021-12-20").record("execution_terminated", "2021-12-20", this_round=True)
    desk.on("2022-06-01").record(
        "execution_opened", "2022-06-01", "again", court_case_no="（2022）闽0421执恢3号"
    )
    assert desk.deadline("A1/ct.execute").days_late == -22
    assert desk.due("A1/ct.execute/again") == date(2022, 9, 1)
    assert raised(desk.on("2022-09-02")) == ["A1/ct.execute/again"]
    desk.record("penalty_fulfilled", "2022-08-30", items=["拆除"], enforcer="court")
    assert raised(desk) == []


def test_what_is_accepted_after_the_ruling_upon_the_rest_has_seven_working_days_too() -> None:
    """自受理之日起七日内作出执行裁定 ([强制]57, 69): one item was let in by the court above when the rest was ruled upon."""
    desk = applied(DEMOLITION, FINE, CONFISCATION).on("2021-09-22")
    desk.record("copy_sent", "2021-09-18")
    desk.record("application_accepted", "2021-09-22", items=["拆除", "罚款"])
    desk.record("application_not_accepted", "2021-09-22", items=["没收"], received_on=date(2021, 9, 22))
    desk.on("2021-09-28").record("ruling_made", "2021-09-28", granted=["拆除", "罚款"])
    desk.record("reconsideration_applied", "2021-09-28", items=["没收"], received_on=date(2021, 9, 28))
    desk.on("2021-10-13").record("reconsideration_ruled", "2021-10-13", "above", upheld=False)
    assert desk.deadline("A1/ct.rule").days_late == -2
    # From Wednesday 13 October: 14, 15, 18, 19, 20, 21, 22.
    assert desk.due("A1/ct.rule/above") == date(2021, 10, 22)
    assert raised(desk.on("2021-10-25")) == ["A1/ct.rule/above"]
    desk.record("ruling_made", "2021-10-22", granted=["没收"])
    assert raised(desk) == []


def test_each_refusal_is_served_and_may_be_reconsidered_by_its_own_time() -> None:
    """在五日内将不予执行的裁定送达行政机关 ([强制]58, 69): the second ruling is not served with the first one."""
    desk = accepted(DEMOLITION, FINE).on("2021-09-28")
    desk.record("ruling_made", "2021-09-28", refused=["拆除"])
    desk.on("2021-09-29").record("ruling_served", "2021-09-29")
    desk.on("2021-10-20").record("ruling_made", "2021-10-20", "second", refused=["罚款"])
    assert desk.deadline("A1/ct.serve_refusal").days_late == -12
    # From Wednesday 20 October: 21, 22, 25, 26, 27.
    assert desk.due("A1/ct.serve_refusal/second") == date(2021, 10, 27)
    assert raised(desk.on("2021-10-28")) == ["A1/ct.serve_refusal/second"]
    desk.record("ruling_served", "2021-10-28", items=["罚款"])
    assert desk.due("A1/ag.review_refusal") == date(2021, 10, 14)
    assert desk.due("A1/ag.review_refusal/second") == date(2021, 11, 12)
    desk.on("2021-11-12").record(
        "reconsideration_applied", "2021-11-12", items=["罚款"], received_on=date(2021, 11, 12)
    )
    assert desk.deadline("A1/ag.review_refusal/second").days_late == 0
    assert desk.due("A1/ag.review_refusal_up/second") == date(2021, 12, 13)
    desk.on("2021-12-01").record("reconsideration_ruled", "2021-12-01", upheld=True)
    assert desk.deadline("A1/ag.review_refusal_up/second").days_late == -12


def test_the_service_of_what_was_granted_is_not_that_of_what_was_refused() -> None:
    """Two rulings wait to be served: that upon the fine has come, that upon the demolition has not."""
    desk = accepted(DEMOLITION, FINE).on("2021-09-28")
    desk.record("ruling_made", "2021-09-28", refused=["拆除"])
    desk.record("ruling_made", "2021-09-28", granted=["罚款"])
    desk.record("ruling_served", "2021-09-28", items=["罚款"])
    assert "A1/ct.serve_refusal" in desk.running


def test_what_the_president_lengthened_may_be_lengthened_further() -> None:
    """可以延长三个月，还需延长的，层报高级人民法院备案 (法释〔2000〕29号第五条): a court that did so is not idle."""
    desk = granted(DEMOLITION).on("2021-10-11")
    desk.record("execution_opened", "2021-10-11")
    for amount in (3, 2):
        period = {"amount": amount, "unit": "months"}
        desk.decide("extend", by=PRESIDENT, deadline="A1/ct.execute", by_period=period)
    # Three, three and two months from 11 October 2021: 11 June 2022 is a Saturday.
    assert desk.due("A1/ct.execute") == date(2022, 6, 13)
