"""What a verification can ask: the archive, the books, the registry, the server; and what it could not reach."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field

from temporalio.service import RPCError

from activities.archive import Archive, open_archive
from activities.database import Database
from activities.held_rows import HeldRows
from activities.rebuilds import Rebuilds, Row
from activities.seals import SealBook
from models.errors import InputError, Unreachable
from models.kinds import FILES
from models.numbering import CaseId, case_of_supplement
from models.seals import Seal
from models.settings import Settings
from starter.doors import is_within
from starter.office import Office, answering, reach

_TYPES = ", ".join(f"'{kind.value}'" for kind in FILES)


@dataclass(slots=True)
class Witnesses:
    """Who is asked. `seals` and `rows` are None where the database was not reached or was not to be asked, `office` where the
    server was not; `unmade` says in Chinese which checks fall away with them.
    """

    archive: Archive
    seals: dict[str, Seal] | None = None
    held: HeldRows | None = None
    rows: dict[str, Row] | None = None
    office: Office | None = None
    served: set[str] = field(default_factory=set)
    folders: dict[str, list[str]] = field(default_factory=dict)
    unmade: list[str] = field(default_factory=list)
    broken: bool = False
    """Whether something that was to be asked did not answer."""
    silent: int = 0
    """How many cases in a row gave no answer."""

    def cases(self) -> list[str]:
        """Every case that one of them knows, in order."""
        sealed = {seal.case for seal in (self.seals or {}).values()}
        return sorted(self.folders.keys() | sealed | (self.rows or {}).keys() | self.served)


@asynccontextmanager
async def called(settings: Settings, *, offline: bool = False) -> AsyncIterator[Witnesses]:
    """Call them all; the archive and the books alone when `offline`. Unreachable when the archive itself does not answer."""
    witnesses = Witnesses(open_archive(settings))
    for folder in witnesses.archive.cases():
        witnesses.folders.setdefault(case_of_supplement(folder) or folder, []).append(folder)
    database: Database | None = None
    try:
        try:
            database = Database(settings.registry, reach=settings.reach)
            witnesses.seals = SealBook(database).seals()
            if not offline:
                witnesses.rows = Rebuilds(database).rows()
                witnesses.held = HeldRows(database)
        except (Unreachable, InputError) as trouble:
            witnesses.broken = True
            witnesses.unmade.append(f"封存簿、登记库没有核对：{trouble.problems[0]}")
        if offline:
            witnesses.unmade.append("登记库、服务器没有核对（--offline）")
        else:
            await _ask_server(settings, witnesses)
        if not settings.reach.is_whole:
            _wall_in(witnesses, Database(settings.registry, reach=settings.reach))
        yield witnesses
    finally:
        if witnesses.office is not None:
            witnesses.office.close()
        if database is not None:
            database.close()


async def _ask_server(settings: Settings, witnesses: Witnesses) -> None:
    try:
        office = Office(settings, await reach(settings))
        with answering():
            async for run in office.client.list_workflows(
                f"WorkflowType IN ({_TYPES}) AND ExecutionStatus = 'Running'"
            ):
                if CaseId.parse(run.id) is not None:
                    witnesses.served.add(run.id)
        witnesses.office = office
    except (Unreachable, RPCError) as trouble:
        why = trouble.problems[0] if isinstance(trouble, Unreachable) else trouble
        witnesses.broken = True
        witnesses.unmade.append(f"服务器上的案件没有核对：{why}")


def _wall_in(witnesses: Witnesses, database: Database) -> None:
    """Leave out what this desk may not see: folder and workflow know nothing of walls."""
    with closing(database):
        hidden = [case for case in witnesses.cases() if not is_within(database, case)]
    for case in hidden:
        witnesses.folders.pop(case, None)
    witnesses.served.difference_update(hidden)


def chosen(witnesses: Witnesses, cases: Iterable[str]) -> list[str]:
    """The cases asked for (a folder stands for its case), or every one that is known."""
    named = [case_of_supplement(case) or case for case in cases]
    return list(dict.fromkeys(named)) or witnesses.cases()
