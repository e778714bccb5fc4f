"""The figures of a report equal a recount by a script that knows only what stands in the cases' folders."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from activities.database import Database
from activities.registry import Registry
from activities.reporting import CaseReader
from models.reporting.entries import entries
from models.reporting.figures import FIGURES
from models.reporting.lines import CaseLines
from models.reporting.periods import ReportPeriod
from models.reporting.tally import Tally
from tests import recount
from tests.reported_cases import COUNTIES, archive, desks, never_answered, shown

TODAY = date(2026, 9, 1)
PERIODS = (
    "2021-Q3", "2021-Q4", "2021-09", "2021-10", "2021-11", "2021-12", "2021",
    "2022-01", "2022-Q1", "2022-02", "2022", "2024-Q2", "2024",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry of the made-up cases, their sealed folders, and what `show --json` prints of each."""
    folder = tmp_path_factory.mktemp("reported")
    database = Database(f"sqlite:///{folder / 'registry.db'}")
    database.migrate()
    registry, lines = Registry(database), []
    for desk in desks():
        registry.project(desk.rows(), run="r", run_started_at=datetime(2021, 9, 1, tzinfo=UTC))
        archive(desk, folder / "cases")
        lines.append(shown(desk))
    (folder / "running.jsonl").write_text("\n".join(lines), "utf-8")
    database.close()
    return folder


def reported(place: Path, period: ReportPeriod, county: str = "350400") -> dict[str, float | None]:
    database = Database(f"sqlite:///{place / 'registry.db'}")
    try:
        cases = CaseReader(database).cases(county)
        tally = Tally.of(entry for case in cases for entry in entries(case, period))
    finally:
        database.close()
    return {figure.key: tally.value(figure) for figure in FIGURES.values()}


def apart(one: dict[str, float | None], other: dict[str, float | None]) -> dict[str, tuple[object, object]]:
    """The figures in which two counts differ."""
    return {
        key: (one.get(key, "missing"), other.get(key, "missing"))
        for key in {**one, **other}
        if one.get(key, "missing") != pytest.approx(other.get(key, "missing"))
    }


@pytest.mark.parametrize("source", ["cases", "running.jsonl"])
@pytest.mark.parametrize("period", PERIODS)
def test_every_figure_equals_the_recount(place: Path, period: str, source: str) -> None:
    wanted = ReportPeriod.parse(period, TODAY)
    again = recount.recount(wanted.first, wanted.last, [place / source])
    assert apart(reported(place, wanted), again) == {}


@pytest.mark.parametrize("county", COUNTIES)
def test_so_does_every_figure_of_a_county(place: Path, county: str) -> None:
    wanted = ReportPeriod.parse("2021-Q4", TODAY)
    again = recount.recount(wanted.first, wanted.last, [place / "cases"], county)
    assert apart(reported(place, wanted, county), again) == {}


def test_a_closing_undoes_nobodys_silence(tmp_path: Path) -> None:
    """The rows and the recount alike: what had run out when the case was closed was not answered."""
    desk, wanted = never_answered(), ReportPeriod.parse("2021-Q4", TODAY)
    archive(desk, tmp_path)
    (tmp_path / "running.jsonl").write_text(shown(desk), "utf-8")
    tally = Tally.of(entries(CaseLines.of(desk.rows()), wanted))
    found = {figure.key: tally.value(figure) for figure in FIGURES.values()}
    assert (found["reply_due"], found["reply_none"], found["overdue"], found["closed"]) == (1, 1, 0, 1)
    for source in (tmp_path, tmp_path / "running.jsonl"):
        assert apart(found, recount.recount(wanted.first, wanted.last, [source])) == {}


def test_the_cases_give_every_figure_something_to_count(place: Path) -> None:
    """A figure that is nought in all periods would agree with anything."""
    seen = {
        key
        for period in PERIODS
        for key, value in reported(place, ReportPeriod.parse(period, TODAY)).items()
        if value
    }
    assert set(FIGURES) - seen == set()


def test_the_recount_imports_nothing_but_the_standard_library_and_runs_by_itself(place: Path) -> None:
    script = Path(recount.__file__)
    imported = [
        (each.module or "") if isinstance(each, ast.ImportFrom) else each.names[0].name
        for each in ast.walk(ast.parse(script.read_text("utf-8")))
        if isinstance(each, ast.Import | ast.ImportFrom)
    ]
    assert {each.partition(".")[0] for each in imported} <= sys.stdlib_module_names
    done = subprocess.run(
        [sys.executable, "-I", script, "2021-10-01", "2021-12-31", place / "cases"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    wanted = ReportPeriod.parse("2021-Q4", TODAY)
    assert apart(reported(place, wanted), json.loads(done.stdout)) == {}
