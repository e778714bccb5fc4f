"""A misfit is tried again when what it waits for was brought: it must come to the same as trying every misfit every time."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from models.cases.urging import UrgingFile
from models.dates import at_hour
from models.document_types import DocumentType
from models.messages import Message
from models.terms import ServiceMode
from tests.openings import BUREAU, FORESTRY, TOWN, draft
from tests.pure_desk import issued
from tests.random_messages import random_decision, random_fact, random_opening

SEQUENCES = 1500
STEPS = 40


class Thorough(UrgingFile):
    """The same case, without the shortcut."""

    def needs(self, message: Message) -> frozenset[str] | None:
        return None


def answers(case: UrgingFile) -> dict[str, tuple[str, str]]:
    return {id: (taken.how, taken.what) for id, taken in case.taken.items()}


@pytest.mark.parametrize("portion", range(3))
def test_the_shortcut_changes_nothing(portion: int) -> None:
    """Facts come as they come; decisions by the checked door, so that none waits that was never fit."""
    entered_late = 0
    for seed in range(portion, SEQUENCES, 3):
        rnd = Random(seed)
        day = date(2021, 1, 4) + timedelta(days=rnd.randint(0, 700))
        opened = random_opening(rnd, day=day)
        case, thorough = UrgingFile(opened), Thorough(opened)
        for number in range(STEPS):
            if number < len(opened.letters):
                message: Message = opened.letters[number]
            elif rnd.random() < 0.5:
                message = random_fact(rnd, f"m{number}", day, case)
            else:
                message = random_decision(rnd, f"m{number}", day, case)
                if case.check(message, day):
                    continue
            waited = len(case.unmatched)
            for each in (case, thorough):
                each.take(message, at_hour(day, 12))
            entered_late += len(case.unmatched) < waited
            ours, theirs = answers(case), answers(thorough)
            differing = {id: (ours[id], theirs[id]) for id in ours if ours[id] != theirs[id]}
            assert not differing, f"seed {seed}, step {number}, {message.kind}: {differing}"
            day += timedelta(days=rnd.choice((0, 0, 1, 3, 10)))
        assert (case.stage, list(case.unmatched)) == (thorough.stage, list(thorough.unmatched))
    assert entered_late > 50


def test_a_service_by_leaving_waits_for_the_letter_that_was_refused() -> None:
    """By the recipient's name it means L1 while that is unserved, and L2 from then on."""
    desk = issued(draft(DocumentType.SUGGESTION, BUREAU), draft(DocumentType.SUGGESTION, BUREAU))
    desk.signal("service_refused", "2021-09-15", letter="L2")
    desk.signal("letter_served", "2021-09-15", "left", letter=BUREAU.name, mode=ServiceMode.LEFT)
    assert "left" in desk.case.unmatched
    desk.record("letter_served", "2021-09-15", letter="L1")
    assert "left" not in desk.case.unmatched
    assert "L2/jy.reply" in desk.running


def test_a_change_of_agency_waits_for_a_letter_that_is_drafted_later() -> None:
    desk = issued(draft(DocumentType.SUGGESTION, BUREAU))
    desk.signal("agency_changed", "2021-09-15", "passed", letter="L2", to=TOWN)
    assert "passed" in desk.case.unmatched
    desk.say(draft(DocumentType.SUGGESTION, FORESTRY, id="second"))
    assert "passed" not in desk.case.unmatched
    assert desk.letter("L2").recipient == TOWN
