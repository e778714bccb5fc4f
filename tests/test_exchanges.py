"""The schedules of the exchanges: which period is over, a case opened once for it on the real server, what staff are told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.client import ScheduleBackfill, ScheduleOverlapPolicy
from temporalio.service import RPCError
from temporalio.testing import ActivityEnvironment

from activities.books import Books
from activities.cases import CaseRoom
from activities.registry import Registry
from activities.roll import RollBook
from models.bodies import Jurisdiction
from models.dates import CHINA, day_in_china
from models.errors import InputError, Refusal
from models.exchanges import ExchangePlan, months_of, opening_order, period_before, period_name
from models.numbering import CaseId
from models.roll import Designation
from models.said.liaison import ExchangeTerms
from models.terms import ExchangeCycle, Role
from models.wire import Person
from starter import exchanges as rooms
from starter import main as script
from starter.office import Office
from tests.sample_rows import case_row, snapshot
from tests.world import World, within

JURISDICTION = Jurisdiction.load()
ZHANG = Person(name="张三", role=Role.PROCURATOR)

# which period


@pytest.mark.parametrize(
    ("cycle", "day", "first", "last", "name"),
    [
        (ExchangeCycle.QUARTER, "2021-10-01", "2021-07-01", "2021-09-30", "2021年第三季度"),
        (ExchangeCycle.QUARTER, "2021-12-31", "2021-07-01", "2021-09-30", "2021年第三季度"),
        (ExchangeCycle.QUARTER, "2022-01-01", "2021-10-01", "2021-12-31", "2021年第四季度"),
        (ExchangeCycle.MONTH, "2022-01-15", "2021-12-01", "2021-12-31", "2021年12月"),
        (ExchangeCycle.MONTH, "2024-03-01", "2024-02-01", "2024-02-29", "2024年2月"),
        (ExchangeCycle.HALF_YEAR, "2021-07-01", "2021-01-01", "2021-06-30", "2021年上半年"),
        (ExchangeCycle.HALF_YEAR, "2021-06-30", "2020-07-01", "2020-12-31", "2020年下半年"),
        (ExchangeCycle.YEAR, "2021-09-15", "2020-01-01", "2020-12-31", "2020年"),
    ],
)
def test_the_period_that_has_ended(cycle: ExchangeCycle, day: str, first: str, last: str, name: str) -> None:
    period = period_before(date.fromisoformat(day), cycle)
    assert period == (date.fromisoformat(first), date.fromisoformat(last))
    assert period_name(*period) == name
    # The day after it is one on which the schedule opens a case.
    assert (period[1] + timedelta(days=1)).month in months_of(cycle)


def test_a_period_that_is_none_of_these_is_named_by_its_days() -> None:
    assert period_name(date(2021, 7, 1), date(2021, 8, 31)) == "2021-07-01至2021-08-31"
    assert period_name(date(2021, 8, 1), date(2021, 10, 31)) == "2021-08-01至2021-10-31"
    assert period_name(date(2021, 9, 15), date(2021, 12, 31)) == "2021-09-15至2021-12-31"


def plan(county: str = "永安市", cycle: ExchangeCycle = ExchangeCycle.QUARTER) -> ExchangePlan:
    place = rooms.place_named(JURISDICTION, county)
    return rooms.plan_for(JURISDICTION, rooms.SetExchange(place=place, cycle=cycle, by=ZHANG))


def test_the_case_that_is_opened() -> None:
    order = opening_order(plan("三明市"), date(2021, 10, 1))
    assert (order.case, order.order) == ("exchange-350400", "2021-07-01/2021-09-30")
    opening = order.opening
    assert opening.title == "三明市2021年第三季度情况通报"
    assert opening.case == "liaison_exchange-350400-2021-0000"
    assert isinstance(opening.terms, ExchangeTerms)
    assert opening.terms.offices == ("三明市人民检察院第四检察部", "三明市自然资源局执法监察科")
    assert (opening.terms.first_day, opening.terms.last_day) == (date(2021, 7, 1), date(2021, 9, 30))


def test_a_place_that_is_none_or_has_no_such_mechanism() -> None:
    with pytest.raises(InputError, match="没有“上海市”"):
        rooms.place_named(JURISDICTION, "上海市")
    with pytest.raises(InputError, match="不在三明市的辖区"):
        rooms.place_named(JURISDICTION, "福建省")
    with pytest.raises(InputError, match="每季度"):
        rooms.cycle_named("每周")
    assert rooms.cycle_named("half-year") is rooms.cycle_named("每半年") is ExchangeCycle.HALF_YEAR
    places = dict(JURISDICTION.places)
    [text] = [each.cooperation for each in places.values() if each.code == "350481"]
    assert text is not None
    without = replace(text, mechanisms=tuple(each for each in text.mechanisms if each != "liaison"))
    places["350481"] = replace(places["350481"], cooperation=without)
    with pytest.raises(Refusal, match="没有日常联络机制"):
        rooms.place_named(replace(JURISDICTION, places=places), "永安市")


# on the server


@pytest_asyncio.fixture(loop_scope="session")
async def office(world: World) -> Any:
    """An office at the world's server; the schedules of a place live in the server, and are taken away again."""
    settings = world.settings.model_copy(update={"task_queue": world.queue})
    office = Office(settings, world.client)
    yield office
    for each in await rooms.exchanges(office):
        await rooms.remove_exchange(office, each.place)
    office.close()


