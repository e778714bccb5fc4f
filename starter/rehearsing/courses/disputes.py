"""How the settling of a published dispute is played (第八条): what came before is established, agreement and performance told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from models.dates import EventDate
from models.decisions import CloseCase
from models.facts import ItemProgressed
from models.said.disputes import (
    AgreementSigned,
    AssessSuitability,
    DisputeTerms,
    Performance,
    SupervisionWithdrawn,
    TalksFailed,
)
from models.said.terms import Terms
from models.terms import CaseKind, ItemKind, Milestone, Outcome
from starter.rehearsing import words
from starter.rehearsing.courses.course import Course, Messages, Stage
from starter.rehearsing.outbox import CHIEF, CLERK
from starter.rehearsing.published import PublishedEvent

# From here on an agreement is one that settles the dispute; before, it is what the parties came to quarrel about.
_DISPUTED = ("lawsuit_filed", "supervision_requested", "judgment", "protest_filed", "application_filed")
_AGREED = ("agreement_signed", "settlement_reached")
_FAILED = ("talks_failed", "mediation_failed", "settlement_failed")
_PERFORMED: dict[str, tuple[ItemKind, Milestone]] = {
    "registration_changed": (ItemKind.REGISTRATION, Milestone.REGISTERED),
    "payment_made": (ItemKind.PAYMENT, Milestone.PAID),
    "funds_returned": (ItemKind.PAYMENT, Milestone.PAID),
    "land_delivered": (ItemKind.DELIVERY, Milestone.DELIVERED),
    "land_returned": (ItemKind.DELIVERY, Milestone.DELIVERED),
    "handed_over": (ItemKind.DELIVERY, Milestone.DELIVERED),
}
_PAID_AT_ONCE = re.compile(r"领款|付清|已支付|并付款")
_SETTLED = re.compile(r"和解|签约|签订")


class DisputeCourse(Course):
    """The course of a dispute."""

    KIND: ClassVar[CaseKind] = CaseKind.DISPUTE

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._is_disputed = False
        self._items: dict[ItemKind, str] = {}
        self._is_agreed = self._has_failed = False

    def terms(self) -> Terms:
        """Against which body, over what."""
        case = self.stage.case
        return DisputeTerms(agency=case.agency[:100], subject=case.facts[:2000])

    def play(self, event: PublishedEvent, shared: Callable[[], Messages]) -> Messages:
        """Agreement, performance, withdrawal, failure; everything else is the shared story."""
        if not self._is_disputed:
            self._is_disputed = event.word in _DISPUTED
            return shared()
        if event.word in _AGREED:
            return self._agree(event, event.on)
        if event.word in _PERFORMED:
            return self._perform(event) or shared()
        if event.word == "supervision_withdrawn":
            return [
                SupervisionWithdrawn(
                    id=f"E{event.number}-withdrawn", on=event.on, by=CLERK, party=event.actor, note=event.note
                )
            ]
        if event.word in _FAILED:
            return self._fail(event)
        messages = shared()
        if any(isinstance(each, CloseCase) for each in messages) and not self._is_agreed:
            return [*self._fail(event), *messages]
        return messages

    def accept(self, event: PublishedEvent) -> Messages:
        """It was found suited to be settled, once."""
        if self._accepted:
            return []
        self._accepted = True
        reason = event.note or words.label(event.word)
        return [
            AssessSuitability(id=f"E{event.number}-suited", by=CHIEF, suitable=True, reason=reason[:1000])
        ]

    def outcome(self, event: PublishedEvent, shown: Outcome) -> Outcome:
        """Settled where an agreement stands, not settled where none was told of."""
        return Outcome.SETTLED if self._is_agreed and not self._has_failed else Outcome.DISPUTE_NOT_SETTLED

    def _agree(self, event: PublishedEvent, on: EventDate) -> Messages:
        """An agreement obliges to what the source later says was performed, and to what it says was paid with it."""
        self._is_agreed, self._has_failed = True, False
        paid = bool(_PAID_AT_ONCE.search(event.note)) and event.word in _AGREED
        later = self.stage.events[self.stage.events.index(event) :]
        kinds = [_PERFORMED[each.word][0] for each in later if each.word in _PERFORMED]
        if paid:
            kinds.append(ItemKind.PAYMENT)
        new = [kind for kind in dict.fromkeys(kinds) if kind not in self._items]
        self._items |= {kind: f"履行{number}" for number, kind in enumerate(new, len(self._items) + 1)}
        signed = AgreementSigned(
            id=f"E{event.number}-signed",
            on=on,
            by=CLERK,
            terms=event.note,
            performance=tuple(
                Performance(what=f"{kind.label}（{event.note}）"[:500], kind=kind) for kind in new
            ),
        )
        messages: Messages = [*self.accept(event), signed]
        return [*messages, self._step(event, ItemKind.PAYMENT, Milestone.PAID)] if paid else messages

    def _perform(self, event: PublishedEvent) -> Messages:
        """A performance; where the source tells of an agreement without its day, that was signed some time before."""
        kind, milestone = _PERFORMED[event.word]
        case = self.stage.case
        messages: Messages = []
        if not self._is_agreed and _SETTLED.search(f"{case.outcome}{case.undated_steps}"):
            before = self.stage.events[self.stage.events.index(event) - 1]
            messages += self._agree(event, EventDate(before.on.earliest, event.on.latest))
        return [*messages, self._step(event, kind, milestone)] if kind in self._items else []

    def _step(self, event: PublishedEvent, kind: ItemKind, milestone: Milestone) -> ItemProgressed:
        return ItemProgressed(
            id=f"E{event.number}-{self._items[kind]}",
            on=event.on,
            by=CLERK,
            note=event.note,
            item=self._items[kind],
            milestone=milestone,
        )

    def _fail(self, event: PublishedEvent) -> Messages:
        self._has_failed = True
        failed = TalksFailed(id=f"E{event.number}-failed", on=event.on, by=CLERK, summary=event.note)
        return [*self.accept(event), failed]
