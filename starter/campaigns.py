"""Which cases belong to a campaign: only the campaign itself knows all of them, and is asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio.service import RPCError

from models.cases.campaigns import CampaignFile
from models.errors import MingjianError, Problem, Refusal
from models.journal import CaseState
from models.kinds import restored
from starter.office import PATIENCE, answering

if TYPE_CHECKING:
    from starter.office import Office


async def attached_to(office: Office, campaign: str) -> tuple[str, ...]:
    """The cases that stand attached to a campaign, as it says itself, or as its sealed folder does once the server has let it go.

    Refusal when there is no such campaign; Unreachable when it does not answer.
    """
    handle = office.client.get_workflow_handle(office.case(campaign, "--campaign"))
    try:
        with answering():
            state = await handle.query("state", result_type=CaseState, rpc_timeout=PATIENCE)
    except RPCError:
        state = _sealed(office, campaign)
    file = restored(state)
    return file.attached.standing if isinstance(file, CampaignFile) else ()


def _sealed(office: Office, campaign: str) -> CaseState:
    from starter.packages import examine, state_of

    try:
        ledger = office.archive.ledger(campaign)
        if ledger is not None:
            return state_of(examine(office.archive, campaign, campaign, None, ledger, ()))
    except MingjianError:
        pass
    raise Refusal(
        Problem(
            f"专项行动 {campaign} 不在服务器上，也没有读得懂的案卷",
            "核对编号；mingjian list --kind 专项行动 可以查到",
            field="--campaign",
        )
    ) from None
