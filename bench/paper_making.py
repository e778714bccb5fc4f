"""A process that makes papers when it is told how many: `python -m bench.paper_making SIDE FOLDER PLACE PAPERS`.

`ours` does the whole activity; `bare` makes the same calls of typst, which are taken down before the first paper is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
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

_COUNTY, _YEAR = "350481", 2021
# Where a paper tells its own story.
_OWN = ("facts", "findings", "course", "body", "reason", "harm")


def main() -> None:
    """Say when it is ready, and after each number of papers that these are made."""
    side, folder, place, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    papers = [order(place, number) for number in range(count)]
    making = ours(folder, papers) if side == "ours" else bare(papers)
    print("ready", flush=True)
    for line in sys.stdin:
        for _ in range(int(line)):
            next(making)
        print("made", flush=True)


def order(place: int, number: int) -> PaperOrder:
    """One paper of one case; each kind in turn, no two with the same text."""
    kinds = list(PAPER_OF)
    case, kind = number // len(kinds) * 10 + place + 1, kinds[number % len(kinds)]
    id = f"urging-{_COUNTY}-{_YEAR}-{case:04d}"
    paper: Paper = PAPER_OF[kind]
    official = "" if not getattr(paper, "official_number", None) else f"明检建〔{_YEAR}〕{number * 10 + place}号"
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


def ours(folder: Path, orders: list[PaperOrder]) -> Iterator[None]:
    """The whole activity, over the folder's books and archive."""
    documents = Documents(
        Typesetter(font_folders(fetch=False)),
        NumberBook(Database(f"sqlite:///{folder}/books.db")),
        FolderArchive(folder / "archive"),
    )
    environment = ActivityEnvironment()
    for each in orders:
        environment.run(documents.make, each)
        yield


class _Notebook:
    """Takes down how a compiler is made and called."""

    made: dict[str, Any]
    called: dict[str, Any]

    def __init__(self, **made: Any) -> None:
        type(self).made = made

    def compile(self, **called: Any) -> bytes:
        type(self).called = called
        return b"%PDF"


def bare(orders: list[PaperOrder]) -> Iterator[None]:
    """Nothing but typst."""
    with patch("typst.Compiler", _Notebook):
        typesetter = Typesetter(font_folders(fetch=False))
        calls = []
        for number, each in enumerate(orders, start=1):
            # As long as the number that the books would give.
            own = {"internal_number": f"{_COUNTY}-{series_of(each.paper)}-{_YEAR}-{number:04d}"}
            typesetter.render(each.paper.model_copy(update=own))
            calls.append(_Notebook.called)
    compiler = typst.Compiler(**_Notebook.made)
    return _compiled(compiler, calls)


def _compiled(compiler: typst.Compiler, calls: list[dict[str, Any]]) -> Iterator[None]:
    for call in calls:
        compiler.compile(**call)
        yield


if __name__ == "__main__":
    main()
