"""`mingjian rebuild`: the registry made again from the archive and the workflows; the books are only read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from activities.rebuilds import Row
from models.errors import InputError, Problem, Refusal, Unreachable
from starter.office import Office
from starter.output import remark, say, say_json
from starter.sources import (
    Known,
    Place,
    Source,
    Told,
    ask,
    known_cases,
    read_filed,
    source_of,
    without_number,
)

How = Literal["found", "written", "newer", "there", "unreadable", "missing", "unnumbered"]

_EVERY = 100
# Between two cases that are asked: their workers have their own work to do.
_PAUSE = 0.02
# So many cases in a row without an answer: it is the worker that is away, and not a case that is ill.
_GIVE_UP = 3

_PLACES: dict[Place, str] = {"archive": "案卷", "running": "在办案件", "closed": "已结束而未封存的案件"}
_DONE: dict[How, str] = {
    "found": "可以写入",
    "written": "已写入",
    "newer": "案件自己已登记更新的",
    "there": "上一次已写入",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remake:
    """Empty the registry and make it again; without `by` only look what would be written.

    A registry that is not empty is emptied only with `replace`; without it, a rebuild that was cut short goes on.
    """

    by: str = ""
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: from where it was made, or what stands in the way."""

    case: str
    how: How
    place: Place | None = None
    problem: Problem | None = None


async def rebuild(office: Office, command: Remake) -> list[Outcome]:
    """Write every case that archive or server know; each that cannot be read, or is nowhere, is among the outcomes.

    All is read once before anything is emptied; rows of a case that cannot be made again are left as they are. Refusal for
    a registry that holds cases, unless it is to be replaced; Unreachable, and what was written stays, when a part of the
    system does not answer.
    """
    rows = office.rebuilds.rows()
    cut_short = None if command.replace else office.rebuilds.unfinished()
    if command.by and rows and not command.replace and cut_short is None:
        what = f"登记库里已有 {len(rows)} 件案件"
        raise Refusal(Problem(what, "确要清空重建的，加 --replace；不加 --yes 可以先试看", field="--replace"))
    done = {case: row for case, row in rows.items() if cut_short and case not in cut_short.kept}
    known = await known_cases(office, rows)
    outcomes = [Outcome(case, "unnumbered", problem=each) for case, each in without_number(known).items()]
    sources, found = await _located(office, known, done)
    found += await _each(sources, "试读", lambda source: _tried(office, source))
    readable = {each.case for each in found if each.how == "found"}
    if command.by:
        if cut_short is None:
            office.rebuilds.begin(command.by, known.rows & readable)
        found = [each for each in found if each.how != "found"]
        sources = [source for source in sources if source.case in readable]
        found += await _each(sources, "写入", lambda source: _written(office, source))
    outcomes += found
    if command.by and not any(each.problem for each in outcomes):
        office.rebuilds.end()
    return sorted(outcomes, key=lambda each: (each.case, each.how))


async def _located(
    office: Office, known: Known, done: Mapping[str, Row]
) -> tuple[list[Source], list[Outcome]]:
    """Where each case is to be read; those that are written, or are nowhere."""
    sources: list[Source] = []
    outcomes: list[Outcome] = []
    for place, case in enumerate(known.cases(), 1):
        folders = known.folders.get(case, [])
        try:
            source = await source_of(office, case, folders)
        except (Refusal, InputError) as trouble:
            how: How = "unreadable" if folders else "missing"
            outcomes += [Outcome(case, how, problem=each) for each in trouble.problems]
        else:
            if source.place == "archive" and done.get(case) == Row(source.run, is_filed=True):
                outcomes.append(Outcome(case, "there", source.place))
            else:
                sources.append(source)
        _progress("清点", place)
    return sources, outcomes


async def _each(
    sources: Sequence[Source], doing: str, step: Callable[[Source], Awaitable[Outcome]]
) -> list[Outcome]:
    """One case after the other; one that is wrong keeps no other from its turn."""
    outcomes: list[Outcome] = []
    silent = 0
    for place, source in enumerate(sources, 1):
        try:
            outcomes.append(await step(source))
            silent = 0
        except (Refusal, InputError) as trouble:
            outcomes += [Outcome(source.case, "unreadable", source.place, each) for each in trouble.problems]
        except _Silent as silence:
            silent += 1
            if silent == _GIVE_UP:
                raise Unreachable(silence.problems) from silence
            outcomes += [Outcome(source.case, "unreadable", source.place, each) for each in silence.problems]
        _progress(doing, place)
    return outcomes


class _Silent(Unreachable):
    """A case did not answer, for whatever reason; the database and the archive may well do."""


async def _told(office: Office, source: Source) -> Told:
    if source.place == "archive":
        return read_filed(office.archive, source)
    await asyncio.sleep(_PAUSE)
    try:
        return await ask(office, source)
    except Unreachable as silence:
        raise _Silent(silence.problems) from silence


async def _tried(office: Office, source: Source) -> Outcome:
    await _told(office, source)
    return Outcome(source.case, "found", source.place)


async def _written(office: Office, source: Source) -> Outcome:
    """Write one case, in one transaction. One that went over into another run meanwhile is asked again.

    Its settling is 0, before any of the run's own: what the case has projected itself, or will, is not older.
    """
    while True:
        told = await _told(office, source)
        is_new = office.registry.project(told.snapshot, run=told.run, run_started_at=told.started_at)
        outcome = Outcome(source.case, "written" if is_new else "newer", source.place)
        if source.place == "archive":
            return outcome
        now = await source_of(office, source.case, ())
        if now.run == source.run:
            return outcome
        source = now


def _progress(doing: str, done: int) -> None:
    if done % _EVERY == 0:
        remark(f"{doing} {done} 件……")


def tell(command: Remake, outcomes: list[Outcome], *, as_json: bool) -> int:
    """Every case as JSON, else a summary and each case that is wrong; exit code 1 when one is."""
    wrong = [each for each in outcomes if each.problem]
    if as_json:
        for each in outcomes:
            problem = str(each.problem) if each.problem else None
            say_json({"case": each.case, "how": each.how, "source": each.place, "problem": problem})
        return 1 if wrong else 0
    for how, words in _DONE.items():
        for place, name in _PLACES.items():
            if number := sum(each.how == how and each.place == place for each in outcomes):
                say(f"{words}：{name} {number} 件")
    for each in wrong:
        remark(f"✗ {each.case}：{each.problem}")
    if wrong:
        remark(f"共 {len(wrong)} 个问题；读不出、找不到的案件，登记库里原有的各行不动。")
    if not command.by:
        remark("这是试看，什么也没有写。办理：mingjian rebuild --yes --by 姓名")
    elif wrong:
        remark("问题解决以后，再运行一次 mingjian rebuild --yes --by 姓名（不加 --replace），接着做完。")
    return 1 if wrong else 0
