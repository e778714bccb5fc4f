"""第七条 联合专项行动: a campaign from its proposal to its report.

    双方可结合工作实际，围绕中心工作服务大局，选择耕地保护、土地征迁、违法占地案件查处或其他重点领域开展专项行动，发挥各自职能和专业优势，
    形成工作合力。

Id: `campaign-<行政区划码>-<year>-<number>`, from `models.numbering.case_id`.
Messages: those of every case (`workflows.parts.protocol`), and of `models.said.campaigns`. Cases are attached by thousands; they
are counted in the registry (`campaigns.count`) when an item falls due, when staff ask, and for the report.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.campaigns import CampaignFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="campaign")
class CampaignCase(CaseProtocol[CampaignFile]):
    """One joint campaign, from its proposal to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, CampaignFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of article 7, its first sentence."""
        await self.agreed()
        await self.carried_out()
        await self.followed_up()
        await self.looked_back()
        return await self.filed_away()

    async def agreed(self) -> None:
        """The campaign is proposed; both sides agree on field, aims, plan and period."""
        await self.desk.until(lambda case: bool(case.agreements) or case.is_closed)

    async def carried_out(self) -> None:
        """It is started, cases are attached, milestones pass and progress is counted, until the report is written."""
        await self.desk.until(lambda case: case.report is not None or case.is_closed)

    async def followed_up(self) -> None:
        """What the report recommends is followed to its end, until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)
