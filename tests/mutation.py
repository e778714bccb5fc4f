"""Mutation testing of the deadline functions: `python -m tests.mutation`, about five minutes on one core.

mutmut changes one operator, constant or argument at a time and runs the tests that reach it; `[tool.mutmut]` in pyproject.toml
says which files and which tests. A mutant that no test notices must be explained, with its diff, in docs/mutation-testing.md.
Exit code 1 when one is not, or when an explanation has become idle. The mutants stay in `mutants/` for `python -m mutmut browse`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "mutation-testing.md"

_RESULT = re.compile(r"^ +(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
_MUTANT = re.compile(r"^(.+)\.x_?(.+)__mutmut_\d+$")
_EXPLAINED = re.compile(r"^### `(.+?)`$|^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Change(NamedTuple):
    """What a mutant is, whatever its number: the function, and its lines before and after."""

    function: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"- {line}" for line in self.before] + [f"+ {line}" for line in self.after]
        return "\n".join([self.function, *lines])


def change(function: str, diff: str) -> Change:
    """Read the removed and added lines of a diff, wherever they stand."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    before, after = (tuple(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Change(function, before, after)


def explained() -> set[Change]:
    """The survivors that the page explains: a heading names the function, each diff block beneath it a mutant."""
    changes, function = set(), ""
    for heading, diff in _EXPLAINED.findall(PAGE.read_text(encoding="utf-8")):
        if heading:
            function = heading
        else:
            changes.add(change(function, diff))
    return changes


def mutmut(*arguments: str) -> str:
    """Run mutmut in the project's folder; its output, or the end of this program with it."""
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"mutmut {' '.join(arguments)} failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def main() -> int:
    """Run every mutant, and hold the survivors against the page."""
    os.nice(10)
    # An earlier run's verdicts would be kept, though the tests have changed since.
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)
    began = time.monotonic()
    mutmut("run", "--max-children", "1")
    seconds = time.monotonic() - began

    survivors: set[Change] = set()
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for name, outcome in _RESULT.findall(mutmut("results", "--all", "true")):
        match = _MUTANT.match(name)
        assert match is not None, name
        module, function = match[1], match[2].removeprefix("ǁ").replace("ǁ", ".")
        tried[module] += 1
        if outcome == "killed":
            caught[module] += 1
        else:
            survivors.add(change(f"{module}.{function}", mutmut("show", name)))

    for module in sorted(tried):
        print(f"{module:<20}{tried[module]:>5} mutants{caught[module]:>5} caught")
    print(f"{tried.total():>25} mutants{caught.total():>5} caught, in {seconds:.0f} s")
    known = explained()
    for survivor in sorted(survivors - known):
        print(f"\nnot caught and not explained: {survivor}")
    for idle in sorted(known - survivors):
        print(f"\nexplained, but caught or gone: {idle}")
    return 0 if tried and survivors == known else 1


if __name__ == "__main__":
    sys.exit(main())
