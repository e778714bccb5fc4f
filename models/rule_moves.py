"""Which open deadlines would fall on another day under a version of their rule that they are not counted by. Pure.

Nothing moves by itself: this is what is looked at before somebody decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from models.adoptions import NewVersion, Rules
from models.calendar import Calendar
from models.deadlines import VersionChosen, account_of, reckon
from models.errors import MingjianError
from models.moves import Days, OpenDeadline
from models.rows import LEDGER
from models.rules import FIRST_VERSION

Named = Callable[[str], Calendar]
"""A calendar edition by name; a MingjianError for one that nobody has published."""


class Shift(NamedTuple):
    """A deadline not counted by the version `since`: where it stands, where it would. `why` when that cannot be told.

    `begun_since`: it began on the day of effect or later, and was counted before the version was known here.
    """

    deadline: OpenDeadline
    since: date
    was: Days
    now: Days
    begun_since: bool
    why: str = ""

    @property
    def moves(self) -> bool:
        """Whether its day is another."""
        return self.was != self.now


def shifts(
    deadlines: Iterable[OpenDeadline], versions: Iterable[NewVersion], rules: Rules, named: Named
) -> Iterator[Shift]:
    """Each deadline of these rules, under the edition it was last counted by; `rules` know the versions.

    Left out: those that were moved already, and those whose length their document or the place's own text sets.
    """
    wanted = {each.rule: each.since for each in versions}
    for row in deadlines:
        since = wanted.get(row.rule)
        if since is not None and (found := _shift(row, since, rules, named)) is not None:
            yield found


def _shift(row: OpenDeadline, since: date, rules: Rules, named: Named) -> Shift | None:
    slim = row._replace(ledger="")
    try:
        ledger = LEDGER.validate_json(row.ledger)
        account = account_of(ledger)
        start, on = account.start, account.on
        if start is None or on is None or account.version == since or start.amount or start.fixed_on:
            return None
        chosen = VersionChosen(version=since, instead_of=FIRST_VERSION, by="")
        then = reckon(rules(row.rule), (*ledger, chosen), named(row.edition))
    except (MingjianError, ValueError) as error:
        return Shift(slim, since, row.days, row.days, False, str(error) or "期限台账读不出来")
    now = Days(then.due_on, then.due_from, then.due_to)
    return Shift(slim, since, row.days, now, on.earliest >= since)
