"""How clients, workers, replayers and tests speak to Temporal: one plugin for all of them."""

from __future__ import annotations

import dataclasses
from typing import Any

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import SerializationContext
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info, SandboxImportNotificationPolicy

from workflows.assistance import AssistantCase, FileRequestCase
from workflows.calendar_watch import CalendarWatch
from workflows.campaigns import CampaignCase
from workflows.clues import ClueCase
from workflows.coordination import CoordinationCase
from workflows.disputes import DisputeCase
from workflows.enforcement import EnforcementCase
from workflows.filing import Filing
from workflows.joint_work import StudyCase, TrainingCase
from workflows.liaison import ExchangeOpening, LiaisonExchangeCase, ProblemReportCase
from workflows.mailroom import Mailroom
from workflows.parts.asking import AskingAgain
from workflows.parts.interceptors import KeptGoing
from workflows.parts.packing import Packing
from workflows.public_interest import PublicInterestCase
from workflows.urging import UrgingCase

CASES = (
    UrgingCase,
    CampaignCase,
    CoordinationCase,
    DisputeCase,
    EnforcementCase,
    PublicInterestCase,
    StudyCase,
    ClueCase,
    FileRequestCase,
    AssistantCase,
    TrainingCase,
    LiaisonExchangeCase,
    ProblemReportCase,
)
WORKFLOWS = (*CASES, ExchangeOpening, Filing, Mailroom, CalendarWatch)

# Pure rooms: imported once for all cases. Not passed through, they cost 600 ms and 17 MB a case.
_PASSED_THROUGH = ("models", "workflows", "pydantic", "cryptography", "_cffi_backend")

# A module that somebody forgot to pass through is an error when the worker is built, not 17 MB a case.
_POLICY = (
    SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    | SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
)


class _ContextKept(WorkflowInstance):
    """An instance that answers once whose payload it is, where that is the workflow's own.

    The sandbox compiles and runs a piece of program for each such question, and three are asked of every signal: two fifths of
    what a flood of signals cost.
    """

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner
        self._own: SerializationContext | None = None

    def activate(self, act: Any) -> Any:
        return self._inner.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        if command_info is not None:
            return self._inner.get_serialization_context(command_info)
        if self._own is None:
            self._own = self._inner.get_serialization_context(None)
        return self._own

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._inner.get_external_store_context(command_info)

    def get_info(self) -> Info:
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        return self._inner.get_thread_id()


class Sandbox(SandboxedWorkflowRunner):
    """A sandbox that asks of every import once, when the worker is built (asked again for each case it cost a twentieth), and of
    each workflow once what its own payloads are.
    """

    def prepare_workflow(self, defn: Any) -> None:
        asking = self.restrictions.with_import_notification_policy(_POLICY)
        SandboxedWorkflowRunner(restrictions=asking).prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _ContextKept(super().create_instance(det))


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
    if runner is not None and not isinstance(runner, SandboxedWorkflowRunner):
        return runner
    given = runner.restrictions if runner is not None else SandboxRestrictions.default
    return Sandbox(restrictions=given.with_passthrough_modules(*_PASSED_THROUGH))
