"""When the events of a published case are played."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from models.dates import at_hour
from starter.rehearsing import words
from starter.rehearsing.letters import sends_letter, serves_letter
from starter.rehearsing.published import PublishedEvent

# Reminders go out at nine: what happens on a day is entered after them.
HOUR = 10


def moment(day: date) -> datetime:
    """The moment (UTC) at which what happened on that day is entered."""
    return at_hour(day, HOUR)


def days_played(events: Sequence[PublishedEvent]) -> dict[int, date]:
    """The day on which each event, by its number, is entered.

    A fact cannot lie in the future, so an imprecise one is entered on the last day it can have happened on; but before
    whatever its file puts after it in the same year, and a letter before whatever answers it. An ending waits for its last day.
    """
    days: dict[int, date] = {}
    replies = [event.on.latest for event in events if words.is_reply(event.word)]
    for event in reversed(events):
        day = event.on.latest
        if not event.on.is_day and event.word not in ("case_closed", *words.ENDINGS, *words.JUDGMENTS):
            others = list(days.values())
            if sends_letter(event) or serves_letter(event):
                others += replies
            inside = [each for each in others if event.on.earliest <= each < day and each.year == day.year]
            day = min(inside, default=day)
        days[event.number] = day
    return days


def in_order(events: Sequence[PublishedEvent], days: dict[int, date]) -> list[PublishedEvent]:
    """The events as they are played: by day, those of one day as the file has them.

    Only the letters of one day are played before their service, and that before a reply, whichever the file puts first.
    """
    played = sorted(events, key=lambda event: (days[event.number], event.number))
    places = [place for place, event in enumerate(played) if _rank(event) is not None]
    letters = sorted(
        (played[place] for place in places),
        key=lambda event: (days[event.number], _rank(event), event.number),
    )
    for place, event in zip(places, letters, strict=True):
        played[place] = event
    return played


def _rank(event: PublishedEvent) -> int | None:
    if sends_letter(event):
        return 0
    if serves_letter(event):
        return 1
    return 2 if words.is_reply(event.word) else None
