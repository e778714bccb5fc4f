"""第四条: what is said to a case of non-litigation enforcement and its supervision."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.wire import Wire


class EnforcementTerms(Wire):
    """The penalty decision whose enforcement is watched."""

    kind: Literal["enforcement"] = "enforcement"
    agency: str = Field(
        default="", max_length=100, description="作出处罚决定的机关", examples=["永安市自然资源局"]
    )
    court: str = Field(default="", max_length=100, description="受理申请的法院", examples=["永安市人民法院"])
    decision_no: str = Field(
        default="", max_length=100, description="处罚决定书文号", examples=["永自然资罚〔2021〕3号"]
    )
