"""The mailroom's hands: send what is queued in the books, each once, until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from temporalio import activity

from activities.mail import MailOrder, Outbox, compose
from models.addresses import Receiver
from models.errors import MingjianError, Refusal
from models.notices import Notice
from models.tasks import Task

_BATCH = 50
_PAUSE_SECONDS = 1.0
_SENDER = ("明鉴", "mingjian@mingjian.local")


class Deliveries(Protocol):
    """The queue in the books."""

    def queued(self, limit: int) -> Sequence[Notice]:
        """The notices that wait, oldest first, those whose sending was cut short included."""
        ...

    def sending(self, key: str, address: str) -> None: ...

    def sent(self, key: str, message_id: str) -> None: ...

    def failed(self, key: str, why: str) -> None: ...


class Receivers(Protocol):
    """The address book."""

    def receiver(self, name: str, case: str) -> Receiver:
        """Who gets a notice of a case to a name today."""
        ...


class Notices:
    """Sends queued notices through one outbox, to whom the address book says."""

    def __init__(self, deliveries: Deliveries, outbox: Outbox, receivers: Receivers) -> None:
        self._deliveries = deliveries
        self._outbox = outbox
        self._receivers = receivers

    @activity.defn(name=Task.DELIVER.value)
    async def deliver(self) -> None:
        """Send queued notices until cancelled or the worker stops; a sign of life after each."""
        while not activity.is_worker_shutdown():
            activity.heartbeat()
            try:
                busy = await self._send_batch()
            except MingjianError as error:
                # What was being sent is still marked so, and is sent again: under the same Message-ID.
                activity.logger.warning("the books do not answer", extra={"error_type": type(error).__name__})
                busy = False
            if not busy:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _send_batch(self) -> bool:
        """Send what waits; whether there was anything. Unreachable when the books do not answer."""
        waiting = await asyncio.to_thread(self._deliveries.queued, _BATCH)
        for notice in waiting:
            if activity.is_worker_shutdown():
                break
            await asyncio.to_thread(self.send, notice)
            activity.heartbeat()
        return bool(waiting)

    def send(self, notice: Notice) -> None:
        """Send one notice; what stands in its way is kept in the books, and it is tried again after a while.

        Unreachable when the books themselves do not answer.
        """
        try:
            receivers = [self._receivers.receiver(name, notice.case) for name in notice.to]
            self._deliveries.sending(notice.key, ", ".join(each.address for each in receivers))
        except Refusal:
            activity.logger.info("not sent again: another worker has sent it meanwhile")
            return
        try:
            delivery = self._outbox.deliver(compose(_order(notice, receivers)))
        except Exception as error:
            # Also a mistake of ours: one notice that cannot be sent must not hold up the others.
            activity.logger.warning("a notice was not sent", extra={"error_type": type(error).__name__})
            self._deliveries.failed(notice.key, str(error) or type(error).__name__)
            return
        self._deliveries.sent(notice.key, delivery.message_id)


def _order(notice: Notice, receivers: Sequence[Receiver]) -> MailOrder:
    return MailOrder(
        key=notice.key,
        sender=_SENDER,
        recipients=tuple((each.name, each.address) for each in receivers if each.address),
        subject=notice.subject,
        body=notice.body,
        attachments=(),
        date=notice.at,
        unaddressed=tuple(each.name for each in receivers if not each.address),
    )
