"""Changes of agencies in the books, on both databases: adopted once, checked under the lock, heard of within a second."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update
from sqlmodel import col

from activities import site_jurisdiction as door
from activities.addressed_letters import AddressedLetters
from activities.agency_book import AgencyBook
from activities.database import Database
from activities.published_years import AGENCIES
from activities.registry import Registry
from activities.site_jurisdiction import JurisdictionInForce, changes_in
from models.bodies import Jurisdiction
from models.errors import InputError, Refusal
from models.tables import EditionTable
from tests.sample_rows import case_row, deadline_row, letter_row, snapshot

pytest_plugins = ["tests.databases"]

CITY = Jurisdiction.load()
FIRST = """basis = "方案"
[[renamed]]
body = "三明市财政局"
name = "三明市财政和国资局"
from = 2026-01-01
"""
GONE = """basis = "方案"
[[abolished]]
body = "三明市财政局"
successor = "无"
from = 2026-02-01
"""


def adopt(book: AgencyBook, text: str) -> tuple[int, bool]:
    made, fresh = book.adopt(CITY, file="变动.toml", text=text, by="王五", reason="市委文件")
    return made.number, fresh


def test_a_change_is_adopted_once_and_what_came_before_it_counts(database: Database) -> None:
    book = AgencyBook(database)
    assert adopt(book, FIRST) == (1, True)
    assert adopt(book, f"# 抄自文件\n{FIRST}") == (1, False), "a remark of its own does not make it another"
    # Two who adopt at once are judged one after the other, by what stands in the books then.
    with pytest.raises(InputError, match="本来就叫"):
        adopt(book, FIRST.replace('"方案"', '"另一方案"'))
    assert adopt(book, GONE) == (2, True)
    with pytest.raises(InputError, match="已经撤并（第 2 号"):
        adopt(book, GONE.replace("2026-02-01", "2026-03-01"))
    assert [(each.number, each.by, each.reason) for each in book.changes()] == [
        (1, "王五", "市委文件"),
        (2, "王五", "市委文件"),
    ]
    if not database.is_postgresql:
        assert changes_in(database.place) == book.changes()


def test_what_was_changed_in_the_books_is_refused(database: Database) -> None:
    book = AgencyBook(database)
    adopt(book, FIRST)
    with database.writing() as session:
        session.connection().execute(
            update(EditionTable).where(col(EditionTable.kind) == AGENCIES).values(text="{}")
        )
    with pytest.raises(Refusal, match="改动过"):
        book.changes()


def test_a_worker_hears_of_a_change_and_of_its_day(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, today, clock = AgencyBook(database), [date(2026, 1, 31)], [0.0]
    monkeypatch.setattr(door, "monotonic", lambda: clock[0])
    now = JurisdictionInForce(CITY, book.changes, today=lambda: today[0])
    assert now() == CITY
    adopt(book, FIRST)
    adopt(book, GONE)
    assert now() == CITY, "not asked again at once"
    clock[0] += door.FRESH_SECONDS + 0.1
    assert now().body("350400-finance").name == "三明市财政和国资局"
    assert now() is now(), "laid once a day"
    today[0] = date(2026, 2, 1)
    assert now().find("350400-finance") is None, "a change that was to come has come"


def test_the_letters_that_wait_on_a_body_are_found_with_their_periods(database: Database) -> None:
    registry = Registry(database)
    for number in (1, 2):
        case = f"urging-350425-2021-{number:04d}"
        letters = (
            letter_row("L1", case, recipient="甲局", recipient_code="350425-nr"),
            letter_row("L2", case, recipient="甲局", recipient_code="350425-nr", issued_on=None),
            letter_row("L3", case, recipient="乙局", recipient_code="x"),
        )
        deadlines = (
            deadline_row("L1/jy.reply", case),
            deadline_row("L1/jy.objection", case, state="met"),
            deadline_row("L3/jy.reply", case),
        )
        registry.project(
            snapshot(1, case_row(case), letters=letters, deadlines=deadlines),
            run=case,
            run_started_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    found = AddressedLetters(database)
    ours = found.to("350425-nr", ("丙局",))
    assert [(each.case[-4:], each.letter, each.is_draft, len(each.periods)) for each in ours] == [
        ("0001", "L1", False, 1),
        ("0001", "L2", True, 0),
        ("0002", "L1", False, 1),
        ("0002", "L2", True, 0),
    ]
    assert ours[0].periods[0].due_on == date(2021, 11, 15)
    assert len(found.to("", ("乙局",))) == 2
    # Those that are the heir's already are left out; of an heir of the same name only by its code, too.
    assert found.to("350425-nr", (), but=("350425-nr", "甲局")) == []
    assert len(found.to("350425-nr", (), but=("350425-nr-20260101", "甲局"))) == 4
