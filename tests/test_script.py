"""The script without a server: help, usage, exit codes, `due`, `rules`, `calendar`, and what is refused early."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from starter import main as script
from starter.columns import fold, width
from tests.script_runs import ROOT, SCRIPT, Home, home_in

COMMANDS = [
    "open",
    "reply",
    "record",
    "decide",
    "correct",
    "draft",
    "issued",
    "liaisons",
    "today",
    "show",
    "list",
    "due",
    "verify",
    "report",
    "calendar",
    "rules",
    "rehearse",
    "demo",
    "up",
    "rebuild",
    "doctor",
]
CASE = "urging-350481-2026-0001"
ENGLISH = (
    "Usage",
    "Options",
    "Commands",
    "Arguments",
    "Show this message",
    "Error",
    "Missing",
    "No such",
    "Try",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_in(tmp_path)


# ── help and usage ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_help_names_every_command(home: Home) -> None:
    run = home.run("--help")
    assert run.code == 0
    named = [
        line.split()[0] for line in run.out.splitlines() if line.startswith("  ") and line[2:3].isascii()
    ]
    assert [name for name in named if name in COMMANDS] == COMMANDS


@pytest.mark.parametrize(
    "command", ["", *COMMANDS, "liaisons designate", "liaisons release", "liaisons import"]
)
def test_help_is_chinese_and_fits(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.run([*command.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert "用法：mingjian" in out and "选项：" in out
    assert not [word for word in ENGLISH if word in out]
    assert max(width(line) for line in out.splitlines()) <= 80


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["opne"], "没有“opne”这个命令。是不是 open"),
        (["--colour"], "没有“--colour”这个选项"),
        (["list", "--ovedue"], "是不是 --overdue"),
        (["list", "--county"], "--county 后面缺少值"),
        (["list", "--overdue=1"], "--overdue 不带值"),
        (["show"], "缺少参数：CASE"),
        (["due"], "缺少参数：RULE"),
        (["due", "coop.reply"], "缺少参数：日期…"),
        (["due", "coop.reply", "--edition"], "--edition 后面缺少值"),
        (["reply", CASE], "缺少选项：--sent"),
        (["rules", "coop.reply", "jy.reply"], "多余的参数：jy.reply"),
        (["show", CASE, "--deadlines", "--timeline"], "只能选一样"),
        (["show", "1号案"], "不是案件编号"),
        (["record", CASE], "没有写明是哪种事实"),
        (["record", CASE, "reply_recieved"], "reply_received"),
        (["decide", CASE, "correct"], "mingjian correct"),
        (["decide", CASE, "urge"], "没有写明谁决定的"),
        (["decide", CASE, "urge", "--by", "张三"], "没有写明身份"),
        (["decide", CASE, "urge", "--by", "张三", "--role", "局长"], "不认识的身份“局长”"),
        (["correct", CASE, "x", "on=2021-01-01"], "没有写明谁更正"),
        (["list", "--limit", "很多"], "--limit"),
        (["list", "--stage", "没有的阶段", "--county", "上海"], "--county"),
        (["calendar", "21"], "不是年份"),
        (["calendar", "--edition", "1900"], "1900"),
        (["rules", "coop.rply"], "coop.reply"),
        (["open", "burglary", "x.yaml"], "没有“burglary”这种案件"),
        (["open", "urging"], "--template"),
        (["open", "urging", "没有.yaml"], "找不到文件"),
        (["liaisons", "desinate"], "没有“desinate”这个命令。是不是 designate"),
        (["liaisons", "designate", "永安市人民检察院"], "缺少参数：PERSON"),
        (["liaisons", "designate", "永安市人民检察院", "李四"], "缺少选项：--from"),
        (["liaisons", "designate", "永安市人民检察院", "李四", "--from", "2026-01-05"], "--by"),
        (["liaisons", "designate", "永安市法院", "李四", "--from", "昨天", "--by", "张三"], "不设联络员"),
        (["liaisons", "release", "永安市人民检察院", "--on", "昨天", "--by", "张三"], "--on"),
        (["liaisons", "import", "--by", "张三"], "--template"),
        (["liaisons", "import", "没有.yaml", "--by", "张三"], "找不到文件"),
    ],
)
def test_what_is_not_understood_ends_with_2(
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    home: Home,
) -> None:
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    assert script.run(arguments) == 2
    printed = capsys.readouterr()
    assert said in printed.err and not printed.out
    assert not [word for word in ENGLISH if word in printed.err]
    assert not home.folder.exists()


def test_nothing_given_is_a_question_for_help(home: Home) -> None:
    assert home.run().out == home.run("--help").out


def test_an_unknown_setting_is_told(home: Home) -> None:
    run = home.run("list", MINGJIAN_HOEM="x")
    assert run.code == 2 and "MINGJIAN_HOEM" in run.err


def test_staff_never_see_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> int:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(script, "_do", fail)
    monkeypatch.delenv("MINGJIAN_LOG_LEVEL", raising=False)
    assert script.run(["list"]) == 1
    err = capsys.readouterr().err
    assert "ZeroDivisionError" in err and "secret" not in err and "Traceback" not in err
    monkeypatch.setenv("MINGJIAN_LOG_LEVEL", "debug")
    assert script.run(["list"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_who_has_seen_enough(home: Home) -> None:
    process = subprocess.Popen(
        [*SCRIPT, "rules", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=home.environment,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0
    assert not err


def test_a_terminal_that_knows_no_chinese(home: Home) -> None:
    run = home.run("due", "coop.reply", "2021-09-15", PYTHONIOENCODING="ascii")
    assert run.code == 0 and "2021-11-15" in run.out


def test_folding_breaks_as_chinese_text_does() -> None:
    text = "检察建议书（永检行建〔2026〕1号）致永安市自然资源局于2026-11-23送达，回复期限开始。"
    for columns in range(14, 60):
        lines = fold(text, columns)
        assert "".join(lines) == text
        assert all(width(line) <= columns for line in lines)
        assert all(line[0] not in "，。；）〕" and line[-1] not in "（〔" for line in lines)
        assert any("2026-11-23" in line for line in lines)


# ── due, rules, calendar ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "due", "provisional"),
    [
        # two months; a Monday; from a Saturday in the holiday's week to its first working day after it; month end
        (["coop.reply", "2021-09-15", "2021-07-18", "2021-08-01", "2021-12-31"],
         ["2021-11-15", "2021-09-18", "2021-10-08", "2022-02-28"], False),
        # five working days with Saturday 18 September made up
        (["coop.copy", "2021-09-15"], ["2021-09-23"], False),
        (["coop.reply", "2026-11-23", "2026-10-28", "--edition", "2026"], ["2027-01-25", "2026-12-28"], True),
    ],
)  # fmt: skip
def test_due_as_the_law_has_it(
    arguments: list[str], due: list[str], provisional: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.run(["due", *arguments, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["due_on"] for line in lines] == due
    assert [line["provisional"] for line in lines] == [provisional] * len(due)
    assert all(line["explanation"] for line in lines)
    assert list(lines[0]) == [
        "rule", "started_on", "due_on", "provisional", "in_force", "edition", "explanation"
    ]  # fmt: skip
    assert script.run(["due", *arguments]) == 0
    text = capsys.readouterr().out
    assert all(day in text for day in due)
    assert ("暂定" in text) is provisional
    assert max(width(line) for line in text.splitlines()) <= 80


def test_due_answers_hundreds_of_dates_in_the_order_given(home: Home) -> None:
    days = [date(2021, 1, 1) + timedelta(days=7 * n % 400) for n in range(400)]
    run = home.run("due", "ag.demand", *map(str, days), "--json")
    assert run.code == 0
    assert [line["started_on"] for line in run.lines] == [str(day) for day in days]


def test_due_refuses_a_batch_whole(home: Home) -> None:
    run = home.run_here("due", "coop.reply", "2021-09-15", "2021-02-30", "昨天", "--json")
    assert run.code == 2 and not run.out
    assert "第 2 个日期" in run.err and "第 3 个日期" in run.err
    assert home.run_here("due", "coop.rply", "2021-09-15").code == 2
    assert home.run_here("due", "coop.reply", "2021-09-15", "--edition", "1900").code == 2


def test_due_is_the_same_by_either_way(capsys: pytest.CaptureFixture[str]) -> None:
    """The short way around typer, and typer (`--` is unknown to the short way)."""
    assert script.run(["due", "coop.reply", "2021-09-15", "--json", "--edition=2022"]) == 0
    short = capsys.readouterr().out
    assert script.run(["due", "--json", "--edition", "2022", "--", "coop.reply", "2021-09-15"]) == 0
    assert capsys.readouterr().out == short


def test_every_rule_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert script.run(["rules", "--json"]) == 0
    rules = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rules) > 50 and {"coop.reply", "ag.demand", "ct.rule"} <= {each["rule"] for each in rules}
    for each in rules:
        assert script.run(["due", each["rule"], "2022-03-01", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["rule"] == each["rule"]
        assert script.run(["rules", each["rule"]]) == 0
        assert max(width(line) for line in capsys.readouterr().out.splitlines()) <= 80


def test_the_calendar_as_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    assert script.run(["calendar", "2021", "--json"]) == 0
    year = json.loads(capsys.readouterr().out)
    assert "2021-09-18" in year["made_up"] and year["holidays"]["2021-09-21"] == "中秋节"
    assert script.run(["calendar", "2021"]) == 0
    picture = capsys.readouterr().out
    assert "18班" in picture and "21休" in picture
    assert max(width(line) for line in picture.splitlines()) <= 80
    assert script.run(["calendar", "--json"]) == 0
    editions = [json.loads(line)["edition"] for line in capsys.readouterr().out.splitlines()]
    assert {"2020", "2020-01", "2026"} <= set(editions)
    for edition in editions:
        assert script.run(["calendar", "--edition", edition]) == 0


def test_due_loads_neither_the_sdk_nor_the_database(home: Home) -> None:
    code = (
        "import sys; from starter.main import run; run(['due', 'coop.reply', '2021-09-15']);"
        "print([m for m in ('temporalio', 'sqlmodel', 'sqlalchemy', 'pydantic', 'typer') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=home.environment
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_help_and_due_start_at_once(home: Home) -> None:
    def cost(*command: str) -> float:
        best = 1e9
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, cwd=ROOT, env=home.environment, stdout=subprocess.DEVNULL, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return best

    nothing = cost(sys.executable, "-c", "pass")
    assert cost(*SCRIPT, "--help") <= 30 * nothing
    assert cost(*SCRIPT, "due", "coop.reply", "2021-09-15") <= 30 * nothing


# ── refused early, and out of reach ──────────────────────────────────────────────────────────────────────────────────


def test_a_kind_that_is_none_is_not_understood(home: Home) -> None:
    run = home.run_here("open", "burglary", "--template")
    assert run.code == 2 and "没有“burglary”这种案件" in run.err


def test_templates_are_printed(home: Home) -> None:
    assert "title:" in home.run_here("open", "urging", "--template").out
    assert "received_on" in home.run_here("record", "回复", "--template").out
    assert "official_no" in home.run_here("decide", "--template", "issue_letter").out


def test_a_bad_file_is_told_whole_before_anything_is_reached(home: Home) -> None:
    good = home.file("good.yaml", home.run_here("open", "urging", "--template").out)
    bad = home.file("bad.yaml", "title: 某案\ncounty: 永安县\nmatter: 耕地\ncolour: 红\n")
    run = home.run_here("open", "urging", good, bad)
    assert run.code == 2 and not run.out
    for field in ("county", "matter", "colour", "clue", "handler"):
        assert f"字段 {field}：" in run.err
    assert "bad.yaml" in run.err and "good.yaml" not in run.err
    assert not home.folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", CASE],
        ["reply", CASE, "--sent", "2021-11-15", "--by", "张三"],
        ["decide", CASE, "urge", "--by", "张三", "--role", "检察官"],
        ["correct", CASE, "x", "on=2021-01-01", "--reason", "笔误", "--by", "张三"],
    ],
)
def test_a_server_that_is_down_is_told_within_seconds(home: Home, arguments: list[str]) -> None:
    begun = time.monotonic()
    run = home.run_here(*arguments)
    assert run.code == 3 and "连不上 Temporal 服务器" in run.err and "mingjian up" in run.err
    assert time.monotonic() - begun < 30
    assert not home.folder.exists()


def test_opening_without_a_server_takes_no_number(home: Home) -> None:
    file = home.file("case.yaml", home.run_here("open", "urging", "--template").out)
    assert home.run("open", "urging", file).code == 3
    assert not home.folder.exists()


def test_a_registry_that_is_not_there(home: Home) -> None:
    run = home.run("list", "--json")
    assert run.code == 3 and not run.out and "mingjian up" in run.err


@pytest.mark.parametrize("paper", ["没有.pdf", "empty.pdf", "large.pdf", "../../x"])
def test_a_paper_that_cannot_be_kept_is_refused_before_the_server_is_reached(home: Home, paper: str) -> None:
    folder = home.folder.parent
    (folder / "empty.pdf").touch()
    with (folder / "large.pdf").open("wb") as file:
        file.truncate(512 * 1024 * 1024 + 1)
    given = paper if paper.startswith("..") else str(folder / paper)
    run = home.run_here("reply", CASE, "--sent", "2021-11-15", "--by", "张三", "--paper", given)
    assert run.code == 2 and given in run.err
    assert not home.folder.exists()


def test_doctor_and_verify_without_anything(home: Home) -> None:
    doctor = home.run("doctor", "--json")
    assert doctor.code in (0, 1)
    assert {"python", "registry", "server"} <= {line["name"] for line in doctor.lines}
    verify = home.run_here("verify")
    # Neither database nor server is there: nothing is wrong, and nobody is told that all was checked.
    assert verify.code == 3 and "没有案卷" in verify.err and "没有核对" in verify.err
