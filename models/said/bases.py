"""What facts and decisions have in common. Each kind of message bears its Chinese name, `LABEL`."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import ClassVar

from pydantic import Field

from models.dates import EventDate
from models.wire import KnownPaper, Person, Wire

LONGEST_ID = 200


def fitted(id: str) -> str:
    """An id that was made of others, no longer than an id may be; its digest keeps one that is cut apart from the rest."""
    if len(id) <= LONGEST_ID:
        return id
    return f"{id[: LONGEST_ID - 17]}~{sha256(id.encode()).hexdigest()[:16]}"


class FactBase(Wire):
    """A fact has an id, a day of its own precision, who recorded it, and perhaps a paper."""

    LABEL: ClassVar[str]

    id: str = Field(min_length=1, max_length=LONGEST_ID)
    on: EventDate
    by: Person
    note: str = Field(default="", max_length=1000)
    paper: KnownPaper | None = None


class DecisionBase(Wire):
    """A decision has an id, who made it in what role, and a day (the day it is entered, unless stated)."""

    LABEL: ClassVar[str]

    id: str = Field(min_length=1, max_length=LONGEST_ID)
    by: Person
    on: date | None = Field(default=None, description="决定的日期；不写即今天")
    reason: str = Field(default="", max_length=1000)
