"""Which cases a campaign has, as `mingjian list --campaign` asks: the campaign itself, and its sealed folder in its place."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError

from activities.case_lists import CaseFilter, CaseLists
from activities.database import Database
from activities.registry import Registry
from models.dates import at_hour
from models.errors import Refusal
from starter.campaigns import attached_to
from starter.office import Office
from tests.openings import FOUNDING_DAY
from tests.sample_rows import case_row, snapshot
from tests.sealed_cases import filed
from tests.test_campaign_floods import campaign
from tests.world import World, within

CASES = [f"urging-350425-2021-98{number:02d}" for number in range(6)]


@pytest.mark.asyncio(loop_scope="session")
async def test_the_cases_of_a_campaign_are_listed_while_it_runs_and_after(world: World) -> None:
    case = await world.open(campaign(9801))
    number = case.opening.case
    await case.decide("attach_cases", "attach-1", cases=CASES[:3])
    await case.signal("case_attached", "attached-1", on="2021-09-01", case=CASES[3])
    await case.decide("detach_cases", "detach-1", cases=[CASES[1]], reason="不属本次行动")
    await case.settled()
    database = Database(world.settings.registry)
    for each in CASES[:5]:
        Registry(database).project(
            snapshot(1, case_row(each)), run="r1", run_started_at=at_hour(FOUNDING_DAY, 9)
        )
    office = Office(world.settings, world.client)

    async def listed() -> list[str]:
        cases = await attached_to(office, number)
        rows = CaseLists(database).cases(CaseFilter(campaign=number, attached=cases)).rows
        return [row.case for row in rows]

    standing = [CASES[0], CASES[2], CASES[3]]
    assert await listed() == standing
    await case.decide("close_case", "close-1", outcome="cancelled", reason="并入另一行动")
    await filed(case)
    await world.client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(
            namespace=world.client.namespace, workflow_execution=WorkflowExecution(workflow_id=number)
        )
    )
    async with within(60):
        while True:
            try:
                await case.handle.describe()
            except RPCError:
                break
            await asyncio.sleep(0.1)
    assert await listed() == standing, "as its sealed folder says"
    with pytest.raises(Refusal, match="不在服务器上"):
        await attached_to(office, "campaign-350400-2021-9802")
    office.close()
    database.close()
