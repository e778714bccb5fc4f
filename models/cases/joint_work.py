"""第九条 联合调研: a study from its proposal to its report; common standards written down, recommendations followed up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from models.casefile import CaseFile, OwnPaper
from models.dates import EventDate, future
from models.document_types import DocumentType
from models.errors import Problem
from models.general_papers import GeneralForm
from models.journal import Route
from models.plain_papers import form, told_apart
from models.said.joint_work import AgreeStudy, StandardAgreed, StudyReported, StudyTerms
from models.stages import StudyStage
from models.terms import ItemKind, MeetingForm, Outcome
from models.wire import Item

REPORT = "research"


class StudyFile(CaseFile):
    """A joint study as its journal has made it."""

    DOCUMENTS = (DocumentType.STUDY_PLAN, DocumentType.STUDY_REPORT)
    OUTCOMES = (Outcome.COMPLETED, Outcome.CANCELLED)
    RULES = (REPORT,)

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, StudyTerms) else StudyTerms()
        self.agreement: AgreeStudy | None = None
        self.agreed_on: date | None = None
        self.report: StudyReported | None = None
        self.standards: dict[str, StandardAgreed] = {}
        return {
            "agree_study": Route(self._check_agree, self._take_agree),
            "study_reported": Route(self._check_reported, self._take_reported),
            "standard_agreed": Route(self._check_standard, self._take_standard, after_closing=True),
        }

    @property
    def stage(self) -> StudyStage:
        if self.is_closed:
            return StudyStage.ARCHIVED if self.is_looked_back else StudyStage.CLOSED
        if self.report:
            return StudyStage.FOLLOWING_UP if self.putting_right.open_items else StudyStage.REPORTED
        if self.meetings.held(MeetingForm.FIELD_WORK):
            return StudyStage.FIELD_WORK
        return StudyStage.AGREED if self.agreement else StudyStage.PROPOSED

    def _check_agree(self, decision: AgreeStudy, today: date) -> list[Problem]:
        if self.agreement:
            return [Problem("已商定调研", "变更任务的，增列或者不再要求相应事项", "kind")]
        if decision.report_by and decision.report_by < (decision.on or today):
            return [Problem(f"报告日期 {decision.report_by} 不在今后", "填写将来的日期", "report_by")]
        return []

    def _take_agree(self, decision: AgreeStudy, today: date) -> str:
        self.agreement, self.agreed_on = decision, decision.on or today
        on = EventDate.on(self.agreed_on)
        self.deadlines.start(REPORT, on, decision.id, fixed_on=decision.report_by)
        until = f"，{decision.report_by}前形成报告" if decision.report_by else ""
        return f"{self.agreed_on}商定联合调研{until}"

    def _check_reported(self, fact: StudyReported, today: date) -> list[Problem]:
        if self.agreement is None:
            return [Problem("尚未商定调研", "先商定（agree_study）", "kind")]
        if self.report is not None:
            return [Problem("调研报告已记录", "报告有误的，更正（correct）", "kind")]
        return future(fact.on, today)

    def _take_reported(self, fact: StudyReported, today: date) -> str:
        self.report = fact
        self.deadlines.meet(f"case/{REPORT}", fact.on, fact.id)
        for what in fact.recommendations:
            id = self.putting_right.free_id("建议")
            item = Item(id=id, what=what[:500], kind=ItemKind.RECOMMENDATION)
            self.putting_right.enter(item, fact.on, fact.id)
        return f"{fact.on}形成调研报告，对策建议{len(fact.recommendations)}条，逐条落实"

    def _check_standard(self, fact: StandardAgreed, today: date) -> list[Problem]:
        if fact.number in self.standards:
            return [Problem(f"纪要 {fact.number} 已记录", "核对文号", "number")]
        return future(fact.on, today)

    def _take_standard(self, fact: StandardAgreed, today: date) -> str:
        self.standards[fact.number] = fact
        return f"{fact.on}统一标准“{fact.title}”（{fact.number}），办案可以引用"

    def own_papers(self) -> Iterator[OwnPaper]:
        if self.agreed_on:
            yield OwnPaper("case/plan", self.agreed_on, "联合调研方案", self._plan)
        if self.report:
            yield OwnPaper(
                "case/report", self.report.on.latest, "调研报告", self._report, fact_kind="study_reported"
            )
        for standard in self.standards.values():
            name = told_apart("统一标准纪要", standard.id)
            build = partial(self._minutes, standard)
            yield OwnPaper(f"standard/{standard.id}", standard.on.latest, name, build, fact=standard.id)

    def _plan(self) -> GeneralForm:
        assert self.agreement is not None and self.agreed_on is not None
        rows = (
            ("课题", self.terms.topic or self.opening.title),
            ("调研组", "、".join(self.terms.team)),
            ("共同调研单位", "、".join(self.terms.partners)),
            ("报告期限", str(self.agreement.report_by or "")),
        )
        return form(
            self,
            DocumentType.STUDY_PLAN,
            self.agreed_on,
            rows=rows,
            sections=(("方案", self.agreement.plan, ()),),
        )

    def _report(self) -> GeneralForm:
        report = self.report
        assert report is not None
        sections = (("调研发现", report.findings, ()), ("对策建议", "", report.recommendations))
        return form(
            self,
            DocumentType.STUDY_REPORT,
            report.on.latest,
            rows=(("调研组", "、".join(self.terms.team)),),
            sections=sections,
        )

    def _minutes(self, standard: StandardAgreed) -> GeneralForm:
        rows = (("文号", standard.number), ("标准", standard.title))
        return form(
            self,
            DocumentType.STANDARDS_MINUTES,
            standard.on.latest,
            subject=standard.title,
            rows=rows,
            sections=(("议定内容", "", standard.points),),
        )

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        problems = []
        if outcome is Outcome.COMPLETED and self.report is None:
            problems.append(
                Problem("调研报告尚未形成", "先记录（study_reported），或以“取消”结案", "outcome")
            )
        if outcome is Outcome.COMPLETED and (undone := self.putting_right.open_items):
            ids = "、".join(each.item.id for each in undone)
            problems.append(Problem(f"对策建议、任务尚未落实：{ids}", "记录进展，或决定不再要求", "outcome"))
        return problems
