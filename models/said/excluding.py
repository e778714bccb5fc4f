"""Days that do not count in a period of our own (扣除期间): 鉴定, 评估, 审计, 调卷 and the like."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.said.bases import DecisionBase


class ExcludeDays(DecisionBase):
    """扣除期间: days after `first`, up to and including `last`, that do not count, where the law of the rule says so.

    [公规]48 (鉴定 and the like), [行监]56 (调卷 too). Entered once they are over.
    """

    LABEL = "扣除期间"

    kind: Literal["exclude_days"] = "exclude_days"
    deadline: str = Field(max_length=300)
    first: date = Field(description="开始之日（该日仍计入期限），如委托鉴定之日", examples=["2024-06-14"])
    last: date = Field(description="结束之日（该日不计入期限），如收到鉴定意见之日", examples=["2024-08-03"])
    why: str = Field(min_length=1, max_length=200, description="因何不计入", examples=["委托鉴定"])
