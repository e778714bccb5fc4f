"""第九条 联合调研: both sides study what is common or hard, recommend what to do about it, and hold to one standard."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.joint_work import StudyFile
from models.said.joint_work import StudyTerms
from models.stages import StudyStage
from models.terms import CaseKind
from tests.openings import opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows


def study(**changes: Any) -> PureDesk[StudyFile]:
    """A study of why rulings are not enforced, proposed on 1 September 2021."""
    terms = StudyTerms(
        topic="违法占耕非诉执行难", team=("甲检察官", "王科长"), partners=("明溪县自然资源局",)
    )
    fields: dict[str, Any] = {
        "case": "study-350421-2021-0001",
        "kind": CaseKind.STUDY,
        "title": "违法占耕非诉执行难联合调研",
        "terms": terms,
    }
    return PureDesk(opening(**(fields | changes)))


@shows("9.2")
def test_from_the_proposal_to_the_last_recommendation() -> None:
    """Topic, team, plan, field work, report; each recommendation is followed to its end (研究对策建议，共谋治理举措)."""
    desk = study()
    assert desk.stage() is StudyStage.PROPOSED
    assert "尚未商定" in desk.misfit("study_reported", "2021-09-01", recommendations=["共享台账"])
    desk.decide("agree_study", plan="分三组走访各乡镇", report_by=date(2021, 12, 31))
    assert desk.stage() is StudyStage.AGREED
    assert desk.due("case/research") == date(2021, 12, 31)
    desk.decide(
        "add_item",
        item={"id": "走访", "what": "走访各乡镇", "kind": "task", "owner": "王科长", "due_on": "2021-11-30"},
    )
    assert desk.due("走访/local.task") == date(2021, 11, 30)

    desk.on("2021-10-12").record(
        "meeting_held",
        "2021-10-12",
        "visit",
        form="field_work",
        topic="走访雪峰镇",
        attended=["甲检察官", "王科长"],
        conclusions=["裁定后无人组织拆除"],
    )
    assert desk.stage() is StudyStage.FIELD_WORK
    desk.on("2021-11-29").record("item_progressed", "2021-11-29", item="走访", milestone="done")
    assert desk.deadline("走访/local.task").met_on is not None
    desk.on("2021-12-20").record(
        "study_reported",
        "2021-12-20",
        "report",
        findings="裁而不执",
        recommendations=["共享台账", "府院联动"],
    )
    assert desk.stage() is StudyStage.FOLLOWING_UP
    assert desk.deadline("case/research").days_late == -11
    assert "尚未落实：建议1、建议2" in desk.refusal("close_case", outcome="completed", reason="报告已形成")
    for item in ("建议1", "建议2"):
        desk.on("2022-03-01").record("item_progressed", "2022-03-01", item=item, milestone="done")
    desk.decide("close_case", outcome="completed", reason="建议均已落实")
    assert desk.stage() is StudyStage.ARCHIVED
    assert {"case/plan", "case/report", "visit/minutes"} <= set(desk.papers)


@shows("9.1")
def test_a_common_standard_is_written_down_as_minutes() -> None:
    """统一执法司法标准: minutes with a number, which cases can cite; the same number is not given twice."""
    desk = study()
    desk.record(
        "standard_agreed",
        "2021-09-01",
        "s1",
        number="明检会纪〔2021〕1号",
        title="耕作层毁坏认定",
        points=["硬化即为毁坏"],
    )
    assert "standard/s1" in desk.papers
    assert "已记录" in desk.misfit(
        "standard_agreed", "2021-09-01", number="明检会纪〔2021〕1号", title="另一标准", points=["一"]
    )


def test_a_study_without_a_report_is_late_and_may_be_given_up() -> None:
    """The day of the report passes: staff are told, nothing else happens; the study can be cancelled, with a reason."""
    desk = study()
    desk.decide("agree_study", plan="走访", report_by=date(2021, 10, 29))
    desk.on("2021-11-01")
    assert any(tick.kind == "fell_due" and tick.deadline == "case/research" for tick in desk.ticks)
    assert "尚未形成" in desk.refusal("close_case", outcome="completed", reason="完成")
    assert "不以“整改到位”结案" in desk.refusal("close_case", outcome="rectified", reason="完成")
    desk.decide("close_case", outcome="cancelled", reason="人员变动")
    assert desk.stage() is StudyStage.ARCHIVED


def test_a_report_struck_out_and_told_again_is_a_paper_of_its_own() -> None:
    desk = study()
    desk.decide("agree_study", plan="分三组走访各乡镇", report_by=date(2021, 12, 31))
    desk.on("2021-12-20").record("study_reported", "2021-12-20", "wrong", findings="裁而不执")
    desk.correct("wrong")
    desk.record("study_reported", "2021-12-20", "right", findings="执而不力")
    assert "执而不力" in str(desk.papers["case/report/corrected-1"].paper)
    assert desk.papers["case/report/corrected-1"].name == "调研报告（更正1）.pdf"
