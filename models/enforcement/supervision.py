"""Our supervision of a court or an enforcing agency ([行监]): from its opening to what the review comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.dates import EventDate, future
from models.enforcement.terms import Step
from models.errors import Problem
from models.ledgers import Deadlines, LedgerEntry
from models.said.court_supervision import (
    DeclineSupervision,
    DeclineSupport,
    FollowUp,
    OpenSupervision,
    ReferUpward,
    ReviewReported,
    StepBegun,
    StepDone,
    SupervisionRequested,
    TerminateReview,
)
from models.terms import LabelledEnum

REVIEW, NO_SUPPORT, NOTIFY = "sup.review", "sup.nosupport", "sup.notify"
WINDOW, DECIDE = "sup.window", "sup.decide"

_STEPS = {
    Step.HANDOVER: "sup.transfer",
    Step.OTHER_PARTY: "sup.other_party",
    Step.FLOW_NOTICE: "sup.flow",
}


class Concluded(LabelledEnum):
    """What a review comes to, where it is no suggestion, or where a suggestion was of no avail."""

    NOT_SUPPORTED = "not_supported", "不支持监督申请"
    TERMINATED = "terminated", "终结审查"
    FOLLOWED_UP = "followed_up", "跟进监督"
    REFERRED = "referred", "提请上级监督"


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The conclusion of a review, and when."""

    kind: Concluded
    on: date
    by: str
    to: str = ""


