"""What the filing of a folder answered, as long as the server knows it: from it the book of seals is entered again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError

from activities.folders import history_name
from models.errors import MingjianError
from models.journal import CaseState
from models.numbering import filing_id
from models.seals import Seal
from starter.office import PATIENCE, answering
from starter.witnesses import Witnesses


async def served_seal(witnesses: Witnesses, case: str, folder: str) -> Seal | None:
    """What the book of seals would have of a folder; None when the server has forgotten it, or speaks of another folder."""
    office = witnesses.office
    if office is None or witnesses.seals is None:
        return None
    try:
        with answering():
            described = await office.client.get_workflow_handle(case).describe(rpc_timeout=PATIENCE)
            run = described.run_id or ""
            filing = office.client.get_workflow_handle(filing_id(case, run), result_type=str)
            voucher = await asyncio.wait_for(filing.result(), PATIENCE.total_seconds())
            state = await office.client.get_workflow_handle(case, run_id=run).query(
                "state", rpc_timeout=PATIENCE, result_type=CaseState
            )
        ledger = witnesses.archive.ledger(folder)
    except (MingjianError, RPCError, WorkflowFailureError, TimeoutError):
        return None
    if ledger is None or ledger.find(history_name(run)) is None:
        return None
    return Seal(
        folder=folder,
        case=case,
        voucher=voucher,
        head=state.entries[-1].chain,
        run=run,
        program="",  # the server does not say
        sealed_at=described.close_time or datetime.now(UTC),
    )
