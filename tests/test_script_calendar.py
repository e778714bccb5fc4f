"""`mingjian calendar publish` on one machine without a server: what it shows, what it refuses, what is counted by afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.database import Database
from activities.registry import Registry
from models.calendar import calendar
from models.moves import OpenDeadline
from models.publications import Publication
from models.rows import DeadlineRow, Snapshot
from starter.columns import width
from starter.site_years import overruled
from tests.sample_rows import case_row
from tests.script_runs import Home, home_in
from tests.test_calendar_moves import YEAR, counted, started

SHIPPED = Path(__file__).parents[1] / "models" / "calendars" / "2026.toml"
BY = ("--by", "王五", "--reason", "国办发明电〔2026〕×号")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_in(tmp_path)


def with_books(home: Home, *starts: str) -> Registry:
    """The home with a database, and a case for each start of a period for a reply."""
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    registry = Registry(database)
    for number, on in enumerate(starts, start=1):
        keep(
            registry, counted((started(on),), "coop.reply")._replace(case=f"urging-350481-2026-{number:04d}")
        )
    return registry


def keep(registry: Registry, *rows: OpenDeadline, state: str = "running") -> None:
    """The rows of a case with these deadlines."""
    columns = DeadlineRow.model_fields
    deadlines = [{name: value for name, value in row._asdict().items() if name in columns} for row in rows]
    registry.project(
        Snapshot.model_construct(
            revision=1,
            follows={},
            case=case_row(rows[0].case, liaison=""),
            deadlines=tuple(DeadlineRow(**each, letter="L1", state=state, ended="") for each in deadlines),
            letters=(),
            items=(),
            meetings=(),
            links=(),
            papers=(),
            facts=(),
        ),
        run="run",
        run_started_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_a_dry_run_shows_the_year_and_all_that_moves_and_publishes_nothing(home: Home) -> None:
    with_books(home, "2026-12-04", *["2026-12-05"] * 25, "2026-12-08")
    file = home.file("2027.toml", YEAR)
    tried = home.run("calendar", "publish", file, "--out", file.with_suffix(".csv"))
    assert tried.code == 0
    for said in (
        "2 月",
        "2027-02-08 至 2027-02-11 改为放假（春节）",
        "在办期限 27 个，其中 26 个移动，涉及 26 件案件",
        "：25 个",
        "2027-02-12",
        "另有 6 个没有列出",
        "日期不变、由暂定变为确定的：1 个",
        "文件没有列清明、端午、中秋",
        "以上是试看，没有公布",
    ):
        assert said in tried.out, said
    assert tried.out.count("urging-") == 20
    assert all(width(line) <= 80 for line in tried.out.splitlines())
    assert len(file.with_suffix(".csv").read_text(encoding="utf-8-sig").splitlines()) == 27
    assert home.run_here("due", "coop.reply", "2026-12-05", "--json").lines[0]["due_on"] == "2027-02-05"


def test_what_is_published_is_counted_by_and_listed_with_who_when_and_why(home: Home) -> None:
    with_books(home)
    file = home.file("2027.toml", YEAR)
    done = home.run("calendar", "publish", file, "--yes", *BY)
    assert done.code == 0 and "已公布：2027 年" in done.out
    [answer] = home.run("due", "coop.reply", "2026-12-05", "--json").lines
    assert (answer["due_on"], answer["provisional"]) == ("2027-02-12", False)
    assert "没有再次公布" in home.run_here("calendar", "publish", file, "--yes", *BY).out
    # Shipped years are right without being published, too.
    assert "已经如此" in home.run_here("calendar", "publish", SHIPPED, "--yes", *BY).out
    [line] = [each for each in home.run_here("calendar", "--json").lines if "published" in each]
    assert (line["published"], line["by"], line["reason"]) == (2027, "王五", BY[3])
    listed = home.run_here("calendar").out
    assert "第 1 次公布" in listed and all(width(each) <= 80 for each in listed.splitlines()[-2:])
    assert home.run_here("calendar", "2027", "--json").lines[0]["published"] is True
    progress = home.run_here("calendar", "progress", "--json").lines[0]
    assert (progress["moved"], progress["cases_behind"]) == (0, 0)
    assert answer["edition"] in home.run_here("doctor").out.replace("\n", "")


def test_a_year_published_otherwise_than_it_is_shipped_is_told_of() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    same = Publication(1, "2026.toml", text, "王五", "通知", datetime(2026, 1, 1, tzinfo=UTC))
    other = replace(same, number=2, text=text.replace("2026-01-03, name", "2026-01-02, name"))
    assert (overruled([same]), overruled([])) == ("", "")
    assert overruled([same, other]).startswith("2026 年：本站公布的与程序随附的不同")


def test_of_days_that_are_past_it_is_said_what_is_not_counted_again(home: Home) -> None:
    text = SHIPPED.with_name("2025.toml").read_text(encoding="utf-8").replace("2025-10-08", "2025-10-09")
    said = home.run_here("calendar", "publish", home.file("2025.toml", text)).out.replace("\n", "")
    assert "其中 1 天已经过去" in said and "在办案件已经办到的，是否逾期一并改判" in said


def test_nothing_is_published_without_books(home: Home) -> None:
    file = home.file("2027.toml", YEAR)
    tried = home.run_here("calendar", "publish", file)
    assert tried.code == 0 and "在办期限" not in tried.out
    assert home.run_here("calendar", "publish", file, "--yes", *BY).code == 3
    assert not (home.folder / "registry.db").exists()


BAD = {
    "a holiday twice": (
        YEAR.replace(
            "[\n  { from = 2027-01-01",
            '[\n  { from = 2027-01-03, to = 2027-01-04, name = "补休" },\n  { from = 2027-01-01',
        ),
        "2027-01-03 列了两次",
    ),
    "a made-up Tuesday": (YEAR.replace("2027-01-30", "2027-02-02"), "2027-02-02 是周二"),
    "a made-up holiday": (YEAR.replace("2027-02-13", "2027-02-06"), "既是春节假期又是调休上班日"),
    "a made-up day twice": (YEAR.replace("2027-02-13", "2027-01-30"), "2027-01-30 列了两次"),
    "a day of another year": (YEAR.replace("to = 2027-10-05", "to = 2028-10-05"), "不属于 2027 年"),
    "a span upside down": (YEAR.replace("to = 2027-02-11", "to = 2027-02-01"), "区间颠倒"),
    "a year cut short": (
        YEAR.replace('  { from = 2027-10-01, to = 2027-10-05, name = "国庆节" },\n', ""),
        "缺 2027 年 10 月 1 日",
    ),
    "another year than its name": (SHIPPED.read_text(encoding="utf-8"), "文件名说是 2027 年"),
    "a year too far": ("", "逐年公布"),
    "a table by another name": ("日期,名称\n2027-01-01,元旦\n", "这是 CSV 表格"),
    "a field twice": (f"year = 2027\n{YEAR}", "同一个字段写了两次"),
    "no end": (YEAR.replace('"测试用年历"', '"测试用年历'), "不是有效的 TOML"),
    "nothing": ("", "年份缺失"),
}


@pytest.mark.parametrize("wrong", BAD)
def test_a_bad_file_is_refused_in_words_that_say_where(home: Home, wrong: str) -> None:
    text, said = BAD[wrong]
    file = home.file("2027.toml", text)
    if wrong == "a year too far":
        file = home.file("2028.toml", YEAR.replace("2027-01-30, 2027-02-13", "").replace("2027", "2028"))
    run = home.run_here("calendar", "publish", file, "--yes", *BY)
    assert run.code == 2 and said in run.err, run.err
    assert run.out == "" and not home.folder.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (YEAR.encode("gbk"), "不是 UTF-8"),
        (YEAR.encode("utf-16"), "不是 UTF-8"),
        (b"PK\x03\x04" + b"\0" * 100, "改了扩展名"),
        (b"#" * 300_000, "文件太大"),
    ],
)
def test_what_is_no_text_is_refused(home: Home, content: bytes, said: str) -> None:
    file = home.file("2027.toml", "")
    file.write_bytes(content)
    run = home.run_here("calendar", "publish", file)
    assert run.code == 2 and said in run.err


def test_all_that_is_wrong_is_said_at_once(home: Home) -> None:
    file = home.file(
        "2027.toml", YEAR.replace("2027-01-30", "2027-02-02").replace('name = "元旦"', "name = 1")
    )
    run = home.run_here("calendar", "publish", file, "--yes")
    assert run.code == 2
    for said in ("--by", "--reason", "周二", "节日名称"):
        assert said in run.err


def test_a_mark_at_the_beginning_of_the_file_and_a_folder(home: Home, tmp_path: Path) -> None:
    file = home.file("2027.toml", "")
    file.write_text(YEAR, encoding="utf-8-sig")
    assert home.run_here("calendar", "publish", file).code == 0
    assert "是文件夹" in home.run_here("calendar", "publish", tmp_path).err
    assert "找不到" in home.run_here("calendar", "publish", tmp_path / "没有.toml").err
    assert "没有写明" in home.run_here("calendar", "publish").err


def test_the_template_is_right(home: Home) -> None:
    file = home.file("2027.toml", home.run_here("calendar", "publish", "--template").out)
    assert calendar().years[-1].year == 2026, "another year is shipped: renew the template"
    assert home.run_here("calendar", "publish", file).code == 0
