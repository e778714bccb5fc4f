"""`mingjian search` as staff run it: what it prints, how it ends."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from activities.books import Books
from activities.database import Database
from activities.registry import Registry
from models.numbering import own_number_key
from models.terms import CaseKind
from starter.columns import width
from tests.sample_rows import case_row, letter_row, snapshot
from tests.script_runs import Home, home_in

FIRST, SECOND, THIRD = (f"urging-350481-2025-{number:04d}" for number in (1, 2, 3))
RUN = datetime(2025, 7, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with three cases in its registry, and no server."""
    made = home_in(tmp_path_factory.mktemp("search"))
    with closing(Database(f"sqlite:///{made.folder / 'registry.db'}")) as database:
        database.migrate()
        Books(database).case_number(
            "350481", "urging", 2025, own_number_key(CaseKind.URGING, "永检行监〔2025〕3号")
        )
        for case, title, place in (
            (FIRST, "某村耕地上违法堆土督促案", "永安市小陶镇某村"),
            (SECOND, "某镇违建房屋未及时查处督促案", "永安市洋中镇"),
            (THIRD, "𬒈口采石场督促案", "永安市𬒈口村"),
        ):
            letters = tuple(
                letter_row(
                    f"L{at}", case, recipient=f"永安市{name}局", official_no=f"永检建〔2025〕{at}{case[-1]}号"
                )
                for at, name in enumerate(("自然资源", "农业农村", "水利"), 1)
            )
            closed_on = date(2025, 9, 1) if case == SECOND else None
            row = case_row(case, title=title, place=place, county="350481", closed_on=closed_on)
            Registry(database).project(snapshot(1, row, letters=letters), run="r1", run_started_at=RUN)
    return made


def test_a_clerk_sees_the_cases_and_where_the_words_stand(home: Home) -> None:
    run = home.run("search", "耕地", "小陶")
    assert run.code == 0
    assert run.err == "共 1 件。\n"
    assert FIRST in run.out and "标题：某村【耕地】上" in run.out and "地点：永安市【小陶】镇" in run.out
    assert all(width(line) <= 80 for line in run.out.splitlines())


@pytest.mark.parametrize(
    ("words", "cases"),
    [
        (["永检行监[2025]3号"], [FIRST]),
        (["永检建（２０２５） 12号"], [SECOND]),
        (["𬒈"], [THIRD]),
        (["2025-0002"], [SECOND]),
        (["农业农村局"], [FIRST, SECOND, THIRD]),
        (["农业农村局", "--open"], [FIRST, THIRD]),
        (
            ["农业农村局", "--county", "永安市", "--kind", "行政执法督促", "--limit", "1", "--offset", "1"],
            [SECOND],
        ),
        (["农业农村局", "--county", "大田县"], []),
        (["海洋牧场"], []),
    ],
)
def test_each_question_finds_its_cases(home: Home, words: list[str], cases: list[str]) -> None:
    run = home.run_here("search", *words, "--json")
    assert run.code == 0 and [line["case"] for line in run.lines] == cases


def test_as_json_each_case_tells_its_places(home: Home) -> None:
    [line] = home.run_here("search", "(2025)11", "--json").lines
    assert line["title"] == "某村耕地上违法堆土督促案"
    assert line["found"] == [
        {"place": "number", "text": "永检建〔2025〕11号", "marked": "永检建【〔2025〕11】号"}
    ]


def test_many_places_are_shortened_and_a_page_says_which(home: Home) -> None:
    run = home.run_here("search", "永", "安", "--limit", "2")
    assert "第 1—2 件，共 3 件。" in run.err
    assert "另有 " in run.out and all(width(line) <= 80 for line in run.out.splitlines())
    assert home.run_here("search", "海洋牧场").err == "没有找到。\n"


def test_what_is_wrong_is_said_at_once(home: Home, tmp_path: Path) -> None:
    for words, said in (
        (["　"], "没有写明要找的词"),
        ([], "词"),
        (["耕地", "--county", "火星", "--kind", "糊涂"], "共 2 个问题"),
        (["耕地", "--limit", "零"], "不是件数"),
    ):
        run = home.run_here("search", *words)
        assert run.code == 2 and said in run.err, run.err
        assert run.out == ""
    nowhere = home_in(tmp_path).run_here("search", "耕地")
    assert nowhere.code == 3 and "mingjian up" in nowhere.err
