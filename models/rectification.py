"""What must be put right: items with milestones of their own, and promises made in replies (整改事项、承诺).

Demolished is not re-cultivated: each milestone is proved by itself, and an acceptance that fails sends the item back.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field

from models.bags import PaperRef
from models.dates import EventDate
from models.messages import Item, ItemProgressed, Promise
from models.terms import ItemState, Milestone


@dataclass(slots=True)
class Rectification:
    """One item and how far it has come."""

    item: Item
    course: list[ItemProgressed] = field(default_factory=list)
    passed: dict[Milestone, EventDate] = field(default_factory=dict)
    proofs: list[PaperRef] = field(default_factory=list)
    failed: list[Milestone] = field(default_factory=list)

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """The milestones to pass, in order: the item's own, else its kind's."""
        return self.item.milestones or self.item.kind.milestones

    @property
    def state(self) -> ItemState:
        """How far it has come."""
        if all(milestone in self.passed for milestone in self.milestones):
            return ItemState.DONE
        if self.failed:
            return ItemState.REOPENED
        return ItemState.UNDER_WAY if self.passed else ItemState.OPEN

    @property
    def next_milestone(self) -> Milestone | None:
        """The first milestone not yet passed."""
        return next((each for each in self.milestones if each not in self.passed), None)

    def progress(self, fact: ItemProgressed) -> str:
        """Enter a milestone passed, or failed; the course follows the days of the facts, not the order of their entry."""
        if fact.paper:
            self.proofs.append(fact.paper)
        insort(self.course, fact, key=lambda each: (each.on.earliest, each.on.latest))
        self.passed, self.failed = {}, []
        for each in self.course:
            self._replay(each)
        if fact.passed:
            return f"事项 {self.item.id}：{fact.milestone.label}完成，{self.state.label}"
        return f"事项 {self.item.id}：{fact.milestone.label}未通过，须重做"

    def _replay(self, fact: ItemProgressed) -> None:
        """A failed milestone takes the one before it along: the work that did not pass is to be done again."""
        if fact.passed:
            self.passed[fact.milestone] = fact.on
            if fact.milestone in self.failed:
                self.failed.remove(fact.milestone)
            return
        place = self.milestones.index(fact.milestone)
        for later in self.milestones[max(place - 1, 0) :]:
            self.passed.pop(later, None)
        if fact.milestone not in self.failed:
            self.failed.append(fact.milestone)


@dataclass(slots=True)
class Undertaking:
    """A promise made in a reply, and whether it was kept."""

    id: str
    letter: str
    promise: Promise
    kept_on: EventDate | None = None
