"""`mingjian rebuild`, on the real server: a registry dropped and rebuilt is equal row by row, the books untouched."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError

from activities.database import Database
from activities.rebuilds import Rebuilds
from activities.registry import Registry
from activities.sqlite_library import sqlite3
from models.errors import Unreachable
from models.numbering import CaseId, filing_id
from models.tables import Kept
from models.terms import CaseKind
from starter import rebuilding, sources
from starter.office import open_office
from starter.rebuilding import Outcome, Remake
from starter.sources import Source, Told
from tests.openings import notification_opening
from tests.sample_rows import BOOKS, CASE, case_row, fact_row, letter_row, snapshot
from tests.script_runs import Home, Run
from tests.test_endurance import closed
from tests.test_faults import finished_tasks, reset
from tests.world import Case, World, awaiting_reply, renewed, started_server, within, world_on

pytest_plugins = ["tests.databases"]

REGISTRY = (
    "cases",
    "letters",
    "deadlines",
    "items",
    "meetings",
    "links",
    "papers",
    "facts",
    "worklist",
    "search_texts",
    "search_grams",
)
BY = ("--yes", "--by", "周九")

Rows = dict[str, list[tuple[Any, ...]]]


def test_every_table_is_of_the_registry_or_of_the_books() -> None:
    assert {*REGISTRY, *BOOKS, "rebuilds"} == set(Kept.metadata.tables)


class Site:
    """A site with a server of its own, and the script as its operator runs it."""

    def __init__(self, world: World) -> None:
        self.world = world
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name == "MINGJIAN_CACHE" or not name.startswith(("MINGJIAN_", "TEMPORAL_"))
        }
        own = {
            "MINGJIAN_HOME": str(world.settings.home),
            "MINGJIAN_TEMPORAL_ADDRESS": world.server.address,
            "MINGJIAN_TASK_QUEUE": world.queue,
            "MINGJIAN_LOG_LEVEL": "warning",
        }
        self.home = Home(world.settings.home, inherited | own)

    async def run(self, *arguments: str | Path, code: int = 0) -> Run:
        """A run of the script, as a process, that ends with that code; the worker goes on meanwhile."""
        run = await asyncio.to_thread(self.home.run, *arguments)
        assert run.code == code, f"{arguments}: {run.code}\n{run.out}{run.err}"
        return run

    async def rebuilt(self, *arguments: str, code: int = 0) -> dict[str, tuple[str, str | None]]:
        """What `mingjian rebuild --json` says of each case: how, and where from."""
        run = await self.run("rebuild", *arguments, "--json", code=code)
        return {line["case"]: (line["how"], line["source"]) for line in run.lines}

    def number(self, key: str) -> int:
        """The number of a new urging case."""
        return self.world.world.books.case_number("350481", "urging", 2021, key)

    async def opened(self, key: str) -> Case:
        """An urging case in the number book whose letter was served."""
        return await awaiting_reply(self.world, self.number(key))

    async def filed(self, key: str) -> Case:
        """A case whose folder is sealed."""
        case = await self.opened(key)
        await closed(case)
        run = (await case.handle.describe()).run_id
        assert run is not None
        async with within(60):
            await self.world.client.get_workflow_handle(filing_id(case.opening.case, run)).result()
        return case

    async def unfiled(self, key: str) -> Case:
        """A case that has ended, and whose filing does not succeed."""
        case = await self.opened(key)
        archive, name = self.world.world.archive, case.opening.case
        archive.store(name, "snapshot.json", b"{}", media_type="application/json", meta={})
        await closed(case)
        assert not archive.is_sealed(name)
        return case

    async def filed_twice(self, key: str) -> Case:
        """A case reset after its end, and filed once more beside the first folder."""
        case = await self.opened(key)
        task = (await finished_tasks(case))[1]
        await closed(case)
        first = (await case.handle.describe()).run_id
        assert first is not None
        filing = self.world.client.get_workflow_handle
        async with within(60):
            await filing(filing_id(case.opening.case, first)).result()
        await reset(case, task)
        again = filing(case.opening.case)
        async with within(60):
            await again.result()
            run = (await again.describe()).run_id
            assert run is not None and run != first
            await filing(filing_id(case.opening.case, run)).result()
        return case

    def gone(self, key: str) -> str:
        """A case of which only its rows are left."""
        case = f"urging-350481-2021-{self.number(key):04d}"
        facts = (fact_row(1).model_copy(update={"case": case}),)
        began = datetime(2021, 9, 15, tzinfo=UTC)
        held = snapshot(3, case_row(case), facts=facts)
        assert self.world.world.registry.project(held, run="r1", run_started_at=began)
        return case

    async def from_template(self, kind: str) -> str:
        """A case of that kind, opened by the script from its own template."""
        text = self.home.run_here("open", kind, "--template").out
        file = self.home.file(f"{kind}.yaml", text)
        [line] = (await self.run("open", kind, file, "--json")).lines
        return str(line["case"])

    async def forgotten(self, case: Case) -> None:
        """The server forgets every run of a case, as it does after its time."""
        service, name = self.world.client.workflow_service, case.opening.case
        async with within(60):
            async for each in self.world.client.list_workflows(f"WorkflowId = '{name}'"):
                await service.delete_workflow_execution(
                    DeleteWorkflowExecutionRequest(
                        namespace=self.world.server.namespace,
                        workflow_execution=WorkflowExecution(workflow_id=name, run_id=each.run_id),
                    )
                )
            while True:
                try:
                    await self.world.client.get_workflow_handle(name).describe()
                except RPCError:
                    return
                await asyncio.sleep(0.1)

    async def settled(self) -> None:
        """Every case on the desk has projected what it is."""
        async for each in self.world.client.list_workflows("ExecutionStatus = 'Running'"):
            if CaseId.parse(each.id):
                case = Case(
                    self.world,
                    self.world.client.get_workflow_handle(each.id),
                    notification_opening(1, case=each.id),
                )
                await case.at_rest()
                await case.settled()

    def rows(self, tables: tuple[str, ...]) -> Rows:
        """Every row of these tables with every column, but for the count of settlings: it belongs to the projection.

        A rebuilt case has settling 0, so that the next projection of its own run is never refused.
        """
        with closing(sqlite3.connect(self.world.settings.home / "registry.db")) as database:
            database.row_factory = sqlite3.Row
            return {
                table: sorted(
                    (
                        tuple((name, row[name]) for name in sorted(row.keys()) if name != "settling")
                        for row in database.execute(f'SELECT * FROM "{table}"')
                    ),
                    key=repr,
                )
                for table in tables
            }

    def drop(self) -> None:
        """The registry loses all its rows."""
        with closing(sqlite3.connect(self.world.settings.home / "registry.db")) as database, database:
            for table in reversed(REGISTRY):
                database.execute(f'DELETE FROM "{table}"')


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with started_server() as server, world_on(server, tmp_path / "home", "site") as world:
        yield Site(world)


@pytest.mark.asyncio
async def test_a_registry_dropped_and_rebuilt_is_equal_row_by_row_and_the_books_untouched(site: Site) -> None:
    overdue = await site.opened("overdue")
    await overdue.pass_days(90)
    async with within(60):
        while not (await overdue.settled()).case.is_overdue:
            await asyncio.sleep(0.1)
    again = await site.opened("renewed")
    await renewed(again)
    back = await site.opened("reset")
    await reset(back, (await finished_tasks(back))[1])
    filed, forgotten = await site.filed("filed"), await site.filed("forgotten")
    unfiled, twice = await site.unfiled("unfiled"), await site.filed_twice("twice")
    twice_forgotten = await site.filed_twice("twice-forgotten")
    await asyncio.gather(*map(site.forgotten, (forgotten, twice_forgotten)))
    kinds = ("public_interest", "enforcement", "training")
    others = await asyncio.gather(*map(site.from_template, kinds))
    await site.settled()
    registry, books = site.rows(REGISTRY), site.rows(BOOKS)
    assert len(registry["cases"]) == 11
    assert all(registry[table] for table in ("letters", "deadlines", "items", "papers", "facts"))
    assert all(books[table] for table in ("numbers", "deliveries"))
    everything = site.rows((*REGISTRY, *BOOKS, "rebuilds"))

    def from_(where: str, how: str = "written") -> dict[str, tuple[str, str]]:
        places = {
            "archive": (filed, forgotten, twice, twice_forgotten),
            "running": (overdue, again, back),
            "closed": (unfiled,),
        }
        named = [case.opening.case for case in places[where]] + (others if where == "running" else [])
        return dict.fromkeys(named, (how, where))

    # A registry that holds cases is not replaced by mistake; looking changes nothing.
    assert "--replace" in (await site.run("rebuild", *BY, code=1)).err
    assert "--by" in (await site.run("rebuild", "--yes", code=2)).err
    look = await site.run("rebuild")
    assert "案卷 4 件" in look.out and "在办案件 6 件" in look.out and "未封存的案件 1 件" in look.out
    assert site.rows((*REGISTRY, *BOOKS, "rebuilds")) == everything

    site.drop()
    assert site.rows(("cases",)) == {"cases": []}
    written = await site.rebuilt(*BY)
    assert written == from_("archive") | from_("running") | from_("closed")
    assert site.rows(REGISTRY) == registry
    assert site.rows(BOOKS) == books

    # And once more over what is there; cases go on as if nothing had been.
    assert await site.rebuilt(*BY, "--replace") == written
    assert site.rows(REGISTRY) == registry
    assert site.rows(BOOKS) == books
    await overdue.record("reply_received", "reply-1", on="2021-12-01")
    assert (await overdue.settled()).letters[0].replies == 1
    await renewed(again)
    await again.record("reply_received", "reply-1", on="2021-09-15")
    assert (await again.settled()).letters[0].replies == 1


@pytest.mark.asyncio
async def test_what_is_damaged_or_missing_is_named_and_the_rest_rebuilt(site: Site) -> None:
    sound, damaged = await site.filed("sound"), await site.filed("damaged")
    gone, never = site.gone("gone"), f"urging-350481-2021-{site.number('never opened'):04d}"
    strange = await awaiting_reply(site.world, 77)
    await site.settled()
    registry, books = site.rows(REGISTRY), site.rows(BOOKS)
    path = site.world.settings.home / "archive" / "cases" / damaged.opening.case / "data" / "snapshot.json"
    right = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(right.replace("永安市".encode(), "永宁市".encode()))

    run = await site.run("rebuild", *BY, "--replace", code=1)
    for name, words in (
        (damaged.opening.case, "snapshot.json：文件内容与指纹不符"),
        (gone, "服务器上都没有这个案件"),
        (strange.opening.case, "编号簿上没有"),
    ):
        assert any(name in line and words in line for line in run.err.splitlines()), run.err
    assert f"✗ {never}：档案库和服务器上都没有" in run.err
    # Rows that nothing could bring back are still there.
    assert site.rows(REGISTRY) == registry
    assert site.rows(BOOKS) == books

    site.drop()
    lost = await site.rebuilt(*BY, code=1)
    assert lost[sound.opening.case] == ("written", "archive")
    assert lost[strange.opening.case] in (("unnumbered", None), ("written", "running"))
    assert lost[gone] == lost[never] == ("missing", None)
    shown = {dict(row)["case"] for row in site.rows(("cases",))["cases"]}
    assert shown == {sound.opening.case, strange.opening.case}

    # Mended, it goes on where it stood.
    path.write_bytes(right)
    on = await site.rebuilt(*BY, code=1)
    assert on[sound.opening.case] == ("there", "archive")
    assert on[damaged.opening.case] == ("written", "archive")
    site.world.world.books.void("never opened", "从未立案", book="case")
    assert never not in await site.rebuilt(*BY, code=1)


@pytest.mark.asyncio
@pytest.mark.parametrize("meanwhile", ["a fact", "a new run"])
async def test_a_case_that_projects_meanwhile_wins(
    site: Site, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    case = await site.opened("busy")
    await site.settled()
    asked: list[Told] = []

    async def slow(office: Any, source: Source) -> Told:
        told = await sources.ask(office, source)
        asked.append(told)
        if len(asked) == 2:  # the first only tries
            if meanwhile == "a fact":
                await case.record("reply_received", "reply-1", on="2021-09-15")
            else:
                await renewed(case)
                await case.record("reply_received", "reply-1", on="2021-09-15")
            await case.settled()
        return told

    monkeypatch.setattr(rebuilding, "ask", slow)
    async with open_office(site.world.settings.model_copy(update=_at(site))) as office:
        outcomes = await rebuilding.rebuild(office, Remake(by="周九", replace=True))
    assert outcomes == [Outcome(case.opening.case, "newer", "running")]
    assert asked[1].snapshot.letters[0].replies == 0
    assert (await case.settled()).letters[0].replies == 1
    assert len({told.run for told in asked}) == (1 if meanwhile == "a fact" else 2)


def _at(site: Site) -> dict[str, str]:
    return {"temporal_address": site.world.server.address, "task_queue": site.world.queue}


@pytest.mark.asyncio
async def test_a_rebuild_that_is_cut_short_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a database that is away in the middle: what was written stays, the rest follows."""
    for key in ("one", "two"):
        await site.filed(key)
    await site.opened("three")
    await site.settled()
    registry = site.rows(REGISTRY)
    project, times = Registry.project, 0

    def failing(self: Registry, *arguments: Any, **named: Any) -> bool:
        nonlocal times
        times += 1
        if times == 2:
            raise Unreachable("数据库断开")
        return project(self, *arguments, **named)

    async with open_office(site.world.settings.model_copy(update=_at(site))) as office:
        with monkeypatch.context() as broken, pytest.raises(Unreachable, match="数据库断开"):
            broken.setattr(Registry, "project", failing)
            await rebuilding.rebuild(office, Remake(by="周九", replace=True))
        assert len(office.rebuilds.rows()) == 1
        outcomes = await rebuilding.rebuild(office, Remake(by="周九"))
        assert [each.how for each in outcomes] == ["there", "written", "written"]
        assert office.rebuilds.unfinished() is None
    assert site.rows(REGISTRY) == registry


