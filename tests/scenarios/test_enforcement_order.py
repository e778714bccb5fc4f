"""第四条 行政非诉执行监督: what is entered late, or comes back, neither accuses a court nor loses its period."""

from __future__ import annotations

from datetime import date

import pytest

from models.enforcement.terms import PenaltyState
from models.stages import EnforcementStage as Stage
from tests.scenarios.test_enforcement import DEMOLITION, FINE, granted, raised, state


@pytest.mark.parametrize(
    ("what", "stage"),
    [
        ({"kind": "penalty_fulfilled", "items": ["拆除"], "enforcer": "court"}, Stage.COMPLETED),
        ({"kind": "execution_terminated"}, Stage.ENDED),
    ],
)
def test_an_execution_that_was_over_before_its_opening_was_entered_is_not_idle(
    what: dict[str, object], stage: Stage
) -> None:
    """非诉执行案件应当在立案之日起三个月内执结 (法释〔2000〕29号第五条): over on 19 November, whenever the opening is entered."""
    desk = granted(DEMOLITION).on("2021-11-20")
    desk.record(on="2021-11-19", **what)  # type: ignore[arg-type]
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
