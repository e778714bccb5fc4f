"""第五条 线索移送: a clue on its way from one side to the other, and back to its sender with what came of it.

Handed to us, it is signed for and reviewed here; then a case of the right kind is opened from it, or it goes back with
reasons, or on to the competent procuratorate (`models.cases.clue_handling`). One that we sent ourselves is a letter: its
receipt and its replies say what became of it. In the end its sender is told.
"""

from __future__ import annotations

from datetime import date

from models.casefile import CaseFile
from models.cases.clue_handling import NO_BOUNCING, OPENED_AS, REVIEW, Handling, Sides
from models.dates import EventDate, future
from models.decisions import DraftLetter, IssueLetter
from models.document_types import DocumentType
from models.errors import Problem
from models.journal import Route
from models.letters import Letter
from models.links import Tie
from models.said.clues import ClueReceived, ClueTerms, ClueTransferred, FeedbackReceived
from models.said.links import LinkedCaseClosed, OpenLinked
from models.said.terms import Terms
from models.stages import ClueStage
from models.terms import CaseKind, ClueDirection, ClueSource, Outcome, Relation, Stance

TRANSFER = "coop.clue"
FEEDBACK = "local.clue_feedback"

_TELLS = (DocumentType.CLUE_FEEDBACK, DocumentType.CLUE_RETURN)
_FORWARDS = (DocumentType.CLUE_TRANSFER, DocumentType.TRANSFER_LETTER, DocumentType.REPORT)
_TAKEN = (Stance.ADOPTED, Stance.PARTLY_ADOPTED, Stance.AGREED)
_RETURNED = (Stance.NOT_ADOPTED, Stance.DECLINED, Stance.REFUSED, Stance.NOT_COMPETENT)


