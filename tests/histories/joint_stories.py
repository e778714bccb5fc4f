"""Recorded courses of what the two sides do together: campaign, coordination, study, training, exchange, problem report."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.casefile import OwnOrder
from models.cases.campaigns import CampaignFile
from models.cases.coordination import CoordinationFile
from models.cases.joint_work import StudyFile
from models.cases.liaison import LiaisonExchangeFile
from models.cases.problem_report import ProblemReportFile
from models.cases.training import TrainingFile
from models.said.campaigns import ProgressCounted
from models.said.joint_work import TrainingTerms
from models.tallies import CountOrder, Standing, tally
from models.tasks import Task
from models.terms import TrainingForm
from tests.openings import BUREAU, DRAFTER, HEAD, OBJECTION, TEXT, TOWN
from tests.pure_desk import PureDesk
from tests.scenarios import test_campaign as campaigns
from tests.scenarios import test_coordination as coordinations
from tests.scenarios import test_liaison_exchange as exchanges
from tests.scenarios import test_problem_report as problems
from tests.scenarios import test_study as studies
from tests.scenarios import test_training as trainings


def _one_open(own: OwnOrder) -> ProgressCounted:
    """What the registry knows of the attached cases: only the one that the campaign opened itself is there."""
    return tally(CountOrder.model_validate(own.told), (Standing("", False, 1),))


def campaign() -> PureDesk[CampaignFile]:
    """Agreed, prolonged; cases attached, taken off, one opened from it; counted, reported, renewed, followed up."""
    desk = campaigns.campaign(case="campaign-350400-2021-9201", answers={Task.COUNT_CASES.value: _one_open})
    desk.others = ("urging-350421-2021-0001",)
    desk.decide("agree_campaign", "agree", plan="摸排、交办、督办、总结四个阶段")
    task = {"id": "摸排", "what": "完成摸排", "kind": "task", "owner": "王科长", "due_on": "2021-12-31"}
    desk.decide("add_item", item=task)
    desk.on("2021-10-08").record("campaign_started", "2021-10-08", units=["永安市自然资源局"])
    desk.on("2021-11-01").decide("attach_cases", cases=campaigns.CASES[:5])
    desk.signal("case_attached", "2021-11-01", "found", case=campaigns.CASES[5])
    desk.decide("detach_cases", cases=campaigns.CASES[:1], reason="误挂")
    desk.decide("draft_letter", by=DRAFTER, document="class_suggestion", recipients=[TOWN], text=TEXT,
                objection_within=OBJECTION)  # fmt: skip
    desk.decide("approve_letter")
    desk.decide("issue_letter", official_no="明检建〔2021〕9201号")
    desk.record("letter_served", "2021-11-01", letter="L1")
    desk.decide(
        "open_linked", relation="child", into="urging", title="某村占耕", reason="摸排发现", carry=False
    )
    desk.on("2022-01-04").decide("urge", letter="L1")
    desk.on("2022-01-12").decide("escalate", letter="L1", rung="superior_agency", to="明溪县人民政府")
    desk.record("reply_received", "2022-01-12", letter="L1", stance="adopted")
    desk.decide("assess_reply", letter="L1", substance="put_right")
    desk.record("item_progressed", "2022-01-12", item="摸排", milestone="done")
    desk.carried()
    desk.on("2022-03-01").record("progress_reported", "2022-03-01", unit="整改专班", summary="复垦十一亩")
    desk.decide("count_progress")
    desk.decide("agree_campaign", "prolong", ends_on="2022-07-29", reason="任务未完成")
    desk.on("2022-08-01").record(
        "campaign_reported", "2022-08-01", "report", results="拆除二十处", recommendations=["共享台账"]
    )
    desk.record("item_progressed", "2022-08-01", item="建议1", milestone="done")
    desk.decide("close_case", outcome="completed", reason="总结完成", look_back_on=["2022-12-01"])
    desk.on("2022-12-01").record("looked_back", "2022-12-01")
    return desk


def coordination() -> PureDesk[CoordinationFile]:
    """Accepted, the unit urged in vain, a round table put off and held; what it agreed upon is done late."""
    desk = coordinations.requested(case="coordination-350421-2021-9202")
    desk.record("fact_established", "2021-08-30", element="court_decided", what="裁定准予强制执行")
    desk.on("2021-09-03").decide("answer_coordination", accepted=True, roundtable_by="2021-10-29")
    coordinations.written_to(
        desk, "coordination_answer", recipients=[BUREAU], reply_by="2021-09-24", text={"advice": ["已受理"]}
    )
    coordinations.written_to(desk, "suggestion", objection_within=OBJECTION)
    desk.on("2021-09-10").record("objection_raised", "2021-09-10", "o1", letter="L2", grounds="没有经费")
    desk.decide("review_objection", letter="L2", upheld=False, reason="经费不足不是理由")
    tied = {"case": "enforcement-350421-2021-0004"}
    desk.on("2021-10-08").signal("case_linked", "2021-10-08", relation="related", **tied)
    table: dict[str, Any] = {
        "form": "round_table",
        "topic": "破解拆除经费",
        "invited": ["雪峰镇人民政府", "明溪县财政局"],
    }
    desk.decide("call_meeting", **table, planned_on="2021-10-12")
    desk.signal("case_unlinked", "2021-10-08", **tied)
    desk.decide("cancel_meeting", reason="镇政府未派员")
    desk.decide("call_meeting", **table, planned_on="2021-10-20")
    desk.on("2021-10-20").record(
        "meeting_held",
        "2021-10-20",
        attended=["雪峰镇人民政府"],
        absent=["明溪县财政局"],
        conclusions=["雪峰镇组织拆除"],
        agreed=True,
    )
    desk.decide("add_item", item=coordinations.TASK)
    desk.on("2021-12-01").decide("urge", letter="L2")
    desk.decide("escalate", letter="L2", rung="superior_agency", to="明溪县人民政府")
    desk.record("reply_received", "2021-12-01", letter="L2", stance="adopted")
    desk.decide("assess_reply", letter="L2", substance="put_right")
    desk.record("item_progressed", "2021-12-01", item="拆除", milestone="done")
    desk.decide("close_case", outcome="unit_urged", reason="已拆除", look_back_on=["2022-03-01"])
    desk.on("2022-03-01").record("looked_back", "2022-03-01")
    return desk


def study() -> PureDesk[StudyFile]:
    """Planned, in the field, a standard agreed upon; reported, its recommendations followed, a training grown out of it."""
    desk = studies.study(case="study-350421-2021-9203")
    desk.others = ("training-350421-2022-0001",)
    desk.decide("agree_study", plan="分三组走访各乡镇", report_by=date(2021, 12, 31))
    task = {"id": "走访", "what": "走访各乡镇", "kind": "task", "owner": "王科长", "due_on": "2021-11-30"}
    desk.decide("add_item", item=task)
    desk.decide("call_meeting", form="field_work", topic="走访雪峰镇", planned_on="2021-10-12")
    desk.on("2021-10-12").record("meeting_held", "2021-10-12", "visit", conclusions=["裁定后无人组织拆除"])
    desk.record("liaison_message", "2021-10-12", sender="王科长", receiver="甲检察官", what="下周去大田")
    desk.record(
        "standard_agreed",
        "2021-10-12",
        number="明检会纪〔2021〕1号",
        title="毁坏认定",
        points=["硬化即为毁坏"],
    )
    desk.on("2021-12-01").record("item_progressed", "2021-12-01", item="走访", milestone="done")
    desk.decide("assign", handler=HEAD)
    desk.on("2022-01-10").record(
        "study_reported", "2022-01-10", "report", findings="裁而不执", recommendations=["共享台账", "培训"]
    )
    desk.decide("open_linked", relation="related", into="training", title="证据标准培训", reason="报告建议")
    for item in ("建议1", "建议2"):
        desk.on("2022-03-01").record("item_progressed", "2022-03-01", item=item, milestone="done")
    desk.decide("close_case", outcome="completed", reason="建议均已落实")
    return desk


def training() -> PureDesk[TrainingFile]:
    """Teachers from both sides, more people than places, one session missed; evaluated, and found forgotten afterwards."""
    terms = TrainingTerms(topic="土地执法证据标准", form=TrainingForm.TEACHERS, places=3)
    desk = trainings.training(terms=terms, case="training-350421-2021-9204").on("2021-09-10")
    desk.decide(
        "draft_letter",
        by=DRAFTER,
        document="training_notice",
        recipients=[trainings.YONGAN, trainings.DATIAN],
        reply_by="2021-10-15",
        text=trainings.NOTICE,
    )
    desk.decide("return_draft", reason="写明住宿")
    desk.decide("revise_draft", by=DRAFTER, text={"facts": "定于11月举办，食宿自理"})
    desk.decide("approve_letter")
    desk.decide("issue_letter", official_no="明检会〔2021〕9204号")
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-09-10", letter=letter)
    desk.on("2021-10-11").record("reply_received", "2021-10-11", letter="L1", stance="agreed")
    desk.record("trainees_enrolled", "2021-10-11", names=["张三", "李四"], body="永安市自然资源局")
    desk.signal("trainees_enrolled", "2021-10-11", "late", names=["王五", "赵六"], body="大田县自然资源局")
    desk.record("trainee_withdrew", "2021-10-11", name="李四")
    for teacher, body in (("王科长", "三明市自然资源局"), ("甲检察官", "三明市人民检察院")):
        desk.record("teacher_assigned", "2021-10-11", teacher=teacher, body=body, subject="证据标准")
    desk.on("2021-10-25").record("reply_received", "2021-10-25", letter="L2", stance="declined")
    trainings.held(desk, "2021-11-08", "证据", "张三", "王五")
    trainings.held(desk, "2021-11-09", "实地", "张三")
    desk.record("materials_filed", "2021-11-09", title="讲义", paper=trainings.HANDOUT)
    desk.record("training_evaluated", "2021-11-09", evaluator="学员", score=92, remarks="案例充分")
    desk.decide("close_case", outcome="completed", reason="已举办", look_back_on=["2022-05-10"])
    desk.on("2022-05-10").record("looked_back", "2022-05-10", held=False, note="案卷证据仍不统一")
    desk.decide("file_away", reason="另行举办")
    return desk


def liaison_exchange() -> PureDesk[LiaisonExchangeFile]:
    """The other side disputes the figures: gathered again, circulated again, acknowledged late; a task agreed upon."""
    desk = exchanges.exchange().on("2021-10-08")
    item = {"id": "台账", "what": "建立抄送台账", "kind": "task", "owner": "王五", "due_on": "2021-10-29"}
    desk.decide("add_item", item=item)
    exchanges.circulate(desk)
    desk.on("2021-10-12")
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-10-12", letter=letter)
    desk.record("reply_received", "2021-10-12", letter="L1", stance="acknowledged")
    desk.record("reply_received", "2021-10-12", letter="L2", stance="not_adopted", summary="漏列一件")
    desk.decide("gather_figures", reason="补登一件")
    for letter in ("L1", "L2"):
        desk.decide("withdraw_letter", letter=letter, reason="数据有误")
    exchanges.circulate(desk)
    for letter in ("L3", "L4"):
        desk.record("letter_served", "2021-10-12", letter=letter)
    desk.record("reply_received", "2021-10-12", letter="L3", stance="acknowledged")
    desk.decide("assign_liaison", liaison="庚联络员")
    desk.on("2021-11-08").record("reply_received", "2021-11-08", "late", letter="L4", stance="acknowledged")
    desk.correct("late", "2021-10-29", received_on="2021-11-08")
    desk.record("item_progressed", "2021-11-08", item="台账", milestone="done")
    desk.decide("close_case", outcome="acknowledged", reason="双方确认", look_back_on=["2021-12-01"])
    desk.on("2021-12-01").record("looked_back", "2021-12-01", held=False, note="所附数据后来有变")
    desk.decide("file_away", reason="下一期一并通报")
    return desk


def problem_report() -> PureDesk[ProblemReportFile]:
    """Received by both offices; the day moved and missed; one county has the problem still, and is answered again."""
    desk = problems.reported()
    desk.record("problem_received", "2021-10-08", office=problems.OURS)
    desk.signal("problem_received", "2021-10-08", "stray", office="三明市林业局")
    desk.record("problem_received", "2021-10-08", office=problems.THEIRS)
    counties = ["永安市", "大田县"]
    desk.decide("set_answer_day", answer_by="2021-10-29", counties=counties)
    desk.decide("sort_out", fact="stray", reason="误送，已退")
    desk.on("2021-10-20").decide(
        "set_answer_day", "again", answer_by="2021-11-05", counties=counties, reason="征求法院意见"
    )
    desk.on("2021-11-08")
    problems.answer(desk, problems.YONGAN, problems.DATIAN)
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-11-08", letter=letter)
    desk.record("reply_received", "2021-11-08", letter="L1", stance="acknowledged")
    desk.record("reply_received", "2021-11-08", letter="L2", stance="difficulties", summary="法院另有要求")
    desk.decide("withdraw_letter", letter="L2", reason="另行答复")
    problems.answer(desk, problems.DATIAN)
    desk.record("letter_served", "2021-11-08", letter="L3")
    desk.on("2021-11-15").record("reply_received", "2021-11-15", letter="L3", stance="acknowledged")
    desk.decide("close_case", outcome="answered", reason="已答复", look_back_on=["2022-01-20"])
    desk.on("2022-01-20").record("looked_back", "2022-01-20", held=False, note="又有县问同一问题")
    desk.decide("file_away", reason="另案处理")
    return desk
