"""第八条: what is said to the settling of an administrative dispute."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.wire import Wire


class DisputeTerms(Wire):
    """Between whom the dispute is, and in which case it arose."""

    kind: Literal["dispute"] = "dispute"
    agency: str = Field(
        default="", max_length=100, description="争议的行政机关", examples=["永安市自然资源局"]
    )
    subject: str = Field(default="", max_length=2000, description="争议内容", examples=["征收补偿数额"])
