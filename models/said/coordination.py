"""第七条: what is said to a request that another unit be urged."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.wire import Phrase, Wire


class CoordinationTerms(Wire):
    """Who asks that which unit be urged, and to what."""

    kind: Literal["coordination"] = "coordination"
    requester: str = Field(default="", max_length=100, description="商请单位", examples=["永安市自然资源局"])
    units: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="请督促的单位", examples=["[某某镇人民政府]"]
    )
    request: str = Field(default="", max_length=2000, description="商请事项", examples=["督促组织拆除"])
