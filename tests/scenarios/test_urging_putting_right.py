"""Putting right: items with milestones and proof, the plan of article 3's second half, promises."""

from __future__ import annotations

from datetime import date

import pytest

from models.bags import PaperRef
from models.document_types import DocumentType
from models.errors import Refusal
from models.stages import UrgingStage
from models.terms import ItemKind, ItemState, Milestone, Outcome, Substance
from models.wire import Plan, PlanStage, Promise
from tests.openings import BUREAU, FOUNDING_DAY, TOWN, draft, field
from tests.pure_desk import PureDesk, issued, served
from tests.scenarios.shows import shows

PROOF = PaperRef("ab" * 32, 100, "application/pdf", "papers/in/acceptance.pdf")

PLAN = Plan(
    objective_reason="须待秋收后清运",
    final_on=date(2022, 3, 31),
    stages=(PlanStage(what="清运", by=date(2021, 12, 15)), PlanStage(what="覆土", by=date(2022, 2, 28))),
    next_check_on=date(2021, 12, 20),
)


def test_items_to_be_put_right() -> None:
    """Demolished is not re-cultivated: each milestone has its own proof, and a failed acceptance is done again."""
    desk = served(items=(field(), field("地块二", ItemKind.PAYMENT))).on("2021-10-20")
    desk.decide("add_item", item=field("地块三", ItemKind.CLEARANCE).model_dump())
    with pytest.raises(Refusal, match="没有“缴款到账”这一步"):
        desk.record("item_progressed", "2021-10-20", item="地块一", milestone=Milestone.PAID)
    for milestone in (Milestone.DEMOLISHED, Milestone.CLEARED, Milestone.COVERED):
        desk.record("item_progressed", "2021-10-19", item="地块一", milestone=milestone)
    desk.record("item_progressed", "2021-10-18", item="地块二", milestone=Milestone.PAID)
    items = desk.case.items
    assert [each.state for each in items.values()] == [
        ItemState.UNDER_WAY,
        ItemState.DONE,
        ItemState.OPEN,
    ]
    # thin soil over gravel: what was covered is to be covered again
    desk.record("item_progressed", "2021-10-20", item="地块一", milestone=Milestone.ACCEPTED, passed=False)
    assert items["地块一"].state is ItemState.REOPENED
    assert items["地块一"].next_milestone is Milestone.COVERED
    desk.on("2021-11-10")
    for milestone in (Milestone.COVERED, Milestone.ACCEPTED, Milestone.PLANTED):
        desk.record("item_progressed", "2021-11-10", item="地块一", milestone=milestone, paper=PROOF)
    assert [row.state for row in desk.rows().items] == ["done", "done", "open"]
    assert items["地块一"].proofs == [PROOF] * 3
    assert "地块三" in desk.refusal("close_case", outcome=Outcome.RECTIFIED, reason="x")


def test_a_failed_acceptance_entered_late_takes_its_own_place() -> None:
    """Facts come in any order: what failed in October does not undo what passed in November."""
    facts = [
        ("2021-10-08", Milestone.CLEARED, True),
        ("2021-10-09", Milestone.COVERED, True),
        ("2021-10-20", Milestone.ACCEPTED, False),
        ("2021-11-05", Milestone.COVERED, True),
        ("2021-11-09", Milestone.ACCEPTED, True),
    ]
    for order in (facts, [*facts[:2], *facts[3:], facts[2]]):
        desk = served(items=(field(kind=ItemKind.CLEARANCE),)).on("2021-11-10")
        for day, milestone, passed in order:
            desk.record("item_progressed", day, item="地块一", milestone=milestone, passed=passed)
        assert desk.case.items["地块一"].state is ItemState.DONE


