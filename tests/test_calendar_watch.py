"""A calendar is published: provisional days of running cases become certain by themselves, and nobody is told twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from temporalio.service import RPCError, RPCStatusCode

from activities.calendar_watch import CalendarWatch
from models.calendar import calendar
from models.rows import DeadlineRow
from tests.openings import notification_opening
from tests.test_site_calendars import published
from tests.world import Case, World, world_on
from worker import watch_calendars

pytestmark = pytest.mark.asyncio(loop_scope="session")

LAST = calendar().years[-1].year
"""The last year whose days are known: a period that starts in its November is provisional."""


@pytest_asyncio.fixture(loop_scope="session")
async def office(world: World, tmp_path: Path) -> AsyncIterator[World]:
    """A world with a site calendar of its own, none at first."""
    async with world_on(world.server, tmp_path, "calendar-watch") as own:
        (own.settings.calendar_folder).mkdir(parents=True)
        yield own


async def served(office: World, number: int) -> Case:
    """A case whose reply is due in the year that is not yet published."""
    on = date(LAST, 11, 23)
    case = await office.open(notification_opening(number, opened_on=on, edition=calendar().name))
    await case.decide("issue_letter", "issue-1")
    await case.record("letter_served", "served-1", on=str(on))
    return case


async def reply_deadline(case: Case) -> DeadlineRow:
    [row] = [each for each in (await case.settled()).deadlines if each.rule == "coop.reply"]
    return row


async def test_a_published_year_is_counted_by_the_cases_it_concerns(office: World) -> None:
    cases = [await served(office, number) for number in (901, 902)]
    rows = [await reply_deadline(case) for case in cases]
    assert all(row.provisional and row.edition == calendar().name for row in rows)
    due = rows[0].due_on
    assert due is not None and due.year == LAST + 1
    # The due day becomes a holiday of three days, so the deadline moves as well as losing its doubt.
    text = published(LAST + 1).replace(
        "holidays = [", f'holidays = [\n  {{ from = {due}, to = {due}, name = "春节" }},'
    )
    (office.settings.calendar_folder / f"{LAST + 1}.toml").write_text(text, encoding="utf-8")
    await watch_calendars(office.client, office.queue)
    async with asyncio.timeout(60):
        for case in cases:
            while (await reply_deadline(case)).provisional:
                await asyncio.sleep(0.2)
    for case in cases:
        row = await reply_deadline(case)
        assert row.edition == office.world.calendars.current().name != calendar().name
        assert row.due_on is not None and row.due_on > due
        status = await case.status()
        assert not status.case.is_provisional
        assert sum(fact.kind == "edition_published" for fact in status.facts) == 1
    watch = CalendarWatch(office.client, office.world.calendars, office.world.registry)
    assert office.world.registry.under_other_editions(office.world.calendars.current().name, limit=10) == []
    assert await watch.sweep() == ("", 0)
    await office.client.get_workflow_handle("calendar-watch").terminate()


async def test_a_case_that_has_left_the_desk_is_not_told(office: World) -> None:
    case = await served(office, 903)
    await case.settled()
    await case.handle.terminate("as if filed")
    watch = CalendarWatch(office.client, office.world.calendars, office.world.registry)
    lagging = office.world.registry.under_other_editions("another", limit=10)
    assert lagging == [case.opening.case]

    class Another:
        name = "another"

        def current(self) -> Another:
            return self

    watch = CalendarWatch(office.client, Another(), office.world.registry)  # type: ignore[arg-type] # a name is enough
    # It keeps nobody behind it from being told.
    assert await watch.sweep() == (case.opening.case, 0)


class Post:
    """A client that notes which case was sent which edition; some cases answer with an error."""

    def __init__(self, **failing: RPCStatusCode) -> None:
        self.sent: list[tuple[str, str]] = []
        self.failing = failing

    def get_workflow_handle(self, case: str) -> Any:
        async def signal(_: str, news: Any, *, rpc_timeout: timedelta) -> None:
            assert timedelta() < rpc_timeout <= timedelta(seconds=10)
            self.sent.append((case, news.edition))
            if case in self.failing:
                raise RPCError("", self.failing[case], b"")

        return SimpleNamespace(signal=signal)


def watch_on(post: Post, *cases: str) -> tuple[CalendarWatch, SimpleNamespace]:
    """A watch whose cases lag behind whatever edition is in force; and that edition, to be renamed."""
    edition = SimpleNamespace(name="甲版")
    calendars = SimpleNamespace(current=lambda: edition)
    rows = SimpleNamespace(under_other_editions=lambda edition, *, after, limit: cases)
    return CalendarWatch(post, calendars, rows), edition  # type: ignore[arg-type] # no more is asked of them


async def test_a_case_is_told_of_an_edition_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own worker may count it under other year files again and again: it is not woken at each sweep."""
    post = Post()
    watch, edition = watch_on(post, "一", "二")
    assert [await watch.sweep() for _ in range(3)] == [("二", 2), ("二", 0), ("二", 0)]
    edition.name = "乙版"
    assert await watch.sweep() == ("二", 2)
    edition.name = "甲版"
    assert await watch.sweep() == ("二", 0)
    assert post.sent == [("一", "甲版"), ("二", "甲版"), ("一", "乙版"), ("二", "乙版")]
    monkeypatch.setattr("activities.calendar_watch.day_in_china", lambda _: date(LAST, 1, 1))
    assert [await watch.sweep() for _ in range(2)] == [("二", 2), ("二", 0)]


async def test_a_case_that_is_gone_is_tried_once_and_one_that_does_not_answer_again() -> None:
    post = Post(gone=RPCStatusCode.NOT_FOUND, silent=RPCStatusCode.DEADLINE_EXCEEDED)
    watch, _ = watch_on(post, "gone", "silent", "third")
    assert [await watch.sweep() for _ in range(2)] == [("third", 1), ("third", 0)]
    assert sorted(case for case, _ in post.sent) == ["gone", "silent", "silent", "third"]
