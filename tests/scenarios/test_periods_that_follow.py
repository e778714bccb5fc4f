"""第四条、第五条: a period that begins at the end of another one begins again when that end is corrected, and not before."""

from __future__ import annotations

from datetime import date

from models.stages import PublicInterestStage as Stage
from tests.scenarios.public_interest_desks import advised
from tests.scenarios.test_enforcement import FINE, enforcement, raised


def test_a_review_for_suit_that_began_by_a_wrong_receipt_has_not_begun() -> None:
    """审查起诉期限为一个月，自检察建议整改期满之日起计算 ([公规]47): the receipt was of 3 June, not of 1 April."""
    desk = advised().on("2024-06-20")
    assert desk.stage() is Stage.PROSECUTION_REVIEW
    desk.correct("L1-served", on="2024-06-03")
    # Two months from 3 June: Saturday 3 August, rolled to Monday the 5th.
    assert desk.due("L1/pil.reply") == date(2024, 8, 5)
    assert desk.stage() is Stage.RECTIFYING
    assert "L1/pil.prosecute" not in desk.running
    row = next(each for each in desk.rows().deadlines if each.key == "L1/pil.prosecute")
    assert (row.state, row.ended) == ("ended", "起算日更正，尚未开始")
    said = [notice.key for notice in desk.on("2024-08-05").notices]
    assert not any("L1/pil.prosecute/due" in each for each in said)
    desk.on("2024-08-09")
    assert desk.stage() is Stage.PROSECUTION_REVIEW
    assert desk.due("L1/pil.prosecute") == date(2024, 9, 5)


def test_a_reply_in_the_corrected_time_leaves_the_review_to_the_corrected_end() -> None:
    """The two months turned out to be longer; it was answered within them, and the review begins at their end all the same."""
    desk = advised().on("2024-06-20")
    desk.correct("L1-served", on="2024-06-03")
    desk.on("2024-07-20").record("reply_received", "2024-07-20", letter="L1", summary="正在清运")
    assert desk.deadline("L1/pil.reply").days_late == -16
    assert desk.stage() is Stage.FOLLOWING_UP
    desk.on("2024-08-09")
    assert desk.due("L1/pil.prosecute") == date(2024, 9, 5)


def test_a_window_to_apply_that_opened_by_a_wrong_receipt_has_not_opened() -> None:
    """当事人在法定期限内不申请行政复议或者提起行政诉讼，又不履行 ([强制]53): it reached him half a year later than entered."""
    desk = enforcement(FINE, opened="2021-01-04")
    desk.record("penalty_decided", "2021-01-04", served_at_once=True)
    desk.record("decision_served", "2021-01-04", "served")
    desk.on("2021-08-01")
    assert desk.due("罚款/ag.apply/pt.sue") == date(2021, 10, 8)
    desk.correct("served", on="2021-07-01")
    assert [each for each in desk.running if "ag.apply" in each] == []
    # 1 January 2022 is rolled to Tuesday the 4th; the window lasts three months from there.
    assert desk.due("罚款/pt.sue") == date(2022, 1, 4)
    assert raised(desk.on("2021-12-31")) == []
    desk.on("2022-01-05")
    assert desk.due("罚款/ag.apply/pt.sue") == date(2022, 4, 6)
    assert raised(desk.on("2022-04-12")) == ["罚款/ag.apply/pt.sue"]


def test_no_text_bound_to_ninety_days_before_2021() -> None:
    """应当自行政处罚案件立案之日起九十日内作出行政处罚决定 ([处罚]60) is law since 15 July 2021, and no suspicion before."""
    desk = enforcement(FINE, opened="2021-03-01")
    desk.record("penalty_case_filed", "2019-01-04")
    desk.record("penalty_decided", "2021-02-26", served_at_once=True)
    assert desk.deadline("case/ag.decide").in_force is False
    assert raised(desk.on("2021-04-01")) == []


def test_a_short_deferral_does_not_cut_the_time_of_suit() -> None:
    """The window runs from the end of the deferral ([处罚]72), but not before that of suit is over ([强制]53)."""
    desk = enforcement(FINE, opened="2021-09-15")
    desk.record("penalty_decided", "2021-09-15", served_at_once=True)
    desk.record("decision_served", "2021-09-15")
    desk.record("payment_deferred", "2021-09-15", item="罚款", until=date(2021, 10, 29))
    assert raised(desk.on("2022-03-20")) == []
    # The general period of suit ended on 15 March 2022, long after the deferral; three months from there.
    assert desk.due("罚款/ag.apply/deferred") == date(2022, 1, 29)
    assert desk.due("罚款/ag.apply/pt.sue") == date(2022, 6, 15)
    assert raised(desk.on("2022-06-21")) == ["罚款/ag.apply/pt.sue"]


def test_a_deferral_that_is_entered_late_leaves_the_windows_that_open_after_it() -> None:
    """What opened after the end of the deferral stands, whenever the deferral is entered; what opened before gives way."""
    desk = enforcement(FINE, opened="2021-09-15")
    desk.record("penalty_decided", "2021-09-15", served_at_once=True)
    desk.record("decision_served", "2021-09-15")
    desk.on("2022-03-20").record("payment_deferred", "2021-09-20", item="罚款", until=date(2021, 12, 31))
    running = [each for each in desk.running if "ag.apply" in each]
    assert running == ["罚款/ag.apply/pt.sue", "罚款/ag.apply/deferred"]


def test_the_bureau_has_its_three_months_after_a_suit_that_was_withdrawn() -> None:
    """While the party sued the bureau could not apply ([行诉]45, [强制]53): the window opens on the day of the withdrawal."""
    desk = enforcement(FINE, opened="2021-09-15")
    desk.record("penalty_decided", "2021-09-15", served_at_once=True)
    desk.record("decision_served", "2021-09-15")
    desk.on("2021-10-15").record("remedy_begun", "2021-10-15", form="suit")
    desk.on("2022-09-01").record("remedy_ended", "2022-09-01", form="suit", result="withdrawn")
    assert raised(desk.on("2022-09-02")) == []
    assert desk.due("罚款/ag.apply/pt.sue") == date(2022, 12, 1)
    assert raised(desk.on("2022-12-07"))[-1:] == ["罚款/ag.apply/pt.sue"]
