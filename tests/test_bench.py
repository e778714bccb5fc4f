"""The benchmarks of papers, and of ledgers: each runs at its smallest, and says so when a bound is missed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bench import archive, documents, ledgers, lists, many_cases, verify
from bench.report import Report
from bench.turns import HEADING, compare, take_turns
from models.numbering import CaseId
from tests import databases

SMALLEST: list[tuple[Any, Any, int]] = [
    (documents, documents.Load(1, 3), 2),
    (archive, archive.Load(1, 2, 1), 6),
    (verify, verify.Load(1, 2, 2, 100), 2),
    (ledgers, ledgers.Load(4, 1), 2),
]


async def reports(measure: Callable[..., AsyncIterator[Report]], load: object) -> list[Report]:
    return [report async for report in measure(load=load)]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("bench", "load", "rows"), SMALLEST, ids=["documents", "archive", "verify", "ledgers"]
)
async def test_each_runs_and_a_bound_out_of_reach_is_missed(
    bench: Any, load: Any, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "LEAST_PACE", 1e9)
    [report] = await reports(bench.measure, load)
    assert report.rows[0] == HEADING and len(report.rows) == rows + 1
    bounded = [row for row in report.rows[1:] if row[-1]]
    assert bounded and all(row[-1].endswith("MISSED") for row in bounded)
    assert [each.partition(":")[0] for each in report.missed] == [row[0] for row in bounded]


def test_sides_take_turns_and_the_first_round_does_not_count() -> None:
    done: list[tuple[str, int]] = []

    def side(name: str, rate: float) -> Callable[[int], float]:
        def one(number: int) -> float:
            done.append((name, number))
            return rate * (number or 1000)

        return one

    rates = take_turns({"ours": side("ours", 3), "bare": side("bare", 4)}, 2)
    assert rates == {"ours": [3, 6], "bare": [4, 8]}
    assert done == [("bare", 0), ("ours", 0), ("ours", 1), ("bare", 1), ("bare", 2), ("ours", 2)]


@pytest.mark.parametrize(("bound", "missed"), [(0.75, []), (0.76, ["papers: 0.75, promised ≥ 0.76"])])
def test_the_verdict_is_on_the_median_of_the_ratios(bound: float, missed: list[str]) -> None:
    report = Report("", [HEADING])
    compare(report, "papers", [3, 6, 9], [4, 8, 9], at_least=bound)
    assert report.missed == missed and report.rows[1][3] == "0.75 (0.75–1.00)"


@pytest.mark.asyncio
async def test_lists_ask_every_question_and_a_bound_out_of_reach_is_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lists, "MOST_MILLISECONDS", 0.0)
    monkeypatch.setattr(databases, "KINDS", ["sqlite"])
    [report] = await reports(lists.measure, lists.Load(cases=300, calls=3))
    kinds = [row[0].partition(":")[0] for row in report.rows[1:]]
    assert kinds.count("list") >= 16 and kinds.count("search") >= 10 and kinds.count("today") == 3
    assert all(row[1] == "3" and row[-1].endswith("MISSED") for row in report.rows[1:])
    assert len(report.missed) == len(kinds)


def test_the_made_up_cases_are_the_same_each_time_and_of_the_ids_they_say() -> None:
    made = list(many_cases.cases(400))
    assert made[:150] == list(many_cases.cases(150))
    assert len({each.case.case for each in made}) == 400
    for each in made:
        assert CaseId.parse(each.case.case) is not None
        below = [row.model_dump()["case"] for row in (*each.letters, *each.deadlines, *each.items)]
        assert set(below) == {each.case.case}
        assert each.letters and len(each.deadlines) == 3
