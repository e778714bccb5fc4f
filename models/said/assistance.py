"""第六条: what is said to a request for a file, and to the appointment of an invited assistant."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.dates import EventDate
from models.said.bases import DecisionBase, FactBase
from models.terms import RefusalMeasure, ServiceForm
from models.wire import KnownPaper, Period, Phrase, Wire

# 调卷、查询、协助调查


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


class ProvidedItem(Wire):
    """One thing that was given: an original, or a copy that two of our staff have held against it; `scan` is its image."""

    title: str = Field(min_length=1, max_length=200)
    pages: int | None = Field(default=None, ge=1, le=100_000)
    original: bool = False
    compared_by: tuple[Phrase, ...] = Field(default=(), max_length=10)
    scan: KnownPaper | None = None


class FileProvided(FactBase):
    """提供案卷: what was given, item by item; what was kept back is named with the reason that was given for it."""

    LABEL = "提供案卷"

    kind: Literal["file_provided"] = "file_provided"
    letter: str = Field(default="", max_length=200)
    items: tuple[ProvidedItem, ...] = Field(
        min_length=1,
        max_length=500,
        description="提供的材料：名称、页数、是否原件；复印件写由哪两人核对与原件一致；扫描件写 scan: 文件名",
        examples=["[{title: 处罚决定书, pages: 3, original: false, compared_by: [张三, 李四]}]"],
    )
    withheld: tuple[Phrase, ...] = Field(
        default=(), max_length=100, description="未提供的材料及其理由", examples=["[会议纪要：称涉密]"]
    )
    return_by: date | None = Field(default=None, description="原件何日前归还", examples=["2021-10-29"])


class CopiesCompared(FactBase):
    """核对复印件: two of our staff have held copies against their originals (与原件核对一致)."""

    LABEL = "核对复印件"

    kind: Literal["copies_compared"] = "copies_compared"
    titles: tuple[Phrase, ...] = Field(
        default=(), max_length=500, description="哪些材料；不写即全部未核对的", examples=["[处罚决定书]"]
    )
    compared_by: tuple[Phrase, ...] = Field(
        min_length=2, max_length=10, description="由哪两人核对", examples=["[张三, 李四]"]
    )


class FileReturned(FactBase):
    """归还原件: item by item."""

    LABEL = "归还原件"

    kind: Literal["file_returned"] = "file_returned"
    titles: tuple[Phrase, ...] = Field(
        default=(), max_length=500, description="归还哪些原件；不写即全部未归还的", examples=["[处罚卷]"]
    )


class ActOnRefusal(DecisionBase):
    """处理拒不配合 ([公规]45, [行监]67): a file refused, in whole or part, or not given in time, is reported or made known."""

    LABEL = "处理拒不配合"

    kind: Literal["act_on_refusal"] = "act_on_refusal"
    letter: str = Field(default="", max_length=200)
    measure: RefusalMeasure = Field(description="怎样处理")
    to: str = Field(
        default="", max_length=100, description="报告、通报给谁，或向谁建议", examples=["三明市自然资源局"]
    )


# 特邀检察官助理


class AssistantTerms(Wire):
    """Who is recommended, by which unit, for what; how often the appointment may be renewed is a local choice."""

    kind: Literal["assistant"] = "assistant"
    person: str = Field(default="", max_length=60, description="人选姓名", examples=["王工程师"])
    unit: str = Field(default="", max_length=100, description="所在单位", examples=["永安市自然资源局"])
    field: str = Field(default="", max_length=100, description="专业领域", examples=["土地勘测"])
    renewals: int = Field(default=1, ge=0, le=9, description="最多续聘几次（本地约定）", examples=["1"])


class ReviewCandidate(DecisionBase):
    """审查人选: the recommended person is looked into."""

    LABEL = "审查人选"

    kind: Literal["review_candidate"] = "review_candidate"


class DeclineCandidate(DecisionBase):
    """不予聘任, with the reason."""

    LABEL = "不予聘任"

    kind: Literal["decline_candidate"] = "decline_candidate"


class AppointAssistant(DecisionBase):
    """聘任, for the term that the appointment document states."""

    LABEL = "聘任"

    kind: Literal["appoint_assistant"] = "appoint_assistant"
    term: Period | None = Field(
        default=None, description="聘期，如 24个月；照聘任文件填写", examples=["24个月"]
    )
    since: EventDate | None = Field(
        default=None, description="聘期自何时起；不写即决定之日，只知年月的写年月", examples=["2021-10-08"]
    )


class AssignToCase(DecisionBase):
    """指派参与办案, after a check that nobody stands in judgment on the own bureau (回避)."""

    LABEL = "指派参与办案"

    kind: Literal["assign_to_case"] = "assign_to_case"
    case: str = Field(
        min_length=1, max_length=100, description="参与办理的案件", examples=["urging-350481-2026-0001"]
    )
    agencies: tuple[Phrase, ...] = Field(
        min_length=1, max_length=50, description="该案被监督的单位，供回避审查", examples=["[永安市林业局]"]
    )
    task: str = Field(default="", max_length=500, description="做什么", examples=["现场勘测并出具意见"])
    elsewhere: bool = Field(default=False, description="是否其他系统的案件", examples=["true"])


class ConsultationGiven(FactBase):
    """提供专业支持: advice, a survey, an opinion; counted as article 6 is reported on (人次、件数)."""

    LABEL = "提供专业支持"

    kind: Literal["consultation_given"] = "consultation_given"
    form: ServiceForm = Field(default=ServiceForm.CONSULTATION, description="方式")
    case: str = Field(
        default="",
        max_length=100,
        description="哪一案件；一般咨询可不写",
        examples=["urging-350481-2026-0001"],
    )
    what: str = Field(max_length=2000, description="做了什么", examples=["说明复垦验收标准"])
    hours: float | None = Field(
        default=None, ge=0, le=10_000, allow_inf_nan=False, description="小时数", examples=["3"]
    )
    times: int = Field(default=1, ge=1, le=10_000, description="次数；按统计补录的写合计", examples=["1"])


class RenewAssistant(DecisionBase):
    """续聘, for another term."""

    LABEL = "续聘"

    kind: Literal["renew_assistant"] = "renew_assistant"
    term: Period | None = Field(
        default=None, description="聘期，如 24个月；照聘任文件填写", examples=["24个月"]
    )
    since: EventDate | None = Field(
        default=None, description="聘期自何时起；不写即决定之日", examples=["2023-10-08"]
    )


class ReleaseAssistant(DecisionBase):
    """解聘, with the reason."""

    LABEL = "解聘"

    kind: Literal["release_assistant"] = "release_assistant"


AssistanceFact = FileProvided | CopiesCompared | FileReturned | ConsultationGiven
AssistanceDecision = (
    ActOnRefusal
    | ReviewCandidate
    | DeclineCandidate
    | AppointAssistant
    | AssignToCase
    | RenewAssistant
    | ReleaseAssistant
)
