"""Cases that open and tell one another, on the real server: each once, whoever dies meanwhile, and nobody waits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

from activities.cases import CaseRoom
from activities.roll import RollBook
from models.bags import PaperRef
from models.conversion import OpeningOrder
from models.errors import Refusal
from models.numbering import CaseId, filing_id
from models.rows import LinkRow, Snapshot
from models.tasks import Filed
from models.terms import CaseKind
from tests.openings import notification_opening
from tests.test_faults import WorkerProcess
from tests.world import SOON, Case, World, awaiting_reply, renewed, within
from worker import activities

pytestmark = pytest.mark.asyncio(loop_scope="session")


def study(number: int, relation: str = "converted_into") -> dict[str, str]:
    """A study is opened in a place of its own: each world numbers from one, and all of them share a server."""
    return {
        "relation": relation,
        "into": "study",
        "title": "联合调研",
        "county": f"35{number:04d}",
        "reason": "普遍性问题",
    }


async def tied(case: Case, other: str, *, outcome: str = "") -> LinkRow:
    """What another case is to one, once it is (and has ended so)."""
    async with within(60):
        while True:
            for row in (await case.settled(60)).links:
                if row.other == other and row.outcome == outcome:
                    return row
            await asyncio.sleep(0.1)


async def heard(case: Case, kind: str, how: str = "") -> Snapshot:
    """The case, once its journal holds an entry of that kind that says so."""
    async with within(120):
        while True:
            status = await case.settled(60)
            if any(row.kind == kind and how in row.what for row in status.facts):
                return status
            await asyncio.sleep(0.1)


async def the_new_one(case: Case) -> Case:
    """The case that was opened from one, once it is there."""
    status = await heard(case, "linked_opened")
    [other] = [row.other for row in status.links if row.relation in ("converted_into", "child")]
    handle: WorkflowHandle[Any, Filed] = case.world.client.get_workflow_handle(other, result_type=Filed)
    state = await Case(case.world, handle, case.opening).state()
    return Case(case.world, handle, state.opening)


async def closed(world: World, number: int) -> Case:
    """An urging case that is over."""
    case = await world.open(notification_opening(number))
    await case.decide("withdraw_letter", "withdraw-1", letter="L1", reason="不当")
    await case.decide("close_case", "close-1", outcome="withdrawn", reason="撤回")
    await case.handle.result()
    return case


async def test_a_case_turns_into_another_and_both_go_on(world: World) -> None:
    """The new one has a number of its own, the facts, the papers in its own folder, and the case's own time."""
    case = await awaiting_reply(world, 401)
    number, archive = case.opening.case, world.world.archive
    paper = await asyncio.to_thread(
        archive.store, number, "papers/in/回复.pdf", b"%PDF reply", media_type="application/pdf", meta={}
    )
    lost = PaperRef("0" * 64, 9, "application/pdf", "papers/in/别处.pdf")
    await case.record("reply_received", "reply-1", on="2021-09-15", paper=paper)
    await case.record("happened", "event-1", on="2021-09-15", event="现场复查", paper=lost)
    await case.decide("open_linked", "open-1", **study(401))
    new = await the_new_one(case)
    assert new.opening.case == "study-350401-2021-0001"
    assert (await tied(case, new.opening.case)).relation == "converted_into"
    assert (await tied(new, number)).relation == "converted_from"

    status = await new.status()
    assert (status.case.kind, status.case.stage, status.case.title) == ("study", "proposed", "联合调研")
    assert str(status.case.opened_on) == "2021-09-15"
    assert [row.id for row in status.facts] == [f"{number}/{id}" for id in ("served-1", "reply-1", "event-1")]
    brought = f"papers/in/{paper.digest[:12]}-回复.pdf"
    assert {row.name: row.digest for row in status.papers} == {brought: paper.digest, lost.name: lost.digest}
    assert [each.paper.name for each in archive.papers(new.opening.case)] == [brought]
    assert archive.verify(new.opening.case) == []

    # The new one comes to its end: the old one is told, once, and goes on.
    await new.decide("close_case", "close-1", outcome="cancelled", reason="人员变动")
    assert (await new.handle.result()).outcome == "cancelled"
    assert (await tied(case, new.opening.case, outcome="取消")).relation == "converted_into"
    assert (await case.status()).case.stage == "reply_review"
    run = (await new.handle.describe()).run_id
    await world.client.get_workflow_handle(filing_id(new.opening.case, run)).result()
    assert archive.is_sealed(new.opening.case)


async def test_ties_survive_a_new_run(world: World) -> None:
    case, other = await awaiting_reply(world, 402), await awaiting_reply(world, 403)
    await case.decide("link_case", "link-1", relation="parent", case=other.opening.case)
    assert (await tied(other, case.opening.case)).relation == "child"
    await renewed(case)
    await renewed(other)
    await other.decide("unlink_case", "unlink-1", case=case.opening.case, reason="误录")
    async with within(60):
        while (await case.settled(60)).links:
            await asyncio.sleep(0.1)
    told = [row.id for row in (await case.status()).facts if row.kind in ("case_told", "case_unlinked")]
    assert told == [
        f"linked/link-1/{other.opening.case}/told",
        f"{other.opening.case}/unlinked/unlink-1/{case.opening.case}",
    ]


