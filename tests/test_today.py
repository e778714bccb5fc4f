"""`mingjian today`: what stands on the page, in which order, for whom; every command on it is one that the script takes."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlmodel import update

from activities.books import Books, Stray
from activities.database import Database
from activities.incoming_papers import Incoming, IncomingBook
from activities.registry import Registry
from activities.todays_work import Asked, TodaysWork, todays_work
from models.bodies import Jurisdiction
from models.calendar import calendar
from models.dates import EventDate, at_hour, day_in_china
from models.kinds import FILES
from models.notices import Notice
from models.rows import FactRow
from models.rules import all_rules
from models.tables import IncomingTable
from models.terms import CaseKind, LabelledEnum, Role
from models.wire import Period, Person
from starter import main as script
from starter import next_steps, today
from starter.columns import width
from starter.commands.app import app
from starter.kinds import DECISION_NAMES, FACT_NAMES, decision_kinds, fact_kinds, kind_named
from starter.message_files import given_as, read_decisions, read_facts
from starter.strict import bare
from tests.sample_rows import case_row, deadline_row, letter_row, snapshot
from tests.script_runs import Home, home_in

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, tzinfo=UTC)
DAY = date(2021, 11, 15)
"""A Monday; the last working day before it is Friday, 12 November."""


def number(place: int, kind: str = "urging") -> str:
    return f"{kind}-350425-2021-{place:04d}"


def project(database: Database, place: int, case: dict[str, Any] | None = None, **parts: Any) -> str:
    row = case_row(number(place), **{"next_due_on": None, "title": f"第{place}案"} | (case or {}))
    Registry(database).project(snapshot(1, row, **parts), run="r1", run_started_at=RUN)
    return row.case


def fill(database: Database, day: date) -> None:
    """One thing of every sort, of Zhang San's; and beside each something that does not belong on the page."""
    ago, ahead = day - timedelta(days=9), day + timedelta(days=1)

    def deadline(place: int, key: str, case: dict[str, Any] | None = None, **fields: Any) -> None:
        due = fields.get("due_on") if fields.get("state", "running") == "running" else None
        letter = letter_row(
            "L1", number(place), type=fields.pop("type", "suggestion"), state="served", served_on="2021-09-16"
        )
        project(
            database,
            place,
            {"next_due_on": due} | (case or {}),
            deadlines=(deadline_row(key, number(place), **fields),),
            letters=(letter,),
        )

    deadline(1, "L1/jy.reply", {"is_overdue": True}, state="expired", is_overdue=True, due_on=ago)
    deadline(2, "L1/jy.file_up", state="expired", name="报上一级院备案", due_on=ago)
    deadline(3, "L1/jy.reply", due_on=ahead, provisional=True)
    deadline(4, "L1/jy.reply", due_on=day + timedelta(days=30))
    deadline(5, "L1/jy.reply", state="met", due_on=ahead)
    unmatched = FactRow(
        case=number(6), id="收文-1", seq=3, kind="reply_received", happened_on="2021-11-10", recorded_by="李四",
        role="clerk", how="unmatched", what="没有与“甲〔2021〕9号”对应的已制发文书",
    )  # fmt: skip
    project(
        database,
        6,
        {"unmatched": 1},
        facts=(unmatched, unmatched.model_copy(update={"id": "x", "how": "noted"})),
    )
    project(database, 7, letters=(letter_row("L1", number(7)),))
    refused = letter_row("L2", number(8), state="refused_service", official_no="田检建〔2021〕2号")
    project(database, 8, letters=(refused,))
    project(database, 9, {"closed_on": day}, letters=(letter_row("L1", number(9)),))
    project(
        database,
        10,
        letters=(letter_row("L1", number(10), state="replied", replied_on="2021-11-09", replies=1),),
    )
    draft = [letter_row(f"L{each}", number(11), state="drafted", issued_on=None) for each in (1, 2)]
    project(database, 11, letters=tuple(draft))
    project(database, 12, letters=(letter_row("L1", number(12), state="approved", issued_on=None),))
    deadline(
        13,
        f"case/local.look_back/{day}",
        {"closed_on": ago, "stage": "closed"},
        name="回头看",
        party="",
        due_on=day,
    )
    books, book = Books(database), IncomingBook(database)
    books.keep(
        Stray(
            id="收文-9",
            case=number(9),
            name="reply_received",
            content="{}",
            why="案件已经办结",
            received_at=at_hour(day, 9),
        )
    )
    for digest, on in (("a", day - timedelta(days=3)), ("b", ago)):
        paper = Incoming(
            case=number(10),
            digest=digest * 64,
            name="回复.pdf",
            received_on=on,
            sender="大田县自然资源局",
            what="回复",
        )
        book.enter(paper)
    for key, on, state in (
        ("x", day, "refused"),
        ("y", day, "sent"),
        ("z", day - timedelta(days=90), "refused"),
    ):
        _mail(books, f"{number(2)}/L1/{key}", on, state)
    # of another clerk, in another county
    row = case_row(
        number(20).replace("350425", "350481"),
        handler="王五",
        county="350481",
        is_overdue=True,
        title="永安一案",
    )
    late = deadline_row(
        "L1/jy.reply", row.case, state="expired", is_overdue=True, due_on=day - timedelta(days=1)
    )
    letter = letter_row(
        "L1", row.case, type="notification_letter", state="served", served_on="2021-09-16", urged=1
    )
    Registry(database).project(
        snapshot(1, row, deadlines=(late,), letters=(letter,)), run="r1", run_started_at=RUN
    )


