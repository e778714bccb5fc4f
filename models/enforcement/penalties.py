"""The items of one penalty decision on the side of party and bureau: decided, served, demanded, fulfilled, deferred, appealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.dates import EventDate, future
from models.enforcement.penalty_windows import (
    CONFISCATED,
    DEFERRED,
    DEMAND,
    PAY,
    Penalty,
    Windows,
    whose,
)
from models.enforcement.readings import AFTER_REVIEW
from models.enforcement.terms import PenaltyKind, Remedy, RemedyResult
from models.errors import Problem
from models.ledgers import Deadlines
from models.said.enforcement import (
    ALL,
    ConfiscatedDisposed,
    DecisionServed,
    DemandServed,
    EnforcementTerms,
    PaymentDeferred,
    PenaltyCaseFiled,
    PenaltyDecided,
    PenaltyFulfilled,
    RemedyBegun,
    RemedyEnded,
)


class Penalties:
    """All items of one penalty decision, and the periods of party and bureau that hang on them."""

    def __init__(self, deadlines: Deadlines, terms: EnforcementTerms, party: str) -> None:
        self.deadlines = deadlines
        self.agency = terms.agency or "处罚机关"
        self.must_copy = terms.agency_is_bound
        """Whether article 4 binds the agency to copy its applications to us."""
        self.party = party or "当事人"
        self.number = terms.decision_no
        self.filed: PenaltyCaseFiled | None = None
        self.decided: PenaltyDecided | None = None
        self.served: DecisionServed | None = None
        self.by_id: dict[str, Penalty] = {}
        for item in terms.penalties:
            self.by_id.setdefault(item.id, Penalty(item))
        self.windows = Windows(deadlines, terms, party, self.by_id)

    # finding

    def open(self) -> list[Penalty]:
        """The items of which something is still owed."""
        return [each for each in self.by_id.values() if each.is_open]

    def owed(self, on: EventDate) -> list[Penalty]:
        """The items that were still owed on a day."""
        return [
            each
            for each in self.by_id.values()
            if not each.revoked and (each.fulfilled_on is None or each.fulfilled_on.latest > on.latest)
        ]

    def unknown(self, items: Iterable[str], name: str = "items") -> list[Problem]:
        """What is wrong with the ids of items that a message names."""
        missing = [each for each in dict.fromkeys(items) if each not in self.by_id and each != ALL]
        if not missing:
            return []
        known = "、".join(self.by_id) or "无；先记录处罚决定（penalty_decided）"
        return [Problem(f"没有处罚分项“{'、'.join(missing)}”", f"可选：{known}", name)]

    def named(self, items: Iterable[str]) -> list[Penalty]:
        """The items that a checked message names; none or 全部: all that are open."""
        named = [each for each in dict.fromkeys(items) if each != ALL]
        return [self.by_id[each] for each in named] if named else self.open()

    # the decision

    def check_filed(self, fact: PenaltyCaseFiled, today: date) -> list[Problem]:
        if self.filed is not None:
            return [Problem("行政处罚立案已记录", "记录有误的，更正（correct）", "kind")]
        return future(fact.on, today)

    def take_filed(self, fact: PenaltyCaseFiled, today: date) -> str:
        self.filed = fact
        self.deadlines.start("ag.decide", fact.on, fact.id, party=self.agency)
        if self.decided is not None:
            self.deadlines.meet("case/ag.decide", self.decided.on, self.decided.id)
        return f"{fact.on}{self.agency}立案查处"

    def check_decided(self, fact: PenaltyDecided, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        twice = [each.id for each in fact.penalties if each.id in self.by_id]
        if twice:
            problems.append(
                Problem(f"处罚分项“{'、'.join(twice)}”已有", "已列的不再写，新的换一个编号", "penalties")
            )
        if self.decided is not None and not fact.penalties:
            problems.append(Problem("处罚决定已记录", "记录有误的，更正（correct）", "kind"))
        return problems

    def take_decided(self, fact: PenaltyDecided, today: date) -> str:
        first, self.decided = self.decided is None, self.decided or fact
        self.number = fact.number or self.number
        for item in fact.penalties:
            self.by_id.setdefault(item.id, Penalty(item))
        if first:
            self.deadlines.meet("case/ag.decide", fact.on, fact.id)
            if not fact.served_at_once:
                self.deadlines.start("ag.serve", fact.on, fact.id, party=self.agency)
                if self.served is not None:
                    self.deadlines.meet("case/ag.serve", self.served.on, self.served.id)
        items = "、".join(map(str, self.by_id.values())) or "未列分项"
        return f"{fact.on}{self.agency}作出处罚决定{self.number}：{items}"

    def check_served(self, fact: DecisionServed, today: date) -> list[Problem]:
        problems = self.unknown(fact.items) + future(fact.on, today)
        if not self.by_id:
            problems.append(
                Problem("本案还没有处罚分项", "先记录处罚决定及其分项（penalty_decided）", "items")
            )
        elif not problems and not self._unserved(fact):
            problems.append(Problem("处罚决定的送达已记录", "记录有误的，更正（correct）", "items"))
        return problems

    def _unserved(self, fact: DecisionServed) -> list[Penalty]:
        meant = self.named(fact.items) if fact.items else list(self.by_id.values())
        return [each for each in meant if each.served_on is None]

    def take_served(self, fact: DecisionServed, today: date) -> str:
        self.served = self.served or fact
        self.deadlines.meet("case/ag.serve", fact.on, fact.id)
        for penalty in self._unserved(fact):
            penalty.served_on = fact.on
            self.windows.run_appeals(penalty, fact.id)
            if penalty.item.kind.is_payment and penalty.deferred_until is None:
                key = f"{penalty.id}/{PAY}"
                self.deadlines.start(PAY, fact.on, fact.id, key=key, party=whose(self.party, penalty))
                for paid in penalty.fulfilments:
                    if paid.whole:
                        self.deadlines.meet(key, paid.on, paid.id)
            if not penalty.is_open:
                self.windows.close(penalty, "已履行")
        return f"{fact.on}处罚决定送达{self.party}，各分项的复议、起诉期限起算"

    def check_deferred(self, fact: PaymentDeferred, today: date) -> list[Problem]:
        problems = self.unknown((fact.item,), "item") + future(fact.on, today)
        if not problems and not self.by_id[fact.item].item.kind.is_payment:
            problems.append(Problem(f"分项“{fact.item}”不是金钱给付", "只有罚款等可以延期、分期", "item"))
        if fact.until <= fact.on.earliest:
            problems.append(Problem(f"延期届满日 {fact.until} 不在准予之后", "请核对日期", "until"))
        return problems

    def take_deferred(self, fact: PaymentDeferred, today: date) -> str:
        penalty = self.by_id[fact.item]
        penalty.deferred_until = fact.until
        why = f"准予延期、分期至{fact.until}"
        self.deadlines.end_key(f"{penalty.id}/{PAY}", why)
        self.windows.defer(penalty, why)
        self.windows.open(penalty, DEFERRED, EventDate.on(fact.until), fact.id)
        return f"{penalty}：{fact.on}{why}，申请执行的期间自延期届满起算（[处罚]72）"

    # fulfilment

    def check_fulfilled(self, fact: PenaltyFulfilled, today: date) -> list[Problem]:
        problems = self.unknown(fact.items) + future(fact.on, today)
        if not self.by_id:
            problems = [Problem("本案还没有处罚分项", "先记录处罚决定及其分项（penalty_decided）", "items")]
        elif not problems:
            done = [each.id for each in self.named(fact.items) if each.fulfilled_on is not None]
            if done:
                problems.append(
                    Problem(f"分项“{'、'.join(done)}”已记录全部履行", "记录有误的，更正（correct）", "items")
                )
            elif not self.named(fact.items):
                problems.append(Problem("没有未履行的分项", "不必再记录", "items"))
        return problems

    def take_fulfilled(self, fact: PenaltyFulfilled, today: date) -> str:
        meant = self.named(fact.items)
        for penalty in meant:
            penalty.fulfilments.append(fact)
            if not fact.whole:
                continue
            for rule in (PAY, DEMAND):
                self.deadlines.meet(f"{penalty.id}/{rule}", fact.on, fact.id)
            self.windows.close(penalty, "已履行")
            if penalty.item.kind is PenaltyKind.CONFISCATION:
                key, party = f"{penalty.id}/{CONFISCATED}", whose(self.agency, penalty)
                self.deadlines.start(CONFISCATED, fact.on, fact.id, key=key, party=party)
                if penalty.disposed_on is not None:
                    self.deadlines.meet(key, penalty.disposed_on, fact.id)
        yuan = f"{fact.yuan:.2f}元" if fact.yuan is not None else ""
        how = "全部履行" if fact.whole else "部分履行"
        return f"{fact.on}{'、'.join(map(str, meant))}{how}{yuan}（{fact.enforcer.label}）"

    def check_disposed(self, fact: ConfiscatedDisposed, today: date) -> list[Problem]:
        problems = self.unknown((fact.item,), "item") + future(fact.on, today)
        if not problems and self.by_id[fact.item].item.kind is not PenaltyKind.CONFISCATION:
            problems.append(Problem(f"分项“{fact.item}”不是没收建筑物、设施", "核对分项", "item"))
        return problems

    def take_disposed(self, fact: ConfiscatedDisposed, today: date) -> str:
        penalty = self.by_id[fact.item]
        penalty.disposed_on = fact.on
        self.deadlines.meet(f"{penalty.id}/{CONFISCATED}", fact.on, fact.id)
        return f"{penalty}：{fact.on}没收物移交{fact.to or '处置'}"

    # the demand

    def check_demanded(self, fact: DemandServed, today: date) -> list[Problem]:
        problems = self.unknown(fact.items) + future(fact.on, today)
        if not problems and not self.named(fact.items):
            problems.append(
                Problem("没有可以催告的分项", "先记录处罚决定及其分项（penalty_decided）", "items")
            )
        return problems

    def take_demanded(self, fact: DemandServed, today: date) -> str:
        meant = self.named(fact.items)
        for penalty in meant:
            penalty.demanded_on = fact.on
            key = f"{penalty.id}/{DEMAND}"
            self.deadlines.start(DEMAND, fact.on, fact.id, key=key, party=whose(self.party, penalty))
            for each in penalty.fulfilments:
                if each.whole:
                    self.deadlines.meet(key, each.on, each.id)
        return f"{fact.on}催告书送达：{'、'.join(map(str, meant))}，满十个工作日仍不履行的可以申请执行"

    # reconsideration and suit by the party

    def check_begun(self, fact: RemedyBegun, today: date) -> list[Problem]:
        problems = self.unknown(fact.items) + future(fact.on, today)
        if not problems and not [each for each in self.named(fact.items) if not each.turned_against]:
            problems.append(
                Problem("没有可以复议、起诉的分项", "核对分项；已在复议、诉讼的不必重复", "items")
            )
        return problems

    def take_begun(self, fact: RemedyBegun, today: date) -> str:
        meant = [each for each in self.named(fact.items) if not each.turned_against]
        for penalty in meant:
            penalty.turned_against = fact.form
            self.windows.close(penalty, f"当事人已{fact.form.label}")
        return f"{fact.on}当事人{fact.form.label}：{'、'.join(map(str, meant))}，非诉执行程序停止（[行诉]45）"

    def check_ended(self, fact: RemedyEnded, today: date) -> list[Problem]:
        problems = self.unknown(fact.items) + future(fact.on, today)
        if not problems and not self._turned(fact):
            problems.append(
                Problem(f"没有进行中的{fact.form.label}", "先记录当事人复议或者起诉（remedy_begun）", "form")
            )
        return problems

    def _turned(self, fact: RemedyEnded) -> list[Penalty]:
        meant = [self.by_id[each] for each in fact.items if each != ALL] or list(self.by_id.values())
        return [each for each in meant if each.turned_against is fact.form]

    def take_ended(self, fact: RemedyEnded, today: date) -> str:
        meant = self._turned(fact)
        for penalty in meant:
            penalty.turned_against = None
            if fact.result is RemedyResult.REVOKED:
                penalty.revoked = fact.id
            elif fact.result is RemedyResult.WITHDRAWN:
                penalty.withdrawn_on = fact.on
                self.windows.run_again(penalty, fact.id)
            elif fact.form is Remedy.RECONSIDERATION:
                key, party = f"{penalty.id}/{AFTER_REVIEW}", whose(self.party, penalty)
                self.deadlines.start(AFTER_REVIEW, fact.on, fact.id, key=key, party=party)
            else:
                penalty.is_litigated = True
        names = "、".join(map(str, meant))
        then = {
            RemedyResult.REVOKED: "不再执行",
            RemedyResult.WITHDRAWN: "原期限继续",
            RemedyResult.UPHELD: "收到之日起十五日内可以起诉"
            if fact.form is Remedy.RECONSIDERATION
            else "按生效裁判申请执行（[行诉]95）",
        }[fact.result]
        return f"{fact.on}{fact.form.label}结果：{fact.result.label}；{names}{then}"
