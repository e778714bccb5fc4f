"""What one case does to another: opens it, or tells it a fact. Under a natural key, however often it is tried."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.archive import Archive
from activities.books import Stray
from models.bags import PaperRef
from models.conversion import OpeningOrder
from models.dates import day_in_china
from models.errors import InputError, Problem, Refusal
from models.facts import Fact
from models.kinds import FILES
from models.links import Telling
from models.numbering import CaseId
from models.roll import Designation, liaison_on
from models.said.links import CaseTold, LinkedOpened
from models.status import summary
from models.tasks import CaseStart, Task

_KEY = "opened_under"
"""In the memo of a case that was opened from another, or by a schedule: the key under which its number was given."""


class CaseBooks(Protocol):
    """The number book and the intake tray, as far as cases open and tell one another."""

    def case_number(self, county: str, kind: str, year: int, key: str) -> int:
        """The number that belongs to a key: the next one, or the one it already has."""
        ...

    def known_case(self, case_id: str, *, key: str = "") -> bool:
        """Whether a case of this id exists or existed."""
        ...

    def keep(self, stray: Stray) -> bool:
        """Put what reached no running case into the tray; whether it was not there yet."""
        ...


class Roll(Protocol):
    """The roll of liaisons."""

    def designations(self, *, office: str = "") -> list[Designation]:
        """All that was ever entered, or of one office."""
        ...


class CaseRoom:
    """Opens and tells cases on the server of this worker."""

    def __init__(self, client: Client, books: CaseBooks, archive: Archive, roll: Roll) -> None:
        self._roll = roll
        self._client = client
        self._books = books
        self._archive = archive

    @activity.defn(name=Task.OPEN_CASE.value)
    async def open(self, order: OpeningOrder) -> LinkedOpened:
        """Number and start a case, with the papers it takes along in its own folder; tried again, it is the same one.

        Refusal for a kind that no program here works, and for a number under which another case runs.
        """
        blank = order.opening
        if blank.kind not in FILES:
            raise Refusal(Problem(f"“{blank.kind.label}”的办案流程尚未启用", "在办理该类案件的系统另行立案"))
        key = f"{order.case}/{order.order}"
        number = await asyncio.to_thread(
            self._books.case_number, blank.county, blank.kind.value, blank.opened_on.year, key
        )
        case = str(CaseId(blank.kind, blank.county, blank.opened_on.year, number))
        answer = LinkedOpened(id=f"{order.order}/opened", order=order.order, case=case)
        # One that has ended long ago is forgotten by the server, and must not begin anew.
        if await asyncio.to_thread(self._books.known_case, case, key=key):
            await self._refuse_another(case, key)
            return answer
        facts = await self._with_papers(order.case, case, blank.facts)
        liaison = blank.liaison or await asyncio.to_thread(self._liaison, blank.procuratorate.code)
        opening = blank.model_copy(update={"case": case, "facts": facts, "liaison": liaison})
        try:
            await self._client.start_workflow(
                opening.kind.value,
                CaseStart(opening=opening),
                id=case,
                task_queue=activity.info().task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=summary(opening),
                memo={_KEY: key},
            )
        except WorkflowAlreadyStartedError:
            await self._refuse_another(case, key)
        return answer

    async def _refuse_another(self, case: str, key: str) -> None:
        """Refusal when the case of this id was opened otherwise: books that came from a backup give numbers again."""
        try:
            described = await self._client.get_workflow_handle(case).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return
            raise
        if await described.memo_value(_KEY, "", type_hint=str) != key:
            raise Refusal(
                Problem(
                    f"编号 {case} 下已有另一案件，编号簿与案件不符",
                    "请运维人员核对编号簿（是否由备份恢复）；其后再作决定，另取编号",
                )
            )

    def _liaison(self, office: str) -> str:
        """Who is the liaison of a procuratorate today, by its code; empty for one that has none."""
        found = liaison_on(self._roll.designations(office=office), office, day_in_china(datetime.now(UTC)))
        return found.person if found else ""

    @activity.defn(name=Task.TELL_CASE.value)
    async def tell(self, telling: Telling) -> CaseTold:
        """Tell a case a fact; one that has closed finds it in the intake tray."""
        id = f"{telling.order}/told"
        try:
            await self._client.get_workflow_handle(telling.to).signal("fact", telling.fact)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            if not await asyncio.to_thread(self._books.known_case, telling.to):
                return CaseTold(id=id, order=telling.order, how="missing")
            await asyncio.to_thread(self._books.keep, _stray(telling))
            return CaseTold(id=id, order=telling.order, how="closed")
        return CaseTold(id=id, order=telling.order, how="told")

    async def _with_papers(self, source: str, case: str, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        """The facts with their papers in the new folder: it is sealed one day, and must hold what its case rests on.

        Hundreds of papers take their time: a sign of life after each; what an attempt before this one brought is there.
        """
        held = {each.paper.name: each.paper for each in await asyncio.to_thread(self._archive.papers, case)}
        brought: list[Fact] = []
        for fact in facts:
            if fact.paper is not None:
                paper = await asyncio.to_thread(self._brought, source, case, fact.paper, held)
                held[paper.name] = paper
                fact = fact.model_copy(update={"paper": paper})
                activity.heartbeat()
            brought.append(fact)
        return tuple(brought)

    def _brought(self, source: str, case: str, paper: PaperRef, held: Mapping[str, PaperRef]) -> PaperRef:
        """A paper filed in the new folder; one that is not in the old is named as it was, and missed there too."""
        mark, base = f"{paper.digest[:12]}-", paper.name.rpartition("/")[2]
        name = f"papers/in/{mark}{base.removeprefix(mark)}"
        if name in held and held[name].digest == paper.digest:
            return held[name]
        try:
            with self._archive.open(source, paper.name) as content:
                meta = {"source": source, "name": paper.name}
                return self._archive.store(case, name, content, media_type=paper.media_type, meta=meta)
        except (Refusal, InputError):
            return paper


def _stray(telling: Telling) -> Stray:
    return Stray(
        id=telling.fact.id,
        case=telling.to,
        name=telling.fact.kind,
        content=telling.fact.model_dump_json(),
        why="案件已经办结",
        received_at=datetime.now(UTC),
        received_by=telling.case,
    )
