"""A calendar was published: each case whose open deadlines were counted under another is told, and counts again by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.deadlines import Calendars
from models.dates import day_in_china
from models.errors import MingjianError
from models.messages import EditionPublished
from models.tasks import Task

_BATCH = 50
_PAUSE_SECONDS = 10.0
_PATIENCE = timedelta(seconds=5)


class OpenCases(Protocol):
    """Where it stands under which edition a case was last counted."""

    def under_other_editions(self, edition: str, *, after: str, limit: int) -> Sequence[str]:
        """Cases behind that id with an open deadline counted under another edition than this."""
        ...


class CalendarWatch:
    """Compares the edition in force with the rows, and signals the cases that lag behind."""

    def __init__(self, client: Client, calendars: Calendars, cases: OpenCases) -> None:
        self._client = client
        self._calendars = calendars
        self._cases = cases
        self._told: set[tuple[str, str]] = set()
        self._told_on = ""

    @activity.defn(name=Task.WATCH_CALENDARS.value)
    async def watch(self) -> None:
        """Sweep again and again until cancelled or the worker stops; a sign of life with each batch."""
        after = ""
        while not activity.is_worker_shutdown():
            activity.heartbeat()
            after, _ = await self.sweep(after)
            if not after:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def sweep(self, after: str = "") -> tuple[str, int]:
        """Tell the next batch of cases that lag behind: the last of them (empty when there are none), and how many were told.

        The id of the news holds the day, and a case is told it once, so that workers whose year files differ do not wake
        a case at every sweep; on another day it is news again.
        """
        edition, lagging = await asyncio.to_thread(self._lagging, after)
        today = str(day_in_china(datetime.now(UTC)))
        if today != self._told_on:
            self._told, self._told_on = set(), today
        news = EditionPublished(id=f"edition/{edition}@{today}", edition=edition)
        # All at once: cases that do not answer must not use up the time for a sign of life.
        told = await asyncio.gather(
            *(self._tell(case, news) for case in lagging if (case, news.id) not in self._told)
        )
        return (lagging[-1] if lagging else ""), sum(told)

    def _lagging(self, after: str) -> tuple[str, Sequence[str]]:
        try:
            edition = self._calendars.current().name
            return edition, self._cases.under_other_editions(edition, after=after, limit=_BATCH)
        except MingjianError as error:
            activity.logger.warning("no sweep", extra={"error_type": type(error).__name__})
            return "", ()

    async def _tell(self, case: str, news: EditionPublished) -> bool:
        handle: Any = self._client.get_workflow_handle(case)
        try:
            await handle.signal("edition_published", news, rpc_timeout=_PATIENCE)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                # A case that is filed, or was never on this server, has nothing left to count.
                self._told.add((case, news.id))
            else:
                activity.logger.warning("case not told", extra={"status": error.status.name})
            return False
        self._told.add((case, news.id))
        return True
