"""What happens to one deadline, as the entries of its ledger.

Each is immutable and carries its `kind`, so that a ledger travels as JSON and is read back by it; `by` is the
id of the fact or decision the entry rests on. All days are days in China.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.dates import EventDate
from models.rules import Unit


@dataclass(frozen=True, slots=True)
class Started:
    """The fact `by` started the period. `amount` and `unit`, or a last day `fixed_on`, where the document
    sets them, or the place's own text, which `basis` then names.
    """

    on: EventDate
    by: str
    amount: int | None = None
    unit: Unit | None = None
    fixed_on: date | None = None
    basis: str = ""
    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True)
class Suspended:
    """The period stands still from the end of that day."""

    on: date
    by: str
    kind: Literal["suspended"] = "suspended"


@dataclass(frozen=True, slots=True)
class Resumed:
    """The period runs on after that day."""

    on: date
    by: str
    kind: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True)
class Excluded:
    """Days that do not count (调卷、鉴定 …): after `first`, up to and including `last`."""

    first: date
    last: date
    by: str
    why: str = ""
    kind: Literal["excluded"] = "excluded"


@dataclass(frozen=True, slots=True)
class Extended:
    """An officer lengthened the period by an amount, which is added to what the law gives."""

    amount: int
    unit: Unit
    by: str
    officer: str = ""
    kind: Literal["extended"] = "extended"


@dataclass(frozen=True, slots=True)
class Corrected:
    """The day of the start was recorded wrongly: the same arithmetic from this day."""

    on: EventDate
    by: str
    kind: Literal["corrected"] = "corrected"


@dataclass(frozen=True, slots=True)
class VersionChosen:
    """It was decided that the period is counted under the version of its rule that took effect on that day, and not under
    the one that it held to (`models.rules.FIRST_VERSION`: one without a known day).
    """

    version: date
    instead_of: date
    by: str
    kind: Literal["version_chosen"] = "version_chosen"


@dataclass(frozen=True, slots=True)
class Met:
    """A fact that meets the deadline, by the day it was sent (or done, as the rule says); the earliest day
    counts.
    """

    on: EventDate
    by: str
    kind: Literal["met"] = "met"


@dataclass(frozen=True, slots=True)
class Expired:
    """On that day, the first after the last day of the period, it was found to have run out unmet.

    It says no more than was known: when the due day has moved to that day or later, the deadline runs again.
    """

    on: date
    kind: Literal["expired"] = "expired"


Entry = Started | Suspended | Resumed | Excluded | Extended | Corrected | VersionChosen | Met | Expired
Ledger = tuple[Entry, ...]
