"""What the script asks of a tie to another case, beyond what the case itself asks: a case knows of no other but by being told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from models.bodies import Jurisdiction
from models.errors import InputError, Problem
from models.kinds import FILES
from models.rows import LinkRow, Snapshot
from models.said.links import OpenLinked
from models.terms import BodyKind, Relation

CONVERSIONS = (Relation.CONVERTED_INTO, Relation.CONVERTED_FROM)


class Books(Protocol):
    """Where it is known which cases there are and were."""

    def known_case(self, case_id: str, *, key: str = "") -> bool:
        """Whether a case of this id exists or existed."""
        ...


class Registry(Protocol):
    """Where other cases are looked up."""

    def links(self, case: str) -> tuple[LinkRow, ...]:
        """The ties of a case that stand."""
        ...

    def snapshot(self, case: str) -> Snapshot | None:
        """A case as rows."""
        ...


class OtherCases:
    """The other cases of this site, as books and registry know them."""

    def __init__(self, books: Books, registry: Registry) -> None:
        self._books = books
        self._registry = registry

    def missing(self, case: str) -> list[Problem]:
        """That there is no such case."""
        if self._books.known_case(case):
            return []
        return [
            Problem(
                f"没有案件 {case}",
                "核对案件编号，mingjian list 可以查到；其他系统的案件写 elsewhere: true",
                "case",
            )
        ]

    def against(self, own: str, parents: Iterable[str], relation: Relation, case: str) -> list[Problem]:
        """What stands against a tie of a case (with these parents) to another of this site."""
        return self.missing(case) or [
            *self._converted(relation, case),
            *self._circle(own, parents, relation, case),
        ]

    def _converted(self, relation: Relation, case: str) -> list[Problem]:
        """A conversion moves the matter from one case on the desk to another: one that is closed can take part in none."""
        if relation not in CONVERSIONS:
            return []
        kept = self._registry.snapshot(case)
        if kept is None or kept.case.closed_on is None:
            return []
        return [
            Problem(
                f"{case} 已于{kept.case.closed_on}结案，不能与之转办",
                "有新情况的，另立新案（open_linked），或者以 reopens、related 关联",
                "case",
            )
        ]

    def _circle(self, own: str, parents: Iterable[str], relation: Relation, case: str) -> list[Problem]:
        """No case is, by whatever way, its own parent."""
        if relation is Relation.PARENT:
            way = self._way_up(case, own, self._parents(case))
        elif relation is Relation.CHILD:
            way = self._way_up(own, case, parents)
        else:
            return []
        if not way:
            return []
        return [
            Problem(
                f"{case} 不能作本案的{relation.label}：上下级关系成了循环（{' ← '.join(way)}）",
                "核对 relation，或先解除有误的关联（unlink_case）",
                "case",
            )
        ]

    def _parents(self, case: str) -> list[str]:
        return [row.other for row in self._registry.links(case) if row.relation == Relation.PARENT.value]

    def _way_up(self, bottom: str, top: str, parents: Iterable[str]) -> list[str]:
        """The cases from one up to another, each the parent of the one before; none when it does not lie above."""
        ways = [[bottom, parent] for parent in parents]
        seen = {bottom}
        while ways:
            way = ways.pop(0)
            if way[-1] == top:
                return way
            if way[-1] not in seen:
                seen.add(way[-1])
                ways += [[*way, parent] for parent in self._parents(way[-1])]
        return []


def against_opening_of(decision: OpenLinked, jurisdiction: Jurisdiction, county: str) -> list[Problem]:
    """What stands against opening such a case from one in a county: no program for it, or a place that is not ours."""
    problems = []
    if decision.into not in FILES:
        can = "、".join(f"{each.value}（{each.label}）" for each in FILES)
        problems.append(Problem(f"“{decision.into.label}”的办案流程尚未启用", f"可选：{can}", "into"))
    moved = decision.county not in ("", county)
    if moved and not jurisdiction.contains(decision.county):
        problems.append(
            Problem(
                f"{decision.county} 不在{jurisdiction.name}的辖区",
                "写本市或所属县、市、区的行政区划码；移送外地的用移送函",
                "county",
            )
        )
    if moved and not decision.procuratorate:
        problems.append(Problem("新案在另一县，须写明办案检察院", "填写 procuratorate", "procuratorate"))
    if decision.procuratorate:
        try:
            known = jurisdiction.body(decision.procuratorate).kind is BodyKind.PROCURATORATE
        except InputError as error:
            return problems + [Problem(each.what, each.remedy, "procuratorate") for each in error.problems]
        if not known:
            problems.append(
                Problem(f"{decision.procuratorate}不是人民检察院", "写办案的检察院", "procuratorate")
            )
    return problems
