"""The hand-written table agrees with itself: a slip of the pen would accuse the program."""

from __future__ import annotations

from datetime import date
from typing import Any

import chinese_calendar
import pytest
import yaml

from models.dates import EventDate
from starter.rehearsing.expected import PUBLISHED
from starter.rehearsing.expected import TABLE as EXPECTED

TABLE = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))
MONTHS = {"ct.reply": 3, "pil.reply": 2, "jy.reply": 2}


def test_every_case_is_either_in_a_row_or_says_why_not() -> None:
    with_rows = {row["case"] for row in TABLE["rows"]}
    without = {row["case"] for row in TABLE["without_rows"]}
    assert with_rows.isdisjoint(without)
    assert with_rows | without == {path.stem for path in PUBLISHED.glob("*.yaml")} - {"expected"}
    assert len(with_rows) + len(without) == 40
    assert all(row["why"] for row in TABLE["without_rows"])


def test_a_recipient_has_one_row_for_each_letter() -> None:
    keys = [(row["case"], row["recipient"], row["start"]) for row in TABLE["rows"]]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("row", TABLE["rows"], ids=lambda row: f"{row['case'][:2]}-{row['recipient']}")
def test_a_row_is_coherent(row: dict[str, Any]) -> None:
    assert row["rule"] in MONTHS
    assert isinstance(row["presumed"], bool)
    start = EventDate.parse(row["start"])
    if start.is_day:
        dues = [date.fromisoformat(row["due"])]
        assert "due_from" not in row and "due_to" not in row
    else:
        assert row["due"] is None and row["days_late"] is None
        dues = [date.fromisoformat(row["due_from"]), date.fromisoformat(row["due_to"])]
        assert dues[0] < dues[1]
    for begun, due in zip((start.earliest, start.latest)[: len(dues)], dues, strict=True):
        assert chinese_calendar.is_workday(due), "falls on a rest day"
        months = (due.year - begun.year) * 12 + due.month - begun.month
        assert 0 <= months - MONTHS[row["rule"]] <= 1, "another number of months"
    if row["met"] is not None:
        met = EventDate.parse(row["met"])
        assert met.latest >= start.earliest, "answered before it was sent"
        if met.is_day and start.is_day:
            assert row["days_late"] == (met.earliest - dues[0]).days
            return
    assert row["days_late"] is None
