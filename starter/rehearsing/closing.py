"""How a published case ends: which event closes it, with what outcome, and what follows the closing.

Pure. The outcome is what the source shows: 整改到位 where it says so or every reply does, else the end that it names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from models.decisions import CloseCase, Decision
from models.facts import Fact, LookedBack
from models.said.links import LinkCase
from models.terms import Outcome, Relation, Side, Substance
from starter.rehearsing import notes, words
from starter.rehearsing.assessing import Assessing
from starter.rehearsing.items import Items
from starter.rehearsing.letters import Post, sends_letter, serves_letter
from starter.rehearsing.outbox import CHIEF, CLERK
from starter.rehearsing.published import PublishedEvent

_UNTIL_LOOK_BACK = timedelta(days=90)

# What a note of closing names; an end that says how things were put right goes before 整改到位, a mere end after it.
_HOW_PUT_RIGHT = (
    (re.compile(r"和解"), Outcome.SETTLED),
    (re.compile(r"补办"), Outcome.LEGALISED),
    (re.compile(r"代履行"), Outcome.SUBSTITUTE_PERFORMANCE),
    (re.compile(r"部分"), Outcome.PARTLY_RECTIFIED),
)
_HOW_ENDED = (
    (re.compile(r"终结"), Outcome.TERMINATED),
    (re.compile(r"移送"), Outcome.TRANSFERRED),
    (re.compile(r"并案"), Outcome.MERGED),
)


def is_ours(event: PublishedEvent) -> bool:
    """Whether a procuratorate did it."""
    return event.side is Side.PROCURATORATE or "检察院" in event.actor


class Closing:
    """The end of a case; `ending` is the event that closes it, None where the source leaves it open."""

    def __init__(
        self,
        events: Sequence[PublishedEvent],
        days: Mapping[int, date],
        post: Post,
        items: Items,
        assessing: Assessing,
    ) -> None:
        self._events = events
        self._days = days
        self._post = post
        self._items = items
        self._assessing = assessing
        self.ending = self._find()
        self.is_closed = False

    def close(self, event: PublishedEvent) -> list[Fact | Decision]:
        """Judge what is left, and close. Where the law's checks will refuse it, the closing is entered alone: the case says why,
        and nothing is called done on its account.
        """
        outcome = self._outcome(event)
        letters = self._post.outbox.live
        close = self._decision(event, outcome)
        unanswered = outcome is Outcome.RECTIFIED and not all(each.replies for each in letters)
        if unanswered or any(each.objected for each in letters):
            return [close]
        self.is_closed = True
        messages: list[Fact | Decision] = []
        # A lawsuit ends without a judgment because what it asked for was done.
        right = outcome is Outcome.RECTIFIED or event.word in words.ENDINGS
        for letter in letters:
            if letter.unassessed:
                found = Substance.PUT_RIGHT if right else self._assessing.shortfall(letter, event)
                messages += self._assessing.judge(event, letter, found)
            elif outcome is Outcome.RECTIFIED and letter.is_wanting:
                messages += self._assessing.judge(event, letter, Substance.PUT_RIGHT)
        if outcome is Outcome.RECTIFIED:
            messages += self._items.complete(event)
            if not letters and not self._items.any_entered:
                messages += self._items.verify(event)
        if outcome is Outcome.TRANSFERRED:
            moved = (event.note or words.label(event.word))[:100]
            id = f"E{event.number}-moved"
            messages.append(
                LinkCase(id=id, by=CHIEF, relation=Relation.TRANSFERRED_TO, case=moved, elsewhere=True)
            )
        return [*messages, close]

    def close_for_now(self, event: PublishedEvent) -> list[Fact | Decision]:
        """A closing after which the case went on closes nothing; but what it was closed upon had been put right."""
        if self._outcome(event) is not Outcome.RECTIFIED:
            return []
        answered = [each for each in self._post.outbox.live if each.unassessed]
        return [
            message
            for letter in answered
            for message in self._assessing.judge(event, letter, Substance.PUT_RIGHT)
        ]

    def follow(self, event: PublishedEvent) -> list[Fact | Decision]:
        """What a closed case still takes in: look-backs, and the progress of items that it knows."""
        if event.word in words.CHECKS:
            held = event.word != "relapse_found" and not notes.tells_failure(event.note)
            return [LookedBack(id=f"E{event.number}-back", on=event.on, by=CLERK, note=event.note, held=held)]
        if event.word in words.PROGRESS and self._items.knows(event):
            return self._items.progress(event)
        return []

    def _find(self) -> PublishedEvent | None:
        """The event that closes the case: after its last letter, the last closing, else the last end of its lawsuit."""
        sending = [
            place for place, each in enumerate(self._events) if sends_letter(each) or serves_letter(each)
        ]
        rest = self._events[sending[-1] + 1 if sending else 0 :]
        closings = [each for each in rest if each.word == "case_closed" and is_ours(each)]
        if closings:
            return closings[-1]
        suits = [
            place for place, each in enumerate(self._events) if each.word == "lawsuit_filed" and is_ours(each)
        ]
        if not suits:
            return None
        in_court = [each for each in rest if each in self._events[suits[0] + 1 :]]
        ends = [each for each in in_court if each.word in words.ENDINGS]
        judgments = [each for each in in_court if each.word in words.JUDGMENTS]
        last = ends or judgments
        return last[-1] if last else None

    def _decision(self, event: PublishedEvent, outcome: Outcome) -> CloseCase:
        return CloseCase(
            id=f"E{event.number}-close",
            by=CHIEF,
            outcome=outcome,
            reason=event.note or words.label(event.word),
            look_back_on=self._look_backs(event),
        )

    def _outcome(self, event: PublishedEvent) -> Outcome:
        if event.word == "lawsuit_withdrawn":
            return Outcome.SUIT_WITHDRAWN
        if event.word == "litigation_closed":
            return Outcome.LITIGATION_CLOSED
        if event.word in words.JUDGMENTS:
            return Outcome.JUDGMENT
        for pattern, outcome in _HOW_PUT_RIGHT:
            if pattern.search(event.note):
                return outcome
        if notes.tells_put_right(event.note):
            return Outcome.RECTIFIED
        for pattern, outcome in _HOW_ENDED:
            if pattern.search(event.note):
                return outcome
        return self._outcome_shown()

    def _outcome_shown(self) -> Outcome:
        """Where the closing says nothing: without a reply to every letter nothing shows that its recipient put things right."""
        letters = self._post.outbox.live
        if not all(each.replies for each in letters) or not (letters or self._items.any_entered):
            return Outcome.TERMINATED
        found = {self._assessing.seems(each) for each in letters}
        if found <= {Substance.PUT_RIGHT}:
            return Outcome.RECTIFIED
        return (
            Outcome.PARTLY_RECTIFIED
            if found <= {Substance.PUT_RIGHT, Substance.PARTLY}
            else Outcome.TERMINATED
        )

    def _look_backs(self, closing: PublishedEvent) -> tuple[date, ...]:
        """The days of the checks that follow; one more, later, when the source goes on after them.

        A closed case that nothing is planned for ends at once, and could take in nothing of what its source tells next.
        """
        closed_on = self._days[closing.number]
        later = self._events[self._events.index(closing) + 1 :]
        checks = [each for each in later if each.word in words.CHECKS and self._days[each.number] > closed_on]
        planned = {self._days[each.number] for each in checks}
        if later and (not checks or later[-1] is not checks[-1]):
            planned.add(max(self._days[each.number] for each in later) + _UNTIL_LOOK_BACK)
        return tuple(sorted(planned))
