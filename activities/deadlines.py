"""Counting deadlines and writing down what a case has become: one local activity for each settling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from models.adoptions import SiteRules
from models.calendar import Calendar
from models.counting import count, is_known
from models.dates import day_in_china
from models.errors import InputError, Refusal
from models.messages import stated
from models.notices import Notice
from models.projecting import recounted
from models.rows import Snapshot
from models.tasks import Settled, SettleOrder, Task


class Calendars(Protocol):
    """Where calendar editions come from: immutable, by name."""

    def current(self) -> Calendar:
        """The edition in force now."""
        ...

    def named(self, name: str) -> Calendar:
        """An edition that was published before; InputError for an unknown one."""
        ...

    @property
    def rules(self) -> SiteRules:
        """The rules with every version that the site has adopted, perhaps but for the last second's."""
        ...

    def rules_now(self) -> SiteRules:
        """The same, asked of the books at this moment."""
        ...


class Projections(Protocol):
    """Where rows and queued notices go."""

    def project(
        self,
        snapshot: Snapshot,
        *,
        run: str,
        run_started_at: datetime,
        settling: int,
        notices: Sequence[Notice],
    ) -> bool:
        """Queue the notices and write the whole snapshot, in one transaction; False when a newer one is there.

        A newer snapshot stays as it is; the notices are queued whether there is one or not.
        """
        ...


class SettlingRoom:
    """Counts the ledgers it is given, and projects the case."""

    def __init__(self, calendars: Calendars, projections: Projections, *, rehearsal: bool = False) -> None:
        self._calendars = calendars
        self._projections = projections
        self._rehearsal = rehearsal

    # Never interrupt the thread: an exception thrown into it between taking a lock and the `try` after it left the lock
    # held for ever (seen when a settling ran past its second).
    @activity.defn(name=Task.SETTLE.value, no_thread_cancel_exception=True)
    def settle(self, order: SettleOrder) -> Settled:
        """Count under the edition asked for, or the one in force; write rows and notices in one transaction.

        Repeatable: the rows of a snapshot replace older ones only, a notice is queued once under its key.
        """
        if order.offset_seconds and not self._rehearsal:
            raise ApplicationError(
                "本系统不在演练中，拒绝带有时间偏移的案件", type="RehearsalOnly", non_retryable=True
            )
        calendar = self._calendar("" if order.current else order.edition)
        rules = self._calendars.rules
        if not all(is_known(each, rules.rule(each.rule)) for each in order.countings):
            # Adopted a moment ago: another worker counted by it, or staff decided on it, before this one has heard.
            rules = self._calendars.rules_now()
        results = tuple(count(counting, calendar, rules.rule(counting.rule)) for counting in order.countings)
        self._projections.project(
            recounted(order.snapshot, results),
            run=order.run,
            run_started_at=order.run_started_at,
            settling=order.settling,
            notices=order.notices,
        )
        today = day_in_china(datetime.now(UTC) + timedelta(seconds=order.offset_seconds))
        adopted = stated(rules.lengths_on(today))
        return Settled.model_construct(results=results, edition=calendar.name, adopted=adopted)

    def _calendar(self, name: str) -> Calendar:
        """The edition of that name; the one in force for none, or for a name that nobody has published."""
        if not name:
            return self._calendars.current()
        try:
            return self._calendars.named(name)
        except (InputError, Refusal):
            return self._calendars.current()
