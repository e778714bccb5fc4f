"""The mailroom's hands: send what is queued in the books, each once, until told to stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as Time
from email.message import EmailMessage
from typing import Protocol

from temporalio import activity

from activities.deliveries import Channel, Outage
from activities.mail import Attachment, MailOrder, Outbox, Unsure, compose
from models.addresses import Receiver
from models.bags import PaperRef
from models.errors import InputError, MingjianError, Refusal, Unreachable
from models.notices import OUTAGE, Notice, outage_notice
from models.tasks import Task

_BATCH = 50
_PAUSE_SECONDS = 1.0
_SIGN_OF_LIFE_SECONDS = 5.0
_LOOK_SECONDS = 60.0
_MARGIN_SECONDS = 30.0
_TOLD_AFTER = timedelta(days=1)
_NOBODY = "mingjian@mingjian.local"  # of mails that stay on this machine
_LARGEST = 20 * 1024 * 1024


class Deliveries(Protocol):
    """The queue in the books."""

    def queued(self, limit: int, *, at_once: bool) -> Sequence[Notice]:
        """The notices that wait, oldest first, those whose sending was cut short included; `at_once`: for no digest."""
        ...

    def bundle(self, at: Time) -> int: ...

    def sending(
        self, key: str, address: str, *, channel: Channel, tells_what_went_out: bool, lasts: float
    ) -> None: ...

    def sent(self, key: str, message_id: str) -> None: ...

    def failed(self, key: str, why: str, *, is_down: bool, is_unsure: bool) -> None: ...

    def refused(self, key: str, why: str) -> None: ...

    def put_off(self, key: str, why: str) -> None: ...

    def outage(self) -> Outage | None: ...

    def add(self, notice: Notice) -> bool: ...


class Receivers(Protocol):
    """The address book."""

    def receiver(self, name: str, case: str) -> Receiver:
        """Who gets a notice of a case to a name today."""
        ...


class Undelivered(Protocol):
    """What tells the cases of mails that did not arrive."""

    async def tell(self) -> None: ...


class Papers(Protocol):
    """The archive."""

    def read(self, digest: str) -> bytes: ...


class Notices:
    """Sends queued notices to whom the address book says: through the post (a mail server), or else into the outbox folder.

    What goes into the folder is for staff to hand on. `sender` is the address that mails come from, `digest_at` the hour in
    China at which a recipient gets the reminders of the day as one mail; None: each at once.
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
        digest_at: Time | None = None,
        undelivered: Undelivered | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._outbox = outbox
        self._post = post
        self._receivers = receivers
        self._papers = papers
        self._digest_at = digest_at
        self._undelivered = undelivered
        self._sender = ("明鉴", sender or _NOBODY)

    @activity.defn(name=Task.DELIVER.value)
    async def deliver(self) -> None:
        """Send queued notices until cancelled or the worker stops; a sign of life after each."""
        looked = float("-inf")
        while not activity.is_worker_shutdown():
            activity.heartbeat()
            try:
                busy = await self._send_batch()
                if busy or time.monotonic() - looked > _LOOK_SECONDS:
                    await asyncio.to_thread(self.tell_of_outage)
                    if self._undelivered is not None:
                        await self._undelivered.tell()
                    looked = time.monotonic()
            except MingjianError as error:
                # What was being sent is still marked so, and is sent again: under the same Message-ID.
                activity.logger.warning("the books do not answer", extra={"error_type": type(error).__name__})
                busy = False
            if not busy:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _send_batch(self) -> bool:
        """Send what waits; whether there was anything. Unreachable when the books do not answer."""
        waiting = await asyncio.to_thread(self.waiting)
        down = ""
        for notice in waiting:
            if activity.is_worker_shutdown():
                break
            down = await _with_signs_of_life(self.send, notice, down)
            activity.heartbeat()
        return bool(waiting)

    def waiting(self) -> Sequence[Notice]:
        """What is to be sent now: after the digests whose hour has come were made."""
        if self._digest_at is not None:
            self._deliveries.bundle(self._digest_at)
        return self._deliveries.queued(_BATCH, at_once=self._digest_at is not None)

    def send(self, notice: Notice, down: str = "") -> str:
        """Send one notice; what stands in its way is kept in the books, and it is tried again after a while.

        `down` is why the post was found out of use just before: it is then not asked again. Answers the same for the next notice.
        Unreachable when the books themselves do not answer.
        """
        receivers = self._reached(notice)
        through_post = self._post is not None and all(each.address for each in receivers)
        if through_post and down:
            self._deliveries.put_off(notice.key, down)
            return down
        outbox = self._post if through_post and self._post is not None else self._outbox
        try:
            self._deliveries.sending(
                notice.key,
                ", ".join(each.address for each in receivers),
                channel="smtp" if through_post else "folder",
                tells_what_went_out=outbox.tells_what_went_out,
                lasts=outbox.longest + _MARGIN_SECONDS if outbox.longest else 0.0,
            )
        except Refusal:
            activity.logger.info("not sent: another worker has it in hand, or it has been sent")
            return down
        try:
            delivery = outbox.deliver(self.composed(notice, receivers))
        except Exception as error:
            # Also a mistake of ours: one notice that cannot be sent must not hold up the others.
            activity.logger.warning("a notice was not sent", extra={"error_type": type(error).__name__})
            return self._not_sent(notice.key, error, through_post) or down
        self._deliveries.sent(notice.key, delivery.message_id)
        return down

    def _not_sent(self, key: str, error: Exception, through_post: bool) -> str:
        """Keep why a notice was not sent; answers why the post is out of use, if it is."""
        why = str(error) or type(error).__name__
        if isinstance(error, Refusal | InputError):
            self._deliveries.refused(key, why)
            return ""
        is_unsure = isinstance(error, Unsure)
        is_down = through_post and isinstance(error, Unreachable)
        self._deliveries.failed(key, why, is_down=is_down, is_unsure=is_unsure)
        return why if is_down and not is_unsure else ""

    def tell_of_outage(self) -> None:
        """When the post has been out of use for a day, staff are told through the folder, once for each outage."""
        outage = self._deliveries.outage()
        if outage is None or _now() - outage.since < _TOLD_AFTER:
            return
        at = outage.since + _TOLD_AFTER
        if self._deliveries.add(
            outage_notice(outage.since, outage.last_sent, outage.waiting, outage.why, at)
        ):
            activity.logger.error("the mail server has been out of use for a day")

    def _reached(self, notice: Notice) -> list[Receiver]:
        if notice.key.startswith(OUTAGE):  # not through what is out of use
            return [Receiver(name, "") for name in notice.to]
        return [self._receivers.receiver(name, notice.case) for name in notice.to]

    def composed(self, notice: Notice, receivers: Sequence[Receiver]) -> EmailMessage:
        """The mail that a notice makes, to these receivers."""
        attachments, left_out = self._attachments(notice.papers)
        return compose(
            MailOrder(
                key=notice.key,
                sender=self._sender,
                recipients=tuple((each.name, each.address) for each in receivers if each.address),
                subject=notice.subject,
                body="\n".join([notice.body, *(["", *left_out] if left_out else [])]),
                attachments=attachments,
                date=notice.at,
                unaddressed=tuple(each.name for each in receivers if not each.address),
            )
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


async def _with_signs_of_life(send: Callable[[Notice, str], str], notice: Notice, down: str) -> str:
    """Send in a thread; a slow server must not make the activity look dead, or another would send the same mail beside it."""
    sending = asyncio.ensure_future(asyncio.to_thread(send, notice, down))
    while not (await asyncio.wait({sending}, timeout=_SIGN_OF_LIFE_SECONDS))[0]:
        activity.heartbeat()
    return sending.result()


def _now() -> datetime:
    return datetime.now(UTC)
