"""收发: one workflow that sends whatever notices the cases have queued in the books."""

from __future__ import annotations

from temporalio import workflow

from workflows.parts import calls

WORKFLOW_ID = "mailroom"


@workflow.defn(name="mailroom")
class Mailroom:
    """Runs for ever: its one activity sends what is queued and goes to another worker when its own stops."""

    @workflow.run
    async def run(self) -> None:
        while not workflow.info().is_continue_as_new_suggested():
            await calls.deliver_notices()
        workflow.continue_as_new()
