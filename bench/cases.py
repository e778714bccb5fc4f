"""Reference cases of each kind against a bare workflow: cases a second, worker CPU, and the shape of their history.

What happens in them stands in `bench/courses`. On both sides the same messages come from the same driver, the same timers run on
one throw-away server without time skipping (`bench.working.MovedClock` says how), and each has a worker process of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from statistics import median

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from bench.course import Course
from bench.courses.urging import URGING
from bench.driving import Handle, Side, side
from bench.kinds import COURSES
from bench.report import Report, spread
from models.search import ATTRIBUTES
from starter.provision.server import LocalServer

MOST_BYTES = 64 * 1024
MOST_A_MESSAGE, MOST_A_REMINDER = 9, 12
LEAST_PACE, MOST_CPU = 0.85, 1.5


async def measure(*, full: bool = False) -> AsyncIterator[Report]:
    """of each kind the history's shape, then pace and CPU of the workflow code; then urging as a whole with its real adapters."""
    if full:
        load, shipped_load = Load(12, 900, cases=160, at_once=24), Load(6, 600, cases=80, at_once=8)
    else:
        load, shipped_load = Load(4, 75, cases=48, at_once=16), Load(2, 30, cases=24, at_once=8)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(LocalServer(search_attributes=ATTRIBUTES))
        ours = await stack.enter_async_context(side("mingjian", server.address))
        bare = await stack.enter_async_context(side("bare", server.address))
        for course in COURSES.values():
            yield await shape(ours, bare, course)
            yield await pace(ours, bare, course, load)
        shipped = await stack.enter_async_context(side("shipped", server.address))
        yield await shipped_pace(shipped, bare, URGING, shipped_load)


# ── one quiet case ───────────────────────────────────────────────────────────────────────────────────────────────────


async def shape(ours: Side, bare: Side, course: Course) -> Report:
    """Events and bytes of one case that has the server to itself, by what brought them about."""
    cases = {each.name: await quiet_case(each, course) for each in (ours, bare)}
    kinds = {name: [_kind(event) for event in case.events] for name, case in cases.items()}
    case, other = cases[ours.name], cases[bare.name]
    report = Report(
        f"The history of one case of {course.what}",
        [("", "events", "bytes", "bare: events", "bytes", "promised")],
    )

    def row(
        what: str, events: int, size: int, bare_events: int | str, bare_size: int | str, bound: str
    ) -> None:
        report.rows.append(
            (what, str(events), f"{size:,}", str(bare_events), f"{bare_size:,}" if bare_size else "", bound)
        )

    steps, bare_steps = case.steps(), other.steps()
    for mine, its in zip_longest(steps, bare_steps):
        if mine is None:
            continue
        most = MOST_A_REMINDER if mine.cause == "reminder" else MOST_A_MESSAGE
        judged = mine.cause in ("reminder", "signal", "update")
        bound = (
            report.judge(f"{course.kind}: events of {mine.what}", mine.events, at_most=most) if judged else ""
        )
        row(mine.what, mine.events, mine.size, its.events if its else "", its.size if its else 0, bound)
    whole = report.judge(f"{course.kind}: events of a case", len(case.events), at_most=course.events)
    row("the case", len(case.events), case.size, len(other.events), other.size, whole)
    report.rows.append(
        (
            "  as the server reports it",
            "",
            f"{case.reported:,}",
            "",
            f"{other.reported:,}",
            report.judge(f"{course.kind}: bytes of a case", case.reported, at_most=MOST_BYTES),
        )
    )
    row(
        "its filing child (apart)",
        case.child_events,
        case.child_size,
        other.child_events,
        other.child_size,
        "",
    )
    if kinds[ours.name] != kinds[bare.name]:
        place = next(
            index
            for index, (mine, its) in enumerate(zip_longest(kinds[ours.name], kinds[bare.name]), start=1)
            if mine != its
        )
        difference = Counter(kinds[ours.name])
        difference.subtract(kinds[bare.name])
        unlike = {kind: count for kind, count in difference.items() if count}
        report.missed.append(
            f"{course.kind}: the bare workflow's commands differ from event {place} on: {unlike or 'order'}"
        )
    report.remarks.append(
        "No time was skipped, so no event is the server's own; the two histories are compared event by event."
    )
    return report