def _mail(books: Books, key: str, on: date, state: str) -> None:
    books.add(
        Notice(
            key=key,
            case=number(2),
            to=("张三",),
            subject="【提醒】备案",
            body="正文\n",
            on=on,
            at=at_hour(on, 9),
        )
    )
    books.sending(key, "x@example.gov.cn", channel="smtp")
    if state == "refused":
        books.refused(key, "查无此人")
    else:
        books.sent(key, f"<{key}>")


def page(database: Database, **asked: Any) -> TodaysWork:
    usual = {"today": DAY, "until": date(2021, 11, 18), "since": date(2021, 11, 12)}
    return todays_work(database, Asked(**usual | asked))


def cases(part: Any) -> list[int]:
    return [int(line.case.case[-4:]) for line in part.lines]


def test_every_part_has_its_own_and_no_more(database: Database) -> None:
    fill(database, DAY)
    found = page(database)
    assert cases(found.overdue) == [1, 20]
    assert cases(found.expired) == [2]
    assert cases(found.due) == [3]
    assert [each.id for each in found.tray.lines] == ["收文-9"]
    assert [(each.case.case, each.row.id) for each in found.unmatched.lines] == [(number(6), "收文-1")]
    assert cases(found.unserved) == [7, 8]
    assert cases(found.unassessed) == [10]
    assert [(each.case.case, each.row.letter) for each in found.pending.lines] == [
        (number(11), "L1"),
        (number(12), "L1"),
    ]
    assert cases(found.look_backs) == [13]
    assert [each.key for each in found.mails.lines] == [f"{number(2)}/L1/x"]
    assert found.overdue.lines[1].letter is not None and found.overdue.lines[1].letter.urged == 1


def test_papers_that_came_since_the_last_working_day_are_new(database: Database) -> None:
    fill(database, DAY)
    with database.writing() as session:
        session.connection().execute(update(IncomingTable).values(entered_at=at_hour(date(2021, 11, 1), 9)))
    assert [each.received_on for each in page(database).arrived.lines] == [date(2021, 11, 12)]
    assert len(page(database, since=date(2021, 11, 1)).arrived.lines) == 2
    assert len(page(database, since=DAY).arrived.lines) == 0


def test_a_page_is_of_a_clerk_or_a_county(database: Database) -> None:
    fill(database, DAY)
    theirs = page(database, handler="王五")
    assert cases(theirs.overdue) == [20]
    assert page(database, county="350481") == theirs
    others = (theirs.expired, theirs.due, theirs.tray, theirs.unmatched, theirs.arrived, theirs.unserved)
    assert not any(
        part.total for part in (*others, theirs.unassessed, theirs.pending, theirs.look_backs, theirs.mails)
    )
    own = page(database, handler="张三", county="350425")
    assert (
        cases(own.overdue) == [1] and own.tray.total == 1 and own.mails.total == 1 and own.arrived.total == 2
    )
    assert page(database, handler="张三", county="350481").overdue.total == 0


