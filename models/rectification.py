"""What must be put right or done: items with milestones of their own, and promises made in replies (事项、任务、承诺).

Demolished is not re-cultivated: each milestone is proved by itself, and an acceptance that fails sends the item back.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from models.bags import PaperRef
from models.calendar import LATEST_START
from models.dates import EventDate, future
from models.decisions import AddItem, DropItem
from models.errors import Problem
from models.facts import ItemProgressed, PromiseKept, ReplyReceived
from models.ledgers import Deadlines
from models.letters import Letter
from models.terms import ItemKind, ItemState, Milestone
from models.wire import Item, Promise

PROMISE = "local.promise"
TASK = "local.task"
_TASKS = (ItemKind.TASK, ItemKind.RECOMMENDATION)


@dataclass(slots=True)
class Rectification:
    """One item and how far it has come."""

    item: Item
    course: list[ItemProgressed] = field(default_factory=list)
    passed: dict[Milestone, EventDate] = field(default_factory=dict)
    proofs: list[PaperRef] = field(default_factory=list)
    failed: list[Milestone] = field(default_factory=list)
    dropped: str = ""

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """The milestones to pass, in order: the item's own, else its kind's."""
        return self.item.milestones or self.item.kind.milestones

    @property
    def state(self) -> ItemState:
        """How far it has come."""
        if self.dropped:
            return ItemState.DROPPED
        if all(milestone in self.passed for milestone in self.milestones):
            return ItemState.DONE
        if self.failed:
            return ItemState.REOPENED
        return ItemState.UNDER_WAY if self.passed else ItemState.OPEN

    @property
    def is_open(self) -> bool:
        """Whether it is still to be put right."""
        return self.state not in (ItemState.DONE, ItemState.DROPPED)

    @property
    def next_milestone(self) -> Milestone | None:
        """The first milestone not yet passed; None when nothing more is asked."""
        if self.dropped:
            return None
        return next((each for each in self.milestones if each not in self.passed), None)

    @property
    def lacking(self) -> str:
        """The item and the milestones that it has not passed, in words: 地块一（还差种植、验收）."""
        steps = "、".join(each.label for each in self.milestones if each not in self.passed)
        return f"{self.item.id}（还差{steps}）"

    def progress(self, fact: ItemProgressed) -> str:
        """Enter a milestone passed, or failed; the course follows the days of the facts, not the order of their entry."""
        if fact.paper:
            self.proofs.append(fact.paper)
        insort(self.course, fact, key=lambda each: (each.on.earliest, each.on.latest))
        self.passed, self.failed = {}, []
        for each in self.course:
            self._replay(each)
        if fact.passed:
            step = "" if fact.milestone is Milestone.DONE else f"{fact.milestone.label}完成"
            whole = "事项完成" if self.state is ItemState.DONE else ""
            return f"事项 {self.item.id}：{'，'.join(part for part in (step, whole) if part) or '完成'}"
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


class PuttingRight:
    """The items and promises of one case."""

    def __init__(self, deadlines: Deadlines, items: Sequence[Item], opened_on: date) -> None:
        self.deadlines = deadlines
        self.items: dict[str, Rectification] = {}
        self.undertakings: dict[str, Undertaking] = {}
        for item in items:
            self.enter(item, EventDate.on(opened_on), "opening")

    @property
    def open_items(self) -> list[Rectification]:
        """The items still to be put right."""
        return [each for each in self.items.values() if each.is_open]

    def _known(self, item: str) -> list[Problem]:
        if item in self.items:
            return []
        return [Problem(f"没有事项“{item}”", f"可选：{'、'.join(self.items) or '无'}", "item")]

    def check_add(self, decision: AddItem, today: date) -> list[Problem]:
        if decision.item.id in self.items:
            return [Problem(f"事项 {decision.item.id} 已有", "换一个编号", "item.id")]
        due_on = decision.item.due_on
        if due_on and not (decision.on or today) <= due_on <= LATEST_START:
            return [Problem(f"完成日期 {due_on} 不在今后", "填写将来的日期", "item.due_on")]
        return []

    def take_add(self, decision: AddItem, today: date) -> str:
        item = decision.item
        self.enter(item, EventDate.on(decision.on or today), decision.id)
        if item.kind not in _TASKS and not item.owner:
            return f"增列整改事项 {item.id}：{item.what}"
        until = f"，{item.due_on}前完成" if item.due_on else ""
        return f"确定{item.kind.label} {item.id}：{item.what}（{item.owner or '未定责任人'}{until}）"

    def enter(self, item: Item, on: EventDate, by: str) -> None:
        """Put one more item on the list; with a day it is watched."""
        self.items[item.id] = Rectification(item)
        if item.due_on:
            key = f"{item.id}/{TASK}"
            self.deadlines.start(TASK, on, by, party=item.owner, fixed_on=item.due_on, key=key)

    def free_id(self, word: str) -> str:
        """The first that no item has yet, of 建议1, 建议2 …"""
        number = 1
        while f"{word}{number}" in self.items:
            number += 1
        return f"{word}{number}"

    def check_drop(self, decision: DropItem, today: date) -> list[Problem]:
        problems = self._known(decision.item)
        if not problems and not self.items[decision.item].is_open:
            state = self.items[decision.item].state.label
            problems.append(Problem(f"事项 {decision.item} {state}", "不必再作此决定", "item"))
        if not decision.reason:
            problems.append(Problem("不再要求整改须写明理由", "填写 reason", "reason"))
        return problems

    def take_drop(self, decision: DropItem, today: date) -> str:
        self.items[decision.item].dropped = decision.reason
        self.deadlines.end_key(f"{decision.item}/{TASK}", "不再要求")
        return f"事项 {decision.item} 不再要求整改：{decision.reason}"

    def check_progress(self, fact: ItemProgressed, today: date) -> list[Problem]:
        problems = self._known(fact.item)
        if problems:
            return problems
        known = self.items[fact.item]
        problems = future(fact.on, today)
        if fact.milestone not in known.milestones:
            steps = "、".join(each.label for each in known.milestones)
            problems.append(
                Problem(f"事项 {fact.item} 没有“{fact.milestone.label}”这一步", f"可选：{steps}", "milestone")
            )
        return problems

    def take_progress(self, fact: ItemProgressed, today: date) -> str:
        item = self.items[fact.item]
        sentence = item.progress(fact)
        if item.state is ItemState.DONE:
            last = max(item.passed.values(), key=lambda on: (on.latest, on.earliest))
            self.deadlines.meet(f"{fact.item}/{TASK}", last, fact.id)
        return sentence

    def take_promises(self, letter: Letter, fact: ReplyReceived) -> None:
        """Each promise of a reply is watched until its day."""
        for number, promise in enumerate(fact.promises, 1):
            name = f"{fact.id}#{number}"
            self.undertakings[name] = Undertaking(name, letter.id, promise)
            self.deadlines.start(
                PROMISE,
                fact.on,
                fact.id,
                letter=letter.id,
                party=letter.recipient.name,
                fixed_on=promise.by,
                key=f"{letter.id}/{PROMISE}/{name}",
            )

    def check_kept(self, fact: PromiseKept, today: date) -> list[Problem]:
        if fact.promise not in self.undertakings:
            known = "、".join(self.undertakings) or "无"
            return [Problem(f"没有承诺“{fact.promise}”", f"可选：{known}", "promise")]
        return future(fact.on, today)

    def take_kept(self, fact: PromiseKept, today: date) -> str:
        undertaking = self.undertakings[fact.promise]
        undertaking.kept_on = fact.on
        self.deadlines.meet(f"{undertaking.letter}/{PROMISE}/{undertaking.id}", fact.on, fact.id)
        return f"承诺“{undertaking.promise.what}”于{fact.on}兑现"
