"""第一条: the fields that supervision looks to, its focus, and its two sides: to supervise the bureau, and to support it."""

from __future__ import annotations

from datetime import date

import pytest

from models.bodies import Jurisdiction
from models.errors import InputError
from models.search import attribute_values
from models.terms import CaseKind, Matter, Outcome, Substance
from starter.case_files import read_case, template
from starter.written import read_text
from tests.openings import DRAFTER, TEXT, TOWN, field
from tests.pure_desk import issued, served
from tests.scenarios.shows import shows

TODAY = date(2026, 11, 25)


@shows("1.1")
@pytest.mark.parametrize("matter", [each for each in Matter if each.article == "第一条"])
def test_every_field_of_the_article_is_a_matter(matter: Matter) -> None:
    """土地征收补偿、国有土地使用权出让、违建房屋、毁坏耕地、非法占用农用地: each case states one of them."""
    desk = issued(matter=matter)
    assert desk.rows().case.matter == matter.value


@shows("1.1")
def test_a_matter_outside_the_document_is_taken_with_a_reason_alone() -> None:
    text = template(CaseKind.URGING).replace("matter: 毁坏耕地", "matter: 其他")
    jurisdiction = Jurisdiction.load()
    with pytest.raises(InputError, match="须说明为何受理"):
        read_case(CaseKind.URGING, read_text(text), jurisdiction, TODAY)
    reasoned = text.replace("# matter_reason:", "matter_reason: 上级交办")
    case = read_case(CaseKind.URGING, read_text(reasoned), jurisdiction, TODAY)
    assert case.opening(1, "2026").matter_reason == "上级交办"


@shows("1.2")
def test_the_focus_is_marked() -> None:
    """以“违法乱占耕地”非诉执行监督为重点: marked in the rows, in the search attributes, and in what the web UI shows."""
    focus, other = issued(matter=Matter.FARMLAND_MISUSE), issued(matter=Matter.ILLEGAL_BUILDING)
    assert (focus.rows().case.is_focus, other.rows().case.is_focus) == (True, False)
    assert attribute_values(focus.case)["IsFocus"] and not attribute_values(other.case)["IsFocus"]


@shows("1.3")
def test_supervision_ends_with_what_was_put_right() -> None:
    """依法监督: the bureau did not act in time, was urged, and put things right."""
    desk = served().on("2021-10-20")
    desk.record("reply_received", "2021-10-19", letter="L1")
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="整改到位")
    assert desk.rows().case.outcome == "rectified"


@shows("1.3")
def test_support_has_outcomes_of_its_own() -> None:
    """支持行政执法: help that brought enforcement to its end, and another unit that was urged on the bureau's behalf."""
    helped = served(items=(field(),)).on("2021-10-20")
    helped.record("reply_received", "2021-10-19", letter="L1")
    helped.decide("assess_reply", letter="L1", substance=Substance.PARTLY)
    assert "没有已完成的事项" in helped.refusal(
        "close_case", outcome=Outcome.ENFORCEMENT_SUPPORTED, reason="协助拆除"
    )
    for milestone in field().kind.milestones:
        helped.record("item_progressed", "2021-10-19", item="地块一", milestone=milestone)
    helped.decide("close_case", outcome=Outcome.ENFORCEMENT_SUPPORTED, reason="协助拆除复耕到位")
    assert helped.rows().case.outcome == "enforcement_supported"

    unit = served().on("2021-10-20")
    assert "没有其他单位" in unit.refusal("close_case", outcome=Outcome.UNIT_URGED, reason="镇政府已组织拆除")
    unit.decide("draft_letter", by=DRAFTER, document="suggestion", recipients=[TOWN], text=TEXT)
    unit.decide("issue_letter", document="D2")
    unit.record("reply_received", "2021-10-20", letter="L2")
    unit.decide("assess_reply", letter="L2", substance=Substance.PUT_RIGHT)
    unit.decide("close_case", outcome=Outcome.UNIT_URGED, reason="镇政府已组织拆除")
    assert unit.rows().case.outcome == "unit_urged"
