"""A worker that tests kill: `python -m tests.dying_worker ADDRESS FOLDER QUEUE [after ACTIVITY | before ADAPTER.METHOD]`.

`after` an activity's work is done and committed, before the server hears of it; `before` an adapter is called, in the middle
of whatever calls it. It dies once only, since the test then starts another. The server knows of a death when the activity's
time is up: what this worker schedules has four seconds and not thirty, and what is kept for it alone goes to another after two
seconds and not ten, so that no test sits through the rest.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

import worker as composition
from models.settings import load_settings
from starter.provision.fonts import font_folders
from workflows.parts.wiring import plugin


def _die(*_: object, **__: object) -> NoReturn:
    os._exit(9)


class _ShortOfTime(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:
        input.start_to_close_timeout = timedelta(seconds=4)
        return super().start_activity(input)


class _Inside(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_ShortOfTime(outbound))


class _Dying(Interceptor):
    def __init__(self, after: str) -> None:
        self._after = after

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[_Inside]:
        return _Inside

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        after = self._after

        class Inbound(ActivityInboundInterceptor):
            async def execute_activity(self, input: ExecuteActivityInput) -> Any:
                result = await super().execute_activity(input)
                from temporalio import activity

                if activity.info().activity_type == after:
                    _die()
                return result

        return Inbound(next)


async def main(address: str, folder: str, queue: str, when: str = "", where: str = "") -> None:
    client = await Client.connect(address, plugins=[plugin()])
    world = composition.adapters(load_settings(home=Path(folder)), font_folders(fetch=False))
    if when == "before":
        adapter, _, method = where.partition(".")
        setattr(getattr(world, adapter), method, _die)
    dying = _Dying(where if when == "after" else "")
    given_on = partial(composition._Worker, sticky_queue_schedule_to_start_timeout=timedelta(seconds=2))
    setattr(composition, "_Worker", given_on)  # noqa: B010  # a type checker takes a class for what it is
    async with composition.build_worker(
        client, world, task_queue=queue, rehearsal=True, interceptors=[dying]
    ):
        print("working", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
