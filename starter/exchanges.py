"""`mingjian exchanges`: the schedules by which pairs of offices tell each other regularly (第二条 定期相互通报).

A Temporal Schedule for each pair, `exchange-<行政区划码>`, in the time of China: 08:30 of the first day after each period. A
server that slept through the day opens the case when it wakes; a period has one case, however often it is asked for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from temporalio.client import (
    Schedule,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleDescription,
    ScheduleHandle,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

from models.bodies import Body, Jurisdiction, Place
from models.dates import CHINA, day_in_china
from models.errors import InputError, Problem, Refusal
from models.exchanges import HOUR, MINUTE, ExchangePlan, months_of, period_before, period_name, schedule_id
from models.messages import Clue, Opening
from models.numbering import CaseId
from models.said.liaison import ExchangeTerms
from models.terms import BodyKind, CaseKind, ClueSource, ExchangeCycle, Matter, Mechanism
from models.wire import Person
from starter.office import PATIENCE, Office, answering
from starter.output import Listing, remark, say, say_json, show
from starter.recipients import as_recipient
from starter.strict import choices
from workflows.liaison import ExchangeOpening

_CATCH_UP = timedelta(days=92)
"""How long a server may have slept and still open what fell due meanwhile: a quarter."""
_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SetExchange:
    """Let the two offices of a place tell each other so often; `by` handles the cases. `resume`: also when it was paused."""

    place: Place
    cycle: ExchangeCycle
    by: Person
    resume: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The schedule of one pair of offices, as it stands; `next_at` is None while it is paused."""

    place: Place
    plan: ExchangePlan
    next_at: datetime | None
    is_paused: bool
    opened: int


def cycle_named(text: str) -> ExchangeCycle:
    """How often, by code or in Chinese: quarter, 每季度; InputError for anything else."""
    try:
        return ExchangeCycle(text.strip().replace("-", "_"))
    except ValueError:
        raise InputError(
            Problem(f"没有“{text}”这种周期", f"可用：{choices(ExchangeCycle)}", field="--every")
        ) from None


def place_named(jurisdiction: Jurisdiction, text: str) -> Place:
    """A place of the jurisdiction that has the mechanism of article 2; InputError for none, Refusal for one without it."""
    place = jurisdiction.place(text, field="COUNTY")
    if not jurisdiction.contains(place.code):
        raise InputError(
            Problem(f"{place.name}不在{jurisdiction.name}的辖区", "写本市或所属县、市、区", "COUNTY")
        )
    cooperation = jurisdiction.cooperation(place.code)
    if cooperation is None or Mechanism.LIAISON not in cooperation.mechanisms:
        raise Refusal(
            Problem(f"{place.name}的协作文本没有日常联络机制", "核对辖区文件的 mechanisms", "COUNTY")
        )
    return place


async def set_exchange(office: Office, command: SetExchange) -> Exchange:
    """Make the schedule of a pair of offices, or change it; the next case is opened after the period that runs now.

    One that staff have paused stays so, unless it is to go on again.
    """
    plan = plan_for(office.jurisdiction, command)
    schedule = _schedule(plan, office.task_queue)

    def changed(known: ScheduleUpdateInput) -> ScheduleUpdate:
        state = known.description.schedule.state
        if command.resume:
            state = replace(state, paused=False, note="")
        return ScheduleUpdate(replace(schedule, state=state))

    with answering():
        try:
            await office.client.create_schedule(plan.schedule, schedule, rpc_timeout=PATIENCE)
        except ScheduleAlreadyRunningError:
            handle = office.client.get_schedule_handle(plan.schedule)
            await handle.update(changed, rpc_timeout=PATIENCE)
    return await _exchange(office, command.place)


async def remove_exchange(office: Office, place: Place) -> None:
    """Take the schedule away; cases already opened go on. Refusal when there is none."""
    await _exchange(office, place)
    with answering():
        await _handle(office, place).delete(rpc_timeout=PATIENCE)


async def trigger_exchange(office: Office, place: Place) -> str:
    """Open the case of the last period that is over, now; the id of the case, which is the same when it was opened before."""
    before = (await _exchange(office, place)).opened
    handle = _handle(office, place)
    with answering():
        await handle.trigger(rpc_timeout=PATIENCE)
        async with asyncio.timeout(PATIENCE.total_seconds()):
            started = await _started(handle, before)
            case: str = await office.client.get_workflow_handle(started, result_type=str).result()
    return case


async def exchanges(office: Office) -> list[Exchange]:
    """The schedules that there are, by place."""
    found = []
    for code in sorted(office.jurisdiction.places):
        if office.jurisdiction.contains(code) and office.reach.has_place(code):
            place = office.jurisdiction.places[code]
            described = await _described(office, place)
            if described is not None:
                found.append(await _as_exchange(office, place, described))
    return found


