"""The clerks and procurators of the trial: what they enter into which cases, by the same messages as the script sends.

Which cases there are, and where each stands, they read in the registry's lists. First they work on some of the cases, as on any
day; at the end every case is closed, or its look-back is given up, so that each is filed away.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from bench.course import CHIEF, CLERK, DRAFTER
from bench.desk.house import House, Standstill, in_turn, say
from models.terms import ItemKind

AT_ONCE = 12
_PATIENCE = timedelta(seconds=60)
_ATTEMPTS = 4
Row = dict[str, Any]


@dataclass
class Job:
    """What is entered into one case, in order; the messages have ids of their own, so that none is entered twice."""

    case: str
    name: str
    messages: list[tuple[str, Row]] = field(default_factory=list)

    def record(self, kind: str, on: date, **fields: Any) -> Job:
        """A fact."""
        fact = {"kind": kind, "id": self._id(), "on": str(on), "by": CLERK, **fields}
        self.messages.append(("record", {"fact": fact}))
        return self

    def decide(self, kind: str, by: Row | None = None, **fields: Any) -> Job:
        """A decision, the chief procurator's unless said."""
        decision = {"kind": kind, "id": self._id(), "by": by or CHIEF, **fields}
        self.messages.append(("decide", {"decision": decision}))
        return self

    def _id(self) -> str:
        return f"{self.name}-{len(self.messages) + 1}"


@dataclass
class Entered:
    """What came of it: how many messages of which kind, how long each took, what was refused."""

    kinds: Counter[str] = field(default_factory=Counter)
    cases: int = 0
    waits: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0


async def enter(house: House, jobs: list[Job], what: str) -> Entered:
    """All of them, a few cases at once."""
    found, began = Entered(), time.monotonic()
    telling = asyncio.create_task(_tell(what, found, len(jobs)))
    try:
        await in_turn([partial(_one, house, job, found) for job in jobs], AT_ONCE)
    finally:
        telling.cancel()
    found.seconds = time.monotonic() - began
    return found


async def _tell(what: str, found: Entered, jobs: int) -> None:
    while True:
        await asyncio.sleep(15)
        say(f"{what}: {found.cases:,} of {jobs:,} cases")


async def _one(house: House, job: Job, found: Entered) -> None:
    handle = house.client.get_workflow_handle(job.case)
    for name, message in job.messages:
        [said] = message.values()
        began = time.perf_counter()
        try:
            asked = partial(handle.execute_update, name, message, rpc_timeout=_PATIENCE)
            answer = await _answered_at_last(house, f"{job.case} {said['kind']}", asked)
        except WorkflowUpdateFailedError as error:
            found.refused.append(f"{job.case} {said['kind']}: {error.cause}")
            return
        found.waits.append(time.perf_counter() - began)
        if answer["how"] == "unmatched":
            found.refused.append(f"{job.case} {said['kind']}: {answer['what']}")
        found.kinds[said["kind"]] += 1
    found.cases += 1


async def status(house: House, case: str) -> Any:
    """How a running case says that it stands: its rows."""
    asked = partial(house.client.get_workflow_handle(case).query, "status", rpc_timeout=_PATIENCE)
    return await _answered_at_last(house, f"{case} status", asked)


