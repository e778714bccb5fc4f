"""A calendar is published: provisional days of running cases become certain by themselves, and nobody is told twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities.calendar_watch import CalendarWatch
from activities.open_deadlines import OpenDeadlines
from models.adoptions import SiteRules
from models.calendar import Calendar, calendar
from models.dates import EventDate, at_hour
from models.deadlines import Met
from models.errors import Problem, Unreachable
from models.ledgers import Counting, Deadlines
from models.messages import EditionPublished
from models.moves import OpenDeadline
from models.rows import DeadlineRow
from tests.openings import notification_opening
from tests.test_calendar_moves import AFTER, BEFORE, counted, started
from tests.test_site_calendars import published
from tests.world import Case, World, within, world_on
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
    async with within(60):
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
    assert office.world.registry.under_other_editions(office.world.calendars.current().name, limit=10) == []
    await office.client.get_workflow_handle("calendar-watch").terminate()


async def test_a_reply_that_was_late_by_the_old_calendar_is_on_time_by_the_new(office: World) -> None:
    """An extraordinary holiday made known afterwards, as in January 2020: nobody stays accused by a calendar that is gone."""
    case = await office.open(notification_opening(904, opened_on=date(LAST, 1, 12), edition=calendar().name))
    await case.decide("issue_letter", "issue-1")
    await case.record("letter_served", "served-1", on=f"{LAST}-01-12")
    await case.turn_to(at_hour(date(LAST, 3, 17), 10))
    await case.record("reply_received", "reply-1", on=f"{LAST}-03-16")
    late = await reply_deadline(case)
    assert (late.state, late.due_on, late.days_late) == ("met", date(LAST, 3, 12), 4)
    text = published(LAST).replace(
        "holidays = [", f'holidays = [\n  {{ from = {LAST}-03-12, to = {LAST}-03-13, name = "临时放假" }},'
    )
    (office.settings.calendar_folder / f"{LAST}.toml").write_text(text, encoding="utf-8")
    await watch_calendars(office.client, office.queue)
    async with within(60):
        while (row := await reply_deadline(case)).days_late:
            await asyncio.sleep(0.2)
    assert (row.state, row.due_on, row.days_late) == ("met", date(LAST, 3, 16), 0)
    assert row.edition == office.world.calendars.current().name
    await office.client.get_workflow_handle("calendar-watch").terminate()
    await case.handle.terminate("shown")


async def test_a_case_that_an_older_program_told_of_a_calendar_counts_what_was_met_by_the_next(
    office: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a replay has once said of a patch is kept for the run, and a case has one run for years."""
    alone = office.aside()
    year = office.settings.calendar_folder / f"{LAST}.toml"
    with monkeypatch.context() as older:
        older.setattr(Deadlines, "left_behind", lambda self, edition: list[Counting]())
        async with alone.worker(max_cached_workflows=0):
            opening = notification_opening(905, opened_on=date(LAST, 1, 12), edition=calendar().name)
            case = await alone.open(opening)
            await case.decide("issue_letter", "issue-1")
            await case.record("letter_served", "served-1", on=f"{LAST}-01-12")
            await case.turn_to(at_hour(date(LAST, 3, 17), 10))
            await case.record("reply_received", "reply-1", on=f"{LAST}-03-16")
            await case.handle.signal("edition_published", EditionPublished(id="one", edition="another"))
            row = await reply_deadline(case)
            assert (row.due_on, row.days_late) == (date(LAST, 3, 12), 4)
    text = published(LAST).replace(
        "holidays = [", f'holidays = [\n  {{ from = {LAST}-03-12, to = {LAST}-03-13, name = "临时放假" }},'
    )
    year.write_text(text, encoding="utf-8")
    async with alone.worker(max_cached_workflows=0):
        await case.handle.signal("edition_published", EditionPublished(id="two", edition="the next"))
        row = await reply_deadline(case)
        assert (row.due_on, row.days_late) == (date(LAST, 3, 16), 0)
    await case.handle.terminate("shown")


async def test_a_case_that_has_left_the_desk_keeps_nobody_behind_it_from_being_told(office: World) -> None:
    case = await served(office, 903)
    await case.settled()
    await case.handle.terminate("as if filed")
    assert office.world.registry.under_other_editions("another", limit=10) == [case.opening.case]
    another: Any = SimpleNamespace(name="another")
    calendars: Any = SimpleNamespace(current=lambda: another, why=lambda: "", published=lambda: 0)
    watch = CalendarWatch(
        office.client, calendars, office.world.registry, OpenDeadlines(office.world.database)
    )
    assert await watch.sweep(another) == case.opening.case
    assert await watch.sweep(another, case.opening.case) is None