@dataclass(frozen=True)
class Step:
    """What followed from one message, reminder or paper."""

    what: str
    cause: str
    events: int
    size: int


@dataclass(frozen=True)
class QuietCase:
    """The history of a case in which each message was taken before the next one came."""

    course: Course
    events: list[HistoryEvent]
    reported: int
    child_events: int
    child_size: int

    @property
    def size(self) -> int:
        """Bytes, as the events are written on the wire."""
        return sum(event.ByteSize() for event in self.events)

    def steps(self) -> list[Step]:
        """The events, cut where something new comes in."""
        cuts: list[tuple[str, str, int]] = []
        updates = iter([each.what for each in self.course.steps if each.is_decision])
        signals = iter([each.what for each in self.course.steps if not each.is_decision])
        timers = iter(range(1, len(self.course.strikes) + 1))
        for index, event in enumerate(self.events):
            kind = _kind(event)
            if kind == "WORKFLOW_EXECUTION_STARTED":
                cuts.append(("opening", "start", index))
            elif kind == "WORKFLOW_EXECUTION_UPDATE_ACCEPTED":
                # The task that brings an update stands before it.
                cuts.append((f"{next(updates)} (decision)", "update", index - 3))
            elif kind == "WORKFLOW_EXECUTION_SIGNALED":
                cuts.append((f"{next(signals)} (fact)", "signal", index))
            elif kind == "TIMER_FIRED":
                cuts.append((f"strike {next(timers)} of the clock", "reminder", index))
            elif kind == "ACTIVITY_TASK_STARTED":
                cuts.append(("paper made", "paper", index))
            elif kind == "START_CHILD_WORKFLOW_EXECUTION_INITIATED":
                cuts.append(("filing away, end", "end", index))
        ends = [index for _, _, index in cuts[1:]] + [len(self.events)]
        return [
            Step(what, cause, end - begin, sum(event.ByteSize() for event in self.events[begin:end]))
            for (what, cause, begin), end in zip(cuts, ends, strict=True)
        ]


async def quiet_case(side: Side, course: Course) -> QuietCase:
    """One case, each message sent when the one before has been dealt with."""
    handle = await side.start(course)
    await side.go(handle, course.steps, pause=lambda: _until_still(handle))
    await side.finish(handle)
    events = [event async for event in handle.fetch_history_events()]
    child = await side.filing(handle)
    described = await child.describe()
    return QuietCase(
        course,
        events,
        await _reported(handle),
        described.history_length,
        described.raw_description.workflow_execution_info.history_size_bytes,
    )


async def _until_still(handle: Handle) -> None:
    seen, length = 0, -1
    while seen < 3:
        now = (await handle.describe()).history_length
        seen, length = (seen + 1 if now == length else 0), now
        await asyncio.sleep(0.1)


async def _reported(handle: Handle) -> int:
    return (await handle.describe()).raw_description.workflow_execution_info.history_size_bytes


def _kind(event: HistoryEvent) -> str:
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")


# ── many cases ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Load:
    """So many pairs of batches, though after two no new one is begun when the time is over; so many cases in each."""

    pairs: int
    seconds: float
    cases: int
    at_once: int


@dataclass(frozen=True)
class Batch:
    """Many cases, so many at once: how fast they ended while the house was full, and what one cost the worker."""

    rate: float
    cpu: float
    busy: float


async def batch(side: Side, course: Course, cases: int, at_once: int) -> Batch:
    """Drive cases through one side. The rate is that of the time when all places are taken."""
    ended: list[float] = []
    waiting = iter(range(cases))

    async def place() -> None:
        for _ in waiting:
            await side.whole_case(course)
            ended.append(time.perf_counter())

    before, machine = (await side.usage())["cpu"], _machine()
    await asyncio.gather(*(place() for _ in range(at_once)))
    after, machine_after = (await side.usage())["cpu"], _machine()
    first, last = at_once // 2, cases - at_once
    rate = (last - first) / (ended[last] - ended[first])
    return Batch(rate, (after - before) / cases, _share(machine, machine_after))


