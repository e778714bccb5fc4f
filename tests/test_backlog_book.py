"""Books and registry asked and written by the hundred, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from activities.backlog import BacklogBook, OfficialNumber, ToNumber, portions
from activities.case_lists import CaseFilter
from activities.database import Database
from activities.numbers import TAKEN_OVER
from activities.registry import Registry
from activities.registry_pages import RegistryPages
from models.dates import at_hour
from models.errors import Refusal
from models.numbering import CaseId
from models.terms import CaseKind
from tests.sample_rows import case_row, letter_row, snapshot

pytest_plugins = ["tests.databases"]

RUN = at_hour(date(2021, 9, 15), 9)


def wanted(place: int, county: str = "350425", **changes: Any) -> ToNumber:
    return ToNumber(county=county, kind=CaseKind.URGING, year=2021, key=f"urging/number/{place}", **changes)


def official(number: str) -> OfficialNumber:
    return OfficialNumber(
        issuer="大田县人民检察院", document_type="suggestion", year=2021, number=number, document="D1"
    )


def test_cases_are_numbered_together_and_keep_their_numbers(database: Database) -> None:
    book = BacklogBook(database)
    numbers = book.number_all([wanted(place, "350425" if place % 2 else "350481") for place in range(1200)])
    assert [each.number for each in numbers] == [place // 2 + 1 for place in range(1200)]
    assert book.number_all([wanted(7), wanted(1201)]) == [
        numbers[7],
        CaseId(CaseKind.URGING, "350425", 2021, 601),
    ]
    keys = [f"urging/number/{place}" for place in range(1300)]
    known = book.numbered(keys)
    assert len(known) == 1201 and known["urging/number/8"] == numbers[8]
    assert book.gaps(book="case") == []


def test_all_of_a_portion_is_numbered_or_nothing(database: Database) -> None:
    book = BacklogBook(database)
    book.number_all([wanted(1, official=(official("田检建〔2021〕1号"),))])
    with pytest.raises(Refusal, match="已由 urging-350425-2021-0001/D1 使用"):
        book.number_all([wanted(2), wanted(3, official=(official("田检建[2021] 1号"),))])
    twice = [wanted(place, official=(official("田检建〔2021〕9号"),)) for place in (2, 3)]
    with pytest.raises(Refusal, match="已由 urging-350425-2021-0002/D1 使用"):
        book.number_all(twice)
    assert set(book.numbered(["urging/number/2", "urging/number/3"])) == set()
    # The same again is the same.
    book.number_all([wanted(1, official=(official("田检建〔2021〕1号"),))])
    held = book.holders(["田检建（2021）1号", "田检建〔2021〕2号"])
    assert held == {
        ("大田县人民检察院", "田检建[2021]1号"): ("urging-350425-2021-0001/D1", "田检建〔2021〕1号")
    }


def test_an_official_number_that_another_enters_meanwhile_is_refused(
    database: Database, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL has many writers: the other may be done just before the series is ours."""
    taken, entered = official("田检建〔2021〕1号"), list[str]()

    def enter() -> None:
        with closing(Database(address)) as others:
            BacklogBook(others).register_official(
                taken.issuer, taken.document_type, taken.year, taken.number, "urging-350425-2021-0900/D1"
            )

    def lock(by: Any, name: str, call: Callable[[Any, str], None] = database.lock) -> None:
        if name.startswith("mingjian.official/") and not entered:
            entered.append(name)
            enter()
        call(by, name)

    if database.is_postgresql:
        monkeypatch.setattr(database, "lock", lock)
    else:
        enter()
    with pytest.raises(Refusal, match="已由 urging-350425-2021-0900/D1 使用"):
        BacklogBook(database).number_all([wanted(1, official=(taken,))])
    assert BacklogBook(database).numbered(["urging/number/1"]) == {}


def test_the_registry_is_read_through_in_the_order_of_ids(database: Database) -> None:
    book, registry = BacklogBook(database), Registry(database)
    numbers = [str(each) for each in book.number_all([wanted(place) for place in range(230)])]
    for number in reversed(numbers):
        letters = (letter_row("L2", number), letter_row("L1", number))
        registry.project(snapshot(case=case_row(number), letters=letters), run="r", run_started_at=RUN)
    assert book.in_registry([*numbers, "urging-350425-2021-0999"]) == set(numbers)
    found = list(RegistryPages(database).read_through(CaseFilter()))
    assert [each.case["case"] for each in found] == numbers
    assert [each.own for each in found] == [str(place) for place in range(230)]
    assert all([row["letter"] for row in each.letters] == ["L2", "L1"] for each in found)
    assert list(RegistryPages(database).read_through(CaseFilter(county="350481"))) == []


def test_a_number_that_another_house_gave_is_left_out_and_a_void_one_is_refused(database: Database) -> None:
    book = BacklogBook(database)
    book.claim_case("urging-350425-2021-0002", f"{TAKEN_OVER}urging-350425-2021-0002")
    assert [each.number for each in book.number_all([wanted(1), wanted(2), wanted(3)])] == [1, 3, 4]
    book.void("urging/number/2", "重复", book="case")
    with pytest.raises(Refusal, match="已经作废"):
        book.number_all([wanted(2), wanted(5)])
    assert book.numbered(["urging/number/5"]) == {}


def test_portions_hold_everything_once() -> None:
    assert [list(each) for each in portions(range(5), 2)] == [[0, 1], [2, 3], [4]] and list(
        portions([], 2)
    ) == []
