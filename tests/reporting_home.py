"""A home with some forty made-up cases to report on, and the files of one quarter: loaded as a plugin (`pytest_plugins`)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from activities.database import Database
from activities.registry import Registry
from tests.reported_cases import desks
from tests.sample_rows import case_row, snapshot
from tests.script_runs import Home, home_in
from tests.written_reports import BOOK, CIRCULAR, PERIOD, RUN, TABLE


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a registry of made-up cases, one of them with a title that a spreadsheet would take for a formula."""
    made = home_in(tmp_path_factory.mktemp("reports"))
    made.folder.mkdir()
    database = Database(f"sqlite:///{made.folder / 'registry.db'}")
    database.migrate()
    registry = Registry(database)
    for desk in desks():
        registry.project(desk.rows(), run="r", run_started_at=RUN)
    formula = case_row("urging-350425-2021-0901", title='=HYPERLINK("x")', opened_on=date(2021, 10, 8))
    registry.project(snapshot(1, formula), run="r", run_started_at=RUN)
    elsewhere = case_row("urging-440106-2021-0001", county="440106", opened_on=date(2021, 10, 8))
    registry.project(snapshot(1, elsewhere), run="r", run_started_at=RUN)
    database.close()
    return made


@pytest.fixture(scope="session")
def report_files(reported: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a quarter, as the script writes them in a process of its own."""
    folder = tmp_path_factory.mktemp("out") / "报表"
    run = reported.run("report", PERIOD, "--out", folder)
    assert run.code == 0, run.err
    assert sorted(each.name for each in folder.iterdir()) == sorted((CIRCULAR, TABLE, BOOK))
    assert [line for line in run.out.splitlines() if line.startswith("已写出：")] == [
        f"已写出：{folder / name}" for name in sorted((CIRCULAR, TABLE, BOOK))
    ]
    return folder
