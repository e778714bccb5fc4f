"""What messages are made of: people, bodies, papers, the text of a letter, plans, items.

Wire types: frozen, one argument for each message, unknown fields ignored (an old worker meets a newer payload in the middle of
a deployment). The script forbids unknown fields at its own edge. Days are days in China.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from models.bags import PaperRef
from models.terms import ItemKind, Milestone, Role


class Wire(BaseModel):
    """Whatever travels: frozen, and tolerant of fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Person(Wire):
    """Who did or recorded something, and in what role."""

    name: str = Field(min_length=1, max_length=60)
    role: Role
    body: str = Field(default="", max_length=100)


def _plausible(paper: PaperRef) -> PaperRef:
    if not re.fullmatch(r"[0-9a-f]{64}", paper.digest):
        raise ValueError("指纹应为 64 位十六进制小写字符（SHA-256）")
    if not 0 < paper.size < 2**53:
        raise ValueError("文件大小不合理")
    if not paper.name or len(paper.name) > 255:
        raise ValueError("文件名为空或过长")
    return paper


KnownPaper = Annotated[PaperRef, AfterValidator(_plausible)]


class Recipient(Wire):
    """The body a letter is addressed to: its name as written, and its code where the jurisdiction knows it."""

    name: str = Field(min_length=1, max_length=100)
    code: str = ""
    is_court: bool = False
    is_bound: bool = Field(default=False, description="是否受协作意见约束（自然资源主管部门）")


class Period(Wire):
    """A period as written in a document."""

    amount: int = Field(gt=0, le=366)
    unit: Literal["working_days", "days", "months"] = "days"


Phrase = Annotated[str, Field(max_length=2000)]
_LONGEST_LETTER = 40_000
"""Characters of one letter in all: some twenty times a long 检察建议书, and a tenth of what one payload may hold."""


class LocalPeriod(Wire):
    """A period that the text of the cooperation of the case's own place sets otherwise than the rule table."""

    rule: str
    amount: int = Field(gt=0, le=366)
    unit: Literal["working_days", "days", "months"]
    basis: str


class LetterText(Wire):
    """What a letter says ([建议]16, [公规]75): source, facts and evidence, illegality, advice with its legal basis."""

    subject: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=10_000)
    facts: str = Field(default="", max_length=20_000)
    evidence: tuple[Phrase, ...] = Field(default=(), max_length=100)
    harm: str = Field(default="", max_length=10_000)
    illegality: str = Field(default="", max_length=10_000)
    legal_basis: tuple[Phrase, ...] = Field(default=(), max_length=50)
    advice: tuple[Phrase, ...] = Field(default=(), max_length=50)
    contact_person: str = Field(default="", max_length=60)
    contact_phone: str = Field(default="", max_length=60)

    @model_validator(mode="after")
    def _fits_a_letter(self) -> Self:
        parts = (getattr(self, name) for name in type(self).model_fields)
        length = sum(len(part) if isinstance(part, str) else sum(map(len, part)) for part in parts)
        if length > _LONGEST_LETTER:
            raise ValueError(f"文书全文 {length} 字，过长（不超过 {_LONGEST_LETTER} 字）；详情作为附件")
        return self

    def over(self, former: LetterText) -> LetterText:
        """This text over a former one: what it leaves empty stays as it was."""
        said = {name: getattr(self, name) for name in type(self).model_fields if getattr(self, name)}
        return former.model_copy(update=said)


class Promise(Wire):
    """What a reply undertakes to do by a day: it becomes a reminder."""

    what: str = Field(min_length=1, max_length=500)
    by: date


class PlanStage(Wire):
    """One stage of a rectification plan."""

    what: str = Field(min_length=1, max_length=500)
    by: date


class Plan(Wire):
    """A rectification plan (整改方案): why not in time, stages, final day. It does not lengthen the reply period (art. 3)."""

    objective_reason: str = Field(min_length=1, max_length=2000)
    final_on: date
    stages: tuple[PlanStage, ...] = Field(default=(), max_length=50)
    next_check_on: date | None = None


class Item(Wire):
    """One thing to be put right or to be done, with the milestones that lead to its end, in their order (its kind's, unless
    given). With an owner and a day it is a task (任务) that is followed until it is done.
    """

    id: str = Field(min_length=1, max_length=40)
    what: str = Field(min_length=1, max_length=500)
    kind: ItemKind = ItemKind.OTHER
    milestones: tuple[Milestone, ...] = ()
    area_m2: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    letter: str = Field(default="", max_length=200)
    owner: str = Field(
        default="", max_length=100, description="由谁完成（任务）", examples=["永安市自然资源局"]
    )
    due_on: date | None = Field(default=None, description="何日前完成", examples=["2021-12-31"])
