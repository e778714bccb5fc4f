"""The sums: entries counted by county, figure and part as they come, in room that does not grow with their number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from models.reporting.entries import Entry
from models.reporting.figures import DAYS, Figure, Measure

Value = int | float | None
"""Of a figure: a number of things, square metres, days, a share between 0 and 1; None where there is nothing to divide by."""

WHOLE = ""
"""In the place of a county: all of them."""


class Tally:
    """The figures of one report."""

    def __init__(self) -> None:
        self.counties: dict[str, str] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._parts: Counter[tuple[str, str, str]] = Counter()
        self._sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        self._days: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add(self, entry: Entry) -> None:
        """Count one entry, in its county and in the whole."""
        self.counties.setdefault(entry.county, entry.county_name or entry.county)
        for county in (entry.county, WHOLE):
            self._counts[county, entry.figure] += 1
            self._parts[county, entry.figure, entry.part] += 1
            if entry.amount is not None and entry.figure == DAYS:
                self._days[county][int(entry.amount)] += 1
            elif entry.amount is not None:
                self._sums[county, entry.figure, entry.part] += entry.amount

    @classmethod
    def of(cls, found: Iterable[Entry]) -> Tally:
        """The sums of these."""
        made = cls()
        for each in found:
            made.add(each)
        return made

    def length(self, figure: Figure, county: str = WHOLE) -> int:
        """How many entries stand behind a figure."""
        return self._counts[county, figure.entries]

    def value(self, figure: Figure, county: str = WHOLE) -> Value:
        """The figure of a county, or of the whole."""
        match figure.measure:
            case Measure.COUNT:
                return self._counts[county, figure.key]
            case Measure.SUM:
                own = [
                    total
                    for (where, key, _), total in self._sums.items()
                    if (where, key) == (county, figure.key)
                ]
                return _number(sum(own, Decimal()))
            case Measure.RATE:
                among = self._counts[county, figure.among]
                return self._counts[county, figure.behind] / among if among else None
            case Measure.MEDIAN:
                return _median(self._days[county])
            case Measure.WORST:
                return max(self._days[county], default=None)

    def parts(self, figure: Figure, county: str = WHOLE) -> dict[str, Value]:
        """A figure by its parts, the largest first; of those without parts, nothing."""
        if figure.measure not in (Measure.COUNT, Measure.SUM):
            return {}
        found: dict[str, Value] = {}
        for (where, key, part), number in self._parts.items():
            if (where, key) == (county, figure.key) and part:
                is_sum = figure.measure is Measure.SUM
                found[part] = _number(self._sums[where, key, part]) if is_sum else number
        return dict(sorted(found.items(), key=lambda each: (-(each[1] or 0), each[0])))

    def by_county(self, figure: Figure) -> dict[str, Value]:
        """A figure of each county of which there is anything, by code."""
        return {code: self.value(figure, code) for code in sorted(self.counties)}


def told(figure: Figure, value: Value) -> str:
    """A value as it is written: 66.7%, 34.5日, 11814.25平方米; 无 where there is nothing to divide by."""
    if value is None:
        return "无"
    if figure.measure is Measure.RATE:
        return f"{value:.1%}"
    return f"{Decimal(str(value)):f}{figure.unit}"


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == int(amount) else float(amount)


def _median(days: Counter[int]) -> Value:
    ordered = sorted(days.items())
    total = days.total()
    if not total:
        return None
    middle = [_at(ordered, place) for place in ((total - 1) // 2, total // 2)]
    return middle[0] if middle[0] == middle[1] else sum(middle) / 2


def _at(ordered: list[tuple[int, int]], place: int) -> int:
    """The value at that place (from 0) of all, each so often as it occurs."""
    for value, often in ordered:
        if place < often:
            return value
        place -= often
    raise AssertionError("a place beyond the last")
