"""A calendar is published: how long all open deadlines take to sift, and how fast the cases that move are counted again.

The sift reads a registry of made-up deadlines in a SQLite file, in portions, as `mingjian calendar publish` does; beside it a
bare loop replays the same ledgers once from memory. The recount is of real cases with real adapters (but for the typesetting of
their letters) in one process on a throw-away server: once as fast as the watch can tell them, once at its usual pace, while a
clerk records a fact every quarter of a second in cases that do not move.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, cast

from temporalio.client import Client, WorkflowHandle

from activities.books import Books
from activities.calendar_watch import PACE
from activities.calendars import SiteCalendars
from activities.database import Database
from activities.open_deadlines import OpenDeadlines
from activities.typesetting import Typesetter
from bench.course import CHIEF, CLERK, DRAFTER
from bench.driving import opening
from bench.report import Report
from models.calendar import Calendar, calendar
from models.dates import EventDate
from models.deadlines import Started, reckon
from models.documents import Paper
from models.projecting import LEDGER
from models.rules import rule
from models.search import ATTRIBUTES
from models.settings import load_settings
from models.tables import Kept
from models.year_files import read_year
from starter.provision.fonts import font_folders
from starter.provision.server import LocalServer
from starter.recounting import sift
from worker import adapters, build_worker, watch_calendars
from workflows.parts.wiring import plugin

DEADLINES = 100_000
MOST_SECONDS = 30.0
MOST_TIMES_BARE = 10.0
_RULES = ("coop.reply", "jy.reply", "coop.copy")
_NEXT = calendar().years[-1].year + 1
_PROBES = 20
_PROBE_SECONDS = 0.25
_LETTER = {
    "id": "draft-1",
    "by": DRAFTER,
    "document": "notification_letter",
    "recipients": [{"name": "永安市自然资源局", "code": "350481-nr", "is_bound": True}],
}
_CASE = {
    "title": "某镇硬化耕地案",
    "matter": "farmland_misuse",
    "clue": {"source": "remote_sensing"},
    "letters": [_LETTER],
}


def year_text(*off: date) -> str:
    """The next year, with the Spring Festival or whatever days are off."""
    days = off or tuple(date(_NEXT, 2, 5) + timedelta(days=n) for n in range(7))
    holidays = [*((day, "春节") for day in days), (date(_NEXT, 1, 1), "元旦")]
    holidays += [(date(_NEXT, 5, n), "劳动节") for n in (1, 2)]
    holidays += [(date(_NEXT, 10, n), "国庆节") for n in (1, 2, 3)]
    listed = ",\n".join(f'  {{ from = {day}, to = {day}, name = "{name}" }}' for day, name in holidays)
    return f'year = {_NEXT}\nsource = "测量用"\nholidays = [\n{listed},\n]\n'


async def measure(*, full: bool = False, cases: int = 0) -> AsyncIterator[Report]:
    """The sift, then the recount; of so many `cases`, where that is said, at the usual pace alone."""
    yield await asyncio.to_thread(sifted)
    paces = {"told as fast as may be": 1000, f"told {PACE} a second, as usual": PACE}
    if cases:
        del paces["told as fast as may be"]
    async for report in recounted(cases or (1000 if full else 300), paces):
        yield report


# ── the sift ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def sifted(deadlines: int = DEADLINES) -> Report:
    """Seconds, and times a bare loop of replays."""
    with tempfile.TemporaryDirectory() as folder, closing(Database(f"sqlite:///{folder}/r.db")) as database:
        database.migrate()
        before = calendar()
        after = before.with_years([read_year(year_text())])
        ledgers = _filled(database, before, deadlines)
        calendars = SiteCalendars(Path(folder) / "none", Books(database))
        began = time.perf_counter()
        found = sift(OpenDeadlines(database), before, after, calendars)
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        for key, ledger in ledgers:
            reckon(rule(key), ledger, after)
        bare = time.perf_counter() - began
    assert found.seen == deadlines and not found.unclear
    report = Report(
        f"{deadlines:,} open deadlines sifted, {len(found.moved):,} of which move",
        [("", "mingjian", "bare", "ratio", "promised")],
    )
    times = report.judge(
        "calendars: a sift, times a bare loop of replays", seconds / bare, at_most=MOST_TIMES_BARE
    )
    bound = report.judge("calendars: seconds to sift", seconds, at_most=MOST_SECONDS * deadlines / DEADLINES)
    report.rows += [
        ("seconds", f"{seconds:.1f}", f"{bare:.2f}", f"{seconds / bare:.1f}", times),
        ("of them promised", f"{seconds:.1f}", "", "", bound),
    ]
    return report


def _filled(database: Database, before: Calendar, count: int) -> list[tuple[str, tuple[Started, ...]]]:
    """Made-up rows: a case and a deadline each."""
    cases, deadlines = [], []
    ledgers: list[tuple[str, tuple[Started, ...]]] = []
    for number in range(count):
        key = _RULES[number % len(_RULES)]
        on = EventDate.on(date(_NEXT - 1, 9, 1) + timedelta(days=number % 115))
        ledger = (Started(on=on, by="served-1"),)
        found = reckon(rule(key), ledger, before)
        case = f"urging-350481-{_NEXT - 1}-{number:06d}"
        ledgers.append((key, ledger))
        cases.append(_row("cases", case=case, opened_on=date(_NEXT - 1, 9, 1), run_started_at=_NOW))
        deadlines.append(
            _row(
                "deadlines",
                case=case,
                key=f"L1/{key}",
                rule=key,
                state="running",
                due_on=found.due_on,
                provisional=found.provisional,
                edition=before.name,
                ledger=LEDGER.dump_json(ledger, exclude_none=True).decode(),
            )
        )
    with database.writing() as session:
        session.connection().execute(Kept.metadata.tables["cases"].insert(), cases)
        session.connection().execute(Kept.metadata.tables["deadlines"].insert(), deadlines)
    return ledgers


_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _row(table: str, **given: object) -> dict[str, object]:
    """A row with something in every column."""
    plain = {str: "", bool: False, int: 0}
    return {
        column.name: given.get(
            column.name, None if column.nullable else plain.get(column.type.python_type, "")
        )
        for column in Kept.metadata.tables[table].columns
    }


# ── the recount ──────────────────────────────────────────────────────────────────────────────────────────────────────


class PlainPapers:
    """Papers without typesetting: a letter is not what is measured here."""

    def render(self, paper: Paper) -> bytes:
        return b"%PDF-1.7\n" + json.dumps(paper.model_dump(mode="json"), ensure_ascii=False).encode()


async def recounted(cases: int, paces: Mapping[str, int]) -> AsyncIterator[Report]:
    """Cases counted again a second, and how long a clerk waits meanwhile."""
    report = Report(
        f"{cases:,} cases that move counted again, server, worker, watch and clerk on one machine",
        [("", "cases a second", "clerk waits, ms: median", "95th of 100")],
    )
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = await stack.enter_async_context(LocalServer(search_attributes=ATTRIBUTES))
        client = await Client.connect(server.address, plugins=[plugin()])
        world = replace(
            adapters(load_settings(home=folder), font_folders()), typesetter=cast(Typesetter, PlainPapers())
        )
        off: list[date] = []
        async with build_worker(client, world, task_queue="calendars", rehearsal=True):
            movers = await _opened(client, range(1, cases + 1), date(_NEXT - 1, 12, 5))
            others = await _opened(client, range(cases + 1, cases + 1 + _PROBES), date(_NEXT - 1, 12, 1))
            waits = await _probed(others, asyncio.create_task(asyncio.sleep(10)), "before")
            report.rows.append(("nothing published", "", *_waits(waits)))
        books, deadlines = Books(world.database), OpenDeadlines(world.database)
        patience = max(600.0, cases / 5)
        for what, pace in paces.items():
            paced = replace(world, calendar_pace=pace)
            off.append(date(_NEXT, 2, 5) + timedelta(days=len(off)))
            async with build_worker(client, paced, task_queue="calendars", rehearsal=True):
                books.publish_year(file="bench.toml", text=year_text(*off), by="甲", reason=what)
                await watch_calendars(client, "calendars")
                moved = asyncio.create_task(_all_counted(paced.calendars, deadlines, patience))
                waits = await _probed(others, moved, what)
                rate = len(movers) / await moved
                report.rows.append((what, f"{rate:.0f}", *_waits(waits)))
            with suppress(Exception):
                await client.get_workflow_handle("calendar-watch").terminate()
    yield report


def _waits(waits: list[float]) -> tuple[str, str]:
    ordered = sorted(waits)
    return f"{median(ordered) * 1000:.0f}", f"{ordered[int(len(ordered) * 0.95)] * 1000:.0f}"


async def _opened(client: Client, numbers: range, served: date) -> list[WorkflowHandle[Any, Any]]:
    """Cases whose letter was served that day, a few at a time."""
    turn = asyncio.Semaphore(10)

    async def one(number: int) -> WorkflowHandle[Any, Any]:
        case = opening("urging", served, number, _CASE)
        async with turn:
            handle: WorkflowHandle[Any, Any] = await client.start_workflow(
                "urging",
                {"opening": case.model_dump(mode="json")},
                id=case.case,
                task_queue="calendars",
            )
            issue = {"kind": "issue_letter", "id": "issue-1", "by": CHIEF}
            await handle.execute_update("decide", {"decision": issue})
            fact = {"kind": "letter_served", "id": "served-1", "on": str(served), "by": CLERK}
            await handle.execute_update("record", {"fact": fact})
        return handle

    return list(await asyncio.gather(*(one(number) for number in numbers)))


async def _probed(cases: list[WorkflowHandle[Any, Any]], until: asyncio.Task[Any], name: str) -> list[float]:
    """How long each fact takes that a clerk records, now in this case, now in that."""
    waits: list[float] = []
    while not until.done():
        handle = cases[len(waits) % len(cases)]
        fact = {
            "kind": "happened",
            "id": f"{name}-{len(waits)}",
            "on": str(date(_NEXT - 1, 12, 1)),
            "by": CLERK,
        }
        began = time.perf_counter()
        await handle.execute_update("record", {"fact": {**fact, "event": "电话联系"}})
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(_PROBE_SECONDS)
    return waits


async def _all_counted(calendars: SiteCalendars, deadlines: OpenDeadlines, patience: float) -> float:
    """Seconds from the first case counted again to the last."""
    first: float | None = None
    edition = ""
    begun = (0, 0)
    async with asyncio.timeout(patience):
        while True:
            now = await asyncio.to_thread(calendars.current)
            behind = await asyncio.to_thread(deadlines.still_behind, now.name)
            if now.name != edition and behind.cases:
                edition, begun = now.name, behind
            if edition == now.name and behind.deadlines < begun[1] and first is None:
                first = time.perf_counter()
            if first is not None and not behind.cases:
                return time.perf_counter() - first
            await asyncio.sleep(0.2)
