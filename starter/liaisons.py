"""The roll of liaisons (art. 2): designations as staff write them, entered whole or not at all, and the open cases that follow.

A case holds the name of its own procuratorate's liaison, to whom its notices go. When the office changes hands each open case is
told by an update under a natural id: it can be repeated until all are reached.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from temporalio.service import RPCError

from activities.database import Database
from activities.registry import Registry
from activities.roll import RollBook
from activities.site_jurisdiction import site_jurisdiction
from models.addresses import Address, is_mail_address
from models.bags import shown
from models.bodies import Body, Jurisdiction
from models.dates import day_in_china
from models.decisions import AssignLiaison
from models.errors import InputError, MingjianError, Problem
from models.messages import Taken
from models.roll import Designation, Roll, department_of, former_liaisons, liaison_on, offices
from models.settings import Settings
from models.wire import Person
from starter.doors import refuse_part, refuse_place
from starter.message_ids import natural_id
from starter.office import PATIENCE, Office, answering
from starter.strict import attempt
from starter.written import Written, read_file
from workflows.parts.protocol import Decided

Answer = TypeVar("Answer")

_AT_ONCE = 8
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
_Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
_Email = Annotated[str, StringConstraints(strip_whitespace=True)]


class WrittenDesignation(BaseModel):
    """One line of the roll, as staff write it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: str = Field(max_length=100)
    person: _Name
    phone: _Title = ""
    department: _Title = ""
    email: _Email = ""
    since: _Day


class _WrittenDay(BaseModel):
    day: _Day


@dataclass(frozen=True, slots=True)
class ToDesignate:
    """Designations that can be read, where each was written, and the addresses of those who are designated."""

    designations: tuple[Designation, ...]
    written: tuple[Written, ...]
    addresses: tuple[Address, ...] = ()

    def placed(self, number: int, problem: Problem) -> Problem:
        """A problem of one of them, by file, row and field."""
        return self.written[number].problem((problem.field,), problem.what, problem.remedy)


@dataclass(frozen=True, slots=True)
class Move:
    """An open case that goes to another liaison: `since` is the day of the designation that moves it."""

    case: str
    liaison: str
    since: date


@dataclass(frozen=True, slots=True)
class Moved:
    """The cases that have the new liaison, and why others have not; one that was just filed away is among neither."""

    reached: list[Move] = field(default_factory=list)
    missed: list[Problem] = field(default_factory=list)


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────


def read_office(jurisdiction: Jurisdiction, text: str) -> Body:
    """The office that a name or code means; InputError for a body that article 2 asks no liaison of."""
    body = jurisdiction.body(text)
    if body not in offices(jurisdiction):
        raise InputError(
            Problem(
                f"{body.name}不设联络员", "写本市或所属县、市、区的人民检察院、自然资源主管部门（第二条）"
            )
        )
    return body


def read_day(text: str, field: str) -> date:
    """The day that an option means; InputError for anything else."""
    given, problems = attempt(_WrittenDay, Written({"day": text} if text else {}))
    if given is None or problems:
        raise InputError(Problem(each.what, each.remedy, field=field) for each in problems)
    return given.day


def read_roll(file: Path, jurisdiction: Jurisdiction, by: str) -> ToDesignate:
    """A file of designations, one for each office; InputError with all that is wrong with it."""
    written = read_file(file)
    if not written.value:
        raise InputError(
            Problem("名册里一行也没有", "样例：mingjian liaisons import --template", file=written.file)
        )
    single = not isinstance(written.value, list)
    lines = [written] if single else [written.part((place,)) for place in range(len(written.value))]
    return read_designations(lines, jurisdiction, by)


def read_designations(lines: Sequence[Written], jurisdiction: Jurisdiction, by: str) -> ToDesignate:
    """Designations entered by somebody now; InputError with all that is wrong with all of them."""
    found: list[Designation] = []
    addresses: list[Address] = []
    problems: list[Problem] = []
    rows: dict[str, int | None] = {}
    now = datetime.now(UTC)
    for line in lines:
        given, wrong = attempt(WrittenDesignation, line)
        office, unknown = _office_of(line, jurisdiction)
        wrong += unknown + _unfit_address(line)
        if office is not None and office.code in rows:
            wrong.append(_twice(line, office, rows[office.code]))
        if office is not None:
            rows.setdefault(office.code, line.row(()))
        problems += wrong
        if given is not None and office is not None and not wrong:
            found.append(_designation(given, office, by, now))
            if given.email:
                addresses.append(_address(given, office, by, now))
    if problems:
        raise InputError(problems)
    return ToDesignate(tuple(found), tuple(lines), tuple(addresses))


