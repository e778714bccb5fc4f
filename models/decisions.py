"""Decisions (决定): what staff want done, in the imperative; refused before they enter history when they cannot be."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from models.dates import EventDate
from models.document_types import DocumentType
from models.facts import Fact
from models.keeping import Keeping
from models.said.assistance import AssistanceDecision
from models.said.bases import DecisionBase
from models.said.campaigns import CampaignDecision
from models.said.clues import ClueDecision
from models.said.coordination import CoordinationDecision
from models.said.court_supervision import SupervisionDecision
from models.said.disputes import DisputeDecision
from models.said.excluding import ExcludeDays
from models.said.joint_work import JointWorkDecision
from models.said.liaison import LiaisonDecision
from models.said.links import LinkDecision
from models.said.meetings import MeetingDecision
from models.said.public_interest import PublicInterestDecision
from models.said.public_suits import PublicSuitDecision
from models.terms import EscalationRung, Outcome, Substance
from models.wire import Item, LetterText, Period, Person, Phrase, Recipient


class AcceptClue(DecisionBase):
    """受理."""

    LABEL = "受理"

    kind: Literal["accept_clue"] = "accept_clue"


class Investigate(DecisionBase):
    """决定调查核实 ([建议]15: within two months as a rule)."""

    LABEL = "决定调查核实"

    kind: Literal["investigate"] = "investigate"


class AddItem(DecisionBase):
    """Enter one more thing to be put right."""

    LABEL = "增列事项"

    kind: Literal["add_item"] = "add_item"
    item: Item


class DropItem(DecisionBase):
    """不再要求整改: an item is struck from what must be put right, with the reason."""

    LABEL = "不再要求"

    kind: Literal["drop_item"] = "drop_item"
    item: str = Field(max_length=40)


class DraftLetter(DecisionBase):
    """拟制: one document, a letter to each recipient."""

    LABEL = "起草文书"

    kind: Literal["draft_letter"] = "draft_letter"
    document: DocumentType = Field(description="起草哪种文书")
    recipients: tuple[Recipient, ...] = Field(
        min_length=1,
        max_length=200,
        description="收件单位；就是涉案单位的，另起一行写 involved: true",
    )
    text: LetterText = LetterText()
    urgent: bool = False
    reply_within: Period | None = None
    objection_within: Period | None = None
    reply_by: date | None = Field(
        default=None, description="一般函件：请在哪一日前答复", examples=["2021-10-15"]
    )
    copies_to: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="抄送单位", examples=["[福建省人民检察院第七检察部]"]
    )
    attachments: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="附件名称", examples=["[卷宗目录]"]
    )
    joint_issuers: tuple[Phrase, ...] = Field(
        default=(), max_length=10, description="联合制发的其他单位", examples=["[三明市自然资源局]"]
    )
    countersigners: tuple[Phrase, ...] = Field(
        default=(), max_length=10, description="制发前还须会签的部门", examples=["[法律政策研究室]"]
    )
    replaces: str = Field(default="", max_length=200)


class ApproveLetter(DecisionBase):
    """审批: by somebody other than the drafter."""

    LABEL = "审批"

    kind: Literal["approve_letter"] = "approve_letter"
    document: str = Field(
        default="", max_length=200, description="哪件文书（D1）；只有一件时可不写", examples=["D1"]
    )


class ReturnDraft(DecisionBase):
    """退回修改."""

    LABEL = "退回修改"

    kind: Literal["return_draft"] = "return_draft"
    document: str = Field(
        default="", max_length=200, description="哪件文书（D1）；只有一件时可不写", examples=["D1"]
    )


class ReviseDraft(DecisionBase):
    """修改后再报批: the parts of the text that are given change, and the lists that are given."""

    LABEL = "修改文书"

    kind: Literal["revise_draft"] = "revise_draft"
    document: str = Field(
        default="", max_length=200, description="哪件文书（D1）；只有一件时可不写", examples=["D1"]
    )
    text: LetterText = LetterText()
    attachments: tuple[Phrase, ...] | None = Field(
        default=None, max_length=100, description="附件名称；不写即不变", examples=["[卷宗目录]"]
    )
    copies_to: tuple[Phrase, ...] | None = Field(
        default=None,
        max_length=50,
        description="抄送单位；不写即不变",
        examples=["[福建省人民检察院第七检察部]"],
    )


class IssueLetter(DecisionBase):
    """制发, with the official 文号 that staff enter ([建议]7)."""

    LABEL = "制发"

    kind: Literal["issue_letter"] = "issue_letter"
    document: str = Field(
        default="", max_length=200, description="哪件文书（D1）；只有一件时可不写", examples=["D1"]
    )
    official_no: str = Field(default="", max_length=60)
    known_on: EventDate | None = Field(
        default=None,
        description="补录以前制发的文书，制发日只知到月、年或者区间的写在这里，on 不写；不再制作文书",
        examples=["2021-07"],
    )


class ReviewObjection(DecisionBase):
    """异议复核 ([建议]23): upheld means amend or withdraw, rejected means explain, with the chief procurator's consent."""

    LABEL = "异议复核"

    kind: Literal["review_objection"] = "review_objection"
    letter: str = Field(default="", max_length=200)
    upheld: bool