def test_a_digest_is_of_whom_it_carries_something(database: Database) -> None:
    fill(database, DAY)
    books = Books(database)
    notice = Notice(
        key="k",
        case=number(3),
        to=("张三",),
        subject="提醒",
        body="x",
        on=DAY,
        at=at_hour(DAY, 8),
        digest=True,
    )
    books.add(notice)
    assert books.bundle(datetime.min.time()) == 1
    [digest] = [each.notice.key for each in books.deliveries() if each.notice.key.startswith("digest")]
    books.sending(digest, "x@example.gov.cn", channel="smtp")
    books.refused(digest, "查无此人")
    day = day_in_china(datetime.now(UTC))
    lately = {"today": day, "since": day, "until": day}
    assert digest in [each.key for each in page(database, handler="张三", **lately).mails.lines]
    assert digest not in [each.key for each in page(database, handler="王五", **lately).mails.lines]


def test_a_long_part_says_how_much_there_is(database: Database) -> None:
    for place in range(1, 16):
        project(database, place, letters=(letter_row("L1", number(place)),))
    found = page(database, most=10).unserved
    assert (len(found.lines), found.total) == (10, 15)
    assert page(database, most=15).unserved.total == 15


# what to type next


@pytest.fixture(scope="module")
def jurisdiction() -> Jurisdiction:
    return Jurisdiction.load()


@pytest.fixture(scope="module")
def group() -> Any:
    for room in script.COMMAND_ROOMS:
        import_module(f"starter.commands.{room}")
    return typer.main.get_command(app)


def filled(command: next_steps.Command) -> list[str]:
    """The command as staff type it, with something for each “…”."""
    words = list(command)
    kind = kinds_of(command)
    for place, word in enumerate(words):
        name = word.partition("=")[0]
        if word == next_steps.OPEN:
            words[place] = {"--role": "检察官", "--sent": "2021-11-10", "--paper": "回证.pdf"}.get(
                words[place - 1], "张三"
            )
        elif word.endswith(f"={next_steps.OPEN}"):
            words[place] = f"{name}={example(kind, name)}"
    return words


def kinds_of(command: next_steps.Command) -> Any:
    if command[1] not in ("record", "decide"):
        return None
    names, models = (
        (FACT_NAMES, fact_kinds()) if command[1] == "record" else (DECISION_NAMES, decision_kinds())
    )
    return models[kind_named(command[3], names, "", command[2])]


def example(model: Any, name: str) -> str:
    wanted = bare(model.model_fields[name].annotation)
    if isinstance(wanted, type) and issubclass(wanted, LabelledEnum):
        return next(iter(wanted)).label
    known = {date: "2021-11-10", EventDate: "2021-11-10", bool: "true", int: "3", float: "3", Period: "15日"}
    return known.get(wanted, "一二")


def understood(command: next_steps.Command, group: Any, jurisdiction: Jurisdiction) -> None:
    """That the script takes a command: each option and argument, and every field of a message."""
    line = next_steps.typed(command)
    assert shlex.split(line) == list(command)
    folded = "\n".join(next_steps.typed_within(command, 80, "    "))
    assert shlex.split(folded.replace("\\\n", "")) == list(command)
    words = filled(command)
    assert words[0] == "mingjian"
    name, sub, rest = group.resolve_command(typer.Context(group), words[1:])
    while hasattr(sub, "commands") and rest and rest[0] in sub.commands:
        name, sub, rest = sub.resolve_command(typer.Context(sub), rest)
    context = sub.make_context(name, list(rest))
    if words[1] not in ("record", "decide"):
        return
    if "--template" in words:
        assert script.run(words[1:]) == 0
        return
    by = Person(name=context.params["by"], role=Role(context.params["role"]))
    case, kind, said = words[2], words[3], given_as(context.params["words"] or [])
    if words[1] == "record":
        read_facts(kind_named(kind, FACT_NAMES, "", case), said, by=by, jurisdiction=jurisdiction, case=case)
    else:
        read_decisions(
            kind_named(kind, DECISION_NAMES, "", case), said, by=by, jurisdiction=jurisdiction, case=case
        )


