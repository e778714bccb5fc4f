"""From a published case to what a procurator of our own would have entered: its script.

Pure. Each event becomes the facts and decisions that say the same; what the house has no message for is kept in the timeline
(`happened`). How each is taken, the case alone answers (`report.py`). Every kind of case is played as the correspondence of an
urging case: its letters, replies, items, closing and looking back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.calendar import EARLIEST_START
from models.errors import InputError, Problem
from models.messages import (
    AcceptClue,
    AgencyChanged,
    AssessReply,
    CloseCase,
    Decision,
    Escalate,
    Fact,
    FileAway,
    Happened,
    LookedBack,
    ObjectionRaised,
    Opening,
    WithdrawLetter,
)
from models.terms import EscalationRung, Outcome, Side, Substance
from starter.rehearsing import notes, words
from starter.rehearsing.items import Items
from starter.rehearsing.letters import (
    CHIEF,
    CLERK,
    DRAFTER,
    Post,
    Sent,
    sends_letter,
    serves_letter,
)
from starter.rehearsing.naming import is_same_body
from starter.rehearsing.opening import opening
from starter.rehearsing.published import PublishedCase, PublishedEvent
from starter.rehearsing.recipients import recipient, recipients_of, renamed_to
from starter.rehearsing.timing import days_played, in_order, moment

_UNTIL_LOOK_BACK = timedelta(days=90)

_CLOSINGS = (
    (re.compile(r"终结"), Outcome.TERMINATED),
    (re.compile(r"和解"), Outcome.SETTLED),
    (re.compile(r"补办"), Outcome.LEGALISED),
    (re.compile(r"代履行"), Outcome.SUBSTITUTE_PERFORMANCE),
    (re.compile(r"部分"), Outcome.PARTLY_RECTIFIED),
    (re.compile(r"移送"), Outcome.TRANSFERRED),
    (re.compile(r"并案"), Outcome.MERGED),
)


@dataclass(frozen=True, slots=True)
class Step:
    """What is entered for one event at one moment (UTC). `otherwise` is entered when the case refuses all of it.

    The last step has no event: it files a closed case away, if it has not ended by itself.
    """

    event: PublishedEvent | None
    moment: datetime
    messages: tuple[Fact | Decision, ...]
    otherwise: Happened | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """One published case, ready to be played: how it opens and when, its steps in order, the letters it sends."""

    case: PublishedCase
    opening: Opening
    begins: datetime
    steps: tuple[Step, ...]
    letters: tuple[Sent, ...]


def script(case: PublishedCase, number: int) -> Script:
    """The script of a case; `number` tells the cases of one rehearsal apart. InputError for a letter out of range."""
    return _Writer(case, number).script()


class _Writer:
    def __init__(self, case: PublishedCase, number: int) -> None:
        self._case = case
        self._number = number
        self._days = days_played(case.events)
        self._events = in_order(case.events, self._days)
        self._post = Post(case, self._events, self._days)
        self._items = Items(self._events)
        self._ending = self._find_ending()
        self._accepted = False
        self._closed = False

    def script(self) -> Script:
        self._refuse_ancient_letters()
        steps = [self._step(event) for event in self._events]
        begins = steps[0].moment
        if self._closed:
            away = FileAway(id="end-filed", by=CHIEF, reason="来源所载事件至此为止，演练归档")
            steps.append(Step(None, steps[-1].moment, (away,)))
        return Script(
            self._case,
            opening(self._case, self._events, self._days, self._number),
            begins,
            tuple(steps),
            tuple(self._post.sent),
        )

    def _refuse_ancient_letters(self) -> None:
        ancient = [
            Problem(
                f"文书日期 {event.on} 过早，无法计算期限",
                f"应不早于 {EARLIEST_START}",
                f"第 {event.number} 个事件 date",
                row=event.row,
                file=self._case.file,
            )
            for event in self._events
            if (sends_letter(event) or serves_letter(event)) and event.on.earliest < EARLIEST_START
        ]
        if ancient:
            raise InputError(ancient)

    def _step(self, event: PublishedEvent) -> Step:
        otherwise = self._happened(event)
        messages = self._messages(event) or [otherwise]
        return Step(event, moment(self._days[event.number]), tuple(messages), otherwise)

    def _happened(self, event: PublishedEvent) -> Happened:
        return Happened(
            id=f"E{event.number}-happened",
            on=event.on,
            by=CLERK,
            event=words.label(event.word),
            actor=event.actor,
            note=f"致{event.target}：{event.note}" if event.target else event.note,
        )

    # one event

    def _messages(self, event: PublishedEvent) -> list[Fact | Decision]:
        word = event.word
        if sends_letter(event):
            return self._post.send(event)
        if serves_letter(event):
            return self._post.serve(event)
        if words.is_reply(word):
            return self._post.reply(event)
        if word == "objection_raised":
            return self._objection(event)
        if self._closed:
            return self._after_closing(event)
        if event is self._ending:
            return self._close(event)
        begins = word in words.BEGINNINGS and _is_ours(event) and notes.opens_inquiry(event.note)
        if word in words.FILINGS or begins:
            accepted = self._accept(event)
            return accepted + self._check(event) if word in words.CHECKS else accepted
        if word in words.OBLIGATIONS:
            return self._items.oblige(event)
        if word in words.REORGANISATIONS:
            return self._change_of_agency(event)
        if word == "lawsuit_filed" and _is_ours(event):
            return self._sue(event)
        if word == "suggestion_withdrawn":
            return self._withdraw(event)
        if word in words.CHECKS:
            return self._check(event)
        return self._items.progress(event) if word in words.PROGRESS else []

    def _accept(self, event: PublishedEvent) -> list[Fact | Decision]:
        if self._accepted or self._post.sent:
            return []
        self._accepted = True
        return [AcceptClue(id=f"E{event.number}-accept", by=DRAFTER, reason=event.note)]

    def _objection(self, event: PublishedEvent) -> list[Fact | Decision]:
        letter = self._post.to(event.actor)
        reference = letter.id if letter else event.actor
        return [
            ObjectionRaised(
                id=f"E{event.number}-objection", on=event.on, by=CLERK, letter=reference, grounds=event.note
            )
        ]

    def _withdraw(self, event: PublishedEvent) -> list[Fact | Decision]:
        letter = next((self._post.to(name) for name in recipients_of(event.target)), self._post.to(""))
        if letter is None:
            return []
        reason = event.note or "来源未写明理由"
        return [WithdrawLetter(id=f"E{event.number}-withdraw", by=CHIEF, letter=letter.id, reason=reason)]

    def _change_of_agency(self, event: PublishedEvent) -> list[Fact | Decision]:
        """The duty passed to another body: only where the source names it, and a letter to the former one is out."""
        assigned = recipients_of(event.target) if event.word == "assigned_to_township" else ()
        name = assigned[0] if assigned else renamed_to(event.note, self._post.renamed)
        if not name:
            return []
        former = [
            chain for chain in self._post.renamed if any(is_same_body(name, each) for each in chain[1:])
        ]
        letters = [
            letter
            for letter in self._post.sent
            if letter.recipient != name
            and (
                is_same_body(letter.recipient, event.actor)
                or any(is_same_body(letter.recipient, chain[0]) for chain in former)
            )
        ]
        if not letters and not former and len(self._post.sent) == 1:
            letters = [letter for letter in self._post.sent if letter.recipient != name]
        return [
            AgencyChanged(
                id=f"E{event.number}-changed-{letter.id}",
                on=event.on,
                by=CLERK,
                note=event.note,
                letter=letter.id,
                to=recipient(name),
            )
            for letter in letters
        ]

    # what became of it

    def _check(self, event: PublishedEvent) -> list[Fact | Decision]:
        failed = event.word == "relapse_found" or notes.tells_failure(event.note)
        waiting = [letter for letter in self._post.unassessed if not recipient(letter.recipient).is_court]
        messages: list[Fact | Decision] = []
        if event.word in words.PROGRESS and (
            not failed or self._items.any_entered or event.word == "relapse_found"
        ):
            messages += self._items.progress(event, passed=not failed)
        for letter in waiting:
            substance = self._shortfall(letter, event) if failed else Substance.PUT_RIGHT
            messages.append(self._assess(event, letter, substance))
        return messages

    def _sue(self, event: PublishedEvent) -> list[Fact | Decision]:
        """起诉: the reply did not put things right; for a pre-suit letter the ladder's last rung."""
        sued = [
            letter
            for letter in self._post.sent
            if (defendant := re.search(r"诉(?!讼)([\w（）]+)", event.note))
            and is_same_body(letter.recipient, defendant[1], self._post.renamed)
        ] or [letter for letter in self._post.sent if letter.is_pre_suit]
        messages: list[Fact | Decision] = [
            self._assess(event, letter, self._shortfall(letter, event))
            for letter in sued
            if letter in self._post.unassessed
        ]
        messages += [
            Escalate(
                id=f"E{event.number}-sue-{letter.id}",
                by=CHIEF,
                letter=letter.id,
                rung=EscalationRung.PUBLIC_INTEREST_LITIGATION,
                to=event.target,
                reason=event.note,
            )
            for letter in sued
            if letter.is_pre_suit
        ]
        return messages

    def _shortfall(self, letter: Sent, event: PublishedEvent) -> Substance:
        if notes.tells_falsehood(letter.last_note) or notes.tells_falsehood(event.note):
            return Substance.FALSE_REPLY
        return Substance.PARTLY if notes.tells_part(letter.last_note) else Substance.NOT_PUT_RIGHT

    def _assess(self, event: PublishedEvent, letter: Sent, substance: Substance) -> AssessReply:
        letter.assessed = letter.replies
        return AssessReply(
            id=f"E{event.number}-assess-{letter.id}",
            by=DRAFTER,
            letter=letter.id,
            reply=letter.last_reply,
            substance=substance,
            reason=event.note,
        )

    # the end

    def _find_ending(self) -> PublishedEvent | None:
        """The event that closes the case: after its last letter, the last closing, else the last end of its lawsuit."""
        sending = [
            place for place, each in enumerate(self._events) if sends_letter(each) or serves_letter(each)
        ]
        rest = self._events[sending[-1] + 1 if sending else 0 :]
        closings = [each for each in rest if each.word == "case_closed" and _is_ours(each)]
        if closings:
            return closings[-1]
        suits = [
            place
            for place, each in enumerate(self._events)
            if each.word == "lawsuit_filed" and _is_ours(each)
        ]
        if not suits:
            return None
        in_court = [each for each in rest if each in self._events[suits[0] + 1 :]]
        ends = [each for each in in_court if each.word in words.ENDINGS]
        judgments = [each for each in in_court if each.word in words.JUDGMENTS]
        last = ends or judgments
        return last[-1] if last else None

    def _close(self, event: PublishedEvent) -> list[Fact | Decision]:
        self._closed = True
        outcome = self._outcome(event)
        messages: list[Fact | Decision] = []
        # A lawsuit ends without a judgment because what it asked for was done.
        right = outcome is Outcome.RECTIFIED or event.word in words.ENDINGS
        for letter in self._post.unassessed:
            substance = Substance.PUT_RIGHT if right else self._shortfall(letter, event)
            messages.append(self._assess(event, letter, substance))
        if outcome is Outcome.RECTIFIED:
            messages += self._items.complete(event)
        messages.append(
            CloseCase(
                id=f"E{event.number}-close",
                by=CHIEF,
                outcome=outcome,
                reason=event.note or words.label(event.word),
                look_back_on=self._look_backs(event),
            )
        )
        return messages

    def _outcome(self, event: PublishedEvent) -> Outcome:
        if event.word == "lawsuit_withdrawn":
            return Outcome.SUIT_WITHDRAWN
        if event.word == "litigation_closed":
            return Outcome.LITIGATION_CLOSED
        if event.word in words.JUDGMENTS:
            return Outcome.JUDGMENT
        told = next((outcome for pattern, outcome in _CLOSINGS if pattern.search(event.note)), None)
        if told is not None:
            return told
        # Without a reply to every letter nothing says that its recipient has put things right.
        shown = bool(self._post.sent) or self._items.any_entered
        answered = all(each.replies for each in self._post.sent)
        return Outcome.RECTIFIED if shown and answered else Outcome.TERMINATED

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

    def _after_closing(self, event: PublishedEvent) -> list[Fact | Decision]:
        if event.word in words.CHECKS:
            held = event.word != "relapse_found" and not notes.tells_failure(event.note)
            return [LookedBack(id=f"E{event.number}-back", on=event.on, by=CLERK, note=event.note, held=held)]
        return (
            self._items.progress(event) if event.word in words.PROGRESS and self._items.knows(event) else []
        )


def _is_ours(event: PublishedEvent) -> bool:
    """Whether a procuratorate did it."""
    return event.side is Side.PROCURATORATE or "检察院" in event.actor
