"""A site adopts new versions of rules: what begins from the day of effect on is counted by them, and nothing moves by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.books import Books
from activities.calendars import SiteCalendars
from activities.database import Database
from activities.deadlines import Projections, SettlingRoom
from models.adoptions import TEMPLATE, NewVersion, SiteRules, against, read_adoption, with_version
from models.calendar import calendar
from models.counting import count
from models.dates import EventDate
from models.deadlines import Extended, Started, VersionChosen, reckon
from models.decisions import ApplyRule
from models.errors import InputError
from models.explanations import explain
from models.ledgers import Counted, Counting, LedgerEntry, held_version
from models.letters import Letter
from models.messages import Taken, stated
from models.moves import Days, OpenDeadline
from models.orders import letter_paper
from models.projecting import LEDGER
from models.projecting import rows as rows_of
from models.publications import Publication
from models.reply_terms import rectification_period
from models.retelling import courses
from models.rule_moves import Shift, shifts
from models.rules import FIRST_VERSION, Rule, all_rules, rule
from models.tasks import SettleOrder
from starter.adopting import hints
from starter.office import Office
from starter.rule_moves import _decide, read_moving
from tests.openings import CHIEF, notification_opening
from tests.pure_desk import PureDesk
from tests.test_drafts import Shipped

THREE_MONTHS = """basis = "试行规定（试〔2021〕9号）第三条"
[[version]]
rule = "coop.reply"
from = 2021-10-01
amount = 3
unit = "months"
"""
TEXTS = "试行规定（试〔2021〕9号）第三条"


def adopted(text: str = THREE_MONTHS, day: str = "2021-10-01", number: int = 1) -> Publication:
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return Publication(number, "规则.toml", text, "王五", "试行", at)


def version(text: str = THREE_MONTHS) -> NewVersion:
    [found] = read_adoption(text)
    return found


# the file


def test_the_template_is_right_but_for_its_basis() -> None:
    [found] = read_adoption(TEMPLATE)
    assert (found.rule, found.amount, found.unit, found.since) == ("pil.reply", 3, "months", date(2027, 3, 1))


@pytest.mark.parametrize(
    ("changes", "field", "what"),
    [
        ([('"coop.reply"', '"coop.replay"')], "coop.replay.rule", "没有名为"),
        ([("2021-10-01", '"2021-10-01"')], "coop.reply.from", "没有写明施行之日"),
        ([("2021-10-01", "1021-10-01")], "coop.reply.from", "不合理"),
        ([("amount = 3", "amount = 0")], "coop.reply.amount", "期限“0 months”不对"),
        ([("amount = 3", "amount = true")], "coop.reply.amount", "期限"),
        ([("amount = 3", "amount = 3000")], "coop.reply.amount", "期限"),
        ([('"months"', '"weeks"')], "coop.reply.amount", "期限“3 weeks”不对"),
        ([('unit = "months"\n', "")], "coop.reply.amount", "期限“3 None”不对"),
        ([('amount = 3\nunit = "months"\n', "")], "coop.reply.amount", "没有写明改什么"),
        ([('basis = "试行规定（试〔2021〕9号）第三条"\n', "")], "coop.reply.basis", "没有写明依据"),
        ([('unit = "months"', 'unit = "months"\nperiod = 3')], "coop.reply.period", "不认识的字段"),
        (
            [('unit = "months"', 'unit = "months"\nreminders = [{ days = 3 }]')],
            "coop.reply.reminders",
            "提醒",
        ),
        (
            [('unit = "months"', 'unit = "months"\nreminders = [{ days_before = 3, to = 5 }]')],
            "reminders",
            "提醒",
        ),
        ([('unit = "months"', 'unit = "months"\ngrace_working_days = -1')], "grace_working_days", "应为"),
        ([('unit = "months"', 'unit = "months"\nin_force = 1')], "coop.reply.in_force", "true"),
        ([('unit = "months"', 'unit = ["months"]')], "coop.reply.amount", "期限"),
        ([("第三条", "第三条\\u0001")], "basis", "一行文字"),
        ([("第三条", "第三条\\u2028")], "basis", "一行文字"),
        (
            [('unit = "months"', 'unit = "months"\nreminders = [{ days_before = 900000 }]')],
            "coop.reply.reminders",
            "提醒",
        ),
        (
            [('unit = "months"', 'unit = "months"\nreminders = [{ days_before = 3, to = [] }]')],
            "reminders",
            "提醒",
        ),
        (
            [('unit = "months"', 'unit = "months"\nreminders = [{ days_before = 3 }, { days_before = 3 }]')],
            "coop.reply.reminders",
            "写了两次",
        ),
        ([("[[version]]", "[version]")], "version", "没有写明任何新规定"),
        ([("[[version]]", "[[versions]]")], "version", "没有写明任何新规定"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_by_its_field(
    changes: list[tuple[str, str]], field: str, what: str
) -> None:
    text = THREE_MONTHS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(InputError) as wrong:
        read_adoption(text, file="规则.toml")
    told = [each for each in wrong.value.problems if field in each.field]
    assert told and all(each.file == "规则.toml" for each in told)
    assert any(what in each.what for each in told)


@pytest.mark.parametrize("text", ["amount = " + "9" * 5000, "amount = " + "[" * 5000 + "]" * 5000])
def test_a_file_that_no_reader_takes_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match="不是有效的 TOML"):
        read_adoption(text, file="规则.toml")


def test_all_that_is_wrong_is_told_at_once_and_a_rule_stands_once() -> None:
    twice = THREE_MONTHS + THREE_MONTHS[THREE_MONTHS.index("[[") :].replace("amount = 3", "amount = 0")
    with pytest.raises(InputError) as wrong:
        read_adoption(twice)
    assert {each.what for each in wrong.value.problems} == {"期限“0 months”不对", "规则 coop.reply 写了两次"}


@pytest.mark.parametrize(
    ("since", "today", "what"),
    [
        ("2021-09-14", "2021-09-20", "早于它接续的版本（自 2021-09-15 起施行）"),
        ("2021-09-15", "2021-09-20", "已有自 2021-09-15 起施行的版本"),
        ("2021-09-16", "2021-09-20", ""),
    ],
)
def test_a_version_follows_the_last(since: str, today: str, what: str) -> None:
    new = replace(version(), since=date.fromisoformat(since))
    problems = against([new], SiteRules(), date.fromisoformat(today))
    assert [each.what for each in problems if what in each.what] == [each.what for each in problems]
    assert bool(problems) is bool(what)


def test_what_takes_effect_later_may_still_be_put_right() -> None:
    rules = SiteRules([adopted(THREE_MONTHS.replace("2021-10-01", "2021-12-01"))])
    new = replace(version(), since=date(2021, 12, 1), amount=4)
    assert against([new], rules, date(2021, 11, 30)) == []
    assert "已经施行" in against([new], rules, date(2021, 12, 1))[0].what
    later = rules.with_versions([new], 2).rule("coop.reply")
    assert [(each.amount, each.adopted) for each in later.versions] == [(2, 0), (4, 2)]


# the versions


@given(
    st.sampled_from(all_rules()),
    st.lists(st.dates(date(1995, 1, 1), date(2060, 1, 1)), min_size=1, max_size=4, unique=True),
    st.dates(date(1990, 1, 1), date(2070, 1, 1)),
)
def test_each_day_has_the_version_that_took_effect_last(shipped: Rule, days: list[date], day: date) -> None:
    law = before = shipped
    for number, since in enumerate(days, start=1):
        law = with_version(law, replace(version(), rule=law.key, since=since, amount=number + 6), number)
    for earlier, later in pairwise(law.versions):
        assert later.effective_from is not None and earlier.effective_to == later.effective_from - timedelta(
            1
        )
    assert law.versions[-1].effective_to is None
    begun = [since for since in days if since <= day]
    chosen, _ = law.version_on(day)
    theirs, _ = before.version_on(day)
    newest = max([*begun, *([theirs.effective_from] if theirs.effective_from else [])], default=None)
    if begun and newest == max(begun):
        assert chosen.effective_from == newest and chosen.amount == days.index(max(begun)) + 7
    elif theirs.effective_from is None or theirs.effective_from <= day:
        assert (chosen.effective_from, chosen.amount) == (theirs.effective_from, theirs.amount)


def test_what_a_file_leaves_out_stays_as_it_was() -> None:
    text = 'basis = "x"\n[[version]]\nrule = "pil.reply"\nfrom = 2027-03-01\nreminders = [{ days_before = 30 }]\n'
    law = SiteRules([adopted(text)]).rule("pil.reply")
    new, old = law.versions[-1], rule("pil.reply").versions[-1]
    assert (new.amount, new.unit, new.grace_working_days) == (old.amount, old.unit, old.grace_working_days)
    assert [each.days_before for each in law.announced] == [30]
    assert law.announced_under(old) == rule("pil.reply").announced


# counting


def counted(start: str, rules: SiteRules, *entries: LedgerEntry, **held: Any) -> Counted:
    ledger = (Started(EventDate.parse(start), "served"), *entries)
    counting = Counting(key="L1/coop.reply", rule="coop.reply", entries=ledger, **held)
    return count(counting, calendar(), rules.rule("coop.reply"))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2021-09-28", "2021-11-29"),
        ("2021-09-30", "2021-11-30"),
        ("2021-10-01", "2022-01-04"),
        ("2021-10-08", "2022-01-10"),
    ],
)
def test_a_period_has_the_version_of_the_day_it_began(start: str, due: str) -> None:
    found = counted(start, SiteRules([adopted()]))
    assert str(found.due_on) == due


@pytest.mark.parametrize(("start", "in_force"), [("2021-09-28", True), ("2021-09-08", False)])
def test_a_period_moved_by_decision_was_bound_when_it_began_if_some_text_bound_it(
    start: str, in_force: bool
) -> None:
    """Else a court's period that was moved would raise no suspicion, and its explanation say that it is for reference only."""
    rules = SiteRules([adopted()])
    chosen = VersionChosen(version=date(2021, 10, 1), instead_of=date(2021, 9, 15), by="m1")
    assert counted(start, rules, chosen).in_force is in_force
    ledger = (Started(on=EventDate.parse(start), by="served"), chosen)
    law = rules.rule("coop.reply")
    said = "".join(explain(law, ledger, reckon(law, ledger, calendar()), calendar()))
    assert "该依据2021年10月1日起施行；本期限经决定改按该依据计算。" in said and "仅供参考" not in said


