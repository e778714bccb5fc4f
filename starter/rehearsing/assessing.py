"""How checks and lawsuits judge the replies of a published case.

Pure. Each reply is assessed by itself: an earlier one by its own words, the last one by what was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.decisions import AssessReply, Decision, Escalate
from models.facts import Fact
from models.terms import EscalationRung, Stance, Substance
from starter.rehearsing import notes, words
from starter.rehearsing.items import Items
from starter.rehearsing.letters import Post
from starter.rehearsing.outbox import CHIEF, DRAFTER, Answer, Sent
from starter.rehearsing.published import PublishedEvent
from starter.rehearsing.recipients import recipient

_REFUSING = (Stance.NOT_ADOPTED, Stance.NOT_COMPETENT, Stance.DIFFICULTIES)


class Assessing:
    """Enters assessments, and the decision to sue."""

    def __init__(self, post: Post, items: Items) -> None:
        self._post = post
        self._items = items

    def check(self, event: PublishedEvent) -> list[Fact | Decision]:
        """What was found on the spot: items passed or sent back, and the replies of agencies judged by it."""
        failed = event.word == "relapse_found" or notes.tells_failure(event.note)
        messages: list[Fact | Decision] = []
        if event.word in words.PROGRESS and (
            not failed or self._items.any_entered or event.word == "relapse_found"
        ):
            messages += self._items.progress(event, passed=not failed)
        agencies = [each for each in self._post.sent if not recipient(each.recipient).is_court]
        for letter in agencies:
            if failed:
                messages += self.judge(event, letter, self.shortfall(letter, event))
            elif letter.unassessed or (letter.is_wanting and not letter.sued):
                messages += self.judge(event, letter, Substance.PUT_RIGHT)
        return messages

    def sue(self, event: PublishedEvent) -> list[Fact | Decision]:
        """起诉: the reply did not put things right; for a pre-suit letter the ladder's last rung, once."""
        defendant = re.search(r"诉(?!讼)([\w（）]+)", event.note)
        named = [
            letter
            for letter in self._post.sent
            if defendant and letter.likeness(defendant[1], self._post.outbox.renamed)
        ]
        messages: list[Fact | Decision] = []
        for letter in named or [letter for letter in self._post.sent if letter.is_pre_suit]:
            messages += self.judge(event, letter, self.shortfall(letter, event)) if letter.unassessed else []
            if letter.is_pre_suit and not letter.sued:
                letter.sued = True
                messages.append(
                    Escalate(
                        id=f"E{event.number}-sue-{letter.id}",
                        by=CHIEF,
                        letter=letter.id,
                        rung=EscalationRung.PUBLIC_INTEREST_LITIGATION,
                        to=event.target,
                        reason=event.note,
                    )
                )
        return messages

    def judge(self, event: PublishedEvent, letter: Sent, found: Substance) -> list[Fact | Decision]:
        """Assess what nobody has assessed; where all is, the last reply anew when it is now put right."""
        waiting: Sequence[Answer] = letter.unassessed
        if not waiting and found is Substance.PUT_RIGHT:
            waiting = letter.replies[-1:]
        letter.assessed = len(letter.replies)
        letter.substance = found if waiting else letter.substance
        messages: list[Fact | Decision] = []
        for answer in waiting:
            last = answer is letter.replies[-1]
            messages.append(
                AssessReply(
                    id=f"E{event.number}-assess-{letter.id}" + ("" if last else f"-{answer.id}"),
                    by=DRAFTER,
                    letter=letter.id,
                    reply=answer.id,
                    substance=found if last else _by_its_words(answer) or found,
                    reason=event.note,
                )
            )
        return messages

    def shortfall(self, letter: Sent, event: PublishedEvent) -> Substance:
        """How the last reply falls short, where things were found wanting."""
        if notes.tells_falsehood(event.note):
            return Substance.FALSE_REPLY
        return (_by_its_words(letter.replies[-1]) if letter.replies else None) or Substance.NOT_PUT_RIGHT

    def seems(self, letter: Sent) -> Substance | None:
        """What an answered letter came to by all that is known: its assessment, else the words of its last reply."""
        if not letter.unassessed:
            return letter.substance
        last = letter.replies[-1]
        refused = Substance.NOT_PUT_RIGHT if last.stance in _REFUSING else Substance.PUT_RIGHT
        return _by_its_words(last) or refused


def _by_its_words(answer: Answer) -> Substance | None:
    """What a reply is worth as its source tells of it; None where it only claims."""
    if notes.tells_falsehood(answer.note):
        return Substance.FALSE_REPLY
    return Substance.PARTLY if notes.tells_part(answer.note) else None
