"""The ledger that is exported: what the registry holds, in real dates and plain text, however much it is, in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from activities.case_lists import CaseFilter
from activities.database import Database
from activities.numbers import NumberBook
from activities.registry import Registry
from models.dates import at_hour
from models.errors import Unreachable
from models.rows import DeadlineRow
from models.settings import Settings, load_settings
from models.tables import Kept
from starter.ledgers import exporting, workbook
from starter.ledgers.exporting import export
from tests.sample_ledgers import GOOD, another, ledger_file
from tests.sample_rows import case_row, letter_row, snapshot
from tests.script_runs import ROOT, SCRIPT, Home, home_in

RUN = at_hour(date(2021, 9, 15), 9)
MOST_MEGABYTES = 100


def period(case: str, key: str = "L1/jy.reply", **fields: Any) -> DeadlineRow:
    given = {"rule": "jy.reply", "letter": "L1", "party": "大田县自然资源局", "state": "running", "ended": "",
             "name": "回复期限", "basis": "《人民检察院检察建议工作规定》第十九条"}  # fmt: skip
    return DeadlineRow(case=case, key=key, **{**given, **fields})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.registry)
    database.migrate()
    yield database
    database.close()


def project(database: Database, case: Any, **parts: Any) -> None:
    Registry(database).project(snapshot(case=case, **parts), run="r", run_started_at=RUN)


def sheets(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each sheet by the names of their columns."""
    book = CalamineWorkbook.from_path(str(path))
    found = {}
    for name in book.sheet_names:
        heads, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = [dict(zip(map(str, heads), row, strict=True)) for row in rows]
    return found


def test_each_case_is_a_row_with_its_letters_and_periods_in_sheets_of_their_own(
    tmp_path: Path, settings: Settings, database: Database
) -> None:
    number = "urging-350425-2021-0001"
    NumberBook(database).case_number("350425", "urging", 2021, "urging/number/田检〔2021〕1号")
    letters = (
        letter_row(
            "L1",
            number,
            official_no="田检建〔2021〕1号",
            served_on="2021-09-17",
            replied_on="2021-11",
            replies=2,
        ),
        letter_row("L2", number, issued_on=None, state="drafted", rungs="superior_agency,party_and_congress"),
    )
    periods = (
        period(number, started_on="2021-09-17", due_on=date(2021, 11, 17), met_on="2021-11", days_late=None),
        period(
            number,
            "L2/x",
            state="expired",
            due_from=date(2021, 11, 1),
            due_to=date(2021, 11, 30),
            is_overdue=True,
        ),
    )
    project(database, case_row(number, is_overdue=True, closed_on=date(2022, 1, 5), outcome="rectified"), letters=letters,
            deadlines=periods)  # fmt: skip
    project(database, case_row("urging-350425-2021-0002", title="另一案"))
    file = tmp_path / "台账.xlsx"
    assert export(settings, file, CaseFilter()) == 2
    found = sheets(file)
    assert list(found) == ["案件", "文书", "期限"] and [len(rows) for rows in found.values()] == [2, 2, 2]
    first = found["案件"][0]
    assert (first["案件编号"], first["本院案号"], first["阶段"]) == (number, "田检〔2021〕1号", "待回复")
    assert (first["立案日期"], first["结案日期"], first["结案方式"]) == (
        date(2021, 7, 1),
        date(2022, 1, 5),
        "整改到位",
    )
    assert (first["逾期"], first["重点"], first["暂定"]) == ("是", "是", "")
    one, two = found["文书"]
    assert (one["文号"], one["送达日期"], one["回复日期"], one["回复次数"]) == (
        "田检建〔2021〕1号", date(2021, 9, 17), "2021-11", 2)  # fmt: skip
    assert (two["制发日期"], two["提级"]) == ("", "通报上级机关、主管部门或者行业组织；报告同级党委、人大")
    assert [(each["届满"], each["情况"], each["逾期"]) for each in found["期限"]] == [
        (date(2021, 11, 17), "进行中", ""),
        (date(2021, 11, 30), "已届满", "是"),
    ]


def test_only_the_cases_that_are_asked_for_are_exported(
    tmp_path: Path, settings: Settings, database: Database
) -> None:
    for place in range(250):
        county = "350425" if place % 2 else "350481"
        project(
            database, case_row(f"urging-{county}-2021-{place:04d}", county=county, is_overdue=place % 10 == 1)
        )
    file = tmp_path / "台账.xlsx"
    assert export(settings, file, CaseFilter(county="350425")) == 125
    assert len({row["案件编号"] for row in sheets(file)["案件"]}) == 125
    assert export(settings, file, CaseFilter(county="350425", overdue=True)) == 25


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "+8613800000000", "-3", "@SUM(A1)", "http://x", "{=1}"]
)
def test_what_looks_like_a_formula_is_text(
    tmp_path: Path, settings: Settings, database: Database, text: str
) -> None:
    number = "urging-350425-2021-0001"
    project(
        database,
        case_row(number, title=text, handler=text),
        letters=(letter_row("L1", number, official_no=text),),
    )
    file = tmp_path / "台账.xlsx"
    export(settings, file, CaseFilter())
    found = sheets(file)
    assert found["案件"][0]["案件名称"] == text and found["文书"][0]["文号"] == text
    with zipfile.ZipFile(file) as packed:
        parts = [packed.read(name) for name in packed.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in part or b"hyperlink" in part for part in parts)


