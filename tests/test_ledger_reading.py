"""A ledger that is read: dates in every manner of writing, cases at any stage, and all that can be wrong with a file."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.dates import EventDate
from models.errors import InputError
from models.messages import Told
from models.terms import Role
from models.wire import Person
from models.written_dates import read_date, read_day
from starter.ledgers.reading import read_ledger
from tests.sample_ledgers import (
    ASSESSED,
    CLOSED,
    GOOD,
    ISSUED,
    JURISDICTION,
    REPLIED,
    SERVED,
    TODAY,
    another,
    ledger_file,
    read,
)


def kinds(messages: tuple[Told, ...]) -> list[str]:
    return [message.kind for message in messages]


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("2021-07-03", "2021-07-03"),
        ("2021年7月3日", "2021-07-03"),
        ("2021年07月03号", "2021-07-03"),
        ("2021.7.3", "2021-07-03"),
        ("2021/7/3", "2021-07-03"),
        ("２０２１．７．３", "2021-07-03"),
        (" 2021 年 7 月 3 日 ", "2021-07-03"),
        ("2021-07-03 00:00:00", "2021-07-03"),
        ("20210703", "2021-07-03"),
        (20210703, "2021-07-03"),
        (date(2021, 7, 3), "2021-07-03"),
        (datetime.fromisoformat("2021-07-03T15:30"), "2021-07-03"),
        ("2021年7月", "2021-07"),
        ("2021年7月份", "2021-07"),
        ("2021-07", "2021-07"),
        ("2021.7", "2021-07"),
        (202107.0, "2021-07"),
        ("2021年", "2021"),
        ("2021", "2021"),
        (2021, "2021"),
        (2021.0, "2021"),
        ("2021年7月上旬", "2021-07-01/2021-07-10"),
        ("2021年2月下旬", "2021-02-21/2021-02-28"),
        ("2021-07-09/2021-07-11", "2021-07-09/2021-07-11"),
        ("2021年7月9日至11日", "2021-07-09/2021-07-11"),
        ("2021年7月9日至8月11日", "2021-07-09/2021-08-11"),
        ("2021.7.9-7.11", "2021-07-09/2021-07-11"),
        ("2021.7.9～2021.8.1", "2021-07-09/2021-08-01"),
        ("2021年7月—9月", "2021-07-01/2021-09-30"),
        ("2021/7/3-2021/7/5", "2021-07-03/2021-07-05"),
        ("2021-2022", "2021-01-01/2022-12-31"),
        ("2021/2022", "2021-01-01/2022-12-31"),
        ("2021/7/15", "2021-07-15"),
    ],
)
def test_a_date_is_read_in_the_precision_it_has(cell: object, means: str) -> None:
    assert read_date(cell) == EventDate.parse(means)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (44380, "是数字"),
        (44380.5, "是数字"),
        ("44380", "不是日期"),
        ("21.7.3", "不是日期"),
        ("2021-13", "不是存在的日期"),
        ("2021年2月30日", "不是存在的日期"),
        ("去年", "不是日期"),
        ("2021.7.3.4", "不是日期"),
        ("2021年7月11日至9日", "区间颠倒"),
        ("2021年7月1日至2日至3日", "不是日期"),
        (True, "不是日期"),
        ("", "不是日期"),
    ],
)
def test_what_is_no_date_is_refused(cell: object, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read_date(cell)
    assert all(problem.remedy for problem in caught.value.problems)


def test_a_day_is_asked_for_where_one_is_needed() -> None:
    assert read_day("2021.7.3") == date(2021, 7, 3)
    with pytest.raises(InputError, match="没有写到日"):
        read_day("2021年7月")


@pytest.mark.parametrize("system", [False, True], ids=["1900", "1904"])
def test_days_of_both_systems_of_excel_are_the_same_days(tmp_path: Path, system: bool) -> None:
    [case] = read(tmp_path, ISSUED, date_1904=system).cases
    assert case.case.opened_on == date(2021, 9, 20)
    assert [message.on for message in case.case.backlog] == [date(2021, 9, 22)] * 2


# ── cases at every stage ─────────────────────────────────────────────────────────────────────────────────────────────

_OUT = ["approve_letter", "issue_letter"]
_TAKEN = [*_OUT, "letter_served", "filed_upward"]


@pytest.mark.parametrize(
    ("row", "course"),
    [
        (GOOD, []),
        (GOOD | {"文书种类": "告知函", "收件单位": "永安市自然资源局"}, []),
        (ISSUED, _OUT),
        (SERVED, _TAKEN),
        (SERVED | {"拒收日期": "2021-09-23", "送达方式": "留置送达"}, [*_OUT, "service_refused", *_TAKEN[2:]]),
        (SERVED | {"督促日期": "2021-11-30"}, [*_TAKEN, "urge"]),
        (SERVED | {"督促日期": "2021年12月"}, [*_TAKEN, "happened"]),
        (REPLIED, [*_TAKEN, "reply_received"]),
        (ASSESSED, [*_TAKEN, "reply_received", "assess_reply"]),
        (ASSESSED | {"评估结果": "未整改", "督促日期": "2021-12-01"}, [*_TAKEN, "reply_received", "assess_reply", "urge"]),
        (CLOSED, [*_TAKEN, "reply_received", "assess_reply", "close_case"]),
        (CLOSED | {"回头看日期": "2022-03", "整改保持": "是"},
         [*_TAKEN, "reply_received", "assess_reply", "close_case", "looked_back"]),
        (GOOD | {"立案日期": "2021年9月", "备注": "移交时缺卷"}, ["happened", "happened"]),
        (GOOD | {"种类": "线索移送", "移送单位": "永安市自然资源局"}, []),
        (GOOD | {"种类": "公益诉讼", "涉案机关": "永安市自然资源局；永安市林业局"}, ["file_case"]),
    ],
)  # fmt: skip
def test_a_row_is_a_case_at_its_stage(tmp_path: Path, row: Mapping[str, Any], course: list[str]) -> None:
    ledger = read(tmp_path, row)
    assert ledger.problems() == []
    [case] = ledger.cases
    assert kinds(case.case.backlog) == course
    opening = case.case.opening(7, "2026")
    ids = [message.id for message in opening.backlog]
    assert ids == [f"{opening.case}-backlog-{place}" for place in range(1, len(ids) + 1)]


def test_what_is_known_to_the_month_stays_so(tmp_path: Path) -> None:
    row = CLOSED | {
        "制发日期": "2021年9月",
        "送达日期": "2021年9月下旬",
        "备案日期": "",
        "结案日期": "2021年12月",
    }
    [case] = read(tmp_path, row | {"立案日期": "2021年8月"}).cases
    by_kind = {message.kind: message for message in case.case.backlog}
    assert case.case.opened_on == date(2021, 8, 1)
    assert str(by_kind["happened"].on) == "2021-08"
    assert str(by_kind["issue_letter"].known_on) == str(EventDate.parse("2021-09"))  # type: ignore[union-attr]
    assert str(by_kind["letter_served"].on) == "2021-09-21/2021-09-30"
    assert str(by_kind["close_case"].known_on) == "2021-12"  # type: ignore[union-attr]


def test_a_presumed_service_says_that_it_is_one(tmp_path: Path) -> None:
    [case] = read(tmp_path, SERVED | {"送达日期": "以制发日代"}).cases
    [served] = [message for message in case.case.backlog if message.kind == "letter_served"]
    assert served.presumed and served.on == EventDate.on(date(2021, 9, 22))


def test_who_did_what_is_said_as_far_as_the_ledger_knows(tmp_path: Path) -> None:
    file = ledger_file(
        tmp_path / "台账.xlsx", [ASSESSED, another(ASSESSED, 2, 批准人="王检察长", 承办人身份="检察官助理")]
    )
    first, second = read_ledger(file, JURISDICTION, Person(name="赵书记员", role=Role.CLERK), TODAY).cases
    by = {message.kind: (message.by.name, message.by.role.label) for message in first.case.backlog}
    assert by["approve_letter"] == by["issue_letter"] == ("台账未载", "检察长")
    assert by["letter_served"] == by["reply_received"] == ("赵书记员", "书记员")
    assert by["assess_reply"] == ("张三", "检察官")
    by = {message.kind: (message.by.name, message.by.role.label) for message in second.case.backlog}
    assert by["issue_letter"] == ("王检察长", "检察长") and by["assess_reply"] == ("张三", "检察官助理")
    assert second.case.opening(2, "").letters[0].by.name == "张三"


def test_other_letters_and_items_belong_to_their_case(tmp_path: Path) -> None:
    number = GOOD["本院案号"]
    earlier = {"本院案号": number, "文书种类": "告知函", "收件单位": "永安市自然资源局", "制发日期": "2021-09-21",
               "送达日期": "2021-09-23"}  # fmt: skip
    items = [
        {"本院案号": number, "内容": "清运弃土", "类别": "清运恢复", "面积（平方米）": 1200,
         "进展": "清运 2021-10-08；覆土：2021年10月", "完成日期": "2021-11-02"},
        {"本院案号": number, "事项编号": "复种", "内容": "恢复种植", "完成期限": "2022年3月"},
    ]  # fmt: skip
    ledger = read(tmp_path, SERVED, letters=[earlier], items=items)
    assert ledger.problems() == []
    [case] = ledger.cases
    opening = case.case.opening(1, "")
    # In the order of their days: the 告知函 went out first, though it stands in the second sheet.
    assert [draft.document.label for draft in opening.letters] == ["告知函", "检察建议书"]
    assert [(item.id, item.due_on) for item in opening.items] == [
        ("事项1", None),
        ("复种", date(2022, 3, 31)),
    ]
    days = [getattr(message, "known_on", None) or message.on for message in opening.backlog]
    told_days = [day.latest if isinstance(day, EventDate) else day for day in days if day is not None]
    assert told_days == sorted(told_days)
    steps = [message.milestone.label for message in opening.backlog if message.kind == "item_progressed"]
    assert steps == ["清运", "覆土", "验收"]


# ── what is wrong with a row ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "column", "what"),
    [
        ({"地方": "上海市"}, "地方", "上海市"),
        ({"地方": ""}, "地方", "没有填写"),
        ({"种类": "专项行动"}, "种类", "台账不导入专项行动案件"),
        ({"种类": "督促"}, "种类", "不认识"),
        ({"事项": "毁地"}, "事项", "不认识“毁地”"),
        ({"事项": "其他"}, "受理理由", "须说明"),
        ({"立案日期": "2027-01-05"}, "立案日期", "在将来"),
        ({"立案日期": "去年"}, "立案日期", "不是日期"),
        ({"发现日期": "2021-10-01"}, "发现日期", "晚于立案日"),
        ({"承办人身份": "局长"}, "承办人身份", "不认识"),
        ({"面积（平方米）": "三亩"}, "面积（平方米）", "应为数字"),
        ({"收件单位": "永安市自然资源局；永安市林业局"}, "收件单位", "写了几个单位"),
        ({"文书种类": "督促函"}, "文书种类", "督促函"),
        ({"文书种类": "告知函", "收件单位": "永安市林业局"}, "收件单位", "不受协作意见约束"),
        (
            {"文书种类": "告知函", "制发日期": "2021-09-14", "立案日期": "2021-09-01"},
            "制发日期",
            "不在施行期间",
        ),
        ({"批准人": "张三"}, "批准人", "起草人张三不得审批"),
        ({"制发日期": "2021-09-01"}, "制发日期", "早于立案日"),
        ({"制发日期": ""}, "制发日期", "却没有写制发日期"),
        ({"送达日期": "2021-09-01"}, "送达日期", "早于该文书制发日"),
        ({"送达方式": "留置送达"}, "送达方式", "留置送达以拒收为前提"),
        ({"送达方式": "托人带去"}, "送达方式", "不认识"),
        ({"送达日期": "", "送达方式": "邮寄送达"}, "送达日期", "没有写送达日期"),
        ({"收到日期": "2021年11月"}, "收到日期", "没有写到日"),
        ({"收到日期": "2021-11-01"}, "收到日期", "早于寄出日"),
        ({"回复日期": ""}, "回复日期", "却没有写回复日期"),
        ({"回复态度": "好"}, "回复态度", "不认识"),
        ({"评估结果": "", "评估日期": "2021-12-01"}, "评估结果", "没有评估结果"),
        ({"评估结果": ""}, "结案方式", "有回复待评估"),
        ({"评估结果": "未整改"}, "结案方式", "尚未整改到位"),
        ({"结案方式": ""}, "结案方式", "没有结案方式"),
        ({"结案日期": ""}, "结案日期", "没有写结案日期"),
        ({"结案方式": "线索采纳"}, "结案方式", "不以“线索采纳”结案"),
        ({"整改保持": "尚可", "回头看日期": "2022-03-01"}, "整改保持", "应为是或否"),
        ({"移送单位": "永安市自然资源局"}, "移送单位", "没有这一项"),
        ({"备注": "字" * 1001}, "备注", "过长"),
        ({"批准人": "字" * 61}, "批准人", "过长"),
        ({"文号": "字" * 61}, "文号", "过长"),
        ({"回复文号": "字" * 101}, "回复文号", "过长"),
        ({"立案日期": "1950-01-05"}, "立案日期", "过早"),
        ({"结案日期": "2021-11-01"}, "结案日期", "早于回复日期"),
        ({"结案日期": "2021-09-01"}, "结案日期", "早于立案日期"),
        ({"结案日期": "2027-01-01"}, "结案日期", "在将来"),
        ({"评估日期": "2021-10-01"}, "评估日期", "早于回复日期"),
        ({"督促日期": "2021-09-21"}, "督促日期", "早于制发日期"),
        ({"种类": "线索移送"}, "移送单位", "没有写明移送单位"),
        ({"案件名称": "案\x01"}, "案件名称", "不能用的字符"),
    ],
)
def test_what_is_wrong_is_told_by_its_cell(
    tmp_path: Path, changes: Mapping[str, Any], column: str, what: str
) -> None:
    row = {name: cell for name, cell in {**CLOSED, **changes}.items() if cell != "" or name not in GOOD}
    heads = [*dict.fromkeys([*CLOSED, *changes])]
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD | {"本院案号": "好的"}, row], heads=heads)
    if "\x01" in str(changes):
        _with_control_character(file)
    ledger = read_ledger(file, JURISDICTION, today=TODAY)
    assert [case.case.written.number for case in ledger.cases] == ["好的"]
    found = {each.column: each for each in ledger.findings if (each.sheet, each.row) == ("案件", 3)}
    assert column in found and what in found[column].what and found[column].remedy
    assert len(ledger.findings) == len(found)


def _with_control_character(file: Path) -> None:
    """As Excel writes one: XML has no such character."""
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(
                name, content.replace("案\x01".encode(), b"_x0001_").replace(b"&#x1;", b"_x0001_")
            )


def test_all_that_is_wrong_with_a_file_is_told_at_once_and_in_its_order(tmp_path: Path) -> None:
    rows = [
        GOOD | {"地方": "上海市", "事项": "毁地"},
        another(ISSUED, 2, 制发日期="去年"),
        another(GOOD, 3, 承办人=""),
    ]
    orphan = {"本院案号": "没有的", "文书种类": "告知函", "收件单位": "永安市自然资源局"}
    problems = read(tmp_path, *rows, letters=[orphan]).problems()
    assert [(each.file, each.row, each.field) for each in problems] == [
        ("台账.xlsx（案件表）", 2, "地方"),
        ("台账.xlsx（案件表）", 2, "事项"),
        ("台账.xlsx（案件表）", 3, "制发日期"),
        ("台账.xlsx（案件表）", 4, "承办人"),
        ("台账.xlsx（文书表）", 2, "本院案号"),
    ]


def test_blank_rows_are_passed_over_and_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    heads = [*reversed(ISSUED), "序号"]
    ledger = read(tmp_path, ISSUED, {}, {"承办人": "  "}, another(GOOD, 2, 序号=2), heads=heads)
    assert ledger.problems() == [] and [case.group.case.number for case in ledger.cases] == [2, 5]
