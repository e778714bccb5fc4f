"""The papers that a new case takes along: copied one by one, with a sign of life after each, and none of them twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.cases import CaseRoom, Roll
from activities.folder_archive import FolderArchive
from models.bags import PaperRef
from models.conversion import OpeningOrder
from models.dates import EventDate
from models.errors import Unreachable
from models.facts import Happened
from models.said.links import LinkedOpened
from models.tasks import CaseStart
from models.terms import CaseKind
from tests.openings import DRAFTER, opening
from workflows.parts import calls

SOURCE = "urging-350421-2021-0007"


class Flaky(FolderArchive):
    """Takes so many papers, and then no more for a while; remembers which were written."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.left = 100
        self.written: list[str] = []

    def store(
        self,
        case_id: str,
        name: str,
        content: bytes | Path | BinaryIO,
        *,
        media_type: str,
        meta: Mapping[str, str],
    ) -> PaperRef:
        if not self.left:
            raise Unreachable("磁盘忙")
        self.left -= 1
        self.written.append(name)
        return super().store(case_id, name, content, media_type=media_type, meta=meta)


@dataclass
class Server:
    """Starts what it is told to, and remembers it."""

    started: list[CaseStart] = field(default_factory=list)

    async def start_workflow(self, kind: str, start: CaseStart, **_: object) -> None:
        self.started.append(start)


class CaseBooks:
    def case_number(self, *_: object) -> int:
        return 1

    def known_case(self, case_id: str, *, key: str = "") -> bool:
        return False

    def keep(self, stray: object) -> bool:
        return True


@pytest.mark.asyncio
async def test_an_attempt_goes_on_where_the_one_before_it_was_cut_off(tmp_path: Path) -> None:
    archive, server = Flaky(tmp_path), Server()
    papers = [
        archive.store(SOURCE, f"papers/in/{n}.pdf", f"{n}".encode(), media_type="application/pdf", meta={})
        for n in range(5)
    ]
    archive.written.clear()
    facts = tuple(
        Happened(id=f"f{n}", on=EventDate.on(date(2021, 9, 1)), by=DRAFTER, event="核查", paper=paper)
        for n, paper in enumerate([*papers, papers[0]])
    )
    blank = opening(kind=CaseKind.STUDY, facts=facts)
    order = OpeningOrder(order="open/o", case=SOURCE, opening=blank)
    room = CaseRoom(cast(Client, server), CaseBooks(), archive, cast(Roll, None))

    async def attempt() -> int:
        """How many signs of life there were."""
        environment, signs = ActivityEnvironment(), []
        environment.on_heartbeat = lambda *_: signs.append(1)
        try:
            await environment.run(room.open, order)
        except Unreachable:
            assert not server.started
        return len(signs)

    archive.left = 3
    assert await attempt() == 3
    archive.left = 100
    assert await attempt() == 6
    assert len(archive.written) == 5
    (start,) = server.started
    names = [fact.paper.name for fact in start.opening.facts if fact.paper]
    new = start.opening.case
    assert new != SOURCE and set(names) == {each.paper.name for each in archive.papers(new)}
    assert names[5] == names[0]


@pytest.mark.asyncio
async def test_a_case_may_be_opened_for_hours_but_not_without_a_sign_of_life(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, Any] = {}

    async def execute(name: str, order: OpeningOrder, **options: Any) -> LinkedOpened:
        asked.update(options)
        return LinkedOpened(id="o/opened", order="o", case="c")

    monkeypatch.setattr(workflow, "execute_activity", execute)
    await calls.open_case(OpeningOrder(order="o", case=SOURCE, opening=opening()))
    assert asked["start_to_close_timeout"] >= timedelta(hours=1)
    assert asked["heartbeat_timeout"] <= timedelta(minutes=5)
