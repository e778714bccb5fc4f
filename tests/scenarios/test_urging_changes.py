"""Changes on the way: what may be suspended and extended and what not, amendments, withdrawal, a duty that passes on."""

from __future__ import annotations

from datetime import date

import pytest

from models.calendar import calendar
from models.deadlines import reckon
from models.document_types import DocumentType
from models.errors import Refusal
from models.explanations import explain
from models.orders import wanted
from models.rules import rule
from models.stages import UrgingStage
from models.terms import LetterState, Outcome, Substance
from models.wire import LocalPeriod
from tests.openings import (
    BUREAU,
    CHIEF,
    COURT,
    DRAFTER,
    FORESTRY,
    FOUNDING_DAY,
    HEAD,
    PRESIDENT,
    PROCURATORATE,
    TEXT,
    TOWN,
    draft,
)
from tests.pure_desk import PureDesk, issued, served
from tests.scenarios.shows import shows

MONTH = {"amount": 1, "unit": "months"}
OTHER = TEXT.model_copy(update={"advice": ("限期拆除", "恢复耕种条件")})


def test_suspend_resume_extend_amend_withdraw_agency() -> None:
    """Where the rule's law allows, and only there: coop.reply and jy.reply can be neither suspended nor extended."""
    for document, key in (
        (DocumentType.NOTIFICATION_LETTER, "L1/coop.reply"),
        (DocumentType.SUGGESTION, "L1/jy.reply"),
        (DocumentType.CLASS_SUGGESTION, "L1/jy.reply"),
    ):
        desk = served(document)
        assert "依法不能中止" in desk.refusal("suspend", deadline=key)
        assert "依法不能延长" in desk.refusal("extend", deadline=key, by_period=MONTH)
        assert desk.due(key) == date(2021, 11, 15)
    assert "没有进行中的期限" in desk.refusal("suspend", deadline="L9/jy.reply")

    court_may_extend()
    prosecution_may_stand_still()
    amended_letter()
    withdrawn_letter()
    duty_passes_on()


@shows("0.1")
def test_a_county_whose_own_text_sets_another_period() -> None:
    """A county's own text may set the founding document's periods otherwise; [建议]19 binds its 检察建议 all the same."""
    basis = "某县意见第三条"
    month = LocalPeriod(rule="coop.reply", amount=1, unit="months", basis=basis)
    desk = served(DocumentType.NOTIFICATION_LETTER, local_periods=(month,))
    counted = desk.deadline("L1/coop.reply")
    assert (counted.due_on, counted.basis) == (date(2021, 10, 15), basis)
    deadline = desk.case.deadlines.by_key["L1/coop.reply"]
    ledger = tuple(deadline.entries)
    said = explain(rule("coop.reply"), ledger, reckon(rule("coop.reply"), ledger, calendar()), calendar())
    assert f"期限为1个月（{basis}）。" in said
    assert f"依据：{basis}；属本地约定的期限。" in said
    assert desk.papers["L1/issued"].paper.model_dump()["reply"]["length"] == "1个月"
    # A second receipt is counted by the same text.
    desk.on("2021-09-20").correct("served", "2021-09-17")
    # 2021-10-17 is a Sunday.
    assert desk.due("L1/coop.reply") == date(2021, 10, 18)
    suggestion = served(local_periods=(month,))
    assert suggestion.due("L1/jy.reply") == date(2021, 11, 15)


