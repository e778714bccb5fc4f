"""How clients, workers, replayers and tests speak to Temporal: one plugin for all of them."""

from __future__ import annotations

import dataclasses

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from workflows.calendar_watch import CalendarWatch
from workflows.filing import Filing
from workflows.mailroom import Mailroom
from workflows.parts.asking import AskingAgain
from workflows.parts.interceptors import KeptGoing
from workflows.parts.packing import Packing
from workflows.urging import UrgingCase

WORKFLOWS = (UrgingCase, Filing, Mailroom, CalendarWatch)

# Pure rooms: imported once for all cases. Not passed through, they cost 600 ms and 17 MB a case.
_PASSED_THROUGH = ("models", "workflows", "pydantic", "cryptography", "_cffi_backend")

# A module that somebody forgot to pass through is an error when the worker is built, not 17 MB a case.
_POLICY = (
    SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    | SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
)


def plugin() -> SimplePlugin:
    """Converter, interceptors, workflows and sandbox, the same on every side."""
    return SimplePlugin(
        "mingjian",
        data_converter=dataclasses.replace(pydantic_data_converter, payload_codec=Packing()),
        interceptors=[KeptGoing(), AskingAgain()],
        workflows=list(WORKFLOWS),
        workflow_runner=_sandboxed,
    )


def _sandboxed(runner: WorkflowRunner | None) -> WorkflowRunner:
    if isinstance(runner, SandboxedWorkflowRunner):
        return dataclasses.replace(runner, restrictions=_restricted(runner.restrictions))
    return runner or SandboxedWorkflowRunner(restrictions=_restricted(SandboxRestrictions.default))


def _restricted(restrictions: SandboxRestrictions) -> SandboxRestrictions:
    return restrictions.with_passthrough_modules(*_PASSED_THROUGH).with_import_notification_policy(_POLICY)
