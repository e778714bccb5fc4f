"""第四条: what is said of the application to the court, the bureau's copy of it, the rulings, and enforcement."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.said.bases import FactBase
from models.said.enforcement import ItemIds
from models.wire import Phrase


class ApplicationFiled(FactBase):
    """申请强制执行: `on` is the day it was handed to the court; the bureau's five working days for the copy begin (art. 4)."""

    LABEL = "申请强制执行"

    kind: Literal["application_filed"] = "application_filed"
    items: ItemIds = Field(default=(), description="申请执行哪些分项；不写即尚未履行的", examples=["[拆除]"])
    number: str = Field(
        default="", max_length=100, description="申请书文号", examples=["永自然资强申〔2021〕5号"]
    )
    court_case_no: str = Field(
        default="", max_length=100, description="法院案号", examples=["（2021）闽0481行审5号"]
    )
    received_on: date | None = Field(default=None, description="法院收到日；不写即提交日")


class CourtAct(FactBase):
    """What a court or an enforcing body did upon an application."""

    application: str = Field(
        default="",
        max_length=100,
        description="哪次申请：编号（A1）或者法院案号；只有一次时可不写",
        examples=["A1"],
    )
    items: ItemIds = Field(
        default=(), description="哪些分项；不写即该次申请的全部有关分项", examples=["[拆除, 罚款]"]
    )
    earlier_undated: bool = Field(
        default=False, description="在先的申请、裁定确有其事但日期不明的，写 true", examples=["true"]
    )


class CopySent(CourtAct):
    """抄送申请材料: `on` is the day the copy was *sent*; late or lacking is computed and told, never an accusation."""

    LABEL = "抄送申请材料"

    kind: Literal["copy_sent"] = "copy_sent"
    received_on: date | None = Field(default=None, description="本院收到日（on 是寄出日）")
    papers: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="抄送的材料", examples=["[强制执行申请书, 催告书, 送达回证]"]
    )
    lacking: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="缺少的材料，须补送", examples=["[勘测定界图]"]
    )


class ApplicationAccepted(CourtAct):
    """法院受理, of all that was applied for or of a part ([强制]56)."""

    LABEL = "法院受理申请"

    kind: Literal["application_accepted"] = "application_accepted"
    court_case_no: str = Field(
        default="", max_length=100, description="法院案号", examples=["（2021）闽0481行审5号"]
    )


class ApplicationNotAccepted(CourtAct):
    """法院不予受理: the bureau may ask the court above within fifteen days of receiving the ruling ([强制]56)."""

    LABEL = "法院不予受理"

    kind: Literal["application_not_accepted"] = "application_not_accepted"
    grounds: str = Field(default="", max_length=2000, description="不予受理的理由", examples=["超过申请期限"])
    received_on: date | None = Field(default=None, description="行政机关收到裁定之日")


class OpinionsHeard(CourtAct):
    """法院听取意见: where the act seems plainly unlawful the court hears both sides, and has thirty days ([强制]58)."""

    LABEL = "法院听取意见"

    kind: Literal["opinions_heard"] = "opinions_heard"


class RulingMade(FactBase):
    """法院裁定: what it grants, refuses and leaves out; a later one supplements or replaces it for the items it names."""

    LABEL = "法院裁定"

    kind: Literal["ruling_made"] = "ruling_made"
    application: str = Field(
        default="",
        max_length=100,
        description="哪次申请：编号（A1）或者法院案号；只有一次时可不写",
        examples=["A1"],
    )
    granted: ItemIds = Field(
        default=(), description="准予执行的分项；所申请的都准予的写“全部”", examples=["[拆除]"]
    )
    refused: ItemIds = Field(default=(), description="不准予执行的分项", examples=["[罚款]"])
    not_accepted: ItemIds = Field(default=(), description="裁定中不予受理的分项", examples=["[没收]"])
    number: str = Field(
        default="", max_length=100, description="裁定书案号", examples=["（2021）闽0481行审5号"]
    )
    carried_out_by: str = Field(
        default="",
        max_length=100,
        description="裁执分离：裁定由哪个单位组织实施（金钱给付仍由法院执行）",
        examples=["某镇人民政府"],
    )
    urgent: bool = Field(default=False, description="是否因情况紧急立即执行（[强制]59）", examples=["true"])
    earlier_undated: bool = Field(
        default=False, description="在先的申请确有其事但日期不明的，写 true", examples=["true"]
    )


class RulingServed(CourtAct):
    """裁定送达行政机关: from its receipt the bureau's time to ask the court above runs ([强制]56, 58)."""

    LABEL = "裁定送达行政机关"

    kind: Literal["ruling_served"] = "ruling_served"


class ReconsiderationApplied(CourtAct):
    """行政机关申请复议裁定: against 不予受理 or 不予执行; the court above decides in its own time from receipt."""

    LABEL = "申请复议裁定"

    kind: Literal["reconsideration_applied"] = "reconsideration_applied"
    received_on: date | None = Field(default=None, description="上一级法院收到日，其期限由此起算")


class ReconsiderationRuled(CourtAct):
    """复议裁定: upheld, or the court above has it accepted or enforced."""

    LABEL = "法院复议裁定"

    kind: Literal["reconsideration_ruled"] = "reconsideration_ruled"
    upheld: bool = Field(description="是否维持原裁定；改为受理、准予执行的写 false", examples=["false"])


# ── enforcement ──────────────────────────────────────────────────────────────────────────────────────────────────────


class ExecutionOpened(CourtAct):
    """法院执行立案: the court's three months to bring it to an end begin (法释〔2000〕29号)."""

    LABEL = "法院执行立案"

    kind: Literal["execution_opened"] = "execution_opened"
    court_case_no: str = Field(
        default="", max_length=100, description="执行案号", examples=["（2021）闽0481执77号"]
    )


class DutyHolderChanged(CourtAct):
    """组织实施单位确定、变更 (裁执分离): who must now act; it may change again."""

    LABEL = "组织实施单位变更"

    kind: Literal["duty_holder_changed"] = "duty_holder_changed"
    to: str = Field(min_length=1, max_length=100, description="由哪个单位组织实施", examples=["某镇人民政府"])


class ExecutionStayed(CourtAct):
    """中止执行, by the court or, with `by_agency`, by an agency's own decision ([强制]39: three years at most)."""

    LABEL = "中止执行"

    kind: Literal["execution_stayed"] = "execution_stayed"
    by_agency: bool = Field(default=False, description="是否由组织实施的行政机关中止", examples=["true"])


class ExecutionResumed(CourtAct):
    """恢复执行."""

    LABEL = "恢复执行"

    kind: Literal["execution_resumed"] = "execution_resumed"


class ExecutionTerminated(CourtAct):
    """终结执行, or only this round of it (终结本次执行程序): what was not fulfilled stays open."""

    LABEL = "终结执行"

    kind: Literal["execution_terminated"] = "execution_terminated"
    this_round: bool = Field(
        default=False, description="是否仅终结本次执行程序（发现财产可以恢复）", examples=["true"]
    )


CourtFact = (
    ApplicationFiled
    | CopySent
    | ApplicationAccepted
    | ApplicationNotAccepted
    | OpinionsHeard
    | RulingMade
    | RulingServed
    | ReconsiderationApplied
    | ReconsiderationRuled
    | ExecutionOpened
    | DutyHolderChanged
    | ExecutionStayed
    | ExecutionResumed
    | ExecutionTerminated
)
