"""What a published case says must be put right, and what it says has been: items and their milestones.

An item is entered when a penalty names the duty, or when an event first says that something has been done. It has the milestones
that the case's own events speak of, so that a source which tells of a demolition and no more does not leave the item open; but a
decision alone completes none. What was done in part only moves none: it is kept in the timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.dates import EventDate
from models.decisions import AddItem, Decision
from models.facts import Fact, ItemProgressed
from models.terms import Milestone
from models.wire import Item
from starter.rehearsing import notes, words
from starter.rehearsing.outbox import CLERK, DRAFTER
from starter.rehearsing.published import PublishedEvent


@dataclass(slots=True)
class _Entered:
    id: str
    milestones: tuple[Milestone, ...]
    passed: dict[Milestone, bool] = field(default_factory=dict)


class Items:
    """The items of a case, while its events are gone through in the order of play."""

    def __init__(self, events: Sequence[PublishedEvent]) -> None:
        self._entered: dict[str, _Entered] = {}
        self._spoken_of: dict[str, tuple[Milestone, ...]] = {}
        for event in events:
            if event.word in words.PROGRESS:
                key, milestone = words.PROGRESS[event.word]
                known = self._spoken_of.get(key, ())
                self._spoken_of[key] = known if milestone in known else (*known, milestone)
        for key, known in self._spoken_of.items():
            deeds = (words.DEEDS[each] for each in known if each in words.DEEDS)
            self._spoken_of[key] = tuple(dict.fromkeys((*known, *deeds)))

    @property
    def any_entered(self) -> bool:
        return bool(self._entered)

    def knows(self, event: PublishedEvent) -> bool:
        """Whether the item that an event moves has been entered; a closed case takes no new one."""
        return words.PROGRESS[event.word][0] in self._entered

    def oblige(self, event: PublishedEvent) -> list[Fact | Decision]:
        """Enter what a penalty obliges to; nothing when its words name no duty, or only known ones."""
        messages: list[Fact | Decision] = []
        for pattern, key, milestone in words.DUTIES:
            if pattern.search(event.note) and key not in self._entered:
                messages.append(self._enter(key, event, self._spoken_of.get(key, (milestone,))))
        return messages

    def progress(self, event: PublishedEvent, *, passed: bool | None = None) -> list[Fact | Decision]:
        """Enter that a milestone was passed, or that what was right is so no longer; unless told, its note says which."""
        key, milestone = words.PROGRESS[event.word]
        if passed is None:
            passed = not notes.tells_failure(event.note) or milestone is not Milestone.ACCEPTED
            if milestone is not Milestone.ACCEPTED and notes.is_part_only(key, event.note):
                return []
        return self._progress(event, key, milestone, passed=passed)

    def verify(self, event: PublishedEvent) -> list[Fact | Decision]:
        """Enter what a closing says was put right, where the source tells of nothing else to show it by."""
        return self._progress(event, "putting_right", Milestone.ACCEPTED, passed=True)

    def _progress(
        self, event: PublishedEvent, key: str, milestone: Milestone, *, passed: bool
    ) -> list[Fact | Decision]:
        messages: list[Fact | Decision] = []
        if key not in self._entered:
            messages.append(self._enter(key, event, self._spoken_of.get(key, (milestone,))))
        item = self._entered[key]
        item.passed[milestone] = passed
        messages.append(self._step(event, item.id, milestone, event.on, event.note, passed=passed))
        return messages

    def complete(self, event: PublishedEvent) -> list[Fact | Decision]:
        """What a closing as put right takes to be done though its source gives no day for it: on the closing's last day, which
        is after whatever else the source tells.
        """
        note, on = "来源未另载日期，结案时认定", EventDate.on(event.on.latest)
        messages: list[Fact | Decision] = []
        for item in self._entered.values():
            for milestone in item.milestones:
                if not item.passed.get(milestone, False):
                    item.passed[milestone] = True
                    messages.append(self._step(event, item.id, milestone, on, note, passed=True))
        return messages

    def _enter(self, key: str, event: PublishedEvent, milestones: tuple[Milestone, ...]) -> AddItem:
        kind, what = words.ITEMS[key]
        item = _Entered(f"S{len(self._entered) + 1}", milestones)
        self._entered[key] = item
        return AddItem(
            id=f"E{event.number}-item-{item.id}",
            by=DRAFTER,
            item=Item(id=item.id, what=f"{what}（{event.note}）"[:500], kind=kind, milestones=milestones),
        )

    def _step(
        self,
        event: PublishedEvent,
        item: str,
        milestone: Milestone,
        on: EventDate,
        note: str,
        *,
        passed: bool,
    ) -> ItemProgressed:
        return ItemProgressed(
            id=f"E{event.number}-{item}-{milestone.value}",
            on=on,
            by=CLERK,
            note=note,
            item=item,
            milestone=milestone,
            passed=passed,
        )
