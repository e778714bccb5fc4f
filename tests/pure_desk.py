"""A case without a server: the same fold, counts, agenda and papers, moved by a hand-turned clock.

What the workflow's desk does with activities and a timer is done here in plain calls; the two must agree, and a test says so:
a desk keeps a log of what was said to it and when, and `tests.playing` plays that log on the real server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, Self, cast

import pytest
from typing_extensions import TypeVar

from models.adoptions import SiteRules
from models.agenda import Moment, agenda
from models.bags import PaperRef
from models.calendar import Calendar, calendar
from models.casefile import CaseFile, OwnOrder
from models.cases.urging import UrgingFile
from models.conversion import OpeningOrder, openings, tellings
from models.counting import count
from models.dates import at_hour, day_in_china
from models.decisions import DECISIONS, DraftLetter
from models.document_types import DocumentType
from models.errors import Problem, Refusal
from models.facts import FACTS
from models.journal import CaseState
from models.kinds import file_of, restored
from models.ledgers import Counted, Counting
from models.letters import Letter
from models.links import Telling
from models.messages import (
    EditionPublished,
    FellDue,
    Message,
    Opening,
    PaperMade,
    Reminded,
    Taken,
    Unreadable,
    stated,
)
from models.notices import Notice, notices
from models.numbering import CaseId
from models.orders import PaperOrder, wanted
from models.projecting import rows
from models.rows import Snapshot
from models.said.liaison import FiguresGathered
from models.said.links import CaseTold, LinkedOpened
from models.tallies import CountOrder, tally
from models.tasks import Task
from models.terms import LabelledEnum
from models.wire import Person
from tests.openings import CHIEF, CLERK, FOUNDING_DAY, draft, opening

Answer = Callable[[OwnOrder], Message]
# What the world answers to a kind of case that asks it of an activity, by the activity's name: as if there were nothing else.
ANSWERS: dict[str, Answer] = {
    Task.COUNT_CASES.value: lambda own: tally(CountOrder.model_validate(own.told), ()),
    Task.GATHER_FIGURES.value: lambda own: FiguresGathered(
        id=f"{own.order}/gathered", order=own.order, figures=()
    ),
}

File = TypeVar("File", bound=CaseFile, default=UrgingFile)


@dataclass(frozen=True)
class Step:
    """One line of a desk's log: at a moment (UTC, case time) something was said, or nothing but that time had passed."""

    moment: datetime
    message: Message | None = None
    checked: bool = False
    """Whether it came by the checked door, and not by signal or past the door."""
    refused: str = ""
    """The words in which the door refused it."""
    how: str = ""
    """What became of it, when it was taken."""
    has_ended: bool = False
    """Whether the case was over before."""
    edition: Calendar | None = None
    """The calendar edition that came into force, with or without the news of it."""
    renews: bool = False
    """Whether what a continued run would carry was taken from the case."""


