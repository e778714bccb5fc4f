"""How far the cases have come with a calendar that was published: sifted once, then asked again and again."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from activities.books import Books
from activities.calendars import SiteCalendars, site_edition
from activities.database import Database
from activities.open_deadlines import Behind, OpenDeadlines, cases_of
from models.calendar import Calendar
from models.errors import MingjianError, Problem, Unreachable
from models.moves import Sieve, Sifted, first_changes
from models.publications import Publication
from models.settings import Settings
from starter import output
from starter.calendar_pages import announced
from starter.columns import fold
from starter.doors import only
from starter.output import remark, say, say_json

_LOOK_SECONDS = 1.0
_STANDSTILL_SECONDS = 120.0


@dataclass(slots=True)
class Progress:
    """Where it stands: deadlines that move and those of them counted again; what is behind the edition in force."""

    edition: str
    publication: Publication | None
    moved: int
    moved_behind: int
    behind: Behind
    cases_to_move: set[str] = field(default_factory=set)

    def lines(self) -> list[str]:
        """For staff."""
        head = f"现行日历 {self.edition}"
        if self.publication is not None:
            head += f"　公布 {announced(self.publication)}"
        done = self.moved - self.moved_behind
        return [
            head,
            f"移动的期限：{self.moved} 个，已重算 {done} 个，待重算 {self.moved_behind} 个",
            f"尚未改按现行日历：{self.behind.cases} 件案件的 {self.behind.deadlines} 个期限",
        ]

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "edition": self.edition,
            "moved": self.moved,
            "moved_behind": self.moved_behind,
            "cases_behind": self.behind.cases,
            "deadlines_behind": self.behind.deadlines,
        }


def sift(deadlines: OpenDeadlines, before: Calendar, after: Calendar, calendars: SiteCalendars) -> Sifted:
    """All open deadlines under two editions, and those that were met where that tells; a portion at a time in memory, and of
    each only what moves is kept.
    """

    def named(name: str) -> Calendar | None:
        try:
            return calendars.named(name)
        except MingjianError:
            return None

    sieve, found = Sieve(before, after, named, calendars.rules.rule), Sifted()
    since = first_changes(deadlines.editions_met_under(), before, after, named)
    for portion in chain(deadlines.portions(), deadlines.portions_met(since)):
        found.add(sieve.sift(portion))
    return found


def tell_progress(settings: Settings, *, wait: bool, as_json: bool) -> int:
    """How many deadlines move and were counted again, how many still stand under an older edition; or wait for the end."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        deadlines = OpenDeadlines(database)
        now = look(settings, database, deadlines)
        if wait and now.behind.cases:
            now = wait_for(now, deadlines)
    if as_json:
        say_json(now.told())
    else:
        for line in now.lines():
            for each in fold(line, 80):
                say(each)
        if told := only(settings):
            say(told)
    return 0


def look(settings: Settings, database: Database, deadlines: OpenDeadlines) -> Progress:
    """Sift what stands under whichever edition, by the one before the last publication and the one in force."""
    books = Books(database)
    publications = books.publications()
    calendars = SiteCalendars(settings.calendar_folder, books)
    after = site_edition(settings.calendar_folder, publications)
    before = site_edition(settings.calendar_folder, publications[:-1])
    found = sift(deadlines, before, after, calendars)
    left = [each.deadline for each in found.moved if not each.done]
    return Progress(
        edition=after.name,
        publication=publications[-1] if publications else None,
        moved=len(found.moved),
        moved_behind=len(left),
        behind=deadlines.still_behind(after.name),
        cases_to_move=set(cases_of(left)),
    )


def wait_for(progress: Progress, deadlines: OpenDeadlines) -> Progress:
    """Until no case is behind. Unreachable when for two minutes none has come further: whoever waits may ask again."""
    total, last_change = progress.behind.cases, time.monotonic()
    while progress.behind.cases:
        time.sleep(_LOOK_SECONDS)
        behind = deadlines.still_behind(progress.edition)
        if behind != progress.behind:
            last_change = time.monotonic()
            left = deadlines.lagging_among(progress.edition, sorted(progress.cases_to_move))
            progress.behind, progress.moved_behind = behind, sum(left.values())
            progress.cases_to_move = set(left)
            output.progress("改按新日历", max(0, total - behind.cases), total)
        elif time.monotonic() - last_change > _STANDSTILL_SECONDS:
            what = f"还有 {behind.cases} 件案件没有改按新日历，两分钟内没有进展"
            how = "确认工作进程在运行（mingjian up 或 mingjian-worker）；公布已经生效，进度随时可查：mingjian calendar progress"
            raise Unreachable(Problem(what, how))
    remark("全部案件已改按新日历。")
    return progress
