"""The courses that are recorded: each brings a case to one place where cases wait for long, or to its end.

Those of urging cases stand here, those of the other kinds in `kinds`. Between them they hold every kind of fact, decision and
letter of an urging case (`lacking` says which not). Most are gone on the pure desk first and then told to the server as they
went; those that need the world itself are spoken to as they run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any

from models.decisions import Decision
from models.document_types import DocumentType
from models.facts import Fact
from models.messages import EditionPublished, FellDue, PaperFailed, PaperMade, Reminded, Unreadable
from models.rows import Snapshot
from models.terms import EscalationRung, ItemKind, Milestone, Outcome, ServiceMode, Stance, Substance
from models.wire import Plan, PlanStage, Promise, Recipient
from tests.histories.kinds import STORIES
from tests.openings import (
    BUREAU,
    CHIEF,
    COURT,
    DRAFTER,
    FORESTRY,
    HEAD,
    OBJECTION,
    PRESIDENT,
    TEXT,
    TOWN,
    draft,
    field,
    notification_opening,
    opening,
)
from tests.playing import course, play
from tests.pure_desk import PureDesk, issued, served
from tests.random_messages import kinds_taken
from tests.world import Case, World, awaiting_reply

Course = Callable[[World], Awaitable[Case]]
MONTH = {"amount": 1, "unit": "months"}
OTHER = TEXT.model_copy(update={"advice": ("限期拆除", "恢复耕种条件")})
PLAN = Plan(
    objective_reason="须待秋收后清运",
    final_on=date(2022, 3, 31),
    stages=(PlanStage(what="清运", by=date(2021, 12, 15)),),
    next_check_on=date(2021, 12, 20),
)


async def drafted(world: World) -> Case:
    """A draft waits for approval."""
    return await world.open(notification_opening(9001))


async def awaiting(world: World) -> Case:
    """Served, one reminder sent."""
    case = await awaiting_reply(world, 9002)
    await case.pass_days(50)
    return case


async def overdue_and_escalated(world: World) -> Case:
    """Several recipients; one silent, urged and reported upward; a fact corrected, one kept for sorting."""
    recipients = [{"name": "永安市自然资源局", "code": "350481-nr"}, {"name": "某镇人民政府"}]
    draft = {
        "id": "draft-1",
        "by": {"name": "甲", "role": "procurator"},
        "document": "suggestion",
        "recipients": recipients,
        "objection_within": {"amount": 15},
    }
    case = await world.open(notification_opening(9003, letters=[draft]))
    await case.decide("approve_letter", "approve-1")
    await case.decide("issue_letter", "issue-1", official_no="明检建〔2021〕5号")
    await case.record("letter_served", "served-1", on="2021-09-15", letter="L1")
    await case.record("letter_served", "served-2", on="2021-09-14", letter="L2", keep=True)
    await case.decide(
        "correct",
        "correct-1",
        fact="served-2",
        reason="误录",
        replacement={
            "kind": "letter_served",
            "id": "served-2",
            "on": "2021-09-15",
            "letter": "L2",
            "by": {"name": "甲", "role": "clerk"},
        },
    )
    await case.signal("reply_received", "reply-x", on="2021-09-15", letter="不知何处")
    await case.pass_days(75)
    await case.record("reply_received", "reply-1", on="2021-11-20", letter="L1", stance="partly_adopted")
    await case.decide("assess_reply", "assess-1", letter="L1", substance="partly")
    await case.decide("urge", "urge-1", letter="L2")
    await case.decide("escalate", "escalate-1", letter="L2", rung="superior_procuratorate")
    return case


async def continued_and_filed(world: World) -> Case:
    """Continued as new on the way, closed, looked back upon, filed away."""
    case = await awaiting_reply(world, 9004)
    await case.handle.signal("renew")
    await case.record("reply_received", "reply-1", on="2021-09-15", stance="adopted")
    await case.decide("assess_reply", "assess-1", substance="put_right")
    await case.decide(
        "close_case", "close-1", outcome="rectified", reason="已整改", look_back_on=["2021-12-15"]
    )
    await case.pass_days(95)
    await case.record("looked_back", "back-1", on="2021-12-15", held=True)
    await case.handle.result()
    return case


async def remade(world: World) -> Case:
    """A paper that could not be made, its 文号 being taken; freed, and made anew."""
    books, number = world.world.books, "明检告〔2021〕7号"
    opened = notification_opening(9005)
    taken = (opened.procuratorate.name, "notification_letter", 2021, number, "elsewhere")
    await asyncio.to_thread(books.register_official, *taken)
    case = await world.open(opened)
    await case.decide("issue_letter", "issue-1", official_no=number)
    while not [row for row in (await case.settled()).facts if row.kind == "paper_failed"]:
        await asyncio.sleep(0.1)
    await asyncio.to_thread(books.release_official, *taken, "误登")
    await case.decide("remake_paper", "remake-1", order="L1/issued")
    while not (await case.settled()).papers:
        await asyncio.sleep(0.1)
    return case


# gone on the pure desk first


def _own(number: int, year: int = 2021) -> dict[str, Any]:
    """A case number, and a procuratorate: a 文号 is unique in the books of one."""
    return {
        "case": f"urging-350421-{year}-{number}",
        "procuratorate": Recipient(name=f"明溪县人民检察院（{number}）"),
    }


def prepared() -> PureDesk:
    """From the clue: inquiry, a draft sent back and revised, another handler; refused, left, filed upward."""
    desk = PureDesk(opening(opened_on=date(2021, 9, 1), **_own(9011)))
    desk.decide("accept_clue")
    desk.decide("investigate")
    desk.on("2021-09-06").decide("add_item", item=field(kind=ItemKind.CLEARANCE).model_dump())
    desk.on("2021-09-10").record("inquiry_concluded", "2021-09-10")
    desk.decide("assign", handler=HEAD)
    desk.decide("assign_liaison", liaison="庚联络员")
    desk.decide("draft_letter", by=DRAFTER, document="class_suggestion", recipients=[BUREAU], text=TEXT)
    desk.decide("return_draft", reason="证据不足")
    desk.decide("revise_draft", by=DRAFTER, text=OTHER)
    desk.decide("approve_letter")
    desk.on("2021-09-15").decide("issue_letter", official_no="明检建〔2021〕9011号")
    desk.on("2021-09-17").record("service_refused", "2021-09-17", letter="L1")
    desk.on("2021-09-18").record("letter_served", "2021-09-18", letter="L1", mode=ServiceMode.LEFT)
    desk.record("filed_upward", "2021-09-18", letter="L1")
    desk.record("happened", "2021-09-18", event="gov_meeting", actor="县政府", note="协调会")
    return desk


def objected() -> PureDesk:
    """Three letters: an objection rejected, one upheld and the letter amended and served anew, one letter withdrawn."""
    desk = issued(draft(DocumentType.SUGGESTION, BUREAU, TOWN, FORESTRY), **_own(9012))
    for letter in ("L1", "L2", "L3"):
        desk.record("letter_served", "2021-09-15", f"served-{letter}", letter=letter)
    desk.on("2021-09-27").record("objection_raised", "2021-09-27", "o1", letter="L1", grounds="已经立案查处")
    desk.record("objection_raised", "2021-09-27", "o2", letter="L2", grounds="建议不当")
    desk.decide("review_objection", letter="L1", upheld=False, reason="立案不等于查处")
    desk.decide("review_objection", by=HEAD, letter="L2", upheld=True, reason="确有不当")
    desk.decide("amend_letter", "a1", letter="L2", text=OTHER, reason="复核后变更")
    desk.on("2021-10-11").record("letter_served", "2021-10-11", letter="L2")
    desk.decide("withdraw_letter", letter="L3", reason="主体有误")
    desk.record("agency_changed", "2021-10-08", letter="L1", to=FORESTRY)
    desk.take(EditionPublished(id="edition-1", edition="2026"))
    desk.on("2021-11-03")
    return desk


def planned() -> PureDesk:
    """Difficulties explained: a plan sent back, another accepted and checked upon, a promise kept, an item put right."""
    desk = served(items=(field(), field("地块二")), **_own(9013)).on("2021-10-20")
    promises = (Promise(what="清运", by=date(2021, 12, 1)), Promise(what="复耕", by=date(2022, 4, 2)))
    desk.record(
        "reply_received", "2021-10-20", "r1", letter="L1", stance=Stance.DIFFICULTIES, promises=promises
    )
    desk.record("plan_submitted", "2021-10-20", letter="L1", plan=PLAN)
    desk.decide("return_plan", letter="L1", reason="没有责任人")
    desk.on("2021-11-01").record("plan_submitted", "2021-11-01", letter="L1", plan=PLAN)
    desk.decide("accept_plan", letter="L1", next_check_on=date(2021, 11, 30))
    desk.decide("assess_reply", letter="L1", substance=Substance.PARTLY)
    desk.carried()
    desk.on("2021-11-29").record("promise_kept", "2021-11-29", promise="r1#1")
    for milestone in (Milestone.DEMOLISHED, Milestone.CLEARED, Milestone.COVERED):
        desk.record("item_progressed", "2021-11-29", item="地块一", milestone=milestone)
    desk.record("item_progressed", "2021-11-29", item="地块一", milestone=Milestone.ACCEPTED, passed=False)
    desk.decide("drop_item", item="地块二", reason="经批准补办用地手续")
    desk.on("2021-12-16").record("plan_checked", "2021-12-16", letter="L1", on_track=False)
    desk.on("2021-12-21")
    return desk


def to_a_court() -> PureDesk:
    """A court objects, has its period lengthened by its president, and does not adopt."""
    desk = served(draft(DocumentType.COURT_SUGGESTION, COURT), on=date(2021, 11, 30), **_own(9014))
    desk.on("2021-12-10").record("objection_raised", "2021-12-10", "o1", letter="L1", grounds="执行合法")
    desk.on("2022-01-11").decide("review_objection", letter="L1", upheld=False, reason="执行有误")
    desk.on("2022-02-10").decide("extend", by=PRESIDENT, deadline="L1/ct.reply", by_period=MONTH)
    desk.on("2022-03-20").record("reply_received", "2022-03-18", letter="L1", stance=Stance.NOT_ADOPTED)
    desk.decide("assess_reply", letter="L1", substance=Substance.REJECTED)
    return desk


def before_a_suit() -> PureDesk:
    """Two months of silence; the review for prosecution stands still, goes on, and is lengthened."""
    desk = served(draft(DocumentType.PRE_SUIT_SUGGESTION), on=date(2024, 4, 1), **_own(9015, 2024))
    key = "L1/pil.prosecute"
    desk.on("2024-06-14").decide("suspend", deadline=key, reason="委托鉴定")
    desk.on("2024-08-03").decide("resume", deadline=key)
    desk.decide("extend", by=CHIEF, deadline=key, by_period=MONTH)
    desk.on("2024-09-10")
    return desk


def upgraded() -> PureDesk:
    """A 告知函 in vain: urged, replaced by a 检察建议, which is served; what came in meanwhile is sorted and corrected."""
    desk = served(DocumentType.NOTIFICATION_LETTER, **_own(9016)).on("2021-11-19", 1)
    desk.decide("urge", by=DRAFTER, letter="L1")
    desk.decide("upgrade_letter", by=DRAFTER, letter="L1", objection_within=OBJECTION)
    desk.decide("approve_letter", document="D2")
    desk.decide("issue_letter", document="D2", official_no="明检建〔2021〕9016号")
    garbled = desk.garbled("reply", "{")
    desk.signal("reply_received", "2021-11-18", "stray", letter="某单位")
    desk.record("letter_served", "2021-11-19", "served-2", letter="L2")
    desk.decide("sort_out", fact=garbled.id, reason="乱码，已请对方重发")
    desk.decide("sort_out", fact="stray", letter="L1")
    desk.on("2021-11-23").correct("served-2", "2021-11-22")
    return desk


def relapsed() -> PureDesk:
    """Reported upward, closed, looked back upon and found relapsed: filed away by decision."""
    desk = served(**_own(9017)).on("2021-11-19")
    desk.decide("urge", letter="L1")
    desk.decide("escalate", letter="L1", rung=EscalationRung.SUPERIOR_PROCURATORATE)
    desk.record("reply_received", "2021-11-19", letter="L1", stance=Stance.ADOPTED)
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="已整改", look_back_on=[date(2022, 1, 20)])
    desk.on("2022-01-21").record("looked_back", "2022-01-20", held=False)
    desk.decide("file_away", reason="原地反弹，另立新案")
    return desk


GONE: dict[str, Callable[[], PureDesk]] = {
    "prepared": prepared,
    "objected": objected,
    "planned": planned,
    "court": to_a_court,
    "presuit": before_a_suit,
    "upgraded": upgraded,
    "relapsed": relapsed,
}


def _as_it_went(going: Callable[[], PureDesk[Any]]) -> Course:
    """A desk's course, on the server, which must come to the same."""

    async def played(world: World) -> Case:
        desk = going()
        gone = await play(world, course(desk), resting=True)
        assert not gone.differences, gone.differences
        return Case(world, world.client.get_workflow_handle(desk.case.opening.case), desk.case.opening)

    return played


