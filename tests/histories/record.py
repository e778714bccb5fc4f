"""Record the histories of a release: `python -m tests.histories.record 0.1.0`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from starter.ending import end
from tests.histories.courses import COURSES
from tests.world import started_server, world_on

FOLDER = Path(__file__).parent


async def record(release: str) -> int:
    """Play every course on a throw-away server and keep its history and its rows."""
    taken = sorted(path.name for path in FOLDER.glob(f"{release}-*.json"))
    if taken:
        print(f"{release} is recorded already: {', '.join(taken)}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        async with started_server() as server, world_on(server, Path(folder), "record") as world:
            for name, course in COURSES.items():
                case = await course(world)
                status = await case.settled()
                history = await case.handle.fetch_history()
                (FOLDER / f"{release}-{name}.json").write_text(history.to_json() + "\n", encoding="utf-8")
                (FOLDER / f"{release}-{name}.golden.json").write_text(
                    status.model_dump_json(indent=1) + "\n", encoding="utf-8"
                )
                print(f"{release}-{name}: {len(history.events)} events")
    return 0


if __name__ == "__main__":
    end(asyncio.run(record(sys.argv[1])))
