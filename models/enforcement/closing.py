"""How a case of non-litigation enforcement can end, and what stands against each end: the outcome is what the journal shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.enforcement.supervision import Concluded
from models.enforcement.terms import PenaltyState
from models.errors import Problem
from models.terms import Outcome, Substance

if TYPE_CHECKING:
    from models.cases.enforcement import EnforcementFile

OUTCOMES = (
    Outcome.ENFORCED,
    Outcome.RECTIFIED,
    Outcome.PARTLY_RECTIFIED,
    Outcome.LEGALISED,
    Outcome.SETTLED,
    Outcome.CONFISCATED,
    Outcome.NOT_ACCEPTED,
    Outcome.REFUSED_BY_COURT,
    Outcome.EXECUTION_STAYED,
    Outcome.EXECUTION_ENDED,
    Outcome.NOT_SUPPORTED,
    Outcome.TERMINATED,
    Outcome.REFERRED,
    Outcome.DECLINED,
    Outcome.NO_ILLEGALITY,
    Outcome.ESCALATED,
    Outcome.CONVERTED_TO_PIL,
    Outcome.TRANSFERRED,
    Outcome.MERGED,
)

# What an outcome claims of the items: one of them, at least, stands so.
_CLAIMS = {
    Outcome.NOT_ACCEPTED: PenaltyState.NOT_ACCEPTED,
    Outcome.REFUSED_BY_COURT: PenaltyState.REFUSED,
    Outcome.EXECUTION_STAYED: PenaltyState.STAYED,
    Outcome.EXECUTION_ENDED: PenaltyState.ENDED,
}
_CONCLUSIONS = {
    Outcome.NOT_SUPPORTED: Concluded.NOT_SUPPORTED,
    Outcome.TERMINATED: Concluded.TERMINATED,
    Outcome.REFERRED: Concluded.REFERRED,
}
_HONEST = "先记录，或选择真实的结果"


def against_closing(case: EnforcementFile, outcome: Outcome) -> Iterator[Problem]:
    """What stands against closing with that outcome."""
    supervision, penalties = case.supervision, case.penalties
    left = "、".join(each.key for each in case.suspicions.open())
    if left:
        how = "采纳（take_up_suspicion）或者排除（set_aside_suspicion）"
        yield Problem(f"嫌疑尚未处理：{left}", how, "outcome")
    taken_up = any(each.taken_up for each in case.suspicions.handled.values())
    if taken_up and not supervision.is_opened:
        yield Problem("采纳的嫌疑尚未监督立案", "先立案（open_supervision）", "outcome")
    if outcome is Outcome.NO_ILLEGALITY and (taken_up or case.letters.asking()):
        yield Problem("已采纳嫌疑或者制发建议，不是查无违法", "选择真实的结果", "outcome")
    undone = "、".join(map(str, penalties.open()))
    if outcome is Outcome.ENFORCED and (undone or not penalties.by_id):
        what = f"未履行的分项：{undone}" if undone else "没有处罚分项"
        yield Problem(f"尚未执行完毕；{what}", "记录履行（penalty_fulfilled），或选择真实的结果", "outcome")
    claimed, states = _CLAIMS.get(outcome), [case.state_of(each) for each in penalties.by_id.values()]
    if claimed is not None and claimed not in states:
        yield Problem(f"没有“{claimed.label}”的分项", _HONEST, "outcome")
    concluded, conclusion = _CONCLUSIONS.get(outcome), supervision.conclusion
    if concluded and (conclusion is None or conclusion.kind is not concluded):
        yield Problem(f"尚未决定{concluded.label}", "先作出决定，或选择真实的结果", "outcome")
    if outcome is Outcome.DECLINED and not supervision.declined:
        yield Problem("尚未决定不予受理监督申请", "先作出决定（decline_supervision）", "outcome")
    if outcome is Outcome.ESCALATED and not any(each.rungs for each in case.letters):
        yield Problem("尚未逐级报告、通报", "先作出决定（escalate）", "outcome")
    if outcome is Outcome.CONFISCATED and not any(each.disposed_on for each in penalties.by_id.values()):
        yield Problem("没收物尚未移交处置", "先记录（confiscated_disposed）", "outcome")
    if outcome is Outcome.RECTIFIED and not _is_put_right(case):
        yield Problem("没有评估为“采纳并整改”的建议", "先评估（assess_reply），或选择真实的结果", "outcome")


def _is_put_right(case: EnforcementFile) -> bool:
    """Whether every suggestion has been answered, and its last answer found to put things right."""
    asking = case.letters.asking()
    return bool(asking) and all(each.last_substance is Substance.PUT_RIGHT for each in asking)
