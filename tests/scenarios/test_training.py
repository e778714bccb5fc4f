"""第十条 联合培训: both sides invite, teach and learn together; places, attendance, materials and evaluation are kept."""

from __future__ import annotations

from typing import Any

import pytest

from models.bags import PaperRef
from models.cases.training import TrainingFile
from models.document_types import DocumentType
from models.general_papers import GeneralForm
from models.said.joint_work import TrainingTerms
from models.stages import TrainingStage
from models.terms import CaseKind, TrainingForm
from models.wire import LetterText, Recipient
from tests.openings import CLERK, DRAFTER, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

HANDOUT = PaperRef("ab" * 32, 1200, "application/pdf", "讲义.pdf")
YONGAN, DATIAN = Recipient(name="永安市自然资源局"), Recipient(name="大田县自然资源局")
NOTICE = LetterText(
    subject="举办证据标准培训", facts="定于11月举办，请选派人员", contact_person="张三", contact_phone="0598"
)


def training(form: TrainingForm = TrainingForm.JOINT, **changes: Any) -> PureDesk[TrainingFile]:
    """A training on evidence with three places, proposed on 1 September 2021."""
    fields: dict[str, Any] = {
        "case": "training-350421-2021-0001",
        "kind": CaseKind.TRAINING,
        "title": "土地执法证据标准培训",
        "terms": TrainingTerms(topic="土地执法证据标准", form=form, places=3),
    }
    return PureDesk(opening(**(fields | changes)))


def invited(form: TrainingForm = TrainingForm.JOINT) -> PureDesk[TrainingFile]:
    """The same, the notice served on two bureaus on 13 September, to be answered by 15 October."""
    desk = training(form).on("2021-09-10")
    desk.decide(
        "draft_letter", by=DRAFTER, document="training_notice", recipients=[YONGAN, DATIAN], reply_by="2021-10-15",
        text=NOTICE,
    )  # fmt: skip
    desk.decide("approve_letter")
    desk.decide("issue_letter", official_no="明检会〔2021〕9号")
    desk.on("2021-09-13")
    for number in (1, 2):
        desk.record("letter_served", "2021-09-13", letter=f"L{number}")
    return desk


def held(desk: PureDesk[TrainingFile], day: str, topic: str, *attended: str) -> None:
    """A session, called the day before."""
    desk.decide("call_meeting", form="training_session", topic=topic, planned_on=day, place="市检察院")
    desk.on(day).record("meeting_held", day, attended=attended)