def court_may_extend() -> None:
    """[执监]13: three months and, by the court's president, one more, counted from the receipt and never from the due day."""
    desk = served(draft(DocumentType.COURT_SUGGESTION, COURT), on=date(2021, 11, 30)).on("2022-02-10")
    # 2022-02-28: February has no 30th day.
    assert desk.due("L1/ct.reply") == date(2022, 2, 28)
    assert "本院院长" in desk.refusal("extend", deadline="L1/ct.reply", by_period=MONTH)
    two = {"amount": 2, "unit": "months"}
    assert "超出可以延长的期间" in desk.refusal("extend", by=PRESIDENT, deadline="L1/ct.reply", by_period=two)
    weeks = {"amount": 30, "unit": "days"}
    assert "超出可以延长的期间" in desk.refusal(
        "extend", by=PRESIDENT, deadline="L1/ct.reply", by_period=weeks
    )
    assert "写明延长多久" in desk.refusal("extend", by=PRESIDENT, deadline="L1/ct.reply")
    taken = desk.decide("extend", by=PRESIDENT, deadline="L1/ct.reply", by_period=MONTH)
    assert taken.what == f"L1/ct.reply由{COURT.name}院长{PRESIDENT.name}批准延长"
    [extended] = [
        each for each in desk.case.deadlines.by_key["L1/ct.reply"].entries if each.kind == "extended"
    ]
    assert extended.officer == f"{COURT.name}院长"
    # Four months from 11-30, not one month from 02-28.
    assert desk.due("L1/ct.reply") == date(2022, 3, 30)
    assert "不得再次延长" in desk.refusal("extend", by=PRESIDENT, deadline="L1/ct.reply", by_period=MONTH)
    desk.on("2022-03-16", 10)
    assert desk.ticks[-1].id == "L1/ct.reply/remind/2022-03-30/14"
    assert "依法不能中止" in desk.refusal("suspend", deadline="L1/ct.reply")

    late = served(draft(DocumentType.COURT_SUGGESTION, COURT)).on("2021-12-16")
    assert "不能再延长" in late.refusal("extend", by=PRESIDENT, deadline="L1/ct.reply", by_period=MONTH)
    late.decide("extend", by=PRESIDENT, deadline="L1/ct.reply", by_period=MONTH, on=date(2021, 12, 10))
    # 2022-01-15 is a Saturday.
    assert late.due("L1/ct.reply") == date(2022, 1, 17)
    assert not late.is_overdue()


def prosecution_may_stand_still() -> None:
    """law.md §3's worked example: pil.prosecute from 2024-06-03, a month more, 06-14 … 08-03 out (50 days) → 2024-09-23."""
    # Served 2024-04-01, the two months end on Saturday 06-01 and roll to 06-03, where 审查起诉 begins ([公规]47).
    desk = served(draft(DocumentType.PRE_SUIT_SUGGESTION), on=date(2024, 4, 1)).on("2024-06-13")
    key = "L1/pil.prosecute"
    assert desk.due("L1/pil.reply") == date(2024, 6, 3)
    assert desk.due(key) == date(2024, 7, 3)
    desk.on("2024-06-14").decide("suspend", deadline=key, reason="委托鉴定")
    assert desk.deadline(key).state == "suspended"
    assert key not in desk.running
    assert "已中止" in desk.refusal("suspend", deadline=key)
    desk.on("2024-07-20")
    assert not [tick for tick in desk.ticks if tick.deadline == key and tick.due_on == date(2024, 7, 3)]
    assert "早于该期限的上一事项" in desk.refusal("resume", deadline=key, on=date(2024, 6, 13))
    desk.on("2024-08-03").decide("resume", deadline=key)
    assert "早于该期限的上一事项" in desk.refusal("suspend", deadline=key, on=date(2024, 8, 1))
    # Without the extension: 07-03 and fifty days are 08-22.
    assert desk.due(key) == date(2024, 8, 22)
    desk.decide("extend", by=CHIEF, deadline=key, by_period=MONTH, reason="案情复杂")
    assert desk.due(key) == date(2024, 9, 23)
    # Whatever is beyond the chief procurator's month, the procuratorate above decides ([公规]47).
    above = CHIEF.model_copy(update={"body": "三明市人民检察院"})
    assert "应由上一级人民检察院批准" in desk.refusal("extend", by=CHIEF, deadline=key, by_period=MONTH)
    assert "body 填批准的上一级检察院" in desk.refusal("extend", by=CHIEF, deadline=key, by_period=MONTH)
    for body in ("永安市自然资源局", "永安市检察院", "三明市人民检察院公益诉讼检察部"):
        by = CHIEF.model_copy(update={"body": body})
        said = desk.refusal("extend", by=by, deadline=key, by_period=MONTH)
        assert f"“{body}”不是上一级人民检察院的名称" in said and "body 填上一级人民检察院的全称" in said
    ours = CHIEF.model_copy(update={"body": PROCURATORATE.name})
    assert "应由上一级人民检察院批准" in desk.refusal("extend", by=ours, deadline=key, by_period=MONTH)
    assert "延长须写明理由" in desk.refusal("extend", by=above, deadline=key, by_period=MONTH)
    desk.decide("extend", by=above, deadline=key, by_period=MONTH, reason="案情重大")
    assert desk.due(key) == date(2024, 10, 23)
    branch = CHIEF.model_copy(update={"body": "北京市人民检察院第一分院"})
    assert desk.refusal("extend", by=branch, deadline=key, by_period=MONTH, reason="案情重大") == ""
    desk.decide("extend", by=above, deadline=key, by_period={"amount": 10, "unit": "days"}, reason="案情重大")
    # 2024-11-02 is a Saturday.
    assert desk.due(key) == date(2024, 11, 4)
    assert "没有中止" in desk.refusal("resume", deadline=key)