class PureDesk(Generic[File]):
    """One case of any kind (an urging case unless said) and its clock (UTC, case time).

    Other cases that it tells of itself are there when `others` names them; those it opens get the numbers from 1 on. What
    its kind asks of the world is answered by `answers`, else as if there were no other case.
    """

    def __init__(
        self,
        opened: Opening,
        now: datetime | None = None,
        edition: Calendar | None = None,
        carried: CaseState | None = None,
        others: tuple[str, ...] = (),
        answers: Mapping[str, Answer] | None = None,
    ) -> None:
        self.case = cast(File, restored(carried) if carried else file_of(opened))
        self.others, self.answers = others, answers or {}
        self.rules = SiteRules()
        self.opened: list[Opening] = []
        self.now = now or at_hour(opened.opened_on, 9)
        self._edition = edition or calendar()
        self.begins, self.begins_under, self.is_carried = self.now, self._edition, carried is not None
        self.log: list[Step] = []
        self.notices: list[Notice] = []
        self.papers: dict[str, PaperOrder] = {}
        self.settled = self.case.revision
        self._number = 0
        self._editions: dict[str, Calendar] = {}
        for brought in opened.brought:
            self.case.take(brought, self.now)
        self.settle()

    # speaking to it

    def check(self, message: Message) -> list[Problem]:
        """What a validator would say."""
        return self.case.check(message, day_in_china(self.now))

    def take(self, message: Message, *, checked: bool = False) -> Taken:
        """Enter a message, whatever a validator would say, and settle."""
        has_ended = self.case.is_looked_back
        taken = self.case.take(message, self.now)
        self.log.append(Step(self.now, message, checked=checked, how=taken.how, has_ended=has_ended))
        self.settle()
        return taken if taken.how == "seen" else self.case.taken[taken.id]

    def say(self, message: Message) -> Taken:
        """A message by the checked door; Refusal when it is refused."""
        problems = self.ask(message)
        if problems:
            raise Refusal(problems)
        return self.take(message, checked=True)

    def ask(self, message: Message) -> list[Problem]:
        """What the door says to a message; nothing, when it would let it in."""
        problems = self.check(message)
        if problems:
            step = Step(
                self.now,
                message,
                checked=True,
                refused=_words(problems),
                has_ended=self.case.is_looked_back,
            )
            self.log.append(step)
        return problems

    def decide(self, kind: str, id: str = "", *, by: Person = CHIEF, **fields: Any) -> Taken:
        """A decision by the checked way; Refusal when the door refuses it. The chief procurator decides unless said."""
        return self.say(DECISIONS.validate_python(self._fields(kind, id, by, fields)))

    def record(self, kind: str, on: date | str, id: str = "", **fields: Any) -> Taken:
        """A fact by the checked way."""
        return self.say(FACTS.validate_python(self._fields(kind, id, CLERK, fields | {"on": on})))

    def signal(self, kind: str, on: date | str, id: str = "", **fields: Any) -> Taken:
        """A fact by signal: never refused."""
        return self.take(FACTS.validate_python(self._fields(kind, id, CLERK, fields | {"on": on})))

    def correct(self, fact: str, on: date | str | None = None, **changes: Any) -> Taken:
        """Correct a fact's day or other fields; without any, strike it out."""
        entry = next(each.message for each in self.case.entries if each.message.id == fact)
        new = changes | ({"on": on} if on else {})
        replacement = FACTS.validate_python(entry.model_dump() | new) if new else None
        return self.decide("correct", fact=fact, replacement=replacement, reason="记录有误")

    def refusal(self, kind: str, *, by: Person = CHIEF, **fields: Any) -> str:
        """Why a decision would be refused; empty when it would not."""
        decision = DECISIONS.validate_python(self._fields(kind, "", by, fields))
        return _words(self.ask(decision))

    def garbled(self, name: str, raw: str) -> Taken:
        """A signal under a name that nobody knows, with what cannot be read: kept under the id that the case gives it."""
        id = f"unreadable-{hashlib.sha256(name.encode() + raw.encode()).hexdigest()[:16]}"
        return self.take(Unreadable(id=id, name=name, raw=raw, why=f"没有名为“{name}”的消息"))

    @property
    def edition(self) -> Calendar:
        """The calendar edition in force."""
        return self._edition

    @edition.setter
    def edition(self, edition: Calendar) -> None:
        self._edition = edition
        self.log.append(Step(self.now, edition=edition))

    def misfit(self, kind: str, on: date | str, **fields: Any) -> str:
        """Why a fact would not fit; empty when it would."""
        fact = FACTS.validate_python(self._fields(kind, "", CLERK, fields | {"on": on}))
        return _words(self.ask(fact))

    def publish(self, edition: Calendar) -> None:
        """A calendar is published, and the news comes in."""
        self.edition = edition
        self.take(EditionPublished(id=f"edition/{edition.name}", edition=edition.name))

    def _fields(self, kind: str, id: str, by: Person, fields: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        return {"kind": kind, "id": id or f"{kind}-{self._number}", "by": by, **fields}

    # time

    def on(self, day: date | str, hour: int = 10) -> Self:
        """Let time pass to that hour of a day in China."""
        self.wait_until(at_hour(date.fromisoformat(day) if isinstance(day, str) else day, hour))
        return self

    def wait_until(self, moment: datetime) -> None:
        """Let time pass; each moment of the agenda acts when it comes."""
        while True:
            self.settle()
            ahead = self.agenda()
            if not ahead or ahead[0].at > moment:
                break
            self.now = max(self.now, ahead[0].at)
        self.now = max(self.now, moment)
        self.settle()
        self.log.append(Step(self.now, has_ended=self.case.is_looked_back))

    def settle(self) -> None:
        """Count what was touched, let fall due what is due, make what is wanted, until nothing moves."""
        case = self.case
        while True:
            due = self._due()
            keys = [each.tick.deadline for each in due]
            orders = case.deadlines.stale(case.edition) + case.deadlines.left_behind(case.edition)
            orders += case.deadlines.again([key for key in keys if key not in [each.key for each in orders]])
            papers = wanted(case)
            # Without an edition yet, or after news of one, the case takes up the one in force though nothing is counted.
            others: list[OpeningOrder | Telling] = [*openings(case), *tellings(case)]
            own = list(case.own_orders())
            if case.edition and not orders and not due and not papers and not others and not own:
                break
            self._count(orders, current=bool(due))
            for moment in self._due() if due else ():
                self.act(moment)
            for paper in papers:
                assert paper.order not in self.papers, f"wanted twice: {paper.order}"
                self.papers[paper.order] = order = paper.build()
                case.take(_made(order, len(self.papers)), self.now)
            for other in others:
                self._reach(other)
            for each in own:
                case.take((self.answers.get(each.task) or ANSWERS[each.task])(each), self.now)
        self.notices += notices(case, case.entries[self.settled :])
        self.settled = case.revision

    def _reach(self, other: OpeningOrder | Telling) -> None:
        """Open another case, or tell it something, as the activities do."""
        id = f"{other.order}/{'opened' if isinstance(other, OpeningOrder) else 'told'}"
        if isinstance(other, OpeningOrder):
            before = [order for order in self.case.links.done if order.startswith("open/")]
            blank = CaseId.parse(other.opening.case)
            assert blank is not None
            number = str(blank._replace(number=len(before) + 1))
            self.opened.append(other.opening.model_copy(update={"case": number}))
            self.case.take(LinkedOpened(id=id, order=other.order, case=number), self.now)
        else:
            how: Literal["told", "missing"] = "told" if other.to in self.others else "missing"
            self.case.take(CaseTold(id=id, order=other.order, how=how), self.now)

    def act(self, moment: Moment) -> None:
        """Let one moment of the agenda act."""
        self.case.take(moment.tick, self.now)

    def agenda(self) -> list[Moment]:
        return agenda(self.case.deadlines.running(), self.case.taken, self.now)

    def _due(self) -> list[Moment]:
        return [moment for moment in self.agenda() if moment.at <= self.now]

    def _count(self, orders: list[Counting], *, current: bool) -> None:
        """As the settling activity does: under the edition in force for what falls due, else under the case's own."""
        self._editions[self.edition.name] = self.edition
        name = self.edition.name if current or not self.case.edition else self.case.edition
        edition = self._editions.get(name) or calendar(name)
        self.case.record_counts(
            orders, [count(order, edition, self.rules.rule(order.rule)) for order in orders]
        )
        self.case.edition, self.case.adopted = (
            edition.name,
            stated(self.rules.lengths_on(day_in_china(self.now))),
        )

    # looking

    def deadline(self, key: str) -> Counted:
        """The last count of a deadline."""
        return self.case.deadlines.counted[key]

    def due(self, key: str) -> date | None:
        """Its due day."""
        return self.deadline(key).due_on

    def letter(self, id: str = "L1") -> Letter:
        return self.case.letters.by_id[id]

    def stage(self) -> LabelledEnum:
        return self.case.stage

    def is_overdue(self) -> bool:
        return bool(self.case.overdue_letters)

    @property
    def running(self) -> list[str]:
        """The keys of the deadlines that run."""
        return [counted.key for counted in self.case.deadlines.running()]

    @property
    def ticks(self) -> list[Reminded | FellDue]:
        """What the clock has entered, in order."""
        return [e.message for e in self.case.entries if isinstance(e.message, (Reminded, FellDue))]

    def rows(self) -> Snapshot:
        return rows(self.case)

    def carried(self) -> CaseState:
        """What a continued run would carry, through JSON and back."""
        self.log.append(Step(self.now, renews=True))
        return CaseState.model_validate_json(self.case.state().model_dump_json())


@contextmanager
def desks_made() -> Iterator[list[PureDesk[Any]]]:
    """The desks that are made meanwhile."""
    made: list[PureDesk[Any]] = []

    def watched(desk: PureDesk[Any], *arguments: Any, **named: Any) -> None:
        begin(desk, *arguments, **named)
        made.append(desk)

    begin = PureDesk.__init__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PureDesk, "__init__", watched)
        yield made