def test_a_version_that_nobody_adopted_here_leaves_the_period_running_and_says_so() -> None:
    chosen = VersionChosen(version=date(2021, 10, 2), instead_of=date(2021, 9, 15), by="m1")
    found = counted("2021-09-28", SiteRules([adopted()]), chosen)
    assert (str(found.due_on), found.state) == ("2021-11-29", "running")
    assert "没有自2021-10-02起施行的版本" in found.problem


def desk_served(on: str, rules: SiteRules | None = None) -> PureDesk[Any]:
    desk = PureDesk(notification_opening(9401, opened_on=date.fromisoformat(on), edition=calendar().name))
    desk.rules = rules or SiteRules()
    desk.decide("issue_letter", "issue-1")
    desk.record("letter_served", on, "served-1")
    return desk


REPLY = "L1/coop.reply"


def due(desk: PureDesk[Any]) -> str:
    return str(desk.case.deadlines.counted[REPLY].due_on)


def test_what_was_counted_stays_though_the_version_took_effect_before_it_began() -> None:
    """The text is heard of on 15 October, two weeks after it took effect: no count of anything moves by that."""
    desk = desk_served("2021-10-11")
    assert due(desk) == "2021-12-13"
    desk.rules = SiteRules([adopted(day="2021-10-15")])
    desk.on("2021-10-18").publish(calendar("2022"))
    assert due(desk) == "2021-12-13"
    carried = PureDesk(desk.case.opening, desk.now, carried=desk.case.state())
    carried.rules = desk.rules
    carried.publish(calendar("2023"))
    assert due(carried) == "2021-12-13"


