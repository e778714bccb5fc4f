"""The ties of one case to others (关联、转办、移送、另立), and what others must be told because of them.

A tie is kept on both sides. Neither waits for the other: a case is told, and goes on by itself; one that has closed is told
through the intake tray. What is still to be told or opened is read off the journal, under natural keys. One case is told one
thing after another: two tellings on their way at once could arrive in either order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from models.dates import EventDate, future
from models.errors import Problem
from models.facts import Fact
from models.messages import Opening
from models.numbering import CaseId
from models.said.bases import fitted
from models.said.disputes import DisputeReported
from models.said.links import (
    CaseLinked,
    CaseTold,
    CaseUnlinked,
    LinkCase,
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
    """What one other case is to this one, until it is untied (`untied` says why) or closes (`outcome`)."""

    case: str
    relation: Relation
    on: EventDate
    elsewhere: bool = False
    untied: str = ""
    outcome: str = ""

    @property
    def awaits_news(self) -> bool:
        """Whether that case is to hear that this one has closed; a campaign of thousands asks the registry instead."""
        known = CaseId.parse(self.case)
        counts_by_itself = known is not None and known.kind is CaseKind.CAMPAIGN
        return not (self.elsewhere or self.untied or self.outcome or counts_by_itself)


@dataclass(slots=True)
class Links:
    """The ties of one case."""

    own: str
    ties: dict[str, Tie] = field(default_factory=dict)
    to_open: dict[str, tuple[OpenLinked, date]] = field(default_factory=dict)
    to_tell: dict[str, list[Telling]] = field(default_factory=dict)
    """What each other case is to be told, in its order."""
    done: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, opening: Opening) -> Links:
        """The ties a case is opened with."""
        links = cls(opening.case)
        for link in opening.links:
            on = EventDate.on(opening.opened_on)
            tie = Tie(
                link.case, link.relation, on, elsewhere=link.elsewhere or CaseId.parse(link.case) is None
            )
            links.ties[link.case] = tie
            if not link.known:
                links._tell(tie, "linked/opening", on, CaseLinked, relation=link.relation.counterpart)
        return links

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

    def leave(self, case: str) -> None:
        """Leave a tie to the kind of case, which keeps it in its own way: it is no tie any more, and nobody is told."""
        del self.ties[case]
        self.to_tell.pop(case, None)

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
        tie = self.ties[decision.case] = Tie(
            decision.case, decision.relation, on, elsewhere=decision.elsewhere
        )
        self._tell(tie, f"linked/{decision.id}", on, CaseLinked, relation=tie.relation.counterpart)
        return f"关联 {decision.case}（{decision.relation.label}）"

    def check_unlink(self, decision: UnlinkCase, today: date) -> list[Problem]:
        tie = self.ties.get(decision.case)
        if tie is None or tie.untied:
            known = "、".join(each.case for each in self.standing()) or "无"
            return [Problem(f"没有关联案件“{decision.case}”", f"可选：{known}", "case")]
        return [] if decision.reason else [Problem("解除关联须写明理由", "填写 reason", "reason")]

    def take_unlink(self, decision: UnlinkCase, today: date) -> str:
        tie, on = self.ties[decision.case], EventDate.on(decision.on or today)
        tie.untied = decision.reason
        self._tell(tie, f"unlinked/{decision.id}", on, CaseUnlinked, note=decision.reason)
        return f"解除与 {decision.case} 的关联：{decision.reason}"

    def check_open(self, decision: OpenLinked, today: date) -> list[Problem]:
        if not decision.reason:
            return [Problem("另立案件须写明理由", "填写 reason", "reason")]
        return []

    def take_open(self, decision: OpenLinked, today: date) -> str:
        self.to_open[decision.id] = decision, decision.on or today
        return f"决定另立{decision.into.label}案件（{decision.relation.label}）：{decision.reason}"

    # what other cases and the activities say

    def check_linked(
        self, fact: CaseLinked | CaseUnlinked | LinkedCaseClosed | DisputeReported, today: date
    ) -> list[Problem]:
        return future(fact.on, today)

    def take_linked(self, fact: CaseLinked, today: date) -> str:
        tie = self.ties.get(fact.case)
        if tie is None or tie.untied:
            self.ties[fact.case] = Tie(fact.case, fact.relation, fact.on)
        return f"{fact.case} 与本案关联（{fact.relation.label}）"

    def take_unlinked(self, fact: CaseUnlinked, today: date) -> str:
        tie = self.ties.setdefault(fact.case, Tie(fact.case, Relation.RELATED, fact.on))
        tie.untied = tie.untied or fact.note or "对方解除"
        return f"{fact.case} 解除与本案的关联"

    def take_closed(self, fact: LinkedCaseClosed, today: date) -> str:
        tie = self.ties.setdefault(fact.case, Tie(fact.case, Relation.RELATED, fact.on))
        tie.outcome = fact.outcome or "办结"
        return f"关联案件 {fact.case} 于{fact.on}办结：{tie.outcome}"

    def take_opened(self, news: LinkedOpened, today: date) -> str:
        self.done[news.order] = news.case
        decision, on = self.to_open[news.order.partition("/")[2]]
        tie = Tie(news.case, decision.relation, EventDate.on(on))
        # A worker died before its report, and the new case spoke first: what it said stands.
        if heard := self.ties.get(news.case):
            tie.untied, tie.outcome = heard.untied, heard.outcome
        self.ties[news.case] = tie
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
        """What each other case is to be told next; of the closing, those that are tied to this one and have not closed."""
        for case in dict.fromkeys((*self.to_tell, *self.ties)):
            waiting = [each for each in self.to_tell.get(case, ()) if each.order not in self.done]
            if waiting:
                yield waiting[0]
                continue
            tie = self.ties.get(case)
            if closed_on and tie and tie.awaits_news:
                on, how = EventDate.on(closed_on), outcome.label if outcome else ""
                telling = self._telling(case, "closed", on, LinkedCaseClosed, outcome=how)
                if telling.order not in self.done:
                    yield telling

    def _tell(self, tie: Tie, why: str, on: EventDate, kind: type[Fact], **fields: object) -> None:
        if not tie.elsewhere:
            self.to_tell.setdefault(tie.case, []).append(self._telling(tie.case, why, on, kind, **fields))

    def told(
        self, what: str, to: str, on: EventDate, kind: type[Fact], **fields: object
    ) -> Iterator[Telling]:
        """A fact of its own that a kind of case tells another, unless it was told; `what` tells one from another."""
        telling = self._telling(to, what, on, kind, **fields)
        if telling.order not in self.done:
            yield telling

    def _telling(self, to: str, why: str, on: EventDate, kind: type[Fact], **fields: object) -> Telling:
        order = f"{why}/{to}"
        said = {"id": fitted(f"{self.own}/{order}"), "on": on, "by": US, "case": self.own, **fields}
        return Telling(order=order, case=self.own, to=to, fact=kind.model_validate(said))
