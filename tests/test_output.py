"""What the script prints fits the terminal, and is one line for each thing said where there is none."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from models.errors import InputError, Problem
from starter.columns import width
from starter.output import Listing, say, say_problems, show

LONG = "永安市人民检察院自2026-04-01起已确定孙八为联络员，同一时间只能有一名（第二条）"
REMEDY = (
    "起始日写在2026-04-01之后；原来登记有误的，先撤销：mingjian liaisons release 350481-proc --on 2026-03-31"
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("columns", [80, 60])
def test_a_line_is_folded_where_a_terminal_would_break_it(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out, err = Terminal(), Terminal()
    with redirect_stdout(out), redirect_stderr(err):
        say(LONG * 2)
        say()
        say_problems(InputError(Problem(LONG, REMEDY, field="--from")))
    lines = out.getvalue().splitlines()
    assert "".join(lines) == LONG * 2 and lines[-1] == ""
    told = err.getvalue().splitlines()
    assert "".join(told).replace(" ", "") == f"✗字段--from：{LONG}（{REMEDY}）".replace(" ", "")
    assert max(map(width, [*lines, *told])) <= columns
    assert not any(line.startswith(("，", "。", "）", "；")) for line in [*lines, *told])


def test_elsewhere_each_thing_said_is_one_line() -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        say(LONG * 2)
        say_problems(InputError(Problem(LONG, REMEDY, field="--from")))
    assert out.getvalue() == f"{LONG * 2}\n"
    assert len(err.getvalue().splitlines()) == 1


def test_what_is_copied_is_not_broken_while_other_columns_can_give_way(
    capsys: pytest.CaptureFixture[str],
) -> None:
    listing, id = Listing("序", "日期", "种类", "内容", "记录人"), "item_progressed-c0b38a577fa02a7d"
    listing.add("16", "2026-11-20", "事项进展", f"{LONG}\n{id}", "王五（分管副检察长）")
    show(listing)
    lines = capsys.readouterr().out.splitlines()
    assert any(id in line for line in lines) and any("2026-11-20" in line for line in lines)
    assert max(map(width, lines)) <= 80
    # What is longer than the screen is broken all the same.
    listing.add("17", "2026-11-20", "事项进展", id * 4, "王五")
    show(listing)
    assert max(map(width, capsys.readouterr().out.splitlines())) <= 80