class Post:
    """A client that notes which case was sent which edition; some cases answer with an error."""

    def __init__(self, **failing: RPCStatusCode) -> None:
        self.sent: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.failing = failing

    def get_workflow_handle(self, case: str) -> Any:
        async def signal(_: str, news: Any, *, rpc_timeout: timedelta) -> None:
            assert timedelta() < rpc_timeout <= timedelta(seconds=10)
            self.sent.append((case, news.edition))
            self.ids.append(news.id)
            if case in self.failing:
                raise RPCError("", self.failing[case], b"")

        return SimpleNamespace(signal=signal)


def watch_on(post: Post, *cases: str, pace: int = 20) -> tuple[CalendarWatch, Any]:
    """A watch whose cases lag behind whatever edition is in force; and that edition, to be renamed."""
    edition = SimpleNamespace(name="甲版", published=1)
    calendars = SimpleNamespace(
        current=lambda: edition, why=lambda: "王五：通知", published=lambda: edition.published
    )
    rows = SimpleNamespace(
        under_other_editions=lambda edition, *, after, limit: [each for each in cases if each > after][
            :limit
        ],
        lagging_among=lambda edition, cases: {},
    )
    watch = CalendarWatch(post, calendars, rows, rows, pace=pace)  # type: ignore[arg-type] # no more is asked of them
    return watch, edition


async def test_a_case_is_told_of_an_edition_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own worker may count it under other year files again and again: it is not woken at each sweep."""
    post = Post()
    watch, edition = watch_on(post, "a", "b")
    assert [await watch.sweep(edition) for _ in range(3)] == ["b"] * 3
    edition.name = "乙版"
    await watch.sweep(edition)
    edition.name = "甲版"
    await watch.sweep(edition)
    assert post.sent == [("a", "甲版"), ("b", "甲版"), ("a", "乙版"), ("b", "乙版")]
    monkeypatch.setattr("activities.calendar_watch.day_in_china", lambda _: date(LAST, 1, 1))
    for _ in range(2):
        await watch.sweep(edition)
    assert post.sent[4:] == [("a", "甲版"), ("b", "甲版")]


async def test_a_year_that_is_published_once_more_after_a_wrong_correction_is_news_on_the_same_day() -> None:
    """Its edition bears the name of the first; the cases that were counted under the wrong one must hear of it."""
    post = Post()
    watch, edition = watch_on(post, "a")
    for name, number in (("甲版", 1), ("误版", 2), ("甲版", 3), ("甲版", 3)):
        edition.name, edition.published = name, number
        await watch.sweep(edition)
    assert post.sent == [("a", "甲版"), ("a", "误版"), ("a", "甲版")]
    assert len(set(post.ids)) == 3


async def test_a_case_that_is_gone_is_tried_once_and_one_that_does_not_answer_again() -> None:
    post = Post(gone=RPCStatusCode.NOT_FOUND, silent=RPCStatusCode.DEADLINE_EXCEEDED)
    watch, edition = watch_on(post, "gone", "silent", "third")
    assert [await watch.sweep(edition) for _ in range(2)] == ["third", "third"]
    assert sorted(case for case, _ in post.sent) == ["gone", "silent", "silent", "third"]


async def test_no_more_cases_are_told_in_a_second_or_at_once_than_the_pace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One after another, and half a second's have counted before the next are told: no queue grows before a clerk."""
    post, now, uncounted, most = Post(), 0.0, dict[str, int](), 0
    watch, edition = watch_on(post, *"abcde", pace=4)
    sleep = asyncio.sleep

    async def pass_time(seconds: float) -> None:
        nonlocal now, most
        now += seconds
        await sleep(0)
        most = max(most, len(post.sent) - counted_so_far)

    counted_so_far = 0

    def lagging(edition: str, cases: list[str]) -> dict[str, int]:
        nonlocal counted_so_far
        if now < waited_until:
            return dict.fromkeys(cases, 1)
        counted_so_far = len(post.sent)
        return uncounted

    waited_until = 3.0
    monkeypatch.setattr(watch._deadlines, "lagging_among", lagging)
    monkeypatch.setattr("activities.calendar_watch.asyncio.sleep", pass_time)
    monkeypatch.setattr("activities.calendar_watch.monotonic", lambda: now)
    after: str | None = ""
    while after is not None:
        after = await watch.sweep(edition, after)
    assert [case for case, _ in post.sent] == list("abcde")
    assert most == 2 and now >= 3.0 + 3 * 0.25


