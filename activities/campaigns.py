"""How far the cases of a campaign have come: read from the registry, never from thousands of workflows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from temporalio import activity

from models.said.campaigns import ProgressCounted
from models.tallies import CountOrder, Standing, tally
from models.tasks import Task


class Standings(Protocol):
    """Where it is known how cases stand."""

    def standings(self, cases: Sequence[str]) -> list[Standing]:
        """How many of these cases stand how, all at one moment; those that are not known are left out."""
        ...


class CampaignRoom:
    """Counts the cases of campaigns."""

    def __init__(self, standings: Standings) -> None:
        self._standings = standings

    @activity.defn(name=Task.COUNT_CASES.value, no_thread_cancel_exception=True)
    def count(self, asked: CountOrder) -> ProgressCounted:
        """The numbers as the registry has them now. Repeatable: it changes nothing."""
        return tally(asked, self._standings.standings(asked.cases))