def test_a_version_without_a_first_day_is_held_to_as_well() -> None:
    """Nobody recorded since when it is in force: one adopted for before the start must not take its place unasked."""
    law = next(
        each for each in all_rules() if each.versions[0].effective_from is None and each.versions[0].amount
    )
    ledger = (Started(EventDate.parse("2021-10-11"), "served"),)
    counting = Counting(key="case/it", rule=law.key, entries=ledger)
    before = count(counting, calendar(), law)
    assert before.version is None and held_version(law, before, ledger) == FIRST_VERSION
    changed = with_version(law, replace(version(), rule=law.key, since=date(2021, 10, 1), amount=200), 1)
    assert count(counting, calendar(), changed).due_on != before.due_on
    held = counting.model_copy(update={"version": held_version(changed, before, ledger)})
    after = count(held, calendar(), changed)
    assert (after.due_on, after.version) == (before.due_on, FIRST_VERSION)
    assert held_version(changed, after, ledger) == FIRST_VERSION


def test_a_worker_that_has_not_heard_of_it_does_not_let_a_period_lose_its_version() -> None:
    """Counted by the adopted version, then twice where nobody knows of that yet, then where it is known again."""
    knowing, ledger = SiteRules([adopted()]), (Started(EventDate.parse("2021-10-08"), "served"),)
    found = counted("2021-10-08", knowing)
    for rules in (SiteRules(), SiteRules(), knowing):
        held = held_version(knowing.rule("coop.reply"), found, ledger)
        found = counted("2021-10-08", rules, version=held, began=found.started_on)
        assert found.version == date(2021, 10, 1)
    assert str(found.due_on) == "2022-01-10"


