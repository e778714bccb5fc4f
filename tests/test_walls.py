"""Walls between desks: a county desk runs every command that there is, and hears nothing of another county or of a higher level.

The commands are those of the parser's table: one that is added later, and is not named here, fails the first test.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from pypdf import PdfReader

from activities.books import Books, Stray
from activities.database import Database
from models.notices import Notice
from starter import main as script
from starter.commands.app import app
from tests.incoming_files import docx, put
from tests.script_runs import Home, Run, system_in
from tests.test_script_system import CHIEF, CLERK, Desk, today

COUNTY = {"MINGJIAN_DESK": "永安市院", "MINGJIAN_DESK_COUNTIES": "350481", "MINGJIAN_DESK_LEVEL": "ordinary"}
ABSENT = "urging-350421-2026-9340"
YEAR = str(datetime.now(UTC).year)
BY = ("--by", "张三", "--role", "检察官")

# What a clerk of the county may try of each command; `{other}` is a case of another county, `{inner}` an internal one of the
# own county, `{own}` one that is seen, `{out}` a folder to write into, `{case_file}` the case file of the other case.
TRIED: dict[str, list[str]] = {
    "open": ["urging {case_file}", "urging {inner_file}"],
    "reply": [f"{{case}} --sent {today()} --stance 采纳 --by 张三 --role 书记员"],
    "record": [f"{{case}} 送达 on={today()} --by 张三 --role 书记员 --keep"],
    "decide": [
        "{case} 审批 --by 王五 --role 检察长",
        "{own} link_case relation=related case={other} --by 张三 --role 检察官",
        "{own} link_case relation=related case={inner} --by 张三 --role 检察官",
        "{own} link_case relation=related case={absent} --by 张三 --role 检察官",
    ],
    "correct": ["{case} x on=2026-01-01 --reason 误 --by 张三"],
    "tray": ["", "收文-暗一 --aside 存 --by 张三", "收文-暗一 --into {own} --by 张三"],
    "draft": ["{case} L1 --out {out}/草稿.docx"],
    "issued": ["{case} L1 {paper} --by 张三"],
    "package": ["{case} --out {out}/包"],
    "take-over": ["{out} --voucher 00 --by 张三"],
    "exchanges": ["", "trigger 明溪县", "remove 明溪县", "set 明溪县 --by 张三"],
    "today": ["", "--county 明溪县", "--handler 暗承办人"],
    "show": [
        "{case}",
        "{case} --timeline",
        "{case} --audit",
        "{case} --deadlines",
        "{case} --why --out {out}/为何.pdf",
    ],
    "list": [
        "",
        "--county 明溪县",
        "--handler 暗承办人",
        "--unmatched",
        "--pending",
        "--agency 明溪县自然资源局",
        "--csv",
        "--csv --out {out}/案件.csv",
        "--campaign campaign-350421-2026-9341",
    ],
    "search": ["暗", "暗县 --county 明溪县", "{other_word}", "督促", "案"],
    "due": ["coop.reply 2026-01-05"],
    "ics": [
        "--out {out}/期限.ics",
        "--out {out}/甲.ics --handler 暗承办人",
        "--out {out}/乙.ics --case {case}",
    ],
    "rules show": ["", "coop.reply"],
    "rules adopt": [
        "{adoption}",
        "{adoption} --out {out}/采用.csv",
        "{adoption} --yes --by 张三 --reason 试",
    ],
    "rules move": ["1", "1 --case {other} --out {out}/改.csv", "1 --case {inner}"],
    "verify": ["", "--offline", "{case}", "--repair", "{case} --repair"],
    "report": [
        YEAR,
        f"{YEAR} --out {{out}}/统计",
        f"{YEAR} --figure 新收案件",
        f"{YEAR} --county 明溪县",
    ],
    "patterns": [
        "--least 2",
        "--least 2 --county 明溪县",
        "--least 2 --draft 1 --out {out}/类案.yaml --by 张三",
    ],
    "renew": ["", "{case}"],
    "rebuild": ["", "--yes --by 张三 --replace"],
    "doctor": [""],
    "completion": ["bash"],
    "archive copy": ["--to {out}/档案"],
    "applications import": ["{list_file} --quarter 2021Q4 --by 张三 --role 检察官"],
    "liaisons": ["", "--all"],
    "liaisons designate": ["明溪县人民检察院 赵六 --from 2026-01-05 --by 张三"],
    "liaisons absent": ["永安市人民检察院 --deputy 钱七 --from 2026-01-05 --until 2026-01-09 --by 张三"],
    "liaisons release": ["明溪县人民检察院 --on 2026-01-05 --by 张三"],
    "liaisons import": [""],
    "inbox": [""],
    "inbox take": ["来文.docx --by 张三", "来文.docx --case {case} --by 张三"],
    "inbox fetch": [""],
    "inbox aside": ["另一来文.docx --reason 存查 --by 张三"],
    "ledger template": ["--out {out}/样表.xlsx"],
    "ledger import": ["{ledger}"],
    "ledger export": ["--out {out}/台账.xlsx", "--out {out}/台账二.xlsx --county 明溪县"],
    "registers out": ["", "--county 明溪县", "--csv {out}/发文.csv"],
    "registers in": ["", "--county 明溪县", "--csv {out}/收文.csv"],
    "registers gaps": [""],
    "registers void": ["{other}/D1 --reason 误 --by 张三", "{inner}/D1 --reason 误 --by 张三"],
    "addresses": [""],
    "addresses set": ["赵六 z@example.gov.cn --by 张三"],
    "addresses remove": ["赵六"],
    "mails": ["", "--failed", "--case {other}", "--case {inner}"],
    "mails again": ["{other}/暗邮件", "{inner}/暗邮件"],
    "mails preview": ["{case}"],
    "mails bounced": ["{other}/暗邮件 邮箱已满", "{inner}/暗邮件 邮箱已满"],
    "calendar show": [""],
    "calendar publish": [
        "{year_file}",
        "{year_file} --out {out}/移动.csv",
        "{year_file} --yes --by 张三 --reason 试",
    ],
    "calendar progress": [""],
    "agencies show": ["", "永安市自然资源局", "明溪县自然资源局 --json"],
    "agencies adopt": ["{agencies_file}", "{agencies_file} --yes --by 张三 --reason 试"],
    "agencies move": ["1 --all"],
    "templates show": ["", "--json"],
    "templates export": ["{out}/模板"],
    "templates adopt": ["{out}/模板"],
}
# These start a server of their own and read no registry of the site, or serve everybody.
APART = {"rehearse", "demo", "up"}


def leaves(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its words."""
    below = getattr(group, "commands", {})
    if path and (not below or group.invoke_without_command):
        yield " ".join(path), group
    for name, each in below.items():
        yield from leaves(each, (*path, name))


