"""The letters of published cases: to whom, when served, and whose reply answers which."""

from __future__ import annotations

from datetime import date

import pytest

from models.dates import EventDate
from models.messages import LetterServed
from starter.rehearsing.mapping import script
from starter.rehearsing.timing import days_played
from tests.pure_rehearsal import hows, letter, played, published, reply

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


def test_facts_carry_the_dates_of_their_source() -> None:
    plan = script(published(letter("2022-09")), 1)
    served = plan.steps[0].messages[-1]
    assert isinstance(served, LetterServed)
    assert served.on == EventDate(date(2022, 9, 1), date(2022, 9, 30))
    assert len({message.id for step in plan.steps for message in step.messages}) == 4
