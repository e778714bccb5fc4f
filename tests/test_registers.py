"""发文簿、收文簿: numbers of incoming papers whoever dies, what stands in the books, gaps, numbers taken out of use."""

from __future__ import annotations

import csv
import multiprocessing
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from activities.books import Books
from activities.database import Database
from activities.incoming_papers import Incoming, IncomingBook
from activities.registers import OutgoingRegister
from activities.registry import Registry
from models.dates import day_in_china
from models.errors import Refusal
from models.rows import PaperRow
from tests.database_processes import die_entering_papers, enter_papers
from tests.sample_rows import CASE, case_row, fact_row, letter_row, snapshot
from tests.script_runs import Home, home_in

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")
YEAR = day_in_china(datetime.now(UTC)).year
OTHER = "urging-350425-2021-0002"


def paper(digest: str, case: str = CASE, **fields: Any) -> Incoming:
    usual: dict[str, Any] = {
        "name": f"papers/in/{digest}-回复.pdf",
        "received_on": date(2021, 9, 20),
        "sender": "大田县自然资源局",
        "kind": "reply_received",
        "what": "回复：已清运",
        "official_no": "田自然资函〔2021〕2号",
        "entered_by": "李四",
    }
    return Incoming(case=case, digest=digest * 64, **{**usual, **fields})


@pytest.fixture
def book(database: Database) -> IncomingBook:
    return IncomingBook(database)


# numbers of incoming papers


def test_a_paper_has_one_number_for_a_case(book: IncomingBook) -> None:
    given = [book.enter(each).number for each in (paper("a"), paper("b"), paper("a", what="改"), paper("c"))]
    assert given == [1, 2, 1, 3]
    assert book.enter(paper("a", OTHER)).number == 4
    assert book.enter(paper("a", "urging-350481-2021-0001")).number == 1
    assert [str(each) for each in book.entered(county="350481")] == [f"350481-incoming-{YEAR}-0001"]
    assert next(each.paper.what for each in book.entered()) == "回复：已清运", "the first entry stands"
    with pytest.raises(Refusal):
        book.enter(paper("d", "没有"))


def test_a_paper_entered_last_year_keeps_its_number(book: IncomingBook, database: Database) -> None:
    held = book.enter(paper("a"))
    with database.writing() as session:
        for table in ("numbers", "incoming"):
            session.connection().execute(text(f"UPDATE {table} SET year = year - 1"))
    assert book.enter(paper("a")).year == held.year - 1
    assert book.enter(paper("b")).number == 1


def _start(target: Callable[..., None], *arguments: Any) -> Any:
    process = SPAWN.Process(target=target, args=arguments)
    process.start()
    return process


def test_incoming_numbers_have_no_gap_with_processes_racing_and_dying(
    book: IncomingBook, address: str
) -> None:
    shared = [f"共{number}" for number in range(5)]
    racing = [
        _start(enter_papers, address, [*shared, *(f"{name}{n}" for n in range(8)), *shared])
        for name in "甲乙"
    ]
    dying = [
        _start(die_entering_papers, "before", address, ["亡1", "亡2"]),
        _start(die_entering_papers, "after", address, ["亡3", "亡4"]),
    ]
    for each in (*racing, *dying):
        each.join(60)
    assert [each.exitcode for each in racing] == [0, 0]
    assert [each.exitcode for each in dying] == [-signal.SIGKILL, -signal.SIGKILL]
    entered = book.entered()
    assert [each.number for each in entered] == list(range(1, 2 * 8 + 5 + 3 + 1))
    assert "亡2" not in {each.paper.digest for each in entered}, "neither the number nor the entry"
    assert book.gaps(book="incoming") == []


def test_a_paper_that_goes_to_another_case_takes_its_number_along(book: IncomingBook) -> None:
    number = book.enter(paper("a")).number
    book.moved("a" * 64, CASE, OTHER)
    book.moved("a" * 64, CASE, OTHER)
    [line] = book.known(digest="a" * 64)
    assert (line.paper.case, line.number) == (OTHER, number)


