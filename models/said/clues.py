"""第五条: what is said to a clue that is handed over: sent, signed for, reviewed, taken, returned, forwarded, answered."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.dates import EventDate
from models.said.bases import DecisionBase, FactBase
from models.terms import CaseKind, ClueDirection, Matter, Relation
from models.wire import Person, Phrase, Wire


class ClueTerms(Wire):
    """Who hands the clue to whom."""

    kind: Literal["clue"] = "clue"
    direction: ClueDirection = Field(
        default=ClueDirection.BUREAU_TO_PROCURATORATE, description="移送方向", examples=["行政机关移送检察院"]
    )
    sender: str = Field(default="", max_length=100, description="移送单位", examples=["永安市自然资源局"])
    receiver: str = Field(default="", max_length=100, description="接收单位", examples=["永安市人民检察院"])


class ClueTransferred(FactBase):
    """移送线索: the sender sent it, with its papers ([意见]5 及时移送); `on` is the day it was sent."""

    LABEL = "移送线索"

    kind: Literal["clue_transferred"] = "clue_transferred"
    found_on: EventDate | None = Field(
        default=None, description="移送单位发现线索的日期", examples=["2021-09-10"]
    )
    materials: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="移送的材料", examples=["[现场照片, 勘测定界图]"]
    )


class ClueReceived(FactBase):
    """签收线索: the receiver signed for it; what was listed and did not come is named."""

    LABEL = "签收线索"

    kind: Literal["clue_received"] = "clue_received"
    lacking: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="清单上有而未收到的材料", examples=["[勘测定界图]"]
    )


class CompetenceDesignated(FactBase):
    """指定管辖: the superior procuratorate has said who is competent; what it names must be taken there."""

    LABEL = "指定管辖"

    kind: Literal["competence_designated"] = "competence_designated"
    superior: str = Field(
        min_length=1, max_length=100, description="指定的上级检察院", examples=["三明市人民检察院"]
    )
    competent: str = Field(
        min_length=1, max_length=100, description="被指定的检察院", examples=["沙县区人民检察院"]
    )


class FeedbackReceived(FactBase):
    """收到反馈: whoever took a clue that we sent says what came of it, and under which number of its own it is handled."""

    LABEL = "收到反馈"

    kind: Literal["feedback_received"] = "feedback_received"
    number: str = Field(
        default="", max_length=100, description="对方立案的案号", examples=["永自然资立〔2021〕8号"]
    )
    result: str = Field(
        default="", max_length=2000, description="办理情况", examples=["已立案查处，责令限期拆除"]
    )


class ReviewClue(DecisionBase):
    """审查线索: the review begins; a day for it may be set (意见 has no number)."""

    LABEL = "审查线索"

    kind: Literal["review_clue"] = "review_clue"
    review_by: date | None = Field(default=None, description="何日前审查完毕", examples=["2021-10-15"])


class TakeClue(DecisionBase):
    """采纳线索: a case of the right kind is opened from it, with its facts and papers."""

    LABEL = "采纳线索"

    kind: Literal["take_clue"] = "take_clue"
    into: CaseKind = Field(description="立为哪种案件", examples=["公益诉讼"])
    title: str = Field(
        default="", max_length=200, description="新案名称；不写即沿用", examples=["某镇占耕公益诉讼案"]
    )
    matter: Matter | None = Field(default=None, description="新案事项；不写即沿用")
    handler: Person | None = Field(default=None, description="新案承办人；不写即沿用")
    relation: Relation = Field(
        default=Relation.CONVERTED_INTO,
        description="新案是本案的什么：转为，或所属案件（一条线索立多案）",
        examples=["转为"],
    )


class ReturnClue(DecisionBase):
    """退回线索, with the reasons; what the sender would have to add is named."""

    LABEL = "退回线索"

    kind: Literal["return_clue"] = "return_clue"
    wanting: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="须补充的材料", examples=["[违法主体的身份材料]"]
    )


class ForwardClue(DecisionBase):
    """移送他院 ([公规]26): to the competent procuratorate, or upward to the superior one for it to decide."""

    LABEL = "移送他院"

    kind: Literal["forward_clue"] = "forward_clue"
    to: str = Field(
        min_length=1,
        max_length=100,
        description="有管辖权的检察院，或上级检察院",
        examples=["三明市人民检察院"],
    )
    upward: bool = Field(default=False, description="是否报告上级检察院", examples=["true"])
    county: str = Field(
        default="",
        pattern=r"^(\d{6})?$",
        description="该院所在地的行政区划码；写了即在本系统为该院登记这条线索",
        examples=["350427"],
    )


ClueFact = ClueTransferred | ClueReceived | CompetenceDesignated | FeedbackReceived
ClueDecision = ReviewClue | TakeClue | ReturnClue | ForwardClue