@pytest.mark.asyncio
async def test_without_a_worker_nothing_is_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "PATIENCE", timedelta(seconds=1))
    async with (
        started_server() as server,
        world_on(server, tmp_path / "home", "site", working=False) as world,
    ):
        site = Site(world)
        async with world.worker():
            for key in ("one", "two", "three"):
                await site.opened(key)
            await site.settled()
        registry = site.rows(REGISTRY)
        async with open_office(world.settings.model_copy(update=_at(site))) as office:
            with pytest.raises(Unreachable, match=r"工作进程|及时应答"):
                await rebuilding.rebuild(office, Remake(by="周九", replace=True))
        assert site.rows(REGISTRY) == registry


# the registry as a whole, on every database


def test_emptying_takes_the_rows_of_the_cases_named_and_touches_no_book(database: Database) -> None:
    from activities.books import Books

    registry, rebuilds, books = Registry(database), Rebuilds(database), Books(database)
    other = "urging-350425-2021-0002"
    began = datetime(2021, 9, 15, tzinfo=UTC)
    for case in (CASE, other):
        facts = (fact_row(1).model_copy(update={"case": case}),)
        held = snapshot(3, case_row(case), letters=(letter_row(case=case),), facts=facts)
        registry.project(held, run="r1", run_started_at=began, settling=4)
    kept = registry.snapshot(other)
    books.case_number("350425", "urging", 2021, "one")
    assert rebuilds.unfinished() is None

    rebuilds.begin("周九", {CASE, "urging-350425-2021-0009"})
    assert registry.snapshot(CASE) is None and registry.snapshot(other) == kept
    assert [each.number for each in books.numbers(book="case")] == [1]
    unfinished = rebuilds.unfinished()
    assert unfinished is not None and (unfinished.by, unfinished.kept) == ("周九", frozenset({other}))

    rebuilds.begin("吴十", {other})
    unfinished = rebuilds.unfinished()
    assert unfinished is not None and (unfinished.by, unfinished.kept) == ("吴十", frozenset())
    assert rebuilds.rows() == {}
    rebuilds.end()
    assert rebuilds.unfinished() is None


def test_every_kind_of_case_is_asked_for() -> None:
    assert all(f"'{kind.value}'" in sources._TYPES for kind in CaseKind)