def test_what_had_ended_before_a_version_took_effect_is_not_moved_by_it() -> None:
    desk = desk_served("2021-09-28")
    desk.on("2021-12-20").publish(calendar("2022"))
    assert desk.case.deadlines.counted[REPLY].state == "expired"
    said: dict[str, Any] = {"deadline": REPLY, "instead_of": "2021-09-15", "reason": "试行"}
    assert "已于2021-11-29届满" in desk.refusal("apply_rule", version="2021-11-30", **said)
    assert desk.refusal("apply_rule", version="2021-11-29", **said) == ""
    rules = SiteRules([adopted(THREE_MONTHS.replace("2021-10-01", "2021-11-30"))])
    new = replace(version(), since=date(2021, 11, 30))
    assert [
        each.now.due_on
        for each in shifts([row("2021-09-28"), row("2021-09-30")], [new], rules.rule, calendar)
    ] == [date(2021, 12, 30)]


def test_a_start_that_is_corrected_keeps_the_version_unless_another_text_applies_to_it() -> None:
    """Heard of late, corrected by a day: nobody has decided that the new text applies. Moved to before it, the old one does."""
    desk = desk_served("2021-10-11")
    desk.rules = SiteRules([adopted(day="2021-10-15")])
    desk.on("2021-10-18").correct("served-1", "2021-10-12")
    assert due(desk) == "2021-12-13"
    assert desk.case.deadlines.counted[REPLY].version == date(2021, 9, 15)
    was, began = date(2021, 10, 1), EventDate.parse("2021-10-11")
    earlier = counted("2021-09-29", SiteRules([adopted()]), version=was, began=began)
    assert earlier.version == date(2021, 9, 15)


@pytest.mark.parametrize(
    ("issued", "due"), [("2021-09-30", "2021-12-08"), ("2021-10-01", "2022-01-10"), (None, "2022-01-10")]
)
def test_a_letter_that_states_the_old_length_is_not_counted_by_the_new(issued: str | None, due: str) -> None:
    """Issued before the day of effect and received after it: the body may rely on what its letter says."""
    on = date.fromisoformat(issued) if issued else None
    assert str(counted("2021-10-08", SiteRules([adopted()]), issued_on=on).due_on) == due


def test_the_workflow_says_when_the_letter_was_issued() -> None:
    desk = PureDesk(notification_opening(9403, opened_on=date(2021, 9, 29), edition=calendar().name))
    desk.rules = SiteRules([adopted()])
    desk.decide("issue_letter", "issue-1")
    desk.on("2021-10-09").record("letter_served", "2021-10-08", "served-1")
    assert due(desk) == "2021-12-08"
    stated = letter_paper(desk.case, desk.case.letters.by_id["L1"])
    assert stated.reply.length == "2个月"  # type: ignore[union-attr] # a letter


