"""A correction, of whatever kind of fact: the case is as if the right fact had been told at first, or none.

Every kind that an urging case takes has its story: a new one without fails here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from models.bags import PaperRef
from models.cases.urging import UrgingFile
from models.chain import chained
from models.document_types import DocumentType
from models.errors import Refusal
from models.facts import FACTS, Fact
from models.projecting import rows
from models.terms import Outcome, Substance
from tests.openings import CLERK, FORESTRY, FOUNDING_DAY, TOWN, draft, field, opening
from tests.pure_desk import PureDesk, issued, served
from tests.random_messages import FACT_KINDS, kinds_taken

Fields = dict[str, Any]
KINDS = kinds_taken(Fact, PureDesk(opening()).case)
OTHERS = ("enforcement-350421-2020-0001", "dispute-350421-2020-0002")
LETTER: Fields = {"letter": "L1"}
SCAN = PaperRef("a" * 64, 9, "application/pdf", "papers/in/正本.pdf")
PLAN: Fields = {"objective_reason": "农时", "final_on": "2022-06-30"}


@dataclass(frozen=True)
class Story:
    """How far a case has come, what it was told, and what it should have been told."""

    before: Callable[[], PureDesk]
    wrong: Fields
    right: Fields


def sent_out() -> PureDesk:
    return issued().on("2021-10-20")


def received() -> PureDesk:
    desk = issued(draft(), items=(field(),))
    desk.record("letter_served", FOUNDING_DAY, "served", **LETTER)
    return desk.on("2021-10-20")


def jointly_drafted() -> PureDesk:
    asked = draft(DocumentType.LETTER, joint_issuers=(FORESTRY.name,), countersigners=(TOWN.name,))
    return PureDesk(opening(asked)).on("2021-10-20")


def inquired_into() -> PureDesk:
    desk = issued(draft(), on=FOUNDING_DAY)
    desk.decide("investigate")
    return desk.on("2021-10-20")


def promised() -> PureDesk:
    desk = received()
    promises = [{"what": "清运", "by": "2021-12-01"}, {"what": "覆土", "by": "2021-12-20"}]
    desk.record("reply_received", "2021-10-18", "reply", promises=promises, **LETTER)
    return desk


def on_a_plan() -> PureDesk:
    desk = received()
    stages = [{"what": "清运", "by": "2021-10-18"}, {"what": "覆土", "by": "2021-12-15"}]
    desk.record("plan_submitted", "2021-10-08", "plan", plan=PLAN | {"stages": stages}, **LETTER)
    desk.decide("accept_plan", **LETTER)
    return desk


def closed() -> PureDesk:
    desk = served()
    desk.record("reply_received", FOUNDING_DAY, "reply", **LETTER)
    desk.decide("assess_reply", substance=Substance.PUT_RIGHT, **LETTER)
    days = [date(2021, 10, 15), date(2022, 4, 15)]
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="验收合格", look_back_on=days)
    return desk.on("2021-10-20")


def called_together() -> PureDesk:
    desk = received().on("2021-10-20")
    for topic in ("拆除复耕", "资金"):
        desk.decide("call_meeting", form="consultation", topic=topic, planned_on="2021-10-28")
    return desk


def tied() -> PureDesk:
    desk = received().on("2021-10-20")
    for other in OTHERS:
        desk.decide("link_case", relation="related", case=other)
    return desk


# What only stands in the timeline.
NOTES = ("happened", "liaison_message")

STORIES = {
    "letter_served": Story(
        sent_out,
        LETTER | {"on": "2021-09-15", "presumed": True},
        LETTER | {"on": "2021-09-22", "mode": "post"},
    ),
    "service_refused": Story(sent_out, LETTER | {"on": "2021-09-16"}, LETTER | {"on": "2021-09-18"}),
    "objection_raised": Story(
        received,
        LETTER | {"on": "2021-09-20", "grounds": "甲"},
        LETTER | {"on": "2021-10-08", "grounds": "乙"},
    ),
    "reply_received": Story(
        received,
        LETTER | {"on": "2021-10-18", "stance": "adopted"},
        LETTER
        | {
            "on": "2021-10-19",
            "stance": "difficulties",
            "promises": [{"what": "清运", "by": "2021-12-01"}],
            "plan": PLAN,
        },
    ),
    "plan_submitted": Story(
        received,
        LETTER | {"on": "2021-10-18", "plan": PLAN},
        LETTER | {"on": "2021-10-19", "plan": PLAN | {"final_on": "2022-08-31"}},
    ),
    "plan_checked": Story(
        on_a_plan,
        LETTER | {"on": "2021-10-19"},
        LETTER | {"on": "2021-10-20", "node": "2021-12-15", "on_track": False, "next_check_on": "2021-12-01"},
    ),
    "item_progressed": Story(
        received,
        {"on": "2021-10-18", "item": "地块一", "milestone": "demolished"},
        {"on": "2021-10-19", "item": "地块一", "milestone": "demolished", "passed": False},
    ),
    "promise_kept": Story(
        promised,
        {"on": "2021-10-19", "promise": "reply#1"},
        {"on": "2021-10-20", "promise": "reply#2"},
    ),
    "agency_changed": Story(
        received,
        LETTER | {"on": "2021-10-18", "to": TOWN},
        LETTER | {"on": "2021-10-19", "to": FORESTRY},
    ),
    "inquiry_concluded": Story(inquired_into, {"on": "2021-10-18"}, {"on": "2021-10-20"}),
    "filed_upward": Story(received, LETTER | {"on": "2021-09-16"}, LETTER | {"on": "2021-10-12"}),
    "original_kept": Story(
        received,
        LETTER | {"on": "2021-09-16", "paper": SCAN},
        LETTER | {"on": "2021-09-17", "paper": SCAN, "note": "补盖院印"},
    ),
    "countersigned": Story(
        jointly_drafted,
        {"on": "2021-10-18", "organ": FORESTRY.name, "signer": "庚局长"},
        {"on": "2021-10-19", "organ": TOWN.name, "signer": "辛镇长", "opinion": "同意"},
    ),
    "looked_back": Story(closed, {"on": "2021-10-15", "held": True}, {"on": "2021-10-18", "held": False}),
    "happened": Story(
        received, {"on": "2021-10-18", "event": "座谈"}, {"on": "2021-10-19", "event": "圆桌会议"}
    ),
    "meeting_held": Story(
        called_together,
        {"on": "2021-10-20", "meeting": "M1", "conclusions": ["月底前拆除"], "agreed": True},
        {"on": "2021-10-19", "meeting": "M2", "attended": [TOWN.name], "agreed": False},
    ),
    "case_linked": Story(
        received,
        {"on": "2021-10-18", "case": OTHERS[0], "relation": "parent"},
        {"on": "2021-10-19", "case": OTHERS[1], "relation": "covers"},
    ),
    "case_unlinked": Story(
        tied, {"on": "2021-10-20", "case": OTHERS[0]}, {"on": "2021-10-20", "case": OTHERS[1]}
    ),
    "linked_case_closed": Story(
        tied,
        {"on": "2021-10-20", "case": OTHERS[0], "outcome": "整改到位"},
        {"on": "2021-10-19", "case": OTHERS[1], "outcome": "并案"},
    ),
    "fact_established": Story(
        received,
        {"on": "2021-09-18", "element": "stop_ordered", "actor": "镇自然资源所"},
        {"on": "2021-09-20", "element": "agency_filed", "actor": "县自然资源局"},
    ),
    "dispute_reported": Story(
        received,
        {"on": "2021-10-18", "case": "dispute-350421-2021-0001", "state": "under_way"},
        {"on": "2021-10-19", "case": "dispute-350421-2021-0001", "state": "settled"},
    ),
    "liaison_message": Story(
        received,
        {"on": "2021-10-18", "sender": "王五", "receiver": "张三", "what": "询问进度"},
        {"on": "2021-10-19", "sender": "张三", "receiver": "王五", "what": "下周答复"},
    ),
}


def test_every_kind_of_fact_has_its_story_and_is_drawn_at_random() -> None:
    assert sorted(STORIES) == sorted(KINDS)
    assert set(FACT_KINDS) == set(KINDS)


def told(kind: str, fields: Fields | None) -> PureDesk:
    """The case of a kind's story, told that, or nothing."""
    desk = STORIES[kind].before()
    if fields is not None:
        desk.record(kind, id="fact", **fields)
        assert desk.case.taken["fact"].how in ("applied", "noted")
    return desk


