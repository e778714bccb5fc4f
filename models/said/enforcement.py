"""第四条: what is said of a penalty decision, of the party's fulfilment and appeals."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.enforcement.terms import Enforcer, PenaltyKind, Remedy, RemedyResult
from models.said.bases import FactBase
from models.wire import Wire

ALL = "全部"
"""In place of the ids of items: all that the application asks for."""

PenaltyId = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^/\s]+$")]


class PenaltyItem(Wire):
    """One item of a penalty decision (处罚分项)."""

    id: PenaltyId = Field(description="分项的编号或简称", examples=["拆除"])
    kind: PenaltyKind = Field(description="种类", examples=["限期拆除"])
    what: str = Field(
        default="", max_length=500, description="内容", examples=["限十五日内拆除新建的厂房二百平方米"]
    )
    yuan: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="金额（元，只写数字）", examples=["19016.76"]
    )


PenaltyItems = Annotated[tuple[PenaltyItem, ...], Field(max_length=30)]
ItemIds = Annotated[tuple[PenaltyId, ...], Field(max_length=30)]


class EnforcementTerms(Wire):
    """The penalty decision whose enforcement is watched."""

    kind: Literal["enforcement"] = "enforcement"
    agency: str = Field(
        default="", max_length=100, description="作出处罚决定的机关", examples=["永安市自然资源局"]
    )
    agency_is_bound: bool = Field(
        default=True,
        description="作出决定的机关是否受第四条约束（自然资源主管部门；不受约束的不计算抄送期限）",
        examples=["false"],
    )
    court: str = Field(default="", max_length=100, description="受理申请的法院", examples=["永安市人民法院"])
    decision_no: str = Field(
        default="", max_length=100, description="处罚决定书文号", examples=["永自然资罚〔2021〕3号"]
    )
    penalties: PenaltyItems = Field(default=(), description="处罚决定的各个分项")
    civil_ruling: bool = Field(
        default=False, description="是否对平等主体之间民事争议的行政裁决（权利人可申请执行）"
    )


# ── the bureau and the party ─────────────────────────────────────────────────────────────────────────────────────────


class PenaltyCaseFiled(FactBase):
    """行政处罚立案: the decision is due within ninety days ([处罚]60)."""

    LABEL = "行政处罚立案"

    kind: Literal["penalty_case_filed"] = "penalty_case_filed"


class PenaltyDecided(FactBase):
    """作出处罚决定, with its items; where the party was not there, it is to be served within seven working days ([处罚]61)."""

    LABEL = "作出处罚决定"

    kind: Literal["penalty_decided"] = "penalty_decided"
    number: str = Field(
        default="", max_length=100, description="处罚决定书文号", examples=["永自然资罚〔2021〕3号"]
    )
    penalties: PenaltyItems = Field(default=(), description="处罚决定的各个分项；立案时已列的不必再写")
    served_at_once: bool = Field(default=False, description="是否当场交付当事人", examples=["true"])


class DecisionServed(FactBase):
    """送达处罚决定: each item's periods for reconsideration, suit and payment begin."""

    LABEL = "送达处罚决定"

    kind: Literal["decision_served"] = "decision_served"
    items: ItemIds = Field(default=(), description="哪些分项；不写即全部", examples=["[拆除, 罚款]"])


class PaymentDeferred(FactBase):
    """延期、分期缴纳罚款: the window to apply then runs from the end of the deferral ([处罚]66, 72)."""

    LABEL = "准予延期分期缴款"

    kind: Literal["payment_deferred"] = "payment_deferred"
    item: PenaltyId = Field(description="哪个分项", examples=["罚款"])
    until: date = Field(description="延期或者最后一期届满之日", examples=["2021-12-31"])


class PenaltyFulfilled(FactBase):
    """履行: an item was fulfilled, wholly or partly, by the party, the court or an agency."""

    LABEL = "履行分项"

    kind: Literal["penalty_fulfilled"] = "penalty_fulfilled"
    items: ItemIds = Field(min_length=1, description="哪些分项；全部分项可写“全部”", examples=["[拆除]"])
    whole: bool = Field(default=True, description="是否全部履行；部分履行的写 false", examples=["true"])
    yuan: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="缴款金额（元，只写数字）", examples=["10000"]
    )
    enforcer: Enforcer = Field(default=Enforcer.PARTY, description="由谁实现")


class ConfiscatedDisposed(FactBase):
    """没收物移交处置: what was confiscated was handed to the government or whom it names, within ninety days ([土条]58)."""

    LABEL = "没收物移交处置"

    kind: Literal["confiscated_disposed"] = "confiscated_disposed"
    item: PenaltyId = Field(description="哪个没收分项", examples=["没收"])
    to: str = Field(default="", max_length=100, description="移交给哪个单位", examples=["某镇人民政府"])


class DemandServed(FactBase):
    """送达催告书: ten working days later the court may be asked ([强制]54, 69)."""

    LABEL = "送达催告书"

    kind: Literal["demand_served"] = "demand_served"
    items: ItemIds = Field(default=(), description="催告哪些分项；不写即尚未履行的", examples=["[拆除]"])


class RemedyBegun(FactBase):
    """当事人复议、起诉: the non-litigation path ends meanwhile ([行诉]45)."""

    LABEL = "当事人复议或者起诉"

    kind: Literal["remedy_begun"] = "remedy_begun"
    form: Remedy = Field(description="途径")
    items: ItemIds = Field(default=(), description="针对哪些分项；不写即全部", examples=["[拆除, 罚款]"])


class RemedyEnded(FactBase):
    """复议、诉讼终结: the decision stands, or the party withdrew, or it was revoked. `on` is the day the party had the result."""

    LABEL = "复议或者诉讼终结"

    kind: Literal["remedy_ended"] = "remedy_ended"
    form: Remedy = Field(description="途径")
    result: RemedyResult = Field(description="结果")
    items: ItemIds = Field(default=(), description="撤销、变更哪些分项；不写即全部", examples=["[罚款]"])


PenaltyFact = (
    PenaltyCaseFiled
    | PenaltyDecided
    | DecisionServed
    | PaymentDeferred
    | PenaltyFulfilled
    | ConfiscatedDisposed
    | DemandServed
    | RemedyBegun
    | RemedyEnded
)
