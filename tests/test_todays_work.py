"""What registry and books have for the page of the day: each part with what belongs to it, for whom it is."""

from __future__ import annotations

from contextlib import closing
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import update

from activities.books import Books
from activities.database import Database
from activities.sqlite_library import sqlite3
from activities.todays_work import Asked, TodaysWork, todays_work
from bench import many_cases, many_papers
from models.dates import at_hour, day_in_china
from models.notices import Notice
from models.tables import IncomingTable
from tests.days_work import DAY, fill, number, project
from tests.sample_rows import letter_row

pytest_plugins = ["tests.databases"]


def page(database: Database, **asked: Any) -> TodaysWork:
    usual = {"today": DAY, "until": date(2021, 11, 18), "since": date(2021, 11, 12)}
    return todays_work(database, Asked(**usual | asked))


def cases(part: Any) -> list[int]:
    return [int(line.case.case[-4:]) for line in part.lines]


def test_every_part_has_its_own_and_no_more(database: Database) -> None:
    fill(database, DAY)
    found = page(database)
    assert cases(found.overdue) == [1, 20]
    assert cases(found.expired) == [2]
    assert cases(found.due) == [3]
    assert [each.id for each in found.tray.lines] == ["收文-9"]
    assert [(each.case.case, each.row.id) for each in found.unmatched.lines] == [(number(6), "收文-1")]
    assert cases(found.unserved) == [7, 8]
    assert cases(found.unassessed) == [10]
    assert [(each.case.case, each.row.letter) for each in found.pending.lines] == [
        (number(11), "L1"),
        (number(12), "L1"),
    ]
    assert cases(found.look_backs) == [13]
    assert [each.key for each in found.mails.lines] == [f"{number(2)}/L1/x"]
    assert found.overdue.lines[1].letter is not None and found.overdue.lines[1].letter.urged == 1


def test_papers_that_came_since_the_last_working_day_are_new(database: Database) -> None:
    fill(database, DAY)
    with database.writing() as session:
        session.connection().execute(update(IncomingTable).values(entered_at=at_hour(date(2021, 11, 1), 9)))
    assert [each.received_on for each in page(database).arrived.lines] == [date(2021, 11, 12)]
    assert len(page(database, since=date(2021, 11, 1)).arrived.lines) == 2
    assert len(page(database, since=DAY).arrived.lines) == 0


def test_a_page_is_of_a_clerk_or_a_county(database: Database) -> None:
    fill(database, DAY)
    theirs = page(database, handler="王五")
    assert cases(theirs.overdue) == [20]
    assert page(database, county="350481") == theirs
    others = (theirs.expired, theirs.due, theirs.tray, theirs.unmatched, theirs.arrived, theirs.unserved)
    assert not any(
        part.total for part in (*others, theirs.unassessed, theirs.pending, theirs.look_backs, theirs.mails)
    )
    own = page(database, handler="张三", county="350425")
    assert (
        cases(own.overdue) == [1] and own.tray.total == 1 and own.mails.total == 1 and own.arrived.total == 2
    )
    assert page(database, handler="张三", county="350481").overdue.total == 0


def test_a_digest_is_of_whom_it_carries_something(database: Database) -> None:
    fill(database, DAY)
    books = Books(database)
    notice = Notice(
        key="k",
        case=number(3),
        to=("张三",),
        subject="提醒",
        body="x",
        on=DAY,
        at=at_hour(DAY, 8),
        digest=True,
    )
    books.add(notice)
    assert books.bundle(datetime.min.time()) == 1
    [digest] = [each.notice.key for each in books.deliveries() if each.notice.key.startswith("digest")]
    books.sending(digest, "x@example.gov.cn", channel="smtp")
    books.refused(digest, "查无此人")
    day = day_in_china(datetime.now(UTC))
    lately = {"today": day, "since": day, "until": day}
    assert digest in [each.key for each in page(database, handler="张三", **lately).mails.lines]
    assert digest not in [each.key for each in page(database, handler="王五", **lately).mails.lines]


def test_a_page_that_is_cut_is_the_beginning_of_the_whole(database: Database) -> None:
    """Of each part, for everybody and for one of them."""
    with database.writing() as session:
        many_cases.insert(session.connection(), 400)
        many_papers.insert(session.connection(), 400)
    today = many_cases.TODAY
    asked = {"today": today, "until": today + timedelta(days=9), "since": today - timedelta(days=60)}
    for whose in ({}, {"county": "350481"}, {"handler": "王志强"}):
        whole, cut = page(database, **asked, **whose), page(database, **asked, **whose, most=3)
        for part in fields(TodaysWork):
            every, first = getattr(whole, part.name), getattr(cut, part.name)
            assert first.lines == every.lines[:3], (part.name, whose)
            assert first.total == every.total == len(every.lines), (part.name, whose)
    whole = page(database, **asked)
    assert all(
        getattr(whole, part.name).total
        for part in fields(TodaysWork)
        if part.name not in ("pending", "mails")
    )
    assert [each.case.case for each in whole.look_backs.lines] == sorted_by_hand(today + timedelta(days=9))


def sorted_by_hand(until: date) -> list[str]:
    """The cases with a look-back until a day, from the made-up rows themselves."""
    found = [
        (row.due_on, not made.case.is_focus, made.case.case)
        for made in many_cases.cases(400)
        for row in made.deadlines
        if row.rule == "local.look_back" and row.state == "running" and row.due_on and row.due_on <= until
    ]
    return [case for _, _, case in sorted(found)]


def test_a_long_part_says_how_much_there_is(database: Database) -> None:
    for place in range(1, 16):
        project(database, place, letters=(letter_row("L1", number(place)),))
    found = page(database, most=10).unserved
    assert (len(found.lines), found.total) == (10, 15)
    assert page(database, most=15).unserved.total == 15


@pytest.mark.parametrize("whose", [{}, {"county": "350481"}, {"handler": "张三"}])
def test_sqlite_answers_by_the_indexes_that_hold_all_it_asks(tmp_path: Path, whose: dict[str, str]) -> None:
    """Without them the page of the day takes seconds where there are a hundred thousand cases, as it once did."""
    database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    database.migrate()
    asked: list[tuple[str, Any]] = []
    event.listen(
        database._engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, given, context, many: asked.append((statement, given)),
    )
    page(database, most=10, **whose)
    with closing(sqlite3.connect(tmp_path / "registry.db")) as connection:
        plans = [
            "\n".join(step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given))
            for statement, given in asked
        ]
    database.close()
    of_cases = [plan for plan in plans if "SCAN page" in plan]
    assert len(plans) == 11 and len(of_cases) == 8
    for plan in of_cases:
        # Which lines they are, and how many, is read off the one index, in its order: of the rest only what is shown.
        assert plan.count("SEARCH worklist USING COVERING INDEX ix_worklist_page") == 2, plan
        assert "worklist USING INDEX" not in plan and "TEMP B-TREE" not in plan, plan
    [arrived] = [plan for plan in plans if "incoming" in plan]
    assert "ix_incoming_received_on" in arrived and "ix_incoming_entered_at" in arrived
    assert "SCAN incoming" not in arrived
    [tray] = [plan for plan in plans if "SCAN intake" in plan]
    assert "cases" not in tray.partition("SCAN intake")[0]
