"""The lawsuits of a published case: decided upon and filed, tried, judged, withdrawn or ended, each as the case numbers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from models.dates import EventDate
from models.decisions import CloseCase, Escalate
from models.said.public_suits import JudgmentGiven, Sue, SuitEnded, SuitFiled, TrialHeld, WithdrawSuit
from models.terms import Side, SuitEnding
from starter.rehearsing import words
from starter.rehearsing.closing import is_ours
from starter.rehearsing.courses import in_court
from starter.rehearsing.courses.course import Messages, Stage
from starter.rehearsing.naming import is_same_body
from starter.rehearsing.outbox import CHIEF, CLERK
from starter.rehearsing.published import PublishedEvent

_UNTIL_LOOK_BACK = timedelta(days=90)
_IN_COURT = ("trial_held", *words.ENDINGS, *words.JUDGMENTS)
_BEFORE = "来源未载日期的检察建议"


@dataclass(slots=True)
class _Suit:
    id: str
    letter: str
    defendant: str
    is_judged: bool = False
    is_ended: bool = False


class Lawsuits:
    """The suits of one case, while its events are gone through in the order of play."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._suits: list[_Suit] = []

    def __bool__(self) -> bool:
        return bool(self._suits)

    # filed

    def sue(self, event: PublishedEvent, shared: Messages, *, is_closed: bool) -> Messages:
        """What the shared story calls the last rung is here the decision to sue, and then the suit itself."""
        messages: Messages = []
        for message in shared:
            messages += self._upon(event, message.letter) if isinstance(message, Escalate) else [message]
        if any(isinstance(each, SuitFiled) for each in messages):
            return messages
        defendant = in_court.defendant(event.note)
        if is_closed:
            return [self._filed(event, self._add("", defendant), defendant=defendant)]
        if not any(each.is_pre_suit for each in self._stage.post.sent):
            return messages + self._upon(event, "")
        # Every suggestion was sued upon before: another defendant, who took the duty over, say.
        if defendant and not any(is_same_body(defendant, each.defendant) for each in self._suits):
            messages.append(self._filed(event, self._add("", defendant), defendant=defendant))
        return messages

    def _upon(self, event: PublishedEvent, letter: str) -> Messages:
        sent = next((each for each in self._stage.post.sent if each.id == letter), None)
        defendant = in_court.defendant(event.note)
        suit = self._add(letter, sent.recipient if sent else defendant)
        decision = Sue(
            id=f"E{event.number}-sue-{suit.id}",
            by=CHIEF,
            letter=letter,
            earlier="" if letter else _BEFORE,
            defendant="" if sent else defendant,
            court=event.target[:100],
            known_on=event.on,
            reason=event.note,
        )
        return [decision, self._filed(event, suit, letter=letter, court=event.target[:100])]

    def _add(self, letter: str, defendant: str) -> _Suit:
        suit = _Suit(f"G{len(self._suits) + 1}", letter, defendant)
        self._suits.append(suit)
        return suit

    def _filed(
        self,
        event: PublishedEvent,
        suit: _Suit,
        *,
        on: EventDate | None = None,
        letter: str = "",
        defendant: str = "",
        court: str = "",
    ) -> SuitFiled:
        return SuitFiled(
            id=f"E{event.number}-filed-{suit.id}",
            on=on or event.on,
            by=CLERK,
            note=event.note,
            letter=letter,
            defendant=defendant,
            court=court,
        )

    # before the court

    def is_about(self, event: PublishedEvent) -> bool:
        """Whether an event is of a suit of ours, though its source may not date the filing."""
        if event.word not in _IN_COURT:
            return False
        ours = event.side is Side.COURT or is_ours(event)
        return bool(self._suits) or (ours and "起诉" in self._stage.case.legal_nature)

    def in_court(self, event: PublishedEvent, *, is_closed: bool) -> Messages:
        """What the event says of a suit; one that its source does not date was filed at some time before."""
        messages: Messages = []
        if not self._suits:
            before = [each for each in self._stage.events if each.on.latest < event.on.earliest]
            span = EventDate(before[-1].on.earliest if before else event.on.earliest, event.on.latest)
            messages.append(self._filed(event, self._add("", ""), on=span))
        suit = self._meant(event)
        if suit is None:
            return messages
        if event.word == "trial_held":
            trial = TrialHeld(
                id=f"E{event.number}-trial",
                on=event.on,
                by=CLERK,
                note=event.note,
                suit=suit.id,
                panel=in_court.panel(event.note),
            )
            return [*messages, trial]
        if event.word in words.JUDGMENTS:
            return [*messages, self._judged(event, suit)]
        withdrawn = event.word == "lawsuit_withdrawn"
        if withdrawn and not is_closed:
            reason = event.note or words.label(event.word)
            id = f"E{event.number}-withdraw"
            messages.append(WithdrawSuit(id=id, by=CHIEF, suit=suit.id, reason=reason))
        how = SuitEnding.WITHDRAWN if withdrawn else SuitEnding.CLOSED
        return [*messages, self._ended(event, suit, how, event.note)]

    def _meant(self, event: PublishedEvent) -> _Suit | None:
        """The suit of the defendant that is named, else the first that goes on; a judged one, where only such are left."""
        on = [each for each in self._suits if not each.is_ended]
        named = [each for each in on if each.defendant and each.defendant in event.note]
        return next(iter(named or [each for each in on if not each.is_judged] or on), None)

    def _judged(self, event: PublishedEvent, suit: _Suit) -> JudgmentGiven:
        suit.is_judged = True
        return JudgmentGiven(
            id=f"E{event.number}-judged",
            on=event.on,
            by=CLERK,
            note=event.note,
            suit=suit.id,
            instance=in_court.instance(event.word, event.note),
            reliefs=in_court.reliefs(event.note),
            performances=in_court.orders(event.note),
        )

    def _ended(self, event: PublishedEvent, suit: _Suit, how: SuitEnding, note: str) -> SuitEnded:
        suit.is_ended = True
        return SuitEnded(
            id=f"E{event.number}-ended-{suit.id}",
            on=event.on,
            by=CLERK,
            note=note,
            suit=suit.id,
            how=how,
        )

    # the end

    def ended_with(self, event: PublishedEvent) -> Messages:
        """A case is closed, so whatever suit its source says no more of has ended."""
        told = event.word == "case_closed" and event.note
        how = SuitEnding.WITHDRAWN if told and "撤" in event.note else SuitEnding.CLOSED
        note = event.note if told else "来源未载该诉讼如何终结，随案终结"
        going_on = [each for each in self._suits if not (each.is_ended or each.is_judged)]
        return [self._ended(event, each, how, note) for each in going_on]

    def looked_back_upon(self, event: PublishedEvent, messages: Messages) -> Messages:
        """What a judgment orders is not done yet where its source ends with it: the closing plans a look back."""
        if event.word not in words.JUDGMENTS or not in_court.orders(event.note):
            return messages
        day = self._stage.days[event.number] + _UNTIL_LOOK_BACK
        return [
            each.model_copy(update={"look_back_on": each.look_back_on or (day,)})
            if isinstance(each, CloseCase)
            else each
            for each in messages
        ]