def commands() -> dict[str, Any]:
    for room in script.COMMAND_ROOMS:
        import_module(f"starter.commands.{room}")
    return dict(leaves(typer.main.get_command(app)))


def test_every_command_is_tried() -> None:
    assert sorted(commands()) == sorted(TRIED.keys() | APART), "say in TRIED what a county desk may try of it"


@dataclass
class Walled:
    """The running system with three cases, and the desk of the county that may see one of them."""

    desk: Desk
    own: str
    other: str
    inner: str
    files: dict[str, str]

    @property
    def home(self) -> Home:
        return self.desk.home

    def hidden(self) -> tuple[str, ...]:
        """What stands in what may not be seen, and nowhere else."""
        return (self.other, self.inner, "暗")

    def run(self, words: str, folder: Path, *more: str, **extra: str) -> Run:
        folder.mkdir(exist_ok=True)
        arguments = [each.format(out=folder, **_filled(self)) for each in words.split()]
        return self.home.run_here(*arguments, *more, **(COUNTY | extra))


def words_of(title: str, word: str) -> dict[str, str]:
    """A case file's words, turned into such as stand nowhere else."""
    return {
        "某镇某村": f"{word}村",
        "name: 张三": f"name: {word}承办人",
        "# parties: [某建材公司]": f"parties: [{word}当事人]",
        "某村耕地": f"{word}耕地",
        "summary: 办理刑事案件": f"summary: {title}",
    }


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walled]:
    folder = tmp_path_factory.mktemp("walls")
    with system_in(folder) as (home, announced):
        desk = Desk(home, announced)
        own = desk.issued("永安明案一", "永检建〔2026〕9342号")
        _another(desk, "永安明案二")
        changes = words_of("暗县案", "暗")
        other_file = desk.case_file("暗县案", **changes)
        text = other_file.read_text(encoding="utf-8").replace("永安市", "明溪县")
        other_file.write_text(text, encoding="utf-8")
        inner_file = desk.case_file("暗内案", **changes)
        inner_file.write_text(inner_file.read_text(encoding="utf-8") + "\nlevel: 内部\n", encoding="utf-8")
        other, inner = (_opened(desk, each) for each in (other_file, inner_file))
        for case, number in ((other, "暗检建〔2026〕9343号"), (inner, "暗检建〔2026〕9344号")):
            desk.run("decide", case, "审批", *CHIEF)
            desk.run("decide", case, "制发", f"official_no={number}", *CHIEF)
            desk.run("record", case, "送达", f"on={today()}", *CLERK)
            paper = desk.home.file("暗回复.txt", "暗文")
            desk.run("reply", case, "--sent", today(), "--stance", "采纳", "--paper", paper, *CLERK)
            desk.run(
                "record", case, "其他事实", f"on={today()}", "event=暗事", "actor=暗人", "note=暗", *CLERK
            )
            _in_the_books(desk, case)
        for name in ("来文.docx", "另一来文.docx"):
            put(home.folder / "intake", name, docx(f"{name}：暗检建〔2026〕9343号收悉"))
        files = {
            "case_file": str(other_file),
            "inner_file": str(inner_file),
            "other_word": "9343",
            "paper": str(desk.home.file("正本.pdf", "%PDF-1.4\n")),
            "list_file": str(desk.home.file("清单.yaml", _LIST)),
            "ledger": str(folder / "台账.xlsx"),
            "adoption": str(desk.home.file("规则.toml", desk.run("rules", "adopt", "--template").out)),
            "agencies_file": str(
                desk.home.file("机构变动.toml", desk.run("agencies", "adopt", "--template").out)
            ),
            "year_file": str(desk.home.file("2027.toml", desk.run("calendar", "publish", "--template").out)),
        }
        desk.run("ledger", "template", "--out", files["ledger"])
        yield Walled(desk, own, other, inner, files)


