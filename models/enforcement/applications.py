"""The applications to the court (申请强制执行): what was asked for, what was copied to us, and how far each item has come.

A decision may be applied for in several applications, and one ruling may treat its items differently. An item's state is that of
its last step by day, whatever the order in which steps were entered.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from models.dates import EventDate
from models.enforcement.terms import PenaltyState
from models.errors import Problem
from models.ledger_entries import Resumed, Suspended
from models.said.applications import CopySent
from models.said.enforcement import ALL

COPY = "coop.copy"

_UNKNOWN = "来源讲到在先的申请、裁定但没有日期的，写 earlier_undated: true"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has to carry out the items, and since when (裁执分离); it may pass on again, or back to the court (no name)."""

    name: str
    since: EventDate
    items: tuple[str, ...]


@dataclass(slots=True)
class Ruling:
    """One ruling, or refusal to accept, with what it says of which items."""

    fact: str
    on: EventDate
    results: dict[str, PenaltyState]
    number: str = ""
    served_on: EventDate | None = None

    def of(self, *states: PenaltyState) -> list[str]:
        """The items of which it says so."""
        return [item for item, state in self.results.items() if state in states]


@dataclass(frozen=True, slots=True)
class Step:
    """An item came to stand so; steps are ordered by `place`: a day, and their order on it."""

    place: tuple[date, int]
    on: EventDate
    state: PenaltyState


@dataclass(slots=True)
class Application:
    """One application; `on` is None where a source speaks of it and does not date it."""

    id: str
    on: EventDate | None
    items: tuple[str, ...]
    fact: str = ""
    case_nos: list[str] = field(default_factory=list)
    copies: list[CopySent] = field(default_factory=list)
    accepted_on: EventDate | None = None
    heard_on: EventDate | None = None
    rulings: list[Ruling] = field(default_factory=list)
    holders: list[Holder] = field(default_factory=list)
    opened_on: EventDate | None = None
    executed_under: list[str] = field(default_factory=list)
    """The keys of the court's periods to enforce it, one for each round."""
    stops: list[Suspended | Resumed] = field(default_factory=list)
    """When the court's enforcement was stayed and resumed, be its opening known or not."""
    handed_over_on: EventDate | None = None
    _steps: dict[str, list[Step]] = field(default_factory=dict)
    _entered: int = 0

    def key(self, rule: str) -> str:
        """The key of a period that runs on it."""
        return f"{self.id}/{rule}"

    def key_of(self, rule: str, ruling: Ruling, state: PenaltyState) -> str:
        """The key of a period that runs on one ruling; the first that says so has the plain one."""
        first = next((each for each in self.rulings if each.of(state)), ruling)
        return self.key(rule) if first is ruling else self.key(f"{rule}/{ruling.fact}")

    def ruling_on(self, item: str, state: PenaltyState) -> Ruling | None:
        """The last ruling that says so of an item."""
        said = [each for each in self.rulings if each.results.get(item) is state]
        return max(said, key=lambda each: (each.on.latest, each.on.earliest), default=None)

    def step(self, on: EventDate, items: Iterable[str], state: PenaltyState, *after: PenaltyState) -> None:
        """One more step of some items, which stood in one of these states before it."""
        for item in items:
            self._entered += 1
            place = self._place(item, on, after)
            insort(self._steps.setdefault(item, []), Step(place, on, state), key=lambda each: each.place)

    def _place(self, item: str, on: EventDate, after: tuple[PenaltyState, ...]) -> tuple[date, int]:
        """By its day, whenever it is entered; of days that overlap, after the step that it follows from."""
        steps = self._steps.get(item)
        if after and steps and self.state(item) in after and on.latest >= steps[-1].on.earliest:
            return max(on.latest, steps[-1].place[0]), self._entered
        if after and self._state_at(item, on.latest) not in after:
            return on.latest, -self._entered
        return on.latest, self._entered

    def _state_at(self, item: str, day: date, *, before: bool = False) -> PenaltyState:
        """Where an item stood at the end of a day, or before it."""
        stood = [
            each.state
            for each in self._steps.get(item, ())
            if each.place[0] < day or (each.place[0] == day and not before)
        ]
        return stood[-1] if stood else PenaltyState.APPLIED

    def could_be(self, item: str, on: EventDate, *states: PenaltyState) -> bool:
        """Whether an item stands so, or stood so on that day: what happened is often entered later than what followed it."""
        return (
            self.state(item) in states
            or self._state_at(item, on.latest) in states
            or self._state_at(item, on.latest, before=True) in states
        )

    def has_step(self, item: str, on: EventDate, state: PenaltyState) -> bool:
        """Whether that very step has been entered."""
        return any(each.on == on and each.state is state for each in self._steps.get(item, ()))

    def state(self, item: str) -> PenaltyState:
        """Where an item stands in court, or in enforcement."""
        steps = self._steps.get(item)
        last = steps[-1].state if steps else PenaltyState.APPLIED
        if last not in (PenaltyState.APPLIED, PenaltyState.ACCEPTED):
            return last
        since = steps[-1].place[0] if steps else date.min
        return PenaltyState.OVERLOOKED if self._is_ruled_since(since) else last

    def _is_ruled_since(self, day: date) -> bool:
        """Whether a ruling has been made on it on that day or later, be it for some items alone."""
        return any(
            each.of(PenaltyState.GRANTED, PenaltyState.REFUSED) and each.on.latest >= day
            for each in self.rulings
        )

    def before(self, item: str, *states: PenaltyState) -> PenaltyState:
        """Where an item stood before it came to one of these states."""
        earlier = [each.state for each in self._steps.get(item, ()) if each.state not in states]
        return earlier[-1] if earlier else PenaltyState.APPLIED

    def since(self, item: str, state: PenaltyState) -> EventDate | None:
        """The day from which an item stands so, when it does."""
        steps = self._steps.get(item)
        return steps[-1].on if steps and steps[-1].state is state else None

    def standing(self, *states: PenaltyState) -> tuple[str, ...]:
        """The items that stand so."""
        return tuple(item for item in self.items if self.state(item) in states)

    def holder(self, item: str) -> Holder | None:
        """Who has to carry an item out, apart from the court."""
        held = [each for each in self.holders if item in each.items]
        last = max(reversed(held), key=lambda each: (each.since.latest, each.since.earliest), default=None)
        return last if last is not None and last.name else None

    def __str__(self) -> str:
        when = f"{self.on}的" if self.on else "（日期不明的）"
        return f"{self.id} {when}申请（{'、'.join(self.items)}）"