def test_a_sheet_that_is_full_goes_on_in_another(
    tmp_path: Path, settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_MOST", 4)
    for place in range(7):
        project(database, case_row(f"urging-350425-2021-{place:04d}"))
    file = tmp_path / "台账.xlsx"
    assert export(settings, file, CaseFilter()) == 7
    assert {name: len(rows) for name, rows in sheets(file).items()} == {
        "案件": 3,
        "文书": 0,
        "期限": 0,
        "案件2": 3,
        "案件3": 1,
    }


def test_nothing_is_left_when_the_registry_does_not_answer(tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    with pytest.raises(Unreachable):
        export(load_settings(home=tmp_path / "none"), file, CaseFilter())
    assert list(tmp_path.iterdir()) == []


# ── memory ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which modules are compiled once, as an installed program's are: compiling takes memory too."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return own | {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("compiled"))}


def peak(home: Home, environment: dict[str, str], *words: str | Path) -> tuple[float, str]:
    """The most megabytes that the script took at once, and what it printed."""
    measured = (
        "import resource, subprocess, sys\n"
        "ran = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)\n"
        "sys.stdout.write(f'{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}\\n')\n"
        "sys.stdout.flush()\n"
        "sys.stdout.buffer.write(ran.stdout)\n"
    )
    command = [sys.executable, "-c", measured, *SCRIPT, *map(str, words)]
    own = home.environment | environment
    ran = subprocess.run(command, env=own, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    size, _, printed = ran.stdout.partition("\n")
    return int(size) / 1024, printed


def test_the_export_of_many_cases_takes_little_memory(tmp_path: Path, compiled: dict[str, str]) -> None:
    """Twenty thousand cases, each with a letter and three periods; five times as many take as much."""
    home = home_in(tmp_path)
    database = Database(load_settings(home=home.folder).registry)
    database.migrate()
    tables = Kept.metadata.tables
    told = {"run": "r", "run_started_at": RUN, "revision": 1, "settling": 0}
    with database.writing() as session:
        connection = session.connection()
        numbers = [f"urging-350425-2021-{place:05d}" for place in range(20_000)]
        connection.execute(tables["cases"].insert(), [case_row(each).model_dump() | told for each in numbers])
        connection.execute(
            tables["letters"].insert(),
            [letter_row("L1", each).model_dump() | {"position": 0} for each in numbers],
        )
        connection.execute(
            tables["deadlines"].insert(),
            [
                period(each, f"L1/{place}", due_on=date(2021, 11, 17)).model_dump() | {"position": place}
                for each in numbers
                for place in range(3)
            ],
        )
    database.close()
    file = tmp_path / "台账.xlsx"
    peak(home, compiled, "ledger", "export", "--out", file, "--county", "永安市")
    most, printed = peak(home, compiled, "ledger", "export", "--out", file, "--json")
    assert json.loads(printed.splitlines()[-1]) == {"file": str(file), "cases": 20_000}
    assert most < MOST_MEGABYTES
    assert len(sheets(file)["期限"]) == 60_000


def test_a_file_of_200_000_rows_is_refused_before_it_fills_the_memory(
    tmp_path: Path, compiled: dict[str, str]
) -> None:
    small = ledger_file(tmp_path / "小.xlsx", [another(GOOD, 1)])
    file = tmp_path / "大.xlsx"
    row = (
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>'
        + "永检行监〔2021〕1号".encode()
        + b"</t></is></c></row>"
    )
    with zipfile.ZipFile(small) as packed, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as large:
        for name in packed.namelist():
            content = packed.read(name)
            if name == "xl/worksheets/sheet1.xml":
                more = b"".join(row % (number, number) for number in range(3, 200_003))
                content = content.replace(b"</sheetData>", more + b"</sheetData>")
            large.writestr(name, content)
    home = home_in(tmp_path)
    for _ in range(2):
        usual, _printed = peak(home, compiled, "ledger", "import", small)
    most, printed = peak(home, compiled, "ledger", "import", file)
    assert "有 200,002 行，太多" in printed and f"最多 {workbook.MOST_ROWS:,} 行" in printed
    assert most < usual + 20
