"""Logs: one stream for our own, Temporal's and every library's records; readable on a terminal, JSON lines
in a cluster.

Everything goes through the standard library's `logging`, so that `workflow.logger`, silent on replay, needs
nothing of its own. What a record is about stands in fields (case, letter, rule, attempt), never in prose.

Personal data stays out: only the fields named here pass, and what a library puts beside them is dropped. Of
an error the type and the place are logged, not its text, which may quote a name or a letter; with
`log_level = "debug"` the text too.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any, Literal

import structlog

from models.dates import CHINA

Event = MutableMapping[str, Any]
Format = Literal["auto", "json", "console"]

FIELDS = frozenset(
    {
        "activity_id", "activity_type", "attempt", "body", "bytes", "case", "count", "deadline",
        "due_on", "edition", "error_type", "event", "history_length", "key", "kind", "letter",
        "level", "logger", "message_id", "namespace", "place", "revision", "route", "rule",
        "run_id", "seconds", "server", "sha256", "signal", "stage", "task_queue", "timestamp",
        "traceback", "update", "update_id", "version", "workflow_id", "workflow_run_id",
        "workflow_type",
    }
)  # fmt: skip
"""The names that a log record may carry: numbers, codes, ids and moments, never names, addresses or texts
of people.
"""

_FROM_TEMPORAL = ("temporal_activity", "temporal_workflow")
_QUIET = ("asyncio", "sqlalchemy", "urllib3", "botocore")


def configure_logs(log_format: Format, log_level: str, *, stream: Any = None) -> None:
    """Send every log record to `stream` (standard error when None); the first two are settings of those
    names.

    Call once, at the start of a process; calling again replaces what was set up before.
    """
    stream = sys.stderr if stream is None else stream
    as_json = _as_json(log_format, stream)
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _flatten_temporal,
        _stamp,
        _Errors(with_text=log_level == "debug"),
        only_known_fields,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), pad_event_to=0)
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    for old in [
        old for old in root.handlers if isinstance(old.formatter, structlog.stdlib.ProcessorFormatter)
    ]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _quiet_temporal_messages()
    # Migrations tell of each of their plug-ins.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _as_json(asked: Format, stream: Any) -> bool:
    return asked == "json" or (asked == "auto" and not stream.isatty())


def _quiet_temporal_messages() -> None:
    # The SDK would append the whole activity or workflow info to every message; it stands in the fields
    # already.
    from temporalio import activity, workflow

    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False


def _flatten_temporal(logger: Any, method: str, event: Event) -> Event:
    for name in _FROM_TEMPORAL:
        about = event.pop(name, None)
        if isinstance(about, MutableMapping):
            for key, value in about.items():
                event.setdefault(key, value)
    return event


def _stamp(logger: Any, method: str, event: Event) -> Event:
    event["timestamp"] = datetime.now(CHINA).isoformat(timespec="milliseconds")
    return event


class _Errors:
    """Replaces an exception by its type and place, and by its text only when that is allowed."""

    def __init__(self, *, with_text: bool) -> None:
        self._with_text = with_text

    def __call__(self, logger: Any, method: str, event: Event) -> Event:
        found = event.pop("exc_info", None)
        if found is True:
            found = sys.exc_info()
        error = found[1] if isinstance(found, tuple) else found
        if isinstance(error, BaseException):
            event["error_type"] = type(error).__qualname__
            frames = traceback.extract_tb(error.__traceback__)
            event["place"] = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
            if self._with_text:
                event["traceback"] = "".join(traceback.format_exception(error))
        return event


def only_known_fields(logger: Any, method: str, event: Event) -> Event:
    """Drop every field that `FIELDS` does not name; those of structlog itself begin with an underscore
    and stay.
    """
    for name in [name for name in event if name not in FIELDS and not name.startswith("_")]:
        del event[name]
    return event
