"""A rehearsal without a server: the same script, folded and counted by the pure core, the clock turned by hand."""

from __future__ import annotations

from models.messages import DecisionBase, Taken
from models.rows import rows
from starter.rehearsing.mapping import Script
from starter.rehearsing.report import Rehearsed, assemble
from tests.pure_desk import PureDesk


def play_purely(script: Script) -> Rehearsed:
    """Play a script on the hand-turned desk; there is no history, so its length is 0."""
    desk = PureDesk(script.opening, script.begins)
    answers: dict[str, Taken] = {}
    refused: dict[str, list[str]] = {}
    for step in script.steps:
        if step.event is None and desk.case.is_looked_back:
            break
        desk.wait_until(step.moment)
        kept = False
        for message in step.messages:
            problems = desk.check(message) if isinstance(message, DecisionBase) else []
            if problems:
                refused[message.id] = [str(each) for each in problems]
                continue
            answers[message.id] = desk.take(message)
            kept = True
        if not kept and step.otherwise is not None:
            answers[step.otherwise.id] = desk.take(step.otherwise)
    return assemble(script, rows(desk.case), answers, refused, 0)
