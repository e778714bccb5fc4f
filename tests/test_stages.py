"""Every stage of law.md §5A is reached by some course of a case; none is a word without a meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from models.stages import UrgingStage
from models.terms import EscalationRung, Outcome, Substance
from models.wire import Plan
from tests.openings import DRAFTER, TEXT, draft, opening
from tests.pure_desk import PureDesk, issued, served

Course = Callable[[], PureDesk]
OTHER = TEXT.model_copy(update={"advice": ("限期拆除",)})


def _decided(desk: PureDesk, *decisions: tuple[str, Mapping[str, object]]) -> PureDesk:
    for kind, fields in decisions:
        desk.decide(kind, **fields)  # type: ignore[arg-type] # fields of a decision
    return desk


def _replied() -> PureDesk:
    desk = served().on("2021-10-20")
    desk.record("reply_received", "2021-10-20", letter="L1")
    return desk


def _planned() -> PureDesk:
    desk = served().on("2021-10-20")
    plan = Plan(objective_reason="待秋收", final_on=date(2022, 3, 31))
    desk.record("reply_received", "2021-10-20", letter="L1", plan=plan)
    return _decided(
        desk,
        ("accept_plan", {"letter": "L1"}),
        ("assess_reply", {"letter": "L1", "substance": Substance.PARTLY}),
    )


def _objected() -> PureDesk:
    desk = served().on("2021-09-20")
    desk.record("objection_raised", "2021-09-20", letter="L1")
    return desk


def _overdue(*rungs: EscalationRung) -> PureDesk:
    desk = served().on("2021-11-20")
    if rungs:
        desk.decide("urge", letter="L1")
    return _decided(desk, *(("escalate", {"letter": "L1", "rung": rung}) for rung in rungs))


def _refused() -> PureDesk:
    desk = issued().on("2021-09-16")
    desk.record("service_refused", "2021-09-16", letter="L1")
    return desk


def _closed(*look_backs: str) -> PureDesk:
    desk = _replied()
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    days = ("2022-01-20", "2022-04-20") if look_backs else ("2022-01-20",)
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="已整改", look_back_on=days)
    for day in look_backs:
        desk.on(day).record("looked_back", day)
    return desk


def _archived() -> PureDesk:
    return _decided(_closed(), ("file_away", {"reason": "归档"}))


COURSES: dict[UrgingStage, Course] = {
    UrgingStage.CLUE_REGISTERED: lambda: PureDesk(opening()),
    UrgingStage.ACCEPTED: lambda: _decided(PureDesk(opening()), ("accept_clue", {})),
    UrgingStage.INVESTIGATING: lambda: _decided(PureDesk(opening()), ("investigate", {})),
    UrgingStage.PENDING_APPROVAL: lambda: PureDesk(opening(draft())),
    UrgingStage.ISSUED: issued,
    UrgingStage.SERVING: _refused,
    UrgingStage.AWAITING_REPLY: served,
    UrgingStage.REPLY_REVIEW: _replied,
    UrgingStage.OBJECTION_REVIEW: _objected,
    UrgingStage.OVERDUE_URGING: _overdue,
    UrgingStage.PLAN_TRACKING: _planned,
    UrgingStage.ASSESSING: lambda: _decided(
        _replied(), ("assess_reply", {"letter": "L1", "substance": Substance.PARTLY})
    ),
    UrgingStage.CLOSED: _closed,
    UrgingStage.ESCALATED: lambda: _overdue(EscalationRung.SUPERIOR_PROCURATORATE),
    UrgingStage.CONVERTED_TO_PIL: lambda: _overdue(EscalationRung.PUBLIC_INTEREST_LITIGATION),
    UrgingStage.AMENDED: lambda: _decided(
        served().on("2021-10-08"), ("amend_letter", {"letter": "L1", "text": OTHER, "reason": "变更"})
    ),
    UrgingStage.WITHDRAWN: lambda: _decided(
        served(), ("withdraw_letter", {"letter": "L1", "reason": "不当"})
    ),
    UrgingStage.REVISIT: lambda: _closed("2022-01-20"),
    UrgingStage.ARCHIVED: _archived,
}


@pytest.mark.parametrize("stage", UrgingStage, ids=str)
def test_each_stage_is_reached(stage: UrgingStage) -> None:
    assert COURSES[stage]().stage() is stage


def test_a_draft_that_was_sent_back_waits_for_approval_again() -> None:
    desk = PureDesk(opening(draft()))
    desk.decide("return_draft", document="D1", reason="补充证据")
    desk.decide("revise_draft", by=DRAFTER, document="D1", text=TEXT)
    assert desk.stage() is UrgingStage.PENDING_APPROVAL
