"""How a public-interest case may end: with what its journal shows, and evidence for what is called put right ([公规]74, 79)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import Problem
from models.terms import ItemState, Outcome, Relation, SiteFinding, Substance, SuitEnding

if TYPE_CHECKING:
    from models.cases.public_interest import PublicInterestFile

PUT_RIGHT = (
    Outcome.RECTIFIED,
    Outcome.LEGALISED,
    Outcome.OFFSITE_REPLANTING,
    Outcome.SUBSTITUTE_PERFORMANCE,
    Outcome.CONFISCATED,
)
OUTCOMES = (
    *PUT_RIGHT,
    Outcome.PARTLY_RECTIFIED,
    Outcome.SETTLED,
    Outcome.SUIT_WITHDRAWN,
    Outcome.LITIGATION_CLOSED,
    Outcome.JUDGMENT,
    Outcome.ENFORCED,
    Outcome.TRANSFERRED,
    Outcome.MERGED,
    Outcome.WITHDRAWN,
    Outcome.TERMINATED,
    Outcome.NO_ILLEGALITY,
    Outcome.DECLINED,
)


def is_put_right(case: PublicInterestFile) -> bool:
    """Whether evidence shows that all is put right: every item done, or a follow-up inquiry; a reply alone shows nothing."""
    check = case.following_up.last_check()
    done = any(item.state is ItemState.DONE for item in case.items.values())
    if case.putting_right.open_items or not (done or check is not None):
        return False
    if check is not None and check.finding is not SiteFinding.PUT_RIGHT:
        return False
    wanted = (None, Substance.PUT_RIGHT)
    return all(letter.last_substance in wanted for letter in case.following_up.letters)


def against_closing(case: PublicInterestFile, outcome: Outcome) -> list[Problem]:
    """What stands against closing with that outcome."""
    problems = []
    if going_on := case.suits.open:
        what = f"诉讼尚未终结：{'、'.join(map(str, going_on))}"
        problems.append(Problem(what, "先记录判决（judgment_given）或者终结（suit_ended）", "outcome"))
    if case.following_up.suspended:
        problems.append(Problem("审查仍在中止", "先恢复审查（resume_review）", "outcome"))
    if outcome in PUT_RIGHT and not is_put_right(case):
        undone = [each.lacking for each in case.putting_right.open_items]
        left = f"未完成事项：{'、'.join(undone)}" if undone else "没有现场核查、验收证明整改到位"
        what = f"不能以“{outcome.label}”结案；{left}"
        remedy = "补录现场核查（site_checked）、验收依据，或选择真实的结果"
        problems.append(Problem(what, remedy, "outcome"))
    if not _is_shown(case, outcome):
        what = f"案卷记录没有显示“{outcome.label}”"
        problems.append(Problem(what, "选择真实的结果，或先作出相应决定", "outcome"))
    return problems


def _is_shown(case: PublicInterestFile, outcome: Outcome) -> bool:
    """Whether the journal holds what an outcome says."""
    suits, filing, links = case.suits, case.filing, case.links
    ended = [each.ended.how for each in suits.by_id.values() if each.ended]
    match outcome:
        case Outcome.SUIT_WITHDRAWN:
            return SuitEnding.WITHDRAWN in ended
        case Outcome.LITIGATION_CLOSED:
            return any(how is not SuitEnding.WITHDRAWN for how in ended)
        case Outcome.JUDGMENT:
            return bool(suits.judged)
        case Outcome.ENFORCED:
            return bool(suits.judged) and not suits.unperformed
        case Outcome.DECLINED:
            return filing.is_declined
        case Outcome.TRANSFERRED:
            moved = filing.transfer is not None or filing.has_been_assigned_away
            return moved or bool(links.standing(Relation.TRANSFERRED_TO))
        case Outcome.MERGED:
            return bool(links.standing(Relation.PARENT, Relation.COVERED_BY, Relation.RELATED))
        case Outcome.WITHDRAWN:
            withdrawn = any(each.withdrawn_on for each in case.letters)
            return withdrawn and not case.following_up.letters
        case _:
            return True
