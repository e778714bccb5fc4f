"""A reach, and the walls that it puts up before every table, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from activities.books import Books, Stray
from activities.case_lists import CaseLists
from activities.database import Database
from activities.incoming_papers import Incoming, IncomingBook
from activities.numbers import NumberBook
from activities.registry import Registry
from activities.seals import SealBook
from activities.search import Search
from activities.walls import WALLED, walls
from models.errors import InputError, Refusal
from models.notices import Notice
from models.reach import WHOLE, Level, Reach
from models.seals import Mending, Seal
from models.settings import Settings
from models.tables import Kept
from starter.doors import bounds, is_within, out_of_reach
from tests.sample_rows import case_row, deadline_row, letter_row, snapshot
from tests.script_runs import ROOT

pytest_plugins = ["tests.databases"]

OWN, OTHER, INNER = "urging-350481-2026-0001", "urging-350421-2026-0001", "urging-350481-2026-0002"
COUNTY = Reach(("350481",), Level.ORDINARY, "永安市院")
NOW = datetime(2026, 1, 5, tzinfo=UTC)
# Nothing of a case stands in these.
OPEN_TO_ALL = {"rebuilds", "search_grams", "designations", "addresses", "absences", "editions"}


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        (WHOLE, {OWN, OTHER, INNER}),
        (Reach(("350481",)), {OWN, INNER}),
        (Reach(level=Level.ORDINARY), {OWN, OTHER}),
        (COUNTY, {OWN}),
        (Reach(("350421", "350481")), {OWN, OTHER, INNER}),
        (Reach(("350400",)), {OWN, OTHER, INNER}),
        (Reach(("350000",), Level.ORDINARY), {OWN, OTHER}),
        (Reach(("350500",)), set()),
        (Reach(("350430",)), set()),
    ],
)
def test_a_reach_is_a_where_clause_before_every_table(
    filled: Database, address: str, reach: Reach, seen: set[str]
) -> None:
    levels = {OWN: "ordinary", OTHER: "ordinary", INNER: "internal"}
    assert {case for case, level in levels.items() if reach.has(case[7:13], level)} == seen
    desk = Database(address, reach=reach)
    try:
        with desk.reading() as session:
            for table in WALLED:
                found = session.connection().execute(text(f'SELECT * FROM "{table}"')).mappings().all()
                cases = {each for row in found for each in _cases_in(dict(row))}
                assert cases == seen, table
        assert {row.case for row in CaseLists(desk).cases().rows} == seen
        assert Search(desk).find(["督促"]).total == len(seen)
        assert {number.key for number in NumberBook(desk).numbers(book="case")} == {
            f"own-{each}" for each in seen
        }
    finally:
        desk.close()


def _cases_in(row: dict[str, object]) -> list[str]:
    """The cases that a row is of, by whichever of its columns names them."""
    words = " ".join(str(value) for value in row.values())
    if row.get("book") == "case":
        words = f"{row['kind']}-{row['county']}-{row['year']}-{row['number']:04d}"
    return [case for case in (OWN, OTHER, INNER) if case in words]


@pytest.fixture
def filled(database: Database) -> Database:
    """Three cases, each with a row in every table that has something of a case."""
    registry, books = Registry(database), IncomingBook(database)
    for case in (OWN, OTHER, INNER):
        county, number = case[7:13], int(case[-4:])
        row = case_row(
            case,
            title="督促案",
            county=county,
            place="某村",
            level="internal" if case == INNER else "ordinary",
        )
        registry.project(
            snapshot(
                1, row, letters=(letter_row("L1", case),), deadlines=(deadline_row("L1/jy.reply", case),)
            ),
            run="r",
            run_started_at=NOW,
        )
        _rows_below(database, case)
        assert Books(database).case_number(county, "urging", 2026, f"own-{case}") == number
        books.number(county, "suggestion", 2026, f"{case}/D1")
        books.register_official(f"{county}院", "suggestion", 2026, f"检建〔2026〕{number}号", f"{case}/D1")
        books.enter(
            Incoming(case=case, digest=case, name="回复.pdf", received_on=date(2026, 1, 5), what="回复")
        )
        Books(database).add(_notice(case, case))
        Books(database).keep(_stray(case))
        seal: dict[str, Any] = {
            "voucher": "a" * 64,
            "head": "b" * 64,
            "run": "r",
            "program": "0.1.0",
            "sealed_at": NOW,
        }
        SealBook(database).enter(Seal(folder=case, case=case, **seal))
        SealBook(database).record([Mending(case=case, at=NOW, place=1, what="纸", source="备份", by="周九")])
    return database


def _rows_below(database: Database, case: str) -> None:
    with database.writing() as session:
        for statement in (
            "INSERT INTO items VALUES (:case, '地块', 0, '地块', 'other', 'open', '', NULL, '', NULL)",
            "INSERT INTO meetings VALUES (:case, 'M1', 0, 'x', '', NULL, '', 0, NULL, '')",
            "INSERT INTO links VALUES (:case, 'elsewhere', 0, 'related', '', :yes, '')",
            "INSERT INTO papers VALUES (:case, 'in', 'x', 0, '', '', 0, '')",
            "INSERT INTO facts VALUES (:case, 'x', 0, 1, 'happened', '', '', '', 'applied', '')",
        ):
            session.connection().execute(
                text(statement), {"case": case, "yes": True} if ":yes" in statement else {"case": case}
            )


def _notice(case: str, key: str) -> Notice:
    return Notice(key=f"{key}/x", case=case, to=("张三",), subject="题", body="文\n", on=NOW.date(), at=NOW)


def _stray(case: str) -> Stray:
    return Stray(id=f"s-{case}", case=case, name="x", content="{}", why="办结", received_at=NOW)


def test_every_table_with_something_of_a_case_is_walled() -> None:
    assert set(Kept.metadata.tables) == {*WALLED} | OPEN_TO_ALL
    assert walls(WHOLE, postgresql=True) == walls(WHOLE, postgresql=False) == ()
    assert len(walls(COUNTY, postgresql=False)) == len(WALLED)


def test_what_belongs_to_no_case_is_the_citys(filled: Database, address: str) -> None:
    Books(filled).keep(_stray(""))
    Books(filled).keep(_stray("urging-350481-2026-0999"))
    desk = Database(address, reach=COUNTY)
    assert [each.case for each in Books(desk).waiting()] == [OWN]
    assert len(Books(filled).waiting()) == 5
    desk.close()


def test_a_digest_is_seen_when_all_in_it_is(filled: Database, address: str) -> None:
    books = Books(filled)
    for name, cases in (("own", (OWN,)), ("both", (OWN, OTHER))):
        books.add(_notice("", name))
        for case in cases:
            books.add(_notice(case, f"{name}-{case}"))
            with filled.writing() as session:
                carried = {"within": f"{name}/x", "key": f"{name}-{case}/x"}
                session.connection().execute(
                    text("UPDATE deliveries SET within = :within WHERE key = :key"), carried
                )
    desk = Database(address, reach=COUNTY)
    keys = {each.notice.key for each in Books(desk).deliveries(limit=99)}
    assert {f"{OWN}/x", "own/x"} <= keys
    assert not {"both/x", f"{OTHER}/x", f"both-{OTHER}/x"} & keys
    desk.close()


def test_what_is_hidden_is_neither_numbered_nor_opened_twice(filled: Database, address: str) -> None:
    desk = Database(address, reach=COUNTY)
    books = IncomingBook(desk)
    assert not books.known_case(OTHER) and not books.known_case(INNER) and books.known_case(OWN)
    assert books.known_case(INNER, key="another key")
    assert books.case_number("350481", "urging", 2026, "new") == 3
    assert books.gaps(book="case") == []
    with pytest.raises(Refusal, match="已由另一件文书使用") as refused:
        books.register_official("350481院", "suggestion", 2026, "检建〔2026〕2号", f"{OWN}/D9")
    assert INNER not in str(refused.value)
    for key in (f"{OTHER}/x", f"{INNER}/x", "no/x"):
        with pytest.raises(Refusal, match=f"没有排队的通知 {key}"):
            Books(desk).again(key)
    Books(desk).again(f"{OWN}/x")
    desk.close()


def test_the_door(filled: Database, address: str) -> None:
    desk = Database(address, reach=COUNTY)
    unborn = "urging-350481-2026-0099"
    assert [is_within(desk, each) for each in (OWN, OTHER, INNER, unborn)] == [True, False, False, False]
    desk.close()
    county = Database(address, reach=Reach(("350481",)))
    assert [is_within(county, each) for each in (OWN, OTHER, INNER, unborn)] == [True, False, True, True]
    county.close()
    assert str(out_of_reach(OTHER)).replace(OTHER, "") == str(out_of_reach(INNER)).replace(INNER, "")


def test_settings_say_the_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().reach == WHOLE and bounds(Settings()) == ""
    monkeypatch.setenv("MINGJIAN_DESK_COUNTIES", "350481，350421, ")
    monkeypatch.setenv("MINGJIAN_DESK_LEVEL", "普通")
    settings = Settings()
    assert settings.reach == Reach(("350481", "350421"), Level.ORDINARY)
    assert bounds(settings) == "永安市、明溪县的普通案件"
    assert bounds(Settings(desk_counties=("350481",), desk_level=Level.INTERNAL)) == "永安市的案件"
    assert bounds(Settings(desk_counties=())) == "普通案件"


@pytest.mark.parametrize("places", ["永安", "35048", "3504811", "350481;350421", "'350481'"])
def test_a_place_is_six_digits(monkeypatch: pytest.MonkeyPatch, places: str) -> None:
    from models.settings import load_settings

    monkeypatch.setenv("MINGJIAN_DESK_COUNTIES", places)
    with pytest.raises(InputError, match="六位数字"):
        load_settings()


def test_whatever_the_script_opens_is_opened_by_its_desk() -> None:
    """A database that is opened without a reach is seen whole: only what serves everybody may open it so."""
    bare = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "starter").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "Database"
        and not any(each.arg == "reach" for each in call.keywords)
    ]
    assert bare == [], "open it with reach=settings.reach"
    assert Path(ROOT / "worker.py").read_text(encoding="utf-8").count("Database(") == 1
