"""Decisions by the script, on the real server: what is given twice, what is taken back and taken again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio

from models.decisions import DraftLetter
from models.errors import Refusal
from models.messages import Opening
from models.wire import Person
from starter.message_files import given_as, read_decisions
from starter.office import Office
from starter.steering import Decide, decide
from starter.trial import Trial
from starter.written import read_text
from tests.openings import CHIEF, DRAFTER, draft, opening
from tests.world import Case, World

_numbers = count(7301)


def numbered(*drafts: DraftLetter) -> Opening:
    """A case of a number of its own: the tests share a server."""
    return opening(*drafts, case=f"urging-350421-2021-{next(_numbers)}")


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
