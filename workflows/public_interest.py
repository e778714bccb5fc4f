"""第五条 公益诉讼: a case of administrative public-interest litigation, from its clue to the performance of a judgment.

    自然资源主管部门在履职中发现毁坏耕地和破坏矿产资源、国有土地使用权出让领域等公益诉讼案件线索，应及时移送检察机关办理。检察机关在履职过程中
    发现毁坏耕地和破坏矿产资源及土地执法的违法案件，可通过诉前磋商、检察建议和提出公益诉讼的方式，督促自然资源主管部门依法履职，协同推进
    行政执法查处。

Ids: `public_interest-<行政区划码>-<year>-<number>`, from `models.numbering.case_id`.
Messages: those of every case (`workflows.parts.protocol`), and of `models.said.public_interest` and `models.said.public_suits`.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.public_interest import PublicInterestFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="public_interest")
class PublicInterestCase(CaseProtocol[PublicInterestFile]):
    """One public-interest case, from its clue to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, PublicInterestFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of the second half of article 5. A step returns at once when the journal already holds its end."""
        await self.assessed()
        await self.consulted_and_advised()
        await self.followed_up()
        await self.judged()
        await self.looked_back()
        return await self.filed_away()

    async def assessed(self) -> None:
        """The clue is assessed, looked into where need be, and filed or declined."""
        await self.desk.until(lambda case: case.is_assessed)

    async def consulted_and_advised(self) -> None:
        """The agency is told and consulted, the matter investigated; a suggestion goes out, or all is settled without one."""
        await self.desk.until(lambda case: case.has_gone_out)

    async def followed_up(self) -> None:
        """The agency puts things right and replies; what it says is held against what is found; where that fails, it is sued."""
        await self.desk.until(lambda case: case.is_sued or case.is_closed)

    async def judged(self) -> None:
        """The suit is tried, withdrawn or judged, and the judgment performed, until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)
