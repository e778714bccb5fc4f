"""第三条 自然资源行政执法督促: what an urging case knows, and where it stands.

告知函, 检察建议 and 类案检察建议, each with its own duties; replies assessed, plans tracked, items put right; closed with a real
outcome, looked back upon, and filed away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.calendar import LATEST_START
from models.casefile import CaseFile, Route
from models.correspondence import CHIEF, Correspondence, future
from models.dates import EventDate
from models.deadlines import Extended, Resumed, Suspended
from models.drafting import Drafting
from models.errors import Problem
from models.ladder import Ladder
from models.ledgers import Counted, Deadline
from models.messages import (
    AcceptClue,
    AddItem,
    Assign,
    CloseCase,
    EditionPublished,
    Escalate,
    Extend,
    FellDue,
    FileAway,
    Happened,
    InquiryConcluded,
    Investigate,
    IssueLetter,
    ItemProgressed,
    LookedBack,
    PaperFailed,
    PaperMade,
    Person,
    PromiseKept,
    RemakePaper,
    Reminded,
    ReplyReceived,
    Resume,
    Suspend,
    UpgradeLetter,
)
from models.rectification import Rectification, Undertaking
from models.terms import DocumentType, EscalationRung, ItemState, Outcome, Role, Substance, UrgingStage

INQUIRY = "case/jy.investigate"
PROMISE = "local.promise"
LOOK_BACK = "local.look_back"

SUPERIOR = "上一级人民检察院"

_HONEST = ("补录验收依据，或选择真实的结果", "outcome")


@dataclass(frozen=True, slots=True)
class Closing:
    """How and when a case was closed, and the look-backs planned with it."""

    outcome: Outcome
    on: date
    by: Person
    reason: str
    look_back_on: tuple[date, ...]


class UrgingFile(CaseFile):
    """An urging case as its journal has made it."""

    def build(self) -> dict[str, Route]:
        self.correspondence = Correspondence(self.deadlines)
        self.letters = self.correspondence.letters
        self.items = {item.id: Rectification(item) for item in self.opening.items}
        self.undertakings: dict[str, Undertaking] = {}
        self.handler = self.opening.handler
        self.accepted = False
        self.inquiry: EventDate | None = None
        self.closing: Closing | None = None
        self.look_backs: list[LookedBack] = []
        self.filed = ""
        # By deadline and due day: one that moves away and back has still run out.
        self.run_out: dict[tuple[str, date], FellDue] = {}
        self.papers: dict[str, PaperMade | PaperFailed] = {}
        self.last_reminded: dict[str, Reminded] = {}
        self.drafting = Drafting(self.correspondence)
        self.ladder = Ladder(self.correspondence, self.drafting)
        post, drafting, ladder = self.correspondence, self.drafting, self.ladder
        return {
            "accept_clue": Route(self._check_accept, self._take_accept),
            "investigate": Route(self._check_investigate, self._take_investigate),
            "inquiry_concluded": Route(self._check_concluded, self._take_concluded, after_closing=True),
            "draft_letter": Route(drafting.check_draft, drafting.take_draft, drafting.door_draft),
            "approve_letter": Route(drafting.check_approve, drafting.take_approve),
            "return_draft": Route(drafting.check_return, drafting.take_return),
            "revise_draft": Route(drafting.check_revise, drafting.take_revise),
            "issue_letter": Route(drafting.check_issue, self._take_issue),
            "letter_served": Route(post.check_served, post.take_served, after_closing=True),
            "service_refused": Route(post.check_refused, post.take_refused, after_closing=True),
            "filed_upward": Route(post.check_filed_upward, post.take_filed_upward, after_closing=True),
            "objection_raised": Route(post.check_objection, post.take_objection, after_closing=True),
            "review_objection": Route(post.check_review, post.take_review),
            "reply_received": Route(post.check_reply, self._take_reply, after_closing=True),
            "plan_submitted": Route(post.check_plan, post.take_plan, after_closing=True),
            "accept_plan": Route(post.check_plan_decision, post.take_accept_plan),
            "return_plan": Route(post.check_plan_decision, post.take_return_plan),
            "assess_reply": Route(post.check_assess, post.take_assess),
            "urge": Route(ladder.check_urge, ladder.take_urge, ladder.door_urge),
            "escalate": Route(post.check_letter, ladder.take_escalate, self._door_escalate),
            "upgrade_letter": Route(ladder.check_upgrade, ladder.take_upgrade, self._door_upgrade),
            "amend_letter": Route(post.check_letter, drafting.take_amend, drafting.door_amend),
            "withdraw_letter": Route(drafting.check_withdraw, drafting.take_withdraw),
            "agency_changed": Route(post.check_agency_changed, post.take_agency_changed, after_closing=True),
            "add_item": Route(self._check_item, self._take_item),
            "item_progressed": Route(self._check_progress, self._take_progress, after_closing=True),
            "promise_kept": Route(self._check_kept, self._take_kept, after_closing=True),
            "suspend": Route(self._check_suspend, self._take_suspend, self._door_suspend),
            "resume": Route(self._check_resume, self._take_resume),
            "extend": Route(self._check_extend, self._take_extend, self._door_extend),
            "remake_paper": Route(self._check_remake, self._take_remake, after_closing=True),
            "assign": Route(_anything, self._take_assign, after_closing=True),
            "close_case": Route(self._check_close, self._take_close, self._door_close),
            "looked_back": Route(self._check_look_back, self._take_look_back, after_closing=True),
            "file_away": Route(self._check_file_away, self._take_file_away, after_closing=True),
            "happened": Route(_in_the_past, _noted, notes=True, after_closing=True),
            "reminded": Route(_anything, self._take_reminded, after_closing=True),
            "fell_due": Route(_anything, self._take_fell_due, after_closing=True),
            "paper_made": Route(_anything, self._take_paper, after_closing=True),
            "paper_failed": Route(_anything, self._take_paper, after_closing=True),
            "edition_published": Route(_anything, self._take_edition, notes=True, after_closing=True),
        }

    # where it stands

    @property
    def stage(self) -> UrgingStage:
        """The stage as law.md's names have it: what most needs doing decides among letters that run side by side."""
        if self.closing:
            if self.is_looked_back:
                return UrgingStage.ARCHIVED
            return UrgingStage.REVISIT if self.look_backs else UrgingStage.CLOSED
        live = self.letters.live()
        if not live:
            return self._stage_before_issue()
        if any(letter.open_objection for letter in live):
            return UrgingStage.OBJECTION_REVIEW
        overdue = self.overdue_letters
        if overdue:
            risen = all(letter.rungs for letter in live if letter.id in overdue)
            return UrgingStage.ESCALATED if risen else UrgingStage.OVERDUE_URGING
        if any(letter.unassessed for letter in live):
            return UrgingStage.REPLY_REVIEW
        if any(letter.service is None and not letter.replies for letter in live):
            tried = any(letter.service or letter.refused_on for letter in live)
            return UrgingStage.SERVING if tried else UrgingStage.ISSUED
        if any(not letter.replies for letter in live):
            return UrgingStage.AWAITING_REPLY
        if any(letter.plan_accepted for letter in live) and not self.is_put_right:
            return UrgingStage.PLAN_TRACKING
        if any(letter.rungs for letter in live):
            return UrgingStage.ESCALATED
        return UrgingStage.ASSESSING

    def _stage_before_issue(self) -> UrgingStage:
        if self.letters.pending():
            return UrgingStage.PENDING_APPROVAL
        if any(letter.withdrawn for letter in self.letters):
            return UrgingStage.WITHDRAWN
        if self.inquiry:
            return UrgingStage.INVESTIGATING
        return UrgingStage.ACCEPTED if self.accepted else UrgingStage.CLUE_REGISTERED

    @property
    def overdue_letters(self) -> set[str]:
        """The ids of letters whose reply is overdue: expired after the grace for mail, and still without any reply."""
        return {
            letter.id
            for letter in self.letters.live()
            if letter.reply_key in self.deadlines.by_key
            and self.deadlines.by_key[letter.reply_key].is_running
            and (counted := self.deadlines.counted.get(letter.reply_key)) is not None
            and counted.last_day is not None
            and (letter.reply_key, counted.last_day) in self.run_out
        }

    @property
    def is_put_right(self) -> bool:
        """Whether every item, and the last assessed reply of every live letter, is put right; and there is one to say so."""
        live = self.letters.live()
        items = [each.state in (ItemState.DONE, ItemState.DROPPED) for each in self.items.values()]
        replies = [letter.last_substance is Substance.PUT_RIGHT for letter in live]
        return bool(items or replies) and all(items) and all(replies)

    @property
    def is_opened(self) -> bool:
        """Whether the first letter has gone out, or the case has ended without one."""
        return bool(self.letters.live()) or self.closing is not None

    @property
    def is_answered(self) -> bool:
        """Whether no live letter still waits for its reply."""
        live = self.letters.live()
        return self.closing is not None or (bool(live) and all(letter.replies for letter in live))

    @property
    def is_closed(self) -> bool:
        return self.closing is not None

    @property
    def open_look_backs(self) -> list[date]:
        """The planned look-backs not yet made; one that found a relapse leaves the case to staff."""
        if self.closing is None:
            return []
        return list(self.closing.look_back_on[len(self.look_backs) :])

    @property
    def is_looked_back(self) -> bool:
        """Whether nothing remains to be looked back upon: all planned look-backs were made and held, or the case is filed."""
        if self.filed:
            return True
        return self.is_closed and not self.open_look_backs and all(each.held for each in self.look_backs)

    # clue and inquiry

    def _check_accept(self, decision: AcceptClue, today: date) -> list[Problem]:
        return [Problem("线索已受理", "不必重复受理", "kind")] if self.accepted else []

    def _take_accept(self, decision: AcceptClue, today: date) -> str:
        self.accepted = True
        return f"线索由{decision.by.name}受理"

    def _check_investigate(self, decision: Investigate, today: date) -> list[Problem]:
        return [Problem("已决定调查核实", "不必重复决定", "kind")] if self.inquiry else []

    def _take_investigate(self, decision: Investigate, today: date) -> str:
        self.accepted, self.inquiry = True, EventDate.on(decision.on or today)
        self.deadlines.start("jy.investigate", self.inquiry, decision.id)
        return f"{self.inquiry}决定调查核实，一般应当在二个月内完成（[建议]15）"

    def _check_concluded(self, fact: InquiryConcluded, today: date) -> list[Problem]:
        if self.inquiry is None:
            return [Problem("尚未决定调查核实", "先作出 investigate 决定", "kind")]
        return future(fact.on, today)

    def _take_concluded(self, fact: InquiryConcluded, today: date) -> str:
        self.deadlines.meet(INQUIRY, fact.on, fact.id)
        return f"{fact.on}调查核实终结"

    def _take_issue(self, decision: IssueLetter, today: date) -> str:
        sentence = self.drafting.take_issue(decision, today)
        self.deadlines.meet(INQUIRY, EventDate.on(decision.on or today), decision.id)
        return sentence

    # replies, items, promises

    def _take_reply(self, fact: ReplyReceived, today: date) -> str:
        sentence = self.correspondence.take_reply(fact, today)
        letter = next(each for each in self.letters if any(reply.fact == fact.id for reply in each.replies))
        for number, promise in enumerate(fact.promises, 1):
            name = f"{fact.id}#{number}"
            self.undertakings[name] = Undertaking(name, letter.id, promise)
            self.deadlines.start(
                PROMISE,
                fact.on,
                fact.id,
                letter=letter.id,
                party=letter.recipient.name,
                fixed_on=promise.by,
                key=f"{letter.id}/{PROMISE}/{name}",
            )
        return sentence

    def _check_kept(self, fact: PromiseKept, today: date) -> list[Problem]:
        if fact.promise not in self.undertakings:
            known = "、".join(self.undertakings) or "无"
            return [Problem(f"没有承诺“{fact.promise}”", f"可选：{known}", "promise")]
        return future(fact.on, today)

    def _take_kept(self, fact: PromiseKept, today: date) -> str:
        undertaking = self.undertakings[fact.promise]
        undertaking.kept_on = fact.on
        self.deadlines.meet(f"{undertaking.letter}/{PROMISE}/{undertaking.id}", fact.on, fact.id)
        return f"承诺“{undertaking.promise.what}”于{fact.on}兑现"

    def _check_item(self, decision: AddItem, today: date) -> list[Problem]:
        if decision.item.id in self.items:
            return [Problem(f"事项 {decision.item.id} 已有", "换一个编号", "item.id")]
        return []

    def _take_item(self, decision: AddItem, today: date) -> str:
        self.items[decision.item.id] = Rectification(decision.item)
        return f"增列整改事项 {decision.item.id}：{decision.item.what}"

    def _check_progress(self, fact: ItemProgressed, today: date) -> list[Problem]:
        known = self.items.get(fact.item)
        if known is None:
            return [Problem(f"没有事项“{fact.item}”", f"可选：{'、'.join(self.items) or '无'}", "item")]
        problems = future(fact.on, today)
        if fact.milestone not in known.milestones:
            steps = "、".join(each.label for each in known.milestones)
            problems.append(
                Problem(f"事项 {fact.item} 没有“{fact.milestone.label}”这一步", f"可选：{steps}", "milestone")
            )
        return problems

    def _take_progress(self, fact: ItemProgressed, today: date) -> str:
        return self.items[fact.item].progress(fact)

    # when it fails

    def _door_escalate(self, decision: Escalate, today: date) -> list[Problem]:
        return self.ladder.door_escalate(decision, self.overdue_letters, today)

    def _door_upgrade(self, decision: UpgradeLetter, today: date) -> list[Problem]:
        return self.ladder.door_upgrade(decision, self.overdue_letters)

    # deadlines

    def _deadline(self, key: str) -> list[Problem]:
        running = [
            each.key for each in self.deadlines.by_key.values() if each.is_running or each.is_suspended
        ]
        if key in running:
            return []
        return [Problem(f"没有进行中的期限“{key}”", f"可选：{'、'.join(running) or '无'}", "deadline")]

    def _check_suspend(self, decision: Suspend, today: date) -> list[Problem]:
        problems = self._deadline(decision.deadline)
        if problems:
            return problems
        deadline = self.deadlines.by_key[decision.deadline]
        if deadline.is_suspended:
            return [Problem("该期限已中止", "先恢复", "deadline")]
        return _before_last_stop(deadline, decision.on or today)

    def _door_suspend(self, decision: Suspend, today: date) -> list[Problem]:
        counted = self.deadlines.counted.get(decision.deadline)
        if counted is None or not counted.suspendable:
            return [self._not_by_law(decision.deadline, "中止")]
        return _after_the_end(counted, decision.on or today, "中止")

    def _not_by_law(self, key: str, what: str) -> Problem:
        counted = self.deadlines.counted.get(key)
        name = f"“{counted.name}”依法不能{what}（{counted.basis}）" if counted else f"{key} 尚未计算"
        return Problem(name, "整改有困难的，审查整改方案", "deadline")

    def _take_suspend(self, decision: Suspend, today: date) -> str:
        on = decision.on or today
        self.deadlines.by_key[decision.deadline].entries.append(Suspended(on=on, by=decision.id))
        return f"{decision.deadline}自{on}中止：{decision.reason}"

    def _check_resume(self, decision: Resume, today: date) -> list[Problem]:
        problems = self._deadline(decision.deadline)
        if problems:
            return problems
        deadline = self.deadlines.by_key[decision.deadline]
        if not deadline.is_suspended:
            return [Problem("该期限没有中止", "不必恢复", "deadline")]
        return _before_last_stop(deadline, decision.on or today)

    def _take_resume(self, decision: Resume, today: date) -> str:
        on = decision.on or today
        self.deadlines.by_key[decision.deadline].entries.append(Resumed(on=on, by=decision.id))
        return f"{decision.deadline}自{on}恢复，中止期间不计入"

    def _check_extend(self, decision: Extend, today: date) -> list[Problem]:
        problems = self._deadline(decision.deadline)
        if decision.by_period is None:
            problems.append(Problem("须写明延长多久", "填写 by_period", "by_period"))
        return problems

    def _door_extend(self, decision: Extend, today: date) -> list[Problem]:
        counted = self.deadlines.standing(decision.deadline)
        if counted is None or not counted.extendable:
            if any(entry.kind == "extended" for entry in self.deadlines.by_key[decision.deadline].entries):
                return [Problem("该期限已延长过，不得再次延长", "届满前作出应作的决定", "deadline")]
            return [self._not_by_law(decision.deadline, "延长")]
        problems = _after_the_end(counted, decision.on or today, "延长")
        period, most = decision.by_period, counted.extendable_amount
        if period and most and (period.unit != counted.extendable_unit or period.amount > most):
            problems.append(
                Problem(f"超出可以延长的期间：{counted.extendable}", "改写 by_period", "by_period")
            )
        return problems + self._unauthorised(decision.by, counted)

    def _unauthorised(self, by: Person, counted: Counted) -> list[Problem]:
        """Whether the person holds the office that may lengthen the period; one from above is named with his body."""
        from_above = counted.extendable_by == SUPERIOR
        if counted.owner == "court":
            authorised = by.role is Role.COURT
        else:
            elsewhere = by.body not in ("", self.opening.procuratorate.name)
            authorised = by.role in CHIEF and elsewhere == from_above
        if authorised:
            return []
        remedy = "by 填批准人，body 填批准的上一级检察院" if from_above else "by 填批准人"
        return [Problem(f"应由{counted.extendable_by}批准延长", remedy, "by")]

    def _take_extend(self, decision: Extend, today: date) -> str:
        period = decision.by_period
        assert period is not None
        self.deadlines.by_key[decision.deadline].entries.append(
            Extended(amount=period.amount, unit=period.unit, by=decision.id, officer=decision.by.role.label)
        )
        return f"{decision.deadline}由{decision.by.role.label}{decision.by.name}批准延长"

    # the end

    def _take_assign(self, decision: Assign, today: date) -> str:
        self.handler = decision.handler
        return f"承办人变更为{decision.handler.name}"

    def _check_close(self, decision: CloseCase, today: date) -> list[Problem]:
        return [
            Problem(f"回头看日期 {day} 不在今后", "填写将来的日期", "look_back_on")
            for day in decision.look_back_on
            if not (decision.on or today) < day <= LATEST_START
        ]

    def _door_close(self, decision: CloseCase, today: date) -> list[Problem]:
        problems = []
        outcome, live = decision.outcome, self.letters.live()
        if not decision.reason:
            problems.append(Problem("结案须写明理由", "填写 reason", "reason"))
        for letter in self.letters.pending():
            problems.append(Problem(f"{letter}尚在审批", "先制发或撤回", "outcome"))
        for letter in live:
            if letter.open_objection:
                problems.append(Problem(f"{letter}有异议待复核", "先复核", "outcome"))
            if letter.unassessed:
                problems.append(Problem(f"{letter}有回复待评估", "先评估", "outcome"))
        if outcome is Outcome.RECTIFIED and not self.is_put_right:
            problems.append(Problem(f"尚未整改到位，不能以“整改到位”结案；{self._undone}", *_HONEST))
        rungs = [rung for letter in self.letters for rung in letter.rungs]
        if outcome is Outcome.ESCALATED and not rungs:
            problems.append(Problem("尚未逐级报告、通报", "先作出决定（escalate）", "outcome"))
        if outcome is Outcome.WITHDRAWN and (live or not any(each.withdrawn_on for each in self.letters)):
            problems.append(Problem("文书尚未全部撤回", "先撤回（withdraw_letter）", "outcome"))
        if (
            outcome is Outcome.CONVERTED_TO_PIL
            and EscalationRung.PUBLIC_INTEREST_LITIGATION not in rungs
            and not any(letter.type is DocumentType.PRE_SUIT_SUGGESTION for letter in self.letters)
        ):
            problems.append(Problem("尚未决定转公益诉讼", "先作出提起公益诉讼的决定（escalate）", "outcome"))
        return problems

    @property
    def _undone(self) -> str:
        """What stands against calling the case put right."""
        undone = [each.item.id for each in self.items.values() if each.state is not ItemState.DONE]
        if undone:
            return f"未完成事项：{'、'.join(undone)}"
        if self.letters.live():
            return "回复未评估为“采纳并整改”"
        return "没有整改事项，也没有评估过的回复"

    def _take_close(self, decision: CloseCase, today: date) -> str:
        on = decision.on or today
        days = tuple(sorted(dict.fromkeys(decision.look_back_on)))
        self.closing = Closing(decision.outcome, on, decision.by, decision.reason, days)
        self.deadlines.end("", "已结案")
        for day in days:
            self.deadlines.start(
                LOOK_BACK,
                EventDate.on(on),
                decision.id,
                fixed_on=day,
                key=f"case/{LOOK_BACK}/{day}",
                after_closing=True,
            )
        plan = f"，定于{'、'.join(map(str, days))}回头看" if days else ""
        return f"{on}结案：{decision.outcome.label}{plan}"

    def _check_look_back(self, fact: LookedBack, today: date) -> list[Problem]:
        if self.closing is None:
            return [Problem("尚未结案", "结案后再回头看", "kind")]
        problems = future(fact.on, today)
        if fact.on.latest < self.closing.on:
            problems.append(Problem(f"日期 {fact.on} 早于结案日 {self.closing.on}", "请核对日期", "on"))
        return problems

    def _take_look_back(self, fact: LookedBack, today: date) -> str:
        planned = self.open_look_backs
        self.look_backs.append(fact)
        if planned:
            self.deadlines.meet(f"case/{LOOK_BACK}/{planned[0]}", fact.on, fact.id)
        found = "整改保持" if fact.held else "发现反弹，应另立新案并关联本案"
        return f"{fact.on}回头看：{found}"

    def _check_file_away(self, decision: FileAway, today: date) -> list[Problem]:
        if self.closing is None:
            return [Problem("尚未结案", "先结案", "kind")]
        if not decision.reason and not self.is_looked_back:
            return [Problem("回头看尚未完成或发现反弹，归档须写明理由", "填写 reason", "reason")]
        return []

    def _take_file_away(self, decision: FileAway, today: date) -> str:
        self.filed = decision.id
        self.deadlines.end("", "已归档")
        return "归档"

    # the clock and the activities

    def _take_reminded(self, tick: Reminded, today: date) -> str:
        self.last_reminded[tick.deadline] = tick
        return f"{self._named(tick.deadline)}提前{tick.days_before}日提醒（{tick.due_on}届满）"

    def _take_fell_due(self, tick: FellDue, today: date) -> str:
        if tick.final:
            self.run_out[tick.deadline, tick.due_on] = tick
        deadline = self.deadlines.by_key.get(tick.deadline)
        if deadline is not None:
            self.deadlines.expire(tick.deadline, tick.due_on + timedelta(days=1))
            if deadline.rule in ("pil.reply", "pil.reply_urgent"):
                self._review_prosecution(deadline.letter, tick)
        # 逾期 is said of a reply alone: a right not used, a step of a plan, our own duty are simply due.
        word = "到期"
        if any(letter.reply_key == tick.deadline for letter in self.letters):
            word = "逾期" if tick.final else "到期未见回复"
        return f"{self._named(tick.deadline)}于{tick.due_on}届满：{word}"

    def _named(self, key: str) -> str:
        counted, deadline = self.deadlines.counted.get(key), self.deadlines.by_key.get(key)
        party = f"{deadline.party}的" if deadline is not None and deadline.party else ""
        return f"{party}{counted.name}（{key}）" if counted is not None else key

    def _review_prosecution(self, letter: str, tick: FellDue) -> None:
        """审查起诉 begins when the period for putting right has ended ([公规]47), on another day when that day was corrected."""
        begun = self.deadlines.by_key.get(f"{letter}/pil.prosecute")
        on = EventDate.on(tick.due_on)
        if begun is None or not any(getattr(entry, "on", None) == on for entry in begun.entries):
            self.deadlines.start("pil.prosecute", on, tick.id, letter=letter)

    def _take_paper(self, made: PaperMade | PaperFailed, today: date) -> str:
        self.papers[made.order] = made
        if isinstance(made, PaperFailed):
            return f"文书 {made.order} 未能制作：{made.why}"
        letter = self.letters.by_id.get(made.order.partition("/")[0])
        if letter is not None and made.order.endswith("/issued"):
            letter.paper, letter.internal_no = made.paper, made.internal_no
        return f"文书 {made.order} 已制作：{made.paper.name}"

    def _check_remake(self, decision: RemakePaper, today: date) -> list[Problem]:
        failed = [order for order, made in self.papers.items() if made.kind == "paper_failed"]
        if decision.order in failed:
            return []
        return [
            Problem(f"没有未能制作的文书“{decision.order}”", f"可选：{'、'.join(failed) or '无'}", "order")
        ]

    def _take_remake(self, decision: RemakePaper, today: date) -> str:
        del self.papers[decision.order]
        return f"文书 {decision.order} 重新制作"

    def _take_edition(self, news: EditionPublished, today: date) -> str:
        # Under whichever edition is in force at the count: the name in the news may be wrong, or older than that.
        self.edition = ""
        self.deadlines.doubt()
        return f"日历版本 {news.edition} 公布，重新计算各期限"


def _before_last_stop(deadline: Deadline, on: date) -> list[Problem]:
    """A suspension or resumption cannot lie ahead of what it follows."""
    days = [
        entry.on.earliest if isinstance(entry.on, EventDate) else entry.on
        for entry in deadline.entries
        if entry.kind in ("started", "corrected", "suspended", "resumed")
    ]
    last = max(days)
    return [Problem(f"日期 {on} 早于该期限的上一事项（{last}）", "请核对日期", "on")] if on < last else []


def _after_the_end(counted: Counted, on: date, what: str) -> list[Problem]:
    """A period that has ended can be neither suspended nor lengthened."""
    if counted.last_day is None or on <= counted.last_day:
        return []
    return [Problem(f"该期限已于{counted.last_day}届满，不能再{what}", "届满前决定的，on 填决定日", "on")]


def _anything(message: object, today: date) -> list[Problem]:
    return []


def _in_the_past(fact: Happened, today: date) -> list[Problem]:
    return future(fact.on, today)


def _noted(fact: Happened, today: date) -> str:
    return f"{fact.on} {fact.actor}{fact.event}：{fact.note}"
