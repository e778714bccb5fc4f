"""A calendar was published: each case whose open deadlines were counted under another is told, and counts again by itself.

The cases whose days move are told first, then all others; no more a second, and no more at once, than leave decisions quick.
Nothing is remembered but in the rows: a case that was counted again lags no more, so another worker goes on where this one
stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, Protocol, TypeVar

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.calendars import NOTICED_SECONDS
from activities.deadlines import Calendars
from activities.open_deadlines import cases_of
from models.calendar import Calendar
from models.dates import day_in_china
from models.errors import MingjianError, Unreachable
from models.messages import EditionPublished
from models.moves import OpenDeadline, Sieve, first_changes
from models.tasks import Task

PACE = 20
"""Cases told in a second at most, where nothing else is said."""
_PAUSE_SECONDS = 10.0
_LOOK_SECONDS = 1.0
_PATIENCE = timedelta(seconds=5)
# What has not counted by then keeps the others waiting no longer, nor the sign of life.
_COUNTING_SECONDS, _AGAIN_SECONDS = 10.0, 0.1
# A portion is counted in some ten milliseconds, and so long the worker's other threads are slow.
_SIFTED_AT_ONCE = 300

Found = TypeVar("Found")


class Ask(Protocol):
    """Deadlines behind a case and a key."""

    def __call__(self, after: tuple[str, str], *, limit: int) -> Sequence[OpenDeadline]: ...


class PublishedCalendars(Calendars, Protocol):
    """Where calendar editions come from, and who published the last."""

    def why(self) -> str:
        """Who published it and for what reason; empty for a shipped one."""
        ...

    def published(self) -> int:
        """How often a year was published here."""
        ...


class OpenCases(Protocol):
    """Where it stands under which edition a case was last counted."""

    def under_other_editions(self, edition: str, *, after: str, limit: int) -> Sequence[str]:
        """Cases behind that id with an open deadline counted under another edition than this."""
        ...


class LaggingDeadlines(Protocol):
    """The ledgers that may move."""

    def behind(self, after: tuple[str, str], *, not_under: str, limit: int) -> Sequence[OpenDeadline]:
        """Open deadlines behind a case and a key that were counted under another edition than this."""
        ...

    def editions_met_under(self) -> Sequence[str]:
        """The editions of those that were met, in cases on the desk."""
        ...

    def met(self, after: tuple[str, str], *, since: Mapping[str, date], limit: int) -> Sequence[OpenDeadline]:
        """Those that were met behind a case and a key, since the first day that is another than by their edition."""
        ...

    def lagging_among(self, edition: str, cases: Sequence[str]) -> Mapping[str, int]:
        """Those of these cases that were not counted under this edition yet."""
        ...


class CalendarWatch:
    """Compares the edition in force with the rows, and signals the cases that lag behind, at most `pace` of them a second."""

    def __init__(
        self,
        client: Client,
        calendars: PublishedCalendars,
        cases: OpenCases,
        deadlines: LaggingDeadlines,
        *,
        pace: int = PACE,
    ) -> None:
        self._client = client
        self._calendars = calendars
        self._cases = cases
        self._deadlines = deadlines
        self._pace = pace
        self._told: set[tuple[str, str]] = set()
        self._told_on = ""
        self._is_cut_short = False

    @activity.defn(name=Task.WATCH_CALENDARS.value)
    async def watch(self) -> None:
        """Sweep again and again until cancelled or the worker stops; a sign of life with each batch."""
        noticed = movers_told_on = ""
        while not activity.is_worker_shutdown():
            activity.heartbeat()
            edition = await self._edition()
            if edition is not None:
                if edition.name != noticed:
                    # Until every worker counts by it: a case told sooner might be counted by the old one, and be told no more
                    # today.
                    await asyncio.sleep(NOTICED_SECONDS)
                    noticed, movers_told_on = edition.name, ""
                today = str(day_in_china(datetime.now(UTC)))
                if movers_told_on != today and await self.tell_all_movers(edition):
                    movers_told_on = today
                await self._sweep_all(edition)
            await self._pause(noticed)

    async def tell_all_movers(self, edition: Calendar) -> bool:
        """Everybody whose days move, or who was late by the old edition alone; whether all of them were asked for and told.

        No sweep finds a case again that only a met period would bring the news: it is done again until it is whole, and each day,
        for what was counted under the old edition and met since.
        """
        self._is_cut_short = False
        await self._movers(edition, partial(self._deadlines.behind, not_under=edition.name))
        since = await self._asked(lambda: self._since(edition))
        if since:
            await self._movers(edition, partial(self._deadlines.met, since=since))
        return not self._is_cut_short

    async def _sweep_all(self, edition: Calendar) -> None:
        """Everybody who lags, once; cut short by another edition, which begins a round of its own."""
        behind: str | None = ""
        while behind is not None and await self._goes_on(edition):
            behind = await self.sweep(edition, behind)

    async def _movers(self, edition: Calendar, ask: Ask) -> None:
        after: tuple[str, str] | None = ("", "")
        while after is not None and await self._goes_on(edition):
            after = await self.tell_movers(edition, after, ask)

    def _since(self, edition: Calendar) -> Mapping[str, date]:
        editions = [each for each in self._deadlines.editions_met_under() if each != edition.name]
        return first_changes(editions, edition, edition, self._known)

    async def _goes_on(self, edition: Calendar) -> bool:
        activity.heartbeat()
        now = None if activity.is_worker_shutdown() else await self._edition()
        goes_on = now is not None and now.name == edition.name
        self._is_cut_short |= not goes_on
        return goes_on

    async def _pause(self, noticed: str) -> None:
        """Until the next round; a new edition ends it."""
        until = monotonic() + _PAUSE_SECONDS
        while monotonic() < until and not activity.is_worker_shutdown():
            await asyncio.sleep(_LOOK_SECONDS)
            activity.heartbeat()
            edition = await self._edition()
            if edition is not None and edition.name != noticed:
                return

    async def tell_movers(
        self, edition: Calendar, after: tuple[str, str], ask: Ask
    ) -> tuple[str, str] | None:
        """Sift the next of the deadlines that are asked for, and tell the cases that move; where to go on, None at the end.

        Of those that were met also the cases of which the rows cannot tell.
        """
        found = await self._asked(lambda: ask(after, limit=_SIFTED_AT_ONCE))
        rules = await self._asked(lambda: self._calendars.rules)
        if not found or rules is None:
            return None
        sieve = Sieve(edition, edition, self._known, rules.rule)
        sifted = await asyncio.to_thread(sieve.sift, found)
        # Of an open period that the registry cannot tell of the sweep tells the case.
        unclear = [each.deadline for each in sifted.unclear if each.deadline.met_on]
        cases = cases_of([*(each.deadline for each in sifted.moved), *unclear])
        for first in range(0, len(cases), self._at_once):
            if not await self._goes_on(edition):
                return None
            await self._tell_in_turn(edition, cases[first : first + self._at_once])
        return found[-1].case, found[-1].key

    async def sweep(self, edition: Calendar, after: str = "") -> str | None:
        """Tell the next cases that lag behind; the last of them, None when there are none."""
        lagging = await self._asked(
            lambda: self._cases.under_other_editions(edition.name, after=after, limit=self._at_once)
        )
        if not lagging:
            return None
        await self._tell_in_turn(edition, lagging)
        return lagging[-1]

    @property
    def _at_once(self) -> int:
        return max(1, self._pace // 2)

    async def _tell_in_turn(self, edition: Calendar, cases: Sequence[str]) -> None:
        """Tell half a second's cases one after another, and wait until they have counted, so that no queue grows before them.

        The id of the news holds the day, and a case is told it once, so that workers whose year files differ do not wake
        a case at every sweep; on another day it is news again, and so is what is published once more after a wrong correction.
        """
        today = str(day_in_china(datetime.now(UTC)))
        if today != self._told_on:
            self._told, self._told_on = set(), today
        published = await self._asked(self._calendars.published)
        if published is None:
            return
        id = f"edition/{edition.name}@{today}/{published}"
        untold = [case for case in cases if (case, id) not in self._told]
        if not untold:
            return
        why = await self._asked(self._calendars.why) or ""
        news = EditionPublished(id=id, edition=edition.name, why=why)
        telling = []
        for case in untold:
            # Not awaited one by one: cases that do not answer must not use up the time for a sign of life.
            telling.append(asyncio.create_task(self._tell(case, news)))
            await asyncio.sleep(1 / self._pace)
        told = [case for case, reached in zip(untold, await asyncio.gather(*telling), strict=True) if reached]
        until = monotonic() + _COUNTING_SECONDS
        while monotonic() < until:
            if not await self._lags(edition, told):
                return
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _lags(self, edition: Calendar, cases: Sequence[str]) -> bool:
        left = await self._asked(lambda: self._deadlines.lagging_among(edition.name, cases))
        return bool(left)

    async def _edition(self) -> Calendar | None:
        return await self._asked(self._calendars.current)

    async def _asked(self, question: Callable[[], Found]) -> Found | None:
        """The answer of the books; None when they do not answer now."""
        try:
            return await asyncio.to_thread(question)
        except MingjianError as error:
            activity.logger.warning("no sweep", extra={"error_type": type(error).__name__})
            self._is_cut_short = True
            return None

    def _known(self, name: str) -> Calendar | None:
        try:
            return self._calendars.named(name)
        except MingjianError as error:
            self._is_cut_short |= isinstance(error, Unreachable)
            return None

    async def _tell(self, case: str, news: EditionPublished) -> bool:
        handle: Any = self._client.get_workflow_handle(case)
        try:
            await handle.signal("edition_published", news, rpc_timeout=_PATIENCE)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                activity.logger.warning("case not told", extra={"status": error.status.name})
                self._is_cut_short = True
                return False
            # A case that is filed, or was never on this server, has nothing left to count.
            self._told.add((case, news.id))
            return False
        self._told.add((case, news.id))
        return True
