"""Cases that go on for years: what comes while they continue as new is not lost, and what runs in them runs on.

The third of them, a campaign of five thousand cases, is in `tests.test_campaign_floods`.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any

import pytest
from temporalio.client import ScheduleBackfill, ScheduleOverlapPolicy, WorkflowHandle

from activities.case_lists import CaseFilter
from models.dates import CHINA
from models.exchanges import period_before, period_name
from models.journal import CaseState
from models.rows import CaseRow
from models.tasks import Filed
from models.terms import ExchangeCycle
from starter import exchanges as rooms
from starter.office import Office
from tests.test_exchanges import JURISDICTION, ZHANG
from tests.world import Case, World, another_run, awaiting_reply, within

pytestmark = pytest.mark.asyncio(loop_scope="session")

FACTS, QUARTERS = 300, 40


async def test_an_urging_case_of_three_hundred_facts_is_handed_over_while_they_come(world: World) -> None:
    """Three times; every fact is entered once, by whichever run it reached, and the period runs on."""
    case = await awaiting_reply(world, 501)
    period = [(row.rule, row.due_on) for row in (await case.settled()).deadlines]
    runs = [(await case.handle.describe()).run_id]

    async def tell(first: int, last: int) -> None:
        for n in range(first, last):
            await case.signal("happened", f"event-{n}", on="2021-09-15", event="巡查", note="无异常" * 20)

    for first in range(0, FACTS, 100):
        telling = asyncio.create_task(tell(first, first + 100))
        await asyncio.sleep(0.05)
        await case.handle.signal("renew")
        runs.append(await another_run(case, runs[-1]))
        await telling
    status = await case.settled(30)
    told = [row.id for row in status.facts if row.kind == "happened"]
    assert sorted(told) == sorted(f"event-{n}" for n in range(FACTS))
    assert [(row.rule, row.due_on) for row in status.deadlines] == period
    assert len(set(runs)) == 4
    assert (await case.record("reply_received", "reply-1", on="2021-09-15")).how == "applied"


async def test_ten_years_of_a_pair_of_offices(world: World) -> None:
    """Forty quarters by one schedule, each a case of its own with its own period; none is opened twice, or left out.

    Then all forty are handed over at once, and each hears what it is told meanwhile.
    """
    office = Office(world.settings.model_copy(update={"task_queue": world.queue}), world.client)
    place = rooms.place_named(JURISDICTION, "明溪县")
    await rooms.set_exchange(office, rooms.SetExchange(place=place, cycle=ExchangeCycle.QUARTER, by=ZHANG))
    handle = world.client.get_schedule_handle(f"exchange-{place.code}")
    slept = ScheduleBackfill(
        start_at=datetime(2011, 9, 30, tzinfo=CHINA),
        end_at=datetime(2021, 7, 2, tzinfo=CHINA),
        overlap=ScheduleOverlapPolicy.BUFFER_ALL,
    )
    try:
        await handle.backfill(slept)
        async with within(60):
            while len(found := await exchanges(world, place.code)) < QUARTERS:
                await asyncio.sleep(0.2)
    finally:
        await rooms.remove_exchange(office, place)
        office.close()
    days = [date(2011 + (9 + 3 * n) // 12, (9 + 3 * n) % 12 + 1, 1) for n in range(QUARTERS)]
    quarters = [period_name(*period_before(day, ExchangeCycle.QUARTER)) for day in days]
    assert [(row.title, row.opened_on) for row in found] == [
        (f"明溪县{name}情况通报", day) for name, day in zip(quarters, days, strict=True)
    ]

    numbers = [each.key for each in world.world.books.numbers(book="case", kind="liaison_exchange")]
    assert len(numbers) == QUARTERS
    told = await asyncio.gather(*(handed_over(world, row.case) for row in found))
    assert told == [["said-0", "said-1", "said-2", "said-3"]] * QUARTERS


async def exchanges(world: World, county: str) -> list[CaseRow]:
    """The exchanges of a place that the registry knows, from the first on."""
    page = await asyncio.to_thread(world.world.registry.cases, CaseFilter(county=county), limit=100)
    return sorted(page.rows, key=lambda row: row.opened_on)


async def handed_over(world: World, number: str) -> list[str]:
    """What an exchange was told before, while and after it continued as new, as it knows it in the end."""
    handle: WorkflowHandle[Any, Filed] = world.client.get_workflow_handle(number, result_type=Filed)
    state: CaseState = await handle.query("state", result_type=CaseState)
    case = Case(world, handle, state.opening)

    async def tell(which: int) -> None:
        said = {"sender": "明溪县人民检察院", "receiver": "明溪县自然资源局", "what": "本季办案情况"}
        await case.signal("liaison_message", f"said-{which}", on="2021-07-01", **said)

    run = (await handle.describe()).run_id
    await asyncio.gather(tell(0), tell(1), handle.signal("renew"), tell(2))
    await another_run(case, run)
    await tell(3)
    return sorted(row.id for row in (await case.settled(60)).facts if row.kind == "liaison_message")
