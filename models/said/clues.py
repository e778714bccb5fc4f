"""第五条: what is said to a clue that is handed over."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.wire import Wire


class ClueTerms(Wire):
    """Who hands the clue to whom."""

    kind: Literal["clue"] = "clue"
    sender: str = Field(default="", max_length=100, description="移送单位", examples=["永安市自然资源局"])
    receiver: str = Field(default="", max_length=100, description="接收单位", examples=["永安市人民检察院"])
