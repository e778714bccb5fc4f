"""A rule is adopted while cases run: who began before keeps the old one, who begins after has the new; moves are decisions."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.service import RPCError

from models.calendar import calendar
from models.rows import DeadlineRow
from tests.openings import notification_opening
from tests.script_runs import ROOT, SCRIPT
from tests.world import Case, World, within, world_on

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = "L1/coop.reply"
TEXT = """basis = "试行规定（试〔2026〕9号）第三条"
[[version]]
rule = "coop.reply"
from = 2026-10-01
amount = 3
unit = "months"
"""


@pytest_asyncio.fixture(loop_scope="session")
async def office(world: World, tmp_path: Path) -> AsyncIterator[World]:
    """A world with books of its own."""
    async with world_on(world.server, tmp_path / "own", "adopting") as own:
        yield own
        with suppress(RPCError):
            await own.client.get_workflow_handle("calendar-watch").terminate()


async def rules(office: World, *arguments: str | Path, code: int = 0) -> Any:
    """The script as staff run it; what it says as JSON."""
    process = await asyncio.create_subprocess_exec(
        *SCRIPT,
        "rules",
        *map(str, arguments),
        "--json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={
            **os.environ,
            "MINGJIAN_HOME": str(office.settings.home),
            "TEMPORAL_ADDRESS": office.server.address,
            "MINGJIAN_TASK_QUEUE": office.queue,
        },
    )
    out, errors = await process.communicate()
    assert process.returncode == code, (arguments, out.decode(), errors.decode())
    return json.loads(out) if code == 0 else errors.decode()


async def served(office: World, number: int, on: str) -> Case:
    opening = notification_opening(number, opened_on=date.fromisoformat(on), edition=calendar().name)
    case = await office.open(opening)
    await case.decide("issue_letter", "issue-1")
    await case.record("letter_served", "served-1", on=on)
    await case.settled()
    return case


async def row(case: Case) -> DeadlineRow:
    held = await asyncio.to_thread(case.world.world.registry.snapshot, case.opening.case)
    assert held is not None
    [found] = [each for each in held.deadlines if each.key == KEY]
    return found


async def test_a_rule_is_adopted_and_running_cases_move_by_decision_alone(
    office: World, tmp_path: Path
) -> None:
    before = await served(office, 9411, "2026-09-28")
    late = await served(office, 9412, "2026-10-12")
    other = await served(office, 9413, "2026-10-13")
    file = tmp_path / "规则.toml"
    file.write_text(TEXT, encoding="utf-8")

    tried = await rules(office, "adopt", file)
    assert not tried["adopted"] and tried["number"] is None
    assert {(each["case"], each["was"], each["now"], each["begun_since"]) for each in tried["deadlines"]} == {
        (before.opening.case, "2026-11-30", "2026-12-28", ""),
        (late.opening.case, "2026-12-14", "2027-01-12", "是"),
        (other.opening.case, "2026-12-14", "2027-01-13", "是"),
    }
    assert "没有第 1 次采用" in await rules(office, "move", "1", code=2)

    made = await rules(office, "adopt", file, "--yes", "--by", "王五", "--reason", "试行规定")
    again = await rules(office, "adopt", file, "--yes", "--by", "赵六", "--reason", "再来一次")
    assert (made["number"], made["adopted"], again["adopted"]) == (1, True, False)

    # One that begins after it is heard of has it; those that ran before stay, whatever happens to them.
    await asyncio.sleep(1.5)
    new = await served(office, 9414, "2026-10-14")
    assert (await row(new)).due_on == date(2027, 1, 14)
    for case, stays in ((before, date(2026, 11, 30)), (late, date(2026, 12, 14))):
        await case.record(
            "happened", f"note-{case.opening.case}", on=str(case.opening.opened_on), event="电话催办"
        )
        await case.settled()
        assert (await row(case)).due_on == stays

    plan = await rules(office, "move", "1", "--begun-since")
    assert {each["case"] for each in plan["would_move"]} == {late.opening.case, other.opening.case}
    signed = ("--yes", "--by", "李检察官", "--role", "检察官", "--reason", "起算在施行以后")
    done = await rules(office, "move", "1", "--begun-since", "--case", late.opening.case, *signed)
    assert [each["case"] for each in done["decided"]] == [late.opening.case] and done["missed"] == []
    async with within(20):
        while (await row(late)).due_on != date(2027, 1, 12):
            await asyncio.sleep(0.1)
    repeated = await rules(office, "move", "1", "--case", late.opening.case, *signed)
    assert (repeated["decided"], repeated["missed"]) == ([], [])
    assert (await row(other)).due_on == date(2026, 12, 14)
    told = [each for each in (await late.status()).facts if each.kind == "apply_rule"]
    assert len(told) == 1 and "自2026-10-01起施行的规定" in told[0].what and "起算在施行以后" in told[0].what

    listed = await rules(office, "coop.reply")
    assert [(each["from"], each["amount"], each["adopted"]) for each in listed["versions"]] == [
        ("2021-09-15", 2, None),
        ("2026-10-01", 3, 1),
    ]
