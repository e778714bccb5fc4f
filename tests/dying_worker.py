"""A worker that tests kill: `python -m tests.dying_worker ADDRESS FOLDER QUEUE [ACTIVITY]`.

With ACTIVITY it dies right after that activity's work is done and committed, before the server hears of it; once only, since
the test then starts another.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

import worker as composition
from models.settings import load_settings
from starter.provision.fonts import font_folders
from workflows.parts.wiring import plugin


class _Dying(Interceptor):
    def __init__(self, after: str) -> None:
        self._after = after

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        after = self._after

        class Inbound(ActivityInboundInterceptor):
            async def execute_activity(self, input: ExecuteActivityInput) -> Any:
                result = await super().execute_activity(input)
                from temporalio import activity

                if activity.info().activity_type == after:
                    os._exit(9)
                return result

        return Inbound(next)


async def main(address: str, folder: str, queue: str, dies_after: str) -> None:
    client = await Client.connect(address, plugins=[plugin()])
    world = composition.adapters(load_settings(home=Path(folder)), font_folders(fetch=False))
    interceptors = [_Dying(dies_after)] if dies_after else []
    async with composition.build_worker(
        client, world, task_queue=queue, rehearsal=True, interceptors=interceptors
    ):
        print("working", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
