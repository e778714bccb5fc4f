"""Open deadlines in portions, and who is behind, on every database."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from activities.database import Database
from activities.open_deadlines import Behind, OpenDeadlines
from activities.registry import Registry
from tests.test_calendar_moves import AFTER, BEFORE, counted, started
from tests.test_script_calendar import keep

pytest_plugins = ["tests.databases"]


def test_open_deadlines_come_in_portions_and_those_behind_are_counted(database: Database) -> None:
    registry, deadlines = Registry(database), OpenDeadlines(database)
    reply, copy = (counted((started("2026-12-05"),), key) for key in ("coop.reply", "coop.copy"))
    ahead = counted((started("2026-12-05"),), "coop.reply", AFTER)
    keep(registry, *(each._replace(case="a-1") for each in (copy, reply)))
    keep(registry, reply._replace(case="b-1"), ahead._replace(case="b-1", key="L2/coop.reply"))
    keep(registry, ahead._replace(case="c-1"))
    keep(registry, reply._replace(case="d-1"), state="met")
    keep(registry, reply._replace(case="e-1"), state="expired")

    portions = list(deadlines.portions(size=2))
    assert [len(portion) for portion in portions] == [2, 2, 2]
    found = [each for portion in portions for each in portion]
    assert [(each.case, each.key) for each in found] == [
        ("a-1", "L1/coop.copy"),
        ("a-1", "L1/coop.reply"),
        ("b-1", "L1/coop.reply"),
        ("b-1", "L2/coop.reply"),
        ("c-1", "L1/coop.reply"),
        ("e-1", "L1/coop.reply"),
    ]
    kept = found[1]
    assert (kept.days, kept.ledger, kept.edition) == (reply.days, reply.ledger, BEFORE.name)
    assert (kept.title, kept.handler) == ("督促整改占用耕地案", "张三")

    assert [
        each.case for each in deadlines.behind(("a-1", "L1/coop.copy"), not_under=AFTER.name, limit=9)
    ] == [
        "a-1",
        "b-1",
        "e-1",
    ]
    assert deadlines.still_behind(AFTER.name) == Behind(cases=3, deadlines=4)
    assert deadlines.lagging_among(AFTER.name, ["a-1", "c-1", "d-1", "none"]) == {"a-1": 2}
    assert deadlines.lagging_among(AFTER.name, []) == {}


def test_what_was_met_since_a_year_is_found_in_cases_on_the_desk(database: Database) -> None:
    registry, deadlines = Registry(database), OpenDeadlines(database)
    assert deadlines.editions_met_under() == []
    row = counted((started("2026-12-05"),), "coop.reply")
    known = {
        "a-1": "2027-02-07",
        "b-1": "2026-12-31",
        "c-1": "2027-02",
        "d-1": "2026-12-30/2027-02-01",
        "e-1": "2027-02-07",
        "f-1": "2027-02-07",
    }
    for case, met_on in known.items():
        edition = AFTER.name if case == "e-1" else BEFORE.name
        keep(registry, row._replace(case=case, met_on=met_on, edition=edition), state="met")
    keep(registry, row._replace(case="g-1"))
    with database.writing() as session:
        session.execute(text("UPDATE cases SET stage = 'archived' WHERE \"case\" = 'f-1'"))
    assert deadlines.editions_met_under() == sorted({BEFORE.name, AFTER.name})
    since = {BEFORE.name: date(2027, 2, 5)}
    assert [each.case for each in deadlines.met(("", ""), since=since)] == ["a-1", "c-1", "d-1"]
    assert [[each.case for each in part] for part in deadlines.portions_met(since)] == [["a-1", "c-1", "d-1"]]
    assert [each.case for each in deadlines.met(("a-1", "z"), since=since, limit=1)] == ["c-1"]
    assert deadlines.met(("", ""), since={}) == []