async def test_a_closed_case_is_told_through_the_tray_and_a_missing_one_is_a_matter_for_staff(
    world: World,
) -> None:
    case, over = await awaiting_reply(world, 404), await closed(world, 405)
    await case.decide("link_case", "link-1", relation="reopens", case=over.opening.case)
    await heard(case, "case_told", "放入其收件匣")
    [stray] = world.world.books.waiting()
    assert (stray.case, stray.name, stray.received_by) == (
        over.opening.case,
        "case_linked",
        case.opening.case,
    )
    assert stray.id == f"{case.opening.case}/linked/link-1/{over.opening.case}"
    described = await over.handle.describe()
    assert described.status == WorkflowExecutionStatus.COMPLETED

    missing = "urging-350481-2021-9406"
    await case.decide("link_case", "link-2", relation="related", case=missing)
    status = await heard(case, "case_told", f"没有案件 {missing}")
    assert status.case.stage == "awaiting_reply"
    assert {row.other for row in status.links} == {over.opening.case, missing}
    subjects = [notice.subject for notice in world.world.books.queued(1000)]
    assert "【须处理】关联的案件不存在" in subjects
    assert [row.other for row in world.world.registry.links(over.opening.case)] == []


@pytest.mark.parametrize("step", ["cases.open", "cases.tell"])
async def test_a_worker_that_dies_before_its_report_opens_and_tells_once(world: World, step: str) -> None:
    """The other case was opened, or told, and the server has not heard of it: another worker does nothing twice."""
    alone = world.aside(task_timeout=SOON)
    number = 410 if step == "cases.open" else 411
    case = await alone.open(notification_opening(number))
    async with WorkerProcess(alone, "after", step) as dying:
        asking = asyncio.create_task(case.decide("open_linked", "open-1", **study(number, "child")))
        if step == "cases.tell":
            new = await the_new_one(case)
            await asking
            asking = asyncio.create_task(new.decide("close_case", "c", outcome="cancelled", reason="不立"))
        assert await dying.died() == 9
    async with alone.worker():
        assert (await asking).how in ("applied", "seen")
        new = await the_new_one(case)
        if step == "cases.open":
            await new.decide("close_case", "c", outcome="cancelled", reason="不立")
        await tied(case, new.opening.case, outcome="取消")
        assert (await new.handle.result()).outcome == "cancelled"
        kinds = [row.kind for row in (await case.status()).facts]
    assert (kinds.count("linked_opened"), kinds.count("linked_case_closed")) == (1, 1)
    given = [each.key for each in world.world.books.numbers(book="case")]
    assert given == [f"{case.opening.case}/open/open-1"]


async def test_two_cases_opened_at_once_have_numbers_of_their_own(world: World) -> None:
    """分案: each child is told of by its own decision; the same decision twice opens one."""
    case = await awaiting_reply(world, 420)
    asked = study(420, "child")
    await asyncio.gather(*(case.decide("open_linked", id, **asked) for id in ("a", "b", "b")))
    async with within(60):
        while len((await case.settled(60)).links) < 2:
            await asyncio.sleep(0.1)
    numbers = {CaseId.parse(row.other).number for row in (await case.status()).links}  # type: ignore[union-attr] # they are
    assert numbers == {1, 2}


async def test_a_number_under_which_another_case_runs_is_refused(world: World) -> None:
    """The books came from a backup, and give a number that was given since: the case under it is not the one that was opened."""
    case = await awaiting_reply(world, 422)
    another = notification_opening(423).model_copy(
        update={"kind": CaseKind.STUDY, "case": "study-350422-2021-0001", "letters": ()}
    )
    await world.open(another)
    await case.decide("open_linked", "open-1", **study(422))
    status = await heard(case, "link_failed", "已有另一案件")
    assert status.links == ()
    await case.decide("open_linked", "open-2", **study(422))
    assert (await the_new_one(case)).opening.case == "study-350422-2021-0002"


async def test_a_worker_that_does_not_know_how_leaves_it_to_one_that_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """During a deployment old workers take from the same queue: what they cannot do is tried again until a new one takes it."""
    away = world.aside("rolling")
    case = await away.open(notification_opening(424))

    def before(*arguments: Any, **named: Any) -> list[Any]:
        return [each for each in activities(*arguments, **named) if not hasattr(CaseRoom, each.__name__)]

    with monkeypatch.context() as patch:
        patch.setattr("worker.activities", before)
        async with away.worker():
            await case.decide("open_linked", "open-1", **study(424))
            async with within(30):
                while not (pending := (await case.handle.describe()).raw_description.pending_activities):
                    await asyncio.sleep(0.1)
                while not pending[0].HasField("last_failure"):
                    await asyncio.sleep(0.1)
                    pending = (await case.handle.describe()).raw_description.pending_activities
        assert "not registered" in pending[0].last_failure.message
    async with away.worker():
        assert (await the_new_one(case)).opening.case == "study-350424-2021-0001"


async def test_a_kind_that_no_program_works_is_not_opened(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or its workflow would wait for ever for somebody who knows it."""
    monkeypatch.setattr("activities.cases.FILES", {CaseKind.URGING: object})
    case = await awaiting_reply(world, 421)
    await case.decide("open_linked", "open-1", **study(421))
    status = await heard(case, "link_failed", "尚未启用")
    assert (status.links, status.case.stage) == ((), "awaiting_reply")
    with pytest.raises(Refusal, match="尚未启用"):
        room = CaseRoom(world.client, world.world.books, world.world.archive, RollBook(world.world.database))
        opening = case.opening.model_copy(update={"kind": CaseKind.STUDY})
        await room.open(OpeningOrder(order="open/x", case=case.opening.case, opening=opening))
