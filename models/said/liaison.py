"""第二条、印发通知: what is said to an exchange of the two offices, to the report of a problem, and by liaisons to any case."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.exchange_figures import Figures
from models.said.bases import DecisionBase, FactBase
from models.terms import ExchangeSubject
from models.wire import Phrase, Wire


class ExchangeTerms(Wire):
    """The two offices, and what they tell each other: the course of a period's cases, or a major deployment."""

    kind: Literal["liaison_exchange"] = "liaison_exchange"
    about: ExchangeSubject = Field(default=ExchangeSubject.REGULAR, description="通报什么")
    offices: tuple[Phrase, ...] = Field(
        default=(),
        max_length=4,
        description="相互通报的两个部门",
        examples=["[三明市人民检察院第四检察部, 三明市自然资源局执法监察科]"],
    )
    first_day: date | None = Field(
        default=None, description="定期通报：期间的第一日", examples=["2021-07-01"]
    )
    last_day: date | None = Field(
        default=None, description="定期通报：期间的最后一日", examples=["2021-09-30"]
    )
    fields: tuple[Phrase, ...] = Field(
        default=(), max_length=20, description="工作部署：涉及的领域", examples=["[耕地保护]"]
    )
    recipients: tuple[Phrase, ...] = Field(
        default=(),
        max_length=100,
        description="工作部署：通报哪些单位；不写即两个部门",
        examples=["[永安市自然资源局]"],
    )
    deployment: str = Field(
        default="", max_length=10_000, description="工作部署：内容", examples=["开展违法占耕清查"]
    )


class ProblemTerms(Wire):
    """What a county reports to both municipal offices."""

    kind: Literal["problem_report"] = "problem_report"
    reporter: str = Field(default="", max_length=100, description="报告单位", examples=["永安市自然资源局"])
    problem: str = Field(
        default="", max_length=5000, description="执行中遇到的问题", examples=["抄送材料的范围不明确"]
    )
    offices: tuple[Phrase, ...] = Field(
        default=(),
        max_length=4,
        description="收受报告并答复的两个市级部门",
        examples=["[三明市人民检察院第四检察部, 三明市自然资源局执法监察科]"],
    )


class LiaisonMessage(FactBase):
    """日常工作联系: what one liaison told another, kept with the case that it concerns (第二条)."""

    LABEL = "日常工作联系"

    kind: Literal["liaison_message"] = "liaison_message"
    sender: str = Field(
        min_length=1, max_length=100, description="何人（部门）发出", examples=["市自然资源局执法监察科王五"]
    )
    receiver: str = Field(
        min_length=1, max_length=100, description="何人（部门）收到", examples=["市检察院第四检察部张三"]
    )
    what: str = Field(
        min_length=1, max_length=2000, description="联系的内容", examples=["询问拆除进度，答下周进场"]
    )


class ProblemReceived(FactBase):
    """市级收悉: one of the two municipal offices has received the report of the problem."""

    LABEL = "问题报告收悉"

    kind: Literal["problem_received"] = "problem_received"
    office: str = Field(
        min_length=1, max_length=100, description="哪个市级部门", examples=["三明市自然资源局执法监察科"]
    )


class GatherFigures(DecisionBase):
    """汇总数据: the figures are gathered anew, of the same period or of another."""

    LABEL = "重新汇总数据"

    kind: Literal["gather_figures"] = "gather_figures"
    first_day: date | None = Field(
        default=None, description="期间的第一日；不写即不变", examples=["2021-07-01"]
    )
    last_day: date | None = Field(
        default=None, description="期间的最后一日；不写即不变", examples=["2021-09-30"]
    )


class SetAnswerDay(DecisionBase):
    """定答复日期: by which day both offices answer, and which counties the answer concerns; later ones go before earlier ones."""

    LABEL = "定答复日期"

    kind: Literal["set_answer_day"] = "set_answer_day"
    answer_by: date = Field(description="何日前答复", examples=["2099-12-31"])
    counties: tuple[Phrase, ...] = Field(
        min_length=1, max_length=50, description="答复发往哪些县（市、区）", examples=["[永安市, 大田县]"]
    )


class FiguresOrder(Wire):
    """Gather the figures of a place (行政区划码; a city with its counties) and a period, for a case under its natural key."""

    order: str
    case: str
    place: str
    first_day: date
    last_day: date


class FiguresGathered(Wire):
    """The figures as the registry had them; only counties of which there is anything."""

    kind: Literal["figures_gathered"] = "figures_gathered"
    id: str
    order: str
    figures: tuple[Figures, ...]


LiaisonFact = LiaisonMessage | ProblemReceived
LiaisonDecision = GatherFigures | SetAnswerDay
