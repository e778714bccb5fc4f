"""The content of each paper, as data: what a letter says, never how it is set or where it is kept.

A paper may be built with gaps while it is a draft. `missing` names, in Chinese and with the article that asks
for it, whatever must still be filled in before it may be issued.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from models.dates import EventDate
from models.general_papers import GeneralForm, GeneralLetter
from models.paper_parts import (
    Advice,
    CoveredCase,
    Frozen,
    LetterFields,
    LetterReference,
    Line,
    PaperFields,
    Period,
    Required,
    Text,
    is_empty,
)
from models.reporting.paper import PeriodReport
from models.timelines import CaseTimeline

_ADVICE_RULES = "《人民检察院检察建议工作规定》"
_PUBLIC_INTEREST_RULES = "《人民检察院公益诉讼办案规则》"
_SUPERVISION_RULES = "《人民检察院行政诉讼监督规则》"
_COOPERATION = "协作配合意见"


class NotificationLetter(LetterFields):
    """告知函 (第三条): tells a body of a duty not done in time; the rules of 检察建议 do not bind it."""

    NAME = "告知函"
    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("subject", "事由", f"{_COOPERATION}第三条"),
        Required("source", "线索来源"),
        Required("facts", "查明的事实", f"{_COOPERATION}第三条"),
        Required("duty", "应当履行的职责及法律依据", f"{_COOPERATION}第三条"),
        Required("requests", "请予办理的事项", f"{_COOPERATION}第三条"),
        Required("reply", "书面回复的期限", f"{_COOPERATION}第三条"),
    )

    type: Literal["notification_letter"] = "notification_letter"
    subject: Text = ""
    source: Text = ""
    facts: Text = ""
    duty: Text = ""
    requests: tuple[Advice, ...] = ()
    reply: Period | None = None

    @property
    def heading(self) -> str:
        return f"关于{self.subject}的告知函" if self.subject else self.NAME


class _AnySuggestion(LetterFields):
    """What every 检察建议书 holds, in the order of [建议]16."""

    NAME = "检察建议书"
    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("source", "案件或者问题的来源", f"{_ADVICE_RULES}第十六条第一项"),
        Required("facts", "认定的案件事实", f"{_ADVICE_RULES}第十六条第二项"),
        Required("evidence", "认定事实的证据", f"{_ADVICE_RULES}第十六条第二项"),
        Required("illegality", "存在的违法情形或者应当消除的隐患", f"{_ADVICE_RULES}第十六条第三项"),
        Required("advice", "建议的具体内容", f"{_ADVICE_RULES}第十六条第四项"),
        Required("objection", "被建议单位提出异议的期限", f"{_ADVICE_RULES}第十六条第五项"),
        Required("reply", "被建议单位书面回复落实情况的期限", f"{_ADVICE_RULES}第十六条第六项"),
    )

    subject: Text = ""
    source: Text = ""
    facts: Text = ""
    evidence: tuple[Line, ...] = ()
    illegality: Text = ""
    legal_basis: tuple[Line, ...] = ()
    advice: tuple[Advice, ...] = ()
    objection: Period | None = None
    reply: Period | None = None

    @property
    def heading(self) -> str:
        return f"{self.NAME}（{self.subject}）" if self.subject else self.NAME

    def gaps(self) -> list[Required]:
        """Also the legal basis, which may stand beside each piece of advice or once for all of them."""
        gaps = super().gaps()
        if not self.legal_basis and not (self.advice and all(advice.basis for advice in self.advice)):
            gaps.append(Required("legal_basis", "建议所依据的法律规定", f"{_ADVICE_RULES}第十六条第四项"))
        return gaps


class Suggestion(_AnySuggestion):
    """检察建议书 in one case (第三条; [建议]16)."""

    type: Literal["suggestion"] = "suggestion"


class ClassSuggestion(_AnySuggestion):
    """类案检察建议书 (第三条): systemic problems and plain gaps in supervision, drawn from several cases."""

    NAME = "类案检察建议书"

    type: Literal["class_suggestion"] = "class_suggestion"
    covered_cases: tuple[CoveredCase, ...] = ()


class PreSuitSuggestion(_AnySuggestion):
    """诉前检察建议书 ([公规]75): the step before public-interest litigation; no objection period is asked."""

    NAME = "诉前检察建议书"
    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("source", "案件来源", f"{_PUBLIC_INTEREST_RULES}第七十五条"),
        Required("harm", "国家利益或者社会公共利益受到侵害的事实", f"{_PUBLIC_INTEREST_RULES}第七十五条"),
        Required("illegality", "行政机关不依法履行职责的事实和理由", f"{_PUBLIC_INTEREST_RULES}第七十五条"),
        Required("advice", "建议的具体内容", f"{_PUBLIC_INTEREST_RULES}第七十五条"),
        Required("rectification", "行政机关整改期限", f"{_PUBLIC_INTEREST_RULES}第七十五条"),
        Required("reply", "书面回复的期限", "两高检察公益诉讼司法解释第二十一条"),
    )

    type: Literal["pre_suit_suggestion"] = "pre_suit_suggestion"
    harm: Text = ""
    rectification: Period | None = None


class CourtSuggestion(_AnySuggestion):
    """检察建议书 to a court over enforcement ([行监]109-113); the court may object in writing at any time."""

    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("source", "案件来源"),
        Required("facts", "认定的案件事实"),
        Required("illegality", "人民法院存在的违法情形", f"{_SUPERVISION_RULES}第一百零九条至第一百一十二条"),
        Required("advice", "建议的具体内容", f"{_SUPERVISION_RULES}第一百一十三条"),
        Required("reply", "书面回复的期限"),
    )

    type: Literal["court_suggestion"] = "court_suggestion"


class RetrialSuggestion(_AnySuggestion):
    """再审检察建议书 ([行监]88-92): to the court of the same level, that it try again what it has decided with effect."""

    NAME = "再审检察建议书"
    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("source", "案件来源"),
        Required("facts", "原审情况和审查认定的事实", f"{_SUPERVISION_RULES}第八十八条"),
        Required("evidence", "认定事实的证据", f"{_SUPERVISION_RULES}第八十八条"),
        Required("illegality", "应当再审的情形和理由", f"{_SUPERVISION_RULES}第八十八条"),
        Required("advice", "建议的具体内容", f"{_SUPERVISION_RULES}第八十八条"),
        Required("reply", "书面回复的期限", "法释〔2018〕1号第一百二十六条"),
    )

    type: Literal["retrial_suggestion"] = "retrial_suggestion"


UrgingReason = Literal[
    "not_yet_due", "in_grace", "no_reply", "empty", "false_reply", "partly", "not_put_right", "rejected"
]
"""Why we urge: silence after expiry, or what the reply was found to be worth ([建议]24, 25)."""


class UrgingLetter(LetterFields):
    """督促函 ([建议]24): after expiry without a reply, or after a reply that puts too little right."""

    NAME = "督促函"
    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("letter", "所督促的文书", f"{_ADVICE_RULES}第二十四条"),
        Required("reason", "督促的原因", f"{_ADVICE_RULES}第二十四条"),
        Required("outstanding", "尚未落实的事项", f"{_ADVICE_RULES}第二十四条"),
        Required("reply", "书面回复的期限"),
    )

    type: Literal["urging_letter"] = "urging_letter"
    subject: Text = ""
    letter: LetterReference | None = None
    reason: UrgingReason | None = None
    due_on: EventDate | None = None
    replied_on: EventDate | None = None
    findings: Text = ""
    outstanding: tuple[Line, ...] = ()
    reply: Period | None = None

    @property
    def heading(self) -> str:
        return f"关于{self.subject or '落实检察机关监督意见'}的督促函"

    def gaps(self) -> list[Required]:
        """Also the due day of what was not answered, and the day and findings of what was answered badly."""
        gaps = super().gaps()
        asked = {
            None: (),
            "not_yet_due": (Required("due_on", "原定回复期限的届满日"),),
            "in_grace": (Required("due_on", "原定回复期限的届满日"),),
            "no_reply": (Required("due_on", "原定回复期限的届满日"),),
        }.get(self.reason, (Required("replied_on", "回复日期"), Required("findings", "对回复的审查情况")))
        return gaps + [required for required in asked if is_empty(getattr(self, required.field))]


class LedgerRow(Frozen):
    """One line of a deadline's ledger: when, what happened, and what it did to the count."""

    on: EventDate | None = None
    what: Line
    effect: Line = ""


