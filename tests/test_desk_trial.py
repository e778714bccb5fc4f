"""The trial of the desk: its made-up ledger, its count on the fingers, its year file, and the whole of it at its smallest."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bench.desk import calendars, made_up, plain_days, reports, stages, trial
from bench.desk.calendars import year_file
from bench.desk.house import ROOT, Standstill, in_turn, run
from bench.report import Report
from models.bodies import Jurisdiction
from models.calendar import calendar
from models.dates import EventDate
from models.deadlines import Excluded, Extended, Resumed, Started, Suspended, reckon
from models.ledgers import LedgerEntry
from models.projecting import LEDGER
from models.rules import Unit, rule
from models.terms import CaseKind
from models.year_files import read_year
from starter.ledgers.columns import SHEETS
from starter.ledgers.reading import read_ledger
from tests import recount

TODAY = date(2026, 11, 26)
KNOWN = plain_days.notices(ROOT / "models" / "calendars")
LAWS = plain_days.rules(ROOT / "models" / "rules")


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("today", [TODAY, date(2027, 3, 1), date(2028, 2, 29)])
def test_the_made_up_ledger_is_clean_whatever_the_day(tmp_path: Path, today: date) -> None:
    made = list(stages.cases(300, today))
    made_up.write(tmp_path / "台账.xlsx", made)
    ledger = read_ledger(tmp_path / "台账.xlsx", Jurisdiction.load(), today=today)
    assert [str(each) for each in ledger.problems()] == [] and len(ledger.cases) == 300
    kinds = Counter(each.case.kind for each in ledger.cases)
    assert kinds.keys() == {CaseKind.URGING, CaseKind.PUBLIC_INTEREST, CaseKind.CLUE}
    assert len({each.case.county for each in ledger.cases}) == 11
    assert len({each.case.key for each in ledger.cases}) == 300
    assert made[:100] == list(stages.cases(100, today))
    book = CalamineWorkbook.from_path(str(tmp_path / "台账.xlsx"))
    for name, columns in SHEETS.items():
        heads, *rows = book.get_sheet_by_name(name).to_python()
        assert heads == [each.name for each in columns] and rows


# ── the count on the fingers ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("script", [plain_days, recount])
def test_who_counts_again_imports_nothing_but_the_standard_library(script: Any) -> None:
    imported = [
        (each.module or "") if isinstance(each, ast.ImportFrom) else each.names[0].name
        for each in ast.walk(ast.parse(Path(script.__file__).read_text("utf-8")))
        if isinstance(each, ast.Import | ast.ImportFrom)
    ]
    assert imported and {each.partition(".")[0] for each in imported} <= sys.stdlib_module_names


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[str, tuple[LedgerEntry, ...]]:
    """A period that began around the turn of the year, and perhaps was lengthened, lost days, stood still for a while."""
    key = draw(
        st.sampled_from(["coop.reply", "jy.reply", "jy.file_up", "coop.copy", "pil.prosecute", "ct.reply"])
    )
    start = date(2026, 9, 1) + timedelta(days=draw(st.integers(0, 200)))
    on = EventDate(start, start + timedelta(days=draw(st.sampled_from([0, 0, 0, 4, 30]))))
    fixed = start + timedelta(days=draw(st.integers(1, 90))) if draw(st.integers(0, 9)) == 0 else None
    entries: list[LedgerEntry] = [Started(on=on, by="s", fixed_on=fixed)]
    if draw(st.booleans()):
        unit: Unit = draw(st.sampled_from(("months", "days", "working_days")))
        entries.append(
            Extended(
                amount=draw(st.integers(1, 20)) % (3 if unit == "months" else 21) or 1, unit=unit, by="e"
            )
        )
    for _ in range(draw(st.integers(0, 2))):
        first = on.latest + timedelta(days=draw(st.integers(0, 70)))
        last = first + timedelta(days=draw(st.integers(1, 25)))
        if draw(st.booleans()):
            entries.append(Excluded(first=first, last=last, by="x"))
        else:
            entries += [Suspended(on=first, by="h"), Resumed(on=last, by="r")]
    return key, tuple(entries)


@given(ledgers())
@settings(max_examples=300, deadline=None)
def test_the_plain_count_ends_where_the_program_does_under_both_calendars(
    given: tuple[str, tuple[LedgerEntry, ...]],
) -> None:
    key, ledger = given
    year, text = year_file(TODAY)
    coming = tomllib.loads(text)
    period = plain_days.Period(LEDGER.dump_python(ledger, mode="json", exclude_none=True), LAWS[key])
    for edition, days in (
        (calendar(), plain_days.Days(KNOWN)),
        (calendar().with_years([read_year(text)]), plain_days.Days([*KNOWN, coming])),
    ):
        found = reckon(rule(key), ledger, edition)
        told = [found.due_on] * 2 if found.due_on else [found.due_from, found.due_to]
        assert period.ends(days) == ([str(each) for each in told] if told[0] else None)
    assert year == 2027


@pytest.mark.parametrize("ahead", range(0, 800, 7))
def test_a_year_file_is_right_on_every_day_that_the_program_knows(ahead: int) -> None:
    today = date(2025, 1, 1) + timedelta(days=ahead)
    if today + timedelta(days=52) >= date(2027, 12, 1):
        return
    year, text = year_file(today)
    after = calendar().with_years([read_year(text)])
    moved = [
        served
        for served in (today - timedelta(days=n) for n in range(1, 40))
        if reckon(rule("coop.reply"), (Started(on=EventDate.on(served), by="s"),), after).due_on
        != reckon(rule("coop.reply"), (Started(on=EventDate.on(served), by="s"),), calendar()).due_on
    ]
    assert moved and year in (today.year, today.year + 1)


# ── what disagrees is told ───────────────────────────────────────────────────────────────────────────────────────────

FIRST, LATER, OTHER = ("2027-01-18",) * 2, ("2027-01-21",) * 2, ("2027-01-25",) * 2
KEY, STAYS = ("urging-350481-2026-0001", "L1/coop.reply"), ("urging-350481-2026-0002", "L1/coop.reply")


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ({KEY: (LATER, "new"), STAYS: (OTHER, "new")}, []),
        ({KEY: (FIRST, "new"), STAYS: (OTHER, "new")}, [KEY]),
        ({KEY: (OTHER, "new"), STAYS: (OTHER, "new")}, [KEY]),
        ({KEY: (LATER, "new"), STAYS: (LATER, "new")}, [STAYS]),
        ({KEY: (LATER, "new"), STAYS: (OTHER, "old")}, [STAYS]),
        ({KEY: (LATER, "new")}, [STAYS]),
        ({KEY: (LATER, "new"), STAYS: (OTHER, "new"), ("c", "k"): (OTHER, "new")}, [("c", "k")]),
    ],
)
def test_a_deadline_that_did_not_go_where_it_was_counted_to_is_named(
    after: dict[tuple[str, str], Any], told: list[tuple[str, str]]
) -> None:
    report = Report("", [])
    before: dict[Any, Any] = {KEY: (FIRST, "old"), STAYS: (OTHER, "old")}
    calendars.compare(report, before, after, {KEY: (FIRST, LATER)}, "new")
    assert [each.partition(":")[0] for each in report.missed] == [" ".join(each) for each in told]


@pytest.mark.parametrize(
    ("recounted", "apart"),
    [
        ({"": {"land": 3.3, "rate": None}, "350481": {"land": 3.3, "rate": None}}, 0),
        ({"": {"land": 3.3, "rate": None}, "350481": {"land": 3.2, "rate": None}}, 1),
        ({"": {"land": 3.3, "rate": 0}, "350481": {"land": 3.3, "rate": None}}, 1),
        ({"": {"land": 3.3, "rate": None, "more": 1}, "350481": {"land": 3.3, "rate": None}}, 1),
        ({"": {"land": 3.3, "rate": None}, "350481": {"land": 3.3, "rate": None}, "350430": {}}, 1),
    ],
)
def test_a_figure_that_is_not_recounted_is_named(recounted: Any, apart: int) -> None:
    lines = [
        {"figure": "land", "value": 1.1 + 2.2, "counties": {"350481": 3.3}, "entries": 2},
        {"figure": "rate", "value": None, "counties": {"350481": None}, "entries": 0},
    ]
    comparison = reports.Comparison({"span": recounted})
    comparison.add("2026", "span", "", reports.Told.of(lines, 1.0))
    assert len(comparison.apart) == apart and comparison.nought == {"rate"}


def test_the_recount_of_several_periods_is_that_of_each(tmp_path: Path) -> None:
    from tests.reported_cases import COUNTIES, archive, desks

    for desk in desks():
        archive(desk, tmp_path)
    periods = ["2021-10-01/2021-12-31", "2022-01-01/2022-12-31"]
    found = recount.main([*periods, str(tmp_path)])
    assert isinstance(found, dict) and set(COUNTIES) <= found[periods[0]].keys()
    for period in periods:
        first, last = map(date.fromisoformat, period.split("/"))
        assert found[period][""] == recount.recount(first, last, [tmp_path])
        for county in COUNTIES:
            assert found[period][county] == recount.recount(first, last, [tmp_path], county)


# ── the whole of it ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.asyncio
async def test_some_cases_are_imported_worked_moved_filed_reported_and_all_agrees() -> None:
    load = trial.Load(cases=45, worked=12, left=5, pace=8, counties=0, workers=1)
    found = [report async for report in trial.measure(load=load)]
    assert [each for report in found for each in report.missed] == []
    rows = {row[0].strip(): row[1] for report in found for row in report.rows}
    assert (rows["sealed folders in the archive"], rows["cases left running"]) == ("43", "5")
    assert int(rows["deadlines that moved"]) >= 3 and int(rows["deadlines that stayed"]) > 40
    assert int(rows["equal, and not nought"]) > 150


@pytest.mark.asyncio
async def test_the_first_job_that_fails_ends_the_others_and_says_why() -> None:
    done: list[int] = []

    async def job(number: int) -> None:
        if number == 3:
            raise Standstill("the third")
        done.append(number)

    with pytest.raises(Standstill, match="the third"):
        await in_turn([partial(job, number) for number in range(1, 9)], 1)
    assert done == [1, 2]


def test_a_command_that_does_not_end_is_ended_and_named() -> None:
    with pytest.raises(Standstill, match="took longer than 0 s"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], {}, 0.2)
    ran, code = run([sys.executable, "-c", "print(1); raise SystemExit(3)"], {}, 30)
    assert (ran.out, code) == ("1\n", 3) and ran.megabytes > 1
