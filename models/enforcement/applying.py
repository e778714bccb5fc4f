"""The application to the court ([强制]53, 54) and the bureau's copy of it to us within five working days ([意见]4)."""

from __future__ import annotations

from datetime import date

from models.dates import EventDate, future
from models.enforcement.applications import COPY, Application
from models.enforcement.court_course import CourtCourse
from models.enforcement.penalty_windows import Penalty
from models.enforcement.terms import PenaltyState
from models.errors import Problem
from models.said.applications import ApplicationFiled, CopySent
from models.said.enforcement import ALL

_OVER = (PenaltyState.REFUSED, PenaltyState.NOT_ACCEPTED, PenaltyState.ENDED)


class Applying:
    """What the bureau hands to the court, and what it copies to us."""

    def __init__(self, course: CourtCourse) -> None:
        self.course, self.deadlines = course, course.deadlines
        # Copies that came before the application was entered.
        self.loose: list[CopySent] = []

    def check_filed(self, fact: ApplicationFiled, today: date) -> list[Problem]:
        problems = self.course.penalties.unknown(fact.items) + future(fact.on, today)
        if fact.received_on and (fact.received_on < fact.on.earliest or fact.received_on > today):
            problems.append(
                Problem(f"法院收到日 {fact.received_on} 不合理", "核对提交日和收到日", "received_on")
            )
        if problems:
            return problems
        if fact.court_case_no and any(
            fact.court_case_no in each.case_nos for each in self.course.applications
        ):
            return [
                Problem(f"{fact.court_case_no} 的申请已记录", "记录有误的，更正（correct）", "court_case_no")
            ]
        if not self._asked_for(fact):
            known = "；".join(map(str, self.course.applications)) or "无"
            return [
                Problem("没有可以申请执行的分项", f"已记录的申请：{known}；分项未列的先记录处罚决定", "items")
            ]
        return []

    def _asked_for(self, fact: ApplicationFiled) -> list[Penalty]:
        """The items that are asked for: named, or not yet fulfilled on that day; none that another application asks for."""
        named = [each for each in fact.items if each != ALL]
        meant = (
            [self.course.penalties.by_id[each] for each in named]
            if named
            else self.course.penalties.owed(fact.on)
        )
        return [each for each in meant if self._is_free(each)]

    def _is_free(self, penalty: Penalty) -> bool:
        application = self.course.applications.of_item(penalty.id)
        return application is None or application.on is None or application.state(penalty.id) in _OVER

    def take_filed(self, fact: ApplicationFiled, today: date) -> str:
        asked = self._asked_for(fact)
        application = self._undated(asked) or self.course.applications.add(
            fact.on, [each.id for each in asked], fact.id
        )
        application.on = fact.on
        if fact.court_case_no:
            application.case_nos.append(fact.court_case_no)
        for penalty in asked:
            self.course.penalties.windows.applied(penalty, fact.on, fact.id)
        agency = self.course.penalties.agency
        if self.course.penalties.must_copy:
            self.deadlines.start(COPY, fact.on, fact.id, key=application.key(COPY), party=agency)
        received = EventDate.on(fact.received_on) if fact.received_on else fact.on
        key = application.key("ct.accept")
        self.deadlines.start("ct.accept", received, fact.id, key=key, party=self.course.court)
        if application.accepted_on:
            self.deadlines.meet(key, application.accepted_on, fact.id)
        for ruling in application.rulings:
            self.course.meets_acceptance(application, ruling)
        copies, self.loose = [*application.copies, *self.loose], []
        application.copies.clear()
        for copy in copies:
            self._copied(application, copy)
        numbers = "，".join(each for each in (application.id, fact.number, fact.court_case_no) if each)
        undemanded = [str(each) for each in asked if each.demanded_on is None]
        note = f"；未见催告：{'、'.join(undemanded)}（[强制]54）" if undemanded else ""
        return f"{fact.on}{agency}向{self.course.court}申请强制执行{'、'.join(map(str, asked))}（{numbers}）{note}"

    def _undated(self, asked: list[Penalty]) -> Application | None:
        """The application that is known of, though not its day until now."""
        among = [each for each in self.course.applications if each.on is None]
        return next((each for each in among if all(one.id in each.items for one in asked)), None)

    def check_copy(self, fact: CopySent, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        if fact.received_on and (fact.received_on < fact.on.earliest or fact.received_on > today):
            problems.append(Problem(f"收到日 {fact.received_on} 不合理", "核对寄出日和收到日", "received_on"))
        found = self.course.applications.meant(fact.application, fact.items, lambda each: not each.copies)
        return problems + (found if isinstance(found, list) else [])

    def take_copy(self, fact: CopySent, today: date) -> str:
        found = self.course.applications.meant(fact.application, fact.items, lambda each: not each.copies)
        self.deadlines.start("coop.track", fact.on, fact.id)
        lacking = f"，缺：{'、'.join(fact.lacking)}，请补送" if fact.lacking else ""
        if not isinstance(found, Application):
            self.loose.append(fact)
            return f"{fact.on}抄送申请材料{lacking}；申请日待补记，补记后核算是否及时"
        self._copied(found, fact)
        return f"{found.id}：{fact.on}抄送申请材料{lacking}，转入全程跟踪"

    def _copied(self, application: Application, fact: CopySent) -> None:
        application.copies.append(fact)
        self.deadlines.meet(application.key(COPY), fact.on, fact.id)
