"""The staff handbook is run from its first command to its last on one machine's system, and prints what it shows."""

from __future__ import annotations

import os
import re
import time
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from models.kinds import FILES
from models.terms import CaseKind, ItemKind
from starter import main as script
from starter.kinds import DECISION_NAMES, FACT_NAMES, kind_named
from tests.console_blocks import Command, WrittenFile, blocks
from tests.sample_ledgers import SERVED, ledger_file
from tests.script_runs import ROOT, Home, system_in

HANDBOOK = ROOT / "docs" / "handbook.md"
ASKING = ("today", "show", "list", "search", "verify")
PATIENCE = 60
"""Seconds for what follows a message by itself: a paper is made, a folder sealed."""


def run(home: Home, command: Command) -> tuple[int, str]:
    """The code a command ends with, and what it prints on the screen."""
    out, screen = StringIO(), StringIO()
    with (
        patch.dict(os.environ, home.environment, clear=True),
        redirect_stdout(out if command.into else screen),
        redirect_stderr(screen),
    ):
        code = script.run(list(command.words[1:]))
    if command.into:
        Path(command.into).write_text(out.getvalue(), encoding="utf-8")
    return code, screen.getvalue()


def said(home: Home, command: Command) -> str:
    """What a command prints; one that only asks, or was refused, is repeated until it prints what is shown."""
    until = time.monotonic() + PATIENCE
    while True:
        code, printed = run(home, command)
        repeatable = code != 0 or command.words[1] in ASKING
        if command.is_printed_as(printed) or not repeatable or time.monotonic() > until:
            return printed
        time.sleep(0.3)


def ledger(name: str) -> None:
    """A ledger as the handbook has it: one case that was served, and one with a day that does not exist."""
    own = {"地方": "明溪县", "收件单位": "明溪县自然资源局", "立案日期": date(2026, 9, 20)}
    days = {"制发日期": date(2026, 9, 22), "送达日期": "2026年9月24日", "备案日期": "2026.9.25"}
    good = SERVED | own | days | {"本院案号": "明检行监〔2026〕1号", "文号": "明检建〔2026〕1号"}
    bad = {"本院案号": "明检行监〔2026〕2号", "文号": "明检建〔2026〕2号", "送达日期": "2026年9月31日"}
    ledger_file(Path(name), [good, good | bad])


def paper(name: str) -> None:
    """A scanned paper that the handbook hands in."""
    Path(name).write_bytes(f"%PDF-1.4 {name}\n".encode())


def test_the_table_of_kinds_names_what_each_kind_takes() -> None:
    """Every kind stands in it once, with messages that it takes, in whichever list they are, and ends that it can have."""
    row = r"^\| ([^（|]+)（[^）]+） \| `([a-z_]+)` \| ([^|]+) \| ([^|]+) \|$"
    rows = re.findall(row, HANDBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    told = [kind for _, kind, _, _ in rows]
    assert [kind.value for kind in FILES if told.count(kind.value) != 1] == [], (
        "not once in the table of kinds"
    )
    assert set(told) <= set(FILES)
    for name, value, steps, ends in rows:
        kind = CaseKind(value)
        assert name == kind.label
        case = f"{value}-350481-2026-0001"
        for step, is_fact in re.findall(r"`([^`]+)`(\*?)", steps):
            kind_named(step, FACT_NAMES if is_fact else DECISION_NAMES, "步骤", case)
        outcomes = {outcome.label for outcome in FILES[kind].OUTCOMES}
        assert set(ends.removesuffix("……").split("；")) <= outcomes, name


def test_the_table_of_items_names_the_steps_of_each_kind() -> None:
    told: dict[ItemKind, tuple[str, ...]] = {}
    text = HANDBOOK.read_text(encoding="utf-8").partition("| 事项种类（`kind`） |")[2].partition("\n\n")[0]
    for kinds, steps in re.findall(r"^\| ([^|-]+) \| ([^|]+) \|$", text, re.MULTILINE):
        told |= {ItemKind(kind): tuple(steps.split("、")) for kind in kinds.split("、")}
    assert told == {kind: tuple(each.label for each in kind.milestones) for kind in ItemKind}


def test_the_handbook_prints_what_it_shows(tmp_path: Path) -> None:
    with system_in(tmp_path / "system") as (home, _), chdir(tmp_path):
        for step in blocks(HANDBOOK):
            if isinstance(step, WrittenFile):
                Path(step.name).write_text(step.text, encoding="utf-8")
                for line in step.text.splitlines():
                    if line.strip(" -").startswith("paper: "):
                        paper(line.partition("paper: ")[2])
            elif step.is_script:
                for option, value in zip(step.words, step.words[1:], strict=False):
                    if option == "--paper":
                        paper(value)
                if step.words[1:4] == ("ledger", "import", "台账.xlsx"):
                    ledger(step.words[3])
                if step.words[1] == "issued":
                    paper(step.words[4])
                printed = said(home, step)
                if not step.is_printed_as(printed):
                    pytest.fail(f"{step.page}:{step.row}: $ {' '.join(step.words)}\n{printed}")
