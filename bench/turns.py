"""Two sides that take turns, each first in every other round, so that what else the machine does falls on both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from bench.report import Report, spread

Round = Callable[[int], float]
"""Does the round of a number, and answers how many of its things it did a second."""


def take_turns(sides: Mapping[str, Round], rounds: int) -> dict[str, list[float]]:
    """The rates of each side. Round 0 fills caches and is not counted."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name in list(sides) if number % 2 else reversed(list(sides)):
            rate = sides[name](number)
            if number:
                rates[name].append(rate)
    return rates


def compare(
    report: Report,
    what: str,
    ours: Sequence[float],
    bare: Sequence[float],
    *,
    at_least: float | None,
    form: str = ".0f",
) -> None:
    """One row of a report: both rates, their ratio round by round, and whether its median keeps the bound, if there is one."""
    ratios = [mine / its for mine, its in zip(ours, bare, strict=True)]
    bound = "" if at_least is None else report.judge(what, median(ratios), at_least=at_least)
    report.rows.append((what, spread(ours, form), spread(bare, form), spread(ratios), bound))


HEADING = ("", "mingjian", "bare", "ratio", "promised")
