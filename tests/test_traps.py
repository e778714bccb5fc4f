"""Each trap of durable workflows, shown closed on the real server: nothing lost, nothing wedged, nothing twice."""

from __future__ import annotations

import asyncio
import time
from datetime import date, timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from models.cases.urging import UrgingFile
from models.messages import Message, Taken
from tests.openings import notification_opening
from tests.world import Case, World, awaiting_reply, within
from workflows.parts.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

_CLERK = {"name": "甲", "role": "clerk"}


async def test_a_signal_that_cannot_be_read_is_kept_for_sorting(world: World) -> None:
    case = await awaiting_reply(world, 1)
    await case.handle.signal("fact", ["a list"])
    await case.handle.signal("fact", {"kind": "reply_received", "id": "r", "on": "不是日期", "by": _CLERK})
    await case.handle.signal("repply", {"kind": "reply_received"})
    await case.handle.signal("fact", args=[1])
    state = await case.state()
    kept = [entry.message for entry in state.entries if entry.message.kind == "unreadable"]
    assert [message.name for message in kept] == ["fact", "fact", "repply", "fact"]
    assert "不是日期" in kept[1].raw
    assert (await case.status()).case.unmatched == 4


async def test_a_fact_sent_twice_or_after_continue_as_new_is_taken_once(world: World) -> None:
    case = await awaiting_reply(world, 2)
    for _ in range(2):
        await case.signal("reply_received", "reply-1", on="2021-09-15")
    await case.handle.signal("renew")
    await case.signal("reply_received", "reply-1", on="2021-09-15")
    again = await case.record("reply_received", "reply-1", on="2021-09-15")
    assert again.how == "seen"
    status = await case.status()
    assert status.letters[0].replies == 1


async def test_continue_as_new_loses_no_message_and_keeps_the_former_history(world: World) -> None:
    case = await awaiting_reply(world, 3)
    former = (await case.handle.describe()).run_id

    async def send(number: int) -> None:
        await case.signal("happened", f"event-{number}", on="2021-09-15", event="核查")

    await asyncio.gather(*(send(number) for number in range(20)), case.handle.signal("renew"))
    answers = await asyncio.gather(
        *(case.record("happened", f"asked-{number}", on="2021-09-15", event="走访") for number in range(5))
    )
    assert {answer.how for answer in answers} == {"noted"}
    assert (await case.handle.describe()).run_id != former
    facts = {row.id for row in (await case.settled()).facts}
    assert {f"event-{number}" for number in range(20)} | {f"asked-{number}" for number in range(5)} <= facts
    kept = f"history/{former}.json"
    async with within(20):
        while kept not in {filed.paper.name for filed in world.world.archive.papers(case.opening.case)}:
            await asyncio.sleep(0.1)


async def test_a_refused_decision_leaves_no_event(world: World) -> None:
    case = await awaiting_reply(world, 4)
    before = await case.at_rest()
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.decide("suspend", "suspend-1", deadline="L1/coop.reply")
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "Refused"
    assert "依法不能中止" in str(refused.value.cause)
    assert await case.at_rest() == before


