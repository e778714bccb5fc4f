"""The fold: once, in any order, corrected in place, chained; and what a state from elsewhere does to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cases.urging import UrgingFile
from models.chain import chained
from models.dates import at_hour
from models.decisions import Correct
from models.errors import Refusal
from models.facts import FACTS, Fact
from models.journal import CaseState
from models.messages import Entry, Reminded
from models.projecting import rows
from models.terms import Milestone, Stance
from tests.openings import BUREAU, CHIEF, CLERK, DRAFTER, FOUNDING_DAY, TOWN, draft, field, opening
from tests.pure_desk import PureDesk, issued, served

NOON = at_hour(date(2021, 12, 1), 12)


def fact(kind: str, id: str, on: str, **fields: Any) -> Fact:
    return FACTS.validate_python({"kind": kind, "id": id, "on": on, "by": CLERK, **fields})


# Facts that life brings in this order, and the post in any.
FACTS_OF_A_CASE: tuple[Fact, ...] = (
    fact("service_refused", "refused", "2021-09-16", letter="L1"),
    fact("letter_served", "left", "2021-09-17", letter="L1", mode="left"),
    fact("letter_served", "posted", "2021-09-20", letter="L1", mode="post"),
    fact("letter_served", "town", "2021-09-15", letter=TOWN.name),
    fact("objection_raised", "objection", "2021-09-24", letter="L1"),
    fact("reply_received", "partly", "2021-10-11", letter="L1", stance=Stance.PARTLY_ADOPTED),
    fact(
        "reply_received",
        "town-reply",
        "2021-11-25",
        letter=TOWN.name,
        promises=[{"what": "复耕", "by": "2022-03-01"}],
    ),
    fact("reply_received", "more", "2021-11-20", letter="L1", stance=Stance.ADOPTED),
    fact("promise_kept", "kept", "2021-11-30", promise="town-reply#1"),
    fact("item_progressed", "cleared", "2021-10-08", item="地块一", milestone=Milestone.CLEARED),
    fact(
        "item_progressed", "failed", "2021-10-20", item="地块一", milestone=Milestone.ACCEPTED, passed=False
    ),
    fact("item_progressed", "covered", "2021-11-09", item="地块一", milestone=Milestone.COVERED),
    fact("item_progressed", "accepted", "2021-11-12", item="地块一", milestone=Milestone.ACCEPTED),
    fact("filed_upward", "filed", "2021-09-18", letter="L1"),
)


def _case() -> PureDesk:
    return issued(draft(draft().document, BUREAU, TOWN), items=(field(),)).on("2021-12-01")


def _what_came_of_it(desk: PureDesk) -> dict[str, Any]:
    """The rows without the order of entry: sequence numbers, sentences, the spelling of ledgers, ticks of the clock."""
    snapshot = rows(desk.case)
    deadlines = sorted(
        (row.key, str(row.due_on), row.state, row.met_on, row.days_late) for row in snapshot.deadlines
    )
    case = snapshot.case.model_dump()
    return {
        "case": case,
        "letters": snapshot.letters,
        "items": snapshot.items,
        "deadlines": deadlines,
        "facts": sorted(
            (row.id, row.how) for row in snapshot.facts if row.kind not in ("reminded", "fell_due")
        ),
    }


@settings(max_examples=60, deadline=None)
@given(st.permutations(FACTS_OF_A_CASE))
def test_the_order_of_entry_does_not_matter(order: list[Fact]) -> None:
    """Early, late, before their cause: the same facts make the same case."""
    straight, shuffled = _case(), _case()
    for each in FACTS_OF_A_CASE:
        straight.take(each)
    for each in order:
        shuffled.take(each)
    assert not straight.case.unmatched
    assert _what_came_of_it(shuffled) == _what_came_of_it(straight)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FACTS_OF_A_CASE), st.integers(-4, 4), st.booleans())
def test_a_correction_is_as_if_it_had_been_recorded_so(target: Fact, days: int, strike: bool) -> None:
    """Recorded wrongly and corrected, or recorded rightly at once: the same case, whenever the correction came."""
    moved = target.on.earliest + timedelta(days=days)
    new = None if strike else target.model_copy(update={"on": type(target.on).on(moved)})
    right = _case()
    for each in FACTS_OF_A_CASE:
        if each.id != target.id:
            right.take(each)
        elif new is not None:
            right.take(new)
    for at in (FACTS_OF_A_CASE.index(target) + 1, len(FACTS_OF_A_CASE)):
        corrected = _case()
        for number, each in enumerate(FACTS_OF_A_CASE, 1):
            corrected.take(each)
            if number == at:
                _correct(corrected, target.id, new)
        expected, got = _what_came_of_it(right), _what_came_of_it(corrected)
        for both in (expected, got):
            both["facts"] = [pair for pair in both["facts"] if pair[0] not in ("c1", target.id)]
        assert got == expected


def _correct(desk: PureDesk, id: str, new: Fact | None) -> None:

    desk.take(Correct(id="c1", by=CHIEF, fact=id, replacement=new, reason="记录有误"))


def test_corrections_of_two_facts_commute() -> None:
    """Which of two facts is corrected first does not matter."""
    outcomes = []
    for order in permutations((("served", "2021-09-17"), ("r1", "2021-11-12"))):
        desk = served().on("2021-11-15")
        desk.record("reply_received", "2021-11-15", "r1", letter="L1")
        for id, day in order:
            desk.correct(id, day)
        outcomes.append(_what_came_of_it(desk) | {"facts": ()})
    assert outcomes[0] == outcomes[1]


def test_the_chain_shows_every_change() -> None:
    """Each line is hashed over the one before: a line changed, dropped or moved is seen in all that follow."""
    desk = served()
    entries = desk.case.entries
    previous = ""
    for entry in entries:
        assert entry.chain == chained(previous, entry.seq, entry.at, entry.message)
        previous = entry.chain
    changed = entries[0].message.model_copy(update={"reason": "改动"})
    assert chained("", 1, entries[0].at, changed) != entries[0].chain
    assert chained("", 1, entries[0].at + timedelta(seconds=1), entries[0].message) != entries[0].chain
    assert chained("x", 1, entries[0].at, entries[0].message) != entries[0].chain


def test_a_state_of_a_newer_program_is_refused() -> None:
    state = served().case.state()
    with pytest.raises(ValueError, match="newer"):
        UrgingFile.restored(state.model_copy(update={"schema_number": 99}))


def test_what_is_carried_is_whole() -> None:
    """Through JSON and back: the same rows, counts, edition, sorting list; and it goes on from there as it would have."""
    desk = served(items=(field(),)).on("2021-10-20")
    desk.signal("reply_received", "2021-10-19", "r1", letter="某局")
    other = PureDesk(desk.case.opening, desk.now, carried=desk.carried())
    other.papers = dict(desk.papers)
    for each in (desk, other):
        each.on("2021-11-19").decide("sort_out", "sorting", fact="r1", letter="L1")
    assert rows(desk.case) == rows(other.case)
    assert [entry.chain for entry in desk.case.entries] == [entry.chain for entry in other.case.entries]
    assert list(other.case.unmatched) == []


def test_a_check_changes_nothing() -> None:
    """A validator looks, and leaves no trace; asking about a correction folds a copy."""
    desk = served().on("2021-11-19")
    before = desk.case.state().model_dump_json()
    desk.refusal("correct", fact="served", replacement=None, reason="x")
    new = fact("letter_served", "served", "2021-09-20", letter="L1")
    desk.refusal("correct", fact="served", replacement=new, reason="x")
    desk.refusal("close_case", outcome="rectified", reason="x")
    assert desk.case.state().model_dump_json() == before


def test_a_tick_of_a_deadline_that_is_gone_is_harmless() -> None:
    """Service struck out, its period is gone; what the clock said of it stays in the record."""
    desk = served().on("2021-11-19")
    desk.correct("served")
    assert "L1/jy.reply" not in desk.case.deadlines.by_key
    tick = Reminded(id="x", deadline="L9/none", due_on=date(2021, 11, 15), days_before=3)
    desk.case.take(tick, desk.now)
    assert rows(desk.case).facts[-1].how == "applied"
    assert not desk.is_overdue()


def test_days_are_those_of_china() -> None:
    """20:00 UTC is the next day in China: a decision entered then bears that day."""
    desk = issued()
    desk.now = datetime.fromisoformat("2021-09-20T20:00:00+00:00")
    desk.decide("withdraw_letter", letter="L1", reason="x")
    assert desk.letter().withdrawn_on == date(2021, 9, 21)


def test_state_is_plain() -> None:
    """What is carried holds the journal and the counts, nothing folded: an older journal reads under a newer fold."""
    state = served().case.state()
    assert isinstance(state.entries[0], Entry)
    folded = ("letters", "items", "deadlines", "unmatched", "taken", "stage")
    assert not [name for name in folded if name in CaseState.model_fields]


def test_an_id_is_used_for_one_decision_alone() -> None:
    """Whatever it is about: said again it is the same decision, said otherwise it is refused, and nothing is entered."""
    desk = PureDesk(opening(opened_on=FOUNDING_DAY))
    desk.record("happened", FOUNDING_DAY, "f1", event="巡查", actor="甲")
    first = desk.decide("assign", "1", handler=DRAFTER)
    assert desk.decide("assign", "1", handler=DRAFTER).how == "seen"
    before = desk.case.revision
    for refused in (
        desk_refusal(desk, "correct", fact="f1", reason="记录有误"),
        desk_refusal(desk, "sort_out", fact="f1", reason="存查"),
        desk_refusal(desk, "assign", handler=CHIEF),
    ):
        assert "编号“1”已用于内容不同的另一记录" in refused
    assert desk.case.revision == before
    assert desk.case.taken[first.id].how == "applied"
    assert "f1" in desk.case.standing


def desk_refusal(desk: PureDesk, kind: str, **fields: Any) -> str:
    """Why a second decision with the id 1 is refused."""
    with pytest.raises(Refusal) as refused:
        desk.decide(kind, "1", **fields)
    return str(refused.value)
