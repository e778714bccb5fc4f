"""Counts every open deadline on the fingers, under the calendar as it is and as a year file would make it.

    python -I bench/desk/plain_days.py registry.db models/calendars models/rules 2027.toml

Imports nothing but the standard library and knows nothing of how the program counts: the days off come from the year files, how
long a period is from the table of rules, what happened to it from its ledger in the registry. Prints one JSON object: how many
deadlines are open; `moved`, each with where it was and where it will be; `apart`, those whose day in the registry is not the one
counted here.

A day that is asked for is `[earliest, latest]`, twice the same where it is known.
"""

from __future__ import annotations

import calendar
import json
import sqlite3
import sys
import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DAY = timedelta(days=1)
ALWAYS_OFF = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
Row = dict[str, Any]
Span = list[str]


class Days:
    """Which days are worked: Monday to Friday, but for what the notices say."""

    def __init__(self, years: Iterable[Row]) -> None:
        self.notices = {year["year"]: year for year in years}
        self.off: set[date] = set()
        self.worked: set[date] = set()
        for year in range(2019, 2040):
            if year not in self.notices:
                self.off |= {date(year, month, day) for month, day in ALWAYS_OFF}
        for notice in self.notices.values():
            self.worked |= set(notice.get("made_up", []))
            for holiday in notice["holidays"]:
                day = holiday["from"]
                while day <= holiday["to"]:
                    self.off.add(day)
                    day += DAY

    def works(self, day: date) -> bool:
        if day in self.off:
            return False
        return day in self.worked or day.isoweekday() < 6

    def on_or_after(self, day: date) -> date:
        while not self.works(day):
            day += DAY
        return day

    def working_days_after(self, day: date, number: int) -> date:
        while number:
            day += DAY
            number -= self.works(day)
        return day

    def worked_between(self, after: date, last: date) -> int:
        return sum(self.works(after + DAY * n) for n in range(1, (last - after).days + 1))


def bounds(text: str) -> tuple[date, date]:
    """The first and the last day that a written date may mean."""
    first, _, last = text.partition("/")
    return _bounds(first)[0], _bounds(last or first)[1]


def _bounds(text: str) -> tuple[date, date]:
    parts = [int(each) for each in text.split("-")]
    if len(parts) == 3:
        return date(*parts), date(*parts)
    first_month, last_month = (parts[1], parts[1]) if len(parts) == 2 else (1, 12)
    last_day = calendar.monthrange(parts[0], last_month)[1]
    return date(parts[0], first_month, 1), date(parts[0], last_month, last_day)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Period:
    """One deadline, as its ledger tells it."""

    def __init__(self, ledger: list[Row], rule: Row) -> None:
        self.rule = rule
        self.start: Row = {}
        self.on = ""
        self.longer: list[tuple[int, str]] = []
        self.lost: list[tuple[date, date]] = []
        stopped: list[tuple[date, str]] = []
        for entry in ledger:
            kind = entry["kind"]
            if kind == "started":
                self.start, self.on = entry, entry["on"]
            elif kind == "corrected":
                self.on = entry["on"]
            elif kind == "extended":
                self.longer.append((entry["amount"], entry["unit"]))
            elif kind == "excluded":
                self.lost.append((date.fromisoformat(entry["first"]), date.fromisoformat(entry["last"])))
            elif kind in ("suspended", "resumed"):
                stopped.append((date.fromisoformat(entry["on"]), kind))
        since = None
        for day, kind in sorted(stopped, key=lambda each: each[0]):
            if kind == "suspended":
                since = since or day
            elif since:
                self.lost.append((since, day))
                since = None
        self.lost.sort()
        self.stands_still = since is not None

    def lengths(self, on: date) -> list[tuple[int, str]]:
        """What is added to the day of the start: by law, or as the letter or the place has it, and what it was lengthened by."""
        if self.start.get("amount"):
            return [(self.start["amount"], self.start["unit"]), *self.longer]
        valid = [
            each
            for each in self.rule["versions"]
            if each.get("from", date.min) <= on <= each.get("to", date.max) and "amount" in each
        ]
        return [(valid[0]["amount"], valid[0]["unit"]), *self.longer] if valid else []

    def ends(self, days: Days) -> Span | None:
        """The days on which it ends, by the first and the last day on which it may have begun; none for one without a number."""
        if not self.start or self.stands_still:
            return None
        first, last = bounds(self.on)
        named = self.start.get("fixed_on")
        if named:
            last = first
        ends = [self._end(day, date.fromisoformat(named) if named else None, days) for day in (first, last)]
        if None in ends:
            return None
        return sorted(str(each) for each in ends)

    def _end(self, on: date, named: date | None, days: Days) -> date | None:
        """Where it ends when it has begun on a day; `named` is the last day that a letter names instead of a length."""
        lengths = self.longer if named else self.lengths(on)
        if not named and not lengths:
            return None
        total = {
            unit: sum(n for n, its in lengths if its == unit) for unit in ("months", "days", "working_days")
        }
        end = months_after(named or on, total["months"]) + DAY * total["days"]
        end = days.working_days_after(end, total["working_days"])
        by_working_days = not named and lengths[0][1] == "working_days"
        reached = on
        for begins, stops in self.lost:
            begins = max(begins, reached)
            if stops <= begins or begins > max(days.on_or_after(end), reached):
                continue
            if by_working_days:
                end = days.working_days_after(end, days.worked_between(begins, stops))
            else:
                end = max(end + (stops - begins), stops)
            reached = stops
        # A day that a letter names stands as it is named, on a day of rest too.
        return end if end == named else days.on_or_after(end)