async def _answered_at_last(house: House, what: str, asked: Callable[[], Awaitable[Any]]) -> Any:
    """The answer of a case whose worker may be busy; Standstill when it never comes."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await asked()
        except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            if attempt == _ATTEMPTS or house.fault():
                raise Standstill(f"{what}: {error} {house.fault()}") from error
    raise AssertionError


# ── the registry's rows of the open cases ────────────────────────────────────────────────────────────────────────────


@dataclass
class Open:
    """One case that is not filed away, as the registry has it."""

    case: str
    kind: str
    stage: str
    opened_on: date
    closed_on: str | None
    bureau: str = ""
    letters: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    deadlines: list[Row] = field(default_factory=list)
    services: dict[str, str] = field(default_factory=dict)


def open_cases(house: House) -> list[Open]:
    """Every one, with its letters, items, running deadlines and recorded services, by its id."""
    asked = "SELECT \"case\", kind, stage, opened_on, closed_on, county_name FROM cases WHERE stage <> 'archived' ORDER BY 1"
    found = {
        case: Open(case, kind, stage, date.fromisoformat(opened), closed, county)
        for case, kind, stage, opened, closed, county in house.asked(asked)
    }
    parts = {
        "letters": "letter, document, type, state, issued_on, served_on, replied_on, substance, recipient",
        "items": "item, kind, state",
        "deadlines": "key, rule, state, days_late",
    }
    for table, columns in parts.items():
        for case, *values in house.asked(f'SELECT "case", {columns} FROM {table} ORDER BY "case", position'):
            if case in found:
                getattr(found[case], table).append(dict(zip(columns.split(", "), values, strict=True)))
    served = "SELECT \"case\", id, happened_on FROM facts WHERE kind = 'letter_served' AND how = 'applied'"
    for case, id, on in house.asked(served):
        if case in found:
            found[case].services[id] = on
    return list(found.values())


# ── a day's work ─────────────────────────────────────────────────────────────────────────────────────────────────────


def work(cases: list[Open], today: date, most: int) -> list[Job]:
    """What is done in so many of the cases at most: in every third, in all of enforcement and where a suit is decided upon."""
    chance, jobs = random.Random(9), []
    for place, case in enumerate(cases):
        is_for_all = case.kind == "enforcement" or any(
            each["rule"] == "pil.prosecute" for each in case.deadlines
        )
        if place % 3 == 0 or is_for_all:
            job = Job(case.case, "work")
            _KINDS[case.kind](case, job, today, chance)
            jobs += [job] if job.messages else []
    chance.shuffle(jobs)
    return jobs[:most]


def _urging(case: Open, job: Job, today: date, chance: random.Random) -> None:
    if any(each["rule"] == "pil.prosecute" and each["state"] == "running" for each in case.deadlines):
        _before_a_suit(job, today, chance)
    elif case.stage == "clue_registered":
        job.decide("investigate", on=str(max(case.opened_on, today - timedelta(days=chance.randint(1, 11)))))
    elif case.stage == "pending_approval":
        _sent_out(case, job, today)
    elif case.stage in ("awaiting_reply", "overdue_urging"):
        _answered(case, job, today, chance)
    elif case.stage == "reply_review":
        _assessed(case, job, today, chance)


def _before_a_suit(job: Job, today: date, chance: random.Random) -> None:
    """The month to decide upon a suit: longer, without the days of an appraisal, or standing still for a while."""
    deadline, way = "L1/pil.prosecute", chance.randrange(4)
    if way in (0, 1):
        job.decide("extend", deadline=deadline, by_period={"amount": 1, "unit": "months"}, reason="案情复杂")
    if way in (1, 2):
        first, last = today - timedelta(days=2), today - timedelta(days=1)
        job.decide("exclude_days", deadline=deadline, first=str(first), last=str(last), why="委托鉴定")
    if way == 3:
        job.decide("suspend", deadline=deadline, on=str(today - timedelta(days=1)), reason="整改有客观障碍")
        if chance.random() < 0.7:
            job.decide("resume", deadline=deadline, on=str(today), reason="障碍消除")


def _sent_out(case: Open, job: Job, today: date) -> None:
    for letter in case.letters:
        document = letter["document"]
        number = f"试检办〔{today.year}〕{case.case.rpartition('-')[2]}号（{case.case[7:13]}）"
        job.decide("approve_letter", document=document)
        job.decide("issue_letter", document=document, official_no=number)
        job.record("letter_served", today, letter=letter["letter"] or "L1")


def _answered(case: Open, job: Job, today: date, chance: random.Random) -> None:
    """A reply comes, or the day of service turns out to have been another."""
    waiting = [each for each in case.letters if each["served_on"] and not each["replied_on"]]
    if not waiting:
        return
    letter = waiting[0]
    if len(letter["served_on"]) == 10 and chance.random() < 0.25:
        _served_on_another_day(case, job, letter, today)
        return
    served = date.fromisoformat(letter["served_on"][-10:]) if len(letter["served_on"]) >= 10 else today
    on = min(today, served + timedelta(days=chance.randint(3, 130)))
    job.record(
        "reply_received",
        on,
        letter=letter["letter"],
        received_on=str(today),
        stance="adopted",
        summary="已整改",
    )
    substance = chance.choice(("put_right", "put_right", "partly", "empty"))
    job.decide("assess_reply", DRAFTER, letter=letter["letter"], substance=substance)
    if substance == "empty":
        job.decide("urge", DRAFTER, letter=letter["letter"])
    if substance == "put_right" and len(waiting) == 1 and len(case.letters) == 1:
        _put_right(case, job, today, chance)
        if chance.random() < 0.5:
            job.decide("close_case", outcome="rectified", reason="验收合格")


def _served_on_another_day(case: Open, job: Job, letter: Row, today: date) -> None:
    fact = next((id for id, on in case.services.items() if on == letter["served_on"]), "")
    on = min(today, date.fromisoformat(letter["served_on"]) + timedelta(days=1))
    if fact:
        again = {"kind": "letter_served", "id": fact, "on": str(on), "by": CLERK, "letter": letter["letter"]}
        job.decide("correct", CLERK, fact=fact, replacement=again, reason="以回证为准")


def _put_right(case: Open, job: Job, today: date, chance: random.Random) -> None:
    on = today - timedelta(days=chance.randint(0, 20))
    for item in case.items:
        if item["state"] != "done":
            for milestone in ItemKind(item["kind"]).milestones:
                job.record("item_progressed", on, item=item["item"], milestone=milestone.value)


def _assessed(case: Open, job: Job, today: date, chance: random.Random) -> None:
    for letter in case.letters:
        if letter["state"] == "replied":
            job.decide(
                "assess_reply",
                DRAFTER,
                letter=letter["letter"],
                substance=chance.choice(("put_right", "partly")),
            )


def _enforcement(case: Open, job: Job, today: date, chance: random.Random) -> None:
    """A penalty decision of this spring, now before the court: a copy for us in time, late, or not yet; granted, or not yet."""
    decided, served, demanded = (today - timedelta(days=each) for each in (245, 240, 60))
    job.record("penalty_decided", decided).record("decision_served", served).record("demand_served", demanded)
    way = int(case.case.rpartition("-")[2]) % 3
    filed = today - timedelta(days=(chance.randint(0, 2), chance.randint(0, 2), 24)[way])
    job.record("application_filed", filed)
    if way == 1:
        job.record("copy_sent", filed, received_on=str(filed), papers=["申请书"])
    if way == 2:
        later = [filed + timedelta(days=each) for each in (3, 12, 20)]
        job.record(
            "application_accepted", later[0], court_case_no=f"（{today.year}）闽行审{case.case[-4:]}号"
        )
        job.record("copy_sent", later[1], received_on=str(later[1]), papers=["申请书"])
        job.record("ruling_made", later[2], granted=["全部"])


def _clue(case: Open, job: Job, today: date, chance: random.Random) -> None:
    job.record("clue_received", today - timedelta(days=1))
    job.decide("review_clue", review_by=str(today + timedelta(days=30)))


def _public_interest(case: Open, job: Job, today: date, chance: random.Random) -> None:
    job.record("happened", today, event="现场走访")


_KINDS = {"urging": _urging, "enforcement": _enforcement, "clue": _clue, "public_interest": _public_interest}


# ── the end of every case ────────────────────────────────────────────────────────────────────────────────────────────


def ends(cases: list[Open], today: date) -> Iterator[Job]:
    """What is left to do until each case may be closed, and its closing."""
    chance = random.Random(11)
    for case in cases:
        job = Job(case.case, "end")
        if case.closed_on:
            yield job.decide("file_away", reason="回头看另行安排")
            continue
        if case.kind == "clue":
            yield _clue_returned(case, job, today)
            continue
        for document in dict.fromkeys(
            each["document"] for each in case.letters if each["state"] in ("drafted", "approved")
        ):
            job.decide("withdraw_letter", letter=document, reason="不再制发")
        for letter in case.letters:
            if letter["state"] == "replied":
                job.decide("assess_reply", DRAFTER, letter=letter["letter"], substance="partly")
        for deadline in case.deadlines:
            if case.kind == "enforcement" and _is_suspicious(deadline):
                job.decide("set_aside_suspicion", suspicion=deadline["key"], reason="已核实，情有可原")
        outcome = (
            "legalised" if case.kind == "enforcement" else chance.choice(("partly_rectified", "terminated"))
        )
        yield job.decide("close_case", outcome=outcome, reason="试办结束")


def _is_suspicious(deadline: Row) -> bool:
    """A period of the court or of the bureau that ran out, or was met too late."""
    late = (deadline["days_late"] or 0) > 0
    rule = str(deadline["rule"])
    of_others = rule == "coop.copy" or rule.startswith("ct.")
    return of_others and (late or deadline["state"] == "expired")


def _clue_returned(case: Open, job: Job, today: date) -> Job:
    if case.stage == "sent":
        job.record("clue_received", today)
    job.decide("return_clue", reason="不属于公益诉讼范围")
    bureau = f"{'三明市' if case.bureau.endswith('区') else ''}{case.bureau}自然资源局"
    job.decide("draft_letter", DRAFTER, document="clue_return", recipients=[{"name": bureau}])
    job.decide("approve_letter").decide("issue_letter")
    return job.decide("close_case", outcome="returned", reason="退回")
