"""What the script prints: answers on standard output, what went wrong and how far it is on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, TextIO

from models.errors import MingjianError
from starter.columns import WIDTH, fold, longest_word, width

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_NARROWEST = 8


def prepare_streams() -> None:
    """A character that the terminal's encoding lacks, or a broken name on the command line, prints as “?”."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def say(text: str = "") -> None:
    """One line of the answer; folded by the rules of Chinese text where a terminal would have to break it."""
    for line in _fitting(text, sys.stdout):
        print(line)


def say_folded(text: str, *, indent: str = "") -> None:
    """A sentence within eighty columns."""
    for line in fold(text, WIDTH - len(indent), indent=indent):
        say(line)


def say_json(answer: Mapping[str, Any]) -> None:
    """One JSON object on one line."""
    print(json.dumps(answer, ensure_ascii=False))


def remark(text: str) -> None:
    """A line about the work itself, which must not spoil the answer."""
    for line in _fitting(text, sys.stderr):
        print(line, file=sys.stderr, flush=True)


def _fitting(text: str, stream: TextIO) -> list[str]:
    """Lines that a terminal has room for; what no terminal shows stays as it is, a line for each thing said."""
    if not stream.isatty():
        return [text]
    columns = get_terminal_size((WIDTH, 24)).columns
    return [
        part
        for line in text.split("\n")
        for part in ([line] if width(line) <= columns else fold(line, columns))
    ]


def say_problems(error: MingjianError) -> None:
    """Every problem on its own line, one mark before each."""
    for problem in error.problems:
        remark(f"✗ {problem}")
    if len(error.problems) > 1:
        remark(f"共 {len(error.problems)} 个问题。")


def console() -> Console:
    """The screen; 80 columns wide when it is none."""
    from rich.console import Console

    plain = Console(highlight=False, emoji=False, markup=False, soft_wrap=False)
    if plain.is_terminal:
        return plain
    return Console(highlight=False, emoji=False, markup=False, width=WIDTH)


class Listing:
    """A table as wide as the screen: what is too long is folded by the rules of Chinese text, never cut."""

    def __init__(self, *columns: str) -> None:
        self._columns = columns
        self._rows: list[tuple[str, ...]] = []

    def add(self, *cells: str) -> None:
        """One row; a cell may have several lines."""
        self._rows.append(cells)

    def set_for(self, columns: int) -> Table:
        """The table, set for so many columns of a terminal."""
        from rich import box
        from rich.table import Table

        made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
        widths = self._widths(columns - 3 * (len(self._columns) - 1))
        for name, wide in zip(self._columns, widths, strict=True):
            made.add_column(name, overflow="fold", width=wide)
        for row in self._rows:
            made.add_row(*(_folded(cell, wide) for cell, wide in zip(row, widths, strict=True)))
        return made

    def _widths(self, room: int) -> list[int]:
        """What each column needs; the widest give way until all have room, those last whose words would be broken."""
        lines = [
            [line for row in (self._columns, *self._rows) for line in row[place].split("\n")]
            for place in range(len(self._columns))
        ]
        needed = [max(map(width, each)) for each in lines]
        whole = [max(map(longest_word, each)) for each in lines]
        while sum(needed) > room and max(needed) > _NARROWEST:
            spare = [wide for wide, word in zip(needed, whole, strict=True) if wide > max(word, _NARROWEST)]
            widest = max(spare or needed)
            places = [place for place, wide in enumerate(needed) if wide == widest]
            needed[next((each for each in places if not spare or widest > whole[each]), places[0])] -= 1
        return needed


def _folded(cell: str, columns: int) -> str:
    return "\n".join(line for part in cell.split("\n") for line in fold(part, columns) or [""])


def show(listing: Listing) -> None:
    """Print a table, without the spaces that it leaves at the end of a line."""
    screen = console()
    with screen.capture() as captured:
        screen.print(listing.set_for(screen.width))
    for line in captured.get().splitlines():
        print(line.rstrip())


def is_asked() -> bool:
    """Whether there is somebody at a terminal to answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> bool:
    """A question on standard error; anything but y, yes or 是 means no."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def progress(doing: str, done: int, total: int) -> None:
    """How far a piece of work is, on a terminal, when there is much of it: one line that is written over."""
    if total >= 5 and sys.stderr.isatty():
        print(f"\r{doing} {done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)


def counted(things: Iterable[Any], total: int, doing: str) -> Iterable[Any]:
    """The things one by one, with a line of progress on a terminal when there are many."""
    for place, thing in enumerate(things, start=1):
        progress(doing, place, total)
        yield thing