@shows("3.4")
def test_plan_moves_no_date() -> None:
    """[意见]3, second half: where time does not suffice a plan and an explanation are owed; the reply period goes on."""
    desk = served().on("2021-10-20")
    with pytest.raises(Refusal, match="没有与"):
        desk.record("plan_submitted", "2021-10-20", letter="某局", plan=PLAN)
    desk.record("plan_submitted", "2021-10-19", letter="L1", plan=PLAN)
    desk.decide("accept_plan", letter="L1")
    assert desk.due("L1/jy.reply") == date(2021, 11, 15)
    checks = [key for key in desk.running if "plan_check" in key]
    # two stages, the next check, the end
    assert [desk.due(key) for key in checks] == [
        date(2021, 12, 15),
        date(2021, 12, 20),
        date(2022, 2, 28),
        date(2022, 3, 31),
    ]
    assert desk.stage() is UrgingStage.AWAITING_REPLY
    desk.on("2021-11-19")
    assert desk.is_overdue()  # a plan is no reply
    desk.on("2021-12-16")
    assert "L1/local.plan_check/2021-12-15/remind/2021-12-15/3" in desk.case.taken
    assert "L1/local.plan_check/2021-12-15/due/2021-12-15" in desk.case.taken
    assert "【到期】整改方案节点" in desk.notices[-1].subject  # not 逾期: nobody is accused over a checkpoint


def test_an_item_is_no_longer_asked_for() -> None:
    """What need not be put right any more is struck from the list with the reason, and no longer stands against closing."""
    desk = served(items=(field(), field("地块二", ItemKind.PAYMENT))).on("2021-10-20")
    desk.record("item_progressed", "2021-10-20", item="地块二", milestone=Milestone.PAID)
    assert "须写明理由" in desk.refusal("drop_item", item="地块一")
    assert "没有事项“地块九”" in desk.refusal("drop_item", item="地块九", reason="x")
    assert "已完成" in desk.refusal("drop_item", item="地块二", reason="x")
    desk.record("reply_received", "2021-10-20", letter="L1")
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    assert "未完成事项：地块一" in desk.refusal("close_case", outcome=Outcome.RECTIFIED, reason="x")
    desk.decide("drop_item", item="地块一", reason="经批准补办用地手续")
    assert desk.case.items["地块一"].state is ItemState.DROPPED
    assert desk.rows().items[0].next_milestone == ""
    assert not desk.refusal("close_case", outcome=Outcome.RECTIFIED, reason="x")


def test_what_was_only_dropped_is_not_put_right() -> None:
    """A letter that nobody answered is outweighed by items that are done, and by nothing less."""
    desk = served(items=(field(), field("地块二", ItemKind.PAYMENT))).on("2021-10-20")
    desk.decide("drop_item", item="地块一", reason="经批准补办用地手续")
    desk.decide("drop_item", item="地块二", reason="重复登记")
    assert not desk.case.is_put_right
    assert desk.refusal("close_case", outcome=Outcome.RECTIFIED, reason="x")
    desk.decide("add_item", item=field("地块三", ItemKind.PAYMENT))
    desk.record("item_progressed", "2021-10-20", item="地块三", milestone=Milestone.PAID)
    assert desk.case.is_put_right


def test_an_urging_letter_names_the_items_of_its_own_letter() -> None:
    """Of two recipients each is urged about what it is to put right itself."""
    mine, theirs = (
        field().model_copy(update={"letter": "L1"}),
        field("地块二").model_copy(update={"letter": TOWN.name}),
    )
    desk = served(draft(DocumentType.SUGGESTION, BUREAU, TOWN), items=(mine, theirs, field("地块三")))
    desk.record("letter_served", FOUNDING_DAY, letter="L2")
    desk.on("2021-11-20")
    for letter, items in (("L1", "地块一 地块三"), ("L2", "地块二 地块三")):
        desk.decide("urge", letter=letter)
        said = desk.papers[f"{letter}/urged-1"].paper.model_dump()["outstanding"]
        assert [line.removesuffix("拆除复耕") for line in said] == items.split()


