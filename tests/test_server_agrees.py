"""Random courses played on the real server and on the pure desk: the two must come to the same rows.

Facts come by signal, decisions by update, some twice; what the door refuses in the one it must refuse in the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from models.dates import at_hour, day_in_china
from models.decisions import DECISIONS, Decision
from models.messages import Message
from models.said.bases import FactBase
from tests.openings import CHIEF
from tests.playing import Course, course, play
from tests.pure_desk import PureDesk
from tests.random_messages import (
    LAST_KINDS,
    random_correction,
    random_decision,
    random_fact,
    random_opening,
    random_sorting,
)
from tests.world import World

COURSES = 30
STEPS = 16
HOUR = 12  # far from midnight and from the reminders' nine o'clock, for the server's clock runs on meanwhile


@cache
def random_course(seed: int, steps: int = STEPS) -> Course:
    """A course as (moment, message) in order; the same seed gives the same."""
    rnd = Random(seed)
    day = date(2021, 1, 4) + timedelta(days=rnd.randint(0, 700))
    opened = random_opening(rnd, f"urging-350421-2021-{1000 + seed}", day)
    desk = PureDesk(opened, at_hour(day, HOUR))

    def say(message: Message, *, checked: bool) -> None:
        if not checked or not desk.ask(message):
            desk.take(message, checked=checked)

    for number, draft in enumerate(opened.letters, 1):
        say(_decision("approve_letter", f"approve-{number}", document=f"D{number}"), checked=True)
        official = f"明检建〔2021〕{seed * 10 + number}号"
        say(
            _decision("issue_letter", f"issue-{number}", document=f"D{number}", official_no=official),
            checked=True,
        )
        assert draft.id in desk.case.taken
    for number in range(steps):
        today, id = day_in_china(desk.now), f"m{number}"
        waiting = [letter for letter in desk.case.letters.live() if letter.service is None]
        match rnd.randint(0, 13):
            case 0 | 1 | 2:
                say(random_fact(rnd, id, today, desk.case), checked=False)
            case 3 | 4 if waiting:
                served = random_fact(rnd, id, today, desk.case, "letter_served")
                say(served.model_copy(update={"letter": waiting[0].id}), checked=False)
            case 3 | 4 | 5:
                say(random_fact(rnd, id, today, desk.case, "reply_received"), checked=False)
            case 6 | 7 | 8:
                say(_own_numbers(_playable(rnd, id, today, desk), seed, number), checked=True)
            case 9:
                say(random_correction(rnd, id, today, desk.case), checked=True)
            case 10:
                say(random_sorting(rnd, id, desk.case), checked=True)
            case 11:
                facts = [e.message for e in desk.case.entries if isinstance(e.message, FactBase)]
                if facts:
                    say(rnd.choice(facts), checked=False)
            case _:
                desk.wait_until(desk.now + timedelta(days=rnd.choice((1, 3, 10, 30, 61))))
        if number > steps // 2 and rnd.random() < 0.25:
            decision = random_decision(
                rnd, f"end-{number}", day_in_china(desk.now), desk.case, rnd.choice(LAST_KINDS)
            )
            say(decision, checked=True)
        if desk.case.is_looked_back:
            break
    if seed % 5 == 0 and not desk.case.is_closed:
        for decision in _towards_the_end(desk):
            say(decision, checked=True)
    return course(desk)


def _towards_the_end(desk: PureDesk) -> Iterator[Decision]:
    """What is left in the air is settled, and the case closed: by chance alone few courses come to an end."""
    case = desk.case
    for meeting in case.meetings.awaited():
        yield _decision("cancel_meeting", f"end-{meeting.id}", meeting=meeting.id, reason="不再召开")
    for letter in list(case.letters):
        if letter.is_pending:
            yield _decision("withdraw_letter", f"end-{letter.id}", letter=letter.id, reason="不再制发")
        while letter.open_objection:
            id = f"end-{letter.id}-{letter.open_objection.fact}"
            yield _decision("review_objection", id, letter=letter.id, upheld=False, reason="职责法定")
        while letter.unassessed:
            reply = letter.unassessed.fact
            yield _decision(
                "assess_reply", f"end-{letter.id}-{reply}", letter=letter.id, reply=reply, substance="partly"
            )
    yield _decision("close_case", "end-closed", outcome="terminated", reason="终结审查")


def _decision(kind: str, id: str, **fields: Any) -> Decision:
    return DECISIONS.validate_python({"kind": kind, "id": id, "by": CHIEF, **fields})


def _playable(rnd: Random, id: str, today: date, desk: PureDesk) -> Decision:
    """Any decision but that to open another case, which the server would number as its books have it."""
    while (decision := random_decision(rnd, id, today, desk.case)).kind == "open_linked":
        continue
    return decision


def _own_numbers(decision: Decision, seed: int, number: int) -> Decision:
    """文号 are unique in the books, so each course has its own."""
    if not getattr(decision, "official_no", ""):
        return decision
    return decision.model_copy(update={"official_no": f"明检建〔2022〕{seed * 100 + number}号"})


def test_a_course_is_the_same_each_time() -> None:
    one, other = random_course(3), random_course.__wrapped__(3)
    assert (one.steps, one.rows) == (other.steps, other.rows)


def test_courses_are_worth_playing() -> None:
    """Between them they serve, answer, correct, refuse, expire and end."""
    courses = [random_course(seed) for seed in range(COURSES)]
    kinds = [row.kind for course in courses for row in course.rows.facts]
    for kind in (
        "letter_served",
        "reply_received",
        "correct",
        "fell_due",
        "reminded",
        "assess_reply",
        "close_case",
    ):
        assert kind in kinds, kind
    assert any(step.refused for course in courses for step in course.steps)
    assert any(course.ends for course in courses) and not all(course.ends for course in courses)


# A settling that was given up for a regular activity is cancelled when it has ended by itself already: the SDK warns.
@pytest.mark.filterwarnings("ignore:Cannot find activity to cancel")
@pytest.mark.asyncio(loop_scope="session")
async def test_the_server_comes_to_the_same(world: World) -> None:
    courses = [random_course(seed) for seed in range(COURSES)]
    at_once = asyncio.Semaphore(4)

    async def compared(course: Course) -> str:
        async with at_once:
            return (await play(world, course)).differences

    differences = await asyncio.gather(*(compared(course) for course in courses))
    assert not any(differences), "\n".join(each for each in differences if each)
