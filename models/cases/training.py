"""第十条 联合培训: a training from its proposal to its evaluation; who was invited, who came, who taught, what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.casefile import CaseFile, OwnPaper
from models.dates import EventDate, future
from models.decisions import DraftLetter
from models.document_types import DocumentType
from models.drafting import without_a_day
from models.errors import Problem
from models.general_papers import GeneralForm
from models.journal import Route
from models.meetings import Meeting
from models.plain_papers import form
from models.said.joint_work import (
    MaterialsFiled,
    TeacherAssigned,
    TraineesEnrolled,
    TraineeWithdrew,
    TrainingEvaluated,
    TrainingTerms,
)
from models.said.meetings import MeetingHeld
from models.stages import TrainingStage
from models.terms import MeetingForm, Outcome, Stance, TrainingForm

TRAINING = "training"

Trainee = tuple[str, str]
"""A trainee's name and body: two bodies may send people of one name."""


class TrainingFile(CaseFile):
    """A training as its journal has made it."""

    DOCUMENTS = (DocumentType.TRAINING_NOTICE,)
    OUTCOMES = (Outcome.COMPLETED, Outcome.CANCELLED)
    RULES = (TRAINING,)

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, TrainingTerms) else TrainingTerms()
        self.trainees: dict[Trainee, EventDate] = {}
        self.teachers: list[TeacherAssigned] = []
        self.materials: list[MaterialsFiled] = []
        self.evaluations: list[TrainingEvaluated] = []
        self.deadlines.start(TRAINING, EventDate.on(self.opening.opened_on), "opening")
        drafting = self.drafting
        return {
            "draft_letter": Route(drafting.check_draft, drafting.take_draft, self._door_draft),
            "trainees_enrolled": Route(self._check_enrolled, self._take_enrolled, after_closing=True),
            "trainee_withdrew": Route(self._check_withdrew, self._take_withdrew, after_closing=True),
            "teacher_assigned": Route(_in_the_past, self._take_teacher, after_closing=True),
            "materials_filed": Route(_in_the_past, self._take_materials, _door_materials, after_closing=True),
            "training_evaluated": Route(self._check_evaluated, self._take_evaluated, after_closing=True),
        }

    # where it stands

    @property
    def stage(self) -> TrainingStage:
        if self.is_closed:
            if self.is_looked_back:
                return TrainingStage.ARCHIVED
            return TrainingStage.REVISIT if self.ending.look_backs else TrainingStage.CLOSED
        if self.is_held:
            return TrainingStage.EVALUATING
        if self.sessions:
            return TrainingStage.UNDER_WAY
        if self.is_agreed:
            return TrainingStage.AGREED
        invited = self.letters.of_type(DocumentType.TRAINING_NOTICE)
        return TrainingStage.INVITED if invited else TrainingStage.PROPOSED

    @property
    def sessions(self) -> list[Meeting]:
        """The sessions that were held."""
        return self.meetings.held(MeetingForm.TRAINING_SESSION)

    @property
    def is_agreed(self) -> bool:
        """Whether somebody who was invited has agreed to come, or a session is set."""
        return bool(self.meetings.awaited(MeetingForm.TRAINING_SESSION)) or any(
            stance is Stance.AGREED for _, stance in self.answers
        )

    @property
    def is_held(self) -> bool:
        """Whether it was held, and no further session is set."""
        return bool(self.sessions) and not self.meetings.awaited(MeetingForm.TRAINING_SESSION)

    @property
    def answers(self) -> list[tuple[str, Stance | None]]:
        """Who was invited, and the last answer; None for one that has not come, or says neither."""
        return [
            (letter.recipient.name, letter.replies[-1].stance if letter.replies else None)
            for letter in self.letters.of_type(DocumentType.TRAINING_NOTICE)
        ]

    # invitations and places

    def _door_draft(self, decision: DraftLetter, today: date) -> list[Problem]:
        return self.drafting.door_draft(decision, today) + without_a_day(
            decision, DocumentType.TRAINING_NOTICE
        )

    def _check_enrolled(self, fact: TraineesEnrolled, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        given = [(name, fact.body) for name in fact.names]
        twice = [each for place, each in enumerate(given) if each in self.trainees or each in given[:place]]
        if twice:
            names = "、".join(name for name, _ in twice)
            problems.append(Problem(f"{names}已经报名", "删去重复的姓名；同名的写明派出单位", "names"))
        places = self.terms.places
        if places is not None and len(self.trainees) + len(given) > places:
            left = max(places - len(self.trainees), 0)
            what = f"名额{places}人，已报名{len(self.trainees)}人，余{left}人，本次{len(given)}人"
            problems.append(Problem(what, "减少人数；有人退出的，先记录（trainee_withdrew）", "names"))
        return problems

    def _take_enrolled(self, fact: TraineesEnrolled, today: date) -> str:
        for name in fact.names:
            self.trainees[name, fact.body] = fact.on
        return f"{fact.on}{fact.body}报名{len(fact.names)}人，共{len(self.trainees)}人"

    def _meant(self, fact: TraineeWithdrew) -> list[Trainee]:
        return [each for each in self.trainees if each[0] == fact.name and fact.body in ("", each[1])]

    def _check_withdrew(self, fact: TraineeWithdrew, today: date) -> list[Problem]:
        problems, found = future(fact.on, today), self._meant(fact)
        if not found:
            problems.append(Problem(f"“{fact.name}”没有报名", "核对姓名、派出单位", "name"))
        elif len(found) > 1:
            bodies = "、".join(body for _, body in found)
            problems.append(Problem(f"有几个“{fact.name}”", f"写明派出单位：{bodies}", "body"))
        return problems

    def _take_withdrew(self, fact: TraineeWithdrew, today: date) -> str:
        [trainee] = self._meant(fact)
        del self.trainees[trainee]
        return f"{fact.on}{fact.name}退出，余{len(self.trainees)}人"

    def _take_teacher(self, fact: TeacherAssigned, today: date) -> str:
        self.teachers.append(fact)
        return f"{fact.on}{fact.body}选派{fact.teacher}授课{f'：{fact.subject}' if fact.subject else ''}"

    # held, kept, evaluated

    def take_meeting(self, fact: MeetingHeld, today: date) -> str:
        """The first session meets the proposal."""
        sentence = super().take_meeting(fact, today)
        for session in self.sessions:
            if session.held is fact:
                self.deadlines.meet(f"case/{TRAINING}", fact.on, fact.id)
        return sentence

    def attended(self, trainee: Trainee) -> int:
        """How many sessions a trainee came to."""
        return sum(
            session.held is not None and trainee[0] in session.held.attended for session in self.sessions
        )

    def _take_materials(self, fact: MaterialsFiled, today: date) -> str:
        self.materials.append(fact)
        return f"{fact.on}培训材料“{fact.title}”存档"

    def _check_evaluated(self, fact: TrainingEvaluated, today: date) -> list[Problem]:
        if not self.sessions:
            return [Problem("培训尚未举办", "先记录培训（meeting_held，形式 培训）", "kind")]
        return future(fact.on, today)

    def _take_evaluated(self, fact: TrainingEvaluated, today: date) -> str:
        self.evaluations.append(fact)
        return f"{fact.on}{fact.evaluator}评估：{fact.score}分"

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        if outcome is not Outcome.COMPLETED:
            return []
        problems = []
        if not self.sessions:
            problems.append(Problem("培训尚未举办", "先记录培训，或以“取消”结案", "outcome"))
        if not self.materials:
            problems.append(Problem("培训材料尚未存档", "先记录（materials_filed）", "outcome"))
        if not self.evaluations:
            problems.append(Problem("培训尚未评估", "先记录（training_evaluated）", "outcome"))
        if self.terms.form is TrainingForm.TEACHERS and not self.teachers:
            problems.append(Problem("互派师资的培训没有记录师资", "先记录（teacher_assigned）", "outcome"))
        if undone := self.putting_right.open_items:
            ids = "、".join(each.item.id for each in undone)
            problems.append(Problem(f"任务尚未完成：{ids}", "记录进展，或决定不再要求", "outcome"))
        return problems

    # papers

    def own_papers(self) -> Iterator[OwnPaper]:
        """培训总结, at the end, when all is known."""
        if self.closing and self.closing.outcome is Outcome.COMPLETED:
            yield OwnPaper("case/summary", self.closing.on, "培训总结", self._summary)

    def _summary(self) -> GeneralForm:
        assert self.closing is not None
        sessions = tuple(
            f"{session.held.on}　{session.topic}　到课{len(session.held.attended)}人"
            for session in self.sessions
            if session.held
        )
        scores = [each.score for each in self.evaluations]
        places = str(self.terms.places) if self.terms.places else "不限"
        rows = (
            ("主题", self.terms.topic or self.opening.title),
            ("方式", self.terms.form.label),
            ("名额", places),
            ("报名", f"{len(self.trainees)}人"),
            ("举办", f"{len(sessions)}场"),
            ("平均评分", f"{sum(scores) / len(scores):.1f}" if scores else ""),
        )
        answers = tuple(f"{name}：{stance.label if stance else '未答复'}" for name, stance in self.answers)
        teachers = tuple(f"{each.teacher}（{each.body}）{each.subject}" for each in self.teachers)
        trainees = tuple(
            f"{name}（{body}）到课{self.attended((name, body))}/{len(sessions)}场"
            for name, body in self.trainees
        )
        remarks = tuple(f"{each.evaluator}（{each.score}分）：{each.remarks}" for each in self.evaluations)
        return form(
            self,
            DocumentType.TRAINING_SUMMARY,
            self.closing.on,
            subject=self.terms.topic,
            rows=rows,
            sections=(
                ("邀请及答复", "", answers),
                ("授课人", "", teachers),
                ("各场次", "", sessions),
                ("学员到课", "", trainees),
                ("存档材料", "", tuple(each.title for each in self.materials)),
                ("评估", "", remarks),
            ),
        )


def _in_the_past(fact: TeacherAssigned | MaterialsFiled, today: date) -> list[Problem]:
    return future(fact.on, today)


def _door_materials(fact: MaterialsFiled, today: date) -> list[Problem]:
    return [] if fact.paper else [Problem(f"“{fact.title}”没有附材料", "用 --paper 附上", "paper")]
