"""第二条 日常联络与定期通报; 印发通知 执行中问题的报告: what the two offices tell each other, and what counties ask of both.

    三明市人民检察院和市自然资源局分别确定第四检察部、执法监察科作为日常联络部门，各自确定一名专职人员为联系人员，负责日常工作联系和信息
    沟通，定期相互通报自然资源领域检察监督和行政执法办案情况、重大工作部署，协调衔接工作机制的具体运作与落实。

    执行中遇到的问题，请及时向三明市人民检察院和三明市自然资源局报告。

Ids: `liaison_exchange-<行政区划码>-<year>-<number>`, `problem_report-…`, from `models.numbering.case_id`; a regular exchange is
opened by the schedule `exchange-<行政区划码>` through `ExchangeOpening`.
Messages: those of every case (`workflows.parts.protocol`), and of `models.said.liaison`.
"""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import SearchAttributeKey

from models.cases.liaison import LiaisonExchangeFile
from models.cases.problem_report import ProblemReportFile
from models.dates import day_in_china
from models.exchanges import ExchangePlan, opening_order
from models.tasks import CaseStart, Filed
from workflows.parts import calls
from workflows.parts.protocol import CaseProtocol

_PLANNED = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name="liaison_exchange")
class LiaisonExchangeCase(CaseProtocol[LiaisonExchangeFile]):
    """One exchange, from its figures to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, LiaisonExchangeFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of article 2."""
        await self.gathered()
        await self.circulated()
        await self.acknowledged()
        await self.looked_back()
        return await self.filed_away()

    async def gathered(self) -> None:
        """The period's figures are gathered from the registry; a deployment has none."""
        await self.desk.until(
            lambda case: case.figures is not None or not case.is_regular or bool(case.sent) or case.is_closed
        )

    async def circulated(self) -> None:
        """The circular is made and sent to both sides."""
        await self.desk.until(lambda case: bool(case.sent) or case.is_closed)

    async def acknowledged(self) -> None:
        """Both sides acknowledge it, with their own figures; until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)


@workflow.defn(name="problem_report")
class ProblemReportCase(CaseProtocol[ProblemReportFile]):
    """One problem of implementation, from its report to the archive."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, ProblemReportFile)

    @workflow.run
    async def run(self, start: CaseStart) -> Filed:
        """The story of the covering notice."""
        await self.received()
        await self.answered()
        await self.acknowledged()
        await self.looked_back()
        return await self.filed_away()

    async def received(self) -> None:
        """Both municipal offices have the report."""
        await self.desk.until(lambda case: case.is_received or bool(case.days) or case.is_closed)

    async def answered(self) -> None:
        """They set a day, and answer all counties that it concerns."""
        await self.desk.until(lambda case: case.is_answered or case.is_closed)

    async def acknowledged(self) -> None:
        """Each county acknowledges the answer; until the case is closed."""
        await self.desk.until(lambda case: case.is_closed)


@workflow.defn(name="exchange_opening")
class ExchangeOpening:
    """What a schedule starts: the case of the period that has ended is opened, once."""

    @workflow.run
    async def run(self, plan: ExchangePlan) -> str:
        """The id of the case. A schedule that was late opens that of the day it was due on."""
        planned = workflow.info().typed_search_attributes.get(_PLANNED)
        opened = await calls.open_case(opening_order(plan, day_in_china(planned or workflow.now())))
        return opened.case
