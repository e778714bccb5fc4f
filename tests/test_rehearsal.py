"""Published cases on the real server with time skipping: they must end as the pure core says, and as was reckoned by hand."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from starter.rehearsing import command
from starter.rehearsing.expected import PUBLISHED, differences, expected_rows
from starter.rehearsing.mapping import script
from starter.rehearsing.playing import house
from starter.rehearsing.published import read_all
from starter.rehearsing.report import Rehearsed
from tests.pure_rehearsal import play_purely

# A count that takes over a second on a busy machine is asked for again, and the SDK warns of the first one's late answer.
pytestmark = pytest.mark.filterwarnings("ignore:Cannot find activity to cancel")

CASES = (
    "02-jiaxing-idle-land",  # nobody answers: reminders and expiry on the way
    "06-hengnan-temporary-land",  # closed and filed away
    "10-miluo-hearing-before-filing",  # a reply that matches nothing
    "32-changsha-land-revenue-refund",  # two letters, a promise, facts after the closing
    "42-panji-wetland-hearing",  # two recipients, months
)


def of_shipped(*names: str) -> list[Path]:
    return [PUBLISHED / f"{name}.yaml" for name in names]


@pytest.mark.asyncio
async def test_the_server_agrees_with_the_pure_core_and_with_the_table(tmp_path: Path) -> None:
    scripts = [script(case, number) for number, case in enumerate(read_all(of_shipped(*CASES)), 1)]
    seen: list[tuple[str, int]] = []
    async with house(tmp_path) as stage:
        played = await stage.play_all(scripts, lambda each, done, _: seen.append((each.case.id, done)))
        await stage.mails_sent()
    rehearsed = [each for each in played if isinstance(each, Rehearsed)]
    assert [each.case for each in rehearsed] == list(CASES)
    for each, plan in zip(rehearsed, scripts, strict=True):
        assert each.history_events > 10
        assert dataclasses.replace(each, history_events=0) == play_purely(plan)
        assert [done for case, done in seen if case == each.case] == list(range(1, len(plan.case.events) + 1))
    assert [str(each) for each in differences(rehearsed, expected_rows())] == []
    archive = tmp_path / "archive"
    assert list(archive.rglob("*.pdf"))
    assert any("结案审查表" in path.name for path in archive.rglob("*"))
    mails = [
        path.read_text(encoding="utf-8", errors="replace") for path in (tmp_path / "outbox").rglob("*.eml")
    ]
    assert any("2018" in mail for mail in mails), "mails are dated in case time"


def test_one_json_line_for_each_case_in_the_order_given(capsys: pytest.CaptureFixture[str]) -> None:
    files = of_shipped("10-miluo-hearing-before-filing", "46-sheqi-fake-reply")
    assert command.rehearse(files, as_json=True) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["case"], first["kind"], first["events"], first["noted"]) == (
        "10-miluo-hearing-before-filing",
        "urging",
        2,
        0,
    )
    assert (first["applied"], first["unmatched"]) == (2, [])
    assert second["deadlines"] == [
        {
            "rule": "pil.reply",
            "recipient": "某乡镇政府",
            "started_on": "2023-03-21",
            "due_on": "2023-05-22",
            "provisional": False,
            "met_on": "2023-05-18",
            "days_late": -4,
            "presumed": True,
        }
    ]
    assert second["outcome"] is None
    assert second["history_events"] > 10


def test_one_wrong_row_makes_the_demo_fail_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (case,) = read_all(of_shipped("37-huaining-plot-ratio-fee"))
    rows = expected_rows()
    rows[case.id] = [{**rows[case.id][0], "due": "2019-09-06", "days_late": -1}]
    monkeypatch.setattr(command, "read_all", lambda _: [case])
    monkeypatch.setattr(command, "expected_rows", lambda: rows)
    assert command.demo(keep=False) == 1
    shown = capsys.readouterr().out
    assert f"{case.id}　怀宁县自然资源和规划局：届满期望 2019-09-06，演练得 2019-09-05" in shown
    folder = Path(
        next(line for line in shown.splitlines() if line.startswith("台账：")).removeprefix("台账：")
    )
    assert folder.exists(), "what the demo left can still be looked at"
    shutil.rmtree(folder.parent)
