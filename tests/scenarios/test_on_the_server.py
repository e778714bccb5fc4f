"""Each scenario once more, on the real server under time skipping.

A scenario is run as it stands, against the pure desk. What it said to each desk it made, and when, is then said to a case of
its own on the server, and the two are compared: every answer, and in the end the rows, the notices and the outcome. Up to `MOST`
distinct desks of each scenario are played, those to which most was said first; of what the server cannot be given, `unplayable`
and `LEFT_OUT` say why. What a scenario asks the door without then doing it (`refusal(...) == ""`) is not asked: the server's door
has no such question for decisions.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import pytest_asyncio

from models.calendar import calendar
from models.numbering import CaseId
from models.terms import CaseKind
from starter.provision.server import LocalServer
from tests.playing import Course, HandTurnedCalendars, course, play, replayed, unplayable
from tests.pure_desk import PureDesk, desks_made, served
from tests.scenarios.test_urging_list import SCENARIOS
from tests.world import World, world_on

AT_ONCE = 12
# Of one scenario: some run in dozens of ways that differ in a word.
MOST = 12
# Of a scenario of the other articles, whose cases are made of the same parts.
FEW = 3
# Case numbers that no other test takes.
FIRST = 5000


PREFIX = "test_"
NO_SCENARIOS = ("test_urging_list", "test_on_the_server", "test_periods", "test_sentences")
MODULES = [
    module.name.removeprefix(PREFIX)
    for module in iter_modules([str(Path(__file__).parent)])
    if module.name.startswith(PREFIX) and module.name not in NO_SCENARIOS
]

# What the server cannot be given, and why; none of them is in the list.
LEFT_OUT = {
    "urging_changes:test_amended_before_the_paper_is_made": "takes the papers out of the case by hand",
    "urging_record:test_a_correction_before_its_fact": "puts a correction past the door; the server's has no way past it",
}


IN_THE_LIST = [f"urging_{reference}" for reference in SCENARIOS.values()]

Scenario = Callable[..., None]


def _scenarios() -> Iterator[tuple[str, Scenario]]:
    """Every scenario as `module:function`."""
    for module in MODULES:
        for name, function in vars(import_module(f"tests.scenarios.{PREFIX}{module}")).items():
            if name.startswith("test_"):
                yield f"{module}:{name}", function


def _ways(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """The arguments that a scenario is run with, one way after another."""
    marks = [mark for mark in getattr(scenario, "pytestmark", ()) if mark.name == "parametrize"]
    for values in product(*(mark.args[1] for mark in marks)):
        way: dict[str, Any] = {}
        for mark, value in zip(marks, values, strict=True):
            names = mark.args[0]
            way |= {names: value} if isinstance(names, str) else dict(zip(names, value, strict=True))
        yield way


ALL = dict(_scenarios())
PLAYED = [reference for reference in ALL if reference not in LEFT_OUT]


def desks_of(reference: str) -> list[PureDesk[Any]]:
    """The desks that a scenario makes, after it has been through in all its ways."""
    with desks_made() as made:
        for way in _ways(ALL[reference]):
            ALL[reference](**way)
    return made


def chosen(desks: list[PureDesk[Any]]) -> list[PureDesk[Any]]:
    """Those to be played: no two of the same story, and of many the ones to which most was said."""
    distinct: list[PureDesk[Any]] = []
    for desk in sorted(desks, key=lambda desk: -len(desk.log)):
        if not unplayable(desk) and all(desk.log != other.log for other in distinct):
            distinct.append(desk)
    kind = desks[0].case.opening.kind if desks else None
    return distinct[: MOST if kind is CaseKind.URGING else FEW]


def own(desk: PureDesk[Any], number: int) -> Course:
    """A desk's course under a case number, and with a procuratorate, of its own: a 文号 is unique in the books of one."""
    opening = desk.case.opening
    procuratorate = opening.procuratorate.model_copy(
        update={"name": f"{opening.procuratorate.name}（{number}）"}
    )
    case = str(CaseId(opening.kind, opening.county, opening.opened_on.year, number))
    changes = {"case": case, "procuratorate": procuratorate}
    return course(replayed(desk, opening.model_copy(update=changes)))


Played = dict[str, asyncio.Task[list[str]]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def played(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Played]:
    """Plays the scenarios that were selected, several at once; each test waits for its own."""
    selected = [
        str(item.callspec.params["reference"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.function is test_the_server_agrees
    ]
    at_once = asyncio.Semaphore(AT_ONCE)
    folder = tmp_path_factory.mktemp("scenarios")
    async with world_on(server, folder, "scenarios") as world:

        async def play_one(desk: PureDesk[Any], number: int) -> str:
            async with at_once:
                return await compared(world, folder, own(desk, number), desk)

        async def play_all(reference: str, first: int) -> list[str]:
            desks = chosen(desks_of(reference))
            return await asyncio.gather(*(play_one(desk, first + n) for n, desk in enumerate(desks)))

        tasks = {
            reference: asyncio.create_task(play_all(reference, FIRST + MOST * number))
            for number, reference in enumerate(selected, 1)
        }
        yield tasks
        for task in tasks.values():
            task.cancel()


async def compared(world: World, folder: Path, course: Course, desk: PureDesk[Any]) -> str:
    """In what the server and the desk differ. A course with calendars of its own gets a worker of its own."""
    if desk.begins_under == calendar() and not course.editions:
        return (await play(world, course)).differences
    calendars = HandTurnedCalendars(desk.begins_under)
    name = course.opening.case
    async with world_on(world.server, folder / name, name, calendars=calendars) as own_world:
        return (await play(own_world, course, calendars)).differences


def test_every_scenario_of_the_list_is_played() -> None:
    assert [reference for reference in IN_THE_LIST if reference not in PLAYED] == []
    assert [reference for reference in LEFT_OUT if reference not in ALL] == []


@pytest.mark.parametrize("reference", PLAYED)
def test_the_log_tells_all(reference: str) -> None:
    """Said again to a new desk, it leads to the same case; and each scenario has a desk that can be played, or is of others."""
    desks = desks_of(reference)
    for desk in desks:
        if not desk.is_carried:
            assert replayed(desk, desk.case.opening).rows() == desk.rows()
    of_others = all(desk.opened or desk.others or desk.answers for desk in desks)
    assert chosen(desks) or of_others, [unplayable(desk) for desk in desks]
    assert desks or reference not in IN_THE_LIST, "it makes no case"


# A settling that was given up for a regular activity is cancelled when it has ended by itself already: the SDK warns.
@pytest.mark.filterwarnings("ignore:Cannot find activity to cancel")
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("reference", PLAYED)
async def test_the_server_agrees(played: Played, reference: str) -> None:
    differences = await played[reference]
    assert not any(differences), "\n".join(each for each in differences if each)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_disagreement_would_be_seen(world: World) -> None:
    """Refused in other words, taken another way, in the end another row or another notice: all of it is told."""
    desk = served()
    desk.refusal("suspend", deadline="L1/jy.reply")
    desk.on("2021-11-20")
    course = own(desk, FIRST)
    steps = [
        replace(step, refused="另有理由")
        if step.refused
        else replace(step, how="unmatched")
        if step.how
        else step
        for step in course.steps
    ]
    case = course.rows.case.model_copy(update={"stage": "closed"})
    rows, notices = course.rows.model_copy(update={"case": case}), course.notices[1:]
    told = (await play(world, replace(course, steps=tuple(steps), rows=rows, notices=notices))).differences
    for part in ("suspend", "另有理由", "approve_letter", "letter_served", "closed", course.notices[0].key):
        assert part in told, part
