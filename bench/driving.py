"""The clerk of the benchmarks: takes the reference case from its opening to the archive, on whichever side."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle

from models.calendar import calendar
from models.dates import at_hour
from models.messages import Opening
from models.numbering import filing_id
from models.status import summary

_CHIEF = {"name": "乙", "role": "chief_procurator"}
_CLERK = {"name": "甲", "role": "clerk"}

ISSUE = {"decision": {"kind": "issue_letter", "id": "issue-1", "on": "2021-09-15", "by": _CHIEF}}
SERVED = {"kind": "letter_served", "id": "served-1", "on": "2021-09-15", "by": _CLERK}
REPLY = {
    "kind": "reply_received",
    "id": "reply-1",
    "on": "2021-11-12",
    "by": _CLERK,
    "summary": "已全部复耕并验收",
}
ASSESS = {
    "decision": {
        "kind": "assess_reply",
        "id": "assess-1",
        "on": "2021-11-12",
        "by": _CHIEF,
        "substance": "put_right",
    }
}
CLOSE = {
    "decision": {
        "kind": "close_case",
        "id": "close-1",
        "on": "2021-11-12",
        "by": _CHIEF,
        "outcome": "rectified",
        "reason": "整改到位",
    }
}


# Far beyond what a case takes on a busy machine: a case that is stuck must end the benchmark, not hang it.
_PATIENCE_SECONDS = 180

Handle = WorkflowHandle[Any, Any]
Pause = Callable[[], Awaitable[None]]


async def no_pause() -> None:
    """Send the next message at once."""


def opening(number: int) -> Opening:
    """The reference case: one 告知函 to one bureau, drafted; its time begins on the founding document's day at nine."""
    offset = at_hour(date(2021, 9, 15), 9) - datetime.now(UTC)
    return Opening.model_validate(
        {
            "case": f"urging-350481-2021-{number:04d}",
            "kind": "urging",
            "title": "某镇某村硬化耕地案",
            "county": "350481",
            "procuratorate": {"name": "永安市人民检察院"},
            "matter": "farmland_misuse",
            "clue": {"source": "remote_sensing"},
            "opened_on": "2021-09-15",
            "handler": {"name": "甲", "role": "procurator"},
            "letters": [
                {
                    "id": "draft-1",
                    "by": {"name": "甲", "role": "procurator"},
                    "document": "notification_letter",
                    "recipients": [{"name": "永安市自然资源局", "code": "350481-nr", "is_bound": True}],
                    "text": {
                        "subject": "督促履行耕地保护职责",
                        "facts": "2021年7月，某村村民未经批准硬化耕地1.2亩建设停车场，至今未恢复。",
                        "illegality": "未依法查处非法占用耕地行为",
                        "legal_basis": ["《中华人民共和国土地管理法》第七十七条"],
                        "advice": ["依法查处并督促恢复耕种条件", "加强日常巡查"],
                        "contact_person": "甲",
                        "contact_phone": "0598-0000000",
                    },
                }
            ],
            "edition": calendar().name,
            "offset_seconds": round(offset.total_seconds()),
        }
    )


@dataclass
class Side:
    """One worker process, and the cases that are driven through it."""

    name: str
    client: Client
    queue: str
    process: asyncio.subprocess.Process
    reminded: dict[str, asyncio.Event] = field(default_factory=dict)
    answers: asyncio.Queue[dict[str, float]] = field(default_factory=asyncio.Queue)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    opened: int = 0
    fallbacks: int = 0

    async def usage(self, *, collect: bool = False) -> dict[str, float]:
        """CPU seconds and resident bytes of the worker process; `collect` takes out the garbage first."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"collect\nusage\n" if collect else b"usage\n")
        return await self.answers.get()

    async def listen(self) -> None:
        """Take in what the worker process says."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            word, _, text = line.decode().strip().partition(" ")
            if word == "ready":
                self.ready.set()
            elif word == "usage":
                self.answers.put_nowait(json.loads(text))
            elif word == "fell-back":
                self.fallbacks += 1
            elif word == "reminded" and text in self.reminded:
                self.reminded[text].set()
        await self.process.wait()
        self.ready.set()

    async def start(self) -> Handle:
        """Open one more case."""
        self.opened += 1
        case = opening(self.opened)
        # The bare workflow has ids of its own; both run on one server.
        workflow = case.case if self.name != "bare" else case.case.replace("urging", "bare")
        self.reminded[workflow] = asyncio.Event()
        return await self.client.start_workflow(
            "bare" if self.name == "bare" else "urging",
            {"opening": case.model_dump(mode="json")},
            id=workflow,
            task_queue=self.queue,
            static_summary=summary(case),
        )

    async def serve(self, handle: Handle, pause: Pause = no_pause) -> None:
        """Issue and serve its letter."""
        await handle.execute_update("decide", ISSUE)
        await pause()
        await handle.signal("fact", SERVED)

    async def finish(self, handle: Handle, pause: Pause = no_pause) -> None:
        """After both reminders: reply, assess, close; until it is archived."""
        await self.reminded[handle.id].wait()
        await pause()
        await handle.signal("fact", REPLY)
        await pause()
        await handle.execute_update("decide", ASSESS)
        await pause()
        await handle.execute_update("decide", CLOSE)
        await handle.result()
        await (await self.filing(handle)).result()
        del self.reminded[handle.id]

    async def filing(self, handle: Handle) -> Handle:
        """The child that files a case which has ended."""
        run = (await handle.describe()).run_id
        return self.client.get_workflow_handle(filing_id(handle.id, run))

    async def whole_case(self) -> Handle:
        """One case, from its opening to the archive."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            handle = await self.start()
            await self.serve(handle)
            await self.finish(handle)
        return handle


@asynccontextmanager
async def side(name: str, address: str) -> AsyncIterator[Side]:
    """A worker process of one side, ended by its standard input."""
    queue = f"{name}-{uuid4().hex[:8]}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.working",
        name,
        address,
        queue,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made = Side(name, await Client.connect(address), queue, process)
    listening = asyncio.create_task(made.listen())
    try:
        async with asyncio.timeout(60):
            await made.ready.wait()
        if process.returncode is not None:
            raise RuntimeError(f"the worker of {name} ended with {process.returncode}")
        yield made
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(20):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        await listening
