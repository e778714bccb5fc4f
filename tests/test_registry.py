"""The registry: what is written is what is read, the newer snapshot wins, and lists show their cases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError

from activities.books import Books
from activities.case_lists import CaseFilter, Order
from activities.database import Database
from activities.registry import Registry
from models.dates import CHINA
from models.kinds import FILES
from models.notices import Notice
from models.rows import FILED, CaseRow, DeadlineRow, FactRow, ItemRow, LetterRow, PaperRow, Snapshot
from models.stages import STAGES
from models.tables import Kept
from models.terms import CaseKind
from models.wire import Wire
from tests.sample_rows import CASE, case_row, fact_row, letter_row, snapshot

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, 1, 2, 3, 456789, tzinfo=UTC)
PARTS: dict[str, tuple[type[Wire], tuple[str, ...]]] = {
    "letters": (LetterRow, ("letter",)),
    "deadlines": (DeadlineRow, ("key",)),
    "items": (ItemRow, ("item",)),
    "papers": (PaperRow, ("direction", "order")),
    "facts": (FactRow, ("id",)),
}


@pytest.fixture
def registry(database: Database) -> Registry:
    return Registry(database)


def test_the_cases_of_a_liaison_are_found_until_they_are_filed(registry: Registry) -> None:
    theirs = {"procuratorate": "永安市人民检察院", "liaison": "甲"}
    rows = [
        case_row("urging-350481-2021-0001", **theirs),
        case_row("urging-350481-2021-0002", **theirs, stage="revisit", closed_on=date(2021, 12, 1)),
        case_row("urging-350481-2021-0003", **theirs, stage="archived"),
        case_row("urging-350481-2021-0004", **theirs | {"liaison": "乙"}),
        case_row("urging-350425-2021-0001", liaison="甲"),
    ]
    for row in rows:
        registry.project(snapshot(case=row), run="r1", run_started_at=RUN)
    assert registry.of_liaisons(["永安市人民检察院"], {"甲", "丁"}) == [row.case for row in rows[:2]]
    assert registry.of_liaisons(["永安市人民检察院"], set()) == []


@pytest.mark.parametrize("kind", FILES)
def test_the_last_stage_has_one_word(kind: CaseKind) -> None:
    assert STAGES[kind](FILED).label == "归档"


def notice(key: str, subject: str = "【提醒】回复期限将于2021-11-15届满") -> Notice:
    return Notice(
        key=key, case=CASE, to=("张三", "李四"), subject=subject, body="正文\n", on=date(2021, 11, 8), at=RUN
    )


# what is written is what is read

TEXTS = st.text(max_size=30) | st.text("\0\U0010ffff01", max_size=8)
AMOUNTS = st.integers(0, 2**63 - 1)
FIELDS: dict[object, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: AMOUNTS,
    date: st.dates(),
    date | None: st.none() | st.dates(),
    int | None: st.none() | st.integers(-(2**31), 2**31 - 1),
    float | None: st.none() | st.floats(0, allow_nan=False),
}


def any_row(row: type[Wire], key: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    fields = {name: FIELDS[field.annotation] for name, field in row.model_fields.items()}
    few = {name: st.sampled_from("甲乙丙丁戊") | TEXTS for name in key}
    return st.builds(row, **{**fields, **few, "case": st.just(CASE)})


def any_rows(row: type[Wire], key: tuple[str, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    rows = st.lists(
        any_row(row, key), max_size=5, unique_by=lambda each: tuple(getattr(each, name) for name in key)
    )
    return rows.map(tuple)


SNAPSHOTS = st.builds(
    Snapshot,
    revision=AMOUNTS,
    case=any_row(CaseRow),
    **{name: any_rows(row, key) for name, (row, key) in PARTS.items()},
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(written=st.lists(SNAPSHOTS, min_size=1, max_size=3))
def test_any_snapshot_is_read_as_it_was_written(registry: Registry, written: list[Snapshot]) -> None:
    for each in written:
        now = datetime.now(UTC)
        assert registry.project(each, run=now.isoformat(), run_started_at=now)
        assert registry.snapshot(CASE) == each


def test_tables_mirror_the_row_models() -> None:
    tables = Kept.metadata.tables
    assert list(tables["cases"].columns.keys()) == [
        *CaseRow.model_fields,
        "run",
        "run_started_at",
        "revision",
        "settling",
    ]
    for name, (row, key) in PARTS.items():
        assert set(tables[name].columns.keys()) == {*row.model_fields, "position"}
        assert {column.name for column in tables[name].primary_key} == {"case", *key}


def test_a_case_never_projected_has_no_snapshot(registry: Registry) -> None:
    assert registry.snapshot(CASE) is None


@contextmanager
def changes_seen() -> Iterator[list[tuple[str, int]]]:
    """The changing statements in the meantime, as (verb and table, number of rows)."""
    seen: list[tuple[str, int]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE") and "cases" not in words[:3]:
            table = words[1] if words[0] == "UPDATE" else words[2]
            # psycopg takes several rows in one statement, as one list of parameters
            rows = len(parameters) if many else statement.count("(%(", statement.find("VALUES")) or 1
            seen.append((f"{words[0]} {table}", rows))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_only_what_differs_is_written(registry: Registry) -> None:
    facts = tuple(fact_row(number) for number in range(1, 301))
    registry.project(snapshot(300, facts=facts, letters=(letter_row(),)), run="r1", run_started_at=RUN)
    with changes_seen() as seen:
        registry.project(snapshot(300, facts=facts, letters=(letter_row(),)), run="r1", run_started_at=RUN)
    assert seen == []
    with changes_seen() as seen:
        later = snapshot(
            301,
            facts=(*facts[:-1], fact_row(301)),
            letters=(letter_row(state="served", served_on="2021-09-16"),),
        )
        registry.project(later, run="r1", run_started_at=RUN)
    assert sorted(seen) == [
        ("DELETE facts", 1),
        ("DELETE worklist", 1),
        ("INSERT facts", 1),
        ("UPDATE letters", 1),
    ]
    assert registry.snapshot(CASE) == later


# the newer snapshot wins


@pytest.mark.parametrize(
    ("run", "run_started_at", "revision", "wins"),
    [
        ("r1", RUN, 6, True),
        ("r1", RUN, 5, True),
        ("r1", RUN, 4, False),
        ("r1", RUN.astimezone(CHINA), 4, False),
        ("r2", RUN, 9, True),
        ("r2", RUN, 1, True),
        ("r2", RUN.astimezone(CHINA), 1, True),
        ("r2", RUN + timedelta(microseconds=1), 1, True),
        ("r2", RUN - timedelta(microseconds=1), 9, False),
    ],
    ids=[
        "newer revision",
        "same again",
        "older revision",
        "older revision in another zone",
        "reset run",
        "reset run with a shorter journal",
        "reset run in another zone",
        "continued run",
        "earlier run",
    ],
)
def test_the_newer_snapshot_wins_and_notices_are_queued_either_way(
    registry: Registry, database: Database, run: str, run_started_at: datetime, revision: int, wins: bool
) -> None:
    held = snapshot(5, facts=(fact_row(1), fact_row(2)))
    assert registry.project(held, run="r1", run_started_at=RUN)
    other = snapshot(revision, case_row(title="另一份"), facts=(fact_row(3),))
    assert registry.project(other, run=run, run_started_at=run_started_at, notices=[notice("late")]) is wins
    assert registry.snapshot(CASE) == (other if wins else held)
    assert Books(database).queued(9) == [*notice("late").parted()]


def test_after_a_reset_the_revisions_of_the_new_run_count(registry: Registry) -> None:
    registry.project(snapshot(12), run="r1", run_started_at=RUN)
    registry.project(snapshot(4), run="r2", run_started_at=RUN)
    assert not registry.project(snapshot(3), run="r2", run_started_at=RUN)
    assert registry.snapshot(CASE) == snapshot(4)
    assert registry.project(snapshot(5), run="r2", run_started_at=RUN)
    assert registry.snapshot(CASE) == snapshot(5)


def test_projections_in_any_order_end_with_the_newest(registry: Registry) -> None:
    revisions = list(range(1, 25))
    random.Random(7).shuffle(revisions)

    def project(revision: int) -> None:
        facts = tuple(fact_row(number, f"第{revision}版") for number in range(revision))
        registry.project(
            snapshot(revision, facts=facts),
            run="r1",
            run_started_at=RUN,
            notices=[notice(f"n{revision % 3}")],
        )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(project, revisions))
    read = registry.snapshot(CASE)
    assert read is not None
    assert read.revision == 24
    assert [each.what for each in read.facts] == ["第24版"] * 24


def test_a_notice_is_queued_once_under_its_key(registry: Registry, database: Database) -> None:
    registry.project(snapshot(1), run="r1", run_started_at=RUN, notices=[notice("a"), notice("b")])
    registry.project(
        snapshot(2), run="r1", run_started_at=RUN, notices=[notice("b", "另一内容"), notice("c")]
    )
    queued = Books(database).queued(9)
    assert queued == [each for key in "abc" for each in notice(key).parted()]
    assert [(each.key, each.to) for each in queued][:2] == [("a/张三", ("张三",)), ("a/李四", ("李四",))]


def test_a_projection_is_whole_or_not_at_all(registry: Registry, database: Database) -> None:
    with pytest.raises(IntegrityError):
        registry.project(
            snapshot(1, facts=(fact_row(1), fact_row(1))), run="r1", run_started_at=RUN, notices=[notice("a")]
        )
    assert registry.snapshot(CASE) is None
    assert Books(database).queued(9) == []


def test_other_cases_are_left_alone(registry: Registry) -> None:
    other = case_row("urging-350425-2021-0002")
    registry.project(snapshot(1, facts=(fact_row(1),)), run="r1", run_started_at=RUN)
    registry.project(snapshot(1, other), run="r1", run_started_at=RUN)
    assert registry.snapshot(CASE) == snapshot(1, facts=(fact_row(1),))
    assert registry.snapshot(other.case) == snapshot(1, other)


# lists


@pytest.fixture
def listed(registry: Registry) -> Registry:
    """Ten cases, a letter each, one of them special in each way."""
    special: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {
        1: ({"is_overdue": True, "next_due_on": date(2021, 10, 8)}, {}),
        2: ({"next_due_on": date(2021, 10, 20)}, {}),
        3: ({"is_provisional": True}, {}),
        4: ({}, {"state": "issued", "served_on": ""}),
        5: ({}, {"state": "replied"}),
        6: ({"unmatched": 2}, {}),
        7: ({"county": "350481"}, {"state": "refused_service", "served_on": ""}),
        8: ({"kind": "enforcement"}, {}),
        9: ({"stage": "closed", "closed_on": date(2021, 12, 1), "next_due_on": None}, {}),
        10: ({"handler": "王五", "opened_on": date(2021, 8, 1)}, {}),
    }
    for number, (of_case, of_letter) in special.items():
        case = f"urging-350425-2021-{number:04d}"
        letter = letter_row(case=case, **{"state": "served", "served_on": "2021-09-16", **of_letter})
        row = case_row(case, **of_case)
        facts = tuple(
            fact_row(seq).model_copy(update={"case": case, "how": "unmatched"})
            for seq in range(row.unmatched)
        )
        registry.project(snapshot(1, row, letters=(letter,), facts=facts), run="r1", run_started_at=RUN)
    return registry


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (CaseFilter(overdue=True), [1]),
        (CaseFilter(due_by=date(2021, 10, 20)), [1, 2]),
        (CaseFilter(due_by=date(2021, 10, 19)), [1]),
        (CaseFilter(provisional=True), [3]),
        (CaseFilter(unserved=True), [4, 7]),
        (CaseFilter(unassessed=True), [5]),
        (CaseFilter(unmatched=True), [6]),
        (CaseFilter(county="350481"), [7]),
        (CaseFilter(kind="enforcement"), [8]),
        (CaseFilter(stages=("closed",)), [9]),
        (CaseFilter(handler="王五"), [10]),
        (CaseFilter(open_only=True, county="350425"), [1, 2, 3, 4, 5, 6, 8, 10]),
        (CaseFilter(unserved=True, county="350425"), [4]),
        (CaseFilter(overdue=True, provisional=True), []),
    ],
    ids=lambda value: str(value) if isinstance(value, CaseFilter) else None,
)
def test_each_filter_lists_its_cases(listed: Registry, wanted: CaseFilter, numbers: list[int]) -> None:
    page = listed.cases(wanted)
    assert [int(row.case[-4:]) for row in page.rows] == numbers
    assert page.total == len(numbers)


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("due", [1, 2, 3, 4, 5, 6, 7, 8, 10, 9]),
        ("opened", [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("case", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    ],
)
def test_a_list_is_ordered_and_paged(listed: Registry, order: Order, numbers: list[int]) -> None:
    pages = [listed.cases(order=order, limit=4, offset=start) for start in (0, 4, 8)]
    assert [int(row.case[-4:]) for page in pages for row in page.rows] == numbers
    assert {page.total for page in pages} == {10}


def test_a_list_gives_the_rows_themselves(listed: Registry) -> None:
    row = case_row("urging-350425-2021-0006", unmatched=2)
    assert listed.cases(CaseFilter(unmatched=True)).rows == (row,)
