"""Archived histories: what a run was told and answered, how it is tied to the run before it, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from google.protobuf.json_format import ParseDict, ParseError
from pydantic import TypeAdapter, ValidationError
from temporalio.api.common.v1 import Payload

from models.errors import Problem, Refusal
from models.messages import MESSAGES, Message
from models.tasks import CaseStart, Settled
from workflows.parts.packing import unpacked

_STARTED = "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED"
_CONTINUED = "EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW"
_CLOSING = (
    _CONTINUED,
    *(
        f"EVENT_TYPE_WORKFLOW_EXECUTION_{how}"
        for how in ("COMPLETED", "FAILED", "TIMED_OUT", "CANCELED", "TERMINATED")
    ),
)
_SIGNALED = "EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED"
_UPDATED = "EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED"
_ADMITTED = "EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ADMITTED"
"""An update that a reset brought along again."""
_COUNTS = ("EVENT_TYPE_MARKER_RECORDED", "EVENT_TYPE_ACTIVITY_TASK_COMPLETED")
_SETTLED: TypeAdapter[Settled] = TypeAdapter(Settled)


@dataclass(frozen=True, slots=True)
class Said:
    """A message that a history has; `told` when somebody sent it, and not an activity or the opening."""

    message: Message
    told: bool


@dataclass(frozen=True)
class History:
    """The events of one run, as they were archived."""

    run: str
    events: tuple[dict[str, Any], ...]

    @classmethod
    def parse(cls, run: str, content: bytes) -> History:
        """Read an archived history. Refusal for what is none."""
        try:
            events = json.loads(content)["events"]
            whole = isinstance(events, list) and all(map(_is_event, events))
        except (ValueError, LookupError, TypeError, RecursionError):
            whole = False
        if not whole or not events:
            raise Refusal(Problem("运行记录读不出来", "从备份取回"))
        return cls(run, tuple(events))

    @property
    def wrong(self) -> str:
        """Why this is not the whole of a finished run; empty when it is."""
        for place, event in enumerate(self.events, start=1):
            if event.get("eventId") != str(place):
                return f"第 {place} 个事件的编号应为 {place}，实为 {event.get('eventId')}"
        if self.events[0]["eventType"] != _STARTED:
            return f"第 1 个事件应为 {_STARTED}，实为 {self.events[0]['eventType']}"
        if self.events[-1]["eventType"] not in _CLOSING:
            return f"最后一个事件应为运行结束，实为 {self.events[-1]['eventType']}"
        if self.run not in self.names:
            return f"这是另一轮运行 {self._began.get('originalExecutionRunId', '')} 的记录"
        return ""

    @property
    def ended(self) -> str:
        """The moment of the last event, as it is written."""
        return str(self.events[-1].get("eventTime", ""))

    @cached_property
    def _began(self) -> dict[str, Any]:
        return dict(self.events[0].get("workflowExecutionStartedEventAttributes", {}))

    @cached_property
    def names(self) -> frozenset[str]:
        """The runs that this history is of: a run that was reset has the beginning of the one it was forked from."""
        forks = [
            str(event["workflowTaskFailedEventAttributes"].get("newRunId", ""))
            for event in self.events
            if "workflowTaskFailedEventAttributes" in event
        ]
        return frozenset((str(self._began.get("originalExecutionRunId", "")), *forks)) - {""}

    @property
    def first_run(self) -> str:
        return str(self._began.get("firstExecutionRunId", ""))

    @property
    def continued_from(self) -> str:
        """The run before it; empty for the first."""
        return str(self._began.get("continuedExecutionRunId", ""))

    def is_followed_by(self, later: History) -> bool:
        """Whether it ended by handing over to that run, with what that run says it was given."""
        end = self.events[-1].get("workflowExecutionContinuedAsNewEventAttributes")
        return (
            end is not None
            and end.get("newExecutionRunId") in later.names
            and end.get("input") == later._began.get("input")
        )

    # what was said in it

    def start(self) -> CaseStart:
        """How the run began. Refusal when that cannot be read."""
        for content in _contents(self._began.get("input")):
            try:
                return CaseStart.model_validate(content)
            except ValidationError:
                continue
        raise Refusal(Problem("运行记录里读不出案件如何开始", "加密的，解密后再核；否则从备份取回"))

    def counts(self) -> Iterator[Settled]:
        """What the counting activity answered, in order."""
        for event in self.events:
            if event["eventType"] in _COUNTS:
                for content in _contents(_result(event)):
                    if isinstance(content, dict) and "results" in content and "edition" in content:
                        yield _SETTLED.validate_python(content)

    def said(self) -> Iterator[Said]:
        """Every message that came to the run: sent to it, or answered by an activity."""
        start = self.start()
        if start.carried is None:
            for brought in start.opening.brought:
                yield Said(brought, told=False)
        for event in self.events:
            told = event["eventType"] in (_SIGNALED, _UPDATED)
            is_given = told or event["eventType"] == _ADMITTED
            if not is_given and event["eventType"] not in _COUNTS:
                continue
            for content in _contents(_given(event) if is_given else _result(event)):
                if message := _message(content):
                    yield Said(message, told=told)


def _is_event(event: Any) -> bool:
    """Whether this has the shape of an event, be it sound or forged."""
    return (
        isinstance(event, dict)
        and isinstance(event.get("eventType"), str)
        and isinstance(event.get("eventTime", ""), str)
        and all(isinstance(value, dict) for name, value in event.items() if name.endswith("Attributes"))
    )


def _given(event: dict[str, Any]) -> Any:
    if event["eventType"] == _SIGNALED:
        return _below(event, "workflowExecutionSignaledEventAttributes", "input")
    if event["eventType"] == _ADMITTED:
        request = "workflowExecutionUpdateAdmittedEventAttributes", "request"
    else:
        request = "workflowExecutionUpdateAcceptedEventAttributes", "acceptedRequest"
    return _below(event, *request, "input", "args")


def _result(event: dict[str, Any]) -> Any:
    completed = _below(event, "activityTaskCompletedEventAttributes", "result")
    return completed or _below(event, "markerRecordedEventAttributes", "details", "result")


def _below(value: Any, *names: str) -> Any:
    """What lies there, None where nothing does: the history may be forged."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _message(content: Any) -> Message | None:
    if not isinstance(content, dict):
        return None
    inner = content.get("fact") or content.get("decision")
    try:
        return MESSAGES.validate_python(inner if isinstance(inner, dict) else content)
    except ValidationError:
        return None


def _contents(payloads: Any) -> Iterator[Any]:
    """What the payloads say, where that is JSON."""
    found = _below(payloads, "payloads")
    for each in found if isinstance(found, list) else ():
        try:
            payload = unpacked(ParseDict(each, Payload()))
            yield json.loads(payload.data)
        except (ParseError, ValueError, TypeError, RecursionError):
            continue


def as_events(history: bytes) -> tuple[dict[str, Any], ...]:
    """The events of a history as the server tells it now (JSON)."""
    return tuple(json.loads(history)["events"])
