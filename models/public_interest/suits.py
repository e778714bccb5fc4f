"""The lawsuits of a public-interest case ([公规]46, 81-84): decided upon, filed with the court, changed, withdrawn.

Each suit is one action against one agency; a case may have several (`G1`). What happens before the court is in
`models.public_interest.trials`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from models.dates import EventDate, future
from models.errors import Problem
from models.ledgers import Deadlines
from models.letters import Letter
from models.rectification import PuttingRight
from models.said.public_suits import (
    AmendClaims,
    AppealFiled,
    EnforcementRequested,
    JudgmentGiven,
    Performance,
    Sue,
    SuitEnded,
    SuitFiled,
    TrialHeld,
    WithdrawSuit,
)
from models.stages import PublicInterestStage
from models.terms import Instance

FILE_UP = "pil.sue_file_up"
CIVIL_REVIEW = "case/pil.civil_prosecute"


@dataclass(slots=True)
class Suit:
    """One action against one agency, from the decision to sue to its end."""

    id: str
    letter: str = ""
    defendant: str = ""
    court: str = ""
    docket: str = ""
    claims: tuple[str, ...] = ()
    decision: Sue | None = None
    decided_on: EventDate | None = None
    filed_on: EventDate | None = None
    withdrawal: WithdrawSuit | None = None
    trials: list[TrialHeld] = field(default_factory=list)
    judgments: list[JudgmentGiven] = field(default_factory=list)
    appeals: list[AppealFiled] = field(default_factory=list)
    effective_on: EventDate | None = None
    enforcement: EnforcementRequested | None = None
    ended: SuitEnded | None = None
    performances: dict[str, Performance] = field(default_factory=dict)
    """What it was ordered to do, by the item that it is followed under."""

    @property
    def is_civil(self) -> bool:
        """Whether it rests on a notice, and on no suggestion."""
        return not self.letter and (self.decision is None or self.decision.civil)

    @property
    def is_on(self) -> bool:
        """Whether the court has neither judged it nor ended it, or an appeal waits for its judgment."""
        return self.ended is None and (not self.judgments or self.is_appealed)

    @property
    def is_appealed(self) -> bool:
        """Whether an appeal is not yet judged."""
        if not self.judgments or not self.appeals:
            return False
        return self.appeals[-1].on.latest >= self.judgments[-1].on.earliest and not any(
            each.instance is not Instance.FIRST and each.on.latest >= self.appeals[-1].on.earliest
            for each in self.judgments
        )

    def is_meant_by(self, reference: str) -> bool:
        """Whether a reference means it: its id, its number at the court, its defendant, or its suggestion."""
        return reference in (self.id, self.docket, self.defendant, self.letter)

    def __str__(self) -> str:
        of = f"诉{self.defendant}" if self.defendant else "公益诉讼"
        return f"{self.id} {of}" + (f"（{self.docket}）" if self.docket else "")


class Suits:
    """The suits of one case, found by id."""

    def __init__(self, deadlines: Deadlines, putting_right: PuttingRight) -> None:
        self.deadlines, self.putting_right = deadlines, putting_right
        self.by_id: dict[str, Suit] = {}

    def of_letter(self, letter: str) -> list[Suit]:
        """The suits that rest on a suggestion, and have not ended."""
        return [each for each in self.by_id.values() if letter and each.letter == letter and not each.ended]

    @property
    def open(self) -> list[Suit]:
        """Those that the court has neither judged nor ended."""
        return [each for each in self.by_id.values() if each.is_on]

    @property
    def judged(self) -> list[Suit]:
        """Those with a judgment."""
        return [each for each in self.by_id.values() if each.judgments]

    @property
    def unperformed(self) -> list[str]:
        """The items that a judgment ordered and that are still open."""
        ordered = {item for suit in self.by_id.values() for item in suit.performances}
        return [each.item.id for each in self.putting_right.open_items if each.item.id in ordered]

    @property
    def stage(self) -> PublicInterestStage | None:
        """Where the suit stands that has most to do: the least advanced; None when none goes on."""
        stages = [stage for each in self.by_id.values() if (stage := self._stage(each)) is not None]
        return min(stages, key=_COURSE.index, default=None)

    def _stage(self, suit: Suit) -> PublicInterestStage | None:
        if suit.ended is not None:
            return None
        if suit.is_appealed:
            return PublicInterestStage.TRIAL
        if suit.enforcement is not None and any(item in suit.performances for item in self.unperformed):
            return PublicInterestStage.ENFORCEMENT
        if suit.judgments:
            return PublicInterestStage.JUDGED
        return PublicInterestStage.TRIAL if suit.trials else PublicInterestStage.SUED

    def one(self, reference: str, where: Callable[[Suit], bool]) -> Suit | list[Problem]:
        """The suit that is meant; of several that match, the only one for which such a message makes sense."""
        named = [each for each in self.by_id.values() if not reference or each.is_meant_by(reference)]
        fitting = [each for each in named if where(each)]
        found = named if len(named) == 1 else fitting
        if len(found) == 1:
            return found[0]
        if not self.by_id:
            return [Problem("本案尚无诉讼", "先记录起诉（suit_filed）", "suit")]
        listing = "；".join(map(str, self.by_id.values()))
        what = "没有" if not found else "不止一件"
        return [Problem(f"{what}与“{reference or '（未填）'}”对应的诉讼", f"可选：{listing}", "suit")]

    def known(self, reference: str, where: Callable[[Suit], bool]) -> Suit:
        """The suit of a message that was checked before."""
        suit = self.one(reference, where)
        assert isinstance(suit, Suit)
        return suit

    # suing

    def sue(self, decision: Sue, letter: Letter | None, today: date) -> str:
        """The decision to sue, upon a suggestion of this case or one that went before."""
        on = decision.known_on or EventDate.on(decision.on or today)
        defendant = decision.defendant or (letter.recipient.name if letter else "")
        suit = self._add(letter.id if letter else "", defendant, decision.court)
        suit.decision, suit.decided_on, suit.claims = decision, on, decision.claims
        if letter is not None:
            self.deadlines.meet(f"{letter.id}/pil.prosecute", on, decision.id)
        elif decision.civil:
            self.deadlines.meet(CIVIL_REVIEW, on, decision.id)
        upon = f"，依据{letter}" if letter else f"，依据{decision.earlier}" if decision.earlier else ""
        return f"{on}决定提起公益诉讼：{suit}{upon}"

    def _add(self, letter: str, defendant: str, court: str) -> Suit:
        suit = Suit(f"G{len(self.by_id) + 1}", letter, defendant, court)
        self.by_id[suit.id] = suit
        return suit

    def undecided(self, fact: SuitFiled) -> Suit | None:
        """The suit that was decided upon and is now with the court."""
        waiting = [each for each in self.by_id.values() if each.filed_on is None and each.ended is None]
        named = [
            each
            for each in waiting
            if (not fact.suit or each.is_meant_by(fact.suit))
            and (not fact.letter or each.is_meant_by(fact.letter))
            and (not fact.defendant or not each.defendant or each.defendant == fact.defendant)
        ]
        return named[0] if named else None

    def check_filed(
        self, fact: SuitFiled, letter: Letter | list[Problem] | None, today: date
    ) -> list[Problem]:
        problems = future(fact.on, today)
        if self.undecided(fact) is not None:
            return problems
        if fact.suit:
            listing = "；".join(map(str, self.by_id.values())) or "无"
            return [Problem(f"没有待起诉的“{fact.suit}”", f"已有：{listing}", "suit")]
        if isinstance(letter, list):
            return problems + letter
        known = self.of_letter(letter.id) if letter else list(self.by_id.values())
        if any(not fact.defendant or each.defendant == fact.defendant for each in known):
            problems.append(
                Problem(
                    f"已起诉：{known[0]}",
                    "另诉其他被告的，写明 defendant；有误的，更正（correct）",
                    "defendant",
                )
            )
        return problems

    def take_filed(self, fact: SuitFiled, letter: Letter | None, today: date) -> str:
        suit = self.undecided(fact)
        if suit is None:
            defendant = fact.defendant or (letter.recipient.name if letter else "")
            suit = self._add(letter.id if letter else "", defendant, fact.court)
        suit.filed_on, suit.docket = fact.on, fact.docket
        suit.court = fact.court or suit.court
        if suit.letter:
            self.deadlines.meet(f"{suit.letter}/pil.prosecute", fact.on, fact.id)
        elif suit.is_civil:
            self.deadlines.meet(CIVIL_REVIEW, fact.on, fact.id)
        return f"{fact.on}提起诉讼：{suit}" + (f"，{suit.court}" if suit.court else "")

    def begun_review(self, letter: str) -> None:
        """A review that begins after the suit was met by it beforehand."""
        for suit in self.of_letter(letter):
            on = suit.decided_on or suit.filed_on
            if on is not None:
                self.deadlines.meet(f"{letter}/pil.prosecute", on, suit.id)

    def begun_civil_review(self) -> None:
        """A civil suit that was brought before the end of the notice was entered: its review is over."""
        for suit in self.by_id.values():
            on = suit.decided_on or suit.filed_on
            if suit.is_civil and on is not None:
                self.deadlines.meet(CIVIL_REVIEW, on, suit.id)

    def indictment_served(self, letter: Letter) -> None:
        """The indictment has reached the court: filed upward within five days; the suit that waits is with the court."""
        service = letter.service
        if service is None:
            return
        self.deadlines.start(FILE_UP, service.on, service.fact, letter=letter.id)
        for on, fact in letter.filings:
            self.deadlines.meet(f"{letter.id}/{FILE_UP}", on, fact)
        waiting = [each for each in self.by_id.values() if each.filed_on is None and each.ended is None]
        own = [each for each in waiting if letter.is_to(each.court)] or waiting
        if len(own) == 1:
            own[0].filed_on, own[0].court = service.on, letter.recipient.name

    def check_claims(self, decision: AmendClaims | WithdrawSuit, today: date) -> list[Problem]:
        suit = self.one(decision.suit, going_on)
        if isinstance(suit, list):
            return suit
        problems = []
        if not suit.is_on:
            problems.append(Problem(f"{suit}已判决或者已终结", "核对是哪件诉讼", "suit"))
        elif isinstance(decision, WithdrawSuit) and suit.withdrawal is not None:
            problems.append(Problem(f"{suit}已决定撤回", "待人民法院裁定（suit_ended）", "suit"))
        if not decision.reason:
            problems.append(Problem("变更诉讼请求、撤回起诉须写明理由", "填写 reason", "reason"))
        return problems

    def take_claims(self, decision: AmendClaims, today: date) -> str:
        suit = self.known(decision.suit, going_on)
        suit.claims = decision.claims
        return f"{suit}：{decision.on or today}决定变更诉讼请求为：{'；'.join(decision.claims)}"

    def take_withdrawal(self, decision: WithdrawSuit, today: date) -> str:
        suit = self.known(decision.suit, going_on)
        suit.withdrawal = decision
        return f"{suit}：{decision.on or today}决定撤回起诉，待人民法院裁定：{decision.reason}"


# Least advanced first.
_COURSE = (
    PublicInterestStage.SUED,
    PublicInterestStage.TRIAL,
    PublicInterestStage.JUDGED,
    PublicInterestStage.ENFORCEMENT,
)


def going_on(suit: Suit) -> bool:
    """Whether the court still has it before it."""
    return suit.is_on