class AmendLetter(DecisionBase):
    """变更检察建议: the parts of the text that are given change; the period goes on unless a new service is recorded."""

    LABEL = "变更建议"

    kind: Literal["amend_letter"] = "amend_letter"
    letter: str = Field(default="", max_length=200)
    text: LetterText


class WithdrawLetter(DecisionBase):
    """撤回 ([建议]22): recipients are told, its deadlines stop."""

    LABEL = "撤回"

    kind: Literal["withdraw_letter"] = "withdraw_letter"
    letter: str = Field(default="", max_length=200)


class AssessReply(DecisionBase):
    """评估: the substance of a reply, apart from its timeliness."""

    LABEL = "评估回复"

    kind: Literal["assess_reply"] = "assess_reply"
    letter: str = Field(default="", max_length=200)
    reply: str = Field(default="", max_length=200)
    substance: Substance


class Urge(DecisionBase):
    """督促 ([建议]24), recorded; it may come before expiry."""

    LABEL = "督促"

    kind: Literal["urge"] = "urge"
    letter: str = Field(default="", max_length=200)
    manner: str = Field(default="书面", max_length=40)


class Escalate(DecisionBase):
    """One rung of the ladder of [建议]25, by decision of the chief procurator."""

    LABEL = "提级通报"

    kind: Literal["escalate"] = "escalate"
    letter: str = Field(default="", max_length=200)
    rung: EscalationRung
    to: str = Field(
        default="", max_length=100, description="报告、通报给哪个单位", examples=["三明市自然资源局"]
    )


class UpgradeLetter(DecisionBase):
    """告知函升格为检察建议: a draft that replaces the letter."""

    LABEL = "升格"

    kind: Literal["upgrade_letter"] = "upgrade_letter"
    letter: str = Field(default="", max_length=200)
    text: LetterText = LetterText()
    objection_within: Period | None = None
    copies_to: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="抄送单位", examples=["[明溪县人民政府]"]
    )
    attachments: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="附件名称", examples=["[现场照片]"]
    )


class AcceptPlan(DecisionBase):
    """认可整改方案: it opens plan tracking, and moves no date."""

    LABEL = "认可方案"

    kind: Literal["accept_plan"] = "accept_plan"
    letter: str = Field(default="", max_length=200)
    next_check_on: date | None = None


class ReturnPlan(DecisionBase):
    """退回整改方案, with reasons."""

    LABEL = "退回方案"

    kind: Literal["return_plan"] = "return_plan"
    letter: str = Field(default="", max_length=200)


class Suspend(DecisionBase):
    """中止: a running deadline stops, where the law of its rule allows."""

    LABEL = "中止"

    kind: Literal["suspend"] = "suspend"
    deadline: str = Field(default="", max_length=300)


