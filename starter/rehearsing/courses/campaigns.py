"""How a published campaign is played (第七条): agreed upon with its first event, started, its results told, its end reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from models.decisions import CloseCase
from models.said.campaigns import (
    AgreeCampaign,
    CampaignReported,
    CampaignStarted,
    CampaignTerms,
    ProgressReported,
)
from models.said.terms import Terms
from models.terms import CaseKind, Outcome
from starter.rehearsing.courses.course import Course, Messages
from starter.rehearsing.outbox import CHIEF, CLERK
from starter.rehearsing.published import PublishedEvent

_RESULTS = ("progress_reported", "result_counted", "statistics_published")


class CampaignCourse(Course):
    """The course of a campaign; what led to it is established, what it does by letters is the shared story."""

    KIND: ClassVar[CaseKind] = CaseKind.CAMPAIGN

    def terms(self) -> Terms:
        """Its field is what its source is about; who organised it, where the source says so."""
        case = self.stage.case
        return CampaignTerms(
            field=case.title[:100], organisers=(case.procuratorate,) if case.procuratorate else ()
        )

    def play(self, event: PublishedEvent, shared: Callable[[], Messages]) -> Messages:
        """Its start, its results and its end."""
        if event.word == "campaign_started":
            start = CampaignStarted(id=f"E{event.number}-started", on=event.on, by=CLERK, note=event.note)
            return [*self.accept(event), start]
        if event.word in _RESULTS:
            told = ProgressReported(
                id=f"E{event.number}-results",
                on=event.on,
                by=CLERK,
                unit=event.actor[:100],
                summary=event.note,
            )
            return [told]
        messages = shared()
        if any(isinstance(each, CloseCase) for each in messages):
            report = CampaignReported(
                id=f"E{event.number}-report", on=event.on, by=CLERK, results=event.note or "来源未载"
            )
            return [*self.accept(event), report, *messages]
        return messages

    def accept(self, event: PublishedEvent) -> Messages:
        """It is agreed upon, once."""
        if self._accepted:
            return []
        self._accepted = True
        return [AgreeCampaign(id=f"E{event.number}-agree", by=CHIEF, plan=event.note)]

    def outcome(self, event: PublishedEvent, shown: Outcome) -> Outcome:
        """A campaign is completed, whatever became of what it pursued."""
        return Outcome.COMPLETED
