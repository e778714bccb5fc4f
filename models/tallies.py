"""How far many cases have come, in numbers: what the registry is asked and when, and what its answers come to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.casefile import OwnOrder
from models.said.campaigns import ProgressCounted
from models.tasks import Task
from models.terms import Outcome
from models.wire import Wire

PUT_RIGHT = (Outcome.RECTIFIED, Outcome.ENFORCED)
"""The ends that a campaign counts as success without further question."""


class CountOrder(Wire):
    """Count these cases; `order` is the natural key in the case that asks."""

    order: str
    case: str
    cases: tuple[str, ...]


class Standing(NamedTuple):
    """So many cases that stand alike; `outcome` is empty while they are open."""

    outcome: str
    is_overdue: bool
    cases: int


def tally(asked: CountOrder, found: Iterable[Standing]) -> ProgressCounted:
    """The numbers of a campaign; cases that the registry does not know are attached and not opened."""
    opened = overdue = 0
    by_outcome: Counter[str] = Counter()
    for each in found:
        opened += each.cases
        overdue += each.cases if each.is_overdue else 0
        if each.outcome:
            by_outcome[each.outcome] += each.cases
    return ProgressCounted(
        id=f"{asked.order}/counted",
        order=asked.order,
        attached=len(asked.cases),
        opened=opened,
        closed=by_outcome.total(),
        overdue=overdue,
        put_right=sum(by_outcome[outcome.value] for outcome in PUT_RIGHT),
        by_outcome=dict(sorted(by_outcome.items())),
    )


@dataclass(slots=True)
class Progress:
    """What one case has asked of the registry, and the answers, each with the day on which it came."""

    case: str
    asked: dict[str, None] = field(default_factory=dict)
    counts: dict[str, tuple[date, ProgressCounted]] = field(default_factory=dict)

    def ask(self, what: str) -> None:
        """Have it counted, once for each `what`."""
        self.asked[f"count/{what}"] = None

    def of(self, what: str) -> tuple[date, ProgressCounted] | None:
        """The answer, once it is there."""
        return self.counts.get(f"count/{what}")

    @property
    def last(self) -> tuple[date, ProgressCounted] | None:
        """The latest answer."""
        return next(reversed(self.counts.values()), None)

    def take(self, news: ProgressCounted, today: date) -> str:
        self.counts[news.order] = today, news
        return f"进度汇总：{'，'.join(numbers(news))}"

    def awaited(self, done: Container[str]) -> list[str]:
        """What is still to be counted; `done` holds what could not be."""
        return [order for order in self.asked if order not in self.counts and order not in done]

    def orders(self, cases: tuple[str, ...], done: Container[str]) -> Iterator[OwnOrder]:
        for order in self.awaited(done):
            asked = CountOrder(order=order, case=self.case, cases=cases)
            yield OwnOrder(order, Task.COUNT_CASES.value, asked, ProgressCounted, "汇总挂接案件的进度")


def numbers(counted: ProgressCounted) -> tuple[str, ...]:
    """What a count says, in words."""
    ends = "、".join(f"{Outcome(value).label}{cases}件" for value, cases in counted.by_outcome.items())
    return (
        f"挂接{counted.attached}件",
        f"立案{counted.opened}件",
        f"办结{counted.closed}件{f'（{ends}）' if ends else ''}",
        f"整改到位、执行完毕{counted.put_right}件",
        f"逾期未回复{counted.overdue}件",
    )
