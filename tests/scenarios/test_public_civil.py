"""第五条 民事公益诉讼: the review for suit after the notice."""

from __future__ import annotations

from datetime import date

from tests.scenarios.public_interest_desks import filed


def test_a_civil_case_is_reviewed_for_suit_in_three_months_from_its_notice() -> None:
    """审查起诉期限为三个月，自公告期满之日起计算 ([公规]47): the notice of 1 February 2024 ended on Monday 4 March."""
    desk = filed().on("2024-02-01")
    desk.record("notice_published", "2024-02-01", "notice")
    desk.on("2024-03-05")
    assert desk.due("case/pil.civil_prosecute") == date(2024, 6, 4)
    month = {"amount": 1, "unit": "months"}
    desk.decide("extend", deadline="case/pil.civil_prosecute", by_period=month, reason="案情复杂")
    assert desk.due("case/pil.civil_prosecute") == date(2024, 7, 4)
    desk.on("2024-07-01").decide("sue", civil=True, defendant="某建筑公司", court="三明市中级人民法院")
    assert desk.deadline("case/pil.civil_prosecute").days_late == -3
    closed = filed().on("2024-02-01")
    closed.record("notice_published", "2024-02-01")
    closed.on("2024-03-10").decide("close_case", outcome="terminated", reason="损害已修复")
    assert "case/pil.civil_prosecute" not in closed.running


def test_a_civil_suit_entered_as_a_fact_ends_its_review() -> None:
    """What is entered late: the suit was filed, and the notice that had gone before it."""
    desk = filed().on("2024-04-01")
    desk.record("suit_filed", "2024-03-20", defendant="某建筑公司", court="三明市中级人民法院")
    desk.record("notice_published", "2024-02-01")
    assert desk.due("case/pil.civil_prosecute") == date(2024, 6, 4)
    assert desk.deadline("case/pil.civil_prosecute").days_late == -76
