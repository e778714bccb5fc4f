"""A public-interest suit before the court ([公规]49-59; [公释]12, 24, 25): heard, judged, appealed, performed, enforced, ended.

What a judgment orders are items of the case, each with its own period from the day on which the judgment takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from models.dates import EventDate, future
from models.errors import Problem
from models.ledgers import Deadlines
from models.public_interest.suits import Suit, Suits, going_on
from models.rectification import PuttingRight
from models.said.public_suits import (
    AppealFiled,
    AppearanceNoticeReceived,
    EnforcementRequested,
    JudgmentEffective,
    JudgmentGiven,
    JudgmentReported,
    Performance,
    SuitEnded,
    TrialHeld,
)
from models.terms import Instance
from models.wire import Item

PERFORM = "local.performance"
APPEARANCE = "pil.appearance"
REPORT = "pil.judgment_report"
APPEAL = "pil.appeal"

SuitFact = (
    AppearanceNoticeReceived
    | TrialHeld
    | JudgmentGiven
    | JudgmentEffective
    | JudgmentReported
    | AppealFiled
    | EnforcementRequested
    | SuitEnded
)


class Trials:
    """What the court does with the suits of one case, and what follows from it."""

    def __init__(self, deadlines: Deadlines, putting_right: PuttingRight, suits: Suits) -> None:
        self.deadlines, self.putting_right, self.suits = deadlines, putting_right, suits

    def _of(self, fact: SuitFact) -> Suit:
        return self.suits.known(fact.suit, _FITTING.get(fact.kind, going_on))

    def check(self, fact: SuitFact, today: date) -> list[Problem]:
        """Whether it is clear which suit a fact is about, and whether it can be of it."""
        suit = self.suits.one(fact.suit, _FITTING.get(fact.kind, going_on))
        if isinstance(suit, list):
            return suit
        problems = future(fact.on, today)
        if suit.ended is not None and not (isinstance(fact, JudgmentReported) and suit.ended.received_on):
            problems.append(Problem(f"{suit}已终结", "核对是哪件诉讼", "suit"))
        elif fact.kind in _AFTER_JUDGMENT and not (suit.judgments or suit.ended):
            problems.append(Problem(f"{suit}尚未判决", "先记录判决（judgment_given）", "suit"))
        if isinstance(fact, SuitEnded) and fact.received_on:
            problems += _of_receipt(fact.on, fact.received_on, "裁定日", today)
        if isinstance(fact, JudgmentGiven):
            problems += _of_judgment(fact, today)
        return problems

    def take_appearance(self, fact: AppearanceNoticeReceived, today: date) -> str:
        suit = self._of(fact)
        self.deadlines.start(APPEARANCE, fact.on, fact.id, key=f"{suit.id}/{APPEARANCE}/{fact.id}")
        return f"{suit}：{fact.on}收到出庭通知书，三日内提交派员出庭通知书"

    def appearance_served(self, on: EventDate, by: str) -> None:
        """派员出庭通知书 is with the court: it answers the first notice that waits."""
        waiting = [
            each for each in self.deadlines.by_key.values() if each.rule == APPEARANCE and each.is_running
        ]
        for each in waiting[:1]:
            self.deadlines.meet(each.key, on, by)

    def take_trial(self, fact: TrialHeld, today: date) -> str:
        suit = self._of(fact)
        suit.trials.append(fact)
        panel = f"，{fact.panel}" if fact.panel else ""
        return f"{suit}：{fact.on}第{len(suit.trials)}次开庭{panel}"

    def take_judgment(self, fact: JudgmentGiven, today: date) -> str:
        suit = self._of(fact)
        suit.judgments.append(fact)
        suit.docket = suit.docket or fact.docket
        if fact.received_on and fact.instance is Instance.FIRST:
            received = EventDate.on(fact.received_on)
            self.deadlines.start(REPORT, received, fact.id, key=f"{suit.id}/{REPORT}")
            self.deadlines.start(APPEAL, received, fact.id, key=f"{suit.id}/{APPEAL}")
            for appeal in suit.appeals:
                self._appealed(suit, appeal)
        changed = [
            each for each in suit.judgments if each.performances and each.instance is not Instance.FIRST
        ]
        if fact in changed:
            self._replace_orders(suit)
        for performance in fact.performances:
            self._order(suit, performance, fact)
        if changed and fact not in changed and fact.performances:
            # Entered after the judgment that changed it.
            self._replace_orders(suit, list(suit.performances)[-len(fact.performances) :])
        if fact.effective_on:
            self._takes_effect(suit, EventDate.on(fact.effective_on), fact.id)
        said = "、".join(each.label for each in fact.reliefs) or "判决"
        orders = f"，判令履行{len(fact.performances)}项" if fact.performances else ""
        return f"{suit}：{fact.on}{fact.instance.label}判决{said}{orders}"

    def _replace_orders(self, suit: Suit, items: Sequence[str] | None = None) -> None:
        """A second instance that orders otherwise: what the first one ordered (all there is, unless said) is not asked for."""
        for item in suit.performances if items is None else items:
            rectification = self.putting_right.items[item]
            rectification.dropped = rectification.dropped or "改判"
            self.deadlines.end_key(f"{item}/{PERFORM}", "改判")
        if items is None:
            suit.effective_on = None

    def _order(self, suit: Suit, performance: Performance, fact: JudgmentGiven) -> None:
        id = f"{suit.id}-{len(suit.performances) + 1}"
        item = Item(
            id=id,
            what=performance.what,
            kind=performance.kind,
            milestones=performance.milestones,
            owner=suit.defendant,
        )
        suit.performances[id] = performance
        self.putting_right.enter(item, fact.on, fact.id)
        if performance.by:
            key = f"{id}/{PERFORM}"
            self.deadlines.start(
                PERFORM, fact.on, fact.id, party=suit.defendant, fixed_on=performance.by, key=key
            )

    def take_effective(self, fact: JudgmentEffective, today: date) -> str:
        suit = self._of(fact)
        self._takes_effect(suit, fact.on, fact.id)
        return f"{suit}：判决于{fact.on}生效，履行期限自此起算"

    def _takes_effect(self, suit: Suit, on: EventDate, by: str) -> None:
        suit.effective_on = on
        self.deadlines.end_key(f"{suit.id}/{APPEAL}", "判决已生效")
        for item, performance in suit.performances.items():
            if performance.within and not self.putting_right.items[item].dropped:
                self.deadlines.start(
                    PERFORM,
                    on,
                    by,
                    party=suit.defendant,
                    amount=performance.within.amount,
                    unit=performance.within.unit,
                    key=f"{item}/{PERFORM}",
                )

    def take_reported(self, fact: JudgmentReported, today: date) -> str:
        suit = self._of(fact)
        self.deadlines.meet(f"{suit.id}/{REPORT}", fact.on, fact.id)
        return f"{suit}：{fact.on}判决报上一级检察院备案"

    def take_appeal(self, fact: AppealFiled, today: date) -> str:
        suit = self._of(fact)
        suit.appeals.append(fact)
        self._appealed(suit, fact)
        return f"{suit}：{fact.appellant or '当事人'}于{fact.on}上诉、抗诉"

    def _appealed(self, suit: Suit, fact: AppealFiled) -> None:
        """The defendant's appeal leaves ours to be decided upon."""
        if not fact.appellant or fact.appellant != suit.defendant:
            self.deadlines.meet(f"{suit.id}/{APPEAL}", fact.on, fact.id)

    def take_enforcement(self, fact: EnforcementRequested, today: date) -> str:
        suit = self._of(fact)
        suit.enforcement = fact
        return f"{suit}：{fact.on}移送执行"

    def take_ended(self, fact: SuitEnded, today: date) -> str:
        suit = self._of(fact)
        suit.ended = fact
        if fact.received_on and not suit.judgments:
            received = EventDate.on(fact.received_on)
            self.deadlines.start(REPORT, received, fact.id, key=f"{suit.id}/{REPORT}")
        return f"{suit}：{fact.on}{fact.how.label}"

    def progressed(self, item: str, on: EventDate, by: str) -> None:
        """Something that a judgment ordered was done."""
        self.deadlines.meet(f"{item}/{PERFORM}", on, by)