async def test_a_handler_bug_costs_one_message_and_not_the_case(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await awaiting_reply(world, 5)

    def broken(self: object, message: object) -> None:
        raise KeyError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr("workflows.parts.desk.Desk.take", broken)
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await case.record("happened", "event-1", on="2021-09-15", event="核查")
        assert isinstance(failed.value.cause, ApplicationError)
        assert failed.value.cause.type == "HandlerBug"
    assert (await case.record("happened", "event-2", on="2021-09-15", event="核查")).how == "noted"
    assert (await case.status()).case.stage == "awaiting_reply"


async def test_a_moment_that_has_passed_sets_no_negative_timer(world: World) -> None:
    case = await world.open(notification_opening(6), at=date(2023, 3, 1))
    await case.decide("issue_letter", "issue-1", on="2021-09-15")
    await case.record("letter_served", "served-1", on="2021-09-15")
    status = await case.settled()
    assert status.case.stage == "overdue_urging"
    kinds = [row.kind for row in status.facts]
    assert kinds.count("fell_due") == 2 and "reminded" not in kinds


async def test_a_name_too_long_for_an_attribute_does_not_end_the_case(world: World) -> None:
    letters = [
        {
            "id": "draft-1",
            "by": {"name": "甲", "role": "procurator"},
            "document": "notification_letter",
            "recipients": [{"name": "某单位", "code": "号" * 900}],
        }
    ]
    case = await world.open(notification_opening(7, letters=letters, title="长" * 200))
    await case.decide("issue_letter", "issue-1")
    assert (await case.settled()).case.stage == "issued"


async def test_a_timer_is_armed_anew_only_when_the_head_of_the_agenda_changes(world: World) -> None:
    case = await awaiting_reply(world, 8)
    for number in range(5):
        await case.record("happened", f"event-{number}", on="2021-09-15", event="核查")
    events = [event.event_type for event in await case.events()]
    # One for the watch on service, one for the first reminder of the reply.
    assert events.count(EventType.EVENT_TYPE_TIMER_STARTED) == 2
    assert events.count(EventType.EVENT_TYPE_TIMER_CANCELED) == 1


async def test_a_reply_that_came_just_before_its_expiry_accuses_nobody(world: World) -> None:
    case = await awaiting_reply(world, 9)
    await case.pass_days(61.5)
    await case.record("reply_received", "reply-1", on="2021-11-15", received_on="2021-11-15")
    await case.pass_days(20)
    status = await case.settled()
    assert status.case.is_overdue is False
    assert [row.days_late for row in status.deadlines if row.rule == "coop.reply"] == [0]
    assert not [row for row in status.facts if row.kind == "fell_due" and row.id.startswith("L1/coop")]


@pytest.mark.parametrize(("sent", "days_late"), [("2021-11-15", 0), ("2021-11-16", 1)])
async def test_a_reply_and_an_expiry_in_one_task_accuse_nobody(
    world: World, sent: str, days_late: int
) -> None:
    """Nobody works while the last day ends and the reply comes: both are found by the same task."""
    alone = world.aside()
    async with alone.worker(max_cached_workflows=0):
        case = await awaiting_reply(alone, 28 + days_late)
        await case.pass_days(60.5)  # both reminders are past; the timer of the last day runs
        await case.settled()
        before = await case.events()
    passing = asyncio.create_task(case.pass_days(1.5))
    async with within(60):
        while EventType.EVENT_TYPE_TIMER_FIRED not in await kinds_since(case, before):
            await asyncio.sleep(0.1)
    await case.signal("reply_received", "reply-1", on=sent, received_on="2021-11-16")
    async with alone.worker(max_cached_workflows=0):
        async with within(60):
            while EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED not in await kinds_since(case, before):
                await asyncio.sleep(0.1)
            await passing
        status = await case.settled()

    kinds = await kinds_since(case, before)
    task = kinds.index(EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
    for kind in (
        EventType.EVENT_TYPE_TIMER_FIRED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    ):
        assert kinds[:task].count(kind) == 1
    assert kinds[task + 1] == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    armed = [event for event in before if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED][-1]
    assert "整改并书面回复2021-11-15届满" in armed.user_metadata.summary.data.decode()

    assert (status.case.is_overdue, status.case.stage) == (False, "reply_review")
    assert [row.days_late for row in status.deadlines if row.rule == "coop.reply"] == [days_late]
    assert "fell_due" not in [row.kind for row in status.facts]
    assert not [each.key for each in world.world.books.queued(1000) if "/due/" in each.key]


async def kinds_since(case: Case, before: list[HistoryEvent]) -> list[EventType.ValueType]:
    """The kinds of the events that have come since."""
    return [event.event_type for event in (await case.events())[len(before) :]]


async def test_a_late_arrival_posted_in_time_undoes_the_overdue(world: World) -> None:
    case = await awaiting_reply(world, 10)
    await case.pass_days(75)
    assert (await case.settled()).case.is_overdue is True
    await case.record("reply_received", "reply-1", on="2021-11-15", received_on="2021-11-28")
    status = await case.settled()
    assert status.case.is_overdue is False
    assert [row.days_late for row in status.deadlines if row.rule == "coop.reply"] == [0]


async def test_an_update_that_waits_while_the_case_continues_as_new_is_answered(world: World) -> None:
    case = await awaiting_reply(world, 11)
    for round_number in range(3):
        results = await asyncio.gather(
            case.record("happened", f"a-{round_number}", on="2021-09-15", event="核查"),
            case.handle.signal("renew"),
            case.record("happened", f"b-{round_number}", on="2021-09-15", event="核查"),
        )
        assert [answer.how for answer in results if answer] == ["noted", "noted"]
    assert (await case.status()).case.unmatched == 0


async def test_a_case_with_an_offset_is_refused_outside_a_rehearsal(world: World) -> None:
    from temporalio.client import WorkflowFailureError

    from worker import build_worker

    strict = world.aside("live")
    async with build_worker(world.client, world.world, task_queue=strict.queue):
        case = await strict.open(notification_opening(12))
        with pytest.raises(WorkflowFailureError):
            async with within(30):
                await case.handle.result()


async def test_the_details_in_the_web_ui_name_the_deadline_its_day_and_its_article(world: World) -> None:
    case = await awaiting_reply(world, 13)
    metadata = await case.handle.query("__temporal_workflow_metadata")
    details = metadata["currentDetails"] if isinstance(metadata, dict) else metadata.current_details
    assert "2021-11-15" in details and "第三条" in details and "待回复" in details
    await case.record("reply_received", "reply-1", on="2021-09-15")
    metadata = await case.handle.query("__temporal_workflow_metadata")
    details = metadata["currentDetails"] if isinstance(metadata, dict) else metadata.current_details
    assert "2021-11-15" not in details


async def test_case_time_of_a_reminder_is_nine_in_the_morning_in_china(world: World) -> None:
    case = await awaiting_reply(world, 14)
    await case.pass_days(50)
    state = await case.state()
    reminded = [entry for entry in state.entries if entry.message.kind == "reminded"]
    moments = [(entry.at + timedelta(hours=8)).strftime("%m-%d %H") for entry in reminded]
    assert moments == ["11-01 09"]


async def closed(case: Case) -> None:
    """A reply, its assessment, the closing."""
    await case.record("reply_received", "reply-1", on="2021-09-15")
    await case.decide("assess_reply", "assess-1", substance="put_right")
    await case.decide("close_case", "close-1", outcome="rectified", reason="已整改")


async def test_a_renewal_while_a_case_ends_does_not_hold_it_up(world: World) -> None:
    case = await awaiting_reply(world, 20)
    await case.record("reply_received", "reply-1", on="2021-09-15")
    await case.decide("assess_reply", "assess-1", substance="put_right")
    await asyncio.gather(
        case.decide("close_case", "close-1", outcome="rectified", reason="已整改"),
        *(case.handle.signal("renew") for _ in range(3)),
    )
    async with within(60):
        assert (await case.handle.result()).outcome == "rectified"


async def test_two_continue_as_news_in_a_row_keep_both_histories(world: World) -> None:
    case = await awaiting_reply(world, 21)
    runs = []
    for number in range(3):
        runs.append((await case.handle.describe()).run_id)
        await case.handle.signal("renew")
        await case.record("happened", f"event-{number}", on="2021-09-15", event="核查")
    kept = {f"history/{run}.json" for run in runs}
    async with within(30):
        while not kept <= {filed.paper.name for filed in world.world.archive.papers(case.opening.case)}:
            await asyncio.sleep(0.1)


async def test_a_request_to_cancel_ends_no_case(world: World) -> None:
    case = await awaiting_reply(world, 22)
    await case.handle.cancel()
    async with within(20):
        while (await case.status()).case.unmatched == 0:
            await asyncio.sleep(0.1)
    await closed(case)
    assert (await case.handle.result()).outcome == "rectified"


async def test_a_bug_inside_the_fold_leaves_the_case_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await awaiting_reply(world, 23)

    def broken(self: object, fact: object, today: object) -> str:
        raise KeyError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr("models.correspondence.Correspondence.take_refused", broken)
        # Routes are bound when the parts are made: a correction makes them anew.
        await case.record("happened", "event-0", on="2021-09-15", event="核查")
        await case.decide("correct", "correct-0", fact="event-0", reason="误录")
        with pytest.raises(WorkflowUpdateFailedError):
            await case.record("service_refused", "refused-1", on="2021-09-15")
        await case.signal("service_refused", "refused-2", on="2021-09-15")
        async with within(20):
            while (await case.status()).case.unmatched == 0:
                await asyncio.sleep(0.1)
    assert (await case.status()).case.stage == "awaiting_reply"
    assert (await case.record("happened", "event-1", on="2021-09-15", event="走访")).how == "noted"


async def test_a_signal_with_too_many_arguments_or_none_is_kept(world: World) -> None:
    case = await awaiting_reply(world, 24)
    reply = {"kind": "reply_received", "id": "r", "on": "2021-09-15", "by": _CLERK}
    await case.handle.signal("fact", args=[reply, "one too many"])
    await case.handle.signal("nameless")
    async with within(20):
        while True:
            status = await case.status()
            if status.case.unmatched + status.letters[0].replies >= 2:
                break
            await asyncio.sleep(0.1)


async def test_many_recipients_do_not_end_the_case(world: World) -> None:
    recipients = [{"name": f"某镇第{number}办", "code": f"350481-town-{number:04d}"} for number in range(180)]
    draft = {
        "id": "draft-1",
        "by": {"name": "甲", "role": "procurator"},
        "document": "class_suggestion",
        "recipients": recipients,
    }
    case = await world.open(notification_opening(25, letters=[draft]))
    async with within(60):
        assert len((await case.settled(60)).letters) == 180
    assert (await case.handle.describe()).close_time is None


async def test_a_flood_of_facts_that_match_nothing_is_kept(world: World) -> None:
    case = await awaiting_reply(world, 26)
    await asyncio.gather(
        *(
            case.signal("reply_received", f"stray-{number}", on="2021-09-15", letter="不知何处")
            for number in range(400)
        )
    )
    async with within(90):
        while (await case.status()).case.unmatched < 400:
            await asyncio.sleep(0.2)
    assert (await case.record("reply_received", "reply-1", on="2021-09-15")).how == "applied"


async def test_what_comes_while_a_case_closes_is_in_the_registry_too(world: World) -> None:
    case = await awaiting_reply(world, 27)
    await case.record("reply_received", "reply-1", on="2021-09-15")
    await case.decide("assess_reply", "assess-1", substance="put_right")

    async def send(number: int) -> bool:
        try:
            await case.signal("happened", f"late-{number}", on="2021-09-15", event="补记")
        except RPCError:
            return False
        return True

    sent = await asyncio.gather(
        case.decide("close_case", "close-1", outcome="rectified", reason="已整改"),
        *(send(number) for number in range(40)),
    )
    await case.handle.result()
    taken = {f"late-{number}" for number, was_sent in enumerate(sent[1:]) if was_sent}
    registered = world.world.registry.snapshot(case.opening.case)
    assert registered is not None
    assert taken <= {row.id for row in registered.facts}


async def test_a_task_that_a_busy_machine_holds_up_is_not_taken_for_a_deadlock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await awaiting_reply(world, 928)
    real = Desk.take

    def held_up(desk: Desk[UrgingFile], message: Message) -> Taken:
        until = time.monotonic() + 3
        while time.monotonic() < until:
            pass
        return real(desk, message)

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "take", held_up)
        assert (await case.record("happened", "event-1", on="2021-09-15", event="核查")).how == "noted"
    assert not any(event.HasField("workflow_task_failed_event_attributes") for event in await case.events())
