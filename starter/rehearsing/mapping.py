"""From a published case to what a procurator of our own would have entered: its script.

Pure. Each event becomes the facts and decisions that say the same; what the house has no message for is kept in the timeline
(`happened`). How each is taken, the case alone answers (`report.py`). The story of letters, replies, items, closing and looking
back is shared by all kinds of case; what only one kind knows is said in `courses/`.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from models.calendar import EARLIEST_START
from models.decisions import CloseCase, Decision, Escalate, FileAway, IssueLetter, WithdrawLetter
from models.errors import InputError, Problem
from models.facts import AgencyChanged, Fact, Happened, ObjectionRaised
from models.messages import Opening
from starter.rehearsing import notes, words
from starter.rehearsing.assessing import Assessing
from starter.rehearsing.closing import Closing, is_ours
from starter.rehearsing.courses.course import Stage
from starter.rehearsing.courses.registry import course_for
from starter.rehearsing.established import established
from starter.rehearsing.items import Items
from starter.rehearsing.letters import Post, sends_letter, serves_letter
from starter.rehearsing.naming import is_same_body
from starter.rehearsing.opening import opening
from starter.rehearsing.outbox import CHIEF, CLERK, Sent
from starter.rehearsing.published import PublishedCase, PublishedEvent
from starter.rehearsing.recipients import recipient, recipients_of, renamed_to
from starter.rehearsing.timing import days_played, in_order, moment

# What an event is about, where it needs more than one message: the rest only prepares it.
_PRINCIPAL = (IssueLetter, Escalate, WithdrawLetter, CloseCase)


@dataclass(frozen=True, slots=True)
class Step:
    """What is entered for one event at one moment (UTC). `otherwise` is entered when the case refuses what it is about.

    The last step has no event: it files a closed case away, if it has not ended by itself.
    """

    event: PublishedEvent | None
    moment: datetime
    messages: tuple[Fact | Decision, ...]
    otherwise: Happened | None = None

    def is_refused(self, refused: Container[str]) -> bool:
        """Whether the case took nothing of what the event is about: its letter, suit or closing, else any of its messages."""
        principal = [each for each in self.messages if isinstance(each, _PRINCIPAL)] or self.messages
        return all(each.id in refused for each in principal)


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
        self._assessing = Assessing(self._post, self._items)
        self._closing = Closing(self._events, self._days, self._post, self._items, self._assessing)
        stage = Stage(case, self._events, self._days, self._post, self._items)
        self._course = course_for(case.kind)(stage)

    def script(self) -> Script:
        self._refuse_ancient_letters()
        steps = [self._step(event) for event in self._events]
        begins = steps[0].moment
        if self._closing.is_closed:
            away = FileAway(id="end-filed", by=CHIEF, reason="来源所载事件至此为止，演练归档")
            steps.append(Step(None, steps[-1].moment, (away,)))
        return Script(
            self._case,
            opening(
                self._case, self._events, self._days, self._number, self._course.KIND, self._course.terms()
            ),
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
        messages = self._course.play(event, partial(self._shared, event)) or established(event) or [otherwise]
        messages = [self._closed_as(event, each) for each in messages]
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

    def _closed_as(self, event: PublishedEvent, message: Fact | Decision) -> Fact | Decision:
        if not isinstance(message, CloseCase):
            return message
        return message.model_copy(update={"outcome": self._course.outcome(event, message.outcome)})

    # one event

    def _shared(self, event: PublishedEvent) -> list[Fact | Decision]:
        word = event.word
        if sends_letter(event):
            return self._post.send(event)
        if serves_letter(event):
            return self._post.serve(event)
        if words.is_reply(word):
            return self._post.reply(event)
        if word == "objection_raised":
            return self._objection(event)
        if self._closing.is_closed:
            return self._closing.follow(event)
        if event is self._closing.ending:
            return self._closing.close(event)
        return self._while_open(event)

    def _while_open(self, event: PublishedEvent) -> list[Fact | Decision]:
        """What happens while the case is open, apart from its letters."""
        word = event.word
        begins = word in words.BEGINNINGS and is_ours(event) and notes.opens_inquiry(event.note)
        if word in words.FILINGS or begins:
            accepted = self._course.accept(event)
            return accepted + self._assessing.check(event) if word in words.CHECKS else accepted
        if word in words.OBLIGATIONS:
            return self._items.oblige(event)
        if word in words.REORGANISATIONS:
            return self._change_of_agency(event)
        if word == "lawsuit_filed" and is_ours(event):
            return self._assessing.sue(event)
        if word == "suggestion_withdrawn":
            return self._withdraw(event)
        if word == "case_closed" and is_ours(event):
            return self._closing.close_for_now(event)
        if word in words.CHECKS:
            return self._assessing.check(event)
        return self._items.progress(event) if word in words.PROGRESS else []

    def _objection(self, event: PublishedEvent) -> list[Fact | Decision]:
        letter = self._post.outbox.to(event.actor)
        if letter is not None and not letter.is_pre_suit:
            letter.objected = True
        return [
            ObjectionRaised(
                id=f"E{event.number}-objection",
                on=event.on,
                by=CLERK,
                letter=letter.id if letter else event.actor,
                grounds=event.note,
            )
        ]

    def _withdraw(self, event: PublishedEvent) -> list[Fact | Decision]:
        outbox = self._post.outbox
        letter = next((outbox.to(name) for name in recipients_of(event.target)), outbox.to(""))
        if letter is None:
            return []
        letter.withdrawn = True
        reason = event.note or "来源未写明理由"
        return [WithdrawLetter(id=f"E{event.number}-withdraw", by=CHIEF, letter=letter.id, reason=reason)]

    def _change_of_agency(self, event: PublishedEvent) -> list[Fact | Decision]:
        """The duty passed to another body: only where the source names it, and a letter to the former one is out."""
        assigned = recipients_of(event.target) if event.word == "assigned_to_township" else ()
        renamed = self._post.outbox.renamed
        name = assigned[0] if assigned else renamed_to(event.note, renamed)
        if not name:
            return []
        letters = self._letters_passing(event, name)
        for letter in letters:
            letter.successors.append(name)
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

    def _letters_passing(self, event: PublishedEvent, name: str) -> list[Sent]:
        """The letters to the body whose duty passed on: who says so itself, whom the case renames so, else the only one."""
        renamed = self._post.outbox.renamed
        former = [chain for chain in renamed if any(is_same_body(name, each) for each in chain[1:])]
        open_ = [each for each in self._post.sent if name not in (each.recipient, *each.successors)]
        letters = [
            letter
            for letter in open_
            if is_same_body(letter.recipient, event.actor)
            or any(is_same_body(letter.recipient, chain[0]) for chain in former)
        ]
        if not letters and not former and len(self._post.sent) == 1:
            return open_
        return letters
