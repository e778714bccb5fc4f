"""How far many cases have come: the registry's answer, in portions, and the numbers that it comes to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from activities.campaigns import CampaignRoom
from activities.database import Database
from activities.registry import Registry
from models.errors import Unreachable
from models.said.campaigns import ProgressCounted
from models.tallies import CountOrder, Standing, tally
from tests.sample_rows import case_row, snapshot

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, 1, tzinfo=UTC)


def asked(*cases: str) -> CountOrder:
    return CountOrder(order="count/x", case="campaign-350400-2021-0001", cases=cases)


def number(of: int) -> str:
    return f"urging-350425-2021-{of:04d}"


def test_numbers_are_added_up() -> None:
    """Every case is counted once: known or not, open or closed, in time or late."""
    stand = (
        Standing("", True, 2),
        Standing("", False, 3),
        Standing("rectified", False, 4),
        Standing("taken", True, 1),
    )
    assert tally(asked(*map(number, range(12))), stand) == ProgressCounted(
        id="count/x/counted",
        order="count/x",
        attached=12,
        opened=10,
        closed=5,
        overdue=3,
        put_right=4,
        by_outcome={"rectified": 4, "taken": 1},
    )


def test_the_registry_tells_of_more_cases_than_one_question_may_name(database: Database) -> None:
    """Twelve hundred in three portions, some of them unknown; others that it knows are not counted."""
    registry = Registry(database)
    for of in range(0, 1200, 100):
        closed = {"outcome": "rectified", "closed_on": date(2021, 12, 1)} if of >= 600 else {}
        case = case_row(number(of), is_overdue=of < 300, **closed)
        registry.project(snapshot(case=case), run="r", run_started_at=RUN)
    others = snapshot(case=case_row("urging-350425-2020-0001"))
    registry.project(others, run="r", run_started_at=RUN)
    counted = CampaignRoom(registry).count(asked(*map(number, range(1200))))
    assert (counted.attached, counted.opened, counted.closed, counted.overdue, counted.put_right) == (
        1200,
        12,
        6,
        3,
        6,
    )
    assert CampaignRoom(registry).count(asked()).opened == 0


def test_a_registry_that_does_not_answer_makes_nothing_up() -> None:
    """The activity fails, and the server tries it again."""
    nowhere = Registry(Database("sqlite:////nowhere/registry.db"))
    with pytest.raises(Unreachable):
        CampaignRoom(nowhere).count(asked(number(1)))
