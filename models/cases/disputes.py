"""第八条 行政争议实质性化解: beside the case it belongs to, from the assessment to the last performance, or to its failure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from models.calendar import LATEST_START
from models.casefile import CaseFile, OwnPaper
from models.dates import EventDate, future
from models.document_types import DocumentType
from models.errors import Problem
from models.facts import ItemProgressed
from models.general_papers import GeneralForm
from models.journal import Route
from models.links import Telling
from models.plain_papers import form
from models.rectification import Rectification
from models.said.disputes import (
    AgreementSigned,
    AssessSuitability,
    DisputeReported,
    DisputeTerms,
    PartyContacted,
    PlanSettlement,
    SupervisionWithdrawn,
    TalksFailed,
)
from models.stages import DisputeStage
from models.terms import DisputeState, ItemKind, ItemState, Milestone, Outcome, Relation
from models.wire import Item

DISPUTE = "dispute"


class DisputeFile(CaseFile):
    """The settling of one dispute as its journal has made it."""

    DOCUMENTS = (DocumentType.OPINION_REQUEST, DocumentType.HELP_REQUEST, DocumentType.SETTLEMENT_PLAN)
    OUTCOMES = (Outcome.SETTLED, Outcome.DISPUTE_NOT_SETTLED, Outcome.CANCELLED)
    RULES = (DISPUTE,)

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, DisputeTerms) else DisputeTerms()
        self.assessment: AssessSuitability | None = None
        self.assessed_on: date | None = None
        self.contacts: list[PartyContacted] = []
        self.plans: dict[str, tuple[PlanSettlement, date]] = {}
        self.agreement: AgreementSigned | None = None
        self.performances: dict[str, Rectification] = {}
        self.failure: TalksFailed | None = None
        self.withdrawal: SupervisionWithdrawn | None = None
        return {
            "assess_suitability": Route(self._check_assess, self._take_assess),
            "party_contacted": Route(_in_the_past, self._take_contact, after_closing=True),
            "plan_settlement": Route(self._check_plan, self._take_plan),
            "agreement_signed": Route(self._check_agreement, self._take_agreement),
            "talks_failed": Route(self._check_failure, self._take_failure),
            "supervision_withdrawn": Route(_in_the_past, self._take_withdrawal, after_closing=True),
        }

    # where it stands

    @property
    def stage(self) -> DisputeStage:
        if self.is_closed:
            if self.is_looked_back:
                return DisputeStage.ARCHIVED
            return DisputeStage.REVISIT if self.ending.look_backs else DisputeStage.CLOSED
        if self.has_failed:
            return DisputeStage.FAILED
        if self.agreement:
            return self._stage_of_performance()
        if self.assessment is None:
            return DisputeStage.ASSESSING
        if not self.assessment.suitable:
            return DisputeStage.UNSUITABLE
        if self.meetings.awaited() or self.meetings.held():
            return DisputeStage.NEGOTIATING
        return DisputeStage.PLANNING if self.plans else DisputeStage.CONTACTING

    def _stage_of_performance(self) -> DisputeStage:
        if self.performances and not self.unperformed:
            return DisputeStage.PERFORMED
        if any(each.course or each.dropped for each in self.performances.values()):
            return DisputeStage.PERFORMING
        return DisputeStage.AGREED

    @property
    def has_failed(self) -> bool:
        """Whether the talks ended without an agreement, or after one that was not kept; a later agreement takes that back."""
        if self.failure is None:
            return False
        return self.agreement is None or self.failure.on.latest >= self.agreement.on.latest

    @property
    def unperformed(self) -> list[Rectification]:
        """What the agreements oblige to and is still to be performed."""
        return [each for each in self.performances.values() if each.is_open]

    # is it suited

    def against_opening(self) -> list[Problem]:
        if self.links.standing(Relation.PARENT):
            return []
        remedy = "links 写 {relation: 上级案件, case: 案号}；其他系统的案件（行政诉讼监督）加 elsewhere: true"
        return [Problem("争议化解须写明所属的案件", remedy)]

    def _check_assess(self, decision: AssessSuitability, today: date) -> list[Problem]:
        problems = []
        if self.assessment is not None and self.assessment.suitable:
            problems.append(Problem("已评估为适宜化解", "化解不成的，记录 talks_failed", "kind"))
        if not decision.reason:
            problems.append(Problem("评估须写明理由", "填写 reason", "reason"))
        by = decision.settle_by
        if by and (not decision.suitable or not (decision.on or today) <= by <= LATEST_START):
            problems.append(
                Problem(f"不能在 {by} 前化解", "适宜化解的，填写将来的日期；不适宜的删去", "settle_by")
            )
        return problems

    def _take_assess(self, decision: AssessSuitability, today: date) -> str:
        self.assessment, self.assessed_on = decision, decision.on or today
        if not decision.suitable:
            return f"{self.assessed_on}评估为不适宜化解：{decision.reason}"
        on = EventDate.on(self.assessed_on)
        self.deadlines.start(DISPUTE, on, decision.id, fixed_on=decision.settle_by)
        until = f"，拟于{decision.settle_by}前化解" if decision.settle_by else ""
        return f"{self.assessed_on}评估为适宜化解{until}：{decision.reason}"

    def _not_suited(self) -> list[Problem]:
        if self.assessment is None:
            return [Problem("尚未评估是否适宜化解", "先评估（assess_suitability）", "kind")]
        if not self.assessment.suitable:
            return [Problem("已评估为不适宜化解", "情况有变的，重新评估（assess_suitability）", "kind")]
        return []

    # contact and plan

    def _take_contact(self, fact: PartyContacted, today: date) -> str:
        self.contacts.append(fact)
        return f"{fact.on}与{fact.who}沟通{f'：{fact.summary}' if fact.summary else ''}"

    def _check_plan(self, decision: PlanSettlement, today: date) -> list[Problem]:
        return self._not_suited()

    def _take_plan(self, decision: PlanSettlement, today: date) -> str:
        on = decision.on or today
        again = "重新" if self.plans else ""
        self.plans[decision.id] = decision, on
        return f"{on}{again}拟定化解方案，措施{len(decision.measures)}项"

    # agreement, performance, failure

    def _check_agreement(self, fact: AgreementSigned, today: date) -> list[Problem]:
        return self._not_suited() + future(fact.on, today)

    def _take_agreement(self, fact: AgreementSigned, today: date) -> str:
        """A later agreement adds to what is to be performed; which one stands is told by its day."""
        if self.agreement is None or self.agreement.on.latest <= fact.on.latest:
            self.agreement = fact
        self.deadlines.meet(f"case/{DISPUTE}", fact.on, fact.id)
        for each in fact.performance:
            id = self.putting_right.free_id("履行")
            item = Item(id=id, what=each.what, kind=each.kind, owner=each.owner, due_on=each.due_on)
            self.putting_right.enter(item, fact.on, fact.id)
            self.performances[id] = self.items[id]
        self._perform_withdrawal(today)
        waives = "，申请人放弃申请监督" if fact.waives_supervision else ""
        return f"{fact.on}签署和解协议，履行事项{len(fact.performance)}项{waives}"

    def _check_failure(self, fact: TalksFailed, today: date) -> list[Problem]:
        return self._not_suited() + future(fact.on, today)

    def _take_failure(self, fact: TalksFailed, today: date) -> str:
        if self.failure is None or self.failure.on.latest <= fact.on.latest:
            self.failure = fact
        self.deadlines.meet(f"case/{DISPUTE}", fact.on, fact.id)
        return f"{fact.on}化解不成：{fact.summary}"

    def _take_withdrawal(self, fact: SupervisionWithdrawn, today: date) -> str:
        self.withdrawal = self.withdrawal or fact
        self._perform_withdrawal(today)
        return f"{fact.on}{fact.party or '申请人'}撤回监督申请（[行监]81(二)）"

    def _perform_withdrawal(self, today: date) -> None:
        """Who undertook to withdraw has done so with it, whichever was entered first."""
        done = self.withdrawal
        for id, each in self.performances.items():
            if done and each.item.kind is ItemKind.WITHDRAWAL and each.is_open:
                step = ItemProgressed(
                    id=done.id, on=done.on, by=done.by, item=id, milestone=Milestone.WITHDRAWN
                )
                self.putting_right.take_progress(step, today)

    # what the case is told that it belongs to

    @property
    def course(self) -> tuple[DisputeState, EventDate, str] | None:
        """How far it has come, since when, and the id of what brought it there; None before it was found suitable."""
        if self.has_failed and self.failure:
            return DisputeState.FAILED, self.failure.on, self.failure.id
        if self.agreement:
            return self._course_of(self.agreement)
        if self.assessment and self.assessment.suitable and self.assessed_on:
            return DisputeState.UNDER_WAY, EventDate.on(self.assessed_on), self.assessment.id
        return None

    def _course_of(self, agreement: AgreementSigned) -> tuple[DisputeState, EventDate, str]:
        """Settled is what ends the review ([行监]81): the application withdrawn or given up, or all that was agreed performed."""
        steps = [fact for each in self.performances.values() for fact in each.course]
        last = max(steps, key=lambda fact: (fact.on.latest, fact.on.earliest), default=None)
        if not self.unperformed:
            brought = last or agreement
            return DisputeState.SETTLED, brought.on, brought.id
        if self.withdrawal:
            return DisputeState.SETTLED, self.withdrawal.on, self.withdrawal.id
        if agreement.waives_supervision:
            return DisputeState.SETTLED, agreement.on, agreement.id
        undone = [fact for fact in steps if not fact.passed]
        brought = undone[-1] if undone else agreement
        return DisputeState.UNDER_WAY, brought.on, brought.id

    def own_lines(self) -> Iterator[str]:
        if parents := "、".join(tie.case for tie in self.links.standing(Relation.PARENT)):
            yield f"所属案件：{parents}"

    def own_tellings(self) -> Iterator[Telling]:
        if self.course is None:
            return
        state, on, by = self.course
        for tie in self.links.standing(Relation.PARENT):
            if not tie.elsewhere:
                yield from self.links.told(
                    f"dispute/{state.value}/{by}", tie.case, on, DisputeReported, state=state
                )

    # papers

    def own_papers(self) -> Iterator[OwnPaper]:
        for number, (decision, on) in enumerate(self.plans.values(), 1):
            name = f"化解方案-{number}" if number > 1 else "化解方案"
            yield OwnPaper(f"plan/{decision.id}", on, name, partial(self._plan_paper, decision, on))

    def _plan_paper(self, decision: PlanSettlement, on: date) -> GeneralForm:
        parents = "、".join(tie.case for tie in self.links.standing(Relation.PARENT))
        contacts = tuple(f"{each.on} {each.who}：{each.summary}" for each in self.contacts if each.summary)
        return form(
            self,
            DocumentType.SETTLEMENT_PLAN,
            on,
            rows=(
                ("所属案件", parents),
                ("当事人", "、".join(self.opening.parties)),
                ("行政机关", self.terms.agency),
                ("争议内容", self.terms.subject),
                ("适宜化解的理由", self.assessment.reason if self.assessment else ""),
            ),
            sections=(
                ("沟通情况", "", contacts),
                ("方案", decision.plan, ()),
                ("措施", "", decision.measures),
            ),
        )

    # the end

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        stands = self.agreement is not None and not self.has_failed
        if outcome is Outcome.SETTLED:
            return self._against_settled(stands)
        unsuited = self.assessment is not None and not self.assessment.suitable
        if outcome is Outcome.DISPUTE_NOT_SETTLED and not (self.has_failed or unsuited):
            remedy = "已签协议的以“和解”结案" if stands else "先记录化解不成（talks_failed），或评估为不适宜"
            return [Problem("没有化解不成的记录", remedy, "outcome")]
        return []

    def _against_settled(self, stands: bool) -> list[Problem]:
        if not stands:
            return [Problem("没有有效的和解协议", "先记录签署（agreement_signed）", "outcome")]
        if not self.unperformed:
            if not self.performances or any(
                each.state is ItemState.DONE for each in self.performances.values()
            ):
                return []
            return [Problem("和解协议没有一项得到履行", "如实记录化解不成（talks_failed）", "outcome")]
        ids = "、".join(f"{each.item.id} {each.item.what}" for each in self.unperformed)
        return [
            Problem(
                f"和解协议尚未履行完毕：{ids}",
                "记录履行（item_progressed）；部分履行即可的，决定不再要求其余（drop_item）并写明理由",
                "outcome",
            )
        ]


def _in_the_past(fact: PartyContacted | SupervisionWithdrawn, today: date) -> list[Problem]:
    return future(fact.on, today)
