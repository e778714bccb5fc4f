"""Whether the script takes a command that is shown to staff: each “…” filled in, every option and field read as it reads them."""

from __future__ import annotations

import shlex
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

import typer

from models.bodies import Jurisdiction
from models.dates import EventDate
from models.terms import LabelledEnum, Role
from models.wire import Period, Person
from starter import main as script
from starter import next_steps
from starter.commands.app import app
from starter.kinds import DECISION_NAMES, FACT_NAMES, decision_kinds, fact_kinds, kind_named
from starter.message_files import given_as, read_decisions, read_facts
from starter.strict import bare


@cache
def _jurisdiction() -> Jurisdiction:
    return Jurisdiction.load()


@cache
def _group() -> Any:
    for room in script.COMMAND_ROOMS:
        import_module(f"starter.commands.{room}")
    return typer.main.get_command(app)


def _filled(command: next_steps.Command) -> list[str]:
    """The command as staff type it, with something for each “…”."""
    words = list(command)
    model = _model_of(command)
    for place, word in enumerate(words):
        name = word.partition("=")[0]
        if word == next_steps.OPEN:
            words[place] = {"--role": "检察官", "--sent": "2021-11-10", "--paper": "回证.pdf"}.get(
                words[place - 1], "张三"
            )
        elif word.endswith(f"={next_steps.OPEN}"):
            words[place] = f"{name}={_example(model, name)}"
    return words


def _model_of(command: next_steps.Command) -> Any:
    if command[1] not in ("record", "decide"):
        return None
    names, models = (
        (FACT_NAMES, fact_kinds()) if command[1] == "record" else (DECISION_NAMES, decision_kinds())
    )
    return models[kind_named(command[3], names, "", command[2])]


def _example(model: Any, name: str) -> str:
    wanted = bare(model.model_fields[name].annotation)
    if isinstance(wanted, type) and issubclass(wanted, LabelledEnum):
        return next(iter(wanted)).label
    known = {date: "2021-11-10", EventDate: "2021-11-10", bool: "true", int: "3", float: "3", Period: "15日"}
    return known.get(wanted, "一二")


def understood(command: next_steps.Command) -> None:
    """That the script takes a command: each option and argument, and every field of a message."""
    line = next_steps.typed(command)
    assert shlex.split(line) == list(command)
    folded = "\n".join(next_steps.typed_within(command, 80, "    "))
    assert shlex.split(folded.replace("\\\n", "")) == list(command)
    words = _filled(command)
    assert words[0] == "mingjian"
    name, sub, rest = _group().resolve_command(typer.Context(_group()), words[1:])
    while hasattr(sub, "commands") and rest and rest[0] in sub.commands:
        name, sub, rest = sub.resolve_command(typer.Context(sub), rest)
    context = sub.make_context(name, list(rest))
    if words[1] not in ("record", "decide"):
        return
    if "--template" in words:
        assert script.run(words[1:]) == 0
        return
    by = Person(name=context.params["by"], role=Role(context.params["role"]))
    case, kind, said = words[2], words[3], given_as(context.params["words"] or [])
    if words[1] == "record":
        read_facts(
            kind_named(kind, FACT_NAMES, "", case), said, by=by, jurisdiction=_jurisdiction(), case=case
        )
    else:
        read_decisions(
            kind_named(kind, DECISION_NAMES, "", case), said, by=by, jurisdiction=_jurisdiction(), case=case
        )
