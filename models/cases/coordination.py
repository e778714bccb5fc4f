"""第七条 商请督促与圆桌会议: the bureau asks that another unit be urged; what a round table agrees upon is done to the end."""

from __future__ import annotations

from datetime import date

from models.calendar import LATEST_START
from models.casefile import CaseFile
from models.dates import EventDate
from models.decisions import AddItem, Escalate
from models.document_types import DocumentType
from models.errors import Problem
from models.journal import Route
from models.ladder import Ladder
from models.letters import Letter
from models.said.coordination import AnswerCoordination, CoordinationTerms
from models.said.meetings import MeetingHeld
from models.stages import CoordinationStage
from models.terms import ItemKind, ItemState, MeetingForm, Outcome, Substance

ROUND_TABLE = "case/roundtable"
_NOT_URGING = (
    DocumentType.COORDINATION_ANSWER,
    DocumentType.MEETING_NOTICE,
    DocumentType.FILING_REPORT,
)


class CoordinationFile(CaseFile):
    """One request to urge another unit as its journal has made it."""

    DOCUMENTS = (DocumentType.COORDINATION_ANSWER, DocumentType.SUGGESTION, DocumentType.FILING_REPORT)
    OUTCOMES = (
        Outcome.UNIT_URGED,
        Outcome.COMPLETED,
        Outcome.ESCALATED,
        Outcome.DECLINED,
        Outcome.CANCELLED,
    )
    RULES = (
        "roundtable",
        "jy.reply",
        "jy.reply_urgent",
        "jy.objection",
        "jy.file_up",
        "coop.plan",
        "local.plan_check",
    )

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, CoordinationTerms) else CoordinationTerms()
        self.answer: AnswerCoordination | None = None
        self.ladder = Ladder(self.correspondence, self.drafting)
        ladder, right = self.ladder, self.putting_right
        return {
            "answer_coordination": Route(self._check_answer, self._take_answer),
            "add_item": Route(right.check_add, right.take_add, self._door_add),
            "urge": Route(ladder.check_urge, ladder.take_urge, ladder.door_urge),
            "escalate": Route(self.correspondence.check_letter, ladder.take_escalate, self._door_escalate),
        }

    # where it stands

    @property
    def stage(self) -> CoordinationStage:
        if self.is_closed:
            if self.is_looked_back:
                return CoordinationStage.ARCHIVED
            return CoordinationStage.REVISIT if self.ending.look_backs else CoordinationStage.CLOSED
        if self.answer is None:
            return CoordinationStage.REQUESTED
        if not self.answer.accepted:
            return CoordinationStage.DECLINED
        if self.meetings.awaited(MeetingForm.ROUND_TABLE):
            return CoordinationStage.ROUNDTABLE_CALLED
        if self.meetings.held(MeetingForm.ROUND_TABLE) or self.putting_right.open_items:
            return CoordinationStage.FOLLOWING_UP
        return CoordinationStage.URGING if self.urging_letters else CoordinationStage.ACCEPTED

    @property
    def urging_letters(self) -> list[Letter]:
        """What went out to the units that are to be urged."""
        return [letter for letter in self.letters.live() if letter.type not in _NOT_URGING]

    # the request

    def against_opening(self) -> list[Problem]:
        if self.terms.requester and self.terms.units and self.terms.request:
            return []
        return [Problem("须写明谁商请、督促谁、督促什么", "填写 requester、units、request", "request")]

    def _check_answer(self, decision: AnswerCoordination, today: date) -> list[Problem]:
        problems = []
        if self.answer is not None:
            problems.append(Problem("商请已经答复", "不必重复答复", "kind"))
        if not decision.accepted and not decision.reason:
            problems.append(Problem("不予协调须写明理由", "填写 reason", "reason"))
        by = decision.roundtable_by
        if by and (not decision.accepted or not (decision.on or today) <= by <= LATEST_START):
            problems.append(
                Problem(
                    f"不能在 {by} 前召开圆桌会议", "受理的，填写将来的日期；不受理的删去", "roundtable_by"
                )
            )
        return problems

    def _take_answer(self, decision: AnswerCoordination, today: date) -> str:
        self.answer = decision
        on = decision.on or today
        if not decision.accepted:
            return f"{on}对商请事项不予协调：{decision.reason}"
        if decision.roundtable_by is None:
            return f"{on}受理商请，督促相关单位依法履职"
        on_day = EventDate.on(on)
        self.deadlines.start("roundtable", on_day, decision.id, fixed_on=decision.roundtable_by)
        for meeting in self.meetings.held(MeetingForm.ROUND_TABLE):
            assert meeting.held is not None
            self.deadlines.meet(ROUND_TABLE, meeting.held.on, meeting.held.id)
        return f"{on}受理商请，拟于{decision.roundtable_by}前召开圆桌会议"

    # the round table and its tasks

    def take_meeting(self, fact: MeetingHeld, today: date) -> str:
        """What a round table agrees upon is given an owner and a day, each as a task."""
        sentence = super().take_meeting(fact, today)
        if any(each.held is fact for each in self.meetings.held(MeetingForm.ROUND_TABLE)):
            self.deadlines.meet(ROUND_TABLE, fact.on, fact.id)
            if fact.conclusions:
                sentence += f"，议定事项{len(fact.conclusions)}项，逐项确定责任人和完成日期（add_item）"
        return sentence

    def _door_add(self, decision: AddItem, today: date) -> list[Problem]:
        item = decision.item
        if item.kind is ItemKind.TASK and not (item.owner and item.due_on):
            return [Problem("任务须有责任人和完成日期", "填写 item.owner、item.due_on", "item.owner")]
        return []

    def _door_escalate(self, decision: Escalate, today: date) -> list[Problem]:
        return self.ladder.door_escalate(decision, self.overdue_letters, self.lapsed_letters, today)

    # the end

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        if outcome is Outcome.CANCELLED:
            return []
        if self.answer is None:
            return [Problem("商请尚未答复", "先答复（answer_coordination），撤回的以“取消”结案", "outcome")]
        if outcome is Outcome.DECLINED or not self.answer.accepted:
            return self._against_declining(outcome)
        if outcome is Outcome.ESCALATED:
            if any(letter.rungs for letter in self.letters):
                return []
            return [Problem("尚未逐级报告、通报", "先作出决定（escalate）", "outcome")]
        problems = []
        if undone := self.putting_right.open_items:
            ids = "、".join(each.item.id for each in undone)
            problems.append(Problem(f"任务尚未落实：{ids}", "记录进展，或决定不再要求", "outcome"))
        if outcome is Outcome.UNIT_URGED and not self.is_performed:
            problems.append(
                Problem("没有相关单位已经依法履职的记录", "记录事项进展，或把回复评估为采纳并整改", "outcome")
            )
        if outcome is Outcome.COMPLETED and not (
            self.meetings.held(MeetingForm.ROUND_TABLE) or self.urging_letters
        ):
            problems.append(Problem("既未发函督促，也未召开圆桌会议", "先行协调，或以“取消”结案", "outcome"))
        return problems

    @property
    def is_performed(self) -> bool:
        """Whether something shows that the unit did its duty: an item done, or a reply assessed so."""
        done = any(item.state is ItemState.DONE for item in self.items.values())
        return done or any(letter.last_substance is Substance.PUT_RIGHT for letter in self.urging_letters)

    def _against_declining(self, outcome: Outcome) -> list[Problem]:
        assert self.answer is not None
        if self.answer.accepted:
            return [Problem("商请已受理，不能以“不予受理”结案", "选择真实的结果", "outcome")]
        if outcome is not Outcome.DECLINED:
            return [Problem("商请未受理", "以“不予受理”结案，或以“取消”结案", "outcome")]
        if not self.letters.of_type(DocumentType.COORDINATION_ANSWER):
            return [Problem("不予协调的，尚未函复商请单位并说明理由", "起草、制发商请事项答复函", "outcome")]
        return []
