"""What is made of a clue that was handed to us: signed for, reviewed; taken, returned with reasons, or forwarded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from models.dates import EventDate, future
from models.errors import Problem
from models.ledgers import Deadlines
from models.links import Links
from models.said.clues import (
    ClueReceived,
    ClueTerms,
    CompetenceDesignated,
    ForwardClue,
    ReturnClue,
    ReviewClue,
    TakeClue,
)
from models.said.links import OpenLinked
from models.terms import CaseKind, ClueDirection, Relation

REVIEW = "local.clue_review"

# 采纳(转A/B/C): what a clue can become, and what the new case then is to it.
INTO = (CaseKind.URGING, CaseKind.ENFORCEMENT, CaseKind.PUBLIC_INTEREST)
OPENED_AS = (Relation.CONVERTED_INTO, Relation.CHILD)

NO_BOUNCING = Problem(
    "受移送的检察院不得把线索退回原移送的检察院（[公规]26）",
    "认为不属于本院管辖的，报告上级检察院（forward_clue，upward: true）",
    "kind",
)


@dataclass(frozen=True, slots=True)
class Sides:
    """Who hands a clue to whom, seen from the procuratorate whose case it is (`own`); perhaps its superior does (上级交办)."""

    own: str
    terms: ClueTerms
    is_from_superior: bool = False

    @property
    def is_between(self) -> bool:
        """Whether both sides are procuratorates: then [公规]26 binds the receiver."""
        return self.terms.direction is ClueDirection.BETWEEN_PROCURATORATES

    @property
    def comes_in(self) -> bool:
        """Whether it is handed to us, and not by us."""
        if self.is_between:
            return self.terms.sender != self.own
        return self.terms.direction is ClueDirection.BUREAU_TO_PROCURATORATE

    @property
    def sender(self) -> str:
        return self.terms.sender or ("" if self.comes_in else self.own)

    @property
    def receiver(self) -> str:
        return self.terms.receiver or (self.own if self.comes_in else "")

    def problems(self) -> list[Problem]:
        """What is wrong with them; of the two only the other side must be named."""
        problems = []
        if not self.sender:
            problems.append(Problem("没有写明移送单位", "填写 sender", "sender"))
        if not self.receiver:
            problems.append(Problem("没有写明接收单位", "填写 receiver", "receiver"))
        if problems:
            return problems
        if self.sender == self.receiver:
            return [Problem(f"移送单位与接收单位都是{self.sender}", "核对 sender、receiver", "receiver")]
        field, ours = ("receiver", self.receiver) if self.comes_in else ("sender", self.sender)
        if ours == self.own:
            return []
        what = (
            f"{self.terms.direction.label}，{'接收' if self.comes_in else '移送'}单位应是本院（{self.own}）"
        )
        return [Problem(what, "核对 sender、receiver、direction", field)]


class Handling:
    """One clue in the hands of its receiver; `owe` is called when its sender is to be told."""

    def __init__(
        self, sides: Sides, deadlines: Deadlines, links: Links, owe: Callable[[EventDate, str], None]
    ) -> None:
        self.sides, self.deadlines, self.links, self.owe = sides, deadlines, links, owe
        self.received: ClueReceived | None = None
        self.review: ReviewClue | None = None
        self.takings: list[str] = []
        self.returned: ReturnClue | None = None
        self.forwardings: list[ForwardClue] = []
        self.designated: CompetenceDesignated | None = None

    @property
    def has_case(self) -> bool:
        """Whether a case is opened, or being opened, from it; one that could not be opened does not count."""
        return any(self.links.done.get(f"open/{id}") != "failed" for id in self.takings)

    @property
    def is_disposed_of(self) -> bool:
        """Whether it was taken, returned or forwarded."""
        return self.has_case or self.returned is not None or bool(self.forwardings)

    def _in_hand(self) -> list[Problem]:
        """What stands against deciding anything upon it."""
        if not self.sides.comes_in:
            return [Problem("本案线索由本院移送，由接收单位审查", "记录其回复（reply_received）", "kind")]
        if self.received is None:
            return [Problem("线索尚未签收", "先记录签收（clue_received）", "kind")]
        if self.returned:
            return [Problem("线索已退回", "补充后再移送的，另立线索案并关联本案（reopens）", "kind")]
        return []

    def _dispose(self, on: date, by: str) -> None:
        self.deadlines.meet(f"case/{REVIEW}", EventDate.on(on), by)

    # reviewed

    def check_review(self, decision: ReviewClue, today: date) -> list[Problem]:
        problems = self._in_hand()
        if not problems and (self.review or self.is_disposed_of):
            problems.append(Problem("线索已在审查，或者已审查完毕", "不必重复", "kind"))
        if decision.review_by and decision.review_by < (decision.on or today):
            problems.append(Problem(f"审查日期 {decision.review_by} 不在今后", "填写将来的日期", "review_by"))
        return problems

    def take_review(self, decision: ReviewClue, today: date) -> str:
        self.review = decision
        on = EventDate.on(decision.on or today)
        self.deadlines.start(REVIEW, on, decision.id, fixed_on=decision.review_by)
        until = f"，{decision.review_by}前审查完毕" if decision.review_by else ""
        return f"{on}开始审查线索{until}"

    # taken

    def check_take(self, decision: TakeClue, today: date) -> list[Problem]:
        problems = self._in_hand()
        if decision.into not in INTO:
            can = "、".join(f"{each.value}（{each.label}）" for each in INTO)
            problems.append(Problem(f"线索不立为“{decision.into.label}”案件", f"可选：{can}", "into"))
        if decision.relation not in OPENED_AS:
            can = "、".join(f"{each.value}（{each.label}）" for each in OPENED_AS)
            problems.append(
                Problem(f"新案不能是本案的“{decision.relation.label}”", f"可选：{can}", "relation")
            )
        if self.has_case and decision.relation is not Relation.CHILD:
            problems.append(
                Problem("线索已采纳立案", "一条线索立多案的，relation 写 child（所属案件）", "kind")
            )
        if self.designated and not self.is_designated_here:
            problems.append(self._elsewhere(self.designated))
        elif self.forwardings and not self.is_designated_here:
            problems.append(Problem("线索已移送他院", "上级指定本院管辖后再采纳", "kind"))
        if not decision.reason:
            problems.append(Problem("采纳线索须写明理由", "填写 reason", "reason"))
        return problems

    def take_take(self, decision: TakeClue, today: date) -> str:
        on = decision.on or today
        self.takings.append(decision.id)
        self._dispose(on, decision.id)
        order = OpenLinked(
            id=decision.id,
            by=decision.by,
            on=on,
            reason=decision.reason,
            relation=decision.relation,
            into=decision.into,
            title=decision.title,
            matter=decision.matter,
            handler=decision.handler,
        )
        self.links.take_open(order, on)
        return f"{on}采纳线索，立为{decision.into.label}案件：{decision.reason}"

    # returned

    def check_return(self, decision: ReturnClue, today: date) -> list[Problem]:
        if self.sides.comes_in and self.sides.is_between:
            return [NO_BOUNCING]
        problems = self._in_hand()
        if not problems and self.is_disposed_of:
            problems.append(Problem("线索已采纳或者移送", "不能再退回", "kind"))
        if not decision.reason:
            problems.append(Problem("退回线索须说明理由", "填写 reason", "reason"))
        return problems

    def take_return(self, decision: ReturnClue, today: date) -> str:
        on = decision.on or today
        self.returned = decision
        self._dispose(on, decision.id)
        self.owe(EventDate.on(on), decision.id)
        wanting = f"，须补充：{'、'.join(decision.wanting)}" if decision.wanting else ""
        return f"{on}退回线索：{decision.reason}{wanting}；应制发线索退回说明"

    # forwarded

    @property
    def is_designated_here(self) -> bool:
        return self.designated is not None and self.designated.competent == self.sides.own

    def _elsewhere(self, designated: CompetenceDesignated) -> Problem:
        other = designated.competent
        return Problem(f"上级已指定{other}管辖", f"移送{other}（forward_clue）", "kind")

    def check_forward(self, decision: ForwardClue, today: date) -> list[Problem]:
        problems = self._in_hand()
        if self.has_case:
            problems.append(Problem("线索已采纳立案", "在新案里移送", "kind"))
        if decision.to == self.sides.own:
            problems.append(Problem("不能移送给本院", "填写有管辖权的检察院", "to"))
        elif decision.to == self.sides.sender and not (decision.upward and self.sides.is_from_superior):
            back = Problem("那是移送单位", "退回用 return_clue", "to")
            problems.append(NO_BOUNCING if self.sides.is_between else back)
        elif self.is_designated_here:
            problems.append(Problem("上级已指定本院管辖", "采纳（take_clue）", "kind"))
        elif self.designated and self.designated.competent != decision.to:
            problems.append(self._elsewhere(self.designated))
        elif self.sides.is_between and not decision.upward and self.designated is None:
            # [公规]26: neither back to where it came from nor, by oneself, on to another.
            what = "检察院移送来的线索，不得自行移送其他检察院（[公规]26）"
            problems.append(Problem(what, "报告上级检察院（upward: true），由其指定管辖", "upward"))
        if any(each.to == decision.to for each in self.forwardings):
            problems.append(Problem(f"已移送{decision.to}", "不必重复移送", "to"))
        if not decision.reason:
            problems.append(Problem("移送他院须写明理由", "填写 reason", "reason"))
        return problems

    def take_forward(self, decision: ForwardClue, today: date) -> str:
        on = decision.on or today
        self.forwardings.append(decision)
        self._dispose(on, decision.id)
        self.owe(EventDate.on(on), decision.id)
        if decision.county:
            order = OpenLinked(
                id=decision.id,
                by=decision.by,
                on=on,
                reason=decision.reason,
                relation=Relation.TRANSFERRED_TO,
                into=CaseKind.CLUE,
                county=decision.county,
                procuratorate=decision.to,
            )
            self.links.take_open(order, on)
        return f"{on}线索{'报告' if decision.upward else '移送'}{decision.to}：{decision.reason}"

    def check_designated(self, fact: CompetenceDesignated, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        if not any(each.upward for each in self.forwardings):
            problems.append(Problem("尚未就管辖报告上级", "先报告（forward_clue，upward: true）", "kind"))
        elif self.designated:
            problems.append(Problem("指定管辖已记录", "有误的，更正（correct）", "kind"))
        return problems

    def take_designated(self, fact: CompetenceDesignated, today: date) -> str:
        self.designated = fact
        return f"{fact.on}{fact.superior}指定{fact.competent}管辖"
