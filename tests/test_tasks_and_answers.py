"""Tasks (an item with an owner and a day) and plain letters (函), as every kind of case has them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.document_types import DocumentType
from models.documents import missing
from models.general_papers import GeneralLetter
from models.orders import letter_paper
from models.stages import UrgingStage
from models.terms import ItemKind, Outcome, Stance, Substance
from models.wire import Item, Period
from tests.openings import BUREAU, DRAFTER, FORESTRY, TEXT, TOWN, draft, opening
from tests.pure_desk import PureDesk, served

DAY = date(2021, 9, 15)
TASK = {"id": "任务一", "what": "移交卷宗", "kind": "task", "owner": BUREAU.name, "due_on": "2021-10-20"}


# ── tasks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_task_is_followed_until_it_is_done() -> None:
    desk = PureDesk(opening(opened_on=DAY))
    desk.decide("add_item", item=TASK)
    assert desk.case.entries[0].message.kind == "add_item"
    assert "任务一：移交卷宗（明溪县自然资源局，2021-10-20前完成）" in desk.rows().facts[0].what
    counted = desk.deadline("任务一/local.task")
    assert (counted.due_on, counted.basis) == (date(2021, 10, 20), "会议纪要、方案或者决定所定的日期")
    desk.on("2021-10-18")
    assert "【提醒】任务完成将于2021-10-20届满" in desk.notices[-1].subject
    assert BUREAU.name in desk.notices[-1].body
    desk.on("2021-10-19").record("item_progressed", "2021-10-19", item="任务一", milestone="done")
    assert desk.deadline("任务一/local.task").days_late == -1
    [row] = desk.rows().items
    assert (row.owner, row.due_on, row.state) == (BUREAU.name, date(2021, 10, 20), "done")


def test_a_task_that_is_late_is_asked_about_and_nobody_is_accused() -> None:
    desk = PureDesk(opening(opened_on=DAY, items=(Item.model_validate(TASK),))).on("2021-10-21")
    assert "【到期】任务完成已于2021-10-20届满" in desk.notices[-1].subject
    assert "核查任务是否完成" in desk.notices[-1].body
    assert not desk.is_overdue() and desk.rows().case.is_overdue is False
    desk.record("item_progressed", "2021-10-21", item="任务一", milestone="done")
    assert desk.deadline("任务一/local.task").days_late == 1


def test_work_that_failed_its_acceptance_is_not_done_by_its_day() -> None:
    """Of several milestones only the last meets the day, and the fact of the latest day decides."""
    desk = PureDesk(opening(opened_on=DAY))
    desk.decide("add_item", item=TASK | {"kind": "clearance"})
    desk.on("2021-10-12")
    for milestone in ("cleared", "covered"):
        desk.record("item_progressed", "2021-10-12", item="任务一", milestone=milestone)
    desk.record("item_progressed", "2021-10-12", item="任务一", milestone="accepted", passed=False)
    assert desk.deadline("任务一/local.task").state == "running"
    for milestone in ("covered", "accepted"):
        desk.record("item_progressed", "2021-10-12", item="任务一", milestone=milestone)
    assert desk.deadline("任务一/local.task").state == "met"


def test_a_task_given_up_is_watched_no_longer_and_one_without_a_day_never() -> None:
    desk = PureDesk(
        opening(opened_on=DAY, items=(Item(id="建议1", what="共享台账", kind=ItemKind.RECOMMENDATION),))
    )
    assert desk.running == []
    desk.decide("add_item", item=TASK)
    desk.decide("drop_item", item="任务一", reason="已由法院调取")
    assert desk.running == []
    assert desk.case.putting_right.open_items[0].item.id == "建议1"
    assert "未定责任人" in desk.decide("add_item", item={"id": "二", "what": "走访", "kind": "task"}).what


@pytest.mark.parametrize("due_on", ["2021-09-14", "9999-12-31", "0201-01-01"])
def test_a_task_is_due_on_a_day_to_come(due_on: str) -> None:
    desk = PureDesk(opening(opened_on=DAY))
    assert "不在今后" in desk.refusal("add_item", item=TASK | {"due_on": due_on})


def test_an_item_of_an_urging_case_may_have_a_day_too() -> None:
    """It stands against calling the case put right as any item does, and its day ends with the case."""
    desk = served(on=DAY, items=(Item.model_validate(TASK | {"kind": "demolition"}),)).on("2021-10-08")
    desk.record("reply_received", "2021-10-08", letter="L1")
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    assert "任务一" in desk.refusal("close_case", outcome=Outcome.RECTIFIED, reason="整改")
    desk.decide("close_case", outcome=Outcome.PARTLY_RECTIFIED, reason="部分整改")
    assert "任务一/local.task" not in desk.running


# ── plain letters ────────────────────────────────────────────────────────────────────────────────────────────────────


def sent(on: date = DAY, **fields: Any) -> PureDesk:
    """A 函 to the bureau, issued and served."""
    desk = PureDesk(opening(opened_on=on))
    asked: dict[str, Any] = {
        "by": DRAFTER,
        "document": DocumentType.LETTER,
        "recipients": [BUREAU],
        "text": TEXT,
    }
    desk.decide("draft_letter", **(asked | fields))
    desk.decide("approve_letter")
    desk.decide("issue_letter", official_no="明检函〔2021〕1号")
    desk.record("letter_served", on, "served", letter="L1")
    return desk


def test_a_letter_that_sets_a_day() -> None:
    desk = sent(reply_by="2021-10-15")
    counted = desk.deadline("L1/local.answer")
    assert (counted.due_on, counted.basis, counted.expiry) == (
        date(2021, 10, 15),
        "函件载明的答复日期",
        "ask",
    )
    paper = desk.papers["L1/issued"]
    assert isinstance(paper.paper, GeneralLetter) and paper.paper.reply_by == date(2021, 10, 15)
    assert paper.name == "L1-函.pdf"
    desk.on("2021-10-14").record("reply_received", "2021-10-14", letter="L1", stance=Stance.AGREED)
    assert desk.deadline("L1/local.answer").days_late == -1


@pytest.mark.parametrize(
    ("within", "due_on"),
    [
        # From Wednesday 15 September: ten days end on Saturday 25th, so on Sunday 26th, which was worked for National Day.
        (Period(amount=10), date(2021, 9, 26)),
        # Five working days with Saturday 18 worked, Mid-Autumn from 19 to 21.
        (Period(amount=5, unit="working_days"), date(2021, 9, 23)),
        (Period(amount=1, unit="months"), date(2021, 10, 15)),
    ],
)
def test_a_letter_that_sets_a_period(within: Period, due_on: date) -> None:
    """Counted from its receipt, the day itself not included ([民诉]85)."""
    desk = sent(reply_within=within)
    assert desk.due("L1/local.answer") == due_on
    paper = letter_paper(desk.case, desk.letter())
    assert isinstance(paper, GeneralLetter) and paper.reply is not None and missing(paper) == []


def test_a_letter_that_asks_for_nothing_is_awaited_by_nobody() -> None:
    desk = sent()
    assert desk.running == []
    assert "回复期限" not in desk.case.taken["served"].what
    # Something may come back all the same.
    desk.record("reply_received", DAY, letter="L1", stance=Stance.ACKNOWLEDGED)
    assert desk.letter().state.value == "replied"


def test_a_plain_letter_is_overdue_when_its_day_has_passed_unanswered() -> None:
    desk = sent(reply_by="2021-10-15").on("2021-10-21")
    assert any("答复已于2021-10-15届满" in notice.subject for notice in desk.notices)
    assert "不适用[建议]25" in desk.refusal("escalate", letter="L1", rung="superior_agency")
    desk.decide("urge", letter="L1")
    assert "L1/urged-1" in desk.papers
    assert "不是告知函" in desk.refusal("upgrade_letter", letter="L1")


def test_what_answers_a_plain_letter_waits_for_no_assessment() -> None:
    """What it says is weighed by the kind of case; it stands in nobody's way."""
    desk = sent(reply_by="2021-10-15")
    desk.record("reply_received", DAY, "r1", letter="L1", stance=Stance.PROVIDED)
    assert "不必评估" in desk.refusal("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    assert desk.letter().unassessed is None and desk.letter().state.value == "replied"
    assert desk.refusal("close_case", outcome=Outcome.MERGED, reason="并案") == ""
    desk.decide("assess_reply", letter="L1", reply="r1", substance=Substance.EMPTY)
    assert desk.letter().state.value == "assessed"


def test_a_plain_letter_moves_no_stage_of_an_urging_case() -> None:
    """The stage is that of the letters whose reply the law asks for."""
    desk = sent(reply_by="2021-10-15")
    assert desk.stage() is UrgingStage.CLUE_REGISTERED
    both = served(draft(), on=DAY)
    both.decide("draft_letter", by=DRAFTER, document=DocumentType.LETTER, recipients=[TOWN], text=TEXT)
    both.decide("approve_letter")
    both.decide("issue_letter")
    assert both.stage() is UrgingStage.AWAITING_REPLY


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"document": DocumentType.LETTER, "reply_by": "2021-09-14"}, "不在今后"),
        ({"document": DocumentType.LETTER, "reply_by": "9999-12-31"}, "无法计算"),
        ({"document": DocumentType.LETTER, "reply_by": "2021-10-15", "reply_within": {"amount": 10}}, "写了两种"),
        ({"document": DocumentType.LETTER, "objection_within": {"amount": 10}}, "没有异议期"),
        ({"document": DocumentType.LETTER, "urgent": True}, "没有紧急"),
        ({"document": DocumentType.SUGGESTION, "reply_by": "2021-10-15"}, "由法律规定"),
        ({"document": DocumentType.URGING_LETTER}, "由系统随相应决定制作"),
        ({"document": DocumentType.STUDY_PLAN}, "此类案件不制发联合调研方案"),
        ({"document": DocumentType.FILING_DECISION}, "此类案件不制发立案决定书"),
    ],
)  # fmt: skip
def test_what_a_case_does_not_send(fields: dict[str, Any], said: str) -> None:
    desk = PureDesk(opening(opened_on=DAY))
    assert said in desk.refusal("draft_letter", by=DRAFTER, recipients=[FORESTRY], **fields)


def test_a_letter_names_its_copies_and_enclosures() -> None:
    desk = sent(copies_to=[TOWN.name], attachments=["卷宗目录"])
    paper = desk.papers["L1/issued"].paper
    assert isinstance(paper, GeneralLetter)
    assert (paper.copies_to, paper.attachments) == ((TOWN.name,), ("卷宗目录",))