def amended_letter() -> None:
    """[建议]22: by the chief procurator, with a reason; the period goes on unless the amended letter is served anew."""
    desk = served().on("2021-10-08")
    for by, reason, why in ((HEAD, "x", "由检察长决定"), (CHIEF, "", "须写明理由")):
        assert why in desk.refusal("amend_letter", by=by, letter="L1", text=OTHER, reason=reason)
    before = desk.papers["L1/issued"].paper
    desk.decide("amend_letter", "a1", letter="L1", text=OTHER, reason="复核后变更")
    assert desk.stage() is UrgingStage.AMENDED  # its recipient is still to be told
    assert desk.letter().text == OTHER
    assert desk.due("L1/jy.reply") == date(2021, 11, 15)
    # Twice on one day are two notices, and neither changes what was issued.
    third = OTHER.model_copy(update={"advice": ("限期拆除",)})
    desk.decide("amend_letter", "a2", letter="L1", text=third, reason="再次变更")
    assert [order for order in desk.papers if "amended" in order] == ["L1/amended-a1", "L1/amended-a2"]
    notice = desk.papers["L1/amended-a2"].paper.model_dump()
    assert notice["changes"][0] == {"was": "限期拆除\n恢复耕种条件", "becomes": "限期拆除"}
    assert notice["reason"] == "再次变更"
    assert desk.papers["L1/issued"].paper == before
    desk.on("2021-10-12").record("letter_served", "2021-10-11", letter="L1")
    assert desk.stage() is UrgingStage.AWAITING_REPLY
    # 2021-12-11 is a Saturday.
    assert desk.due("L1/jy.reply") == date(2021, 12, 13)


def withdrawn_letter() -> None:
    """[建议]22: by the chief procurator, with a reason; its recipient is told, its deadlines stop."""
    desk = issued(draft(DocumentType.SUGGESTION, BUREAU, TOWN))
    for recipient in (BUREAU, TOWN):
        desk.record("letter_served", FOUNDING_DAY, letter=recipient.name)
    desk.on("2021-10-08")
    assert "由检察长决定" in desk.refusal("withdraw_letter", by=HEAD, letter="L2", reason="x")
    assert "须写明理由" in desk.refusal("withdraw_letter", letter="L2")
    desk.decide("withdraw_letter", letter="L2", reason="主体有误")
    assert desk.letter("L2").state is LetterState.WITHDRAWN
    assert "L2/withdrawn" in desk.papers
    assert not [key for key in desk.running if key.startswith("L2/")]
    assert "不能再撤回" in desk.refusal("withdraw_letter", letter="L2", reason="x")
    assert "已撤回" in desk.refusal("urge", letter="L2")
    assert "不能变更" in desk.refusal("amend_letter", letter="L2", text=OTHER, reason="x")
    desk.on("2021-11-19")
    assert desk.case.overdue_letters == {"L1"}
    # A draft is given up by anybody; nothing was sent, nobody is told.
    desk.decide("draft_letter", by=DRAFTER, document="suggestion", recipients=[FORESTRY], text=TEXT)
    desk.decide("withdraw_letter", by=DRAFTER, letter="D2")
    assert "L3/withdrawn" not in desk.papers
    assert desk.stage() is UrgingStage.OVERDUE_URGING


def duty_passes_on() -> None:
    """机构改革: open letters follow the duty, the period goes on, and a reply under the old name still finds its letter."""
    desk = served().on("2021-10-08")
    desk.record("agency_changed", "2021-10-01", letter=BUREAU.name, to=FORESTRY)
    assert desk.letter().recipient == FORESTRY
    assert desk.due("L1/jy.reply") == date(2021, 11, 15)
    assert [row.party for row in desk.rows().deadlines if row.rule == "jy.reply"] == [FORESTRY.name]
    assert desk.papers["L1/issued"].paper.model_dump()["recipient"] == BUREAU.name
    desk.on("2021-10-20").record("reply_received", "2021-10-19", letter=BUREAU.name)
    desk.record("reply_received", "2021-10-20", letter=FORESTRY.name)
    assert len(desk.letter().replies) == 2


