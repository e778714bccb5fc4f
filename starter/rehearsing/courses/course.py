"""How a published case is played, as far as its kind of case has a say.

The letters, replies, items and endings of every kind are told by the shared story (`starter.rehearsing.mapping`). A kind of
case that knows more of an event than that says it in a course of its own, beside this file; `COURSES` there names them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from models.decisions import AcceptClue, Decision
from models.facts import Fact
from models.said.terms import Terms
from models.terms import CaseKind, Outcome
from starter.rehearsing.items import Items
from starter.rehearsing.letters import Post
from starter.rehearsing.outbox import DRAFTER
from starter.rehearsing.published import PublishedCase, PublishedEvent

Messages = list[Fact | Decision]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a course may look at: the case, its events in the order of play, their days, its letters and items so far."""

    case: PublishedCase
    events: Sequence[PublishedEvent]
    days: Mapping[int, date]
    post: Post
    items: Items


class Course:
    """The course of an urging case, and of a kind that has none of its own: the shared story."""

    KIND: ClassVar[CaseKind] = CaseKind.URGING

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._accepted = False

    def terms(self) -> Terms | None:
        """What the case is opened with besides what every case has."""
        return None

    def play(self, event: PublishedEvent, shared: Callable[[], Messages]) -> Messages:
        """What is entered for one event; `shared()` is what the shared story says of it.

        A course may answer itself, or put messages of its own around the shared ones. Ids begin with `E<number>-`. Of what
        neither knows (nothing is returned) it is entered what it establishes of the matter, or it is kept in the timeline.
        """
        return shared()

    def accept(self, event: PublishedEvent) -> Messages:
        """Supervision begins with this event."""
        if self._accepted or self.stage.post.sent:
            return []
        self._accepted = True
        return [AcceptClue(id=f"E{event.number}-accept", by=DRAFTER, reason=event.note)]

    def outcome(self, event: PublishedEvent, shown: Outcome) -> Outcome:
        """How the case ends with this event, in the words of its kind."""
        return shown
