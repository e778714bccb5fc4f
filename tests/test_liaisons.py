"""`mingjian liaisons` as staff run it: the roll listed, entered, refused; cases that take their liaison from it and follow it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.database import Database
from models.dates import day_in_china
from models.messages import Taken
from models.settings import load_settings
from models.terms import Role
from models.wire import Person
from starter.columns import width
from starter.doctor import examine
from starter.findings import Finding
from starter.liaisons import Move, move
from tests.script_runs import Home, home_in, system_in
from workflows.parts.protocol import Decided

BY = ("--by", "王五")
OFFICE = "永安市人民检察院"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose database is there, and whose server does not run."""
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    database.close()
    return home


def designated(home: Home, person: str, since: str, *options: str, office: str = OFFICE) -> None:
    run = home.run_here("liaisons", "designate", office, person, "--from", since, *BY, *options)
    assert run.code == 0, run.err


def listed(home: Home, *options: str) -> list[tuple[str, str, str, str | None]]:
    return [
        (line["name"], line["person"], line["since"], line["until"])
        for line in home.run_here("liaisons", "--json", *options).lines
        if line["person"]
    ]


def test_the_roll_is_listed_with_what_it_lacks(home: Home) -> None:
    empty = home.run_here("liaisons")
    assert (empty.code, empty.out) == (0, "") and "名册是空的" in empty.err
    designated(home, "张三", "2026-01-05", "--phone", "0598-0000000")
    designated(home, "李四", "2026-01-05", office="350481-nr")
    run = home.run("liaisons")
    assert "第四检察部" in run.out and "执法监察科" in run.out and "0598-0000000" in run.out
    assert max(width(line) for line in run.out.splitlines()) <= 80
    assert "22 个单位没有联络员：三明市人民检察院、" in run.err and OFFICE not in run.err
    lines = home.run_here("liaisons", "--json").lines
    assert [line["person"] for line in lines] == ["张三", "李四"] + [None] * 22


def test_who_was_it_before(home: Home) -> None:
    designated(home, "张三", "2025-01-06")
    designated(home, "李四", "2025-07-01")
    designated(home, "李四", "2025-07-01")
    assert listed(home) == [(OFFICE, "李四", "2025-07-01", None)]
    both = [(OFFICE, "张三", "2025-01-06", "2025-06-30"), (OFFICE, "李四", "2025-07-01", None)]
    assert listed(home, "--all") == both
    run = home.run_here("liaisons", "release", OFFICE, "--on", "2025-12-31", *BY)
    assert run.out == f"已解除：{OFFICE}　李四任至2025-12-31\n"
    assert listed(home) == []
    again = home.run_here("liaisons", "release", OFFICE, "--on", "2025-12-31", *BY)
    assert again.code == 0 and "此前已登记" in again.out
    wrong = home.run_here("liaisons", "release", OFFICE, "--on", "2025-11-30", *BY)
    assert wrong.code == 1 and "没有可以解除" in wrong.err


def test_a_mistake_is_struck_and_stays_in_the_history(home: Home) -> None:
    designated(home, "张山", "2026-01-05")
    refused = home.run_here("liaisons", "designate", OFFICE, "张三", "--from", "2026-01-05", *BY)
    assert refused.code == 1 and not refused.out
    assert "--from" in refused.err and "release 350481-proc --on 2026-01-04" in refused.err
    assert "撤销" in home.run_here("liaisons", "release", "350481-proc", "--on", "2026-01-04", *BY).out
    designated(home, "张三", "2026-01-05")
    assert [line[1] for line in listed(home)] == ["张三"]
    assert "撤销" in home.run_here("liaisons", "--all").out


def test_the_template_can_be_imported_and_imported_again(home: Home) -> None:
    template = home.run_here("liaisons", "import", "--template").out
    file = home.file("名册.yaml", template)
    assert home.run_here("liaisons", "import", file, *BY).out.count("已登记") == 4
    assert home.run_here("liaisons", "import", file, *BY).out.count("已在册") == 4
    *entered, address = home.run_here("liaisons", "import", file, *BY, "--json").lines
    assert [(line["person"], line["how"]) for line in entered] == [
        (row["person"], "known") for row in yaml.safe_load(template)
    ]
    assert (address["office"], address["name"], address["how"]) == ("350400-proc", "张三", "known")


