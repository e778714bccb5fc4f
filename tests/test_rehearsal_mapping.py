"""Published cases without a server: the file format, the names of bodies, the mapping to messages, the hand-written table."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.dates import EventDate
from models.errors import InputError
from models.messages import LetterServed
from starter.rehearsing.expected import PUBLISHED, differences, expected_rows
from starter.rehearsing.mapping import script
from starter.rehearsing.naming import chains, is_same_body, recipients_of, renamed_to
from starter.rehearsing.published import PublishedCase, parse_published, read_all
from starter.rehearsing.report import Rehearsed
from starter.rehearsing.timing import days_played
from tests.pure_rehearsal import play_purely

SHIPPED = read_all([PUBLISHED])


def published(*events: dict[str, Any], **fields: Any) -> PublishedCase:
    """A case as a file would have it; an event needs no more than `date` and `event`."""
    written = {
        "id": "x",
        "title": "某案",
        "kind": "urging",
        "legal_nature": "行政公益诉讼诉前程序",
        "procuratorate": "某县人民检察院",
        "agency": "某县自然资源局",
        **fields,
        "events": [{"role": "procuratorate", **event} for event in events],
    }
    return parse_published(yaml.safe_dump(written, allow_unicode=True), "x.yaml")


def letter(on: str, target: str | None = "某县自然资源局", **fields: Any) -> dict[str, Any]:
    return {"date": on, "event": "suggestion_issued", "actor": "某县检察院", "target": target, **fields}


def reply(on: str, actor: str = "某县自然资源局", **fields: Any) -> dict[str, Any]:
    return {"date": on, "event": "reply_received", "role": "agency", "actor": actor, **fields}


def played(*events: dict[str, Any], **fields: Any) -> Rehearsed:
    return play_purely(script(published(*events, **fields), 1))


def hows(rehearsed: Rehearsed) -> list[str]:
    return [each.how for each in rehearsed.events]


# the shipped cases


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.id)
def test_a_shipped_case_agrees_with_the_table_written_by_hand(case: PublishedCase) -> None:
    rehearsed = play_purely(script(case, 1))
    assert [str(each) for each in differences([rehearsed], expected_rows())] == []
    line = rehearsed.to_json()
    assert line["events"] == len(case.events) == line["applied"] + line["noted"] + len(line["unmatched"])


def test_of_the_shipped_cases_only_replies_to_undated_letters_match_nothing() -> None:
    unmatched = {
        (case.id, taken.event.word)
        for case in SHIPPED
        for taken in play_purely(script(case, 1)).events
        if taken.how == "unmatched"
    }
    assert unmatched == {
        ("10-miluo-hearing-before-filing", "reply_received"),
        ("28-liupanshui-muguo-dump", "reply_received"),
    }


def test_a_difference_is_named_with_case_recipient_and_both_values() -> None:
    case = next(each for each in SHIPPED if each.id.startswith("39-"))
    rehearsed = play_purely(script(case, 1))
    rows = expected_rows()
    rows[case.id] = [{**rows[case.id][0], "due": "2024-06-01", "days_late": 0}]
    assert [str(each) for each in differences([rehearsed], rows)] == [
        f"{case.id}　县城管执法局：届满期望 2024-06-01，演练得 2024-06-03",
        f"{case.id}　县城管执法局：迟延天数期望 0，演练得 -2",
    ]
    missing = dataclasses.replace(rehearsed, deadlines=())
    assert "演练没有" in str(differences([missing], rows)[0])
    assert "多出" in str(differences([rehearsed], {case.id: []})[0])
    assert "期望表没有" in str(differences([rehearsed], {})[0])


# the file format

GOOD = """
id: a
title: 某案
kind: urging
events:
- date: 2012
  precision: year
  event: violation_started
- date: 2018-09-29
  event: suggestion_issued
  role: procuratorate
  target: 某县自然资源局