def sifting(
    post: Post, deadlines: Any, current: Callable[[], Calendar] = lambda: AFTER, *, pace: int = 20
) -> CalendarWatch:
    """A watch over these rows, all of which were counted under the edition before."""
    calendars = SimpleNamespace(
        current=current, why=lambda: "", published=lambda: 1, named=lambda name: BEFORE, rules=SiteRules()
    )
    return CalendarWatch(post, calendars, deadlines, deadlines, pace=pace)  # type: ignore[arg-type] # no more is asked of them


async def test_those_whose_days_move_are_told_before_the_others() -> None:
    """Sifted portion by portion; the rest is told by the sweep."""
    on = {"stays": "2026-12-04", "moves": "2026-12-05", "moves-too": "2026-12-08", "unclear": "2026-12-08"}
    rows = [counted((started(day),), "coop.reply")._replace(case=case) for case, day in on.items()]
    rows[-1] = rows[-1]._replace(ledger="started")
    post = Post()
    deadlines = SimpleNamespace(
        behind=lambda after, *, not_under, limit: [each for each in rows if each.case > after[0]],
        lagging_among=lambda edition, cases: {},
    )
    rows.sort()
    ask = partial(deadlines.behind, not_under=AFTER.name)
    watch = sifting(post, deadlines)
    last = (rows[-1].case, rows[-1].key)
    assert await ActivityEnvironment().run(watch.tell_movers, AFTER, ("", ""), ask) == last
    assert post.sent == [("moves", AFTER.name), ("moves-too", AFTER.name)]
    assert await watch.tell_movers(AFTER, last, ask) is None


async def test_what_was_met_is_asked_for_until_all_are_told_and_again_each_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No sweep comes by those cases: neither books nor a server that do not answer for a moment may leave one out."""
    late = counted((started("2026-12-05"), Met(on=EventDate.parse("2027-02-08"), by="r1")), "coop.reply")
    rows = [late._replace(case=case, met_on="2027-02-08") for case in ("moves", "silent", "unclear")]
    rows[-1] = rows[-1]._replace(ledger="started")
    post, asked, today = Post(silent=RPCStatusCode.UNAVAILABLE), list[str](), date(2027, 3, 1)
    environment = ActivityEnvironment()

    def met(after: tuple[str, str], *, since: dict[str, date], limit: int) -> list[OpenDeadline]:
        asked.append(after[0])
        if len(asked) == 1:
            raise Unreachable(Problem("数据库没有及时答复", "稍后再试"))
        return [each for each in rows if each.case > after[0]]

    deadlines = SimpleNamespace(
        behind=lambda after, *, not_under, limit: [],
        editions_met_under=lambda: [BEFORE.name],
        met=met,
        lagging_among=lambda edition, cases: {},
        under_other_editions=lambda edition, *, after, limit: [],
    )
    watch = sifting(post, deadlines)
    rounds: list[list[str]] = []

    async def pause(noticed: str) -> None:
        nonlocal today
        rounds.append([case for case, _ in post.sent])
        post.sent.clear()
        if len(rounds) == 2:
            post.failing.clear()
        elif len(rounds) == 4:
            today += timedelta(days=1)
        elif len(rounds) == 5:
            environment.worker_shutdown()

    monkeypatch.setattr(watch, "_pause", pause)
    monkeypatch.setattr("activities.calendar_watch.NOTICED_SECONDS", 0)
    monkeypatch.setattr("activities.calendar_watch.day_in_china", lambda _: today)
    await environment.run(watch.watch)
    everybody = ["moves", "silent", "unclear"]
    assert rounds == [[], everybody, ["silent"], [], everybody]


async def test_a_sign_of_life_is_given_while_those_that_move_are_told_and_another_edition_ends_it() -> None:
    """Hundreds move in one portion: told ten in a second, they take longer than the server waits for a sign."""
    rows = [counted((started("2026-12-05"),), "coop.reply")._replace(case=f"{place}") for place in range(4)]
    post, signs = Post(), list[None]()
    deadlines = SimpleNamespace(
        behind=lambda after, *, not_under, limit: rows, lagging_among=lambda edition, cases: {}
    )
    watch = sifting(post, deadlines, lambda: AFTER if len(post.sent) < 3 else BEFORE, pace=2)
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda: signs.append(None)
    ask = partial(deadlines.behind, not_under=AFTER.name)
    assert await environment.run(watch.tell_movers, AFTER, ("", ""), ask) is None
    assert [case for case, _ in post.sent] == ["0", "1", "2"] and len(signs) == 4
