"""第六条 特邀检察官助理: a person from the bureau, recommended, reviewed, appointed for a term, at work on named cases.

Nobody stands in judgment on the own bureau: each assignment is checked against the bodies that the case supervises. The term is
watched; before it ends the appointment is renewed, as often as the place allows, or ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from models.casefile import CaseFile, OwnPaper
from models.cases.service_record import service_record
from models.dates import EventDate, future
from models.document_types import DocumentType
from models.errors import Problem
from models.journal import Route
from models.said.assistance import (
    AppointAssistant,
    AssignToCase,
    AssistantTerms,
    ConsultationGiven,
    DeclineCandidate,
    ReleaseAssistant,
    RenewAssistant,
    ReviewCandidate,
)
from models.said.links import LinkCase
from models.stages import AssistantStage
from models.terms import Outcome, Relation
from models.wire import Period

TERM = "asst.term"


@dataclass(frozen=True, slots=True)
class TermOfOffice:
    """One term: from when it runs, and on which day it was decided upon."""

    since: EventDate
    decided_on: date


class AssistantFile(CaseFile):
    """The appointment of one invited assistant as its journal has made it."""

    DOCUMENTS = (DocumentType.APPOINTMENT, DocumentType.RELEASE)
    RULES = (TERM,)
    OUTCOMES = (Outcome.TERM_ENDED, Outcome.RELEASED, Outcome.DECLINED, Outcome.CANCELLED)

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, AssistantTerms) else AssistantTerms()
        self.review: ReviewCandidate | None = None
        self.declined: DeclineCandidate | None = None
        self.office: list[TermOfOffice] = []
        self.assignments: dict[str, AssignToCase] = {}
        self.services: list[ConsultationGiven] = []
        self.released: tuple[date, ReleaseAssistant] | None = None
        # The stage 续聘 lasts until there is work under the new term.
        self.has_worked_since = False
        return {
            "review_candidate": Route(self._check_review, self._take_review),
            "decline_candidate": Route(self._check_decline, self._take_decline),
            "appoint_assistant": Route(self._check_appoint, self._take_appoint),
            "assign_to_case": Route(self._check_assign, self._take_assign_to, self._door_assign),
            "consultation_given": Route(self._check_given, self._take_given, after_closing=True),
            "renew_assistant": Route(self._check_renew, self._take_renew),
            "release_assistant": Route(self._check_release, self._take_release),
        }

    def against_opening(self) -> list[Problem]:
        problems = []
        if not self.terms.person:
            problems.append(Problem("没有写明人选", "填写 person", "person"))
        if not self.terms.unit:
            problems.append(Problem("没有写明所在单位", "填写 unit，回避审查以它为准", "unit"))
        return problems

    # where it stands

    @property
    def stage(self) -> AssistantStage:
        if self.is_closed:
            if self.is_looked_back:
                return AssistantStage.ARCHIVED
            return AssistantStage.REVISIT if self.ending.look_backs else AssistantStage.CLOSED
        if self.declined:
            return AssistantStage.DECLINED
        if self.released:
            return AssistantStage.RELEASED
        if not self.is_appointed:
            return AssistantStage.REVIEWING if self.review else AssistantStage.RECOMMENDED
        if self.term_is_ending:
            return AssistantStage.TERM_ENDING
        if self.has_worked_since:
            return AssistantStage.ON_DUTY
        return AssistantStage.RENEWED if len(self.office) > 1 else AssistantStage.APPOINTED

    @property
    def is_appointed(self) -> bool:
        """Whether the person was appointed; the term may have ended since."""
        return bool(self.office)

    @property
    def term_key(self) -> str:
        """The key of the deadline of the present term."""
        return _key(len(self.office))

    @property
    def term_is_ending(self) -> bool:
        """Whether the end of the term was reminded of, or has come."""
        reminded = self.last_reminded.get(self.term_key)
        counted = self.deadlines.counted.get(self.term_key)
        due_on = counted.due_on if counted else None
        return self.term_has_ended or (reminded is not None and reminded.due_on == due_on)

    @property
    def term_has_ended(self) -> bool:
        """Whether the last day of the term has passed."""
        return self.ended_on is not None

    @property
    def ended_on(self) -> date | None:
        """The last day of the present term, once it has passed."""
        return self._ended_on(len(self.office))

    def _ended_on(self, number: int) -> date | None:
        counted = self.deadlines.counted.get(_key(number))
        last = counted.last_day if counted else None
        return last if last and (_key(number), last) in self.fallen_due else None

    # recommended, reviewed, appointed

    def _before_appointment(self) -> list[Problem]:
        if self.declined:
            return [Problem("已决定不予聘任", "再推荐的，另立新案", "kind")]
        if self.is_appointed:
            return [Problem("已聘任", "续聘（renew_assistant）或解聘（release_assistant）", "kind")]
        return []

    def _check_review(self, decision: ReviewCandidate, today: date) -> list[Problem]:
        if self.review:
            return [Problem("已在审查", "决定聘任或者不予聘任", "kind")]
        return self._before_appointment()

    def _take_review(self, decision: ReviewCandidate, today: date) -> str:
        self.review = decision
        return f"{decision.on or today}审查人选{self._who}"

    def _check_decline(self, decision: DeclineCandidate, today: date) -> list[Problem]:
        problems = self._before_appointment()
        if not decision.reason:
            problems.append(Problem("不予聘任须写明理由", "填写 reason", "reason"))
        return problems

    def _take_decline(self, decision: DeclineCandidate, today: date) -> str:
        self.declined = decision
        return f"{decision.on or today}不予聘任{self._who}：{decision.reason}"

    def _check_appoint(self, decision: AppointAssistant, today: date) -> list[Problem]:
        return self._before_appointment()

    def _take_appoint(self, decision: AppointAssistant, today: date) -> str:
        return f"聘任{self._who}，{self._begin_term(decision, today)}"

    def _begin_term(self, decision: AppointAssistant | RenewAssistant, today: date) -> str:
        decided_on = decision.on or today
        since = decision.since or EventDate.on(decided_on)
        self.office.append(TermOfOffice(since, decided_on))
        self.has_worked_since = False
        term = decision.term
        self.deadlines.start(
            TERM,
            since,
            decision.id,
            party=self.terms.person,
            amount=term.amount if term else None,
            unit=term.unit if term else None,
            key=self.term_key,
        )
        return f"聘期自{since}起{_length(term)}"

    @property
    def _who(self) -> str:
        return f"{self.terms.person}（{self.terms.unit}）"

    # at work

    def _in_office(self) -> list[Problem]:
        if self.released:
            return [Problem(f"已于{self.released[0]}解聘", "另行聘任的，另立新案", "kind")]
        if not self.is_appointed:
            return [Problem("尚未聘任", "先聘任（appoint_assistant）", "kind")]
        return []

    def _check_assign(self, decision: AssignToCase, today: date) -> list[Problem]:
        problems = self._in_office()
        conflicts = [each for each in decision.agencies if _is_same_house(self.terms.unit, each)]
        if conflicts:
            what = f"{self.terms.person}来自该案被监督的单位（{'、'.join(conflicts)}），应当回避"
            problems.append(Problem(what, "指派其他单位的特邀检察官助理", "agencies"))
        if decision.case in self.assignments:
            problems.append(Problem(f"已参与 {decision.case}", "不必重复指派", "case"))
        elif not self._is_tied(decision.case):
            problems += self.links.check_link(self._tie(decision), today)
        return problems

    def _door_assign(self, decision: AssignToCase, today: date) -> list[Problem]:
        if self.term_has_ended:
            return [Problem(f"聘期已于{self.ended_on}届满", "先续聘（renew_assistant）", "kind")]
        return []

    def _take_assign_to(self, decision: AssignToCase, today: date) -> str:
        self.assignments[decision.case] = decision
        self.has_worked_since = True
        if not self._is_tied(decision.case):
            self.links.take_link(self._tie(decision), today)
        task = f"：{decision.task}" if decision.task else ""
        return f"{self.terms.person}参与办理 {decision.case}{task}；与{'、'.join(decision.agencies)}无须回避"

    def _is_tied(self, case: str) -> bool:
        return any(tie.case == case for tie in self.links.standing())

    def _tie(self, decision: AssignToCase) -> LinkCase:
        """The tie by which both cases show the assignment."""
        return LinkCase(
            id=decision.id,
            by=decision.by,
            on=decision.on,
            relation=Relation.RELATED,
            case=decision.case,
            elsewhere=decision.elsewhere,
        )

    def _check_given(self, fact: ConsultationGiven, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        if not self.is_appointed:
            return [*problems, Problem("尚未聘任", "先聘任（appoint_assistant）", "kind")]
        began = self.office[0].since
        if fact.on.latest < began.earliest:
            problems.append(Problem(f"日期 {fact.on} 早于聘任 {began}", "请核对日期", "on"))
        if self.released and fact.on.earliest > self.released[0]:
            problems.append(Problem(f"日期 {fact.on} 晚于解聘 {self.released[0]}", "请核对日期", "on"))
        if fact.case and fact.case not in self.assignments:
            known = "、".join(self.assignments) or "无"
            what = f"未指派参与 {fact.case}，没有作过回避审查"
            problems.append(Problem(what, f"先指派（assign_to_case）；已指派：{known}", "case"))
        return problems

    def _take_given(self, fact: ConsultationGiven, today: date) -> str:
        self.services.append(fact)
        self.has_worked_since = True
        hours = f"，{fact.hours:g}小时" if fact.hours else ""
        times = f"，{fact.times}次" if fact.times > 1 else ""
        return f"{fact.on}{self.terms.person}{fact.form.label}{times}{hours}：{fact.what}"

    # renewed, released

    def _check_renew(self, decision: RenewAssistant, today: date) -> list[Problem]:
        problems = self._in_office()
        if problems:
            return problems
        renewed, most = len(self.office) - 1, self.terms.renewals
        if renewed >= most:
            return [Problem(f"已续聘{renewed}次，本地约定最多{most}次", "聘期届满后结案", "kind")]
        began = self.office[-1].since
        if decision.since and decision.since.latest <= began.latest:
            return [
                Problem(f"续聘起算日 {decision.since} 不在本期起算日 {began} 之后", "请核对日期", "since")
            ]
        return []

    def _take_renew(self, decision: RenewAssistant, today: date) -> str:
        self.deadlines.meet(self.term_key, EventDate.on(decision.on or today), decision.id)
        return f"续聘{self._who}（第{len(self.office)}次），{self._begin_term(decision, today)}"

    def _check_release(self, decision: ReleaseAssistant, today: date) -> list[Problem]:
        problems = self._in_office()
        if not decision.reason:
            problems.append(Problem("解聘须写明理由", "填写 reason", "reason"))
        return problems

    def _take_release(self, decision: ReleaseAssistant, today: date) -> str:
        on = decision.on or today
        self.released = on, decision
        self.deadlines.meet(self.term_key, EventDate.on(on), decision.id)
        return f"{on}解聘{self._who}：{decision.reason}"

    # papers

    def own_papers(self) -> Iterator[OwnPaper]:
        """The record of each term, when it is over (by renewal, by release, or by itself); the next begins where it ends."""
        before = date.min
        for number, term in enumerate(self.office, 1):
            until = self._over_on(number)
            if until is None:
                return
            services = [each for each in self.services if before < each.on.earliest <= until]
            build = partial(service_record, self, f"第{number}期，自{term.since}起", until, services)
            yield OwnPaper(f"term-{number}/record", until, f"履职记录-第{number}期", build)
            before = until

    def _over_on(self, number: int) -> date | None:
        if number < len(self.office):
            return self.office[number].decided_on
        return self.released[0] if self.released else self._ended_on(number)

    # the end

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        match outcome:
            case Outcome.DECLINED if not self.declined:
                return [Problem("没有决定不予聘任", "先决定（decline_candidate）", "outcome")]
            case Outcome.RELEASED if not self.released:
                return [Problem("没有解聘", "先解聘（release_assistant）", "outcome")]
            case Outcome.TERM_ENDED if self.released or not self.term_has_ended:
                return [Problem("聘期没有届满", "届满前结束的，先解聘（release_assistant）", "outcome")]
            case Outcome.CANCELLED if self.is_appointed or self.declined:
                return [Problem("推荐已有结果", "选择真实的结果", "outcome")]
        return []


def _key(number: int) -> str:
    return f"case/{TERM}" if number == 1 else f"case/{TERM}/{number}"


def _length(term: Period | None) -> str:
    if term is None:
        return "，聘任文件未载聘期"
    return f"{term.amount}{'个月' if term.unit == 'months' else '日'}"


def _is_same_house(unit: str, agency: str) -> bool:
    """Whether an agency is the person's own unit, or a part of it, or the whole of which it is a part."""
    ours, theirs = "".join(unit.split()), "".join(agency.split())
    return bool(ours and theirs) and (
        ours.startswith(theirs) or theirs.startswith(ours) or ours.endswith(theirs) or theirs.endswith(ours)
    )
