"""Inquiries that another procuratorate is asked to make (委托调查), answered in the time that the law of the case gives it."""

from __future__ import annotations

from datetime import date

from models.dates import future
from models.errors import Problem
from models.ledgers import Deadlines
from models.said.public_interest import DelegationAnswered, DelegationReceived


class Delegations:
    """The inquiries asked of others in one case; `rule` is the period for answering them ([公规]43; [行监]66)."""

    def __init__(self, deadlines: Deadlines, rule: str) -> None:
        self.deadlines, self.rule = deadlines, rule

    def check_received(self, fact: DelegationReceived, today: date) -> list[Problem]:
        return future(fact.on, today)

    def take_received(self, fact: DelegationReceived, today: date) -> str:
        key = f"case/{self.rule}/{fact.id}"
        self.deadlines.start(self.rule, fact.on, fact.id, party=fact.procuratorate, key=key)
        return f"{fact.procuratorate or '受委托的检察院'}于{fact.on}收到委托书：{fact.what}"

    def _open(self, procuratorate: str) -> list[str]:
        return [
            each.key
            for each in self.deadlines.by_key.values()
            if each.rule == self.rule and not each.is_met and procuratorate in ("", each.party)
        ]

    def check_answered(self, fact: DelegationAnswered, today: date) -> list[Problem]:
        if len(self._open(fact.procuratorate)) == 1:
            return future(fact.on, today)
        asked = "、".join(self.deadlines.by_key[key].party for key in self._open("")) or "无"
        return [Problem(f"没有与“{fact.procuratorate}”对应的委托", f"待回复：{asked}", "procuratorate")]

    def take_answered(self, fact: DelegationAnswered, today: date) -> str:
        (key,) = self._open(fact.procuratorate)
        self.deadlines.meet(key, fact.on, fact.id)
        return f"{self.deadlines.by_key[key].party or '受委托的检察院'}于{fact.on}回复委托调查"
