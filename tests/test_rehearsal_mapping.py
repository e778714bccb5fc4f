"""Published cases without a server: the shipped ones against the hand-written table; what becomes of events but letters."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from starter.rehearsing.expected import PUBLISHED, differences, expected_rows
from starter.rehearsing.mapping import script
from starter.rehearsing.published import PublishedCase, read_all
from starter.rehearsing.report import Rehearsed
from tests.pure_rehearsal import hows, letter, play_purely, played, reply

SHIPPED = read_all([PUBLISHED])


def ours(on: str, event: str, note: str = "", **fields: Any) -> dict[str, Any]:
    """What the procuratorate did."""
    return {"date": on, "event": event, "actor": "某县检察院", "note": note, **fields}


def outcome(rehearsed: Rehearsed) -> str | None:
    return rehearsed.outcome.value if rehearsed.outcome else None


# the shipped cases


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.id)
def test_a_shipped_case_agrees_with_the_table_written_by_hand(case: PublishedCase) -> None:
    rehearsed = play_purely(script(case, 1))
    assert [str(each) for each in differences([rehearsed], expected_rows())] == []
    line = rehearsed.to_json()
    assert line["events"] == len(case.events) == line["applied"] + line["noted"] + len(line["unmatched"])


def test_in_the_shipped_cases_everything_matches() -> None:
    unmatched = {
        (case.id, taken.event.word)
        for case in SHIPPED
        for taken in play_purely(script(case, 1)).events
        if taken.how == "unmatched"
    }
    assert unmatched == set()


def test_a_reply_to_a_letter_that_the_source_does_not_date_is_entered_with_it() -> None:
    """The letter went out at some time after what happened before, and no later than its reply: no day is invented."""
    rehearsed = played({"date": "2023-05", "event": "clue_found"}, reply("2023-08-05"))
    assert hows(rehearsed) == ["applied", "applied"]
    assert "于2023-05-01/2023-08-05制发" in "".join(rehearsed.events[1].what)
    assert rehearsed.deadlines == ()


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


# the end


def test_every_unassessed_reply_is_assessed_before_a_suit_and_before_the_end() -> None:
    answers = letter("2021-03-05"), reply("2021-04-05", note="部分整改"), reply("2021-05-05", note="全部整改")
    closed = played(*answers, ours("2021-06-01", "case_closed", "结案"))
    assert outcome(closed) == "rectified"
    assert "评估为“部分整改”" in closed.events[3].what[0]
    assert "评估为“采纳并整改”" in closed.events[3].what[1]
    sued = played(
        *answers,
        ours("2021-08-02", "lawsuit_filed", "起诉"),
        {"date": "2021-12-01", "event": "judgment", "role": "court", "actor": "某县法院"},
    )
    assert (hows(sued)[3:], outcome(sued)) == (["applied", "applied"], "judgment")


def test_what_the_case_refuses_to_decide_is_noted_with_the_reason() -> None:
    rehearsed = played(
        letter("2021-03-05"),
        {"date": "2021-04-10", "event": "penalty_decision", "role": "agency", "note": "限期拆除"},
        ours("2021-04-20", "case_closed", "整改到位，结案"),
        reply("2021-05-05", note="补交书面回复"),
    )
    closing = rehearsed.events[2]
    assert (closing.how, outcome(rehearsed)) == ("noted", None)
    assert "尚未整改到位" in closing.why[0]
    assert not any("拆除完成" in sentence for sentence in closing.what), "nothing is done on its account"
    assert hows(rehearsed)[3] == "applied"


def test_a_closing_that_says_put_right_needs_no_other_proof_where_nothing_was_sent() -> None:
    assert outcome(played(ours("2021-04-20", "case_closed", "整改到位，结案"))) == "rectified"


def test_a_case_closed_and_relapsed_is_closed_again() -> None:
    rehearsed = played(
        letter("2021-03-05"),
        reply("2021-04-05", note="已整改"),
        ours("2021-04-20", "case_closed", "结案"),
        ours("2021-08-01", "relapse_found", "反弹"),
        letter("2021-08-10"),
        reply("2021-10-11", note="已整改"),
        ours("2021-11-01", "case_closed", "再次结案"),
    )
    assert (hows(rehearsed), outcome(rehearsed)) == (["applied"] * 7, "rectified")


def test_what_was_wanting_and_is_put_right_since_can_be_closed_so() -> None:
    wanting = (
        letter("2021-03-05"),
        reply("2021-04-05", note="已整改"),
        ours("2021-04-10", "follow_up_check", "仍有2亩未复耕"),
    )
    assert outcome(played(*wanting, ours("2021-07-01", "case_closed", "全部整改到位"))) == "rectified"
    assert outcome(played(*wanting, ours("2021-07-01", "case_closed", "结案"))) == "terminated"
    checked = ours("2021-06-20", "follow_up_check", "已全部复耕")
    assert outcome(played(*wanting, checked, ours("2021-07-01", "case_closed", "结案"))) == "rectified"


@pytest.mark.parametrize(
    ("note", "ended"), [("不予采纳", "terminated"), ("部分整改", "partly_rectified"), ("采纳", "rectified")]
)
def test_a_bare_closing_ends_as_the_last_reply_says(note: str, ended: str) -> None:
    rehearsed = played(
        letter("2021-03-05"), reply("2021-04-05", note=note), ours("2021-05-01", "case_closed", "结案")
    )
    assert outcome(rehearsed) == ended


def test_a_check_that_finds_nothing_wrong_passes_and_the_look_back_holds() -> None:
    rehearsed = played(
        letter("2022-04-29"),
        reply("2022-06-29", note="已补种"),
        ours("2022-07-20", "verified", "出苗，长势良好，未再发现取土"),
        ours("2022-08-30", "case_closed", "整改到位，结案"),
        ours("2023-05", "follow_up_check", "回头看：未再发现盗挖"),
    )
    assert (hows(rehearsed), outcome(rehearsed)) == (["applied"] * 5, "rectified")
    assert "整改保持" in rehearsed.events[4].what[0]


def test_a_suit_on_the_day_after_the_period_is_a_decision_to_sue() -> None:
    rehearsed = played(
        letter("2024-03-11", "某镇政府"), ours("2024-05-14", "lawsuit_filed", "期满未回复，起诉镇政府")
    )
    assert hows(rehearsed) == ["applied", "applied"]
    assert "提起公益诉讼" in rehearsed.events[1].what[0]


def test_a_second_suit_against_the_successor_is_established_and_decides_nothing_more() -> None:
    rehearsed = played(
        letter("2021-07-12", "某区城市管理局"),
        reply("2021-09-24", "区城管局", note="正在处理"),
        {"date": "2021-12", "event": "competence_transferred", "note": "行政处罚权划转至某街道办事处"},
        ours("2022-03-01", "lawsuit_filed", "诉区城市管理局"),
        ours("2022-06-20", "lawsuit_filed", "诉某街道办事处"),
    )
    assert hows(rehearsed)[3:] == ["applied", "applied"]
    assert rehearsed.events[4].what[0].startswith("查明：2022-06-20")


# items


@pytest.mark.parametrize(
    ("event", "note"),
    [("money_recovered", "只缴第一笔500万元，其后停付"), ("demolished", "只拆除部分，主体未拆")],
)
def test_what_was_done_in_part_is_noted(event: str, note: str) -> None:
    assert hows(played({"date": "2018-10-20", "event": event, "role": "party", "note": note})) == ["noted"]


def test_an_acceptance_that_failed_sends_the_item_back() -> None:
    rehearsed = played(
        {
            "date": "2024-11-20",
            "event": "accepted_on_site",
            "role": "agency",
            "note": "复耕验收未通过，退回重做",
        },
        {"date": "2025-03-10", "event": "accepted_on_site", "role": "agency", "note": "复耕验收合格"},
    )
    assert "须重做" in rehearsed.events[0].what[1]
    assert "事项完成" in rehearsed.events[1].what[0]


def test_a_decision_to_reclaim_does_not_reclaim() -> None:
    rehearsed = played({"date": "2019-04-24", "event": "reclaim_decision", "role": "agency"})
    assert rehearsed.events[0].what[1].endswith("作出决定完成")


def test_a_check_with_which_supervision_begins_accepts_the_clue() -> None:
    rehearsed = played(ours("2024-02", "follow_up_check", "现场勘查仍未拆，启动监督"))
    assert (hows(rehearsed), rehearsed.stage.value) == (["applied"], "accepted")
