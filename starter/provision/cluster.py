"""Makes the namespace and the search attributes on the server that the settings name; what is there stays.

`python -m starter.provision.cluster` is a job of docker-compose.yml, and harmless to run again.
"""

from __future__ import annotations

import asyncio
import sys
import time

from models.errors import MingjianError, Problem, Unreachable
from models.search import ATTRIBUTES
from models.settings import Settings, connection, load_settings
from starter.provision.cache import Say, say_on_screen
from starter.provision.server import RETENTION

PATIENCE_SECONDS = 120.0


async def prepare_cluster(
    settings: Settings, say: Say = say_on_screen, *, patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait for the server, then make namespace and search attributes; raises Unreachable when it does not
    come up.
    """
    from temporalio.client import Client
    from temporalio.service import RPCError, RPCStatusCode

    from starter.provision.namespaces import ensure_namespace, ensure_search_attributes

    arguments = connection(settings)
    address, namespace = arguments["target_host"], arguments["namespace"]
    until = time.monotonic() + patience_seconds
    while True:
        try:
            client = await Client.connect(**arguments)
            await ensure_namespace(client, namespace, RETENTION)
            await ensure_search_attributes(client, namespace, ATTRIBUTES)
        except (RuntimeError, RPCError) as error:
            passing = not isinstance(error, RPCError) or error.status == RPCStatusCode.UNAVAILABLE
            if not passing:
                raise
            if time.monotonic() > until:
                raise Unreachable(
                    Problem(
                        f"Temporal 服务器 {address} 在 {patience_seconds:.0f} 秒内没有应答",
                        remedy="查看服务器是否在运行，地址是否正确",
                    )
                ) from None
            await asyncio.sleep(1)
        else:
            say(f"{address} 的命名空间 {namespace} 已就绪，检索字段 {len(ATTRIBUTES)} 个")
            return


def main() -> int:
    """Exit code 0, or that of the error."""
    try:
        asyncio.run(prepare_cluster(load_settings()))
    except MingjianError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    from starter.ending import end

    end(main())