def test_by_decision_a_period_is_counted_by_the_new_version_and_tells_what_it_was() -> None:
    desk = desk_served("2021-10-11")
    desk.rules = SiteRules([adopted(day="2021-10-15")])
    desk.on("2021-10-18").decide(
        "apply_rule", deadline=REPLY, version="2021-10-01", instead_of="2021-09-15", reason="起算在施行以后"
    )
    assert due(desk) == "2022-01-11"
    assert desk.case.deadlines.counted[REPLY].version == date(2021, 10, 1)

    class Site(Shipped):
        @property
        def rules(self) -> SiteRules:
            return desk.rules

    [told] = courses(desk.case.state(), Site(), (REPLY,))
    [move] = told.moves
    assert (move.before.words, move.after.words) == ("2021-12-13", "2022-01-11")
    assert move.what == "改按自2021-10-01起施行的规定，起算在施行以后" and move.by.startswith(CHIEF.name)
    assert move.otherwise is not None
    assert move.otherwise.words.startswith("若仍按原规定，则为2021-12-13")
    assert any(TEXTS in each for each in told.sentences)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": ""}, "须写明理由"),
        ({"instead_of": "2020-01-01"}, "与所填的不符"),
        ({"instead_of": None}, "与所填的不符"),
        ({"version": "2021-09-15"}, "已按自2021-09-15起施行的规定计算"),
        ({"deadline": "L2/coop.reply"}, "没有进行中的期限"),
    ],
)
def test_what_was_looked_at_is_what_is_changed(fields: dict[str, Any], why: str) -> None:
    desk = desk_served("2021-10-11")
    given: dict[str, Any] = {
        "deadline": REPLY,
        "version": "2021-10-01",
        "instead_of": "2021-09-15",
        "reason": "起算在施行以后",
    }
    assert why in desk.refusal("apply_rule", **(given | fields))


def test_a_decision_taken_back_lets_the_old_version_count_again() -> None:
    desk = desk_served("2021-10-11", None)
    desk.rules = SiteRules([adopted(day="2021-10-15")])
    desk.decide("apply_rule", deadline=REPLY, version="2021-10-01", instead_of="2021-09-15", reason="误判")
    desk.decide(
        "apply_rule", deadline=REPLY, version="2021-09-15", instead_of="2021-10-01", reason="仍按原规定"
    )
    assert due(desk) == "2021-12-13"


def test_a_move_that_no_worker_knew_of_yet_is_not_lost_and_one_may_be_decided_again() -> None:
    """A worker that has not heard of the adoption counts as before; repeating the command then moves the period after all."""
    desk = desk_served("2021-10-11")
    desk.on("2021-10-18")
    told: list[Any] = []

    class Handle:
        async def query(self, *_: object, **__: object) -> Any:
            return desk.case.state()

        async def execute_update(self, _: str, decided: Any, **__: object) -> Taken:
            told.append(decided.decision)
            said = decided.decision.model_dump(exclude={"id", "by", "kind"})
            return desk.decide("apply_rule", decided.decision.id, by=CHIEF, **said)

    class Client:
        def get_workflow_handle(self, _: str) -> Handle:
            return Handle()

    office = cast(Office, SimpleNamespace(client=Client()))
    shift = Shift(row("2021-10-11"), date(2021, 10, 1), Days(None, None, None), Days(None, None, None), True)
    asyncio.run(_decide(office, shift, CHIEF, "起算在施行以后"))
    assert due(desk) == "2021-12-13" and "没有自2021-10-01" in desk.case.deadlines.counted[REPLY].problem
    desk.rules = SiteRules([adopted(day="2021-10-15")])
    asyncio.run(_decide(office, shift, CHIEF, "起算在施行以后"))
    assert due(desk) == "2022-01-11"
    assert not asyncio.run(_decide(office, shift, CHIEF, "起算在施行以后"))
    assert len({each.id for each in told}) == 2


