"""After the suggestion ([公规]75-82): the period for putting right, the follow-up inquiry against evidence, 中止审查 and its end.

The period for putting right ends on the day on which that for the reply does, but a reply does not end it: from its end the
review for suit runs ([公规]47), whatever was answered. What was answered is held against what is found on the spot.
"""

from __future__ import annotations

from bisect import insort
from datetime import date

from models.correspondence import Correspondence
from models.dates import EventDate, future
from models.document_types import DocumentType
from models.errors import Problem
from models.ledger_entries import Resumed, Suspended
from models.letters import Letter
from models.messages import FellDue
from models.said.public_interest import ResumeReview, SiteChecked, SuspendReview
from models.terms import SiteFinding

RECTIFY = "pil.rectify"
PROSECUTE = "pil.prosecute"
SUSPEND = "pil.suspend"
_URGENT_DAYS = 15
"""[公释]21: fifteen days where the harm goes on growing."""


class FollowingUp:
    """What was found of each pre-suit suggestion, and whether its review stands still."""

    def __init__(self, post: Correspondence) -> None:
        self.post, self.deadlines = post, post.deadlines
        self.checks: list[SiteChecked] = []
        self.suspended: dict[str, Suspended] = {}
        self._suspensions: dict[str, int] = {}

    @property
    def letters(self) -> list[Letter]:
        """The live pre-suit suggestions."""
        return self.post.letters.of_type(DocumentType.PRE_SUIT_SUGGESTION)

    def one(self, reference: str) -> Letter | list[Problem]:
        """The one pre-suit suggestion that is meant, or why that cannot be said."""
        found = [each for each in self.letters if not reference or each.is_meant_by(reference)]
        if len(found) == 1:
            return found[0]
        listing = "；".join(map(str, self.letters)) or "无"
        what = "没有" if not found else "不止一份"
        return [
            Problem(f"{what}与“{reference or '（未填）'}”对应的诉前检察建议", f"可选：{listing}", "letter")
        ]

    # the period for putting right

    def run(self, letter: Letter) -> None:
        """Watch the end of the period where a reply has met that for the reply; silence ends both together."""
        service, key = letter.service, f"{letter.id}/{RECTIFY}"
        if letter.type is not DocumentType.PRE_SUIT_SUGGESTION or service is None or not letter.replies:
            return
        begun = self.deadlines.by_key.get(key)
        starts = (
            [entry.by for entry in begun.entries if entry.kind in ("started", "corrected")] if begun else []
        )
        if service.fact in starts[-1:]:
            return
        self.deadlines.start(
            RECTIFY,
            service.on,
            service.fact,
            letter=letter.id,
            party=letter.recipient.name,
            amount=_URGENT_DAYS if letter.urgent else None,
            unit="days" if letter.urgent else None,
        )

    def under_review(self, letter: Letter) -> bool:
        """Whether its period has ended, so that it is reviewed for suit."""
        return f"{letter.id}/{PROSECUTE}" in self.deadlines.by_key

    def is_reviewing(self, letter: Letter) -> bool:
        """Whether that review goes on: neither sued nor transferred yet."""
        key = f"{letter.id}/{PROSECUTE}"
        return self.under_review(letter) and not (
            self.deadlines.by_key[key].is_met or self.deadlines.is_early(key)
        )

    def fell_due(self, tick: FellDue) -> None:
        """A review that begins while it is suspended stands still from its first day."""
        deadline = self.deadlines.by_key.get(tick.deadline)
        if deadline is None or deadline.letter not in self.suspended:
            return
        review = self.deadlines.by_key.get(f"{deadline.letter}/{PROSECUTE}")
        if review is not None and review.is_running:
            by = self.suspended[deadline.letter].by
            review.entries.append(Suspended(on=tick.due_on, by=by))

    # the follow-up inquiry

    def check_site(self, fact: SiteChecked, today: date) -> list[Problem]:
        letter = self.one(fact.letter) if fact.letter else None
        return future(fact.on, today) + (letter if isinstance(letter, list) else [])

    def take_site(self, fact: SiteChecked, today: date) -> str:
        insort(self.checks, fact, key=lambda each: (each.on.earliest, each.on.latest))
        by = f"（{'、'.join(each.label for each in fact.proofs)}）" if fact.proofs else ""
        agrees = {True: "，与回复相符", False: "，与回复不符", None: ""}[fact.agrees]
        about = self.one(fact.letter) if fact.letter else None
        of = f"{about}：" if isinstance(about, Letter) else ""
        return f"{of}{fact.on}跟进调查{by}：{fact.finding.label}{agrees}"

    def last_check(self, letter: Letter | None = None) -> SiteChecked | None:
        """The latest that was found: of that letter, or of the whole case."""
        about = [
            each
            for each in self.checks
            if letter is None or not each.letter or letter.is_meant_by(each.letter)
        ]
        return about[-1] if about else None

    def is_period_over(self, letter: Letter, on: date) -> bool:
        """Whether the period for putting right, which ends with that for the reply, was over before a day."""
        counted = self.deadlines.counted.get(letter.reply_key)
        return counted is not None and counted.last_day is not None and counted.last_day < on

    def has_failed(self, letter: Letter, lapsed: bool) -> bool:
        """Whether the agency has not done its duty by all that is known: found on the spot, else told by its reply's assessment,
        else by its silence ([公规]82)."""
        check = self.last_check(letter)
        reply = letter.replies[-1] if letter.replies else None
        if check is not None and (reply is None or check.on.latest >= reply.sent_on.earliest):
            return check.finding is not SiteFinding.PUT_RIGHT
        substance = letter.last_substance
        return lapsed or (substance is not None and substance.opens_ladder)

    # 中止审查

    def check_suspend(self, decision: SuspendReview, today: date) -> list[Problem]:
        letter = self.one(decision.letter)
        if isinstance(letter, list):
            return letter
        if letter.id in self.suspended:
            return [Problem(f"{letter}已中止审查", "原因消除后恢复（resume_review）", "letter")]
        problems = []
        if letter.plan is None:
            problems.append(
                Problem(
                    "没有整改方案，不能中止审查（[公规]78）", "先记录整改方案（plan_submitted）", "letter"
                )
            )
        if not decision.reason:
            problems.append(Problem("中止审查须写明客观障碍", "填写 reason", "reason"))
        return problems

    def take_suspend(self, decision: SuspendReview, today: date) -> str:
        letter = self._known(decision.letter)
        on = decision.on or today
        stop = self.suspended[letter.id] = Suspended(on=on, by=decision.id)
        count = self._suspensions[letter.id] = self._suspensions.get(letter.id, 0) + 1
        key = f"{letter.id}/{SUSPEND}/{count}"
        self.deadlines.start(SUSPEND, EventDate.on(on), decision.id, letter=letter.id, key=key)
        review = self.deadlines.by_key.get(f"{letter.id}/{PROSECUTE}")
        if review is not None and review.is_running:
            review.entries.append(stop)
        return f"{letter}：{on}中止审查：{decision.reason}"

    def check_resume(self, decision: ResumeReview, today: date) -> list[Problem]:
        letter = self.one(decision.letter)
        if isinstance(letter, list):
            return letter
        stop = self.suspended.get(letter.id)
        if stop is None:
            return [Problem(f"{letter}没有中止审查", "不必恢复", "letter")]
        if (decision.on or today) < stop.on:
            return [Problem(f"恢复日早于中止日 {stop.on}", "请核对日期", "on")]
        return []

    def take_resume(self, decision: ResumeReview, today: date) -> str:
        letter = self._known(decision.letter)
        on = decision.on or today
        del self.suspended[letter.id]
        self.deadlines.meet(
            f"{letter.id}/{SUSPEND}/{self._suspensions[letter.id]}", EventDate.on(on), decision.id
        )
        review = self.deadlines.by_key.get(f"{letter.id}/{PROSECUTE}")
        if review is not None and review.is_suspended:
            review.entries.append(Resumed(on=on, by=decision.id))
        return f"{letter}：{on}恢复审查，中止期间不计入审查起诉期限"

    def _known(self, reference: str) -> Letter:
        letter = self.one(reference)
        assert isinstance(letter, Letter)
        return letter
