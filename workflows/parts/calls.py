"""How a workflow calls each activity: the timeouts, the retries, the summary that the web UI shows."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from models.casefile import OwnOrder
from models.conversion import OpeningOrder
from models.links import Telling
from models.messages import Message, PaperMade
from models.orders import PaperOrder
from models.said.links import CaseTold, LinkedOpened
from models.tasks import FilingOrder, HistoryOrder, Settled, SettleOrder, Task

# Matched by class name: a refusal does not become right by being tried again.
_PATIENT = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    maximum_interval=timedelta(minutes=1),
    non_retryable_error_types=["Refusal", "InputError"],
)


async def settle(order: SettleOrder) -> Settled:
    """Count and project: a local activity with one second in all, then a regular one that waits for the registry.

    With the registry hung, local activities alone froze a case for 8 to 16 seconds a message.
    """
    try:
        settled: Settled = await workflow.execute_local_activity(
            Task.SETTLE.value,
            order,
            result_type=Settled,
            schedule_to_close_timeout=timedelta(seconds=1),
            retry_policy=RetryPolicy(maximum_attempts=1),
            summary="计算期限，登记台账",
        )
    except FailureError:
        settled = await workflow.execute_activity(
            Task.SETTLE.value,
            order,
            result_type=Settled,
            start_to_close_timeout=timedelta(seconds=30),
            # Whatever is wrong, the case waits for it to be mended; it does not fail.
            retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=1)),
            summary="计算期限，登记台账（台账库未及时响应，重试）",
        )
    return settled


async def make_paper(order: PaperOrder) -> PaperMade:
    """Make, number and archive one paper."""
    made: PaperMade = await workflow.execute_activity(
        Task.MAKE_PAPER.value,
        order,
        result_type=PaperMade,
        start_to_close_timeout=timedelta(seconds=30),
        retry_policy=_PATIENT,
        summary=f"制作文书 {order.name}",
    )
    return made


async def keep_history(order: HistoryOrder) -> None:
    """Archive the history of a finished run."""
    await workflow.execute_activity(
        Task.KEEP_HISTORY.value,
        order,
        start_to_close_timeout=timedelta(minutes=5),
        retry_policy=_PATIENT,
        summary="归档上一轮运行的历史",
    )


async def file_away(order: FilingOrder) -> str:
    """Seal the case's folder in the archive; answers with the bag's digest."""
    sealed: str = await workflow.execute_activity(
        Task.FILE_AWAY.value,
        order,
        result_type=str,
        start_to_close_timeout=timedelta(minutes=1),
        # Tried until the archive has it: what stands in the way is mended by staff or a deployment.
        retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
        summary="封存案卷",
    )
    return sealed


async def open_case(order: OpeningOrder) -> LinkedOpened:
    """Open another case from one."""
    opened: LinkedOpened = await workflow.execute_activity(
        Task.OPEN_CASE.value,
        order,
        result_type=LinkedOpened,
        # The papers that it takes along are copied, hundreds perhaps, with a sign of life after each; an attempt goes on
        # where the one before it was cut off.
        start_to_close_timeout=timedelta(hours=6),
        heartbeat_timeout=timedelta(minutes=1),
        retry_policy=_PATIENT,
        summary=f"另立{order.opening.kind.label}案件",
    )
    return opened


async def tell_case(telling: Telling) -> CaseTold:
    """Tell another case a fact."""
    told: CaseTold = await workflow.execute_activity(
        Task.TELL_CASE.value,
        telling,
        result_type=CaseTold,
        start_to_close_timeout=timedelta(seconds=30),
        retry_policy=_PATIENT,
        summary=f"告知 {telling.to}",
    )
    return told


async def carry_out(order: OwnOrder) -> Message:
    """Do what a kind of case calls for; whatever stands in the way, it waits for it to be mended."""
    brought: Message = await workflow.execute_activity(
        order.task,
        order.told,
        result_type=order.brings,
        start_to_close_timeout=timedelta(seconds=30),
        retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=1)),
        summary=order.summary,
    )
    return brought


async def deliver_notices() -> None:
    """Send what is queued, until the worker stops; another worker goes on."""
    await _stand_watch(Task.DELIVER, "发送排队的通知")


async def watch_calendars() -> None:
    """Tell the cases of a new calendar, until the worker stops; another worker goes on."""
    await _stand_watch(Task.WATCH_CALENDARS, "核对各案所用的日历版本")


async def _stand_watch(task: Task, summary: str) -> None:
    await workflow.execute_activity(
        task.value,
        start_to_close_timeout=timedelta(days=1),
        heartbeat_timeout=timedelta(seconds=30),
        retry_policy=RetryPolicy(
            initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10)
        ),
        summary=summary,
    )
