"""What was said to a pure desk, played on the real server under time skipping: the two must come to the same.

A desk's log becomes a course; the course is told to a running case at the moments of the log, each message by the way it came
(decisions by update, facts by update or signal), and every answer is compared: what the desk took must be taken, in the same
manner, and what its door refused must be refused in the same words. Then the rows, the notices and the outcome are compared.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.service import RPCError, RPCStatusCode

from activities.calendars import SiteCalendars
from models.adoptions import SiteRules
from models.calendar import Calendar, calendar, editions
from models.errors import InputError, Problem
from models.messages import EditionPublished, Message, Opening, Taken, Unreadable
from models.notices import Notice
from models.rows import Snapshot
from models.said.bases import DecisionBase, FactBase
from tests.pure_desk import PureDesk, Step
from tests.world import SLOWEST, Case, World
from workflows.parts.protocol import Decided, Recorded

# Arrived at a moment, the case's clock is this much beyond it: what falls due at the moment has acted.
_BEYOND = timedelta(seconds=1)
_PATIENCE = 60


@dataclass(frozen=True)
class Course:
    """How a case was opened and when, what happened to it, and what it came to on the pure desk."""

    opening: Opening
    begins: datetime
    steps: tuple[Step, ...]
    ends: bool
    rows: Snapshot
    notices: tuple[Notice, ...]

    @property
    def editions(self) -> list[Calendar]:
        """The calendar editions that came into force on the way."""
        return [step.edition for step in self.steps if step.edition is not None]


@dataclass(frozen=True)
class Played:
    """What a course came to on the server, and where its answers were not those of the desk."""

    course: Course
    rows: Snapshot
    notices: tuple[Notice, ...]
    disagreements: tuple[str, ...]

    @property
    def differences(self) -> str:
        """In what server and desk differ; empty when they agree."""
        lines = [*self.disagreements]
        served = comparable(self.rows) | told(self.notices)
        pure = comparable(self.course.rows) | told(self.course.notices)
        for name in dict.fromkeys((*pure, *served)):
            if served.get(name) != pure.get(name):
                apart = _apart(served.get(name), pure.get(name))
                lines += [f"  {name}", f"    server {apart[0]}", f"    pure   {apart[1]}"]
        return "\n".join([self.course.opening.case, *lines]) if lines else ""


def _apart(one: Any, other: Any) -> tuple[Any, Any]:
    """Of two lists of rows, the rows that are not in the other; when only the order differs, those from where it does."""
    if isinstance(one, list) and isinstance(other, list):
        alone = [row for row in one if row not in other], [row for row in other if row not in one]
        same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        return alone if any(alone) else (one[same : same + 3], other[same : same + 3])
    return one, other


def course(desk: PureDesk[Any]) -> Course:
    """The course that a desk has gone."""
    return Course(
        desk.case.opening,
        desk.begins,
        tuple(desk.log),
        desk.case.is_looked_back,
        desk.rows(),
        tuple(each for notice in desk.notices for each in notice.parted()),
    )


def unplayable(desk: PureDesk[Any]) -> str:
    """Why the server cannot be given what a desk was given; empty when it can."""
    if desk.is_carried:
        return "carried over from another desk, which is asked to continue as new where this one begins"
    if desk.answers:
        return "was given answers that the server's own registry would not give"
    if desk.opened or desk.others:
        return "opened or told other cases, which are not there"
    for step in desk.log:
        if step.message is None or step.checked:
            continue
        if not isinstance(step.message, FactBase | EditionPublished | Unreadable):
            return f"{step.message.kind} was put past the door: there is no way past the server's"
    return ""


def replayed(desk: PureDesk[Any], opening: Opening) -> PureDesk[Any]:
    """The same said to a new desk under another opening: a log that tells all leads to the same case."""
    again: PureDesk[Any] = PureDesk(
        opening, desk.begins, desk.begins_under, others=desk.others, answers=desk.answers
    )
    for step in desk.log:
        again.wait_until(step.moment)
        if step.edition is not None:
            again.edition = step.edition
        elif step.message is not None and step.checked:
            if not again.ask(step.message):
                again.take(step.message, checked=True)
        elif step.message is not None:
            again.take(step.message)
        elif step.renews:
            again.carried()
    return again


# What activities bring comes in its own time, among what is said meanwhile.
BROUGHT = ("case_told", "linked_opened", "link_failed", "figures_gathered", "progress_counted")


def comparable(snapshot: Snapshot) -> dict[str, Any]:
    """The rows without what differs by nature: papers (made by activities, in their own time) and the numbers they get."""
    rows = snapshot.model_dump(mode="json")
    del rows["revision"]
    papers = {row["order"]: row["name"].rpartition("/")[2] for row in rows.pop("papers")}
    letters = [row | {"internal_no": ""} for row in rows.pop("letters")]
    facts = [row | {"seq": 0} for row in rows.pop("facts") if not row["kind"].startswith("paper_")]
    said = [row for row in facts if row["kind"] not in BROUGHT]
    brought = {row["id"]: row for row in facts if row["kind"] in BROUGHT}
    return rows | {"letters": letters, "facts": said, "brought": brought, "papers": papers}


def told(notices: tuple[Notice, ...]) -> dict[str, Any]:
    """Each notice by its key, without the moment, and without its papers: the desk makes none, and stands in for their bytes."""
    return {
        f"notice {each.key}": each.model_dump(
            mode="json", exclude={"at", "papers", *(("body", "on") if "/told/" in each.key else ())}
        )
        for each in notices
    }


class HandTurnedCalendars(SiteCalendars):
    """The calendar editions of a worker whose course says which one is in force."""

    def __init__(self, edition: Calendar) -> None:
        self._known = {edition.name: edition}
        self._current = edition

    def publish(self, edition: Calendar) -> None:
        self._known[edition.name] = self._current = edition

    def current(self) -> Calendar:
        return self._current

    @property
    def rules(self) -> SiteRules:
        return SiteRules()

    def named(self, name: str) -> Calendar:
        if name in self._known:
            return self._known[name]
        if name in editions():
            return calendar(name)
        raise InputError(Problem(f"没有日历版本“{name}”", "", "edition"))


async def play(
    world: World,
    course: Course,
    calendars: HandTurnedCalendars | None = None,
    *,
    resting: bool = False,
) -> Played:
    """Play a course on the server. `resting`: what a message sets in motion beside the loop is waited for, as on the desk."""
    case = await world.open(course.opening, begins=course.begins)
    await case.settled(_PATIENCE)
    disagreements = []
    for step in to_be_played(course.steps):
        if step.has_ended:
            await case.handle.result()
        else:
            await case.turn_to(step.moment + _BEYOND)
            # The timers that fired on the way may still wait for the worker.
            await case.at_rest(_PATIENCE)
        if step.edition is not None:
            assert calendars is not None, "a course with editions needs a worker that can be told of them"
            calendars.publish(step.edition)
        elif step.renews:
            await case.handle.signal("renew")
        elif step.message is not None:
            answer, expected = await _say(case, step), step.refused or step.how
            if answer != expected:
                disagreements.append(f"  {step.message.kind} {step.message.id}: {answer!r}, not {expected!r}")
        if not step.has_ended:
            await case.settled(_PATIENCE)
        if resting:
            await case.at_rest(_PATIENCE)
    if course.ends:
        filed = await case.handle.result()
        if filed.outcome != course.rows.case.outcome:
            disagreements.append(f"  outcome {filed.outcome}, not {course.rows.case.outcome}")
    elif (await case.handle.describe()).close_time:
        disagreements.append("  ended, and should not")
    rows = await _with_what_was_brought(case, course)
    books = world.world.books
    delivered = await asyncio.to_thread(partial(books.deliveries, case=course.opening.case, limit=10_000))
    notices = tuple(each.notice for each in delivered)
    return Played(course, rows, notices, tuple(disagreements))


def to_be_played(steps: tuple[Step, ...]) -> list[Step]:
    """Each skip costs a second: time that passes before a message passes on the way to it."""
    kept = []
    for number, step in enumerate(steps):
        passes = step.message is None and step.edition is None and not step.renews
        if passes and (step.has_ended or number + 1 < len(steps)):
            continue
        kept.append(step)
    return kept


async def _say(case: Case, step: Step) -> str:
    """What the case answers: how it was taken, or why it was not. A signal is never answered."""
    message = step.message
    assert message is not None
    try:
        if not step.checked:
            await _signal(case, message)
            return step.how
        name, argument = (
            ("decide", Decided.model_construct(decision=message))
            if isinstance(message, DecisionBase)
            else ("record", Recorded.model_construct(fact=message))
        )
        taken: Taken = await case.handle.execute_update(name, argument, result_type=Taken)
    except WorkflowUpdateFailedError as failed:
        return getattr(failed.cause, "message", str(failed.cause))
    except RPCError as error:
        # The desk of a case that is over still says so; on the server there is nobody left to ask.
        if not step.has_ended or error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return step.refused
    return taken.how


async def _signal(case: Case, message: Message) -> None:
    match message:
        case FactBase():
            await case.handle.signal("fact", message)
        case EditionPublished():
            await case.handle.signal("edition_published", message)
        case Unreadable():
            payload = Payload(metadata={"encoding": b"json/plain"}, data=message.raw.encode())
            await case.handle.signal(message.name, RawValue(payload))
        case _:
            raise AssertionError(f"no signal carries a {message.kind}")


async def _with_what_was_brought(case: Case, course: Course) -> Snapshot:
    """The rows once there is what activities brought the pure desk: papers, other cases' answers; after a while, as they are."""
    wanted = _brought(course.rows)
    for _ in range(100 * SLOWEST):
        snapshot = await case.settled(_PATIENCE)
        if wanted <= _brought(snapshot):
            break
        await asyncio.sleep(0.2)
    return snapshot


def _brought(snapshot: Snapshot) -> set[str]:
    papers = {row.order for row in snapshot.papers}
    return papers | {row.id for row in snapshot.facts if row.kind in BROUGHT}
