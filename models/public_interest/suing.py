"""The decision to sue, and what it asks for ([公规]47, 79, 81, 82, 91): a suggestion that did not help, here or before."""

from __future__ import annotations

from datetime import date

from models.errors import Problem
from models.letters import Letter
from models.public_interest.filing import CIVIL_NOTICE, Filing, only_the_chief
from models.public_interest.following_up import FollowingUp
from models.public_interest.suits import Suits
from models.said.public_suits import Sue, SuitFiled


class Suing:
    """From a suggestion, or a notice in a civil case, to a suit."""

    def __init__(self, filing: Filing, following_up: FollowingUp, suits: Suits) -> None:
        self.filing, self.following_up, self.suits = filing, following_up, suits

    def _upon(self, reference: str, elsewhere: bool) -> Letter | list[Problem] | None:
        """The suggestion that a suit rests on; none where it went before this case, and where there is none at all."""
        if not reference and (elsewhere or not self.following_up.letters):
            return None
        return self.following_up.one(reference)

    def _of_decision(self, decision: Sue) -> Letter | list[Problem] | None:
        return self._upon(decision.letter, bool(decision.earlier) or decision.civil)

    def check_sue(self, decision: Sue, today: date) -> list[Problem]:
        letter = self._of_decision(decision)
        if isinstance(letter, list):
            return letter
        problems = []
        if letter is not None and self.suits.of_letter(letter.id):
            problems.append(Problem(f"{letter}已决定起诉", "不必重复决定", "letter"))
        if letter is None and not (decision.earlier or decision.civil):
            remedy = "检察建议在原案、以前发出的，填写 earlier；否则先制发"
            problems.append(Problem("本案没有诉前检察建议", remedy, "letter"))
        if decision.known_on and decision.on:
            problems.append(Problem("决定日写了两次", "on 与 known_on 只写一个", "known_on"))
        if decision.known_on and decision.known_on.earliest > today:
            problems.append(Problem(f"日期 {decision.known_on} 在将来", "请核对日期", "known_on"))
        return problems

    def take_sue(self, decision: Sue, today: date) -> str:
        letter = self._of_decision(decision)
        assert not isinstance(letter, list)
        return self.suits.sue(decision, letter, today)

    def door_sue(self, decision: Sue, today: date, lapsed: set[str], run_out: set[str]) -> list[Problem]:
        """`lapsed`: the letters whose period has ended in silence; `run_out`: the keys of the deadlines that have run out."""
        problems = only_the_chief(decision.by, "提起公益诉讼")
        if decision.civil:
            return problems + self._before_civil_suit(run_out)
        letter = self._of_decision(decision)
        if isinstance(letter, Letter):
            problems += self._before_suit(letter, letter.id in lapsed, decision.on or today)
            if not decision.known_on and not self.following_up.is_period_over(letter, decision.on or today):
                what = "整改期未满，行政机关仍可依法履职（[公释]21、[公规]47）"
                problems.append(
                    Problem(what, "期满后再定；尚未记录送达的，先记录（letter_served）", "letter")
                )
        return problems

    def _before_suit(self, letter: Letter, has_lapsed: bool, today: date) -> list[Problem]:
        problems = []
        if letter.id in self.following_up.suspended:
            problems.append(Problem(f"{letter}已中止审查", "先恢复审查（resume_review）", "letter"))
        elif letter.plan and letter.plan_accepted and letter.plan.final_on >= today:
            what = f"整改方案已获认可，至{letter.plan.final_on}，属有正当理由"
            problems.append(Problem(what, "按方案跟踪；期满未完成再定", "letter"))
        if letter.unassessed:
            problems.append(Problem("有回复待评估", "先评估（assess_reply）", "letter"))
        if not self.following_up.has_failed(letter, has_lapsed):
            what = "整改期未满，也无未整改到位的评估或者核查"
            problems.append(Problem(what, "到期、评估或者现场核查（site_checked）后再定", "letter"))
        return problems

    def _before_civil_suit(self, run_out: set[str]) -> list[Problem]:
        if self.filing.other_plaintiff:
            return [Problem(f"{self.filing.other_plaintiff}已起诉", "检察院可以支持起诉", "civil")]
        if f"case/{CIVIL_NOTICE}" not in run_out:
            return [Problem("诉前公告尚未期满（[公规]91）", "公告三十日期满后再定", "civil")]
        return []

    # a suit that is with the court

    def _of_fact(self, fact: SuitFiled) -> Letter | list[Problem] | None:
        """The suggestion of a suit that nobody decided upon here: named, or that to the defendant, or the only one."""
        if not fact.letter and fact.defendant:
            own = [each for each in self.following_up.letters if each.is_to(fact.defendant)]
            return own[0] if len(own) == 1 else None
        return self._upon(fact.letter, elsewhere=False)

    def check_filed(self, fact: SuitFiled, today: date) -> list[Problem]:
        return self.suits.check_filed(fact, self._of_fact(fact), today)

    def take_filed(self, fact: SuitFiled, today: date) -> str:
        letter = self._of_fact(fact)
        return self.suits.take_filed(fact, letter if isinstance(letter, Letter) else None, today)