def test_the_days_of_a_plan_are_looked_into() -> None:
    """A day of the plan is met when it was looked into, whatever was found; a further check may be set."""
    desk = served().on("2021-10-20")
    assert "没有已认可的整改方案" in desk.misfit("plan_checked", "2021-10-20", letter="L1")
    desk.record("plan_submitted", "2021-10-19", letter="L1", plan=PLAN)
    desk.decide("accept_plan", letter="L1")
    assert "没有待核查的方案节点" in desk.misfit("plan_checked", "2021-10-20", letter="L1", node="2021-12-16")
    desk.on("2021-12-17").record(
        "plan_checked", "2021-12-16", letter="L1", on_track=False, next_check_on="2021-12-31"
    )
    assert desk.deadline("L1/local.plan_check/2021-12-15").days_late == 1
    assert "未按方案进行，定于2021-12-31再查" in desk.rows().facts[-1].what
    desk.record("plan_checked", "2021-12-17", letter="L1", node="2022-02-28")
    assert [key.rpartition("/")[2] for key in desk.running if "plan_check" in key] == [
        "2021-12-20",
        "2022-03-31",
        "2021-12-31",
    ]
    desk.on("2021-12-21")
    assert "L1/local.plan_check/2021-12-20/due/2021-12-20" in desk.case.taken
    desk.record("plan_checked", "2021-12-21", letter="L1")
    assert "L1/local.plan_check/2021-12-20" not in desk.running


def test_a_day_looked_into_early_is_watched_again() -> None:
    """A check ahead of its day sets the same day anew; so does a new plan with the days of the old one."""
    desk = served().on("2021-10-20")
    desk.record("plan_submitted", "2021-10-19", letter="L1", plan=PLAN)
    desk.decide("accept_plan", letter="L1")
    desk.record("plan_checked", "2021-10-20", "early", letter="L1", next_check_on="2021-12-15")
    assert "L1/local.plan_check/early/2021-12-15" in desk.running
    assert desk.due("L1/local.plan_check/early/2021-12-15") == date(2021, 12, 15)
    desk.record("plan_submitted", "2021-10-20", letter="L1", plan=PLAN)
    desk.decide("accept_plan", "anew", letter="L1")
    days = sorted(key.rpartition("/")[2] for key in desk.running if "plan_check" in key)
    assert days == ["2021-12-15", "2021-12-20", "2022-02-28", "2022-03-31"]
    assert not desk.misfit("plan_checked", "2021-10-20", letter="L1", node="2021-12-15")
    desk.on("2021-12-15", 12).record("plan_checked", "2021-12-15", letter="L1")
    assert not any(key.endswith("2021-12-15") for key in desk.running)


@shows("3.4")
def test_plan_is_owed_by_who_explains_difficulties() -> None:
    """[意见]3: 确因客观原因难以在规定时限内整改完毕的, a plan is owed, within the two months from receipt; by nobody else."""
    desk = served().on("2021-10-20")
    desk.record("reply_received", "2021-10-20", "r1", letter="L1", stance="partly_adopted")
    assert "L1/coop.plan" not in desk.case.deadlines.by_key
    desk.on("2021-10-21").record("reply_received", "2021-10-21", "r2", letter="L1", stance="difficulties")
    assert desk.due("L1/coop.plan") == date(2021, 11, 15)
    desk.on("2021-11-05").record("plan_submitted", "2021-11-04", letter="L1", plan=PLAN)
    assert desk.deadline("L1/coop.plan").days_late == -11
    # Receipt was really a week later; the plan's period goes with it.
    desk.correct("served", "2021-09-22")
    assert desk.due("L1/coop.plan") == date(2021, 11, 22)

    none = served().on("2021-11-10")
    none.record("reply_received", "2021-11-10", letter="L1", stance="difficulties")
    none.on("2021-11-19")
    assert none.ticks[-1].id == "L1/coop.plan/overdue/2021-11-15"
    assert "没有整改方案的，按未整改处理" in none.notices[-1].body
    assert not none.is_overdue()  # the reply itself was in time

    done = served().on("2021-11-01")
    done.record("reply_received", "2021-11-01", letter="L1", stance="difficulties")
    done.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    assert "L1/coop.plan" not in done.running

    township = served(draft(DocumentType.SUGGESTION, TOWN)).on("2021-11-01")
    township.record("reply_received", "2021-11-01", letter="L1", stance="difficulties")
    assert "L1/coop.plan" not in township.case.deadlines.by_key


