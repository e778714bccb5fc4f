"""What may come at once or be too large: floods of messages and of bytes, and a journal that is full."""

from __future__ import annotations

import asyncio
import os
import zlib
from datetime import date
from random import Random
from string import printable

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.contrib.pydantic import pydantic_data_converter

from models import journal
from models.cases.urging import UrgingFile
from models.dates import EventDate, at_hour
from models.facts import Happened
from models.messages import Unreadable
from models.tasks import CaseStart
from tests.openings import CLERK, TEXT, notification_opening
from tests.pure_desk import served
from tests.world import World, awaiting_reply, renewed, within
from workflows.parts.packing import Packing

NOON = at_hour(date(2021, 9, 15), 12)
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_six_thousand_strays_at_once_wedge_nothing(world: World) -> None:
    case = await awaiting_reply(world, 201)
    await case.settled()
    away = world.aside("flood")
    flooded = await away.open(notification_opening(202))
    for portion in range(12):
        await asyncio.gather(
            *(
                flooded.signal("reply_received", f"stray-{portion}-{n}", on="2021-09-15", letter="不知何处")
                for n in range(500)
            )
        )
    async with away.worker():
        async with within(120):
            while (await flooded.status()).case.unmatched < 6000:
                await asyncio.sleep(0.5)
        await flooded.decide("issue_letter", "issue-1")
        await flooded.record("letter_served", "served-1", on="2021-09-15")
        assert (await flooded.record("reply_received", "reply-1", on="2021-09-15")).how == "applied"
        await renewed(flooded)
        status = await flooded.settled(60)
    assert (status.case.unmatched, status.letters[0].replies) == (6000, 1)
    told = world.world.books.deliveries(case=flooded.opening.case, limit=1000)
    assert 1 <= sum("待整理" in each.notice.subject for each in told) <= 60


async def test_large_unreadable_signals_are_carried_over(world: World) -> None:
    case = await awaiting_reply(world, 203)
    for _ in range(40):
        await case.handle.signal("fact", os.urandom(20_000))
    async with within(60):
        while (await case.status()).case.unmatched < 40:
            await asyncio.sleep(0.1)
    await renewed(case)
    kept = [each.message for each in (await case.state()).entries if each.message.kind == "unreadable"]
    assert {each.size for each in kept} == {20_000}
    assert all(each.raw.startswith("base64:") and len(each.raw) < 6_000 for each in kept)
    assert (await case.record("happened", "event-1", on="2021-09-15", event="核查")).how == "noted"


async def test_the_largest_letters_are_carried_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is carried over holds no paper, and to set twenty thousand different characters takes a second and a half.
    monkeypatch.setattr(world.world.typesetter, "render", lambda paper: b"%PDF-1.7")
    case = await awaiting_reply(world, 204)
    for number in range(12):
        # Twenty thousand different characters: what cannot be packed.
        facts = "".join(chr(0x4E00 + (n * 7919 + number * 104729) % 20900) for n in range(20_000))
        text = TEXT.model_copy(update={"facts": facts}).model_dump(mode="json")
        await case.decide("amend_letter", f"amend-{number}", letter="L1", text=text, reason="变更")
    await renewed(case)
    assert len((await case.state()).entries) > 12
    with pytest.raises(ValueError, match="过长"):
        type(TEXT).model_validate(
            {"facts": "字" * 20_000, "harm": "字" * 10_000, "illegality": "字" * 10_000, "subject": "字"}
        )


HANZI = "".join(map(chr, range(0x4E00, 0x9FA5)))
SIGNS = "".join(map(chr, range(0x1F300, 0x1F600)))


@pytest.mark.parametrize("alphabet", [HANZI, printable, SIGNS], ids=["hanzi", "ascii", "signs"])
async def test_a_full_journal_fits_a_payload(alphabet: str) -> None:
    """Two MiB is what the server lets pass, packed; the least compressible text stays well below, stubs and all."""
    case, rnd = served().case, Random(1)
    while case.has_room_for(thick := _thick(case, rnd, alphabet)):
        case.take(thick, NOON)
    while not case.is_overfull:
        stub = Unreadable(
            id=f"unreadable-{rnd.getrandbits(64):016x}", name="fact", raw="", size=9, why="已满"
        )
        case.take(stub, NOON)
    carried = CaseStart(opening=case.opening, carried=case.state())
    [payload] = await Packing().encode(pydantic_data_converter.payload_converter.to_payloads([carried]))
    assert 700_000 < payload.ByteSize() < 1_900_000


def _thick(case: UrgingFile, rnd: Random, alphabet: str) -> Happened:
    note = "".join(rnd.choices(alphabet, k=1000))
    return Happened(
        id=f"event-{case.revision}", by=CLERK, on=EventDate.on(date(2021, 9, 15)), event="核查", note=note
    )


