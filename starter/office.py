"""What the script works with: a client of the server, the database, the archive, the jurisdiction; and how a
server that does not answer is told from one that refuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.site_jurisdiction import site_jurisdiction
from models.bodies import Jurisdiction
from models.errors import InputError, Problem, Refusal, Unreachable
from models.numbering import CaseId
from models.reach import Reach
from models.settings import Settings, connection
from workflows.parts.wiring import plugin

if TYPE_CHECKING:
    from activities.archive import Archive
    from activities.books import Books
    from activities.calendars import SiteCalendars
    from activities.database import Database
    from activities.incoming_papers import IncomingBook
    from activities.matching import Matching
    from activities.rebuilds import Rebuilds
    from activities.registry import Registry
    from activities.roll import RollBook

CONNECT_SECONDS = 6.0
"""How long the server may take to answer at all."""
PATIENCE = timedelta(seconds=10)
"""How long one question to a case may take."""

_START_IT = "运行 mingjian up 启动本机系统，或核对 TEMPORAL_ADDRESS；mingjian doctor 可以检查"
_START_WORKER = "确认工作进程在运行（mingjian up 或 mingjian-worker）；可以重复同一命令，不会重复记录"


class Office:
    """What steering a case needs. Each part is made when it is first asked for: importing them all takes longer
    than most questions.
    """

    def __init__(self, settings: Settings, client: Client) -> None:
        self.client = client
        self.settings = settings

    @property
    def reach(self) -> Reach:
        """What this desk may see."""
        return self.settings.reach

    @property
    def task_queue(self) -> str:
        """The queue that the workers of this site listen to."""
        return self.settings.task_queue

    @cached_property
    def books(self) -> Books:
        """The books: numbers, 文号, the intake tray."""
        from activities.books import Books

        return Books(self.database)

    @cached_property
    def incoming(self) -> IncomingBook:
        """The register of incoming papers, in the books."""
        from activities.incoming_papers import IncomingBook

        return IncomingBook(self.database)

    @cached_property
    def matching(self) -> Matching:
        """What an incoming paper can be matched by."""
        from activities.matching import Matching

        return Matching(self.database)

    @cached_property
    def roll(self) -> RollBook:
        """The roll of liaisons, in the books."""
        from activities.roll import RollBook

        return RollBook(self.database)

    @cached_property
    def registry(self) -> Registry:
        """The registry: each case as rows."""
        from activities.registry import Registry

        return Registry(self.database)

    @cached_property
    def rebuilds(self) -> Rebuilds:
        """The registry as a whole: emptied, and made again."""
        from activities.rebuilds import Rebuilds

        return Rebuilds(self.database)

    @cached_property
    def database(self) -> Database:
        """Books and registry, as far as this desk may see."""
        from activities.database import Database

        return Database(self.settings.registry, reach=self.settings.reach)

    def case(self, text: str, field: str = "CASE") -> str:
        """The id of a case that may be spoken to from this desk; InputError for what is none, Refusal for one out of reach."""
        from starter.doors import is_within, out_of_reach

        case = case_id(text)
        if not is_within(self.database, case):
            raise out_of_reach(case, field)
        return case

    def close(self) -> None:
        """Give back the connections to the database, if any were asked for."""
        if "database" in self.__dict__:
            self.database.close()

    @cached_property
    def archive(self) -> Archive:
        """The papers of all cases."""
        from activities.archive import open_archive

        return open_archive(self.settings)

    @cached_property
    def jurisdiction(self) -> Jurisdiction:
        """The city's bodies and places."""
        return site_jurisdiction(self.settings)

    @cached_property
    def calendars(self) -> SiteCalendars:
        """The calendar editions of this site."""
        from activities.calendars import SiteCalendars

        return SiteCalendars(self.settings.calendar_folder, self.books)


@asynccontextmanager
async def open_office(settings: Settings) -> AsyncIterator[Office]:
    """Reach the server; Unreachable within seconds when it does not answer."""
    office = Office(settings, await reach(settings))
    try:
        yield office
    finally:
        office.close()


async def reach(settings: Settings) -> Client:
    """A client of the server that the settings name; Unreachable within seconds when it does not answer."""
    arguments = connection(settings)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await Client.connect(**arguments, plugins=[plugin()])
    except (TimeoutError, RuntimeError, RPCError):
        raise Unreachable(
            Problem(f"连不上 Temporal 服务器（{arguments['target_host']}）", _START_IT)
        ) from None


@contextmanager
def answering() -> Iterator[None]:
    """Turns what the SDK raises into what staff can act upon. NOT_FOUND passes: its meaning is the caller's."""
    try:
        yield
    except WorkflowUpdateFailedError as error:
        raise _refused(error.cause) from error
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
        raise Unreachable(Problem("案件没有及时应答", _START_WORKER)) from error
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
        raise Refusal(Problem(f"案件没有答复询问：{error}", "请把这句话告知运维人员")) from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and "namespace" not in error.message.lower():
            raise
        if error.status is RPCStatusCode.NOT_FOUND:
            what = "服务器上没有这个命名空间"
            raise Unreachable(Problem(what, "核对 MINGJIAN_TEMPORAL_NAMESPACE，或由运维人员建立")) from error
        if error.status is RPCStatusCode.FAILED_PRECONDITION or "worker" in error.message:
            raise Unreachable(Problem("没有工作进程在处理案件", _START_WORKER)) from error
        if error.status in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
            raise Unreachable(Problem("案件没有及时应答", _START_WORKER)) from error
        raise Unreachable(Problem(f"Temporal 服务器应答异常（{error.status.name}）", _START_IT)) from error


def case_id(text: str) -> str:
    """The id itself; InputError for what is none."""
    if CaseId.parse(text.strip()) is None:
        raise InputError(
            Problem(
                f"“{text}”不是案件编号", "写作 urging-350481-2026-0001；mingjian list 可以查到", field="CASE"
            )
        )
    return text.strip()


async def is_running(handle: WorkflowHandle[object, object]) -> bool | None:
    """Whether the case is on the desk; None when the server does not know it (any more)."""
    try:
        with answering():
            described = await handle.describe(rpc_timeout=PATIENCE)
    except RPCError:
        return None
    return described.status is WorkflowExecutionStatus.RUNNING


def _refused(cause: BaseException) -> Refusal:
    text = cause.message if isinstance(cause, ApplicationError) else str(cause)
    return Refusal([Problem(line) for line in text.splitlines() if line.strip()] or [Problem("被拒绝")])
