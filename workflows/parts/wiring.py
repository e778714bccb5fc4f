"""How clients, workers, replayers and tests speak to Temporal: one plugin for all of them."""

from __future__ import annotations

import dataclasses

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.calendar_watch import CalendarWatch
from workflows.filing import Filing
from workflows.mailroom import Mailroom
from workflows.parts.asking import AskingAgain
from workflows.parts.interceptors import HandlerBugs
from workflows.urging import UrgingCase

WORKFLOWS = (UrgingCase, Filing, Mailroom, CalendarWatch)

# Pure rooms: imported once for all cases. Not passed through, they cost 600 ms and 17 MB a case.
_PASSED_THROUGH = ("models", "workflows", "pydantic", "cryptography", "_cffi_backend")


def plugin() -> SimplePlugin:
    """Converter, interceptors, workflows and sandbox, the same on every side."""
    return SimplePlugin(
        "mingjian",
        data_converter=pydantic_data_converter,
        interceptors=[HandlerBugs(), AskingAgain()],
        workflows=list(WORKFLOWS),
        workflow_runner=_sandboxed,
    )


def _sandboxed(runner: WorkflowRunner | None) -> WorkflowRunner:
    if isinstance(runner, SandboxedWorkflowRunner):
        return dataclasses.replace(
            runner, restrictions=runner.restrictions.with_passthrough_modules(*_PASSED_THROUGH)
        )
    return runner or SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*_PASSED_THROUGH)
    )
