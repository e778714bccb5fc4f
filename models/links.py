"""The ties of one case to others (关联、转办、移送、另立), and what others must be told because of them.

A tie is kept on both sides. Neither waits for the other: a case is told, and goes on by itself; one that has closed is told
through the intake tray. What is still to be told or opened is read off the journal, under natural keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from models.dates import EventDate, future
from models.errors import Problem
from models.facts import Fact
from models.messages import Link, Opening
from models.numbering import CaseId
from models.said.links import (
    CaseLinked,
    CaseTold,
    CaseUnlinked,
    LinkCase,
    LinkDecision,
    LinkedCaseClosed,
    LinkedOpened,
    LinkFailed,
    OpenLinked,
    UnlinkCase,
)
from models.terms import CaseKind, Outcome, Relation, Role
from models.wire import Person, Wire

US = Person(name="系统", role=Role.SYSTEM)


class Telling(Wire):
    """A fact that another case must be told; `order` is its natural key in the case that tells it."""

    order: str
    case: str
    to: str
    fact: Fact


@dataclass(slots=True)
class Tie:
    """What one other case is to this one; `tells` when this side entered it, so that the other must be told."""

    case: str
    relation: Relation
    on: EventDate
    elsewhere: bool = False
    tells: bool = False
    by: str = ""
    untied: str = ""
    outcome: str = ""


@dataclass(slots=True)
class Links:
    """The ties of one case."""

    own: str
    ties: dict[str, Tie] = field(default_factory=dict)
    to_open: dict[str, tuple[OpenLinked, date]] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, opening: Opening) -> Links:
        """The ties a case is opened with."""
        links = cls(opening.case)
        for link in opening.links:
            links.ties[link.case] = links._tie(link, EventDate.on(opening.opened_on))
        return links

    def _tie(self, link: Link, on: EventDate) -> Tie:
        elsewhere = link.elsewhere or CaseId.parse(link.case) is None
        return Tie(link.case, link.relation, on, elsewhere, tells=not link.known, by="opening")

    def standing(self, *relations: Relation) -> list[Tie]:
        """The ties that stand, of these relations (of any, unless said)."""
        return [
            each
            for each in self.ties.values()
            if not each.untied and (not relations or each.relation in relations)
        ]

    @property
    def is_opening(self) -> bool:
        """Whether another case is being opened from this one."""
        return any(f"open/{id}" not in self.done for id in self.to_open)

    # decisions

    def check_link(self, decision: LinkCase, today: date) -> list[Problem]:
        if decision.case == self.own:
            return [Problem("案件不能关联自己", "填写另一案件的编号", "case")]
        if not decision.elsewhere and CaseId.parse(decision.case) is None:
            return [
                Problem(
                    f"“{decision.case}”不是本系统的案件编号",
                    "写作 urging-350481-2026-0001；其他系统的案件写 elsewhere: true",
                    "case",
                )
            ]
        tie = self.ties.get(decision.case)
        if tie is not None and not tie.untied:
            if (
                tie.relation in (Relation.PARENT, Relation.CHILD)
                and decision.relation is tie.relation.counterpart
            ):
                return [
                    Problem(
                        f"{decision.case} 已是本案的{tie.relation.label}，不能循环关联", "先解除关联", "case"
                    )
                ]
            return [Problem(f"{decision.case} 已关联（{tie.relation.label}）", "不必重复关联", "case")]
        return []

    def take_link(self, decision: LinkCase, today: date) -> str:
        on = EventDate.on(decision.on or today)
        self.ties[decision.case] = Tie(
            decision.case,
            decision.relation,
            on,
            decision.elsewhere,
            tells=not decision.elsewhere,
            by=decision.id,
        )
        return f"关联 {decision.case}（{decision.relation.label}）"

    def check_unlink(self, decision: UnlinkCase, today: date) -> list[Problem]:
        tie = self.ties.get(decision.case)
        if tie is None or tie.untied:
            known = "、".join(each.case for each in self.standing()) or "无"
            return [Problem(f"没有关联案件“{decision.case}”", f"可选：{known}", "case")]
        return [] if decision.reason else [Problem("解除关联须写明理由", "填写 reason", "reason")]

    def take_unlink(self, decision: UnlinkCase, today: date) -> str:
        tie = self.ties[decision.case]
        tie.untied, tie.tells, tie.by = decision.reason, not tie.elsewhere, decision.id
        return f"解除与 {decision.case} 的关联：{decision.reason}"

    def check_open(self, decision: OpenLinked, today: date) -> list[Problem]:
        if not decision.reason:
            return [Problem("另立案件须写明理由", "填写 reason", "reason")]
        return []

    def take_open(self, decision: OpenLinked, today: date) -> str:
        self.to_open[decision.id] = decision, decision.on or today
        return f"决定另立{decision.into.label}案件（{decision.relation.label}）：{decision.reason}"

    # what other cases and the activities say

    def check_linked(self, fact: CaseLinked | CaseUnlinked | LinkedCaseClosed, today: date) -> list[Problem]:
        return future(fact.on, today)

    def take_linked(self, fact: CaseLinked, today: date) -> str:
        tie = self.ties.get(fact.case)
        if tie is None or tie.untied:
            self.ties[fact.case] = Tie(fact.case, fact.relation, fact.on, by=fact.id)
        return f"{fact.case} 与本案关联（{fact.relation.label}）"

    def take_unlinked(self, fact: CaseUnlinked, today: date) -> str:
        tie = self.ties.get(fact.case)
        if tie is not None and not tie.untied:
            tie.untied, tie.tells = fact.note or "对方解除", False
        return f"{fact.case} 解除与本案的关联"

    def take_closed(self, fact: LinkedCaseClosed, today: date) -> str:
        tie = self.ties.setdefault(fact.case, Tie(fact.case, Relation.RELATED, fact.on, by=fact.id))
        tie.outcome = fact.outcome or "办结"
        return f"关联案件 {fact.case} 于{fact.on}办结：{tie.outcome}"

    def take_opened(self, news: LinkedOpened, today: date) -> str:
        self.done[news.order] = news.case
        decision, on = self.to_open[news.order.partition("/")[2]]
        self.ties[news.case] = Tie(news.case, decision.relation, EventDate.on(on), by=decision.id)
        return f"已另立 {news.case}（{decision.relation.label}）"

    def check_opened(self, news: LinkedOpened, today: date) -> list[Problem]:
        if news.order.partition("/")[2] in self.to_open:
            return []
        return [Problem(f"没有要另立的案件“{news.order}”", "请整理", "order")]

    def take_told(self, news: CaseTold, today: date) -> str:
        self.done[news.order] = news.how
        case = news.order.rpartition("/")[2]
        match news.how:
            case "told":
                return f"已告知 {case}"
            case "closed":
                return f"{case} 已办结归档，放入其收件匣"
            case _:
                return f"没有案件 {case}，未能告知；请核对案号"

    def take_failed(self, news: LinkFailed, today: date) -> str:
        self.done[news.order] = "failed"
        return f"事项（{news.order}）未能办理：{news.why}"

    # what is still to be told

    def tellings(self, closed_on: date | None, outcome: Outcome | None) -> Iterator[Telling]:
        """The facts that other cases have not been told yet."""
        for tie in self.ties.values():
            if tie.elsewhere:
                continue
            if tie.tells and tie.untied:
                yield from self.telling(f"unlinked/{tie.by}", tie.case, tie.on, CaseUnlinked, note=tie.untied)
            elif tie.tells:
                relation = tie.relation.counterpart
                yield from self.telling(f"linked/{tie.by}", tie.case, tie.on, CaseLinked, relation=relation)
            if closed_on and not tie.untied and not tie.outcome and not _counts_by_itself(tie.case):
                on, how = EventDate.on(closed_on), outcome.label if outcome else ""
                yield from self.telling("closed", tie.case, on, LinkedCaseClosed, outcome=how)

    def telling(
        self, what: str, to: str, on: EventDate, kind: type[Fact], **fields: object
    ) -> Iterator[Telling]:
        """What another case is to be told, unless it was; `what` tells apart what it is told more than once."""
        order = f"{what}/{to}"
        if order not in self.done:
            fact = kind.model_validate(
                {"id": f"{self.own}/{order}", "on": on, "by": US, "case": self.own, **fields}
            )
            yield Telling(order=order, case=self.own, to=to, fact=fact)


def _counts_by_itself(case: str) -> bool:
    """A campaign of thousands of cases is not told of each one's end: it asks the registry."""
    known = CaseId.parse(case)
    return known is not None and known.kind is CaseKind.CAMPAIGN


__all__ = ["LinkDecision", "Links", "Telling", "Tie"]
