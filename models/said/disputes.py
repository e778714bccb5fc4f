"""第八条: what is said to the settling of an administrative dispute, and what it tells the case that it belongs to."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.said.bases import DecisionBase, FactBase
from models.terms import DisputeState, ItemKind
from models.wire import Phrase, Wire


class DisputeTerms(Wire):
    """Between whom the dispute is, and in which case it arose."""

    kind: Literal["dispute"] = "dispute"
    agency: str = Field(
        default="", max_length=100, description="争议的行政机关", examples=["永安市自然资源局"]
    )
    subject: str = Field(default="", max_length=2000, description="争议内容", examples=["征收补偿数额"])


class AssessSuitability(DecisionBase):
    """评估是否适宜化解, with the reason; and by when it is meant to be settled."""

    LABEL = "评估是否适宜化解"

    kind: Literal["assess_suitability"] = "assess_suitability"
    suitable: bool = Field(description="是否适宜化解", examples=["true"])
    settle_by: date | None = Field(default=None, description="拟于何日前化解", examples=["2099-12-31"])


class PartyContacted(FactBase):
    """沟通联系: the bureau, the party or another was spoken to, and what they said."""

    LABEL = "沟通联系"

    kind: Literal["party_contacted"] = "party_contacted"
    who: str = Field(
        min_length=1, max_length=200, description="与谁沟通", examples=["永安市自然资源局法规科"]
    )
    summary: str = Field(default="", max_length=2000, description="沟通情况", examples=["同意重新测量"])


class PlanSettlement(DecisionBase):
    """拟定化解方案: how the dispute is to be settled; made anew, it takes the place of the former plan."""

    LABEL = "拟定化解方案"

    kind: Literal["plan_settlement"] = "plan_settlement"
    plan: str = Field(
        min_length=1, max_length=5000, description="方案", examples=["现场测量后变更登记，双方和解"]
    )
    measures: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="措施，逐条", examples=["[现场测量, 公开听证]"]
    )


class Performance(Wire):
    """One thing that an agreement obliges to: payment, delivery, registration, withdrawal; its day makes it a deadline."""

    what: str = Field(min_length=1, max_length=500, description="履行内容", examples=["支付补偿款十万元"])
    kind: ItemKind = Field(description="种类", examples=["缴款"])
    owner: str = Field(default="", max_length=100, description="由谁履行", examples=["永安市自然资源局"])
    due_on: date | None = Field(default=None, description="何日前履行", examples=["2099-12-31"])


class AgreementSigned(FactBase):
    """签署和解协议: what was agreed, and what is to be performed; each performance is followed to its end.

    `waives_supervision`: the applicant declares in it that he gives up supervision ([行监]81(三)).
    """

    LABEL = "签署和解协议"

    kind: Literal["agreement_signed"] = "agreement_signed"
    terms: str = Field(
        default="", max_length=5000, description="协议内容", examples=["双方确认边界，变更登记"]
    )
    parties: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="签署各方", examples=["[刘某, 永安市自然资源局]"]
    )
    waives_supervision: bool = Field(
        default=False, description="申请人是否在协议中声明放弃申请监督权利", examples=["true"]
    )
    performance: tuple[Performance, ...] = Field(default=(), max_length=50, description="履行事项，逐条")


class TalksFailed(FactBase):
    """化解不成: no agreement was reached, or it was not kept, and the talks have ended."""

    LABEL = "化解不成"

    kind: Literal["talks_failed"] = "talks_failed"
    summary: str = Field(default="", max_length=2000, description="不成的原因", examples=["补偿数额差距过大"])


class SupervisionWithdrawn(FactBase):
    """撤回监督申请 ([行监]81(二)): the applicant has withdrawn the application that the parent case rests on."""

    LABEL = "撤回监督申请"

    kind: Literal["supervision_withdrawn"] = "supervision_withdrawn"
    party: str = Field(default="", max_length=200, description="申请人", examples=["刘某"])


class DisputeReported(FactBase):
    """争议化解进展: how far the settling of a dispute that belongs to this case has come; under way it is a ground for
    extending the review ([行监]56), settled for ending it ([行监]81).
    """

    LABEL = "争议化解进展"

    kind: Literal["dispute_reported"] = "dispute_reported"
    case: str = Field(
        min_length=1,
        max_length=100,
        description="争议化解案件的编号",
        examples=["dispute-350481-2026-0001"],
    )
    state: DisputeState = Field(description="化解的进展")


DisputeFact = PartyContacted | AgreementSigned | TalksFailed | SupervisionWithdrawn | DisputeReported
DisputeDecision = AssessSuitability | PlanSettlement
