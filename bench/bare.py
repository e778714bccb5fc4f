"""A reference course with nothing in it: the same commands in the same order, and no case.

It takes the same messages unread and does what is written of them in the course: a local activity where a case is counted and
written down, a regular one where a paper is made, search attributes, timers armed anew, a child at the end; its activities are
no-ops of the same kind. So what a case costs above it is the cost of knowing something. The benchmark compares the two
histories event by event.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RawValue, RetryPolicy, SearchAttributeKey
from temporalio.exceptions import FailureError

from bench.course import DUE, NEVER_SECONDS, STAGE, STRIKE_SECONDS, Step, Strike, Timer
from bench.kinds import COURSES

_STAGE = SearchAttributeKey.for_keyword(STAGE)
_KIND = SearchAttributeKey.for_keyword("CaseKind")
_DUE = SearchAttributeKey.for_datetime(DUE)
_DUE_AT = datetime(2021, 11, 15, 16, tzinfo=UTC)
_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


@workflow.defn(name="bare")
class BareCase:
    """Messages, strikes of the clock, papers, one child: as the course of that kind has them."""

    @workflow.init
    def __init__(self, start: RawValue, kind: str) -> None:
        self._steps = COURSES[kind].steps
        self._taken = self._done = 0
        self._revision = 1
        self._settled = 0
        self._ticks = 0
        self._papers: list[asyncio.Task[None]] = []
        self._timer: asyncio.Task[None] | None = None
        self._strikes: tuple[Strike, ...] = ()

    @workflow.run
    async def run(self, start: RawValue, kind: str) -> int:
        await self._settle()
        workflow.upsert_search_attributes([_STAGE.value_set("0"), _KIND.value_set("bare")])
        while self._done < len(self._steps) or self._is_making or self._has_work:
            await workflow.wait_condition(lambda: self._has_work)
            await self._round()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._timer:
            self._timer.cancel()
        case = workflow.info().workflow_id
        await workflow.start_child_workflow(
            BareFiling.run,
            case,
            id=f"{case}/filing/{workflow.info().run_id}",
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"封存案卷 {case}",
        )
        return self._revision

    @workflow.signal(name="fact")
    def fact(self, raw: RawValue) -> None:
        self._take()

    @workflow.update(name="decide")
    async def decide(self, raw: RawValue) -> int:
        self._take()
        mine = self._revision
        await workflow.wait_condition(lambda: self._settled >= mine)
        return mine

    @property
    def _fired(self) -> bool:
        return self._timer is not None and self._timer.done()

    @property
    def _has_work(self) -> bool:
        return self._settled < self._revision or self._done < self._taken or self._fired

    @property
    def _is_making(self) -> bool:
        return any(not paper.done() for paper in self._papers)

    def _take(self) -> None:
        self._taken += 1
        self._revision += 1

    async def _round(self) -> None:
        struck = await self._strike() if self._fired else None
        await self._settle()
        steps = self._steps[self._done : self._taken]
        self._done = self._taken
        shown = {name for each in (*steps, *([struck] if struck else ())) for name in each.shows}
        self._show(shown)
        for _ in range(sum(step.papers for step in steps)):
            self._papers.append(asyncio.create_task(self._make()))
        self._arm(steps, is_struck=struck is not None)

    async def _strike(self) -> Strike:
        """What has fallen due is counted once more before it is entered."""
        await self._count()
        struck, *others = self._strikes
        self._strikes = tuple(others)
        self._ticks += struck.ticks
        self._revision += struck.ticks
        return struck

    async def _settle(self) -> None:
        while self._settled < self._revision:
            upto = self._revision
            await self._count()
            self._settled = upto

    async def _count(self) -> None:
        arguments = [workflow.info().workflow_id, self._ticks]
        try:
            await workflow.execute_local_activity(
                count,
                args=arguments,
                schedule_to_close_timeout=timedelta(seconds=1),
                retry_policy=RetryPolicy(maximum_attempts=1),
                summary="计算期限，登记台账",
            )
        except FailureError:
            await workflow.execute_activity(
                count, args=arguments, start_to_close_timeout=timedelta(seconds=30), retry_policy=_RETRIES
            )

    def _show(self, names: set[str]) -> None:
        updates: list[Any] = []
        if STAGE in names:
            updates.append(_STAGE.value_set(str(self._done)))
        if DUE in names:
            updates.append(_DUE.value_set(_DUE_AT))
        if updates:
            workflow.upsert_search_attributes(updates)
        workflow.set_current_details(str(self._done))

    async def _make(self) -> None:
        await workflow.execute_activity(
            make,
            workflow.info().workflow_id,
            start_to_close_timeout=timedelta(minutes=2),
            retry_policy=_RETRIES,
            summary="制作文书",
        )
        self._revision += 1

    def _arm(self, steps: tuple[Step, ...], *, is_struck: bool) -> None:
        moved = [step for step in steps if step.timer is not Timer.KEPT]
        if not moved and not is_struck:
            return
        if self._timer is not None and not self._fired:
            self._timer.cancel()
        self._timer = None
        if moved:
            self._strikes = moved[-1].strikes
        if not moved or moved[-1].timer is Timer.ANEW:
            seconds = STRIKE_SECONDS if self._strikes else NEVER_SECONDS
            self._timer = asyncio.create_task(workflow.sleep(seconds, summary="整改并书面回复"))


@workflow.defn(name="bare-filing")
class BareFiling:
    """The child at the end."""

    @workflow.run
    async def run(self, case: str) -> str:
        sealed: str = await workflow.execute_activity(
            seal,
            case,
            start_to_close_timeout=timedelta(minutes=10),
            retry_policy=_RETRIES,
            summary="封存案卷",
        )
        return sealed


@workflow.defn(name="bare-campaign")
class BareCampaign:
    """As many signals as come, each no more than counted."""

    @workflow.init
    def __init__(self, attached: int) -> None:
        self._attached = attached

    @workflow.run
    async def run(self, attached: int) -> None:
        await workflow.wait_condition(lambda: workflow.info().is_continue_as_new_suggested())
        workflow.continue_as_new(self._attached)

    @workflow.signal(name="fact")
    def fact(self, raw: RawValue) -> None:
        self._attached += 1

    @workflow.query(name="status")
    def status(self) -> int:
        return self._attached


@activity.defn(name="bare.count")
def count(case: str, ticks: int) -> None:
    """Nothing, in a thread; the worker process puts one in its place that tells of ticks."""


@activity.defn(name="bare.make")
def make(case: str) -> None:
    """Nothing, in a thread."""


@activity.defn(name="bare.seal")
async def seal(case: str) -> str:
    """Nothing, in the event loop."""
    return "0" * 64
