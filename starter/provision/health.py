"""Whether the worker of this machine polls its task queue: `python -m starter.provision.health` is a
container's health check.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from datetime import UTC, datetime, timedelta

from models.errors import MingjianError
from models.settings import Settings, connection, load_settings

RECENT = timedelta(minutes=3)
"""A poll is renewed every minute."""


async def polls(settings: Settings, *, host: str | None = None) -> bool:
    """Whether a worker of `host`, this machine when None, asked the server for workflow tasks lately."""
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
    from temporalio.client import Client

    arguments = connection(settings)
    client = await Client.connect(**arguments)
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=arguments["namespace"],
            task_queue=TaskQueue(name=settings.task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    since = datetime.now(UTC) - RECENT
    return any(
        poller.identity.rpartition("@")[2] == (host or socket.gethostname())
        and poller.last_access_time.ToDatetime(UTC) > since
        for poller in answer.pollers
    )


def main() -> int:
    """0 when the worker polls, 1 when it does not or the server does not answer."""
    from temporalio.service import RPCError

    try:
        well = asyncio.run(asyncio.wait_for(polls(load_settings()), 15))
    except (MingjianError, RPCError, RuntimeError, TimeoutError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if well else 1


if __name__ == "__main__":
    from starter.ending import end

    end(main())