def _words(problems: list[Problem]) -> str:
    """A refusal as it is told: a line for each problem."""
    return "\n".join(map(str, problems))


def _made(order: PaperOrder, number: int) -> PaperMade:
    content = order.paper.model_dump_json().encode()
    paper = PaperRef(
        hashlib.sha256(content).hexdigest(), len(content), "application/pdf", f"papers/{order.name}"
    )
    return PaperMade(id=f"{order.order}/made", order=order.order, paper=paper, internal_no=f"内{number}")


def issued(
    *drafts: DraftLetter, on: date = FOUNDING_DAY, edition: Calendar | None = None, **changes: Any
) -> PureDesk:
    """A case whose documents were approved and issued on a day (a 检察建议书 to the bureau unless said)."""
    drafts = drafts or (draft(),)
    changes.setdefault("opened_on", on)
    drafts = tuple(each.model_copy(update={"id": f"draft-{n}"}) for n, each in enumerate(drafts, 1))
    desk = PureDesk(opening(*drafts, **changes), edition=edition)
    for number in range(1, len(drafts) + 1):
        desk.decide("approve_letter", document=f"D{number}")
        desk.decide("issue_letter", document=f"D{number}", official_no=f"明检建〔{on.year}〕{number}号")
    return desk


def served(
    document: DocumentType | DraftLetter = DocumentType.SUGGESTION,
    on: date = FOUNDING_DAY,
    edition: Calendar | None = None,
    **changes: Any,
) -> PureDesk:
    """A case whose one letter was issued and served on a day."""
    drafted = draft(document) if isinstance(document, DocumentType) else document
    desk = issued(drafted, on=on, edition=edition, **changes)
    desk.record("letter_served", on, "served", letter="L1")
    return desk
