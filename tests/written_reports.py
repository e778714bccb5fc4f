"""A report counted here, beside the one that the script tells and writes; what its files say."""

from __future__ import annotations

import io
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdf
from python_calamine import CalamineWorkbook

from activities.database import Database
from activities.reporting import CaseReader
from models.reporting.building import Report
from models.reporting.entries import entries
from models.reporting.periods import ReportPeriod
from models.reporting.tally import Tally
from tests.script_runs import Home

TODAY = date(2026, 9, 1)
RUN = datetime(2021, 9, 1, tzinfo=UTC)
PERIOD = "2021-Q4"
CIRCULAR, TABLE, BOOK = (f"{PERIOD}-350400-{name}" for name in ("情况通报.pdf", "统计表.pdf", "统计表.xlsx"))


def report(home: Home, period: str = PERIOD, place: str = "350400") -> Report:
    """The same report, counted here."""
    wanted = ReportPeriod.parse(period, TODAY)
    with closing(Database(f"sqlite:///{home.folder / 'registry.db'}")) as database:
        tally = Tally.of(each for case in CaseReader(database).cases(place) for each in entries(case, wanted))
    return Report(place, "三明市", "三明市人民检察院", wanted, TODAY, tally)


def text(pdf: Path | bytes) -> str:
    """What a PDF says, without the spaces and ends of lines that its setting makes."""
    source = io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(source).pages)


def sheet(file: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(file)).get_sheet_by_name(name).to_python(skip_empty_area=False)
