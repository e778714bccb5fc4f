"""The jurisdiction in force on this site: its file with the changes of agencies laid over it that have taken effect.

The one door by which script and workers come to it. On one machine the changes are read without all that a database needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

from activities.published_years import AGENCIES, publications_in
from models.agency_changes import AgencyChange
from models.bodies import Jurisdiction
from models.dates import day_in_china
from models.settings import Settings

FRESH_SECONDS = 1.0
"""How old the answer to “what was adopted?” may be in a worker."""


def site_jurisdiction(settings: Settings) -> Jurisdiction:
    """The jurisdiction of today.

    InputError for a wrong file; Unreachable when the books do not answer; Refusal for a change that is not what was adopted.
    """
    base = Jurisdiction.load(settings.jurisdiction)
    changes = changes_in(settings.registry)
    return base.as_changed(changes, _today()) if changes else base


def changes_in(registry: str) -> tuple[AgencyChange, ...]:
    """The changes adopted in the books at that address; none where nothing has been set up on this machine."""
    scheme, _, path = registry.partition(":///")
    if scheme == "sqlite":
        return tuple(AgencyChange.of(each) for each in publications_in(Path(path), AGENCIES))
    from activities.agency_book import AgencyBook
    from activities.database import Database

    with closing(Database(registry)) as database:
        return AgencyBook(database).changes()


class JurisdictionInForce:
    """The jurisdiction of the day, for a worker that lives for months: it hears of a change within a second."""

    def __init__(
        self,
        base: Jurisdiction,
        changes: Callable[[], Sequence[AgencyChange]],
        *,
        today: Callable[[], date] | None = None,
    ) -> None:
        self._base = base
        self._changes = changes
        self._today = today or _today
        self._heard: tuple[float, tuple[AgencyChange, ...]] | None = None
        self._laid: tuple[object, Jurisdiction] = ((), base)

    def __call__(self) -> Jurisdiction:
        """As of today."""
        asked = monotonic()
        if self._heard is None or asked - self._heard[0] > FRESH_SECONDS:
            self._heard = asked, tuple(self._changes())
        changes, day = self._heard[1], self._today()
        if self._laid[0] != (changes, day):
            self._laid = (changes, day), self._base.as_changed(changes, day)
        return self._laid[1]


def _today() -> date:
    return day_in_china(datetime.now(UTC))