async def pace(ours: Side, bare: Side, course: Course, load: Load) -> Report:
    """Interleaved pairs of batches, both sides with no-ops for adapters."""
    mine, its = await _pairs(ours, bare, course, load)
    report = _compared(f"Pace and cost of the workflow code of {course.kind}", mine, its, load)
    report.remarks.append(_fallbacks(ours, bare))
    rate, cpu = _ratios(mine, its)
    bounds = (
        report.judge(
            f"{course.kind}: cases a second, of the bare workflow's", median(rate), at_least=LEAST_PACE
        ),
        report.judge(f"{course.kind}: worker CPU, times the bare workflow's", median(cpu), at_most=MOST_CPU),
    )
    report.rows = [(*row, bound) for row, bound in zip(report.rows, ("promised", *bounds), strict=True)]
    return report


async def shipped_pace(shipped: Side, bare: Side, course: Course, load: Load) -> Report:
    """The same with books, registry, typesetting and archive as they are shipped: nothing is promised of it."""
    mine, its = await _pairs(shipped, bare, course, load)
    report = _compared(f"The whole of {course.kind}, with the real adapters", mine, its, load)
    report.remarks.append(_fallbacks(shipped))
    report.remarks.append(
        "SQLite books and registry, PDF papers, fsynced archive; for comparison, nothing is promised."
    )
    return report


async def _pairs(ours: Side, bare: Side, course: Course, load: Load) -> tuple[list[Batch], list[Batch]]:
    for each in (ours, bare):
        await batch(each, course, load.at_once, load.at_once // 2)
    mine: list[Batch] = []
    its: list[Batch] = []
    began = time.monotonic()
    while len(mine) < load.pairs and (len(mine) < 2 or time.monotonic() - began < load.seconds):
        mine.append(await batch(ours, course, load.cases, load.at_once))
        its.append(await batch(bare, course, load.cases, load.at_once))
    return mine, its


def _compared(title: str, mine: list[Batch], its: list[Batch], load: Load) -> Report:
    rate, cpu = _ratios(mine, its)
    busy = median(each.busy for each in [*mine, *its])
    return Report(
        f"{title}: {len(mine)} interleaved pairs of {load.cases} cases, {load.at_once} at once",
        [
            ("", "mingjian", "bare", "ratio"),
            (
                "cases a second",
                spread([each.rate for each in mine], ".1f"),
                spread([each.rate for each in its], ".1f"),
                spread(rate),
            ),
            (
                "worker CPU, ms a case",
                spread([each.cpu * 1000 for each in mine], ".1f"),
                spread([each.cpu * 1000 for each in its], ".1f"),
                spread(cpu),
            ),
        ],
        [f"Medians (lowest–highest); ratios are taken pair by pair. The machine was {busy:.0%} busy."],
    )


def _fallbacks(*sides: Side) -> str:
    counts = " and ".join(f"{each.fallbacks} ({each.name})" for each in sides)
    return f"Local activities that took over a second, and were run as regular ones: {counts}."


def _ratios(mine: list[Batch], its: list[Batch]) -> tuple[list[float], list[float]]:
    """Of pace and of CPU, pair by pair."""
    pairs = list(zip(mine, its, strict=True))
    return [own.rate / other.rate for own, other in pairs], [own.cpu / other.cpu for own, other in pairs]


def _machine() -> tuple[int, int]:
    """Jiffies of all processors since the start of the machine: worked, in all (Linux; elsewhere nothing is said)."""
    try:
        fields = [int(text) for text in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except OSError:
        return 0, 0
    return sum(fields) - fields[3] - fields[4], sum(fields)


def _share(before: tuple[int, int], after: tuple[int, int]) -> float:
    return (after[0] - before[0]) / max(after[1] - before[1], 1)
