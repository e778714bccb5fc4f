"""Suspicions (嫌疑): an expired period of a court or an agency, or an item that a ruling overlooked.

None accuses anybody: the procurator takes it up or sets it aside, with a reason. What the clock alone knows (whether a period has
run out) is asked at the door; the fold asks the journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from models.enforcement.court_course import CourtCourse
from models.enforcement.readings import READINGS
from models.enforcement.terms import PenaltyState
from models.errors import Problem
from models.ledgers import Counted, Deadlines
from models.messages import FellDue
from models.said.court_supervision import SetAsideSuspicion, TakeUpSuspicion

_OVERLOOKED = "overlooked"

# What the law of a period says follows when it has run out: a clue, our supervision, a late copy. A right that merely lapses,
# or a stay that becomes final, is nobody's fault.
_SUSPICIOUS = ("clue", "supervise", "remind")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One thing that may be wrong: its key, in words, and on what law it rests. `day` is the last day of the period."""

    key: str
    what: str
    basis: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """What the procurator made of a suspicion."""

    taken_up: bool
    on: date
    by: str
    reason: str


class Suspicions:
    """What has been raised in one case, and what was made of it."""

    def __init__(
        self, deadlines: Deadlines, course: CourtCourse, run_out: Mapping[tuple[str, date], FellDue]
    ) -> None:
        self.deadlines, self.course, self._run_out = deadlines, course, run_out
        self.handled: dict[str, Handling] = {}

    def open(self) -> Iterator[Suspicion]:
        """What has been raised and not been handled; as counts stand now, so one that a late record clears up is gone."""
        for each in self.raised():
            if each.key not in self.handled:
                yield each

    def taken_up(self) -> Iterator[Suspicion]:
        """What stands and was taken up."""
        for each in self.raised():
            if (handling := self.handled.get(each.key)) is not None and handling.taken_up:
                yield each

    def raised(self) -> Iterator[Suspicion]:
        """Every suspicion that stands, handled or not."""
        for key, deadline in self.deadlines.by_key.items():
            counted = self.deadlines.counted.get(key)
            if deadline.letter or counted is None or not self._has_lapsed(key, counted):
                continue
            if counted.rule == "ag.apply" and not self._is_last_window(key):
                continue
            late = f"迟延{counted.days_late}日" if counted.days_late and counted.days_late > 0 else "届满未见"
            party = f"{deadline.party}　" if deadline.party else ""
            what = f"{party}{counted.name}：{counted.last_day}届满，{late}"
            yield Suspicion(key, what, counted.basis, counted.last_day)
        for application in self.course.applications:
            for item in application.standing(PenaltyState.OVERLOOKED):
                yield Suspicion(
                    application.key(f"{_OVERLOOKED}/{item}"),
                    f"{self.course.court}的裁定遗漏所申请的分项“{item}”（{application.id}）",
                    "《人民检察院行政诉讼监督规则》第一百一十一条",
                )

    def _has_lapsed(self, key: str, counted: Counted) -> bool:
        """Whether a court's or an agency's period ran out: not met, or surely met too late. What may have been in time is not,
        nor what was done before any text bound to it.
        """
        day = counted.last_day
        if counted.owner not in ("court", "agency") or counted.expiry not in _SUSPICIOUS or day is None:
            return False
        if self.deadlines.why_ended(key) or not counted.in_force:
            return False
        if counted.met_on is not None:
            if counted.met_on.latest <= day:
                return False
            if counted.met_on.earliest > day:
                return True
        return (key, day) in self._run_out

    def _is_last_window(self, key: str) -> bool:
        """Of an item's readings of the window only the most generous one, run out, raises a suspicion; the others warn."""
        item = key.partition("/")[0]
        penalties = self.course.penalties
        if item in penalties.by_id and any(
            (waiting := self.deadlines.by_key.get(f"{item}/{rule}")) is not None
            and waiting.is_running
            and not self._has_ended(item, rule)
            for rule in READINGS
        ):
            return False
        days = {
            each: counted.last_day
            for each in penalties.windows.of(item)
            if not self.deadlines.why_ended(each)
            and (counted := self.deadlines.counted.get(each)) is not None
            and counted.last_day is not None
        }
        return bool(days) and key == max(days, key=lambda each: (days[each], each))

    def _has_ended(self, item: str, rule: str) -> bool:
        """Whether a period to appeal has run out, as it is counted now."""
        tick = self.course.penalties.windows.ended.get((item, rule))
        counted = self.deadlines.counted.get(f"{item}/{rule}")
        return tick is not None and (counted is None or counted.last_day in (None, tick.due_on))

    def _check_known(self, key: str) -> list[Problem]:
        """Whether the journal knows of such a thing at all."""
        if key in self.deadlines.by_key or f"/{_OVERLOOKED}/" in key:
            return []
        return [self._none(key)]

    def _none(self, key: str) -> Problem:
        known = "、".join(each.key for each in self.open()) or "无"
        return Problem(f"没有待处理的嫌疑“{key}”", f"可选：{known}", "suspicion")

    def check(self, decision: TakeUpSuspicion | SetAsideSuspicion, today: date) -> list[Problem]:
        problems = self._check_known(decision.suspicion)
        if decision.suspicion in self.handled:
            problems.append(Problem(f"嫌疑“{decision.suspicion}”已处理", "不必重复决定", "suspicion"))
        if isinstance(decision, SetAsideSuspicion) and not decision.reason:
            problems.append(Problem("排除嫌疑须写明理由", "填写 reason", "reason"))
        return problems

    def door(self, decision: TakeUpSuspicion | SetAsideSuspicion, today: date) -> list[Problem]:
        known = [each.key for each in self.open()]
        return [] if decision.suspicion in known else [self._none(decision.suspicion)]

    def take_up(self, decision: TakeUpSuspicion, today: date) -> str:
        self.handled[decision.suspicion] = Handling(
            True, decision.on or today, decision.by.name, decision.reason
        )
        return f"采纳嫌疑 {decision.suspicion}，待查明：{decision.reason or '依职权核查'}"

    def set_aside(self, decision: SetAsideSuspicion, today: date) -> str:
        self.handled[decision.suspicion] = Handling(
            False, decision.on or today, decision.by.name, decision.reason
        )
        return f"排除嫌疑 {decision.suspicion}：{decision.reason}"
