"""Forged histories and journals: whatever stands in them, reading them ends in words, and never ends the verifying of others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from models.errors import MingjianError, Refusal
from models.journal_file import read_journal
from starter.histories import History
from starter.packages import Package, state_of
from starter.sources import first_task

_RELEASED = Path(__file__).with_name("histories") / "0.1.0-remade.json"
_PUT_IN: tuple[Any, ...] = (None, 0, "", "x", [], {}, [1], [{}], {"a": 1})


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from _places(each, (*above, name))


def _with(content: str, place: tuple[Any, ...], value: Any) -> bytes:
    whole = {"history": json.loads(content)}
    target: Any = whole
    for name in ("history", *place)[:-1]:
        target = target[name]
    target[("history", *place)[-1]] = value
    return json.dumps(whole["history"]).encode()


def _read(run: str, content: bytes) -> None:
    """All that the verifying asks of a history."""
    history = History.parse(run, content)
    assert isinstance(history.wrong + history.ended + history.first_run + history.continued_from, str)
    assert history.is_followed_by(history) in (True, False)
    package = Package("urging-350481-2026-0001", histories={run: history}, run=run)
    with suppress(LookupError, ValueError):
        first_task(history.events)
    with suppress(MingjianError):
        list(history.said())
    with suppress(MingjianError, ValueError):
        state_of(package)


def test_a_value_put_anywhere_into_a_history_is_borne() -> None:
    content = _RELEASED.read_text()
    events = json.loads(content)["events"]
    run = events[0]["workflowExecutionStartedEventAttributes"]["originalExecutionRunId"]
    _read(run, content.encode())
    refused = tried = 0
    for place in _places(json.loads(content)):
        for value in _PUT_IN:
            tried += 1
            try:
                _read(run, _with(content, place, value))
            except Refusal:
                refused += 1
    assert tried > 5000 and refused > 100


@pytest.mark.parametrize("deep", ["[" * 200_000, '{"events":' + "[" * 200_000])
def test_what_is_nested_deep_is_unreadable(deep: str) -> None:
    with pytest.raises(Refusal, match="运行记录读不出来"):
        History.parse("run", deep.encode())
    read = read_journal(deep)
    assert (read.line, read.wrong) == (1, "读不懂")
