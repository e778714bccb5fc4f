"""第二条、印发通知: what is said to a regular exchange, and to the report of a problem of implementation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.wire import Phrase, Wire


class ExchangeTerms(Wire):
    """The two offices and the period that the exchange is about."""

    kind: Literal["liaison_exchange"] = "liaison_exchange"
    offices: tuple[Phrase, ...] = Field(
        default=(),
        max_length=4,
        description="相互通报的两个部门",
        examples=["[三明市人民检察院第四检察部, 三明市自然资源局执法监察科]"],
    )


class ProblemTerms(Wire):
    """What a county reports to both municipal offices."""

    kind: Literal["problem_report"] = "problem_report"
    reporter: str = Field(default="", max_length=100, description="报告单位", examples=["永安市自然资源局"])
    problem: str = Field(
        default="", max_length=5000, description="执行中遇到的问题", examples=["抄送材料的范围不明确"]
    )
