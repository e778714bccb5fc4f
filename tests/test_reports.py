"""`mingjian report` on the screen; what is wrong is refused early, and nothing is half done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.reporting import CaseReader
from models.errors import Unreachable
from models.reporting.figures import FIGURES
from models.reporting.lines import CaseLines
from starter.columns import width
from tests.script_runs import Home, home_in
from tests.written_reports import PERIOD, report

pytest_plugins = ["tests.reporting_home"]


# the screen


def test_the_screen_is_eighty_columns_and_tells_what_there_is(reported: Home) -> None:
    run = reported.run("report", PERIOD)
    assert run.code == 0
    assert max(width(line) for line in run.out.splitlines()) <= 80
    assert run.out.startswith("三明市2021年第四季度（2021-10-01至2021-12-31，统计至2021-12-31）\n")
    assert "按期回复" in run.out and "合计" in run.out and "为零的指标不显示" in run.err
    one = reported.run_here("report", "2021-11", "--county", "永安")
    assert one.out.startswith("永安市2021年11月（") and "合计" not in one.out


def test_as_json_each_figure_is_a_line(reported: Home, tmp_path: Path) -> None:
    lines = reported.run_here("report", PERIOD, "--json", "--out", tmp_path).lines
    assert [line["figure"] for line in lines[:-1]] == list(FIGURES)
    assert len(lines[-1]["files"]) == 3
    counted = report(reported)
    for line in lines[:-1]:
        figure = FIGURES[line["figure"]]
        assert line["value"] == counted.tally.value(figure)
        assert line["definition"] == figure.definition and line["period"] == PERIOD
        assert line["counties"].keys() == counted.tally.counties.keys()
        assert line["entries"] == counted.tally.length(figure)


def test_the_list_behind_one_figure(reported: Home) -> None:
    for name in ("逾期回复", "reply_late"):
        run = reported.run_here("report", PERIOD, "--figure", name, "--json")
        assert {line["figure"] for line in run.lines} == {"reply_late"}
        assert len(run.lines) == report(reported).tally.value(FIGURES["reply_late"])
    shown = reported.run_here("report", "2021-Q3", "--figure", "抄送率")
    assert "L1" not in shown.out and "A1/coop.copy" in shown.out
    assert max(width(line) for line in shown.out.splitlines()) <= 80
    assert reported.run_here("report", "2020", "--figure", "办结案件").out == ""


# what is wrong


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(reported: Home, tmp_path: Path) -> None:
    file = tmp_path / "文件"
    file.write_text("x")
    run = reported.run("report", "2026-13", "--county", "无名县", "--out", file, "--figure", "无名")
    assert run.code == 2
    for words in ("没有13月", "无名县", "不是文件夹", "没有“无名”这个指标", "共 4 个问题"):
        assert words in run.err
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["2026-Q5"], 2, "没有第5季度"),
        (["2099-01"], 2, "尚未开始"),
        (["2021-Q4", "--county", "440106"], 2, "440106"),
        ([], 2, "缺少参数"),
        (["2021-Q4", "--county"], 2, "后面缺少值"),
    ],
)
def test_what_is_not_understood(reported: Home, words: list[str], code: int, why: str) -> None:
    run = reported.run_here("report", *words)
    assert (run.code, run.out) == (code, "") and why in run.err


def test_a_folder_that_cannot_be_made_is_refused(reported: Home, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x")
    run = reported.run_here("report", PERIOD, "--out", tmp_path / "文件" / "报表")
    assert run.code == 1 and "写不进去" in run.err


def test_without_a_registry_nothing_is_left_behind(tmp_path: Path) -> None:
    empty = home_in(tmp_path / "x")
    empty.folder.mkdir(parents=True)
    run = empty.run_here("report", PERIOD, "--out", tmp_path / "报表")
    assert run.code == 3
    assert not list((tmp_path / "报表").iterdir())


def test_a_registry_that_falls_silent_midway_leaves_the_former_files(
    reported: Home, report_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {each.name: each.read_bytes() for each in report_files.iterdir()}
    whole = CaseReader.cases

    def breaks(reader: CaseReader, place: str) -> Iterator[CaseLines]:
        for number, each in enumerate(whole(reader, place)):
            if number == 20:
                raise Unreachable("数据库没有应答")
            yield each

    monkeypatch.setattr(CaseReader, "cases", breaks)
    assert reported.run_here("report", PERIOD, "--out", report_files).code == 3
    assert {each.name: each.read_bytes() for each in report_files.iterdir()} == before
