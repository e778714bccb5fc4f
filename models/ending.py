"""The end of a case: closed with a real outcome, looked back upon, filed away (结案、回头看、归档)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.calendar import LATEST_START
from models.dates import EventDate, future
from models.decisions import CloseCase, FileAway
from models.errors import Problem
from models.facts import LookedBack
from models.keeping import Keeping
from models.ledgers import Deadlines
from models.rules import LOOK_BACK
from models.terms import Outcome
from models.wire import Person


@dataclass(frozen=True, slots=True)
class Closing:
    """How and when a case was closed, and the look-backs planned with it."""

    outcome: Outcome
    on: date
    by: Person
    reason: str
    look_back_on: tuple[date, ...]
    keeping: Keeping | None = None
    """保管期限 as decided for this case; None: as the site has it for the kind of case."""


class Ending:
    """The closing of one case and what follows it; what a closing asks of the case is asked by its kind."""

    def __init__(self, deadlines: Deadlines) -> None:
        self.deadlines = deadlines
        self.closing: Closing | None = None
        self.look_backs: list[LookedBack] = []
        self.filed = ""

    @property
    def open_look_backs(self) -> list[date]:
        """The planned look-backs not yet made; one that found a relapse leaves the case to staff."""
        if self.closing is None:
            return []
        return list(self.closing.look_back_on[len(self.look_backs) :])

    @property
    def is_looked_back(self) -> bool:
        """Whether nothing remains to be looked back upon: all planned look-backs were made and held, or the case is filed."""
        if self.filed:
            return True
        return (
            self.closing is not None
            and not self.open_look_backs
            and all(each.held for each in self.look_backs)
        )

    def check_close(self, decision: CloseCase, today: date) -> list[Problem]:
        problems = future(decision.known_on, today) if decision.known_on else []
        return problems + [
            Problem(f"回头看日期 {day} 不在今后", "填写将来的日期", "look_back_on")
            for day in decision.look_back_on
            if not _closed_on(decision, today) < day <= LATEST_START
        ]

    def take_close(self, decision: CloseCase, today: date) -> str:
        on = _closed_on(decision, today)
        days = tuple(sorted(dict.fromkeys(decision.look_back_on)))
        self.closing = Closing(decision.outcome, on, decision.by, decision.reason, days, decision.keeping)
        self.deadlines.end("", "已结案")
        for day in days:
            self.deadlines.start(
                LOOK_BACK,
                EventDate.on(on),
                decision.id,
                fixed_on=day,
                key=f"case/{LOOK_BACK}/{day}",
                after_closing=True,
            )
        plan = f"，定于{'、'.join(map(str, days))}回头看" if days else "，未定回头看，案件随即归档"
        kept = f"，保管期限{decision.keeping}" if decision.keeping else ""
        return f"{decision.known_on or on}结案：{decision.outcome.label}{plan}{kept}"

    def check_look_back(self, fact: LookedBack, today: date) -> list[Problem]:
        if self.closing is None:
            return [Problem("尚未结案", "结案后再回头看", "kind")]
        problems = future(fact.on, today)
        if fact.on.latest < self.closing.on:
            problems.append(Problem(f"日期 {fact.on} 早于结案日 {self.closing.on}", "请核对日期", "on"))
        return problems

    def take_look_back(self, fact: LookedBack, today: date) -> str:
        planned = self.open_look_backs
        self.look_backs.append(fact)
        if planned:
            self.deadlines.meet(f"case/{LOOK_BACK}/{planned[0]}", fact.on, fact.id)
        found = "整改保持" if fact.held else "发现反弹，应另立新案并关联本案"
        return f"{fact.on}回头看：{found}{'，案件随即归档' if self.is_looked_back else ''}"

    def check_file_away(self, decision: FileAway, today: date) -> list[Problem]:
        if self.closing is None:
            return [Problem("尚未结案", "先结案", "kind")]
        if not decision.reason and not self.is_looked_back:
            return [Problem("回头看尚未完成或发现反弹，归档须写明理由", "填写 reason", "reason")]
        return []

    def take_file_away(self, decision: FileAway, today: date) -> str:
        self.filed = decision.id
        self.deadlines.end("", "已归档")
        return "归档"


def _closed_on(decision: CloseCase, today: date) -> date:
    """The day of a closing; of one that is known only to a month, a year or a span, its beginning."""
    return decision.known_on.earliest if decision.known_on else decision.on or today
