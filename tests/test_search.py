"""Search: what is found is what a reading of every text finds, on every database; the index follows its cases."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

import activities.database
from activities import search, search_index
from activities.books import Books
from activities.case_lists import CaseFilter
from activities.database import Database
from activities.rebuilds import Rebuilds
from activities.registry import Registry
from activities.search import Search
from models.errors import InputError
from models.numbering import own_number, own_number_key
from models.rows import DeadlineRow, ItemRow, Snapshot
from models.searching import Line, SearchPlace, grams
from models.tables import Kept
from models.terms import CaseKind
from tests.sample_rows import CASE, case_row, letter_row, snapshot
from tests.test_registry import changes_seen

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, 1, 2, 3, 456789, tzinfo=UTC)
CASES = tuple(f"urging-350425-2021-{number:04d}" for number in range(1, 7))
TEXTS, GRAMS = Kept.metadata.tables["search_texts"], Kept.metadata.tables["search_grams"]


def project(database: Database, each: Snapshot) -> None:
    now = datetime.now(UTC)
    assert Registry(database).project(each, run=now.isoformat(), run_started_at=now)


def named(database: Database, *words: str, **which: Any) -> list[str]:
    """The cases that are found."""
    return [each.row.case for each in Search(database).find(words, **which).found]


def index(database: Database) -> dict[str, set[tuple[Any, ...]]]:
    with database.reading() as session:
        connection = session.connection()
        return {
            table.name: {tuple(row) for row in connection.execute(select(table))} for table in (TEXTS, GRAMS)
        }


def drop(database: Database) -> None:
    with database.writing() as session:
        for table in (TEXTS, GRAMS):
            session.connection().execute(delete(table))


# found is what a reading finds

ALPHABET = "甲乙丙村地〔［[（〕Ａa1２ 　\0\n𬒈𠮷é㎡ｶ"
WRITTEN = st.text(ALPHABET, max_size=12) | st.text("甲乙丙", max_size=8) | st.text("12２-甲", max_size=12)
WANTED = (
    st.text(ALPHABET, min_size=1, max_size=4)
    | st.text("甲乙丙", min_size=1, max_size=5)
    | st.text("12２-", min_size=3, max_size=6)
)


@st.composite
def texts_and_words(draw: st.DrawFn) -> tuple[list[tuple[str, ...]], list[str]]:
    """Title, place, recipient and 文号 of each case; words, of which some are pieces of them."""
    texts = draw(st.lists(st.tuples(*[WRITTEN] * 4), min_size=len(CASES), max_size=len(CASES)))
    words = draw(st.lists(WANTED, min_size=1, max_size=2))
    whole = draw(st.sampled_from([text for each in texts for text in each]))
    if whole:
        at = draw(st.integers(0, len(whole) - 1))
        words.append(whole[at : at + draw(st.integers(1, 6))])
    return texts, [word for word in words if plain(word)]


def plain(text: str) -> str:
    """What a text is compared by, said once more, of the whole text at once."""
    for shape in "〔【［（(":
        text = text.replace(shape, "[")
    for shape in "〕】］）)":
        text = text.replace(shape, "]")
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in text if not each.isspace() and each != "\0")


@pytest.mark.parametrize("frequent", [0, 3, 2000], ids=["by reading", "by both", "by the index"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(made=texts_and_words())
def test_what_is_found_is_what_a_reading_of_every_text_finds(
    database: Database, frequent: int, made: tuple[list[tuple[str, ...]], list[str]]
) -> None:
    texts, words = made
    for case, (title, place, recipient, number) in zip(CASES, texts, strict=True):
        letter = letter_row(case=case, recipient=recipient, official_no=number)
        project(database, snapshot(1, case_row(case, title=title, place=place), letters=(letter,)))
    if words:
        before, search._FREQUENT = search._FREQUENT, frequent
        try:
            found = named(database, *words)
        finally:
            search._FREQUENT = before
        assert found == [
            case
            for case, each in zip(CASES, texts, strict=True)
            if all(any(plain(word) in plain(text) for text in (case, *each)) for word in words)
        ]
    held = index(database)
    assert held["search_grams"] == {
        (each, case) for case, text in held["search_texts"] for each in grams(str(text))
    }
    drop(database)
    with database.writing() as session:
        search_index.fill(session.connection())
    assert index(database) == held


@pytest.mark.parametrize(
    ("title", "word", "is_found"),
    [
        ("甲乙丙甲乙", "丙甲乙丙", False),
        ("甲乙丙甲乙", "丙甲乙", True),
        ("前洋村耕地案", "村", True),
        ("某村", "村", True),
        ("某村", "案", False),
        ("𬒈口采石场", "𬒈", True),
        ("采石场𠮷", "𠮷", True),
        ("𬒈口", "口𬒈", False),
        ("Ａ区GB 50137标准", "gb50137", True),
        ("占地1200㎡", "1200m2", True),
        ("戶\uf9d1", "六", True),
        ("辻\U000e0100某", "辻某", True),
        ("甲\u200b乙", "甲乙", True),
    ],
)
def test_words_are_found_by_their_characters(
    database: Database, title: str, word: str, is_found: bool
) -> None:
    project(database, snapshot(1, case_row(title=title)))
    assert named(database, word) == ([CASE] if is_found else [])


def test_a_word_of_many_pairs_is_found_where_it_stands_whole(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Portion by portion, among cases that have the rarest of its pairs, and all of them but not together."""
    word = "甲乙丙丁戊己庚辛壬"
    others = (word[:-1], word[1:], f"{word[:4]}与{word[3:]}", "、".join(map("".join, pairwise(word))))
    for case, title in zip(CASES, (*others, word, f"某{word}案"), strict=True):
        project(database, snapshot(1, case_row(case, title=title)))
    for portion in (1, 2, 2000):
        monkeypatch.setattr(search, "_PORTION", portion)
        assert named(database, word) == list(CASES[4:])
        assert named(database, word[2:8], "与") == []
        assert named(database, word[3:8], "与") == [CASES[2]]


