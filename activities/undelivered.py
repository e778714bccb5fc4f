"""Mails that did not arrive, refused or sent back, come back to their cases as facts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Protocol

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.deliveries import Undelivered
from models.dates import day_in_china

_BATCH = 50


class Deliveries(Protocol):
    """The record of mails in the books."""

    def undelivered(self, limit: int) -> Sequence[Undelivered]: ...

    def told(self, key: str) -> None: ...


class UndeliveredMail:
    """Signals each case what of its mails did not arrive; once, for a fact of that id is one, however often it is sent."""

    def __init__(self, client: Client, deliveries: Deliveries) -> None:
        self._client = client
        self._deliveries = deliveries

    async def tell(self) -> None:
        """Tell the cases that do not know. Unreachable when the books do not answer; a case that is not there any more has its
        mails in the books.
        """
        for each in await asyncio.to_thread(self._deliveries.undelivered, _BATCH):
            try:
                await self._client.get_workflow_handle(each.notice.case).signal("fact", fact_of(each))
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    activity.logger.warning("a case was not told", extra={"error_type": type(error).__name__})
                    return
            await asyncio.to_thread(self._deliveries.told, each.notice.key)


def fact_of(mail: Undelivered) -> dict[str, Any]:
    """What the case is told: to whom the mail went, on the day (case time) on which it was written, and why it is back."""
    notice = mail.notice
    whom = "、".join(notice.to)
    place = f"（{mail.address}）" if mail.address else ""
    return {
        "kind": "happened",
        "id": f"undelivered/{sha256(notice.key.encode()).hexdigest()[:16]}/{mail.attempts}",
        "on": str(day_in_china(notice.at)),
        "by": {"name": "收发室", "role": "system"},
        "event": "邮件未能送达",
        "actor": whom[:200],
        "note": f"发给{whom}{place}的“{notice.subject}”没有送达：{mail.why}"[:1000],
    }