async def opened(world: World, case: str) -> Mapping[str, Any]:
    """How a case was opened, once it is in the registry."""
    async with within(20):
        while (kept := await asyncio.to_thread(Registry(world.world.database).snapshot, case)) is None:
            await asyncio.sleep(0.1)
    return kept.case.model_dump()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_case_is_opened_once_for_a_period_however_often_it_is_asked_for(
    world: World, office: Office
) -> None:
    """Twice by hand, once more by a schedule that was set anew, twice at once: one case. A backfilled quarter has its own."""
    place = rooms.place_named(JURISDICTION, "永安市")
    command = rooms.SetExchange(place=place, cycle=ExchangeCycle.QUARTER, by=ZHANG)
    made = await rooms.set_exchange(office, command)
    assert made.next_at is not None
    ahead = made.next_at.astimezone(CHINA)
    assert (ahead.day, ahead.hour, ahead.minute) == (1, 8, 30) and ahead.month in (1, 4, 7, 10)

    today, now = day_in_china(datetime.now(UTC)), datetime.now(UTC)
    ours = Designation(
        office="350481-proc", name="永安市人民检察院", department="第四检察部", person="周一", since=today,
        entered_by="王五", entered_at=now,
    )  # fmt: skip
    office.roll.designate([ours])
    first = await rooms.trigger_exchange(office, place)
    await asyncio.sleep(1.1)  # the server names what it starts by the second
    assert await rooms.trigger_exchange(office, place) == first
    again = rooms.SetExchange(
        place=place, cycle=ExchangeCycle.QUARTER, by=Person(name="李四", role=Role.CLERK)
    )
    assert (await rooms.set_exchange(office, again)).plan.opening.handler.name == "李四"
    await asyncio.sleep(1.1)
    assert await rooms.trigger_exchange(office, place) == first
    row = await opened(world, first)
    last = period_before(day_in_china(datetime.now(UTC)), ExchangeCycle.QUARTER)
    assert row["title"] == f"永安市{period_name(*last)}情况通报" and row["handler"] == "张三"
    assert row["liaison"] == "周一"
    known = office.books.numbers(book="case", kind="liaison_exchange")
    assert [str(CaseId.parse(first)), 1] == [first, len(known)]

    # What fell due while the server slept: its own day counts, not the day on which it is made up for.
    earlier = datetime(2021, 10, 1, 8, 30, tzinfo=CHINA)
    handle = office.client.get_schedule_handle("exchange-350481")
    span = ScheduleBackfill(
        start_at=earlier - timedelta(minutes=1),
        end_at=earlier + timedelta(minutes=1),
        overlap=ScheduleOverlapPolicy.BUFFER_ALL,
    )
    for _ in range(2):
        await handle.backfill(span)
    row = await opened(world, "liaison_exchange-350481-2021-0001")
    assert row["title"] == "永安市2021年第三季度情况通报"
    assert row["opened_on"] == date(2021, 10, 1)
    assert len(office.books.numbers(book="case", kind="liaison_exchange")) == 2