def test_addresses_are_entered_with_the_roll(home: Home) -> None:
    rows = (
        "- {office: 永安市人民检察院, person: 张三, email: ' zhangsan@example.gov.cn ', since: 2026-01-05}\n"
        "- {office: 永安市自然资源局, person: 李四, since: 2026-01-05}\n"
    )
    wrong = rows + "- {office: 三明市人民检察院, person: 钱十, email: 钱十@例子, since: 2026-02-30}\n"
    run = home.run_here("liaisons", "import", home.file("名册.yaml", wrong), *BY)
    assert run.code == 2 and listed(home) == [] and addresses(home) == []
    assert "第 3 行，字段 email：“钱十@例子”不是电子邮件地址" in run.err
    assert "第 3 行，字段 since：“2026-02-30”不是存在的日期" in run.err
    run = home.run_here("liaisons", "import", home.file("名册.yaml", rows), *BY)
    assert run.code == 0 and "已登记：张三　zhangsan@example.gov.cn" in run.out
    assert addresses(home) == [("350481-proc", "张三", "zhangsan@example.gov.cn", "王五")]
    refused = rows.replace("person: 李四", "person: 钱十").replace("zhangsan@", "z@")
    assert home.run_here("liaisons", "import", home.file("名册.yaml", refused), *BY).code == 1
    assert addresses(home)[0][2] == "zhangsan@example.gov.cn", "all or nothing"
    changed = rows.replace("zhangsan@", "zhang.san@")
    home.run_here("liaisons", "import", home.file("名册.yaml", changed), *BY)
    assert addresses(home) == [("350481-proc", "张三", "zhang.san@example.gov.cn", "王五")]


def addresses(home: Home) -> list[tuple[str, ...]]:
    return [
        (line["office"], line["name"], line["address"], line["entered_by"])
        for line in home.run_here("addresses", "--json").lines
    ]


def test_a_file_is_refused_whole_with_everything_wrong_in_it(home: Home) -> None:
    file = home.file(
        "名册.yaml",
        "- {office: 三明市人民检察院, person: 张三, since: 2026-01-05}\n"
        "- {office: 永安市法院, person: 李四, since: 2026-02-30}\n"
        "- office: 永安市检察院\n"
        "  since: 1026-01-05\n"
        "  mail: x\n"
        "- {office: 350481-proc, person: '', since: 2026-01-05}\n",
    )
    run = home.run_here("liaisons", "import", file, *BY)
    assert run.code == 2 and not run.out
    for said in (
        "第 2 行，字段 office：永安市人民法院不设联络员",
        "第 2 行，字段 since：“2026-02-30”不是存在的日期",
        "第 3 行，字段 person：缺少这一项",
        "第 4 行，字段 since：不能小于 2000-01-01",
        "第 5 行，字段 mail：不认识的字段",
        "第 6 行，字段 office：永安市人民检察院在第 3 行已经写过",
        "第 6 行，字段 person：不能为空",
    ):
        assert said in run.err, said
    assert run.err.count("名册.yaml") == 7
    assert listed(home) == []


def test_a_file_that_the_roll_contradicts_is_refused_whole(home: Home) -> None:
    designated(home, "张三", "2026-01-05")
    file = home.file(
        "名册.yaml",
        "- {office: 永安市自然资源局, person: 李四, since: 2026-01-05}\n"
        "- {office: 永安市人民检察院, person: 钱十, since: 2026-01-05}\n",
    )
    run = home.run_here("liaisons", "import", file, *BY)
    assert run.code == 1 and not run.out
    assert "第 2 行，字段 since：永安市人民检察院自2026-01-05起已确定张三" in run.err
    assert [line[1] for line in listed(home)] == ["张三"]


def test_books_that_are_not_there(tmp_path: Path) -> None:
    run = home_in(tmp_path).run("liaisons")
    assert run.code == 3 and "mingjian up" in run.err


@pytest.mark.asyncio
async def test_the_doctor_warns_of_offices_once_there_is_a_roll(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)

    async def found() -> Finding:
        [finding] = [each for each in await examine(load_settings()) if each.name == "liaisons"]
        return finding

    hint = await found()
    assert not hint.found and not hint.needed and "--template" in hint.remedy
    designated(home, "张三", "2026-01-05")
    warned = await found()
    assert warned.found and warned.version == "1/24 个单位"
    assert "23 个单位没有联络员（三明市人民检察院、" in warned.remedy


