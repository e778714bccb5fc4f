"""第七条 商请督促与圆桌会议: the bureau asks that another unit be urged, and a round table may be called.

    自然资源主管部门在执法过程中，涉及其他职能部门协同执法，需要检察机关协调配合的，可以商请检察机关督促相关单位依法履职，必要时可召开
    圆桌会议共同协商解决。

Id: `coordination-<行政区划码>-<year>-<number>`, from `models.numbering.case_id`.
Messages: those of every case (`workflows.parts.protocol`), and of `models.said.coordination`.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.coordination import CoordinationFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="coordination")
class CoordinationCase(CaseProtocol[CoordinationFile]):
    """One request, from the bureau's letter to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, CoordinationFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of article 7, its second sentence."""
        await self.answered()
        await self.coordinated()
        await self.looked_back()
        return await self.filed_away()

    async def answered(self) -> None:
        """The bureau has asked; its request is accepted, or declined with reasons."""
        await self.desk.until(lambda case: case.answer is not None or case.is_closed)

    async def coordinated(self) -> None:
        """The unit is written to and answers; a round table is held, and each of its tasks is done, until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)
