"""The cases of a campaign: thousands, each no more than its number and since when.

They are no ties (`models.links`): nothing is told to them one by one, and none of them tells of its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.errors import Problem
from models.numbering import CaseId
from models.terms import CaseKind

_LISTED = 5


@dataclass(slots=True)
class Attached:
    """Which cases belong to a campaign; of one that was detached, since when it does not."""

    own: str
    detached_on: dict[str, date | None] = field(default_factory=dict)

    @property
    def standing(self) -> tuple[str, ...]:
        """The cases that belong to it, in the order in which they were attached."""
        return tuple(case for case, detached_on in self.detached_on.items() if detached_on is None)

    def __contains__(self, case: str) -> bool:
        return case in self.detached_on and self.detached_on[case] is None

    def check(self, cases: Sequence[str]) -> list[Problem]:
        """Whether these can belong to a campaign at all."""
        foreign = [case for case in cases if not _is_countable(case)]
        if not foreign:
            return []
        return [
            Problem(
                f"不能挂接：{listing(foreign)}",
                "写本系统案件的编号，如 urging-350481-2026-0001；专项行动不能挂接专项行动",
                "cases" if len(cases) > 1 else "case",
            )
        ]

    def again(self, cases: Sequence[str]) -> list[Problem]:
        """Those that are attached already, or named twice."""
        times = Counter(cases)
        twice = [case for case in times if case in self or times[case] > 1]
        return [Problem(f"已挂接：{listing(twice)}", "删去已挂接或者重复的编号", "cases")] if twice else []

    def attach(self, case: str, on: date) -> bool:
        """Whether it was not attached before; a belated word of the time before it was detached does not bring it back."""
        detached_on = self.detached_on.get(case)
        if case in self or (detached_on is not None and on < detached_on):
            return False
        self.detached_on[case] = None
        return True

    def unknown(self, cases: Sequence[str]) -> list[Problem]:
        """Those that cannot be detached."""
        foreign = [case for case in dict.fromkeys(cases) if case not in self]
        return [Problem(f"没有挂接：{listing(foreign)}", "核对案件编号", "cases")] if foreign else []

    def detach(self, cases: Iterable[str], on: date) -> None:
        for case in cases:
            self.detached_on[case] = on


def listing(cases: Sequence[str]) -> str:
    """The first of many cases, and how many there are."""
    shown = "、".join(cases[:_LISTED])
    return f"{shown} 等{len(cases)}件" if len(cases) > _LISTED else shown


def _is_countable(case: str) -> bool:
    known = CaseId.parse(case)
    return known is not None and known.kind is not CaseKind.CAMPAIGN
