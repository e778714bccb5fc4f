"""第五条 公益诉讼: what a public-interest case knows, and where it stands.

The clue is assessed and filed, the agency consulted, advised by a 检察建议, followed up against evidence, and sued where that
does not help; the judgment is followed until it is performed. Each of these has a part of its own (`filing`, `following_up`,
`suits`, `trials`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.casefile import CaseFile, OwnPaper
from models.dates import EventDate
from models.decisions import CloseCase, DraftLetter, Escalate, IssueLetter, Resume, Suspend
from models.delegations import Delegations
from models.document_types import DocumentType
from models.errors import Problem
from models.facts import FiledUpward, ItemProgressed, LetterServed, ReplyReceived
from models.journal import Route
from models.ladder import LITIGATION, Ladder
from models.letters import Letter
from models.messages import FellDue
from models.public_interest import closing, standing
from models.public_interest.filing import CIVIL_NOTICE, CIVIL_REVIEW, CONSULT, Filing, only_the_chief
from models.public_interest.following_up import FollowingUp
from models.public_interest.papers import own_papers
from models.public_interest.suing import Suing
from models.public_interest.suits import Suits
from models.public_interest.timeliness import ahead_of_its_time
from models.public_interest.trials import Trials
from models.recusals import Recusals
from models.said.links import OpenLinked
from models.said.meetings import MeetingHeld
from models.said.public_interest import (
    DeclineCase,
    FileCase,
    PublicInterestTerms,
    SuspendReview,
    TransferCase,
)
from models.said.public_suits import Sue, WithdrawSuit
from models.said.terms import Terms
from models.stages import PublicInterestStage
from models.terms import CaseKind, ItemState, MeetingForm, Outcome, Relation


class PublicInterestFile(CaseFile):
    """A public-interest case as its journal has made it."""

    DOCUMENTS = (
        DocumentType.PRE_SUIT_SUGGESTION,
        DocumentType.SUGGESTION,
        DocumentType.CLASS_SUGGESTION,
        DocumentType.COURT_SUGGESTION,
        DocumentType.FILING_DECISION,
        DocumentType.NO_FILING_DECISION,
        DocumentType.CONSULTATION_LETTER,
        DocumentType.FACT_SHEET,
        DocumentType.CLUE_TRANSFER,
        DocumentType.SUSPENSION_DECISION,
        DocumentType.RESUMPTION_DECISION,
        DocumentType.TERMINATION_DECISION,
        DocumentType.CLOSING_DECISION,
        DocumentType.INDICTMENT,
        DocumentType.APPEARANCE_NOTICE,
        DocumentType.CLAIMS_AMENDMENT,
        DocumentType.SUIT_WITHDRAWAL,
        DocumentType.FILING_REPORT,
        DocumentType.EVIDENCE_NOTICE,
    )
    OUTCOMES = closing.OUTCOMES
    RULES = (
        "pil.assess",
        "pil.open_notice",
        "pil.consult",
        "pil.delegated",
        "pil.recusal",
        "pil.serve",
        "pil.file_up",
        "pil.reply",
        "pil.reply_urgent",
        "pil.rectify",
        "pil.suspend",
        "pil.prosecute",
        "pil.sue_file_up",
        "pil.appearance",
        "pil.judgment_report",
        "pil.civil_notice",
        "pil.civil_prosecute",
        "pil.appeal",
        "jy.reply",
        "jy.reply_urgent",
        "jy.objection",
        "jy.file_up",
        "ct.reply",
        "sup.court_query",
        "local.plan_check",
        "local.performance",
    )

    def own_routes(self) -> dict[str, Route]:
        self.drafting.serves_from_decision = True
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, PublicInterestTerms) else PublicInterestTerms()
        self.filing = Filing(self.deadlines, self.terms, self.opening.opened_on)
        self.following_up = FollowingUp(self.correspondence)
        self.suits = Suits(self.deadlines, self.putting_right)
        self.suing = Suing(self.filing, self.following_up, self.suits)
        self.trials = Trials(self.deadlines, self.putting_right, self.suits)
        self.recusals = Recusals(self.deadlines, "pil.recusal")
        self.delegations = Delegations(self.deadlines, "pil.delegated")
        self.ladder = Ladder(self.correspondence, self.drafting)
        return {
            **self._filing_routes(),
            **self._following_routes(),
            **self._suit_routes(),
            **self._trial_routes(),
            "close_case": Route(self.ending.check_close, self._take_close, self.door_close),
        }

    def _filing_routes(self) -> dict[str, Route]:
        filing, recusals, asked = self.filing, self.recusals, self.delegations
        return {
            "begin_preliminary": Route(filing.check_preliminary, filing.take_preliminary),
            "preliminary_reported": Route(
                filing.check_preliminary_reported, filing.take_preliminary_reported
            ),
            "file_case": Route(filing.check_file, filing.take_file, self._door_chief),
            "decline_case": Route(filing.check_decline, filing.take_decline, self._door_chief),
            "investigate": Route(filing.check_investigate, filing.take_investigate),
            "inquiry_concluded": Route(filing.check_concluded, filing.take_concluded, after_closing=True),
            "delegation_received": Route(asked.check_received, asked.take_received, after_closing=True),
            "delegation_answered": Route(asked.check_answered, asked.take_answered, after_closing=True),
            "jurisdiction_assigned": Route(filing.check_assigned, filing.take_assigned, after_closing=True),
            "transfer_case": Route(filing.check_transfer, filing.take_transfer, self._door_chief),
            "notice_published": Route(filing.check_notice, filing.take_notice, after_closing=True),
            "eligible_body_sued": Route(
                filing.check_other_plaintiff, filing.take_other_plaintiff, after_closing=True
            ),
            "recusal_requested": Route(recusals.check_request, recusals.take_request, after_closing=True),
            "decide_recusal": Route(recusals.check_decide, recusals.take_decide),
        }

    def _following_routes(self) -> dict[str, Route]:
        follow, post, ladder = self.following_up, self.correspondence, self.ladder
        drafting, adjusting = self.drafting, self.adjusting
        return {
            "draft_letter": Route(drafting.check_draft, drafting.take_draft, self._door_draft),
            "site_checked": Route(follow.check_site, follow.take_site, after_closing=True),
            "suspend_review": Route(follow.check_suspend, follow.take_suspend, self._door_suspend_review),
            "resume_review": Route(follow.check_resume, follow.take_resume),
            "suspend": Route(adjusting.check_suspend, adjusting.take_suspend, self._door_suspend),
            "resume": Route(adjusting.check_resume, adjusting.take_resume, self._door_suspend),
            "urge": Route(ladder.check_urge, ladder.take_urge, ladder.door_urge),
            "escalate": Route(post.check_letter, ladder.take_escalate, self._door_escalate),
        }

    def _suit_routes(self) -> dict[str, Route]:
        suing, suits = self.suing, self.suits
        return {
            "sue": Route(suing.check_sue, suing.take_sue, self._door_sue),
            "suit_filed": Route(suing.check_filed, suing.take_filed, after_closing=True),
            "amend_claims": Route(suits.check_claims, suits.take_claims),
            "withdraw_suit": Route(suits.check_claims, suits.take_withdrawal, self._door_chief),
        }

    def _trial_routes(self) -> dict[str, Route]:
        trials = self.trials
        return {
            "appearance_notice_received": Route(trials.check, trials.take_appearance, after_closing=True),
            "trial_held": Route(trials.check, trials.take_trial, after_closing=True),
            "judgment_given": Route(trials.check, trials.take_judgment, after_closing=True),
            "judgment_effective": Route(trials.check, trials.take_effective, after_closing=True),
            "judgment_reported": Route(trials.check, trials.take_reported, after_closing=True),
            "appeal_filed": Route(trials.check, trials.take_appeal, after_closing=True),
            "enforcement_requested": Route(trials.check, trials.take_enforcement, after_closing=True),
            "suit_ended": Route(trials.check, trials.take_ended, after_closing=True),
            "item_progressed": Route(
                self.putting_right.check_progress, self._take_progress, after_closing=True
            ),
            "filed_upward": Route(
                self.correspondence.check_filed_upward, self._take_filed_upward, after_closing=True
            ),
        }

    def terms_for(self, decision: OpenLinked) -> Terms | None:
        """A case that is opened from this one is about the same harm; one that takes it over, about the same agencies too."""
        if decision.into is not CaseKind.PUBLIC_INTEREST:
            return None
        moved = decision.relation is Relation.TRANSFERRED_TO
        return PublicInterestTerms(agencies=self.filing.agencies if moved else (), harm=self.terms.harm)

    # where it stands

    @property
    def stage(self) -> PublicInterestStage:
        return standing.stage(self)

    @property
    def is_assessed(self) -> bool:
        """Whether the clue has been decided upon."""
        return self.filing.is_filed or self.filing.is_declined or self.is_closed

    @property
    def has_gone_out(self) -> bool:
        """Whether a pre-suit suggestion has gone out, or the case has gone on without one."""
        return bool(self.following_up.letters) or bool(self.suits.by_id) or self.is_closed

    @property
    def is_sued(self) -> bool:
        """Whether a suit was decided upon or brought."""
        return bool(self.suits.by_id)

    # doors

    def _door_chief(
        self, decision: FileCase | DeclineCase | TransferCase | WithdrawSuit, today: date
    ) -> list[Problem]:
        return only_the_chief(decision.by, decision.LABEL)

    def _door_draft(self, decision: DraftLetter, today: date) -> list[Problem]:
        return self.drafting.door_draft(decision, today) + ahead_of_its_time(self, decision.document)

    def _door_suspend(self, decision: Suspend | Resume, today: date) -> list[Problem]:
        remedy = "中止审查用 suspend_review，恢复用 resume_review"
        return [Problem("公益诉讼案件的审查期限随中止审查停止（[公规]78）", remedy, "deadline")]

    def _door_suspend_review(self, decision: SuspendReview, today: date) -> list[Problem]:
        letter = self.following_up.one(decision.letter)
        problems = only_the_chief(decision.by, decision.LABEL)
        if isinstance(letter, Letter) and letter.plan_accepted is not True:
            problems.append(Problem("整改方案尚未认可", "先审查方案（accept_plan）", "letter"))
        if isinstance(letter, Letter) and self.suits.of_letter(letter.id):
            problems.append(Problem("已决定起诉，不再中止审查", "按诉讼进展办理", "letter"))
        return problems

    def _door_escalate(self, decision: Escalate, today: date) -> list[Problem]:
        if decision.rung is LITIGATION:
            return [Problem("提起公益诉讼另作决定", "改用 sue", "rung")]
        return self.ladder.door_escalate(decision, self.overdue_letters, self.lapsed_letters, today)

    def _door_sue(self, decision: Sue, today: date) -> list[Problem]:
        return self.suing.door_sue(decision, today, self.lapsed_letters, {key for key, _ in self.run_out})

    # what letters, meetings and the clock bring about

    def take_issue(self, decision: IssueLetter, today: date) -> str:
        """A suggestion that goes out ends the consulting."""
        sentence = super().take_issue(decision, today)
        if self.following_up.letters:
            self.deadlines.end_key(f"case/{CONSULT}", "已提出检察建议")
        return sentence

    def take_meeting(self, fact: MeetingHeld, today: date) -> str:
        """A consultation was held."""
        if self.meetings.of(fact).form is MeetingForm.CONSULTATION:
            self.deadlines.meet(f"case/{CONSULT}", fact.on, fact.id)
        return super().take_meeting(fact, today)

    def _take_served(self, fact: LetterServed, today: date) -> str:
        letter = self.correspondence.letter_of(fact)
        sentence = super()._take_served(fact, today)
        match letter.type:
            case DocumentType.FILING_DECISION:
                self.filing.notice_served(letter, fact.on, fact.id)
            case DocumentType.PRE_SUIT_SUGGESTION:
                self.following_up.run(letter)
            case DocumentType.INDICTMENT:
                self.suits.indictment_served(letter)
            case DocumentType.APPEARANCE_NOTICE:
                self.trials.appearance_served(fact.on, fact.id)
        return sentence

    def _take_reply(self, fact: ReplyReceived, today: date) -> str:
        letter = self.correspondence.letter_of(fact)
        sentence = super()._take_reply(fact, today)
        self.following_up.run(letter)
        return sentence

    def _take_filed_upward(self, fact: FiledUpward, today: date) -> str:
        letter = self.correspondence.letter_of(fact)
        sentence = self.correspondence.take_filed_upward(fact, today)
        self.deadlines.meet(f"{letter.id}/pil.sue_file_up", fact.on, fact.id)
        return sentence

    def _take_progress(self, fact: ItemProgressed, today: date) -> str:
        sentence = self.putting_right.take_progress(fact, today)
        item = self.items[fact.item]
        if item.state is ItemState.DONE:
            last = max(item.passed.values(), key=lambda on: (on.latest, on.earliest))
            self.trials.progressed(fact.item, last, fact.id)
        return sentence

    def take_fell_due(self, tick: FellDue, today: date) -> str:
        sentence = super().take_fell_due(tick, today)
        deadline = self.deadlines.by_key.get(tick.deadline)
        self.following_up.fell_due(tick)
        if tick.deadline == f"case/{CIVIL_NOTICE}":
            self.filing.review_civil(tick)
            self.suits.begun_civil_review()
        if deadline is not None and deadline.letter:
            self.suits.begun_review(deadline.letter)
        return sentence

    # the end

    def _take_close(self, decision: CloseCase, today: date) -> str:
        """Closing is what the period for putting right, and the review for suit, may end in ([公规]79)."""
        on = EventDate.on(decision.on or today)
        self.deadlines.meet(f"case/{CIVIL_REVIEW}", on, decision.id)
        for letter in self.following_up.letters:
            for rule in ("pil.rectify", "pil.prosecute"):
                self.deadlines.meet(f"{letter.id}/{rule}", on, decision.id)
        return self.ending.take_close(decision, today)

    def door_close(self, decision: CloseCase, today: date) -> list[Problem]:
        """A judgment that is not yet performed may be left only to a look-back."""
        problems = super().door_close(decision, today)
        undone = self.suits.unperformed
        if decision.outcome is Outcome.JUDGMENT and undone and not decision.look_back_on:
            what = f"判决事项尚未履行：{'、'.join(undone)}"
            problems.append(Problem(what, "履行后再结案，或者定回头看日期（look_back_on）", "look_back_on"))
        return problems

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        return closing.against_closing(self, outcome)

    def own_papers(self) -> Iterator[OwnPaper]:
        yield from own_papers(self)
