"""Any messages, in any order, twice, late, corrected, with time passing: what must hold of a case whatever happens to it.

`make test` lets Hypothesis take 10,000 steps and walks 4,500 more; `make machine` takes 100,000 and 90,000, and
docs/case-machine.md says what came of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.agenda import Moment
from models.calendar import calendar
from models.cases.urging import UrgingFile
from models.chain import chained
from models.dates import day_in_china
from models.journal import CaseState
from models.messages import EditionPublished, Message, Unreadable
from models.projecting import Rows, rows
from models.rows import Snapshot
from models.search import attribute_values
from models.status import details
from tests.openings import CHIEF
from tests.pure_desk import PureDesk
from tests.random_messages import (
    LAST_KINDS,
    THERE,
    random_correction,
    random_decision,
    random_fact,
    random_opening,
    random_sorting,
)

LONG = os.environ.get("MINGJIAN_MACHINE") == "long"
WALKS, WALK = (900, 100) if LONG else (45, 100)
# Hypothesis ends a case early now and then: an eighth of the steps that it may take are never taken.
CASES, CASE = (2_600, 50) if LONG else (260, 50)
PROMISED = 100_000 if LONG else 10_000
RECEIPTS = ("letter_served", "letter_served", "service_refused")
ANSWERS = ("reply_received", "reply_received", "plan_submitted", "objection_raised", "filed_upward")
MEASURES = (
    "urge",
    "escalate",
    "upgrade_letter",
    "amend_letter",
    "extend",
    "suspend",
    "resume",
    "withdraw_letter",
)
NEWS = ("", "it", "another", "没有这个版本")
EDITIONS = ("2022", "2023", "2024", "2025", "2026")


# Drawn as a seed: Hypothesis' own `randoms` keeps to the simplest choices, and most cases would never leave the drafts.
RANDOMS = st.integers(0, 2**32 - 1).map(Random)


@dataclass
class Tally:
    """What Hypothesis has been through in this run."""

    cases: int = 0
    steps: int = 0
    entries: int = 0


TALLY = Tally()


class WatchedDesk(PureDesk):
    """Watches the clock: nothing acts early, on what no longer runs, or on a count under another edition."""

    def act(self, moment: Moment) -> None:
        deadline = self.case.deadlines.by_key[moment.tick.deadline]
        counted = self.case.deadlines.counted[deadline.key]
        assert moment.at <= self.now, f"{moment.tick.id} acts before its time"
        assert deadline.is_running, f"{moment.tick.id} acts though met, suspended or ended"
        assert counted.edition == self.edition.name, f"{moment.tick.id} acts on an old count"
        assert moment.tick.due_on == counted.last_day
        super().act(moment)


class CaseMachine(RuleBasedStateMachine):
    """One case and everything that may be done to it."""

    @initialize(rnd=RANDOMS)
    def open(self, rnd: Random) -> None:
        opened = random_opening(rnd)
        self.desk = WatchedDesk(opened, edition=calendar(rnd.choice(EDITIONS)), others=(THERE,))
        self.sent: list[Message] = list(opened.letters)
        self.checked = 0
        self.steps = -1  # the opening is looked at too, and is no step
        self.continued_at: tuple[object, ...] = ()
        self.kept_of, self.kept = self.desk.case, Rows(self.desk.case)
        for _ in range(rnd.choice((0, 4, 8, 12))):
            self.the_likely_next_thing(rnd)

    # what may happen

    @rule(rnd=RANDOMS)
    def a_fact_comes_in(self, rnd: Random) -> None:
        if rnd.random() < 0.05:
            self.send(Unreadable(id=self.next_id(), name="reply", raw="{", why="不是 JSON"))
        else:
            self.send(random_fact(rnd, self.next_id(), day_in_china(self.desk.now), self.desk.case))

    @rule(rnd=RANDOMS)
    def things_take_their_course(self, rnd: Random) -> None:
        self.the_likely_next_thing(rnd)

    def the_likely_next_thing(self, rnd: Random) -> None:
        """Keeps the case moving, or it would be refusals alone."""
        case, today, id = self.desk.case, day_in_china(self.desk.now), self.next_id()
        live = case.letters.live()
        letter = rnd.choice(live) if live else None
        if pending := case.letters.pending():
            kind = "issue_letter" if pending[0].approved_by else "approve_letter"
            decision = random_decision(rnd, id, today, case, kind)
            self.decide(
                decision.model_copy(update={"document": pending[0].document, "on": None, "by": CHIEF})
            )
        elif letter is None:
            self.decide(random_decision(rnd, id, today, case, "draft_letter"))
        elif letter.open_objection or letter.unassessed or (letter.plan and letter.plan_accepted is None):
            kinds = "review_objection", "assess_reply", "accept_plan", "return_plan"
            decision = random_decision(rnd, id, today, case, rnd.choice(kinds))
            self.decide(decision.model_copy(update={"letter": letter.id, "by": CHIEF}))
        elif letter.service is None or rnd.random() < 0.5:
            kind = rnd.choice(RECEIPTS if letter.service is None else ANSWERS)
            self.send(random_fact(rnd, id, today, case, kind).model_copy(update={"letter": letter.id}))
        else:
            decision = random_decision(rnd, id, today, case, rnd.choice(MEASURES))
            self.decide(decision.model_copy(update={"letter": letter.id}))

    @rule(rnd=RANDOMS)
    def a_decision_is_asked_for(self, rnd: Random) -> None:
        self.decide(random_decision(rnd, self.next_id(), day_in_china(self.desk.now), self.desk.case))

    @rule(rnd=RANDOMS)
    def a_decision_gets_past_the_door(self, rnd: Random) -> None:
        """No door is trusted: entered unchecked, it breaks nothing."""
        kind = "" if rnd.random() < 0.9 else rnd.choice(LAST_KINDS)
        if kind or rnd.random() < 0.5:
            self.send(random_decision(rnd, self.next_id(), day_in_china(self.desk.now), self.desk.case, kind))

    @precondition(lambda self: len(self.sent) > 15)
    @rule(rnd=RANDOMS)
    def the_case_is_to_end(self, rnd: Random) -> None:
        kind = rnd.choice(LAST_KINDS)
        self.decide(random_decision(rnd, self.next_id(), day_in_china(self.desk.now), self.desk.case, kind))

    @rule(rnd=RANDOMS, checked=st.booleans())
    def a_fact_is_corrected(self, rnd: Random, checked: bool) -> None:
        correction = random_correction(rnd, self.next_id(), day_in_china(self.desk.now), self.desk.case)
        if checked:
            self.decide(correction)
        else:
            self.send(correction)

    @rule(rnd=RANDOMS, checked=st.booleans())
    def something_is_sorted_out(self, rnd: Random, checked: bool) -> None:
        sorting = random_sorting(rnd, self.next_id(), self.desk.case)
        if checked:
            self.decide(sorting)
        else:
            self.send(sorting)

    @rule(rnd=RANDOMS)
    def something_comes_in_twice(self, rnd: Random) -> None:
        entries, before = len(self.desk.case.entries), rows(self.desk.case)
        entry = rnd.choice(self.desk.case.entries)
        assert self.desk.check(entry.message) == []
        assert self.desk.case.take(entry.message, self.desk.now).how == "seen"
        self.desk.settle()
        assert (len(self.desk.case.entries), rows(self.desk.case)) == (entries, before)

    @rule(rnd=RANDOMS)
    def time_passes(self, rnd: Random) -> None:
        days = rnd.choice((0.01, 0.5, 1, 3, 10, 16, 30, 61, 100))
        self.desk.wait_until(self.desk.now + timedelta(days=days))

    @rule(name=st.sampled_from(EDITIONS), told=st.sampled_from(NEWS))
    def a_calendar_is_published(self, name: str, told: str) -> None:
        """The news of it may come, or not, or tell another name, or one that nobody has."""
        self.desk.edition = calendar(name)
        if told:
            name = {"it": name, "another": EDITIONS[0]}.get(told, told)
            self.sent.append(EditionPublished(id=self.next_id(), edition=name))
            self.desk.take(self.sent[-1])

    @precondition(lambda self: self.place != self.continued_at)
    @rule()
    def it_continues_as_new(self) -> None:
        """Carried over as JSON at any point, it goes on as it would have.

        Once where it stands: it needs no draw, so Hypothesis would spend a third of its steps on it.
        """
        before, notices = rows(self.desk.case), self.desk.notices
        carried, papers = self.desk.carried(), self.desk.papers
        opened, now, edition = self.desk.case.opening, self.desk.now, self.desk.edition
        self.desk = WatchedDesk(opened, now, edition, carried, others=(THERE,))
        self.desk.notices, self.desk.papers = notices, papers
        assert rows(self.desk.case) == before
        self.continued_at = self.place

    # doing it

    @property
    def is_thorough(self) -> bool:
        """Whether what costs most is looked at too: at every fourth message or moment."""
        return len(self.desk.case.entries) % 4 == 0

    @property
    def place(self) -> tuple[object, ...]:
        """Where the case stands."""
        return self.desk.case.revision, self.desk.now, self.desk.edition.name

    def next_id(self) -> str:
        return f"m{len(self.sent)}"

    def send(self, message: Message) -> None:
        self.sent.append(message)
        self.desk.take(message)

    def decide(self, decision: Message) -> None:
        """By the door: what it refuses is not entered, and asking changes nothing."""
        before = rows(self.desk.case) if self.is_thorough else None
        if self.desk.check(decision):
            assert before is None or rows(self.desk.case) == before
            return
        self.sent.append(decision)
        how = self.desk.take(decision).how
        assert how == "applied", f"{decision} passed the door and was {how}"

    # what must hold

    @invariant()
    def a_step_is_taken(self) -> None:
        self.steps += 1

    @invariant()
    def nothing_is_lost(self) -> None:
        case = self.desk.case
        ids = [entry.message.id for entry in case.entries]
        assert len(ids) == len(dict.fromkeys(ids))
        assert all(message.id in case.taken for message in self.sent)
        assert sorted(ids) == sorted(case.taken)
        unmatched = [id for id, taken in case.taken.items() if taken.how == "unmatched"]
        assert sorted(unmatched) == sorted(case.unmatched)
        assert all(taken.how in ("applied", "noted", "unmatched") for taken in case.taken.values())

    @invariant()
    def the_chain_holds(self) -> None:
        entries = self.desk.case.entries
        for number in range(self.checked, len(entries)):
            entry, previous = entries[number], entries[number - 1].chain if number else ""
            assert entry.seq == number + 1
            assert entry.chain == chained(previous, entry.seq, entry.at, entry.message)
        assert all(one.at <= other.at for one, other in pairwise(entries[self.checked :]))
        self.checked = len(entries)

    @invariant()
    def folding_again_gives_the_same(self) -> None:
        if not self.is_thorough:
            return
        case = self.desk.case
        again = UrgingFile.restored(case.state())
        assert rows(again) == rows(case)
        assert (again.stage, again.taken, again.is_put_right) == (case.stage, case.taken, case.is_put_right)
        assert again.deadlines.stale(again.edition) == []

    @invariant()
    def the_rows_kept_are_those_made_anew(self) -> None:
        if self.kept_of is not self.desk.case:
            self.kept_of, self.kept = self.desk.case, Rows(self.desk.case)
        assert self.kept.now() == rows(self.desk.case)

    @invariant()
    def the_agenda_is_in_order(self) -> None:
        moments = self.desk.agenda()
        assert all(one.order < other.order for one, other in pairwise(moments))
        assert all(
            moment.at > self.desk.now and moment.tick.id not in self.desk.case.taken for moment in moments
        )
        keys = [moment.tick.deadline for moment in moments]
        assert len(keys) == len(dict.fromkeys(keys))

    @invariant()
    def nobody_is_overdue_too_early_or_unseen(self) -> None:
        case, now = self.desk.case, self.desk.now
        for letter in case.letters.live():
            deadline = case.deadlines.by_key.get(letter.reply_key)
            if deadline is None or not deadline.is_running:
                assert letter.id not in case.overdue_letters
                continue
            counted = case.deadlines.counted[deadline.key]
            assert counted.overdue_at is not None
            assert (letter.id in case.overdue_letters) == (counted.overdue_at <= now)

    @invariant()
    def replies_meet_and_receipts_start(self) -> None:
        case = self.desk.case
        for letter in case.letters:
            deadline = case.deadlines.by_key.get(letter.reply_key)
            assert (deadline is not None) == (letter.service is not None and letter.awaits_answer)
            if deadline is None or letter.service is None:
                continue
            counted = case.deadlines.counted[deadline.key]
            assert counted.started_on == letter.service.on
            assert deadline.is_met == bool(letter.replies)
            if letter.replies:
                assert counted.met_on == letter.replies[0].sent_on
            elif not letter.is_live or case.is_closed:
                assert deadline.ended

    @invariant()
    def nothing_runs_that_has_ended(self) -> None:
        case = self.desk.case
        for key in self.desk.running:
            letter = case.letters.by_id.get(case.deadlines.by_key[key].letter)
            # [公规]76: of a pre-suit suggestion the three days run from the decision, ahead of its issue.
            stands = letter is None or letter.is_live or letter.is_pending
            assert stands, f"{key} runs though its letter is withdrawn or replaced"
            assert not case.is_closed or key.startswith("case/local.look_back/")
            assert not case.ending.filed

    @invariant()
    def everybody_can_look(self) -> None:
        if not self.is_thorough:
            return
        case = self.desk.case
        snapshot = rows(case)
        assert Snapshot.model_validate_json(snapshot.model_dump_json()) == snapshot
        assert attribute_values(case)["CaseStage"] == case.stage.value
        assert case.stage.label in details(case)
        assert self.desk.case.deadlines.stale(case.edition) == []

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        previous = ""
        for entry in CaseState.model_validate_json(self.desk.case.state().model_dump_json()).entries:
            assert entry.chain == chained(previous, entry.seq, entry.at, entry.message)
            previous = entry.chain


class CountedMachine(CaseMachine):
    """The machine as Hypothesis runs it."""

    def teardown(self) -> None:
        super().teardown()
        if hasattr(self, "desk"):
            TALLY.cases += 1
            TALLY.steps += self.steps
            TALLY.entries += len(self.desk.case.entries)


TestCaseMachine = CountedMachine.TestCase
TestCaseMachine.settings = settings(
    max_examples=CASES,
    stateful_step_count=CASE,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_as_many_steps_as_were_promised(capsys: pytest.CaptureFixture[str]) -> None:
    if not TALLY.cases:
        pytest.skip("the machine was not run")
    if LONG:
        with capsys.disabled():
            print(
                f"\n{TALLY.steps:,} steps in {TALLY.cases:,} cases; {TALLY.entries:,} journal entries at their ends"
            )
    assert TALLY.steps >= PROMISED


@pytest.mark.parametrize("seed", range(WALKS))
def test_walk(seed: int) -> None:
    """The same machine without Hypothesis: longer, more even, and told by its seed."""
    rnd = Random(seed)
    machine = CaseMachine()
    machine.open(rnd)
    for _ in range(WALK):
        (act,) = rnd.choices(list(STRIDES), list(STRIDES.values()))
        act(machine, rnd)
        for hold in INVARIANTS:
            hold(machine)
    machine.teardown()


STRIDES: dict[Callable[[CaseMachine, Random], None], float] = {
    CaseMachine.things_take_their_course: 8,
    CaseMachine.a_fact_comes_in: 6,
    CaseMachine.a_decision_is_asked_for: 4,
    CaseMachine.a_decision_gets_past_the_door: 2,
    CaseMachine.time_passes: 5,
    CaseMachine.something_comes_in_twice: 1,
    lambda machine, rnd: machine.a_fact_is_corrected(rnd, rnd.random() < 0.6): 2,
    lambda machine, rnd: machine.something_is_sorted_out(rnd, rnd.random() < 0.6): 1,
    lambda machine, rnd: machine.a_calendar_is_published(rnd.choice(EDITIONS), rnd.choice(NEWS)): 0.5,
    lambda machine, rnd: machine.it_continues_as_new(): 1,
    lambda machine, rnd: machine.the_case_is_to_end(rnd) if len(machine.sent) > 30 else None: 0.4,
}
INVARIANTS: tuple[Callable[[CaseMachine], None], ...] = (
    CaseMachine.nothing_is_lost,
    CaseMachine.the_chain_holds,
    CaseMachine.folding_again_gives_the_same,
    CaseMachine.the_agenda_is_in_order,
    CaseMachine.nobody_is_overdue_too_early_or_unseen,
    CaseMachine.replies_meet_and_receipts_start,
    CaseMachine.nothing_runs_that_has_ended,
    CaseMachine.everybody_can_look,
)
