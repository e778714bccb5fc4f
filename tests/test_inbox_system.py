"""From the folder into the case on a real server: taken in, taken twice, killed at every step, forged, copied, set aside."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.bounce_files import postfix
from tests.dying_taker import STEPS
from tests.incoming_files import docx, mail, put
from tests.script_runs import ROOT, system_in
from tests.test_script_system import CLERK, Desk, _terminated, today

_numbers = count(901)
BUREAU_MAIL = "nr@example.gov.cn"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with system_in(tmp_path_factory.mktemp("system")) as (home, announced):
        yield Desk(home, announced)


def drop(desk: Desk, name: str, content: bytes) -> Path:
    return put(desk.home.folder / "intake", name, content)


def issued(desk: Desk) -> tuple[str, str]:
    """A case whose letter is out and served, and the letter's number."""
    number = f"永检建〔2026〕{next(_numbers)}号"
    case = desk.issued(f"收件 {number}", number)
    desk.run("record", case, "送达", f"on={today()}", *CLERK)
    _until(lambda: any(each["served_on"] for each in _letters(desk, case)))
    return case, number


def _letters(desk: Desk, case: str) -> list[Any]:
    lines = desk.run("registers", "out", "--json").lines
    return [
        each for line in lines if line["case"] == case for each in [{"served_on": any(line["served_on"])}]
    ]


def _until(holds: Any) -> None:
    patience = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < patience
        time.sleep(0.2)


def in_case(desk: Desk, case: str) -> tuple[list[str], list[str]]:
    """The facts with papers of a case that came by the folder, and the names of its incoming papers."""
    shown = desk.shown(case)
    facts = [each["id"] for each in shown["facts"] if each["id"].startswith("inbox-")]
    papers = [each["name"][23:] for each in shown["papers"] if each["direction"] == "in"]
    return facts, papers


def registered(desk: Desk, case: str) -> list[Any]:
    return [each for each in desk.run("registers", "in", "--json").lines if each["case"] == case]


def left(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.home.folder / "intake").iterdir() if path.is_file())


def test_from_the_folder_into_the_case(desk: Desk) -> None:
    case, number = issued(desk)
    drop(desk, "回复.docx", docx(f"关于{number}检察建议的回复", "已清运。"))
    [line] = desk.process("inbox", "--json").lines
    assert (line["found"], line["case"], line["letter"]) == ("number", case, "L1")
    taking = ("inbox", "take", line["item"], "stance=采纳", *CLERK)
    assert "寄出（发生）的日期" in desk.run(*taking, code=2).err
    assert left(desk) == ["回复.docx"]
    [taken] = desk.process(*taking, f"on={today()}", "--json").lines
    assert (taken["case"], taken["how"], taken["stage"]) == (case, "applied", "reply_review")
    facts, papers = in_case(desk, case)
    assert len(facts) == 1 and papers == ["回复.docx"]
    assert left(desk) == []
    [done] = (desk.home.folder / "intake" / "done").rglob("*.docx")
    assert done.name == f"{line['item']}-回复.docx"
    [entry] = registered(desk, case)
    assert entry["number"].startswith("350481-incoming-") and entry["sender"] == "永安市自然资源局"
    assert entry["what"] == "回复" and entry["digest"] == line["digest"] and entry["entered_by"] == "张三"
    assert desk.run("verify", case, "--json").lines[0]["sound"]
    [kept] = (desk.home.folder / "archive" / "cases").glob("intake-*/data/papers/in/*回复.docx")
    assert kept.read_bytes() == done.read_bytes()

    # Once more: the same paper is one paper.
    drop(desk, "回复（再次）.docx", done.read_bytes())
    _until(lambda: desk.run("inbox", "--json").lines[0]["found"] == "taken")
    other, _ = issued(desk)
    elsewhere = desk.run("inbox", "take", line["item"], "--case", other, f"on={today()}", *CLERK, code=1)
    assert f"已收入案件 {case}" in elsewhere.err and left(desk) == ["回复（再次）.docx"]
    assert desk.run(*taking, f"on={today()}").out.startswith("已记录过")
    assert left(desk) == [] and in_case(desk, case)[0] == facts and len(registered(desk, case)) == 1


