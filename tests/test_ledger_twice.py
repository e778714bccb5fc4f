"""A ledger that has something twice: a number, a 文号, a whole row; told with all else that is wrong."""

from __future__ import annotations

from pathlib import Path

from tests.sample_ledgers import GOOD, ISSUED, another, read, told


def test_numbers_that_occur_twice_are_told(tmp_path: Path) -> None:
    ledger = read(
        tmp_path,
        ISSUED,
        ISSUED | {"案件名称": "另一案"},
        another(GOOD, 2),
        another(ISSUED, 3, 文号=ISSUED["文号"]),
    )
    assert told(ledger) == [("案件", 3, "本院案号"), ("案件", 5, "文号")]
    assert len(ledger.cases) == 2


def test_numbers_that_occur_twice_are_told_also_of_rows_that_are_wrong_in_another_way(tmp_path: Path) -> None:
    """The second of two is told of the first, whichever of them has another fault: mended, it would be taken for the other."""
    ledger = read(
        tmp_path,
        ISSUED | {"地方": "上海市"},
        ISSUED | {"案件名称": "另一案"},
        ISSUED | {"事项": "毁地", "制发日期": "去年"},
        another(ISSUED, 2, 文号=ISSUED["文号"], 批准人="张三"),
        another(ISSUED, 3, 文号=ISSUED["文号"]),
    )
    where = [(each.row, each.field) for each in ledger.problems()]
    assert where == [
        (2, "地方"),
        (3, "本院案号"),
        (4, "本院案号"),
        (4, "事项"),
        (4, "制发日期"),
        (5, "批准人"),
        (6, "文号"),
    ]
    assert [each.what for each in ledger.findings if each.column == "本院案号"] == ["案号与第 2 行重复"] * 2
    assert ledger.cases == [] and [row.number for row in ledger.bad] == [2, 3, 4, 5, 6]
    nameless = {name: cell for name, cell in ISSUED.items() if name != "本院案号"} | {"地方": "上海市"}
    again = read(tmp_path, nameless, nameless)
    assert [(each.row, each.field) for each in again.problems()] == [
        (2, "地方"),
        (3, "本院案号"),
        (3, "地方"),
    ]


def test_rows_without_a_number_may_be_alike_but_not_the_same(tmp_path: Path) -> None:
    row = {name: cell for name, cell in GOOD.items() if name != "本院案号"}
    ledger = read(tmp_path, row, row | {"地点": "某村"}, row)
    assert [each.what for each in ledger.findings] == ["与第 2 行完全相同"]
    assert len({case.case.key for case in ledger.cases}) == 2
    again = read(tmp_path, row | {"地点": "某村"}, row)
    assert [case.case.key for case in again.cases] == [case.case.key for case in reversed(ledger.cases)]
