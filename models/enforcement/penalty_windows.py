"""One item of a penalty (处罚分项), its periods to appeal, and the window to apply for enforcement that opens at their end.

The window has three readings (fifteen days for 限期拆除, sixty while 复议 is open, the period of suit otherwise). None is said to
be the right one: each is a deadline of its own for each item, with its basis, and only warns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from models.dates import EventDate
from models.deadlines import account_of
from models.enforcement.readings import APPLY, READINGS
from models.enforcement.terms import PenaltyKind, PenaltyState, Remedy
from models.ledgers import Deadlines
from models.messages import FellDue
from models.said.enforcement import EnforcementTerms, PenaltyFulfilled, PenaltyItem

DEMAND = "ag.demand"
PAY = "pt.pay"
CONFISCATED = "ag.confiscated"
DEFERRED = "deferred"

_LAW = "《行政强制法》第五十三条"


@dataclass(slots=True)
class Penalty:
    """One item, and what has become of it on the party's side."""

    item: PenaltyItem
    served_on: EventDate | None = None
    demanded_on: EventDate | None = None
    deferred_until: date | None = None
    fulfilments: list[PenaltyFulfilled] = field(default_factory=list)
    applied: list[tuple[EventDate, str]] = field(default_factory=list)
    disposed_on: EventDate | None = None
    revoked: str = ""
    turned_against: Remedy | None = None
    withdrawn_on: EventDate | None = None
    """When the party withdrew what had kept the bureau from applying ([行诉]45): no window is over before it has opened again."""
    is_litigated: bool = False
    """A court upheld it: it is enforced as a judgment, and no window of the non-litigation path opens any more."""

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def fulfilled_on(self) -> EventDate | None:
        """The first day on which it was wholly fulfilled."""
        whole = [each.on for each in self.fulfilments if each.whole]
        return min(whole, key=lambda on: (on.latest, on.earliest), default=None)

    def is_deferred_beyond(self, on: EventDate) -> bool:
        """Whether a deferral lasts beyond that day; a period to appeal may end after it, and its window opens then."""
        return self.deferred_until is not None and on.latest <= self.deferred_until

    @property
    def is_open(self) -> bool:
        """Whether something is still owed."""
        return not self.revoked and self.fulfilled_on is None

    @property
    def state(self) -> PenaltyState:
        """How far it has come on the party's side; what the court did is known to `models.applications`."""
        if self.revoked:
            return PenaltyState.REVOKED
        if self.fulfilled_on is not None:
            return PenaltyState.FULFILLED
        return PenaltyState.PARTLY_FULFILLED if self.fulfilments else PenaltyState.UNFULFILLED

    def __str__(self) -> str:
        return f"{self.id}（{self.item.kind.label}）" if self.id != self.item.kind.label else self.id


def whose(body: str, penalty: Penalty) -> str:
    """Whose period it is, and for which item."""
    return f"{body}（{penalty.id}）"


