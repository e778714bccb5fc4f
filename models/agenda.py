"""The agenda of a case: what its running deadlines bring next, ordered by time and id.

Each deadline has one next moment: a reminder ahead, its end (到期), or the end of the grace for mail (逾期). Of several that have
passed (a receipt entered late, say) only the last is acted on. Ids are natural keys that hold the due day, so a deadline that
moves reminds anew and nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from models.ledgers import Counted
from models.messages import FellDue, Reminded


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that falls due at a moment (UTC), and what is entered in the journal when it does."""

    at: datetime
    tick: Reminded | FellDue
    summary: str

    @property
    def order(self) -> tuple[datetime, str]:
        return self.at, self.tick.id


def agenda(running: Iterable[Counted], seen: Container[str], now: datetime) -> list[Moment]:
    """The next moment of each running deadline, the earliest first."""
    moments = (next_moment(counted, seen, now) for counted in running)
    return sorted((each for each in moments if each is not None), key=lambda each: each.order)


def next_moment(counted: Counted, seen: Container[str], now: datetime) -> Moment | None:
    """What one deadline brings next: the last of what has passed unless it was acted on, else the first still ahead."""
    course = _course(counted)
    passed = [index for index, moment in enumerate(course) if moment.at <= now or moment.tick.id in seen]
    if not passed:
        return course[0] if course else None
    last = course[passed[-1]]
    if last.tick.id not in seen:
        return last
    return course[passed[-1] + 1] if passed[-1] + 1 < len(course) else None


def _course(counted: Counted) -> list[Moment]:
    day = counted.last_day
    if day is None or counted.due_at is None:
        return []
    key, name = counted.key, counted.name
    moments = [
        Moment(
            reminder.at,
            Reminded(
                id=f"{key}/remind/{day}/{reminder.days_before}",
                deadline=key,
                due_on=day,
                days_before=reminder.days_before,
            ),
            f"{name}（{day}届满）提前{reminder.days_before}日提醒　{counted.basis}",
        )
        for reminder in counted.reminders
    ]
    has_grace = counted.overdue_at is not None and counted.overdue_at > counted.due_at
    moments.append(
        Moment(
            counted.due_at,
            FellDue(id=f"{key}/due/{day}", deadline=key, due_on=day, final=not has_grace),
            f"{name}{day}届满　{counted.basis}",
        )
    )
    if has_grace and counted.overdue_at is not None:
        moments.append(
            Moment(
                counted.overdue_at,
                FellDue(id=f"{key}/overdue/{day}", deadline=key, due_on=day, final=True),
                f"{name}{day}届满，在途邮件宽限期止　{counted.basis}",
            )
        )
    return moments