class Applications:
    """The applications of a case, found by id, court's number, items, or by what waits for such an act."""

    def __init__(self) -> None:
        self.by_id: dict[str, Application] = {}

    def __iter__(self) -> Iterator[Application]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def add(self, on: EventDate | None, items: Iterable[str], fact: str) -> Application:
        """One more application."""
        application = Application(f"A{len(self.by_id) + 1}", on, tuple(items), fact)
        self.by_id[application.id] = application
        return application

    def of_item(self, item: str) -> Application | None:
        """The last application that asks for an item."""
        return next((each for each in reversed(self.by_id.values()) if item in each.items), None)

    def meant(
        self, reference: str, items: Iterable[str], waits: Callable[[Application], bool]
    ) -> Application | list[Problem]:
        """The application that an act of a court is about: the one that is named, that has its items, that waits for such an
        act, or the only one; else why that cannot be said. No problem and no application: none is known.
        """
        listing = "；".join(map(str, self.by_id.values()))
        if reference:
            found = [each for each in self if reference == each.id or reference in each.case_nos]
            if len(found) == 1:
                return found[0]
            return [
                Problem(
                    f"没有与“{reference}”对应的申请", f"可选：{listing or '无；' + _UNKNOWN}", "application"
                )
            ]
        among = list(self)
        for narrower in (_having(items), waits):
            among = [each for each in among if narrower(each)] or among
        if len(among) > 1:
            return [Problem("对应多次申请", f"请写明其一：{listing}", "application")]
        return among[0] if among else []


def _having(items: Iterable[str]) -> Callable[[Application], bool]:
    wanted = [each for each in items if each != ALL]
    return lambda application: bool(wanted) and all(each in application.items for each in wanted)


def before_application() -> list[Problem]:
    """A court cannot have acted before it was asked."""
    return [
        Problem(
            "尚未记录申请强制执行，法院不会有此行为", f"先记录申请（application_filed）；{_UNKNOWN}", "kind"
        )
    ]
