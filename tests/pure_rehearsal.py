"""A rehearsal without a server: the same script, folded and counted by the pure core, the clock turned by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from models.casefile import CaseFile
from models.messages import Taken
from models.projecting import rows
from models.said.bases import DecisionBase
from starter.rehearsing.mapping import Script, script
from starter.rehearsing.published import PublishedCase, parse_published
from starter.rehearsing.report import Rehearsed, assemble
from tests.pure_desk import PureDesk


def play_purely(script: Script) -> Rehearsed:
    """Play a script on the hand-turned desk; there is no history, so its length is 0."""
    desk, answers, refused = _played(script)
    return assemble(script, rows(desk.case), answers, refused, 0)


def case_at_its_end(file: Path) -> CaseFile:
    """A shipped case, as its script leaves it."""
    return _played(script(parse_published(file.read_text("utf-8"), file.name), 1))[0].case


def _played(script: Script) -> tuple[PureDesk, dict[str, Taken], dict[str, list[str]]]:
    desk = PureDesk(script.opening, script.begins)
    answers: dict[str, Taken] = {}
    refused: dict[str, list[str]] = {}
    for step in script.steps:
        if step.event is None and desk.case.is_looked_back:
            break
        desk.wait_until(step.moment)
        for message in step.messages:
            problems = desk.check(message) if isinstance(message, DecisionBase) else []
            if problems:
                refused[message.id] = [str(each) for each in problems]
                continue
            answers[message.id] = desk.take(message)
        if step.is_refused(refused) and step.otherwise is not None:
            answers[step.otherwise.id] = desk.take(step.otherwise)
    return desk, answers, refused


def published(*events: dict[str, Any], **fields: Any) -> PublishedCase:
    """A case as a file would have it; an event needs no more than `date` and `event`."""
    written = {
        "id": "x",
        "title": "某案",
        "kind": "urging",
        "legal_nature": "行政公益诉讼诉前程序",
        "procuratorate": "某县人民检察院",
        "agency": "某县自然资源局",
        **fields,
        "events": [{"role": "procuratorate", **event} for event in events],
    }
    return parse_published(yaml.safe_dump(written, allow_unicode=True), "x.yaml")


def letter(on: str, target: str | None = "某县自然资源局", **fields: Any) -> dict[str, Any]:
    return {"date": on, "event": "suggestion_issued", "actor": "某县检察院", "target": target, **fields}


def reply(on: str, actor: str = "某县自然资源局", **fields: Any) -> dict[str, Any]:
    return {"date": on, "event": "reply_received", "role": "agency", "actor": actor, **fields}


def played(*events: dict[str, Any], **fields: Any) -> Rehearsed:
    return play_purely(script(published(*events, **fields), 1))


def hows(rehearsed: Rehearsed) -> list[str]:
    return [each.how for each in rehearsed.events]


def met(rehearsed: Rehearsed) -> list[tuple[str, str]]:
    """Of each letter, its recipient and the day on which it was answered."""
    return [(each.recipient, each.met_on) for each in rehearsed.deadlines]
