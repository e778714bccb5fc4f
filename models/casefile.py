"""A case (案卷): the parts that cases of every kind have, and what is done with each message that reaches them.

Letters, items and promises, meetings, ties to other cases, deadlines and what moves them, papers, the end. A kind of case
(`models/cases/`) adds what its article knows, and says what stage it all amounts to.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import ClassVar, Self

from models.adjusting import Adjusting
from models.aspects import ASPECTS, BRINGS, NEEDS
from models.correspondence import Correspondence
from models.countersigning import Countersigning
from models.dates import future
from models.decisions import Assign, AssignLiaison, CloseCase, IssueLetter, RemakePaper
from models.document_types import DocumentType
from models.documents import Paper
from models.drafting import Drafting
from models.ending import Closing, Ending
from models.errors import Problem
from models.facts import Happened, LetterServed, ReplyReceived
from models.findings import Findings
from models.journal import Journal, Route
from models.letters import Letters
from models.links import Links, Telling
from models.meetings import Meetings
from models.messages import EditionPublished, FellDue, HistoryLost, Message, PaperFailed, PaperMade, Reminded
from models.originals import Originals
from models.rectification import PuttingRight, Rectification
from models.said.disputes import DisputeReported
from models.said.liaison import LiaisonMessage
from models.said.links import LinkedCaseClosed, OpenLinked
from models.said.meetings import MeetingHeld
from models.said.terms import Terms
from models.terms import DisputeState, LabelledEnum, Outcome
from models.wire import Wire


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """An internal paper that a case calls for: its natural key in the case, its day, its file name, how it is built."""

    order: str
    on: date
    name: str
    build: Callable[[], Paper]
    fact: str = ""
    """The fact it renders: corrected, it is made anew beside the former."""
    fact_kind: str = ""
    """Or the kind of the one fact it renders, which may be struck out and told again."""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """Something of a case that lists show beside what must be put right: an item of a penalty, say. `owner`: who must act."""

    id: str
    what: str
    kind: LabelledEnum
    state: LabelledEnum
    owner: str = ""


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """Work beside the loop that a kind of case calls for: its natural key in the case, the activity that does it, what that is
    told, the message that it brings (which says its `order`), and its name in the web UI.
    """

    order: str
    task: str
    told: Wire
    brings: type[Wire]
    summary: str


class CaseFile(Journal):
    """One case as its journal has made it."""

    STAGES: ClassVar[type[LabelledEnum]]
    DOCUMENTS: ClassVar[tuple[DocumentType, ...]]
    """What staff draft and issue in such a case, besides what every case may send (`COMMON`)."""
    OUTCOMES: ClassVar[tuple[Outcome, ...]] = tuple(Outcome)
    """How such a case can end."""
    RULES: ClassVar[tuple[str, ...]] = ()
    """The periods that run in such a case, besides those that may run in every case (`SHARED_RULES`)."""

    def build(self) -> dict[str, Route]:
        own = self.opening.procuratorate.name
        self.handler = self.opening.handler
        self.liaison = self.opening.liaison
        self.correspondence = Correspondence(self.deadlines)
        documents = tuple(dict.fromkeys((*self.DOCUMENTS, *COMMON)))
        self.drafting = Drafting(self.correspondence, self.opening.opened_on, documents)
        self.putting_right = PuttingRight(self.deadlines, self.opening.items, self.opening.opened_on)
        self.findings = Findings()
        self.meetings = Meetings(self.deadlines)
        self.links = Links.of(self.opening)
        # The settling of disputes that belong to this case, each as it last told of itself.
        self.disputes: dict[str, DisputeReported] = {}
        self.adjusting = Adjusting(self.deadlines, own)
        self.ending = Ending(self.deadlines)
        # By deadline and due day: one that moves away and back has still run out.
        self.run_out: dict[tuple[str, date], FellDue] = {}
        self.fallen_due: set[tuple[str, date]] = set()
        self.papers: dict[str, PaperMade | PaperFailed] = {}
        self.last_reminded: dict[str, Reminded] = {}
        # How often a new calendar was heard of: a count asked for before the last time no longer stands.
        self.editions_heard = 0
        own_routes = self.own_routes()
        self._own_kinds = frozenset(own_routes)
        return {
            **self._letter_routes(),
            **self._item_routes(),
            **self._meeting_routes(),
            **self._link_routes(),
            **self._deadline_routes(),
            **self._ending_routes(),
            **self._paper_routes(),
            "fact_established": Route(self.findings.check, self.findings.take, after_closing=True),
            "assign": Route(_anything, self._take_assign, after_closing=True),
            "assign_liaison": Route(_anything, self._take_assign_liaison, after_closing=True),
            "happened": Route(_in_the_past, _noted, notes=True, after_closing=True),
            "liaison_message": Route(_in_the_past, _message_noted, notes=True, after_closing=True),
            **own_routes,
        }

    # what a kind of case supplies

    @abstractmethod
    def own_routes(self) -> dict[str, Route]:
        """What this kind does with messages of its own, or otherwise than others."""

    @property
    @abstractmethod
    def stage(self) -> LabelledEnum:
        """Where the case stands, in the words of its kind."""

    @abstractmethod
    def against_closing(self, outcome: Outcome) -> list[Problem]:
        """What stands against closing such a case with that outcome, besides what stands against closing any."""

    def against_opening(self) -> list[Problem]:
        """What is wrong with the terms that the case would be opened with; asked before it is opened, by the script."""
        return []

    def terms_for(self, decision: OpenLinked) -> Terms | None:
        """What a case of another kind that is opened from this one is told of its own terms."""
        return None

    def own_papers(self) -> Iterator[OwnPaper]:
        """The internal papers that such a case calls for besides its letters and minutes."""
        yield from ()

    def listed_items(self) -> Iterator[ListedItem]:
        """What lists show of such a case beside the things to be put right."""
        yield from ()

    def own_lines(self) -> Iterator[str]:
        """What else staff must see at a glance, a sentence each."""
        yield from ()

    def own_tellings(self) -> Iterator[Telling]:
        """What other cases are told besides ties and closings; what has been told stands in `links.done`."""
        yield from ()

    def own_orders(self) -> Iterator[OwnOrder]:
        """The work that such a case still waits for, besides papers and other cases; what failed stands in `links.done`."""
        yield from ()

    def door_close(self, decision: CloseCase, today: date) -> list[Problem]:
        """Nothing may be left in the air, and the outcome must be what the journal shows."""
        problems = []
        if not decision.reason:
            problems.append(Problem("结案须写明理由", "填写 reason", "reason"))
        if decision.outcome not in self.OUTCOMES:
            can = "、".join(f"{each.value}（{each.label}）" for each in self.OUTCOMES)
            problems.append(Problem(f"此类案件不以“{decision.outcome.label}”结案", f"可选：{can}", "outcome"))
        for letter in self.letters.pending():
            problems.append(Problem(f"{letter}尚在审批", "先制发或撤回", "outcome"))
        for letter in self.letters.live():
            if letter.open_objection:
                problems.append(Problem(f"{letter}有异议待复核", "先复核", "outcome"))
            if letter.unassessed:
                problems.append(Problem(f"{letter}有回复待评估", "先评估", "outcome"))
        for meeting in self.meetings.awaited():
            problems.append(Problem(f"{meeting}尚未召开", "先记录召开，或取消会议", "outcome"))
        if self.links.is_opening:
            problems.append(Problem("正在另立关联案件", "稍后再试", "outcome"))
        return problems + self.against_closing(decision.outcome)

    # what was before it was entered here

    @cached_property
    def before(self) -> Self | None:
        """The case as its backlog left it; None for one that began here. Not asked of a case that has taken nothing yet."""
        if not self.opening.backlog:
            return None
        before = type(self)(self.opening)
        for message in self.opening.brought:
            before.take(message, self.entries[0].at)
        return before

    # which messages may wait for which

    def needs(self, message: Message) -> frozenset[str] | None:
        return NEEDS.get(message.kind) if message.kind in NEEDS else super().needs(message)

    def brings(self, message: Message) -> frozenset[str]:
        if isinstance(message, ReplyReceived) and not (message.promises or message.plan):
            return frozenset()
        # What a kind of case does with messages of its own may change any aspect.
        return ASPECTS if message.kind in self._own_kinds else BRINGS.get(message.kind, frozenset())

    # what lists, papers and workflows read

    @property
    def letters(self) -> Letters:
        return self.correspondence.letters

    @property
    def items(self) -> dict[str, Rectification]:
        return self.putting_right.items

    @property
    def closing(self) -> Closing | None:
        return self.ending.closing

    @property
    def is_closed(self) -> bool:
        return self.ending.closing is not None

    @property
    def is_looked_back(self) -> bool:
        """Whether the case is closed and nothing remains to be looked back upon."""
        return self.ending.is_looked_back

    @property
    def overdue_letters(self) -> set[str]:
        """The ids of letters whose reply is overdue: expired after the grace for mail, and still without any reply."""
        return self._unanswered(self.run_out)

    @property
    def lapsed_letters(self) -> set[str]:
        """The ids of letters whose period has ended without any reply, whether or not one may still be in the mail."""
        return self._unanswered(self.fallen_due)

    def _unanswered(self, ended: Container[tuple[str, date]]) -> set[str]:
        return {
            letter.id
            for letter in self.letters.live()
            if letter.reply_key in self.deadlines.by_key
            and self.deadlines.by_key[letter.reply_key].is_running
            and (counted := self.deadlines.counted.get(letter.reply_key)) is not None
            and counted.last_day is not None
            and (letter.reply_key, counted.last_day) in ended
        }

    def is_reply(self, deadline: str) -> bool:
        """Whether a deadline is that of a reply: of no other is it said that it is 逾期."""
        return any(letter.reply_key == deadline for letter in self.letters)

    # the tables of messages

    def _letter_routes(self) -> dict[str, Route]:
        post, drafting, originals = self.correspondence, self.drafting, Originals(self.correspondence)
        countersigning = Countersigning(post)
        return {
            "draft_letter": Route(drafting.check_draft, drafting.take_draft, drafting.door_draft),
            "approve_letter": Route(drafting.check_approve, drafting.take_approve, drafting.door_approve),
            "return_draft": Route(drafting.check_return, drafting.take_return),
            "revise_draft": Route(drafting.check_revise, drafting.take_revise),
            "issue_letter": Route(drafting.check_issue, self.take_issue, drafting.door_issue),
            "letter_served": Route(post.check_served, self._take_served, after_closing=True),
            "service_refused": Route(post.check_refused, post.take_refused, after_closing=True),
            "filed_upward": Route(post.check_filed_upward, post.take_filed_upward, after_closing=True),
            "original_kept": Route(originals.check, originals.take, after_closing=True),
            "countersigned": Route(countersigning.check, countersigning.take),
            "objection_raised": Route(post.check_objection, post.take_objection, after_closing=True),
            "review_objection": Route(post.check_review, post.take_review),
            "reply_received": Route(post.check_reply, self._take_reply, after_closing=True),
            "assess_reply": Route(post.check_assess, post.take_assess),
            "plan_submitted": Route(post.check_plan, post.take_plan, after_closing=True),
            "accept_plan": Route(post.check_plan_decision, post.take_accept_plan),
            "return_plan": Route(post.check_plan_decision, post.take_return_plan),
            "plan_checked": Route(post.check_plan_checked, post.take_plan_checked, after_closing=True),
            "amend_letter": Route(post.check_letter, drafting.take_amend, drafting.door_amend),
            "withdraw_letter": Route(drafting.check_withdraw, drafting.take_withdraw),
            "agency_changed": Route(post.check_agency_changed, post.take_agency_changed, after_closing=True),
        }

    def _item_routes(self) -> dict[str, Route]:
        right = self.putting_right
        return {
            "add_item": Route(right.check_add, right.take_add),
            "drop_item": Route(right.check_drop, right.take_drop),
            "item_progressed": Route(right.check_progress, right.take_progress, after_closing=True),
            "promise_kept": Route(right.check_kept, right.take_kept, after_closing=True),
        }

    def _meeting_routes(self) -> dict[str, Route]:
        meetings = self.meetings
        return {
            "call_meeting": Route(meetings.check_call, meetings.take_call),
            "cancel_meeting": Route(meetings.check_cancel, meetings.take_cancel),
            "meeting_held": Route(meetings.check_held, self.take_meeting, after_closing=True),
        }

    def _link_routes(self) -> dict[str, Route]:
        links = self.links
        return {
            "link_case": Route(links.check_link, links.take_link, after_closing=True),
            "unlink_case": Route(links.check_unlink, links.take_unlink, after_closing=True),
            "open_linked": Route(links.check_open, links.take_open, after_closing=True),
            "case_linked": Route(links.check_linked, links.take_linked, after_closing=True),
            "case_unlinked": Route(links.check_linked, links.take_unlinked, after_closing=True),
            "linked_case_closed": Route(links.check_linked, self.take_linked_closed, after_closing=True),
            "linked_opened": Route(links.check_opened, links.take_opened, after_closing=True),
            "case_told": Route(_anything, links.take_told, after_closing=True),
            "dispute_reported": Route(links.check_linked, self._take_dispute, after_closing=True),
            "link_failed": Route(_anything, links.take_failed, after_closing=True),
        }

    def _deadline_routes(self) -> dict[str, Route]:
        adjusting = self.adjusting
        return {
            "suspend": Route(adjusting.check_suspend, adjusting.take_suspend, adjusting.door_suspend),
            "resume": Route(adjusting.check_resume, adjusting.take_resume),
            "extend": Route(adjusting.check_extend, adjusting.take_extend, adjusting.door_extend),
            "exclude_days": Route(adjusting.check_exclude, adjusting.take_exclude, adjusting.door_exclude),
            "apply_rule": Route(adjusting.check_apply, adjusting.take_apply, adjusting.door_apply),
            "reminded": Route(_anything, self._take_reminded, after_closing=True),
            "fell_due": Route(_anything, self.take_fell_due, after_closing=True),
            "edition_published": Route(_anything, self._take_edition, notes=True, after_closing=True),
        }

    def _ending_routes(self) -> dict[str, Route]:
        ending = self.ending
        return {
            "close_case": Route(ending.check_close, ending.take_close, self.door_close),
            "looked_back": Route(ending.check_look_back, ending.take_look_back, after_closing=True),
            "file_away": Route(ending.check_file_away, ending.take_file_away, after_closing=True),
        }

    def _paper_routes(self) -> dict[str, Route]:
        return {
            "paper_made": Route(_anything, self._take_paper, after_closing=True),
            "paper_failed": Route(_anything, self._take_paper, after_closing=True),
            "history_lost": Route(_anything, _history_lost, notes=True, after_closing=True),
            "remake_paper": Route(self._check_remake, self._take_remake, after_closing=True),
        }

    # letters

    def take_issue(self, decision: IssueLetter, today: date) -> str:
        """A document goes out."""
        return self.drafting.take_issue(decision, today)

    def take_meeting(self, fact: MeetingHeld, today: date) -> str:
        """A meeting was held; a kind of case may draw more from it."""
        return self.meetings.take_held(fact, today)

    def take_linked_closed(self, fact: LinkedCaseClosed, today: date) -> str:
        """A linked case has closed; a kind of case may draw more from it."""
        return self.links.take_closed(fact, today)

    def _take_dispute(self, fact: DisputeReported, today: date) -> str:
        # Two tellings on their way at once may arrive in either order: of one day the end counts, not the beginning.
        known = self.disputes.get(fact.case)
        if known is None or _telling_order(known) <= _telling_order(fact):
            self.disputes[fact.case] = fact
        return f"{fact.on} 争议化解（{fact.case}）：{fact.state.label}"

    def _take_served(self, fact: LetterServed, today: date) -> str:
        letter = self.correspondence.letter_of(fact)
        if letter.type is DocumentType.MEETING_NOTICE:
            self.meetings.notified(fact.on, fact.id)
        return self.correspondence.take_served(fact, today)

    def _take_reply(self, fact: ReplyReceived, today: date) -> str:
        letter = self.correspondence.letter_of(fact)
        sentence = self.correspondence.take_reply(fact, today)
        self.putting_right.take_promises(letter, fact)
        return sentence

    def _take_assign(self, decision: Assign, today: date) -> str:
        self.handler = decision.handler
        return f"承办人变更为{decision.handler.name}"

    def _take_assign_liaison(self, decision: AssignLiaison, today: date) -> str:
        self.liaison = decision.liaison
        return f"本院联络员变更为{decision.liaison}"

    # the clock

    def _take_reminded(self, tick: Reminded, today: date) -> str:
        self.last_reminded[tick.deadline] = tick
        return f"{self._named(tick.deadline)}提前{tick.days_before}日提醒（{tick.due_on}届满）"

    def take_fell_due(self, tick: FellDue, today: date) -> str:
        """A deadline has run out; a kind of case may draw more from it."""
        self.fallen_due.add((tick.deadline, tick.due_on))
        if tick.final:
            self.run_out[tick.deadline, tick.due_on] = tick
        deadline = self.deadlines.by_key.get(tick.deadline)
        if deadline is not None:
            self.deadlines.expire(tick.deadline, tick.due_on + timedelta(days=1))
            if deadline.rule in ("pil.reply", "pil.reply_urgent", "pil.rectify"):
                self.correspondence.review_prosecution(deadline.letter, tick)
        counted = self.deadlines.counted.get(tick.deadline)
        word = "到期"
        if self.is_reply(tick.deadline):
            word = "逾期" if tick.final else "到期未见回复"
        elif counted is not None and counted.expiry == "right_lapses":
            word = "未行使"
        return f"{self._named(tick.deadline)}于{tick.due_on}届满：{word}"

    def _named(self, key: str) -> str:
        """A deadline in words: whose it is, and what must be done."""
        counted, deadline = self.deadlines.counted.get(key), self.deadlines.by_key.get(key)
        party = f"{deadline.party}　" if deadline is not None and deadline.party else ""
        return f"{party}{counted.name}" if counted is not None else key

    def _take_edition(self, news: EditionPublished, today: date) -> str:
        # Under whichever edition is in force at the count: the name in the news may be wrong, or older than that.
        self.edition = ""
        self.editions_heard += 1
        self.deadlines.doubt()
        why = f"（{news.why}）" if news.why else ""
        return f"日历版本 {news.edition} 公布{why}，重新计算各期限"

    # papers

    def _take_paper(self, made: PaperMade | PaperFailed, today: date) -> str:
        self.papers[made.order] = made
        if isinstance(made, PaperFailed):
            return f"文书（{made.order}）未能制作：{made.why}"
        letter = self.letters.by_id.get(made.order.partition("/")[0])
        if letter is not None and made.order.endswith("/issued"):
            letter.paper, letter.internal_no = made.paper, made.internal_no
        return f"文书已制作：{made.paper.name.rpartition('/')[2]}"

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


# What may run in every case: of its letters, tasks, meetings, and what follows its closing.
SHARED_RULES = (
    "local.service",
    "local.answer",
    "local.task",
    "local.meeting",
    "local.promise",
    "local.look_back",
    "sup.hearing",
)

# What every case may send.
COMMON = (
    DocumentType.LETTER,
    DocumentType.REPORT,
    DocumentType.MEETING_NOTICE,
    DocumentType.TRANSFER_LETTER,
)


def _telling_order(fact: DisputeReported) -> tuple[date, bool]:
    return fact.on.latest, fact.state is not DisputeState.UNDER_WAY


def _anything(message: object, today: date) -> list[Problem]:
    return []


def _history_lost(news: HistoryLost, today: date) -> str:
    return f"运行记录 {news.run} 未能归档：{news.why}"


def _in_the_past(fact: Happened | LiaisonMessage, today: date) -> list[Problem]:
    return future(fact.on, today)


def _message_noted(fact: LiaisonMessage, today: date) -> str:
    return f"{fact.on} {fact.sender}致{fact.receiver}：{fact.what}"


def _noted(fact: Happened, today: date) -> str:
    return f"{fact.on} {fact.actor}{fact.event}：{fact.note}"