class Resume(DecisionBase):
    """恢复."""

    LABEL = "恢复"

    kind: Literal["resume"] = "resume"
    deadline: str = Field(default="", max_length=300)


class Extend(DecisionBase):
    """延长, by the officer whom the rule names."""

    LABEL = "延长"

    kind: Literal["extend"] = "extend"
    deadline: str = Field(default="", max_length=300)
    by_period: Period | None = None


class ApplyRule(DecisionBase):
    """改按新规定: a period is counted under another version of its rule than the one it began with.

    `version` is the day that version took effect; `instead_of` that of the one it held to when this was decided, None where
    no day of it is known.
    """

    LABEL = "改按新规定"

    kind: Literal["apply_rule"] = "apply_rule"
    deadline: str = Field(default="", max_length=300)
    version: date
    instead_of: date | None = None


class CloseCase(DecisionBase):
    """结案, with a real outcome; look-backs are planned with it."""

    LABEL = "结案"

    kind: Literal["close_case"] = "close_case"
    outcome: Outcome
    known_on: EventDate | None = Field(
        default=None,
        description="补录以前结案的案件，结案日只知到月、年或者区间的写在这里，on 不写",
        examples=["2021-12"],
    )
    look_back_on: tuple[date, ...] = ()
    keeping: Keeping | None = Field(
        default=None, description="保管期限：永久、长期、短期；不写即按本地设置", examples=["长期"]
    )


class FileAway(DecisionBase):
    """归档: the case leaves the desk."""

    LABEL = "归档"

    kind: Literal["file_away"] = "file_away"


class Assign(DecisionBase):
    """承办人变更: notices go to the new handler."""

    LABEL = "变更承办人"

    kind: Literal["assign"] = "assign"
    handler: Person


class AssignLiaison(DecisionBase):
    """联络员变更 (art. 2): notices go to the new liaison of the case's own procuratorate."""

    LABEL = "变更联络员"

    kind: Literal["assign_liaison"] = "assign_liaison"
    liaison: str = Field(min_length=1, max_length=60)


class RemakePaper(DecisionBase):
    """重新制作: a paper that could not be made is tried again, once what stood in its way is mended."""

    LABEL = "重新制作文书"

    kind: Literal["remake_paper"] = "remake_paper"
    order: str = Field(
        max_length=200, description="哪份文书；未能制作的，网页界面列出", examples=["L1/issued"]
    )


class SortOut(DecisionBase):
    """整理: a fact that matched nothing is matched to a letter, or set aside."""

    LABEL = "整理"

    kind: Literal["sort_out"] = "sort_out"
    fact: str = Field(max_length=300)
    letter: str = Field(default="", max_length=200)


class Correct(DecisionBase):
    """更正: a fact is replaced, or struck out; everything counted from it is counted again."""

    LABEL = "更正"

    kind: Literal["correct"] = "correct"
    fact: str = Field(max_length=300)
    replacement: Fact | None = None


Decision = Annotated[
    AcceptClue
    | Investigate
    | AddItem
    | DropItem
    | DraftLetter
    | ApproveLetter
    | ReturnDraft
    | ReviseDraft
    | IssueLetter
    | ReviewObjection
    | AmendLetter
    | WithdrawLetter
    | AssessReply
    | Urge
    | Escalate
    | UpgradeLetter
    | AcceptPlan
    | ReturnPlan
    | Suspend
    | Resume
    | Extend
    | ApplyRule
    | ExcludeDays
    | CloseCase
    | FileAway
    | Assign
    | AssignLiaison
    | RemakePaper
    | SortOut
    | Correct
    | MeetingDecision
    | LinkDecision
    | JointWorkDecision
    | ClueDecision
    | AssistanceDecision
    | LiaisonDecision
    | SupervisionDecision
    | PublicInterestDecision
    | PublicSuitDecision
    | CampaignDecision
    | CoordinationDecision
    | DisputeDecision,
    Field(discriminator="kind"),
]

DECISIONS: TypeAdapter[Decision] = TypeAdapter(Decision)
