"""第九条 联合调研, 第十条 联合培训: a joint study, its report, the standards that both sides hold to; a training that they share.

    双方应围绕检察监督、自然资源行政执法的相关理论和实务问题加强调查研究，促进统一执法司法标准，规范执法司法活动。必要时，可就工作中的普遍性
    或热点难点问题联合开展专题调研，研究对策建议，共谋治理举措。

    双方要加强业务教育培训方面的协作，通过邀请参加培训、联合开展培训、互派师资授课、互相派员学习等方式共享业务培训资源，共同促进行政检察
    与行政执法业务水平的提升。

Ids: `study-<行政区划码>-<year>-<number>`, `training-…`, from `models.numbering.case_id`.
Messages: those of every case (`workflows.parts.protocol`), and of `models.said.joint_work`.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.joint_work import StudyFile
from models.cases.training import TrainingFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="study")
class StudyCase(CaseProtocol[StudyFile]):
    """One joint study, from its proposal to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, StudyFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of article 9."""
        await self.agreed()
        await self.reported()
        await self.followed_up()
        await self.looked_back()
        return await self.filed_away()

    async def agreed(self) -> None:
        """The study is proposed; both sides agree on topic, team, plan and day of the report."""
        await self.desk.until(lambda case: case.agreement is not None or case.is_closed)

    async def reported(self) -> None:
        """Field work; the report is written, common standards are put down as minutes."""
        await self.desk.until(lambda case: case.report is not None or case.is_closed)

    async def followed_up(self) -> None:
        """Each recommendation is followed to its end, until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)


@workflow.defn(name="training")
class TrainingCase(CaseProtocol[TrainingFile]):
    """One training, from its proposal to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, TrainingFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of article 10."""
        await self.invited()
        await self.held()
        await self.evaluated()
        await self.looked_back()
        return await self.filed_away()

    async def invited(self) -> None:
        """The notice goes out; bodies agree or decline, and enrol their people; teachers are sent."""
        await self.desk.until(lambda case: case.is_agreed or bool(case.sessions) or case.is_closed)

    async def held(self) -> None:
        """The sessions are held, with attendance."""
        await self.desk.until(lambda case: case.is_held or case.is_closed)

    async def evaluated(self) -> None:
        """Materials are filed, the training is evaluated; until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)
