"""第三条 自然资源行政执法督促: 告知函, 检察建议 and 类案检察建议.

    人民检察院在履职过程中发现自然资源主管部门不及时依法履行职责的，可以发告知函、检察建议方式进行督促；对自然资源局在履职过程中存在的
    系统性问题及明显监管漏洞，可发出类案检察建议。自然资源主管部门应及时予以纠正整改并在2个月内书面回复；确因客观原因难以在规定时限内
    整改完毕的，应制作具体可行的整改方案并及时向检察机关说明情况。

Id: `urging-<行政区划码>-<year>-<number>`, from `models.numbering.case_id`.
Signals: `fact`, `edition_published`, `renew`. Updates: `record`, `decide`.
Queries: `status`, `deadlines`, `timeline`, `state`, `check`.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.urging import UrgingFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="urging")
class UrgingCase(CaseProtocol[UrgingFile]):
    """One urging case, from its opening to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, UrgingFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of article 3. A step returns at once when the journal already holds its end."""
        await self.opened()
        await self.answered()
        await self.put_right()
        await self.looked_back()
        return await self.filed_away()

    async def opened(self) -> None:
        """The clue is registered, a letter is drafted, approved and issued."""
        await self.desk.until(lambda case: case.is_opened)

    async def answered(self) -> None:
        """Each recipient is served, reminded, and replies; or its silence is decided upon."""
        await self.desk.until(lambda case: case.is_answered or case.is_closed)

    async def put_right(self) -> None:
        """Replies are assessed, plans tracked, items put right, failures urged and escalated, until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)
