"""`mingjian list`: each filter with a case in and a case out, working days across a holiday, pages, tables for spreadsheets."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from activities.case_lists import CaseFilter, CaseLists
from activities.database import Database
from activities.registry import Registry
from bench import many_cases
from models.bodies import free_body
from models.dates import day_in_china
from models.errors import InputError
from models.rows import LinkRow
from models.settings import Settings
from starter import listing
from starter.columns import width
from starter.commands.filters import Wanted
from starter.csv_tables import write_csv
from tests.sample_rows import case_row, deadline_row, letter_row, snapshot
from tests.script_runs import ROOT, Home, home_in

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, tzinfo=UTC)
TODAY = date(2021, 11, 15)
CAMPAIGN = "campaign-350400-2021-0001"


def number(place: int, kind: str = "urging") -> str:
    return f"{kind}-350425-2021-{place:04d}"


def project(database: Database, place: int, kind: str = "urging", **parts: Any) -> None:
    """A case of that number; `case` changes its row."""
    case = number(place, kind)
    row = case_row(case, **{"kind": kind, **parts.pop("case", {})})
    Registry(database).project(snapshot(1, row, **parts), run="r1", run_started_at=RUN)


def with_deadline(database: Database, place: int, key: str, **fields: Any) -> None:
    project(database, place, deadlines=(deadline_row(key, number(place), **fields),))


@pytest.fixture
def listed(database: Database) -> CaseLists:
    """Cases with one period or letter each; those with an even number stand just outside."""
    yesterday = TODAY - timedelta(days=1)
    with_deadline(database, 1, "L1/jy.file_up", state="expired", due_on=yesterday)
    with_deadline(database, 2, "L1/jy.file_up", state="running", due_on=TODAY)
    with_deadline(database, 3, "L1/jy.file_up", state="running", due_on=yesterday)
    with_deadline(database, 4, "L1/jy.file_up", state="met", due_on=yesterday)
    with_deadline(database, 5, "L1/jy.reply", state="expired", due_on=None, due_to=yesterday)
    with_deadline(database, 6, "L1/jy.objection", state="expired", due_on=yesterday)
    with_deadline(database, 8, "L1/local.service", state="expired", due_on=yesterday)
    with_deadline(database, 10, "L1/jy.reply", state="expired", due_on=yesterday, is_overdue=True)
    with_deadline(database, 12, "L1/jy.file_up", state="ended", ended="已结案", due_on=yesterday)
    look_back = f"case/local.look_back/{TODAY}"
    with_deadline(database, 21, look_back, due_on=TODAY)
    with_deadline(database, 23, look_back, state="expired", due_on=yesterday)
    with_deadline(database, 22, look_back, due_on=TODAY + timedelta(days=1))
    with_deadline(database, 24, look_back, state="met", due_on=yesterday)
    return CaseLists(database)


def found(lists: CaseLists, **wanted: Any) -> list[int]:
    page = lists.cases(CaseFilter(**wanted), order="case")
    assert page.total == len(page.rows)
    assert [row.case for row in page.rows] == [
        row.case for row in lists.every(CaseFilter(**wanted), order="case")
    ]
    return [int(row.case[-4:]) for row in page.rows]


def test_what_ran_out_and_was_not_done_is_found(listed: CaseLists) -> None:
    """Also where no worker has turned the clock; not a right left unused, nor what another list has."""
    assert found(listed, expired_before=TODAY) == [1, 3, 5]
    assert found(listed, expired_before=TODAY + timedelta(days=1)) == [1, 2, 3, 5]


def test_what_ran_out_of_many_cases_is_what_their_rows_say(database: Database) -> None:
    with database.writing() as session:
        many_cases.insert(session.connection(), 400)
    today = many_cases.TODAY
    late = {
        made.case.case: made.case.county
        for made in many_cases.cases(400)
        for row in made.deadlines
        if row.rule == "jy.reply"
        and row.state == "running"
        and not row.is_overdue
        and row.due_on
        and row.due_on < today
    }
    lists = CaseLists(database)
    for order in ("due", "opened", "case"):
        page = lists.cases(CaseFilter(expired_before=today), order=order, limit=1000)
        assert {row.case for row in page.rows} == late.keys() and page.total == len(late) > 5
    county = next(iter(late.values()))
    there = lists.cases(CaseFilter(expired_before=today, county=county), limit=1000)
    assert {row.case for row in there.rows} == {case for case, place in late.items() if place == county}


def test_look_backs_that_are_due_are_found(listed: CaseLists) -> None:
    assert found(listed, look_back_by=TODAY) == [21, 23]
    assert found(listed, look_back_by=TODAY + timedelta(days=1)) == [21, 22, 23]


@pytest.mark.parametrize(
    ("others", "is_found"),
    [
        ((), True),
        (
            (deadline_row("罚款/ag.apply/pt.sue", number(1), state="expired", due_on=date(2021, 11, 14)),),
            True,
        ),
        ((deadline_row("罚款/ag.apply/pt.sue", number(1), due_on=date(2021, 12, 1)),), False),
        ((deadline_row("罚款/pt.sue", number(1), party="当事人（罚款）", due_on=date(2021, 12, 1)),), False),
        ((deadline_row("拆除/pt.sue", number(1), party="当事人（拆除）", due_on=date(2021, 12, 1)),), True),
        ((deadline_row("罚款/ag.apply/pt.sue", number(1), ended="已履行", due_on=date(2021, 12, 1)),), True),
    ],
    ids=["the only one", "an earlier one", "a later one", "one to open", "of another item", "an ended one"],
)
def test_one_reading_of_several_is_nobodys_delay(database: Database, others: Any, is_found: bool) -> None:
    first = deadline_row("罚款/ag.apply/pt.review", number(1), state="expired", due_on=date(2021, 11, 14))
    windows = tuple(
        each.model_copy(update={"party": "大田县自然资源局（罚款）"}) for each in (first, *others)
    )
    kept = tuple(
        window if window.rule == "ag.apply" else each
        for window, each in zip(windows, (first, *others), strict=True)
    )
    project(database, 1, deadlines=kept)
    assert found(CaseLists(database), expired_before=TODAY) == ([1] if is_found else [])


def test_drafts_that_wait_are_found(database: Database) -> None:
    for place, state in enumerate(("drafted", "approved", "issued", "withdrawn"), start=1):
        project(database, place, letters=(letter_row(case=number(place), state=state),))
    closed = {"closed_on": date(2021, 11, 1), "stage": "closed"}
    project(database, 5, case=closed, letters=(letter_row(case=number(5), state="drafted"),))
    assert found(CaseLists(database), pending=True) == [1, 2]


def test_cases_with_letters_to_an_agency_are_found(database: Database) -> None:
    bureau = {"recipient": "大田县自然资源局", "recipient_code": "350425-nr"}
    project(database, 1, letters=(letter_row(case=number(1), **bureau),))
    project(database, 2, letters=(letter_row(case=number(2), recipient="大田县林业局"),))
    town = "大田县某镇人民政府"
    project(
        database,
        3,
        letters=(letter_row(case=number(3), recipient=town, recipient_code=free_body(town).code),),
    )
    project(database, 4)
    lists = CaseLists(database)
    settings = Settings()
    for named, places in (("大田县自然资源局", [1]), ("350425-nr", [1]), (town, [3]), ("大田县林业局", [2])):
        agency = listing.read_filter(settings, Wanted(agency=named)).agency
        assert found(lists, agency=agency) == places, named


def test_the_cases_of_a_campaign_are_those_it_names_and_those_opened_under_it(database: Database) -> None:
    parent = LinkRow(
        case=number(2), other=CAMPAIGN, relation="parent", linked_on="2021-10-08", elsewhere=False, outcome=""
    )
    project(database, 1)
    Registry(database).project(
        snapshot(1, case_row(number(2))).model_copy(update={"links": (parent,)}), run="r1", run_started_at=RUN
    )
    project(database, 3)
    for place in range(4, 9):
        project(database, place)
    lists = CaseLists(database)
    assert found(lists, campaign=CAMPAIGN) == [2]
    assert found(lists, campaign=CAMPAIGN, attached=(number(1), "urging-350425-2021-9999")) == [1, 2]
    assert found(lists, campaign="campaign-350400-2021-0002", attached=(number(3),)) == [3]
    many = tuple(number(place) for place in range(4, 40_000))
    assert found(lists, campaign=CAMPAIGN, attached=many) == [2, 4, 5, 6, 7, 8]


# the words of the command line


@pytest.mark.parametrize(
    ("today", "days", "last"),
    [
        # 30 September 2021 is a Thursday; 1 to 7 October are a holiday, Saturday 9 October is worked.
        (date(2021, 9, 30), "0", date(2021, 9, 30)),
        (date(2021, 9, 30), "1", date(2021, 10, 8)),
        (date(2021, 9, 30), "2", date(2021, 10, 9)),
        (date(2021, 9, 30), "3", date(2021, 10, 11)),
        (date(2021, 10, 3), "1", date(2021, 10, 8)),
    ],
)
def test_working_days_are_counted_across_a_holiday(
    monkeypatch: pytest.MonkeyPatch, today: date, days: str, last: date
) -> None:
    monkeypatch.setattr(listing, "_today", lambda: today)
    asked = listing.read_filter(Settings(), Wanted(due_within_working=days))
    assert asked.due_by == last
    plain = listing.read_filter(Settings(), Wanted(due_within=days))
    assert plain.due_by == today + timedelta(days=int(days))


def test_a_look_back_is_asked_for_by_the_same_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_today", lambda: TODAY)
    asked = listing.read_filter(Settings(), Wanted(look_back=True))
    assert (asked.look_back_by, asked.due_by) == (TODAY, None)
    asked = listing.read_filter(Settings(), Wanted(look_back=True, due_within="7"))
    assert (asked.look_back_by, asked.due_by) == (TODAY + timedelta(days=7), None)


def test_all_that_is_wrong_is_told_at_once() -> None:
    asked = Wanted(
        due_within="5", due_within_working="x", county="火星", kind="无", stage="无", campaign="urging-1"
    )
    with pytest.raises(InputError) as error:
        listing.read_filter(Settings(), asked)
    fields = {problem.field for problem in error.value.problems}
    assert fields == {"--due-within", "--county", "--kind", "--stage", "--campaign"}


# pages and tables, as the script gives them


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    today = day_in_china(datetime.now(UTC))
    for place in range(1, 6):
        project(database, place, case={"next_due_on": today + timedelta(days=place)})
    project(database, 6, case={"title": '=HYPERLINK("x")', "handler": "王五", "next_due_on": None})
    database.close()
    return home


def test_a_page_says_how_many_there_are_and_how_to_see_the_next(home: Home) -> None:
    first = home.run("list", "--limit", "4")
    assert first.err == "第 1—4 件，共 6 件。下一页：同一命令，--offset 4。\n"
    assert max(width(line) for line in first.out.splitlines()) <= 80
    last = home.run_here("list", "--limit", "4", "--offset", "4")
    assert last.err == "第 5—6 件，共 6 件。\n"
    assert home.run_here("list", "--offset", "6").err == "共 6 件，--offset 不到 6 才有可列的。\n"
    assert home.run_here("list").err == "共 6 件。\n"
    shown = home.run_here("list", "--limit", "4", "--json")
    assert len(shown.lines) == 4 and "下一页" in shown.err
    assert home.run_here("list", "--json").err == ""


def test_a_list_loads_neither_the_sdk_nor_what_a_case_is_told(home: Home) -> None:
    heavy = ("temporalio", "models.messages", "models.casefile", "alembic", "typst")
    code = (
        "import sys; from starter.main import run; code = run(['list', '--overdue', '--json']);"
        f"print(code, [name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=home.environment
    )
    assert run.stdout.splitlines()[-1] == "0 []"


def test_the_span_of_the_list_is_kept(home: Home) -> None:
    cases = [each["case"] for each in home.run_here("list", "--due-within", "2", "--json").lines]
    assert cases == [number(1), number(2)]
    assert home.run_here("list", "--due-within-working", "30", "--json").lines[-1]["case"] == number(5)


def test_an_agency_that_nobody_knows_is_told(home: Home) -> None:
    run = home.run_here("list", "--agency", "永安自然资源局")
    assert run.code == 0 and "没有符合条件的案件。" in run.err and "永安市自然资源局" in run.err


def test_the_list_is_a_table_for_spreadsheets(home: Home, tmp_path: Path) -> None:
    run = home.run("list", "--csv", "--order", "case")
    assert run.out.startswith("\ufeff") and run.err == "共 6 件。\n"
    heads, *rows = csv.reader(StringIO(run.out.removeprefix("\ufeff")))
    assert len(rows) == 6 and {len(row) for row in rows} == {len(heads)}
    last = dict(zip(heads, rows[-1], strict=True))
    assert last["案名"] == '\'=HYPERLINK("x")' and last["承办人"] == "王五"
    assert (last["种类"], last["阶段"], last["下一期限"]) == ("行政执法督促", "待回复", "")
    file = tmp_path / "清单.csv"
    written = home.run_here("list", "--csv", "--out", file, "--handler", "王五")
    assert "共 1 件" in written.err and not written.out
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") and "王五" in file.read_text(encoding="utf-8-sig")
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".part")] == []


def test_a_table_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "清单.csv"
    file.write_text("旧", encoding="utf-8")

    def rows() -> Any:
        yield {"a": "1"}
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(rows(), {"a": "甲"}, file)
    assert file.read_text(encoding="utf-8") == "旧" and [*tmp_path.iterdir()] == [file]
    with pytest.raises(InputError, match="写不进去"):
        write_csv([], {"a": "甲"}, tmp_path / "无" / "清单.csv")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_looks_like_a_formula_is_text(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.csv"
    assert write_csv([{"a": text}, {"a": ["正常", text]}, {"a": "正常" + text}], {"a": "甲"}, file) == 3
    with file.open(encoding="utf-8-sig", newline="") as stream:
        assert [row[0] for row in csv.reader(stream)] == ["甲", f"'{text}", f"正常；{text}", f"正常{text}"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--csv", "--json"), "只能选一样"),
        (("--out", "x.csv"), "加 --csv"),
        (("--due-within-working", "三"), "工作日数"),
        (("--campaign", number(1)), "--campaign"),
    ],
)
def test_what_does_not_go_together_is_told(home: Home, words: tuple[str, ...], said: str) -> None:
    run = home.run_here("list", *words)
    assert run.code == 2 and said in run.err


def test_a_campaign_that_does_not_answer_is_told(home: Home) -> None:
    run = home.run_here("list", "--campaign", CAMPAIGN)
    assert run.code == 3 and "连不上" in run.err