# ── cases that follow the roll ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with system_in(tmp_path_factory.mktemp("system")) as (home, _):
        yield home


def opened(home: Home, title: str, liaison: str = "") -> str:
    template = home.run_here("open", "urging", "--template").out.replace("某村耕地上违法堆土督促案", title)
    text = template + (f"\nliaison: {liaison}\n" if liaison else "")
    [line] = home.run_here("open", "urging", home.file(f"{title}.yaml", text), "--json").lines
    return str(line["case"])


def liaison_of(home: Home, case: str) -> str:
    [line] = home.run_here("show", case, "--json").lines
    return str(line["liaison"])


def rows(home: Home, *cases: str) -> None:
    """Wait until the registry has the cases."""
    until = time.monotonic() + 120
    while not {*cases} <= {line["case"] for line in home.run_here("list", "--json").lines}:
        assert time.monotonic() < until
        time.sleep(0.2)


def test_open_cases_follow_the_roll(system: Home) -> None:
    before = opened(system, "名册之前")
    designated(system, "张三", "2025-01-06")
    taken = opened(system, "取自名册")
    written = opened(system, "自行写明", "卫九")
    rows(system, before, taken, written)
    assert [liaison_of(system, case) for case in (before, taken, written)] == ["", "张三", "卫九"]

    # nobody is there to answer: the roll stands, the case is named, and the same command moves it later
    tomorrow = str(day_in_china(datetime.now(UTC)) + timedelta(days=1))
    change: tuple[str, ...] = ("liaisons", "designate", OFFICE, "李四", "--from", "2025-07-01", *BY)
    nobody = {"TEMPORAL_ADDRESS": "127.0.0.1:9"}
    missed = system.run_here(*change, **nobody)
    assert missed.code == 3 and "已登记" in missed.out and "重复同一命令" in missed.err
    assert f"1 件在办案件还是前任联络员（{taken}）" in system.run_here("liaisons").err
    done = system.run_here(*change)
    assert done.code == 0 and "已在册" in done.out and f"已改派：{taken}　联络员李四" in done.out
    rows_after: list[Any] = [liaison_of(system, case) for case in (before, taken, written)]
    assert rows_after == ["", "李四", "卫九"]
    assert "改派" not in system.run_here(*change).out

    # one who begins tomorrow has no cases today
    later = system.run_here("liaisons", "designate", OFFICE, "郑七", "--from", tomorrow, *BY)
    assert "重复本命令" in later.err and "改派：" not in later.out
    assert liaison_of(system, opened(system, "明日换人")) == "李四"


class Desks:
    """A server whose cases answer by their last digit: 1 takes the decision, 2 is gone, 3 does not answer, 4 refuses."""

    def __init__(self) -> None:
        self.client = self
        self.told: list[Decided] = []

    def get_workflow_handle(self, case: str) -> Desks:
        self.case = case
        return self

    async def execute_update(self, name: str, decided: Decided, **_: object) -> Taken:
        answer = self.case[-1]
        if answer == "2":
            raise RPCError("workflow execution already completed", RPCStatusCode.NOT_FOUND, b"")
        if answer == "3":
            raise TimeoutError
        if answer == "4":
            raise WorkflowUpdateFailedError(ApplicationError("案卷记录收不下了"))
        self.told.append(decided)
        return Taken(id=decided.decision.id, how="applied")


@pytest.mark.asyncio
async def test_a_case_that_is_not_reached_keeps_no_other_from_being_told() -> None:
    asked = [Move(f"urging-350481-2026-000{number}", "李四", date(2026, 1, 5)) for number in (3, 4, 2, 1, 1)]
    desks = Desks()
    moved = await move(desks, asked, Person(name="王五", role=Role.CLERK))  # type: ignore[arg-type]
    assert moved.reached == asked[-2:]
    assert [str(problem)[:31] for problem in moved.missed] == [
        "案件 urging-350481-2026-0003 未能改派",
        "案件 urging-350481-2026-0004 未能改派",
    ]
    # told again it is the same decision, which a case takes once
    assert len({decided.decision.id for decided in desks.told}) == 1
