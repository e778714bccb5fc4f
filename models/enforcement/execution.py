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
from models.ledgers import Deadline
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
_OPENED_UPON = (GRANTED, AGENCY_ENFORCING, ENDED)


class Execution:
    """What follows a ruling that grants, for the applications of one case."""

    def __init__(self, course: CourtCourse) -> None:
        self.course = course
        self.deadlines, self.penalties = course.deadlines, course.penalties
        # The keys of the court's periods that go on since an agency gave the items back, until it opens a case anew.
        self._given_back: set[str] = set()

    # who enforces

    def ruled(self, fact: RulingMade) -> None:
        """The ruling itself may leave it to another to carry out, all but payments."""
        application = self.course.application_of(fact)
        self._finish(application, fact.id)
        if not fact.carried_out_by:
            return
        granted = application.rulings[-1].of(GRANTED)
        items = [each for each in granted if not self.penalties.by_id[each].item.kind.is_payment]
        self._pass(application, items or granted, fact.carried_out_by, fact.on, fact.id)

    def _to_open(self, fact: ExecutionOpened) -> tuple[PenaltyState, ...]:
        """What the court can open a case upon; what it was given back by an agency waits for that too."""
        application = self.course.find(fact, *_OPENED_UPON)
        if not isinstance(application, Application) or application.standing(*_OPENED_UPON):
            return _OPENED_UPON
        clock = self._clock(application)
        is_running = clock is not None and not clock.ended and clock.key not in self._given_back
        return _OPENED_UPON if is_running else (*_OPENED_UPON, ENFORCING)

    def check_opened(self, fact: ExecutionOpened, today: date) -> list[Problem]:
        states = self._to_open(fact)
        to = None if ENFORCING in states else ENFORCING
        return self.course.check_act(fact, today, *states, what="没有准予执行、可以执行立案的分项", to=to)

    def take_opened(self, fact: ExecutionOpened, today: date) -> str:
        course, states = self.course, self._to_open(fact)
        application = course.application_of(fact, *states)
        # What an agency carries out is not the court's unless it is named.
        items = course.standing(application, fact, GRANTED) or course.standing(application, fact, *states)
        application.step(fact.on, items, ENFORCING, *states)
        application.opened_on = fact.on
        if fact.court_case_no:
            application.case_nos.append(fact.court_case_no)
        self._run(application, fact)
        return f"{application.id}：{fact.on}{course.court}执行立案：{'、'.join(items)}"

    def _run(self, application: Application, fact: ExecutionOpened) -> None:
        """The court's period; one more where an earlier one was met before (恢复执行). What came to pass since counts, though
        it was entered first.
        """
        clock = self._clock(application)
        known = [entry.on.latest for entry in clock.entries if entry.kind == "met"] if clock else []
        if clock is None or (known and min(known) <= fact.on.earliest):
            application.executed_under.append(application.key(f"{EXECUTE}/{fact.id}" if known else EXECUTE))
        key = application.executed_under[-1]
        self._given_back.discard(key)
        self.deadlines.start(EXECUTE, fact.on, fact.id, key=key, party=self.course.court)
        for stop in sorted(application.stops, key=lambda each: each.on):
            if stop.on >= fact.on.earliest:
                self._stand_still(application, stop)
        self._finish(application, fact.id)

    def _clock(self, application: Application) -> Deadline | None:
        """The court's period that runs, or was the last to run."""
        under = application.executed_under
        return self.deadlines.by_key.get(under[-1]) if under else None

    def check_holder(self, fact: DutyHolderChanged, today: date) -> list[Problem]:
        return self.course.check_act(
            fact, today, GRANTED, *_UNDER_WAY, ENDED, what="没有准予执行的分项可以交付实施"
        )

    def take_holder(self, fact: DutyHolderChanged, today: date) -> str:
        states = (GRANTED, *_UNDER_WAY, ENDED)
        application = self.course.application_of(fact, *states)
        items = self.course.standing(application, fact, *states)
        before = [holder.name for each in items if (holder := application.holder(each))]
        self._pass(application, items, fact.to, fact.on, fact.id)
        former = f"（原由{'、'.join(dict.fromkeys(before))}）" if before else ""
        return f"{application.id}：{'、'.join(items)}自{fact.on}由{fact.to}组织实施{former}"

    def _pass(self, application: Application, items: Iterable[str], to: str, on: EventDate, by: str) -> None:
        items = tuple(items)
        is_court = to == self.course.court
        state = ENFORCING if is_court else AGENCY_ENFORCING
        application.step(on, items, state, GRANTED, *_UNDER_WAY, ENDED)
        application.holders.append(Holder("" if is_court else to, on, items))
        clock = self._clock(application)
        if is_court:
            self._give_back(application, on, by)
        elif clock is not None and not application.standing(ENFORCING, STAYED):
            application.handed_over_on = on
            self.deadlines.end_key(clock.key, f"转由{to}组织实施")

    def _give_back(self, application: Application, on: EventDate, by: str) -> None:
        """It is the court's again: its period goes on, less the time in which an agency had to act."""
        clock, since = self._clock(application), application.handed_over_on
        if clock is None or since is None or clock.is_met:
            return
        clock.ended, application.handed_over_on = self.deadlines.stopped, None
        clock.entries += [Suspended(on=since.earliest, by=by), Resumed(on=on.latest, by=by)]
        self._given_back.add(clock.key)

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
        if stop not in application.stops:
            application.stops.append(stop)
        deadline = self._clock(application)
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
        self._finish(application, fact.id)
        how = "终结本次执行程序" if fact.this_round else "终结执行"
        return f"{application.id}：{fact.on}{how}：{'、'.join(items)}"

    # fulfilled

    def fulfilled(self, fact: PenaltyFulfilled) -> None:
        """Whoever fulfilled it: where nothing of an application is left to enforce, the court's period is met."""
        for application in self.course.applications if fact.whole else ():
            self._finish(application, fact.id)

    def _finish(self, application: Application, by: str) -> None:
        """Nothing is left for the court: its periods are met on the day on which the last item was over."""
        left = [
            each
            for each in application.standing(GRANTED, *_UNDER_WAY)
            if self.penalties.by_id[each].is_open and application.holder(each) is None
        ]
        days = [on for each in application.items if (on := self._over_on(application, each)) is not None]
        if days and not left:
            on = max(days, key=lambda each: (each.latest, each.earliest))
            for key in (*application.executed_under[-1:], application.key(URGENT)):
                self.deadlines.meet(key, on, by)

    def _over_on(self, application: Application, item: str) -> EventDate | None:
        """The day on which an item was fulfilled, or its enforcement ended."""
        return self.penalties.by_id[item].fulfilled_on or application.since(item, ENDED)
