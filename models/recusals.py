"""Recusal (回避): asked for, decided within three days, asked to be reviewed once, decided again ([公规]23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.dates import EventDate, future
from models.errors import Problem
from models.ledgers import Deadlines
from models.said.public_interest import DecideRecusal, RecusalRequested


@dataclass(slots=True)
class Recusal:
    """One request that somebody be recused, and what was decided upon it."""

    request: RecusalRequested
    key: str
    granted: bool | None = None


class Recusals:
    """The requests for recusal in one case; `rule` is the period for deciding them."""

    def __init__(self, deadlines: Deadlines, rule: str) -> None:
        self.deadlines, self.rule = deadlines, rule
        self.requests: list[Recusal] = []

    def _of(self, person: str) -> list[Recusal]:
        return [each for each in self.requests if each.request.person == person]

    def check_request(self, fact: RecusalRequested, today: date) -> list[Problem]:
        problems, before = future(fact.on, today), self._of(fact.person)
        if fact.again and not any(each.granted is False for each in before):
            problems.append(
                Problem(f"{fact.person}的回避尚无决定，不能复议", "先记录决定（decide_recusal）", "again")
            )
        if not fact.again and before:
            problems.append(Problem(f"已申请{fact.person}回避", "申请复议的写 again: true", "person"))
        if fact.again and any(each.request.again for each in before):
            problems.append(Problem(f"{fact.person}的回避已复议", "复议以一次为限", "again"))
        return problems

    def take_request(self, fact: RecusalRequested, today: date) -> str:
        key = f"case/{self.rule}/{fact.id}"
        self.requests.append(Recusal(fact, key))
        self.deadlines.start(self.rule, fact.on, fact.id, key=key)
        return f"{fact.on}{fact.applicant}申请{fact.person}回避" + ("（复议）" if fact.again else "")

    def check_decide(self, decision: DecideRecusal, today: date) -> list[Problem]:
        if any(each.granted is None for each in self._of(decision.person)):
            return []
        asked = "、".join(each.request.person for each in self.requests if each.granted is None) or "无"
        return [Problem(f"没有待决定的{decision.person}的回避", f"待决定：{asked}", "person")]

    def take_decide(self, decision: DecideRecusal, today: date) -> str:
        asked = next(each for each in self._of(decision.person) if each.granted is None)
        asked.granted = decision.granted
        on = decision.on or today
        self.deadlines.meet(asked.key, EventDate.on(on), decision.id)
        return f"{on}决定{decision.person}{'回避' if decision.granted else '不回避'}"
