"""第四条 行政非诉执行监督: who asks for supervision, and when, is answered in the time of the law."""

from __future__ import annotations

from datetime import date

from tests.scenarios.test_enforcement import granted


def test_one_who_asks_later_is_answered_within_seven_days_too() -> None:
    """应当在七日内 ([行监]31): an application that was declined closes the door neither to another party nor to a better one."""
    desk = granted().on("2022-01-04")
    desk.record("supervision_requested", "2022-01-04", known_on=date(2021, 9, 30), applicant="吴某")
    assert "写明 applicant" in desk.misfit("supervision_requested", "2022-01-04", applicant="吴某")
    desk.record("supervision_requested", "2022-01-04", "other", known_on=date(2021, 12, 1), applicant="李某")
    assert desk.due("case/sup.decide/other") == date(2022, 1, 11)
    desk.on("2022-01-06").decide("decline_supervision", reason="材料不全，逾期未补")
    assert "case/sup.decide/other" not in desk.running
    desk.on("2022-02-07").record("supervision_requested", "2022-02-07", "again", applicant="吴某")
    assert desk.due("case/sup.decide/again") == date(2022, 2, 14)
    desk.on("2022-02-10").decide("open_supervision", reason="受理")
    assert desk.deadline("case/sup.decide/again").days_late == -4
    # Accepted upon application: the parties are told within three days; Sunday is rolled to Monday.
    assert desk.due("case/sup.notify") == date(2022, 2, 14)


def test_an_application_after_six_months_is_not_accepted() -> None:
    """六个月为不变期间 ([行监]20): what came too late is declined; of our own motion the case may be opened all the same."""
    desk = granted().on("2022-06-01")
    desk.record("supervision_requested", "2022-06-01", known_on=date(2021, 9, 30), applicant="吴某")
    assert "超过六个月63日" in desk.refusal("open_supervision", reason="受理")
    desk.decide("decline_supervision", reason="超过六个月")
    desk.decide("open_supervision", reason="依职权")
    assert "case/sup.notify" not in desk.case.deadlines.by_key