_AFTER_JUDGMENT = ("judgment_effective", "judgment_reported", "appeal_filed", "enforcement_requested")


def _is_judged(suit: Suit) -> bool:
    return suit.ended is None and bool(suit.judgments)


# For which suit of several such a message makes sense, where that is not one that goes on.
_FITTING: dict[str, Callable[[Suit], bool]] = {
    "judgment_effective": lambda suit: _is_judged(suit) and suit.effective_on is None,
    "judgment_reported": lambda suit: (
        _is_judged(suit) or (suit.ended is not None and bool(suit.ended.received_on))
    ),
    "appeal_filed": _is_judged,
    "enforcement_requested": _is_judged,
}


def _of_receipt(given_on: EventDate, received_on: date, given: str, today: date) -> list[Problem]:
    if given_on.earliest <= received_on <= today:
        return []
    return [Problem(f"收到日 {received_on} 早于{given}或者在将来", "请核对日期", "received_on")]


def _of_judgment(fact: JudgmentGiven, today: date) -> list[Problem]:
    problems = []
    if fact.received_on:
        problems += _of_receipt(fact.on, fact.received_on, "判决日", today)
    if fact.effective_on and not fact.on.earliest <= fact.effective_on <= today:
        problems.append(
            Problem(
                f"生效日 {fact.effective_on} 早于判决日或者在将来",
                "生效后另行记录（judgment_effective）",
                "effective_on",
            )
        )
    for each in fact.performances:
        if each.within and each.by:
            problems.append(
                Problem(f"“{each.what}”的履行期写了两种", "within 与 by 只写一个", "performances")
            )
    return problems
