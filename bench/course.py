"""What a reference course is: one case of a kind, the messages of its clerk, and what the case does after each.

The case itself and the bare workflow (`bench.bare`) go through the same course. The case finds out for itself what is to be done;
the bare workflow does what is written here; the benchmark compares the two histories event by event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

STRIKE_SECONDS = 0.5
"""How long the server's timer runs on both sides for a moment that comes."""
NEVER_SECONDS = 600
"""And for one that does not come before the case has gone on."""

CLERK = {"name": "甲", "role": "clerk"}
DRAFTER = {"name": "甲", "role": "procurator"}
HEAD = {"name": "丙", "role": "department_head"}
CHIEF = {"name": "乙", "role": "chief_procurator"}

STAGE, DUE = "CaseStage", "NextDueAt"


@dataclass(frozen=True)
class Strike:
    """A moment of case time that comes: how much the clock enters then, and which attributes change."""

    at: datetime
    ticks: int = 1
    shows: tuple[str, ...] = ()


class Timer(Enum):
    """What becomes of the one timer of a case."""

    KEPT = "kept"
    ANEW = "anew"
    """Armed for the step's first strike, then for the next; after the last, for a moment that does not come."""
    STOPPED = "stopped"


@dataclass(frozen=True)
class Step:
    """One message, and what is done about it besides counting and writing down once."""

    what: str
    message: Mapping[str, Any]
    """A fact, sent by signal; or `{"decision": …}`, sent by update."""
    after: int = 0
    """How many ticks the clock must have entered before it is sent."""
    shows: tuple[str, ...] = (STAGE,)
    papers: int = 0
    timer: Timer = Timer.KEPT
    strikes: tuple[Strike, ...] = ()

    @property
    def is_decision(self) -> bool:
        return "decision" in self.message


@dataclass(frozen=True)
class Course:
    """One reference case. `opening` lacks what differs from case to case: number, edition, offset of its clock."""

    kind: str
    what: str
    opened_on: date
    opening: Mapping[str, Any]
    steps: tuple[Step, ...]
    events: int
    """How many events its history has; the filing child's are counted apart."""

    @property
    def strikes(self) -> tuple[Strike, ...]:
        """The moments that come in its time."""
        return tuple(strike for step in self.steps for strike in step.strikes)


def decision(kind: str, on: str, by: Mapping[str, str] = CHIEF, **fields: Any) -> dict[str, Any]:
    """A decision as the script sends it."""
    return {"decision": {"kind": kind, "id": _id(kind, fields), "on": on, "by": by, **fields}}


def fact(kind: str, on: str, **fields: Any) -> dict[str, Any]:
    """A fact as the script sends it."""
    return {"kind": kind, "id": _id(kind, fields), "on": on, "by": CLERK, **fields}


def _id(kind: str, fields: Mapping[str, Any]) -> str:
    """Of its own for each message of a course: what it is about, and its kind."""
    return f"{fields.get('document') or fields.get('letter') or 1}-{kind}"
