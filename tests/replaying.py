"""Replay recorded histories and print the rows they end in: run in a process of its own, under a hash seed of its own.

`python -m tests.replaying NAME…` prints one JSON line for each history.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from models.rows import rows
from starter.ending import end
from workflows.parts.protocol import CaseProtocol
from workflows.parts.wiring import plugin

FOLDER = Path(__file__).parent / "histories"
_replayed: list[CaseProtocol[Any]] = []


class _Watching(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        case = workflow.instance()
        if isinstance(case, CaseProtocol):
            _replayed.append(case)
        return await super().execute_workflow(input)


class _Watcher(Interceptor):
    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        return _Watching


async def replay(name: str) -> dict[str, Any]:
    """The rows that a history's replay ends in; raises when the code no longer fits it."""
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    case_id = json.loads((FOLDER / f"{name}.golden.json").read_text(encoding="utf-8"))["case"]["case"]
    _replayed.clear()
    replayer = Replayer(workflows=[], plugins=[plugin()], interceptors=[_Watcher()])
    await replayer.replay_workflow(WorkflowHistory.from_json(case_id, text))
    return rows(_replayed[-1].case).model_dump(mode="json")


async def _main(names: list[str]) -> int:
    for name in names:
        print(json.dumps({"name": name, "rows": await replay(name)}, ensure_ascii=False, sort_keys=True))
    return 0


if __name__ == "__main__":
    end(asyncio.run(_main(sys.argv[1:])))
