"""The reference case with nothing in it: the same commands in the same order, and no case.

It takes the same messages unread, runs a local activity where a case is counted and written down, a regular one where a paper is
made, upserts search attributes, arms timers anew, and starts a child at its end; its activities are no-ops of the same kind. So
what the urging case costs above it is the cost of knowing something. The benchmark compares the two histories event by event.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RawValue, RetryPolicy, SearchAttributeKey
from temporalio.exceptions import FailureError

EVENTS = 70
"""How many events its history has; the filing child's are counted apart."""

# Seconds, by the order of arming: the watch on service (never fires), two reminders, the due day (never fires).
WAITS = (600, 1, 1, 600)

_STAGE = SearchAttributeKey.for_keyword("CaseStage")
_KIND = SearchAttributeKey.for_keyword("CaseKind")
_DUE = SearchAttributeKey.for_datetime("NextDueAt")
_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))

OPENED, ISSUED, SERVED, REPLIED, ASSESSED, CLOSED = range(6)
_DUE_AT = datetime(2021, 11, 15, 16, tzinfo=UTC)


@workflow.defn(name="bare")
class BareCase:
    """Six messages, two reminders, one paper, one child."""

    @workflow.init
    def __init__(self, start: RawValue) -> None:
        self._stage = OPENED
        self._shown = -1
        self._revision = 1
        self._settled = 0
        self._reminders = 0
        self._paper: asyncio.Task[None] | None = None
        self._timer: asyncio.Task[None] | None = None
        self._armed = -1

    @workflow.run
    async def run(self, start: RawValue) -> int:
        while True:
            await self._settle()
            self._show()
            self._make_paper()
            self._arm()
            if self._stage == CLOSED:
                break
            await workflow.wait_condition(lambda: self._settled < self._revision or self._fired)
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

    def _take(self) -> None:
        self._stage += 1
        self._revision += 1

    async def _settle(self) -> None:
        if self._fired:
            await self._count()
            self._reminders += 1
            self._revision += 1
        while self._settled < self._revision:
            upto = self._revision
            await self._count()
            self._settled = upto

    async def _count(self) -> None:
        arguments = [workflow.info().workflow_id, self._reminders]
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

    def _show(self) -> None:
        if self._stage == self._shown:
            return
        updates: list[Any] = [_STAGE.value_set(str(self._stage))]
        if self._shown < 0:
            updates.append(_KIND.value_set("bare"))
        if self._stage in (ISSUED, SERVED, REPLIED):
            updates.append(_DUE.value_set(_DUE_AT) if self._stage != REPLIED else _DUE.value_unset())
        workflow.upsert_search_attributes(updates)
        self._shown = self._stage
        workflow.set_current_details(str(self._stage))

    def _make_paper(self) -> None:
        if self._stage == ISSUED and self._paper is None:
            self._paper = asyncio.create_task(self._make())

    async def _make(self) -> None:
        await workflow.execute_activity(
            make,
            workflow.info().workflow_id,
            start_to_close_timeout=timedelta(minutes=2),
            retry_policy=_RETRIES,
            summary="制作文书",
        )
        self._revision += 1

    def _arm(self) -> None:
        # One timer while it is issued; while it is served one for each reminder, then one for the due day.
        wanted = -1
        if self._stage == ISSUED:
            wanted = 0
        elif self._stage == SERVED:
            wanted = 1 + self._reminders
        if wanted == self._armed:
            return
        if self._timer is not None and not self._fired:
            self._timer.cancel()
        self._armed = wanted
        self._timer = None
        if wanted >= 0:
            self._timer = asyncio.create_task(workflow.sleep(WAITS[wanted], summary="整改并书面回复"))


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


@activity.defn(name="bare.count")
def count(case: str, reminders: int) -> None:
    """Nothing, in a thread; the worker process puts one in its place that tells of second reminders."""


@activity.defn(name="bare.make")
def make(case: str) -> None:
    """Nothing, in a thread."""


@activity.defn(name="bare.seal")
async def seal(case: str) -> str:
    """Nothing, in the event loop."""
    return "0" * 64
