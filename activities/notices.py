"""The mailroom's hands: send what is queued in the books, each once, until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from temporalio import activity

from activities.mail import MailOrder, Outbox, compose
from models.errors import MingjianError, Refusal
from models.notices import Notice
from models.tasks import Task

_BATCH = 50
_PAUSE_SECONDS = 1.0


class Deliveries(Protocol):
    """The queue in the books."""

    def queued(self, limit: int) -> Sequence[Notice]:
        """The notices that wait, oldest first, those whose sending was cut short included."""
        ...

    def sending(self, key: str) -> None: ...

    def sent(self, key: str, message_id: str) -> None: ...

    def failed(self, key: str, why: str) -> None: ...


class Notices:
    """Sends queued notices through one outbox. `domain` makes addresses of names where no address is known."""

    def __init__(self, deliveries: Deliveries, outbox: Outbox, *, domain: str = "mingjian.local") -> None:
        self._deliveries = deliveries
        self._outbox = outbox
        self._domain = domain

    @activity.defn(name=Task.DELIVER.value)
    async def deliver(self) -> None:
        """Send queued notices until cancelled or the worker stops; a sign of life after each."""
        while not activity.is_worker_shutdown():
            activity.heartbeat()
            waiting = await asyncio.to_thread(self.waiting)
            for notice in waiting:
                if activity.is_worker_shutdown():
                    return
                await asyncio.to_thread(self.send, notice)
                activity.heartbeat()
            if not waiting:
                await asyncio.sleep(_PAUSE_SECONDS)

    def waiting(self) -> Sequence[Notice]:
        """The next batch; empty while the books do not answer."""
        try:
            return self._deliveries.queued(_BATCH)
        except MingjianError as error:
            activity.logger.warning("the books do not answer", extra={"error_type": type(error).__name__})
            return ()

    def send(self, notice: Notice) -> None:
        """Send one notice. A failure stays in the books and is tried again."""
        try:
            self._deliveries.sending(notice.key)
            delivery = self._outbox.deliver(compose(self._order(notice)))
            self._deliveries.sent(notice.key, delivery.message_id)
        except Refusal:
            activity.logger.info("not sent again: another worker has sent it meanwhile")
        except MingjianError as error:
            self._deliveries.failed(notice.key, str(error))

    def _order(self, notice: Notice) -> MailOrder:
        return MailOrder(
            key=notice.key,
            sender=("明鉴", f"mingjian@{self._domain}"),
            recipients=tuple((name, self._address(name)) for name in notice.to),
            subject=notice.subject,
            body=notice.body,
            attachments=(),
            date=notice.at,
        )

    def _address(self, name: str) -> str:
        """An address of ASCII for a Chinese name: its digest, until the roll of liaisons knows a real one."""
        from hashlib import sha256

        return f"{sha256(name.encode()).hexdigest()[:12]}@{self._domain}"
