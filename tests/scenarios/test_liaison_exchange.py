"""第二条 日常联络: the two offices tell each other of cases and deployments; what they say daily is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.casefile import OwnOrder
from models.cases.liaison import LiaisonExchangeFile
from models.exchange_figures import Figures
from models.general_papers import GeneralForm, GeneralLetter
from models.messages import Message
from models.said.liaison import ExchangeTerms, FiguresGathered, FiguresOrder
from models.said.links import LinkFailed
from models.stages import ExchangeStage
from models.tasks import Task
from models.terms import CaseKind, ExchangeSubject
from models.wire import LetterText, Recipient
from tests.openings import DRAFTER, opening
from tests.pure_desk import PureDesk, served
from tests.scenarios.shows import shows

OURS, THEIRS = Recipient(name="建宁县人民检察院"), Recipient(name="建宁县自然资源局")
OFFICES = ("建宁县人民检察院第四检察部", "建宁县自然资源局执法监察股")
PROVINCE = ("福建省人民检察院第七检察部", "福建省人民检察院第八检察部", "福建省自然资源厅")
FIGURES = (
    Figures(county="350430", county_name="建宁县", opened=3, closed=1, overdue=1, letters=2, due=2, answered=2, on_time=1,
            put_right=1, suggestions=1, adopted=1, applications=3, copied=2, copied_in_time=1),
    Figures(county="350481", county_name="永安市", opened=1),
)  # fmt: skip


def told(own: OwnOrder) -> Message:
    """What a registry with two counties in it answers."""
    return FiguresGathered(id=f"{own.order}/made", order=own.order, figures=FIGURES)


def failing(own: OwnOrder) -> Message:
    """What comes of an order that cannot be carried out."""
    return LinkFailed(id=f"{own.order}/failed/1", order=own.order, why="台账库停用")


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


def test_the_figures_stand_in_the_circular_and_in_a_table() -> None:
    """Replies in time and put right are two columns; a rate without a denominator is 无."""
    desk = exchange(answers={Task.GATHER_FIGURES.value: told}).on("2021-10-08")
    circulate(desk)
    paper = desk.papers["L1/issued"].paper
    assert isinstance(paper, GeneralLetter)
    first, jianning, yongan, both = paper.body.splitlines()
    assert first.startswith("2021-07-01至2021-09-30")
    assert jianning.startswith("建宁县：期内立案3件，期内结案1件，期末逾期未复案件1件")
    assert "按期回复1件，整改到位1件" in jianning and jianning.endswith("抄送率66.7%，及时率33.3%。")
    assert yongan.endswith("抄送率无，及时率无。")
    assert both.startswith("合计：期内立案4件")
    table = desk.papers["table/1"].paper
    assert isinstance(table, GeneralForm)
    assert ("抄送率", "66.7%") in [(row.label, row.text) for row in table.rows]
    # What the draft says itself goes before.
    desk.decide("draft_letter", by=DRAFTER, document="circular", recipients=[THEIRS], reply_by="2021-10-29",
                text=LetterText(facts="另行通报"))  # fmt: skip
    assert desk.letter("L3").text.facts == "另行通报"


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
    """A case without a period (opened from another one, say) waits for it; a failed gathering is told to staff and asked anew."""
    desk = exchange(ExchangeTerms(offices=OFFICES))
    assert desk.stage() is ExchangeStage.GATHERING
    draft: dict[str, Any] = {"by": DRAFTER, "document": "circular", "recipients": [THEIRS]}
    refused = desk.refusal("draft_letter", **draft)
    assert "数据尚未汇总" in refused and "没有写明何日前答复" in refused
    assert "没有写明通报的期间" in desk.refusal("gather_figures", reason="补写期间", first_day="2021-07-01")
    desk.decide("gather_figures", reason="补写期间", first_day="2021-07-01", last_day="2021-09-30")
    assert desk.stage() is ExchangeStage.CIRCULAR_DRAFTED

    desk = exchange(answers={Task.GATHER_FIGURES.value: failing})
    assert desk.stage() is ExchangeStage.GATHERING
    assert any("有事项未能办理" in notice.subject for notice in desk.notices)
    desk.answers = {Task.GATHER_FIGURES.value: told}
    desk.decide("gather_figures", reason="台账库已恢复")
    assert desk.case.figures == FIGURES


def test_an_answer_that_nobody_asked_for_is_kept_for_sorting() -> None:
    desk = exchange()
    stray = FiguresGathered(id="figures/9/made", order="figures/9", figures=())
    assert desk.take(stray).how == "unmatched"


def test_what_is_asked_is_the_place_and_the_period_of_the_case() -> None:
    [order] = [
        own.told for own in LiaisonExchangeFile(exchange().case.opening).own_orders()
    ]  # an empty journal has no answer yet
    assert order == FiguresOrder(
        order="figures/1", case="liaison_exchange-350430-2021-0001", place="350430",
        first_day=date(2021, 7, 1), last_day=date(2021, 9, 30),
    )  # fmt: skip


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
    ("changes", "field"),
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
def test_terms_that_are_no_exchange(changes: dict[str, Any], field: str) -> None:
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
