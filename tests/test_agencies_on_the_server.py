"""A bureau is merged into another while cases run: they stay until they are moved, each by a recorded decision, and once."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowUpdateFailedError

from activities.roll import RollBook
from activities.site_jurisdiction import site_jurisdiction
from models.kinds import restored
from models.letters import Letter
from models.roll import Designation
from models.terms import CaseKind, Role
from models.wire import Person
from starter.agency_following import follow
from starter.agency_moves import followers
from starter.case_files import read_case, template
from starter.office import Office
from starter.written import read_text
from tests.openings import notification_opening
from tests.script_runs import ROOT, SCRIPT
from tests.world import Case, World, world_on

pytestmark = pytest.mark.asyncio(loop_scope="session")

OLD, NEW = "永安市自然资源局", "永安市自然资源和规划局"
HEIR = "350481-nr-20210915"
CHANGE = f"""basis = "永安市机构改革方案"
[[merged]]
bodies = ["{OLD}"]
into = {{ name = "{NEW}", kind = "natural_resources", place = "350481" }}
from = 2021-09-15
"""
WHO = ("--by", "王五", "--reason", "市委〔2021〕×号")


@pytest_asyncio.fixture(loop_scope="session")
async def office(world: World, tmp_path: Path) -> AsyncIterator[World]:
    """A world with books of its own."""
    async with world_on(world.server, tmp_path / "own", f"agencies-{tmp_path.name}") as own:
        yield own


async def mingjian(office: World, *arguments: str | Path, code: int = 0) -> list[Any]:
    """The script as staff run it: a process; what it says as JSON, line by line."""
    process = await asyncio.create_subprocess_exec(
        *SCRIPT,
        "agencies",
        *map(str, arguments),
        "--json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={
            **os.environ,
            "MINGJIAN_HOME": str(office.settings.home),
            "TEMPORAL_ADDRESS": office.server.address,
        },
    )
    out, err = await process.communicate()
    assert process.returncode == code, (arguments, err.decode())
    return [*map(json.loads, out.splitlines()), *([err.decode()] if code else [])]


async def served(office: World, number: int, on: str = "2021-09-15") -> Case:
    """A case whose letter to the bureau was received on a day, the day of its opening."""
    case = await office.open(notification_opening(number, opened_on=on))
    await case.decide("issue_letter", "issue-1")
    await case.record("letter_served", "served-1", on=on)
    await case.settled()
    return case


async def letter_of(case: Case) -> Letter:
    [letter] = restored(await case.state()).letters
    return letter


async def test_running_cases_stay_until_they_are_moved_one_by_one_or_all(
    office: World, tmp_path: Path
) -> None:
    moved, stays = await served(office, 9300), await served(office, 9301)
    drafted = await office.open(notification_opening(9302))
    await drafted.settled()
    # In the time of this case the change has not come yet: it refuses.
    ahead = await served(office, 9303, "2021-09-10")
    before = (await moved.status()).deadlines
    file, table = tmp_path / "变动.toml", tmp_path / "所涉.csv"
    file.write_text(CHANGE, encoding="utf-8")

    [tried] = await mingjian(office, "adopt", file, "--out", table)
    assert not tried["adopted"] and [each["case"] for each in tried["letters"]] == [
        each.opening.case for each in (moved, stays, drafted, ahead)
    ]
    assert {(each["recipient"], each["heir"]) for each in tried["letters"]} == {(OLD, NEW)}
    assert "书面回复" in tried["letters"][0]["periods"][0] and tried["letters"][2]["periods"] == []
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 5
    assert site_jurisdiction(office.settings).body(OLD).name == OLD, "a dry run adopts nothing"

    [done] = await mingjian(office, "adopt", file, "--yes", *WHO)
    assert done["adopted"] and done["number"] == 1
    # A new case that names the bureau of before is one of its heir; no running case was touched.
    text = template(CaseKind.URGING).replace("三明市自然资源局", OLD)
    new = read_case(CaseKind.URGING, read_text(text), site_jurisdiction(office.settings))
    assert OLD in text and {each.name for each in new.recipients[0]} == {NEW} and len(new.remarks) == 1
    assert {(await letter_of(each)).recipient.name for each in (moved, stays, drafted, ahead)} == {OLD}

    [told] = await mingjian(
        office, "move", "1", "--case", moved.opening.case, "--yes", *WHO, "--role", "检察官"
    )
    assert (told["how"], told["heir"]) == ("moved", NEW)
    letter = await letter_of(moved)
    assert (letter.recipient.name, letter.recipient.code, letter.recipient.is_bound) == (NEW, HEIR, True)
    assert letter.issued_to is not None and letter.issued_to.name == OLD, "the paper stays as it was issued"
    after = (await moved.settled()).deadlines
    assert [(each.key, each.due_on) for each in after] == [(each.key, each.due_on) for each in before]
    assert {each.party for each in after if each.letter and each.party} == {NEW}
    [fact] = [each for each in (await moved.status()).facts if each.kind == "agency_changed"]
    assert fact.recorded_by == "王五" and "由永安市自然资源和规划局承接，期限不变" in fact.what
    [entry] = [each for each in restored(await moved.state()).entries if each.message.id == fact.id]
    assert "第1号机构变动（永安市机构改革方案）：市委〔2021〕×号" in entry.message.model_dump_json()

    # A reply of the heir is the recipient's; in the case that was not moved nobody of that name was written to.
    await moved.record("reply_received", "reply-1", on="2021-09-15", letter=NEW, stance="adopted")
    status = await moved.settled()
    assert status.letters[0].replies == 1
    assert [each.state for each in status.deadlines if each.rule == "coop.reply"] == ["met"]
    with pytest.raises(WorkflowUpdateFailedError):
        await stays.record("reply_received", "reply-1", on="2021-09-15", letter=NEW, stance="adopted")
    assert (await letter_of(stays)).recipient.name == OLD

    # All that is left; the case that refuses keeps no other from it, and said again nothing is entered twice.
    *told, err = await mingjian(office, "move", "1", "--all", "--yes", *WHO, "--role", "检察官", code=1)
    assert {each["case"] for each in told} == {stays.opening.case, drafted.opening.case}
    assert f"{ahead.opening.case} L1" in err and "1 份没有移交，其余已经办理" in err
    assert (await letter_of(ahead)).recipient.name == OLD
    *told, err = await mingjian(office, "move", "1", "--all", "--yes", *WHO, "--role", "检察官", code=1)
    assert told == [] and ahead.opening.case in err
    # A draft goes out to the heir.
    await drafted.decide("issue_letter", "issue-1")
    issued = (await letter_of(drafted)).issued_to
    assert issued is not None and issued.name == NEW


async def test_what_was_broken_off_is_repeated_and_entered_once(office: World, tmp_path: Path) -> None:
    case = await served(office, 9310)
    file = tmp_path / "变动.toml"
    file.write_text(CHANGE, encoding="utf-8")
    await mingjian(office, "adopt", file, "--yes", *WHO)
    jurisdiction = await asyncio.to_thread(site_jurisdiction, office.settings)
    found = await asyncio.to_thread(followers, office.settings, jurisdiction, 1)
    staff, by = Office(office.settings, office.client), Person(name="王五", role=Role.CLERK)
    # Told, and the answer not heard: who repeats it has the rows of before still.
    for how in ("moved", "known"):
        done = await follow(staff, jurisdiction, found, by, "机构改革")
        assert [each.letter.case for each in getattr(done, how)] == [case.opening.case] and not done.missed
    assert len((await letter_of(case)).former_recipients) == 1


async def test_a_mail_to_the_bureau_of_before_reaches_its_heirs_liaison(
    office: World, tmp_path: Path
) -> None:
    addresses, roll = office.world.addresses, RollBook(office.world.database)

    def designation(code: str, name: str, person: str) -> Designation:
        return Designation(
            office=code,
            name=name,
            department="执法监察科",
            person=person,
            since=date(2021, 9, 1),
            entered_by="王五",
            entered_at=datetime(2021, 9, 1, tzinfo=UTC),
        )

    await asyncio.to_thread(roll.designate, [designation("350481-nr", OLD, "赵六")])
    assert (await asyncio.to_thread(addresses.receiver, OLD, "")).name == f"{OLD}赵六"
    file = tmp_path / "变动.toml"
    file.write_text(CHANGE, encoding="utf-8")
    await mingjian(office, "adopt", file, "--yes", *WHO)
    await asyncio.to_thread(roll.designate, [designation(HEIR, NEW, "孙八")])
    # A worker hears of it within a second.
    async with asyncio.timeout(20):
        while (await asyncio.to_thread(addresses.receiver, OLD, "")).name != f"{OLD}孙八":
            await asyncio.sleep(0.1)
    assert (await asyncio.to_thread(addresses.receiver, NEW, "")).name == f"{NEW}孙八"
