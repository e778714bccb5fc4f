"""The web UI's own HTTP interface shows a case in Chinese: summary, details with running deadlines and articles, named timers."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from models.search import ATTRIBUTES
from models.status import summary
from starter.provision.server import LocalServer
from tests.openings import notification_opening
from tests.world import world_on

pytestmark = pytest.mark.asyncio(loop_scope="session")


_cookies = CookieJar()
_browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(_cookies))


def fetched(url: str, body: dict[str, Any] | None = None) -> Any:
    """What the UI's server answers; it asks a browser for the token in its cookie before it takes a question."""
    headers = {"Content-Type": "application/json"}
    for cookie in _cookies:
        if cookie.name == "_csrf":
            headers["X-CSRF-Token"] = cookie.value or ""
    request = urllib.request.Request(
        url, data=None if body is None else json.dumps(body).encode(), headers=headers
    )
    with _browser.open(request, timeout=20) as answer:
        return json.load(answer)


def text_of(payload: dict[str, Any]) -> str:
    """What a payload says, as the UI decodes it."""
    return str(json.loads(base64.b64decode(payload["data"])))


def timers_in(place: str) -> tuple[dict[str, str], dict[str, str]]:
    """The timers of a case's history by their events, with what they are called; and how those that ended did."""
    history = fetched(f"{place}/history?maximumPageSize=200")
    named: dict[str, str] = {}
    ended: dict[str, str] = {}
    for event in history["history"]["events"]:
        match event["eventType"]:
            case "EVENT_TYPE_TIMER_STARTED":
                named[event["eventId"]] = text_of(event["userMetadata"]["summary"])
            case "EVENT_TYPE_TIMER_FIRED":
                ended[event["timerFiredEventAttributes"]["startedEventId"]] = event["eventType"]
            case "EVENT_TYPE_TIMER_CANCELED":
                ended[event["timerCanceledEventAttributes"]["startedEventId"]] = event["eventType"]
    return named, ended


async def test_a_case_is_legible_in_the_web_ui(tmp_path: Path) -> None:
    async with (
        LocalServer(time_skipping=True, ui=True, search_attributes=ATTRIBUTES) as server,
        world_on(server, tmp_path, "ui") as world,
    ):
        case = await world.open(notification_opening(1), summary=summary(notification_opening(1)))
        await case.decide("issue_letter", "issue-1", official_no="明检函〔2021〕5号")
        await case.record("letter_served", "served-1", on="2021-09-15")
        await case.settled()
        root, _, path = server.ui_url.partition("/namespaces/")
        namespace = path.partition("/")[0]
        place = f"{root}/api/v1/namespaces/{namespace}/workflows/{case.opening.case}"

        described = await asyncio.to_thread(fetched, place)
        shown = text_of(described["executionConfig"]["userMetadata"]["summary"])
        assert "违法乱占耕地" in shown and case.opening.case in shown
        attributes = described["workflowExecutionInfo"]["searchAttributes"]["indexedFields"]
        assert text_of(attributes["CaseStage"]) == "awaiting_reply"
        assert text_of(attributes["County"]) == "350481"

        timers, ended = await asyncio.to_thread(timers_in, place)
        served, reminder = timers.values()
        assert served.startswith("送达2021-")
        assert reminder.startswith("整改并书面回复（2021-11-15届满）提前14日提醒")
        assert "第三条" in reminder
        assert ended == dict.fromkeys(list(timers)[:1], "EVENT_TYPE_TIMER_CANCELED")

        async def details() -> str:
            answer = await asyncio.to_thread(
                fetched,
                f"{place}/query/__temporal_workflow_metadata",
                {"query": {"queryType": "__temporal_workflow_metadata"}},
            )
            payload = answer["queryResult"]["payloads"][0]
            return str(json.loads(base64.b64decode(payload["data"]))["currentDetails"])

        waiting = await details()
        assert "**阶段**：待回复" in waiting
        assert "| 整改并书面回复 | 永安市自然资源局 | 2021-11-15 | 明检会〔2021〕5号第三条 |" in waiting
        await case.record("reply_received", "reply-1", on="2021-09-15")
        assert "2021-11-15" not in (await details()).partition("#### 文书")[0]
        timers, ended = await asyncio.to_thread(timers_in, place)
        assert list(timers.values()) == [served, reminder]
        assert ended == dict.fromkeys(timers, "EVENT_TYPE_TIMER_CANCELED"), "none is pending"
