"""第七条: what is said to a request that another unit be urged."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.said.bases import DecisionBase
from models.wire import Phrase, Wire


class CoordinationTerms(Wire):
    """Who asks that which unit be urged, and to what."""

    kind: Literal["coordination"] = "coordination"
    requester: str = Field(default="", max_length=100, description="商请单位", examples=["永安市自然资源局"])
    units: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="请督促的单位", examples=["[某某镇人民政府]"]
    )
    request: str = Field(default="", max_length=2000, description="商请事项", examples=["督促组织拆除"])


class AnswerCoordination(DecisionBase):
    """答复商请: the procuratorate takes the request up, or declines it with the reason; a round table may be promised."""

    LABEL = "答复商请"

    kind: Literal["answer_coordination"] = "answer_coordination"
    accepted: bool = Field(description="是否受理", examples=["true"])
    roundtable_by: date | None = Field(
        default=None, description="拟于何日前召开圆桌会议；不必召开的不写", examples=["2099-10-29"]
    )


CoordinationDecision = AnswerCoordination