def test_plan_accepted_or_sent_back() -> None:
    """A plan is accepted, which opens its tracking, or sent back with reasons, and may come again."""
    desk = served().on("2021-10-20")
    assert "没有整改方案" in desk.refusal("accept_plan", letter="L1")
    desk.record("reply_received", "2021-10-20", letter="L1", plan=PLAN)
    assert "须写明理由" in desk.refusal("return_plan", letter="L1")
    desk.decide("return_plan", letter="L1", reason="没有责任人")
    assert desk.letter().plan_accepted is False
    assert not [key for key in desk.running if "plan_check" in key]
    assert "已审查过" in desk.refusal("accept_plan", letter="L1")
    desk.record("plan_submitted", "2021-10-20", letter="L1", plan=PLAN)
    desk.decide("accept_plan", letter="L1", next_check_on=date(2021, 11, 30))
    desk.decide("assess_reply", letter="L1", substance=Substance.PARTLY)
    assert desk.stage() is UrgingStage.PLAN_TRACKING
    assert "L1/local.plan_check/2021-11-30" in desk.running
    # A new plan takes the old one's place, with its checkpoints.
    later = PLAN.model_copy(update={"stages": (), "next_check_on": None, "final_on": date(2022, 5, 31)})
    desk.on("2021-11-01").record("plan_submitted", "2021-11-01", letter="L1", plan=later)
    desk.decide("accept_plan", letter="L1")
    assert [key for key in desk.running if "plan_check" in key] == ["L1/local.plan_check/2022-05-31"]


def test_promises_become_reminders() -> None:
    """A day that a reply promises is watched: reminded of three days ahead, asked after on the day, met when kept."""
    desk = served().on("2021-10-20")
    promises = (Promise(what="清运", by=date(2021, 12, 1)), Promise(what="复耕", by=date(2022, 4, 2)))
    desk.record("reply_received", "2021-10-20", "r1", letter="L1", promises=promises)
    keys = ["L1/local.promise/r1#1", "L1/local.promise/r1#2"]
    assert [key for key in desk.running if "promise" in key] == keys
    # A day that was named stands as named, on a Saturday too.
    assert [desk.due(key) for key in keys] == [date(2021, 12, 1), date(2022, 4, 2)]
    desk.on("2021-11-28", 9)
    assert desk.ticks[-1].id == "L1/local.promise/r1#1/remind/2021-12-01/3"
    desk.on("2021-11-30").record("promise_kept", "2021-11-30", promise="r1#1")
    with pytest.raises(Refusal, match="没有承诺"):
        desk.record("promise_kept", "2021-11-30", promise="r1#9")
    desk.on("2022-04-04")
    assert "L1/local.promise/r1#1/due/2021-12-01" not in desk.case.taken
    assert "L1/local.promise/r1#2/due/2022-04-02" in desk.case.taken


@pytest.mark.parametrize("day", ["2201-11-30", "9999-12-31", "0201-11-30"])
def test_a_day_out_of_all_reckoning_is_kept_for_sorting(day: str) -> None:
    """A slip of the pen (2201 for 2021) wedges no case: the paper waits for sorting."""
    desk = served().on("2021-10-20")
    promise = {"what": "清运", "by": day}
    for field_ in (
        {"promises": [promise]},
        {"plan": PLAN.model_copy(update={"final_on": date.fromisoformat(day)})},
    ):
        taken = desk.signal("reply_received", "2021-10-20", letter="L1", **field_)
        assert taken.how == "unmatched"
    assert "look_back_on" in desk.refusal(
        "close_case", outcome=Outcome.TERMINATED, reason="x", look_back_on=[date.fromisoformat(day)]
    )
    desk.on("2021-11-16")
    assert desk.deadline("L1/jy.reply").state == "expired"


def test_nothing_put_right_is_nothing_put_right() -> None:
    """A case without an item and without a letter cannot end as 整改到位."""
    desk = PureDesk(issued().case.opening.model_copy(update={"letters": ()}))
    assert "没有整改事项" in desk.refusal("close_case", outcome=Outcome.RECTIFIED, reason="x")
    told = served(draft(DocumentType.NOTIFICATION_LETTER)).on("2021-10-08")
    told.record("reply_received", "2021-10-08", letter="L1")
    told.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    assert told.refusal("close_case", outcome=Outcome.RECTIFIED, reason="已整改") == ""
