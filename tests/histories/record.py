"""Record the histories of a release: `python -m tests.histories.record 0.1.0 [FOLDER]`.

With `--kinds`, only the courses of the kinds beside urging that the release has no history of yet. A file that is there is never
written again.

Each course leaves the history of its case, every run of it, and the rows that each run ended in. Beside the cases, the workflows
that serve them: one case's filing, the mailroom, and the watch on the calendar.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter

from models.kinds import restored
from models.projecting import rows
from models.rows import Snapshot
from models.tasks import CaseStart
from starter.ending import end
from tests.histories.courses import COURSES, lacking
from tests.histories.kinds import STORIES
from tests.world import Case, World, open_mailroom, started_server, world_on
from worker import watch_calendars
from workflows.calendar_watch import WORKFLOW_ID as CALENDAR_WATCH
from workflows.mailroom import WORKFLOW_ID as MAILROOM

FOLDER = Path(__file__).parent
# The course whose filing is recorded too.
FILED = "filed"
# Courses wait for the server most of the time: each turn of the clock costs a second.
AT_ONCE = 8


def main(release: str, folder: str = "") -> int:
    """Exit code 1 when the release is recorded already, or some kind of message is in none of its histories."""
    place = Path(folder) if folder else FOLDER
    taken = sorted(path.name for path in place.glob(f"{release}-*.json"))
    if taken:
        print(f"{release} is recorded already: {', '.join(taken)}", file=sys.stderr)
        return 1
    missing = lacking(asyncio.run(record(release, place, COURSES)))
    if missing:
        print(f"no history holds: {', '.join(missing)}", file=sys.stderr)
        return 1
    return 0


def add_kinds(release: str, folder: str = "") -> int:
    """Exit code 1 when every kind is recorded already."""
    place = Path(folder) if folder else FOLDER
    missing = [name for name in STORIES if not (place / f"{release}-{name}.json").exists()]
    if not missing:
        print(f"{release} has a history of every kind already: {', '.join(STORIES)}", file=sys.stderr)
        return 1
    asyncio.run(record(release, place, missing, beside=False))
    return 0


async def record(
    release: str, folder: Path, courses: Iterable[str], *, beside: bool = True
) -> list[Snapshot]:
    """Play the courses on a throw-away server, keep their histories and rows in a folder, and answer the last rows.

    `beside`: keep the histories of the workflows beside the cases too.
    """
    at_once = asyncio.Semaphore(AT_ONCE)

    async def play(name: str, world: World) -> Snapshot:
        async with at_once:
            case = await COURSES[name](world)
            status = await _keep_case(case, folder, f"{release}-{name}")
            if name == FILED:
                await _keep_filing(case, folder, f"{release}-filing")
        return status

    with tempfile.TemporaryDirectory() as place:
        async with started_server() as server, world_on(server, Path(place), "record") as world:
            played = await asyncio.gather(*(play(name, world) for name in courses), return_exceptions=True)
            # One that fails takes none of the others along: what is recorded is recorded.
            if failed := [each for each in played if isinstance(each, Exception)]:
                raise ExceptionGroup("not recorded", failed)
            if beside:
                await _keep_mailroom(world, folder, f"{release}-mailroom")
                await watch_calendars(world.client, world.queue)
                await _keep_endless(world, CALENDAR_WATCH, folder, f"{release}-calendar-watch")
    return [each for each in played if isinstance(each, Snapshot)]


async def _keep_case(case: Case, folder: Path, stem: str) -> Snapshot:
    """The history of each run: the last one under the course's name, those before it numbered."""
    status = await _at_rest(case)
    histories = await _runs(case)
    for number, history in enumerate(histories[:-1], 1):
        _write(folder, f"{stem}-run{number}", history, _carried_on(history).model_dump(mode="json"))
    _write(folder, stem, histories[-1], status.model_dump(mode="json"))
    return status


async def _at_rest(case: Case) -> Snapshot:
    """The rows of a case with nothing more in hand: a paper made meanwhile would be in the history alone."""
    while True:
        before = await case.at_rest()
        status = await case.settled()
        if await case.at_rest() == before:
            return status


async def _runs(case: Case) -> list[WorkflowHistory]:
    """The histories of all runs of a case, the first one first."""
    histories: list[WorkflowHistory] = []
    run: str | None = None
    while run != "":
        handle = case.world.client.get_workflow_handle(case.handle.id, run_id=run)
        histories.insert(0, await handle.fetch_history())
        started = histories[0].events[0].workflow_execution_started_event_attributes
        run = started.continued_execution_run_id
    return histories


def _carried_on(history: WorkflowHistory) -> Snapshot:
    """The rows of a case at the end of a run that continued as new: those of what it gave to the next."""
    (payload,) = history.events[-1].workflow_execution_continued_as_new_event_attributes.input.payloads
    start: CaseStart = pydantic_data_converter.payload_converter.from_payload(payload, CaseStart)
    assert start.carried is not None
    return rows(restored(start.carried))


async def _keep_filing(case: Case, folder: Path, stem: str) -> None:
    """The child that seals the case's folder, by the id that the case gave it."""
    (id,) = [
        event.start_child_workflow_execution_initiated_event_attributes.workflow_id
        for event in (await case.handle.fetch_history()).events
        if event.HasField("start_child_workflow_execution_initiated_event_attributes")
    ]
    filing = case.world.client.get_workflow_handle(id)
    sealed = await filing.result()
    _write(folder, stem, await filing.fetch_history(), {"workflow": id, "result": sealed})


async def _keep_mailroom(world: World, folder: Path, stem: str) -> None:
    """As it stands once it has sent what the cases had queued."""
    await open_mailroom(world.client, world.queue)
    while await asyncio.to_thread(world.world.books.queued, 1):
        await asyncio.sleep(0.2)
    await _keep_endless(world, MAILROOM, folder, stem)


async def _keep_endless(world: World, workflow: str, folder: Path, stem: str) -> None:
    """A workflow that runs for ever, once its activity is under way."""
    handle = world.client.get_workflow_handle(workflow)
    while not (await handle.describe()).raw_description.pending_activities:
        await asyncio.sleep(0.2)
    _write(folder, stem, await handle.fetch_history(), {"workflow": workflow, "result": None})


def _scrubbed(value: Any) -> Any:
    """The history without what it says of the machine it was recorded on: who worked, on which queue of its own, and stack traces
    with their paths.
    """
    if isinstance(value, list):
        return [_scrubbed(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _scrubbed(each) for name, each in value.items() if name != "stackTrace"}
    own = value.get("kind") == "TASK_QUEUE_KIND_STICKY"
    return (
        kept
        | ({"identity": "recorder"} if "identity" in kept else {})
        | ({"name": "recorder"} if own else {})
    )


def _write(folder: Path, stem: str, history: WorkflowHistory, golden: dict[str, Any]) -> None:
    """FileExistsError when there is such a history: what is recorded stays as it is."""
    kept = {".json": _scrubbed(json.loads(history.to_json())), ".golden.json": golden}
    for suffix, value in kept.items():
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        with (folder / f"{stem}{suffix}").open("x", encoding="utf-8") as file:
            file.write(text)
    print(f"{stem}: {len(history.events)} events")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    with_kinds = "--kinds" in arguments
    end((add_kinds if with_kinds else main)(*(each for each in arguments if each != "--kinds")))
