"""How a published case of 行政非诉执行监督 is played: the penalty and its items, the application, the rulings, the enforcement.

What a source does not date stays without a day: an act of the court whose application or ruling nobody dated says so
(`earlier_undated`), and no clock of that court is started.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from models.enforcement.terms import Enforcer, PenaltyKind
from models.facts import Fact
from models.said.applications import ApplicationFiled, ApplicationNotAccepted, ExecutionTerminated, RulingMade
from models.said.court_supervision import OpenSupervision
from models.said.enforcement import (
    ALL,
    DecisionServed,
    DemandServed,
    EnforcementTerms,
    PenaltyCaseFiled,
    PenaltyDecided,
    PenaltyFulfilled,
    PenaltyItem,
)
from models.said.terms import Terms
from models.terms import CaseKind, Outcome, Side
from starter.rehearsing import notes
from starter.rehearsing.courses.course import Course, Messages, Stage
from starter.rehearsing.naming import is_natural_resources
from starter.rehearsing.outbox import CHIEF, CLERK
from starter.rehearsing.published import PublishedEvent
from starter.rehearsing.recipients import recipients_of

# What the words of a decision, an application or a ruling name.
_ITEMS: tuple[tuple[re.Pattern[str], str, PenaltyKind], ...] = (
    (re.compile(r"退地|退还(?!.{0,4}款)|交还"), "退地", PenaltyKind.LAND_RETURN),
    (re.compile(r"拆除|拆房"), "拆除", PenaltyKind.DEMOLITION),
    (re.compile(r"恢复|治理|复垦|复耕"), "恢复", PenaltyKind.RESTORATION),
    (re.compile(r"没收(?!违法所得)"), "没收", PenaltyKind.CONFISCATION),
    (re.compile(r"没收违法所得"), "违法所得", PenaltyKind.ILLEGAL_GAINS),
    (re.compile(r"(?<!加处)罚款"), "罚款", PenaltyKind.FINE),
    (re.compile(r"补种|补植"), "补种", PenaltyKind.RECLAMATION),
)
_DECIDING = ("penalty_decision", "decision_served", "application_filed", "court_ruling")
_YUAN = re.compile(r"罚款(\d+(?:\.\d+)?)元")
_PAID = re.compile(r"(?:执行|缴纳?|追回)(\d+(?:\.\d+)?)元")
_CARRIED_OUT_BY = re.compile(
    r"(?:由|交由?)(?:所在地|属地|辖区)?([\w（）]*?(?:人民政府|政府|办事处|街道|管委会|局))(?:组织)?(?:实施|执行|拆除)"
)
# 第3、4项（拆除、罚款…）: what the items of a decision are numbered by.
_NUMBERED = re.compile(r"第([\d、]+)项[（(]([^（）()]+)[)）]")
_BY_NUMBER = re.compile(r"第([\d、]+)项")
_REFUSED = re.compile(r"不准予|不予执行|驳回")
_NOT_ACCEPTED = re.compile(r"不予受理|不受理")

# What a deed brings to its end.
_DEEDS = {
    "fine_paid": (PenaltyKind.FINE, PenaltyKind.SURCHARGE),
    "demolished": (PenaltyKind.DEMOLITION,),
    "restored": (PenaltyKind.RESTORATION,),
    "recultivated": (PenaltyKind.RESTORATION,),
    "land_returned": (PenaltyKind.LAND_RETURN,),
    "confiscated": (PenaltyKind.CONFISCATION,),
}
_ENFORCERS = {Side.PARTY: Enforcer.PARTY, Side.COURT: Enforcer.COURT}


class EnforcementCourse(Course):
    """The course of a penalty decision and its enforcement, and of our supervision of both."""

    KIND = CaseKind.ENFORCEMENT

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._items = self._read_items()
        self._numbers = self._read_numbers()
        self._done: set[str] = set()
        self._applied: list[str] = []
        self._ruled: set[str] = set()
        self._plays: dict[str, Callable[[PublishedEvent], Messages]] = {
            "case_filed_agency": self._filed,
            "penalty_decision": self._decided,
            "decision_served": self._served,
            "demand_notice_served": self._demanded,
            "application_filed": self._apply,
            "court_ruling": self._ruling,
            "ruling_supplemented": self._ruling,
            "court_refused": self._not_accepted,
            "execution_terminated": self._terminated,
            **dict.fromkeys(_DEEDS, self._fulfilled),
        }

    def terms(self) -> Terms:
        case = self.stage.case
        agencies, courts = recipients_of(case.agency or ""), recipients_of(case.court or "")
        agency = (agencies or ("",))[0][:100]
        return EnforcementTerms(
            agency=agency,
            agency_is_bound=not agency or is_natural_resources(agency),
            court=(courts or ("",))[0][:100],
            penalties=tuple(self._items.values()),
        )

    def play(self, event: PublishedEvent, shared: Callable[[], Messages]) -> Messages:
        own = self._plays.get(event.word)
        return (own(event) if own and self._items else []) or shared()

    def accept(self, event: PublishedEvent) -> Messages:
        if self._accepted:
            return []
        self._accepted = True
        reason = event.note or "履行职责中发现"
        return [OpenSupervision(id=f"E{event.number}-open", by=CHIEF, reason=reason[:1000])]

    def outcome(self, event: PublishedEvent, shown: Outcome) -> Outcome:
        """整改到位 of a penalty whose items are all fulfilled is 执行完毕."""
        is_done = self._items and self._done >= set(self._items)
        return Outcome.ENFORCED if shown is Outcome.RECTIFIED and is_done else shown

    # what the source says of the items

    def _read_items(self) -> dict[str, PenaltyItem]:
        """The items: what the decision names, else the application or ruling, else what the case tells of it."""
        case = self.stage.case
        for word in _DECIDING:
            told = "；".join(each.note for each in self.stage.events if each.word == word)
            if items := _named(told):
                return {id: _item(id, kind, told) for id, kind in items.items()}
        told = f"{case.title}；{case.facts}"
        return {id: _item(id, kind, told) for id, kind in _named(told).items()}

    def _read_numbers(self) -> dict[str, str]:
        """By its number in the decision, the item: 第3、4项（拆除、罚款）."""
        numbers: dict[str, str] = {}
        for event in self.stage.events:
            for match in _NUMBERED.finditer(event.note):
                told = sorted(
                    (found.start(), id) for pattern, id, _ in _ITEMS if (found := pattern.search(match[2]))
                )
                numbers |= dict(zip(match[1].split("、"), (id for _, id in told), strict=False))
        return numbers

    def _meant(self, note: str) -> tuple[str, ...]:
        """The items that a note names, by word or by number; none where it names none."""
        ids = [id for id in _named(note) if id in self._items]
        if not ids and (match := _BY_NUMBER.search(note)):
            ids = [self._numbers[each] for each in match[1].split("、") if each in self._numbers]
        return tuple(ids)

    # decision and demand

    def _filed(self, event: PublishedEvent) -> Messages:
        return [PenaltyCaseFiled(**self._fact(event, "filed"))]

    def _decided(self, event: PublishedEvent) -> Messages:
        return [PenaltyDecided(**self._fact(event, "decided"))]

    def _served(self, event: PublishedEvent) -> Messages:
        messages: list[Fact] = []
        if "作出" in event.note and not any(each.word == "penalty_decision" for each in self.stage.events):
            messages.append(PenaltyDecided(**self._fact(event, "decided")))
        return [*messages, DecisionServed(**self._fact(event, "served"))]

    def _demanded(self, event: PublishedEvent) -> Messages:
        return [DemandServed(**self._fact(event, "demanded"))]

    # the court

    def _apply(self, event: PublishedEvent) -> Messages:
        meant = self._meant(event.note) or tuple(each for each in self._items if each not in self._done)
        self._applied += meant
        return [ApplicationFiled(**self._fact(event, "applied"), items=meant)]

    def _ruling(self, event: PublishedEvent) -> Messages:
        meant = self._meant(event.note)
        unruled = tuple(each for each in self._applied if each not in self._ruled)
        if event.word == "ruling_supplemented" and not meant:
            meant = unruled
        items = meant or (ALL,)
        self._ruled |= set(meant or self._applied)
        result = "granted"
        if _NOT_ACCEPTED.search(event.note):
            result = "not_accepted"
        elif _REFUSED.search(event.note):
            result = "refused"
        by = _CARRIED_OUT_BY.search(event.note)
        return [
            RulingMade.model_validate(
                {
                    **self._fact(event, "ruled"),
                    result: items,
                    "carried_out_by": by[1][:100] if by and result == "granted" else "",
                    "earlier_undated": not self._applied,
                }
            )
        ]

    def _not_accepted(self, event: PublishedEvent) -> Messages:
        return [
            ApplicationNotAccepted(
                **self._fact(event, "refused"),
                items=self._meant(event.note) if self._applied else (),
                grounds=event.note[:2000],
                earlier_undated=not self._applied,
            )
        ]

    def _terminated(self, event: PublishedEvent) -> Messages:
        messages: list[Fact] = []
        payments = self._of_kind(_DEEDS["fine_paid"])
        if payments and (paid := _PAID.search(event.note)):
            messages.append(
                PenaltyFulfilled(
                    **self._fact(event, "paid"),
                    items=payments,
                    whole=False,
                    yuan=float(paid[1]),
                    enforcer=Enforcer.COURT,
                )
            )
        return [
            *messages,
            ExecutionTerminated(
                **self._fact(event, "terminated"), this_round="本次" in event.note, earlier_undated=True
            ),
        ]

    # fulfilment

    def _of_kind(self, kinds: Iterable[PenaltyKind]) -> tuple[str, ...]:
        wanted = tuple(kinds)
        return tuple(id for id, item in self._items.items() if item.kind in wanted and id not in self._done)

    def _fulfilled(self, event: PublishedEvent) -> Messages:
        items = self._of_kind(_DEEDS[event.word])
        key = "payment" if event.word == "fine_paid" else "demolition"
        if not items:
            return []
        whole = not notes.is_part_only(key, event.note)
        if whole:
            self._done |= set(items)
        enforcer = _ENFORCERS.get(event.side, Enforcer.AGENCY)
        fact = self._fact(event, "fulfilled")
        return [PenaltyFulfilled(**fact, items=items, whole=whole, enforcer=enforcer)]

    def _fact(self, event: PublishedEvent, what: str) -> dict[str, Any]:
        return {"id": f"E{event.number}-{what}", "on": event.on, "by": CLERK, "note": event.note[:1000]}


def _named(text: str) -> dict[str, PenaltyKind]:
    """The items that a text names, in the order of the table."""
    return {id: kind for pattern, id, kind in _ITEMS if pattern.search(text)}


def _item(id: str, kind: PenaltyKind, told: str) -> PenaltyItem:
    yuan = _YUAN.search(told) if kind is PenaltyKind.FINE else None
    return PenaltyItem(id=id, kind=kind, what=told[:500], yuan=float(yuan[1]) if yuan else None)
