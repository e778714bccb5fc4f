"""Released histories replay under today's code, under several hash seeds, and end in what they ended in then."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from models.kinds import FILES
from models.rows import Snapshot
from models.terms import CaseKind
from tests.histories.courses import COURSES, GONE, lacking
from tests.histories.kinds import STORIES, UNHELD, UNHELD_BY_ALL, common, held, unheld, without_history
from tests.histories.record import FILED, add_kinds, record
from tests.replaying import FOLDER, UNSANDBOXED, golden, histories

HISTORIES = histories(FOLDER)
SEEDS = ("0", "1", "4", "5")
# Each history is replayed in the sandbox under one of these; the order of a set is the same without it.
IN_THE_SANDBOX = ("0", "1")
OTHER_KINDS = tuple(kind for kind in FILES if kind is not CaseKind.URGING)
# What needs the world itself: a paper that could not be made, and its making anew.
OF_THE_WORLD = ["remake_paper", "paper_failed"]


def test_there_are_histories() -> None:
    assert len(HISTORIES) >= 4


def test_the_courses_hold_every_kind_of_message_and_letter() -> None:
    assert lacking(going().rows() for going in GONE.values()) == OF_THE_WORLD
    assert "remade" in COURSES


@pytest.fixture(scope="module")
def recorded() -> list[Snapshot]:
    """The rows in which the recorded cases ended, each run of them."""
    endings = [golden(file) for file in HISTORIES]
    return [Snapshot.model_validate(ending) for ending in endings if "case" in ending]


def test_every_kind_of_case_has_a_history(recorded: list[Snapshot]) -> None:
    assert without_history(recorded) == [], "write its story and record it: tests/histories/README.md"


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_what_no_history_of_a_kind_holds_is_said(recorded: list[Snapshot], kind: CaseKind) -> None:
    assert unheld(kind, recorded) == UNHELD.get(kind, ())


def test_what_no_history_holds_of_what_every_kind_takes_is_said(recorded: list[Snapshot]) -> None:
    assert tuple(sorted(common() - held(recorded))) == UNHELD_BY_ALL


def test_what_is_recorded_is_not_recorded_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in STORIES:
        (tmp_path / f"1.2.3-{name}.json").write_text("{}", encoding="utf-8")
    assert add_kinds("1.2.3", str(tmp_path)) == 1
    assert "1.2.3 has a history of every kind already" in capsys.readouterr().err


@pytest.mark.parametrize("seed", SEEDS)
def test_histories_replay_to_their_golden_ending(seed: str) -> None:
    assert_replays(replayed_under(seed), seed, *(() if seed in IN_THE_SANDBOX else (UNSANDBOXED,)))


def replayed_under(seed: str) -> list[Path]:
    """The histories of a seed: an urging case's under all of them, another's under every second one, which is cheaper."""
    turn = SEEDS.index(seed) % 2
    others = {file for file in HISTORIES if file.stem.partition("-")[2].partition("-run")[0] in STORIES}
    return [file for n, file in enumerate(HISTORIES) if file not in others or n % 2 == turn]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_release_that_is_recorded_replays(tmp_path: Path) -> None:
    """Every run of a case that continued as new, and the workflows beside the cases."""
    (filed,) = await record("1.2.3", tmp_path, [FILED])
    assert Snapshot.model_validate(golden(tmp_path / f"1.2.3-{FILED}.json")) == filed
    files = histories(tmp_path)
    assert [path.stem for path in files] == [
        "1.2.3-calendar-watch",
        "1.2.3-filed",
        "1.2.3-filed-run1",
        "1.2.3-filing",
        "1.2.3-mailroom",
    ]
    (first,) = [path for path in files if path.stem == "1.2.3-filed-run1"]
    assert "EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW" in first.read_text(encoding="utf-8")
    assert golden(first)["revision"] < filed.revision
    assert_replays(files, "3")


def assert_replays(files: Sequence[Path], seed: str, *options: str) -> None:
    """Replay under a hash seed, in a process of its own."""
    replayed = subprocess.run(
        [sys.executable, "-m", "tests.replaying", *options, *map(str, files)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert replayed.returncode == 0, replayed.stderr[-3000:]
    lines = [json.loads(line) for line in replayed.stdout.splitlines() if line.startswith("{")]
    assert [line["name"] for line in lines] == [file.stem for file in files]
    for file, line in zip(files, lines, strict=True):
        then = golden(file)
        assert kept(then, line["ending"]) == then, file.stem


def kept(golden: Any, replayed: Any) -> Any:
    """What of the replayed rows the golden ones speak of: a later release may add columns, never change one.

    A ledger was told by the kinds of its entries once, and is told by the entries now.
    """
    if isinstance(golden, dict):
        if "ledger" in golden and not golden["ledger"].startswith("["):
            kinds = "；".join(each["kind"] for each in json.loads(replayed["ledger"]))
            replayed = {**replayed, "ledger": kinds}
        return {key: kept(value, replayed[key]) for key, value in golden.items() if key in replayed}
    if isinstance(golden, list) and len(golden) == len(replayed):
        return [kept(*pair) for pair in zip(golden, replayed, strict=True)]
    return replayed