def _opened(desk: Desk, file: Path) -> str:
    [line] = desk.run("open", "urging", file, "--json").lines
    return str(line["case"])


def _another(desk: Desk, title: str) -> None:
    desk.issued(title, "永检建〔2026〕9345号")


def _in_the_books(desk: Desk, case: str) -> None:
    """A mail that was refused, and something in the tray."""
    database = Database(f"sqlite:///{desk.home.folder}/registry.db")
    books, now = Books(database), datetime.now(UTC)
    books.add(
        Notice(
            key=f"{case}/暗邮件",
            case=case,
            to=("暗收件人",),
            subject="暗题",
            body="暗文\n",
            on=now.date(),
            at=now,
        )
    )
    books.sending(f"{case}/暗邮件", "x@example.gov.cn", channel="smtp")
    books.refused(f"{case}/暗邮件", "查无此人")
    stray = Stray(
        id="收文-暗一" if case.startswith("urging-350421") else "收文-暗二",
        case=case,
        name="reply_received",
        content="{}",
        why="暗中办结",
        received_at=now,
    )
    books.keep(stray)
    database.close()


_LIST = """\
source: 明溪县自然资源局
county: 明溪县
applications:
  - {party: 某公司, court: 明溪县人民法院, filed_on: 2021-10-12}
"""


def told(run: Run, folder: Path) -> str:
    """All that a run told: on the screen, and in the files that it wrote."""
    return "\n".join([run.out, run.err, *(_text(file) for file in folder.rglob("*") if file.is_file())])


def _text(file: Path) -> str:
    if file.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(file) as held:
            return "\n".join(held.read(name).decode("utf-8", "replace") for name in held.namelist())
    if file.suffix == ".pdf":
        return "".join("".join(page.extract_text().split()) for page in PdfReader(file).pages)
    return file.read_bytes().decode("utf-8", "replace").replace("\r\n ", "")


@pytest.mark.parametrize("command", sorted(TRIED))
def test_a_county_desk_hears_nothing_of_what_is_out_of_reach(
    walled: Walled, command: str, tmp_path: Path
) -> None:
    takes_json = any("--json" in each.opts for each in commands()[command].params)
    for number, tried in enumerate(TRIED[command]):
        for as_json in (False, True)[: 1 + takes_json]:
            more = ("--json",) if as_json else ()
            at = tmp_path / f"{number}{as_json:d}"
            if "{case}" in tried:
                assert_closed(walled, f"{command} {tried}", at, more)
                continue
            run = walled.run(f"{command} {tried}", at, *more)
            typed = f"{command} {tried}".format(out=at, **_filled(walled))
            assert_silent(walled, told(run, at), typed, f"{command} {tried}")


def _filled(walled: Walled) -> dict[str, str]:
    return {"own": walled.own, "other": walled.other, "inner": walled.inner, "absent": ABSENT, **walled.files}


