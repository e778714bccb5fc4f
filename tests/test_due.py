"""`mingjian due` beneath the script: many dates, each answered in order, or all that is wrong at once."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from models.errors import InputError
from models.rules import all_rules
from starter.due import due_lines
from starter.law import tell_due, tell_rules
from tests.test_calendar import YEAR_2027


def test_each_date_is_answered_in_the_order_given() -> None:
    answers = due_lines("coop.reply", ["2021-09-15", "2021-07-18", "2021-08-01", "2021-12-31"], None)
    assert [str(answer.due_on) for answer in answers] == [
        "2021-11-15",
        "2021-09-18",
        "2021-10-08",
        "2022-02-28",
    ]
    assert [answer.in_force for answer in answers] == [True, False, False, True]
    (copy,) = due_lines("coop.copy", ["2021-09-15"])
    assert copy.due_on == date(2021, 9, 23)


def test_what_an_unpublished_year_may_move_is_provisional_and_says_why() -> None:
    january, december = due_lines("coop.reply", ["2026-11-23", "2026-10-28"], "2026")
    assert (str(january.due_on), january.provisional) == ("2027-01-25", True)
    assert (str(december.due_on), december.provisional) == ("2026-12-28", True)
    assert "2027年的放假安排尚未公布" in january.explanation[-1]
    assert "可能调整2026年12月25日至31日" in december.explanation[-1]


def test_a_line_of_json() -> None:
    (answer,) = due_lines("coop.reply", ["2021-09-15"], None)
    line = json.loads(json.dumps(answer.to_json(), ensure_ascii=False))
    assert list(line) == ["rule", "started_on", "due_on", "provisional", "in_force", "edition", "explanation"]
    assert line == {
        "rule": "coop.reply",
        "started_on": "2021-09-15",
        "due_on": "2021-11-15",
        "provisional": False,
        "in_force": True,
        "edition": "2026",
        "explanation": list(answer.explanation),
    }


def test_a_month_has_two_last_days_and_no_due_day() -> None:
    (answer,) = due_lines("coop.reply", ["2021-10"], None)
    line = answer.to_json()
    assert (line["started_on"], line["due_on"]) == ("2021-10", None)
    assert (line["due_from"], line["due_to"]) == ("2021-12-01", "2021-12-31")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" 2021-09-15 ", "2021-09-15"),
        ("２０２１－０９－１５", "2021-09-15"),
        ("２０２１-09", "2021-09"),
        ("2021-09-01/2021-09-30", "2021-09"),
        ("2021-09-15 ／ 2021-09-16", "2021-09-15/2021-09-16"),
        ("2021-09-15/2021-09-15", "2021-09-15"),
    ],
)
def test_a_date_is_told_in_its_shortest_form_however_it_was_typed(text: str, told: str) -> None:
    (answer,) = due_lines("coop.reply", [text])
    assert answer.started_on == told
    assert answer.to_json() == due_lines("coop.reply", [told])[0].to_json()


@pytest.mark.parametrize(
    "text", ["2021.09.15", "2021-9-15", "20210915", "2021年9月15日", "２０２１－９－１５", ""]
)
def test_what_is_no_date_in_half_width_is_none_in_full_width(text: str) -> None:
    with pytest.raises(InputError, match="不是日期"):
        due_lines("coop.reply", [text])


@pytest.mark.parametrize(
    ("key", "start", "due"),
    [
        ("coop.reply", "1950-01-03", "1950-03-03"),
        ("coop.reply", "1949-08-01", "1949-10-04"),  # over the fixed holidays
        ("coop.copy", "1978-12-18", "1978-12-25"),
        ("sup.hearing", "1949-01-01", "1948-12-29"),
    ],
)
def test_old_dates_are_answered_provisionally(key: str, start: str, due: str) -> None:
    (answer,) = due_lines(key, [start])
    assert (str(answer.due_on), answer.provisional, answer.in_force) == (due, True, False)
    assert "日历未收录" in answer.explanation[-1]


def test_a_waiting_period_tells_when_the_right_opens() -> None:
    day, month = due_lines("ag.demand", ["2025-01-20", "2025-01"])
    line = day.to_json()
    assert (line["due_on"], line["opens_on"]) == ("2025-02-08", "2025-02-09")
    assert "opens_from" not in line and "opens_to" not in line
    line = month.to_json()
    assert (line["due_on"], line["opens_on"]) == (None, None)
    assert (line["due_from"], line["due_to"]) == ("2025-01-15", "2025-02-17")
    assert (line["opens_from"], line["opens_to"]) == ("2025-01-16", "2025-02-18")


def test_only_waiting_periods_open_anything() -> None:
    for law in all_rules():
        line = due_lines(law.key, ["2024-03-01"])[0].to_json()
        assert ("opens_on" in line) is law.waiting, law.key
        assert not law.waiting or date.fromisoformat(line["opens_on"]) > date.fromisoformat(line["due_on"])


@pytest.mark.parametrize(
    ("key", "start", "whole", "part"),
    [
        ("coop.reply", "2021-09", False, True),
        ("coop.reply", "2021-08", False, False),
        ("coop.reply", "2021-10", True, True),
        ("pil.reply", "2017", False, True),
        ("pil.reply", "2017-10", False, False),
        ("pil.reply", "2015-12-24", True, True),
        ("archive.keep", "1950", True, True),
    ],
)
def test_whether_a_text_was_in_force_on_all_or_some_of_the_days(
    key: str, start: str, whole: bool, part: bool
) -> None:
    (answer,) = due_lines(key, [start])
    assert (answer.in_force, answer.ever_in_force) == (whole, part)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_what_is_printed_of_a_start_that_straddles_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    tell_due("coop.reply", ["2021-09", "2021-08"], "", as_json=False)
    straddling, before = (line for line in said(capsys).splitlines() if " 起算 → " in line)
    assert straddling.endswith("（起算日不确知），部分日期起算时尚无有效的文本")
    assert before.endswith("（起算日不确知），起算时尚无有效的文本")
    tell_due("jy.objection", ["2024-03-01"], "", as_json=False)
    assert "2024-03-01 起算 → 由文书载明\n" in said(capsys)


def test_a_rule_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    tell_rules("ct.execute", as_json=True)
    line = json.loads(said(capsys))
    assert line["expiry"] == {"code": "supervise", "words": "怠于执行的嫌疑"}
    assert line["extensions"] == [
        {"officer": "本院院长", "amount": 3, "unit": "months", "basis": "法释〔2000〕29号第五条"},
        {
            "officer": "本院院长（还需延长的，层报高级人民法院备案）",
            "amount": None,
            "unit": None,
            "basis": "法释〔2000〕29号第五条",
        },
    ]
    assert line["suspendable"].startswith("法释〔2000〕29号第九条")
    assert (line["waiting"], line["opens"], line["grace_working_days"]) == (False, None, 0)
    assert [each["days_before"] for each in line["reminders"]] == [14, 3]
    assert line["reminders"][0] == {"days_before": 14, "hour": 9, "to": ["handler", "own_liaison"]}
    assert [(each["from"], each["amount"]) for each in line["versions"]] == [
        ("2000-09-28", 3),
        ("2007-01-01", 3),
    ]
    tell_rules("pt.pay", as_json=True)
    line = json.loads(said(capsys))
    assert line["waiting"] and line["opens"].endswith("加处罚款")
    assert (line["extensions"], line["suspendable"], line["no_number"]) == ([], None, None)
    tell_rules("jy.objection", as_json=True)
    line = json.loads(said(capsys))
    assert line["reminders"] == [] and line["no_number"]["short"] == "由文书载明"
    assert line["grace_working_days"] == 3


def test_a_rule_on_paper(capsys: pytest.CaptureFixture[str]) -> None:
    tell_rules("jy.objection", as_json=False)
    text = said(capsys)
    assert "期限      由文书载明" in text and "提醒" not in text
    tell_rules("jy.reply_urgent", as_json=False)
    assert "提醒      有到期日的，届满前 14、3 日" in said(capsys)
    tell_rules("ct.execute", as_json=False)
    text = said(capsys)
    assert "延长      本院院长批准3个月（法释〔2000〕29号第五条）" in text
    assert "提醒      届满前 14、3 日" in text
    tell_rules("pt.pay", as_json=False)
    assert "届满次日  仍未缴纳的，可以每日按罚款数额的百分之三加处罚款" in said(capsys)


def test_the_list_of_rules_says_where_a_document_sets_the_period(capsys: pytest.CaptureFixture[str]) -> None:
    tell_rules("", as_json=False)
    lines = {line.split()[0]: line for line in said(capsys).splitlines() if "." in line.split("　")[0]}
    assert "由文书载明" in lines["jy.objection"] and "由文书载明" in lines["jy.reply_urgent"]
    assert "逐案确定" in lines["archive.keep"] and "2个月" in lines["coop.reply"]


def test_every_rule_can_be_asked() -> None:
    for law in all_rules():
        (answer,) = due_lines(law.key, ["2024-03-01"], None)
        assert (answer.due_on is None) == (law.versions[-1].amount is None), law.key
        assert answer.in_force and answer.explanation


def test_hundreds_of_dates_in_one_call() -> None:
    dates = [str(date.fromordinal(date(2024, 1, 1).toordinal() + n)) for n in range(600)]
    answers = due_lines("ct.reply", dates, None)
    assert [answer.started_on for answer in answers] == dates


def test_another_edition(tmp_path: Path) -> None:
    (old,) = due_lines("sup.review", ["2019-10-31"], "2020")
    (new,) = due_lines("sup.review", ["2019-10-31"], "2020-01")
    assert (str(old.due_on), str(new.due_on), new.edition) == ("2020-01-31", "2020-02-03", "2020-01")
    path = tmp_path / "2027.toml"
    path.write_text(YEAR_2027, encoding="utf-8")
    (laid,) = due_lines("coop.reply", ["2026-12-05"], str(path))
    assert (str(laid.due_on), laid.provisional) == (
        "2027-02-15",
        False,
    )  # over the Spring Festival of that file
    assert laid.edition.startswith("2026+2027@")


def test_everything_wrong_is_told_at_once_and_nothing_is_answered() -> None:
    with pytest.raises(InputError) as caught:
        due_lines("coop.repl", ["2021-02-30", "2021-09-15", "昨天", "1948-12-31", "2101-01"], "2030")
    assert caught.value.exit_code == 2
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 6
    assert "没有名为“coop.repl”的规则" in told[0] and "coop.reply" in told[0]
    assert "没有名为“2030”的日历版本" in told[1]
    assert told[2] == "字段 第 1 个日期：“2021-02-30”不是存在的日期（请核对年、月、日）"
    assert "第 3 个日期：“昨天”不是日期" in told[3]
    assert "第 4 个日期：“1948-12-31”超出可计算的范围（日期应在 1949-01-01 至 2100-12-31 之间）" in told[4]
    assert "第 5 个日期：“2101-01”超出可计算的范围" in told[5]


def test_no_date_is_no_question() -> None:
    with pytest.raises(InputError, match="没有给出日期"):
        due_lines("coop.reply", [], None)


def test_the_answer_needs_neither_temporal_nor_a_database_nor_pydantic() -> None:
    code = (
        "import sys; from starter.due import due_lines; due_lines('coop.reply', ['2021-09-15'], None);"
        "heavy = ('temporalio', 'sqlmodel', 'sqlalchemy', 'pydantic', 'typer', 'structlog');"
        "print([name for name in heavy if name in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert out.stdout.strip() == "[]"
