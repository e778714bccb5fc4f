"""第六条: what is said to a request for a file, and to the appointment of an invited assistant."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.wire import Phrase, Wire


class FileRequestTerms(Wire):
    """What is asked for, of whom."""

    kind: Literal["file_request"] = "file_request"
    holder: str = Field(
        default="", max_length=100, description="保管案卷的单位", examples=["永安市自然资源局"]
    )
    files: tuple[Phrase, ...] = Field(
        default=(),
        max_length=100,
        description="调阅哪些案卷、查询哪些事项",
        examples=["[某某违法占地案处罚卷]"],
    )


class AssistantTerms(Wire):
    """Who is recommended, by which unit, for what."""

    kind: Literal["assistant"] = "assistant"
    person: str = Field(default="", max_length=60, description="人选姓名", examples=["王工程师"])
    unit: str = Field(default="", max_length=100, description="所在单位", examples=["永安市自然资源局"])
    field: str = Field(default="", max_length=100, description="专业领域", examples=["土地勘测"])