def test_no_word_goes_over_the_end_of_a_text(database: Database) -> None:
    project(database, snapshot(1, case_row(title="甲乙", place="丙丁")))
    assert named(database, "乙丙") == []
    assert named(database, "乙", "丙") == [CASE]


# what is searched


def party(case: str, name: str) -> DeadlineRow:
    return DeadlineRow(case=case, key="k", rule="ag.pay", letter="", party=name, state="running", ended="")


def test_every_text_of_a_case_is_searched_and_told_by_its_place(database: Database) -> None:
    number = own_number_key(CaseKind.URGING, "永检行监〔2025〕3号")
    assert Books(database).case_number("350425", "urging", 2021, number) == 1
    letter = letter_row(
        recipient="大田县自然资源局",
        copies_to="大田县人民政府、大田县林业局",
        official_no="田检建〔2021〕5号",
    )
    item = ItemRow(
        case=CASE,
        item="1",
        what="清运",
        kind="demolish",
        state="open",
        next_milestone="",
        area_m2=None,
        owner="水利局",
    )
    held = snapshot(
        1,
        case_row(county_name="大田县"),
        letters=(letter,),
        deadlines=(party(CASE, "欧阳𬒈"),),
        items=(item,),
    )
    project(database, held)
    project(database, snapshot(1, case_row(CASES[1])))
    for word, place, text in (
        ("2021-0001", "编号", CASE),
        ("占用耕地", "标题", "督促整改占用耕地案"),
        ("某村", "地点", "大田县某村"),
        ("自然资源", "单位", "大田县自然资源局"),
        ("林业局", "单位", "大田县林业局"),
        ("阳𬒈", "单位", "欧阳𬒈"),
        ("水利局", "单位", "水利局"),
        ("田检建(2021)5号", "文号", "田检建〔2021〕5号"),
        ("永检行监[2025]3号", "文号", "永检行监〔2025〕3号"),
        ("永检行监 ２０２５".replace(" ", "〔"), "文号", "永检行监〔2025〕3号"),
    ):
        found = next(each for each in Search(database).find([word]).found if each.row.case == CASE)
        assert found.row == held.case
        assert found.lines == (Line(SearchPlace(place), text),)
    assert named(database, "大田县人民检察院") == []


def test_an_own_number_is_read_from_its_key() -> None:
    assert own_number(own_number_key(CaseKind.URGING, "甲/number/乙")) == "甲/number/乙"
    assert own_number("urging/digest/0f") == own_number("taken-over/urging-350425-2021-0001") == ""


# the index follows its cases


def test_an_unchanged_text_costs_no_write_and_a_changed_one_what_differs(database: Database) -> None:
    project(database, snapshot(1, case_row(title="甲乙丙")))
    with changes_seen() as seen:
        project(database, snapshot(2, case_row(title="甲乙丙", stage="replied", is_overdue=True)))
    assert seen == []
    with changes_seen() as seen:
        project(database, snapshot(3, case_row(title="甲乙丁")))
    assert seen == [("UPDATE search_texts", 1), ("DELETE search_grams", 2), ("INSERT search_grams", 2)]


