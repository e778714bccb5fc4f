"""What is established of the matter itself (查明事实): when the violation began, what the agency did, what others decided."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.said.bases import FactBase
from models.terms import Element


class FactEstablished(FactBase):
    """查明事实: one element of the facts of the case ([建议]16(二)), with its own day and who did it."""

    LABEL = "查明事实"

    kind: Literal["fact_established"] = "fact_established"
    element: Element = Field(description="哪一项事实")
    actor: str = Field(default="", max_length=200, description="何人、何单位", examples=["某某镇自然资源所"])
    what: str = Field(default="", max_length=2000, description="内容", examples=["未批先建厂房，占耕地三亩"])


FindingFact = FactEstablished
