"""第七条 联合专项行动: a campaign from its proposal to its report; thousands of cases, whose progress the registry tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from models.attached import Attached
from models.casefile import CaseFile, OwnOrder, OwnPaper
from models.cases.campaign_papers import plan_paper, report_paper
from models.dates import EventDate, future
from models.document_types import DocumentType
from models.errors import Problem
from models.journal import Route
from models.ladder import Ladder
from models.messages import FellDue, Message
from models.rectification import TASK
from models.said.campaigns import (
    AgreeCampaign,
    AttachCases,
    CampaignReported,
    CampaignStarted,
    CampaignTerms,
    CaseAttached,
    CountProgress,
    DetachCases,
    ProgressReported,
)
from models.said.links import CaseLinked, CaseUnlinked, LinkCase, LinkedCaseClosed, LinkedOpened
from models.stages import CampaignStage
from models.tallies import Progress, numbers
from models.terms import ItemKind, Outcome, Relation
from models.wire import Item

CAMPAIGN = "campaign"

_ATTACHING = ("case_attached", "attach_cases", "case_linked")


class CampaignFile(CaseFile):
    """A joint campaign as its journal has made it."""

    DOCUMENTS = (
        DocumentType.CAMPAIGN_PLAN,
        DocumentType.CAMPAIGN_REPORT,
        DocumentType.NOTIFICATION_LETTER,
        DocumentType.SUGGESTION,
        DocumentType.CLASS_SUGGESTION,
        DocumentType.PRE_SUIT_SUGGESTION,
        DocumentType.FILING_REPORT,
    )
    OUTCOMES = (Outcome.COMPLETED, Outcome.CANCELLED)
    RULES = (
        CAMPAIGN,
        "coop.reply",
        "coop.plan",
        "jy.reply",
        "jy.reply_urgent",
        "jy.objection",
        "jy.file_up",
        "local.plan_check",
        "pil.serve",
        "pil.reply",
        "pil.reply_urgent",
        "pil.file_up",
        "pil.prosecute",
    )

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, CampaignTerms) else CampaignTerms()
        self.agreements: dict[str, tuple[AgreeCampaign, date]] = {}
        self.period = ""
        self.started: CampaignStarted | None = None
        self.results: list[ProgressReported] = []
        self.report: CampaignReported | None = None
        self.progress = Progress(self.opening.case)
        self.attached = Attached(self.opening.case)
        for tie in self.links.standing(Relation.CHILD):
            self.attached.attach(tie.case, self.opening.opened_on)
            self.links.leave(tie.case)
        ladder, links = Ladder(self.correspondence, self.drafting), self.links
        return {
            "agree_campaign": Route(self._check_agree, self._take_agree),
            "campaign_started": Route(self._check_started, self._take_started, after_closing=True),
            "case_attached": Route(self._check_attached, self._take_attached, self._door_attached),
            "attach_cases": Route(self._check_attach, self._take_attach, self._door_attach),
            "detach_cases": Route(self._check_detach, self._take_detach),
            "count_progress": Route(self._check_count, self._take_count),
            "progress_counted": Route(_anything, self.progress.take, after_closing=True),
            "progress_reported": Route(_in_the_past, self._take_result, after_closing=True),
            "campaign_reported": Route(self._check_reported, self._take_reported),
            # What ties one case to another attaches it where the other is a campaign.
            "link_case": Route(self._check_link, links.take_link, after_closing=True),
            "case_linked": Route(links.check_linked, self._take_linked, after_closing=True),
            "case_unlinked": Route(links.check_linked, self._take_unlinked, after_closing=True),
            "linked_opened": Route(links.check_opened, self._take_opened, after_closing=True),
            "urge": Route(ladder.check_urge, ladder.take_urge, ladder.door_urge),
            "escalate": Route(
                self.correspondence.check_letter,
                ladder.take_escalate,
                lambda decision, today: ladder.door_escalate(
                    decision, self.overdue_letters, self.lapsed_letters, today
                ),
            ),
        }

    def needs(self, message: Message) -> frozenset[str] | None:
        return frozenset() if message.kind == "case_attached" else super().needs(message)

    def brings(self, message: Message) -> frozenset[str]:
        # Thousands of them: nothing waits for a case to be attached.
        return frozenset() if message.kind in _ATTACHING else super().brings(message)

    @property
    def stage(self) -> CampaignStage:
        if self.is_closed:
            if self.is_looked_back:
                return CampaignStage.ARCHIVED
            return CampaignStage.REVISIT if self.ending.look_backs else CampaignStage.CLOSED
        if self.report:
            return CampaignStage.FOLLOWING_UP if self.putting_right.open_items else CampaignStage.REPORTING
        if any(key == self.period for key, _ in self.run_out):
            return CampaignStage.REPORTING
        if self.is_under_way:
            return CampaignStage.UNDER_WAY
        return CampaignStage.AGREED if self.agreements else CampaignStage.PROPOSED

    @property
    def is_under_way(self) -> bool:
        """Whether anything has been done yet besides agreeing on it."""
        letters = any(letter.issued_on for letter in self.letters)
        return bool(self.started or self.attached.detached_on or self.results or letters)

    # plan and period

    def against_opening(self) -> list[Problem]:
        terms = self.terms
        if terms.begins_on and terms.ends_on and terms.ends_on < terms.begins_on:
            return [Problem(f"结束日期 {terms.ends_on} 早于开始日期", "核对 begins_on、ends_on", "ends_on")]
        return []

    def _check_agree(self, decision: AgreeCampaign, today: date) -> list[Problem]:
        problems = []
        begins_on, ends_on = self.period_of(decision)
        if self.agreements and not decision.reason:
            problems.append(Problem("已商定；变更方案、期间须写明理由", "填写 reason", "reason"))
        if ends_on and ends_on < (begins_on or decision.on or today):
            problems.append(Problem(f"结束日期 {ends_on} 早于开始日期", "核对 begins_on、ends_on", "ends_on"))
        return problems

    def period_of(self, decision: AgreeCampaign) -> tuple[date | None, date | None]:
        """First and last day, as it was agreed on, else as it was proposed."""
        return decision.begins_on or self.terms.begins_on, decision.ends_on or self.terms.ends_on

    def _take_agree(self, decision: AgreeCampaign, today: date) -> str:
        on = decision.on or today
        _, ends_on = self.period_of(decision)
        if self.period:
            self.deadlines.end_key(self.period, "重新商定")
        self.period = f"case/{CAMPAIGN}/{decision.id}" if self.agreements else f"case/{CAMPAIGN}"
        self.deadlines.start(CAMPAIGN, EventDate.on(on), decision.id, fixed_on=ends_on, key=self.period)
        changed = f"变更专项行动方案：{decision.reason}" if self.agreements else "商定专项行动"
        self.agreements[decision.id] = decision, on
        return f"{on}{changed}{f'，至{ends_on}' if ends_on else ''}"

    def _check_started(self, fact: CampaignStarted, today: date) -> list[Problem]:
        return future(fact.on, today)

    def _take_started(self, fact: CampaignStarted, today: date) -> str:
        self.started = self.started or fact
        units = f"，参加单位：{'、'.join(fact.units)}" if fact.units else ""
        return f"{fact.on}启动专项行动{units}"

    # cases

    def _check_attached(self, fact: CaseAttached, today: date) -> list[Problem]:
        return self.attached.check([fact.case]) + future(fact.on, today)

    def _door_attached(self, fact: CaseAttached, today: date) -> list[Problem]:
        return self.attached.again([fact.case])

    def _take_attached(self, fact: CaseAttached, today: date) -> str:
        return self._attach(fact.case, fact.on.latest)

    def _attach(self, case: str, on: date) -> str:
        return f"挂接 {case}" if self.attached.attach(case, on) else f"{case} 已挂接或者其后解除，不重复计"

    def _check_attach(self, decision: AttachCases, today: date) -> list[Problem]:
        return self.attached.check(decision.cases)

    def _door_attach(self, decision: AttachCases, today: date) -> list[Problem]:
        return self.attached.again(decision.cases)

    def _take_attach(self, decision: AttachCases, today: date) -> str:
        new = sum(self.attached.attach(case, decision.on or today) for case in decision.cases)
        return f"挂接案件{new}件，共{len(self.attached.standing)}件"

    def _check_detach(self, decision: DetachCases, today: date) -> list[Problem]:
        problems = self.attached.unknown(decision.cases)
        if not decision.reason:
            problems.append(Problem("解除挂接须写明理由", "填写 reason", "reason"))
        return problems

    def _take_detach(self, decision: DetachCases, today: date) -> str:
        self.attached.detach(decision.cases, decision.on or today)
        return f"解除挂接{len(decision.cases)}件，尚有{len(self.attached.standing)}件：{decision.reason}"

    def _check_link(self, decision: LinkCase, today: date) -> list[Problem]:
        if decision.relation is Relation.CHILD:
            return [Problem("专项行动的案件不逐件关联", "改用 attach_cases（批量挂接案件）", "relation")]
        return self.links.check_link(decision, today)

    def _take_linked(self, fact: CaseLinked, today: date) -> str:
        if fact.relation is Relation.CHILD and not self.attached.check([fact.case]):
            return self._attach(fact.case, fact.on.latest)
        return self.links.take_linked(fact, today)

    def _take_unlinked(self, fact: CaseUnlinked, today: date) -> str:
        if fact.case not in self.attached:
            return self.links.take_unlinked(fact, today)
        self.attached.detach([fact.case], fact.on.latest)
        return f"{fact.case} 解除挂接"

    def _take_opened(self, news: LinkedOpened, today: date) -> str:
        sentence = self.links.take_opened(news, today)
        if self.links.ties[news.case].relation is Relation.CHILD:
            self.links.leave(news.case)
            self.attached.attach(news.case, today)
        return sentence

    def take_linked_closed(self, fact: LinkedCaseClosed, today: date) -> str:
        if fact.case not in self.attached:
            return super().take_linked_closed(fact, today)
        return f"{fact.case} 于{fact.on}办结：{fact.outcome}，计入下次汇总"

    # progress

    def _check_count(self, decision: CountProgress, today: date) -> list[Problem]:
        if self.attached.standing:
            return []
        return [Problem("尚未挂接案件，无从汇总", "先挂接案件（attach_cases）", "kind")]

    def _take_count(self, decision: CountProgress, today: date) -> str:
        self.progress.ask(decision.id)
        return f"汇总{len(self.attached.standing)}件案件的进度"

    def take_fell_due(self, tick: FellDue, today: date) -> str:
        """When an item's day has come, what has been achieved by then is counted; once for all items of one day."""
        deadline = self.deadlines.by_key.get(tick.deadline)
        if deadline is not None and deadline.rule == TASK and self.attached.standing and not self.is_closed:
            self.progress.ask(str(tick.due_on))
        return super().take_fell_due(tick, today)

    def own_lines(self) -> Iterator[str]:
        if cases := len(self.attached.standing):
            yield f"挂接案件{cases}件"
        if last := self.progress.last:
            yield f"截至{last[0]}：{'，'.join(numbers(last[1]))}"

    def own_orders(self) -> Iterator[OwnOrder]:
        if self.is_counting:
            yield from self.progress.orders(self.attached.standing, self.links.done)

    @property
    def is_counting(self) -> bool:
        """Whether an answer of the registry is still awaited."""
        return bool(self.progress.awaited(self.links.done))

    def _take_result(self, fact: ProgressReported, today: date) -> str:
        self.results.append(fact)
        return f"{fact.on}{fact.unit}报告阶段成果：{fact.summary}"

    # report and end

    def _check_reported(self, fact: CampaignReported, today: date) -> list[Problem]:
        if not self.agreements:
            return [Problem("尚未商定专项行动", "先商定（agree_campaign）", "kind")]
        if self.report is not None:
            return [Problem("总结报告已记录", "报告有误的，更正（correct）", "kind")]
        return future(fact.on, today)

    def _take_reported(self, fact: CampaignReported, today: date) -> str:
        self.report = fact
        if self.attached.standing:
            self.progress.ask(fact.id)
        self.deadlines.meet(self.period, fact.on, fact.id)
        for what in fact.recommendations:
            id = self.putting_right.free_id("建议")
            item = Item(id=id, what=what[:500], kind=ItemKind.RECOMMENDATION)
            self.putting_right.enter(item, fact.on, fact.id)
        return f"{fact.on}形成专项行动总结报告，意见建议{len(fact.recommendations)}条，逐条落实"

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        problems = []
        if outcome is Outcome.COMPLETED and self.report is None:
            problems.append(
                Problem("总结报告尚未形成", "先记录（campaign_reported），或以“取消”结案", "outcome")
            )
        if outcome is Outcome.COMPLETED and (undone := self.putting_right.open_items):
            ids = "、".join(each.item.id for each in undone)
            problems.append(Problem(f"任务、建议尚未落实：{ids}", "记录进展，或决定不再要求", "outcome"))
        if self.is_counting:
            problems.append(Problem("正在汇总进度", "稍后再试", "outcome"))
        return problems

    # papers

    def own_papers(self) -> Iterator[OwnPaper]:
        for number, (decision, on) in enumerate(self.agreements.values(), 1):
            name = f"专项行动方案-{number}" if number > 1 else "专项行动方案"
            yield OwnPaper(f"plan/{decision.id}", on, name, partial(plan_paper, self, decision, on))
        if self.report and not self.is_counting:
            build = partial(report_paper, self, self.report)
            yield OwnPaper(
                "case/report", self.report.on.latest, "专项行动总结报告", build, fact_kind="campaign_reported"
            )


def _anything(message: object, today: date) -> list[Problem]:
    return []


def _in_the_past(fact: ProgressReported, today: date) -> list[Problem]:
    return future(fact.on, today)