def test_a_mail_is_known_by_its_id(book: IncomingBook) -> None:
    book.enter(paper("a", message_id="<1@x>"))
    book.enter(paper("b"))
    assert [each.paper.digest[0] for each in book.known(message_id="<1@x>")] == ["a"]
    assert book.known() == []


# outgoing


def _issued(database: Database) -> None:
    """Two letters under one number, a 督促函 to one of them, an internal paper."""
    books = Books(database)
    for document, series in (
        ("D1", "suggestion"),
        ("L2-urged-1", "urging_letter"),
        ("closing", "closing_review"),
    ):
        books.number("350425", series, 2021, f"{CASE}/{document}")
    letters = (
        letter_row(official_no="田检建〔2021〕1号", served_on="2021-09-16", copies_to="大田县纪委"),
        letter_row("L2", recipient="大田县林业局", official_no="田检建〔2021〕1号"),
    )
    papers = tuple(
        PaperRow(
            case=CASE,
            order=f"f{number}",
            name=f"{number}.pdf",
            digest=digest * 64,
            size=1,
            media_type="a/b",
            direction="in",
        )
        for number, digest in ((1, "a"), (2, "b"))
    )
    held = snapshot(1, letters=letters, papers=papers, facts=(fact_row(1), fact_row(2, "来信")))
    Registry(database).project(held, run="r1", run_started_at=RUN)
    Registry(database).project(snapshot(1, case_row(OTHER)), run="r2", run_started_at=RUN)


def test_the_outgoing_register_knows_letters_steps_and_internal_papers(database: Database) -> None:
    _issued(database)
    lines = {each.number.kind: each for each in OutgoingRegister(database).lines(county="350425", year=2021)}
    assert [each.recipient for each in lines["suggestion"].letters] == ["大田县自然资源局", "大田县林业局"]
    assert lines["suggestion"].letters[0].copies_to == "大田县纪委"
    about = lines["urging_letter"].about
    assert about is not None and about.recipient == "大田县林业局" and not lines["urging_letter"].letters
    assert lines["closing_review"].letters == () and lines["closing_review"].about is None
    assert OutgoingRegister(database).lines(year=2020) == []
    assert [each.number.kind for each in OutgoingRegister(database).lines(kind="suggestion")] == [
        "suggestion"
    ]


def test_a_paper_that_another_system_sent_is_shown_without_a_number(
    database: Database, book: IncomingBook
) -> None:
    _issued(database)
    book.enter(paper("a"))
    [other] = book.unnumbered()
    assert (other.case, other.digest[0], other.what) == (CASE, "b", "来信")
    assert book.unnumbered(county="350481") == []


# the script


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    _issued(database)
    IncomingBook(database).enter(paper("a", what='=HYPERLINK("x")'))
    database.close()
    return home


def lines(home: Home, *words: str) -> list[Any]:
    run = home.run_here("registers", *words, "--json")
    assert run.code in (0, 1), run.err
    return run.lines


def test_the_outgoing_register_as_it_is_shown(home: Home) -> None:
    found = {each["document"]: each for each in lines(home, "out")}
    assert set(found) == {"检察建议书", "督促函", "结案审查表"}
    first = found["检察建议书"]
    assert first == {
        "number": "350425-suggestion-2021-0001",
        "key": f"{CASE}/D1",
        "official_no": "田检建〔2021〕1号",
        "document": "检察建议书",
        "case": CASE,
        "recipients": ["大田县自然资源局", "大田县林业局"],
        "issued_on": "2021-09-15",
        "served_on": ["2021-09-16", ""],
        "copies": "大田县纪委",
        "voided_on": "",
        "void_reason": "",
        "voided_by": "",
    }
    shown = home.run_here("registers", "out", "--county", "大田县", "--kind", "检察建议书").out
    assert "田检建〔2021〕1号" in shown and "督促函" not in shown
    assert home.run_here("registers", "out", "--year", "2020").err == "发文簿里没有符合条件的。\n"


