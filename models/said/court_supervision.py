"""第四条: what is said of our own supervision of a court or an enforcing agency (行政诉讼监督规则)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.enforcement.terms import Step
from models.said.bases import DecisionBase, FactBase

SuspicionKey = Annotated[str, Field(min_length=1, max_length=300)]


class SupervisionRequested(FactBase):
    """当事人申请监督: within six months of knowing the illegality ([行监]20); we decide in seven days ([行监]31)."""

    LABEL = "当事人申请监督"

    kind: Literal["supervision_requested"] = "supervision_requested"
    applicant: str = Field(default="", max_length=200, description="申请人", examples=["永安市自然资源局"])
    known_on: date | None = Field(default=None, description="申请人何时知道违法情形；裁定的填送达日")


class StepBegun(FactBase):
    """程序事项开始: a step of procedure whose period runs from this day ([行监]32, 33, 38, 118)."""

    LABEL = "程序事项开始"

    kind: Literal["step_begun"] = "step_begun"
    step: Step = Field(description="哪一程序事项")


class StepDone(FactBase):
    """程序事项办结: that step was done."""

    LABEL = "程序事项办结"

    kind: Literal["step_done"] = "step_done"
    step: Step = Field(description="哪一程序事项")


class ReviewReported(FactBase):
    """审查终结报告 ([行监]51, 52): the review was written up, with the search for similar cases and a plain opinion."""

    LABEL = "审查终结报告"

    kind: Literal["review_reported"] = "review_reported"
    facts: str = Field(
        min_length=1,
        max_length=10_000,
        description="审查认定的事实",
        examples=["法院受理后逾期未裁定"],
    )
    similar_cases: str = Field(
        min_length=1,
        max_length=4000,
        description="类案检索情况：指导性案例、典型案例和关联案件；没有的写明没有",
        examples=["检例第148号可资参照"],
    )
    opinion: str = Field(
        min_length=1,
        max_length=4000,
        description="处理意见和法律依据",
        examples=["建议提出检察建议"],
    )


class TakeUpSuspicion(DecisionBase):
    """采纳嫌疑: a period ran out, or an item was overlooked, and the procurator finds that it must be looked into."""

    LABEL = "采纳嫌疑"

    kind: Literal["take_up_suspicion"] = "take_up_suspicion"
    suspicion: SuspicionKey = Field(
        description="哪一嫌疑：期限的键（show 可以查到），漏裁的写 A1/overlooked/分项",
        examples=["A1/ct.rule"],
    )


class SetAsideSuspicion(DecisionBase):
    """排除嫌疑: a period ran out, but nothing is wrong; with the reason."""

    LABEL = "排除嫌疑"

    kind: Literal["set_aside_suspicion"] = "set_aside_suspicion"
    suspicion: SuspicionKey = Field(
        description="哪一嫌疑：期限的键（show 可以查到），漏裁的写 A1/overlooked/分项",
        examples=["A1/ct.rule"],
    )


class OpenSupervision(DecisionBase):
    """监督立案, on a party's application or of our own motion: three months for the review begin ([行监]56)."""

    LABEL = "监督立案"

    kind: Literal["open_supervision"] = "open_supervision"


class DeclineSupervision(DecisionBase):
    """不予受理监督申请 ([行监]31); of our own motion it may still be opened."""

    LABEL = "不予受理监督申请"

    kind: Literal["decline_supervision"] = "decline_supervision"


class DeclineSupport(DecisionBase):
    """不支持监督申请: the decision goes out within fifteen days ([行监]107, 114)."""

    LABEL = "不支持监督申请"

    kind: Literal["decline_support"] = "decline_support"


class TerminateReview(DecisionBase):
    """终结审查 ([行监]81)."""

    LABEL = "终结审查"

    kind: Literal["terminate_review"] = "terminate_review"


class FollowUp(DecisionBase):
    """跟进监督: the court's answer or act does not put things right ([行监]125)."""

    LABEL = "跟进监督"

    kind: Literal["follow_up"] = "follow_up"
    letter: str = Field(default="", max_length=200)


class ReferUpward(DecisionBase):
    """提请上级检察院监督 ([行监]125), by the chief procurator."""

    LABEL = "提请上级监督"

    kind: Literal["refer_upward"] = "refer_upward"
    to: str = Field(min_length=1, max_length=100, description="提请哪个检察院", examples=["三明市人民检察院"])


SupervisionFact = SupervisionRequested | StepBegun | StepDone | ReviewReported
SupervisionDecision = (
    TakeUpSuspicion
    | SetAsideSuspicion
    | OpenSupervision
    | DeclineSupervision
    | DeclineSupport
    | TerminateReview
    | FollowUp
    | ReferUpward
)
