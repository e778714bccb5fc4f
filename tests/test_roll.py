"""第二条 联络员名册: one liaison for each office and day, a change that ends the former, and offices that have none."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from activities.database import Database
from activities.roll import RollBook
from models.bodies import Jurisdiction
from models.errors import Problem, Refusal
from models.roll import (
    Designation,
    Roll,
    department_of,
    designate,
    former_liaisons,
    liaison_on,
    missing_offices,
    offices,
    release,
)

pytest_plugins = ["tests.databases"]

CITY = Jurisdiction.load()
YONGAN = CITY.body("永安市人民检察院")
BUREAU = CITY.body("永安市自然资源局")
NOW = datetime(2026, 1, 4, 2, 3, 4, 567890, tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def named(person: str, since: str, office: str = YONGAN.code, **fields: Any) -> Designation:
    return Designation(
        office=office,
        name=CITY.bodies[office].name,
        department=department_of(CITY.bodies[office]),
        person=person,
        since=day(since),
        entered_by="书记员甲",
        entered_at=NOW,
        **fields,
    )


def rolled(*designations: Designation) -> tuple[Designation, ...]:
    """The roll after these, one after the other."""
    roll: tuple[Designation, ...] = ()
    for each in designations:
        roll = designate(roll, [each]).designations
    return roll


def released(roll: Sequence[Designation], on: str) -> tuple[Designation, ...]:
    return release(roll, YONGAN, day(on), "书记员乙", NOW).designations


def spans(roll: Sequence[Designation]) -> list[tuple[str, str, str]]:
    return [
        (each.person, f"{each.since:%m-%d}", f"{each.until:%m-%d}" if each.until else "") for each in roll
    ]


# the offices


def test_article_2_asks_a_liaison_of_both_bodies_of_the_city_and_each_county() -> None:
    asked = offices(CITY)
    assert [office.name for office in asked[:2]] == ["三明市人民检察院", "三明市自然资源局"]
    assert len(asked) == 2 * 12
    assert {department_of(office) for office in asked} == {"第四检察部", "执法监察科"}
    assert department_of(YONGAN) == "第四检察部" and department_of(BUREAU) == "执法监察科"


@pytest.mark.parametrize(
    ("on", "missing"),
    [
        ("01-04", ["永安市人民检察院", "永安市自然资源局"]),
        ("01-05", ["永安市自然资源局"]),
        ("02-01", []),
        ("03-31", []),
        ("04-01", ["永安市人民检察院"]),
    ],
)
def test_offices_without_a_liaison(on: str, missing: list[str]) -> None:
    roll = released(rolled(named("甲", "01-05"), named("乙", "02-01", BUREAU.code)), "03-31")
    found = [office.name for office in missing_offices(CITY, roll, day(on))]
    assert [name for name in found if name.startswith("永安市")] == missing
    assert len(found) == 22 + len(missing)


# one at a time


@pytest.mark.parametrize(
    ("after", "person", "since", "became"),
    [
        ([], "甲", "01-05", [("甲", "01-05", "")]),
        # the former one ends the day before, even at the turn of a month, and after one day
        ([("甲", "01-05")], "乙", "03-01", [("甲", "01-05", "02-28"), ("乙", "03-01", "")]),
        ([("甲", "01-05")], "乙", "01-06", [("甲", "01-05", "01-05"), ("乙", "01-06", "")]),
        # somebody stays, with another phone or department from that day
        ([("甲", "01-05")], "甲", "03-01", [("甲", "01-05", "02-28"), ("甲", "03-01", "")]),
        # the same again is no second one
        ([("甲", "01-05")], "甲", "01-05", [("甲", "01-05", "")]),
        ([("甲", "01-05"), ("乙", "03-01")], "甲", "01-05", [("甲", "01-05", "02-28"), ("乙", "03-01", "")]),
    ],
)
def test_a_change_ends_the_former_designation(
    after: list[tuple[str, str]], person: str, since: str, became: list[tuple[str, str, str]]
) -> None:
    roll = rolled(*(named(*each) for each in after))
    assert spans(designate(roll, [named(person, since)]).designations) == became


@pytest.mark.parametrize(
    ("person", "since", "said"),
    [
        ("乙", "03-01", "自2026-03-01起已确定丙"),
        ("乙", "02-15", "自2026-03-01起已确定丙"),
        ("乙", "01-01", "自2026-03-01起已确定丙"),
        ("甲", "02-20", "甲任联络员至2026-02-28"),
    ],
)
def test_two_at_once_are_refused(person: str, since: str, said: str) -> None:
    roll = rolled(named("甲", "01-05"), named("丙", "03-01"))
    with pytest.raises(Refusal, match=said) as refused:
        designate(roll, [named(person, since)])
    assert {problem.field for problem in refused.value.problems} == {"since"}
    assert all("起始日写在" in problem.remedy for problem in refused.value.problems)


def test_another_phone_on_the_same_day_would_alter_the_roll() -> None:
    roll = rolled(named("甲", "01-05", phone="0598-1"))
    assert designate(roll, [named("甲", "01-05")]).entered == (named("甲", "01-05", phone="0598-1"),)
    with pytest.raises(Refusal, match="电话是“0598-1”"):
        designate(roll, [named("甲", "01-05", phone="0598-2")])


def test_a_batch_is_refused_whole_with_every_problem_in_its_place() -> None:
    roll = rolled(named("甲", "01-05"))
    batch = [
        named("乙", "01-05"),
        named("丁", "01-05", BUREAU.code),
        named("戊", "02-01", BUREAU.code),
    ]

    def placed(number: int, problem: Problem) -> Problem:
        return Problem(problem.what, problem.remedy, problem.field, row=number + 1, file="名册.yaml")

    with pytest.raises(Refusal) as refused:
        designate(roll, batch, placed)
    assert [(each.row, each.field) for each in refused.value.problems] == [(1, "since"), (3, "office")]
    assert "文件 名册.yaml，第 1 行，字段 since" in str(refused.value)


@pytest.mark.parametrize(
    ("on", "became"),
    [
        ("03-31", [("甲", "01-05", "03-31")]),
        ("01-05", [("甲", "01-05", "01-05")]),
        # entered by mistake: it holds on no day
        ("01-04", [("甲", "01-05", "01-04")]),
    ],
)
def test_a_release_is_the_last_day(on: str, became: list[tuple[str, str, str]]) -> None:
    roll = released(rolled(named("甲", "01-05")), on)
    assert spans(roll) == became
    assert (roll[0].ended_by, roll[0].ended_at) == ("书记员乙", NOW)
    assert released(roll, on) == roll
    assert roll[0].is_struck is (on == "01-04")
    assert liaison_on(roll, YONGAN.code, day("12-31")) is None


def test_a_release_before_the_first_day_is_refused() -> None:
    with pytest.raises(Refusal, match="没有可以解除的联络员"):
        released((), "01-05")
    roll = rolled(named("甲", "01-05"))
    with pytest.raises(Refusal, match="不能止于2026-01-03"):
        released(roll, "01-03")
    with pytest.raises(Refusal, match="甲任至2026-03-31"):
        released(released(roll, "03-31"), "02-01")


def test_a_designation_entered_by_mistake_makes_room_for_the_right_one() -> None:
    roll = released(rolled(named("错", "01-05")), "01-04")
    roll = designate(roll, [named("对", "01-05")]).designations
    assert [each.person for each in roll if each.holds_on(day("01-05"))] == ["对"]
    roll = designate(released(roll, "01-04"), [named("错", "01-05")]).designations
    assert spans(roll) == [("错", "01-05", "01-04"), ("对", "01-05", "01-04"), ("错", "01-05", "")]


def test_former_liaisons_are_those_whose_cases_go_to_another() -> None:
    roll = rolled(named("甲", "01-05"), named("乙", "03-01"), named("甲", "05-01"), named("丙", "07-01"))
    assert former_liaisons(roll, YONGAN.code, day("01-05")) == set()
    assert former_liaisons(roll, YONGAN.code, day("03-01")) == {"甲"}
    assert former_liaisons(roll, YONGAN.code, day("05-01")) == {"乙"}
    assert former_liaisons(roll, YONGAN.code, day("07-01")) == {"甲", "乙"}
    assert former_liaisons(roll, BUREAU.code, day("07-01")) == set()


FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 20).map(lambda number: FIRST + timedelta(days=number))
STEPS = st.tuples(st.booleans(), st.sampled_from([YONGAN.code, BUREAU.code]), st.sampled_from("甲乙丙"), DAYS)


@given(st.lists(STEPS, max_size=12))
def test_an_office_has_at_most_one_liaison_on_any_day(
    steps: list[tuple[bool, str, str, date]],
) -> None:
    """Whatever was accepted; and what stands in the roll is never altered but by its end."""
    roll: tuple[Designation, ...] = ()
    for is_release, office, person, on in steps:
        before = roll
        try:
            if is_release:
                roll = release(roll, CITY.bodies[office], on, "某", NOW).designations
            else:
                roll = designate(roll, [named(person, f"{on:%m-%d}", office)]).designations
        except Refusal:
            continue
        for number in range(-1, 23):
            today = FIRST + timedelta(days=number)
            for each in (YONGAN.code, BUREAU.code):
                assert sum(one.office == each and one.holds_on(today) for one in roll) <= 1
        assert len(before) <= len(roll)
        for was, now in zip(before, roll, strict=False):
            assert was == now or (was.until is None and was == now.ended(None, "", None))  # type: ignore[arg-type]
        if not is_release:
            assert (holder := liaison_on(roll, office, on)) is not None and holder.person == person


# the book


@pytest.fixture
def book(database: Database) -> RollBook:
    return RollBook(database)


def test_what_was_entered_is_read(book: RollBook) -> None:
    first = named("甲", "01-05", phone="0598-0000000")
    assert book.designate([first, named("丁", "01-05", BUREAU.code)]).fresh == (True, True)
    assert book.designations(office=YONGAN.code) == [first]
    assert book.designate([named("乙", "03-01")]).fresh == (True,)
    assert book.designate([named("乙", "03-01")]).fresh == (False,)
    assert book.release(YONGAN, day("03-31"), "书记员乙", NOW).fresh == (True,)
    assert book.release(YONGAN, day("03-31"), "书记员乙", NOW).fresh == (False,)
    assert spans(book.designations()) == [
        ("丁", "01-05", ""),
        ("甲", "01-05", "02-28"),
        ("乙", "03-01", "03-31"),
    ]
    ended = [(each.ended_by, each.ended_at) for each in book.designations(office=YONGAN.code)]
    assert ended == [("书记员甲", NOW), ("书记员乙", NOW)]


def test_a_batch_that_is_refused_leaves_nothing(book: RollBook) -> None:
    book.designate([named("甲", "01-05")])
    with pytest.raises(Refusal):
        book.designate([named("丁", "01-05", BUREAU.code), named("乙", "01-05")])
    assert [each.person for each in book.designations()] == ["甲"]


def test_one_of_two_who_designate_at_once_is_refused(book: RollBook) -> None:
    def enter(person: str) -> Roll | None:
        try:
            return book.designate([named(person, "01-05")])
        except Refusal:
            return None

    with ThreadPoolExecutor(8) as pool:
        entered = [each for each in pool.map(enter, "甲乙丙丁戊己庚辛") if each]
    assert len(entered) == 1
    assert book.designations() == list(entered[0].designations)


def test_two_who_stand_at_once_are_more_than_the_database_takes(book: RollBook, database: Database) -> None:
    """Should anybody get round the lock."""
    book.designate([named("甲", "01-05")])
    with pytest.raises(IntegrityError), database.writing() as session:
        copy = "INSERT INTO designations SELECT office, 9, name, department, '乙', phone, since, until, entered_by,"
        session.connection().execute(text(f"{copy} entered_at, ended_by, ended_at FROM designations"))