async def test_a_case_filled_by_signals_goes_on(world: World) -> None:
    """Beyond its room a message leaves a stub, and beyond the stubs one line in each run; the case is renewed and closed."""
    case, rnd = await awaiting_reply(world, 208), Random(2)
    for portion in range(28):
        notes = ["".join(rnd.choices(HANZI, k=1000)) for _ in range(25)]
        await asyncio.gather(
            *(
                case.signal("happened", f"event-{portion}-{n}", on="2021-09-15", event="核查", note=note)
                for n, note in enumerate(notes)
            )
        )
    for portion in range(10):
        await asyncio.gather(*(case.handle.signal("fact", f"{portion}-{n}") for n in range(50)))
    async with within(60):
        while "overfull" not in "".join(fact.id for fact in (await case.status()).facts):
            await asyncio.sleep(0.5)
    await renewed(case)
    await case.signal("happened", "event-late", on="2021-09-15", event="核查", note="晚到" * 100)
    await renewed(case)
    said = [each.message for each in (await case.state()).entries if each.message.id.startswith("overfull")]
    assert len(said) == 2
    assert all("另立新案" in getattr(each, "why", "") for each in said)
    await case.decide("close_case", "close-z", outcome="terminated", reason="记录已满，另立新案")
    async with within(60):
        assert (await case.handle.result()).outcome == "terminated"


async def test_a_full_journal_says_so_and_can_be_closed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await awaiting_reply(world, 205)
    await case.record("reply_received", "reply-z", on="2021-09-15")
    await case.decide("assess_reply", "assess-z", substance="put_right")
    await case.at_rest()
    size = len((await case.state()).model_dump_json())
    with monkeypatch.context() as patch:
        patch.setattr(journal, "FULL", size // 4)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await case.record("happened", "event-1", on="2021-09-15", event="核查")
        assert "收不下了" in str(refused.value.cause)
        await case.signal("happened", "event-2", on="2021-09-15", event="核查")
        async with within(20):
            while (await case.status()).case.unmatched == 0:
                await asyncio.sleep(0.1)
        [stub] = [each.message for each in (await case.state()).entries if each.message.kind == "unreadable"]
        assert (stub.raw, "已满" in stub.why, stub.size > 0) == ("", True, True)
        await case.decide("close_case", "close-z", outcome="rectified", reason="已整改")
        async with within(60):
            assert (await case.handle.result()).outcome == "rectified"


async def test_a_large_payload_travels_packed_and_a_small_one_does_not(world: World) -> None:
    case = await awaiting_reply(world, 206)
    for number in range(150):
        await case.signal("happened", f"event-{number}", on="2021-09-15", event="核查", note="记" * 300)
    await renewed(case)
    first = (await case.events())[0].workflow_execution_started_event_attributes
    assert first.input.payloads[0].metadata["encoding"] == b"binary/zlib"
    assert len((await case.state()).entries) > 150
    small = await awaiting_reply(world, 207)
    first = (await small.events())[0].workflow_execution_started_event_attributes
    assert first.input.payloads[0].metadata["encoding"] == b"json/plain"


@pytest.mark.parametrize(
    "content",
    [
        b"garbage",
        zlib.compress(b"\xff" * 40),
        zlib.compress(b"cut short" * 99)[:-9],
        zlib.compress(bytes(50_000_000)),
    ],
    ids=["not-packed", "no-payload", "cut-short", "too-large"],
)
async def test_a_badly_packed_signal_is_kept_for_sorting(
    world: World, content: bytes, request: pytest.FixtureRequest
) -> None:
    case = await awaiting_reply(world, 250 + request.node.callspec.indices["content"])
    await case.handle.signal("fact", RawValue(Payload(metadata={"encoding": b"binary/zlib"}, data=content)))
    await case.handle.signal(
        "edition_published", RawValue(Payload(metadata={"encoding": b"binary/zlib"}, data=content))
    )
    async with within(20):
        while (await case.status()).case.unmatched < 2:
            await asyncio.sleep(0.1)
    assert (await case.record("happened", "event-1", on="2021-09-15", event="核查")).how == "noted"


async def test_six_thousand_bad_editions_at_once_wedge_nothing(world: World) -> None:
    away = world.aside("editions")
    case = await away.open(notification_opening(209))
    for portion in range(12):
        await asyncio.gather(*(case.handle.signal("edition_published", f"{portion}-{n}") for n in range(500)))
    async with away.worker(), within(120):
        while (await case.status()).case.unmatched < 6000:
            await asyncio.sleep(0.5)