@shows("10.1", "10.2")
def test_from_the_invitation_to_the_evaluation() -> None:
    """“通过邀请参加培训、联合开展培训”: invited, answered, enrolled, held in two sessions, filed and evaluated."""
    desk = training()
    assert desk.stage() is TrainingStage.PROPOSED
    # Article 10 sets no day: the clock is shown and counts to none.
    assert desk.due("case/training") is None
    desk = invited()
    assert desk.stage() is TrainingStage.INVITED
    assert desk.due("L1/local.answer") == desk.due("L2/local.answer")
    assert str(desk.due("L1/local.answer")) == "2021-10-15"

    desk.on("2021-10-11").record(
        "reply_received", "2021-10-11", letter="L1", stance="agreed", summary="选派二人"
    )
    assert desk.stage() is TrainingStage.AGREED
    desk.record("trainees_enrolled", "2021-10-11", names=["张三", "李四"], body="永安市自然资源局")
    # Silence is no offence: staff are told that no answer came, and may ask.
    desk.on("2021-10-25")
    assert any(tick.kind == "fell_due" and tick.deadline == "L2/local.answer" for tick in desk.ticks)
    desk.record("reply_received", "2021-10-25", letter="L2", stance="declined", summary="人手不足")
    assert [answer[1] for answer in desk.case.answers] == ["agreed", "declined"]

    desk.on("2021-11-01").decide(
        "call_meeting", form="training_session", topic="证据", planned_on="2021-11-08"
    )
    desk.decide("call_meeting", form="training_session", topic="实地", planned_on="2021-11-09")
    assert str(desk.due("M2/local.meeting")) == "2021-11-09"
    assert "尚未举办" in desk.misfit("training_evaluated", "2021-11-01", evaluator="学员", score=90)
    desk.on("2021-11-08").record("meeting_held", "2021-11-08", meeting="M1", attended=["张三", "李四"])
    assert desk.stage() is TrainingStage.UNDER_WAY
    assert desk.deadline("case/training").met_on is not None
    desk.on("2021-11-09").record("meeting_held", "2021-11-09", meeting="M2", attended=["张三"])
    assert desk.stage() is TrainingStage.EVALUATING
    assert desk.case.attended(("张三", "永安市自然资源局")) == 2
    assert desk.case.attended(("李四", "永安市自然资源局")) == 1

    refused = desk.refusal("close_case", outcome="completed", reason="已举办")
    assert "材料尚未存档" in refused and "尚未评估" in refused
    assert "没有附材料" in desk.misfit("materials_filed", "2021-11-09", title="讲义")
    desk.record("materials_filed", "2021-11-09", title="讲义", paper=HANDOUT)
    desk.record("training_evaluated", "2021-11-09", evaluator="学员", score=92, remarks="案例充分")
    desk.record("training_evaluated", "2021-11-09", evaluator="市局", score=88)
    desk.decide("close_case", outcome="completed", reason="已举办", look_back_on=["2022-05-10"])
    assert desk.stage() is TrainingStage.CLOSED
    summary = desk.papers["case/summary"].paper
    assert isinstance(summary, GeneralForm)
    assert ("平均评分", "90.0") in [(row.label, row.text) for row in summary.rows]
    assert "李四（永安市自然资源局）到课1/2场" in summary.sections[2].items
    desk.on("2022-05-10").record("looked_back", "2022-05-10")
    assert desk.stage() is TrainingStage.ARCHIVED


def test_what_was_learnt_did_not_last() -> None:
    """A look-back that finds the standard forgotten leaves the case to staff, who file it with a reason."""
    desk = invited()
    held(desk, "2021-11-08", "证据", "张三")
    desk.record("materials_filed", "2021-11-08", title="讲义", paper=HANDOUT)
    desk.record("training_evaluated", "2021-11-08", evaluator="学员", score=60)
    desk.decide("close_case", outcome="completed", reason="已举办", look_back_on=["2022-05-10"])
    desk.on("2022-05-10").record("looked_back", "2022-05-10", held=False, note="案卷证据仍不统一")
    assert desk.stage() is TrainingStage.REVISIT
    desk.decide("file_away", reason="另行举办")
    assert desk.stage() is TrainingStage.ARCHIVED


def test_more_than_there_are_places_are_not_taken() -> None:
    """Three places: the fourth is refused at the door; by signal it waits, and comes in when a place becomes free."""
    desk = invited()
    desk.record("trainees_enrolled", "2021-09-13", names=["张三", "李四"], body="永安市自然资源局")
    refused = desk.misfit("trainees_enrolled", "2021-09-13", names=["王五", "赵六"], body="大田县自然资源局")
    assert "名额3人，已报名2人，余1人，本次2人" in refused
    waiting = desk.signal(
        "trainees_enrolled", "2021-09-13", "late", names=["王五", "赵六"], body="大田县自然资源局"
    )
    assert waiting.how == "unmatched"
    desk.record("trainee_withdrew", "2021-09-13", name="李四")
    assert desk.case.taken["late"].how == "applied"
    assert [name for name, _ in desk.case.trainees] == ["张三", "王五", "赵六"]
    # A mistake is corrected, and what waited is counted again.
    desk.correct("late", names=["王五"])
    assert len(desk.case.trainees) == 2


