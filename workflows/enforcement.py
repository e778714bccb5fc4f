"""第四条 行政非诉执行监督: one penalty decision, from the demand to its enforcement, and our supervision of court and agency.

    自然资源主管部门依法向人民法院申请强制执行非诉执行案件的，应当在向人民法院提交申请之日起五个工作日内将相关文书、证据材料抄送同级
    人民检察院。检察机关应当全程跟踪了解案件的办理情况，发现人民法院受理、审查、裁决和执行非诉执行案件过程中存在违法行为的，应当依法
    予以监督。

Ids: `enforcement-<行政区划码>-<year>-<number>`, from `models.numbering.case_id`.
Messages: those of every case (`workflows.parts.protocol`), of `models.said.enforcement` and `models.said.court_supervision`.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.enforcement import EnforcementFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="enforcement")
class EnforcementCase(CaseProtocol[EnforcementFile]):
    """One penalty decision and its enforcement, until the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, EnforcementFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of article 4."""
        await self.applied_for()
        await self.ruled_upon()
        await self.enforced_or_supervised()
        await self.looked_back()
        return await self.filed_away()

    async def applied_for(self) -> None:
        """Decided, served, demanded, not fulfilled: the court is asked; the bureau's five working days for the copy begin."""
        await self.desk.until(lambda case: case.is_applied)

    async def ruled_upon(self) -> None:
        """Accepted or not, heard, ruled upon, reconsidered: each of the court's periods is watched."""
        await self.desk.until(lambda case: case.is_ruled)

    async def enforced_or_supervised(self) -> None:
        """Enforced by the court, or by whoever must carry it out; suspicions are taken up or set aside; the case is closed."""
        await self.desk.until(lambda case: case.is_closed)
