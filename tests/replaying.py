"""Replay recorded histories and print what they end in: run in a process of its own, under a hash seed of its own.

`python -m tests.replaying FILE…` prints one JSON line for each history: the rows of a case, the result of another workflow.
With `--unsandboxed` it takes two thirds of the time, and sees the same but for what the sandbox forbids.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from models.projecting import rows
from starter.ending import end
from workflows.parts.protocol import CaseProtocol
from workflows.parts.wiring import plugin

FOLDER = Path(__file__).parent / "histories"
UNSANDBOXED = "--unsandboxed"


@dataclass
class _Ending:
    """What the workflow that was replayed has come to."""

    case: CaseProtocol[Any] | None = None
    result: Any = None


_ending = _Ending()


class _Watching(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        case = workflow.instance()
        if isinstance(case, CaseProtocol):
            _ending.case = case
        _ending.result = await super().execute_workflow(input)
        return _ending.result


class _Watcher(Interceptor):
    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        return _Watching


def golden(file: Path) -> dict[str, Any]:
    """What a history ended in when it was recorded."""
    kept: dict[str, Any] = json.loads(_text(file.with_suffix(".golden.json")))
    return kept


def histories(folder: Path) -> list[Path]:
    """The histories in a folder, by name."""
    found = [path for path in folder.glob("*.json") if not path.name.endswith(".golden.json")]
    return sorted(found, key=lambda path: path.stem)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


async def replay(file: Path, *, sandboxed: bool = True) -> dict[str, Any]:
    """What a history's replay ends in; raises when the code no longer fits it."""
    then, history = golden(file), _text(file)
    workflow_id = then["workflow"] if "workflow" in then else then["case"]["case"]
    _ending.case, _ending.result = None, None
    # A build id, for else the SDK makes one of the source of every module: a fifth of the time that all histories take.
    replayer = Replayer(
        workflows=[],
        plugins=[plugin()],
        interceptors=[_Watcher()],
        build_id="replayed",
        workflow_runner=SandboxedWorkflowRunner() if sandboxed else UnsandboxedWorkflowRunner(),
    )
    await replayer.replay_workflow(WorkflowHistory.from_json(workflow_id, history))
    if _ending.case is None:
        return {"workflow": workflow_id, "result": _ending.result}
    return rows(_ending.case.case).model_dump(mode="json")


async def _main(files: list[Path], *, sandboxed: bool) -> int:
    failed = []
    for file in files:
        try:
            line = {"name": file.stem, "ending": await replay(file, sandboxed=sandboxed)}
        except Exception as error:
            failed.append(f"{file.stem} no longer replays: {str(error)[:300]}")
            continue
        print(json.dumps(line, ensure_ascii=False, sort_keys=True))
    print("\n".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    names = [name for name in sys.argv[1:] if name != UNSANDBOXED]
    end(asyncio.run(_main([Path(name) for name in names], sandboxed=UNSANDBOXED not in sys.argv)))
