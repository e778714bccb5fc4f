"""What keeps a mistake in a handler from taking its case down.

A plain exception in an update handler would fail the workflow task for ever, queries included; turned into a failure
of that update alone, the case goes on and the caller is told. A signal handler's exception puts the signal into the
sorting list.
"""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from workflows.parts.protocol import CaseProtocol


class HandlerBugs(Interceptor):
    """Contains handler bugs."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
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