def test_a_worker_asks_anew_for_a_version_that_another_has_counted_by(tmp_path: Path) -> None:
    """What it heard may be a second old: without asking it would leave a running period uncountable, and nobody warned of it."""
    database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    database.migrate()
    books, calendars = Books(database), SiteCalendars(tmp_path, Books(database))
    assert not calendars.rules.rule("coop.reply").has(date(2021, 10, 1))
    books.adopt_rules(file="规则.toml", text=THREE_MONTHS, by="王五", reason="试行", today=date(2021, 9, 20))
    case = desk_served("2021-10-11", SiteRules([adopted()])).case
    [counting] = case.deadlines.again([REPLY])
    order = SettleOrder.model_construct(
        countings=(counting,),
        edition=case.edition,
        current=False,
        snapshot=rows_of(case),
        notices=(),
        run="run",
        run_started_at=datetime.now(UTC),
        settling=1,
        offset_seconds=0,
    )
    registry = cast(Projections, SimpleNamespace(project=lambda *_, **__: True))
    [counted] = SettlingRoom(calendars, registry).settle(order).results
    assert (counted.state, counted.version) == ("running", date(2021, 10, 1))
    assert counted.due_on == case.deadlines.counted[REPLY].due_on


def test_the_number_of_an_adoption_is_a_number() -> None:
    for number in ("一", "9" * 5000, "-1", "1.0"):
        with pytest.raises(InputError, match="不是采用的次序"):
            read_moving(number, [], "", None, "", begun_since=False, yes=False)


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        (THREE_MONTHS, ["coop.plan"]),
        (THREE_MONTHS.replace("coop.reply", "pil.reply"), ["pil.rectify"]),
        (THREE_MONTHS + THREE_MONTHS.partition("\n")[2].replace("coop.reply", "coop.plan"), []),
        (THREE_MONTHS.replace("amount = 3", "amount = 2"), []),
        (THREE_MONTHS.replace("coop.reply", "jy.reply"), []),
        (THREE_MONTHS.replace('amount = 3\nunit = "months"', "grace_working_days = 5"), []),
    ],
)
def test_a_reply_that_is_given_another_time_than_what_is_due_with_it_is_told(
    text: str, beside: list[str]
) -> None:
    found = hints(SiteRules(), read_adoption(text))
    assert [each.partition("（")[2].partition("）")[0] for each in found] == beside
    assert all("仍为2个月" in each for each in found)


# letters


def test_a_letter_states_the_length_that_was_adopted_when_it_was_issued() -> None:
    before, after = desk_served("2021-09-28"), desk_served("2021-10-11", SiteRules([adopted()]))
    before.rules = after.rules
    before.on("2021-10-12").publish(calendar("2022"))
    stated = [letter_paper(each.case, each.case.letters.by_id["L1"]) for each in (before, after)]
    assert [each.reply.length for each in stated] == ["2个月", "3个月"]  # type: ignore[union-attr] # a letter
    assert stated[1].reply.basis == TEXTS  # type: ignore[union-attr] # a letter


def test_what_changes_reminders_alone_is_cited_by_no_letter() -> None:
    text = 'basis = "关于提醒的通知"\n[[version]]\nrule = "coop.reply"\nfrom = 2021-11-01\nreminders = [{ days_before = 20 }]\n'
    rules = SiteRules([adopted(), adopted(text, "2021-10-20", 2)])
    stated = rules.lengths_on(date(2021, 12, 1))
    assert [(each.since, each.amount, each.basis) for each in stated] == [(date(2021, 10, 1), 3, TEXTS)]
    assert SiteRules([adopted(text)]).lengths_on(date(2021, 12, 1)) == ()
    last = rules.rule("coop.reply").versions[-1]
    assert (last.basis, last.note) == (TEXTS, "提醒、宽限依据关于提醒的通知")


@pytest.mark.parametrize(
    ("rule_of_letter", "changed", "length", "basis"),
    [
        ("pil.reply", "pil.reply", "2个月", "检察公益诉讼案件"),
        ("pil.reply", "pil.rectify", "3个月", "试行"),
        ("pil.reply_urgent", "pil.reply_urgent", "2个月", "检察公益诉讼案件"),
        ("coop.reply", "pil.rectify", "2个月", "协作配合机制"),
    ],
)
def test_a_letter_wants_things_put_right_within_the_time_of_that_rule_alone(
    rule_of_letter: str, changed: str, length: str, basis: str
) -> None:
    case = desk_served("2021-10-11").case
    first = case.letters.by_id["L1"]
    fields = ("type", "issued_on", "issued_to", "recipient", "reply_within")
    letter = cast(
        Letter, SimpleNamespace(reply_rule=rule_of_letter, **{each: getattr(first, each) for each in fields})
    )
    rules = SiteRules([adopted(THREE_MONTHS.replace("coop.reply", changed))])
    case.adopted = stated(rules.lengths_on(date(2021, 10, 11)))
    found = rectification_period(case, letter)
    assert found.length == length and basis in (found.basis or "")


