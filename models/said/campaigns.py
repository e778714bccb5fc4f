"""第七条: what is said to a joint campaign, whose cases may be thousands."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.said.bases import DecisionBase, FactBase
from models.wire import Phrase, Wire

MOST_AT_ONCE = 500
CaseNumber = Annotated[str, Field(min_length=1, max_length=60)]


class CampaignTerms(Wire):
    """The field, aims, organisers and period of the campaign."""

    kind: Literal["campaign"] = "campaign"
    field: str = Field(default="", max_length=100, description="领域", examples=["耕地保护"])
    aims: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="目标", examples=["[摸排违法占耕线索]"]
    )
    organisers: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="组织单位", examples=["[三明市人民检察院]"]
    )
    begins_on: date | None = Field(default=None, description="开始日期", examples=["2021-10-08"])
    ends_on: date | None = Field(default=None, description="结束日期", examples=["2022-06-30"])


class AgreeCampaign(DecisionBase):
    """商定专项行动: both sides have agreed on its plan and period; agreed again, with the reason, plan or period change."""

    LABEL = "商定专项行动"

    kind: Literal["agree_campaign"] = "agree_campaign"
    plan: str = Field(
        default="", max_length=5000, description="行动方案", examples=["摸排、交办、督办、总结四个阶段"]
    )
    begins_on: date | None = Field(
        default=None, description="开始日期；不写即按立项", examples=["2021-10-08"]
    )
    ends_on: date | None = Field(default=None, description="结束日期；不写即按立项", examples=["2022-06-30"])


class CampaignStarted(FactBase):
    """启动专项行动: it was announced, and those who take part were told what to do."""

    LABEL = "启动专项行动"

    kind: Literal["campaign_started"] = "campaign_started"
    units: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="参加单位", examples=["[永安市自然资源局]"]
    )


class CaseAttached(FactBase):
    """挂接案件: one case belongs to the campaign; the case itself is not told, its progress is read from the registry."""

    LABEL = "挂接案件"

    kind: Literal["case_attached"] = "case_attached"
    case: CaseNumber = Field(description="案件编号", examples=["urging-350481-2026-0001"])


class AttachCases(DecisionBase):
    """批量挂接案件: up to five hundred cases at once belong to the campaign."""

    LABEL = "批量挂接案件"

    kind: Literal["attach_cases"] = "attach_cases"
    cases: tuple[CaseNumber, ...] = Field(
        min_length=1,
        max_length=MOST_AT_ONCE,
        description=f"案件编号，一次不超过{MOST_AT_ONCE}件",
        examples=["[urging-350481-2026-0001, enforcement-350481-2026-0002]"],
    )


class DetachCases(DecisionBase):
    """解除挂接: cases do not belong to the campaign after all, with the reason."""

    LABEL = "解除挂接"

    kind: Literal["detach_cases"] = "detach_cases"
    cases: tuple[CaseNumber, ...] = Field(
        min_length=1,
        max_length=MOST_AT_ONCE,
        description=f"案件编号，一次不超过{MOST_AT_ONCE}件",
        examples=["[urging-350481-2026-0001]"],
    )


class CountProgress(DecisionBase):
    """汇总进度: count now how far the attached cases have come; it is also counted when an item falls due, and for the report."""

    LABEL = "汇总进度"

    kind: Literal["count_progress"] = "count_progress"


class ProgressReported(FactBase):
    """报告阶段成果: what one of those who take part reports of its own work."""

    LABEL = "报告阶段成果"

    kind: Literal["progress_reported"] = "progress_reported"
    unit: str = Field(default="", max_length=100, description="报告单位", examples=["整改专班"])
    summary: str = Field(
        default="", max_length=2000, description="成果", examples=["复垦十一亩，修复沟渠二十余处"]
    )


class CampaignReported(FactBase):
    """专项行动总结: what was achieved, and what is still recommended; each recommendation is followed to its end."""

    LABEL = "专项行动总结"

    kind: Literal["campaign_reported"] = "campaign_reported"
    results: str = Field(
        default="", max_length=20_000, description="成效", examples=["拆除违建二十处，复耕三十亩"]
    )
    recommendations: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="意见建议，逐条落实", examples=["[建立共享台账]"]
    )


class ProgressCounted(Wire):
    """How far the attached cases had come in the registry, in numbers; `order` says what it was counted for.

    `put_right`: closed as put right or enforced. `by_outcome`: how the closed ones ended.
    """

    kind: Literal["progress_counted"] = "progress_counted"
    id: str
    order: str
    attached: int
    opened: int
    closed: int
    overdue: int
    put_right: int
    by_outcome: dict[str, int] = Field(default_factory=dict)


CampaignFact = CampaignStarted | CaseAttached | ProgressReported | CampaignReported
CampaignDecision = AgreeCampaign | AttachCases | DetachCases | CountProgress
