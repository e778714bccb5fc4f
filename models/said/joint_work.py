"""第九条、第十条: what is said to a joint study, and to a joint training."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from models.said.bases import DecisionBase, FactBase
from models.terms import TrainingForm
from models.wire import Phrase, Wire


class StudyTerms(Wire):
    """What is studied, why, and by whom."""

    kind: Literal["study"] = "study"
    topic: str = Field(
        default="", max_length=200, description="课题", examples=["违法占耕非诉执行难问题研究"]
    )
    team: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="调研组成员", examples=["[张三, 李四]"]
    )
    partners: tuple[Phrase, ...] = Field(
        default=(), max_length=20, description="共同调研的单位", examples=["[三明市自然资源局]"]
    )


class AgreeStudy(DecisionBase):
    """商定调研: both sides have agreed on the study, its plan, and the day of its report."""

    LABEL = "商定调研"

    kind: Literal["agree_study"] = "agree_study"
    plan: str = Field(max_length=5000, description="调研方案", examples=["分三组赴各县走访"])
    report_by: date | None = Field(default=None, description="何日前形成报告", examples=["2021-12-31"])


class StudyReported(FactBase):
    """形成调研报告: what was found, and what is recommended; each recommendation is followed to its end."""

    LABEL = "形成调研报告"

    kind: Literal["study_reported"] = "study_reported"
    findings: str = Field(default="", max_length=20_000, description="调研发现", examples=["抄送不及时"])
    recommendations: tuple[Phrase, ...] = Field(
        default=(), max_length=50, description="对策建议，逐条落实", examples=["[建立共享台账]"]
    )


class StandardAgreed(FactBase):
    """统一执法司法标准: a common standard, written down as minutes that cases can cite by its number."""

    LABEL = "统一标准"

    kind: Literal["standard_agreed"] = "standard_agreed"
    number: str = Field(min_length=1, max_length=60, description="纪要文号", examples=["明检会纪〔2021〕1号"])
    title: str = Field(min_length=1, max_length=200, description="标准名称", examples=["耕作层毁坏认定标准"])
    points: tuple[Phrase, ...] = Field(
        min_length=1, max_length=100, description="标准内容，逐条", examples=["[硬化即认定为毁坏]"]
    )


class TrainingTerms(Wire):
    """What is taught, how, and for how many; without a number of places anybody may come."""

    kind: Literal["training"] = "training"
    topic: str = Field(default="", max_length=200, description="培训主题", examples=["土地执法证据标准"])
    form: TrainingForm = Field(default=TrainingForm.JOINT, description="培训方式")
    places: int | None = Field(default=None, ge=1, le=10_000, description="名额；不写即不限", examples=["30"])


class TraineesEnrolled(FactBase):
    """报名: a body sends these people to the training; more than there are places are not taken."""

    LABEL = "学员报名"

    kind: Literal["trainees_enrolled"] = "trainees_enrolled"
    names: tuple[Phrase, ...] = Field(
        min_length=1, max_length=500, description="学员姓名", examples=["[张三, 李四]"]
    )
    body: str = Field(default="", max_length=100, description="派出单位", examples=["永安市自然资源局"])


class TraineeWithdrew(FactBase):
    """退出培训: somebody who was enrolled does not come; the place is free again."""

    LABEL = "学员退出"

    kind: Literal["trainee_withdrew"] = "trainee_withdrew"
    name: str = Field(min_length=1, max_length=60, description="学员姓名", examples=["张三"])
    body: str = Field(
        default="", max_length=100, description="派出单位；没有同名的可不写", examples=["永安市自然资源局"]
    )


class TeacherAssigned(FactBase):
    """选派师资: one side sends somebody to teach (互派师资授课)."""

    LABEL = "选派师资"

    kind: Literal["teacher_assigned"] = "teacher_assigned"
    teacher: str = Field(min_length=1, max_length=60, description="授课人", examples=["王五"])
    body: str = Field(default="", max_length=100, description="派出单位", examples=["三明市自然资源局"])
    subject: str = Field(default="", max_length=200, description="讲授内容", examples=["耕地破坏程度鉴定"])


class MaterialsFiled(FactBase):
    """培训材料存档: a paper of the training is kept with the case."""

    LABEL = "培训材料存档"

    kind: Literal["materials_filed"] = "materials_filed"
    title: str = Field(min_length=1, max_length=200, description="材料名称", examples=["讲义"])


class TrainingEvaluated(FactBase):
    """培训评估: what somebody made of the training: a score out of a hundred, and remarks."""

    LABEL = "培训评估"

    kind: Literal["training_evaluated"] = "training_evaluated"
    evaluator: str = Field(min_length=1, max_length=100, description="评估人", examples=["全体学员"])
    score: int = Field(ge=0, le=100, description="评分（百分制）", examples=["92"])
    remarks: str = Field(default="", max_length=2000, description="评语", examples=["案例讲解充分"])


JointWorkFact = (
    StudyReported
    | StandardAgreed
    | TraineesEnrolled
    | TraineeWithdrew
    | TeacherAssigned
    | MaterialsFiled
    | TrainingEvaluated
)
JointWorkDecision = AgreeStudy
