"""第八条 行政争议实质性化解: is it suited, contact, plan, talks; agreement and performance, or none; the parent is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.disputes import DisputeFile
from models.cases.urging import UrgingFile
from models.messages import Link, Opening
from models.said.disputes import DisputeTerms
from models.stages import DisputeStage
from models.terms import CaseKind, DisputeState, Relation
from tests.openings import BUREAU, CLERK, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

PARENT = "enforcement-350421-2021-0003"
SUIT = "明检行监〔2021〕12号"
REGISTRATION = {"what": "变更隔巷登记", "kind": "registration", "owner": "县局", "due_on": "2021-11-30"}
PAYMENT = {"what": "支付补偿款", "kind": "payment", "owner": "县局", "due_on": "2021-11-15"}


def dispute(*parents: Link, **changes: Any) -> PureDesk[DisputeFile]:
    """A dispute over the registration of an alley, found on 1 September 2021 in the review of another system's case."""
    links = parents or (Link(relation=Relation.PARENT, case=SUIT, elsewhere=True),)
    fields: dict[str, Any] = {
        "case": "dispute-350421-2021-0001",
        "kind": CaseKind.DISPUTE,
        "title": "隔巷登记争议化解",
        "parties": ("刘某", "任某"),
        "links": links,
        "terms": DisputeTerms(agency="明溪县自然资源局", subject="隔巷的登记归属"),
    }
    return PureDesk(opening(**(fields | changes)))


def suited(*parents: Link, **changes: Any) -> PureDesk[DisputeFile]:
    """It was found suited on the day it was taken up."""
    desk = dispute(*parents)
    desk.decide(
        "assess_suitability", "suited", suitable=True, reason="登记程序有瑕疵，双方愿意协商", **changes
    )
    return desk


def signed(desk: PureDesk[DisputeFile], on: str, *performance: dict[str, str], **fields: Any) -> None:
    desk.on(on).record(
        "agreement_signed", on, f"signed-{on}", terms="确认边界", performance=performance, **fields
    )


def told(desk: PureDesk[DisputeFile]) -> list[str]:
    """What the parent was told, and in what order."""
    orders = [row.id for row in desk.rows().facts if row.kind == "case_told"]
    return [order.split("/")[1] for order in orders if order.startswith("dispute/")]


