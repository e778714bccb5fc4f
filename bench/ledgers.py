"""A ledger of backlog cases imported, against a client that only starts as many workflows with the same content.

Both sides start on one throw-away server, so many at a time, and no worker takes up what they start; they take turns, after a
round each that does not count. Ours numbers each case in the books (SQLite, on disk) and starts it; the bare client has its
payloads at hand. The pace of the import is that of numbering and starting; beside it stands that of the whole, from the file on:
each row is read, and its case tried.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy

from activities.backlog import PORTION, portions
from activities.database import Database
from activities.site_jurisdiction import site_jurisdiction
from bench.report import Report
from bench.turns import HEADING, compare
from models.search import ATTRIBUTES
from models.settings import Settings, load_settings
from models.status import summary
from models.tasks import CaseStart
from starter.ledgers.importing import AT_ONCE, Tally, import_cases
from starter.ledgers.reading import LedgerCase, read_ledger
from starter.office import Office
from starter.provision.server import LocalServer
from workflows.parts.wiring import plugin

LEAST_PACE = 0.8
_COUNTIES = (
    "三元区",
    "沙县区",
    "明溪县",
    "清流县",
    "宁化县",
    "大田县",
    "尤溪县",
    "将乐县",
    "泰宁县",
    "建宁县",
    "永安市",
)


@dataclass(frozen=True)
class Load:
    """So many rows a round, and so many rounds."""

    rows: int
    rounds: int


async def measure(*, full: bool = False, load: Load | None = None) -> AsyncIterator[Report]:
    """Cases started a second, and rows imported a second from the file on."""
    load = load or (Load(10_000, 3) if full else Load(500, 3))
    started: dict[str, list[float]] = {"mingjian": [], "bare": []}
    whole: list[float] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mingjian-bench-")))
        server = await stack.enter_async_context(LocalServer(search_attributes=ATTRIBUTES))
        settings = load_settings(home=folder, task_queue="nobody")
        with closing(Database(settings.registry)) as database:
            database.migrate()
        office = Office(settings, await Client.connect(server.address, plugins=[plugin()]))
        stack.callback(office.close)
        bare = await Client.connect(server.address)
        for number in range(load.rounds + 1):
            began = time.perf_counter()
            cases = await asyncio.to_thread(_read, folder, settings, load.rows, number)
            reading = time.perf_counter() - began
            starts = await asyncio.to_thread(_contents, cases, number)
            sides = ("mingjian", "bare") if number % 2 else ("bare", "mingjian")
            for side in sides:
                began = time.perf_counter()
                await (_bare(bare, starts) if side == "bare" else _import(office, cases))
                elapsed = time.perf_counter() - began
                if number:
                    started[side].append(load.rows / elapsed)
                    whole += [load.rows / (elapsed + reading)] if side == "mingjian" else []
    report = Report(
        f"A ledger of {load.rows:,} cases: {load.rounds} interleaved rounds, {AT_ONCE} at a time", [HEADING]
    )
    compare(
        report,
        "cases numbered and started a second",
        started["mingjian"],
        started["bare"],
        at_least=LEAST_PACE,
    )
    compare(report, "  with the reading of the file", whole, started["bare"], at_least=None)
    yield report


def _read(folder: Path, settings: Settings, rows: int, number: int) -> list[LedgerCase]:
    file = _written(folder / "台账.xlsx", rows, number)
    ledger = read_ledger(file, site_jurisdiction(settings))
    assert not ledger.findings, ledger.problems()[:3]
    return ledger.cases


def _written(path: Path, rows: int, number: int) -> Path:
    """Made-up cases in every county: served, answered, closed in turn."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

    heads = (
        *(
            "本院案号",
            "地方",
            "案件名称",
            "事项",
            "立案日期",
            "承办人",
            "文书种类",
            "收件单位",
            "文号",
            "制发日期",
            "送达日期",
        ),
        *("回复日期", "回复态度", "评估结果", "结案日期", "结案方式"),
    )
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("案件")
        sheet.write_row(0, 0, heads)
        for row in range(1, rows + 1):
            county, own = _COUNTIES[row % len(_COUNTIES)], f"〔2023〕{number}-{row}号"
            bureau = f"三明市{county}自然资源局" if county.endswith("区") else f"{county}自然资源局"
            cells = [
                f"检{own}",
                county,
                f"某村占用耕地案{row}",
                "违法乱占耕地",
                "2023-03-01",
                "张三",
                "检察建议书",
                bureau,
            ]
            cells += [f"检建{own}", "2023-03-06", "2023年3月8日"]
            cells += ["2023-04-20", "采纳", "采纳并整改"] if row % 3 else []
            cells += ["2023年5月", "整改到位"] if row % 3 == 2 else []
            sheet.write_row(row, 0, cells)
    return path


async def _import(office: Office, cases: Sequence[LedgerCase]) -> None:
    tally = Tally(len(cases))
    await import_cases(office, cases, tally)
    assert len(tally.started) == len(cases)


def _contents(cases: Sequence[LedgerCase], number: int) -> list[tuple[str, str, Any, str]]:
    """What a bare client starts: the id, the type, the argument as JSON can hold it, the summary."""
    starts = []
    for place, each in enumerate(cases):
        opening = each.case.opening(place, "2026")
        content = CaseStart(opening=opening).model_dump(mode="json", exclude_none=True)
        starts.append((f"bare-{number}-{opening.case}", opening.kind.value, content, summary(opening)))
    return starts


async def _bare(client: Client, starts: Sequence[tuple[str, str, Any, str]]) -> None:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def start(id: str, kind: str, content: Any, told: str) -> None:
        async with at_once:
            await client.start_workflow(
                kind,
                content,
                id=id,
                task_queue="nobody-bare",
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=told,
            )

    for portion in portions(starts, PORTION):
        await asyncio.gather(*(start(*each) for each in portion))