def test_amended_before_the_paper_is_made() -> None:
    """A paper that is made late, or again, is the paper that was issued."""
    desk = served()
    order = desk.papers["L1/issued"]
    desk.record("agency_changed", FOUNDING_DAY, letter="L1", to=FORESTRY)
    desk.decide("amend_letter", "a1", letter="L1", text=OTHER, reason="变更")
    desk.case.papers.clear()  # as if no activity had answered yet
    assert wanted(desk.case)[0].build() == order


def test_a_chain_of_changes() -> None:
    """The duty passes on twice; letters to both bodies follow, under any of the names."""
    desk = issued(draft(DocumentType.SUGGESTION, BUREAU, TOWN)).on("2021-10-08")
    desk.record("letter_served", FOUNDING_DAY, letter="L1")
    desk.record("letter_served", FOUNDING_DAY, letter="L2")
    desk.record("agency_changed", "2021-10-01", letter="L1", to=FORESTRY)
    desk.record("agency_changed", "2021-10-05", letter="L1", to=COURT.model_copy(update={"is_court": False}))
    for name in (BUREAU.name, FORESTRY.name, COURT.name):
        desk.record("reply_received", "2021-10-08", letter=name)
    assert len(desk.letter("L1").replies) == 3
    with pytest.raises(Refusal, match="没有与"):
        desk.record("agency_changed", "2021-10-05", letter="不存在的局", to=FORESTRY)


def test_prosecution_review_follows_a_corrected_end() -> None:
    """A period that starts where another ends starts there also when that end was corrected (law.md §3 (d))."""
    desk = served(draft(DocumentType.PRE_SUIT_SUGGESTION), on=date(2024, 4, 1)).on("2024-06-05")
    assert desk.due("L1/pil.prosecute") == date(2024, 7, 3)
    desk.correct("served", "2024-04-08")
    assert desk.due("L1/pil.reply") == date(2024, 6, 11)  # Saturday 06-08, then the Dragon Boat festival
    desk.on("2024-06-12")
    assert desk.due("L1/pil.prosecute") == date(2024, 7, 11)


def test_pilot_period_was_one_month() -> None:
    """pil.reply: one month under the pilot, two between the texts and since; the version is that of the start (law.md §1.9)."""
    desk = served(draft(DocumentType.PRE_SUIT_SUGGESTION), on=date(2017, 6, 28)).on("2017-07-10")
    counted = desk.deadline("L1/pil.reply")
    assert (counted.due_on, counted.version, counted.in_force) == (
        date(2017, 7, 28),
        date(2015, 12, 24),
        True,
    )
    # It had been received on 07-03 only: another version, in force neither before nor after; 09-03 is a Sunday.
    desk.correct("served", "2017-07-03")
    counted = desk.deadline("L1/pil.reply")
    assert (counted.due_on, counted.version, counted.in_force) == (date(2017, 9, 4), date(2017, 7, 1), False)


def test_a_deadline_keeps_the_version_it_began_with() -> None:
    """A text that comes later moves no running period: the count is pinned to the version on record."""
    desk = served(draft(DocumentType.PRE_SUIT_SUGGESTION), on=date(2017, 6, 28))
    (order,) = desk.case.deadlines.again(["L1/pil.reply"])
    assert order.version == date(2015, 12, 24)
    carried = PureDesk(desk.case.opening, desk.now, carried=desk.carried())
    (order,) = carried.case.deadlines.again(["L1/pil.reply"])
    assert order.version == date(2015, 12, 24)


def test_an_assessed_letter_may_still_be_closed_otherwise() -> None:
    """Withdrawn is an outcome only when nothing is left standing."""
    desk = served().on("2021-10-08")
    assert "尚未全部撤回" in desk.refusal("close_case", outcome=Outcome.WITHDRAWN, reason="撤回")
    desk.record("reply_received", "2021-10-08", letter="L1")
    desk.decide("assess_reply", letter="L1", substance=Substance.REJECTED)
    desk.decide("withdraw_letter", letter="L1", reason="上级指令")
    assert desk.refusal("close_case", outcome=Outcome.WITHDRAWN, reason="撤回") == ""