def assert_closed(walled: Walled, words: str, folder: Path, more: tuple[str, ...]) -> None:
    """A case that is there and out of reach is refused in the same words as one that is not there."""
    answers = set()
    for place, case in enumerate((walled.other, walled.inner, ABSENT)):
        at = folder.with_name(f"{folder.name}-{place}")
        run = walled.run(words.replace("{case}", case), at, *more)
        assert run.code == 1, f"{words} {case}: {run.code} {run.out}{run.err}"
        text = told(run, at)
        answers.add(text.replace(case, "这个案件").replace(str(at), ""))
        assert_silent(walled, text, case, words)
    assert len(answers) == 1, answers


def assert_silent(walled: Walled, text: str, typed: str, words: str) -> None:
    """Nothing that may not be known stands in a text, but for what was typed."""
    for word in sorted(typed.replace("=", " ").split(), key=len, reverse=True):
        text = text.replace(word, "")
    for hidden in walled.hidden():
        place = text.find(hidden)
        assert place < 0, f"{words}: …{text[max(0, place - 200) : place + 100]}…"


def test_what_the_city_sees_is_there_to_be_hidden(walled: Walled, tmp_path: Path) -> None:
    """The same questions from the city's desk: were they answered with nothing, the walls would not have been tried."""
    desk = walled.desk
    for words in ("list", "search 暗", "today", "registers out", "registers in", "mails", "tray", "inbox"):
        text = desk.run(*words.split()).out
        assert any(each in text for each in (walled.other, walled.inner)), words
    assert {walled.own, walled.other, walled.inner} < {
        each["case"] for each in desk.run("list", "--json").lines
    }


def test_the_figures_of_a_county_desk_say_of_what_they_are(walled: Walled, tmp_path: Path) -> None:
    bounds = "仅限永安市的普通案件"
    assert "共 2 件" in (listed := walled.run("list", tmp_path).err) and bounds in listed
    assert bounds in walled.run("search 永安", tmp_path).err
    assert bounds in walled.run("today", tmp_path).out
    report = walled.run(f"report {YEAR} --out {{out}}/统计", tmp_path)
    assert bounds in report.out
    for file in (tmp_path / "统计").iterdir():
        assert bounds in _text(file), file.name
    lines = walled.run(f"report {YEAR} --json", tmp_path).lines
    assert {each["only"] for each in lines} == {bounds}
    assert [each["value"] for each in lines if each["figure"] == "opened"] == [2]
    [whole] = [
        each["value"]
        for each in walled.desk.run("report", YEAR, "--json").lines
        if each["figure"] == "opened"
    ]
    assert whole == 4
    assert "仅限" in walled.run("ledger export --out {out}/台账.xlsx", tmp_path).out


def test_what_lies_within_reach_is_worked_as_ever(walled: Walled, tmp_path: Path) -> None:
    shown = walled.run(f"show {walled.own}", tmp_path)
    assert shown.code == 0 and "永安明案一" in shown.out
    assert walled.run(f"record {walled.own} 送达 on={today()} --by 张三 --role 书记员", tmp_path).code == 0
    assert walled.run(f"verify {walled.own}", tmp_path).code == 0
    raised = walled.run(
        f"decide {walled.own} set_level level=内部 reason=涉工作秘密 --by 王五 --role 检察长", tmp_path
    )
    assert raised.code == 0, raised.err
    _until_gone(walled, tmp_path)
    assert walled.run(f"show {walled.own}", tmp_path).code == 1
    *_, told_of = walled.desk.run("show", walled.own, "--timeline", "--json").lines
    assert told_of["what"] == "知悉范围由普通变更为内部：涉工作秘密"
    assert "知悉范围：普通 → 内部" in walled.desk.run("show", walled.own, "--audit").out
    lowered = walled.desk.run("decide", walled.own, "set_level", "level=普通", *CHIEF, code=1)
    assert "理由" in lowered.err
    walled.desk.run("decide", walled.own, "set_level", "level=普通", "reason=已公开", *CHIEF)


def _until_gone(walled: Walled, tmp_path: Path) -> None:
    patience = time.monotonic() + 30
    while walled.own in walled.run("list --json", tmp_path).out:
        assert time.monotonic() < patience
        time.sleep(0.1)


def test_the_shell_offers_what_is_within_reach(walled: Walled) -> None:
    from starter.completing import cases

    with pytest.MonkeyPatch.context() as patched:
        for name, value in (walled.home.environment | COUNTY).items():
            if name.startswith("MINGJIAN_"):
                patched.setenv(name, value)
        offered = [case for case, _ in cases("")]
        assert walled.own in offered
        assert walled.other not in offered and walled.inner not in offered
        assert "MINGJIAN_DESK_COUNTIES" in os.environ