class Windows:
    """The periods to appeal of the items of one decision, and the windows to apply."""

    def __init__(
        self, deadlines: Deadlines, terms: EnforcementTerms, party: str, penalties: dict[str, Penalty]
    ) -> None:
        self.deadlines, self.penalties = deadlines, penalties
        self.agency, self.party = terms.agency or "处罚机关", party or "当事人"
        self.is_civil_ruling = terms.civil_ruling
        # By item and period: the day on which the period ended, which opens a window.
        self.ended: dict[tuple[str, str], FellDue] = {}

    def period_ended(self, tick: FellDue) -> None:
        """A period to appeal has run out: the window that is read from its end opens, unless something stands in its way."""
        item, _, rule = tick.deadline.partition("/")
        if item in self.penalties and rule in READINGS:
            self.ended[item, rule] = tick
            self._open_after(self.penalties[item], tick)
        elif rule.startswith(f"{APPLY}/") and self.is_civil_ruling and item in self.penalties:
            # 法释〔2018〕1号第一百五十八条: the agency let its window pass; who is entitled has six months of his own.
            self.deadlines.start(
                "ho.apply",
                EventDate.on(tick.due_on),
                tick.id,
                key=f"{item}/ho.apply",
                party="权利人",
                follows=(tick.deadline, tick.due_on),
            )

    def _open_after(self, penalty: Penalty, tick: FellDue) -> None:
        """Open the window that is read from the end of that period."""
        rule = tick.deadline.partition("/")[2]
        self.open(penalty, rule, EventDate.on(tick.due_on), tick.id, follows=(tick.deadline, tick.due_on))

    def open(
        self,
        penalty: Penalty,
        reading: str,
        on: EventDate,
        by: str,
        follows: tuple[str, date] | None = None,
    ) -> None:
        if not penalty.is_open or penalty.turned_against or penalty.is_litigated:
            return
        if reading != DEFERRED and penalty.is_deferred_beyond(on):
            return
        paused = penalty.withdrawn_on
        if paused is not None and on.latest < paused.latest:
            on = paused
        key = f"{penalty.id}/{APPLY}/{reading}"
        known = self.deadlines.by_key.get(key)
        if known and not known.ended and any(getattr(each, "on", None) == on for each in known.entries):
            return
        how = READINGS.get(reading, "自延期、分期缴纳期限结束起算（《行政处罚法》第六十六条、第七十二条）")
        self.deadlines.start(
            APPLY,
            on,
            by,
            key=key,
            party=whose(self.agency, penalty),
            basis=f"{_LAW}；{how}；几种读法并列，仅作预警",
            follows=follows,
        )
        for applied_on, fact in penalty.applied:
            self.deadlines.meet(key, applied_on, fact)

    def defer(self, penalty: Penalty, why: str) -> None:
        """Of its windows those give way that had opened before the deferral ends."""
        for key in self.of(penalty.id):
            opened_on = account_of(tuple(self.deadlines.by_key[key].entries)).on
            if not key.endswith(DEFERRED) and opened_on is not None and penalty.is_deferred_beyond(opened_on):
                self.deadlines.end_key(key, why)

    def of(self, item: str) -> list[str]:
        """The keys of an item's windows, one for each reading that has opened."""
        return [key for key in self.deadlines.by_key if key.startswith(f"{item}/{APPLY}/")]

    def applied(self, penalty: Penalty, on: EventDate, by: str) -> None:
        """The court was asked to enforce it: its windows are met, whichever is the right one."""
        penalty.applied.append((on, by))
        for key in self.of(penalty.id):
            self.deadlines.meet(key, on, by)
        self.deadlines.meet(f"{penalty.id}/ho.apply", on, by)

    def run_appeals(self, penalty: Penalty, by: str) -> None:
        """The periods of reconsideration and suit, whose ends open the window to apply."""
        assert penalty.served_on is not None
        if penalty.turned_against or penalty.is_litigated:
            return
        rules = ["pt.review", "pt.sue"]
        if penalty.item.kind is PenaltyKind.DEMOLITION:
            rules.insert(0, "pt.sue_demolish")
        for rule in rules:
            key, party = f"{penalty.id}/{rule}", whose(self.party, penalty)
            self.deadlines.start(rule, penalty.served_on, by, key=key, party=party)

    def close(self, penalty: Penalty, why: str) -> None:
        """Nothing more runs for an item: it was fulfilled, revoked, or is under appeal."""
        for rule in (*READINGS, PAY, DEMAND, "ho.apply"):
            self.deadlines.end_key(f"{penalty.id}/{rule}", why)
        for key in self.of(penalty.id):
            self.deadlines.end_key(key, why)

    def run_again(self, penalty: Penalty, by: str) -> None:
        """As if it had not been turned against: its periods run from the service, windows that had opened open again."""
        if penalty.served_on is not None:
            self.run_appeals(penalty, by)
        for (item, _), tick in self.ended.items():
            if item == penalty.id:
                self._open_after(penalty, tick)
