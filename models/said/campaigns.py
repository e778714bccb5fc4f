"""第七条: what is said to a joint campaign."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.wire import Phrase, Wire


class CampaignTerms(Wire):
    """The field, aims, organisers and period of the campaign."""

    kind: Literal["campaign"] = "campaign"
    field: str = Field(default="", max_length=100, description="领域", examples=["耕地保护"])
    aims: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="目标", examples=["[摸排违法占耕线索]"]
    )
    organisers: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="组织单位", examples=["[三明市人民检察院]"]
    )
