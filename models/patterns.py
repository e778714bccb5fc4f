"""Patterns (类案线索): several like cases on one agency within a period, from which one 类案检察建议 could be made.

Article 3: 对自然资源局在履职过程中存在的系统性问题及明显监管漏洞，可发出类案检察建议. What follows only proposes: the
procurator decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.terms import Matter, Substance

LEAST = 3
"""From how many like cases on a pattern is proposed, unless staff ask for another number: a local choice."""


@dataclass(frozen=True, slots=True)
class LikeCase:
    """A case with one agency that it urges: what makes it like others, and how the agency met it.

    `agency` is the code of the body, or its name where it has none. `substances` are what its replies were worth, `urged` how
    often it was urged, `covered` whether a 类案检察建议 covers the case already.
    """

    case: str
    title: str
    county: str
    place: str
    matter: Matter
    agency: str
    agency_name: str
    opened_on: date
    is_overdue: bool
    substances: tuple[Substance, ...] = ()
    urged: int = 0
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """Like cases in the order of their days, and why they may show something systemic."""

    agency: str
    agency_name: str
    matter: Matter
    cases: tuple[LikeCase, ...]
    covered: int
    """How many more there are that a 类案检察建议 covers already."""

    @property
    def since(self) -> date:
        """The day on which the first was opened."""
        return self.cases[0].opened_on

    @property
    def until(self) -> date:
        """The day on which the last was opened."""
        return self.cases[-1].opened_on

    @property
    def span(self) -> str:
        """From the first to the last, in words."""
        return str(self.since) if self.since == self.until else f"{self.since}至{self.until}"

    @property
    def county(self) -> str:
        """The county of all of them; empty when they are of several."""
        counties = {each.county for each in self.cases}
        return counties.pop() if len(counties) == 1 else ""

    def reasons(self) -> list[str]:
        """Why they are proposed together, a sentence each."""
        found = [
            f"{self.span}立案 {len(self.cases)} 件，同为{self.matter.label}，督促对象同为{self.agency_name}"
        ]
        places = Counter(each.place for each in self.cases if each.place)
        again = [f"{place}（{count} 件）" for place, count in places.most_common() if count > 1]
        if again:
            found.append(f"同一地点再次发生：{'、'.join(again)}")
        if overdue := sum(each.is_overdue for each in self.cases):
            found.append(f"{overdue} 件逾期未复")
        worth = Counter(
            substance
            for each in self.cases
            for substance in dict.fromkeys(each.substances)
            if substance.opens_ladder
        )
        if worth:
            found.append(
                "经评估，"
                + "、".join(f"{count} 件{substance.label}" for substance, count in worth.most_common())
            )
        if urged := sum(each.urged > 0 for each in self.cases):
            found.append(f"{urged} 件制发后又经督促")
        if self.covered:
            found.append(f"另有 {self.covered} 件已为类案检察建议涵盖，未计入")
        return found


def patterns(cases: Iterable[LikeCase], *, least: int = LEAST) -> list[Pattern]:
    """Those who have the agency and the matter in common, from `least` on; the largest first.

    其他 is no matter to have in common. A case that stands twice (several letters to one agency) counts once.
    """
    alike: dict[tuple[str, Matter], dict[str, LikeCase]] = defaultdict(dict)
    for each in cases:
        if each.matter is not Matter.OTHER:
            alike[each.agency, each.matter][each.case] = each
    found = []
    for (agency, matter), theirs in alike.items():
        open_ones = sorted(
            (each for each in theirs.values() if not each.covered),
            key=lambda each: (each.opened_on, each.case),
        )
        if len(open_ones) >= least:
            name = open_ones[-1].agency_name
            found.append(Pattern(agency, name, matter, tuple(open_ones), len(theirs) - len(open_ones)))
    return sorted(found, key=lambda each: (-len(each.cases), each.agency, each.matter.value))
