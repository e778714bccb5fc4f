"""第八条 行政争议实质性化解: beside the case under review, from the assessment to the last performance.

    检察机关在审查涉及自然资源领域的行政诉讼监督案件或非诉执行监督案件时，发现案件适宜开展行政争议实质性化解工作的，应加强与自然资源主管部门
    的沟通联系，自然资源主管部门应当在提交意见、配合化解、促进异地协作等方面予以积极配合，共同促进行政争议实质性化解。

Id: `dispute-<行政区划码>-<year>-<number>`, from `models.numbering.case_id`.
Messages: those of every case (`workflows.parts.protocol`), and of `models.said.disputes`. The case it belongs to is told
(`dispute_reported`) when it is under way, settled or failed.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.disputes import DisputeFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="dispute")
class DisputeCase(CaseProtocol[DisputeFile]):
    """The settling of one dispute, from its assessment to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, DisputeFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of article 8."""
        await self.assessed()
        await self.talked_over()
        await self.performed()
        await self.looked_back()
        return await self.filed_away()

    async def assessed(self) -> None:
        """Is the dispute suited to be settled, and by when."""
        await self.desk.until(lambda case: case.assessment is not None or case.is_closed)

    async def talked_over(self) -> None:
        """The bureau is asked for its opinion, another region for help; plan, meetings, hearings: an agreement, or none."""
        await self.desk.until(lambda case: bool(case.agreement or case.failure) or case.is_closed)

    async def performed(self) -> None:
        """What was agreed is paid, delivered, registered, withdrawn, until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)
