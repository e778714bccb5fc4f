"""`mingjian show` of one case, without a server: what waits for the procurator, what has passed by one reading alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from models.document_types import DocumentType
from models.projecting import rows
from starter.columns import width
from starter.showing import Look, View, tell, tell_json
from tests.openings import TOWN, draft, opening
from tests.pure_desk import PureDesk, served
from tests.scenarios.test_enforcement import DEMOLITION, FINE, LAND, SERVED, applied, enforcement

KEY = "A1/ct.accept"


def told(desk: PureDesk[Any], capsys: pytest.CaptureFixture[str], view: View = "status") -> str:
    """What staff see of it."""
    tell(Look(rows(desk.case), "workflow", desk.case.state()), view, {})
    return capsys.readouterr().out


def shown_state(text: str, key: str) -> str:
    """What is said of the deadline of that key with `--deadlines`."""
    after = text.partition(f"（{key}）")[2]
    return next(line for line in after.splitlines() if line.startswith("  起算")).rpartition("　")[2]


def test_a_suspicion_is_shown_with_the_commands_that_take_it_up_or_set_it_aside(
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk = applied()
    desk.record("copy_sent", "2021-09-15")
    assert "嫌疑" not in told(desk, capsys)
    # The last day for acceptance, 23 September, passes.
    text = told(desk.on("2021-09-24"), capsys)
    case = desk.case.opening.case
    assert "待处理的嫌疑 1 件" in text and "【情况】" in text
    assert "2021-09-23届满，届满未见" in text.replace("\n  ", "") and "抄送及时" in text
    assert f"mingjian decide {case} 采纳嫌疑 \\\n    suspicion={KEY} --by" in text
    assert f"mingjian decide {case} 排除嫌疑 \\\n    suspicion={KEY} reason=…" in text
    assert max(map(width, text.splitlines())) <= 80
    desk.decide("take_up_suspicion", suspicion=KEY)
    text = told(desk, capsys)
    assert "已采纳的嫌疑" in text and "排除嫌疑" not in text and "待处理" not in text


def test_suspicions_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    desk = applied().on("2021-09-24")
    found = Look(rows(desk.case), "workflow", desk.case.state())
    urging = served()
    for look, suspicions in (
        (found, [KEY]),
        (replace(found, state=None), None),
        (Look(rows(urging.case), "workflow"), []),
    ):
        tell_json(look, "status", {})
        answer = json.loads(capsys.readouterr().out)["suspicions"]
        assert (answer and [each["suspicion"] for each in answer]) == suspicions


def test_a_reading_of_the_window_that_has_passed_is_not_called_late(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """拆除 may be applied for until 16 June, 30 July or 1 December: only after the last day is there a suspicion."""
    desk = enforcement(DEMOLITION, FINE, LAND, opened="2021-03-01")
    desk.record("decision_served", SERVED)
    demolish, review, sue = (f"拆除/ag.apply/pt.{each}" for each in ("sue_demolish", "review", "sue"))
    # One reading alone has opened and passed; the periods of the others still run.
    text = told(desk.on("2021-06-18"), capsys, "deadlines")
    assert shown_state(text, demolish) == "已过（一说）"
    desk.on("2021-12-10")
    text = told(desk, capsys, "deadlines")
    assert [shown_state(text, each) for each in (demolish, review, sue)] == ["已过（一说）"] * 2 + ["已届满"]
    desk.record("application_filed", "2021-12-10", items=["拆除"])
    text = told(desk, capsys, "deadlines")
    assert shown_state(text, demolish) == "已满足，2021-12-10，已过177日（一说）"
    assert shown_state(text, sue) == "已满足，2021-12-10，逾期9日"
    assert "已过" in told(desk, capsys)


def test_whose_signature_a_draft_waits_for_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """会签: by name, with the command that records it; for programs by document, unknown where the case did not answer."""
    asked = draft(DocumentType.LETTER, joint_issuers=(TOWN.name,), countersigners=("法律政策研究室",))
    desk = PureDesk(opening(asked)).on("2021-09-15")
    text = told(desk, capsys)
    assert f"D1 函待{TOWN.name}、法律政策研究室会签" in text and "mingjian record" in text
    assert max(map(width, text.splitlines())) <= 80
    look = Look(rows(desk.case), "workflow", desk.case.state())
    for found, waits in ((look, {"D1": [TOWN.name, "法律政策研究室"]}), (replace(look, state=None), None)):
        tell_json(found, "status", {})
        assert json.loads(capsys.readouterr().out)["signatures_awaited"] == waits
    for organ in (TOWN.name, "法律政策研究室"):
        desk.record("countersigned", "2021-09-15", organ=organ, signer="庚局长")
    assert "待会签" not in told(desk, capsys)