def plan_for(jurisdiction: Jurisdiction, command: SetExchange) -> ExchangePlan:
    """What the schedule of a pair of offices opens; the case's number, day and period follow when it is opened."""
    place = command.place
    ours = jurisdiction.of(place.code, BodyKind.PROCURATORATE)
    theirs = jurisdiction.of(place.code, BodyKind.NATURAL_RESOURCES)
    # The jurisdiction file is not read without both.
    assert ours is not None and theirs is not None
    today = day_in_china(datetime.now(UTC))
    opening = Opening(
        case=str(CaseId(CaseKind.LIAISON_EXCHANGE, place.code, today.year, 0)),
        kind=CaseKind.LIAISON_EXCHANGE,
        title=f"{place.name}情况通报",
        county=place.code,
        county_name=place.name,
        procuratorate=as_recipient(jurisdiction, ours),
        matter=Matter.OTHER,
        matter_reason="第二条：定期相互通报",
        clue=Clue(source=ClueSource.OWN_DUTY),
        opened_on=today,
        handler=command.by,
        terms=ExchangeTerms(offices=(_office(ours), _office(theirs))),
    )
    return ExchangePlan(schedule=schedule_id(place.code), cycle=command.cycle, opening=opening)


def _office(body: Body) -> str:
    return f"{body.name}{body.office}"


def _schedule(plan: ExchangePlan, task_queue: str) -> Schedule:
    """Nothing is skipped: what fell due while another opening was in hand waits for it, each for its own period."""
    calendar = ScheduleCalendarSpec(
        month=[ScheduleRange(month) for month in months_of(plan.cycle)],
        day_of_month=[ScheduleRange(1)],
        hour=[ScheduleRange(HOUR)],
        minute=[ScheduleRange(MINUTE)],
    )
    return Schedule(
        action=ScheduleActionStartWorkflow(
            ExchangeOpening.run,
            plan,
            id=plan.schedule,
            task_queue=task_queue,
            static_summary=f"{plan.opening.county}　定期通报立案",
        ),
        spec=ScheduleSpec(calendars=[calendar], time_zone_name="Asia/Shanghai"),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ALL, catchup_window=_CATCH_UP),
    )


def _handle(office: Office, place: Place) -> ScheduleHandle:
    return office.client.get_schedule_handle(schedule_id(place.code))


async def _described(office: Office, place: Place) -> ScheduleDescription | None:
    try:
        with answering():
            return await _handle(office, place).describe(rpc_timeout=PATIENCE)
    except RPCError:  # NOT_FOUND, which alone is passed on
        return None


async def _exchange(office: Office, place: Place) -> Exchange:
    described = await _described(office, place)
    if described is None:
        raise Refusal(
            Problem(
                f"{place.name}没有定期通报的日程", f"先设定：mingjian exchanges set {place.name}", "COUNTY"
            )
        )
    return await _as_exchange(office, place, described)


async def _as_exchange(office: Office, place: Place, described: ScheduleDescription) -> Exchange:
    action = described.schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    [plan] = await office.client.data_converter.decode(list(action.args), [ExchangePlan])
    times = described.info.next_action_times
    return Exchange(
        place=place,
        plan=plan,
        next_at=None if described.schedule.state.paused else next(iter(times), None),
        is_paused=described.schedule.state.paused,
        opened=described.info.num_actions,
    )


async def _started(handle: ScheduleHandle, before: int) -> str:
    """The id of the workflow that was started last, once there is one more than before."""
    while True:
        info = (await handle.describe(rpc_timeout=PATIENCE)).info
        if info.num_actions > before and info.recent_actions:
            action = info.recent_actions[-1].action
            assert isinstance(action, ScheduleActionExecutionStartWorkflow)
            return action.workflow_id
        await asyncio.sleep(_PAUSE_SECONDS)


# ── telling ─────────────────────────────────────────────────────────────────────────────────────────────────────


def tell(found: list[Exchange], *, as_json: bool) -> int:
    """Print the schedules."""
    if as_json:
        for each in found:
            say_json(_as_json(each))
        return 0
    listing = Listing("地方", "周期", "下次立案", "通报期间", "承办", "双方部门")
    for each in found:
        day = day_in_china(each.next_at) if each.next_at else None
        terms = each.plan.opening.terms
        offices = terms.offices if isinstance(terms, ExchangeTerms) else ()
        listing.add(
            each.place.name,
            each.plan.cycle.label,
            _moment(each.next_at) if each.next_at else "已暂停",
            _period(day, each.plan.cycle) if day else "",
            each.plan.opening.handler.name,
            "\n".join(offices),
        )
    if found:
        show(listing)
    else:
        remark("还没有定期通报的日程：mingjian exchanges set 地方 --by 姓名")
    return 0


def tell_set(exchange: Exchange, *, as_json: bool) -> int:
    """Say what was set."""
    if as_json:
        say_json(_as_json(exchange))
    else:
        when = f"，下次立案 {_moment(exchange.next_at)}" if exchange.next_at else ""
        if exchange.is_paused:
            when = "；日程仍暂停，恢复的加 --resume"
        say(f"已设定：{exchange.place.name}{exchange.plan.cycle.label}通报一次{when}")
    return 0


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _period(day: date, cycle: ExchangeCycle) -> str:
    return period_name(*period_before(day, cycle))


def _as_json(exchange: Exchange) -> dict[str, object]:
    return {
        "county": exchange.place.code,
        "name": exchange.place.name,
        "every": exchange.plan.cycle.value,
        "next_at": exchange.next_at.isoformat() if exchange.next_at else None,
        "paused": exchange.is_paused,
        "handler": exchange.plan.opening.handler.name,
        "schedule": exchange.plan.schedule,
    }
