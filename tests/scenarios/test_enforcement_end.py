"""第四条, the end: with what outcomes such a case can be closed, and what stands against each."""

from __future__ import annotations

import pytest

from models.stages import EnforcementStage as Stage
from models.terms import Outcome
from tests.openings import CLERK, DRAFTER, PRESIDENT, TEXT, TOWN
from tests.pure_desk import PureDesk
from tests.scenarios.test_enforcement import DEMOLITION, FINE, accepted, enforcement, granted, raised
from tests.scenarios.test_enforcement_supervision import Desk, silent_court, supervised


@pytest.mark.parametrize(
    "outcome", ["partly_rectified", "legalised", "settled", "transferred", "merged", "converted_to_pil"]
)
def test_other_ends(outcome: str) -> None:
    """A fine paid and a building legalised, a settlement, a case handed on: each ends the case with its reason."""
    desk = enforcement(DEMOLITION, FINE)
    desk.record("penalty_fulfilled", "2021-09-15", items=["罚款"])
    assert "须写明理由" in desk.refusal("close_case", outcome=outcome)
    desk.decide("close_case", outcome=outcome, reason="见结案审查")
    assert desk.stage() is Stage.ARCHIVED


def test_only_real_outcomes() -> None:
    """What the journal does not show is no outcome."""
    desk = enforcement()
    assert "此类案件不以“和解" not in desk.refusal("close_case", outcome="settled", reason="和解")
    assert "此类案件不以“线索采纳”结案" in desk.refusal("close_case", outcome="taken", reason="采纳")
    for outcome in ("not_accepted", "refused_by_court", "execution_stayed", "execution_ended"):
        assert "没有“" in desk.refusal("close_case", outcome=outcome, reason="一"), outcome
    for outcome in ("not_supported", "terminated", "referred"):
        assert "尚未决定" in desk.refusal("close_case", outcome=outcome, reason="一"), outcome
    assert "不能代检察院作出决定" in desk.refusal("open_supervision", by=PRESIDENT, reason="一")
    assert "不审批文书" in refusal_of_approval(desk)
    assert len(desk.case.OUTCOMES) == len(set(desk.case.OUTCOMES)) and Outcome.ENFORCED in desk.case.OUTCOMES


def refusal_of_approval(desk: Desk) -> str:
    """A clerk approves nothing."""
    desk.decide("draft_letter", by=DRAFTER, document="letter", recipients=[TOWN], text=TEXT)
    return desk.refusal("approve_letter", by=CLERK, document="D1")


def test_the_same_case_after_a_renewal() -> None:
    """What a continued run carries is the same case, with its items, applications and suspicions."""
    desk = supervised(silent_court())
    again: Desk = PureDesk(desk.case.opening, desk.now, carried=desk.carried())
    assert again.rows() == desk.rows()
    assert raised(again) == raised(desk) and again.stage() is desk.stage()


def test_execution_ended_and_closed() -> None:
    """终结本次执行程序: what was not fulfilled stays open, and the outcome says so."""
    desk = granted(FINE)
    desk.on("2021-10-08").record("execution_opened", "2021-10-08")
    desk.on("2021-12-01").record(
        "penalty_fulfilled", "2021-12-01", items=["罚款"], whole=False, yuan=12371.75
    )
    desk.record("execution_terminated", "2021-12-01", this_round=True)
    assert desk.stage() is Stage.ENDED
    desk.decide("close_case", outcome="execution_ended", reason="无财产可供执行")
    desk2 = accepted(DEMOLITION)
    desk2.on("2021-09-30").record("ruling_made", "2021-09-30", refused=["全部"])
    desk2.decide("close_case", outcome="refused_by_court", reason="不再复议")
    assert desk2.stage() is Stage.ARCHIVED
