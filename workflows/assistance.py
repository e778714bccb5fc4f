"""第六条 协助配合调查和专业支持: files that are asked for, and assistants from the bureau.

    建立协助配合调查和专业支持机制。检察机关因履行法律监督职责的需要，可以依法调阅、复印自然资源行政执法卷宗及查询相关信息，依法开展调查
    核实和收集证据工作，自然资源主管部门及其工作人员应当予以配合；检察机关可从自然资源管理部门选聘业务骨干兼任特邀检察官助理，协助
    检察官办理涉生态环境、资源保护领域案件，提供专业咨询和技术支持。

Ids: `file_request-<行政区划码>-<year>-<number>`, `assistant-…`, from `models.numbering.case_id`.
Messages: those of every case (`workflows.parts.protocol`), and of `models.said.assistance`.
"""

from __future__ import annotations

from temporalio import workflow

from models.cases.assistants import AssistantFile
from models.cases.file_requests import FileRequestFile
from models.tasks import CaseStart, Filed
from workflows.parts.protocol import CaseProtocol


@workflow.defn(name="file_request")
class FileRequestCase(CaseProtocol[FileRequestFile]):
    """One request for a file, for information, or for help with an inquiry."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, FileRequestFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of the first half of article 6."""
        await self.asked()
        await self.answered()
        await self.given_back()
        await self.looked_back()
        return await self.filed_away()

    async def asked(self) -> None:
        """The request goes out to whoever holds the file."""
        await self.desk.until(lambda case: bool(case.requests) or case.is_closed)

    async def answered(self) -> None:
        """What was asked for is given by its day; or its refusal, or silence, is acted upon."""
        await self.desk.until(lambda case: case.is_answered or case.is_closed)

    async def given_back(self) -> None:
        """Copies are held against their originals, originals are given back; then the case is closed."""
        await self.desk.until(lambda case: case.is_closed)


@workflow.defn(name="assistant")
class AssistantCase(CaseProtocol[AssistantFile]):
    """The appointment of one invited assistant, from the recommendation to the end of the last term."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, AssistantFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of the second half of article 6."""
        await self.appointed()
        await self.served()
        await self.looked_back()
        return await self.filed_away()

    async def appointed(self) -> None:
        """The person is recommended, reviewed, and appointed or not."""
        await self.desk.until(lambda case: case.is_appointed or case.is_closed)

    async def served(self) -> None:
        """At work on named cases, until the last term has ended, or the appointment is ended before, and the case is closed."""
        await self.desk.until(lambda case: case.is_closed)