@pytest.mark.parametrize("kind", FILES)
def test_every_period_of_every_kind_has_a_command_that_the_script_takes(
    kind: CaseKind, group: Any, jurisdiction: Jurisdiction, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_row(number(1, kind.value), kind=kind.value)
    commands = {
        step(case, deadline_row(f"{owner}/{rule.key}", case.case))
        for rule in all_rules()
        for owner in ("L1", "case")
        for step in (next_steps.meet, next_steps.make_good)
    }
    assert len(commands) > 2, "not only a look at the case"
    for command in commands:
        understood(command, group, jurisdiction)


def test_after_silence_each_rung_in_its_turn(group: Any, jurisdiction: Jurisdiction) -> None:
    late = deadline_row("L1/jy.reply", is_overdue=True)

    def said(kind: str, document: str, urged: int) -> str:
        case = case_row(number(1, kind), kind=kind)
        command = next_steps.press(case, late, letter_row(type=document, urged=urged))
        understood(command, group, jurisdiction)
        return command[3] if len(command) > 3 else command[1]

    assert said("urging", "suggestion", 0) == "督促"
    assert said("urging", "suggestion", 1) == "提级通报"
    assert said("urging", "notification_letter", 0) == "督促"
    assert said("urging", "notification_letter", 2) == "升格"
    assert said("enforcement", "court_suggestion", 1) == "show"
    assert said("public_interest", "pre_suit_suggestion", 0) == "show"
    assert said("training", "training_notice", 0) == "show"
    assert next_steps.press(case_row(), late, None) == ("mingjian", "show", case_row().case)


def test_a_delay_of_court_or_bureau_is_looked_into_first() -> None:
    case = case_row(number(1, "enforcement"), kind="enforcement")
    ruling = deadline_row("A1/ct.rule", case.case)
    assert next_steps.make_good(case, ruling) == ("mingjian", "show", case.case)
    assert next_steps.meet(case, ruling)[3] == "法院裁定"
    unknown = deadline_row("A1/ct.unknown", case.case)
    assert (
        next_steps.make_good(case, unknown)
        == next_steps.meet(case, unknown)
        == ("mingjian", "show", case.case)
    )


def test_an_id_that_a_shell_would_read_otherwise_is_quoted() -> None:
    for id in ("a b", "a;rm -rf x", "$(x)", "收文-2021（1）", "it's", "a　b", "*", "~", ""):
        assert shlex.split(next_steps.typed(("mingjian", "tray", id))) == ["mingjian", "tray", id]
    assert next_steps.typed(("mingjian", "tray", "收文-1", "--by", "…")) == "mingjian tray 收文-1 --by …"


# as the script prints it


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    fill(database, day_in_china(datetime.now(UTC)))
    database.close()
    intake = home.folder / "intake"
    intake.mkdir()
    for place in range(12):
        path = intake / f"扫描{place:02d}.pdf"
        path.write_bytes(b"%PDF-1.4")
        os.utime(path, (RUN.timestamp() + place, RUN.timestamp() + place))
    return home


TITLES = (
    "逾期未复", "届满未办", "今天和", "收件夹待收", "收件匣待整理", "案件里待整理的材料", "新收到的材料", "未送达", "回复待评估",
    "文书待审批、待制发", "回头看到期", "没有送到、可能重复的邮件",
)  # fmt: skip


def test_the_page_as_it_is_printed(home: Home) -> None:
    """In a process of its own, with no server: the most urgent first, within 80 columns, a command beneath each line."""
    run = home.run("today", "--within", "5")
    assert run.code == 0 and run.err == ""
    lines = run.out.splitlines()
    assert max(map(width, lines)) <= 80
    headings = [line for line in lines if line.startswith("【")]
    assert [next(each for each in TITLES if line.startswith(f"【{each}")) for line in headings] == list(
        TITLES
    )
    assert "【收件夹待收】12 件，以下 10 件；全部：\n  mingjian inbox\n" in run.out
    assert f"mingjian decide {number(1)} 督促 letter=L1" in run.out
    assert "永安一案" in run.out and "已过9日" in run.out and "，暂定" in run.out
    assert f"mingjian record {number(8)} 送达 letter=L2 mode=留置送达 on=…" in run.out
    assert f"mingjian decide {number(6)} 整理 fact=收文-1 letter=…" in run.out
    assert f"mingjian record {number(13)} 回头看 on=… held=…" in run.out


def test_every_command_on_the_page_is_understood(
    home: Home, group: Any, jurisdiction: Jurisdiction, capsys: pytest.CaptureFixture[str]
) -> None:
    told = home.run_here("today", "--within", "5", "--json").lines
    assert {each["section"] for each in told} == {
        "overdue", "expired", "due", "inbox", "tray", "unmatched", "arrived", "unserved", "unassessed", "pending",
        "look_back", "mails",
    }  # fmt: skip
    assert len([each for each in told if each["section"] == "inbox"]) == 12, (
        "nothing is left out for a program"
    )
    for each in told:
        understood(tuple(shlex.split(each["command"])), group, jurisdiction)
    [late] = [each for each in told if each["section"] == "overdue" and each["case"] == number(1)]
    assert late["on"] == str(day_in_china(datetime.now(UTC)) - timedelta(days=9))
    assert late["title"] == "第1案" and "书面回复" in late["what"]


def commands_in(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.replace("\\\n", "").splitlines():
        if line.startswith("  mingjian "):
            yield tuple(shlex.split(line))


def test_what_is_left_out_is_listed_by_the_command_that_is_shown(
    home: Home, group: Any, jurisdiction: Jurisdiction
) -> None:
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    for place in range(100, 115):
        project(database, place, letters=(letter_row("L1", number(place)),))
        late = deadline_row("L1/jy.file_up", number(200 + place), state="expired", due_on=date(2021, 9, 1))
        project(database, 200 + place, deadlines=(late,))
    database.close()
    out = home.run_here("today", "--handler", "张三", "--county", "大田县").out
    lists = [command for command in commands_in(out) if command[1] == "list"]
    assert len(lists) == 2
    for command, least in zip(lists, (15, 15), strict=True):
        understood(command, group, jurisdiction)
        assert command[-4:] == ("--handler", "张三", "--county", "350425")
        assert len(home.run_here(*command[1:], "--json").lines) > least


def test_a_page_of_one_clerk_or_county_is_theirs(home: Home) -> None:
    out = home.run_here("today", "--handler", "王五").out
    assert "永安一案" in out and "第1案" not in out and "承办 王五" in out.splitlines()[0]
    assert "升格" in out, "urged before"
    assert "收件夹待收" in out, "nobody knows yet whose it is"
    assert home.run_here("today", "--county", "永安市").out.count("· ") == 11
    assert [
        each["case"] for each in home.run_here("today", "--county", "永安市", "--json").lines if each["case"]
    ] == [number(20).replace("350425", "350481")]


def test_nothing_to_do_is_said_in_one_sentence(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    project(database, 1)
    database.close()
    head, sentence = home.run_here("today").out.splitlines()
    assert "星期" in head and sentence.startswith("没有逾期的、3 个工作日内（到 ")
    assert "今天届满的" in home.run_here("today", "--within", "0").out
    empty = home.run_here("today", "--json")
    assert (empty.code, empty.out) == (0, "")


def test_how_far_ahead_is_counted_in_working_days(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Thursday, 30 September 2021: the holiday lies ahead, and the Saturday after it is worked."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return at_hour(date(2021, 9, 30), 9)

    from models.settings import Settings

    monkeypatch.setattr(today, "datetime", Clock)
    monkeypatch.setattr(today, "edition_in_force", calendar)
    asked, within = today.read_asked(Settings(home=tmp_path), "", "", "2", as_json=False)
    assert (asked.today, asked.until, asked.since, within) == (
        date(2021, 9, 30), date(2021, 10, 9), date(2021, 9, 29), 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--within", "三"), "--within"), (("--county", "火星"), "--county"), (("--al",), "没有“--al”")],
)
def test_what_is_not_understood_is_told(home: Home, words: tuple[str, ...], said: str) -> None:
    run = home.run_here("today", *words)
    assert run.code == 2 and said in run.err


def test_a_registry_that_is_not_there(tmp_path: Path) -> None:
    run = home_in(tmp_path).run_here("today")
    assert run.code == 3 and not run.out and "mingjian up" in run.err
