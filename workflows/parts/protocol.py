"""The messages that every kind of case answers.

Facts come by signal (an agency's reply above all; a signal is never refused, what does not fit is kept for sorting) or
by the checked update `record`; decisions and corrections by updates whose validators refuse before anything enters
history; looking costs nothing.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic

from pydantic import ValidationError
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from models.dates import day_in_china
from models.decisions import Decision
from models.errors import Problem
from models.facts import FACTS, Fact
from models.journal import CaseState
from models.messages import EditionPublished, Message, Taken, Unreadable
from models.numbering import filing_id
from models.rows import DeadlineRow, FactRow, Snapshot
from models.tasks import CaseStart, Filed, FilingOrder
from models.wire import Wire
from workflows.filing import Filing
from workflows.parts.desk import Desk, File

_UNREADABLE = (ValidationError, ValueError, RuntimeError, TypeError, KeyError)
_RAW_LIMIT = 4_000
_NAME_LIMIT = 200
_WHY_LIMIT = 600


class Recorded(Wire):
    """A fact to be checked and entered; `keep` keeps one that does not fit, for sorting."""

    fact: Fact
    keep: bool = False


class Decided(Wire):
    """A decision to be checked and entered."""

    decision: Decision


class CaseProtocol(Generic[File]):
    """The one level of inheritance: how a case is spoken to."""

    def __init__(self, start: CaseStart, kind: type[File]) -> None:
        self.desk = Desk(start, kind)

    @property
    def case(self) -> File:
        return self.desk.case

    # facts by signal

    @workflow.signal(name="fact", description="记录一件事实（回复、送达等），从不拒收")
    def fact(self, raw: RawValue) -> None:
        self._in_turn("fact", raw, lambda: self._take_raw("fact", raw))

    @workflow.signal(name="edition_published", description="新的日历版本已公布")
    def edition_published(self, raw: RawValue) -> None:
        self._in_turn("edition_published", raw, lambda: self._take_edition(raw))

    @workflow.signal(name="renew", description="以现行程序接续运行，历史另起一轮")
    def renew(self) -> None:
        self.desk.renewing = True

    @workflow.signal(dynamic=True, description="名称不明的消息，留待整理")
    def unknown(self, name: str, arguments: Sequence[RawValue]) -> None:
        why = f"没有名为“{name}”的消息" + ("" if arguments else "，也没有内容")
        for raw in arguments or [RawValue(Payload())]:
            self._in_turn(name, raw, partial(self._keep_unreadable, name, raw.payload.data, why))

    # facts and decisions by update

    @workflow.update(name="record", description="核对并记录一件事实")
    async def record(self, recorded: Recorded) -> Taken:
        return await self._take_and_settle(recorded.fact)

    @record.validator
    def _check_record(self, recorded: Recorded) -> None:
        if not recorded.keep:
            self._refuse(recorded.fact)

    @workflow.update(name="decide", description="作出一项决定")
    async def decide(self, decided: Decided) -> Taken:
        return await self._take_and_settle(decided.decision)

    @decide.validator
    def _check_decide(self, decided: Decided) -> None:
        self._refuse(decided.decision)

    # queries

    @workflow.query(name="status", description="案件现状：阶段、文书、期限、事项")
    def status(self) -> Snapshot:
        return self.desk.rows.now()

    @workflow.query(name="deadlines", description="各期限及其账：起算、届满、是否暂定、依据")
    def deadlines(self) -> list[DeadlineRow]:
        return list(self.desk.rows.now().deadlines)

    @workflow.query(name="timeline", description="逐条记录，用中文写明")
    def timeline(self) -> list[FactRow]:
        return list(self.desk.rows.now().facts)

    @workflow.query(name="state", description="案卷全部内容，供归档")
    def state(self) -> CaseState:
        return self.desk.state()

    @workflow.query(name="check", description="预先核对一件事实，返回不符之处")
    def check(self, recorded: Recorded) -> list[str]:
        return [str(each) for each in self._problems(recorded.fact)]

    # the end

    async def looked_back(self) -> None:
        """回头看: what was achieved has held, or staff have decided what follows."""
        await self.desk.until(lambda case: case.is_looked_back)

    async def filed_away(self) -> Filed:
        """归档: a workflow cannot export its own end, so a child that outlives it seals the folder."""
        await self.desk.hand_over()
        await self._start_filing()
        await self.desk.hand_over()
        while not self.case.is_looked_back:
            # A correction that came meanwhile has undone the look-back; the child waits for the end.
            await self.looked_back()
            await self.desk.hand_over()
        closing = self.case.closing
        assert closing is not None
        return Filed(case=self.case.opening.case, outcome=closing.outcome.value, entries=self.case.revision)

    async def _start_filing(self) -> None:
        info = workflow.info()
        await workflow.start_child_workflow(
            Filing.run,
            FilingOrder(case=self.case.opening.case, workflow=info.workflow_id, run=info.run_id),
            # Of its run: a case that was reset after its end is filed once more, beside what was sealed.
            id=filing_id(info.workflow_id, info.run_id),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"封存案卷 {self.case.opening.case}",
        )

    # private

    def _problems(self, message: Message) -> list[Problem]:
        return self.case.check(message, day_in_china(self.desk.clock.now()))

    def _refuse(self, message: Message) -> None:
        problems = self._problems(message)
        if problems:
            raise ApplicationError("\n".join(map(str, problems)), type="Refused", non_retryable=True)

    async def _take_and_settle(self, message: Message) -> Taken:
        taken = self.desk.take(message)
        await self.desk.until_settled()
        current = self.case.taken.get(taken.id, taken)
        return current.model_copy(update={"how": taken.how, "stage": self.case.stage.value})

    def _in_turn(self, name: str, raw: RawValue, take: Callable[[], None]) -> None:
        """Take a signal, now or when those before it are done; a bug in the taking costs that signal, not the case."""

        def contained() -> None:
            try:
                take()
            except Exception as error:
                workflow.logger.error("signal failed", extra={"signal": name, "error": type(error).__name__})
                self.keep_failed(name, [raw], error)

        self.desk.in_turn(contained)

    def _take_raw(self, name: str, raw: RawValue) -> None:
        try:
            fact = FACTS.validate_python(workflow.payload_converter().from_payload(raw.payload))
        except _UNREADABLE as error:
            self._keep_unreadable(name, raw.payload.data, _first_line(error))
            return
        if self.case.has_room_for(fact):
            self.desk.take(fact)
        else:
            self._keep_unreadable(name, raw.payload.data, "案卷记录已满，原件在运行记录中")

    def _take_edition(self, raw: RawValue) -> None:
        try:
            news = workflow.payload_converter().from_payload(raw.payload, EditionPublished)
        except _UNREADABLE as error:
            self._keep_unreadable("edition_published", raw.payload.data, _first_line(error))
        else:
            self.desk.take(news)

    def keep_failed(self, name: str, arguments: Sequence[object], error: Exception) -> None:
        """Keep a signal whose handler failed, with its raw payload, for sorting."""
        why = f"处理出错（{type(error).__name__}）"
        for each in arguments:
            data = each.payload.data if isinstance(each, RawValue) else str(each).encode()
            self._keep_unreadable(name, data, why)
        if not arguments:
            self._keep_unreadable(name, b"", why)

    def _keep_unreadable(self, name: str, content: bytes, why: str) -> None:
        """Enter what could not be read: its beginning, its length and digest; the whole of it stands in the history."""
        if self.case.is_overfull:
            self._say_overfull()
            return
        digest = hashlib.sha256(name.encode() + content).hexdigest()[:16]
        beginning = b"" if self.case.is_full else content[:_RAW_LIMIT]
        self.desk.take(
            Unreadable(
                id=f"unreadable-{digest}",
                name=name[:_NAME_LIMIT],
                raw=_legible(beginning),
                size=len(content),
                why=why[:_WHY_LIMIT],
            )
        )

    def _say_overfull(self) -> None:
        """Once in each run: what comes from here on stands in that run's history alone, which is archived."""
        run = workflow.info().run_id
        why = "案卷记录已满，本轮运行此后收到的消息不再逐条列出，原件都在运行记录中；请尽快结案，另立新案"
        self.desk.take(Unreadable(id=f"overfull-{run}", name="fact", raw="", why=why))


def _legible(content: bytes) -> str:
    """Text as it is; anything else in base64, which no decoding makes three times as long."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        cut = content.decode(errors="ignore")
        return cut if len(cut.encode()) > len(content) - 4 else f"base64:{b64encode(content).decode()}"


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "；".join(f"{'.'.join(map(str, each['loc']))}：{each['msg']}" for each in error.errors()[:5])
    return str(error).partition("\n")[0][:300] or type(error).__name__