"""


def test_bare_years_and_dates_are_read_and_an_unknown_kind_is_kept() -> None:
    case = parse_published(GOOD.replace("urging", "something_new"), "a.yaml")
    assert [str(event.on) for event in case.events] == ["2012", "2018-09-29"]
    assert case.kind == "something_new"
    assert parse_published(GOOD.replace("urging", "enforcement_supervision"), "").kind == "enforcement"


@pytest.mark.parametrize(
    ("change", "to", "told"),
    [
        ("title: 某案\n", "", "字段 title：缺少 title"),
        ("kind: urging", "kind: [urging]", "kind 应为文字"),
        ("event: violation_started", "evnt: violation_started", "不认识的字段“evnt”"),
        ("title: 某案", "titel: 某案", "不认识的字段“titel”"),
        (
            "target: 某县自然资源局",
            "target: 某县自然资源局\n  target: 乙",
            "第 2 个事件 target：字段“target”写了两次",
        ),
        ("date: 2018-09-29", "date: 2018-09-31", "第 2 个事件 date：“2018-09-31”不是存在的日期"),
        ("date: 2018-09-29", "date: 去年", "“去年”不是日期"),
        ("date: 2018-09-29", "date: 2018-09-29\n  date_end: 2018-09-01", "日期区间颠倒"),
        ("date: 2018-09-29", "date: 1018-09-29", "请核对年份"),
        ("date: 2018-09-29\n", "precision: day\n", "缺少 date"),
        ("precision: year", "precision: day", "precision 写 day，而日期“2012”的精度是 year"),
        ("role: procuratorate", "role: [a]", "role 应为文字"),
        ("target: 某县自然资源局", f"target: {'长' * 101}", "target 过长"),
        ("events:", "events: 无\nfacts:", "没有事件"),
        ("id: a", "id: a: b", "YAML 语法错误"),
        ("title: 某案", "title: \x07", "YAML 语法错误"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(change: str, to: str, told: str) -> None:
    assert change in GOOD
    with pytest.raises(InputError) as refused:
        parse_published(GOOD.replace(change, to), "a.yaml")
    assert told in str(refused.value)
    assert "文件 a.yaml，第 " in str(refused.value)


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD.replace("date: 2012", "date: 2012-13"), encoding="utf-8")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "c.yaml").write_text("- 1\n", encoding="utf-8")
    (tmp_path / "d.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "e.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_all([tmp_path, tmp_path / "missing.yaml"])
    told = str(refused.value)
    for each in (
        "a.yaml",
        "不是存在的日期",
        "b.yaml",
        "不是 UTF-8",
        "c.yaml",
        "不是案例文件",
        "重复",
        "没有这个文件",
    ):
        assert each in told


def test_a_folder_is_read_without_the_table_that_lies_in_it() -> None:
    assert len(SHIPPED) == 40
    assert len(read_all(sorted(PUBLISHED.glob("*.yaml")))) == 40


def test_a_letter_from_before_any_calendar_is_refused() -> None:
    with pytest.raises(InputError, match="过早"):
        script(published(letter("1985-03")), 1)


# names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市林业局；区城管局", ("市林业局", "区城管局")),
        ("区分局、区法院", ("区分局", "区法院")),
        ("某镇政府和县农业农村局", ("某镇政府", "县农业农村局")),
        ("交通运输局和住房和城乡建设局", ("交通运输局", "住房和城乡建设局")),
        ("县城市管理和综合执法局", ("县城市管理和综合执法局",)),
        ("土地、林业主管部门", ("土地、林业主管部门",)),
        ("乡镇政府、街道办事处和县水利局等五家单位", ("乡镇政府", "街道办事处", "县水利局")),
        ("威海市国土资源局→市自然资源和规划局；威海市政府（批准机关）", ("威海市国土资源局", "威海市政府")),
        ("县发展和改革委员会、财政局", ("县发展和改革委员会", "财政局")),
        ("甲局；甲局", ("甲局",)),
        ("", ()),
    ],
)
def test_a_line_names_its_bodies(text: str, names: tuple[str, ...]) -> None:
    assert recipients_of(text) == names


RENAMED = chains("威海市国土资源局→市自然资源和规划局；威海市政府（批准机关）")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("威海市国土资源局", "市自然资源和规划局", True),
        ("原某县国土局", "县国土局", True),
        ("县自规局", "某县自然资源和规划局", True),
        ("县城管执法局", "安溪县城市管理和综合执法局", True),
        ("木果镇人民政府", "木果镇政府", True),
        ("区分局（市局名义）", "区分局", True),
        ("甲镇政府", "乙镇政府", False),
        ("市林业局", "区林业局", False),
        ("市林业局", "市城管局", False),
        ("县法院", "市中级法院", False),
        ("", "县法院", False),
    ],
)
def test_one_body_under_two_names(one: str, other: str, same: bool) -> None:
    assert is_same_body(one, other, RENAMED) is same
    assert is_same_body(other, one, RENAMED) is same


def test_the_new_name_of_a_reorganised_body() -> None:
    assert renamed_to("更名为自然资源和规划局", RENAMED) == "市自然资源和规划局"
    assert renamed_to("成立综合行政执法局承接职权", ()) == "综合行政执法局"
    assert renamed_to("机构改革", RENAMED) == ""


# when


def test_an_imprecise_event_waits_for_its_last_day_but_not_past_what_follows_it() -> None:
    case = published(
        {"date": "2020", "event": "violation_started"},
        letter("2023-04"),
        {"date": "2023-04-20", "event": "hearing_held"},
        {"date": "2023-06", "event": "case_closed"},
        reply("2023-06-11"),
    )
    assert days_played(case.events) == {
        1: date(2020, 12, 31),
        2: date(2023, 4, 20),
        3: date(2023, 4, 20),
        4: date(2023, 6, 30),
        5: date(2023, 6, 11),
    }


def test_a_letter_known_to_the_year_goes_out_before_its_reply() -> None:
    rehearsed = played(reply("2023-06-11"), letter("2023"))
    assert hows(rehearsed) == ["applied", "applied"]
    assert rehearsed.deadlines[0].started_on == "2023"
    assert (rehearsed.deadlines[0].due_from, rehearsed.deadlines[0].due_to) == ("2023-03-01", "2024-02-29")
    assert rehearsed.deadlines[0].days_late is None


def test_a_letter_known_to_a_range_of_years_is_answered_within_it() -> None:
    rehearsed = played(letter("2020-09", date_end="2021-06"), reply("2020-12-01"))
    assert hows(rehearsed) == ["applied", "applied"]
    assert (rehearsed.deadlines[0].started_on, rehearsed.deadlines[0].met_on) == (
        "2020-09-01/2021-06-30",
        "2020-12-01",
    )


# letters and replies


def test_a_day_of_service_the_source_lacks_is_the_day_of_issue_and_marked() -> None:
    (deadline,) = played(letter("2024-04-01"), reply("2024-06-14")).deadlines
    assert (deadline.rule, deadline.presumed) == ("pil.reply", True)
    assert (deadline.started_on, deadline.due_on, deadline.met_on, deadline.days_late) == (
        "2024-04-01",
        "2024-06-03",
        "2024-06-14",
        11,
    )


@pytest.mark.parametrize("target", ["某县自然资源局", None])
def test_a_service_told_apart_starts_the_period(target: str | None) -> None:
    served = {"date": "2024-04-08", "event": "suggestion_served", "target": target}
    rehearsed = played(letter("2024-04-01"), served, reply("2024-06-11"))
    (deadline,) = rehearsed.deadlines
    assert (deadline.started_on, deadline.presumed, deadline.days_late) == ("2024-04-08", False, 0)
    assert hows(rehearsed) == ["applied"] * 3


def test_a_service_without_an_issue_is_both() -> None:
    (deadline,) = played({"date": "2024-04-08", "event": "suggestion_served", "target": "某镇政府"}).deadlines
    assert (deadline.recipient, deadline.started_on, deadline.presumed) == ("某镇政府", "2024-04-08", False)


def test_each_recipient_has_its_letter_and_a_court_its_own_rule() -> None:
    rehearsed = played(
        letter("2021-06-25", "区分局、区法院"),
        reply("2021-08-20", "区法院", role="court"),
        reply("2021-08-25", "区分局"),
        legal_nature="行政非诉执行监督",
    )
    found = {
        each.recipient: (each.rule, each.due_on, each.met_on, each.days_late) for each in rehearsed.deadlines
    }
    assert found == {
        "区分局": ("jy.reply", "2021-08-25", "2021-08-25", 0),
        "区法院": ("ct.reply", "2021-09-26", "2021-08-20", -37),
    }


@pytest.mark.parametrize(
    ("nature", "note", "rule"),
    [
        ("行政公益诉讼（起诉）", "建议履职", "pil.reply"),
        ("行政公益诉讼（起诉）", "社会治理检察建议", "jy.reply"),
        ("行政公益诉讼", "情况紧急，15日内书面回复", "pil.reply_urgent"),
        ("行政非诉执行监督", "发诉前检察建议", "pil.reply"),
        ("行政非诉执行监督", "类案检察建议", "jy.reply"),
        ("", "发告知函", "coop.reply"),
    ],
)
def test_the_rule_of_a_letter(nature: str, note: str, rule: str) -> None:
    (deadline,) = played(letter("2022-05-05", note=note), legal_nature=nature).deadlines
    assert deadline.rule == rule


def test_during_the_pilot_a_pre_suit_letter_had_one_month() -> None:
    (deadline,) = played(letter("2016-05-05")).deadlines
    assert deadline.due_on == "2016-06-06"


def test_a_missing_recipient_is_who_answers_else_the_body_of_the_case_and_marked() -> None:
    by_reply = played(letter("2024-04-01", None), reply("2024-05-06", "某镇政府"))
    by_case = played(letter("2024-04-01", None), agency="甲县国土局→甲县自然资源局；乙镇政府")
    by_nothing = played(letter("2024-04-01", None), agency=None)
    assert [(each.recipient, each.guessed) for each in by_reply.deadlines] == [("某镇政府", True)]
    assert by_reply.deadlines[0].met_on == "2024-05-06"
    assert [each.recipient for each in by_case.deadlines] == ["甲县国土局"]
    assert [each.recipient for each in by_nothing.deadlines] == ["（来源未写明收件单位）"]


def test_a_renamed_body_answers_the_letter_to_its_former_name() -> None:
    rehearsed = played(
        letter("2018-11-05", "甲市国土资源局"),
        {
            "date": "2018-12",
            "event": "agency_reorganized",
            "role": "government",
            "actor": "甲市",
            "note": "更名为自然资源局",
        },
        reply("2019-01-03", "市自然资源局"),
        agency="甲市国土资源局→市自然资源局",
    )
    (deadline,) = rehearsed.deadlines
    assert (deadline.recipient, deadline.met_on) == ("甲市国土资源局", "2019-01-03")
    assert "由市自然资源局承接" in rehearsed.events[1].what[0]


def test_a_second_letter_to_the_same_body_takes_the_next_reply() -> None:
    rehearsed = played(letter("2023-01-05"), reply("2023-03-01"), letter("2023-09-05"), reply("2023-10-09"))
    assert [(each.started_on, each.met_on) for each in rehearsed.deadlines] == [
        ("2023-01-05", "2023-03-01"),
        ("2023-09-05", "2023-10-09"),
    ]


def test_the_first_of_several_replies_meets_the_deadline() -> None:
    rehearsed = played(letter("2023-01-05"), reply("2023-03-01"), reply("2023-08-01"))
    assert rehearsed.deadlines[0].met_on == "2023-03-01"
    assert hows(rehearsed) == ["applied"] * 3


def test_a_reply_from_somebody_else_is_kept_for_sorting_with_the_reason() -> None:
    rehearsed = played(letter("2023-01-05"), reply("2023-03-01", "县水利局"))
    assert hows(rehearsed) == ["applied", "unmatched"]
    (line,) = rehearsed.to_json()["unmatched"]
    assert (line["event"], line["date"]) == ("reply_received", "2023-03-01")
    assert "县水利局" in line["reason"]


def test_a_courts_own_suggestion_is_no_letter_of_ours() -> None:
    rehearsed = played(
        {
            "date": "2020-09",
            "event": "suggestion_issued",
            "role": "court",
            "actor": "省高院",
            "target": "市规划局",
        }
    )
    assert (hows(rehearsed), rehearsed.deadlines) == (["noted"], ())


def test_a_promise_in_a_reply_becomes_a_deadline() -> None:
    plan = script(published(letter("2019-09-11"), reply("2019-09-26", note="企业承诺10月15日前还款")), 1)
    promised = plan.steps[1].messages[0].model_dump()["promises"]
    assert promised == ({"what": "还款", "by": date(2019, 10, 15)},)


# what else


def test_a_word_never_seen_is_kept_in_the_timeline() -> None:
    rehearsed = played(
        letter("2023-01-05"),
        {"date": "2023-02", "event": "drone_survey_flown", "role": "volunteer", "actor": "志愿者"},
    )
    assert hows(rehearsed) == ["applied", "noted"]
    assert "drone_survey_flown" in rehearsed.events[1].what[0]


def test_a_case_is_closed_looked_back_upon_and_still_takes_what_follows() -> None:
    rehearsed = played(
        letter("2023-01-05"),
        reply("2023-02-20", note="整改到位"),
        {"date": "2023-03-01", "event": "case_closed", "actor": "某县检察院"},
        {"date": "2023-09-01", "event": "follow_up_check", "actor": "某县检察院", "note": "未发现反弹"},
        {"date": "2024-01-01", "event": "statistics_published"},
    )
    assert hows(rehearsed) == ["applied", "applied", "applied", "applied", "noted"]
    assert rehearsed.outcome is not None and rehearsed.outcome.value == "rectified"
    assert "整改保持" in rehearsed.events[3].what[0]
    assert rehearsed.stage.value == "archived"


def test_a_closing_before_a_further_letter_closes_nothing() -> None:
    rehearsed = played(
        letter("2023-01-05"),
        {"date": "2023-03-01", "event": "case_closed", "actor": "某市检察院"},
        letter("2023-05-05", "某镇政府"),
    )
    assert hows(rehearsed) == ["applied", "noted", "applied"]
    assert rehearsed.outcome is None


def test_a_closing_without_letters_or_items_claims_nothing_was_put_right() -> None:
    rehearsed = played({"date": "2023-03-01", "event": "case_closed", "actor": "某县检察院"})
    assert rehearsed.outcome is not None and rehearsed.outcome.value == "terminated"


def test_a_lawsuit_finds_the_reply_wanting_and_its_end_closes_the_case() -> None:
    rehearsed = played(
        letter("2018-06-13"),
        reply("2018-08-04", note="称已恢复（不实）"),
        {"date": "2018-10-30", "event": "lawsuit_filed", "actor": "某县检察院", "target": "某县法院"},
        {"date": "2019-04-28", "event": "judgment", "role": "court", "actor": "某县法院"},
    )
    assert "虚假" in rehearsed.events[2].what[0]
    assert rehearsed.outcome is not None and rehearsed.outcome.value == "judgment"


def test_what_a_penalty_demands_and_what_was_done_are_items() -> None:
    rehearsed = played(
        {
            "date": "2019-05-07",
            "event": "penalty_decision",
            "role": "agency",
            "note": "限期拆除、罚款19016.76元",
        },
        {"date": "2019-11-11", "event": "fine_paid", "role": "party", "note": "缴清罚款，其余未履行"},
    )
    assert [len(each.what) for each in rehearsed.events] == [2, 1]
    assert "缴款到账完成，事项完成" in rehearsed.events[1].what[0]


def test_a_relapse_before_the_end_reopens_what_was_right() -> None:
    rehearsed = played(
        {"date": "2019-04-10", "event": "verified", "note": "实地核实已清运"},
        {"date": "2020-07", "event": "relapse_found", "note": "同地点反弹"},
    )
    assert "须重做" in rehearsed.events[1].what[0]


def test_facts_carry_the_dates_of_their_source() -> None:
    plan = script(published(letter("2022-09")), 1)
    served = plan.steps[0].messages[-1]
    assert isinstance(served, LetterServed)
    assert served.on == EventDate(date(2022, 9, 1), date(2022, 9, 30))
    assert len({message.id for step in plan.steps for message in step.messages}) == 4
