"""The site's own year files: laid over what is shipped, kept in the books, found again by name when the folder has moved on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from activities.books import Books
from activities.calendars import SiteCalendars
from activities.database import Database
from models.counting import count
from models.dates import EventDate
from models.deadlines import Started
from models.errors import InputError, MingjianError
from models.ledgers import Counting
from models.rules import rule


@pytest.fixture
def books(tmp_path: Path) -> Books:
    database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    database.migrate()
    return Books(database)


def test_without_files_the_shipped_edition_is_current(tmp_path: Path, books: Books) -> None:
    assert SiteCalendars(tmp_path / "none", books).current().name == "2026"


def test_an_edition_of_the_site_is_found_after_the_folder_has_moved_on(tmp_path: Path, books: Books) -> None:
    folder = tmp_path / "calendars"
    folder.mkdir()
    (folder / "2027.toml").write_text(published(2027), encoding="utf-8")
    first = SiteCalendars(folder, books).current()
    assert first.name != "2026" and first.knows(date(2027, 6, 1))
    (folder / "2028.toml").write_text(published(2028), encoding="utf-8")
    later = SiteCalendars(folder, books)
    assert later.current().name != first.name
    again = later.named(first.name)
    assert again == first and not again.knows(date(2028, 6, 1))


def test_an_edition_is_kept_with_the_texts_it_was_made_of(
    tmp_path: Path, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year file that lands while the folder is being read belongs to the next edition."""
    (tmp_path / "2027.toml").write_text(published(2027), encoding="utf-8")
    read = Path.read_text

    def read_and_publish(path: Path, encoding: str | None = None, errors: str | None = None) -> str:
        text = read(path, encoding, errors)
        if path.parent == tmp_path:
            (tmp_path / "2028.toml").write_text(published(2028), encoding="utf-8")
        return text

    monkeypatch.setattr(Path, "read_text", read_and_publish)
    first = SiteCalendars(tmp_path, books).current()
    second = SiteCalendars(tmp_path, books).current()
    monkeypatch.undo()
    kept = SiteCalendars(tmp_path, books)
    assert [first.knows(date(2028, 6, 1)), second.knows(date(2028, 6, 1))] == [False, True]
    assert [kept.named(each.name) for each in (first, second)] == [first, second]


def test_a_year_file_cut_off_in_a_character_leaves_the_last_good_edition(
    tmp_path: Path, books: Books
) -> None:
    calendars = SiteCalendars(tmp_path, books)
    path = tmp_path / "2027.toml"
    path.write_bytes(published(2027).encode().partition("元旦".encode())[0] + "元".encode()[:1])
    with pytest.raises(InputError, match="读不出来"):
        calendars.current()
    path.write_text(published(2027), encoding="utf-8")
    good = calendars.current()
    path.write_bytes("元".encode()[:1])
    assert calendars.current() == good


def test_an_edition_nobody_published_is_refused(tmp_path: Path, books: Books) -> None:
    with pytest.raises(MingjianError):
        SiteCalendars(tmp_path, books).named("2031")


def test_a_ledger_that_cannot_be_counted_says_why_and_acts_on_nobody(tmp_path: Path, books: Books) -> None:
    calendar = SiteCalendars(tmp_path, books).current()
    started = Started(on=EventDate.parse("1850-01-01"), by="fact")
    counted = count(
        Counting(key="L1/jy.reply", rule="jy.reply", entries=(started,)), calendar, rule("jy.reply")
    )
    assert counted.state == "uncountable"
    assert "1850" in counted.problem
    assert counted.due_at is None and counted.reminders == ()
    with pytest.raises(InputError):
        EventDate.parse("1850-13-01")


def published(year: int) -> str:
    """A year file with the fixed-date holidays alone."""
    return f"""
year = {year}
notice = "国办发明电〔{year - 1}〕7号"
issued_on = {year - 1}-11-04
source = "测试用年历"
holidays = [
  {{ from = {year}-01-01, to = {year}-01-01, name = "元旦" }},
  {{ from = {year}-05-01, to = {year}-05-02, name = "劳动节" }},
  {{ from = {year}-10-01, to = {year}-10-03, name = "国庆节" }},
]
made_up = []
"""
