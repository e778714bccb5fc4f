"""The files of `mingjian report`: papers and workbook say the same as the count, figure by figure, and are the same again."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from activities.report_workbook import Workbook
from activities.sqlite_library import sqlite3
from activities.typesetting import Typesetter
from models.dates import EventDate
from models.reporting.building import Report, papers
from models.reporting.entries import Entry
from models.reporting.figures import FIGURES, SECTIONS, Measure
from models.reporting.periods import ReportPeriod
from models.reporting.tally import Tally, told
from starter.provision.fonts import font_folders
from tests.script_runs import Home
from tests.written_reports import BOOK, CIRCULAR, PERIOD, TABLE, TODAY, report, sheet, text

pytest_plugins = ["tests.reporting_home"]


# papers


def test_the_table_holds_every_figure_with_its_definition(reported: Home, report_files: Path) -> None:
    said, counted = text(report_files / TABLE), report(reported)
    assert "三明市人民检察院" in said and "三明市2021年第四季度" in said and "统计至2021年12月31日" in said
    for figure in FIGURES.values():
        assert f"{figure.name}{told(figure, counted.tally.value(figure))}" in said, figure.name
        for part, value in counted.tally.parts(figure).items():
            assert f"其中：{part}{told(figure, value)}" in said, (figure.name, part)
        assert figure.definition in said
    for name in ("明溪县", "建宁县", "永安市", "合计"):
        assert name in said


def test_the_circular_tells_every_figure_that_is_not_nought(reported: Home, report_files: Path) -> None:
    said, counted = text(report_files / CIRCULAR), report(reported)
    for figure in FIGURES.values():
        if value := counted.tally.value(figure):
            assert f"{figure.name}{told(figure, value)}" in said, figure.name
    assert all(section in said for section in SECTIONS)
    assert "按期不明逾期未回复" in said, "the legend of the chart"
    pages = pypdf.PdfReader(report_files / CIRCULAR).pages
    assert len(pages) <= 6


def test_a_report_of_nothing_is_set_all_the_same() -> None:
    period = ReportPeriod.parse("2020-01", TODAY)
    empty = Report("350481", "永安市", "永安市人民检察院", period, TODAY, Tally())
    press = Typesetter(font_folders())
    for paper in papers(empty):
        said = text(press.render(paper))
        assert "永安市2020年1月" in said and "抄送率无" in said and "分地方" not in said


def test_a_period_that_still_runs_is_dated_by_the_day_of_counting() -> None:
    running = Report(
        "350400", "三明市", "三明市人民检察院", ReportPeriod.parse("2026", TODAY), TODAY, Tally()
    )
    assert [each.dated for each in papers(running)] == [TODAY, TODAY]
    assert report_of("2021").dated == date(2021, 12, 31)


def report_of(period: str) -> Report:
    return Report("350400", "三明市", "某院", ReportPeriod.parse(period, TODAY), TODAY, Tally())


def test_a_title_and_a_name_that_no_face_can_print_do_not_keep_the_papers_from_being_set(
    reported: Home, tmp_path: Path
) -> None:
    """Papers hold no titles of cases: the list of them is in the workbook."""
    with closing(sqlite3.connect(reported.folder / "registry.db")) as raw:
        [(title,)] = raw.execute("SELECT title FROM cases WHERE title LIKE '=%'").fetchall()
        raw.execute("UPDATE cases SET title = ? WHERE title = ?", ("\U0001f600案", title))
        raw.commit()
        try:
            assert reported.run_here("report", "2021-10", "--out", tmp_path).code == 0
        finally:
            raw.execute("UPDATE cases SET title = ? WHERE title = ?", (title, "\U0001f600案"))
            raw.commit()


# the workbook


def test_the_workbook_has_every_figure_and_as_many_cases_as_it_says(
    reported: Home, report_files: Path
) -> None:
    counted = report(reported)
    (heading, *_), heads, *rows = sheet(report_files / BOOK, "指标")
    assert heading.startswith("三明市2021年第四季度统计表")
    assert heads[:6] == ["类别", "指标代码", "指标", "分项", "单位", "合计"] and heads[-1] == "含义"
    wholes = {row[1]: row for row in rows if row[3] == ""}
    assert wholes.keys() == FIGURES.keys()
    listed = Counter(row[0] for row in sheet(report_files / BOOK, "案件清单")[1:])
    for key, figure in FIGURES.items():
        value = counted.tally.value(figure)
        assert wholes[key][5] == ("无" if value is None else pytest.approx(value)), key
        for column, county in enumerate(counted.names, 6):
            here = counted.tally.value(figure, county)
            assert wholes[key][column] == ("无" if here is None else pytest.approx(here)), (key, county)
        assert wholes[key][-2] == listed[figure.entries], key
        if figure.measure is Measure.COUNT:
            assert listed[key] == value, key
        assert wholes[key][-1] == figure.definition


def test_in_the_list_days_are_days_sums_add_up_and_formulas_are_text(
    reported: Home, report_files: Path
) -> None:
    heads, *rows = sheet(report_files / BOOK, "案件清单")
    lines = [dict(zip(heads, row, strict=True)) for row in rows]
    assert {type(line["日期"]) for line in lines} == {date, str}
    assert all(line["日期"] == "" for line in lines if line["日期（不知到日）"])
    coarse = [line["日期（不知到日）"] for line in lines if line["日期（不知到日）"]]
    assert {"2021-12", "2021", "2021-12-30/2022-01-02"} <= set(coarse)
    assert '=HYPERLINK("x")' in {line["案件名称"] for line in lines}
    counted = report(reported)
    for key in ("land", "land_demolished", "land_recultivated", "land_returned"):
        area = sum(line["数值"] for line in lines if line["指标代码"] == key)
        assert area == pytest.approx(counted.tally.value(FIGURES[key])), key
    assert max(line["数值"] for line in lines if line["指标代码"] == "days") == counted.tally.value(
        FIGURES["days_worst"]
    )
    assert not [line for line in lines if line["行政区划码"] == "440106"], "of another city"


def test_a_full_sheet_goes_over_into_the_next(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    book, tally = Workbook(file, last_row=4), Tally()
    for number in range(7):
        on = EventDate.on(date(2021, 10, 8))
        entry = Entry("opened", "350481", "永安市", f"c{number}", "题\x00目\n二", "督促", on=on)
        tally.add(entry)
        book.add(entry)
    book.close(tally, "统计表", {"350481": "永安市"})
    assert CalamineWorkbook.from_path(str(file)).sheet_names == ["指标", "案件清单", "案件清单2", "案件清单3"]
    lists = [sheet(file, name)[1:] for name in ("案件清单", "案件清单2", "案件清单3")]
    assert [[row[5] for row in rows] for rows in lists] == [["c0", "c1", "c2"], ["c3", "c4", "c5"], ["c6"]]
    assert lists[0][0][6] == "题目\n二"


def test_the_same_rows_give_the_same_bytes(reported: Home, report_files: Path, tmp_path: Path) -> None:
    assert reported.run_here("report", PERIOD, "--out", tmp_path).code == 0
    for name in (CIRCULAR, TABLE, BOOK):
        assert (tmp_path / name).read_bytes() == (report_files / name).read_bytes(), name
    assert reported.run_here("report", PERIOD, "--out", tmp_path).code == 0, "over files that are there"
    assert len(list(tmp_path.iterdir())) == 3
