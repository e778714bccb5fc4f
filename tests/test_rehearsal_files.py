"""The files of published cases: what is read, and what is refused with file, line, field and remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.errors import InputError
from starter.rehearsing import command
from starter.rehearsing.expected import PUBLISHED
from starter.rehearsing.mapping import script
from starter.rehearsing.published import is_expected_table, parse_published, read_all
from tests.pure_rehearsal import letter, published

GOOD = """
id: a
title: 某案
kind: urging
events:
- date: 2012
  precision: year
  event: violation_started
- date: 2018-09-29
  event: suggestion_issued
  role: procuratorate
  target: 某县自然资源局
"""


def test_bare_years_and_dates_are_read_and_an_unknown_kind_is_kept() -> None:
    case = parse_published(GOOD.replace("urging", "something_new"), "a.yaml")
    assert [str(event.on) for event in case.events] == ["2012", "2018-09-29"]
    assert case.kind == "something_new"
    assert parse_published(GOOD.replace("urging", "enforcement_supervision"), "").kind == "enforcement"


@pytest.mark.parametrize(
    ("change", "to", "told"),
    [
        ("title: 某案\n", "", "字段 title：缺少 title"),
        ("kind: urging", "kind: [urging]", "kind 应为文字"),
        ("event: violation_started", "evnt: violation_started", "不认识的字段“evnt”"),
        ("title: 某案", "titel: 某案", "不认识的字段“titel”"),
        (
            "target: 某县自然资源局",
            "target: 某县自然资源局\n  target: 乙",
            "第 2 个事件 target：字段“target”写了两次",
        ),
        ("date: 2018-09-29", "date: 2018-09-31", "第 2 个事件 date：“2018-09-31”不是存在的日期"),
        ("date: 2018-09-29", "date: 去年", "“去年”不是日期"),
        (
            "date: 2018-09-29",
            "date: 2018-09-29\n  date_end: 2018-09-01",
            "第 2 个事件 date_end：日期区间颠倒",
        ),
        ("date: 2018-09-29", "date: 2018-09-29\n  date_end: 2018-13", "第 2 个事件 date_end：“2018-13”不是"),
        ("kind: urging", "kind: urging\nundated_steps: 听证", "undated_steps 应为列表"),
        ("kind: urging", "kind: urging\n---\nkind: urging", "一个文件里有几份 YAML"),
        ("kind: urging", "kind: *a", "锚点"),
        ("date: 2018-09-29", "date: 1018-09-29", "请核对年份"),
        ("date: 2018-09-29\n", "precision: day\n", "缺少 date"),
        ("precision: year", "precision: day", "precision 写 day，而日期“2012”的精度是 year"),
        ("role: procuratorate", "role: [a]", "role 应为文字"),
        ("target: 某县自然资源局", f"target: {'长' * 101}", "target 过长"),
        ("events:", "events: 无\nfacts:", "没有事件"),
        ("id: a", "id: a: b", "YAML 语法错误"),
        ("title: 某案", "title: \x07", "YAML 语法错误"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(change: str, to: str, told: str) -> None:
    assert change in GOOD
    with pytest.raises(InputError) as refused:
        parse_published(GOOD.replace(change, to), "a.yaml")
    assert told in str(refused.value)
    assert "文件 a.yaml，第 " in str(refused.value)


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD.replace("date: 2012", "date: 2012-13"), encoding="utf-8")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "c.yaml").write_text("- 1\n", encoding="utf-8")
    (tmp_path / "d.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "e.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_all([tmp_path, tmp_path / "missing.yaml"])
    told = str(refused.value)
    for each in (
        "a.yaml",
        "不是存在的日期",
        "b.yaml",
        "不是 UTF-8",
        "c.yaml",
        "不是案例文件",
        "重复",
        "没有这个文件",
    ):
        assert each in told


def test_a_folder_is_read_without_the_table_that_lies_in_it() -> None:
    assert len(read_all([PUBLISHED])) == 40
    assert len(read_all(sorted(PUBLISHED.glob("*.yaml")))) == 40


def test_a_letter_from_before_any_calendar_is_refused() -> None:
    with pytest.raises(InputError, match="过早"):
        script(published(letter("1985-03")), 1)


def test_a_letter_too_old_to_count_is_told_with_its_line_and_with_the_rest(tmp_path: Path) -> None:
    old = GOOD.replace("date: 2018-09-29", "date: 1985-03")
    (tmp_path / "old.yaml").write_text(old, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(GOOD.replace("kind: urging\n", ""), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        command.rehearse([tmp_path], as_json=False)
    told = str(refused.value)
    assert "old.yaml，第 9 行，字段 第 2 个事件 date：文书日期 1985-03 过早" in told
    assert "缺少 kind" in told


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "away.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError) as refused:
        read_all([tmp_path, Path("/dev/zero"), tmp_path / ("x" * 5000)])
    told = str(refused.value)
    assert told.count("不是普通文件") == 3
    assert "folder.yaml：是文件夹，不是案例文件" in told
    assert "读不了" in told


def test_both_endings_of_yaml_are_found_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(GOOD.replace("id: a", "id: b"), encoding="utf-8")
    assert [case.id for case in read_all([tmp_path])] == ["a", "b"]


def test_the_table_is_known_by_what_it_holds_and_said_to_be_none(tmp_path: Path) -> None:
    case = tmp_path / "expected.yaml"
    case.write_text(GOOD, encoding="utf-8")
    assert [each.id for each in read_all([case])] == ["a"]
    table = PUBLISHED / "expected.yaml"
    assert is_expected_table(table)
    with pytest.raises(InputError, match="只有期望表，没有案例"):
        read_all([table])
