"""A process that makes papers when it is told how many: `python -m bench.paper_making SIDE FOLDER PLACE PAPERS`.

`ours` does the whole activity, in two threads: one typesets while another waits for the disk. `typeset` makes the papers and
keeps nothing. `bare` makes the same calls of typst, taken down before the first paper is asked for. These two make one paper
after the other: a compiler is no faster with threads.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typst
from temporalio.testing import ActivityEnvironment

from activities.database import Database
from activities.documents import Documents
from activities.folder_archive import FolderArchive
from activities.numbers import NumberBook
from activities.typesetting import Typesetter
from models.documents import Paper, series_of
from models.orders import PaperOrder
from starter.provision.fonts import font_folders
from tests.sample_papers import PAPER_OF

Making = Callable[[list[PaperOrder]], None]

_THREADS = 2
_COUNTY, _YEAR = "350481", 2021
# Where a paper tells its own story.
_OWN = ("facts", "findings", "course", "body", "reason", "harm")


def main() -> None:
    """Say when it is ready, and after each number of papers that these are made."""
    side, folder, place, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    papers = [order(place, number) for number in range(count)]
    sides: dict[str, Callable[[], Making]] = {
        "ours": lambda: ours(folder),
        "typeset": typeset,
        "bare": lambda: bare(papers),
    }
    make = sides[side]()
    print("ready", flush=True)
    done = 0
    for line in sys.stdin:
        make(papers[done : done + int(line)])
        done += int(line)
        print("made", flush=True)


def order(place: int, number: int) -> PaperOrder:
    """One paper of one case; each kind in turn, no two with the same text."""
    kinds = list(PAPER_OF)
    case, kind = number // len(kinds) * 10 + place + 1, kinds[number % len(kinds)]
    id = f"urging-{_COUNTY}-{_YEAR}-{case:04d}"
    paper: Paper = PAPER_OF[kind]
    official = (
        "" if not getattr(paper, "official_number", None) else f"明检建〔{_YEAR}〕{number * 10 + place}号"
    )
    own: dict[str, Any] = {
        name: f"{text}其中第{number}宗面积{number * 37 % 9000 + place}平方米。"
        for name in _OWN
        if isinstance(text := getattr(paper, name, None), str) and text
    }
    if official:
        own["official_number"] = official
    return PaperOrder(
        order=f"{id}/{kind}/issued",
        case=id,
        county=_COUNTY,
        document=kind,
        name=f"{paper.title}-{kind}.pdf",
        official_no=official,
        issuer=paper.issuer,
        year=_YEAR,
        paper=paper.model_copy(update=own | {"case_number": id}),
    )


def ours(folder: Path) -> Making:
    """The whole activity, over the folder's books and archive."""
    documents = Documents(
        Typesetter(font_folders(fetch=False)),
        NumberBook(Database(f"sqlite:///{folder}/books.db")),
        FolderArchive(folder / "archive"),
    )
    threads = ThreadPoolExecutor(_THREADS)

    def make(orders: list[PaperOrder]) -> None:
        for made in threads.map(lambda each: ActivityEnvironment().run(documents.make, each), orders):
            assert made.paper.size

    return make


def typeset() -> Making:
    """From the data of a paper to its PDF: asked whether it is complete, put into words, set."""
    typesetter = Typesetter(font_folders(fetch=False))

    def make(orders: list[PaperOrder]) -> None:
        for each in orders:
            assert typesetter.render(each.paper)

    return make


class _Notebook:
    """Takes down how a compiler is made and called."""

    made: dict[str, Any]
    called: dict[str, Any]

    def __init__(self, **made: Any) -> None:
        type(self).made = made

    def compile(self, **called: Any) -> bytes:
        type(self).called = called
        return b"%PDF"


def bare(orders: list[PaperOrder]) -> Making:
    """Nothing but typst."""
    with patch("typst.Compiler", _Notebook):
        typesetter = Typesetter(font_folders(fetch=False))
        calls = {}
        for number, each in enumerate(orders, start=1):
            # As long as the number that the books would give.
            own = {"internal_number": f"{_COUNTY}-{series_of(each.paper)}-{_YEAR}-{number:04d}"}
            typesetter.render(each.paper.model_copy(update=own))
            calls[each.order] = _Notebook.called
    compiler = typst.Compiler(**_Notebook.made)

    def make(orders: list[PaperOrder]) -> None:
        for each in orders:
            compiler.compile(**calls[each.order])

    return make


if __name__ == "__main__":
    main()
