"""How a published coordination is played (第七条): accepted with the first event that shows so; the rest is the shared story."""

from __future__ import annotations

from typing import ClassVar

from models.said.coordination import AnswerCoordination, CoordinationTerms
from models.said.terms import Terms
from models.terms import CaseKind, Outcome
from starter.rehearsing.courses.course import Course, Messages
from starter.rehearsing.outbox import CHIEF
from starter.rehearsing.published import PublishedEvent


class CoordinationCourse(Course):
    """The course of a request to urge another unit, or of what bodies have agreed upon between them."""

    KIND: ClassVar[CaseKind] = CaseKind.COORDINATION

    def terms(self) -> Terms:
        """Who asks for what, as far as the source tells."""
        case = self.stage.case
        return CoordinationTerms(requester=case.agency[:100], request=case.facts[:2000])

    def accept(self, event: PublishedEvent) -> Messages:
        """The request is taken up, once."""
        if self._accepted:
            return []
        self._accepted = True
        return [AnswerCoordination(id=f"E{event.number}-answer", by=CHIEF, accepted=True, reason=event.note)]

    def outcome(self, event: PublishedEvent, shown: Outcome) -> Outcome:
        """The unit did its duty, where that is shown; else what was asked for was done without more being told."""
        return Outcome.UNIT_URGED if shown is Outcome.RECTIFIED else Outcome.COMPLETED
