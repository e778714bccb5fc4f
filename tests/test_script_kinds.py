"""Every kind of case by hand: its template opened as it is, and steered by the script alone to its close and into the archive.

The courses are written down in `tests/courses_by_hand/`, one file a kind: rows of what a clerk types, what the case answers
when it refuses, and the stage that `mingjian show` and the web UI tell afterwards. 今天, 3天前 and 30天后 stand for days; `in`
names a case that is tied to this one, by what it is to it.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.dates import day_in_china
from models.kinds import FILES
from models.stages import STAGES
from models.terms import CaseKind, Relation
from starter.columns import width
from starter.kinds import DECISION_NAMES, FACT_NAMES, names_for
from tests.script_runs import ROOT, Home, Run, home_in, system_in
from tests.test_web_ui import fetched, text_of

COURSES = ROOT / "tests" / "courses_by_hand"
BY = {"record": "赵六 书记员", "reply": "赵六 书记员", "decide": "王五 检察长"}
PATIENCE = 120
"""Seconds for what follows a message by itself: a row in the registry, another case, a sealed folder."""


class Clerk:
    """One who types: words with the days that they stand for, files beside them, and runs that end as they should."""

    def __init__(self, home: Home, ui: str = "") -> None:
        self.home = home
        self.ui = ui
        self._files = 0

    def run(self, *words: str | Path, code: int = 0) -> Run:
        """A run that ends with that code."""
        run = self.home.run_here(*words)
        assert run.code == code, f"{words}: {run.code}\n{run.out}{run.err}"
        return run

    def written(self, text: str) -> Path:
        """A file with that text."""
        self._files += 1
        return self.home.file(f"{self._files}.yaml", dated(text))

    def opened(self, kind: CaseKind, title: str = "", more: str = "") -> str:
        """A case opened from the template: as it is, or, for a second one, by another title and with more at its end."""
        text = self.run("open", kind.value, "--template").out
        if title:
            text = re.sub(r"^title: \S+", f"title: {title}", text, flags=re.MULTILINE)
        [line] = self.run("open", kind.value, self.written(text + more), "--json").lines
        return str(line["case"])

    def said(self, case: str, row: dict[str, Any]) -> None:
        """One row of a course: typed, taken or refused in these words, and seen in its stage."""
        [command] = [name for name in BY if name in row]
        words: list[str | Path] = [*shlex.split(dated(row[command] or ""))]
        for place, word in enumerate(words):
            if place and words[place - 1] == "--paper":
                words[place] = self.home.file(str(word), f"%PDF-1.4 {word}\n")
        if "file" in row:
            words.append(self.written(row["file"]))
        name, role = row.get("by", BY[command]).split()
        run = self.home.run_here(command, case, *words, "--by", name, "--role", role)
        if "refused" in row:
            assert run.code and row["refused"] in run.err, f"{row}: {run.out}{run.err}"
            assert_clear(run.err)
        else:
            assert run.code == 0, f"{row}: {run.err}"
            assert "待整理" not in run.out
        if "stage" in row:
            self.sees(case, row["stage"])
            self.sees_in_web_ui(case, row["stage"])

    def sees(self, case: str, stage: str) -> None:
        """What `mingjian show` says of the stage, on a screen of 80 columns."""
        text = ""

        def shown() -> bool:
            nonlocal text
            text = self.run("show", case).out
            return f"\n阶段 {stage}　" in text

        until(shown, lambda: text)
        assert max(width(line) for line in text.splitlines()) <= 80

    def sees_in_web_ui(self, case: str, stage: str) -> None:
        """What the web UI shows of an open case: its line in the list, and its details with the stage."""
        root, _, path = self.ui.partition("/namespaces/")
        place = f"{root}/api/v1/namespaces/{path.partition('/')[0]}/workflows/{case}"
        assert case in text_of(fetched(place)["executionConfig"]["userMetadata"]["summary"])
        metadata = "__temporal_workflow_metadata"

        def details() -> str:
            asked = {"query": {"queryType": metadata}}
            answer = fetched(f"{place}/query/{metadata}", asked)["queryResult"]["payloads"][0]
            return str(json.loads(base64.b64decode(answer["data"]))["currentDetails"])

        until(lambda: f"**阶段**：{stage}　" in details(), details)

    def finds(self, case: str, kind: CaseKind, stage: str) -> None:
        """That `mingjian list` names the case under its kind and its stage, and under no other stage."""
        asked = ("list", "--kind", kind.label, "--limit", "1000", "--json")
        until(lambda: case in [line["case"] for line in self.run(*asked, "--stage", stage).lines])
        assert case in [line["case"] for line in self.run(*asked).lines]
        [other] = [each.label for each in STAGES[kind] if each.label != stage][:1]
        assert case not in [line["case"] for line in self.run(*asked, "--stage", other).lines]

    def tied(self, case: str, relation: str) -> str:
        """The case that is that to this one."""

        def found() -> list[str]:
            [shown] = self.run("show", case, "--json").lines
            return [each["other"] for each in shown["links"] if Relation(each["relation"]).label == relation]

        until(lambda: bool(found()))
        return found()[0]

    def archived(self, case: str, papers: list[str]) -> None:
        """The folder of a closed case: sealed and sound, with these papers."""
        folder = self.home.folder / "archive" / "cases" / case
        until(lambda: '{"seal":' in (folder / "ledger.jsonl").read_text(encoding="utf-8"))
        sound = {"case": case, "sound": True, "findings": [], "unmade": []}
        # The line of the seal book follows the seal: asked between the two, verify misses it.
        until(lambda: self.home.run_here("verify", case, "--json").lines == [sound])
        made = {path.name: path for path in (folder / "data" / "papers" / "out").iterdir()}
        for paper in papers:
            [*found] = [path for name, path in made.items() if paper in name]
            assert found, f"{paper}: {sorted(made)}"
            assert all(path.read_bytes().startswith(b"%PDF-") for path in found)


def dated(text: str) -> str:
    """The days that the words stand for."""
    today = day_in_china(datetime.now(UTC))

    def day(found: re.Match[str]) -> str:
        days = timedelta(days=int(found[1]))
        return str(today + days if found[2] == "后" else today - days)

    return re.sub(r"(\d+)天(前|后)", day, text).replace("今天", str(today))


def until(condition: Callable[[], bool], instead: Callable[[], str] = str) -> None:
    """Wait for it; what is there instead is told when it does not come about."""
    patience = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < patience, instead()
        time.sleep(0.2)


def assert_clear(said: str) -> None:
    """In Chinese: each problem with its remedy in brackets, and no type or name of the program."""
    problems = [line for line in said.splitlines() if line.startswith("✗")]
    assert problems and all(line.endswith("）") for line in problems), said
    assert not re.search(r"[a-z]Error|None|Literal|Traceback", said), said


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    with system_in(tmp_path_factory.mktemp("kinds")) as (home, announced):
        yield Clerk(home, announced["ui"])


@pytest.mark.parametrize("kind", FILES)
def test_a_case_of_every_kind_is_steered_by_hand_from_its_template_to_the_archive(
    clerk: Clerk, kind: CaseKind
) -> None:
    course = yaml.safe_load((COURSES / f"{kind.value}.yaml").read_text(encoding="utf-8"))
    case = clerk.opened(kind)
    clerk.sees(case, course["opened"])
    clerk.finds(case, kind, course["opened"])
    for row in course["course"]:
        clerk.said(clerk.tied(case, row["in"]) if "in" in row else case, row)
    clerk.sees(case, "归档")
    clerk.finds(case, kind, "归档")
    clerk.archived(case, course["papers"])
    assert "已经办结" in clerk.run("decide", case, "归档", "--by", "王五", "--role", "检察长", code=1).err


@pytest.mark.parametrize("kind", FILES)
def test_a_message_of_another_kind_is_refused_as_such(kind: CaseKind, tmp_path: Path) -> None:
    """Before anything is sent: the server need not run."""
    clerk = Clerk(home_in(tmp_path))
    for command, names in (("record", FACT_NAMES), ("decide", DECISION_NAMES)):
        case = f"{kind.value}-350481-2026-0001"
        strange = next(name for code, name in names.items() if code not in names_for(case, names))
        said = clerk.run(
            command, case, strange, "on=2026-01-05", "--by", "张三", "--role", "检察官", code=2
        ).err
        assert f"{kind.label}案件没有“{strange}”这种" in said
        assert_clear(said)


CHIEF, CLERK = ("--by", "王五", "--role", "检察长"), ("--by", "赵六")
REFUSED = [
    # the wrong order
    ("urging", "decide 升格", "尚未制发"),
    ("urging", "record 回复 on=今天 stance=好", "不认识“好”"),
    ("enforcement", "record 法院裁定 on=今天 granted=全部", "尚未记录申请强制执行"),
    ("enforcement", "record 法院执行立案 on=今天", "尚未记录申请强制执行"),
    ("enforcement", "decide 采纳嫌疑 suspicion=A1/ct.rule", "没有待处理的嫌疑"),
    ("enforcement", "record 履行分项 on=今天 items=拆房", "没有处罚分项“拆房”（可选：退地、拆除、罚款）"),
    ("enforcement", "decide 终结审查 reason=撤回", "尚未监督立案"),
    ("public_interest", "decide 决定提起公益诉讼", "本案没有诉前检察建议"),
    ("public_interest", "record 作出判决 on=今天", "本案尚无诉讼"),
    ("public_interest", "decide 决定撤回起诉 reason=已整改", "本案尚无诉讼"),
    ("clue", "record 收到反馈 on=今天", "由本院反馈"),
    ("clue", "decide 移送他院 to=永安市人民检察院 reason=无管辖权", "不能移送给本院"),
    ("file_request", "record 归还原件 on=今天", "没有待归还的原件"),
    ("file_request", "decide 处理拒不配合 measure=报告 reason=拒绝提供", "请求尚未制发"),
    ("coordination", "decide 答复商请 accepted=true roundtable_by=3天前", "不能在"),
    ("dispute", "record 化解不成 on=今天", "尚未评估是否适宜化解"),
    ("study", "record 统一标准 on=3天后 number=甲 title=乙 points=丙", "在将来"),
    ("training", "record 学员退出 on=今天 name=张三", "“张三”没有报名"),
    ("liaison_exchange", "decide 重新汇总数据 reason=改期 last_day=30天后", "尚未结束"),
    ("problem_report", "record 问题报告收悉 on=今天 office=省检察院", "不是收受报告的部门"),
    # twice, and what is none
    ("campaign", "record 挂接案件 on=今天 case=某案", "不能挂接：某案"),
    ("campaign", "decide 批量挂接案件 cases=urging-350481-2026-0001；urging-350481-2026-0001", "重复"),
    # who is not free to
    ("assistant", "decide 指派参与办案 case=某案 elsewhere=true agencies=永安市自然资源局", "聘任"),
    # its own ends and documents only
    ("study", "decide 结案 outcome=整改到位 reason=完成", "不以“整改到位”结案（可选：completed（完成）"),
    ("training", "decide 起草文书 document=检察建议书 recipients=永安市自然资源局", "不制发检察建议书（可选：training_notice"),
]  # fmt: skip


@pytest.fixture(scope="module")
def at_hand(clerk: Clerk) -> dict[str, str]:
    """A case of every kind that has just been opened."""
    return {kind.value: clerk.opened(kind, f"刚立的{kind.label}案件") for kind in FILES}


@pytest.mark.parametrize(("kind", "typed", "said"), REFUSED)
def test_what_does_not_hold_is_refused_in_clear_words(
    clerk: Clerk, at_hand: dict[str, str], kind: str, typed: str, said: str
) -> None:
    command, *words = shlex.split(dated(typed))
    case = at_hand[kind]
    run = clerk.home.run_here(command, case, *words, *(CHIEF if command == "decide" else CLERK))
    assert run.code in (1, 2) and not run.out and said in run.err, f"{run.out}{run.err}"
    assert_clear(run.err)


def test_cases_are_tied_only_to_what_is_there_and_in_no_circle(clerk: Clerk) -> None:
    first, second, third = (clerk.opened(CaseKind.URGING, f"环上第{place}件") for place in (1, 2, 3))
    closed = clerk.opened(CaseKind.STUDY, "停办的调研")
    clerk.run("decide", closed, "结案", "outcome=取消", "reason=停办", *CHIEF)
    clerk.finds(closed, CaseKind.STUDY, "归档")
    for case, other in ((first, second), (second, third)):
        clerk.run("decide", case, "关联案件", "relation=上级案件", f"case={other}", *CHIEF)
        assert clerk.tied(other, "所属案件") == case
    missing = "public_interest-350481-2020-0001"
    for case, words, said in (
        (first, f"关联案件 relation=转为 case={missing}", f"没有案件 {missing}"),
        (first, "关联案件 relation=转为 case=某案", "不是本系统的案件编号"),
        (first, f"关联案件 relation=转为 case={first}", "不能关联自己"),
        (third, f"关联案件 relation=上级案件 case={first}", "上下级关系成了循环"),
        (first, f"关联案件 relation=关联 case={second}", "已关联"),
        (first, "另立关联案件 relation=转为 into=公益诉讼", "须写明理由"),
        (closed, "另立关联案件 relation=转为 into=公益诉讼 reason=另立", "已经办结归档"),
        (first, f"关联案件 relation=转为 case={closed}", "不能与之转办"),
    ):
        said_of_it = clerk.run("decide", case, *words.split(), *CHIEF, code=1).err
        assert said in said_of_it
        assert_clear(said_of_it)


def test_a_side_has_one_liaison_at_a_time(clerk: Clerk) -> None:
    designate = ("liaisons", "designate", "大田县人民检察院")
    clerk.run(*designate, "周一", "--from", "2026-01-05", "--by", "王五")
    said = clerk.run(*designate, "吴二", "--from", "2026-01-05", "--by", "王五", code=1).err
    assert "同一时间只能有一名（第二条）" in said
    assert_clear(said)
