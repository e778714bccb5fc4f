"""The facts of the matter that a case has established, in the order of their days (案情经过)."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import date

from models.dates import EventDate, future
from models.errors import Problem
from models.said.findings import FactEstablished
from models.terms import Element


@dataclass(slots=True)
class Findings:
    """What has been established, the earliest first."""

    course: list[FactEstablished] = field(default_factory=list)

    def on(self, element: Element) -> EventDate | None:
        """The first day on which such a thing happened; None when nothing of it is established."""
        return next((each.on for each in self.course if each.element is element), None)

    def check(self, fact: FactEstablished, today: date) -> list[Problem]:
        return future(fact.on, today)

    def take(self, fact: FactEstablished, today: date) -> str:
        insort(self.course, fact, key=lambda each: (each.on.earliest, each.on.latest))
        return f"查明：{sentence(fact)}"


def sentence(fact: FactEstablished) -> str:
    """One line of the course of the matter."""
    what = f"：{fact.what}" if fact.what else ""
    return f"{fact.on} {fact.actor}{fact.element.label}{what}"