# what would move


def row(start: str, *entries: LedgerEntry, **fields: object) -> OpenDeadline:
    ledger = (Started(EventDate.parse(start), "served", **fields), *entries)  # type: ignore[arg-type] # its fields
    found = reckon(rule("coop.reply"), ledger, calendar())
    return OpenDeadline(
        case="urging-350481-2021-9402",
        key=REPLY,
        rule="coop.reply",
        name="回复",
        party="某局",
        due_on=found.due_on,
        due_from=found.due_from,
        due_to=found.due_to,
        provisional=found.provisional,
        edition=calendar().name,
        ledger=LEDGER.dump_json(ledger, exclude_none=True).decode(),
    )


def shifted(*rows: OpenDeadline) -> list[Shift]:
    return list(shifts(rows, [version()], SiteRules([adopted()]).rule, calendar))


def test_who_would_move_is_told_with_both_days() -> None:
    early, late = shifted(row("2021-09-28"), row("2021-10-11"))
    assert (early.was, early.now) == (
        Days(date(2021, 11, 29), None, None),
        Days(date(2021, 12, 28), None, None),
    )
    assert (late.now.due_on, early.begun_since, late.begun_since) == (date(2022, 1, 11), False, True)


def test_what_a_document_sets_or_was_decided_already_is_left_out() -> None:
    chosen = VersionChosen(version=date(2021, 10, 1), instead_of=FIRST_VERSION, by="m1")
    assert (
        shifted(row("2021-10-11", amount=15, unit="days"), row("2021-10-11", fixed_on=date(2021, 12, 1)))
        == []
    )
    assert shifted(row("2021-10-11")._replace(rule="jy.reply")) == []
    moved = row("2021-10-11")
    ledger = (*LEDGER.validate_json(moved.ledger), chosen)
    assert shifted(moved._replace(ledger=LEDGER.dump_json(ledger, exclude_none=True).decode())) == []


def test_an_extension_stays_on_top_and_what_cannot_be_read_is_told() -> None:
    [found] = shifted(row("2021-09-28", Extended(amount=1, unit="months", by="m")))
    assert found.now.due_on == date(2022, 1, 28)
    [torn] = shifted(row("2021-09-28")._replace(ledger="{"))
    assert torn.why and not torn.moves
    [nowhere] = shifted(row("2021-09-28")._replace(edition="没有"))
    assert nowhere.why


# the books


def test_the_books_adopt_once_in_order_and_say_who(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/books.db")
    database.migrate()
    books = Books(database)
    said = {"file": "规则.toml", "by": "王五", "reason": "试行", "today": date(2021, 9, 20)}
    first, fresh = books.adopt_rules(text=THREE_MONTHS, **said)  # type: ignore[arg-type] # as said
    again, afresh = books.adopt_rules(text=THREE_MONTHS + "# 再来\n", **said)  # type: ignore[arg-type] # as said
    assert (first.number, fresh, again.number, afresh) == (1, True, 1, False)
    with pytest.raises(InputError, match="早于"):
        books.adopt_rules(text=THREE_MONTHS.replace("2021-10-01", "2021-09-20"), **said)  # type: ignore[arg-type] # as said
    [held] = books.adoptions()
    assert (held.by, held.reason, held.file) == ("王五", "试行", "规则.toml")
    assert SiteRules([held]).rule("coop.reply").versions[-1].amount == 3
    assert books.publications() == ()
    database.close()


def test_the_decision_is_read_as_staff_write_it() -> None:
    decision = ApplyRule.model_validate(
        {"id": "m1", "by": CHIEF, "deadline": REPLY, "version": "2021-10-01", "reason": "试行"}
    )
    assert decision.instead_of is None and decision.LABEL == "改按新规定"
