"""The client's side of an update: asked again when the case was not ready to hear it.

When a message comes while a case continues as new, the server throws that workflow task away, and refuses updates that were
waiting for it with FAILED_PRECONDITION although nothing was decided. Asking again is safe: a message is taken once by its id.
"""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio.client import (
    Interceptor,
    OutboundInterceptor,
    StartWorkflowUpdateInput,
    WorkflowUpdateHandle,
)
from temporalio.service import RPCError, RPCStatusCode

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)


class AskingAgain(Interceptor):
    """Asks again, for seconds and not for ever."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return _Asking(next)


class _Asking(OutboundInterceptor):
    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:
        for pause in _PAUSES:
            try:
                return await super().start_workflow_update(input)
            except RPCError as error:
                if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
                await asyncio.sleep(pause)
        return await super().start_workflow_update(input)
