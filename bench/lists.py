"""Lists and search over 100,000 cases: the time from the call to its rows, on SQLite and, where it is installed, PostgreSQL.

No two calls are the same, and none is made twice: what the database keeps in memory is of other questions.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import NullPool, create_engine, text

from activities.case_lists import CaseFilter, CaseLists, Order
from activities.database import Database
from activities.search import Search
from activities.todays_work import Asked, todays_work
from bench import many_cases, many_papers
from bench.many_cases import TODAY, Made
from bench.report import Report
from tests import databases

MOST_MILLISECONDS = 100.0

Call = Callable[[], object]


@dataclass(frozen=True)
class Load:
    """So many cases, and of each question so many calls."""

    cases: int = 100_000
    calls: int = 25


async def measure(*, full: bool = False, load: Load | None = None) -> AsyncIterator[Report]:
    """The milliseconds of each question, at the median and at the 95th percentile."""
    load = load or Load(calls=60 if full else 25)
    for kind in databases.KINDS:
        with ExitStack() as held:
            if kind == "sqlite":
                folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="mingjian-bench-")))
                address = f"sqlite:///{folder / 'registry.db'}"
            else:
                address = databases.empty_postgresql(held.enter_context(databases.postgresql_cluster()))
            database = held.enter_context(closing(Database(address, patience=600)))
            filled = _filled(database, load)
            if kind == "postgresql":
                _vacuum(address)
            yield _measured(kind, database, load, filled)


def _filled(database: Database, load: Load) -> float:
    """The seconds that it took."""
    database.migrate()
    began = time.monotonic()
    with database.writing() as session:
        many_cases.insert(session.connection(), load.cases)
        many_papers.insert(session.connection(), load.cases)
    return time.monotonic() - began


def _vacuum(address: str) -> None:
    """What PostgreSQL does by itself once it has been left alone for a minute."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _measured(kind: str, database: Database, load: Load, filled: float) -> Report:
    report = Report(
        f"Lists and search of {load.cases:,} cases, {kind}: milliseconds",
        [("", "calls", "p50", "p95", "most", "promised")],
        [f"Filled in {filled:.0f} s."],
    )
    questions = _questions(database, load)
    calls = [(name, call) for name, calls in questions.items() for call in calls]
    random.Random(1).shuffle(calls)
    taken: dict[str, list[float]] = {name: [] for name in questions}
    for name, call in calls:
        began = time.perf_counter()
        call()
        taken[name].append((time.perf_counter() - began) * 1000)
    for name, each in taken.items():
        at95 = quantiles(each, n=20, method="inclusive")[-1]
        verdict = report.judge(f"{kind}, {name}: ms at the 95th percentile", at95, at_most=MOST_MILLISECONDS)
        report.rows.append(
            (name, str(len(each)), f"{median(each):.1f}", f"{at95:.1f}", f"{max(each):.1f}", verdict)
        )
    return report


