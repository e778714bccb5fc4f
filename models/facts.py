"""Facts (事实): whatever happened outside, in the past tense; each with a day of its own precision. Days are days in China."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from models.said.applications import CourtFact
from models.said.assistance import AssistanceFact
from models.said.bases import FactBase
from models.said.campaigns import CampaignFact
from models.said.clues import ClueFact
from models.said.court_supervision import SupervisionFact
from models.said.disputes import DisputeFact
from models.said.enforcement import PenaltyFact
from models.said.findings import FindingFact
from models.said.joint_work import JointWorkFact
from models.said.liaison import LiaisonFact
from models.said.links import LinkFact
from models.said.meetings import MeetingFact
from models.said.public_interest import PublicInterestFact
from models.said.public_suits import PublicSuitFact
from models.terms import Milestone, ServiceMode, Stance
from models.wire import Plan, Promise, Recipient


class LetterServed(FactBase):
    """送达: the letter was received, in one of the ways of [公规]76, [民诉]87-92. Starts the reply period ([建议]19)."""

    LABEL = "送达"

    kind: Literal["letter_served"] = "letter_served"
    letter: str = Field(default="", max_length=200)
    mode: ServiceMode = ServiceMode.DIRECT
    presumed: bool = Field(default=False, description="来源缺送达日，以制发日代")


class ServiceRefused(FactBase):
    """拒收: service was refused; 留置送达 follows."""

    LABEL = "拒收"

    kind: Literal["service_refused"] = "service_refused"
    letter: str = Field(default="", max_length=200)


class ObjectionRaised(FactBase):
    """异议 ([建议]16, 23): the recipient objects to the letter."""

    LABEL = "异议"

    kind: Literal["objection_raised"] = "objection_raised"
    letter: str = Field(default="", max_length=200)
    grounds: str = Field(default="", max_length=2000)


class ReplyReceived(FactBase):
    """回复: `on` is the day it was *sent* ([民诉]85: posted in time is in time); `received_on` the day it arrived."""

    LABEL = "回复"

    kind: Literal["reply_received"] = "reply_received"
    letter: str = Field(default="", max_length=200)
    received_on: date | None = None
    official_no: str = Field(
        default="", max_length=100, description="回复的文号", examples=["永自然资函〔2026〕2号"]
    )
    stance: Stance | None = None
    summary: str = Field(default="", max_length=2000)
    promises: tuple[Promise, ...] = Field(default=(), max_length=50)
    plan: Plan | None = None


class PlanSubmitted(FactBase):
    """整改方案 handed in apart from a reply (art. 3, second half)."""

    LABEL = "整改方案"

    kind: Literal["plan_submitted"] = "plan_submitted"
    letter: str = Field(default="", max_length=200)
    plan: Plan


class PlanChecked(FactBase):
    """方案节点核查: a day of an accepted plan was looked into; `node` is that day, the first open one unless given."""

    LABEL = "方案节点核查"

    kind: Literal["plan_checked"] = "plan_checked"
    letter: str = Field(default="", max_length=200)
    node: date | None = None
    on_track: bool = True
    next_check_on: date | None = None


class ItemProgressed(FactBase):
    """A milestone of an item was passed, or not passed (验收不合格) and is to be done again."""

    LABEL = "事项进展"

    kind: Literal["item_progressed"] = "item_progressed"
    item: str = Field(max_length=40)
    milestone: Milestone
    passed: bool = True


class PromiseKept(FactBase):
    """A promise made in a reply was kept."""

    LABEL = "承诺兑现"

    kind: Literal["promise_kept"] = "promise_kept"
    promise: str = Field(max_length=300)


class AgencyChanged(FactBase):
    """机构改革、职权划转: the duty passed to another body; open letters follow it."""

    LABEL = "机构变更"

    kind: Literal["agency_changed"] = "agency_changed"
    letter: str = Field(default="", max_length=200)
    to: Recipient


class InquiryConcluded(FactBase):
    """调查核实终结 ([建议]15)."""

    LABEL = "调查核实终结"

    kind: Literal["inquiry_concluded"] = "inquiry_concluded"


class FiledUpward(FactBase):
    """备案 ([建议]21, [公规]75): the letter was filed with the superior procuratorate."""

    LABEL = "备案"

    kind: Literal["filed_upward"] = "filed_upward"
    letter: str = Field(default="", max_length=200)


class OriginalKept(FactBase):
    """正本入卷: the paper as it was signed or edited and truly went out came back; it is then the issued one, beside ours."""

    LABEL = "正本入卷"

    kind: Literal["original_kept"] = "original_kept"
    letter: str = Field(default="", max_length=200)


class Countersigned(FactBase):
    """会签 ([公文]22): one of those who issue a document jointly, or a department that is asked, signs its draft."""

    LABEL = "会签"

    kind: Literal["countersigned"] = "countersigned"
    document: str = Field(
        default="", max_length=200, description="哪件文书（D1）；只有一件时可不写", examples=["D1"]
    )
    organ: str = Field(
        min_length=1, max_length=100, description="会签的单位或者部门", examples=["三明市自然资源局"]
    )
    signer: str = Field(min_length=1, max_length=60, description="签名的负责人", examples=["李局长"])
    opinion: str = Field(default="", max_length=1000, description="会签意见", examples=["同意"])


class LookedBack(FactBase):
    """回头看: whether what was put right has held."""

    LABEL = "回头看"

    kind: Literal["looked_back"] = "looked_back"
    held: bool = True


class Happened(FactBase):
    """Anything else worth keeping in the timeline, in the words of its source."""

    LABEL = "其他事实"

    kind: Literal["happened"] = "happened"
    event: str = Field(min_length=1, max_length=100)
    actor: str = Field(default="", max_length=200)


Fact = Annotated[
    LetterServed
    | ServiceRefused
    | ObjectionRaised
    | ReplyReceived
    | PlanSubmitted
    | PlanChecked
    | ItemProgressed
    | PromiseKept
    | AgencyChanged
    | InquiryConcluded
    | FiledUpward
    | OriginalKept
    | Countersigned
    | LookedBack
    | Happened
    | MeetingFact
    | LinkFact
    | JointWorkFact
    | LiaisonFact
    | FindingFact
    | ClueFact
    | AssistanceFact
    | PenaltyFact
    | CourtFact
    | SupervisionFact
    | PublicInterestFact
    | PublicSuitFact
    | CampaignFact
    | DisputeFact,
    Field(discriminator="kind"),
]

FACTS: TypeAdapter[Fact] = TypeAdapter(Fact)

FROM_RECIPIENT = (
    "reply_received",
    "objection_raised",
    "plan_submitted",
    "letter_served",
    "service_refused",
)
"""Facts whose paper comes from whom the letter went to."""
