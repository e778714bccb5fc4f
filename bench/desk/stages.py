"""The stages that made-up cases stand at, each as it would stand in a ledger, and how many of each there are."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from bench.desk.made_up import CaseToBe, MadeUp, Row, counties


def cases(count: int, today: date, seed: int = 20270101) -> Iterator[MadeUp]:
    """So many cases, counties in turn, stages by their weights; the first ones are the same, however many follow."""
    chance, places = random.Random(seed), counties()
    makers = [maker for maker, weight in _STAGES.items() for _ in range(weight)]
    random.Random(seed + 1).shuffle(makers)
    for number in range(1, count + 1):
        case = CaseToBe(chance, places[number % len(places)], number, today)
        makers[number % len(makers)](case)
        yield case.made


def _registered(case: CaseToBe) -> None:
    case.opened(case.ago(0, 25))
    case.land()


def _drafted(case: CaseToBe) -> None:
    case.opened(case.ago(0, 20)).drafted()


def _issued(case: CaseToBe) -> None:
    went = case.ago(0, 40)
    row = case.opened(went).issued(went)
    if case.chance.random() < 0.3:
        before = case.ago(60, 900)
        case.opened(before)
        row["制发日期"] = f"{before.year}年{before.month}月"
    elif went < case.today and case.chance.random() < 0.3:
        row["拒收日期"] = case.written(went + timedelta(days=1))


def _waiting(case: CaseToBe) -> None:
    served = case.ago(1, 60)
    case.served(served)
    case.land()
    if case.chance.random() < 0.15:
        case.also(served)


def _waiting_till_then(case: CaseToBe) -> None:
    """Ends within the days that the year file rules about."""
    served = case.ago(1, 12)
    row = case.served(served)
    case.land()
    if case.chance.random() < 0.15:
        last = min(served + timedelta(days=4), case.today)
        row["送达日期"] = (
            f"{served.year}年{served.month}月{served.day}日至{last.year}年{last.month}月{last.day}日"
        )


def _lapsed_before_a_suit(case: CaseToBe) -> None:
    """A pre-suit suggestion that nobody answered: the month to decide upon a suit runs."""
    case.served(case.ago(63, 73), "诉前检察建议书")
    case.land()


def _overdue(case: CaseToBe) -> None:
    case.served(case.ago(80, 500))
    case.land()


def _urged(case: CaseToBe) -> None:
    served = case.ago(100, 500)
    row = case.served(served)
    row["督促日期"] = case.written(served + timedelta(days=case.chance.randint(70, 90)))
    case.land()


def _replied(case: CaseToBe) -> None:
    served = case.ago(20, 120)
    case.served(served)
    case.replied(served, (5, 58))
    case.land()


def _replied_late(case: CaseToBe) -> None:
    served = case.ago(120, 500)
    case.served(served)
    case.replied(served, (70, 115))
    case.land()


def _replied_some_day(case: CaseToBe) -> None:
    served = case.past()
    row = case.served(served)
    later = served + timedelta(days=45)
    row["回复日期"] = f"{later.year}年{later.month}月"


def _assessed(case: CaseToBe) -> None:
    served = case.ago(60, 400)
    case.served(served)
    case.assessed(case.replied(served, (20, 90)), case.chance.choice(("采纳并整改", "部分整改", "空洞")))
    case.land()


def _put_right(case: CaseToBe) -> None:
    served = case.past()
    case.served(served)
    done = case.assessed(case.replied(served, (20, 80)), "采纳并整改")
    case.land(done)


def _closed(case: CaseToBe) -> Row:
    served = case.past()
    case.served(served)
    done = case.assessed(case.replied(served, (20, 100)), "采纳并整改")
    case.land(done)
    return case.closed(min(done + timedelta(days=case.chance.randint(0, 30)), case.today), "整改到位")


def _closed_otherwise(case: CaseToBe) -> None:
    served = case.past()
    case.served(served)
    day = case.assessed(case.replied(served, (30, 100)), "部分整改")
    row = case.closed(min(day + timedelta(days=10), case.today), case.chance.choice(("部分整改", "终结审查")))
    if case.chance.random() < 0.3:
        later = case.today.replace(day=1) - timedelta(days=1)
        row["结案日期"] = f"{later.year}年{later.month}月"


def _looked_back(case: CaseToBe) -> None:
    row = _closed(case)
    row["结案日期"] = case.written(day := case.ago(20, 60))
    row["回头看日期"] = case.written(day + timedelta(days=15))
    row["整改保持"] = "否" if case.chance.random() < 0.2 else "是"


def _to_be_looked_back(case: CaseToBe) -> None:
    row = _closed(case)
    row["结案日期"] = case.written(case.ago(5, 40))
    row["回头看日期"] = (case.today + timedelta(days=case.chance.randint(20, 90))).isoformat()


def _public_interest(case: CaseToBe) -> None:
    day = case.ago(1, 300)
    case.made.case |= {
        "种类": "公益诉讼",
        "立案日期": case.written(day),
        "涉案机关": case.county.bureau,
        "公益受损情况": "耕作层毁坏，国家利益和社会公共利益受损",
    }
    if case.chance.random() < 0.3:
        case.closed(case.today - timedelta(days=1), "终结审查")


def _clue(case: CaseToBe) -> None:
    case.made.case |= {
        "种类": "线索移送",
        "立案日期": case.written(case.ago(1, 200)),
        "移送方向": "行政机关移送检察院",
        "移送单位": case.county.bureau,
        "接收单位": case.county.procuratorate,
    }


_STAGES: dict[Callable[[CaseToBe], Any], int] = {
    _registered: 5,
    _drafted: 4,
    _issued: 5,
    _waiting: 12,
    _waiting_till_then: 16,
    _lapsed_before_a_suit: 6,
    _overdue: 5,
    _urged: 3,
    _replied: 6,
    _replied_late: 4,
    _replied_some_day: 2,
    _assessed: 5,
    _put_right: 4,
    _closed: 8,
    _closed_otherwise: 3,
    _looked_back: 3,
    _to_be_looked_back: 3,
    _public_interest: 4,
    _clue: 2,
}
"""By weight, of a hundred."""