@pytest.mark.asyncio(loop_scope="session")
async def test_schedules_are_listed_changed_and_taken_away(office: Office) -> None:
    assert await rooms.exchanges(office) == []
    for name, cycle in (("大田县", ExchangeCycle.YEAR), ("三明市", ExchangeCycle.MONTH)):
        place = rooms.place_named(JURISDICTION, name)
        await rooms.set_exchange(office, rooms.SetExchange(place=place, cycle=cycle, by=ZHANG))
    assert [(each.place.name, each.plan.cycle.label) for each in await rooms.exchanges(office)] == [
        ("三明市", "每月"),
        ("大田县", "每年"),
    ]
    datian = rooms.place_named(JURISDICTION, "大田县")
    changed = rooms.SetExchange(place=datian, cycle=ExchangeCycle.HALF_YEAR, by=ZHANG)
    exchange = await rooms.set_exchange(office, changed)
    assert exchange.next_at is not None and exchange.next_at.astimezone(CHINA).month in (1, 7)
    await rooms.remove_exchange(office, datian)
    with pytest.raises(Refusal, match="大田县没有定期通报的日程"):
        await rooms.remove_exchange(office, datian)
    with pytest.raises(Refusal, match="mingjian exchanges set 大田县"):
        await rooms.trigger_exchange(office, datian)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_schedule_that_was_paused_stays_so_until_it_is_told_to_go_on(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    place = rooms.place_named(JURISDICTION, "沙县区")
    command = rooms.SetExchange(place=place, cycle=ExchangeCycle.QUARTER, by=ZHANG)
    await rooms.set_exchange(office, command)
    await office.client.get_schedule_handle(f"exchange-{place.code}").pause(note="双方商定暂停")
    changed = await rooms.set_exchange(office, replace(command, cycle=ExchangeCycle.MONTH))
    assert changed.is_paused and changed.next_at is None and changed.plan.cycle is ExchangeCycle.MONTH
    rooms.tell_set(changed, as_json=False)
    assert "仍暂停，恢复的加 --resume" in capsys.readouterr().out
    resumed = await rooms.set_exchange(office, replace(command, resume=True))
    assert not resumed.is_paused and resumed.next_at is not None


@pytest.mark.asyncio(loop_scope="session")
async def test_a_case_that_has_ended_and_is_forgotten_does_not_begin_anew(world: World) -> None:
    """The server forgets; the registry does not."""
    order = opening_order(plan("宁化县"), date(2021, 10, 1))
    order = order.model_copy(update={"case": f"exchange-{uuid4().hex}"})
    books = Books(world.world.database)
    key = f"{order.case}/{order.order}"
    number = books.case_number("350424", "liaison_exchange", 2021, key)
    case = f"liaison_exchange-350424-2021-{number:04d}"
    now = datetime.now(UTC)
    Registry(world.world.database).project(snapshot(1, case_row(case)), run="r", run_started_at=now)
    room = CaseRoom(world.client, books, world.world.archive, RollBook(world.world.database))
    answer = await ActivityEnvironment().run(room.open, order)
    assert answer.case == case
    with pytest.raises(RPCError, match="not found"):
        await world.client.get_workflow_handle(case).describe()


# what staff are told


def run(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = script.run(["exchanges", *words])
    said = capsys.readouterr()
    return code, said.out + said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("start",), "没有“start”这一步"),
        (("set",), "没有写明哪个地方"),
        (("trigger", "永安市", "--resume"), "--resume 只用于 set"),
        (("set", "永安市"), "没有写明谁承办"),
        (("set", "永安市", "--by", "张三", "--role", "局长"), "不认识的身份“局长”"),
        (("set", "永安市", "--by", "张三", "--every", "每周"), "没有“每周”这种周期"),
        (("trigger", "上海市"), "没有“上海市”这个地方"),
    ],
)
def test_what_is_not_understood_is_said_in_a_sentence(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(*words, capsys=capsys)
    assert code == 2 and told in said


@pytest.mark.asyncio(loop_scope="session")
async def test_the_schedules_are_told_on_one_screen(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rooms.tell([], as_json=False) == 0
    assert "mingjian exchanges set" in capsys.readouterr().err
    place = rooms.place_named(JURISDICTION, "永安市")
    command = rooms.SetExchange(place=place, cycle=ExchangeCycle.QUARTER, by=ZHANG)
    exchange = await rooms.set_exchange(office, command)
    rooms.tell_set(exchange, as_json=False)
    assert capsys.readouterr().out.startswith("已设定：永安市每季度通报一次，下次立案 ")
    rooms.tell([exchange], as_json=False)
    out = capsys.readouterr().out
    assert "每季度" in out and "张三" in out and "季度" in out
    rooms.tell([exchange], as_json=True)
    assert '"every": "quarter"' in capsys.readouterr().out