@shows("8.1", "8.2")
def test_from_the_assessment_to_the_last_performance() -> None:
    """发现案件适宜开展行政争议实质性化解工作的，应加强与自然资源主管部门的沟通联系；主管部门在提交意见、配合化解、促进异地协作等方面予以积极配合."""
    desk = dispute()
    assert desk.stage() is DisputeStage.ASSESSING
    assert "尚未评估" in desk.misfit("agreement_signed", "2021-09-01")
    desk.decide("assess_suitability", suitable=True, reason="双方愿意协商", settle_by="2021-11-01")
    assert desk.stage() is DisputeStage.CONTACTING
    assert desk.due("case/dispute") == date(2021, 11, 1)
    desk.record("party_contacted", "2021-09-01", who="县局法规科", summary="同意重新测量")
    for document, recipient in (("opinion_request", BUREAU), ("help_request", {"name": "池州市人民检察院"})):
        desk.decide(
            "draft_letter",
            by=CLERK,
            document=document,
            recipients=[recipient],
            text={"advice": ["就化解提出意见"]},
            reply_by="2021-09-24",
        )
        desk.decide("issue_letter")
    desk.record("letter_served", "2021-09-01", letter="L1")
    desk.record("letter_served", "2021-09-01", letter="L2")
    assert desk.due("L1/local.answer") == date(2021, 9, 24)
    desk.on("2021-09-17").record("reply_received", "2021-09-17", letter="L1", stance="agreed")
    desk.record("reply_received", "2021-09-17", letter="L2", stance="provided", summary="协助找到任某")

    desk.decide("plan_settlement", "plan", plan="现场测量后变更登记", measures=["现场测量", "公开听证"])
    assert desk.stage() is DisputeStage.PLANNING
    assert SUIT in desk.papers["plan/plan"].paper.model_dump_json()
    desk.decide("call_meeting", form="hearing", topic="现场丈量", planned_on="2021-10-12")
    assert desk.stage() is DisputeStage.NEGOTIATING
    # [行监]70: the notice goes out three days before; 9 October 2021 was a worked Saturday.
    assert desk.due("M1/sup.hearing") == date(2021, 10, 9)
    desk.on("2021-10-12").record("meeting_held", "2021-10-12", meeting="M1", attended=["社区"], agreed=True)

    signed(desk, "2021-10-20", REGISTRATION, PAYMENT, {"what": "撤回监督申请", "kind": "withdrawal"})
    assert desk.stage() is DisputeStage.AGREED
    assert desk.deadline("case/dispute").days_late == -12
    assert desk.due("履行1/local.task") == date(2021, 11, 30)
    desk.on("2021-11-15").record("item_progressed", "2021-11-15", item="履行2", milestone="paid")
    assert desk.stage() is DisputeStage.PERFORMING
    assert "尚未履行完毕：履行1 变更隔巷登记、履行3 撤回监督申请" in desk.refusal(
        "close_case", outcome="settled", reason="和解"
    )
    desk.on("2021-11-29").record("item_progressed", "2021-11-29", item="履行1", milestone="registered")
    desk.record("supervision_withdrawn", "2021-11-29", party="刘某")
    assert desk.stage() is DisputeStage.PERFORMED
    desk.decide("close_case", outcome="settled", reason="履行完毕", look_back_on=["2022-03-01", "2022-06-01"])
    assert desk.stage() is DisputeStage.CLOSED
    desk.on("2022-03-01").record("looked_back", "2022-03-01")
    assert desk.stage() is DisputeStage.REVISIT
    desk.on("2022-06-01").record("looked_back", "2022-06-01")
    assert desk.stage() is DisputeStage.ARCHIVED


@shows("8.1")
def test_the_case_it_belongs_to_is_told_when_it_is_under_way_and_settled() -> None:
    """在审查…案件时: the review is extended on the ground of the talks ([行监]56) and ended on their success ([行监]81)."""
    desk = suited(Link(relation=Relation.PARENT, case=PARENT, known=True))
    assert told(desk) == ["under_way"]
    signed(desk, "2021-10-20", REGISTRATION)
    desk.on("2021-11-30").record("item_progressed", "2021-11-30", item="履行1", milestone="registered")
    assert told(desk) == ["under_way", "under_way", "settled"]
    desk.decide("close_case", outcome="settled", reason="履行完毕")
    assert [row.id for row in desk.rows().facts if row.kind == "case_told"][-1] == f"closed/{PARENT}/told"


def test_what_the_parent_is_told_follows_what_becomes_of_the_agreement() -> None:
    """A registration that is undone, talks that fail after all, a new agreement in which supervision is given up."""
    desk = suited(Link(relation=Relation.PARENT, case=PARENT, known=True))
    signed(desk, "2021-10-20", REGISTRATION)
    desk.on("2021-11-29").record("item_progressed", "2021-11-29", item="履行1", milestone="registered")
    desk.on("2021-12-01").record(
        "item_progressed", "2021-12-01", item="履行1", milestone="registered", passed=False
    )
    assert desk.stage() is DisputeStage.PERFORMING
    desk.on("2021-12-20").record("talks_failed", "2021-12-20", summary="任某反悔")
    assert desk.stage() is DisputeStage.FAILED
    assert "没有有效的和解协议" in desk.refusal("close_case", outcome="settled", reason="和解")
    signed(desk, "2022-01-10", waives_supervision=True)
    assert desk.stage() is DisputeStage.PERFORMING
    assert told(desk) == ["under_way", "under_way", "settled", "under_way", "failed", "settled"]