def test_the_incoming_register_as_it_is_shown(home: Home) -> None:
    [line] = lines(home, "in", "--kind", "回复")
    assert (line["number"], line["received_on"], line["sender"]) == (
        f"350425-incoming-{YEAR}-0001",
        "2021-09-20",
        "大田县自然资源局",
    )
    assert (line["case"], line["official_no"], line["digest"]) == (CASE, "田自然资函〔2021〕2号", "a" * 64)
    run = home.run_here("registers", "in")
    assert "收文号" in run.out and f"未编收文号：{CASE}　来信" in run.err
    assert lines(home, "in", "--kind", "异议") == []


def test_a_register_is_written_as_a_table_that_runs_nothing(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "收文.csv"
    assert "已写入" in home.run_here("registers", "in", "--csv", file).err
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    [heads, row] = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    assert row[heads.index("内容")] == '\'=HYPERLINK("x")'
    out = tmp_path / "发文.csv"
    home.run_here("registers", "out", "--csv", out)
    assert "大田县自然资源局；大田县林业局" in out.read_text(encoding="utf-8-sig")
    assert "写不进去" in home.run_here("registers", "in", "--csv", tmp_path / "无" / "x.csv").err


def test_missing_numbers_are_told(home: Home) -> None:
    gaps = home.run_here("registers", "gaps")
    assert gaps.code == 0 and gaps.err.startswith("没有缺号。\n未编收文号：") and CASE in gaps.err
    assert home.run_here("registers", "gaps", "--county", "永安市").err == "没有缺号。\n"
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    Books(database).claim_case("urging-350425-2021-0003", "x")
    IncomingBook(database).enter(paper("c"))
    with database.writing() as session:
        session.connection().execute(text("DELETE FROM numbers WHERE book = 'incoming' AND number = 1"))
    database.close()
    run = home.run_here("registers", "gaps")
    assert run.code == 1
    assert f"收文缺号：350425-incoming-{YEAR}-0001" in run.out
    assert "立案缺号：350425-urging-2021-0001、0002" in run.out
    assert [each["missing"] for each in lines(home, "gaps", "--year", "2021")] == [[1, 2]]


def test_a_number_is_taken_out_of_use_by_somebody_for_a_reason(home: Home) -> None:
    urged = ("registers", "void", "350425-urging_letter-2021-0001")
    assert home.run_here(*urged).code == 2
    assert home.run_here(*urged, "--by", "张三", "--reason", " ").code == 2
    assert home.run_here(*urged, "--by", "张三", "--reason", "重复制作").out.startswith("已作废")
    assert home.run_here(*urged, "--by", "张三", "--reason", "重复制作").code == 0
    assert "已经作废" in home.run_here(*urged, "--by", "李四", "--reason", "另一理由").err
    [line] = lines(home, "out", "--kind", "督促函")
    assert (line["void_reason"], line["voided_by"]) == ("重复制作", "张三")
    assert line["voided_on"] == day_in_china(datetime.now(UTC)).isoformat()
    assert "作废：重复制作" in home.run_here("registers", "out").out

    live = home.run_here("registers", "void", f"{CASE}/D1", "--by", "张三", "--reason", "错")
    assert live.code == 1 and "仍在效力中" in live.err and "撤回" in live.err
    for unknown in ("没有", "350425-incoming-1999-0009"):
        refused = home.run_here("registers", "void", unknown, "--by", "张三", "--reason", "错")
        assert refused.code == 1 and "没有编号" in refused.err

    number = f"350425-incoming-{YEAR}-0001"
    assert home.run_here("registers", "void", number, "--by", "张三", "--reason", "非本院来文").code == 0
    [line] = lines(home, "in")
    assert (line["void_reason"], line["voided_by"]) == ("非本院来文", "张三")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("out", "--year", "26"), "不是年份"),
        (("out", "--kind", "信"), "没有“信”这种文书"),
        (("in", "--kind", "没有"), "--kind"),
        (("gaps", "--county", "火星"), "--county"),
        (("inn",), "是不是 in"),
    ],
)
def test_what_is_not_understood_is_told(home: Home, words: tuple[str, ...], said: str) -> None:
    run = home.run_here("registers", *words)
    assert run.code == 2 and said in run.err
