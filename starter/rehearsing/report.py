"""What a rehearsal found: how the case took each event, the deadlines of its letters, how it ended; as JSON and for reading.

Everything here is read off the case's own rows and answers; nothing is counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from models.decisions import ApproveLetter, DraftLetter
from models.messages import Taken
from models.rows import DeadlineRow, LetterRow, Snapshot
from models.stages import STAGES
from models.terms import LabelledEnum, Outcome
from starter.rehearsing.mapping import Script, Step
from starter.rehearsing.published import PublishedEvent

REPLY_RULES = ("coop.reply", "jy.reply", "jy.reply_urgent", "pil.reply", "pil.reply_urgent", "ct.reply")

How = Literal["applied", "noted", "unmatched"]


@dataclass(frozen=True, slots=True)
class EventTaken:
    """One event and what the case made of it: the sentences of what it changed, and why the rest did not fit."""

    event: PublishedEvent
    how: How
    what: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterDeadline:
    """The reply period of one letter. Dates as the case's rows write them; "" where there is none.

    `presumed`: the source has no day of service, and the day of issue was taken. `guessed`: it names no recipient either.
    """

    letter: str
    rule: str
    recipient: str
    started_on: str
    due_on: str
    due_from: str
    due_to: str
    provisional: bool
    met_on: str
    days_late: int | None
    presumed: bool
    guessed: bool

    def to_json(self) -> dict[str, Any]:
        """The deadline as plain values; `due_from` and `due_to` where the start is not known to the day."""
        line: dict[str, Any] = {
            "rule": self.rule,
            "recipient": self.recipient,
            "started_on": self.started_on,
            "due_on": self.due_on or None,
            "provisional": self.provisional,
            "met_on": self.met_on or None,
            "days_late": self.days_late,
            "presumed": self.presumed,
        }
        if self.due_from:
            line |= {"due_from": self.due_from, "due_to": self.due_to}
        return line


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One case after its rehearsal."""

    case: str
    title: str
    kind: str
    workflow: str
    events: tuple[EventTaken, ...]
    deadlines: tuple[LetterDeadline, ...]
    stage: LabelledEnum
    outcome: Outcome | None
    undated_steps: tuple[str, ...]
    history_events: int
    unfinished: str = ""

    def count(self, how: How) -> int:
        """How many events were taken so."""
        return sum(each.how == how for each in self.events)

    def to_json(self) -> dict[str, Any]:
        """One line of `mingjian rehearse --json`."""
        return {
            "case": self.case,
            "kind": self.kind,
            "events": len(self.events),
            "applied": self.count("applied"),
            "noted": self.count("noted"),
            "unmatched": [_unmatched(each) for each in self.events if each.how == "unmatched"],
            "deadlines": [each.to_json() for each in self.deadlines],
            "outcome": self.outcome.value if self.outcome else None,
            "stage": self.stage.value,
            "history_events": self.history_events,
        }


def _unmatched(taken: EventTaken) -> dict[str, Any]:
    return {
        "event": taken.event.word,
        "date": str(taken.event.on),
        "actor": taken.event.actor,
        "reason": "；".join(taken.why),
    }


def assemble(
    script: Script,
    snapshot: Snapshot,
    answers: Mapping[str, Taken],
    refused: Mapping[str, Sequence[str]],
    history_events: int,
) -> Rehearsed:
    """The report of a case that has been played: from its rows, its answers by message id, and its refusals."""
    return Rehearsed(
        case=script.case.id,
        title=script.case.title,
        kind=script.case.kind,
        workflow=script.opening.case,
        events=tuple(
            _event(step, step.event, snapshot, answers, refused)
            for step in sorted((each for each in script.steps if each.event), key=_number)
            if step.event is not None
        ),
        deadlines=tuple(_deadlines(script, snapshot)),
        stage=STAGES[script.opening.kind](snapshot.case.stage),
        outcome=Outcome(snapshot.case.outcome) if snapshot.case.outcome else None,
        undated_steps=script.case.undated_steps,
        history_events=history_events,
    )


def _number(step: Step) -> int:
    return step.event.number if step.event else 0


def _event(
    step: Step,
    event: PublishedEvent,
    snapshot: Snapshot,
    answers: Mapping[str, Taken],
    refused: Mapping[str, Sequence[str]],
) -> EventTaken:
    ids = [message.id for message in step.messages]
    if step.otherwise is not None and step.otherwise.id not in ids:
        ids.append(step.otherwise.id)
    rows = {row.id: row for row in snapshot.facts if row.id in ids}
    hows = [row.how for row in rows.values()]
    how: How = "applied" if "applied" in hows else "unmatched" if "unmatched" in hows or not hows else "noted"
    if step.is_refused(refused):
        how = "noted"
    why = [problem for id in ids for problem in refused.get(id, ())]
    why += [
        problem
        for id, row in rows.items()
        if row.how == "unmatched" and id in answers
        for problem in answers[id].problems
    ]
    # That a letter was drafted and approved goes without saying once it is out.
    steps = {each.id for each in step.messages if isinstance(each, DraftLetter | ApproveLetter)}
    what = [row.what for id, row in rows.items() if row.how != "unmatched" and id not in steps]
    return EventTaken(event, how, tuple(what), tuple(dict.fromkeys(why)))


def _deadlines(script: Script, snapshot: Snapshot) -> list[LetterDeadline]:
    letters: dict[str, LetterRow] = {row.letter: row for row in snapshot.letters}
    replies: dict[str, DeadlineRow] = {
        row.letter: row for row in snapshot.deadlines if row.rule in REPLY_RULES
    }
    return [
        LetterDeadline(
            letter=sent.id,
            rule=row.rule,
            recipient=sent.recipient,
            started_on=row.started_on,
            due_on=str(row.due_on or ""),
            due_from="" if row.due_on else str(row.due_from or ""),
            due_to="" if row.due_on else str(row.due_to or ""),
            provisional=row.provisional,
            met_on=row.met_on,
            days_late=row.days_late,
            presumed=letters[sent.id].served_presumed,
            guessed=sent.guessed,
        )
        for sent in script.letters
        if (row := replies.get(sent.id)) is not None
    ]
