"""The messages that every kind of case answers.

Facts come by signal (an agency's reply above all; a signal is never refused, what does not fit is kept for sorting) or
by the checked update `record`; decisions and corrections by updates whose validators refuse before anything enters
history; looking costs nothing.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from functools import partial
from typing import Generic

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from models.dates import day_in_china
from models.decisions import Decision
from models.errors import Problem
from models.facts import FACTS, Fact
from models.journal import CaseState
from models.messages import EditionPublished, Message, Taken, Unreadable
from models.rows import DeadlineRow, FactRow, Snapshot, rows
from models.tasks import CaseStart
from models.wire import Wire
from workflows.parts.desk import Desk, File

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
        self.desk.in_turn(lambda: self._take_raw("fact", raw))

    @workflow.signal(name="edition_published", description="新的日历版本已公布")
    def edition_published(self, raw: RawValue) -> None:
        self.desk.take(workflow.payload_converter().from_payload(raw.payload, EditionPublished))

    @workflow.signal(name="renew", description="以现行程序接续运行，历史另起一轮")
    def renew(self) -> None:
        self.desk.renewing = True

    @workflow.signal(dynamic=True, description="名称不明的消息，留待整理")
    def unknown(self, name: str, arguments: Sequence[RawValue]) -> None:
        contents = [raw.payload.data for raw in arguments]
        why = f"没有名为“{name}”的消息" + ("" if contents else "，也没有内容")
        for content in contents or [b""]:
            self.desk.in_turn(partial(self._keep_unreadable, name, content, why))

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
        return rows(self.case)

    @workflow.query(name="deadlines", description="各期限及其账：起算、届满、是否暂定、依据")
    def deadlines(self) -> list[DeadlineRow]:
        return list(rows(self.case).deadlines)

    @workflow.query(name="timeline", description="逐条记录，用中文写明")
    def timeline(self) -> list[FactRow]:
        return list(rows(self.case).facts)

    @workflow.query(name="state", description="案卷全部内容，供归档")
    def state(self) -> CaseState:
        return self.desk.state()

    @workflow.query(name="check", description="预先核对一件事实，返回不符之处")
    def check(self, recorded: Recorded) -> list[str]:
        return [str(each) for each in self._problems(recorded.fact)]

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

    def _take_raw(self, name: str, raw: RawValue) -> None:
        try:
            fact = FACTS.validate_python(workflow.payload_converter().from_payload(raw.payload))
        except (ValidationError, ValueError, RuntimeError, TypeError) as error:
            self._keep_unreadable(name, raw.payload.data, _first_line(error))
            return
        if self.case.is_full:
            self._keep_unreadable(name, raw.payload.data, "案卷记录已满，原件在运行记录中")
        else:
            self.desk.take(fact)

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
