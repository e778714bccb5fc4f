"""The mailroom's hands: send what is queued in the books, each once, until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from temporalio import activity

from activities.mail import Attachment, MailOrder, Outbox, compose
from models.addresses import Receiver
from models.bags import PaperRef
from models.errors import MingjianError, Refusal
from models.notices import Notice
from models.tasks import Task

_BATCH = 50
_PAUSE_SECONDS = 1.0
_NOBODY = "mingjian@mingjian.local"  # of mails that stay on this machine
_LARGEST = 20 * 1024 * 1024


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


class Papers(Protocol):
    """The archive."""

    def read(self, digest: str) -> bytes: ...


class Notices:
    """Sends queued notices to whom the address book says: through the post (a mail server), or else into the outbox folder.

    What goes into the folder is for staff to hand on. `sender` is the address that mails come from.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        outbox: Outbox,
        receivers: Receivers,
        papers: Papers,
        *,
        post: Outbox | None = None,
        sender: str = "",
    ) -> None:
        self._deliveries = deliveries
        self._outbox = outbox
        self._post = post
        self._receivers = receivers
        self._papers = papers
        self._sender = ("明鉴", sender or _NOBODY)

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
        reached = all(each.address for each in receivers)
        outbox = self._post if self._post is not None and reached else self._outbox
        try:
            delivery = outbox.deliver(compose(self._order(notice, receivers)))
        except Exception as error:
            # Also a mistake of ours: one notice that cannot be sent must not hold up the others.
            activity.logger.warning("a notice was not sent", extra={"error_type": type(error).__name__})
            self._deliveries.failed(notice.key, str(error) or type(error).__name__)
            return
        self._deliveries.sent(notice.key, delivery.message_id)

    def _order(self, notice: Notice, receivers: Sequence[Receiver]) -> MailOrder:
        attachments, left_out = self._attachments(notice.papers)
        return MailOrder(
            key=notice.key,
            sender=self._sender,
            recipients=tuple((each.name, each.address) for each in receivers if each.address),
            subject=notice.subject,
            body="\n".join([notice.body, *(["", *left_out] if left_out else [])]),
            attachments=attachments,
            date=notice.at,
            unaddressed=tuple(each.name for each in receivers if not each.address),
        )

    def _attachments(self, papers: Sequence[PaperRef]) -> tuple[tuple[Attachment, ...], list[str]]:
        """The papers that go along, and a line for each that cannot: a reminder does not wait for its letter."""
        attached: list[Attachment] = []
        left_out: list[str] = []
        room = _LARGEST
        for paper in papers:
            name = paper.name.rpartition("/")[2]
            if paper.size > room:
                left_out.append(f"附件“{name}”过大，未随信附上，请在案卷中查看。")
                continue
            try:
                attached.append(Attachment(name, paper.media_type, self._papers.read(paper.digest)))
                room -= paper.size
            except MingjianError as error:
                left_out.append(f"附件“{name}”未能读出，未随信附上，请在案卷中查看：{error}")
        return tuple(attached), left_out
