"""The cases that a report counts are read in portions, each once, in little memory; another reader counts the same."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from activities.database import Database
from activities.exchange import RegistryRows
from activities.registry import Registry
from activities.report_workbook import Workbook
from activities.reporting import CaseReader
from activities.sqlite_library import sqlite3
from models.exchange_figures import COLUMNS, figures, total
from models.reporting.entries import Entry, entries
from models.reporting.figures import FIGURES
from models.reporting.lines import CaseLines
from models.reporting.periods import ReportPeriod
from models.reporting.tally import Tally
from models.terms import Substance
from tests.reported_cases import desks, replied
from tests.script_runs import Home
from tests.written_reports import PERIOD, RUN, TODAY, report

pytest_plugins = ["tests.databases", "tests.reporting_home"]


def test_cases_are_read_in_portions_each_once_out_of_both_databases(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list(desks())[:12]
    registry = Registry(database)
    for desk in made:
        registry.project(desk.rows(), run="r", run_started_at=RUN)
    expected = sorted(desk.case.opening.case for desk in made)
    for portion in (1, 5, 12, 500):
        monkeypatch.setattr("activities.reporting._PORTION", portion)
        found = list(CaseReader(database).cases("350400"))
        assert [each.case.case for each in found] == expected
        period = ReportPeriod.parse(PERIOD, TODAY)
        rows = {desk.case.opening.case: CaseLines.of(desk.rows()) for desk in made}
        for each in found:
            assert list(entries(each, period)) == list(entries(rows[each.case.case], period))
    assert list(CaseReader(database).cases("350402")) == []


@pytest.mark.parametrize("period", ["2021-Q3", "2021-Q4", "2022-Q1"])
def test_what_the_circular_of_an_exchange_says_too_is_the_same(reported: Home, period: str) -> None:
    """第二条: where both count, days being known, the regular exchange and the report agree."""
    counted = report(reported, period)
    with closing(Database(f"sqlite:///{reported.folder / 'registry.db'}")) as database:
        lines = RegistryRows(database).lines("350400", counted.period.first, counted.period.last)
    told_there = total(figures(lines, counted.period.first, counted.period.last))
    same = {
        "overdue": "overdue", "due": "reply_due", "put_right": "put_right", "suggestions": "suggestions",
        "adopted": "adopted", "applications": "copy_due", "copied": "copied",
    }  # fmt: skip
    assert same.keys() <= COLUMNS.keys()
    for theirs, ours in same.items():
        assert getattr(told_there, theirs) == counted.tally.value(FIGURES[ours]), theirs


def test_what_was_counted_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.reporting._PORTION", 25)
    database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    database.migrate()
    # Of one kind, so that all portions are alike.
    alike = replied("2021-11-15", Substance.PUT_RIGHT, county="350481")
    Registry(database).project(alike.rows(), run="r", run_started_at=RUN)

    grow(tmp_path / "registry.db", 399)
    wanted = ReportPeriod.parse(PERIOD, TODAY)

    def peak(*, holds: bool) -> int:
        """The most memory that counting took; `holds`: when whatever was read is kept."""
        book, tally = Workbook(tmp_path / "x.xlsx"), Tally()
        held: list[tuple[CaseLines, list[Entry]]] = []
        tracemalloc.start()
        for case in CaseReader(database).cases("350400"):
            found = list(entries(case, wanted))
            held += [(case, found)] if holds else []
            for entry in found:
                tally.add(entry)
                book.add(entry)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        book.close(tally, "统计表", {})
        assert tally.value(FIGURES["reply_due"]) == 400
        return most

    peak(holds=False)  # what is made once and kept
    streamed, kept = peak(holds=False), peak(holds=True)
    database.close()
    assert 2 * streamed < kept


def grow(registry: Path, times: int) -> None:
    """Each case so many times more, under other numbers."""
    with closing(sqlite3.connect(registry)) as raw:
        for table in ("cases", "letters", "deadlines", "items", "facts"):
            names = [f'"{row[1]}"' for row in raw.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(f"{name} || '-' || n" if name == '"case"' else name for name in names)
            raw.execute(
                f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {times}) "
                f"INSERT INTO {table} SELECT {chosen} FROM {table}, s"
            )
        raw.commit()
