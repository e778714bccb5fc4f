"""What sets two editions of the calendar apart: the days that are worked under one of them only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from models.calendar import FIRST_DAY, Calendar


class DayChange(NamedTuple):
    """A day (in China) that one edition calls a working day and the other does not; `why` is how the new one calls it."""

    day: date
    works: bool
    why: str


class ChangedDays:
    """All days that differ from one edition to another, in order."""

    def __init__(self, before: Calendar, after: Calendar) -> None:
        self.days: tuple[DayChange, ...] = tuple(_differing(before, after))

    def between(self, first: date, last: date) -> list[DayChange]:
        """Those from `first` to `last`, both included."""
        return [each for each in self.days if first <= each.day <= last]


def _differing(before: Calendar, after: Calendar) -> Iterable[DayChange]:
    for place in differing_places(before.worked, after.worked):
        day = FIRST_DAY + timedelta(days=place)
        works = after.is_working(day)
        yield DayChange(day, works, after.name_of(day) or "不再放假")


def differing_places(one: bytes, other: bytes) -> list[int]:
    """Where two rows of days of the same length differ."""
    if one == other:
        return []
    return [place for place, (was, now) in enumerate(zip(one, other, strict=True)) if was != now]


def in_words(changes: Sequence[DayChange]) -> list[str]:
    """The changes as staff read them: neighbours that change alike in one phrase."""
    phrases = []
    for (works, why, _), group in groupby(enumerate(changes), key=lambda each: _alike(*each)):
        days = [each.day for _, each in group]
        span = f"{days[0]}" if len(days) == 1 else f"{days[0]} 至 {days[-1]}"
        phrases.append(f"{span} 改为{'上班' if works else '放假'}（{why}）")
    return phrases


def _alike(place: int, change: DayChange) -> tuple[bool, str, int]:
    """Equal for changes of one kind on days that follow one another."""
    return change.works, change.why, change.day.toordinal() - place
