"""印发通知 执行中问题的报告: a county reports, both municipal offices answer all counties that it concerns."""

from __future__ import annotations

from datetime import date

from models.acknowledging import acknowledged_on
from models.casefile import CaseFile
from models.dates import EventDate, future
from models.decisions import DraftLetter, IssueLetter
from models.document_types import DocumentType
from models.drafting import without_a_day
from models.errors import Problem
from models.journal import Route
from models.letters import Letter
from models.said.liaison import ProblemReceived, ProblemTerms, SetAnswerDay
from models.stages import ProblemStage
from models.terms import Outcome

ANSWER = "local.problem_answer"


class ProblemReportFile(CaseFile):
    """The report of a problem of implementation as its journal has made it."""

    DOCUMENTS = (DocumentType.PROBLEM_ANSWER,)
    OUTCOMES = (Outcome.ANSWERED, Outcome.CANCELLED)
    RULES = (ANSWER,)

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, ProblemTerms) else ProblemTerms()
        self.received: dict[str, EventDate] = {}
        self.days: list[SetAnswerDay] = []
        self.watched = ""
        return {
            "problem_received": Route(self._check_received, self._take_received, after_closing=True),
            "set_answer_day": Route(self._check_day, self._take_day),
            "draft_letter": Route(self.drafting.check_draft, self.drafting.take_draft, self._door_draft),
        }

    def against_opening(self) -> list[Problem]:
        """Who reports what to which two offices."""
        problems = []
        if not self.terms.problem:
            problems.append(Problem("没有写明遇到的问题", "填写 problem", "problem"))
        if not self.terms.reporter:
            problems.append(Problem("没有写明报告单位", "填写 reporter", "reporter"))
        if len(self.terms.offices) < 2:
            problems.append(Problem("没有写明两个市级部门", "填写 offices，两个部门", "offices"))
        return problems

    # where it stands

    @property
    def stage(self) -> ProblemStage:
        if self.is_closed:
            if self.is_looked_back:
                return ProblemStage.ARCHIVED
            return ProblemStage.REVISIT if self.ending.look_backs else ProblemStage.CLOSED
        if self.is_answered:
            return ProblemStage.ANSWERED
        if self.days:
            return ProblemStage.ANSWERING
        return ProblemStage.RECEIVED if self.is_received else ProblemStage.REPORTED

    @property
    def is_received(self) -> bool:
        """Whether both municipal offices have the report."""
        return len(self.received) >= max(len(self.terms.offices), 2)

    @property
    def answers(self) -> list[Letter]:
        """The answers that have gone out and stand."""
        return self.letters.of_type(DocumentType.PROBLEM_ANSWER)

    @property
    def counties(self) -> tuple[str, ...]:
        """The counties that the answer concerns, as last decided."""
        return self.days[-1].counties if self.days else ()

    @property
    def untold(self) -> list[str]:
        """The counties concerned that no answer has gone out to."""
        return [
            county
            for county in self.counties
            if not any(county in letter.recipient.name for letter in self.answers)
        ]

    @property
    def is_answered(self) -> bool:
        """Whether an answer has gone out to every county that it concerns."""
        return bool(self.answers) and not self.untold

    # received, its day set

    def _check_received(self, fact: ProblemReceived, today: date) -> list[Problem]:
        problems, offices = future(fact.on, today), self.terms.offices
        if offices and fact.office not in offices:
            problems.append(
                Problem(f"“{fact.office}”不是收受报告的部门", f"可选：{'、'.join(offices)}", "office")
            )
        elif fact.office in self.received:
            problems.append(Problem(f"{fact.office}已收悉", "日期有误的，更正（correct）", "office"))
        return problems

    def _take_received(self, fact: ProblemReceived, today: date) -> str:
        self.received[fact.office] = fact.on
        return f"{fact.office}于{fact.on}收悉{self.terms.reporter}报告的问题"

    def _check_day(self, decision: SetAnswerDay, today: date) -> list[Problem]:
        problems, on = [], decision.on or today
        if not self.received:
            problems.append(Problem("两个部门都还没有收到报告", "先记录收悉（problem_received）", "kind"))
        if self.days and not decision.reason:
            problems.append(Problem("另定答复日期须写明理由", "填写 reason", "reason"))
        if not on <= decision.answer_by:
            problems.append(Problem(f"答复日期 {decision.answer_by} 不在今后", "填写将来的日期", "answer_by"))
        return problems

    def _take_day(self, decision: SetAnswerDay, today: date) -> str:
        self.deadlines.end_key(self.watched, "另定答复日期")
        self.watched = f"case/{ANSWER}/{decision.id}" if self.days else f"case/{ANSWER}"
        self.days.append(decision)
        on = EventDate.on(decision.on or today)
        self.deadlines.start(ANSWER, on, decision.id, key=self.watched, fixed_on=decision.answer_by)
        return f"定于{decision.answer_by}前答复{'、'.join(decision.counties)}"

    # answered

    def _door_draft(self, decision: DraftLetter, today: date) -> list[Problem]:
        """An answer is that of both offices, goes to the counties concerned, and is acknowledged by a day."""
        problems = self.drafting.door_draft(decision, today)
        if decision.document is not DocumentType.PROBLEM_ANSWER:
            return problems
        problems += without_a_day(decision, DocumentType.PROBLEM_ANSWER)
        if not self.days:
            problems.append(Problem("尚未定下答复日期和有关的县", "先作出决定（set_answer_day）", "document"))
        if not decision.joint_issuers:
            problems.append(
                Problem("答复由两个部门联合作出", "填写 joint_issuers，联合制发的另一部门", "joint_issuers")
            )
        return problems

    def take_issue(self, decision: IssueLetter, today: date) -> str:
        """The answer that reaches the last of the counties meets the day that was set."""
        sentence = super().take_issue(decision, today)
        if self.is_answered:
            self.deadlines.meet(self.watched, EventDate.on(decision.on or today), decision.id)
        return sentence

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        if outcome is not Outcome.ANSWERED:
            return []
        if not self.answers:
            return [Problem("尚未答复", "起草、制发答复", "outcome")]
        problems = [Problem(f"答复没有发往{each}", "补发，或另定有关的县", "outcome") for each in self.untold]
        problems += [
            Problem(f"{letter}尚未确认", "记录其确认（回复，态度 收悉）；仍有问题的，另行答复", "outcome")
            for letter in self.answers
            if acknowledged_on(letter) is None
        ]
        return problems