def test_a_withdrawal_that_is_entered_before_the_agreement() -> None:
    """The order of entry does not matter: who undertook to withdraw had done so already."""
    desk = suited(Link(relation=Relation.PARENT, case=PARENT, known=True)).on("2021-10-29")
    desk.record("supervision_withdrawn", "2021-10-21", party="刘某")
    assert told(desk) == ["under_way"]
    desk.record(
        "agreement_signed",
        "2021-10-20",
        performance=[{"what": "撤回监督申请", "kind": "withdrawal"}, PAYMENT],
    )
    assert desk.stage() is DisputeStage.PERFORMING
    assert told(desk) == ["under_way", "settled"]


def test_an_agreement_that_came_by_signal_before_the_assessment() -> None:
    """A fact before its cause is kept for sorting, and entered when the dispute is found suited."""
    desk = dispute().on("2021-10-29")
    assert desk.signal("agreement_signed", "2021-10-20", performance=[REGISTRATION]).how == "unmatched"
    assert desk.stage() is DisputeStage.ASSESSING
    desk.decide("assess_suitability", suitable=True, reason="已达成协议")
    assert desk.stage() is DisputeStage.AGREED and not desk.rows().case.unmatched


def test_a_dispute_that_is_not_suited_may_be_so_later() -> None:
    """发现案件适宜…的: one that is not is left to the review; when things have changed it is assessed anew."""
    desk = dispute(Link(relation=Relation.PARENT, case=PARENT, known=True))
    assert "评估须写明理由" in desk.refusal("assess_suitability", suitable=False)
    assert "不能在" in desk.refusal(
        "assess_suitability", suitable=False, reason="差距大", settle_by="2021-12-31"
    )
    desk.decide("assess_suitability", suitable=False, reason="一方拒绝协商")
    assert desk.stage() is DisputeStage.UNSUITABLE and told(desk) == []
    assert "不适宜化解" in desk.refusal("plan_settlement", plan="协商")
    assert "不适宜化解" in desk.misfit("talks_failed", "2021-09-01")
    desk.on("2021-10-08").decide("assess_suitability", suitable=True, reason="任某同意协商")
    assert told(desk) == ["under_way"]
    assert "已评估为适宜" in desk.refusal("assess_suitability", suitable=False, reason="又拒绝")

    never = dispute()
    never.decide("assess_suitability", suitable=False, reason="涉及公共利益")
    never.decide("close_case", outcome="dispute_not_settled", reason="不适宜化解")
    assert never.stage() is DisputeStage.ARCHIVED


def test_no_agreement() -> None:
    """The day passes and the talks fail; the review goes on, told so."""
    desk = suited(
        Link(relation=Relation.PARENT, case=PARENT, known=True),
        others=(PARENT,),
        settle_by=date(2021, 10, 29),
    )
    desk.on("2021-11-01")
    assert any(tick.kind == "fell_due" and tick.deadline == "case/dispute" for tick in desk.ticks)
    assert "没有化解不成的记录" in desk.refusal("close_case", outcome="dispute_not_settled", reason="不成")
    desk.record("talks_failed", "2021-11-01", summary="补偿数额差距过大")
    assert desk.stage() is DisputeStage.FAILED
    assert told(desk) == ["under_way", "failed"]
    desk.decide("close_case", outcome="dispute_not_settled", reason="补偿数额差距过大")
    assert desk.stage() is DisputeStage.ARCHIVED


