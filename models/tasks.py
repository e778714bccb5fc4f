"""What workflows ask of activities, and what comes back. The names under which both sides know an activity stand here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from models.journal import CaseState
from models.ledgers import Counted, Counting
from models.messages import AdoptedPeriod, Opening
from models.notices import Notice
from models.rows import Snapshot
from models.wire import Wire


class Task(StrEnum):
    """The registered names of the activities: noun.verb, never renamed once released."""

    SETTLE = "registry.settle"
    MAKE_PAPER = "documents.make"
    KEEP_HISTORY = "archive.keep_history"
    FILE_AWAY = "archive.file_away"
    DELIVER = "notices.deliver"
    WATCH_CALENDARS = "calendars.watch"
    OPEN_CASE = "cases.open"
    TELL_CASE = "cases.tell"
    GATHER_FIGURES = "exchange.gather"
    COUNT_CASES = "campaigns.count"


class SettleOrder(Wire):
    """Count these ledgers, then write the case's rows and queue its notices, in one transaction.

    `current` asks for the edition in force now instead of `edition`. `run` is the id of the workflow run, `run_started_at`
    the start of its first task, `settling` counts the settlings of the run. `offset_seconds` is not zero in a rehearsal
    only.
    """

    countings: tuple[Counting, ...]
    edition: str
    current: bool
    snapshot: Snapshot
    notices: tuple[Notice, ...]
    run: str
    run_started_at: datetime
    settling: int
    offset_seconds: int


class Settled(Wire):
    """The counts, in the order asked for, the edition they were made under, and the adopted lengths in effect that day."""

    results: tuple[Counted, ...]
    edition: str
    adopted: tuple[AdoptedPeriod, ...] = ()


class HistoryOrder(Wire):
    """Keep the history of one finished run of a case."""

    case: str
    workflow: str
    run: str


class FilingOrder(Wire):
    """File a case away once its last run has closed."""

    case: str
    workflow: str
    run: str


class CaseStart(Wire):
    """The argument of every case workflow: how it was opened, and what a continued run carries over."""

    opening: Opening
    carried: CaseState | None = None


class Filed(Wire):
    """How a case ended."""

    case: str
    outcome: str
    entries: int
