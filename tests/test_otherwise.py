"""What a due date would have been otherwise: a ledger replayed with one entry left out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import calendar
from models.dates import EventDate
from models.deadlines import (
    Corrected,
    Entry,
    Excluded,
    Extended,
    Ledger,
    Met,
    Resumed,
    Started,
    Suspended,
    account_of,
    reckon,
)
from models.otherwise import Due, due, otherwises, without
from models.rules import rule
from tests.test_core_properties import EDITIONS, RULES, ledgers


def day(text: str) -> date:
    return date.fromisoformat(text)


def on(text: str) -> EventDate:
    return EventDate.parse(text)


def ledger(start: str, *entries: Entry) -> Ledger:
    return (Started(on(start), "f"), *entries)


STILL = (Suspended(day("2021-10-15"), "s"), Resumed(day("2021-11-15"), "r"))
MONTH = Extended(1, "months", "x", "检察长")
FILES = Excluded(day("2021-11-20"), day("2021-11-30"), "e", "调卷")


@pytest.mark.parametrize(
    ("key", "entries", "now", "kind", "then", "basis"),
    [
        ("sup.review", STILL, "2022-02-08", "suspended", "2022-01-10", "第八十条"),
        ("sup.review", (*STILL, MONTH), "2022-03-11", "suspended", "2022-02-08", "第八十条"),
        ("sup.review", (*STILL, MONTH), "2022-03-11", "extended", "2022-02-08", "第五十六条"),
        ("sup.review", (FILES,), "2022-01-18", "excluded", "2022-01-10", "第五十六条"),
        ("pil.prosecute", (MONTH,), "2021-12-08", "extended", "2021-11-08", "第四十七条"),
        ("jy.reply", (Corrected(on("2021-10-20"), "c"),), "2021-12-20", "corrected", "2021-12-08", ""),
        (
            "jy.reply",
            (Corrected(on("2021-10"), "c"),),
            "2021-12-01～2021-12-31",
            "corrected",
            "2021-12-08",
            "",
        ),
    ],
)
def test_each_kind_of_entry_left_out(
    key: str, entries: tuple[Entry, ...], now: str, kind: str, then: str, basis: str
) -> None:
    law, held, told = rule(key), calendar(), ledger("2021-10-08", *entries)
    assert due(law, told, held, None).words == now
    [found] = [each for each in otherwises(law, told, held, None) if each.entry.kind == kind]
    assert found.due.words == then
    assert basis in found.basis and bool(basis) == bool(found.basis)


def test_a_suspension_still_open_and_one_of_two() -> None:
    law, held = rule("sup.review"), calendar()
    still = ledger("2021-10-08", STILL[0])
    assert due(law, still, held, None).words == "中止，暂无届满日"
    assert [each.due.words for each in otherwises(law, still, held, None)] == ["2022-01-10"]
    again = (Suspended(day("2021-12-01"), "s2"), Resumed(day("2021-12-11"), "r2"))
    twice = ledger("2021-10-08", *STILL, *again)
    assert without(twice, 1) == ledger("2021-10-08", *again)
    assert without(twice, 3) == ledger("2021-10-08", *STILL)
    assert [each.due.words for each in otherwises(law, twice, held, None)] == ["2022-01-18", "2022-02-08"]


def test_without_a_day_there_is_none_to_tell() -> None:
    held = calendar()
    assert due(rule("sup.review"), (), held, None).words == "不起算"
    assert due(rule("sup.review"), (Met(on("2021-10-08"), "m"),), held, None) == Due(
        None, None, "not_started"
    )
    assert due(rule("pil.suspend"), ledger("2021-10-08"), held, None).words == "无固定期限"
    late = due(rule("jy.reply"), ledger("2026-11-23"), held, None)
    assert late.provisional and late.words.endswith("（暂定）")


@settings(deadline=None)
@given(RULES, ledgers(), EDITIONS, st.data())
def test_what_moved_nothing_can_be_left_out(law, told, held, data) -> None:  # type: ignore[no-untyped-def]
    """Leaving out what met it or found it run out leaves the due day; so does leaving out nothing."""
    now = due(law, told, held, None)
    reckoning = reckon(law, told, held)
    assert (now.first, now.last) in (
        (reckoning.due_on, reckoning.due_on),
        (reckoning.due_from, reckoning.due_to),
    )
    idle = [place for place, entry in enumerate(told) if entry.kind in ("met", "expired")]
    if idle:
        assert due(law, without(told, data.draw(st.sampled_from(idle))), held, None) == now


@settings(deadline=None)
@given(RULES, ledgers(), EDITIONS)
def test_each_answer_is_the_count_of_the_ledger_it_leaves(law, told, held) -> None:  # type: ignore[no-untyped-def]
    for each in otherwises(law, told, held, None):
        rest = without(told, each.place)
        assert each.entry not in rest or told.count(each.entry) > 1
        assert len(told) - len(rest) <= 2
        assert each.due == due(law, rest, held, None)
        if each.entry.kind == "extended" and each.due.last and account_of(told).still == []:
            now = due(law, told, held, None)
            assert law.direction == "before" or now.last is None or each.due.last <= now.last
