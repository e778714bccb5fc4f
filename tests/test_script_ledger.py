"""`mingjian ledger` as a clerk types it: what is told of a file, what is started, what is given back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from activities.backlog import BacklogBook
from activities.database import Database
from activities.registry import Registry
from models.rows import CaseRow
from models.settings import Settings, load_settings
from starter import main as script
from starter.columns import width
from starter.ledgers import telling
from starter.ledgers.importing import Tally
from starter.ledgers.reading import LedgerCase
from tests.sample_ledgers import GOOD, SERVED, another, ledger_file
from tests.sample_rows import case_row, snapshot
from tests.script_runs import Home, home_in


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = home_in(tmp_path)
    with closing(Database(load_settings(home=made.folder).registry)) as database:
        database.migrate()
    return made


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers of the cases that would be started, were there a server."""
    found: list[str] = []

    async def import_cases(office: object, cases: list[LedgerCase], tally: Tally) -> None:
        tally.started += [each.case.written.number for each in cases]
        found.extend(tally.started)

    def at_office(settings: Settings, work: Callable[[None], Coroutine[None, None, None]]) -> None:
        asyncio.run(work(None))

    monkeypatch.setattr("starter.commands.app.at_office", at_office)
    monkeypatch.setattr(telling, "import_cases", import_cases)
    return found


BAD = another(SERVED, 2, 制发日期="去年", 地方="上海市")


@pytest.mark.parametrize("command", ["ledger", "ledger template", "ledger import", "ledger export"])
def test_help_is_chinese_and_fits(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.run([*command.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert "用法：mingjian ledger" in out and max(width(line) for line in out.splitlines()) <= 80


def test_a_template_is_written(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "样表.xlsx"
    assert home.run_here("ledger", "template", "--out", file).out == f"已写成：{file}\n"
    assert CalamineWorkbook.from_path(str(file)).sheet_names == ["案件", "文书", "事项", "说明", "选项"]


def test_a_file_is_only_checked_unless_it_is_said_otherwise(
    home: Home, tmp_path: Path, started: list[str]
) -> None:
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD, another(SERVED, 2)])
    for words in ((), ("--dry-run",)):
        ran = home.run_here("ledger", "import", file, *words)
        assert (ran.code, ran.out, ran.err) == (
            0,
            "无误 2 件，已立案 0 件，有误 0 行。\n",
            "加 --yes 立案。\n",
        )
    assert started == []
    assert home.run_here("ledger", "import", file, "--dry-run", "--yes").code == 2


def test_nothing_starts_until_the_file_is_clean(home: Home, tmp_path: Path, started: list[str]) -> None:
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD, BAD])
    ran = home.run_here("ledger", "import", file, "--yes")
    assert ran.code == 2 and started == []
    assert "（案件表），第 3 行，字段 地方：" in ran.err and "（案件表），第 3 行，字段 制发日期：" in ran.err
    assert "没有立案" in ran.err and ran.out == "无误 1 件，已立案 0 件，有误 1 行。\n"


def test_the_clean_rows_start_and_the_bad_ones_come_back(
    home: Home, tmp_path: Path, started: list[str]
) -> None:
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD, BAD])
    ran = home.run_here("ledger", "import", file, "--skip-bad")
    assert ran.code == 2 and started == [] and not (tmp_path / "台账-有误.xlsx").exists()
    ran = home.run_here("ledger", "import", file, "--yes", "--skip-bad")
    assert ran.code == 0 and started == [GOOD["本院案号"]]
    assert ran.out == "已立案 1 件；原已立案 0 件。\n" and "有误的 1 行写回" in ran.err
    heads, row = (
        CalamineWorkbook.from_path(str(tmp_path / "台账-有误.xlsx")).get_sheet_by_name("案件").to_python()
    )
    assert (
        heads[-1] == "有误原因" and row[0] == BAD["本院案号"] and "制发日期：“去年”不是日期" in str(row[-1])
    )


def test_what_is_told_can_be_read_by_a_program(home: Home, tmp_path: Path, started: list[str]) -> None:
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD, BAD])
    *problems, last = home.run_here("ledger", "import", file, "--json").lines
    assert [(each["row"], each["column"]) for each in problems] == [(3, "地方"), (3, "制发日期")]
    assert last == {"started": 0, "right": 1, "there": 0, "bad_rows": 1}
    last = home.run_here("ledger", "import", file, "--json", "--yes", "--skip-bad").lines[-1]
    assert last["started"] == 1 and last["written_back"].endswith("台账-有误.xlsx")


def test_what_was_imported_before_is_said_and_not_started_again(
    home: Home, tmp_path: Path, started: list[str]
) -> None:
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD, another(SERVED, 2)])
    with closing(Database(load_settings(home=home.folder).registry)) as database:
        number = BacklogBook(database).case_number(
            "350481", "urging", 2021, f"urging/number/{GOOD['本院案号']}"
        )
        _project(database, case_row(f"urging-350481-2021-{number:04d}"))
    ran = home.run_here("ledger", "import", file)
    assert (
        ran.out == "无误 1 件，已立案 1 件，有误 0 行。\n"
        and "第 2 行已立案：urging-350481-2021-0001" in ran.err
    )
    ran = home.run_here("ledger", "import", file, "--yes")
    assert ran.out == "已立案 1 件；原已立案 1 件。\n" and started == [another(SERVED, 2)["本院案号"]]


def _project(database: Database, row: CaseRow) -> None:
    Registry(database).project(snapshot(case=row), run="r", run_started_at=datetime(2026, 1, 5, tzinfo=UTC))


def test_how_far_it_came_is_said_when_it_breaks_off(
    home: Home, tmp_path: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaking(office: object, cases: list[LedgerCase], tally: Tally) -> None:
        tally.started.append("urging-350481-2021-0001")
        raise KeyboardInterrupt

    monkeypatch.setattr(telling, "import_cases", breaking)
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD, another(SERVED, 2)])
    ran = home.run_here("ledger", "import", file, "--yes")
    assert ran.code == 130 and "已立案 1 件，还有 1 件；再运行同一命令，从断处继续。" in ran.err


def test_a_registry_that_does_not_answer_is_told(tmp_path: Path) -> None:
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD])
    assert home_in(tmp_path).run_here("ledger", "import", file).code == 3
    assert home_in(tmp_path).run_here("ledger", "export", "--out", tmp_path / "出.xlsx").code == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import",), "缺少参数：文件"),
        (("import", "没有.xlsx"), "找不到文件"),
        (("export",), "缺少选项：--out"),
        (("export", "--out", "出.csv"), "不是 .xlsx"),
        (("export", "--out", "出.xlsx", "--county", "上海"), "--county"),
        (("template", "--out", "没有的文件夹/样表.xlsx"), "写不出来"),
        (("import", "x.xlsx", "--by", "字" * 61), "姓名过长"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(home: Home, words: tuple[str, ...], said: str) -> None:
    ran = home.run_here("ledger", *words)
    assert ran.code == 2 and said in ran.err