COURSES: dict[str, Course] = {
    "drafted": drafted,
    "awaiting": awaiting,
    "escalated": overdue_and_escalated,
    "filed": continued_and_filed,
    "remade": remade,
    **{name: _as_it_went(going) for name, going in (GONE | STORIES).items()},
}

# Known only since the last release: no history holds them yet, and those of the next one shall.
YOUNGER = (
    "apply_rule",
    "meeting_held",
    "case_linked",
    "case_unlinked",
    "linked_case_closed",
    "call_meeting",
    "cancel_meeting",
    "link_case",
    "unlink_case",
    "open_linked",
    "fact_established",
    "dispute_reported",
    "liaison_message",
    "exclude_days",
    "assign_liaison",
    "original_kept",
    "countersigned",
)
YOUNGER_LETTERS = (DocumentType.RETRIAL_SUGGESTION,)
_URGING = PureDesk(opening()).case
# Every kind that the journal of an urging case may hold.
KINDS = (
    *kinds_taken(Fact, _URGING),
    *kinds_taken(Decision, _URGING),
    "sort_out",
    "correct",
    *(
        str(kind.model_fields["kind"].default)
        for kind in (Reminded, FellDue, PaperMade, PaperFailed, EditionPublished, Unreadable)
    ),
)


def lacking(cases: Iterable[Snapshot]) -> list[str]:
    """What none of the cases holds, of the kinds of message, of the letters, and of the papers that answer to them."""
    seen = {kind: False for kind in KINDS if kind not in YOUNGER}
    asking = [type_ for type_ in DocumentType if type_.asks_reply and type_ not in YOUNGER_LETTERS]
    letters = {type_.value: False for type_ in asking}
    for case in cases:
        seen |= {row.kind: True for row in case.facts if row.how != "unmatched" or row.kind == "unreadable"}
        letters |= {row.type: True for row in case.letters}
    return [name for name, is_there in (seen | letters).items() if not is_there]
