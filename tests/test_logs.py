"""Logs: one stream, readable or JSON, Temporal's records in it, and no personal data."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from starter.logs import FIELDS, configure_logs


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_ours_and_the_libraries_records_are_one_json_stream() -> None:
    stream = io.StringIO()
    configure_logs("auto", "info", stream=stream)  # a file is not a terminal
    structlog.get_logger("activities.mail").info("delivered", case="ujc-350400-2021-1", attempt=2)
    logging.getLogger("temporalio.worker").warning("slow %s", "poll", extra={"task_queue": "mingjian"})
    logging.getLogger("noisy").debug("not shown")
    ours, theirs = _lines(stream)
    assert ours["event"] == "delivered" and ours["case"] == "ujc-350400-2021-1" and ours["attempt"] == 2
    assert (ours["level"], ours["logger"]) == ("info", "activities.mail")
    assert ours["timestamp"].endswith("+08:00")
    assert theirs["event"] == "slow poll" and theirs["task_queue"] == "mingjian"
    assert theirs["logger"] == "temporalio.worker"


def test_unknown_fields_and_the_texts_of_errors_are_left_out() -> None:
    stream = io.StringIO()
    configure_logs("json", "info", stream=stream)
    try:
        raise ValueError("张三的宅基地")
    except ValueError:
        structlog.get_logger("a").exception("failed", case="x", recipient_name="张三", phone="13800000000")
        logging.getLogger("b").exception("failed", extra={"letter_text": "张三"})
    for line in _lines(stream):
        assert line["error_type"] == "ValueError"
        assert line["place"].startswith("test_unknown_fields")
        assert set(line) <= FIELDS
    assert "张三" not in stream.getvalue() and "138" not in stream.getvalue()


def test_debug_shows_the_error_itself() -> None:
    stream = io.StringIO()
    configure_logs("json", "debug", stream=stream)
    try:
        raise ValueError("why")
    except ValueError:
        structlog.get_logger("a").exception("failed")
    assert "ValueError: why" in _lines(stream)[0]["traceback"]


def test_temporals_context_becomes_fields() -> None:
    stream = io.StringIO()
    configure_logs("json", "info", stream=stream)
    about = {"workflow_id": "w", "attempt": 3, "workflow_type": "Urging", "memo": {"name": "张三"}}
    logging.getLogger("temporalio.activity").warning("slow", extra={"temporal_activity": about})
    (line,) = _lines(stream)
    assert (line["workflow_id"], line["attempt"], line["workflow_type"]) == ("w", 3, "Urging")
    assert "memo" not in line and "temporal_activity" not in line


def test_terminal_gets_legible_lines_without_repetition() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    configure_logs("auto", "info", stream=stream)
    configure_logs("auto", "info", stream=stream)
    structlog.get_logger("worker").info("started", task_queue="mingjian")
    assert stream.getvalue().count("started") == 1
    assert not stream.getvalue().startswith("{")
    plain = io.StringIO()
    configure_logs("console", "info", stream=plain)
    structlog.get_logger("worker").info("started", task_queue="mingjian")
    assert "task_queue=mingjian" in plain.getvalue() and "\x1b" not in plain.getvalue()


def test_warnings_are_logged() -> None:
    stream = io.StringIO()
    configure_logs("json", "info", stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old way", DeprecationWarning, stacklevel=1)
    assert _lines(stream)[0]["logger"] == "py.warnings"
