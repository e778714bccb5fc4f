"""A year is published while cases run: exactly those move that a count by hand says, through a killed worker and a correction."""

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
from tests.test_calendar_moves import YEAR
from tests.test_faults import WorkerProcess
from tests.world import Case, World, within, world_on
from worker import watch_calendars

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Served on, two months later, and where the Spring Festival of `YEAR` (02-05 to 02-11) leaves it; then with 02-12 off as well,
# for 02-13 is a Saturday that is worked. By hand.
COURSES = {
    date(2026, 12, 4): (date(2027, 2, 4), date(2027, 2, 4), date(2027, 2, 4)),
    date(2026, 12, 5): (date(2027, 2, 5), date(2027, 2, 12), date(2027, 2, 13)),
    date(2026, 12, 8): (date(2027, 2, 8), date(2027, 2, 12), date(2027, 2, 13)),
    date(2026, 12, 11): (date(2027, 2, 11), date(2027, 2, 12), date(2027, 2, 13)),
    date(2026, 12, 12): (date(2027, 2, 12), date(2027, 2, 12), date(2027, 2, 13)),
    date(2026, 12, 15): (date(2027, 2, 15), date(2027, 2, 15), date(2027, 2, 15)),
}
EXTRAORDINARY = YEAR.replace("made_up =", "# 临时放假\nmade_up =").replace(
    "\n]", '\n  { from = 2027-02-12, to = 2027-02-12, name = "临时放假" },\n]', 1
)


@pytest_asyncio.fixture(loop_scope="session")
async def office(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A world without a worker, in a home of its own; the next worker tells two cases a second."""
    monkeypatch.setenv("MINGJIAN_CALENDAR_PACE", "2")
    async with world_on(world.server, tmp_path / "own", "publishing", working=False) as own:
        yield own
        with suppress(RPCError):
            await own.client.get_workflow_handle("calendar-watch").terminate()


async def mingjian(office: World, *arguments: str | Path) -> Any:
    """The script as staff run it: a process; what it says as JSON."""
    process = await asyncio.create_subprocess_exec(
        *SCRIPT,
        "calendar",
        *map(str, arguments),
        "--json",
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "MINGJIAN_HOME": str(office.settings.home)},
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, arguments
    return json.loads(out)


async def row(case: Case) -> DeadlineRow:
    held = await asyncio.to_thread(case.world.world.registry.snapshot, case.opening.case)
    assert held is not None
    [found] = [each for each in held.deadlines if each.rule == "coop.reply"]
    return found


async def counted_under(office: World, edition: str, cases: dict[date, Case]) -> None:
    async with within(90):
        while any([(await row(case)).edition != edition for case in cases.values()]):
            await asyncio.sleep(0.1)


async def test_exactly_those_move_that_a_count_by_hand_says(office: World, tmp_path: Path) -> None:
    cases: dict[date, Case] = {}
    async with office.worker():
        for number, served in enumerate(COURSES, start=9861):
            opening = notification_opening(number, opened_on=served, edition=calendar().name)
            case = cases[served] = await office.open(opening)
            await case.decide("issue_letter", "issue-1")
            await case.record("letter_served", "served-1", on=str(served))
            await case.settled()
    file, table = tmp_path / "2027.toml", tmp_path / "移动.csv"
    file.write_text(YEAR, encoding="utf-8")

    tried = await mingjian(office, "publish", file, "--out", table)
    movers = {cases[on].opening.case: days for on, days in COURSES.items() if days[0] != days[1]}
    assert not tried["published"] and len(movers) == 3
    told = {
        each["case"]: (each["was"], each["now"])
        for each in tried["moved"]
        if each["key"].endswith("coop.reply")
    }
    assert told == {case: (str(days[0]), str(days[1])) for case, days in movers.items()}
    assert tried["unclear"] == []
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == len(tried["moved"]) + 1
    assert (await row(cases[date(2026, 12, 5)])).edition == calendar().name, "a dry run publishes nothing"

    done = await mingjian(office, "publish", file, "--yes", "--by", "王五", "--reason", "放假通知")
    assert done["published"] and done["edition"] == tried["edition"]
    again = await mingjian(office, "publish", file, "--yes", "--by", "赵六", "--reason", "再来一次")
    assert again["in_force_already"] and not again["published"]

    await watch_calendars(office.client, office.queue)
    async with WorkerProcess(office), within(60):
        while not [case for case in cases.values() if (await row(case)).edition == done["edition"]]:
            await asyncio.sleep(0.02)
    so_far = [case.opening.case for case in cases.values() if (await row(case)).edition == done["edition"]]
    assert so_far and set(so_far) <= set(movers), (
        "those that move come first, and the worker was killed among them"
    )
    halfway = await mingjian(office, "progress")
    assert (halfway["moved"], halfway["moved_behind"]) == (
        len(tried["moved"]),
        len(tried["moved"]) - len(so_far),
    )
    assert halfway["cases_behind"] == len(cases) - len(so_far)

    async with office.worker():
        await counted_under(office, done["edition"], cases)
        assert (await mingjian(office, "progress", "--wait"))["cases_behind"] == 0
        for served, (_, due, _) in COURSES.items():
            assert (await row(cases[served])).due_on == due
            news = [each for each in (await cases[served].status()).facts if each.kind == "edition_published"]
            assert len(news) == 1 and "王五：放假通知" in news[0].what

        # While they run another day is given off, beside the file that was right a moment ago.
        file.write_text(EXTRAORDINARY, encoding="utf-8")
        later = await mingjian(office, "publish", file, "--yes", "--by", "王五", "--reason", "临时放假")
        assert later["published"] and later["number"] == 2 and any("更正" in each for each in later["hints"])
        moved = {each["case"] for each in later["moved"] if each["key"].endswith("coop.reply")}
        assert moved == {cases[on].opening.case for on, days in COURSES.items() if days[1] != days[2]}
        await counted_under(office, later["edition"], cases)
        for served, (_, _, due) in COURSES.items():
            assert (await row(cases[served])).due_on == due
    rest = await mingjian(office, "progress")
    assert (rest["moved_behind"], rest["cases_behind"], rest["moved"]) == (0, 0, len(later["moved"]))
