"""How fast the counting core is: `python -m bench.counting`.

Three figures, each the median of rounds that are interleaved with a bare loop of `date + timedelta` in the same
process, so that the ratio holds where the machine's own speed does not. Exits 1 when a figure is below what is
promised.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import process_time

from models.calendar import calendar
from models.dates import EventDate
from models.deadlines import Ledger, Started, reckon
from models.explanations import explain
from models.rules import rule

ROUNDS = 9
DAYS = [date(2018, 1, 1) + timedelta(days=n) for n in range(2000)]


def add_bare() -> None:
    """What the others are measured against."""
    for day in DAYS:
        day + timedelta(days=60)


def add_working_days() -> None:
    """One addition of fifteen working days to each day."""
    add = calendar().add_working_days
    for day in DAYS:
        add(day, 15)


def replay_ledgers() -> None:
    """One replay of a reply deadline's ledger from each day."""
    law, held = rule("coop.reply"), calendar()
    for ledger in LEDGERS:
        reckon(law, ledger, held)


def explain_deadlines() -> None:
    """One explanation, in turn of a period of months and of one of working days."""
    held = calendar()
    for number, ledger in enumerate(LEDGERS):
        law = LAWS[number % 2]
        explain(law, ledger, RECKONED[number], held)


LAWS = (rule("coop.reply"), rule("coop.copy"))
LEDGERS: list[Ledger] = [(Started(EventDate.on(day), "served"),) for day in DAYS]
RECKONED = [reckon(LAWS[number % 2], ledger, calendar()) for number, ledger in enumerate(LEDGERS)]

# name, what runs, how many a second are promised
MEASURED: tuple[tuple[str, Callable[[], None], int], ...] = (
    ("date + timedelta (bare loop)", add_bare, 0),
    ("calendar additions", add_working_days, 400_000),
    ("ledger replays", replay_ledgers, 100_000),
    ("explanations", explain_deadlines, 15_000),
)


def main() -> int:
    """Measure, print the table, and say by the exit code whether every promise is kept."""
    rates: dict[str, list[float]] = {name: [] for name, _, _ in MEASURED}
    for _ in range(ROUNDS):
        for name, run, _ in MEASURED:
            began = process_time()
            run()
            rates[name].append(len(DAYS) / (process_time() - began))
    bare = median(rates[MEASURED[0][0]])
    print(f"{'':30} {'a second':>12} {'lowest':>12} {'highest':>12} {'times bare':>11} {'promised':>10}")
    kept = True
    for name, _, promised in MEASURED:
        rate = median(rates[name])
        kept = kept and rate >= promised
        print(
            f"{name:30} {rate:12,.0f} {min(rates[name]):12,.0f} {max(rates[name]):12,.0f} {bare / rate:11.1f}"
            f" {f'{promised:,}' if promised else '':>10}{'' if rate >= promised else '  BELOW'}"
        )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