def correct(desk: PureDesk, kind: str, fields: Fields) -> None:
    """Put a fact of that kind in the place of the one that was told."""
    fact = FACTS.validate_python({"kind": kind, "id": "fact", "by": CLERK, **fields})
    desk.decide("correct", fact="fact", replacement=fact, reason="记录有误")


def standing(desk: PureDesk) -> dict[str, Any]:
    """How a case stands, whatever its journal says of the way there; a day that ran out once stays in a ledger."""
    case, snapshot = desk.case, rows(desk.case)
    ledgers = {
        key: (deadline.party, deadline.ended, [each for each in deadline.entries if each.kind != "expired"])
        for key, deadline in case.deadlines.by_key.items()
    }
    return {
        "stage": case.stage,
        "letters": case.letters.by_id,
        "items": case.items,
        "undertakings": case.putting_right.undertakings,
        "ledgers": ledgers,
        "counted": {key: case.deadlines.counted[key] for key in ledgers},
        "inquiry": case.inquiry,
        "look_backs": case.ending.look_backs,
        "meetings": case.meetings.by_id,
        "links": case.links.ties,
        "findings": case.findings.course,
        "disputes": case.disputes,
        "unmatched": list(case.unmatched),
        "overdue": case.overdue_letters,
        "rows": (snapshot.case, snapshot.letters, snapshot.items, snapshot.meetings, snapshot.links),
    }


