"""归档: seal a case's folder once its last run has closed."""

from __future__ import annotations

from temporalio import workflow

from models.tasks import FilingOrder
from workflows.parts import calls


@workflow.defn(name="filing")
class Filing:
    """Outlives the case it files; tried until the archive has it. Id: `models.numbering.filing_id`."""

    @workflow.run
    async def run(self, order: FilingOrder) -> str:
        return await calls.file_away(order)