def test_performed_in_part_and_the_rest_no_longer_asked_for() -> None:
    """和解 only of what was performed: the rest is struck with the reason; nothing performed at all is no settlement."""
    desk = suited()
    signed(desk, "2021-10-20", REGISTRATION, PAYMENT)
    desk.on("2021-12-01")
    assert [tick.deadline for tick in desk.ticks if tick.kind == "fell_due"] == [
        "履行2/local.task",
        "履行1/local.task",
    ]
    for item in ("履行1", "履行2"):
        desk.decide("drop_item", f"drop-{item}", item=item, reason="申请人同意免除")
    assert "没有一项得到履行" in desk.refusal("close_case", outcome="settled", reason="和解")
    signed(desk, "2021-12-02", {"what": "支付部分补偿款", "kind": "payment"})
    assert "没有化解不成的记录" in desk.refusal("close_case", outcome="dispute_not_settled", reason="不成")
    desk.record("item_progressed", "2021-12-02", item="履行3", milestone="paid")
    desk.decide("close_case", outcome="settled", reason="部分履行，其余免除")
    assert desk.stage() is DisputeStage.ARCHIVED


def test_given_up_because_the_court_has_decided() -> None:
    """The suit it belongs to was judged anew: what was talked over no longer matters."""
    desk = suited().on("2021-10-08")
    desk.record(
        "fact_established", "2021-10-08", element="court_decided", actor="省高院", what="再审撤销登记"
    )
    desk.decide("close_case", outcome="cancelled", reason="再审已撤销登记")
    assert desk.stage() is DisputeStage.ARCHIVED


def test_the_case_it_belongs_to_must_be_named() -> None:
    """Bad input: a dispute beside nothing; with a case of another system, by its own number, it can be opened."""
    nowhere = PureDesk[DisputeFile](dispute().case.opening.model_copy(update={"links": ()}))
    assert ["所属的案件" in str(each) for each in nowhere.case.against_opening()] == [True]
    assert dispute().case.against_opening() == []
    assert [row.elsewhere for row in dispute().rows().links] == [True]
    assert list(dispute().case.own_lines()) == [f"所属案件：{SUIT}"]


def test_every_kind_of_case_can_be_the_one_it_belongs_to() -> None:
    """What a dispute reports stands in the case that it was reported to; the later of two reports counts, in any order."""
    desk: PureDesk[UrgingFile] = PureDesk(opening()).on("2021-12-01")
    number = "dispute-350421-2021-0001"
    desk.signal("dispute_reported", "2021-11-30", "later", case=number, state="settled")
    desk.signal("dispute_reported", "2021-09-01", "earlier", case=number, state="under_way")
    assert desk.case.disputes[number].state is DisputeState.SETTLED
    desk.correct("later")
    assert desk.case.disputes[number].state is DisputeState.UNDER_WAY


def test_opened_from_the_case_under_review() -> None:
    """发现案件适宜开展…: opened from the case in which it was found, which it knows as its parent."""
    parent: PureDesk[UrgingFile] = PureDesk(opening())
    parent.decide("open_linked", relation="child", into="dispute", reason="适宜化解", title="隔巷登记争议")
    opened: Opening = parent.opened[0]
    desk: PureDesk[DisputeFile] = PureDesk(opened)
    assert desk.case.against_opening() == []
    desk.decide("assess_suitability", suitable=True, reason="双方愿意")
    assert told(desk) == ["under_way"]


def test_talks_that_are_taken_up_again_after_the_closing() -> None:
    """Closed as not settled, and then both sides want to talk after all: a new case, which knows of the old one."""
    closed = suited()
    closed.record("talks_failed", "2021-09-01", summary="差距过大")
    closed.decide(
        "close_case", outcome="dispute_not_settled", reason="差距过大", look_back_on=[date(2021, 12, 1)]
    )
    assert closed.signal("agreement_signed", "2021-09-01", performance=[PAYMENT]).how == "unmatched"
    closed.on("2021-11-01").decide(
        "open_linked", relation="reopened_as", into="dispute", reason="双方愿意再谈", carry=True
    )
    again: PureDesk[DisputeFile] = PureDesk(closed.opened[0])
    assert [row.relation for row in again.rows().links] == ["reopens"]
    again.decide("link_case", relation="parent", case=SUIT, elsewhere=True)
    assert again.case.against_opening() == []
    again.decide("assess_suitability", suitable=True, reason="双方愿意再谈")
    assert again.stage() is DisputeStage.CONTACTING