@pytest.mark.parametrize("day", ["2021-10-20", "2021-11-05"])
@pytest.mark.parametrize("kind", KINDS)
def test_correction_of_any_fact(kind: str, day: str) -> None:
    """At once or after a fortnight, the case comes to stand as if told so at first; corrected back, as it stood before."""
    story = STORIES[kind]
    desk, right = told(kind, story.wrong).on(day), told(kind, story.right).on(day)
    said = desk.case.taken["fact"].what
    assert said != right.case.taken["fact"].what
    assert kind in NOTES or standing(desk) != standing(right)
    before = list(desk.case.entries)

    correct(desk, kind, story.right)
    assert standing(desk) == standing(right)
    assert desk.case.taken["fact"] == right.case.taken["fact"]
    _is_whole(desk, before)

    correct(desk, kind, story.wrong)
    assert standing(desk) == standing(told(kind, story.wrong).on(day))
    assert desk.case.taken["fact"].what == said
    _is_whole(desk, before)


@pytest.mark.parametrize("day", ["2021-10-20", "2021-11-05"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_struck_out_stands_as_if_never_told(kind: str, day: str) -> None:
    desk, without = told(kind, STORIES[kind].wrong).on(day), told(kind, None).on(day)
    assert kind in NOTES or standing(desk) != standing(without)
    before = list(desk.case.entries)
    desk.correct("fact")
    assert standing(desk) == standing(without)
    assert desk.case.taken["fact"].what == "已撤销"
    _is_whole(desk, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_is_corrected_by_one_of_its_kind_alone(kind: str) -> None:
    desk = told(kind, STORIES[kind].wrong)
    other = "inquiry_concluded" if kind in ("happened", "liaison_message") else "happened"
    with pytest.raises(Refusal, match="不能更正为"):
        correct(desk, other, STORIES[other].right)
    assert standing(desk) == standing(told(kind, STORIES[kind].wrong))


def _is_whole(desk: PureDesk, before: list[Any]) -> None:
    """The journal has only grown, its chain holds, and folded again it says the same."""
    entries = desk.case.entries
    assert entries[: len(before)] == before
    for number, entry in enumerate(entries):
        previous = entries[number - 1].chain if number else ""
        assert entry.chain == chained(previous, entry.seq, entry.at, entry.message)
    assert rows(UrgingFile.restored(desk.case.state())) == rows(desk.case)
