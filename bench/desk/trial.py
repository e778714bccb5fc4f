"""A desk of ten thousand cases: imported, worked, counted again by a new calendar, filed away, reported; and recounted.

1. A made-up ledger (`made_up`) is imported by `mingjian ledger import`; some more cases are opened by `mingjian open`.
2. Clerks work on some of them (`clerks`): replies, assessments, corrections, extensions, suspensions, closings.
3. A year file is published by `mingjian calendar publish` while the cases run. `plain_days`, which imports nothing but the
   standard library, says beforehand which deadlines will move from when to when. The worker that tells the cases is killed in the
   middle. In the end exactly those have moved.
4. The cases are closed and filed away, so that the archive holds each as a sealed folder; but for a share that is left running,
   of which the archive holds papers only.
5. `mingjian report` of two quarters and of the year, of the city and each county, is compared figure by figure with
   `tests/recount.py`, which imports nothing but the standard library and reads the sealed folders; and of the cases that still
   run, what each answers itself when it is asked how it stands.

Whatever disagrees is named, and makes the exit code 1. Every wait has a bound.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from bench.desk import clerks, made_up, stages
from bench.desk.calendars import Publication, published
from bench.desk.house import ROOT, House, Standstill, house_in, in_turn, run, say
from bench.desk.reports import Comparison, Told, periods_of
from bench.report import Report
from models.dates import day_in_china
from models.terms import CaseKind
from starter.case_files import template

CASES = 10_000
_REPORTS_AT_ONCE = 2
HEADING = ("", "number", "seconds", "a second")


@dataclass(frozen=True)
class Load:
    """How large a trial is.

    `cases` in the ledger; `worked` in how many of them something is done; `left` running at the end; `pace`: how many are told
    of a calendar in a second; `counties`: of how many a report is made besides the city's.
    """

    cases: int
    worked: int
    left: int
    pace: int = 20
    counties: int = 11
    workers: int = 2

    @classmethod
    def of(cls, cases: int, left: int | None = None) -> Load:
        """For so many cases. To file a case away costs more than all else, so of very many some are left running."""
        if left is None:
            left = cases * 4 // 10 if cases > 3000 else cases // 10
        return cls(cases, min(2000, cases // 3), left, pace=40 if cases > 1000 else 20)


async def measure(
    *, full: bool = False, cases: int = 0, left: int | None = None, load: Load | None = None
) -> AsyncIterator[Report]:
    """The whole trial, table by table; what disagrees is in `missed`."""
    load = load or Load.of(cases or (CASES if full else 200), left)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mingjian-desk-") as folder:
        async with house_in(Path(folder), pace=load.pace, workers=load.workers) as house:
            trial = Trial(house, Path(folder), load, day_in_china(datetime.now(UTC)))
            try:
                for step in trial.steps:
                    before = house.cpu()
                    report = await step()
                    workers, server = (now - then for now, then in zip(house.cpu(), before, strict=True))
                    report.remarks.append(f"CPU seconds: workers {workers:.1f}, server {server:.1f}.")
                    yield report
            except Standstill as stood:
                yield Report("The trial stood still", [("", "")], missed=[str(stood)], remarks=[house.log()])
            yield trial.ended(time.monotonic() - began)


@dataclass
class Trial:
    """One run of it: `peaks` is the memory of the commands, in megabytes."""

    house: House
    folder: Path
    load: Load
    today: date
    peaks: dict[str, float] = field(default_factory=dict)
    total: int = 0

    @property
    def steps(self) -> tuple[Callable[[], Awaitable[Report]], ...]:
        """In their order."""
        return self.imported, self.worked, self.recounted_by_days, self.filed, self.reported

    def bound(self, each: float) -> float:
        """Seconds that something may take that takes `each` for a case: three times that, and two minutes."""
        return 120 + 3 * each * self.load.cases

    # 1

    async def imported(self) -> Report:
        """From the made-up ledger to cases that have come to rest."""
        house, number = self.house, self.load.cases
        report = Report(f"A ledger of {number:,} made-up cases, imported", [HEADING])
        file = self.folder / "台账.xlsx"
        began = time.monotonic()
        made_up.write(file, list(stages.cases(number, self.today)))
        _row(report, "rows written", number, time.monotonic() - began)
        say("importing")
        ran = await house.script("ledger", "import", file, "--yes", "--json", within=self.bound(0.1))
        self.peaks["ledger import"] = ran.megabytes
        last = ran.lines[-1]
        if (last["started"], last["there"]) != (number, 0):
            report.missed.append(f"import: {last['started']} started, {last['there']} there, of {number}")
        _row(report, "imported, from the file on", number, ran.seconds)
        opened = await self._opened()
        self.total = number + opened
        more = await house.until(
            "cases taken up by the workers",
            lambda: self.total - house.number("SELECT count(*) FROM cases"),
            within=self.bound(0.15),
        )
        await house.at_rest(within=self.bound(0.15))
        _row(report, "until they had come to rest", self.total, ran.seconds + more)
        report.rows.append(("opened by files, of enforcement", f"{opened:,}", "", ""))
        report.rows.append(
            ("counties", f"{house.number('SELECT count(DISTINCT county) FROM cases'):,}", "", "")
        )
        sealed = house.number("SELECT count(*) FROM seals")
        report.rows.append(("closed in the ledger, and filed away", f"{sealed:,}", "", ""))
        self._same(report, "cases in the registry", house.number("SELECT count(*) FROM cases"), self.total)
        return report

    async def _opened(self) -> int:
        """Some cases of enforcement, which no ledger holds."""
        files, text = [], template(CaseKind.ENFORCEMENT)
        for number in range(1, max(3, self.load.cases // 100) + 1):
            file = self.folder / f"非诉-{number}.yaml"
            file.write_text(text.replace("title: 某村厂房", f"title: 第{number}村厂房"), "utf-8")
            files.append(file)
        ran = await self.house.script("open", "enforcement", *files, "--json", within=self.bound(0.1))
        return len(ran.lines)

    # 2

    async def worked(self) -> Report:
        """What clerks enter on a day."""
        house = self.house
        jobs = clerks.work(clerks.open_cases(house), self.today, self.load.worked)
        say(f"working on {len(jobs):,} cases")
        report = Report(f"Worked on {len(jobs):,} cases", [HEADING])
        self._entered(report, await clerks.enter(house, jobs, "working"), len(jobs))
        await house.at_rest(within=self.bound(0.2))
        sealed, closed = house.number("SELECT count(*) FROM seals"), _filed(house)
        self._same(report, "sealed folders, of the cases filed away", sealed, closed)
        report.rows.append(("filed away", f"{sealed:,}", "", ""))
        return report

    def _entered(self, report: Report, found: clerks.Entered, jobs: int) -> None:
        entered = found.kinds.total()
        _row(report, "messages entered", entered, found.seconds)
        for kind, number in found.kinds.most_common():
            report.rows.append((f"  {kind}", f"{number:,}", "", ""))
        waits = [each * 1000 for each in found.waits]
        if len(waits) > 1:
            told = f"{median(waits):.0f} · {quantiles(waits, n=20)[-1]:.0f}"
            report.rows.append(
                (f"a message waits, ms: median · 95th ({clerks.AT_ONCE} at once)", told, "", "")
            )
        report.missed += [f"refused: {each}" for each in found.refused[:20]]
        if len(found.refused) > 20:
            report.missed.append(f"refused: {len(found.refused)} in all")

    # 3

    async def recounted_by_days(self) -> Report:
        """A year is published; see `calendars`."""
        wanted = Publication(self.house, self.folder, self.today, within=self.bound(0.15))
        report = await published(wanted)
        self.peaks["calendar publish"] = wanted.megabytes
        return report

    # 4

    async def filed(self) -> Report:
        """The cases are closed, filed away and sealed, but for those that are left running."""
        house, left = self.house, self.load.left
        jobs = list(clerks.ends(clerks.open_cases(house), self.today))
        random.Random(13).shuffle(jobs)
        before, jobs = _filed(house), jobs[: max(0, len(jobs) - left)]
        say(f"closing {len(jobs):,} cases")
        began = time.monotonic()
        found = await clerks.enter(house, jobs, "closing")
        wanted = before + len(jobs) - len({each.partition(" ")[0] for each in found.refused})
        await house.until(
            "sealed", lambda: wanted - house.number("SELECT count(*) FROM seals"), within=self.bound(0.5)
        )
        await house.at_rest(within=self.bound(0.1))
        report = Report(f"{wanted:,} of {self.total:,} cases filed away", [HEADING])
        self._entered(report, found, len(jobs))
        _row(report, "closed and sealed", _filed(house) - before, time.monotonic() - began)
        folders = sum(1 for _ in house.archive.glob("*/data/snapshot.json"))
        self._same(report, "sealed folders in the archive", folders, wanted)
        report.rows.append(("sealed folders in the archive", f"{folders:,}", "", ""))
        report.rows.append(("cases left running", f"{self.total - folders:,}", "", ""))
        return report

    # 5

    async def reported(self) -> Report:
        """Reports of the quarters and the year against the recount."""
        house, periods = self.house, periods_of(self.today)
        counties = sorted(code for (code,) in house.asked("SELECT DISTINCT county FROM cases"))
        running = await self._running()
        say(f"recounting {self.total:,} cases")
        script = str(ROOT / "tests" / "recount.py")
        command = [sys.executable, "-I", script, *periods.values(), str(house.archive), str(running)]
        ran, code = await asyncio.to_thread(run, command, house.environment, self.bound(0.05))
        if code:
            raise Standstill(f"the recount ended with {code}: {ran.err[-500:]}")
        self.peaks["recount"] = ran.megabytes
        report = Report("Reports against a recount of the archive", [HEADING])
        _row(report, "cases recounted", self.total, ran.seconds)
        comparison = Comparison(json.loads(ran.out))

        async def compare(name: str, county: str) -> None:
            told = await self._report(name, county)
            await asyncio.to_thread(comparison.add, name, periods[name], county, told)

        # The running quarter is within the year: of it the city alone, which tells of every county too.
        quarter, _, year = periods
        wanted = [(name, "") for name in periods]
        wanted += [(name, each) for name in (quarter, year) for each in counties[: self.load.counties]]
        say(f"{len(wanted)} reports")
        await in_turn([partial(compare, *each) for each in wanted], _REPORTS_AT_ONCE)
        report.rows += comparison.rows()
        report.missed += sorted(comparison.apart)
        if comparison.nought:
            keys = ", ".join(sorted(comparison.nought))
            report.remarks.append(f"Nothing was there to count, in any period, for: {keys}.")
        return report

    async def _running(self) -> Path:
        """What each case that still runs answers when it is asked how it stands: a file of one JSON object a line."""
        house = self.house
        cases = [case for (case,) in house.asked("SELECT \"case\" FROM cases WHERE stage <> 'archived'")]
        lines: list[str] = []

        async def ask(case: str) -> None:
            lines.append(json.dumps(await clerks.status(house, case), ensure_ascii=False))

        await in_turn([partial(ask, case) for case in cases], clerks.AT_ONCE)
        file = self.folder / "running.jsonl"
        file.write_text("\n".join(lines), "utf-8")
        return file

    async def _report(self, period: str, county: str) -> Told:
        where = ("--county", county) if county else ()
        out = self.folder / "reports"
        ran = await self.house.script(
            "report", period, *where, "--out", out, "--json", within=self.bound(0.02)
        )
        self.peaks["report"] = max(self.peaks.get("report", 0), ran.megabytes)
        return Told.of(ran.lines, ran.seconds)

    # the end

    def ended(self, seconds: float) -> Report:
        """Time and memory of the whole."""
        report = Report("The whole trial", [("", "minutes", "MB at most")])
        report.rows.append(("from the first process to the last figure", f"{seconds / 60:.1f}", ""))
        peaks = {**self.house.megabytes(), **self.peaks}
        report.rows += [(f"memory of {name}", "", f"{value:.0f}") for name, value in peaks.items()]
        report.remarks.append(
            f"A throw-away server, workers ({self.load.workers}), SQLite, a folder archive, one machine."
        )
        return report

    def _same(self, report: Report, what: str, one: int, other: int) -> None:
        if one != other:
            report.missed.append(f"{what}: {one}, and not {other}")


def _filed(house: House) -> int:
    return house.number("SELECT count(*) FROM cases WHERE stage = 'archived'")


def _row(report: Report, what: str, number: int, seconds: float) -> None:
    report.rows.append((what, f"{number:,}", f"{seconds:.1f}", f"{number / max(seconds, 0.001):.1f}"))
