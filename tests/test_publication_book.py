"""Published years: in the books once for all workers, a correction after them, never taken out, and noticed within seconds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import make_url, update
from sqlmodel import col

from activities.books import Books
from activities.calendars import FRESH_SECONDS, SiteCalendars
from activities.database import Database
from activities.published_years import publications_in
from models.calendar import calendar
from models.errors import InputError, Refusal
from models.publications import in_force
from models.tables import EditionTable
from tests.test_site_calendars import published

pytest_plugins = ["tests.databases"]

YEAR = calendar().years[-1].year + 1
NEW_YEAR, OTHER = date(YEAR, 3, 2), date(YEAR, 3, 3)
"""Days that a later publication makes holidays; both are made such below whatever weekday they are."""


def with_holiday(day: date, year: int = YEAR) -> str:
    return published(year).replace(
        "holidays = [", f'holidays = [\n  {{ from = {day}, to = {day}, name = "临时放假" }},'
    )


def publish(books: Books, text: str, reason: str = "通知") -> bool:
    return books.publish_year(file=f"{YEAR}.toml", text=text, by="王五", reason=reason)[1]


def test_a_year_is_published_once_and_a_correction_is_a_later_publication(database: Database) -> None:
    books = Books(database)
    first, second = published(YEAR), with_holiday(NEW_YEAR)
    assert [publish(books, first), publish(books, first), publish(books, second, "临时放假")] == [
        True,
        False,
        True,
    ]
    # A remark of its own does not make it another arrangement.
    assert not publish(books, f"# 抄自通知\n{second}")
    # What was in force before may come back: it is published anew, and every one is kept.
    assert publish(books, first, "更正回来")
    held = books.publications()
    assert [(each.number, each.text, each.by, each.reason) for each in held] == [
        (1, first, "王五", "通知"),
        (2, second, "王五", "临时放假"),
        (3, first, "王五", "更正回来"),
    ]
    assert all(each.at.tzinfo is not None for each in held)
    assert [each.number for each in in_force(held)] == [3]


def test_a_wrong_year_is_not_published(database: Database) -> None:
    books = Books(database)
    with pytest.raises(InputError):
        publish(books, "year = 2027")
    assert books.publications() == ()


def test_what_was_changed_in_the_books_is_not_counted_by(database: Database) -> None:
    books = Books(database)
    publish(books, published(YEAR))
    with database.writing() as session:
        row = update(EditionTable).where(col(EditionTable.kind) == "calendar_publication").values(text="{}")
        session.connection().execute(row)
    with pytest.raises(Refusal, match="改动过"):
        books.publications()


def test_the_file_of_one_machine_is_read_as_the_database_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    assert publications_in(path) == ()
    database = Database(f"sqlite:///{path}")
    database.migrate()
    books = Books(database)
    publish(books, published(YEAR))
    publish(books, with_holiday(OTHER))
    assert make_url(f"sqlite:///{path}").database == str(path)
    assert publications_in(path) == books.publications() != ()
    (tmp_path / "empty.db").touch()
    assert publications_in(tmp_path / "empty.db") == ()


def test_a_publication_goes_before_a_year_file_and_is_noticed_by_a_running_worker(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("activities.calendars.monotonic", lambda: now[0])
    books, calendars = Books(database), SiteCalendars(tmp_path, Books(database))
    assert calendars.current() == calendar() and calendars.why() == ""
    (tmp_path / f"{YEAR}.toml").write_text(with_holiday(OTHER), encoding="utf-8")
    by_file = calendars.current()
    assert by_file.name_of(OTHER) == "临时放假"
    publish(books, with_holiday(NEW_YEAR))
    assert calendars.current() == by_file
    now[0] += FRESH_SECONDS + 0.1
    current = calendars.current()
    assert (current.name_of(NEW_YEAR), current.name_of(OTHER) == "临时放假") == ("临时放假", False)
    assert calendars.why() == "王五：通知"
    # Another worker finds it by its name, whatever has been published since.
    publish(books, published(YEAR))
    again = SiteCalendars(tmp_path / "none", Books(database))
    assert again.named(current.name) == current and again.named(by_file.name) == by_file


def test_the_same_days_have_the_same_name_from_the_folder_and_from_the_books(
    database: Database, tmp_path: Path
) -> None:
    """A site that moves its year from the folder into the books has no case counted again for it."""
    (tmp_path / f"{YEAR}.toml").write_text(f"# 自己抄录\n{published(YEAR)}", encoding="utf-8")
    by_file = SiteCalendars(tmp_path, Books(database)).current()
    publish(Books(database), published(YEAR))
    assert SiteCalendars(tmp_path, Books(database)).current().name == by_file.name
