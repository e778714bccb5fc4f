"""Ties between cases (关联): both sides show them; another case is opened from one, or told of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.said.bases import DecisionBase, FactBase
from models.terms import CaseKind, Matter, Relation
from models.wire import Person, Wire


class LinkCase(DecisionBase):
    """关联案件: what the other case is to this one; it is told. A case of another system goes by its own number (外部案号)."""

    LABEL = "关联案件"

    kind: Literal["link_case"] = "link_case"
    relation: Relation = Field(description="对方是本案的什么", examples=["关联"])
    case: str = Field(
        min_length=1, max_length=100, description="对方案号", examples=["urging-350481-2026-0001"]
    )
    elsewhere: bool = Field(
        default=False, description="是否其他系统的案件（行政诉讼监督案件等）", examples=["true"]
    )


class UnlinkCase(DecisionBase):
    """解除关联: a tie that was entered wrongly; the other case is told."""

    LABEL = "解除关联"

    kind: Literal["unlink_case"] = "unlink_case"
    case: str = Field(
        min_length=1, max_length=100, description="对方案号", examples=["urging-350481-2026-0001"]
    )


class CaseLinked(FactBase):
    """被关联: another case has tied itself to this one."""

    LABEL = "被关联"

    kind: Literal["case_linked"] = "case_linked"
    relation: Relation = Field(description="对方是本案的什么", examples=["关联"])
    case: str = Field(
        min_length=1, max_length=100, description="对方案号", examples=["urging-350481-2026-0001"]
    )


class CaseUnlinked(FactBase):
    """被解除关联: the other case has untied itself."""

    LABEL = "被解除关联"

    kind: Literal["case_unlinked"] = "case_unlinked"
    case: str = Field(
        min_length=1, max_length=100, description="对方案号", examples=["urging-350481-2026-0001"]
    )


class LinkedCaseClosed(FactBase):
    """关联案件办结: a linked case has closed, with its outcome; this one goes on by itself."""

    LABEL = "关联案件办结"

    kind: Literal["linked_case_closed"] = "linked_case_closed"
    case: str = Field(
        min_length=1, max_length=100, description="对方案号", examples=["urging-350481-2026-0001"]
    )
    outcome: str = Field(default="", max_length=100, description="结案方式", examples=["整改到位"])


class OpenLinked(DecisionBase):
    """另立关联案件: another case is opened from this one (转办、移送、另立、分案), and takes its record along."""

    LABEL = "另立关联案件"

    kind: Literal["open_linked"] = "open_linked"
    relation: Relation = Field(description="新案是本案的什么", examples=["转为"])
    into: CaseKind = Field(description="新案的种类")
    title: str = Field(
        default="", max_length=200, description="新案名称；不写即沿用", examples=["某镇占耕公益诉讼案"]
    )
    matter: Matter | None = Field(default=None, description="新案事项；不写即沿用")
    county: str = Field(
        default="",
        pattern=r"^(\d{6})?$",
        description="新案所在县的行政区划码；不写即沿用",
        examples=["350481"],
    )
    procuratorate: str = Field(
        default="", max_length=100, description="办案检察院；不写即沿用", examples=["永安市人民检察院"]
    )
    handler: Person | None = Field(default=None, description="新案承办人；不写即沿用")
    carry: bool = Field(default=True, description="是否带上本案的事实和材料", examples=["true"])


class LinkedOpened(Wire):
    """The other case was opened under that number."""

    kind: Literal["linked_opened"] = "linked_opened"
    id: str
    order: str
    case: str


class CaseTold(Wire):
    """Another case was told; `how`: it took it, it is closed (its intake tray keeps it), or it does not exist."""

    kind: Literal["case_told"] = "case_told"
    id: str
    order: str
    how: Literal["told", "closed", "missing"]


class LinkFailed(Wire):
    """Another case could be neither opened nor told, or other work of the case's own not be done; staff must act."""

    kind: Literal["link_failed"] = "link_failed"
    id: str
    order: str
    why: str


LinkFact = CaseLinked | CaseUnlinked | LinkedCaseClosed
LinkDecision = LinkCase | UnlinkCase | OpenLinked
