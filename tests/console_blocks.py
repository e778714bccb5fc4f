"""The commands that the documents show: ```console blocks, and the files of ```yaml and ```toml blocks that begin with a name.

A line that begins with `$ ` is a command (a `\\` at its end continues it), what follows is what it prints; a line `…` stands for
any lines left out.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(console|yaml|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = "…"


@dataclass(frozen=True)
class WrittenFile:
    """A file that the reader is told to write: its name stands in its first line, behind a #."""

    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command as it is shown, where its output goes (`> file`), and what it is shown to print."""

    page: str
    row: int
    words: tuple[str, ...]
    into: str
    shown: tuple[str, ...]

    @property
    def is_script(self) -> bool:
        """Whether it is one of ours, and not of make or of the shell."""
        return self.words[0] == "mingjian"

    def is_printed_as(self, printed: str) -> bool:
        """Whether what was printed is what is shown."""
        return _fits(list(self.shown), [line.rstrip() for line in printed.splitlines()])


def blocks(page: Path) -> Iterator[WrittenFile | Command]:
    """What a page tells its reader to write and to type, in order."""
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        row = text.count("\n", 0, found.start(2)) + 1
        if found[1] == "console":
            yield from _commands(page.name, row, found[2].replace("\\\n", "\0"))
        elif name := re.match(r"# (\S+\.(?:yaml|toml))\n", found[2]):
            yield WrittenFile(name[1], found[2])


def _commands(page: str, row: int, block: str) -> Iterator[Command]:
    shown: list[str] = []
    typed, at = "", row
    for line in [*block.splitlines(), "$ "]:
        if not line.startswith("$ "):
            # What is printed may itself be a command in two lines.
            shown += [each.rstrip() for each in line.replace("\0", "\\\n").split("\n")]
        else:
            if typed:
                words = shlex.split(typed)
                into = words[words.index(">") + 1] if ">" in words else ""
                yield Command(
                    page, at, tuple(words[: words.index(">")] if into else words), into, tuple(shown)
                )
            typed, at, shown = line[2:].replace("\0", " "), row, []
        row += 1 + line.count("\0")


def _fits(shown: list[str], printed: list[str]) -> bool:
    if not shown:
        return not printed
    if shown[0] == _LEFT_OUT:
        return any(_fits(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and _fits(shown[1:], printed[1:])
