"""第五条: what is said to a case of administrative public-interest litigation, from the clue to the suggestion and its follow-up.

What is said of its lawsuits stands in `models.said.public_suits`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.dates import EventDate
from models.said.bases import DecisionBase, FactBase
from models.terms import Proof, SiteFinding
from models.wire import Phrase, Wire


class PublicInterestTerms(Wire):
    """Whose failure to act is looked into; `filed` when the filing itself lies before this record (补录、承接)."""

    kind: Literal["public_interest"] = "public_interest"
    agencies: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="涉案行政机关", examples=["[永安市自然资源局]"]
    )
    harm: str = Field(
        default="", max_length=2000, description="公益受损情况", examples=["基本农田耕作层毁坏"]
    )
    filed: bool = Field(
        default=False, description="补录、承接的案件，立案在此以前、立案日不明的写 true", examples=["true"]
    )


class BeginPreliminary(DecisionBase):
    """开展初步调查: the clue is worth looking into before it is decided whether to file ([公规]27)."""

    LABEL = "开展初步调查"

    kind: Literal["begin_preliminary"] = "begin_preliminary"


class PreliminaryReported(FactBase):
    """初步调查报告 ([公规]27, 30): what the preliminary inquiry found, and whether the case should be filed."""

    LABEL = "初步调查报告"

    kind: Literal["preliminary_reported"] = "preliminary_reported"
    facts: str = Field(
        min_length=1, max_length=10_000, description="初步查明的事实", examples=["现场堆放砂石一千平方米"]
    )
    opinion: str = Field(min_length=1, max_length=4000, description="是否立案的意见", examples=["建议立案"])


class FileCase(DecisionBase):
    """公益诉讼立案, by the chief procurator ([公规]29, 30); each agency is told within seven days ([公规]70)."""

    LABEL = "公益诉讼立案"

    kind: Literal["file_case"] = "file_case"
    agencies: tuple[Phrase, ...] = Field(
        default=(),
        max_length=100,
        description="对哪些行政机关；不写即开立时所写",
        examples=["[永安市自然资源局]"],
    )
    known_on: EventDate | None = Field(
        default=None,
        description="补录以前的立案，日期可只知到月、年或者区间；on 不写，不再计送达期限",
        examples=["2021-07"],
    )


class DeclineCase(DecisionBase):
    """决定不立案, by the chief procurator, with the reason ([公规]30)."""

    LABEL = "决定不立案"

    kind: Literal["decline_case"] = "decline_case"


class SuspendReview(DecisionBase):
    """决定中止审查 ([公规]78): there is a plan, held up by objective obstacles and not by idleness; the review stands still."""

    LABEL = "决定中止审查"

    kind: Literal["suspend_review"] = "suspend_review"
    letter: str = Field(default="", max_length=200)


class ResumeReview(DecisionBase):
    """决定恢复审查 ([公规]78): the obstacle is gone."""

    LABEL = "决定恢复审查"

    kind: Literal["resume_review"] = "resume_review"
    letter: str = Field(default="", max_length=200)


class TransferCase(DecisionBase):
    """决定移送案件, to the procuratorate or body that has jurisdiction, by the chief procurator ([公规]79)."""

    LABEL = "决定移送案件"

    kind: Literal["transfer_case"] = "transfer_case"
    to: str = Field(
        min_length=1, max_length=200, description="移送哪个机关", examples=["三明市沙县区人民检察院"]
    )


class SiteChecked(FactBase):
    """跟进调查 ([公规]77): what was found on the spot and by what proof, and whether the reply agrees with it."""

    LABEL = "跟进调查"

    kind: Literal["site_checked"] = "site_checked"
    letter: str = Field(
        default="", max_length=200, description="对哪份检察建议（L1、收件单位）；不写即全案", examples=["L1"]
    )
    finding: SiteFinding = Field(description="现场情况")
    proofs: tuple[Proof, ...] = Field(
        default=(), max_length=20, description="核查方式", examples=["[卫星比对]"]
    )
    agrees: bool | None = Field(default=None, description="回复是否与现场相符", examples=["false"])
    what: str = Field(
        default="", max_length=2000, description="查明的情况", examples=["表面覆土二十厘米，其下仍为砂石"]
    )


class JurisdictionAssigned(FactBase):
    """案件指定管辖: a superior has given the case to another procuratorate, or its suit to another court."""

    LABEL = "案件指定管辖"

    kind: Literal["jurisdiction_assigned"] = "jurisdiction_assigned"
    superior: str = Field(
        default="", max_length=100, description="由谁指定、移送", examples=["三明市人民检察院"]
    )
    procuratorate: str = Field(
        default="", max_length=100, description="由哪个检察院办理", examples=["沙县区人民检察院"]
    )
    court: str = Field(default="", max_length=100, description="由哪个法院审理", examples=["沙县区人民法院"])


class DelegationReceived(FactBase):
    """收到委托书: a procuratorate that was asked to inquire has the request; it answers within thirty days ([公规]43)."""

    LABEL = "收到委托书"

    kind: Literal["delegation_received"] = "delegation_received"
    procuratorate: str = Field(
        default="", max_length=100, description="受委托的检察院", examples=["沙县区人民检察院"]
    )
    what: str = Field(default="", max_length=500, description="委托调查的事项", examples=["查询矿山开采台账"])


class DelegationAnswered(FactBase):
    """回复委托调查: the procuratorate that was asked has answered, or said why it cannot yet."""

    LABEL = "回复委托调查"

    kind: Literal["delegation_answered"] = "delegation_answered"
    procuratorate: str = Field(
        default="",
        max_length=100,
        description="受委托的检察院；只有一件委托时可不写",
        examples=["沙县区人民检察院"],
    )


class RecusalRequested(FactBase):
    """申请回避 ([公规]23): decided within three days; a decision may be asked to be reviewed once, again within three."""

    LABEL = "申请回避"

    kind: Literal["recusal_requested"] = "recusal_requested"
    person: str = Field(min_length=1, max_length=60, description="申请谁回避", examples=["张三"])
    applicant: str = Field(default="", max_length=100, description="谁申请", examples=["永安市自然资源局"])
    again: bool = Field(default=False, description="是否对决定申请复议", examples=["true"])


class DecideRecusal(DecisionBase):
    """决定回避, granted or refused."""

    LABEL = "决定回避"

    kind: Literal["decide_recusal"] = "decide_recusal"
    person: str = Field(min_length=1, max_length=60, description="谁的回避", examples=["张三"])
    granted: bool = Field(description="是否回避", examples=["true"])


class NoticePublished(FactBase):
    """公告: of a civil case; who may sue has thirty days to do so ([公规]91)."""

    LABEL = "发布诉前公告"

    kind: Literal["notice_published"] = "notice_published"
    where: str = Field(default="", max_length=200, description="在哪里公告", examples=["正义网"])


class EligibleBodySued(FactBase):
    """适格主体起诉: an organ or organisation that the law entitles has sued, so that the procuratorate does not."""

    LABEL = "适格主体起诉"

    kind: Literal["eligible_body_sued"] = "eligible_body_sued"
    plaintiff: str = Field(default="", max_length=200, description="谁起诉", examples=["某环保联合会"])


PublicInterestFact = (
    SiteChecked
    | PreliminaryReported
    | JurisdictionAssigned
    | DelegationReceived
    | DelegationAnswered
    | RecusalRequested
    | NoticePublished
    | EligibleBodySued
)
PublicInterestDecision = (
    BeginPreliminary | FileCase | DeclineCase | SuspendReview | ResumeReview | TransferCase | DecideRecusal
)
