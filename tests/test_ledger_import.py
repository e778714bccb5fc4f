"""A ledger imported on the real server: every case at its stage, none told or made anew; repeated, broken off, and worked on."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from activities.backlog import BacklogBook
from activities.database import Database
from activities.numbers import NumberBook
from models.dates import day_in_china
from models.errors import Refusal, Unreachable
from models.messages import Opening
from models.rows import Snapshot
from models.tasks import Filed
from starter.ledgers import importing
from starter.ledgers.importing import Tally, compare, import_cases
from starter.ledgers.reading import Ledger, read_ledger
from starter.office import Office
from starter.opening import start_case
from tests.sample_ledgers import CLOSED, GOOD, ISSUED, JURISDICTION, SERVED, STAGES, another, ledger_file
from tests.script_runs import ROOT, SCRIPT
from tests.test_backlog import by_hand, standing
from tests.world import Case, World, within

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATIENCE = 120


@pytest_asyncio.fixture(loop_scope="session")
async def office(world: World) -> AsyncIterator[Office]:
    office = Office(world.settings.model_copy(update={"task_queue": world.queue}), world.client)
    yield office
    office.close()


def from_number(world: World, first: int, county: str) -> None:
    """Cases of that county are numbered from there on: the tests share a server."""
    with closing(Database(world.settings.registry)) as database:
        NumberBook(database).claim_case(f"urging-{county}-2021-{first - 1:04d}", f"before/{first}")


def in_county(name: str, rows: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """These cases as those of another county, each under a number of its own."""
    own = {"地方": name}
    bureau = {"收件单位": f"{name}自然资源局"}
    return [
        another(row, place, **own, **(bureau if row.get("收件单位") == "永安市自然资源局" else {}))
        for place, row in enumerate(rows.values(), start=1)
    ]


def ledger_of(world: World, rows: Sequence[Mapping[str, Any]]) -> Ledger:
    ledger = read_ledger(ledger_file(world.settings.home / "台账.xlsx", rows), JURISDICTION)
    assert ledger.problems() == []
    return ledger


async def imported(world: World, office: Office, ledger: Ledger) -> Tally:
    """What an import does, as the command does it."""
    standing = compare(world.settings, ledger)
    tally = Tally(len(standing.to_start), there=[number for _, number in standing.there])
    await import_cases(office, standing.to_start, tally)
    return tally


def running(world: World, opening: Opening) -> Case:
    return Case(world, world.client.get_workflow_handle(opening.case, result_type=Filed), opening)


def settled(world: World, number: str) -> Snapshot | None:
    return world.world.registry.snapshot(number)


async def projected(world: World, numbers: Sequence[str]) -> dict[str, Snapshot]:
    """The rows of cases, once nothing more comes: every deadline is counted, and what is past has fallen due."""
    found: dict[str, Snapshot] = {}
    async with within(PATIENCE):
        while True:
            before, found = (
                found,
                {each: rows for each in numbers if (rows := settled(world, each)) is not None},
            )
            if len(found) == len(numbers) and before == found:
                return found
            await asyncio.sleep(1)


async def test_cases_at_every_stage_are_entered_once_and_stand_where_they_should(
    world: World, office: Office
) -> None:
    from_number(world, 9901, "350481")
    ledger = ledger_of(world, in_county("永安市", STAGES))
    tally = await imported(world, office, ledger)
    assert len(tally.started) == len(STAGES) and tally.there == []
    numbers = sorted(tally.started)
    assert numbers == [f"urging-350481-2021-{number}" for number in range(9901, 9901 + len(STAGES))]

    cases = {each.case.key: each.case for each in ledger.cases}
    with closing(Database(world.settings.registry)) as database:
        given = BacklogBook(database).numbered(list(cases))
    found = await projected(world, numbers)
    for key, case in cases.items():
        own = given[key]
        twin = by_hand(case, on=day_in_china(datetime.now(UTC)))
        rows = found[str(own)]
        twin_rows = twin.rows()
        ours, other = standing(rows), standing(twin_rows)
        assert _without_numbers(ours) == _without_numbers(other), case.backlog
        assert rows.papers == () and not rows.case.unmatched

    assert await asyncio.to_thread(world.world.books.queued, 100) == []
    again = await imported(world, office, ledger_of(world, in_county("永安市", STAGES)))
    assert again.started == [] and sorted(again.there) == numbers


def _without_numbers(standing: Any) -> Any:
    """Rows of one case, or of its twin, whose number is another."""
    if isinstance(standing, dict):
        kept = {key: value for key, value in standing.items() if key != "case" or isinstance(value, dict)}
        return {key: _without_numbers(value) for key, value in kept.items()}
    if isinstance(standing, list):
        return [_without_numbers(each) for each in standing]
    return standing


async def test_an_imported_case_is_worked_on_like_any_other(world: World, office: Office) -> None:
    from_number(world, 9901, "350425")
    [row] = in_county("大田县", {"overdue": SERVED})
    [number] = (await imported(world, office, ledger_of(world, [row]))).started
    [each] = ledger_of(world, [row]).cases
    case = running(world, each.case.opening(9901, ""))
    assert case.opening.case == number
    await case.record("reply_received", "reply-1", on="2026-01-05", letter="L1", stance="adopted")
    await case.decide("assess_reply", "assess-1", letter="L1", substance="put_right")
    taken = await case.decide("close_case", "close-1", outcome="rectified", reason="已整改到位")
    assert taken.how == "applied"
    assert (await case.handle.result()).outcome == "rectified"


async def test_the_folder_of_a_closed_case_that_was_imported_is_sealed_and_verifies(
    world: World, office: Office
) -> None:
    """It ends at once, is filed, and every witness of it agrees, its history with its past included."""
    from_number(world, 9901, "350429")
    rows = in_county("泰宁县", {"closed": CLOSED, "overdue": SERVED})
    numbers = (await imported(world, office, ledger_of(world, rows))).started
    closed, overdue = sorted(numbers)
    assert (await world.client.get_workflow_handle(closed, result_type=Filed).result()).outcome == "rectified"
    async with within(PATIENCE):
        while not await asyncio.to_thread(world.world.archive.is_sealed, closed):
            await asyncio.sleep(0.2)
    await projected(world, numbers)
    process = await command(world, "verify", closed, overdue)
    out, err = await process.communicate()
    assert process.returncode == 0, out.decode() + err.decode()
    made = {each.paper.name for each in await asyncio.to_thread(world.world.archive.papers, closed)}
    assert not any("检察建议书" in name for name in made) and any("案件流程表" in name for name in made)


async def test_an_import_that_breaks_off_goes_on_where_it_stood(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All numbered, five started, a sixth started without an answer: repeated, each is there once, under the number it had."""
    from_number(world, 9901, "350421")
    ledger = ledger_of(world, in_county("明溪县", {str(number): GOOD for number in range(12)}))
    start = start_case
    begun: list[str] = []

    async def breaking(office: Office, opening: Opening) -> bool:
        begun.append(opening.case)
        is_new = await start(office, opening)
        if len(begun) == 6:
            raise Unreachable("服务器没有应答")
        return is_new

    monkeypatch.setattr(importing, "AT_ONCE", 1)
    monkeypatch.setattr(importing, "start_case", breaking)
    with pytest.raises(Unreachable):
        await imported(world, office, ledger)
    monkeypatch.setattr(importing, "start_case", start)
    tally = await imported(world, office, ledger)
    assert sorted({*tally.started, *tally.there}) == [f"urging-350421-2021-{n}" for n in range(9901, 9913)]
    assert set(begun[:6]) <= set(tally.there) and len(tally.started) >= 5
    numbers = world.world.books.numbers(book="case", county="350421")
    assert [each.number for each in numbers] == list(range(9900, 9913))


