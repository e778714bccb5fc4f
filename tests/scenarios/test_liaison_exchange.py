"""第二条 日常联络: the two offices tell each other of cases and deployments; what they say daily is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.cases.liaison import LiaisonExchangeFile
from models.general_papers import GeneralLetter
from models.said.liaison import ExchangeTerms
from models.stages import ExchangeStage
from models.terms import CaseKind, ExchangeSubject
from models.wire import Recipient
from tests.openings import DRAFTER, opening
from tests.pure_desk import PureDesk, served
from tests.scenarios.shows import shows

OURS, THEIRS = Recipient(name="建宁县人民检察院"), Recipient(name="建宁县自然资源局")
OFFICES = ("建宁县人民检察院第四检察部", "建宁县自然资源局执法监察股")
PROVINCE = ("福建省人民检察院第七检察部", "福建省人民检察院第八检察部", "福建省自然资源厅")


def exchange(terms: ExchangeTerms | None = None, **options: Any) -> PureDesk[LiaisonExchangeFile]:
    """The exchange about the third quarter of 2021, opened on the first day after it."""
    terms = terms or ExchangeTerms(offices=OFFICES, first_day=date(2021, 7, 1), last_day=date(2021, 9, 30))
    opened = opening(
        case="liaison_exchange-350430-2021-0001",
        kind=CaseKind.LIAISON_EXCHANGE,
        county="350430",
        county_name="建宁县",
        procuratorate=OURS,
        title="建宁县2021年第三季度情况通报",
        opened_on=date(2021, 10, 1),
        terms=terms,
    )
    return PureDesk(opened, **options)


def circulate(desk: PureDesk[LiaisonExchangeFile], document: str = "circular", *to: Recipient) -> None:
    """Drafted, approved and issued to both sides, to be acknowledged by 29 October."""
    desk.decide(
        "draft_letter",
        by=DRAFTER,
        document=document,
        recipients=to or (OURS, THEIRS),
        reply_by="2021-10-29",
        copies_to=PROVINCE,
    )
    desk.decide("approve_letter")
    desk.decide("issue_letter")


@shows("2.1", "2.3")
def test_from_the_figures_to_the_acknowledgement() -> None:
    """“定期相互通报自然资源领域检察监督和行政执法办案情况”: figures, circular to both sides, acknowledged by both, filed."""
    desk = exchange()
    assert desk.stage() is ExchangeStage.CIRCULAR_DRAFTED
    assert desk.case.figures == ()
    # Article 2 says 定期 and sets no number: the clock is shown, and counts to no day.
    assert desk.due("case/coop.liaison") is None
    desk.on("2021-10-08")
    circulate(desk)
    assert desk.stage() is ExchangeStage.CIRCULATED
    paper = desk.papers["L2/issued"].paper
    assert isinstance(paper, GeneralLetter)
    assert paper.subject == "2021年第三季度自然资源领域检察监督和行政执法办案情况"
    assert "期内没有案件" in paper.body and paper.copies_to == PROVINCE
    desk.on("2021-10-09")
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-10-09", letter=letter)
    assert desk.stage() is ExchangeStage.AWAITING_ACKNOWLEDGEMENT
    assert desk.due("L2/local.answer") == date(2021, 10, 29)
    desk.on("2021-10-12").record("reply_received", "2021-10-12", letter="L1", stance="acknowledged")
    assert "尚未确认" in desk.refusal("close_case", outcome="acknowledged", reason="已通报")
    desk.on("2021-10-13").record(
        "reply_received", "2021-10-13", letter="L2", stance="acknowledged", summary="我局立案2件，申请执行1件"
    )
    assert desk.stage() is ExchangeStage.ACKNOWLEDGED
    assert str(desk.deadline("case/coop.liaison").met_on) == "2021-10-13"
    desk.decide("close_case", outcome="acknowledged", reason="双方确认", look_back_on=["2021-12-01"])
    assert desk.stage() is ExchangeStage.CLOSED
    desk.on("2021-12-01").record("looked_back", "2021-12-01", held=False, note="所附数据后来有变")
    assert desk.stage() is ExchangeStage.REVISIT
    desk.decide("file_away", reason="下一期一并通报")
    assert desk.stage() is ExchangeStage.ARCHIVED


def test_the_other_side_disputes_the_figures_and_they_are_gathered_again() -> None:
    """A reply that disputes is no acknowledgement: gathered again, the first circular withdrawn, a second one acknowledged."""
    desk = exchange().on("2021-10-08")
    circulate(desk)
    desk.on("2021-10-12")
    for number in (1, 2):
        desk.record("letter_served", "2021-10-12", letter=f"L{number}")
    desk.record("reply_received", "2021-10-12", letter="L1", stance="acknowledged")
    desk.record("reply_received", "2021-10-12", letter="L2", stance="not_adopted", summary="漏列一件")
    assert desk.stage() is ExchangeStage.AWAITING_ACKNOWLEDGEMENT
    assert "须写明理由" in desk.refusal("gather_figures")
    assert "尚未结束" in desk.refusal("gather_figures", reason="改期", last_day="2021-12-31")
    assert "期间颠倒" in desk.refusal("gather_figures", reason="改期", first_day="2021-10-01")
    desk.decide("gather_figures", reason="补登一件")
    assert set(desk.papers) >= {"table/1", "table/2"}
    for letter in ("L1", "L2"):
        desk.decide("withdraw_letter", letter=letter, reason="数据有误")
    circulate(desk)
    for letter in ("L3", "L4"):
        desk.record("letter_served", "2021-10-12", letter=letter)
        desk.record("reply_received", "2021-10-12", letter=letter, stance="acknowledged")
    desk.decide("close_case", outcome="acknowledged", reason="双方确认")
    assert desk.stage() is ExchangeStage.ARCHIVED


def test_an_acknowledgement_that_does_not_come_is_asked_for() -> None:
    """Staff are reminded before the day and told after it; nobody is accused, and the course stays open."""
    desk = exchange().on("2021-10-08")
    circulate(desk)
    desk.on("2021-10-09").record("letter_served", "2021-10-09", letter="L2")
    assert desk.stage() is ExchangeStage.CIRCULATED
    desk.record("letter_served", "2021-10-09", letter="L1")
    desk.on("2021-11-10")
    said = [(tick.kind, tick.deadline) for tick in desk.ticks]
    assert ("reminded", "L2/local.answer") in said and ("fell_due", "L2/local.answer") in said
    late = desk.signal(
        "reply_received", "2021-10-29", letter="L2", stance="acknowledged", received_on="2021-11-08"
    )
    # Posted in time is in time, whenever it came.
    assert late.how == "applied" and desk.deadline("L2/local.answer").days_late == 0
    desk.decide("close_case", outcome="cancelled", reason="部门合并")
    assert desk.stage() is ExchangeStage.ARCHIVED


def test_one_side_is_left_out() -> None:
    """相互通报 has two sides: a circular to one of them is no exchange."""
    desk = exchange().on("2021-10-08")
    assert "尚未通报" in desk.refusal(
        "close_case", outcome="acknowledged", reason="完"
    ) or "没有通报" in desk.refusal("close_case", outcome="acknowledged", reason="完")
    circulate(desk, "circular", THEIRS)
    desk.record("letter_served", "2021-10-08", letter="L1")
    desk.record("reply_received", "2021-10-08", letter="L1", stance="acknowledged")
    assert desk.stage() is ExchangeStage.AWAITING_ACKNOWLEDGEMENT
    assert f"没有通报“{OFFICES[0]}”" in desk.refusal("close_case", outcome="acknowledged", reason="完")


def test_no_circular_before_the_figures_and_none_without_a_day() -> None:
    """A case without a period (opened from another one, say) waits for it."""
    desk = exchange(ExchangeTerms(offices=OFFICES))
    assert desk.stage() is ExchangeStage.GATHERING
    draft: dict[str, Any] = {"by": DRAFTER, "document": "circular", "recipients": [THEIRS]}
    refused = desk.refusal("draft_letter", **draft)
    assert "数据尚未汇总" in refused and "没有写明何日前答复" in refused
    assert "没有写明通报的期间" in desk.refusal("gather_figures", reason="补写期间", first_day="2021-07-01")
    desk.decide("gather_figures", reason="补写期间", first_day="2021-07-01", last_day="2021-09-30")
    assert desk.stage() is ExchangeStage.CIRCULAR_DRAFTED


DEPLOYMENT = ExchangeTerms(
    about=ExchangeSubject.DEPLOYMENT,
    offices=OFFICES,
    fields=("耕地保护", "违法占地"),
    recipients=("建宁县自然资源局", "建宁县林业局"),
    deployment="自十月起集中清查违法占用耕地。",
)


@shows("2.3")
def test_a_major_deployment_is_announced_and_acknowledged() -> None:
    """“重大工作部署”: fields, content, recipients; each acknowledges; there are no figures."""
    desk = exchange(DEPLOYMENT).on("2021-10-08")
    assert desk.stage() is ExchangeStage.CIRCULAR_DRAFTED
    assert "没有数据可汇总" in desk.refusal("gather_figures", reason="汇总")
    assert "改用重大工作部署通报" in desk.refusal(
        "draft_letter", document="circular", recipients=[THEIRS], reply_by="2021-10-29"
    )
    circulate(desk, "deployment_notice", THEIRS, Recipient(name="建宁县林业局"))
    paper = desk.papers["L1/issued"].paper
    assert isinstance(paper, GeneralLetter)
    assert paper.body == "涉及领域：耕地保护、违法占地。\n自十月起集中清查违法占用耕地。"
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-10-08", letter=letter)
        desk.record("reply_received", "2021-10-08", letter=letter, stance="acknowledged")
    desk.decide("close_case", outcome="acknowledged", reason="均已知悉")
    assert desk.stage() is ExchangeStage.ARCHIVED
    assert not any(order.startswith("table/") for order in desk.papers)


@pytest.mark.parametrize(
    "wrong",
    [
        ({"first_day": None}, "first_day"),
        ({"last_day": None}, "last_day"),
        ({"first_day": date(2021, 10, 1)}, "first_day"),
        ({"last_day": date(2021, 10, 1)}, "last_day"),
        ({"offices": ("建宁县自然资源局执法监察股",)}, "offices"),
        ({"about": ExchangeSubject.DEPLOYMENT, "fields": ("耕地保护",)}, "deployment"),
        ({"about": ExchangeSubject.DEPLOYMENT, "deployment": "清查"}, "fields"),
    ],
)
def test_terms_that_are_no_exchange(wrong: tuple[dict[str, Any], str]) -> None:
    changes, field = wrong
    good = ExchangeTerms(offices=OFFICES, first_day=date(2021, 7, 1), last_day=date(2021, 9, 30))
    bad = exchange(good.model_copy(update=changes)).case
    assert [problem.field for problem in bad.against_opening()] == [field]
    assert not exchange(good).case.against_opening()


def test_a_deployment_notice_has_no_place_in_a_regular_exchange() -> None:
    assert "部署另行立案" in exchange().refusal(
        "draft_letter", document="deployment_notice", recipients=[THEIRS], reply_by="2021-10-29"
    )


@shows("2.2")
def test_what_the_liaisons_say_daily_is_kept_with_the_case_it_concerns() -> None:
    """“负责日常工作联系和信息沟通”: a message between liaisons is kept in a case of any kind, and changes nothing."""
    message = {"sender": "执法监察科王五", "receiver": "第四检察部张三", "what": "下周进场拆除"}
    desk = served().on("2021-10-20")
    before = desk.stage()
    assert desk.record("liaison_message", "2021-10-20", **message).how == "noted"
    assert desk.stage() is before
    assert "在将来" in desk.misfit("liaison_message", "2021-10-21", **message)
    taken = exchange().record("liaison_message", "2021-10-01", **message)
    assert taken.what == "2021-10-01 执法监察科王五致第四检察部张三：下周进场拆除"


@shows("2.4")
def test_what_both_sides_have_agreed_to_do_is_followed() -> None:
    """“协调衔接工作机制的具体运作与落实”: a matter to be settled between the offices has an owner and a day."""
    desk = exchange().on("2021-10-08")
    item = {"id": "台账", "what": "建立抄送台账", "kind": "task", "owner": "王五", "due_on": "2021-10-29"}
    desk.decide("add_item", item=item)
    assert desk.due("台账/local.task") == date(2021, 10, 29)
    assert "衔接事项尚未完成：台账" in desk.refusal("close_case", outcome="acknowledged", reason="完")
    desk.on("2021-10-20").record("item_progressed", "2021-10-20", item="台账", milestone="done")
    assert desk.deadline("台账/local.task").met_on is not None
