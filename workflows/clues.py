"""第五条 线索移送: a clue from one side to the other, and the word of what came of it back.

    建立公益诉讼案件线索移送和查处机制。自然资源主管部门在履职中发现毁坏耕地和破坏矿产资源、国有土地使用权出让领域等公益诉讼案件线索，
    应及时移送检察机关办理。检察机关在履职过程中发现毁坏耕地和破坏矿产资源及土地执法的违法案件，可通过诉前磋商、检察建议和提出公益诉讼
    的方式，督促自然资源主管部门依法履职，协同推进行政执法查处。

Id: `clue-<行政区划码>-<year>-<number>`, from `models.numbering.case_id`.
Messages: those of every case (`workflows.parts.protocol`), and of `models.said.clues`.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.clues import ClueFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="clue")
class ClueCase(CaseProtocol[ClueFile]):
    """One clue, from its sending to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, ClueFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of a clue under article 5."""
        await self.received()
        await self.disposed_of()
        await self.told()
        await self.looked_back()
        return await self.filed_away()

    async def received(self) -> None:
        """It is sent, and its receiver signs for it."""
        await self.desk.until(lambda case: case.is_received or case.is_closed)

    async def disposed_of(self) -> None:
        """It is reviewed: taken (a case of the right kind is opened from it), returned with reasons, or forwarded."""
        await self.desk.until(lambda case: case.is_disposed_of or case.is_closed)

    async def told(self) -> None:
        """Its sender hears what became of it, and again when the case that was made of it has closed; then it is closed."""
        await self.desk.until(lambda case: case.is_closed)
