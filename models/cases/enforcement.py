"""第四条 行政非诉执行监督: what a case of enforcement and its supervision knows, and where it stands.

One penalty decision with its items; the application and its copy; the court's ruling; enforcement by court or agency; and our
own supervision of both. Each is a story of its own (`penalties`, `court_course`, `execution`, `supervision` in
`models.enforcement`); here they meet, and say together at what stage the case is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from models.casefile import CaseFile, ListedItem, OwnPaper
from models.decisions import Escalate, IssueLetter
from models.delegations import Delegations
from models.document_types import DocumentType
from models.enforcement.applications import COPY, Application
from models.enforcement.applying import Applying
from models.enforcement.closing import OUTCOMES, against_closing
from models.enforcement.court_course import CourtCourse
from models.enforcement.execution import EXECUTE, STAYED_BY_AGENCY, URGENT, Execution
from models.enforcement.issuing import RETRIAL_FILE, RETRIAL_SEND, SEND, SUGGESTIONS, Issuing
from models.enforcement.papers import review_report, supervision_decision, tracking_record
from models.enforcement.penalties import Penalties
from models.enforcement.penalty_windows import CONFISCATED, DEMAND, PAY, Penalty
from models.enforcement.readings import APPLY, READINGS
from models.enforcement.reconsideration import Reconsideration
from models.enforcement.stage import stage_of
from models.enforcement.supervision import DECIDE, NO_SUPPORT, NOTIFY, REVIEW, Supervision
from models.enforcement.suspicions import Suspicions
from models.enforcement.terms import PenaltyState
from models.errors import Problem
from models.journal import Route
from models.ladder import Ladder
from models.messages import FellDue
from models.plain_papers import told_apart
from models.recusals import Recusals
from models.said.applications import RulingMade
from models.said.court_supervision import FollowUp
from models.said.enforcement import EnforcementTerms, PenaltyFulfilled
from models.stages import EnforcementStage
from models.terms import Outcome


class EnforcementFile(CaseFile):
    """A case of non-litigation enforcement as its journal has made it."""

    DOCUMENTS = (
        *SUGGESTIONS,
        DocumentType.EXPLANATION_NOTICE,
        DocumentType.COPY_REMINDER,
        DocumentType.ACCEPTANCE_NOTICE,
        DocumentType.SUSPENSION_DECISION,
        DocumentType.RESUMPTION_DECISION,
        DocumentType.TERMINATION_DECISION,
        DocumentType.NO_SUPPORT_DECISION,
        DocumentType.REFERRAL_REPORT,
        DocumentType.FILING_REPORT,
        DocumentType.EVIDENCE_NOTICE,
        DocumentType.CORRECTION_DECISION,
        DocumentType.FILE_HANDOVER_LIST,
        DocumentType.FLOW_NOTICE,
    )
    OUTCOMES = OUTCOMES
    RULES = (
        *READINGS,
        "ag.decide",
        "ag.serve",
        PAY,
        DEMAND,
        APPLY,
        CONFISCATED,
        "ho.apply",
        COPY,
        "coop.track",
        "ct.accept",
        "ct.rule",
        "ct.rule_hearing",
        "ct.serve_refusal",
        "ag.review_nonaccept",
        "ag.review_nonaccept_up",
        "ag.review_refusal",
        "ag.review_refusal_up",
        EXECUTE,
        URGENT,
        STAYED_BY_AGENCY,
        "sup.window",
        DECIDE,
        NOTIFY,
        "sup.transfer",
        "sup.other_party",
        "sup.flow",
        "sup.recusal",
        "sup.delegated",
        REVIEW,
        "sup.explain",
        SEND,
        RETRIAL_SEND,
        RETRIAL_FILE,
        NO_SUPPORT,
        "sup.court_query",
        "ct.reply",
        "ct.retrial",
        "jy.reply",
        "jy.reply_urgent",
        "jy.objection",
        "jy.file_up",
    )

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, EnforcementTerms) else EnforcementTerms()
        self.penalties = Penalties(self.deadlines, self.terms, "、".join(self.opening.parties))
        self.course = CourtCourse(self.deadlines, self.penalties, self.terms.court)
        self.applying = Applying(self.course)
        self.execution = Execution(self.course)
        self.suspicions = Suspicions(self.deadlines, self.course, self.run_out)
        self.supervision = Supervision(self.deadlines)
        self.recusals = Recusals(self.deadlines, "sup.recusal")
        self.delegations = Delegations(self.deadlines, "sup.delegated")
        self.ladder = Ladder(self.correspondence, self.drafting)
        self.issuing = Issuing(self.drafting, self.deadlines, self.supervision)
        return {
            **self._penalty_routes(),
            **self._court_routes(),
            **self._execution_routes(),
            **self._supervision_routes(),
        }

    def _penalty_routes(self) -> dict[str, Route]:
        own = self.penalties
        return {
            "penalty_case_filed": Route(own.check_filed, own.take_filed, after_closing=True),
            "penalty_decided": Route(own.check_decided, own.take_decided, after_closing=True),
            "decision_served": Route(own.check_served, own.take_served, after_closing=True),
            "payment_deferred": Route(own.check_deferred, own.take_deferred, after_closing=True),
            "penalty_fulfilled": Route(own.check_fulfilled, self._take_fulfilled, after_closing=True),
            "confiscated_disposed": Route(own.check_disposed, own.take_disposed, after_closing=True),
            "demand_served": Route(own.check_demanded, own.take_demanded, after_closing=True),
            "remedy_begun": Route(own.check_begun, own.take_begun, after_closing=True),
            "remedy_ended": Route(own.check_ended, own.take_ended, after_closing=True),
        }

    def _court_routes(self) -> dict[str, Route]:
        own, applying, above = self.course, self.applying, Reconsideration(self.course)
        return {
            "application_filed": Route(applying.check_filed, applying.take_filed, after_closing=True),
            "copy_sent": Route(applying.check_copy, applying.take_copy, after_closing=True),
            "application_accepted": Route(own.check_accepted, own.take_accepted, after_closing=True),
            "application_not_accepted": Route(
                own.check_not_accepted, own.take_not_accepted, after_closing=True
            ),
            "opinions_heard": Route(own.check_heard, own.take_heard, after_closing=True),
            "ruling_made": Route(own.check_ruling, self._take_ruling, after_closing=True),
            "ruling_served": Route(own.check_served, own.take_served, after_closing=True),
            "reconsideration_applied": Route(above.check_applied, above.take_applied, after_closing=True),
            "reconsideration_ruled": Route(above.check_ruled, above.take_ruled, after_closing=True),
        }

    def _execution_routes(self) -> dict[str, Route]:
        own = self.execution
        return {
            "execution_opened": Route(own.check_opened, own.take_opened, after_closing=True),
            "duty_holder_changed": Route(own.check_holder, own.take_holder, after_closing=True),
            "execution_stayed": Route(own.check_stayed, own.take_stayed, after_closing=True),
            "execution_resumed": Route(own.check_resumed, own.take_resumed, after_closing=True),
            "execution_terminated": Route(own.check_terminated, own.take_terminated, after_closing=True),
        }

    def _supervision_routes(self) -> dict[str, Route]:
        own, ladder, drafting = self.supervision, self.ladder, self.drafting
        issuing = self.issuing
        raised, recusals, asked = self.suspicions, self.recusals, self.delegations
        return {
            "supervision_requested": Route(own.check_requested, own.take_requested, after_closing=True),
            "recusal_requested": Route(recusals.check_request, recusals.take_request, after_closing=True),
            "decide_recusal": Route(recusals.check_decide, recusals.take_decide),
            "delegation_received": Route(asked.check_received, asked.take_received, after_closing=True),
            "delegation_answered": Route(asked.check_answered, asked.take_answered, after_closing=True),
            "step_begun": Route(own.check_step_begun, own.take_step_begun, after_closing=True),
            "step_done": Route(own.check_step_done, own.take_step_done, after_closing=True),
            "review_reported": Route(own.check_reported, own.take_reported),
            "take_up_suspicion": Route(raised.check, raised.take_up, raised.door),
            "set_aside_suspicion": Route(raised.check, raised.set_aside, raised.door),
            "open_supervision": Route(own.check_open, own.take_open, own.door_open),
            "decline_supervision": Route(own.check_decline, own.take_decline),
            "decline_support": Route(own.check_decline_support, own.take_decline_support),
            "terminate_review": Route(own.check_terminate, own.take_terminate),
            "follow_up": Route(own.check_follow_up, own.take_follow_up, self._door_follow_up),
            "refer_upward": Route(own.check_refer, own.take_refer),
            "approve_letter": Route(drafting.check_approve, issuing.take_approve, issuing.door_approve),
            "return_draft": Route(drafting.check_return, issuing.take_return),
            "revise_draft": Route(drafting.check_revise, issuing.take_revise),
            "issue_letter": Route(drafting.check_issue, self.take_issue, issuing.door_issue),
            "urge": Route(ladder.check_urge, ladder.take_urge, ladder.door_urge),
            "escalate": Route(self.correspondence.check_letter, ladder.take_escalate, self._door_escalate),
        }

    # where the parts meet

    def _take_fulfilled(self, fact: PenaltyFulfilled, today: date) -> str:
        sentence = self.penalties.take_fulfilled(fact, today)
        self.execution.fulfilled(fact)
        return sentence

    def _take_ruling(self, fact: RulingMade, today: date) -> str:
        sentence = self.course.take_ruling(fact, today)
        self.execution.ruled(fact)
        return sentence

    def take_fell_due(self, tick: FellDue, today: date) -> str:
        sentence = super().take_fell_due(tick, today)
        self.penalties.windows.period_ended(tick)
        return sentence

    def state_of(self, penalty: Penalty) -> PenaltyState:
        """How far an item has come: on the party's side when that ended it, else in court or enforcement."""
        application = self.course.applications.of_item(penalty.id)
        return application.state(penalty.id) if application and penalty.is_open else penalty.state

    def listed_items(self) -> Iterator[ListedItem]:
        for penalty in self.penalties.by_id.values():
            application = self.course.applications.of_item(penalty.id)
            holder = application.holder(penalty.id) if application else None
            yield ListedItem(
                id=penalty.id,
                what=penalty.item.what or penalty.item.kind.label,
                kind=penalty.item.kind,
                state=self.state_of(penalty),
                owner=holder.name if holder else "",
            )

    def own_lines(self) -> Iterator[str]:
        for application in self.course.applications:
            yield f"{application}：抄送{self.copy_state(application)}"
        for suspicion in self.suspicions.open():
            yield f"待处理的嫌疑 {suspicion.key}：{suspicion.what}（{suspicion.basis}）"
        for suspicion in self.suspicions.taken_up():
            yield f"已采纳的嫌疑 {suspicion.key}：{suspicion.what}（{suspicion.basis}）"

    # letters

    def take_issue(self, decision: IssueLetter, today: date) -> str:
        letter = self.issuing.pending(decision.document)
        sentence = super().take_issue(decision, today)
        if letter is not None:
            self.issuing.issued(letter, decision, today)
        return sentence

    def _door_escalate(self, decision: Escalate, today: date) -> list[Problem]:
        return self.ladder.door_escalate(decision, self.overdue_letters, self.lapsed_letters, today)

    def _door_follow_up(self, decision: FollowUp, today: date) -> list[Problem]:
        failed = [
            each
            for each in self.letters.asking()
            if self.ladder.has_failed(each, each.id in self.overdue_letters)
        ]
        if failed:
            return []
        return [Problem("没有逾期未复或者未纠正的建议", "评估回复、期限届满后再跟进（[行监]125）", "letter")]

    # where it stands

    @property
    def stage(self) -> EnforcementStage:
        """The stage as law.md's names have it: our own supervision, while it runs, goes before enforcement."""
        return stage_of(self)

    def is_copy_missing(self, application: Application) -> bool:
        """Whether the five working days, and the grace for mail, have passed without a copy."""
        key = application.key(COPY)
        return not application.copies and any(key == each for each, _ in self.run_out)

    def copy_state(self, application: Application) -> str:
        """What is told of an application's copy: received in time, late, missing, still awaited."""
        counted = self.deadlines.counted.get(application.key(COPY))
        if not application.copies and not self.penalties.must_copy:
            return "不要求（作出决定的机关不受第四条约束）"
        if not application.copies:
            if self.is_copy_missing(application):
                return "缺失"
            due = f"（{counted.last_day}前）" if counted and counted.last_day else ""
            return f"待收{due}" if application.on else "不明（申请日不明）"
        sent = min((each.on for each in application.copies), key=lambda on: (on.latest, on.earliest))
        late = counted.days_late if counted and counted.days_late is not None else None
        if late is None:
            return f"已收（{sent}寄出）"
        return f"迟延{late}日（{sent}寄出）" if late > 0 else f"及时（{sent}寄出）"

    # what workflows wait for

    @property
    def is_applied(self) -> bool:
        """Whether the court has been asked, or the case has ended without."""
        return bool(len(self.course.applications)) or self.is_closed

    @property
    def is_ruled(self) -> bool:
        """Whether no open item waits for the court."""
        waits = {
            PenaltyState.APPLIED,
            PenaltyState.ACCEPTED,
            PenaltyState.OVERLOOKED,
            PenaltyState.RECONSIDERING,
        }
        return self.is_closed or (
            self.is_applied and not any(self.state_of(each) in waits for each in self.penalties.open())
        )

    # the end, and its papers

    def own_papers(self) -> Iterator[OwnPaper]:
        if self.supervision.opened_on:
            build = partial(supervision_decision, self)
            yield OwnPaper("case/supervision", self.supervision.opened_on, "监督立案决定", build)
        for told in self.supervision.reports:
            name, on = told_apart("审查终结报告", told.id), told.on.latest
            yield OwnPaper(
                f"review/{told.id}", on, name, partial(review_report, self, told, on), fact=told.id
            )
        if self.closing is not None:
            yield OwnPaper(
                "case/tracking", self.closing.on, "非诉执行跟踪情况表", partial(tracking_record, self)
            )

    def against_opening(self) -> list[Problem]:
        ids = [each.id for each in self.terms.penalties]
        return [
            Problem(f"处罚分项“{id}”写了两次", "每个分项一个编号", "penalties")
            for id in dict.fromkeys(ids)
            if ids.count(id) > 1
        ]

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        """No suspicion may be left unhandled, and the outcome must be what the journal shows."""
        return list(against_closing(self, outcome))
