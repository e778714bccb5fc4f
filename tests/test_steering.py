"""What the script sends, on the real server: decisions given twice or taken again, numbers held, scans that come with facts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from models.decisions import Correct as Correction
from models.decisions import DraftLetter
from models.document_types import DocumentType
from models.errors import Refusal
from models.messages import Opening
from models.said.assistance import FileRequestTerms
from models.terms import CaseKind
from models.wire import Person
from starter.message_files import ToRecord, given_as, read_decisions, read_facts
from starter.office import Office
from starter.papers import scans_of
from starter.steering import Correct, Decide, DoesNotFit, Record, correct, decide, record
from starter.tray import Sort, sort
from starter.trial import Trial
from starter.written import read_text
from tests.openings import BUREAU, CHIEF, CLERK, DRAFTER, draft, opening
from tests.world import Case, World

_numbers = count(7301)


def numbered(*drafts: DraftLetter, kind: CaseKind = CaseKind.URGING, **changes: Any) -> Opening:
    """A case of a number of its own: the tests share a server."""
    return opening(*drafts, case=f"{kind.value}-350421-2021-{next(_numbers)}", kind=kind, **changes)


@pytest_asyncio.fixture(loop_scope="session")
async def office(world: World) -> AsyncIterator[Office]:
    office = Office(world.settings.model_copy(update={"task_queue": world.queue}), world.client)
    yield office
    office.close()


async def decided(office: Office, case: Case, *words: str, by: Person = CHIEF) -> list[str]:
    """What became of what a clerk types behind `mingjian decide`: a kind and its fields, or a file with many."""
    kind, written = (words[0], given_as(words[1:])) if len(words) > 1 else ("", read_text(words[0]))
    given = read_decisions(kind, written, by=by, jurisdiction=office.jurisdiction)
    return [each.how for each in await decide(office, Decide(case=case.opening.case, decisions=given))]


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_given_twice_is_taken_once_and_what_is_approved_again_is_approved(
    world: World, office: Office
) -> None:
    case = await world.open(numbered(draft()))
    approve = ("approve_letter", "document=D1")
    assert [await decided(office, case, *approve) for _ in range(2)] == [["applied"], ["seen"]]
    await decided(office, case, "return_draft", "reason=补充证据")
    await decided(office, case, "revise_draft", "text.facts=占地一千三百平方米", by=DRAFTER)
    assert [await decided(office, case, *approve) for _ in range(2)] == [["applied"], ["seen"]]
    assert await decided(office, case, "issue_letter", "official_no=明检〔2021〕1号") == ["applied"]
    for name in ("子", "丑", "子"):
        assert await decided(office, case, "assign", f"handler={{name: {name}, role: 检察官}}") == ["applied"]
    assert (await case.status()).case.handler == "子"


@pytest.mark.asyncio(loop_scope="session")
async def test_a_batch_that_breaks_off_is_taken_up_where_it_stopped(world: World, office: Office) -> None:
    case = await world.open(numbered(draft()))
    batch = "- {kind: 审批, document: D1}\n- {kind: 退回修改, document: D1, reason: 补充证据}\n"
    assert await decided(office, case, batch.partition("\n")[0]) == ["applied"]
    assert await decided(office, case, batch) == ["seen", "applied"]
    assert await decided(office, case, batch) == ["seen", "seen"]


def issuing(*numbers: str) -> str:
    """A file that approves and issues one document after another."""
    return "".join(
        f"- {{kind: 审批, document: D{place}}}\n- {{kind: 制发, document: D{place}, official_no: {number}}}\n"
        for place, number in enumerate(numbers, 1)
    )


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("refused_by", ["books", "case"])
async def test_no_number_of_a_refused_batch_stays_taken(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch, refused_by: str
) -> None:
    """Whether another document holds one of them, or the case refuses a decision that seemed to fit: the rest is free again."""
    first, second, third = (f"明检〔2021〕{number}号" for number in (1, 2, 3))
    other = await world.open(numbered(draft(id="draft-1")))
    case = await world.open(numbered(*(draft(id=f"draft-{n}") for n in (1, 2, 3))))
    if refused_by == "books":
        await decided(office, other, issuing(second))
        with pytest.raises(Refusal, match="已由"):
            await decided(office, case, issuing(first, second, third))
        free = [first, third]
    else:
        rows = issuing(first, second, third).splitlines(keepends=True)
        rows.insert(2, "- {kind: 督促, letter: L9}\n")
        with monkeypatch.context() as patched, pytest.raises(Refusal, match="L9"):
            patched.setattr(Trial, "through", lambda *_: [])
            await decided(office, case, "".join(rows))
        assert (await case.status()).letters[0].official_no == first
        free = [second, third]
    for number in free:
        owner = f"{other.opening.case}/D9"
        office.books.register_official("明溪县人民检察院", "suggestion", 2021, number, owner)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_scans_of_what_was_given_are_kept_in_the_archive(
    world: World, office: Office, tmp_path: Path
) -> None:
    """With the fact, with its correction, and by way of the intake tray; nothing is kept of a fact that is refused."""

    def facts(on: str, *titles: str) -> list[ToRecord]:
        rows = "".join(f"- {{title: {title}, scan: {title}.pdf}}\n" for title in titles)
        written = read_text(
            f"on: {on}\nid: given-{titles[0]}\nitems:\n{rows}", file=str(tmp_path / "提供.yaml")
        )
        return read_facts("file_provided", written, by=CLERK, jurisdiction=office.jurisdiction)

    def kept(case: Case) -> list[str]:
        return [
            each.paper.name[-7:-4]
            for each in office.archive.papers(case.opening.case)
            if "/in/" in each.paper.name
        ]

    for title in ("决定书", "笔录甲", "笔录乙", "照片集"):
        (tmp_path / f"{title}.pdf").write_bytes(f"%PDF-1.4 {title}".encode())
    request = draft(DocumentType.FILE_REQUEST, reply_by=date(2021, 9, 24))
    opened = {"terms": FileRequestTerms(holder=BUREAU.name, files=("处罚卷",)), "opened_on": date(2021, 9, 8)}
    case, other = [await world.open(numbered(request, kind=CaseKind.FILE_REQUEST, **opened)) for _ in "12"]
    for place, each in enumerate((case, other), 1):
        await each.decide("approve_letter", "approve", document="D1")
        await each.decide("issue_letter", "issue", document="D1", official_no=f"明检调〔2021〕{place}号")
    with pytest.raises(DoesNotFit):
        await record(office, Record(case=case.opening.case, facts=facts("2021-08-01", "决定书")))
    assert kept(case) == []
    await record(office, Record(case=case.opening.case, facts=facts("2021-09-08", "决定书", "笔录甲")))
    assert sorted(kept(case)) == ["决定书", "笔录甲"]
    change = read_text("items: [{title: 决定书, scan: 笔录乙.pdf}]", file=str(tmp_path / "更正.yaml"))
    await correct(
        office,
        Correct(case=case.opening.case, fact="given-决定书", by=CLERK, reason="扫描错页", changes=change),
    )
    assert sorted(kept(case)) == ["决定书", "笔录乙", "笔录甲"]
    [entry] = [each for each in (await case.state()).entries if each.message.kind == "correct"]
    assert isinstance(entry.message, Correction) and entry.message.replacement is not None
    assert [each.name[-7:-4] for each in scans_of(entry.message.replacement)] == ["笔录乙"]

    await case.handle.terminate("as if filed")
    await record(office, Record(case=case.opening.case, facts=facts("2021-09-08", "照片集"), keep=True))
    await sort(office, Sort(stray="given-照片集", by=CLERK, into=other.opening.case))
    assert kept(other) == ["照片集"]
    [row] = [each for each in (await other.status()).facts if each.id == "given-照片集"]
    assert row.how == "applied"
