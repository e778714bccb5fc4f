"""`mingjian agencies` on one machine without a server: what it shows, what it refuses, which letters it finds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.database import Database
from activities.registry import Registry
from models.jurisdiction_file import only_file
from starter.columns import width
from tests.sample_rows import case_row, deadline_row, letter_row, snapshot
from tests.script_runs import Home, home_in

BY = ("--by", "王五", "--reason", "市委〔2026〕×号")
OLD, NEW = "大田县自然资源局", "大田县自然资源和林业局"
CHANGE = f"""basis = "大田县机构改革方案"
[[renamed]]
body = "{OLD}"
name = "{NEW}"
from = 2026-01-01
"""
GONE = """basis = "大田县机构改革方案"
[[abolished]]
body = "大田县自然资源局"
successor = "无"
from = 2026-01-01
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a database, and cases whose letters to the bureau stand in every way that counts."""
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    registry = Registry(database)

    def case(number: int, closed_on: date | None = None, **letter: Any) -> None:
        name = f"urging-350425-2021-{number:04d}"
        letters = (letter_row(case=name, **{"recipient_code": "350425-nr", **letter}),)
        periods = (
            deadline_row("L1/jy.reply", case=name),
            deadline_row("L1/local.service", case=name, party=""),
        )
        registry.project(
            snapshot(1, case_row(name, closed_on=closed_on), letters=letters, deadlines=periods),
            run=name,
            run_started_at=datetime(2026, 1, 1, tzinfo=UTC),
        )

    case(1)
    case(2, recipient="大田县国土资源局", recipient_code="")
    case(3, issued_on=None, state="drafted")
    case(4, state="assessed", substance="partial")
    settled: tuple[dict[str, Any], ...] = (
        {"state": "withdrawn"},
        {"replaced_by": "L2"},
        {"state": "assessed", "substance": "put_right"},
        {"recipient": "大田县人民政府", "recipient_code": "350425-gov"},
        {"closed_on": date(2026, 3, 1)},
        {"recipient": NEW},
    )
    for number, letter in enumerate(settled, start=5):
        case(number, **letter)
    database.close()
    return home


def test_a_dry_run_shows_bodies_and_the_letters_that_still_wait_on_them(home: Home) -> None:
    file = home.file("变动.toml", CHANGE)
    tried = home.run("agencies", "adopt", file, "--out", file.with_suffix(".csv"))
    assert tried.code == 0, tried.err
    for said in (
        "第 1 号机构变动　依据：大田县机构改革方案",
        f"{OLD}改称{NEW}，自2026-01-01起",
        "在办案件 4 件，4 份文书等待这些单位",
        "书面回复",
        "2021-11-15",
        "1 份还是草稿",
        "以上是试看，没有采用",
    ):
        assert said in tried.out.replace("\n", ""), said
    assert all(width(line) <= 80 for line in tried.out.splitlines())
    table = file.with_suffix(".csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0][-4:] for line in table[1:]] == ["0001", "0002", "0003", "0004"]
    assert home.run_here("agencies", OLD, "--json").lines[0]["passed_on"] is None


def test_what_is_adopted_holds_at_once_for_every_command_and_moves_no_case(home: Home) -> None:
    file = home.file("变动.toml", CHANGE)
    done = home.run("agencies", "adopt", file, "--yes", *BY)
    assert done.code == 0 and "已采用：第 1 号机构变动" in done.out and "agencies move 1" in done.out
    assert "已经采用过（第 1 号，" in home.run_here("agencies", "adopt", file, "--yes", *BY).out
    [asked] = home.run("agencies", OLD, "--json").lines
    assert (asked["name"], asked["passed_on"], asked["former_names"][-1]) == (NEW, "2026-01-01", OLD)
    assert f"{OLD}自2026-01-01起改称{NEW}" in home.run_here("agencies", OLD).out
    lines = home.run_here("agencies", "--json").lines
    assert (lines[0]["change"], lines[0]["by"], lines[0]["reason"]) == (1, "王五", BY[3])
    assert lines[0]["letters_waiting"] == 4
    assert sum(line.get("name") == NEW for line in lines) == 1
    listed = home.run_here("agencies").out
    assert "第 1 号　大田县机构改革方案" in listed and max(map(width, listed.splitlines())) <= 80
    asked_for = home.run_here("liaisons", "--json").lines
    assert NEW in [line["name"] for line in asked_for] and OLD not in [line["name"] for line in asked_for]
    # Cases are found by what the bureau is called now and by what it was; the rows are as they were.
    for name in (OLD, NEW):
        found = home.run_here("list", "--agency", name, "--json").lines
        assert len(found) == 9, name
    tried = home.run_here("agencies", "move", "1")
    assert "在办案件 4 件" in tried.out and "move 1 --all --yes" in tried.out.replace("\n", " ")
    one = home.run_here("agencies", "move", "1", "--case", "urging-350425-2021-0002", "--json").lines
    assert [line["recipient"] for line in one] == ["大田县国土资源局"]


def test_a_new_office_is_one_to_have_a_liaison(home: Home) -> None:
    text = CHANGE.replace("[[renamed]]", "[[merged]]").replace(f'body = "{OLD}"', f'bodies = ["{OLD}"]')
    into = f'into = {{ name = "{NEW}", kind = "natural_resources", place = "350425" }}'
    file = home.file("合并.toml", text.replace(f'name = "{NEW}"', into))
    tried = home.run_here("agencies", "adopt", file, "--yes", *BY)
    assert tried.code == 0 and f"请另行确定联络员：{NEW}" in tried.out.replace("\n", "")
    done = home.run_here("liaisons", "designate", NEW, "陈九", "--from", "2026-01-01", "--by", "王五")
    assert done.code == 0 and f"已登记：{NEW}" in done.out, done.err


def test_a_change_to_come_holds_from_its_day_and_moves_nobody_before_it(home: Home) -> None:
    file = home.file("变动.toml", CHANGE.replace("2026-01-01", "2099-01-01"))
    home.run_here("agencies", "adopt", file, "--yes", *BY)
    assert home.run_here("agencies", OLD, "--json").lines[0]["name"] == OLD
    assert "（尚未生效）" in home.run_here("agencies").out.replace("\n", "")
    tried = home.run_here("agencies", "move", "1").out
    assert "没有在办案件的文书" in tried and "2099-01-01）到时再移交" in tried


def test_a_body_without_an_heir_is_told_of_and_its_letters_are_not_moved(home: Home) -> None:
    file = home.file("变动.toml", GONE)
    tried = home.run_here("agencies", "adopt", file).out.replace("\n", "")
    assert "5 份文书的收件单位没有承继单位，不能移交" in tried
    home.run_here("agencies", "adopt", file, "--yes", *BY)
    assert "撤销，没有承继单位" in home.run_here("agencies", OLD).out
    assert (
        home.run_here("agencies", "move", "1", "--all", "--yes", *BY, "--role", "检察官").out
        == "没有可以移交的。\n"
    )
    case = home.run_here("open", "urging", "--template").out.replace("永安市", "大田县")
    case = case.replace("350481", "350425")
    refused = home.run_here("open", "urging", home.file("案件.yaml", case))
    assert refused.code == 2 and f"{OLD}自2026-01-01起撤销，没有承继单位（大田县机构改革方案）" in refused.err


def test_what_is_refused(home: Home) -> None:
    file = home.file("变动.toml", CHANGE)
    other = home.file("错.toml", CHANGE.replace(OLD, "大田县资源局"))

    def refused(code: int, said: str, *arguments: str | Path) -> None:
        run = home.run_here("agencies", *arguments)
        assert (run.code, said in run.err) == (code, True), (arguments, run.err)

    refused(2, "没有写明机构变动文件", "adopt")
    refused(2, "找不到这个机构变动文件", "adopt", home.folder / "无.toml")
    refused(2, "共 2 个问题", "adopt", file, "--yes")
    refused(2, "文件 错.toml，字段 renamed[1].body", "adopt", other)
    refused(1, "没有第 1 号机构变动", "move", "1")
    refused(2, "没有“某某局”这个单位", "某某局")
    home.run_here("agencies", "adopt", file, "--yes", *BY)
    refused(2, "没有写明移交哪些案件", "move", "1", "--yes", *BY, "--role", "检察官")
    refused(2, "没有写明身份", "move", "1", "--all", "--yes", *BY)
    refused(2, "没有写明谁决定", "move", "1", "--all", "--yes")
    refused(2, "只能选一样", "move", "1", "--all", "--case", "x")
    refused(1, "没有文书等待", "move", "1", "--case", "urging-350425-2021-0008")
    refused(3, "连不上 Temporal 服务器", "move", "1", "--all", "--yes", *BY, "--role", "检察官")


def test_the_template_can_be_adopted_as_it_is(home: Home) -> None:
    file = home.file("样例.toml", home.run("agencies", "adopt", "--template").out)
    [tried] = home.run_here("agencies", "adopt", file, "--json").lines
    assert [each["entry"] for each in tried["entries"]] == ["renamed[1]", "merged[1]", "abolished[1]"]
    # With the lines that are left out by default, too.
    whole = file.read_text(encoding="utf-8").replace("# replaces = 1", "#")
    for line in (
        "[[place_renamed]]",
        'place = "明溪县"',
        'name = "明溪区"',
        "from = 2027-01-01",
        'office = "执法监察科"',
    ):
        assert f"# {line}" in whole
        whole = whole.replace(f"# {line}", line, 1)
    [tried] = home.run_here("agencies", "adopt", home.file("全.toml", whole), "--json").lines
    assert len(tried["entries"]) == 4


def test_a_change_that_was_tampered_with_is_refused_and_the_doctor_tells(home: Home) -> None:
    file = home.file("变动.toml", CHANGE)
    home.run_here("agencies", "adopt", file, "--yes", *BY)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    with database.writing() as session:
        from sqlalchemy import text

        session.connection().execute(
            text("UPDATE editions SET text = replace(text, '林业', '水利') WHERE kind = 'agency_change'")
        )
    database.close()
    refused = home.run_here("agencies")
    assert refused.code == 1 and "第 1 次公布的内容在登记库里被改动过" in refused.err
    doctor = home.run_here("doctor", "--json")
    [line] = [each for each in doctor.lines if each.get("name") == "jurisdiction"]
    assert not line["found"] and "被改动过" in line["remedy"]


def test_a_file_written_anew_since_is_told_of(home: Home, tmp_path: Path) -> None:
    home.run_here("agencies", "adopt", home.file("变动.toml", CHANGE), "--yes", *BY)
    anew = tmp_path / "anew.toml"
    anew.write_text(only_file().read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    listed = home.run_here("agencies", MINGJIAN_JURISDICTION=str(anew))
    assert listed.code == 0 and "与辖区文件对不上" in listed.out
    doctor = home.run_here("doctor", MINGJIAN_JURISDICTION=str(anew)).out.replace("\n", "")
    assert "机构变动有 1 处与辖区文件对不上" in doctor.replace(" ", "").replace(
        "机构变动有1处", "机构变动有 1 处"
    )
