"""A campaign to which thousands of cases are attached, one signal each, against a bare workflow that only counts its signals.

So many signals are on their way at once; the time runs from the first of them until the status of the campaign shows all cases
attached. The two sides take turns on one throw-away server, after a flood each that does not count; both continue as new when the
server suggests it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from temporalio.client import Client, WorkflowHistoryEventFilterType

from bench.course import CLERK
from bench.driving import Handle, Side, opening, side
from bench.report import Report, spread
from models.search import ATTRIBUTES
from starter.provision.server import LocalServer
from workflows.parts.wiring import plugin

CASES = 5000
LEAST_PACE = 0.8
_ON_THEIR_WAY = 64
_PATIENCE_SECONDS = 300
_WARMING = 9999
_CAMPAIGN = {
    "title": "违法占用耕地查处专项行动",
    "matter": "farmland_misuse",
    "clue": {"source": "remote_sensing"},
    "terms": {"kind": "campaign", "field": "耕地保护", "ends_on": "2022-06-30"},
}


@dataclass(frozen=True)
class Flood:
    """How one campaign took its cases."""

    rate: float
    cpu: float
    lost: int
    events: int
    renewals: int


async def measure(*, full: bool = False) -> AsyncIterator[Report]:
    """Attachments a second, of those that the bare workflow counts in the same time."""
    pairs = 5 if full else 3
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(LocalServer(search_attributes=ATTRIBUTES))
        ours = await stack.enter_async_context(side("mingjian", server.address))
        bare = await stack.enter_async_context(side("bare", server.address))
        reader = await Client.connect(server.address, plugins=[plugin()])
        # The first flood of a process also pays for what it builds once.
        for each in (ours, bare):
            await flood(each, reader, _WARMING)
        mine: list[Flood] = []
        its: list[Flood] = []
        for number in range(1, pairs + 1):
            mine.append(await flood(ours, reader, number))
            its.append(await flood(bare, reader, number))
        yield report(mine, its)


def report(mine: list[Flood], its: list[Flood]) -> Report:
    """The table; each pair has its own ratio."""
    ratios = [own.rate / other.rate for own, other in zip(mine, its, strict=True)]
    made = Report(
        f"A campaign of {CASES:,} cases: {len(mine)} interleaved pairs, {_ON_THEIR_WAY} signals on their way",
        [("", "mingjian", "bare", "ratio", "promised")],
    )
    pace = made.judge(
        "campaign: cases attached a second, of the bare workflow's", median(ratios), at_least=LEAST_PACE
    )
    lost = made.judge("campaign: cases lost", sum(each.lost for each in mine), at_most=0)
    made.rows += [
        ("cases attached a second", *_both(mine, its, "rate", ".0f"), spread(ratios), pace),
        ("worker CPU, ms a case", *_both(mine, its, "cpu", ".2f"), "", ""),
        ("cases lost", *(str(sum(each.lost for each in each_side)) for each_side in (mine, its)), "", lost),
        ("events, all runs", *_both(mine, its, "events", ",.0f"), "", ""),
        ("continued as new", *_both(mine, its, "renewals", ".0f"), "", ""),
    ]
    return made


def _both(mine: list[Flood], its: list[Flood], what: str, form: str) -> tuple[str, str]:
    first, second = (spread([getattr(each, what) for each in each_side], form) for each_side in (mine, its))
    return first, second


async def flood(side: Side, reader: Client, number: int) -> Flood:
    """Attach all cases to one campaign of a side, and count what it shows."""
    is_bare = side.name == "bare"
    campaign = opening("campaign", date(2021, 10, 8), number, _CAMPAIGN)
    id = f"bare-{campaign.case}" if is_bare else campaign.case
    handle = await side.client.start_workflow(
        "bare-campaign" if is_bare else "campaign",
        0 if is_bare else {"opening": campaign.model_dump(mode="json")},
        id=id,
        task_queue=side.queue,
    )
    seen = reader.get_workflow_handle(id)
    await seen.query("status")
    before, began = (await side.usage())["cpu"], time.perf_counter()
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await _attach(handle)
        shown = await _shown(seen, is_bare=is_bare)
        while shown < CASES:
            await asyncio.sleep(0.1)
            shown = await _shown(seen, is_bare=is_bare)
    elapsed, after = time.perf_counter() - began, (await side.usage())["cpu"]
    events, renewals = await _history(reader, id, handle.first_execution_run_id or "")
    return Flood(CASES / elapsed, (after - before) / CASES * 1000, CASES - shown, events, renewals)


async def _attach(handle: Handle) -> None:
    numbers = iter(range(1, CASES + 1))

    async def hand() -> None:
        for number in numbers:
            await handle.signal("fact", attached(number))

    await asyncio.gather(*(hand() for _ in range(_ON_THEIR_WAY)))


def attached(number: int) -> dict[str, Any]:
    """What is said of one case."""
    return {
        "kind": "case_attached",
        "id": f"attached-{number}",
        "on": "2021-10-08",
        "by": CLERK,
        "case": f"urging-350481-2021-{number:04d}",
    }


async def _shown(seen: Handle, *, is_bare: bool) -> int:
    status = await seen.query("status")
    if is_bare:
        return int(status)
    rows = [row for row in status["facts"] if row["kind"] == "case_attached" and row["how"] == "applied"]
    return len({row["id"] for row in rows})


async def _history(client: Client, id: str, first: str) -> tuple[int, int]:
    """Events of all runs, and how often it was continued as new."""
    events, runs, run = 0, 0, first
    while run:
        of_run = client.get_workflow_handle(id, run_id=run)
        events, runs, run = (
            events + (await of_run.describe()).history_length,
            runs + 1,
            await _next_run(of_run),
        )
    return events, runs - 1


async def _next_run(handle: Handle) -> str:
    """The run that a run was continued as; nothing when it goes on."""
    async for event in handle.fetch_history_events(
        event_filter_type=WorkflowHistoryEventFilterType.CLOSE_EVENT
    ):
        return event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return ""
