"""Audit: each line of a journal says who, when, why, and what it changed, before and after; one that was altered is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from activities.folder_archive import FolderArchive
from models.adoptions import SiteRules
from models.audit import Act, acts
from models.calendar import Calendar, calendar
from models.dates import day_in_china
from models.decisions import DECISIONS, Decision
from models.journal import CaseState
from models.journal_file import journal_text, read_journal
from models.kinds import FILES, file_of, messages_of
from models.messages import Entry
from models.projecting import rows
from models.said.bases import DecisionBase, FactBase
from models.terms import Role
from starter.auditing import Audited, tell_audit
from starter.columns import width
from starter.verifying import Verdict, verified
from starter.witnesses import Witnesses
from tests.histories.courses import GONE
from tests.histories.kinds import STORIES
from tests.openings import CHIEF, CLERK, opening
from tests.pure_desk import PureDesk, served

NAMES = tuple(GONE | STORIES)

# What begins something outside, or asks for it: what comes of it is told by later lines, and what was decided by the line
# itself. A calendar moves what it moves, and may move nothing.
OF_ITSELF = {
    "act_on_refusal",
    "amend_claims",
    "case_told",
    "count_progress",
    "edition_published",
    "gather_figures",
    "open_linked",
    "refer_upward",
    "withdraw_suit",
}
# No story holds these: what a lost history or a room out of reach leaves, another end of the same story, or what is only noted.
UNTOLD = {
    "apply_rule",
    "decline_candidate",
    "decline_support",
    "eligible_body_sued",
    "feedback_received",
    "history_lost",
    "link_failed",
    "original_kept",
    "paper_failed",
    "preliminary_reported",
    "remake_paper",
    "return_clue",
    "review_reported",
    "terminate_review",
    "transfer_case",
}
# Decisions for which a reason is a matter of course: they take something back, refuse it, move a period, or end something.
REASONED = {
    "amend_letter",
    "amend_claims",
    "cancel_meeting",
    "close_case",
    "correct",
    "decline_case",
    "decline_supervision",
    "detach_cases",
    "drop_item",
    "follow_up",
    "forward_clue",
    "gather_figures",
    "open_linked",
    "open_supervision",
    "refer_upward",
    "release_assistant",
    "return_draft",
    "return_plan",
    "review_objection",
    "set_aside_suspicion",
    "suspend_review",
    "take_clue",
    "unlink_case",
    "withdraw_letter",
    "withdraw_suit",
}


class Editions:
    """The calendars of the program."""

    def current(self) -> Calendar:
        return calendar()

    def named(self, name: str) -> Calendar:
        return calendar(name)

    @property
    def rules(self) -> SiteRules:
        return SiteRules()


@cache
def desk_of(name: str) -> PureDesk[Any]:
    desk: PureDesk[Any] = (GONE | STORIES)[name]()
    return desk


@cache
def audited(name: str) -> tuple[Act, ...]:
    return tuple(acts(desk_of(name).case.state(), Editions()))


def entries() -> Iterator[Entry]:
    for name in NAMES:
        yield from desk_of(name).case.entries


@pytest.mark.parametrize("name", NAMES)
def test_each_line_says_who_and_when(name: str) -> None:
    for act, entry in zip(audited(name), desk_of(name).case.entries, strict=True):
        said = isinstance(entry.message, FactBase | DecisionBase)
        assert (act.seq, act.at) == (entry.seq, entry.at) and entry.at.tzinfo is not None
        assert act.is_of_staff == said and (act.by != "系统") == said, act
        if isinstance(entry.message, DecisionBase):
            assert entry.message.on is None or entry.message.on <= day_in_china(entry.at)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_and_what_is_follow_from_one_another(name: str) -> None:
    """Each value is before a line what the line ahead had left; and the last of all is what the rows say."""
    held: dict[tuple[str, str, str], Any] = {}
    case = desk_of(name).case
    for act in audited(name):
        for change in act.changes:
            place = (change.table, change.key, change.field)
            if place in held:
                assert change.before == held[place], (act.seq, change)
            held[place] = change.after
    snapshot = rows(case)
    for letter in snapshot.letters:
        assert held.get(("letters", letter.letter, "state"), letter.state) == letter.state
        assert (held.get(("letters", letter.letter, "served_on")) or "") == letter.served_on
    for item in snapshot.items:
        assert held.get(("items", item.item, "state"), item.state) == item.state
    for deadline in snapshot.deadlines:
        if not deadline.ended and deadline.edition == calendar().name:
            assert held.get(("deadlines", deadline.key, "due_on")) == deadline.due_on, deadline.key
    assert held.get(("case", "", "stage"), snapshot.case.stage) == snapshot.case.stage


def test_every_kind_of_message_is_told_with_what_it_changed() -> None:
    changed: set[str] = set()
    unchanged: set[str] = set()
    for name in NAMES:
        for act in audited(name):
            if act.how != "unmatched":
                (changed if act.changes else unchanged).add(act.kind)
    every = {kind for case in FILES for kind in messages_of(case)}
    assert every - changed - unchanged == UNTOLD
    assert unchanged - changed == OF_ITSELF


def test_a_correction_tells_what_stood_before() -> None:
    desk = served(on=date(2021, 9, 15)).on("2021-09-20")
    fact = next(each.message.id for each in desk.case.entries if each.message.kind == "letter_served")
    desk.correct(fact, "2021-09-18")
    *_, act = acts(desk.case.state(), Editions())
    assert (act.kind, act.by, act.why) == ("correct", CHIEF.name, "记录有误")
    changes = {(each.table, each.field): (str(each.before), str(each.after)) for each in act.changes}
    assert changes["facts", "on"] == ("2021-09-15", "2021-09-18")
    assert changes["letters", "served_on"] == ("2021-09-15", "2021-09-18")
    due = changes["deadlines", "due_on"]
    assert due[0] < due[1]


def test_a_change_of_level_has_a_reason_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    desk = PureDesk(opening())
    assert "理由" in desk.refusal("set_level", level="internal")
    assert "已是普通" in desk.refusal("set_level", level="ordinary", reason="误")
    desk.decide("set_level", level="内部", reason="涉及工作秘密")
    assert rows(desk.case).case.level == "internal"
    told = tuple(acts(desk.case.state(), Editions()))
    assert [(each.field, each.before, each.after) for each in told[-1].changes] == [
        ("level", "ordinary", "internal")
    ]
    case = desk.case.opening
    audit = Audited(case.case, case.title, case.kind, "", told)
    tell_audit(audit, as_json=False)
    text = capsys.readouterr().out
    assert "知悉范围：普通 → 内部" in text and "涉及工作秘密" in text and CHIEF.name in text
    assert max(width(line) for line in text.splitlines()) <= 80
    tell_audit(audit, as_json=True)
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["by"], line["why"], line["changes"][0]["before"]) == (CHIEF.name, "涉及工作秘密", "ordinary")


@pytest.mark.parametrize("name", NAMES)
def test_every_line_can_be_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = desk_of(name).case.opening
    audit = Audited(case.case, case.title, case.kind, "", audited(name))
    for as_json in (False, True):
        tell_audit(audit, as_json=as_json)
    text = capsys.readouterr().out.partition("\n{")[0]
    assert max(width(line) for line in text.splitlines()) <= 80
    assert "{" not in text and "None" not in text


# ── why ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reason_is_asked_at_the_door_where_it_is_a_matter_of_course() -> None:
    asked: set[str] = set()
    others: set[str] = set()
    for name in NAMES:
        whole = desk_of(name).case
        case = file_of(whole.opening)
        case.deadlines.counted = dict(whole.deadlines.counted)
        for entry in whole.entries:
            message: Any = entry.message
            if isinstance(message, DecisionBase):
                bare: Any = message.model_copy(update={"id": f"{message.id}-again", "reason": ""})
                problems = case.check(bare, day_in_china(entry.at))
                (asked if any(each.field == "reason" for each in problems) else others).add(bare.kind)
            case.retake(entry)
    assert asked >= REASONED - {"file_away"}, REASONED - asked


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("suspend", {}),
        ("extend", {"by_period": {"amount": 1, "unit": "months"}}),
    ],
)
def test_a_period_is_stopped_and_lengthened_for_a_reason(kind: str, fields: dict[str, Any]) -> None:
    desk = served(_pre_suit(), on=date(2024, 4, 1), case="urging-350421-2024-9349").on("2024-06-14")
    asked = {"deadline": "L1/pil.prosecute", "by": CHIEF, **fields}
    assert f"{'中止' if kind == 'suspend' else '延长'}须写明理由" in desk.refusal(kind, **asked)
    assert desk.refusal(kind, **asked, reason="委托鉴定") == ""


def _pre_suit() -> Any:
    from models.document_types import DocumentType
    from tests.openings import draft

    return draft(DocumentType.PRE_SUIT_SUGGESTION)


# ── a line that was altered ─────────────────────────────────────────────────────────────────────────────────


def altered(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """The line with its author, role, moment, reason or day changed, and its chain left as it was."""
    message: Any = entry.message
    yield "moment", entry.model_copy(update={"at": entry.at + timedelta(seconds=1)})
    for field, other in (
        ("name", "某甲"),
        ("role", Role.CLERK if message.by.role is not Role.CLERK else Role.AGENCY),
    ):
        person = message.by.model_copy(update={field: other})
        yield field, entry.model_copy(update={"message": message.model_copy(update={"by": person})})
    if isinstance(message, DecisionBase):
        reason = message.model_copy(update={"reason": f"{message.reason}。"})
        yield "reason", entry.model_copy(update={"message": reason})
    else:
        day = message.model_copy(update={"on": type(message.on).on(date(2019, 5, 6))})
        yield "before", entry.model_copy(update={"message": day})


def test_whatever_is_altered_in_a_journal_its_line_is_named() -> None:
    """Of every kind of fact and decision: who, in what role, why, when, and the value that a correction replaced."""
    tried: set[str] = set()
    for name in NAMES:
        journal = desk_of(name).case.entries
        for place, entry in enumerate(journal):
            kind = entry.message.kind
            if kind in tried or not isinstance(entry.message, FactBase | DecisionBase):
                continue
            tried.add(kind)
            for what, forged in altered(entry):
                read = read_journal(journal_text([*journal[:place], forged, *journal[place + 1 :]]))
                assert read.line == entry.seq and "链接指纹" in read.wrong, (kind, what)
    assert len(tried) > 100


@pytest.mark.asyncio
@pytest.mark.parametrize("place", range(3))
async def test_an_altered_line_of_an_open_case_is_found(place: int, tmp_path: Path) -> None:
    desk = PureDesk(opening())
    desk.decide("accept_clue")
    desk.record("happened", "2021-09-01", "h1", event="核查", actor="某甲", note="现场")
    desk.decide("set_level", level="internal", reason="涉及工作秘密")
    assert (await _verdict(desk.case.state(), tmp_path)).is_sound
    entry = desk.case.entries[place]
    for what, forged in altered(entry):
        journal = [*desk.case.entries]
        journal[place] = forged
        state = desk.case.state().model_copy(update={"entries": tuple(journal)})
        verdict = await _verdict(state, tmp_path)
        assert [each.line for each in verdict.findings] == [entry.seq], what
        assert "这一行接不上" in verdict.findings[0].what


async def _verdict(state: CaseState, folder: Path) -> Verdict:
    """What the verifying says of an open case that answers so."""

    class Handle:
        async def query(self, name: str, **_: Any) -> Any:
            return state if name == "state" else None

        async def describe(self, **_: Any) -> Any:
            return SimpleNamespace(run_id="run")

    client = SimpleNamespace(get_workflow_handle=lambda case: Handle())
    office: Any = SimpleNamespace(client=client)
    case = state.opening.case
    return await verified(Witnesses(FolderArchive(folder), office=office, served={case}), case)


def test_a_decision_of_this_release_reads_as_one_of_the_release_before() -> None:
    """Released histories know no level: a case that was opened then is seen by everybody, and is chained as it was."""
    told: Decision = DECISIONS.validate_python(
        {"kind": "set_level", "id": "x", "by": CHIEF.model_dump(), "level": "普通"}
    )
    assert told.kind == "set_level" and told.by == CHIEF
    assert PureDesk(opening()).case.level == "ordinary"
    assert "level" not in opening().model_dump(exclude_defaults=True)
    assert CLERK.role == "clerk"
