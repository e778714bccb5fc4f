"""What the court does upon an application ([强制]56-59): accepted or not, heard, ruled upon, served.

For each message there is a pair, as in `models.correspondence`: `check_…` says what is wrong with it as things stand, `take_…`
enters it. What a source tells without a day stays without one: such an application starts no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.dates import EventDate, future
from models.deadlines import account_of
from models.enforcement.applications import Application, Applications, Ruling, before_application
from models.enforcement.penalties import Penalties
from models.enforcement.terms import PenaltyState
from models.errors import Problem
from models.ledgers import Deadlines
from models.said.applications import (
    ApplicationAccepted,
    ApplicationNotAccepted,
    CourtAct,
    OpinionsHeard,
    RulingMade,
    RulingServed,
)
from models.said.enforcement import ALL

APPLIED, ACCEPTED, OVERLOOKED = PenaltyState.APPLIED, PenaltyState.ACCEPTED, PenaltyState.OVERLOOKED
GRANTED, REFUSED, NOT_ACCEPTED = PenaltyState.GRANTED, PenaltyState.REFUSED, PenaltyState.NOT_ACCEPTED

# By what is reconsidered: the bureau's period to ask, that of the court above, and what its item becomes when it agrees.
ABOVE = {
    NOT_ACCEPTED: ("ag.review_nonaccept", "ag.review_nonaccept_up", ACCEPTED),
    REFUSED: ("ag.review_refusal", "ag.review_refusal_up", GRANTED),
}
_UNACCEPTED = (APPLIED, OVERLOOKED, NOT_ACCEPTED)
_UNRULED = (APPLIED, ACCEPTED, OVERLOOKED)
_OVER = (REFUSED, NOT_ACCEPTED, PenaltyState.ENDED)


class CourtCourse:
    """What bureau and court do upon the applications of one case."""

    def __init__(self, deadlines: Deadlines, penalties: Penalties, court: str) -> None:
        self.deadlines = deadlines
        self.penalties = penalties
        self.court = court or "受理法院"
        self.applications = Applications()

    # which application

    def find(self, fact: CourtAct | RulingMade, *states: PenaltyState) -> Application | list[Problem]:
        """The application that a court's act is about: one some item of which stands so, where several could be meant."""
        states = states or (_UNRULED if isinstance(fact, RulingMade) else ())
        return self.applications.meant(
            fact.application, _named(fact), lambda each: bool(each.standing(*states)) if states else True
        )

    def check_act(
        self,
        fact: CourtAct | RulingMade,
        today: date,
        *states: PenaltyState,
        what: str = "",
        to: PenaltyState | None = None,
    ) -> list[Problem]:
        """What is wrong with any act upon an application: which it is, its day, its items, whether these stand so, and whether
        they have come `to` where it brings them on that very day already.
        """
        problems = future(fact.on, today)
        application = self.find(fact, *states)
        if isinstance(application, list):
            if application or not fact.earlier_undated:
                return problems + (application or before_application())
            return problems + self.penalties.unknown(_named(fact)) + self._nothing_to_imply()
        if application.on is not None and fact.on.latest < application.on.earliest:
            problems.append(Problem(f"日期 {fact.on} 早于申请日 {application.on}", "请核对日期", "on"))
        foreign = [each for each in _named(fact) if each not in application.items]
        if foreign:
            problems.append(
                Problem(
                    f"分项“{'、'.join(foreign)}”不在{application}之内",
                    f"可选：{'、'.join(application.items)}",
                    "items",
                )
            )
        elif states and isinstance(fact, CourtAct):
            moved = self.standing(application, fact, *states)
            fresh = [each for each in moved if to is None or not application.has_step(each, fact.on, to)]
            if fresh:
                return problems
            now = "、".join(f"{each}{application.state(each).label}" for each in application.items)
            problems.append(Problem(what or "没有处于相应阶段的分项", f"目前：{now}", "items"))
        return problems

    def _nothing_to_imply(self) -> list[Problem]:
        if self.penalties.open():
            return []
        return [Problem("本案没有未履行的处罚分项", "先记录处罚决定及其分项（penalty_decided）", "items")]

    def application_of(self, fact: CourtAct | RulingMade, *states: PenaltyState) -> Application:
        """The application of a checked act; one that is only implied is entered without a day."""
        application = self.find(fact, *states)
        if isinstance(application, Application):
            return application
        items = _named(fact) or [each.id for each in self.penalties.open()]
        return self.applications.add(None, items, fact.id)

    def standing(self, application: Application, fact: CourtAct, *states: PenaltyState) -> tuple[str, ...]:
        """The items that an act moves: those it names, else all that stand so. What a source does not date stands as implied."""
        named = [each for each in fact.items if each != ALL] or list(application.items)
        if fact.earlier_undated:
            done = [each for each in named if application.could_be(each, fact.on, *states)]
            return tuple(done or named)
        return tuple(each for each in named if application.could_be(each, fact.on, *states))

    # acceptance

    def check_accepted(self, fact: ApplicationAccepted, today: date) -> list[Problem]:
        return self.check_act(fact, today, *_UNACCEPTED, what="没有待受理的分项", to=ACCEPTED)

    def take_accepted(self, fact: ApplicationAccepted, today: date) -> str:
        application = self.application_of(fact, *_UNACCEPTED)
        items = self.standing(application, fact, *_UNACCEPTED)
        application.step(fact.on, items, ACCEPTED, *_UNACCEPTED)
        if fact.court_case_no:
            application.case_nos.append(fact.court_case_no)
        for ruling in application.rulings:
            if ruling.of(GRANTED, REFUSED):
                self.deadlines.unmeet(application.key("ct.accept"), ruling.fact)
        self.deadlines.meet(application.key("ct.accept"), fact.on, fact.id)
        self.run_to_ruling(application, fact.on, fact.id)
        rest = application.standing(APPLIED)
        number = f"，案号{fact.court_case_no}" if fact.court_case_no else ""
        left = f"；未受理：{'、'.join(rest)}" if rest else ""
        return f"{application.id}：{fact.on}{self.court}受理{'、'.join(items)}{number}{left}"

    def run_to_ruling(self, application: Application, on: EventDate, by: str) -> None:
        """What was accepted after a ruling upon the rest has a period of its own."""
        application.accepted_on = on
        rule = "ct.rule_hearing" if application.heard_on else "ct.rule"
        rulings = [each for each in application.rulings if each.of(GRANTED, REFUSED)]
        is_left_over = any(each.on.latest < on.earliest for each in rulings) and bool(
            self._to_rule(application)
        )
        key = application.key(f"{rule}/{by}" if is_left_over else rule)
        self.deadlines.start(rule, on, by, key=key, party=self.court)
        for ruling in rulings:
            if not is_left_over or ruling.on.latest >= on.earliest:
                self.deadlines.meet(key, ruling.on, ruling.fact)

    def _to_rule(self, application: Application) -> list[str]:
        """The keys of its periods to rule."""
        rules = ("ct.rule", "ct.rule_hearing")
        among = application.key("")
        return [
            each.key
            for each in self.deadlines.by_key.values()
            if each.rule in rules and each.key.startswith(among)
        ]

    def check_not_accepted(self, fact: ApplicationNotAccepted, today: date) -> list[Problem]:
        return self.check_act(fact, today, *_UNRULED, what="没有待受理的分项", to=NOT_ACCEPTED)

    def take_not_accepted(self, fact: ApplicationNotAccepted, today: date) -> str:
        application = self.application_of(fact, *_UNRULED)
        items = self.standing(application, fact, *_UNRULED)
        application.step(fact.on, items, NOT_ACCEPTED, *_UNRULED)
        self.deadlines.meet(application.key("ct.accept"), fact.on, fact.id)
        ruling = Ruling(fact.id, fact.on, dict.fromkeys(items, NOT_ACCEPTED))
        application.rulings.append(ruling)
        if fact.received_on:
            self._served(application, ruling, EventDate.on(fact.received_on), fact.id)
        why = f"：{fact.grounds}" if fact.grounds else ""
        return f"{application.id}：{fact.on}{self.court}不予受理{'、'.join(items)}{why}"

    # the ruling

    def check_heard(self, fact: OpinionsHeard, today: date) -> list[Problem]:
        problems = self.check_act(fact, today, *_UNRULED, what="已裁定，不会再听取意见")
        application = self.find(fact, *_UNRULED)
        if isinstance(application, Application) and application.heard_on:
            problems.append(
                Problem(f"{application.id} 的听取意见已记录", "记录有误的，更正（correct）", "kind")
            )
        return problems

    def take_heard(self, fact: OpinionsHeard, today: date) -> str:
        application = self.application_of(fact, *_UNRULED)
        application.heard_on = fact.on
        self.deadlines.end_key(application.key("ct.rule"), "听取意见，改为受理后三十日（[强制]58）")
        if application.accepted_on:
            self.run_to_ruling(application, application.accepted_on, fact.id)
        return f"{application.id}：{fact.on}{self.court}听取意见，受理后三十日内裁定（[强制]58）"

    def check_ruling(self, fact: RulingMade, today: date) -> list[Problem]:
        named = (*fact.granted, *fact.refused, *fact.not_accepted)
        problems = self.check_act(fact, today)
        if not named:
            problems.append(
                Problem(
                    "须写明裁定的内容",
                    "填写 granted、refused、not_accepted；都准予的 granted 写“全部”",
                    "granted",
                )
            )
        twice = [each for each in dict.fromkeys(named) if named.count(each) > 1]
        if twice or (ALL in named and len(named) > 1):
            problems.append(
                Problem("同一分项写了两种结果", "每个分项只写一种；有不同结果的不写“全部”", "granted")
            )
        return problems

    def take_ruling(self, fact: RulingMade, today: date) -> str:
        application = self.application_of(fact)
        overlooked = application.standing(OVERLOOKED)
        ruling = Ruling(fact.id, fact.on, {}, fact.number)
        for state, named in (
            (GRANTED, fact.granted),
            (REFUSED, fact.refused),
            (NOT_ACCEPTED, fact.not_accepted),
        ):
            for item in application.items if ALL in named else named:
                ruling.results[item] = state
                application.step(fact.on, (item,), state)
        application.rulings.append(ruling)
        if fact.number and fact.number not in application.case_nos:
            application.case_nos.append(fact.number)
        self._ruled(application, ruling, fact)
        words = [
            f"{label}{'、'.join(ruling.of(state))}"
            for state, label in ((GRANTED, "准予执行"), (REFUSED, "不准予执行"), (NOT_ACCEPTED, "不予受理"))
            if ruling.of(state)
        ]
        left = application.standing(OVERLOOKED)
        if left:
            words.append(f"未裁：{'、'.join(left)}")
        kind = "补充裁定" if set(ruling.results) <= set(overlooked) else "裁定"
        by = f"，由{fact.carried_out_by}组织实施" if fact.carried_out_by else ""
        return f"{application.id}：{fact.on}{self.court}{kind}：{'；'.join(words)}{by}"

    def _ruled(self, application: Application, ruling: Ruling, fact: RulingMade) -> None:
        """What a ruling meets, and what it starts."""
        self.meets_acceptance(application, ruling)
        if ruling.of(GRANTED, REFUSED):
            for key in self._to_rule(application):
                begun = account_of(tuple(self.deadlines.by_key[key].entries)).on
                if key.count("/") == 1 or begun is None or ruling.on.latest >= begun.earliest:
                    self.deadlines.meet(key, ruling.on, fact.id)
        if ruling.of(REFUSED):
            key = application.key_of("ct.serve_refusal", ruling, REFUSED)
            self.deadlines.start("ct.serve_refusal", ruling.on, fact.id, key=key, party=self.court)
        if fact.urgent and ruling.of(GRANTED):
            key = application.key("ct.urgent")
            self.deadlines.start("ct.urgent", ruling.on, fact.id, key=key, party=self.court)

    def meets_acceptance(self, application: Application, ruling: Ruling) -> None:
        """What has been ruled upon had been accepted at some time before, or was refused acceptance then."""
        accept = self.deadlines.by_key.get(application.key("ct.accept"))
        if accept is None or accept.is_met or application.on is None:
            return
        earliest = ruling.on.earliest
        if ruling.of(GRANTED, REFUSED):
            earliest = min(application.on.earliest, earliest)
        self.deadlines.meet(accept.key, EventDate(earliest, ruling.on.latest), ruling.fact)

    def check_served(self, fact: RulingServed, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        application = self.applications.meant(fact.application, fact.items, _has_unserved)
        if isinstance(application, list):
            return problems + (application or before_application())
        ruling = _unserved(application, fact.items)
        if ruling is None:
            problems.append(
                Problem(f"{application.id} 没有待送达的裁定", "先记录裁定（ruling_made）", "kind")
            )
        elif fact.on.latest < ruling.on.earliest:
            problems.append(Problem(f"日期 {fact.on} 早于裁定日 {ruling.on}", "请核对日期", "on"))
        return problems

    def take_served(self, fact: RulingServed, today: date) -> str:
        application = self.applications.meant(fact.application, fact.items, _has_unserved)
        assert isinstance(application, Application)
        ruling = _unserved(application, fact.items)
        assert ruling is not None
        self._served(application, ruling, fact.on, fact.id)
        return f"{application.id}：{ruling.on}的裁定于{fact.on}送达{self.penalties.agency}"

    def _served(self, application: Application, ruling: Ruling, on: EventDate, by: str) -> None:
        ruling.served_on = on
        if ruling.of(REFUSED):
            self.deadlines.meet(application.key_of("ct.serve_refusal", ruling, REFUSED), on, by)
        for state, (ask, _, _) in ABOVE.items():
            if ruling.of(state):
                key = application.key_of(ask, ruling, state)
                self.deadlines.start(ask, on, by, key=key, party=self.penalties.agency)


def _named(fact: CourtAct | RulingMade) -> list[str]:
    """The items that an act names."""
    items = (*fact.granted, *fact.refused, *fact.not_accepted) if isinstance(fact, RulingMade) else fact.items
    return [each for each in items if each != ALL]


def _unserved(application: Application, items: Iterable[str] = ()) -> Ruling | None:
    """The last ruling that waits to be served; upon these items, where there is such a one."""
    waiting = [each for each in application.rulings if each.served_on is None]
    named = [each for each in items if each != ALL]
    waiting = [each for each in waiting if named and all(item in each.results for item in named)] or waiting
    return max(waiting, key=lambda each: (each.on.latest, each.on.earliest), default=None)


def _has_unserved(application: Application) -> bool:
    return _unserved(application) is not None
