"""What to type next: every command that can be shown is one that the script takes."""

from __future__ import annotations

import shlex

import pytest

from models.kinds import FILES
from models.rules import all_rules
from models.terms import CaseKind
from starter import next_steps
from tests.days_work import number
from tests.sample_rows import case_row, deadline_row, letter_row
from tests.typed_commands import understood


@pytest.mark.parametrize("kind", FILES)
def test_every_period_of_every_kind_has_a_command_that_the_script_takes(
    kind: CaseKind, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_row(number(1, kind.value), kind=kind.value)
    commands = {
        step(case, deadline_row(f"{owner}/{rule.key}", case.case))
        for rule in all_rules()
        for owner in ("L1", "case")
        for step in (next_steps.meet, next_steps.make_good)
    }
    assert len(commands) > 2, "not only a look at the case"
    for command in commands:
        understood(command)


def test_after_silence_each_rung_in_its_turn() -> None:
    late = deadline_row("L1/jy.reply", is_overdue=True)

    def said(kind: str, document: str, urged: int) -> str:
        case = case_row(number(1, kind), kind=kind)
        command = next_steps.press(case, late, letter_row(type=document, urged=urged))
        understood(command)
        return command[3] if len(command) > 3 else command[1]

    assert said("urging", "suggestion", 0) == "督促"
    assert said("urging", "suggestion", 1) == "提级通报"
    assert said("urging", "notification_letter", 0) == "督促"
    assert said("urging", "notification_letter", 2) == "升格"
    assert said("enforcement", "court_suggestion", 1) == "show"
    assert said("public_interest", "pre_suit_suggestion", 0) == "show"
    assert said("training", "training_notice", 0) == "show"
    assert next_steps.press(case_row(), late, None) == ("mingjian", "show", case_row().case)


def test_a_delay_of_court_or_bureau_is_looked_into_first() -> None:
    case = case_row(number(1, "enforcement"), kind="enforcement")
    ruling = deadline_row("A1/ct.rule", case.case)
    assert next_steps.make_good(case, ruling) == ("mingjian", "show", case.case)
    assert next_steps.meet(case, ruling)[3] == "法院裁定"
    unknown = deadline_row("A1/ct.unknown", case.case)
    assert (
        next_steps.make_good(case, unknown)
        == next_steps.meet(case, unknown)
        == ("mingjian", "show", case.case)
    )


def test_an_id_that_a_shell_would_read_otherwise_is_quoted() -> None:
    for id in ("a b", "a;rm -rf x", "$(x)", "收文-2021（1）", "it's", "a　b", "*", "~", ""):
        assert shlex.split(next_steps.typed(("mingjian", "tray", id))) == ["mingjian", "tray", id]
    assert next_steps.typed(("mingjian", "tray", "收文-1", "--by", "…")) == "mingjian tray 收文-1 --by …"
