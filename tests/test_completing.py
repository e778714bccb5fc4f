"""What a shell offers at TAB: bash itself is asked, and each shell has its script."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.database import Database
from activities.registry import Registry
from models.rules import all_rules
from starter.completing import script_for
from starter.kinds import DECISION_NAMES, names_for
from starter.main import run
from tests.sample_rows import case_row, snapshot

URGING = "urging-350481-2026-0001"

_ASK = """
eval "$("$COMMAND" completion bash)"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
_mingjian_completion "$COMMAND" && printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose registry has two cases."""
    folder = tmp_path_factory.mktemp("home")
    database = Database(f"sqlite:///{folder}/registry.db")
    database.migrate()
    for case in (URGING, "clue-350421-2026-0003"):
        Registry(database).project(
            snapshot(1, case_row(case)), run="r", run_started_at=datetime(2026, 1, 2, tzinfo=UTC)
        )
    database.close()
    return folder


def offered(home: Path, *words: str) -> list[str]:
    """What bash offers for the last word."""
    command = home / "mingjian"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m starter.main "$@"\n')
    command.chmod(0o755)
    environment = os.environ | {
        "MINGJIAN_HOME": str(home),
        "COMMAND": str(command),
    }
    asked = subprocess.run(
        ["bash", "-c", _ASK, "bash", "mingjian", *words],
        env=environment,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert asked.stderr == ""
    return [line for line in asked.stdout.splitlines() if line]


def test_commands_and_options_are_offered(home: Path) -> None:
    assert {"record", "reply", "rebuild", "registers"} <= set(offered(home, "re"))
    assert "--provisional" in offered(home, "list", "--p")
    assert {"publish", "progress"} <= set(offered(home, "calendar", ""))


def test_the_cases_of_the_registry_are_offered(home: Path) -> None:
    assert set(offered(home, "show", "")) == {URGING, "clue-350421-2026-0003"}
    assert offered(home, "show", "urging") == [URGING]
    assert offered(home, "show", "nothing") == []


def test_kinds_are_those_that_the_case_takes(home: Path) -> None:
    assert offered(home, "open", "urg") == ["urging"]
    assert "行政执法督促" in offered(home, "open", "行政")
    known = names_for(URGING, DECISION_NAMES)
    assert set(offered(home, "decide", URGING, "")) == set(known) < set(DECISION_NAMES)
    assert offered(home, "decide", URGING, "制") == ["制发"]
    assert offered(home, "record", URGING, "letter_serv") == ["letter_served"]


def test_rules_are_offered(home: Path) -> None:
    assert set(offered(home, "due", "")) >= {each.key for each in all_rules()}
    assert offered(home, "rules", "coop.rep") == ["coop.reply"]


def test_without_a_registry_nothing_is_offered_and_nothing_said(tmp_path: Path) -> None:
    assert offered(tmp_path, "show", "") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert capsys.readouterr().out == script_for(shell) + "\n"
    assert "mingjian" in script_for(shell) and "_MINGJIAN_COMPLETE" in script_for(shell)


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "csh"]) == 2
    assert "bash、zsh、fish、powershell" in capsys.readouterr().err