def test_names_given_twice_and_names_that_two_bodies_share() -> None:
    desk = training(terms=TrainingTerms())
    desk.record("trainees_enrolled", "2021-09-01", names=["张三"], body="永安市自然资源局")
    assert "已经报名" in desk.misfit(
        "trainees_enrolled", "2021-09-01", names=["张三"], body="永安市自然资源局"
    )
    assert "已经报名" in desk.misfit("trainees_enrolled", "2021-09-01", names=["李四", "李四"])
    desk.record("trainees_enrolled", "2021-09-01", names=["张三"], body="永安市人民检察院")
    assert "有几个“张三”" in desk.misfit("trainee_withdrew", "2021-09-01", name="张三")
    assert "没有报名" in desk.misfit("trainee_withdrew", "2021-09-01", name="王五")
    desk.record("trainee_withdrew", "2021-09-01", name="张三", body="永安市人民检察院")
    assert list(desk.case.trainees) == [("张三", "永安市自然资源局")]


@shows("10.3")
def test_teachers_are_exchanged() -> None:
    """“互派师资授课”: each side sends somebody to teach; a training of this form is not complete without."""
    desk = invited(TrainingForm.TEACHERS)
    held(desk, "2021-11-08", "土地执法证据", "张三")
    desk.record("materials_filed", "2021-11-08", title="讲义", paper=HANDOUT)
    desk.record("training_evaluated", "2021-11-08", evaluator="学员", score=95)
    assert "没有记录师资" in desk.refusal("close_case", outcome="completed", reason="完成")
    for teacher, body in (("王科长", "三明市自然资源局"), ("甲检察官", "三明市人民检察院")):
        desk.record("teacher_assigned", "2021-11-08", teacher=teacher, body=body, subject="证据标准")
    desk.decide("close_case", outcome="completed", reason="完成")
    assert desk.stage() is TrainingStage.ARCHIVED


@shows("10.4")
def test_people_are_sent_to_learn() -> None:
    """“互相派员学习”: no notice is needed where one side simply sends its people; a session entered afterwards is enough."""
    desk = training(TrainingForm.TRAINEES)
    desk.record("trainees_enrolled", "2021-09-01", names=["张三"], body="明溪县自然资源局")
    desk.on("2021-10-12").record(
        "meeting_held", "2021-10-12", form="training_session", topic="跟班学习", attended=["张三"]
    )
    assert desk.stage() is TrainingStage.EVALUATING
    assert desk.case.attended(("张三", "明溪县自然资源局")) == 1


def test_everybody_declines_and_the_training_is_given_up() -> None:
    desk = invited().on("2021-10-11")
    for number in (1, 2):
        desk.record(
            "reply_received", "2021-10-11", letter=f"L{number}", stance="declined", summary="人手不足"
        )
    assert desk.stage() is TrainingStage.INVITED
    assert "尚未举办" in desk.refusal("close_case", outcome="completed", reason="完成")
    desk.decide("close_case", outcome="cancelled", reason="各单位均不能参加")
    assert desk.stage() is TrainingStage.ARCHIVED
    assert "case/summary" not in desk.papers


def test_the_facts_come_before_the_notice() -> None:
    """Entered in the wrong order: each fact waits for its cause."""
    desk = training().on("2021-11-10")
    desk.signal("training_evaluated", "2021-11-09", "early", evaluator="学员", score=80)
    desk.signal("trainee_withdrew", "2021-11-01", "gone", name="李四")
    assert set(desk.case.unmatched) == {"early", "gone"}
    desk.record("trainees_enrolled", "2021-10-11", names=["李四"], body="永安市自然资源局")
    desk.record("meeting_held", "2021-11-08", form="training_session", topic="证据", attended=["张三"])
    assert not desk.case.unmatched and not desk.case.trainees


@pytest.mark.parametrize("changes", [{}, {"reply_by": "2021-08-01"}])
def test_a_notice_says_by_which_day_it_is_to_be_answered(changes: dict[str, str]) -> None:
    refused = training().refusal(
        "draft_letter", by=CLERK, document=DocumentType.TRAINING_NOTICE, recipients=[YONGAN], **changes
    )
    assert ("没有写明何日前答复" if not changes else "不在今后") in refused


def test_tasks_are_done_before_the_training_is_complete() -> None:
    desk = training()
    desk.decide("add_item", item={"id": "场地", "what": "联系场地", "kind": "task", "owner": "张三"})
    held(desk, "2021-11-08", "证据", "张三")
    assert "任务尚未完成：场地" in desk.refusal("close_case", outcome="completed", reason="完成")
