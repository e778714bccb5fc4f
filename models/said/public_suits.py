"""第五条 提出公益诉讼: what is said of the lawsuits of a public-interest case, from the decision to sue to the performance."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.dates import EventDate
from models.said.bases import DecisionBase, FactBase
from models.terms import Instance, ItemKind, Milestone, Relief, SuitEnding
from models.wire import Period, Phrase, Wire

_SUIT = Field(
    default="", max_length=200, description="哪件诉讼：G1、案号或者被告；只有一件时可不写", examples=["G1"]
)


class Sue(DecisionBase):
    """决定提起公益诉讼, by the chief procurator: the agency has not done its duty, or the harm has come back ([公规]81, 82)."""

    LABEL = "决定提起公益诉讼"

    kind: Literal["sue"] = "sue"
    letter: str = Field(
        default="",
        max_length=200,
        description="依据哪份诉前检察建议（L1、收件单位）；只有一份时可不写",
        examples=["L1"],
    )
    earlier: str = Field(
        default="",
        max_length=200,
        description="检察建议不在本案的（原案、移送前、反弹前所发），写明文号或者情形",
        examples=["明检行公建〔2020〕3号"],
    )
    defendant: str = Field(
        default="",
        max_length=100,
        description="被告；不写即检察建议的收件单位",
        examples=["永安市自然资源局"],
    )
    court: str = Field(default="", max_length=100, description="向哪个法院", examples=["永安市人民法院"])
    claims: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="诉讼请求，逐项", examples=["[责令依法履行监管职责]"]
    )
    civil: bool = Field(default=False, description="是否民事公益诉讼（须公告期满）", examples=["true"])
    known_on: EventDate | None = Field(
        default=None,
        description="补录以前的决定，日期只知到月、年或者区间的写在这里，on 不写",
        examples=["2021-07"],
    )


class AmendClaims(DecisionBase):
    """决定变更诉讼请求 ([公规]84): part of what was asked for has been done meanwhile, say."""

    LABEL = "决定变更诉讼请求"

    kind: Literal["amend_claims"] = "amend_claims"
    suit: str = _SUIT
    claims: tuple[Phrase, ...] = Field(
        min_length=1, max_length=50, description="变更后的诉讼请求", examples=["[责令查处其余七宗]"]
    )


class WithdrawSuit(DecisionBase):
    """决定撤回起诉 ([公规]84, [公释]24): what was asked for has been done; the court permits it by its ruling."""

    LABEL = "决定撤回起诉"

    kind: Literal["withdraw_suit"] = "withdraw_suit"
    suit: str = _SUIT


class SuitFiled(FactBase):
    """提起诉讼: the indictment is with the court, which dockets it under a number of its own."""

    LABEL = "提起诉讼"

    kind: Literal["suit_filed"] = "suit_filed"
    suit: str = _SUIT
    letter: str = Field(default="", max_length=200, description="依据哪份诉前检察建议", examples=["L1"])
    defendant: str = Field(default="", max_length=100, description="被告", examples=["永安市自然资源局"])
    court: str = Field(default="", max_length=100, description="法院", examples=["永安市人民法院"])
    docket: str = Field(default="", max_length=100, description="案号", examples=["(2021)闽0481行初1号"])


class AppearanceNoticeReceived(FactBase):
    """收到出庭通知书: who appears for the procuratorate is told to the court within three days ([公规]49)."""

    LABEL = "收到出庭通知书"

    kind: Literal["appearance_notice_received"] = "appearance_notice_received"
    suit: str = _SUIT


class TrialHeld(FactBase):
    """开庭审理."""

    LABEL = "开庭审理"

    kind: Literal["trial_held"] = "trial_held"
    suit: str = _SUIT
    panel: str = Field(default="", max_length=200, description="合议庭", examples=["七人合议庭"])


class Performance(Wire):
    """One thing that a judgment orders, with its own period from the day it takes effect, or its own last day."""

    what: str = Field(min_length=1, max_length=500, description="判令做什么", examples=["清除建筑垃圾"])
    kind: ItemKind = Field(default=ItemKind.OTHER, description="种类")
    milestones: tuple[Milestone, ...] = Field(default=(), max_length=20)
    within: Period | None = Field(default=None, description="自生效起多久，如 60日", examples=["60日"])
    by: date | None = Field(default=None, description="判决写明日期的，最后一日", examples=["2021-12-31"])


class JudgmentGiven(FactBase):
    """作出判决: what it says, and what it orders, each part with its own period; reported upward in three days ([公规]58)."""

    LABEL = "作出判决"

    kind: Literal["judgment_given"] = "judgment_given"
    suit: str = _SUIT
    instance: Instance = Field(default=Instance.FIRST, description="审级")
    reliefs: tuple[Relief, ...] = Field(
        default=(), max_length=10, description="判决内容", examples=["[责令履行]"]
    )
    docket: str = Field(
        default="", max_length=100, description="判决书案号", examples=["(2021)闽0481行初1号"]
    )
    received_on: date | None = Field(default=None, description="收到判决书之日（报上一级备案的期限自此起算）")
    effective_on: date | None = Field(
        default=None, description="生效之日；尚未生效的不写，生效后另行记录", examples=["2021-10-15"]
    )
    performances: tuple[Performance, ...] = Field(
        default=(),
        max_length=50,
        description="判令履行的事项",
        examples=["[{what: 清除建筑垃圾, within: 60日}]"],
    )


class JudgmentEffective(FactBase):
    """判决生效: nobody appealed in time, or the second instance has judged; the periods of performance run from here."""

    LABEL = "判决生效"

    kind: Literal["judgment_effective"] = "judgment_effective"
    suit: str = _SUIT


class JudgmentReported(FactBase):
    """判决报备: a first-instance judgment was filed with the superior procuratorate ([公规]58)."""

    LABEL = "判决报备"

    kind: Literal["judgment_reported"] = "judgment_reported"
    suit: str = _SUIT


class AppealFiled(FactBase):
    """上诉、抗诉: the suit goes to the second instance."""

    LABEL = "上诉、抗诉"

    kind: Literal["appeal_filed"] = "appeal_filed"
    suit: str = _SUIT
    appellant: str = Field(
        default="", max_length=100, description="谁上诉、抗诉", examples=["永安市自然资源局"]
    )


class EnforcementRequested(FactBase):
    """移送执行: what was judged was not performed; the court enforces ([公释]12)."""

    LABEL = "移送执行"

    kind: Literal["enforcement_requested"] = "enforcement_requested"
    suit: str = _SUIT


class SuitEnded(FactBase):
    """诉讼终结: without a judgment, by the court's ruling, which is reported upward as a judgment is ([公规]58)."""

    LABEL = "诉讼终结"

    kind: Literal["suit_ended"] = "suit_ended"
    suit: str = _SUIT
    how: SuitEnding = Field(description="如何终结")
    received_on: date | None = Field(default=None, description="收到裁定书之日（报上一级备案的期限自此起算）")


PublicSuitFact = (
    SuitFiled
    | AppearanceNoticeReceived
    | TrialHeld
    | JudgmentGiven
    | JudgmentEffective
    | JudgmentReported
    | AppealFiled
    | EnforcementRequested
    | SuitEnded
)
PublicSuitDecision = Sue | AmendClaims | WithdrawSuit
