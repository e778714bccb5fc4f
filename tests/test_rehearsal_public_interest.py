"""Published cases of public-interest litigation, played through messages of their own, without a server."""

from __future__ import annotations

from typing import Any

import pytest

from models.projecting import rows
from starter.rehearsing import words
from starter.rehearsing.courses import in_court
from starter.rehearsing.expected import PUBLISHED, differences, expected_rows
from starter.rehearsing.letters import sends_letter, serves_letter
from starter.rehearsing.mapping import script
from starter.rehearsing.published import PublishedCase, read_all
from starter.rehearsing.report import Rehearsed
from tests.pure_desk import PureDesk
from tests.pure_rehearsal import hows, letter, play_purely, played, reply

SHIPPED = [case for case in read_all([PUBLISHED]) if case.kind == "public_interest"]
SUED = {"kind": "public_interest", "legal_nature": "行政公益诉讼（起诉）", "court": "某县人民法院"}


def ours(on: str, event: str, note: str = "", **fields: Any) -> dict[str, Any]:
    """What the procuratorate did."""
    return {"date": on, "event": event, "actor": "某县检察院", "note": note, **fields}


def court(on: str, event: str, note: str = "", **fields: Any) -> dict[str, Any]:
    """What the court did."""
    return {"date": on, "event": event, "role": "court", "actor": "某县法院", "note": note, **fields}


def sued(*events: dict[str, Any], **fields: Any) -> Rehearsed:
    return played(*events, **(SUED | fields))


def told(rehearsed: Rehearsed, number: int) -> str:
    return "\n".join(rehearsed.events[number].what)


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.id)
def test_a_shipped_case_is_taken_whole(case: PublishedCase) -> None:
    """Every suggestion, reply, suit and judgment is applied, four fifths of all events, nothing is refused, no date is missed."""
    rehearsed = play_purely(script(case, 1))
    assert rehearsed.kind == "public_interest"
    assert differences([rehearsed], expected_rows()) == []
    assert rehearsed.count("applied") >= 0.8 * len(rehearsed.events)
    assert [each.why for each in rehearsed.events if each.why] == []
    principal = ("lawsuit_filed", "trial_held", *words.ENDINGS, *words.JUDGMENTS)
    for each in rehearsed.events:
        event = each.event
        if sends_letter(event) or serves_letter(event) or words.is_reply(event.word):
            assert each.how == "applied", event
        if event.word in principal or event.word in words.FILINGS:
            assert each.how == "applied", event


def test_all_shipped_cases_are_there() -> None:
    assert len(SHIPPED) == 14


def test_the_review_for_suit_of_case_39_is_in_time() -> None:
    """One month more, and fifty days of 鉴定 that do not count: due on 23 September, sued on the 19th (law.md §3)."""
    (case,) = (each for each in SHIPPED if each.id.startswith("39-"))
    played = script(case, 1)
    desk: PureDesk[Any] = PureDesk(played.opening, played.begins)
    for step in played.steps:
        if not desk.case.is_looked_back:
            desk.wait_until(step.moment)
            for message in step.messages:
                desk.take(message)
    row = next(each for each in rows(desk.case).deadlines if each.rule == "pil.prosecute")
    assert (str(row.due_on), row.met_on, row.days_late) == ("2024-09-23", "2024-09-19", -4)


def test_what_a_source_presupposes_lies_before_its_record() -> None:
    """No filing, no suit is dated: the case goes on as filed, the suit was brought at some time before its hearing."""
    rehearsed = sued(
        letter("2021-03-05"),
        reply("2021-04-30", note="正在处理"),
        court("2021-11-10", "trial_held", "七人合议庭开庭"),
        court("2021-12-01", "judgment", "确认违法"),
    )
    assert hows(rehearsed) == ["applied"] * 4
    assert "2021-04-30/2021-11-10提起诉讼" in told(rehearsed, 2)
    assert (rehearsed.stage.value, rehearsed.outcome) == ("judged", None)


def test_filed_in_a_month_and_later_against_another() -> None:
    rehearsed = sued(
        ours("2021-02", "case_filed_procuratorate", "立案"),
        ours("2021-03-05", "case_filed_procuratorate", "另立案", target="某镇政府"),
        ours("2021-03-08", "case_filed_procuratorate", "重复"),
        letter("2021-03-15", "某镇政府"),
    )
    assert hows(rehearsed) == ["applied", "applied", "noted", "applied"]
    assert "2021-02立案" in told(rehearsed, 0)
    assert "涉及某镇政府" in told(rehearsed, 1)


