"""Messages drawn at random: the likely and the absurd, for the pure core and for the server."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, get_args

from models.bags import PaperRef
from models.calendar import calendar
from models.casefile import CaseFile
from models.cases.urging import UrgingFile
from models.dates import EventDate
from models.decisions import DECISIONS, Correct, Decision, SortOut
from models.document_types import DocumentType
from models.facts import FACTS, Fact, LetterServed, ReplyReceived
from models.messages import Opening
from models.said.bases import FactBase
from models.terms import (
    CaseKind,
    DisputeState,
    Element,
    EscalationRung,
    ItemKind,
    MeetingForm,
    Milestone,
    Relation,
    ServiceMode,
    Stance,
    Substance,
)
from models.wire import Plan, PlanStage
from tests.openings import (
    BUREAU,
    CHIEF,
    CLERK,
    COURT,
    DRAFTER,
    FORESTRY,
    HEAD,
    PRESIDENT,
    TEXT,
    TOWN,
    UNIVERSITY,
    draft,
    field,
    opening,
)

BODIES = (BUREAU, TOWN, FORESTRY, UNIVERSITY)
LETTERS = (
    "L1",
    "L2",
    "L3",
    "L1",
    "L2",
    "",
    BUREAU.name,
    TOWN.name,
    COURT.name,
    "D1",
    "明检建〔2021〕1号",
    "某局",
)
DEADLINES = (
    "jy.reply",
    "coop.reply",
    "ct.reply",
    "pil.prosecute",
    "pil.reply",
    "jy.file_up",
    "local.service",
)
FACT_KINDS = (
    *("letter_served",) * 5,
    *("reply_received",) * 6,
    *("item_progressed",) * 3,
    "service_refused",
    "objection_raised",
    "plan_submitted",
    "plan_checked",
    "promise_kept",
    "agency_changed",
    "inquiry_concluded",
    "filed_upward",
    "original_kept",
    "countersigned",
    "looked_back",
    "happened",
    *("meeting_held",) * 2,
    "case_linked",
    "case_unlinked",
    "linked_case_closed",
    "liaison_message",
    "fact_established",
    "dispute_reported",
)
DECISION_KINDS = (
    *("approve_letter",) * 3,
    *("issue_letter",) * 4,
    *("assess_reply",) * 4,
    *("urge",) * 2,
    *("escalate",) * 3,
    *("accept_plan",) * 2,
    "draft_letter",
    "return_draft",
    "revise_draft",
    "review_objection",
    "upgrade_letter",
    "amend_letter",
    "withdraw_letter",
    "return_plan",
    "suspend",
    "resume",
    "extend",
    "apply_rule",
    "add_item",
    "drop_item",
    "accept_clue",
    "investigate",
    "assign",
    "assign_liaison",
    "exclude_days",
    *("call_meeting",) * 2,
    "cancel_meeting",
    "link_case",
    "unlink_case",
    "open_linked",
    "remake_paper",
)
LAST_KINDS = ("close_case", "file_away")
THERE = "enforcement-350421-2020-9001"
"""The one of these other cases that there is, for a desk that is told so."""
OTHERS = (THERE, "dispute-350421-2020-9002", "urging-350421-2020-9003", "（2021）闽0421行审1号")


def kinds_taken(union: Any, case: CaseFile) -> list[str]:
    """The kinds of a union of messages that such a case takes, in their order."""
    kinds = [str(each.model_fields["kind"].default) for each in get_args(get_args(union)[0])]
    return [kind for kind in kinds if kind in case.known_kinds]


def random_opening(rnd: Random, case: str = "urging-350421-2021-0007", day: date | None = None) -> Opening:
    """A case with one to three drafts, to one or two bodies each, of every kind."""
    drafts = []
    for number in range(1, rnd.randint(1, 3) + 1):
        document = rnd.choice([type_ for type_ in DocumentType if type_.asks_reply])
        recipients = (COURT,) if document.goes_to_court else tuple(rnd.sample(BODIES, rnd.randint(1, 2)))
        drafts.append(draft(document, *recipients, id=f"draft-{number}"))
    day = day or date(2021, 1, 4) + timedelta(days=rnd.randint(0, 700))
    items = tuple(field(f"地块{number}", rnd.choice(list(ItemKind))) for number in range(rnd.randint(0, 2)))
    return opening(*drafts, opened_on=day, case=case, items=items)


def random_day(rnd: Random, today: date) -> EventDate:
    """Mostly a day of the last weeks; sometimes a month, a range, a day ahead, a year long past or a slip of the pen."""
    day = today - timedelta(days=rnd.choice((0, 0, 0, 1, 2, 3, 5, 10, 20, 40, 80)))
    match rnd.randint(0, 19):
        case 0:
            return EventDate.parse(f"{day:%Y-%m}")
        case 1:
            return EventDate(day - timedelta(days=rnd.randint(1, 20)), day)
        case 2:
            return EventDate.on(today + timedelta(days=rnd.randint(1, 30)))
        case 3:
            return EventDate.parse(
                rnd.choice(("0999-05", "1949", "1985/2021", "2099", "2021/2099", "9999-12-31", f"{day.year}"))
            )
        case _:
            return EventDate.on(day)


def random_letter(rnd: Random, case: UrgingFile) -> str:
    """Mostly a letter of the case, by its id; now and then by a name, by a number, by nothing, or none that there is."""
    known = list(case.letters.by_id)
    return rnd.choice(known) if known and rnd.random() < 0.7 else rnd.choice(LETTERS)


def random_fact(rnd: Random, id: str, today: date, case: UrgingFile, kind: str = "") -> Fact:
    """Any fact, about any letter, item or promise."""
    kind = kind or rnd.choice(FACT_KINDS)
    on = random_day(rnd, today)
    fields: dict[str, Any] = {
        "kind": kind,
        "id": id,
        "on": on,
        "by": CLERK,
        "letter": random_letter(rnd, case),
    }
    match kind:
        case "letter_served":
            fields |= {"mode": rnd.choice(list(ServiceMode)), "presumed": rnd.random() < 0.2}
        case "reply_received":
            fields |= {"stance": rnd.choice([None, *Stance]), "summary": "回复"}
            if rnd.random() < 0.3:
                fields["received_on"] = on.earliest + timedelta(days=3) if on.earliest.year < 9999 else None
            if rnd.random() < 0.3:
                fields["promises"] = [
                    {"what": "办结", "by": _ahead(rnd, today)} for _ in range(rnd.randint(1, 2))
                ]
            if rnd.random() < 0.2:
                fields["plan"] = random_plan(rnd, today)
        case "plan_submitted":
            fields["plan"] = random_plan(rnd, today)
        case "plan_checked":
            nodes = [
                date.fromisoformat(key.rpartition("/")[2])
                for key in case.deadlines.by_key
                if "/local.plan_check/" in key
            ]
            fields |= {
                "node": rnd.choice((None, None, *nodes)),
                "on_track": rnd.random() < 0.7,
                "next_check_on": rnd.choice((None, None, _ahead(rnd, today))),
            }
        case "item_progressed":
            item = rnd.choice((*case.items, "地块九"))
            milestones = (
                case.items[item].milestones if item in case.items and rnd.random() < 0.9 else tuple(Milestone)
            )
            fields |= {
                "item": item,
                "milestone": rnd.choice(milestones),
                "passed": rnd.random() < 0.8,
            }
        case "promise_kept":
            fields["promise"] = rnd.choice((*case.putting_right.undertakings, f"m{rnd.randint(1, 30)}#1"))
        case "agency_changed":
            fields["to"] = rnd.choice(BODIES)
        case "original_kept":
            name = f"papers/in/{id}{rnd.choice(('.pdf', '.docx', '.exe'))}"
            fields["paper"] = PaperRef(f"{rnd.getrandbits(256):064x}", 9, "application/pdf", name)
        case "countersigned":
            fields |= {
                "document": rnd.choice(("", *(letter.document for letter in case.letters.pending()))),
                "organ": rnd.choice(BODIES).name,
                "signer": "庚局长",
            }
        case "looked_back":
            fields["held"] = rnd.random() < 0.8
        case "happened":
            fields |= {"event": "meeting_held", "actor": "县政府"}
        case "fact_established":
            fields |= {"element": rnd.choice(list(Element)), "actor": "镇自然资源所"}
        case "dispute_reported":
            fields |= {"case": OTHERS[1], "state": rnd.choice(list(DisputeState))}
        case "liaison_message":
            fields |= {"sender": "王五", "receiver": "张三", "what": "询问进度"}
        case "meeting_held":
            fields |= {
                "meeting": _meeting(rnd, case),
                "form": rnd.choice((None, *MeetingForm)),
                "topic": rnd.choice(("", "拆除复耕", "资金")),
                "conclusions": rnd.choice(((), ("月底前拆除",))),
                "agreed": rnd.choice((None, True, False)),
            }
        case "case_linked" | "case_unlinked" | "linked_case_closed":
            fields |= {"case": _other(rnd, case), "relation": rnd.choice(list(Relation)), "outcome": "并案"}
    return FACTS.validate_python(fields)


def _meeting(rnd: Random, case: UrgingFile) -> str:
    return rnd.choice(("", "", "M1", "M9", *(each.id for each in case.meetings.awaited())))


def _other(rnd: Random, case: UrgingFile) -> str:
    """Another case, mostly one that is tied to this one; now and then the case itself."""
    return rnd.choice((*OTHERS, *case.links.ties, *case.links.ties, case.opening.case))


def random_plan(rnd: Random, today: date) -> Plan:
    stages = tuple(PlanStage(what="清运", by=_ahead(rnd, today)) for _ in range(rnd.randint(0, 2)))
    return Plan(
        objective_reason="农时",
        final_on=_ahead(rnd, today),
        stages=stages,
        next_check_on=rnd.choice((None, _ahead(rnd, today))),
    )


def random_decision(rnd: Random, id: str, today: date, case: UrgingFile, kind: str = "") -> Decision:
    """Any decision, by anybody, about any letter or deadline."""
    kind = kind or rnd.choice(DECISION_KINDS)
    fields: dict[str, Any] = {
        "kind": kind,
        "id": id,
        "by": rnd.choice((CHIEF, CHIEF, CHIEF, CHIEF, DRAFTER, HEAD, PRESIDENT)),
        "reason": rnd.choice(("理由", "理由", "理由", "")),
        "letter": random_letter(rnd, case),
        "document": rnd.choice(
            ("", "D1", "D2", "D3", "L2", *(each.document for each in case.letters.pending()))
        ),
    }
    if rnd.random() < 0.2:
        fields["on"] = today - timedelta(days=rnd.choice((0, 1, 5, 30, 30, -3)))
    running = [counted.key for counted in case.deadlines.running()]
    match kind:
        case "draft_letter":
            document = rnd.choice(list(DocumentType))
            fields |= {
                "document": document,
                "recipients": rnd.sample((*BODIES, COURT), rnd.randint(1, 2)),
                "text": TEXT,
                "urgent": rnd.random() < 0.2,
                "reply_within": rnd.choice(
                    (None, None, {"amount": 15}, {"amount": 5, "unit": "working_days"})
                ),
                "objection_within": rnd.choice((None, {"amount": 15})),
                "replaces": rnd.choice(("", "", "", *LETTERS)),
                "reply_by": rnd.choice((None, None, _ahead(rnd, today))),
                "joint_issuers": rnd.choice(((), (), (FORESTRY.name, TOWN.name))),
            }
        case "revise_draft" | "amend_letter":
            fields["text"] = TEXT.model_copy(update={"subject": id})
        case "upgrade_letter":
            fields["objection_within"] = {"amount": 10}
        case "issue_letter":
            fields["official_no"] = rnd.choice(
                ("", "", *(f"明检建〔2021〕{number}号" for number in range(1, 9)))
            )
        case "review_objection":
            fields["upheld"] = rnd.random() < 0.5
        case "assess_reply":
            fields |= {
                "substance": rnd.choice(list(Substance)),
                "reply": rnd.choice(("", "", "", f"m{rnd.randint(1, 30)}")),
            }
        case "escalate":
            fields["rung"] = rnd.choice(list(EscalationRung))
        case "accept_plan":
            fields["next_check_on"] = rnd.choice((None, _ahead(rnd, today)))
        case "suspend" | "resume" | "extend":
            fields["deadline"] = rnd.choice((*running, *case.deadlines.by_key, f"L1/{rnd.choice(DEADLINES)}"))
            fields["by_period"] = {
                "amount": rnd.choice((1, 1, 1, 2)),
                "unit": rnd.choice(("months", "months", "days")),
            }
        case "apply_rule":
            key = rnd.choice((*running, *case.deadlines.by_key, f"L1/{rnd.choice(DEADLINES)}"))
            counted = case.deadlines.counted.get(key)
            fields |= {
                "deadline": key,
                "version": rnd.choice((date(2018, 3, 2), date(2017, 7, 1), date(2026, 1, 1))),
                "instead_of": counted.version if counted else None,
            }
        case "exclude_days":
            first = today - timedelta(days=rnd.randint(1, 60))
            fields |= {
                "deadline": rnd.choice((*running, "L1/pil.prosecute")),
                "first": first,
                "last": first + timedelta(days=rnd.choice((-1, 0, 5, 30, 90))),
                "why": "委托鉴定",
            }
        case "drop_item":
            fields["item"] = rnd.choice((*case.items, "地块九"))
        case "add_item":
            item = field(f"地块{rnd.randint(0, 3)}")
            due_on = rnd.choice((None, _ahead(rnd, today)))
            fields["item"] = item.model_copy(update={"owner": rnd.choice(("", TOWN.name)), "due_on": due_on})
        case "call_meeting":
            fields |= {
                "form": rnd.choice(list(MeetingForm)),
                "topic": rnd.choice(("拆除复耕", "资金")),
                "planned_on": _ahead(rnd, today),
            }
        case "cancel_meeting":
            fields["meeting"] = _meeting(rnd, case)
        case "link_case":
            fields |= {
                "relation": rnd.choice(list(Relation)),
                "case": _other(rnd, case),
                "elsewhere": rnd.random() < 0.2,
            }
        case "unlink_case":
            fields["case"] = _other(rnd, case)
        case "open_linked":
            fields |= {
                "relation": rnd.choice(list(Relation)),
                "into": rnd.choice(list(CaseKind)),
                "carry": rnd.random() < 0.7,
            }
        case "remake_paper":
            fields["order"] = rnd.choice(("L1/issued", *case.papers))
        case "assign":
            fields["handler"] = rnd.choice((DRAFTER, HEAD))
        case "assign_liaison":
            fields["liaison"] = rnd.choice(("己联络员", "庚联络员"))
        case "close_case":
            fields |= {
                "outcome": rnd.choice(case.OUTCOMES),
                "look_back_on": [_ahead(rnd, today) for _ in range(rnd.randint(0, 2))],
            }
    return DECISIONS.validate_python(fields)


def random_correction(rnd: Random, id: str, today: date, case: UrgingFile) -> Correct:
    """A correction of any fact, known or not, by one of its kind (now and then of another), or its striking out."""
    facts = [entry.message for entry in case.entries if isinstance(entry.message, FactBase)]
    starts = [fact for fact in facts if isinstance(fact, (LetterServed, ReplyReceived))]
    target = (
        rnd.choice(starts if starts and rnd.random() < 0.5 else facts)
        if facts and rnd.random() < 0.9
        else None
    )
    fact = target.id if target else f"m{rnd.randint(1, 60)}"
    kind = str(getattr(target, "kind", "")) if rnd.random() < 0.95 else ""
    new = random_fact(rnd, fact, today, case, kind)
    if target is not None and new.kind == getattr(target, "kind", "") and rnd.random() < 0.6:
        new = FACTS.validate_python(target.model_dump() | {"on": random_day(rnd, today)})
    replacement = None if rnd.random() < 0.3 else new
    return Correct(id=id, by=rnd.choice((CHIEF, HEAD)), reason="记录有误", fact=fact, replacement=replacement)


def random_sorting(rnd: Random, id: str, case: UrgingFile) -> SortOut:
    """A sorting of what waits, or of nothing."""
    fact = rnd.choice((*case.unmatched, "m99"))
    return SortOut(id=id, by=CHIEF, reason="整理", fact=fact, letter=rnd.choice(("", "", *LETTERS)))


def random_edition(rnd: Random) -> str:
    return rnd.choice((calendar().name, "2025", "2020-01", "没有这个版本"))


def _ahead(rnd: Random, today: date) -> date:
    """A day to come; now and then one that has gone, or cannot be reckoned."""
    if rnd.random() < 0.02:
        return rnd.choice((date(9999, 12, 31), date(201, 1, 1)))
    return today + timedelta(days=rnd.choice((1, 3, 7, 15, 40, 90, 200, -10)))
