"""第二条 定期: how often two offices tell each other, which period an exchange is about, and how its case is opened."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from models.conversion import OpeningOrder
from models.messages import Opening
from models.numbering import CaseId
from models.said.liaison import ExchangeTerms
from models.terms import ExchangeCycle
from models.wire import Wire

HOUR, MINUTE = 8, 30
"""The moment of the day, in China, at which a case is opened: on the first day after the period."""


class ExchangePlan(Wire):
    """What a schedule opens: `opening` is the case without its number, its day and its period."""

    schedule: str
    cycle: ExchangeCycle
    opening: Opening


def schedule_id(county: str) -> str:
    """The id of the schedule of the pair of offices of a place (行政区划码)."""
    return f"exchange-{county}"


def months_of(cycle: ExchangeCycle) -> tuple[int, ...]:
    """The months on whose first day a period is over."""
    return tuple(range(1, 13, cycle.months))


def period_before(day: date, cycle: ExchangeCycle) -> tuple[date, date]:
    """The first and last day of the last period that ended before a day."""
    begun = (day.month - 1) // cycle.months * cycle.months
    last = date(day.year, begun + 1, 1) - timedelta(days=1)
    return date(last.year, last.month - cycle.months + 1, 1), last


def period_name(first: date, last: date) -> str:
    """A period as people call it: 2021年第三季度; one that is no month, quarter, half or whole year by its days."""
    months = last.month - first.month + 1
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1] and first.year == last.year
    if not whole or (first.month - 1) % months:
        return f"{first}至{last}"
    match months:
        case 1:
            return f"{first.year}年{first.month}月"
        case 3:
            return f"{first.year}年第{'一二三四'[first.month // 3]}季度"
        case 6:
            return f"{first.year}年{'上' if first.month == 1 else '下'}半年"
        case 12:
            return f"{first.year}年"
        case _:
            return f"{first}至{last}"


def opening_order(plan: ExchangePlan, day: date) -> OpeningOrder:
    """The case that is to be opened on a day, under a key of its period: opened once, however often it is asked for."""
    first, last = period_before(day, plan.cycle)
    blank = plan.opening
    terms = blank.terms if isinstance(blank.terms, ExchangeTerms) else ExchangeTerms()
    opening = blank.model_copy(
        update={
            "case": str(CaseId(blank.kind, blank.county, day.year, 0)),
            "title": f"{blank.county_name}{period_name(first, last)}情况通报",
            "opened_on": day,
            "terms": terms.model_copy(update={"first_day": first, "last_day": last}),
        }
    )
    return OpeningOrder(order=f"{first}/{last}", case=plan.schedule, opening=opening)