def _questions(database: Database, load: Load) -> dict[str, list[Call]]:
    chance = random.Random(2)
    made = list(many_cases.cases(load.cases))
    counties = sorted({each.case.county for each in made})
    kinds = sorted({each.case.kind for each in made})
    handlers = sorted({each.case.handler for each in made})
    agencies = sorted({letter.recipient_code for each in made for letter in each.letters})
    cases, search = CaseLists(database), Search(database)

    def listed(order: Order, **which: object) -> Call:
        middle = chance.randrange(0, 200, 50)
        return lambda: cases.cases(CaseFilter(**which), order=order, offset=middle)  # type: ignore[arg-type]  # its own fields, by name

    def some(make: Callable[[int], Call]) -> list[Call]:
        return [make(at) for at in range(load.calls)]

    def order(at: int) -> Order:
        orders: tuple[Order, ...] = ("due", "opened", "case")
        return orders[at % 3]

    def narrowed(at: int) -> dict[str, object]:
        """Nothing, a county, a kind, a handler, or what is open: each call another mixture."""
        which: dict[str, object] = {}
        if at % 2:
            which["county"] = chance.choice(counties)
        if at % 3 == 1:
            which["kind"] = chance.choice(kinds)
        if at % 7 == 3:
            which["handler"] = chance.choice(handlers)
        if at % 5 == 2:
            which["open_only"] = True
        return which

    def flagged(flag: str) -> list[Call]:
        return some(lambda at: listed(order(at), **narrowed(at) | {flag: True}))

    def paged(at: int) -> Call:
        middle = load.cases // 2 + at * 50 - 600
        return lambda: cases.cases(CaseFilter(), order=order(at), offset=max(middle, 0))

    def campaign(at: int) -> Call:
        """Of some hundred cases, and of up to five thousand."""
        attached = tuple(each.case.case for each in chance.sample(made, min(len(made), 200 * (at + 1))))
        wanted = CaseFilter(campaign=f"campaign-350400-2026-{at + 1:04d}", attached=attached)
        return lambda: cases.cases(wanted, order=order(at))

    def page(at: int, **whose: str) -> Call:
        """The page of the day, as it is printed; one day later each time."""
        today = TODAY + timedelta(days=at)
        asked = Asked(
            today=today, until=today + timedelta(days=5), since=today - timedelta(days=1), most=10, **whose
        )
        return lambda: todays_work(database, asked)

    def finding(words: Iterator[str]) -> list[Call]:
        return some(lambda _: _searching(search, next(words)))

    return {
        "list: overdue": flagged("overdue"),
        "list: due within days": some(
            lambda at: listed(order(at), due_by=TODAY + timedelta(days=at * 3 % 90), **narrowed(at))
        ),
        "list: provisional": flagged("provisional"),
        "list: not served": flagged("unserved"),
        "list: not assessed": flagged("unassessed"),
        "list: to be sorted": flagged("unmatched"),
        "list: open": flagged("open_only"),
        "list: of a county": some(lambda at: listed(order(at), county=chance.choice(counties))),
        "list: of a kind": some(lambda at: listed(order(at), kind=chance.choice(kinds))),
        "list: of a handler": some(lambda at: listed(order(at), handler=handlers[at * 7 % len(handlers)])),
        "list: of an agency": some(lambda at: listed(order(at), agency=(agencies[at % len(agencies)],))),
        "list: look-backs due": some(
            lambda at: listed(order(at), look_back_by=TODAY + timedelta(days=at), **narrowed(at))
        ),
        "list: run out": some(
            lambda at: listed(order(at), expired_before=TODAY - timedelta(days=at), **narrowed(at))
        ),
        "list: drafts": flagged("pending"),
        "list: all, the page in the middle": some(paged),
        "list: of a campaign": some(campaign),
        "today: everybody's": some(page),
        "today: of a handler": some(lambda at: page(at, handler=handlers[at * 11 % len(handlers)])),
        "today: of a county": some(lambda at: page(at, county=chance.choice(counties))),
        **_searches(chance, made, finding),
    }


def _searching(search: Search, word: str) -> Call:
    return lambda: search.find(word.split())


def _searches(
    chance: random.Random, made: list[Made], finding: Callable[[Iterator[str]], list[Call]]
) -> dict[str, list[Call]]:
    def cut(length: int) -> Iterator[str]:
        """Pieces of titles: most stand in thousands of cases."""
        while True:
            title = chance.choice(made).case.title
            at = chance.randrange(len(title) - length + 1)
            yield title[at : at + length]

    def numbers() -> Iterator[str]:
        while True:
            number = chance.choice(made).letters[0].official_no
            yield number.replace("〔", "[").replace("〕", "]")

    def ids() -> Iterator[str]:
        while True:
            yield chance.choice(made).case.case[-9:]

    def two() -> Iterator[str]:
        while True:
            case = chance.choice(made).case
            yield f"{case.title[:2]} {case.county_name[:2]} {case.title[5:9]}"

    def seldom(*words: str) -> Iterator[str]:
        while True:
            yield from words

    return {
        "search: one character": finding(cut(1)),
        "search: one character, rare": finding(seldom("樟", "𬒈", "墓", "垮", "梯")),
        "search: two characters": finding(cut(2)),
        "search: two characters, rare": finding(seldom("樟树", "𬒈口", "墓园", "垮塌", "球场", "尔夫")),
        "search: three characters": finding(cut(3)),
        "search: six characters": finding(cut(6)),
        "search: a 文号": finding(numbers()),
        "search: the end of a case id": finding(ids()),
        "search: several words": finding(two()),
        "search: in no case": finding(seldom("鲸", "鲸鱼", "海洋牧场", "村地", "案督促", "urging-999999")),
    }
