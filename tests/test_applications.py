"""`mingjian applications import`: a list is read strictly, compared, and what nobody told us of becomes a case (未见抄送)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from activities.database import Database
from models.bodies import Jurisdiction
from models.errors import InputError
from starter.applications import TEMPLATE, Quarter, read_list
from starter.written import read_text
from tests.script_runs import Home, home_in, system_in

BY = ("--by", "王五")
TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2021Q4", date(2021, 10, 1), date(2021, 12, 31)),
        ("2024q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2022Q2", date(2022, 4, 1), date(2022, 6, 30)),
        ("2022Q3", date(2022, 7, 1), date(2022, 9, 30)),
    ],
)
def test_a_quarter(name: str, first: date, last: date) -> None:
    quarter = Quarter.parse(name)
    assert (quarter.first, quarter.last) == (first, last)


@pytest.mark.parametrize("text", ["2021", "2021Q5", "Q4", "四季度"])
def test_what_is_no_quarter(text: str) -> None:
    with pytest.raises(InputError, match="写作 2021Q4"):
        Quarter.parse(text)


def test_the_template_is_a_list() -> None:
    found = read_list(read_text(TEMPLATE), Quarter.parse("2021Q4"), Jurisdiction.load(), TODAY)
    assert [(row.party, str(row.filed_on), row.county) for row in found.rows] == [
        ("吴某", "2021-10-11", "350481"),
        ("周某", "2021-11-02", "350481"),
    ]


def test_all_that_is_wrong_is_told_at_once_by_row_and_field() -> None:
    """Another quarter's day, a place of another city, the same number and the same application twice, a field that is none."""
    text = """\
source: 永安市自然资源局
applications:
  - {number: 1号, party: 吴某, court: 永安市人民法院, filed_on: 2021-09-30, county: 永安市}
  - {number: 1号, party: 周某, court: 永安市人民法院, filed_on: 2021-10-08, county: 福州市}
  - {party: 周某, court: 永安市人民法院, filed_on: 2021-10-08, county: 永安市}
  - {party: 郑某, court: 永安市人民法院, filed_on: 2021-10-09}
"""
    with pytest.raises(InputError) as caught:
        read_list(read_text(text, file="清单.yaml"), Quarter.parse("2021Q4"), Jurisdiction.load(), TODAY)
    told = [(each.row, each.field) for each in caught.value.problems]
    assert told == [
        (3, "applications[1].filed_on"),
        (4, "applications[2].county"),
        (4, "applications[2].number"),
        (5, "applications[3]"),
        (6, "applications[4].county"),
    ]
    assert all(each.file == "清单.yaml" and each.remedy for each in caught.value.problems)
    for wrong in ("source: 局\napplications: []", "source: 局\napplicatons: []", "- 一"):
        with pytest.raises(InputError):
            read_list(read_text(wrong), Quarter.parse("2021Q4"), Jurisdiction.load(), TODAY)
    ahead = "source: 局\ncounty: 永安市\napplications: [{party: 吴, court: 院, filed_on: 2026-03-01}]"
    with pytest.raises(InputError, match="在将来"):
        read_list(read_text(ahead), Quarter.parse("2026Q1"), Jurisdiction.load(), TODAY)


def test_compared_without_a_server(tmp_path: Path) -> None:
    """A list can be compared while the server is away: nothing is opened."""
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    database.close()
    run = home.run_here("applications", "import", "--template")
    file = home.file("清单.yaml", run.out)
    nothing = home.run_here("applications", "import")
    assert nothing.code == 2 and "没有写明清单文件" in nothing.err and "没有写明谁核对" in nothing.err
    told = home.run_here("applications", "import", file, "--quarter", "2021Q4", *BY)
    assert told.code == 0 and "不在册" in told.out and "0.0%" in told.out and "--open" in told.err
    [found] = home.run_here("applications", "import", file, "--quarter", "2021Q4", *BY, "--json").lines
    assert found["total"]["listed"] == found["total"]["unknown"] == 2 and found["opened"] == []
    away = home.run_here("applications", "import", file, "--quarter", "2021Q4", *BY, "--open")
    assert away.code == 3


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with system_in(tmp_path_factory.mktemp("system")) as (home, _):
        yield home


def stage_of(home: Home, case: str) -> str:
    return str(next(line["stage"] for line in home.run_here("list", "--json").lines if line["case"] == case))


def test_what_nobody_told_us_of_becomes_a_case_once(system: Home) -> None:
    """--open, and again: the same list opens nothing twice; a copy that comes late is then told as late."""
    file = system.file("清单.yaml", TEMPLATE)
    words = ("applications", "import", file, "--quarter", "2021Q4", *BY, "--json")
    [first] = system.run_here(*words, "--open").lines
    assert len(first["opened"]) == 2
    until = time.monotonic() + 120
    while True:
        [again] = system.run_here(*words, "--open").lines
        assert again["opened"] == []
        if again["total"]["missing"] == 2:
            break
        assert time.monotonic() < until
        time.sleep(0.3)
    assert {stage_of(system, case) for case in first["opened"]} == {"missing_copy"}
    case = next(line["case"] for line in again["lines"] if line["party"] == "吴某")
    sent = system.run_here("record", case, "抄送申请材料", "on=2021-12-01", *BY)
    assert sent.code == 0, sent.err
    while True:
        [told] = system.run_here(*words).lines
        if told["total"]["late"]:
            break
        assert time.monotonic() < until
        time.sleep(0.3)
    assert told["total"]["copy_rate"] == 0.5 and told["total"]["timely_rate"] == 0
