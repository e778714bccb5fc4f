"""`mingjian report`: papers, workbook and screen say the same; what is wrong is refused early, and nothing is half done."""

from __future__ import annotations

import io
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from activities.database import Database
from activities.exchange import RegistryRows
from activities.registry import Registry
from activities.report_workbook import Workbook
from activities.reporting import CaseReader
from activities.sqlite_library import sqlite3
from activities.typesetting import Typesetter
from models.dates import EventDate
from models.errors import Unreachable
from models.exchange_figures import COLUMNS, figures, total
from models.reporting.building import Report, papers
from models.reporting.entries import Entry, entries
from models.reporting.figures import FIGURES, SECTIONS, Measure
from models.reporting.lines import CaseLines
from models.reporting.periods import ReportPeriod
from models.reporting.tally import Tally, told
from models.terms import Substance
from starter.columns import width
from starter.provision.fonts import font_folders
from tests.reported_cases import desks, replied
from tests.sample_rows import case_row, snapshot
from tests.script_runs import Home, home_in

pytest_plugins = ["tests.databases"]

TODAY = date(2026, 9, 1)
RUN = datetime(2021, 9, 1, tzinfo=UTC)
PERIOD = "2021-Q4"
CIRCULAR, TABLE, BOOK = (f"{PERIOD}-350400-{name}" for name in ("情况通报.pdf", "统计表.pdf", "统计表.xlsx"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a registry of made-up cases, one of them with a title that a spreadsheet would take for a formula."""
    made = home_in(tmp_path_factory.mktemp("reports"))
    made.folder.mkdir()
    database = Database(f"sqlite:///{made.folder / 'registry.db'}")
    database.migrate()
    registry = Registry(database)
    for desk in desks():
        registry.project(desk.rows(), run="r", run_started_at=RUN)
    formula = case_row("urging-350425-2021-0901", title='=HYPERLINK("x")', opened_on=date(2021, 10, 8))
    registry.project(snapshot(1, formula), run="r", run_started_at=RUN)
    elsewhere = case_row("urging-440106-2021-0001", county="440106", opened_on=date(2021, 10, 8))
    registry.project(snapshot(1, elsewhere), run="r", run_started_at=RUN)
    database.close()
    return made


@pytest.fixture(scope="module")
def written(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a quarter, as the script writes them in a process of its own."""
    folder = tmp_path_factory.mktemp("out") / "报表"
    run = home.run("report", PERIOD, "--out", folder)
    assert run.code == 0, run.err
    assert sorted(each.name for each in folder.iterdir()) == sorted((CIRCULAR, TABLE, BOOK))
    assert [line for line in run.out.splitlines() if line.startswith("已写出：")] == [
        f"已写出：{folder / name}" for name in sorted((CIRCULAR, TABLE, BOOK))
    ]
    return folder


def report(home: Home, period: str = PERIOD, place: str = "350400") -> Report:
    """The same report, counted here."""
    wanted = ReportPeriod.parse(period, TODAY)
    with closing(Database(f"sqlite:///{home.folder / 'registry.db'}")) as database:
        tally = Tally.of(each for case in CaseReader(database).cases(place) for each in entries(case, wanted))
    return Report(place, "三明市", "三明市人民检察院", wanted, TODAY, tally)


def text(pdf: Path | bytes) -> str:
    """What a PDF says, without the spaces and ends of lines that its setting makes."""
    source = io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(source).pages)


# papers


def test_the_table_holds_every_figure_with_its_definition(home: Home, written: Path) -> None:
    said, counted = text(written / TABLE), report(home)
    assert "三明市人民检察院" in said and "三明市2021年第四季度" in said and "统计至2021年12月31日" in said
    for figure in FIGURES.values():
        assert f"{figure.name}{told(figure, counted.tally.value(figure))}" in said, figure.name
        for part, value in counted.tally.parts(figure).items():
            assert f"其中：{part}{told(figure, value)}" in said, (figure.name, part)
        assert figure.definition in said
    for name in ("明溪县", "建宁县", "永安市", "合计"):
        assert name in said


def test_the_circular_tells_every_figure_that_is_not_nought(home: Home, written: Path) -> None:
    said, counted = text(written / CIRCULAR), report(home)
    for figure in FIGURES.values():
        if value := counted.tally.value(figure):
            assert f"{figure.name}{told(figure, value)}" in said, figure.name
    assert all(section in said for section in SECTIONS)
    assert "按期不明逾期未回复" in said, "the legend of the chart"
    pages = pypdf.PdfReader(written / CIRCULAR).pages
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


# the workbook


def sheet(file: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(file)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_the_workbook_has_every_figure_and_as_many_cases_as_it_says(home: Home, written: Path) -> None:
    counted = report(home)
    (heading, *_), heads, *rows = sheet(written / BOOK, "指标")
    assert heading.startswith("三明市2021年第四季度统计表")
    assert heads[:6] == ["类别", "指标代码", "指标", "分项", "单位", "合计"] and heads[-1] == "含义"
    wholes = {row[1]: row for row in rows if row[3] == ""}
    assert wholes.keys() == FIGURES.keys()
    listed = Counter(row[0] for row in sheet(written / BOOK, "案件清单")[1:])
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


def test_in_the_list_days_are_days_sums_add_up_and_formulas_are_text(home: Home, written: Path) -> None:
    heads, *rows = sheet(written / BOOK, "案件清单")
    lines = [dict(zip(heads, row, strict=True)) for row in rows]
    assert {type(line["日期"]) for line in lines} == {date, str}
    assert all(line["日期"] == "" for line in lines if line["日期（不知到日）"])
    coarse = [line["日期（不知到日）"] for line in lines if line["日期（不知到日）"]]
    assert {"2021-12", "2021", "2021-12-30/2022-01-02"} <= set(coarse)
    assert '=HYPERLINK("x")' in {line["案件名称"] for line in lines}
    counted = report(home)
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


def test_the_same_rows_give_the_same_bytes(home: Home, written: Path, tmp_path: Path) -> None:
    assert home.run_here("report", PERIOD, "--out", tmp_path).code == 0
    for name in (CIRCULAR, TABLE, BOOK):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes(), name
    assert home.run_here("report", PERIOD, "--out", tmp_path).code == 0, "over files that are there"
    assert len(list(tmp_path.iterdir())) == 3


# the screen


def test_the_screen_is_eighty_columns_and_tells_what_there_is(home: Home) -> None:
    run = home.run("report", PERIOD)
    assert run.code == 0
    assert max(width(line) for line in run.out.splitlines()) <= 80
    assert run.out.startswith("三明市2021年第四季度（2021-10-01至2021-12-31，统计至2021-12-31）\n")
    assert "按期回复" in run.out and "合计" in run.out and "为零的指标不显示" in run.err
    one = home.run_here("report", "2021-11", "--county", "永安")
    assert one.out.startswith("永安市2021年11月（") and "合计" not in one.out


def test_as_json_each_figure_is_a_line(home: Home, tmp_path: Path) -> None:
    lines = home.run_here("report", PERIOD, "--json", "--out", tmp_path).lines
    assert [line["figure"] for line in lines[:-1]] == list(FIGURES)
    assert len(lines[-1]["files"]) == 3
    counted = report(home)
    for line in lines[:-1]:
        figure = FIGURES[line["figure"]]
        assert line["value"] == counted.tally.value(figure)
        assert line["definition"] == figure.definition and line["period"] == PERIOD
        assert line["counties"].keys() == counted.tally.counties.keys()
        assert line["entries"] == counted.tally.length(figure)


def test_the_list_behind_one_figure(home: Home) -> None:
    for name in ("逾期回复", "reply_late"):
        run = home.run_here("report", PERIOD, "--figure", name, "--json")
        assert {line["figure"] for line in run.lines} == {"reply_late"}
        assert len(run.lines) == report(home).tally.value(FIGURES["reply_late"])
    shown = home.run_here("report", "2021-Q3", "--figure", "抄送率")
    assert "L1" not in shown.out and "A1/coop.copy" in shown.out
    assert max(width(line) for line in shown.out.splitlines()) <= 80
    assert home.run_here("report", "2020", "--figure", "办结案件").out == ""


# what is wrong


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "文件"
    file.write_text("x")
    run = home.run("report", "2026-13", "--county", "无名县", "--out", file, "--figure", "无名")
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
def test_what_is_not_understood(home: Home, words: list[str], code: int, why: str) -> None:
    run = home.run_here("report", *words)
    assert (run.code, run.out) == (code, "") and why in run.err


def test_a_folder_that_cannot_be_made_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x")
    run = home.run_here("report", PERIOD, "--out", tmp_path / "文件" / "报表")
    assert run.code == 1 and "写不进去" in run.err


def test_without_a_registry_nothing_is_left_behind(tmp_path: Path) -> None:
    empty = home_in(tmp_path / "x")
    empty.folder.mkdir(parents=True)
    run = empty.run_here("report", PERIOD, "--out", tmp_path / "报表")
    assert run.code == 3
    assert not list((tmp_path / "报表").iterdir())


def test_a_registry_that_falls_silent_midway_leaves_the_former_files(
    home: Home, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {each.name: each.read_bytes() for each in written.iterdir()}
    whole = CaseReader.cases

    def breaks(reader: CaseReader, place: str) -> Iterator[CaseLines]:
        for number, each in enumerate(whole(reader, place)):
            if number == 20:
                raise Unreachable("数据库没有应答")
            yield each

    monkeypatch.setattr(CaseReader, "cases", breaks)
    assert home.run_here("report", PERIOD, "--out", written).code == 3
    assert {each.name: each.read_bytes() for each in written.iterdir()} == before


# reading


def test_cases_are_read_in_portions_each_once_out_of_both_databases(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list(desks())[:12]
    registry = Registry(database)
    for desk in made:
        registry.project(desk.rows(), run="r", run_started_at=RUN)
    expected = sorted(desk.case.opening.case for desk in made)
    for portion in (1, 5, 12, 500):
        monkeypatch.setattr("activities.reporting._PORTION", portion)
        found = list(CaseReader(database).cases("350400"))
        assert [each.case.case for each in found] == expected
        period = ReportPeriod.parse(PERIOD, TODAY)
        rows = {desk.case.opening.case: CaseLines.of(desk.rows()) for desk in made}
        for each in found:
            assert list(entries(each, period)) == list(entries(rows[each.case.case], period))
    assert list(CaseReader(database).cases("350402")) == []


@pytest.mark.parametrize("period", ["2021-Q3", "2021-Q4", "2022-Q1"])
def test_what_the_circular_of_an_exchange_says_too_is_the_same(home: Home, period: str) -> None:
    """第二条: where both count, days being known, the regular exchange and the report agree."""
    counted = report(home, period)
    with closing(Database(f"sqlite:///{home.folder / 'registry.db'}")) as database:
        lines = RegistryRows(database).lines("350400", counted.period.first, counted.period.last)
    told_there = total(figures(lines, counted.period.first, counted.period.last))
    same = {
        "overdue": "overdue", "due": "reply_due", "put_right": "put_right", "suggestions": "suggestions",
        "adopted": "adopted", "applications": "copy_due", "copied": "copied",
    }  # fmt: skip
    assert same.keys() <= COLUMNS.keys()
    for theirs, ours in same.items():
        assert getattr(told_there, theirs) == counted.tally.value(FIGURES[ours]), theirs


def test_what_was_counted_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.reporting._PORTION", 25)
    database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    database.migrate()
    # Of one kind, so that all portions are alike.
    alike = replied("2021-11-15", Substance.PUT_RIGHT, county="350481")
    Registry(database).project(alike.rows(), run="r", run_started_at=RUN)

    grow(tmp_path / "registry.db", 399)
    wanted = ReportPeriod.parse(PERIOD, TODAY)

    def peak(*, holds: bool) -> int:
        """The most memory that counting took; `holds`: when whatever was read is kept."""
        book, tally = Workbook(tmp_path / "x.xlsx"), Tally()
        held: list[tuple[CaseLines, list[Entry]]] = []
        tracemalloc.start()
        for case in CaseReader(database).cases("350400"):
            found = list(entries(case, wanted))
            held += [(case, found)] if holds else []
            for entry in found:
                tally.add(entry)
                book.add(entry)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        book.close(tally, "统计表", {})
        assert tally.value(FIGURES["reply_due"]) == 400
        return most

    peak(holds=False)  # what is made once and kept
    streamed, kept = peak(holds=False), peak(holds=True)
    database.close()
    assert 2 * streamed < kept


def grow(registry: Path, times: int) -> None:
    """Each case so many times more, under other numbers."""
    with closing(sqlite3.connect(registry)) as raw:
        for table in ("cases", "letters", "deadlines", "items", "facts"):
            names = [f'"{row[1]}"' for row in raw.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(f"{name} || '-' || n" if name == '"case"' else name for name in names)
            raw.execute(
                f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {times}) "
                f"INSERT INTO {table} SELECT {chosen} FROM {table}, s"
            )
        raw.commit()


def test_a_title_and_a_name_that_no_face_can_print_do_not_keep_the_papers_from_being_set(
    home: Home, tmp_path: Path
) -> None:
    """Papers hold no titles of cases: the list of them is in the workbook."""
    with closing(sqlite3.connect(home.folder / "registry.db")) as raw:
        [(title,)] = raw.execute("SELECT title FROM cases WHERE title LIKE '=%'").fetchall()
        raw.execute("UPDATE cases SET title = ? WHERE title = ?", ("\U0001f600案", title))
        raw.commit()
        try:
            assert home.run_here("report", "2021-10", "--out", tmp_path).code == 0
        finally:
            raw.execute("UPDATE cases SET title = ? WHERE title = ?", (title, "\U0001f600案"))
            raw.commit()
