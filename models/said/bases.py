"""What facts and decisions have in common. Each kind of message bears its Chinese name, `LABEL`."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from models.dates import EventDate
from models.wire import KnownPaper, Person, Wire


class FactBase(Wire):
    """A fact has an id, a day of its own precision, who recorded it, and perhaps a paper."""

    LABEL: ClassVar[str]

    id: str = Field(min_length=1, max_length=200)
    on: EventDate
    by: Person
    note: str = Field(default="", max_length=1000)
    paper: KnownPaper | None = None


class DecisionBase(Wire):
    """A decision has an id, who made it in what role, and a day (the day it is entered, unless stated)."""

    LABEL: ClassVar[str]

    id: str = Field(min_length=1, max_length=200)
    by: Person
    on: date | None = None
    reason: str = Field(default="", max_length=1000)
