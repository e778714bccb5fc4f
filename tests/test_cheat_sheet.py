"""The cheat sheet is one page, its commands are commands, its periods those of the rules."""

from __future__ import annotations

import io
import re
import shlex
from datetime import date

import pytest
from pypdf import PdfReader

from docs.cheat_sheet import PAGE, TEXT, digest, set_page
from models.rules import rule
from tests.typed_commands import understood

CASE = "urging-350481-2026-0001"
SAID = TEXT.read_text("utf-8")
COMMANDS = re.findall(r"`(mingjian [^`]+)`", SAID)
PERIODS = re.findall(r"^\| `([a-z._]+)` \| [^|]+ \| ([^|]+) \|", SAID, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_sheet_is_understood(command: str) -> None:
    understood(tuple(CASE if word == "案件" else word for word in shlex.split(command)))


def test_the_sheet_has_the_commands_of_a_day() -> None:
    assert len(COMMANDS) >= 20
    steps = {word for command in COMMANDS for word in command.split()}
    assert {"审批", "制发", "送达", "备案", "评估回复", "督促", "结案", "回头看"} <= steps


@pytest.mark.parametrize(("key", "told"), PERIODS)
def test_a_period_of_the_sheet_is_the_rules(key: str, told: str) -> None:
    version, in_force = rule(key).version_on(date(2026, 11, 24))
    assert in_force and rule(key).length_of(version) == told


def test_the_sheet_is_one_page_and_was_set_from_this_text() -> None:
    assert len(PERIODS) == 15
    assert len(PdfReader(io.BytesIO(set_page(SAID))).pages) == 1
    kept = PdfReader(PAGE)
    assert len(kept.pages) == 1
    assert kept.metadata is not None and str(kept.metadata["/Keywords"]) == digest(SAID), (
        "set it anew: PYTHONPATH=. python docs/cheat_sheet.py"
    )
