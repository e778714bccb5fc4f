"""The composition root: settings → adapters → activities → Worker. Nothing else knows every part."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Interceptor, Worker

from activities.addresses import AddressBook
from activities.agency_book import AgencyBook
from activities.archive import Archive, open_archive
from activities.books import Books
from activities.calendar_watch import PACE, CalendarWatch
from activities.calendars import SiteCalendars
from activities.campaigns import CampaignRoom
from activities.cases import CaseRoom
from activities.database import Database
from activities.deadlines import SettlingRoom
from activities.documents import Documents
from activities.exchange import ExchangeRoom, RegistryRows
from activities.filing import FilingRoom
from activities.notices import Notices
from activities.open_deadlines import OpenDeadlines
from activities.outbox_folder import OutboxFolder
from activities.registry import Registry
from activities.roll import RollBook
from activities.seals import SealBook
from activities.site_jurisdiction import JurisdictionInForce
from activities.site_templates import SiteTemplates
from activities.smtp_outbox import Server, SmtpOutbox
from activities.typesetting import Typesetter
from activities.undelivered import UndeliveredMail
from models.bodies import Jurisdiction
from models.errors import Unreachable
from models.settings import Settings, connection, load_settings
from workflows.calendar_watch import WORKFLOW_ID as CALENDAR_WATCH
from workflows.calendar_watch import CalendarWatch as CalendarWatchWorkflow
from workflows.mailroom import WORKFLOW_ID as MAILROOM
from workflows.mailroom import Mailroom
from workflows.parts.wiring import plugin

_log = logging.getLogger(__name__)

_THREADS = 16
# Fewer than the threads: papers, which are set one at a time, wait for their turn on the server and not in threads, and leave
# the rest to the settling of cases, which has a second. Two of these stand watch for as long as the worker works.
_ACTIVITIES = 10
_PATIENCE_SECONDS = 3.0
# A real deadlock may be told of late: the server gives the task to another after ten seconds anyway.
_DEADLOCK_SECONDS = 300


@dataclass(frozen=True)
class Adapters:
    """Everything that touches the world."""

    database: Database
    registry: Registry
    books: Books
    archive: Archive
    outbox: OutboxFolder
    post: SmtpOutbox | None
    sender: str
    digest_at: time | None
    addresses: AddressBook
    typesetter: Typesetter
    calendars: SiteCalendars
    calendar_pace: int = PACE


def adapters(settings: Settings, fonts: list[Path]) -> Adapters:
    """The adapters that the settings name; the database is brought to its newest shape."""
    # A hung database holds a settling thread no longer than this; the step then runs again.
    database = Database(settings.registry, patience=_PATIENCE_SECONDS)
    database.migrate()
    books = Books(database)
    calendars = SiteCalendars(settings.calendar_folder, books)
    # A year file that cannot be read is told of here, not in every case.
    calendars.current()
    archive, outbox = open_archive(settings), OutboxFolder(settings.outbox_folder)
    for tidy in (archive.tidy, outbox.tidy):
        try:
            tidy()
        except Unreachable as error:
            # What lies about harms nobody; a folder that cannot be written to is told of when something is to be kept there.
            _log.warning("what writers left behind stays", extra={"error_type": type(error).__name__})
    return Adapters(
        database=database,
        registry=Registry(database),
        books=books,
        archive=archive,
        outbox=outbox,
        post=post_of(settings),
        sender=settings.mail_from,
        digest_at=settings.digest_time,
        addresses=AddressBook(
            database,
            JurisdictionInForce(Jurisdiction.load(settings.jurisdiction), AgencyBook(database).changes),
        ),
        typesetter=Typesetter(fonts, SiteTemplates(books).folder_for),
        calendars=calendars,
        calendar_pace=settings.calendar_pace,
    )


def post_of(settings: Settings) -> SmtpOutbox | None:
    """The mail server that the settings name; None when they name none."""
    if not settings.smtp_host:
        return None
    password = settings.smtp_password.get_secret_value() if settings.smtp_password is not None else ""
    return SmtpOutbox(
        Server(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=password,
            authority=settings.smtp_authority,
        )
    )


def activities(world: Adapters, client: Client, *, rehearsal: bool = False) -> list[Callable[..., Any]]:
    """Every activity, made of its adapters."""
    deadlines = SettlingRoom(world.calendars, world.registry, rehearsal=rehearsal)
    documents = Documents(world.typesetter, world.books, world.archive)
    notices = Notices(
        world.books,
        world.outbox,
        world.addresses,
        world.archive,
        post=world.post,
        sender=world.sender,
        digest_at=world.digest_at,
        undelivered=UndeliveredMail(client, world.books),
    )
    filing = FilingRoom(client, world.archive, world.typesetter, world.calendars, SealBook(world.database))
    watch = CalendarWatch(
        client,
        world.calendars,
        world.registry,
        OpenDeadlines(world.database),
        pace=world.calendar_pace,
    )
    cases = CaseRoom(client, world.books, world.archive, RollBook(world.database))
    campaigns = CampaignRoom(world.registry)
    exchange = ExchangeRoom(RegistryRows(world.database))
    return [
        deadlines.settle,
        documents.make,
        notices.deliver,
        filing.keep_history,
        filing.file_away,
        watch.watch,
        cases.open,
        cases.tell,
        campaigns.count,
        exchange.gather,
    ]


class _Worker(Worker):
    """Gives the threads of its activities back when it stops."""

    async def run(self) -> None:
        try:
            await super().run()
        finally:
            executor = self.config()["activity_executor"]
            if executor is not None:
                # What is still in hand after the grace is not waited for: it is tried again elsewhere.
                executor.shutdown(wait=False, cancel_futures=True)


def build_worker(
    client: Client,
    world: Adapters,
    *,
    task_queue: str,
    rehearsal: bool = False,
    max_cached_workflows: int = 1000,
    interceptors: Sequence[Interceptor] = (),
    grace: timedelta = timedelta(seconds=10),
) -> Worker:
    """The worker of the daemon, the script, the rehearsal and the tests alike. The client carries the plugin.

    `grace` is how long activities in hand may still take when the worker stops.
    """
    worker = _Worker(
        client,
        task_queue=task_queue,
        activities=activities(world, client, rehearsal=rehearsal),
        activity_executor=ThreadPoolExecutor(_THREADS, thread_name_prefix="activity"),
        max_concurrent_activities=_ACTIVITIES,
        max_cached_workflows=max_cached_workflows,
        interceptors=interceptors,
        graceful_shutdown_timeout=grace,
    )
    # The SDK takes a workflow task of two seconds for a deadlock, interrupts it, and evicts the case without waiting for the
    # interrupted thread: two threads then run one case, which is in no state to leave this worker any more, and the worker
    # never stops. A busy machine holds a task up longer than that. There is no option for the two seconds.
    if worker._workflow_worker is not None:
        assert hasattr(worker._workflow_worker, "_deadlock_timeout_seconds"), (
            "this SDK keeps the two seconds under another name: find it, or busy machines stop working"
        )
        worker._workflow_worker._deadlock_timeout_seconds = _DEADLOCK_SECONDS
    return worker


async def connect(settings: Settings) -> Client:
    """A client with the plugin that all sides share."""
    return await Client.connect(**connection(settings), plugins=[plugin()])


async def open_mailroom(client: Client, task_queue: str) -> None:
    """Start the mailroom unless it runs already."""
    await client.start_workflow(
        Mailroom.run,
        id=MAILROOM,
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="收发室：发送排队的通知",
    )


async def watch_calendars(client: Client, task_queue: str) -> None:
    """Start the watch on the calendar unless it runs already; a rehearsal, whose years have passed, needs none."""
    await client.start_workflow(
        CalendarWatchWorkflow.run,
        id=CALENDAR_WATCH,
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="日历看守：公布新的放假安排后，通知各案重新计算",
    )


async def serve(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then finish what is in hand."""
    from starter.provision.fonts import font_folders

    client = await connect(settings)
    world = adapters(settings, font_folders(settings.font_folders))
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stopping.set)
    async with build_worker(client, world, task_queue=settings.task_queue):
        await open_mailroom(client, settings.task_queue)
        await watch_calendars(client, settings.task_queue)
        await stopping.wait()


def main() -> None:
    """`mingjian-worker`."""
    from starter.doctor import refuse_strangers
    from starter.ending import end
    from starter.logs import configure_logs

    refuse_strangers()
    settings = load_settings()
    configure_logs(settings.log_format, settings.log_level)
    asyncio.run(serve(settings))
    end(0)