async def test_a_killed_process_leaves_nothing_that_is_not_mended_by_repeating(world: World) -> None:
    """The command itself, killed as soon as it has taken numbers."""
    from_number(world, 9901, "350428")
    rows = in_county("将乐县", {str(number): SERVED for number in range(40)})
    file = ledger_file(world.settings.home / "台账.xlsx", rows)
    process = await command(world, "ledger", "import", file, "--yes")
    numbered = world.world.books.numbers
    async with within(PATIENCE):
        while len(await asyncio.to_thread(numbered, book="case", county="350428")) < 40:
            assert process.returncode is None
            await asyncio.sleep(0.01)
    process.kill()
    await process.wait()
    process = await command(world, "ledger", "import", file, "--yes", "--json")
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    answer = json.loads(out)
    assert answer["started"] + answer["there"] == 40
    cases = [f"urging-350428-2021-{number}" for number in range(9901, 9941)]
    found = await projected(world, cases)
    assert {rows.case.stage for rows in found.values()} == {"overdue_urging"}
    assert await asyncio.to_thread(world.world.books.queued, 100) == []


async def command(world: World, *words: str | Path) -> asyncio.subprocess.Process:
    """The script in a process of its own, at this world's server, books and queue."""
    own = {
        "TEMPORAL_ADDRESS": world.server.address,
        "MINGJIAN_HOME": str(world.settings.home),
        "MINGJIAN_TASK_QUEUE": world.queue,
    }
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("MINGJIAN_", "TEMPORAL_"))
    }
    return await asyncio.create_subprocess_exec(
        *SCRIPT,
        *map(str, words),
        cwd=ROOT,
        env=inherited | own,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_what_is_at_odds_with_the_books_is_told_before_anything_starts(
    world: World, office: Office
) -> None:
    from_number(world, 9901, "350426")
    [row] = in_county("尤溪县", {"issued": ISSUED})
    await imported(world, office, ledger_of(world, [row]))
    elsewhere = another(row, 1, 地方="永安市", 收件单位="永安市自然资源局")
    taken = another(row, 2, 文号=row["文号"].replace("〔", "["))
    fine = another(row, 3)
    ledger = ledger_of(world, [elsewhere, fine])
    standing_ = compare(world.settings, ledger)
    assert [(each.row, each.column) for each in ledger.findings] == [(2, "本院案号")]
    assert [each.case.written.number for each in standing_.to_start] == [fine["本院案号"]]
    ledger = ledger_of(world, [taken])
    assert compare(world.settings, ledger).to_start == ()
    assert "已由 urging-350426-2021-9901/D1 使用" in ledger.findings[0].what
    with pytest.raises(Refusal, match="已由 urging-350426-2021-9901/D1 使用"):
        world.world.books.register_official("尤溪县人民检察院", "suggestion", 2021, row["文号"], "another/D1")