def test_the_day_of_a_filing_that_comes_after_its_letter() -> None:
    rehearsed = sued(letter("2021-02-01"), ours("2021-03", "case_filed_procuratorate", "立案"))
    assert hows(rehearsed) == ["applied", "applied"]


def test_a_second_suit_against_the_successor() -> None:
    """Case 40: the power to punish passed on, and each of the two was sued once; a judgment orders with a period."""
    rehearsed = sued(
        letter("2021-07-12", "某区城市管理局"),
        reply("2021-09-24", "某区城市管理局", note="正在处理"),
        ours("2022-03-01", "lawsuit_filed", "诉某区城市管理局"),
        ours("2022-06-20", "lawsuit_filed", "诉某街道办事处"),
        court("2022-09-01", "judgment", "判令某街道办事处三个月内履职"),
    )
    assert hows(rehearsed) == ["applied"] * 5
    assert "G2 诉某街道办事处" in told(rehearsed, 3)
    assert "判令履行1项" in told(rehearsed, 4)
    assert "来源" not in told(rehearsed, 4) and "G1 诉某区城市管理局：2022-09-01终结诉讼" in told(
        rehearsed, 4
    )
    assert rehearsed.outcome == "judgment"


def test_a_closing_ends_the_suit_that_its_source_says_no_more_of() -> None:
    rehearsed = sued(
        letter("2021-03-05"),
        ours("2021-06-01", "lawsuit_filed", "期满未回复，起诉"),
        reply("2021-07-01", note="已全部整改"),
        ours("2021-08-02", "case_closed", "整改到位，撤回起诉后结案"),
    )
    assert hows(rehearsed) == ["applied"] * 4
    assert "准许撤回起诉" in told(rehearsed, 3)
    assert "跟进调查：整改到位" in told(rehearsed, 3)
    assert rehearsed.outcome == "rectified"


def test_ends_that_lie_elsewhere() -> None:
    merged = sued(letter("2021-03-05"), ours("2021-04-01", "case_closed", "并案办理"))
    assert merged.outcome == "merged"
    moved = sued(
        ours("2021-02-01", "case_filed_procuratorate", "立案"),
        ours("2021-03-01", "case_transferred", "移送管辖", target="某市检察院"),
        ours("2021-03-02", "case_transferred", "移送", target="某镇"),
        ours("2021-04-01", "case_closed", "移送他院"),
    )
    assert (hows(moved), moved.outcome) == (["applied", "applied", "noted", "applied"], "transferred")


def test_what_comes_after_the_end_is_still_taken() -> None:
    rehearsed = sued(
        letter("2021-03-05"),
        reply("2021-04-01", note="部分整改"),
        ours("2021-06-01", "lawsuit_filed", "起诉"),
        court("2021-09-01", "litigation_closed", "终结诉讼"),
        ours("2022-03-01", "lawsuit_filed", "诉某镇政府"),
        court("2022-06-01", "trial_held", "开庭"),
    )
    assert hows(rehearsed)[:4] == ["applied"] * 4
    assert rehearsed.outcome is None or rehearsed.outcome == "litigation_closed"


def test_an_appraisal_before_the_review_is_only_noted() -> None:
    rehearsed = sued(
        letter("2021-03-05"),
        ours("2021-03-20", "appraisal_commissioned", "委托鉴定"),
        ours("2021-04-20", "appraisal_received", "鉴定意见"),
        reply("2021-05-05", note="正在整改"),
    )
    assert hows(rehearsed) == ["applied"] * 4
    assert [each.why for each in rehearsed.events if each.why] == []


@pytest.mark.parametrize(
    ("note", "amount", "unit"),
    [
        ("判令60日内履职", 60, "days"),
        ("限一个月处理7宗", 1, "months"),
        ("判令三个月内依法全面履行", 3, "months"),
        ("十个工作日内作出处理", 10, "working_days"),
    ],
)
def test_the_period_that_a_judgment_gives(note: str, amount: int, unit: str) -> None:
    (order,) = in_court.orders(note)
    assert order.within is not None
    assert (order.within.amount, order.within.unit) == (amount, unit)


def test_what_a_judgment_says() -> None:
    assert [each.label for each in in_court.reliefs("确认未全面履职违法，责令继续追缴")] == [
        "责令履行",
        "确认违法",
    ]
    assert in_court.orders("判令继续履职") == ()
    assert in_court.instance("judgment", "二审维持").value == "second"
    assert in_court.instance("retrial_judgment", "").value == "retrial"
    assert [each.value for each in in_court.proofs("卫星影像比对，人民监督员到现场")] == [
        "satellite",
        "peoples_supervisor",
        "site_survey",
    ]