class ReckonedDeadline(Frozen):
    """One deadline and how it was counted: `sentences` are the explanation, in the order they are read."""

    rule: Line
    """The rule's Chinese name."""
    key: Line = ""
    bound: Line = ""
    """Whose clock it is."""
    started_on: EventDate | None = None
    started_by: Line = ""
    due_on: EventDate | None = None
    provisional: bool = False
    edition: Line = ""
    basis: tuple[Line, ...] = ()
    rows: tuple[LedgerRow, ...] = ()
    sentences: tuple[Text, ...] = ()


class ReckoningNote(PaperFields):
    """期限计算说明: an internal form that shows how each deadline of a case was counted."""

    NAME = "期限计算说明"
    REQUIRED = (*PaperFields.REQUIRED, Required("deadlines", "所计算的期限"))

    type: Literal["reckoning_note"] = "reckoning_note"
    case_name: Line = ""
    prepared_by: Line = ""
    deadlines: tuple[ReckonedDeadline, ...] = ()

    def gaps(self) -> list[Required]:
        """Also a deadline without explanation or legal basis."""
        gaps = super().gaps()
        for deadline in self.deadlines:
            if not deadline.sentences:
                gaps.append(Required("sentences", f"“{deadline.rule}”的计算过程"))
            if not deadline.basis:
                gaps.append(Required("basis", f"“{deadline.rule}”的法律依据"))
        return gaps


