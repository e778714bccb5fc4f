"""The script with one machine's system beneath it: a case opened, steered, refused, kept, closed, by processes."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from models.dates import day_in_china
from models.errors import Unreachable
from starter.columns import width
from tests.script_runs import ROOT, SCRIPT, Home, Run, command_line, descendants, is_alive, system_in

CLERK = ("--by", "张三", "--role", "书记员")
CHIEF = ("--by", "王五", "--role", "检察长")


class Desk:
    """A clerk's desk: the running system, and cases of one's own to work on."""

    def __init__(self, home: Home, announced: dict[str, str]) -> None:
        self.home = home
        self.announced = announced
        self.template = home.run("open", "urging", "--template").out
        self._cases = 0

    def run(self, *arguments: str | Path, code: int = 0, queue: str = "mingjian") -> Run:
        """A run that ends with that code; in this process."""
        run = self.home.run_here(*arguments, MINGJIAN_TASK_QUEUE=queue)
        assert run.code == code, f"{arguments}: {run.code}\n{run.out}{run.err}"
        return run

    def process(self, *arguments: str | Path, code: int = 0) -> Run:
        """A run that ends with that code, as staff have it: a process of its own."""
        run = self.home.run(*arguments)
        assert run.code == code, f"{arguments}: {run.code}\n{run.out}{run.err}"
        return run

    def case_file(self, title: str, **changes: str) -> Path:
        """A right case file."""
        self._cases += 1
        text = self.template.replace("某村耕地上违法堆土督促案", title)
        for old, new in changes.items():
            text = text.replace(old, new)
        return self.home.file(f"case-{self._cases}.yaml", text)

    def opened(self, title: str) -> str:
        """A case that was opened."""
        [line] = self.run("open", "urging", self.case_file(title), "--json").lines
        return str(line["case"])

    def issued(self, title: str, number: str) -> str:
        """A case whose letter was approved and issued today."""
        case = self.opened(title)
        self.run("decide", case, "审批", *CHIEF)
        self.run("decide", case, "制发", f"official_no={number}", *CHIEF)
        return case

    def shown(self, case: str) -> dict[str, Any]:
        """The case as `show --json` has it."""
        [line] = self.run("show", case, "--json").lines
        return dict(line)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with system_in(tmp_path_factory.mktemp("system")) as (home, announced):
        yield Desk(home, announced)


def today() -> str:
    from datetime import UTC, datetime

    return str(day_in_china(datetime.now(UTC)))


def test_a_case_from_its_opening_to_the_archive(desk: Desk) -> None:
    case = desk.opened("从立案到归档")
    text = desk.process("show", case).out
    assert "阶段 审批" in text and "从立案到归档" in text
    assert max(width(line) for line in text.splitlines()) <= 80

    wrong = desk.process(
        "decide", case, "制发", "official_no=甲〔2026〕1号", "--by", "张三", "--role", "检察官", code=1
    )
    assert "尚未审批" in wrong.err
    same = desk.process("decide", case, "审批", "--by", "张三", "--role", "检察官", code=1)
    assert "起草人" in same.err
    assert "批准" in desk.process("decide", case, "审批", *CHIEF).out
    assert desk.process("decide", case, "approve_letter", *CHIEF).out.startswith("已记录过")
    desk.process("decide", case, "制发", "official_no=甲〔2026〕1号", *CHIEF)

    early = desk.run("record", case, "送达", "on=2020-01-01", *CLERK, code=1)
    assert "早于" in early.err and "--keep" in early.err
    desk.run("record", case, "送达", f"on={today()}", "mode=邮寄送达", *CLERK)

    paper = desk.home.file("回复.txt", "已清运。")
    reply = ("reply", case, "--sent", today(), "--stance", "采纳", "--paper", paper, *CLERK, "--json")
    [taken] = desk.process(*reply).lines
    assert (taken["how"], taken["stage"]) == ("applied", "reply_review")
    assert desk.process(*reply).lines[0] | {"how": "seen"} == desk.process(*reply).lines[0]
    status = desk.shown(case)
    assert status["letters"][0]["replies"] == 1
    [stored] = [each for each in status["papers"] if each["direction"] == "in"]
    assert stored["name"].endswith("回复.txt")
    assert (desk.home.folder / "archive" / "cases" / case / "data" / stored["name"]).read_text() == "已清运。"

    deadlines = desk.run("show", case, "--deadlines", "--json").lines
    [due] = [each for each in deadlines if each["rule"] == "jy.reply"]
    assert due["met_on"] == today() and due["explanation"]
    assert "第二百零一条" in desk.run("show", case, "--deadlines").out

    [served] = [
        line
        for line in desk.run("show", case, "--timeline", "--json").lines
        if line["kind"] == "letter_served"
    ]
    assert served["taken_on"] == today()
    corrected = desk.run("correct", case, served["id"], "mode=直接送达", "--reason", "回证为准", *CLERK)
    assert "更正" in corrected.out
    assert desk.run("correct", case, served["id"], "on=2020-01-01", "--reason", "x", *CLERK, code=1)
    assert desk.run("correct", case, "没有", "on=2020-01-01", "--reason", "x", *CLERK, code=1)

    desk.run("decide", case, "assess_reply", "substance=采纳并整改", "--by", "张三", "--role", "检察官")
    steps = "".join(
        f"- {{kind: 事项进展, item: 弃土清运, milestone: {step}, on: {today()}}}\n"
        for step in ("清运", "覆土", "验收")
    )
    assert len(desk.run("record", case, desk.home.file("steps.yaml", steps), *CLERK, "--json").lines) == 3
    desk.run("decide", case, "结案", "outcome=整改到位", "reason=已清运、覆土并验收", *CHIEF)

    _until_sealed(desk, case)
    sound = {"case": case, "sound": True, "findings": [], "unmade": []}
    assert desk.run("verify", case, "--json").lines == [sound]
    refused = desk.run("decide", case, "督促", *CHIEF, code=1)
    assert "已经办结" in refused.err
    late = ("record", case, "其他事实", "event=来访", f"on={today()}", "--paper", paper, *CLERK)
    assert "--keep" in desk.run(*late, code=1).err
    assert "收件匣" in desk.run(*late, "--keep").out
    assert desk.run(*late, "--keep").out.startswith("已记录过")
    _sorted_out_of_the_tray(desk, case, paper)


def test_why_a_deadline_falls_on_its_day_and_all_days_as_a_calendar(desk: Desk, tmp_path: Path) -> None:
    yesterday = str(date.fromisoformat(today()) - timedelta(days=1))
    opened = desk.case_file("期限由来", **{"# opened_on: 2026-01-05": f"opened_on: {yesterday}"})
    case = str(desk.run("open", "urging", opened, "--json").lines[0]["case"])
    desk.run("decide", case, "审批", *CHIEF)
    desk.run("decide", case, "制发", f"on={yesterday}", "official_no=永检建〔2026〕78号", *CHIEF)
    desk.run("record", case, "送达", f"on={yesterday}", "id=回证-1", *CLERK)
    desk.run("correct", case, "回证-1", f"on={today()}", "--reason", "回证已到", *CLERK)
    asked = ("show", case, "--why", "--deadline", "L1/jy.reply")
    text = desk.process(*asked).out
    assert max(width(line) for line in text.splitlines()) <= 80
    assert f"起算 {today()}　送达，张三（书记员）于{today()}记入" in text
    assert f"更正送达“回证-1”：{yesterday}改为{today()}，回证已到" in text and "若不更正" in text
    paper = tmp_path / "说明.pdf"
    [line] = desk.process(*asked, "--out", paper, "--json").lines
    [move] = line["moves"]
    assert line["due"] == move["after"] and move["before"] == move["otherwise"]["due"]
    assert line["version"] == "2021-09-15"
    assert paper.read_bytes().startswith(b"%PDF")
    assert "不覆盖" in desk.run(*asked, "--out", paper, code=2).err
    assert "可选：" in desk.run("show", case, "--why", "--deadline", "L7/jy.reply", code=1).err
    assert "只能选一样" in desk.run("show", case, "--why", "--timeline", code=2).err
    assert "只与 --why 同用" in desk.run("show", case, "--out", paper, code=2).err

    file = tmp_path / "期限.ics"
    first = desk.process("ics", "--case", case, "--out", file)
    assert "已写入" in first.err and first.out == ""
    written = file.read_bytes()
    assert case.encode() in written.replace(b"\r\n ", b"")
    [again] = desk.process("ics", "--case", case, "--out", file, "--json").lines
    assert again["changed"] is False and again["open"] >= 2 and file.read_bytes() == written
    assert "每个范围用各自的文件" in desk.run("ics", "--handler", "张三", "--out", file, code=2).err
    assert "--out" in desk.run("ics", code=2).err


def test_open_cases_are_renewed(desk: Desk) -> None:
    """After an upgrade: every open case goes on in a new run, as it was."""
    case = desk.issued("接续运行", "永检建〔2026〕77号")
    before = desk.shown(case)
    assert {"case": case} in desk.run("renew", "--json").lines
    assert "已请 1 件" in desk.run("renew", case).out
    after = desk.shown(case)
    assert (after["stage"], len(after["letters"])) == (before["stage"], 1)
    assert [each["id"] for each in before["facts"]] == [each["id"] for each in after["facts"]][
        : len(before["facts"])
    ]
    assert "不在办理中" in desk.run("renew", "urging-350481-2020-0009", code=1).err


def test_a_case_that_cannot_be_asked_keeps_no_other_from_being_renewed(desk: Desk) -> None:
    """One has ended since they were listed, one does not answer: the others are asked, and it is said who was not."""
    ended, silent, open_still = (desk.opened(f"接续第{number}件") for number in range(3))
    real = WorkflowHandle.signal

    async def signal(handle: Any, *arguments: Any, **options: Any) -> None:
        if handle.id == ended:
            raise RPCError("workflow execution already completed", RPCStatusCode.NOT_FOUND, b"")
        if handle.id == silent:
            raise RPCError("timeout", RPCStatusCode.DEADLINE_EXCEEDED, b"")
        await real(handle, *arguments, **options)

    with patch.object(WorkflowHandle, "signal", signal):
        run = desk.run("renew", ended, silent, open_still, "--json", code=3)
        assert run.lines == [{"case": open_still}]
        assert silent in run.err and ended not in run.err
        assert "已请 1 件" in desk.run("renew", ended, open_still).out


def test_every_paper_of_a_stray_is_in_the_journal_of_the_case_it_is_sent_into(desk: Desk) -> None:
    """Once each, also when the sorting broke off before the stray was out of the tray."""
    old, case = desk.opened("已离案"), desk.opened("收下材料")
    papers = [desk.home.file(f"材料{number}.txt", f"第{number}份。") for number in (1, 2, 3)]
    given = [word for paper in papers for word in ("--paper", paper)]
    asyncio.run(_terminated(desk.announced["address"], old))
    desk.run("record", old, "其他事实", "event=来访", f"on={today()}", *given, *CLERK, "--keep")
    [stray] = desk.run("tray", "--json").lines
    sorting = ("tray", stray["id"], "--into", case, *CLERK)
    with patch("activities.books.Books.sort_out", side_effect=Unreachable("登记库连不上")):
        desk.run(*sorting, code=3)
    desk.run(*sorting)
    shown = desk.shown(case)
    assert sorted(
        each["name"].rpartition("-")[2] for each in shown["papers"] if each["direction"] == "in"
    ) == [paper.name for paper in papers]
    assert [each["id"] for each in shown["facts"] if each["id"].startswith(stray["id"])] == [
        stray["id"],
        f"{stray['id']}#2",
        f"{stray['id']}#3",
    ]
    assert desk.run("tray", "--json").lines == []


async def _terminated(address: str, case: str) -> None:
    client = await Client.connect(address)
    await client.get_workflow_handle(case).terminate("as if filed")


def _sorted_out_of_the_tray(desk: Desk, case: str, paper: Path) -> None:
    """What came for a case that was filed is listed, sent into another with its paper, and no longer waits."""
    [stray] = desk.run("tray", "--json").lines
    assert (stray["case"], stray["kind"], stray["why"]) == (case, "happened", "案件已经办结")
    other = desk.opened("另案")
    assert "只写其一" in desk.run("tray", stray["id"], *CLERK, code=2).err
    assert "没有写明谁整理" in desk.run("tray", stray["id"], "--into", other, code=2).err
    assert "不在办理中" in desk.run("tray", stray["id"], "--into", case, *CLERK, code=1).err
    assert "收件匣里没有" in desk.run("tray", "无此件", "--into", other, *CLERK, code=1).err
    desk.run("tray", stray["id"], "--into", other, *CLERK)
    shown = desk.shown(other)
    [fact] = [each for each in shown["facts"] if each["id"] == stray["id"]]
    assert fact["how"] == "noted" and f"原写给 {case}" in fact["what"]
    assert [each["name"].endswith(paper.name) for each in shown["papers"] if each["direction"] == "in"] == [
        True
    ]
    assert desk.run("verify", other, "--json").lines[0]["sound"]
    assert desk.run("tray", "--json").lines == []
    assert "收件匣里没有" in desk.run("tray", stray["id"], "--aside", "重复", *CLERK, code=1).err


def _until_sealed(desk: Desk, case: str) -> None:
    ledger = desk.home.folder / "archive" / "cases" / case / "ledger.jsonl"
    patience = time.monotonic() + 120
    while '{"seal":' not in ledger.read_text(encoding="utf-8"):
        assert time.monotonic() < patience, "not sealed"
        time.sleep(0.3)


async def timers_of(address: str, case: str) -> tuple[dict[int, str], set[int]]:
    """The timers that a case has started, by their events, with what they are called; and those that have ended."""
    from temporalio.client import Client

    client = await Client.connect(address)
    started: dict[int, str] = {}
    ended: set[int] = set()
    async for event in client.get_workflow_handle(case).fetch_history_events():
        if event.HasField("timer_started_event_attributes"):
            started[event.event_id] = json.loads(event.user_metadata.summary.data)
        ended.add(event.timer_fired_event_attributes.started_event_id)
        ended.add(event.timer_canceled_event_attributes.started_event_id)
    return started, ended


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel which processes there are")
def test_what_was_kept_is_there_when_the_system_comes_up_again(tmp_path: Path) -> None:
    with system_in(tmp_path) as (home, announced):
        desk = Desk(home, announced)
        case = desk.issued("停机前立的案件", "戊〔2026〕1号")
        desk.run("record", case, "送达", f"on={today()}", *CLERK)
        patience = time.monotonic() + 120
        while not (before := desk.shown(case))["papers"]:
            assert time.monotonic() < patience, "no paper was made"
            time.sleep(0.2)
        timers, ended = asyncio.run(timers_of(announced["address"], case))
        [pending] = timers.keys() - ended
        [filing] = [each for each in before["deadlines"] if each["rule"] == "jy.file_up"]
        assert timers[pending].startswith(f"检察建议书报上一级检察院备案（{filing['due_on']}届满）")
        processes = [each for each in descendants(os.getpid()) if str(tmp_path) in command_line(each)]
        assert processes
    assert not any(map(is_alive, processes))

    with system_in(tmp_path) as (home, announced):
        again = Desk(home, announced)
        assert again.shown(case) == before
        [listed] = [line for line in again.run("list", "--json").lines if line["case"] == case]
        assert listed["next_due_on"] == filing["due_on"]
        assert asyncio.run(timers_of(announced["address"], case)) == (timers, ended)
        # No mere record: what meets the deadline ends its timer.
        again.run("record", case, "filed_upward", f"on={today()}", *CLERK)
        timers, ended = asyncio.run(timers_of(announced["address"], case))
        assert pending in ended


def test_a_case_is_opened_once(desk: Desk) -> None:
    file = desk.case_file("只立一次", **{"# number: 永检行监〔2026〕1号": "number: 永检行监〔2026〕1号"})
    [opened] = desk.run("open", "urging", file, "--json").lines
    again = desk.run("open", "urging", file, code=1)
    assert opened["case"] in again.err
    other = desk.home.file("other.yaml", file.read_text(encoding="utf-8").replace("只立一次", "另一案件"))
    assert "自编案号" in desk.run("open", "urging", other, code=1).err


def test_a_batch_with_a_duplicate_opens_nothing(desk: Desk) -> None:
    known = desk.case_file("一批之中已有的")
    desk.run("open", "urging", known)
    fresh = [desk.case_file(f"一批之中的第{n}件") for n in range(2)]
    run = desk.run("open", "urging", fresh[0], known, fresh[1], code=1)
    assert run.err.count("✗") == 1 and not run.out
    [first, second] = desk.run("open", "urging", *fresh, "--json").lines
    assert int(second["case"][-4:]) == int(first["case"][-4:]) + 1
    assert "一批之中的第" in first["title"]


def test_a_reply_to_a_letter_never_issued(desk: Desk) -> None:
    case = desk.opened("未曾制发")
    paper = desk.home.file("回复二.txt", "已办。")
    reply = ("reply", case, "--sent", today(), "--letter", "L1", "--paper", paper, *CLERK)
    refused = desk.run(*reply, code=1)
    assert "尚未制发" in refused.err and "--keep" in refused.err
    assert not (desk.home.folder / "archive" / "cases" / case).exists()
    assert desk.shown(case)["facts"][-1]["kind"] == "draft_letter"
    assert "待整理" in desk.run(*reply, "--keep").out
    assert desk.shown(case)["unmatched"] == 1
    text = desk.run("show", case).out
    assert "【待整理" in text and "reply_received-" in text
    [line] = [line for line in desk.run("list", "--unmatched", "--json").lines if line["case"] == case]
    assert line["unmatched"] == 1


def test_a_number_that_another_document_holds(desk: Desk) -> None:
    desk.issued("用了文号", "乙〔2026〕7号")
    case = desk.opened("又用文号")
    desk.run("decide", case, "审批", *CHIEF)
    run = desk.run("decide", case, "制发", "official_no=乙[2026]7号", *CHIEF, code=1)
    assert "已由" in run.err and "official_no" in run.err
    assert desk.shown(case)["letters"][0]["state"] == "approved"
    desk.run("decide", case, "制发", "official_no=乙〔2026〕8号", *CHIEF)


def test_a_batch_of_facts_is_refused_whole(desk: Desk) -> None:
    case = desk.issued("一批事实", "丙〔2026〕1号")
    rows = [
        f"- {{kind: 送达, on: {today()}}}",
        f"- {{kind: 回复, on: {today()}}}",
        "- {kind: 回复, on: 2020-01-01}",
    ]
    batch = desk.home.file("facts.yaml", "\n".join(rows))
    run = desk.run("record", case, batch, *CLERK, code=1)
    assert "第 3 行" in run.err and run.err.count("✗") == 1
    assert desk.shown(case)["letters"][0]["served_on"] == ""
    right = desk.home.file("facts.yaml", "\n".join(rows[:2]))
    assert [line["how"] for line in desk.run("record", case, right, *CLERK, "--json").lines] == [
        "applied"
    ] * 2
    assert [line["how"] for line in desk.run("record", case, right, *CLERK, "--json").lines] == ["seen"] * 2


def test_recipients_are_checked_where_letters_are_drafted(desk: Desk) -> None:
    case = desk.opened("起草文书")
    draft = ("decide", case, "起草文书", "document=检察建议书", "--by", "张三", "--role", "检察官")
    assert "检察建议工作规定第三条" in desk.run(*draft, "recipients=大田县自然资源局", code=1).err
    assert len(desk.shown(case)["letters"]) == 1
    desk.run(*draft, "recipients=永安市林业局", "recipients=某镇人民政府")
    assert [each["recipient"] for each in desk.shown(case)["letters"]][1:] == ["永安市林业局", "某镇人民政府"]


def test_decisions_at_the_wrong_stage(desk: Desk) -> None:
    case = desk.opened("不合时宜")
    for words, said in (
        (["督促"], "尚未制发"),
        (["assess_reply", "substance=空洞"], "尚未制发"),
        (["escalate", "rung=提起公益诉讼"], "尚未制发"),
        (["结案", "outcome=整改到位", "reason=x"], "尚在审批"),
        (["归档"], "尚未结案"),
        (["中止", "deadline=L1/jy.reply"], "没有进行中的期限"),
        (["整理", "fact=x"], "不在待整理之列"),
    ):
        assert said in desk.run("decide", case, *words, *CHIEF, code=1).err
    assert len(desk.shown(case)["facts"]) == 1


def test_a_case_that_is_none(desk: Desk) -> None:
    none = "urging-350481-2001-0001"
    assert "没有案件" in desk.run("show", none, code=1).err
    assert "没有案件" in desk.run("record", none, "其他事实", "event=x", "on=2021", *CLERK, code=1).err
    assert "没有案件" in desk.run("decide", none, "督促", *CHIEF, code=1).err
    assert "没有这个案卷" in desk.run("verify", none, code=1).out


def test_a_terminal_is_asked(desk: Desk) -> None:
    case = desk.opened("终端询问")
    command = [*SCRIPT, "record", case, "送达", f"on={today()}", "letter=L1", *CLERK]

    def answered(answer: bytes) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT, env=desk.home.environment
        )
        os.close(theirs)
        os.write(ours, answer)
        assert process.stdout is not None
        out = process.stdout.read().decode()
        process.stdout.close()
        code = process.wait(timeout=300)
        os.close(ours)
        return code, out

    assert answered(b"n\n") == (1, "")
    assert desk.shown(case)["unmatched"] == 0
    code, out = answered("是\n".encode())
    assert code == 0 and "待整理" in out
    assert desk.shown(case)["unmatched"] == 1


def test_lists_are_filtered(desk: Desk) -> None:
    case = desk.issued("列表", "丁〔2026〕1号")
    everything = desk.run("list", "--json", "--limit", "1000").lines
    assert case in [line["case"] for line in everything]
    unserved = desk.run(
        "list", "--unserved", "--county", "永安市", "--open", "--json", "--limit", "1000"
    ).lines
    assert case in [line["case"] for line in unserved]
    assert not desk.run("list", "--county", "大田县", "--json").lines
    page = desk.run("list", "--limit", "1", "--order", "case")
    assert "第 1—1 件" in page.err and max(width(line) for line in page.out.splitlines()) <= 80


def test_no_worker_is_told_in_time(desk: Desk) -> None:
    [opened] = desk.run("open", "urging", desk.case_file("无人处理"), "--json", queue="nobody").lines
    run = desk.run("show", opened["case"], code=3, queue="nobody")
    assert "工作进程" in run.err
    assert run.seconds < 30


def test_many_runs_side_by_side_without_a_crash(desk: Desk) -> None:
    case = desk.opened("多次")
    desk.shown(case)  # what the first task projects is there
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda _: desk.home.run("show", case, "--json"), range(24)))
    assert {run.code for run in runs} == {0}
    assert len({run.out for run in runs}) == 1
    assert not any(run.err for run in runs)
