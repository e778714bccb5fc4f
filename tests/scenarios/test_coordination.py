"""第七条 商请督促与圆桌会议: the bureau asks and is answered, the unit is urged, what a round table agrees upon is done."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.coordination import CoordinationFile
from models.said.coordination import CoordinationTerms
from models.stages import CoordinationStage
from models.terms import CaseKind
from tests.openings import BUREAU, CLERK, OBJECTION, TEXT, TOWN, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

TASK = {"id": "拆除", "what": "组织拆除", "kind": "task", "owner": "雪峰镇", "due_on": "2021-11-30"}


def requested(**changes: Any) -> PureDesk[CoordinationFile]:
    """The bureau has asked, on 1 September 2021, that a town be urged to pull down what a court let be pulled down."""
    terms = CoordinationTerms(
        requester="明溪县自然资源局", units=("雪峰镇人民政府",), request="督促组织拆除并恢复耕种条件"
    )
    fields: dict[str, Any] = {
        "case": "coordination-350421-2021-0001",
        "kind": CaseKind.COORDINATION,
        "title": "商请督促雪峰镇组织拆除",
        "terms": terms,
    }
    return PureDesk(opening(**(fields | changes)))


def accepted(**changes: Any) -> PureDesk[CoordinationFile]:
    """The request was accepted on the day on which it came."""
    desk = requested()
    desk.decide("answer_coordination", accepted=True, **changes)
    return desk


def written_to(desk: PureDesk[CoordinationFile], document: str = "letter", **changes: Any) -> None:
    """A letter to the town goes out and is received, on the day it is."""
    fields: dict[str, Any] = {"document": document, "recipients": [TOWN], "text": TEXT}
    desk.decide("draft_letter", by=CLERK, **(fields | changes))
    desk.decide("issue_letter")
    letter = list(desk.case.letters)[-1].id
    desk.record("letter_served", str(desk.now.date()), letter=letter)


@shows("7.2", "7.3")
def test_from_the_request_to_the_last_task() -> None:
    """可以商请检察机关督促相关单位依法履职，必要时可召开圆桌会议共同协商解决."""
    desk = requested()
    assert desk.stage() is CoordinationStage.REQUESTED
    desk.on("2021-09-03").decide("answer_coordination", accepted=True, roundtable_by="2021-10-29")
    assert desk.stage() is CoordinationStage.ACCEPTED
    assert desk.due("case/roundtable") == date(2021, 10, 29)
    written_to(desk, reply_by="2021-09-24")
    assert desk.stage() is CoordinationStage.URGING
    assert desk.due("L1/local.answer") == date(2021, 9, 24)
    desk.on("2021-09-24").record("reply_received", "2021-09-24", stance="difficulties", summary="没有经费")

    desk.on("2021-10-08").decide(
        "call_meeting",
        form="round_table",
        topic="破解拆除经费",
        planned_on="2021-10-20",
        invited=["雪峰镇人民政府", "明溪县自然资源局", "明溪县财政局"],
    )
    assert desk.stage() is CoordinationStage.ROUNDTABLE_CALLED
    desk.on("2021-10-20").record(
        "meeting_held",
        "2021-10-20",
        meeting="M1",
        attended=["雪峰镇人民政府", "明溪县自然资源局"],
        absent=["明溪县财政局"],
        conclusions=["雪峰镇组织拆除", "县局验收复耕"],
        minutes="会议听取了镇政府的困难。",
        agreed=True,
    )
    assert desk.stage() is CoordinationStage.FOLLOWING_UP
    assert desk.deadline("case/roundtable").days_late == -9
    minutes = desk.papers["M1/minutes"].paper.model_dump_json()
    assert "雪峰镇组织拆除" in minutes and "明溪县财政局" in minutes
    said = desk.rows().facts[[row.kind for row in desk.rows().facts].index("meeting_held")].what
    assert "议定事项2项，逐项确定责任人和完成日期" in said

    without = TASK | {"owner": ""}
    assert "任务须有责任人和完成日期" in desk.refusal("add_item", item=without)
    desk.decide("add_item", item=TASK)
    desk.decide("add_item", item={"id": "验收", "what": "验收复耕", "kind": "recultivation"})
    # The task is late: staff are told on its day, and it stays open.
    desk.on("2021-12-01")
    assert any(tick.kind == "fell_due" and tick.deadline == "拆除/local.task" for tick in desk.ticks)
    assert "任务尚未落实：拆除、验收" in desk.refusal("close_case", outcome="unit_urged", reason="已履职")
    desk.record("item_progressed", "2021-12-01", item="拆除", milestone="done")
    assert desk.deadline("拆除/local.task").days_late == 1
    desk.decide("drop_item", item="验收", reason="另案跟踪")
    desk.decide(
        "close_case", outcome="unit_urged", reason="已拆除", look_back_on=["2022-03-01", "2022-06-01"]
    )
    assert desk.stage() is CoordinationStage.CLOSED
    desk.on("2022-03-01").record("looked_back", "2022-03-01")
    assert desk.stage() is CoordinationStage.REVISIT
    desk.on("2022-06-01").record("looked_back", "2022-06-01")
    assert desk.stage() is CoordinationStage.ARCHIVED


@shows("7.2")
def test_declined_with_reasons_and_the_bureau_is_told() -> None:
    """涉及其他职能部门协同执法，需要检察机关协调配合的，可以商请: what is none of that is declined, in writing."""
    desk = requested()
    assert "须写明理由" in desk.refusal("answer_coordination", accepted=False)
    assert "不能在" in desk.refusal(
        "answer_coordination", accepted=False, reason="不属职责", roundtable_by="2021-10-29"
    )
    assert "不能在" in desk.refusal("answer_coordination", accepted=True, roundtable_by="2021-08-31")
    assert "尚未答复" in desk.refusal("close_case", outcome="declined", reason="不属职责")
    desk.decide("answer_coordination", accepted=False, reason="系民事纠纷")
    assert desk.stage() is CoordinationStage.DECLINED
    assert "已经答复" in desk.refusal("answer_coordination", accepted=True)
    assert "尚未函复" in desk.refusal("close_case", outcome="declined", reason="系民事纠纷")
    assert "商请未受理" in desk.refusal("close_case", outcome="completed", reason="完成")
    desk.decide(
        "draft_letter",
        by=CLERK,
        document="coordination_answer",
        recipients=[BUREAU],
        text={"advice": ["建议通过民事诉讼解决"]},
    )
    desk.decide("issue_letter", official_no="明检函〔2021〕8号")
    desk.decide("close_case", outcome="declined", reason="系民事纠纷")
    assert desk.stage() is CoordinationStage.ARCHIVED
    assert "L1/issued" in desk.papers


def test_urged_by_a_suggestion_that_is_not_heeded() -> None:
    """督促相关单位依法履职: a 检察建议 to the town; its silence is urged, then told upward, by the chief alone."""
    desk = accepted()
    written_to(desk, "suggestion", objection_within=OBJECTION)
    # [建议]19: two months from the receipt of 1 September 2021, a Monday.
    assert desk.due("L1/jy.reply") == date(2021, 11, 1)
    assert "尚未逐级报告" in desk.refusal("close_case", outcome="escalated", reason="拒不履职")
    desk.on("2021-11-08")
    assert desk.is_overdue()
    assert "尚未督促" in desk.refusal("escalate", rung="superior_agency")
    desk.decide("urge")
    desk.decide("escalate", rung="superior_agency", to="明溪县人民政府")
    desk.decide("close_case", outcome="escalated", reason="已通报县政府")
    assert desk.stage() is CoordinationStage.ARCHIVED


def test_a_suggestion_that_is_heeded_needs_no_round_table() -> None:
    """必要时可召开圆桌会议: where the unit does its duty upon the letter, none is called."""
    desk = accepted()
    assert "既未发函督促，也未召开圆桌会议" in desk.refusal("close_case", outcome="completed", reason="完成")
    written_to(desk, "suggestion", objection_within=OBJECTION)
    assert "没有相关单位已经依法履职的记录" in desk.refusal("close_case", outcome="unit_urged", reason="履职")
    desk.on("2021-10-20").record("reply_received", "2021-10-20", stance="adopted")
    assert "有回复待评估" in desk.refusal("close_case", outcome="unit_urged", reason="履职")
    desk.decide("assess_reply", substance="put_right")
    assert "不能以“不予受理”结案" in desk.refusal("close_case", outcome="declined", reason="履职")
    desk.decide("close_case", outcome="unit_urged", reason="已依法履职")
    assert desk.stage() is CoordinationStage.ARCHIVED


def test_a_round_table_nobody_came_to_is_called_again() -> None:
    """Cancelled with the reason, called again, and held before it was entered that it would be."""
    desk = requested()
    desk.on("2021-09-10").record(
        "meeting_held", "2021-09-08", "early", form="round_table", topic="拆除", attended=["雪峰镇人民政府"]
    )
    assert desk.stage() is CoordinationStage.REQUESTED
    desk.decide("answer_coordination", accepted=True, roundtable_by="2021-10-29", on="2021-09-03")
    assert desk.stage() is CoordinationStage.FOLLOWING_UP
    assert desk.deadline("case/roundtable").met_on is not None
    desk.decide("call_meeting", form="round_table", topic="复耕", planned_on="2021-09-24")
    assert "尚未召开" in desk.refusal("close_case", outcome="completed", reason="完成")
    assert "须写明理由" in desk.refusal("cancel_meeting")
    desk.decide("cancel_meeting", reason="镇政府未派员")
    desk.decide("close_case", outcome="completed", reason="会议已形成一致意见")
    assert desk.stage() is CoordinationStage.ARCHIVED


def test_the_bureau_takes_its_request_back() -> None:
    """Given up before or after the answer; a correction and a late fact change nothing of that."""
    desk = requested()
    desk.decide("close_case", outcome="cancelled", reason="县局撤回商请")
    assert desk.stage() is CoordinationStage.ARCHIVED
    late = accepted(roundtable_by="2021-10-29")
    late.decide("close_case", outcome="cancelled", reason="镇政府已自行拆除", look_back_on=["2021-12-01"])
    assert late.running == ["case/local.look_back/2021-12-01"]
    late.on("2021-09-24").signal("meeting_held", "2021-09-24", form="round_table", topic="拆除")
    assert late.stage() is CoordinationStage.CLOSED


def test_who_asks_for_what_is_checked_when_the_case_is_opened() -> None:
    """Bad input: a request that names neither unit nor matter."""
    assert [each.field for each in requested(terms=None).case.against_opening()] == ["request"]
    assert requested().case.against_opening() == []
    assert "此类案件不制发告知函" in accepted().refusal(
        "draft_letter", document="notification_letter", recipients=[BUREAU]
    )