class ReviewedLetter(Frozen):
    """A letter's course, as the closing review lists it."""

    name: Line
    number: Line
    recipient: Line
    served_on: EventDate | None = None
    due_on: EventDate | None = None
    replied_on: EventDate | None = None
    timeliness: Line = ""
    assessment: Line = ""


class ReviewedItem(Frozen):
    """One thing that had to be put right: its state at closing and the proof of it."""

    text: Line
    state: Line
    proof: Line = ""


class Opinion(Frozen):
    """A line of the approval chain; without text and signer it is printed as a blank to be signed by hand."""

    role: Line
    text: Text = ""
    signer: Line = ""
    on: date | None = None


class ClosingReview(PaperFields):
    """结案审查表: the internal form on which a case is closed."""

    NAME = "结案审查表"
    REQUIRED = (
        *PaperFields.REQUIRED,
        Required("case_name", "案件名称"),
        Required("matter", "监督事项"),
        Required("handler", "承办人"),
        Required("opened_on", "受理日期"),
        Required("course", "办理经过"),
        Required("letters", "制发文书及回复情况"),
        Required("outcome", "处理结果"),
        Required("reasons", "结案理由"),
        Required("opinions", "审批意见栏"),
    )

    type: Literal["closing_review"] = "closing_review"
    case_name: Line = ""
    matter: Line = ""
    county: Line = ""
    department: Line = ""
    handler: Line = ""
    opened_on: EventDate | None = None
    course: Text = ""
    letters: tuple[ReviewedLetter, ...] = ()
    items: tuple[ReviewedItem, ...] = ()
    outcome: Line = ""
    reasons: Text = ""
    look_back: Line = ""
    keeping: Line = ""
    """保管期限: 永久, 长期 or 短期."""
    opinions: tuple[Opinion, ...] = (
        Opinion(role="承办人意见"),
        Opinion(role="部门负责人意见"),
        Opinion(role="检察长意见"),
    )


