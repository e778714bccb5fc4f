"""Reconsideration of a ruling by the court above ([强制]56, 58): the bureau asks within fifteen days, the court above decides."""

from __future__ import annotations

from datetime import date

from models.dates import EventDate
from models.enforcement.applications import Application
from models.enforcement.court_course import ABOVE, CourtCourse
from models.enforcement.terms import PenaltyState
from models.errors import Problem
from models.said.applications import ReconsiderationApplied, ReconsiderationRuled

ACCEPTED, REFUSED, NOT_ACCEPTED = PenaltyState.ACCEPTED, PenaltyState.REFUSED, PenaltyState.NOT_ACCEPTED
RECONSIDERING = PenaltyState.RECONSIDERING


class Reconsideration:
    """What the bureau asks of the court above, and what that decides, for the applications of one case."""

    def __init__(self, course: CourtCourse) -> None:
        self.course, self.deadlines = course, course.deadlines

    def check_applied(self, fact: ReconsiderationApplied, today: date) -> list[Problem]:
        problems = self.course.check_act(
            fact,
            today,
            REFUSED,
            NOT_ACCEPTED,
            what="没有不予受理、不准予执行的分项可以复议",
            to=RECONSIDERING,
        )
        if fact.received_on and (fact.received_on < fact.on.earliest or fact.received_on > today):
            problems.append(Problem(f"收到日 {fact.received_on} 不合理", "核对日期", "received_on"))
        return problems

    def take_applied(self, fact: ReconsiderationApplied, today: date) -> str:
        application = self.course.application_of(fact, REFUSED, NOT_ACCEPTED)
        items = self.course.standing(application, fact, REFUSED, NOT_ACCEPTED)
        for state, (ask, above, _) in ABOVE.items():
            asked = [each for each in items if application.state(each) is state]
            for asks, decides in dict.fromkeys(
                (_key(application, ask, each, state), _key(application, above, each, state)) for each in asked
            ):
                self.deadlines.meet(asks, fact.on, fact.id)
                if fact.received_on:
                    on = EventDate.on(fact.received_on)
                    self.deadlines.start(above, on, fact.id, key=decides, party="上一级人民法院")
        application.step(fact.on, items, RECONSIDERING, REFUSED, NOT_ACCEPTED)
        wait = "" if fact.received_on else "；上级法院收到日待补记，其期限由此起算"
        return f"{application.id}：{fact.on}就{'、'.join(items)}申请复议{wait}"

    def check_ruled(self, fact: ReconsiderationRuled, today: date) -> list[Problem]:
        return self.course.check_act(fact, today, RECONSIDERING, what="没有复议中的裁定")

    def take_ruled(self, fact: ReconsiderationRuled, today: date) -> str:
        application = self.course.application_of(fact, RECONSIDERING)
        items = self.course.standing(application, fact, RECONSIDERING)
        became = []
        for item in items:
            was = application.before(item, RECONSIDERING)
            _, above, better = ABOVE.get(was, ABOVE[REFUSED])
            self.deadlines.meet(_key(application, above, item, was), fact.on, fact.id)
            state = was if fact.upheld else better
            application.step(fact.on, (item,), state, RECONSIDERING)
            became.append(f"{item}{state.label}")
            if state is ACCEPTED:
                self.course.run_to_ruling(application, fact.on, fact.id)
        verdict = "维持原裁定" if fact.upheld else "撤销原裁定"
        return f"{application.id}：{fact.on}复议{verdict}：{'、'.join(became)}"


def _key(application: Application, rule: str, item: str, state: PenaltyState) -> str:
    """The key of a period that runs on the ruling upon an item."""
    ruling = application.ruling_on(item, state)
    return application.key_of(rule, ruling, state) if ruling is not None else application.key(rule)