class Supervision:
    """Application, opening, steps, review and conclusion of one case."""

    def __init__(self, deadlines: Deadlines) -> None:
        self.deadlines = deadlines
        self.requested: SupervisionRequested | None = None
        self.declined = ""
        self.opened_on: date | None = None
        self.reason = ""
        self.conclusion: Conclusion | None = None
        self.steps_done: list[Step] = []
        self.reports: list[ReviewReported] = []

    @property
    def is_opened(self) -> bool:
        return self.opened_on is not None

    @property
    def review_entries(self) -> list[LedgerEntry]:
        """The ledger of our review."""
        deadline = self.deadlines.by_key.get(f"case/{REVIEW}")
        return list(deadline.entries) if deadline is not None else []

    @property
    def is_suspended(self) -> bool:
        """Whether our review stands still (中止审查)."""
        deadline = self.deadlines.by_key.get(f"case/{REVIEW}")
        return deadline is not None and deadline.is_suspended

    # on application, or of our own motion

    def check_requested(self, fact: SupervisionRequested, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        earlier = self.requested
        if earlier is not None and not self.declined and fact.applicant in ("", earlier.applicant):
            remedy = "记录有误的，更正（correct）；另有当事人申请的，写明 applicant"
            problems.append(Problem("监督申请已记录", remedy, "kind"))
        if fact.known_on and fact.known_on > fact.on.latest:
            problems.append(
                Problem(f"知道之日 {fact.known_on} 晚于申请日 {fact.on}", "请核对日期", "known_on")
            )
        return problems

    def take_requested(self, fact: SupervisionRequested, today: date) -> str:
        window, decide = self._key(WINDOW, fact), self._key(DECIDE, fact)
        self.requested, self.declined = fact, ""
        if fact.known_on:
            known_on, party = EventDate.on(fact.known_on), fact.applicant or "申请人"
            self.deadlines.start(WINDOW, known_on, fact.id, party=party, key=window)
            self.deadlines.meet(window, fact.on, fact.id)
        self.deadlines.start(DECIDE, fact.on, fact.id, key=decide)
        if self.opened_on is not None:
            self.deadlines.meet(decide, EventDate.on(self.opened_on), fact.id)
        return f"{fact.on}{fact.applicant or '当事人'}申请监督，七日内决定是否受理（[行监]31）"

    def _key(self, rule: str, fact: SupervisionRequested) -> str:
        """The first application has the plain key; one that comes after it a key of its own."""
        is_first = self.requested is None or self.requested.id == fact.id
        return f"case/{rule}" if is_first else f"case/{rule}/{fact.id}"

    def _decided(self, on: EventDate, by: str) -> None:
        for deadline in self.deadlines.by_key.values():
            if deadline.rule == DECIDE and deadline.is_running:
                self.deadlines.meet(deadline.key, on, by)

    def door_open(self, decision: OpenSupervision, today: date) -> list[Problem]:
        """The six months of an application cannot be lengthened ([行监]20); what we find ourselves knows none."""
        if self.requested is None or self.declined:
            return []
        windows = [
            self.deadlines.counted.get(each.key)
            for each in self.deadlines.by_key.values()
            if each.rule == WINDOW
        ]
        late = [each.days_late or 0 for each in windows if each is not None]
        if not late or min(late) <= 0:
            return []
        what = f"监督申请超过六个月{min(late)}日，不予受理（[行监]20）"
        remedy = "不予受理（decline_supervision）；依职权监督的，其后再立案"
        return [Problem(what, remedy, "kind")]

    def check_open(self, decision: OpenSupervision, today: date) -> list[Problem]:
        problems = []
        if self.is_opened:
            problems.append(Problem("已监督立案", "不必重复立案", "kind"))
        if not decision.reason:
            problems.append(Problem("监督立案须写明事由", "填写 reason", "reason"))
        return problems

    def take_open(self, decision: OpenSupervision, today: date) -> str:
        self.opened_on, self.reason = decision.on or today, decision.reason
        on = EventDate.on(self.opened_on)
        self.deadlines.start(REVIEW, on, decision.id)
        self._decided(on, decision.id)
        if self.requested is None or self.declined:
            return f"{on}依职权监督立案：{decision.reason}"
        self.deadlines.start(NOTIFY, on, decision.id)
        self.deadlines.start(_STEPS[Step.HANDOVER], on, decision.id)
        return f"{on}受理监督申请并立案：{decision.reason}"

    def check_decline(self, decision: DeclineSupervision, today: date) -> list[Problem]:
        if self.requested is None:
            return [Problem("没有监督申请", "先记录申请（supervision_requested）", "kind")]
        if self.is_opened or self.declined:
            return [Problem("对监督申请已作决定", "不必重复决定", "kind")]
        return [] if decision.reason else [Problem("不予受理须写明理由", "填写 reason", "reason")]

    def take_decline(self, decision: DeclineSupervision, today: date) -> str:
        self.declined = decision.reason
        self._decided(EventDate.on(decision.on or today), decision.id)
        return f"对监督申请不予受理：{decision.reason}（不影响依职权监督）"

    # steps of procedure

    def check_step_begun(self, fact: StepBegun, today: date) -> list[Problem]:
        return future(fact.on, today)

    def take_step_begun(self, fact: StepBegun, today: date) -> str:
        rule = _STEPS[fact.step]
        self.deadlines.start(
            rule, fact.on, fact.id, key=f"case/{rule}" if self._is_new(rule) else f"{fact.id}/{rule}"
        )
        return f"{fact.on}程序事项开始：{fact.step.label}"

    def _is_new(self, rule: str) -> bool:
        return f"case/{rule}" not in self.deadlines.by_key

    def _running(self, step: Step) -> list[str]:
        rule = _STEPS[step]
        return [each.key for each in self.deadlines.by_key.values() if each.rule == rule and each.is_running]

    def check_step_done(self, fact: StepDone, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        if not self._running(fact.step):
            problems.append(
                Problem(f"没有进行中的“{fact.step.label}”", "先记录其开始（step_begun）或者监督立案", "step")
            )
        return problems

    def take_step_done(self, fact: StepDone, today: date) -> str:
        self.steps_done.append(fact.step)
        self.deadlines.meet(self._running(fact.step)[0], fact.on, fact.id)
        return f"{fact.on}程序事项办结：{fact.step.label}"

    # what the review comes to

    def reviewed(self, on: EventDate, by: str) -> None:
        """The review came to an end: a suggestion, or one of the conclusions below."""
        self.deadlines.meet(f"case/{REVIEW}", on, by)

    def check_reported(self, fact: ReviewReported, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        if self.opened_on is None:
            problems.append(Problem("尚未监督立案", "先立案（open_supervision）", "kind"))
        elif fact.on.latest < self.opened_on:
            problems.append(Problem(f"报告日 {fact.on} 早于立案日 {self.opened_on}", "请核对日期", "on"))
        return problems

    def take_reported(self, fact: ReviewReported, today: date) -> str:
        """The report is on file; the review ends with the decision upon it."""
        self.reports.append(fact)
        return f"{fact.on}审查终结报告：{fact.opinion}"

    def _check_conclusion(self, reason: str) -> list[Problem]:
        problems = []
        if not self.is_opened:
            problems.append(Problem("尚未监督立案", "先立案（open_supervision）", "kind"))
        if self.conclusion is not None:
            problems.append(Problem(f"已{self.conclusion.kind.label}", "不必再作此决定", "kind"))
        if not reason:
            problems.append(Problem("须写明理由", "填写 reason", "reason"))
        return problems

    def check_decline_support(self, decision: DeclineSupport, today: date) -> list[Problem]:
        problems = self._check_conclusion(decision.reason)
        if self.requested is None:
            problems.append(
                Problem("没有监督申请，不存在不支持", "依职权立案的，终结审查（terminate_review）", "kind")
            )
        return problems

    def take_decline_support(self, decision: DeclineSupport, today: date) -> str:
        on = self._conclude(Concluded.NOT_SUPPORTED, decision.on or today, decision.id, decision.by.name)
        self.deadlines.start(NO_SUPPORT, on, decision.id)
        return f"{on}不支持监督申请：{decision.reason}；十五日内制发决定书"

    def check_terminate(self, decision: TerminateReview, today: date) -> list[Problem]:
        return self._check_conclusion(decision.reason)

    def take_terminate(self, decision: TerminateReview, today: date) -> str:
        on = self._conclude(Concluded.TERMINATED, decision.on or today, decision.id, decision.by.name)
        return f"{on}终结审查：{decision.reason}"

    def check_follow_up(self, decision: FollowUp, today: date) -> list[Problem]:
        return self._check_conclusion(decision.reason)

    def take_follow_up(self, decision: FollowUp, today: date) -> str:
        on = self._conclude(Concluded.FOLLOWED_UP, decision.on or today, decision.id, decision.by.name)
        return f"{on}跟进监督（[行监]125）：{decision.reason}"

    def check_refer(self, decision: ReferUpward, today: date) -> list[Problem]:
        problems = self._check_conclusion(decision.reason)
        if self.conclusion is not None and self.conclusion.kind is Concluded.FOLLOWED_UP:
            problems = [each for each in problems if each.field != "kind"]
        if not decision.by.role.is_chief:
            problems.append(Problem("提请上级监督由检察长决定", "由检察长作出", "by"))
        return problems

    def take_refer(self, decision: ReferUpward, today: date) -> str:
        on = self._conclude(
            Concluded.REFERRED, decision.on or today, decision.id, decision.by.name, decision.to
        )
        return f"{on}提请{decision.to}监督：{decision.reason}"

    def _conclude(self, kind: Concluded, on: date, decision: str, by: str, to: str = "") -> EventDate:
        self.conclusion = Conclusion(kind, on, by, to)
        self.reviewed(EventDate.on(on), decision)
        return EventDate.on(on)
