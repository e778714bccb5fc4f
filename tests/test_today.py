"""`mingjian today` as the script prints it: what is most urgent first, each with a command that the script takes."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.database import Database
from models.calendar import calendar
from models.dates import at_hour, day_in_china
from models.settings import Settings
from starter import today
from starter.columns import width
from tests.days_work import RUN, fill, number, project
from tests.sample_rows import deadline_row, letter_row
from tests.script_runs import Home, home_in
from tests.typed_commands import understood


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    fill(database, day_in_china(datetime.now(UTC)))
    database.close()
    intake = home.folder / "intake"
    intake.mkdir()
    for place in range(12):
        path = intake / f"扫描{place:02d}.pdf"
        path.write_bytes(b"%PDF-1.4")
        os.utime(path, (RUN.timestamp() + place, RUN.timestamp() + place))
    return home


TITLES = (
    "逾期未复", "届满未办", "今天和", "收件夹待收", "收件匣待整理", "案件里待整理的材料", "新收到的材料", "未送达", "回复待评估",
    "文书待审批、待制发", "回头看到期", "没有送到、可能重复的邮件",
)  # fmt: skip


def test_the_page_as_it_is_printed(home: Home) -> None:
    """In a process of its own, with no server: the most urgent first, within 80 columns, a command beneath each line."""
    run = home.run("today", "--within", "5")
    assert run.code == 0 and run.err == ""
    lines = run.out.splitlines()
    assert max(map(width, lines)) <= 80
    headings = [line for line in lines if line.startswith("【")]
    assert [next(each for each in TITLES if line.startswith(f"【{each}")) for line in headings] == list(
        TITLES
    )
    assert "【收件夹待收】12 件，以下 10 件；全部：\n  mingjian inbox\n" in run.out
    assert f"mingjian decide {number(1)} 督促 letter=L1" in run.out
    assert "永安一案" in run.out and "已过9日" in run.out and "，暂定" in run.out
    assert f"mingjian record {number(8)} 送达 letter=L2 mode=留置送达 on=…" in run.out
    assert f"mingjian decide {number(6)} 整理 fact=收文-1 letter=…" in run.out
    assert f"mingjian record {number(13)} 回头看 on=… held=…" in run.out


def test_every_command_on_the_page_is_understood(home: Home) -> None:
    told = home.run_here("today", "--within", "5", "--json").lines
    assert {each["section"] for each in told} == {
        "overdue", "expired", "due", "inbox", "tray", "unmatched", "arrived", "unserved", "unassessed", "pending",
        "look_back", "mails",
    }  # fmt: skip
    assert len([each for each in told if each["section"] == "inbox"]) == 12, (
        "nothing is left out for a program"
    )
    for each in told:
        understood(tuple(shlex.split(each["command"])))
    [late] = [each for each in told if each["section"] == "overdue" and each["case"] == number(1)]
    assert late["on"] == str(day_in_china(datetime.now(UTC)) - timedelta(days=9))
    assert late["title"] == "第1案" and "书面回复" in late["what"]


def commands_in(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.replace("\\\n", "").splitlines():
        if line.startswith("  mingjian "):
            yield tuple(shlex.split(line))


def test_what_is_left_out_is_listed_by_the_command_that_is_shown(home: Home) -> None:
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    for place in range(100, 115):
        project(database, place, letters=(letter_row("L1", number(place)),))
        late = deadline_row("L1/jy.file_up", number(200 + place), state="expired", due_on=date(2021, 9, 1))
        project(database, 200 + place, deadlines=(late,))
    database.close()
    out = home.run_here("today", "--handler", "张三", "--county", "大田县").out
    lists = [command for command in commands_in(out) if command[1] == "list"]
    assert len(lists) == 2
    for command, least in zip(lists, (15, 15), strict=True):
        understood(command)
        assert command[-4:] == ("--handler", "张三", "--county", "350425")
        assert len(home.run_here(*command[1:], "--json").lines) > least


def test_a_page_of_one_clerk_or_county_is_theirs(home: Home) -> None:
    out = home.run_here("today", "--handler", "王五").out
    assert "永安一案" in out and "第1案" not in out and "承办 王五" in out.splitlines()[0]
    assert "升格" in out, "urged before"
    assert "收件夹待收" in out, "nobody knows yet whose it is"
    assert home.run_here("today", "--county", "永安市").out.count("· ") == 11
    assert [
        each["case"] for each in home.run_here("today", "--county", "永安市", "--json").lines if each["case"]
    ] == [number(20).replace("350425", "350481")]


def test_nothing_to_do_is_said_in_one_sentence(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    project(database, 1)
    database.close()
    head, sentence = home.run_here("today").out.splitlines()
    assert "星期" in head and sentence.startswith("没有逾期的、3 个工作日内（到 ")
    assert "今天届满的" in home.run_here("today", "--within", "0").out
    empty = home.run_here("today", "--json")
    assert (empty.code, empty.out) == (0, "")


def test_how_far_ahead_is_counted_in_working_days(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Thursday, 30 September 2021: the holiday lies ahead, and the Saturday after it is worked."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return at_hour(date(2021, 9, 30), 9)

    monkeypatch.setattr(today, "datetime", Clock)
    monkeypatch.setattr(today, "edition_in_force", calendar)
    asked, within = today.read_asked(Settings(home=tmp_path), "", "", "2", as_json=False)
    assert (asked.today, asked.until, asked.since, within) == (
        date(2021, 9, 30), date(2021, 10, 9), date(2021, 9, 29), 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--within", "三"), "--within"), (("--county", "火星"), "--county"), (("--al",), "没有“--al”")],
)
def test_what_is_not_understood_is_told(home: Home, words: tuple[str, ...], said: str) -> None:
    run = home.run_here("today", *words)
    assert run.code == 2 and said in run.err


def test_a_registry_that_is_not_there(tmp_path: Path) -> None:
    run = home_in(tmp_path).run_here("today")
    assert run.code == 3 and not run.out and "mingjian up" in run.err