def notices(folder: Path) -> list[Row]:
    """The year files that come with the program; of a year that was changed while it ran, the last."""
    last: dict[int, tuple[str, Row]] = {}
    for file in folder.glob("*.toml"):
        year = tomllib.loads(file.read_text("utf-8"))
        if file.stem > last.get(year["year"], ("", {}))[0]:
            last[year["year"]] = file.stem, year
    return [year for _, year in last.values()]


def rules(folder: Path) -> dict[str, Row]:
    """The table of rules, by key."""
    return {
        each["key"]: each
        for file in folder.glob("*.toml")
        for each in tomllib.loads(file.read_text("utf-8"))["rule"]
    }


def open_deadlines(registry: Path) -> list[Row]:
    """Those that are neither met nor ended nor stand still."""
    database = sqlite3.connect(f"file:{registry}?mode=ro", uri=True, timeout=30)
    database.row_factory = sqlite3.Row
    try:
        asked = "SELECT * FROM deadlines WHERE state IN ('running', 'expired') ORDER BY \"case\", key"
        return [dict(each) for each in database.execute(asked)]
    finally:
        database.close()


def standing(row: Row) -> Span | None:
    """Where a row of the registry stands."""
    if row["due_on"]:
        return [row["due_on"]] * 2
    return [row["due_from"], row["due_to"]] if row["due_from"] else None


def count(registry: Path, years: Path, table: Path, file: Path) -> Row:
    """Every open deadline under both calendars."""
    known, laws = notices(years), rules(table)
    coming = tomllib.loads(file.read_text("utf-8"))
    before = Days(known)
    after = Days([*(each for each in known if each["year"] != coming["year"]), coming])
    rows, moved, apart = open_deadlines(registry), [], []
    for row in rows:
        period = Period(json.loads(row["ledger"]), laws[row["rule"]])
        was, now = period.ends(before), period.ends(after)
        named = {"case": row["case"], "key": row["key"]}
        if was != standing(row):
            apart.append({**named, "registry": standing(row), "counted": was})
        if was != now:
            moved.append({**named, "was": was, "now": now})
    return {"open": len(rows), "moved": moved, "apart": apart}


if __name__ == "__main__":
    print(json.dumps(count(*(Path(each) for each in sys.argv[1:])), ensure_ascii=False))
