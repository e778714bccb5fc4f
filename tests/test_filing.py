"""Which folder takes what a run leaves, and which troubles in keeping a history are final."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities.archive import Archive
from activities.calendars import SiteCalendars
from activities.documents import Documents, Numbers, Typesetting
from activities.filing import FilingRoom
from activities.folder_archive import FolderArchive
from activities.folders import folder_of, history_name
from activities.seals import SealBook
from models.documents import Paper
from models.errors import Refusal, Unreachable
from models.journal_file import JOURNAL, SNAPSHOT
from models.numbering import supplement_id
from models.orders import PaperOrder
from models.seals import Seal
from models.tasks import HistoryOrder
from tests.filed_cases import closed_state, file_case
from tests.kept_archives import Maker
from tests.sample_papers import NOTIFICATION, PAPER_OF

pytest_plugins = ["tests.archives"]

CASE = "urging-350421-2021-0007"
FIRST, SECOND, THIRD = "11111111-first", "22222222-second", "33333333-third"
ISSUED = "papers/out/告知函.pdf"


class _Server:
    """A server that holds the history of every run, or answers with an error."""

    def __init__(self, error: RPCStatusCode | None = None) -> None:
        self._error = error

    def get_workflow_handle(self, workflow: str, *, run_id: str) -> _Server:
        return self

    async def fetch_history(self) -> WorkflowHistory:
        if self._error is not None:
            raise RPCError("no", self._error, b"")
        return WorkflowHistory(CASE, [])


class _Press:
    """Sets every paper alike; remembers by which document types it was asked to number."""

    def __init__(self) -> None:
        self.numbered: list[str] = []
        self.registered: list[str] = []

    def render(self, paper: object) -> bytes:
        return b"%PDF"

    def number(self, county: str, kind: str, *_: object) -> int:
        self.numbered.append(kind)
        return 1

    def issued_number(self, county: str, kind: str, *_: object, **official: str) -> int:
        self.registered.append(kind)
        return self.number(county, kind)


@pytest.fixture
def archive(make_archive: Maker) -> Archive:
    """One of each kind that holds a case of one run, not yet sealed."""
    kept = make_archive()
    for name, meta in ((history_name(FIRST), {}), (ISSUED, {"order": "L1/issued"})):
        kept.store(CASE, name, b"{}", media_type="application/json", meta=meta)
    return kept


@pytest.fixture
def sealed(archive: Archive) -> Archive:
    archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    return archive


def within(run: str) -> ActivityEnvironment:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, workflow_run_id=run)
    return environment


async def keep(archive: Archive, kept: str, *, by: str, error: RPCStatusCode | None = None) -> None:
    room = FilingRoom(
        cast(Client, _Server(error)),
        archive,
        cast(Typesetting, _Press()),
        cast(SiteCalendars, None),
        cast(SealBook, None),
    )
    await within(by).run(room.keep_history, HistoryOrder(case=CASE, workflow=CASE, run=kept))


def make(
    archive: Archive,
    name: str,
    *,
    by: str,
    paper: Paper = NOTIFICATION,
    press: Any = None,
    order: str = "L1/issued",
) -> Any:
    press = press or _Press()
    wanted = PaperOrder(
        order=order,
        case=CASE,
        county="350421",
        document="D1",
        name=name,
        issuer="明溪县人民检察院",
        official_no="明检函〔2021〕5号",
        year=2021,
        paper=paper,
    )
    documents = Documents(cast(Typesetting, press), cast(Numbers, press), archive)
    return within(by).run(documents.make, wanted)


def names(archive: Archive, folder: str) -> list[str]:
    return [filed.paper.name for filed in archive.papers(folder)]


def papers(archive: Archive, folder: str) -> dict[str, bytes]:
    return {filed.paper.name: archive.read(filed.paper.digest) for filed in archive.papers(folder)}


def test_a_folder_takes_every_run_until_it_is_sealed(archive: Archive) -> None:
    assert [folder_of(archive, CASE, run) for run in (FIRST, SECOND)] == [CASE, CASE]
    archive.seal(CASE, {})
    assert folder_of(archive, CASE, FIRST) == CASE
    assert folder_of(archive, CASE, SECOND) == supplement_id(CASE, SECOND)


@pytest.mark.asyncio
async def test_after_the_sealing_a_history_goes_where_its_keeper_is_filed(sealed: Archive) -> None:
    await keep(sealed, SECOND, by=THIRD)
    assert names(sealed, supplement_id(CASE, THIRD)) == [history_name(SECOND)]
    assert sealed.verify(CASE) == []


@pytest.mark.asyncio
async def test_a_history_that_was_sealed_is_not_asked_for_again(sealed: Archive) -> None:
    await keep(sealed, FIRST, by=SECOND, error=RPCStatusCode.NOT_FOUND)
    assert names(sealed, supplement_id(CASE, SECOND)) == []


def test_after_the_sealing_a_new_paper_lies_beside_the_old_ones(sealed: Archive) -> None:
    old, new = make(sealed, "告知函.pdf", by=SECOND), make(sealed, "检察建议书.pdf", by=SECOND)
    assert (old.paper.name, old.paper.size) == (ISSUED, 2)
    assert names(sealed, supplement_id(CASE, SECOND)) == [new.paper.name] == ["papers/out/检察建议书.pdf"]
    assert make(sealed, "检察建议书.pdf", by=SECOND) == new


def test_a_paper_under_the_name_of_another_is_refused_and_takes_no_number(archive: Archive) -> None:
    press = _Press()
    make(archive, "清单.pdf", by=FIRST, order="files/p1")
    with pytest.raises(Refusal, match=r"已有另一份文书名为“清单.pdf”.*files/p2"):
        make(archive, "清单.pdf", by=FIRST, order="files/p2", press=press)
    assert press.numbered == press.registered == []
    assert make(archive, "清单.pdf", by=FIRST, order="files/p1").order == "files/p1"


def test_papers_are_numbered_by_document_type(archive: Archive) -> None:
    press = _Press()
    made = [
        make(archive, f"{kind}.pdf", by=FIRST, paper=PAPER_OF[kind], press=press).internal_no
        for kind in ("notification_letter", "general_letter", "general_form")
    ]
    series = ["notification_letter", "file_request", "round_table_minutes"]
    assert made == [f"350421-{each}-2021-0001" for each in series]
    assert press.numbered == press.registered == series


@pytest.mark.asyncio
async def test_only_a_history_that_the_server_lost_is_given_up(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=SECOND):
        await keep(archive, SECOND, by=THIRD, error=RPCStatusCode.NOT_FOUND)
    with pytest.raises(RPCError):
        await keep(archive, SECOND, by=THIRD, error=RPCStatusCode.UNAVAILABLE)
    damaged = FolderArchive(tmp_path / "damaged")
    damaged.store(CASE, ISSUED, b"{}", media_type="application/json", meta={})
    (tmp_path / "damaged" / "cases" / CASE / "ledger.jsonl").unlink()
    with pytest.raises(Unreachable, match="ledger"):
        await keep(damaged, SECOND, by=THIRD)


def test_a_filing_cut_short_before_an_upgrade_is_finished_after_it(tmp_path: Path) -> None:
    """A later release writes the same case in other words: what was filed stays, and nobody says that this release wrote it."""
    first, again = FolderArchive(tmp_path / "first"), FolderArchive(tmp_path / "again")
    folder, voucher = file_case(first)
    entered: list[Seal] = []
    held = {name: content for name, content in papers(first, folder).items() if name in (JOURNAL, SNAPSHOT)}
    for name, content in held.items():
        again.store(folder, name, content.replace(b"{", b"{ ", 1), media_type="application/json", meta={})
    assert file_case(again, entered=entered)[1] != voucher and again.is_sealed(folder)
    assert papers(again, folder)[SNAPSHOT] != held[SNAPSHOT]
    assert [each.program for each in entered] == [""]
    file_case(first, entered=entered)
    assert [each.voucher for each in entered[1:]] == [voucher] and entered[1].program


@pytest.mark.parametrize("name", [JOURNAL, SNAPSHOT])
@pytest.mark.parametrize("content", [b"{}", b"\xff\n", b"[1]\n"])
def test_what_lies_under_its_name_and_is_none_of_the_case_keeps_it_from_its_seal(
    tmp_path: Path, name: str, content: bytes
) -> None:
    archive = FolderArchive(tmp_path)
    case = closed_state().opening.case
    archive.store(case, name, content, media_type="application/json", meta={})
    with pytest.raises(Refusal, match="已有同名文件"):
        file_case(archive)
    assert not archive.is_sealed(case)
