"""Importing a ledger: compared with the books, numbered by the hundred, started many at a time; resumed by repeating."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from activities.backlog import PORTION, BacklogBook, OfficialNumber, ToNumber, portions
from activities.database import Database
from activities.numbers import folded
from models.dates import day_in_china
from models.decisions import IssueLetter
from models.numbering import CaseId
from models.reach import Reach
from models.roll import liaison_on
from models.settings import Settings
from starter.case_files import CaseToOpen
from starter.ledgers.columns import CASES, NUMBER
from starter.ledgers.reading import Ledger, LedgerCase, numbers_of
from starter.ledgers.workbook import Finding
from starter.office import Office
from starter.opening import beyond_reach, start_case
from starter.output import progress, remark

AT_ONCE = 32
"""So many starts are on their way to the server."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ledger stands against the books: the cases to start, and those that were started before, with their numbers."""

    to_start: tuple[LedgerCase, ...]
    there: tuple[tuple[LedgerCase, str], ...]


@dataclass(slots=True)
class Tally:
    """How far an import has come."""

    total: int
    started: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        return len(self.started) + len(self.there)


def compare(settings: Settings, ledger: Ledger) -> Standing:
    """What the books know of the cases of a ledger; one that is at odds with them is set aside as bad."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        book = BacklogBook(database)
        numbered = book.numbered([each.case.key for each in ledger.cases])
        started = book.in_registry([str(number) for number in numbered.values()])
        holders = book.holders([number for each in ledger.cases for number, _ in numbers_of(each.group)])
    wrong: list[tuple[LedgerCase, Finding]] = []
    for each in ledger.cases:
        own = numbered.get(each.case.key)
        finding = (
            _beyond_reach(settings.reach, each)
            or _against_numbers(settings.reach, each, own)
            or _against_official(settings.reach, each, own, holders)
        )
        if finding is not None and not (own and str(own) in started and finding.column != NUMBER):
            wrong.append((each, finding))
    ledger.set_aside(wrong)
    there = {key: str(number) for key, number in numbered.items() if str(number) in started}
    return Standing(
        tuple(each for each in ledger.cases if each.case.key not in there),
        tuple((each, there[each.case.key]) for each in ledger.cases if each.case.key in there),
    )


def _beyond_reach(reach: Reach, each: LedgerCase) -> Finding | None:
    found = beyond_reach(reach, each.case)
    return Finding(CASES, each.group.case.number, "地方", found[0].what, found[0].remedy) if found else None


def _against_numbers(reach: Reach, each: LedgerCase, own: CaseId | None) -> Finding | None:
    case = each.case
    if own is None or (own.county, own.year) == (case.county, case.year):
        return None
    used = f"已用于 {own}" if reach.is_whole else "已用于另一案件"
    what = f"案号“{case.written.number}”{used}，与本行的地方或者立案年份不同"
    return Finding(CASES, each.group.case.number, NUMBER, what, "核对案号、地方和立案日期")


def _against_official(
    reach: Reach, each: LedgerCase, own: CaseId | None, holders: dict[tuple[str, str], tuple[str, str]]
) -> Finding | None:
    for number, row in numbers_of(each.group):
        held = holders.get((each.case.procuratorate.name, folded(number)))
        if held is not None and (own is None or not held[0].startswith(f"{own}/")):
            holder = f" {held[0]} " if reach.is_whole else "另一件文书"
            what = f"文号“{number}”已由{holder}使用（登记为“{held[1]}”）"
            return Finding(row.sheet, row.number, "文号", what, "核对文号")
    return None


async def import_cases(office: Office, cases: Sequence[LedgerCase], tally: Tally) -> None:
    """Number and start the cases. What was numbered before keeps its number; what runs already is counted as there.

    Broken off at any moment, it goes on where it stood when it is asked for again.
    """
    book = BacklogBook(office.database)
    edition = office.calendars.current().name
    liaisons = _liaisons(office, {each.case.procuratorate.code for each in cases})
    at_once = asyncio.Semaphore(AT_ONCE)

    async def start(case: CaseToOpen, number: CaseId) -> None:
        opening = case.opening(number.number, edition, liaison=liaisons[case.procuratorate.code])
        async with at_once:
            is_new = await start_case(office, opening)
        (tally.started if is_new else tally.there).append(opening.case)
        progress("立案", tally.done, tally.total)

    async def number(portion: Sequence[LedgerCase]) -> list[CaseId]:
        return await asyncio.to_thread(book.number_all, [_to_number(each.case) for each in portion])

    ahead = deque(portions(cases, PORTION))
    numbering = asyncio.ensure_future(number(ahead[0])) if ahead else None
    try:
        while numbering is not None:
            portion, numbers = ahead.popleft(), await numbering
            # The next ones are numbered while these are started.
            numbering = asyncio.ensure_future(number(ahead[0])) if ahead else None
            await _all(start(each.case, own) for each, own in zip(portion, numbers, strict=True))
    finally:
        if numbering is not None:
            await asyncio.gather(numbering, return_exceptions=True)


async def _all(starts: Iterable[Coroutine[Any, Any, None]]) -> None:
    """All of them, or none that is still on its way when one has failed."""
    begun = [asyncio.ensure_future(each) for each in starts]
    try:
        await asyncio.gather(*begun)
    finally:
        for each in begun:
            each.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


def _liaisons(office: Office, procuratorates: set[str]) -> dict[str, str]:
    """Who is the liaison of each procuratorate today; empty where nobody is."""
    designations = office.roll.designations()
    today = day_in_china(datetime.now(UTC))
    found = {code: liaison_on(designations, code, today) for code in procuratorates}
    return {code: each.person if each else "" for code, each in found.items()}


def _to_number(case: CaseToOpen) -> ToNumber:
    return ToNumber(
        county=case.county,
        kind=case.kind,
        year=case.year,
        key=case.key,
        official=tuple(_official(case)),
    )


def _official(case: CaseToOpen) -> Iterator[OfficialNumber]:
    """The 文号 of the letters that went out before: no later letter is given the same."""
    for message in case.backlog:
        if isinstance(message, IssueLetter) and message.official_no:
            on = message.known_on.earliest if message.known_on else message.on or case.opened_on
            letter = case.written.letters[int(message.document.removeprefix("D")) - 1]
            yield OfficialNumber(
                issuer=case.procuratorate.name,
                document_type=letter.document.value,
                year=on.year,
                number=message.official_no,
                document=message.document,
            )


def tell_broken_off(tally: Tally) -> None:
    """How far it came, and that the same command goes on from there."""
    remark(
        f"已立案 {len(tally.started)} 件，还有 {tally.total - tally.done} 件；再运行同一命令，从断处继续。"
    )
