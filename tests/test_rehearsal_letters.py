"""The letters of published cases: to whom, when served, and whose reply answers which."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.dates import EventDate
from models.facts import LetterServed
from starter.rehearsing.mapping import script
from starter.rehearsing.timing import days_played
from tests.pure_rehearsal import hows, letter, met, played, published, reply


def served(on: str, target: str | None = "某县自然资源局", **fields: Any) -> dict[str, Any]:
    return {"date": on, "event": "suggestion_served", "target": target, **fields}


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
    rehearsed = played(letter("2024-04-01"), served("2024-04-08", target), reply("2024-06-11"))
    (deadline,) = rehearsed.deadlines
    assert (deadline.started_on, deadline.presumed, deadline.days_late) == ("2024-04-08", False, 0)
    assert hows(rehearsed) == ["applied"] * 3


def test_a_service_without_an_issue_is_both() -> None:
    (deadline,) = played(served("2024-04-08", "某镇政府")).deadlines
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
        ("行政公益诉讼", "采取紧急措施，两个月内书面回复", "pil.reply"),
        ("行政非诉执行监督", "发诉前检察建议", "pil.reply"),
        ("行政非诉执行监督", "类案检察建议", "jy.reply"),
        ("", "发告知函", "coop.reply"),
    ],
)
def test_the_rule_of_a_letter(nature: str, note: str, rule: str) -> None:
    (deadline,) = played(letter("2022-05-05", note=note), legal_nature=nature).deadlines
    assert deadline.rule == rule


def test_a_public_interest_case_of_unwritten_nature_sends_pre_suit_letters() -> None:
    (deadline,) = played(letter("2023-05-05"), kind="public_interest", legal_nature=None).deadlines
    assert deadline.rule == "pil.reply"


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


def test_facts_carry_the_dates_of_their_source() -> None:
    plan = script(published(letter("2022-09")), 1)
    message = plan.steps[0].messages[-1]
    assert isinstance(message, LetterServed)
    assert message.on == EventDate(date(2022, 9, 1), date(2022, 9, 30))
    assert len({message.id for step in plan.steps for message in step.messages}) == 4


# services


def test_a_service_names_its_recipient_in_other_words() -> None:
    (deadline,) = played(
        letter("2022-04-08", "市自然资源局某区分局"), served("2022-04-12", "区自然资源分局")
    ).deadlines
    assert (deadline.recipient, deadline.started_on, deadline.presumed) == (
        "市自然资源局某区分局",
        "2022-04-12",
        False,
    )


def test_a_service_after_the_answer_is_of_another_letter() -> None:
    rehearsed = played(letter("2022-01-04"), reply("2022-02-15"), served("2022-06-01"))
    assert [(each.started_on, each.presumed) for each in rehearsed.deadlines] == [
        ("2022-01-04", True),
        ("2022-06-01", False),
    ]


def test_a_service_of_another_type_is_of_another_letter() -> None:
    rehearsed = played(letter("2022-01-04"), served("2022-01-20", note="公开送达社会治理检察建议"))
    assert [(each.rule, each.started_on) for each in rehearsed.deadlines] == [
        ("pil.reply", "2022-01-04"),
        ("jy.reply", "2022-01-20"),
    ]


def test_a_service_of_the_same_day_may_stand_before_its_letter() -> None:
    (deadline,) = played(served("2022-04-08"), letter("2022-04-08"), reply("2022-06-08")).deadlines
    assert (deadline.presumed, deadline.met_on) == (False, "2022-06-08")


def test_a_letter_handed_over_in_public_is_served_that_day() -> None:
    (public,) = played(letter("2022-07-12", note="公开宣告送达")).deadlines
    (plain,) = played(letter("2022-07-12", "某县法院", note="建议改进法律文书送达")).deadlines
    assert (public.presumed, plain.presumed) == (False, True)


def test_a_court_may_be_told_to_receive_our_letter() -> None:
    received = {"date": "2021-03-05", "event": "suggestion_served", "role": "court", "actor": "某县法院"}
    (deadline,) = played(received, reply("2021-06-05", "县法院", role="court")).deadlines
    assert (deadline.rule, deadline.presumed, deadline.days_late) == ("ct.reply", False, -2)
    assert played({**received, "target": "某县自然资源局"}).deadlines == ()


# who answers


def test_a_reply_of_the_letters_own_day_answers_it_whichever_stands_first() -> None:
    rehearsed = played(reply("2022-07-12"), letter("2022-07-12"))
    assert (hows(rehearsed), rehearsed.deadlines[0].met_on) == (["applied", "applied"], "2022-07-12")


def test_bodies_of_two_levels_answer_each_its_own_letter() -> None:
    rehearsed = played(
        letter("2020-11-02", "某县自然资源局；某市自然资源局；某县法院；某市中级法院"),
        reply("2020-12-18", "县自然资源局"),
        reply("2020-12-25", "市自然资源局"),
        reply("2021-01-29", "县法院"),
        reply("2021-02-05", "市中院"),
    )
    assert sorted(met(rehearsed)) == [
        ("某县法院", "2021-01-29"),
        ("某县自然资源局", "2020-12-18"),
        ("某市中级法院", "2021-02-05"),
        ("某市自然资源局", "2020-12-25"),
    ]


def test_a_bureau_and_its_branch_answer_each_its_own_letter() -> None:
    rehearsed = played(
        letter("2021-03-05", "某市自然资源和规划局；某市自然资源和规划局某区分局"),
        reply("2021-04-05", "市自然资源和规划局"),
        reply("2021-05-05", "区分局"),
    )
    assert [day for _, day in met(rehearsed)] == ["2021-04-05", "2021-05-05"]


def test_a_vague_name_means_the_only_body_that_still_owes_an_answer() -> None:
    rehearsed = played(
        letter("2021-03-05", "县发展和改革委员会；县自然资源局；某镇政府"),
        reply("2021-04-01", "县局"),
        reply("2021-04-05", "县发改委"),
        reply("2021-04-06", "县局"),
        reply("2021-04-07", "该镇"),
    )
    assert hows(rehearsed) == ["applied", "unmatched", "applied", "applied", "applied"]
    assert [day for _, day in met(rehearsed)] == ["2021-04-05", "2021-04-06", "2021-04-07"]


def test_of_two_towns_that_fit_alike_none_is_taken() -> None:
    rehearsed = played(letter("2021-03-05", "甲镇政府；乙镇政府"), reply("2021-04-05", "镇政府"))
    assert hows(rehearsed) == ["applied", "unmatched"]


def test_a_joint_reply_answers_the_letter_of_each_body_it_names() -> None:
    joint = played(letter("2023-01-10", "市林业局；区城管局"), reply("2023-03-05", "市林业局、区城管局"))
    each = played(letter("2023-01-10", "市林业局；区城管局"), reply("2023-03-05", "", note="两局分别回复"))
    assert met(joint) == met(each) == [("市林业局", "2023-03-05"), ("区城管局", "2023-03-05")]


def test_the_successor_of_a_body_answers_its_letter() -> None:
    rehearsed = played(
        letter("2019-03-11", "县国土资源局"),
        {"date": "2019-04", "event": "competence_transferred", "note": "行政处罚权划转至县综合行政执法局"},
        reply("2019-05-10", "县综合执法局"),
        agency="县国土资源局；县综合行政执法局",
    )
    assert (hows(rehearsed), met(rehearsed)) == (["applied"] * 3, [("县国土资源局", "2019-05-10")])


@pytest.mark.parametrize(
    "fields", [{"note": "收到某县自然资源局书面回复"}, {"target": "县自然资源局"}, {"note": "收到书面回复"}]
)
def test_a_reply_may_be_noted_by_the_procuratorate(fields: dict[str, Any]) -> None:
    noted = {
        "date": "2022-05-18",
        "event": "reply_received",
        "role": "procuratorate",
        "actor": "县检察院",
        **fields,
    }
    assert met(played(letter("2022-03-21"), noted)) == [("某县自然资源局", "2022-05-18")]


# several letters to one body


def test_a_first_reply_answers_the_earliest_letter() -> None:
    rehearsed = played(letter("2023-02-01"), letter("2023-03-01"), reply("2023-03-25"), reply("2023-04-20"))
    assert [day for _, day in met(rehearsed)] == ["2023-03-25", "2023-04-20"]


def test_a_reply_answers_the_letter_whose_matter_it_names_and_supplements_stay_there() -> None:
    rehearsed = played(
        letter("2023-02-01", note="建议查处甲地块"),
        letter("2023-06-30", note="建议查处乙地块"),
        reply("2023-08-20", note="乙地块部分整改"),
        reply("2023-09-10", note="其余全部整改"),
    )
    assert [day for _, day in met(rehearsed)] == ["", "2023-08-20"]
    assert "第2次回复" in rehearsed.events[3].what[0]


def test_a_letter_to_each_town_that_shares_an_ending() -> None:
    rehearsed = played(letter("2023-03-01", "甲镇、乙镇、丙镇人民政府"), reply("2023-04-10", "乙镇政府"))
    assert met(rehearsed) == [("甲镇", ""), ("乙镇", "2023-04-10"), ("丙镇人民政府", "")]


@pytest.mark.parametrize("target", ["三部门", "县水利局等三个部门"])
def test_where_only_the_number_of_recipients_is_told_the_case_lists_them(target: str) -> None:
    agency = "县自然资源局；县水利局；某镇政府"
    rehearsed = played(letter("2022-12-21", target), reply("2023-02-10", "县水利局"), agency=agency)
    assert [name for name, _ in met(rehearsed)] == agency.split("；")
    assert all(each.guessed for each in rehearsed.deadlines)
    alone = played(letter("2022-12-21", "县水利局等三个部门"), agency="县水利局")
    assert [name for name, _ in met(alone)] == ["县水利局"]
