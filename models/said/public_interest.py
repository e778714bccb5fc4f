"""第五条: what is said to a case of administrative public-interest litigation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.wire import Phrase, Wire


class PublicInterestTerms(Wire):
    """Whose failure to act is looked into."""

    kind: Literal["public_interest"] = "public_interest"
    agencies: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="涉案行政机关", examples=["[永安市自然资源局]"]
    )
    harm: str = Field(
        default="", max_length=2000, description="公益受损情况", examples=["基本农田耕作层毁坏"]
    )