class ClueFile(CaseFile):
    """A clue as its journal has made it."""

    DOCUMENTS = (DocumentType.CLUE_TRANSFER, DocumentType.CLUE_RETURN, DocumentType.CLUE_FEEDBACK)
    OUTCOMES = (Outcome.TAKEN, Outcome.RETURNED, Outcome.FORWARDED, Outcome.MERGED)
    RULES = (TRANSFER, REVIEW, FEEDBACK)

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.sides = Sides(
            self.opening.procuratorate.name,
            terms if isinstance(terms, ClueTerms) else ClueTerms(),
            self.opening.clue.source is ClueSource.SUPERIOR,
        )
        self.transferred: ClueTransferred | None = None
        self.owed: dict[str, EventDate] = {}
        self.feedback: list[FeedbackReceived] = []
        self.handling = handling = Handling(self.sides, self.deadlines, self.links, self._owe)
        if self.sides.comes_in and self.opening.clue.found_on:
            self._await_transfer(self.opening.clue.found_on, "opening")
        return {
            "clue_transferred": Route(self._check_transferred, self._take_transferred),
            "clue_received": Route(self._check_received, self._take_received),
            "review_clue": Route(handling.check_review, handling.take_review),
            "take_clue": Route(handling.check_take, handling.take_take),
            "return_clue": Route(handling.check_return, handling.take_return),
            "forward_clue": Route(handling.check_forward, handling.take_forward),
            "competence_designated": Route(handling.check_designated, handling.take_designated),
            "feedback_received": Route(self._check_feedback, self._take_feedback, after_closing=True),
            "draft_letter": Route(self.drafting.check_draft, self.drafting.take_draft, self._door_draft),
        }

    def against_opening(self) -> list[Problem]:
        return self.sides.problems()

    def terms_for(self, decision: OpenLinked) -> Terms | None:
        """A clue that is registered for the procuratorate it is forwarded to comes from this one."""
        if decision.into is not CaseKind.CLUE:
            return None
        return ClueTerms(
            direction=ClueDirection.BETWEEN_PROCURATORATES,
            sender=self.sides.own,
            receiver=decision.procuratorate,
        )

    # where it stands

    @property
    def stage(self) -> ClueStage:
        if self.is_closed:
            if self.is_looked_back:
                return ClueStage.ARCHIVED
            return ClueStage.REVISIT if self.ending.look_backs else ClueStage.CLOSED
        if self.is_told:
            return ClueStage.FEEDBACK
        if self.is_taken:
            return ClueStage.TAKEN
        if self.is_returned:
            return ClueStage.RETURNED
        if self.handling.forwardings:
            return ClueStage.FORWARDED
        if self.handling.review or any(letter.replies for letter in self.sent):
            return ClueStage.REVIEWING
        return ClueStage.RECEIVED if self.is_received else ClueStage.SENT

    @property
    def sent(self) -> list[Letter]:
        """The notices by which we handed a clue of our own to its receiver."""
        return [] if self.sides.comes_in else self.letters.of_type(DocumentType.CLUE_TRANSFER)

    @property
    def is_received(self) -> bool:
        """Whether its receiver has it in hand."""
        return self.handling.received is not None or any(letter.service for letter in self.sent)

    @property
    def is_taken(self) -> bool:
        """Whether a case is made of it: opened here, or by the body it was sent to."""
        by_others = self._last_stance in _TAKEN or any(each.number for each in self.feedback)
        return self.handling.has_case if self.sides.comes_in else by_others

    @property
    def is_returned(self) -> bool:
        """Whether it went back. A procuratorate cannot send it back ([公规]26): by its refusal alone nothing is returned."""
        if self.sides.comes_in:
            return self.handling.returned is not None
        return not self.sides.is_between and self._last_stance in _RETURNED

    @property
    def is_disposed_of(self) -> bool:
        """Whether it was taken, returned or forwarded."""
        return self.is_taken or self.is_returned or bool(self.handling.forwardings)

    @property
    def is_told(self) -> bool:
        """Whether its sender knows what became of it, as things stand."""
        if not self.is_disposed_of:
            return False
        if not self.sides.comes_in:
            return bool(self.feedback)
        return bool(self.letters.of_type(*_TELLS)) and not self._untold

    @property
    def _last_stance(self) -> Stance | None:
        replies = [reply for letter in self.sent for reply in letter.replies if reply.stance]
        return max(replies, key=lambda reply: reply.order).stance if replies else None

    @property
    def opened(self) -> list[Tie]:
        """The cases that were opened from it."""
        return self.links.standing(*OPENED_AS)

    # sent, signed for

    def _await_transfer(self, found_on: EventDate, by: str) -> None:
        self.deadlines.start(TRANSFER, found_on, by, party=self.sides.sender)

    def _comes_by_letter(self) -> list[Problem]:
        if self.sides.comes_in:
            return []
        what = "本案线索由本院移送，以移送案件线索通知书的制发、送达为准"
        return [Problem(what, "制发通知书（clue_transfer），再记录送达（letter_served）", "kind")]

    def _check_transferred(self, fact: ClueTransferred, today: date) -> list[Problem]:
        problems = self._comes_by_letter() + future(fact.on, today)
        received = self.handling.received
        if self.transferred:
            problems.append(Problem("移送已记录", "日期、材料有误的，更正（correct）", "kind"))
        if fact.found_on and fact.found_on.earliest > fact.on.latest:
            problems.append(Problem(f"发现日 {fact.found_on} 晚于移送日 {fact.on}", "核对日期", "found_on"))
        if received and fact.on.earliest > received.on.latest:
            problems.append(Problem(f"移送日 {fact.on} 晚于签收日 {received.on}", "请核对日期", "on"))
        return problems

    def _take_transferred(self, fact: ClueTransferred, today: date) -> str:
        self.transferred = fact
        if fact.found_on:
            self._await_transfer(fact.found_on, fact.id)
        self.deadlines.meet(f"case/{TRANSFER}", fact.on, fact.id)
        papers = f"，材料：{'、'.join(fact.materials)}" if fact.materials else ""
        return f"{fact.on}{self.sides.sender}移送线索{papers}"

    def _check_received(self, fact: ClueReceived, today: date) -> list[Problem]:
        problems = self._comes_by_letter() + future(fact.on, today)
        if self.handling.received:
            problems.append(Problem("签收已记录", "日期有误的，更正（correct）", "kind"))
        if self.transferred and fact.on.latest < self.transferred.on.earliest:
            problems.append(Problem(f"签收日 {fact.on} 早于移送日 {self.transferred.on}", "请核对日期", "on"))
        return problems

    def _take_received(self, fact: ClueReceived, today: date) -> str:
        self.handling.received = fact
        lacking = f"，未收到：{'、'.join(fact.lacking)}" if fact.lacking else ""
        return f"{fact.on}签收线索{lacking}"

    def _door_draft(self, decision: DraftLetter, today: date) -> list[Problem]:
        """A letter is no way round [公规]26 either."""
        bounces = decision.document is DocumentType.CLUE_RETURN and self.sides.is_between
        return ([NO_BOUNCING] if bounces else []) + self.drafting.door_draft(decision, today)

    # back to the sender

    @property
    def _untold(self) -> bool:
        """Whether something has become of it that its sender has not heard yet."""
        return any(not self.deadlines.by_key[key].is_met for key in self.owed)

    def _owe(self, on: EventDate, by: str, case: str = "") -> None:
        """The sender is to be told what became of it on that day."""
        key = f"case/{FEEDBACK}/{case}" if case else f"case/{FEEDBACK}"
        self.deadlines.start(FEEDBACK, on, by, key=key)
        self.owed[key] = on
        self._tell()

    def _tell(self) -> None:
        """A letter to the sender tells what happened up to its day, whichever of the two was entered first."""
        for letter in self.letters.of_type(*_TELLS):
            issued_on = letter.issued_span or EventDate.on(letter.issued_on or date.max)
            for key, on in self.owed.items():
                if issued_on.latest >= on.earliest:
                    self.deadlines.meet(key, issued_on, letter.id)

    def take_issue(self, decision: IssueLetter, today: date) -> str:
        """What goes out may be what the sender was to be told."""
        sentence = super().take_issue(decision, today)
        self._tell()
        return sentence

    def take_linked_closed(self, fact: LinkedCaseClosed, today: date) -> str:
        """A case that was made of the clue has closed: its sender is to hear of it."""
        sentence = super().take_linked_closed(fact, today)
        if not self.sides.comes_in or self.links.ties[fact.case].relation not in OPENED_AS:
            return sentence
        self._owe(fact.on, fact.id, fact.case)
        return f"{sentence}；应向{self.sides.sender}反馈"

    def _check_feedback(self, fact: FeedbackReceived, today: date) -> list[Problem]:
        if self.sides.comes_in:
            remedy = "制发线索办理情况反馈函（clue_feedback）"
            return [Problem("本案线索由本院办理，由本院反馈", remedy, "kind")]
        if not self.sent:
            return [Problem("线索尚未移送", "先制发移送案件线索通知书（clue_transfer）", "kind")]
        return future(fact.on, today)

    def _take_feedback(self, fact: FeedbackReceived, today: date) -> str:
        self.feedback.append(fact)
        number = f"（{fact.number}）" if fact.number else ""
        return f"{fact.on}{self.sides.receiver}反馈{number}：{fact.result}"

    # the end

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        problems = self._untrue(outcome)
        if outcome is not Outcome.MERGED and not problems and self.sides.comes_in and not self.is_told:
            remedy = "制发线索办理情况反馈函（clue_feedback）或者线索退回说明（clue_return）"
            problems.append(Problem(f"尚未向{self.sides.sender}反馈", remedy, "outcome"))
        return problems

    def _untrue(self, outcome: Outcome) -> list[Problem]:
        """The outcome must be what the journal shows."""
        match outcome:
            case Outcome.TAKEN:
                if not self.is_taken or not (self.opened or any(each.number for each in self.feedback)):
                    remedy = "采纳（take_clue）并等新案编号，或记录对方反馈的案号（feedback_received）"
                    return [Problem("没有由线索立案的案号", remedy, "outcome")]
            case Outcome.RETURNED if not self.is_returned:
                return [Problem("线索没有退回", "先退回（return_clue），或选择真实的结果", "outcome")]
            case Outcome.FORWARDED:
                return self._not_forwarded()
            case Outcome.MERGED if not self.links.standing(Relation.COVERED_BY, Relation.PARENT):
                remedy = "先关联（link_case，relation: covered_by 或 parent）"
                return [Problem("没有并入的案件", remedy, "outcome")]
        return []

    def _not_forwarded(self) -> list[Problem]:
        if not self.handling.forwardings:
            return [Problem("线索没有移送他院", "先移送（forward_clue）", "outcome")]
        to = self.handling.forwardings[-1].to
        if any(letter.is_to(to) for letter in self.letters.of_type(*_FORWARDS)):
            return []
        remedy = "制发移送案件线索通知书（clue_transfer）、移送函或者报告"
        return [Problem(f"致{to}的移送文书尚未制发", remedy, "outcome")]
