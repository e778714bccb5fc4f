"""What keeps a mistake in a handler, or a request to cancel, from taking a case down.

A plain exception in an update handler would fail the workflow task for ever, queries included; turned into a failure
of that update alone, the case goes on and the caller is told. A signal handler's exception puts the signal into the
sorting list. A request to cancel reaches the outermost task alone: the story goes on in a task of its own, and staff are told.
"""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from workflows.parts.protocol import CaseProtocol


class KeptGoing(Interceptor):
    """Contains handler bugs and requests to cancel."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> object:
        case = workflow.instance()
        if not isinstance(case, CaseProtocol):
            return await super().execute_workflow(input)
        story = asyncio.create_task(super().execute_workflow(input))
        while True:
            try:
                return await asyncio.shield(story)
            except asyncio.CancelledError:
                # An eviction from the worker's cache cancels the story too, and must be let through.
                if story.cancelled() or workflow.cancellation_reason() is None:
                    raise
                case.desk.hear_cancel()

    async def handle_update_handler(self, input: HandleUpdateInput) -> object:
        try:
            return await super().handle_update_handler(input)
        except FailureError:
            raise
        except Exception as error:
            workflow.logger.error(
                "update handler failed", extra={"update": input.update, "error": type(error).__name__}
            )
            raise ApplicationError(
                f"系统处理“{input.update}”时出错，案件不受影响；请把本消息告知运维人员（{type(error).__name__}）",
                type="HandlerBug",
                non_retryable=True,
            ) from error

    async def handle_signal(self, input: HandleSignalInput) -> None:
        try:
            await super().handle_signal(input)
        except FailureError:
            raise
        except Exception as error:
            case = workflow.instance()
            if not isinstance(case, CaseProtocol):
                raise
            workflow.logger.error(
                "signal handler failed", extra={"signal": input.signal, "error": type(error).__name__}
            )
            case.keep_failed(input.signal, input.args, error)
