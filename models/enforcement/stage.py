"""Where a case of non-litigation enforcement stands: our own supervision while it runs, else how far enforcement has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.enforcement.supervision import Concluded
from models.enforcement.terms import PenaltyState
from models.letters import Letter
from models.stages import EnforcementStage

if TYPE_CHECKING:
    from models.cases.enforcement import EnforcementFile

# Of several items the one that most needs doing decides, the first of these.
_BY_STATE = {
    PenaltyState.RECONSIDERING: EnforcementStage.RECONSIDERATION,
    PenaltyState.ENFORCING: EnforcementStage.ENFORCING,
    PenaltyState.AGENCY_ENFORCING: EnforcementStage.AGENCY_ENFORCING,
    PenaltyState.GRANTED: EnforcementStage.GRANTED,
    PenaltyState.STAYED: EnforcementStage.STAYED,
    PenaltyState.ACCEPTED: EnforcementStage.COURT_REVIEWING,
    PenaltyState.OVERLOOKED: EnforcementStage.COURT_REVIEWING,
    PenaltyState.APPLIED: EnforcementStage.AWAITING_ACCEPTANCE,
    PenaltyState.REFUSED: EnforcementStage.REFUSED,
    PenaltyState.NOT_ACCEPTED: EnforcementStage.NOT_ACCEPTED,
    PenaltyState.ENDED: EnforcementStage.ENDED,
}


def stage_of(case: EnforcementFile) -> EnforcementStage:
    """The stage as law.md's names have it."""
    if case.is_closed:
        if case.is_looked_back:
            return EnforcementStage.ARCHIVED
        return EnforcementStage.REVISIT if case.ending.look_backs else EnforcementStage.CLOSED
    return _supervision(case) or _enforcement(case)


def _supervision(case: EnforcementFile) -> EnforcementStage | None:
    asking, conclusion = case.letters.asking(), case.supervision.conclusion
    if conclusion is not None:
        if conclusion.kind is Concluded.NOT_SUPPORTED:
            return EnforcementStage.NOT_SUPPORTED
        if conclusion.kind is Concluded.TERMINATED:
            return EnforcementStage.TERMINATED
        asking = [each for each in asking if each.issued_on and each.issued_on >= conclusion.on]
    if asking:
        return _letters(case, asking)
    if conclusion is not None:
        return EnforcementStage.FOLLOW_UP
    if not case.supervision.is_opened:
        return None
    if case.supervision.is_suspended:
        return EnforcementStage.SUSPENDED
    begun = (
        bool(case.supervision.steps_done or case.letters.by_id) or len(case.supervision.review_entries) > 1
    )
    return EnforcementStage.REVIEWING if begun else EnforcementStage.SUPERVISION_OPENED


def _letters(case: EnforcementFile, asking: list[Letter]) -> EnforcementStage | None:
    if any(each.open_objection or each.unassessed for each in asking):
        return EnforcementStage.RESULT_REVIEW
    if any(each.service is None and not each.replies for each in asking):
        return EnforcementStage.SUGGESTION_ISSUED
    waiting = [each for each in asking if not each.replies]
    if any(each.type.goes_to_court for each in waiting):
        return EnforcementStage.AWAITING_COURT
    if waiting:
        return EnforcementStage.AWAITING_AGENCY
    # Assessed as not put right: what is done about it is still to be decided.
    wanting = any(each.last_substance and each.last_substance.opens_ladder for each in asking)
    return EnforcementStage.RESULT_REVIEW if wanting and case.penalties.open() else None


def _enforcement(case: EnforcementFile) -> EnforcementStage:
    penalties = case.penalties
    if penalties.by_id and not penalties.open():
        return EnforcementStage.COMPLETED
    states = {case.state_of(each) for each in penalties.open()}
    stage = next((stage for state, stage in _BY_STATE.items() if state in states), None)
    if stage is EnforcementStage.AWAITING_ACCEPTANCE:
        waiting = [each for each in case.course.applications if each.standing(PenaltyState.APPLIED)]
        missing = any(case.is_copy_missing(each) for each in waiting)
        return EnforcementStage.MISSING_COPY if missing else stage
    if stage is not None:
        return stage
    if case.applying.loose:
        return EnforcementStage.COPY_REGISTERED
    demanded = any(each.demanded_on for each in penalties.open())
    return EnforcementStage.DEMANDED if demanded else EnforcementStage.DECISION_REGISTERED
