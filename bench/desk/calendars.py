"""A year file is published while the cases run, and a worker killed: exactly those deadlines move that a plain count says."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.desk.house import ROOT, House, Standstill, run, say
from bench.report import Report
from models.calendar import calendar
from models.year_files import YearFile

Key = tuple[str, str]
Span = tuple[str, ...]
_DAY = timedelta(days=1)


@dataclass
class Publication:
    """What is published, where, and how long the cases may take to follow."""

    house: House
    folder: Path
    today: date
    within: float
    megabytes: float = 0.0


async def published(wanted: Publication) -> Report:
    """Counted beforehand, previewed, published, a worker killed, and compared."""
    house = wanted.house
    year, text = year_file(wanted.today)
    file = wanted.folder / f"{year}.toml"
    file.write_text(text, "utf-8")
    report = Report(f"A calendar of {year} published", [("", "number", "seconds", "a second")])

    expected, opened = await _counted(wanted, file, report)
    before = _rows(house)
    if opened != len(before):
        report.missed.append(f"open deadlines: {opened} counted, {len(before)} in the registry")
    tried = await house.script("calendar", "publish", file, "--json", within=wanted.within)
    _preview(report, tried.lines[0], expected)

    say(f"publishing: {len(expected):,} of {opened:,} deadlines move")
    began = time.monotonic()
    done = await house.script(
        "calendar",
        "publish",
        file,
        "--yes",
        "--by",
        "试办",
        "--reason",
        "试办用年历",
        "--json",
        within=wanted.within,
    )
    wanted.megabytes = done.megabytes
    edition = str(done.lines[0]["edition"])
    killed = await _killed_in_the_middle(wanted, edition, {case for case, _ in expected})
    await house.until("under an older calendar", lambda: _behind(house, edition), within=wanted.within)
    seconds = time.monotonic() - began
    await house.at_rest(within=wanted.within)

    compare(report, before, _rows(house), expected, edition)
    _news(report, house, {case for case, _ in before})
    cases = len({case for case, _ in before})
    report.rows.append(
        ("cases told and counted again", f"{cases:,}", f"{seconds:.1f}", f"{cases / seconds:.1f}")
    )
    report.rows.append(("  of which had moved when the worker was killed", f"{killed:,}", "", ""))
    told = await house.script("calendar", "progress", "--json", within=wanted.within)
    if told.lines[0]["cases_behind"] or told.lines[0]["moved_behind"]:
        report.missed.append(f"progress: {told.lines[0]}")
    return report


async def _counted(
    wanted: Publication, file: Path, report: Report
) -> tuple[dict[Key, tuple[Span, Span]], int]:
    """What a script that imports nothing but the standard library says will move."""
    command = [
        sys.executable, "-I", str(ROOT / "bench" / "desk" / "plain_days.py"), str(wanted.house.registry),
        str(ROOT / "models" / "calendars"), str(ROOT / "models" / "rules"), str(file),
    ]  # fmt: skip
    ran, code = await asyncio.to_thread(run, command, wanted.house.environment, wanted.within)
    if code:
        raise Standstill(f"the count of days ended with {code}: {ran.err[-500:]}")
    found = json.loads(ran.out)
    report.rows.append(
        ("open deadlines counted by the other script", f"{found['open']:,}", f"{ran.seconds:.1f}", "")
    )
    report.missed += [f"day in the registry: {each}" for each in found["apart"][:20]]
    moved = {(each["case"], each["key"]): (_span(each["was"]), _span(each["now"])) for each in found["moved"]}
    earlier = sum(now < was for was, now in moved.values())
    report.rows.append(("  which move, later · earlier", f"{len(moved) - earlier:,} · {earlier:,}", "", ""))
    if not moved:
        report.missed.append("no deadline moves: the calendar shows nothing")
    return moved, found["open"]


def _span(days: list[str] | None) -> Span:
    return tuple(days or ())


def _preview(report: Report, tried: dict[str, Any], expected: dict[Key, tuple[Span, Span]]) -> None:
    """What `mingjian calendar publish` itself says will move."""
    told = {(each["case"], each["key"]): (each["was"], each["now"]) for each in tried["moved"]}
    wanted = {key: (_words(was), _words(now)) for key, (was, now) in expected.items()}
    report.missed += [
        f"preview of {' '.join(key)}: {told.get(key)}, counted {wanted.get(key)}"
        for key in sorted(told.keys() | wanted.keys())
        if told.get(key) != wanted.get(key)
    ][:20]
    if tried["published"] or tried["unclear"]:
        report.missed.append(f"preview: published {tried['published']}, unclear {tried['unclear'][:3]}")


def _words(span: Span) -> str:
    return span[0] if span[0] == span[-1] else " 至 ".join(span)


async def _killed_in_the_middle(wanted: Publication, edition: str, movers: set[str]) -> int:
    """SIGKILL for the worker that tells the cases, once a third of those that move have moved."""
    house, third = wanted.house, max(1, len(movers) // 3)
    await house.until("moved", lambda: max(0, third - _moved(house, edition)), within=wanted.within)
    killed = await house.kill_worker_at("calendar-watch")
    moved = _moved(house, edition)
    say(f"killed worker {killed} when {moved:,} cases had counted again")
    if not _behind(house, edition):
        raise Standstill("the worker was killed too late: every case had counted again")
    return moved


def _moved(house: House, edition: str) -> int:
    return house.number('SELECT count(DISTINCT "case") FROM deadlines WHERE edition = ?', edition)


def _behind(house: House, edition: str) -> int:
    asked = "SELECT count(*) FROM deadlines WHERE state IN ('running', 'expired') AND edition <> ?"
    return house.number(asked, edition)


def _rows(house: House) -> dict[Key, tuple[Span, str]]:
    """Where every open deadline stands, and under which edition."""
    asked = (
        'SELECT "case", key, due_on, due_from, due_to, edition FROM deadlines'
        " WHERE state IN ('running', 'expired')"
    )
    return {
        (case, key): ((on, on) if on else (first, last) if first else (), edition)
        for case, key, on, first, last, edition in house.asked(asked)
    }


def compare(
    report: Report,
    before: dict[Key, tuple[Span, str]],
    after: dict[Key, tuple[Span, str]],
    expected: dict[Key, tuple[Span, Span]],
    edition: str,
) -> None:
    """Name every open deadline that did not go where it was counted to, or stands under another edition."""
    wrong = [f"{' '.join(key)}: open before, and not after" for key in before.keys() - after.keys()]
    wrong += [f"{' '.join(key)}: open after, and not before" for key in after.keys() - before.keys()]
    moved = 0
    for key in before.keys() & after.keys():
        (was, _), (now, counted_under) = before[key], after[key]
        moved += was != now
        wanted = expected.get(key, (was, was))
        if (was, now) != wanted:
            wrong.append(f"{' '.join(key)}: from {was} to {now}, counted {wanted[0]} to {wanted[1]}")
        if counted_under != edition:
            wrong.append(f"{' '.join(key)}: still counted under {counted_under}")
    report.missed += sorted(wrong)[:20] + ([f"{len(wrong)} deadlines disagree"] if len(wrong) > 20 else [])
    report.rows.append(("deadlines that moved", f"{moved:,}", "", ""))
    report.rows.append(("deadlines that stayed", f"{len(before.keys() & after.keys()) - moved:,}", "", ""))


def _news(report: Report, house: House, cases: set[str]) -> None:
    """Each of the cases records once why it has counted again."""
    asked = (
        "SELECT \"case\", count(*) FROM facts WHERE kind = 'edition_published' AND how <> 'seen' GROUP BY 1"
    )
    told = dict(house.asked(asked))
    wrong = [case for case in cases if told.get(case) != 1]
    report.missed += [
        f"{case}: the news stands {told.get(case, 0)} times in its journal" for case in wrong[:10]
    ]


# ── the year file ────────────────────────────────────────────────────────────────────────────────────────────────────


def year_file(today: date) -> tuple[int, str]:
    """A year and its file, with days off some fifty days ahead, and one soon, where a file of that year may rule about it.

    It is the next year that nobody has published, or a correction of the one that runs.
    """
    known = {each.year: each for each in calendar().years}
    latest = next(each for each in _days(today + timedelta(days=52)) if each.isoweekday() == 1)
    for monday in (latest - timedelta(weeks=weeks) for weeks in range(7)):
        around = _between(monday - 2 * _DAY, monday + 5 * _DAY)
        year = around[-1].year
        own = known.get(year) or _plain(year)
        taken = _ruled(own) | (_ruled(known[year - 1]) if year - 1 in known else set())
        if not taken & set(around):
            break
    else:
        raise Standstill("no week of the next eight is without a holiday")
    if year > max(known) + 1:
        raise Standstill(f"the program knows no calendar of {year - 1}: its year files are out of date")
    off = [(monday, monday + 2 * _DAY)]
    soonest = max(today + 5 * _DAY, date(year - 1, 12, 1))
    soon = next(each for each in _days(soonest) if each.isoweekday() < 6 and each not in taken)
    off += [(soon, soon)] if soon < monday - 2 * _DAY else []
    worked = sorted({*own.made_up, monday - 2 * _DAY, monday + 5 * _DAY})
    holidays = [*own.holidays, *((first, last, "试办假日") for first, last in off)]
    lines = [
        f'  {{ from = {first}, to = {last}, name = "{name}" }},' for first, last, name in sorted(holidays)
    ]
    days = ", ".join(map(str, worked))
    return year, f'year = {year}\nsource = "试办用年历"\nholidays = [\n' + "\n".join(
        lines
    ) + f"\n]\nmade_up = [{days}]\n"


def _ruled(year: YearFile) -> set[date]:
    """The days that a year's notice speaks of."""
    return {day for first, last, _ in year.holidays for day in _between(first, last)} | set(year.made_up)


def _plain(year: int) -> YearFile:
    """A year as its notice might be."""
    spans = (((1, 1), (1, 3), "元旦"), ((2, 5), (2, 11), "春节"), ((4, 4), (4, 6), "清明节"), ((5, 1), (5, 3), "劳动节"),
             ((6, 9), (6, 9), "端午节"), ((9, 15), (9, 15), "中秋节"), ((10, 1), (10, 5), "国庆节"))  # fmt: skip
    holidays = tuple((date(year, *first), date(year, *last), name) for first, last, name in spans)
    return YearFile(year, holidays, (), source="试办用年历")


def _days(first: date) -> Iterator[date]:
    while True:
        yield first
        first += _DAY


def _between(first: date, last: date) -> list[date]:
    return [first + _DAY * n for n in range((last - first).days + 1)]
