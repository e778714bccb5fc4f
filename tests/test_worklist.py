"""What of a case waits for somebody, from its rows alone; and what an upgrade makes of the rows that are there."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, select, text

from activities.database import Database, alembic_config
from models import worklist as module
from models.enforcement.readings import READINGS
from models.rows import CaseRow
from models.tables import Kept
from models.worklist import NO_DAY, worklist
from tests.days_work import DAY, fill
from tests.sample_rows import CASE, case_row, deadline_row, fact_row, letter_row

pytest_plugins = ["tests.databases"]

LAST = date(2021, 11, 15)
WORKLIST = Kept.metadata.tables["worklist"]


def waits(case: CaseRow | None = None, **parts: tuple[Any, ...]) -> list[tuple[str, str]]:
    """What waits, and on what."""
    names = ("letters", "deadlines", "facts")
    lines = worklist(case or case_row(), *(parts.get(name, ()) for name in names))
    return [(line.what, line.key) for line in lines]


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"rule": "jy.reply"}, ["expiry", "due"]),
        ({"rule": "jy.reply", "state": "expired"}, ["expiry"]),
        ({"rule": "jy.reply", "state": "expired", "is_overdue": True}, ["overdue"]),
        ({"rule": "jy.reply", "is_overdue": True}, ["overdue", "due"]),
        ({"rule": "jy.reply", "state": "met"}, []),
        ({"rule": "jy.reply", "ended": "撤回"}, []),
        ({"rule": "jy.reply", "is_overdue": True, "ended": "撤回"}, []),
        ({"rule": "jy.reply", "state": "suspended"}, []),
        ({"rule": "jy.objection"}, ["due"]),  # nobody is late who objects to nothing
        ({"rule": "local.service"}, []),  # the letter itself stands there
        ({"rule": "local.look_back"}, ["look_back"]),
        ({"rule": "local.look_back", "state": "expired"}, ["look_back"]),
    ],
)
def test_what_waits_on_a_period(fields: dict[str, Any], what: list[str]) -> None:
    assert waits(deadlines=(deadline_row("L1/x", **fields),)) == [(each, "L1/x") for each in what]


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"state": "drafted"}, ["pending"]),
        ({"state": "approved"}, ["pending"]),
        ({"state": "issued"}, ["unserved"]),
        ({"state": "refused_service"}, ["unserved"]),
        ({"state": "issued", "replaced_by": "L2"}, []),
        ({"state": "served", "served_on": "2021-09-16"}, []),
        ({"state": "replied", "type": "suggestion"}, ["unassessed"]),
        ({"state": "replied", "type": "withdrawal_notice"}, []),
        ({"state": "assessed"}, []),
    ],
)
def test_what_waits_on_a_letter(fields: dict[str, Any], what: list[str]) -> None:
    assert waits(letters=(letter_row("L1", **fields),)) == [(each, "L1") for each in what]


def test_a_document_to_several_waits_once_and_a_letter_out_each_for_itself() -> None:
    drafts = tuple(letter_row(f"L{number}", state="drafted") for number in (1, 2))
    other = letter_row("L3", state="drafted", document="D2")
    assert waits(letters=(*drafts, other)) == [("pending", "L1"), ("pending", "L3")]
    out = tuple(letter_row(f"L{number}") for number in (1, 2))
    assert waits(letters=out) == [("unserved", "L1"), ("unserved", "L2")]


def test_an_entry_that_fits_nothing_waits() -> None:
    unmatched = fact_row(2).model_copy(update={"how": "unmatched"})
    assert waits(facts=(fact_row(1), unmatched)) == [("unmatched", "f2")]


def test_a_line_says_its_day_and_of_whom_it_is() -> None:
    case = case_row(county="350481", handler="王五", is_focus=False)
    spans = deadline_row("L1/jy.objection", due_on=None, due_to=LAST)
    bare = deadline_row("L2/jy.objection", due_on=None)
    lines = worklist(case, [letter_row("L1", issued_on=None)], [spans, bare], [])
    assert [line.day for line in lines] == [LAST, NO_DAY, NO_DAY]
    assert {(line.case, line.county, line.handler, line.is_focus) for line in lines} == {
        (CASE, "350481", "王五", False)
    }


@pytest.mark.parametrize(
    ("fields", "periods", "letters"),
    [
        ({}, True, True),
        ({"closed_on": LAST, "stage": "look_back"}, True, False),
        ({"closed_on": LAST, "stage": "archived"}, False, False),
    ],
)
def test_what_has_left_the_desk(fields: dict[str, Any], periods: bool, letters: bool) -> None:
    rows = [letter_row()], [deadline_row("L1/local.look_back")], [fact_row(1)]
    lines = worklist(case_row(**fields), *rows)
    assert [(line.what, line.on_desk) for line in lines] == [("look_back", periods), ("unserved", letters)]


def test_what_it_says_is_what_the_last_filling_said() -> None:
    """Lines are judged when they are written: who changes what decides adds a step to the migrations that fills them again."""
    decides = (
        module._late_rules(),
        module._ASSESSED,
        module._UNSERVED,
        module._DRAFTS,
        module._UNMET,
        module._APART,
    )
    told = [sorted(each) for each in decides] + [sorted(READINGS)]
    assert sha256(repr(told).encode()).hexdigest()[:12] == "b19ec06f8309", "filled last by the step 0013"


def test_an_upgrade_fills_it_as_the_cases_would(database: Database) -> None:
    """The rows of a registry of today, put into one without a worklist, which is then brought up to date."""
    fill(database, DAY)
    names = ("cases", "letters", "deadlines", "facts")
    with database.reading() as session:
        tables = {name: Kept.metadata.tables[name] for name in names}
        held = {
            name: [dict(row) for row in session.connection().execute(select(each)).mappings()]
            for name, each in tables.items()
        }
        written = lines_of(session.connection())
    assert {line[1] for line in written} >= {"overdue", "expiry", "due", "look_back", "pending", "unmatched"}
    with database.writing() as session:
        connection = session.connection()
        for name in reversed(Kept.metadata.sorted_tables):
            connection.execute(text(f'DROP TABLE "{name}"'))
        connection.execute(text("DROP TABLE alembic_version"))
        command.upgrade(alembic_config(connection), "0012")
        for name in names:
            connection.execute(tables[name].insert(), held[name])
    database.migrate()
    with database.reading() as session:
        assert lines_of(session.connection()) == written


def lines_of(connection: Connection) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in connection.execute(select(WORKLIST))}
