"""Enforcement (执行): by the court, or by an agency where ruling and enforcement are parted (裁执分离); stayed, resumed, ended.

The court's three months run from its 执行立案; with an agency nobody has set a number, but who must act, and since when, is
always known, and may change again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.dates import EventDate
from models.enforcement.applications import Application, Holder
from models.enforcement.court_course import CourtCourse
from models.enforcement.terms import PenaltyState
from models.errors import Problem
from models.ledger_entries import Resumed, Suspended
from models.said.applications import (
    DutyHolderChanged,
    ExecutionOpened,
    ExecutionResumed,
    ExecutionStayed,
    ExecutionTerminated,
    RulingMade,
)
from models.said.enforcement import PenaltyFulfilled

EXECUTE, URGENT, STAYED_BY_AGENCY = "ct.execute", "ct.urgent", "ex.suspend"

GRANTED, STAYED, ENDED = PenaltyState.GRANTED, PenaltyState.STAYED, PenaltyState.ENDED
ENFORCING, AGENCY_ENFORCING = PenaltyState.ENFORCING, PenaltyState.AGENCY_ENFORCING
_UNDER_WAY = (ENFORCING, AGENCY_ENFORCING, STAYED)


class Execution:
    """What follows a ruling that grants, for the applications of one case."""

    def __init__(self, course: CourtCourse) -> None:
        self.course = course
        self.deadlines, self.penalties = course.deadlines, course.penalties

    # who enforces

    def ruled(self, fact: RulingMade) -> None:
        """The ruling itself may leave it to another to carry out, all but payments."""
        application = self.course.application_of(fact)
        if not fact.carried_out_by:
            return
        granted = application.rulings[-1].of(GRANTED)
        items = [each for each in granted if not self.penalties.by_id[each].item.kind.is_payment]
        self._pass(application, items or granted, fact.carried_out_by, fact.on)

    def check_opened(self, fact: ExecutionOpened, today: date) -> list[Problem]:
        states = (GRANTED, AGENCY_ENFORCING, ENDED)
        return self.course.check_act(
            fact, today, *states, what="没有准予执行、可以执行立案的分项", to=ENFORCING
        )

    def take_opened(self, fact: ExecutionOpened, today: date) -> str:
        course = self.course
        states = (GRANTED, AGENCY_ENFORCING, ENDED)
        application = course.application_of(fact, *states)
        # What an agency carries out is not the court's unless it is named.
        items = course.standing(application, fact, GRANTED) or course.standing(application, fact, *states)
        application.step(fact.on, items, ENFORCING, *states)
        application.opened_on = fact.on
        if fact.court_case_no:
            application.case_nos.append(fact.court_case_no)
        key = application.key(EXECUTE)
        self.deadlines.start(EXECUTE, fact.on, fact.id, key=key, party=course.court)
        return f"{application.id}：{fact.on}{course.court}执行立案：{'、'.join(items)}"

    def check_holder(self, fact: DutyHolderChanged, today: date) -> list[Problem]:
        return self.course.check_act(
            fact, today, GRANTED, *_UNDER_WAY, ENDED, what="没有准予执行的分项可以交付实施"
        )

    def take_holder(self, fact: DutyHolderChanged, today: date) -> str:
        states = (GRANTED, *_UNDER_WAY, ENDED)
        application = self.course.application_of(fact, *states)
        items = self.course.standing(application, fact, *states)
        before = [holder.name for each in items if (holder := application.holder(each))]
        self._pass(application, items, fact.to, fact.on)
        former = f"（原由{'、'.join(dict.fromkeys(before))}）" if before else ""
        return f"{application.id}：{'、'.join(items)}自{fact.on}由{fact.to}组织实施{former}"

    def _pass(self, application: Application, items: Iterable[str], to: str, on: EventDate) -> None:
        items = tuple(items)
        is_court = to == self.course.court
        state = ENFORCING if is_court else AGENCY_ENFORCING
        application.step(on, items, state, GRANTED, *_UNDER_WAY, ENDED)
        if not is_court:
            application.holders.append(Holder(to, on, items))
            if not application.standing(ENFORCING, STAYED):
                self.deadlines.end_key(application.key(EXECUTE), f"转由{to}组织实施")

    # stayed, resumed, ended

    def check_stayed(self, fact: ExecutionStayed, today: date) -> list[Problem]:
        return self.course.check_act(
            fact, today, GRANTED, ENFORCING, AGENCY_ENFORCING, what="没有执行中的分项可以中止", to=STAYED
        )

    def take_stayed(self, fact: ExecutionStayed, today: date) -> str:
        states = (GRANTED, ENFORCING, AGENCY_ENFORCING)
        application = self.course.application_of(fact, *states)
        items = self.course.standing(application, fact, *states)
        application.step(fact.on, items, STAYED, *states)
        who = "行政机关" if fact.by_agency else self.course.court
        if fact.by_agency:
            key = application.key(STAYED_BY_AGENCY)
            self.deadlines.start(STAYED_BY_AGENCY, fact.on, fact.id, key=key, party=who)
        elif not application.standing(ENFORCING):
            self._stand_still(application, Suspended(on=fact.on.earliest, by=fact.id))
        return f"{application.id}：{fact.on}{who}中止执行{'、'.join(items)}"

    def check_resumed(self, fact: ExecutionResumed, today: date) -> list[Problem]:
        return self.course.check_act(
            fact, today, STAYED, ENDED, what="没有中止、终结的分项可以恢复", to=ENFORCING
        )

    def take_resumed(self, fact: ExecutionResumed, today: date) -> str:
        application = self.course.application_of(fact, STAYED, ENDED)
        items = self.course.standing(application, fact, STAYED, ENDED)
        for item in items:
            application.step(fact.on, (item,), application.before(item, STAYED, ENDED), STAYED, ENDED)
        self.deadlines.meet(application.key(STAYED_BY_AGENCY), fact.on, fact.id)
        self._stand_still(application, Resumed(on=fact.on.latest, by=fact.id))
        return f"{application.id}：{fact.on}恢复执行{'、'.join(items)}"

    def _stand_still(self, application: Application, stop: Suspended | Resumed) -> None:
        """The court's period stands still meanwhile (法释〔2000〕29号第九条); of days that are not known the longest pause."""
        deadline = self.deadlines.by_key.get(application.key(EXECUTE))
        if deadline is None or deadline.ended or deadline.is_met:
            return
        if deadline.is_suspended != (stop.kind == "suspended"):
            deadline.entries.append(stop)

    def check_terminated(self, fact: ExecutionTerminated, today: date) -> list[Problem]:
        return self.course.check_act(
            fact, today, GRANTED, *_UNDER_WAY, what="没有执行中的分项可以终结", to=ENDED
        )

    def take_terminated(self, fact: ExecutionTerminated, today: date) -> str:
        application = self.course.application_of(fact, GRANTED, *_UNDER_WAY)
        items = self.course.standing(application, fact, GRANTED, *_UNDER_WAY)
        application.step(fact.on, items, ENDED, GRANTED, *_UNDER_WAY)
        self._finish(application, fact.on, fact.id)
        how = "终结本次执行程序" if fact.this_round else "终结执行"
        return f"{application.id}：{fact.on}{how}：{'、'.join(items)}"

    # fulfilled

    def fulfilled(self, fact: PenaltyFulfilled) -> None:
        """Whoever fulfilled it: where nothing of an application is left to enforce, the court's period is met."""
        for application in self.course.applications if fact.whole else ():
            done = [self.penalties.by_id[each].fulfilled_on or fact.on for each in application.items]
            self._finish(application, max((*done, fact.on), key=lambda on: (on.latest, on.earliest)), fact.id)

    def _finish(self, application: Application, on: EventDate, by: str) -> None:
        left = [
            each
            for each in application.standing(GRANTED, *_UNDER_WAY)
            if self.penalties.by_id[each].is_open and application.holder(each) is None
        ]
        if not left:
            for rule in (EXECUTE, URGENT):
                self.deadlines.meet(application.key(rule), on, by)
