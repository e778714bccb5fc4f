"""A site adopts templates of its own: tried first, for papers dated from a day on, and nothing that a paper says may be lost."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import rmtree
from typing import get_args

import pytest

from activities.books import Books
from activities.database import Database
from activities.site_templates import SiteTemplates
from activities.typesetting import TEMPLATES, Typesetter
from models.documents import Paper
from models.errors import InputError
from models.publications import Publication
from models.site_templates import Templates, check, in_effect
from starter.provision.fonts import font_folders
from tests.sample_papers import PAPER_OF
from tests.script_runs import Home, home_in

LOWER = ("30mm - margins.top", "35mm - margins.top")
WITHOUT_NUMBER = ("align(right, plain(words((said.number,))))", "[]")


def adopted(number: int, since: str, day: str, **files: str) -> Publication:
    templates = Templates(date.fromisoformat(since), files)
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return Publication(number, "模板", templates.kept(), "王五", "试", at)


@pytest.mark.parametrize(
    ("on", "which"),
    [
        ("2027-02-28", ""),
        ("2027-03-01", "one"),
        ("2027-03-09", "one"),
        ("2027-03-10", "two"),
        ("2028-01-01", "two"),
    ],
)
def test_a_paper_has_the_templates_of_its_own_date(on: str, which: str) -> None:
    """The second was adopted on 10 March for 1 March: what was dated before that day keeps the first."""
    adoptions = [
        adopted(1, "2027-03-01", "2027-02-01", form="one"),
        adopted(2, "2027-03-01", "2027-03-10", form="two"),
    ]
    assert in_effect(adoptions, date.fromisoformat(on)).get("form", "") == which


def test_what_is_wrong_with_the_files_is_told_at_once() -> None:
    files = {"mine.typ": '#import "@preview/x:1.0.0": *', "letter.typ": "x" * 600_000}
    with pytest.raises(InputError) as wrong:
        check(files, ["letter.typ"], folder="模板")
    told = [each.what for each in wrong.value.problems]
    assert len(told) == 3 and "没有名为“mine.typ”" in told[0] and "@…" in told[1] and "过大" in told[2]
    with pytest.raises(InputError, match="没有模板"):
        check({}, ["letter.typ"], folder="模板")


class Held:
    """A book with these adoptions."""

    def __init__(self, *adoptions: Publication) -> None:
        self.adoptions = adoptions

    def template_adoptions(self) -> tuple[Publication, ...]:
        return self.adoptions


def changed(name: str, change: tuple[str, str]) -> str:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert change[0] in text
    return text.replace(*change)


def test_a_paper_of_before_is_set_as_it_was_and_one_of_after_otherwise() -> None:
    fonts = font_folders(fetch=False)
    files = {"red_letter.typ": changed("red_letter.typ", LOWER)}
    site = SiteTemplates(Held(adopted(1, "2021-10-01", "2021-09-01", **files)))
    ours, theirs = Typesetter(fonts), Typesetter(fonts, site.folder_for)
    paper = PAPER_OF["notification_letter"]
    before = paper.model_copy(update={"dated": date(2021, 9, 30)})
    after = paper.model_copy(update={"dated": date(2021, 10, 1)})
    assert theirs.render(before) == ours.render(before)
    assert theirs.render(after) != ours.render(after)
    assert theirs.render(after) == theirs.render(after)


def test_files_that_a_machine_has_swept_away_are_written_again() -> None:
    site = SiteTemplates(Held(adopted(1, "2021-10-01", "2021-09-01", **{"red_letter.typ": "// ours"})))
    folder = site.folder_for(date(2021, 10, 1))
    whole = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert whole["red_letter.typ"] == "// ours" and len(whole) > 1
    (folder / "red_letter.typ").unlink()
    (folder / "letter.typ").write_text("", encoding="utf-8")  # the disk was full
    assert site.folder_for(date(2021, 10, 1)) == folder
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == whole
    rmtree(folder.parent)
    assert {path.name for path in site.folder_for(date(2021, 10, 1)).iterdir()} == set(whole)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with books."""
    home = home_in(tmp_path)
    home.folder.mkdir(parents=True, exist_ok=True)
    with closing(Database(f"sqlite:///{home.folder}/registry.db")) as database:
        database.migrate()
    return home


def exported(home: Home, change: tuple[str, str] | None = None) -> Path:
    """The templates as they were written out, with a change in one of them."""
    target = home.folder.parent / "模板"
    assert home.run_here("templates", "export", target).code == 0
    if change:
        (target / "red_letter.typ").write_text(changed("red_letter.typ", change), encoding="utf-8")
    return target


def adoptions(home: Home) -> tuple[Publication, ...]:
    with closing(Database(f"sqlite:///{home.folder}/registry.db")) as database:
        return Books(database).template_adoptions()


def test_they_are_tried_shown_and_adopted_once(home: Home, tmp_path: Path) -> None:
    own = exported(home, LOWER)
    tried = home.run("templates", "adopt", own, "--out", tmp_path / "样张")
    assert tried.code == 0 and "与程序随附的不同：red_letter.typ" in tried.out and "没有采用" in tried.out
    kinds = {model.model_fields["type"].annotation for model in get_args(get_args(Paper)[0])}
    assert len(list((tmp_path / "样张").glob("*.pdf"))) == 2 * len(kinds)
    signed = ("--from", "2026-12-01", "--yes", "--by", "王五", "--reason", "本院用纸", "--json")
    first = json.loads(home.run_here("templates", "adopt", own, *signed).out)
    again = json.loads(home.run_here("templates", "adopt", own, *signed).out)
    assert (first["number"], first["adopted"], again["number"], again["adopted"]) == (1, True, 1, False)
    [held] = adoptions(home)
    assert list(Templates.read(held.text).files) == ["red_letter.typ"] and held.by == "王五"


def test_a_template_that_loses_something_is_not_adopted(home: Home) -> None:
    own = exported(home, WITHOUT_NUMBER)
    run = home.run_here("templates", "adopt", own, "--yes", "--by", "王五", "--reason", "x")
    assert run.code == 2 and "《告知函》没有印出：样检建〔2021〕1号" in run.err
    (own / "page.typ").write_text("#let x = (", encoding="utf-8")
    run = home.run_here("templates", "adopt", own)
    assert run.code == 2 and "排不出来：unclosed delimiter" in run.err
    assert adoptions(home) == ()
