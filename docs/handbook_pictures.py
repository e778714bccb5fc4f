"""The pictures of the handbook: what the commands print on a desk of made-up cases, the papers and tables that they write.

    PYTHONPATH=. python docs/handbook_pictures.py [name…]

Typst draws them. Each picture holds the words that it shows, so that a test can tell when a command has come to print others.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import typst
from pypdf import PdfReader

from activities.database import Database
from activities.registry import Registry
from activities.typesetting import Typesetter
from docs.drawn_sheets import drawn_sheet
from docs.example_cases import DAY, late, register
from docs.palette import with_few_colours
from models.dates import at_hour
from models.retelling import courses
from starter import main as script
from starter import publishing, showing, why
from starter.next_steps import typed_within
from starter.provision.fonts import font_folders
from tests.reported_cases import desks as reported_desks
from tests.test_drafts import Shipped

FOLDER = Path(__file__).parent / "pictures"
_LIBRARY = Path(__file__).parent / "handbook_pictures.typ"
_CLOCKS = ("starter.today", "starter.listing", "starter.reports")


class _ThatDay(datetime):
    """The clock of the pictures."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        moment = at_hour(DAY, 9).astimezone(tz)
        return cls(*moment.timetuple()[:6], tzinfo=tz)


@contextmanager
def home(folder: Path, cases: Callable[[Database], None]) -> Iterator[Path]:
    """A home with such cases, which commands use meanwhile, on the day of the pictures."""
    (folder / "home").mkdir()
    database = Database(f"sqlite:///{folder / 'home' / 'registry.db'}")
    cases(database)
    database.close()
    own = {name: value for name, value in os.environ.items() if not name.startswith("MINGJIAN_")}
    cache = {name: os.environ[name] for name in ("MINGJIAN_CACHE",) if name in os.environ}
    with ExitStack() as stack:
        stack.enter_context(
            patch.dict(os.environ, own | cache | {"MINGJIAN_HOME": str(folder / "home")}, clear=True)
        )
        for room in _CLOCKS:
            stack.enter_context(patch(f"{room}.datetime", _ThatDay))
        yield folder


def printed(*words: str) -> str:
    """What a command prints on the screen."""
    screen = StringIO()
    with redirect_stdout(screen), redirect_stderr(screen):
        assert script.run(list(words)) == 0, screen.getvalue()
    return screen.getvalue()


def typed(*words: str, shows: str = "") -> str:
    """A command as it is typed, and what it prints."""
    line = "\n".join(typed_within(("mingjian", *words), 78))
    return f"$ {line}\n{shows or printed(*words)}"


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────


def _show() -> str:
    """As the case itself answers."""
    desk, screen = late().on(DAY, 10), StringIO()
    with redirect_stdout(screen), redirect_stderr(screen):
        showing.tell(showing.Look(desk.rows(), "workflow", desk.case.state()), "status", {})
    return typed("show", desk.case.opening.case, shows=screen.getvalue())


def _why() -> str:
    """As the case itself would be asked: it is made here without a server."""
    desk, key = late().on(DAY, 10), "L1/jy.reply"
    state, screen = desk.case.state(), StringIO()
    told = why.Told(state.opening.case, state.opening.title, "", state, courses(state, Shipped(), (key,)))
    with redirect_stdout(screen):
        why.tell_why(told, as_json=False)
    return typed("show", told.case, "--why", "--deadline", key, shows=screen.getvalue())


def _calendar(folder: Path) -> str:
    file = folder / "2027.toml"
    file.write_text(publishing.TEMPLATE, "utf-8")
    shown = printed("calendar", "publish", str(file)).replace(f"{folder}/", "")
    return typed("calendar", "publish", file.name, shows=shown)


def _registered_then(database: Database) -> None:
    """The cases of a report: another registry, of 2021."""
    database.migrate()
    for desk in reported_desks():
        Registry(database).project(desk.rows(), run="r", run_started_at=datetime(2021, 9, 1, tzinfo=UTC))


def _terminals(folder: Path) -> Iterator[Picture]:
    with home(folder, register):
        yield _terminal("today", typed("today"))
        yield _terminal("list", typed("list", "--open"))
        yield _terminal("show", _show())
        yield _terminal("why", _why())
        yield _terminal("calendar-year", _calendar(folder))


def _papers(folder: Path) -> Iterator[Picture]:
    with home(folder, _registered_then):
        printed("report", "2021-Q4", "--out", str(folder))
        circular, _, book = sorted(folder.glob("2021-Q4-*"))
        yield _page("report", circular.read_bytes(), 2)
        yield _sheet("report-workbook", drawn_sheet(book, "指标", columns=9, rows=14, heads=(1,)))
        template = folder / "样表.xlsx"
        printed("ledger", "template", "--out", str(template))
        drawn = drawn_sheet(template, "案件", columns=8, rows=5, opened="事项", noted="地方")
        yield _sheet("ledger-template", drawn)
    [letter] = [order.paper for order in late().papers.values() if order.paper.title.startswith("检察建议书")]
    yield _page("letter", Typesetter(font_folders(fetch=False)).render(letter), 1)


def pictures() -> dict[str, Picture]:
    """Each picture by its name."""
    found: dict[str, Picture] = {}
    for makers in (_terminals, _papers):
        with tempfile.TemporaryDirectory(prefix="mingjian-pictures-") as folder:
            found |= {each.name: each for each in makers(Path(folder))}
    return found


# ── drawing ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Picture:
    """What is drawn: its shape (a function of `handbook_pictures.typ`), what that is given, and the words that it shows."""

    name: str
    shape: str
    content: dict[str, Any]
    told: str
    colours: int
    pdf: bytes = b""

    def draw(self) -> None:
        """Write the file."""
        with tempfile.TemporaryDirectory(prefix="mingjian-picture-") as folder:
            (Path(folder) / "handbook_pictures.typ").write_bytes(_LIBRARY.read_bytes())
            (Path(folder) / "content.json").write_text(json.dumps(self.content), "utf-8")
            (Path(folder) / "paper.pdf").write_bytes(self.pdf)
            drawing = (
                f'#import "handbook_pictures.typ": *\n#show: picture\n#{self.shape}(json("content.json"))'
            )
            (Path(folder) / "drawing.typ").write_text(drawing, "utf-8")
            faces = [str(each) for each in font_folders(fetch=False)]
            fonts = typst.Fonts(include_system_fonts=False, font_paths=faces)
            file = str(Path(folder) / "drawing.typ")
            drawn = typst.compile(file, root=folder, font_paths=fonts, format="png", ppi=144)
        assert isinstance(drawn, bytes)
        (FOLDER / f"{self.name}.png").write_bytes(with_few_colours(drawn, self.colours, self.told))


def _terminal(name: str, shown: str) -> Picture:
    return Picture(name, "terminal", {"lines": shown.splitlines()}, shown, 16)


def _sheet(name: str, drawn: dict[str, Any]) -> Picture:
    return Picture(name, "sheet", drawn, json.dumps(drawn["rows"], ensure_ascii=False), 32)


def _page(name: str, pdf: bytes, page: int) -> Picture:
    # Where words are parted depends on the faces.
    words = "".join(PdfReader(BytesIO(pdf)).pages[page - 1].extract_text().split())
    return Picture(name, "page-of", {"page": page}, words, 32, pdf)


if __name__ == "__main__":
    for each in pictures().values():
        if each.name in sys.argv[1:] or not sys.argv[1:]:
            each.draw()
