"""The desk: the loop that moves one case (settling, agenda, outbox).

Handlers append to the journal and return; only the loop acts. In one round it counts the ledgers that were touched and
projects the rows, in one local activity; lets fall due what is due, after counting it once more under the edition in
force; then shows the attributes and details, sends off the papers that are wanted, and arms one timer for the head of
the agenda.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Generic, TypeVar

from pydantic import ValidationError
from temporalio import workflow
from temporalio.exceptions import FailureError

from models.agenda import Moment, agenda
from models.casefile import CaseFile, OwnOrder
from models.conversion import OpeningOrder, openings, tellings
from models.journal import CaseState
from models.ledgers import Counting
from models.links import Telling
from models.messages import HistoryLost, Message, PaperFailed, Taken, Unreadable
from models.notices import notices
from models.orders import WantedPaper, wanted
from models.projecting import Rows, recounted
from models.rows import Snapshot
from models.said.links import LinkFailed
from models.tasks import CaseStart, HistoryOrder, SettleOrder
from workflows.parts import calls
from workflows.parts.attributes import Attributes
from workflows.parts.clock import CaseClock

File = TypeVar("File", bound=CaseFile)

_PORTION = 500
"""Messages by signal that are taken between two settlings: a quarter of a second of work."""
_LEFT_BEHIND = "count-again-what-does-not-run"
"""Periods that were met, or stopped after their end, follow the calendar too: who was late by the old one may not be by the new;
and the row of one that was stopped would be told of a new one every day, for ever.
"""


class Desk(Generic[File]):
    """One case on its way, and what it waits for."""

    def __init__(self, start: CaseStart, kind: type[File]) -> None:
        carried = start.carried
        self.case: File = kind.restored(carried) if carried else kind(start.opening)
        self.clock = CaseClock(start.opening.offset_seconds)
        self.settled = carried.settled if carried else -1
        # The former runs whose histories are still to be archived: an unfinished one is carried on.
        former = workflow.info().continued_run_id
        self._owed = dict.fromkeys((*(carried.owed if carried else ()), *([former] if former else ())))
        self.rows = Rows(self.case)
        self._attributes = Attributes()
        self._projected: Snapshot | None = None
        self._outbox: dict[str, asyncio.Task[None]] = {}
        self._settlings = 0
        # A flood is taken in portions: a task in which it all came at once would not end in time.
        self._flood: deque[Callable[[], None]] = deque()
        self._taken_since_settling = 0
        self._broken: Exception | None = None
        self._timer: asyncio.Task[None] | None = None
        self._armed: Moment | None = None
        self.renewing = False
        # Here and not in `run`: an update that comes with the start is handled before `run`'s first line.
        for brought in start.opening.brought:
            self.take(brought)

    # what handlers use

    def take(self, message: Message) -> Taken:
        """Enter a message in the journal; the loop does the rest."""
        return self.case.take(message, self.clock.now())

    def in_turn(self, take: Callable[[], None]) -> None:
        """Take what came by signal; when very many come at once, the rest waits for the loop."""
        if self._flood or self._taken_since_settling >= _PORTION:
            self._flood.append(take)
        else:
            self._taken_since_settling += 1
            take()

    async def until_settled(self) -> None:
        """Wait until what is in the journal now has been counted and projected."""
        mine = self.case.revision
        await workflow.wait_condition(lambda: self.settled >= mine)

    def hear_cancel(self) -> None:
        """A request to cancel the workflow ends no case; it is put before staff."""
        why = "收到取消工作流的请求；案件不因此终止，确需终止的请结案"
        run = workflow.info().run_id
        self.take(Unreadable(id=f"cancel-{run}", name="cancel", raw="", why=why))

    # what the story uses

    async def until(self, condition: Callable[[File], bool]) -> None:
        """Work until the journal brings a condition about; continue as new when the history has grown long."""
        while True:
            await self._settle()
            if condition(self.case):
                return
            if self.renewing or workflow.info().is_continue_as_new_suggested():
                await self._continue_as_new()
            await workflow.wait_condition(lambda: self._has_work)

    async def hand_over(self) -> None:
        """Finish what handlers and the outbox have in hand, before the case ends."""
        self.renewing = False
        while self._outbox or not workflow.all_handlers_finished() or self._has_work:
            await workflow.wait_condition(
                lambda: self._has_work or (not self._outbox and workflow.all_handlers_finished())
            )
            self.renewing = False
            await self._settle()
        if self._timer:
            self._timer.cancel()

    # the loop

    @property
    def _has_work(self) -> bool:
        fired = self._timer is not None and self._timer.done()
        behind = self.settled < self.case.revision or bool(self._flood)
        return behind or fired or self.renewing or self._broken is not None

    def _due(self) -> list[Moment]:
        now = self.clock.now()
        moments = agenda(self.case.deadlines.running(), self.case.taken, now)
        return [moment for moment in moments if moment.at <= now]

    async def _settle(self) -> None:
        case = self.case
        while True:
            if self._broken is not None:
                # A bug in what was made beside the loop fails the task as one in it does, and is mended by a deployment.
                raise self._broken
            self._take_portion()
            due = self._due()
            upto = case.revision
            orders = case.deadlines.stale(case.edition)
            left = case.deadlines.left_behind(case.edition)
            # One patch for each edition heard: what is answered where a former program is replayed is kept for the run.
            if left and workflow.patched(f"{_LEFT_BEHIND}/{case.editions_heard}"):
                orders += left
            keys = [moment.tick.deadline for moment in due]
            orders += case.deadlines.again([key for key in keys if key not in {each.key for each in orders}])
            snapshot = self.rows.now()
            if not orders and snapshot == self._projected and self.settled >= upto and not self._flood:
                break
            await self._count_and_project(orders, snapshot, upto, current=bool(due))
            for moment in self._due():
                # Only what was counted just now, under the edition in force, may act.
                if moment.tick.deadline in keys:
                    self.take(moment.tick)
        self._attributes.show(case)
        self._send_off()
        self._arm()

    def _take_portion(self) -> None:
        self._taken_since_settling = 0
        while self._flood and self._taken_since_settling < _PORTION:
            self._taken_since_settling += 1
            self._flood.popleft()()

    async def _count_and_project(
        self, orders: list[Counting], snapshot: Snapshot, upto: int, *, current: bool
    ) -> None:
        case = self.case
        heard = case.editions_heard
        self._settlings += 1
        settled = await calls.settle(
            SettleOrder.model_construct(
                countings=tuple(orders),
                edition=case.edition,
                current=current,
                snapshot=snapshot,
                notices=tuple(notices(case, case.entries[max(self.settled, 0) : upto])),
                run=workflow.info().run_id,
                run_started_at=workflow.info().start_time,
                settling=self._settlings,
                offset_seconds=case.opening.offset_seconds,
            )
        )
        case.record_counts(orders, settled.results)
        case.adopted = settled.adopted
        if case.editions_heard == heard:
            case.edition = settled.edition
        else:
            # A calendar was published while this was counted: it is counted again, under that one.
            case.deadlines.doubt()
        self._projected = recounted(snapshot, settled.results)
        self.settled = upto

    # the outbox

    def _send_off(self) -> None:
        for paper in wanted(self.case):
            self._send(paper.order, partial(self._make, paper))
        for opening in openings(self.case):
            self._send(opening.order, partial(self._open, opening))
        for telling in tellings(self.case):
            self._send(telling.order, partial(self._tell, telling))
        for own in self.case.own_orders():
            self._send(own.order, partial(self._carry_out, own))
        for run in self._owed:
            self._send(run, partial(self._keep, run))

    def _send(self, key: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Begin a piece of work beside the loop, unless it is in hand."""
        if key not in self._outbox:
            self._outbox[key] = asyncio.create_task(self._beside(key, work()))

    async def _beside(self, key: str, work: Coroutine[None, None, None]) -> None:
        """Work beside the loop; a bug in it is raised in the loop, where it is seen."""
        try:
            await work
        except Exception as bug:
            self._broken = bug
        finally:
            del self._outbox[key]

    async def _make(self, paper: WantedPaper) -> None:
        try:
            self.take(await calls.make_paper(paper.build()))
        except ValidationError as unfit:
            self._take_paper_failure(paper.order, f"文书内容不合要求：{unfit.errors()[0]['msg']}")
        except FailureError as failure:
            self._take_paper_failure(paper.order, str(failure.cause or failure))

    def _take_paper_failure(self, order: str, why: str) -> None:
        self.take(PaperFailed(id=f"{order}/failed/{self.case.revision}", order=order, why=why))

    async def _open(self, order: OpeningOrder) -> None:
        try:
            self.take(await calls.open_case(order))
        except FailureError as failure:
            self._take_failure(order.order, failure)

    async def _tell(self, telling: Telling) -> None:
        try:
            self.take(await calls.tell_case(telling))
        except FailureError as failure:
            self._take_failure(telling.order, failure)

    async def _carry_out(self, order: OwnOrder) -> None:
        try:
            self.take(await calls.carry_out(order))
        except FailureError as failure:
            self._take_failure(order.order, failure)

    def _take_failure(self, order: str, failure: FailureError) -> None:
        why = str(failure.cause or failure)
        self.take(LinkFailed(id=f"{order}/failed/{self.case.revision}", order=order, why=why))

    async def _keep(self, run: str) -> None:
        try:
            workflow_id = workflow.info().workflow_id
            await calls.keep_history(HistoryOrder(case=self.case.opening.case, workflow=workflow_id, run=run))
        except FailureError as failure:
            why = str(failure.cause or failure)
            self.take(HistoryLost(id=f"{run}/lost", run=run, why=why))
        del self._owed[run]

    # the timer

    def _arm(self) -> None:
        """One timer, for the head of the agenda; armed anew only when the head has changed."""
        moments = agenda(self.case.deadlines.running(), self.case.taken, self.clock.now())
        head = moments[0] if moments else None
        fired = self._timer is not None and self._timer.done()
        if head == self._armed and not fired:
            return
        if self._timer is not None and not fired:
            self._timer.cancel()
        self._armed = head
        self._timer = (
            asyncio.create_task(self.clock.sleep_until(head.at, _short(head.summary))) if head else None
        )

    # continuing as new

    def state(self) -> CaseState:
        """What the next run, or the archive, needs."""
        return self.case.state(settled=self.settled, revision=self.case.revision, owed=tuple(self._owed))

    async def _continue_as_new(self) -> None:
        """Papers under way are not waited for: the next run asks for them again, under the same keys."""
        self.renewing = False
        while self._has_work or not workflow.all_handlers_finished():
            await self._settle()
            await workflow.wait_condition(lambda: self._has_work or workflow.all_handlers_finished())
            self.renewing = False
        workflow.continue_as_new(CaseStart(opening=self.case.opening, carried=self.state()))


def _short(text: str) -> str:
    return text.encode()[:400].decode(errors="ignore")
