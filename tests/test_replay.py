"""Released histories replay under today's code, under several hash seeds, and end in the rows they ended in then."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.replaying import FOLDER

NAMES = sorted(path.stem for path in FOLDER.glob("*.json") if not path.name.endswith(".golden.json"))


def test_there_are_histories() -> None:
    assert len(NAMES) >= 4


@pytest.mark.parametrize("seed", ["0", "1", "4", "5"])
def test_histories_replay_to_their_golden_rows(seed: str) -> None:
    replayed = subprocess.run(
        [sys.executable, "-m", "tests.replaying", *NAMES],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert replayed.returncode == 0, replayed.stderr[-3000:]
    lines = [json.loads(line) for line in replayed.stdout.splitlines() if line.startswith("{")]
    assert [line["name"] for line in lines] == NAMES
    for line in lines:
        golden = json.loads((FOLDER / f"{line['name']}.golden.json").read_text(encoding="utf-8"))
        assert kept(golden, line["rows"]) == golden, line["name"]


def kept(golden: Any, replayed: Any) -> Any:
    """What of the replayed rows the golden ones speak of: a later release may add columns, never change one."""
    if isinstance(golden, dict):
        return {key: kept(value, replayed[key]) for key, value in golden.items() if key in replayed}
    if isinstance(golden, list) and len(golden) == len(replayed):
        return [kept(*pair) for pair in zip(golden, replayed, strict=True)]
    return replayed