class ObjectionReview(LetterFields):
    """异议复核意见 ([建议]23): an objection is reviewed at once; upheld, the letter changes or goes."""

    NAME = "异议复核意见书"
    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("letter", "异议所针对的文书", f"{_ADVICE_RULES}第二十三条"),
        Required("objected_on", "提出异议的日期", f"{_ADVICE_RULES}第二十三条"),
        Required("grounds", "异议的理由", f"{_ADVICE_RULES}第二十三条"),
        Required("findings", "复核情况", f"{_ADVICE_RULES}第二十三条"),
        Required("conclusion", "复核结论", f"{_ADVICE_RULES}第二十三条"),
    )

    type: Literal["objection_review"] = "objection_review"
    letter: LetterReference | None = None
    objected_on: EventDate | None = None
    grounds: Text = ""
    findings: Text = ""
    conclusion: Literal["amended", "withdrawn", "rejected"] | None = None
    approved_by: Line = ""

    def gaps(self) -> list[Required]:
        """Also the consent of the 检察长, without which no objection is rejected."""
        gaps = super().gaps()
        if self.conclusion == "rejected" and not self.approved_by:
            gaps.append(Required("approved_by", "检察长同意的记载", f"{_ADVICE_RULES}第二十三条"))
        return gaps


class WithdrawalNotice(LetterFields):
    """撤回检察建议通知书 ([建议]22): every recipient is told, and every clock of the letter stops."""

    NAME = "撤回检察建议通知书"
    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("letter", "所撤回的文书", f"{_ADVICE_RULES}第二十二条"),
        Required("reason", "撤回的理由", f"{_ADVICE_RULES}第二十二条"),
    )

    type: Literal["withdrawal_notice"] = "withdrawal_notice"
    letter: LetterReference | None = None
    reason: Text = ""


class Change(Frozen):
    """What the letter said, and what it says from now on."""

    was: Text
    becomes: Text


class AmendmentNotice(LetterFields):
    """变更检察建议通知书 ([建议]22, 23): what changes, and from when the reply period then runs."""

    NAME = "变更检察建议通知书"
    REQUIRED = (
        *LetterFields.REQUIRED,
        Required("letter", "所变更的文书", f"{_ADVICE_RULES}第二十二条"),
        Required("reason", "变更的理由", f"{_ADVICE_RULES}第二十二条"),
        Required("changes", "变更的内容", f"{_ADVICE_RULES}第二十二条"),
        Required("reply", "变更后书面回复的期限", f"{_ADVICE_RULES}第十六条第六项"),
    )

    type: Literal["amendment_notice"] = "amendment_notice"
    letter: LetterReference | None = None
    reason: Text = ""
    changes: tuple[Change, ...] = ()
    due_on: EventDate | None = None
    """The last day of the period that runs already: an amendment by itself moves no date."""
    reply: Period | None = None


Paper = Annotated[
    NotificationLetter
    | Suggestion
    | ClassSuggestion
    | PreSuitSuggestion
    | CourtSuggestion
    | RetrialSuggestion
    | UrgingLetter
    | ReckoningNote
    | ClosingReview
    | ObjectionReview
    | WithdrawalNotice
    | AmendmentNotice
    | GeneralLetter
    | GeneralForm
    | CaseTimeline
    | PeriodReport,
    Field(discriminator="type"),
]
PAPERS: TypeAdapter[Paper] = TypeAdapter(Paper)
"""Reads a paper of any type from its wire form."""


def missing(paper: Paper) -> list[str]:
    """What must still be filled in before the paper may be issued, in Chinese; empty when it is complete.

    The official 文号 is never among them: it comes from the national case system ([建议]7), perhaps later.
    """
    return [f"{gap.label}（{gap.source}）" if gap.source else gap.label for gap in paper.gaps()]


def series_of(paper: Paper) -> str:
    """The document type by which the paper is numbered."""
    return paper.series if isinstance(paper, GeneralLetter | GeneralForm) else paper.type
