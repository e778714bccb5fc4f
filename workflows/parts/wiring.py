"""How clients, workers, replayers and tests speak to Temporal: one plugin for all of them."""

from __future__ import annotations

import dataclasses
from typing import Any

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

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


class ImportsChecked(SandboxedWorkflowRunner):
    """A sandbox that asks of every import once, when the worker is built: asked again for each case it cost a twentieth."""

    def prepare_workflow(self, defn: Any) -> None:
        asking = self.restrictions.with_import_notification_policy(_POLICY)
        SandboxedWorkflowRunner(restrictions=asking).prepare_workflow(defn)


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
    return ImportsChecked(restrictions=given.with_passthrough_modules(*_PASSED_THROUGH))