@pytest.mark.parametrize("step", STEPS)
def test_killed_in_the_middle_nothing_is_lost_or_entered_twice(desk: Desk, step: str) -> None:
    case, number = issued(desk)
    papers = {"回复.docx": docx(f"{number}的回复", step), "附件一.docx": docx("清单", step)}
    content = mail(subject="回复", message_id=f"<{step.replace(' ', '-')}@x>", attachments=papers)
    drop(desk, "回复.eml", content)
    taking = ["inbox", "take", "回复.eml", "--case", case, "--letter", "L1", *CLERK, f"on={today()}"]
    died = subprocess.run(
        [sys.executable, "-m", "tests.dying_taker", step, *taking],
        cwd=ROOT,
        env=desk.home.environment,
        capture_output=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert left(desk) == ["回复.eml"], "left where it lay"
    desk.run(*taking)
    assert left(desk) == []
    facts, names = in_case(desk, case)
    assert len(facts) == 2 and facts[1] == f"{facts[0]}#2"
    assert sorted(names) == sorted(papers)
    entries = registered(desk, case)
    assert len(entries) == 2 and all(each["sender"].startswith("陈九") for each in entries)
    assert desk.run("registers", "gaps", "--json").lines == []
    assert desk.run("verify", case, "--json").lines[0]["sound"]
    kept = (desk.home.folder / "archive" / "cases" / case / "data" / "papers" / "in").glob("*.eml")
    assert [each.read_bytes() for each in kept] == [content], "the mail says how the papers came"


def test_a_reply_to_a_notice_is_matched_and_a_forged_one_is_kept_apart(desk: Desk) -> None:
    case, _ = issued(desk)
    desk.run("record", case, "回复", "letter=L9", f"on={today()}", "--keep", *CLERK)
    sent: list[Any] = []

    def went_out() -> bool:
        from activities.sqlite_library import sqlite3

        with sqlite3.connect(desk.home.folder / "registry.db") as books:
            asked = "SELECT message_id FROM deliveries WHERE \"case\" = ? AND state = 'sent'"
            sent[:] = books.execute(asked, (case,)).fetchall()
        return bool(sent)

    _until(went_out)
    notice = sent[0][0]
    desk.run("addresses", "set", "张三", "zhangsan@example.gov.cn", "--by", "王五")
    desk.run("addresses", "set", "局办公室", BUREAU_MAIL, "--office", "永安市自然资源局", "--by", "王五")
    known = mail(sender=f"局办公室 <{BUREAU_MAIL}>", answers=notice, message_id="<known@x>", body="已办理。")
    forged = mail(sender="局办公室 <nr@evil.cn>", answers=notice, message_id="<forged@x>", body="已办理！")
    drop(desk, "真.eml", known)
    drop(desk, "假.eml", forged)
    found = {each["file"]: each for each in desk.run("inbox", "--json").lines}
    assert (found["真.eml"]["found"], found["真.eml"]["case"]) == ("answer", case)
    assert (found["假.eml"]["found"], found["假.eml"]["case"]) == ("unknown_sender", "")
    assert "来源不明" in desk.run("inbox").out
    refused = desk.run("inbox", "take", "假.eml", "--kind", "其他事实", *CLERK, code=1)
    assert "来源不明" in refused.err and "假.eml" in left(desk)
    assert desk.run("inbox", "take", "真.eml", "--kind", "其他事实", *CLERK).out.startswith("已")
    aside = ("inbox", "aside", "假.eml", "--reason", "冒名，已核实", "--by", "张三")
    assert "存查" in desk.run(*aside).out
    assert left(desk) == []
    assert len(in_case(desk, case)[0]) == 1
    drop(desk, "假2.eml", forged)
    [again] = desk.run("inbox", "--json").lines
    assert again["found"] == "taken" and "冒名" in again["why"]
    desk.run("inbox", "aside", "假2.eml", "--reason", "冒名，已核实", "--by", "李四")
    assert left(desk) == []
    assert desk.run("tray", "--json").lines == []


def test_two_copies_in_the_folder_are_one_fact(desk: Desk) -> None:
    case, number = issued(desk)
    for name in ("甲.docx", "乙.docx"):
        drop(desk, name, docx(f"{number}的回复", "两份"))
    hows = [each["found"] for each in desk.run("inbox", "--json").lines]
    assert sorted(hows) == ["number", "same"]
    for name in ("乙.docx", "甲.docx"):
        desk.run("inbox", "take", name, "--case", case, f"on={today()}", *CLERK)
    assert left(desk) == [] and len(in_case(desk, case)[0]) == 1 and len(registered(desk, case)) == 1


def test_what_does_not_fit_stays_in_the_folder_until_it_is_kept(desk: Desk) -> None:
    case, number = issued(desk)
    drop(desk, "早.docx", docx(f"{number}的回复", "早"))
    early = ("inbox", "take", "早.docx", "on=2020-01-01", *CLERK)
    refused = desk.run(*early, code=1)
    assert "没有收入" in refused.err and left(desk) == ["早.docx"] and registered(desk, case) == []
    assert desk.run(*early, "--keep").out.startswith("已存，待整理")
    assert left(desk) == [] and len(registered(desk, case)) == 1


def test_what_may_not_come_in_is_refused_by_every_command(desk: Desk) -> None:
    case, number = issued(desk)
    path = drop(desk, "涉密.docx", docx("机密★1年", number))
    for words in (
        ("inbox", "take", "涉密.docx", "--case", case, f"on={today()}", *CLERK),
        ("inbox", "aside", "涉密.docx", "--reason", "x", "--by", "张三"),
        ("record", case, "其他事实", "event=x", f"on={today()}", "--paper", str(path), *CLERK),
    ):
        run = desk.run(*words, code=2 if words[0] == "record" else 1)
        assert "密级" in run.err and "涉密.docx" in run.err
    assert left(desk) == ["涉密.docx"] and in_case(desk, case) == ([], [])
    path.unlink()
    missing = desk.run("inbox", "take", "没有", *CLERK, code=1)
    assert "收件夹里没有" in missing.err
    assert json.dumps(registered(desk, case)) == "[]"


def test_a_paper_given_to_record_has_one_number_and_takes_it_along_out_of_the_tray(desk: Desk) -> None:
    case, _ = issued(desk)
    other, _ = issued(desk)
    paper = desk.home.file("来信.txt", "来信一封。")
    event = ("其他事实", "event=来信", "actor=某村村民", f"on={today()}", "--paper", paper, *CLERK)
    for _ in range(2):
        desk.run("record", case, *event)
    [entry] = registered(desk, case)
    assert (entry["sender"], entry["what"], entry["kind"]) == ("某村村民", "其他事实：来信", "happened")

    asyncio.run(_terminated(desk.announced["address"], other))
    for _ in range(2):
        desk.run("record", other, *event, "--keep")
    [held] = registered(desk, other)
    assert held["number"] != entry["number"]
    third, _ = issued(desk)
    [stray] = desk.run("tray", "--json").lines
    desk.run("tray", stray["id"], "--into", third, *CLERK)
    assert [each["number"] for each in registered(desk, third)] == [held["number"]]
    assert registered(desk, other) == []
    _until(lambda: third not in desk.run("registers", "in").err)


def test_a_bounce_is_entered_once_and_only_as_a_bounce(desk: Desk) -> None:
    case, _ = issued(desk)
    desk.run("addresses", "set", "张三", "zhangsan@example.gov.cn", "--by", "王五")
    desk.run("record", case, "回复", "letter=L9", f"on={today()}", "--keep", *CLERK)

    def sent() -> list[Any]:
        lines = desk.run("mails", "--case", case, "--json").lines
        return [each for each in lines if each["state"] == "sent" and each["address"]]

    _until(sent)
    notice = sent()[0]
    drop(desk, "退信.eml", postfix(notice["message_id"], notice["address"], own_id=f"<{case}@mx>"))
    forged = postfix(notice["message_id"], "other@example.gov.cn", own_id=f"<forged-{case}@mx>")
    drop(desk, "假退信.eml", forged)
    refused = desk.run("inbox", "take", "退信.eml", "--case", case, f"on={today()}", *CLERK, code=1)
    assert "不收入案件" in refused.err
    assert "不作匹配" in desk.run("inbox", "take", "假退信.eml", *CLERK, code=1).err
    assert (
        left(desk) == ["假退信.eml", "退信.eml"]
        and len(desk.run("mails", "--case", case, "--failed").out) == 0
    )
    assert "User unknown" in desk.run("inbox", "take", "退信.eml", *CLERK).out

    [back] = desk.run("mails", "--case", case, "--failed", "--json").lines
    assert (back["key"], back["state"]) == (notice["key"], "refused")
    assert back["last_error"].startswith("退信：550 5.1.1")
    assert in_case(desk, case)[0] == [] and registered(desk, case) == []
    [kept] = (desk.home.folder / "archive" / "cases").glob("intake-*/data/papers/in/*-退信.eml")
    assert notice["message_id"].encode() in kept.read_bytes()

    # Sent again; a copy of the same bounce does not mark it once more.
    desk.run("mails", "again", notice["key"])
    drop(desk, "退信（又）.eml", kept.read_bytes())
    found = {each["file"]: each["found"] for each in desk.run("inbox", "--json").lines}
    assert found == {"假退信.eml": "other_bounce", "退信（又）.eml": "taken"}
    desk.run("inbox", "take", "退信（又）.eml", *CLERK)
    assert all(each["state"] != "refused" for each in desk.run("mails", "--case", case, "--json").lines)
    assert "存查" in desk.run("inbox", "aside", "假退信.eml", "--reason", "冒名", "--by", "张三").out
    assert left(desk) == [] and desk.run("tray", "--json").lines == []