def _office_of(line: Written, jurisdiction: Jurisdiction) -> tuple[Body | None, list[Problem]]:
    text = line.value.get("office") if isinstance(line.value, dict) else None
    if not isinstance(text, str):
        return None, []
    try:
        return read_office(jurisdiction, text), []
    except InputError as error:
        # A body outside cannot be described here, as it can in a case file.
        near = [each.remedy for each in error.problems if each.remedy.startswith(("是不是", "写本市"))]
        remedy = near[0] if near else "写辖区文件里的名称或代码，如 永安市人民检察院"
        return None, [line.problem(("office",), each.what, remedy) for each in error.problems]


def _unfit_address(line: Written) -> list[Problem]:
    text = line.value.get("email") if isinstance(line.value, dict) else None
    if not isinstance(text, str) or is_mail_address(text.strip()):
        return []
    return [line.problem(("email",), f"“{shown(text)}”不是电子邮件地址", "写作 name@example.gov.cn")]


def _twice(line: Written, office: Body, first: int | None) -> Problem:
    return line.problem(
        ("office",),
        f"{office.name}在第 {first} 行已经写过，同一时间只能有一名联络员（第二条）",
        "每个单位只写一行；先后两任分两次登记",
    )


def _designation(given: WrittenDesignation, office: Body, by: str, now: datetime) -> Designation:
    return Designation(
        office=office.code,
        name=office.name,
        department=given.department or department_of(office),
        person=given.person,
        phone=given.phone,
        since=given.since,
        entered_by=by,
        entered_at=now,
    )


def _address(given: WrittenDesignation, office: Body, by: str, now: datetime) -> Address:
    return Address(office=office.code, name=given.person, address=given.email, entered_by=by, entered_at=now)


# ── entering ────────────────────────────────────────────────────────────────────────────────────────────────


def on_the_roll(settings: Settings) -> list[Designation]:
    """All that was ever entered; Unreachable when the books do not answer."""
    return _with_roll(settings, RollBook.designations)


def enter(settings: Settings, asked: ToDesignate) -> Roll:
    """Enter designations, all or none; Refusal with all that stands against them."""
    jurisdiction = site_jurisdiction(settings)
    for each in asked.designations:
        refuse_office(settings, jurisdiction.bodies[each.office])
    return _with_roll(settings, lambda roll: roll.designate(asked.designations, asked.placed))


def refuse_office(settings: Settings, office: Body) -> None:
    """Refusal for an office of a place out of reach: its cases could not be told."""
    refuse_place(settings, office.place, office.name)
    if not settings.reach.has_all_levels:
        refuse_part(settings, "联络员变更")


def release(settings: Settings, office: Body, on: date, by: str) -> Roll:
    """Enter the last day of an office's liaison."""
    refuse_office(settings, office)
    return _with_roll(settings, lambda roll: roll.release(office, on, by, datetime.now(UTC)))


def _with_roll(settings: Settings, work: Callable[[RollBook], Answer]) -> Answer:
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        return work(RollBook(database))


# ── the open cases ──────────────────────────────────────────────────────────────────────────────────────────


def moves(
    settings: Settings, designations: Sequence[Designation], wanted: Iterable[Body], today: date
) -> list[Move]:
    """The cases that are not filed away and still have a former liaison of these offices, with the one of today.

    None for an office that has nobody today: its cases keep the name they have.
    """
    found = []
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        registry = Registry(database)
        for office in wanted:
            now = liaison_on(designations, office.code, today)
            former = former_liaisons(designations, office.code, today)
            if now is None or not former:
                continue
            cases = registry.of_liaisons((office.name, *office.former_names), former)
            found += [Move(case, now.person, now.since) for case in cases]
    return found


async def move(office: Office, asked: Sequence[Move], by: Person) -> Moved:
    """Tell each case its new liaison; one that does not answer keeps no other from being told."""
    moved = Moved()
    turn = asyncio.Semaphore(_AT_ONCE)

    async def tell(each: Move) -> None:
        async with turn:
            try:
                await _assign(office, each, by)
            except RPCError:  # it was filed away meanwhile: nobody is to be told of anything in it
                return
            except MingjianError as error:
                moved.missed.extend(
                    Problem(f"案件 {each.case} 未能改派：{problem.what}", problem.remedy)
                    for problem in error.problems
                )
            else:
                moved.reached.append(each)

    await asyncio.gather(*map(tell, asked))
    moved.reached.sort(key=lambda each: each.case)
    return moved


async def _assign(office: Office, asked: Move, by: Person) -> None:
    decision = AssignLiaison(
        id=natural_id(asked.case, "assign_liaison", asked.liaison, asked.since.isoformat()),
        by=by,
        liaison=asked.liaison,
        reason=f"联络员名册：自{asked.since}起由{asked.liaison}联络",
    )
    with answering():
        await office.client.get_workflow_handle(asked.case).execute_update(
            "decide", Decided(decision=decision), result_type=Taken, rpc_timeout=PATIENCE
        )


def today() -> date:
    """The day in China."""
    return day_in_china(datetime.now(UTC))
