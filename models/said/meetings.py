"""Meetings (会议): called by decision, held or cancelled; part of every kind of case (圆桌会议, 磋商, 听证, 座谈 …)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.said.bases import DecisionBase, FactBase
from models.terms import MeetingForm
from models.wire import Phrase


class CallMeeting(DecisionBase):
    """召集会议: a day, a topic, who is invited. The notice of a hearing goes out three days before it ([行监]70)."""

    LABEL = "召集会议"

    kind: Literal["call_meeting"] = "call_meeting"
    form: MeetingForm = Field(description="会议形式")
    topic: str = Field(min_length=1, max_length=200, description="议题", examples=["破解拆除复耕中的困难"])
    planned_on: date = Field(description="会议日期")
    place: str = Field(default="", max_length=200, description="地点", examples=["市检察院"])
    invited: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="邀请谁", examples=["[永安市自然资源局]"]
    )


class CancelMeeting(DecisionBase):
    """取消会议, with the reason."""

    LABEL = "取消会议"

    kind: Literal["cancel_meeting"] = "cancel_meeting"
    meeting: str = Field(
        default="", max_length=40, description="哪次会议（M1）；只有一次待开时可不写", examples=["M1"]
    )


class MeetingHeld(FactBase):
    """会议召开, with its minutes; one that nobody called here is entered with its form and topic."""

    LABEL = "会议召开"

    kind: Literal["meeting_held"] = "meeting_held"
    meeting: str = Field(
        default="", max_length=40, description="哪次会议（M1）；只有一次待开时可不写", examples=["M1"]
    )
    form: MeetingForm | None = Field(default=None, description="会议形式；事先没有召集的才写")
    topic: str = Field(
        default="", max_length=200, description="议题；事先没有召集的才写", examples=["磋商整改事项"]
    )
    attended: tuple[Phrase, ...] = Field(
        default=(), max_length=200, description="到会", examples=["[永安市自然资源局]"]
    )
    absent: tuple[Phrase, ...] = Field(
        default=(), max_length=200, description="缺席", examples=["[某某镇人民政府]"]
    )
    conclusions: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="议定事项", examples=["[十一月底前完成拆除]"]
    )
    minutes: str = Field(default="", max_length=20_000, description="纪要正文")
    agreed: bool | None = Field(default=None, description="是否达成一致", examples=["true"])


MeetingFact = MeetingHeld
MeetingDecision = CallMeeting | CancelMeeting