def test_what_an_older_snapshot_says_is_not_indexed(database: Database) -> None:
    registry = Registry(database)
    registry.project(snapshot(5, case_row(title="新题")), run="r1", run_started_at=RUN)
    assert not registry.project(snapshot(4, case_row(title="旧题")), run="r1", run_started_at=RUN)
    assert named(database, "新题") == [CASE] and named(database, "旧题") == []


def test_a_case_that_is_taken_out_leaves_nothing_behind(database: Database) -> None:
    project(database, snapshot(1, case_row(title="甲案")))
    project(database, snapshot(1, case_row(CASES[1], title="乙案")))
    kept = {row for row in index(database)["search_grams"] if row[1] == CASES[1]}
    Rebuilds(database).begin("周九", {CASE})
    assert index(database)["search_grams"] == kept
    assert named(database, "案") == [CASES[1]]
    Rebuilds(database).take_out(CASES[1])
    assert index(database) == {"search_texts": set(), "search_grams": set()}


def test_pairs_left_behind_by_a_deletion_find_nothing_and_stop_nothing(database: Database) -> None:
    project(database, snapshot(1, case_row(title="甲乙丙")))
    with database.writing() as session:
        session.connection().execute(delete(Kept.metadata.tables["cases"]))
    assert named(database, "甲乙丙") == []
    project(database, snapshot(1, case_row(title="甲乙丙")))
    assert named(database, "甲乙丙") == [CASE]


def test_the_cases_of_the_release_before_are_found_once_it_is_upgraded(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = activities.database.MIGRATIONS / "versions"
    before = tmp_path / "migrations"
    (before / "versions").mkdir(parents=True)
    for path in (*activities.database.MIGRATIONS.glob("*.*"), *versions.glob("*_000[0-8].py")):
        (before / path.relative_to(activities.database.MIGRATIONS)).write_bytes(path.read_bytes())
    database = Database(address)
    with monkeypatch.context() as patched:
        patched.setattr(activities.database, "MIGRATIONS", before)
        database.migrate()
    Books(database).case_number(
        "350425", "urging", 2021, own_number_key(CaseKind.URGING, "永检行监〔2021〕3号")
    )
    monkeypatch.setattr(search_index, "_PORTION", 2)
    with database.writing() as session:
        connection = session.connection()
        for case in CASES:
            row = {**case_row(case, title=f"{case}之\0案").__dict__, "run": "r1", "run_started_at": RUN}
            row |= {"revision": 1, "settling": 0}
            del row["level"]
            connection.execute(Kept.metadata.tables["cases"].insert(), row)
            letter = {"position": 0, **letter_row(case=case, recipient=f"第{case[-1]}局").__dict__}
            connection.execute(Kept.metadata.tables["letters"].insert(), letter)
    database.migrate()
    assert named(database, "之案") == list(CASES)
    assert named(database, "第4局") == [CASES[3]]
    assert named(database, "永检行监[2021]3") == [CASES[0]]
    held = index(database)
    for case in CASES:
        title = f"{case}之\0案"
        letter_of = letter_row(case=case, recipient=f"第{case[-1]}局")
        with changes_seen() as seen:
            project(database, snapshot(1, case_row(case, title=title), letters=(letter_of,)))
        assert seen == []
    assert index(database) == held
    database.close()


# pages


def test_what_is_found_is_filtered_and_paged_by_id(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case in reversed(CASES):
        closed_on = date(2021, 12, 1) if case == CASES[2] else None
        county = "350481" if case == CASES[3] else "350425"
        project(database, snapshot(1, case_row(case, closed_on=closed_on, county=county)))
    assert named(database, "耕地") == list(CASES)
    assert named(database, "耕地", wanted=CaseFilter(open_only=True, county="350425")) == [
        case for case in CASES if case not in CASES[2:4]
    ]
    assert named(database, "耕地", limit=2, offset=3) == list(CASES[3:5])
    assert named(database, "耕地", limit=2, offset=9) == []
    monkeypatch.setattr(search, "COUNTED", 4)
    page = Search(database).find(["耕地"], limit=3)
    assert (len(page.found), page.total, page.is_more) == (3, 4, True)
    page = Search(database).find(["耕地"], limit=3, offset=3)
    assert (len(page.found), page.total, page.is_more) == (3, 6, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "没有写明"),
        (["", "耕地"], "没有写明"),
        ([" \u200b\0"], "没有写明"),
        (["甲" * 61], "太长"),
        ([chr(0x4E00 + at) for at in range(9)], "9 个词"),
    ],
)
def test_words_that_are_none_are_not_understood(database: Database, words: Sequence[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Search(database).find(words)
