"""How facts and decisions move letters, and start, meet and stop their deadlines.

For each message there is a pair: `check_…` says what is wrong with it as things stand (nothing, when it fits), `take_…` enters
it and answers in a sentence what it changed; `door_…` asks, of a new decision only, what depends on counts. The case's fold
calls them; nothing here knows a workflow, a clock or a calendar. What goes out is in `models.drafting`, what follows a failure
in `models.ladder`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date

from models.calendar import EARLIEST_START, LATEST_START
from models.dates import EventDate, future
from models.decisions import AcceptPlan, AmendLetter, AssessReply, Escalate, ReturnPlan, ReviewObjection
from models.document_types import DocumentType
from models.errors import Problem
from models.facts import (
    AgencyChanged,
    FiledUpward,
    LetterServed,
    ObjectionRaised,
    OriginalKept,
    PlanChecked,
    PlanSubmitted,
    ReplyReceived,
    ServiceRefused,
)
from models.ledgers import Deadlines
from models.letters import Letter, Letters, Objection, Reply, Service
from models.messages import FellDue
from models.terms import ServiceMode, Stance, Substance
from models.wire import Plan

PLAN = "coop.plan"
PLAN_CHECK = "local.plan_check"
COURT_QUERY = "sup.court_query"

# Which of several letters to one body waits for such a fact.
_WAITS: dict[str, Callable[[Letter], bool]] = {
    "letter_served": lambda letter: letter.service is None,
    "service_refused": lambda letter: letter.service is None and letter.refused_on is None,
    "objection_raised": lambda letter: not letter.objections,
    "reply_received": lambda letter: not letter.replies,
    "plan_submitted": lambda letter: letter.plan is None or letter.plan_accepted is False,
    "plan_checked": lambda letter: letter.plan_accepted is True,
    "filed_upward": lambda letter: not letter.filings,
    "original_kept": lambda letter: not letter.originals,
}

_ANSWERS = ("reply_received", "objection_raised", "plan_submitted", "plan_checked")

LetterFact = (
    LetterServed
    | ServiceRefused
    | ObjectionRaised
    | ReplyReceived
    | PlanSubmitted
    | PlanChecked
    | FiledUpward
    | OriginalKept
)


class Correspondence:
    """The letters of one case and the deadlines that hang on them."""

    def __init__(self, deadlines: Deadlines) -> None:
        self.letters = Letters()
        self.deadlines = deadlines

    # finding

    def one(self, reference: str, field: str = "letter") -> Letter | list[Problem]:
        """The one letter that a decision's reference means, or what is wrong with it."""
        return self._only(self.letters.matching(reference), reference, field)

    def of_fact(self, fact: LetterFact) -> Letter | list[Problem]:
        """The one letter that a fact is about, or why that cannot be said."""
        answers = fact.kind in _ANSWERS
        found = self.letters.matching(fact.letter, _WAITS[fact.kind], fact.on.latest, answers=answers)
        return self._only(found, fact.letter, "letter")

    def _only(self, found: list[Letter], reference: str, field: str) -> Letter | list[Problem]:
        if len(found) == 1:
            return found[0]
        issued = [str(letter) for letter in self.letters if letter.issued_on is not None]
        if not issued:
            return [Problem("本案尚未制发任何文书", "先审批、制发文书", field)]
        listing = "；".join(issued)
        if not found:
            return [Problem(f"没有与“{reference}”对应的已制发文书", f"可选：{listing}", field)]
        return [Problem(f"“{reference or '（未填）'}”对应多份文书", f"请写明其一：{listing}", field)]

    def check_issued(self, fact: LetterFact, today: date) -> list[Problem]:
        """What every fact about a letter must satisfy: it is clear which is meant, and the fact is of its day or later."""
        letter = self.of_fact(fact)
        if isinstance(letter, list):
            return letter
        problems = future(fact.on, today)
        if fact.on.earliest < EARLIEST_START:
            problems.append(Problem(f"日期 {fact.on} 过早，无法计算期限", "请核对日期", "on"))
        if letter.issued_on is None:
            problems.append(Problem(f"{letter}尚未制发", "先审批、制发", "letter"))
        elif fact.on.latest < letter.issued_on:
            problems.append(
                Problem(f"日期 {fact.on} 早于该文书制发日 {letter.issued_on}", "请核对日期", "on")
            )
        return problems

    def letter(self, reference: str) -> Letter:
        """The letter of a reference that was checked before."""
        letter = self.one(reference)
        assert isinstance(letter, Letter)
        return letter

    def letter_of(self, fact: LetterFact) -> Letter:
        """The letter of a fact that was checked before."""
        letter = self.of_fact(fact)
        assert isinstance(letter, Letter)
        return letter

    def check_letter(
        self, decision: Escalate | AmendLetter | ReviewObjection | AssessReply, today: date
    ) -> list[Problem]:
        """Whether it is clear which letter a decision is about."""
        letter = self.one(decision.letter)
        return letter if isinstance(letter, list) else []

    # service

    def check_served(self, fact: LetterServed, today: date) -> list[Problem]:
        problems = self.check_issued(fact, today)
        if problems or fact.mode is not ServiceMode.LEFT:
            return problems
        refused_on = self.letter_of(fact).refused_on
        if refused_on is None:
            return [
                Problem(
                    "留置送达以拒收为前提（《民事诉讼法》第八十九条、[公规]76）",
                    "先记录拒收 service_refused",
                    "mode",
                )
            ]
        if fact.on.latest < refused_on.earliest:
            return [Problem(f"留置送达日 {fact.on} 早于拒收日 {refused_on}", "请核对日期", "on")]
        return []

    def take_served(self, fact: LetterServed, today: date) -> str:
        letter = self.letter_of(fact)
        before = letter.service
        letter.services.append(Service(fact.id, fact.on, fact.mode, fact.presumed))
        self.deadlines.meet(f"{letter.id}/{letter.service_rule}", fact.on, fact.id)
        self.run_from_service(letter, before)
        counts = letter.service
        if counts is not None and counts.fact != fact.id:
            return f"{letter}于{fact.on}再次{fact.mode.label}，回复期限仍自{counts.on}的送达起算"
        begins = "，回复期限开始" if letter.awaits_answer else ""
        return f"{letter}于{fact.on}{fact.mode.label}{begins}"

    def run_from_service(self, letter: Letter, before: Service | None) -> None:
        """Start what receipt starts ([建议]19), or start it anew when another service counts than before."""
        service = letter.service
        if service is None or service == before:
            return
        if not letter.awaits_answer:
            return
        sets_its_own = letter.reply_rule == "jy.reply_urgent" or letter.type.is_general
        written = letter.reply_within if sets_its_own else None
        self.deadlines.start(
            letter.reply_rule,
            service.on,
            service.fact,
            letter=letter.id,
            party=letter.recipient.name,
            amount=written.amount if written else None,
            unit=written.unit if written else None,
            fixed_on=letter.reply_by,
            issued_on=letter.issued_on,
        )
        for reply in letter.replies:
            if letter.is_met_by(reply.stance):
                self.deadlines.meet(letter.reply_key, reply.sent_on, reply.fact)
        self._await_plan(letter)
        if letter.type is DocumentType.PRE_SUIT_SUGGESTION:
            self.deadlines.start("pil.file_up", service.on, service.fact, letter=letter.id)
            for filed_on, fact in letter.filings:
                self.deadlines.meet(f"{letter.id}/pil.file_up", filed_on, fact)
        if letter.objection_within and letter.type.is_suggestion:
            self.deadlines.start(
                "jy.objection",
                service.on,
                service.fact,
                letter=letter.id,
                party=letter.recipient.name,
                amount=letter.objection_within.amount,
                unit=letter.objection_within.unit,
            )
            for objection in letter.objections:
                self.deadlines.meet(f"{letter.id}/jy.objection", objection.on, objection.fact)

    def check_refused(self, fact: ServiceRefused, today: date) -> list[Problem]:
        return self.check_issued(fact, today)

    def take_refused(self, fact: ServiceRefused, today: date) -> str:
        letter = self.letter_of(fact)
        letter.refused_on = fact.on
        return f"{letter}于{fact.on}被拒收，应留置送达"

    def check_filed_upward(self, fact: FiledUpward, today: date) -> list[Problem]:
        return self.check_issued(fact, today)

    def take_filed_upward(self, fact: FiledUpward, today: date) -> str:
        letter = self.letter_of(fact)
        letter.filings.append((fact.on, fact.id))
        for rule in ("jy.file_up", "pil.file_up", "sup.retrial_file"):
            self.deadlines.meet(f"{letter.id}/{rule}", fact.on, fact.id)
        return f"{letter}于{fact.on}报上一级检察院备案"

    # objection

    def check_objection(self, fact: ObjectionRaised, today: date) -> list[Problem]:
        problems = self.check_issued(fact, today)
        if not problems and not self.letter_of(fact).takes_objections:
            problems.append(
                Problem("告知函、诉前检察建议没有异议程序（[建议]23不适用）", "按回复记录", "letter")
            )
        return problems

    def take_objection(self, fact: ObjectionRaised, today: date) -> str:
        letter = self.letter_of(fact)
        letter.objections.append(Objection(fact.id, fact.on, fact.grounds))
        self.deadlines.meet(f"{letter.id}/jy.objection", fact.on, fact.id)
        if letter.type.goes_to_court:
            key = f"{letter.id}/{COURT_QUERY}/{fact.id}"
            self.deadlines.start(COURT_QUERY, fact.on, fact.id, letter=letter.id, key=key)
        return f"{letter}：{letter.recipient.name}于{fact.on}提出异议，须立即复核"

    def check_review(self, decision: ReviewObjection, today: date) -> list[Problem]:
        letter = self.one(decision.letter)
        if isinstance(letter, list):
            return letter
        problems = []
        if letter.open_objection is None:
            problems.append(Problem(f"{letter}没有待复核的异议", "先记录异议", "letter"))
        if not decision.upheld and not decision.by.role.is_chief:
            problems.append(Problem("异议不成立须报经检察长同意后说明（[建议]23）", "由检察长作出", "by"))
        if not decision.reason:
            problems.append(Problem("复核须写明理由", "填写 reason", "reason"))
        return problems

    def take_review(self, decision: ReviewObjection, today: date) -> str:
        letter = self.letter(decision.letter)
        objection = letter.open_objection
        assert objection is not None
        objection.upheld, objection.reason = decision.upheld, decision.reason
        objection.reviewed_on, objection.reviewed_by = decision.on or today, decision.by.name
        query = f"{letter.id}/{COURT_QUERY}/{objection.fact}"
        self.deadlines.meet(query, EventDate.on(objection.reviewed_on), decision.id)
        verdict = "异议成立，应当变更或者撤回" if decision.upheld else "异议不成立，维持检察建议"
        return f"{letter}：{verdict}"

    # replies and plans

    def check_reply(self, fact: ReplyReceived, today: date) -> list[Problem]:
        problems = self.check_issued(fact, today) + _foreseeable(
            fact.plan, *(each.by for each in fact.promises)
        )
        if fact.received_on and fact.received_on < fact.on.earliest:
            problems.append(
                Problem(
                    f"收到日 {fact.received_on} 早于寄出日 {fact.on}",
                    "on 填寄出日，received_on 填收到日",
                    "received_on",
                )
            )
        if fact.received_on and fact.received_on > today:
            problems.append(Problem(f"收到日 {fact.received_on} 在将来", "请核对日期", "received_on"))
        return problems

    def take_reply(self, fact: ReplyReceived, today: date) -> str:
        letter = self.letter_of(fact)
        reply = Reply(fact.id, fact.on, fact.received_on, fact.stance, fact.summary)
        place = bisect_right(letter.replies, reply.order, key=lambda each: each.order)
        letter.replies.insert(place, reply)
        letter.explained_difficulties |= fact.stance is Stance.DIFFICULTIES
        if letter.is_met_by(fact.stance):
            self.deadlines.meet(letter.reply_key, fact.on, fact.id)
        if fact.plan:
            self._plan(letter, fact.plan, fact.on, fact.id)
        if f"{letter.id}/{PLAN}" not in self.deadlines.by_key:
            self._await_plan(letter)
        stance = f"，{fact.stance.label}" if fact.stance else ""
        return f"{letter}：{letter.recipient.name}于{fact.on}第{place + 1}次回复{stance}"

    def check_plan(self, fact: PlanSubmitted, today: date) -> list[Problem]:
        return self.check_issued(fact, today) + _foreseeable(fact.plan)

    def take_plan(self, fact: PlanSubmitted, today: date) -> str:
        letter = self.letter_of(fact)
        self._plan(letter, fact.plan, fact.on, fact.id)
        return f"{letter}：{letter.recipient.name}于{fact.on}报送整改方案（不延长回复期限），待审查"

    def _await_plan(self, letter: Letter) -> None:
        """Start the period for the plan, from receipt as that for the reply ([意见]3), or start it anew from another receipt."""
        service = letter.service
        if service is None or not letter.owes_plan:
            return
        self.deadlines.start(PLAN, service.on, service.fact, letter=letter.id, party=letter.recipient.name)
        for planned_on, fact in letter.plans:
            self.deadlines.meet(f"{letter.id}/{PLAN}", planned_on, fact)

    def _plan(self, letter: Letter, plan: Plan, on: EventDate, fact: str) -> None:
        """The plan of the latest day stands; one that is entered late does not take its place."""
        letter.plans.append((on, fact))
        self.deadlines.meet(f"{letter.id}/{PLAN}", on, fact)
        if letter.planned_on is None or on.latest >= letter.planned_on.latest:
            letter.plan, letter.planned_on, letter.plan_accepted = plan, on, None

    def check_plan_decision(self, decision: AcceptPlan | ReturnPlan, today: date) -> list[Problem]:
        letter = self.one(decision.letter)
        if isinstance(letter, list):
            return letter
        problems = []
        if letter.plan is None:
            problems.append(
                Problem(f"{letter}没有整改方案", "先记录 plan_submitted 或带方案的回复", "letter")
            )
        elif letter.plan_accepted is not None:
            problems.append(Problem(f"{letter}的整改方案已审查过", "等待新的方案", "letter"))
        if isinstance(decision, ReturnPlan) and not decision.reason:
            problems.append(Problem("退回方案须写明理由", "填写 reason", "reason"))
        if isinstance(decision, AcceptPlan) and decision.next_check_on:
            problems += _foreseeable(None, decision.next_check_on)
        return problems

    def take_accept_plan(self, decision: AcceptPlan, today: date) -> str:
        letter = self.letter(decision.letter)
        plan = letter.plan
        assert plan is not None
        letter.plan_accepted = True
        checks = [(stage.by, stage.what) for stage in plan.stages]
        next_check = decision.next_check_on or plan.next_check_on
        if next_check:
            checks.append((next_check, "检查"))
        checks.append((plan.final_on, "方案完成"))
        self.deadlines.end_rule(letter.id, PLAN_CHECK, "已认可新的方案")
        for day in sorted(dict.fromkeys(day for day, _ in checks)):
            self._watch_node(letter, day, EventDate.on(decision.on or today), decision.id)
        return f"{letter}：认可整改方案，至{plan.final_on}，转入方案跟踪"

    def take_return_plan(self, decision: ReturnPlan, today: date) -> str:
        letter = self.letter(decision.letter)
        letter.plan_accepted = False
        return f"{letter}：退回整改方案：{decision.reason}"

    def _watch_node(self, letter: Letter, day: date, on: EventDate, by: str) -> None:
        """Watch the day of a stage of the plan, or of its next check; anew, when that day was looked into ahead of its time."""
        key = f"{letter.id}/{PLAN_CHECK}/{day}"
        looked_into = key in self.deadlines.by_key and self.deadlines.by_key[key].is_met
        self.deadlines.start(
            PLAN_CHECK,
            on,
            by,
            letter=letter.id,
            party=letter.recipient.name,
            fixed_on=day,
            key=f"{letter.id}/{PLAN_CHECK}/{by}/{day}" if looked_into else key,
        )

    def _nodes(self, letter: Letter) -> dict[str, str]:
        """The plan's days not yet looked into, the earliest first, each with the key of its deadline."""
        running = [
            each.key
            for each in self.deadlines.by_key.values()
            if (each.letter, each.rule) == (letter.id, PLAN_CHECK) and each.is_running
        ]
        return dict(sorted((key.rpartition("/")[2], key) for key in running))

    def check_plan_checked(self, fact: PlanChecked, today: date) -> list[Problem]:
        problems = self.check_issued(fact, today)
        if problems:
            return problems
        letter = self.letter_of(fact)
        nodes = self._nodes(letter)
        if not letter.plan_accepted:
            return [Problem(f"{letter}没有已认可的整改方案", "先认可方案（accept_plan）", "letter")]
        if not nodes or (fact.node and str(fact.node) not in nodes):
            days = "、".join(nodes) or "无"
            return [Problem(f"没有待核查的方案节点“{fact.node or ''}”", f"可选：{days}", "node")]
        if fact.next_check_on:
            problems += _foreseeable(None, fact.next_check_on)
            if fact.next_check_on <= fact.on.earliest:
                problems.append(Problem("下次检查不在本次之后", "填写今后的日期", "next_check_on"))
        return problems

    def take_plan_checked(self, fact: PlanChecked, today: date) -> str:
        letter = self.letter_of(fact)
        nodes = self._nodes(letter)
        node = str(fact.node) if fact.node else next(iter(nodes))
        self.deadlines.meet(nodes[node], fact.on, fact.id)
        if fact.next_check_on:
            self._watch_node(letter, fact.next_check_on, fact.on, fact.id)
        verdict = "按方案进行" if fact.on_track else "未按方案进行"
        again = f"，定于{fact.next_check_on}再查" if fact.next_check_on else ""
        return f"{letter}：{fact.on}核查方案节点{node}，{verdict}{again}"

    def review_prosecution(self, letter: str, tick: FellDue) -> None:
        """审查起诉 begins when the period for putting right has ended ([公规]47), on another day when that day was corrected."""
        begun = self.deadlines.by_key.get(f"{letter}/pil.prosecute")
        on = EventDate.on(tick.due_on)
        if begun is None or not any(getattr(entry, "on", None) == on for entry in begun.entries):
            ended = (tick.deadline, tick.due_on)
            self.deadlines.start("pil.prosecute", on, tick.id, letter=letter, follows=ended)
        elif begun.follows is not None and begun.follows[1] == tick.due_on:
            begun.follows = (tick.deadline, tick.due_on)

    def check_assess(self, decision: AssessReply, today: date) -> list[Problem]:
        letter = self.one(decision.letter)
        if isinstance(letter, list):
            return letter
        replies = [reply for reply in letter.replies if decision.reply in ("", reply.fact)]
        if not replies:
            return [Problem(f"{letter}没有可评估的回复", "先记录回复", "reply")]
        if not decision.reply and not letter.type.asks_reply:
            return [Problem(f"{letter}的回复不必评估", "确需评估的，写明 reply（回复的事实编号）", "reply")]
        if not decision.reply and letter.unassessed is None:
            return [Problem(f"{letter}的回复都已评估", "重新评估须写明 reply（回复的事实编号）", "reply")]
        return []

    def take_assess(self, decision: AssessReply, today: date) -> str:
        letter = self.letter(decision.letter)
        reply = next((each for each in letter.replies if each.fact == decision.reply), letter.unassessed)
        assert reply is not None
        reply.substance = decision.substance
        if decision.substance is Substance.PUT_RIGHT:
            self.deadlines.end_rule(letter.id, PLAN, "已整改到位，无须方案")
        return f"{letter}：{reply.sent_on}的回复评估为“{decision.substance.label}”"

    # the responsible body

    def check_agency_changed(self, fact: AgencyChanged, today: date) -> list[Problem]:
        letters = self._passing(fact)
        return future(fact.on, today) + (letters if isinstance(letters[0], Problem) else [])

    def take_agency_changed(self, fact: AgencyChanged, today: date) -> str:
        changed = []
        for letter in self._passing(fact):
            assert isinstance(letter, Letter)
            changed.append(f"{letter.id}（{letter.recipient.name}）")
            letter.former_recipients.append(letter.recipient)
            letter.recipient = fact.to
            for deadline in self.deadlines.by_key.values():
                if deadline.letter == letter.id and deadline.party:
                    deadline.party = fact.to.name
        return f"{'、'.join(changed)}的职责于{fact.on}由{fact.to.name}承接，期限不变"

    def _passing(self, fact: AgencyChanged) -> list[Letter] | list[Problem]:
        """The open letters to a body whose duty passed on; the one that is meant when a letter was named."""
        addressed = [letter for letter in self.letters.live() if fact.letter and letter.is_to(fact.letter)]
        if addressed:
            return addressed
        letter = self.one(fact.letter)
        return letter if isinstance(letter, list) else [letter]


def _foreseeable(plan: Plan | None, *days: date) -> list[Problem]:
    """A day that is promised or planned must be one that can be counted to."""
    if plan is not None:
        checks = [plan.next_check_on] if plan.next_check_on else []
        days = (*days, plan.final_on, *(stage.by for stage in plan.stages), *checks)
    return [
        Problem(f"日期 {day} 不在 {EARLIEST_START} 至 {LATEST_START} 之间", "请核对日期", "by")
        for day in days
        if not EARLIEST_START <= day <= LATEST_START
    ]
