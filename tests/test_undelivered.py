"""A mail that was refused or came back comes back to its case as a fact: once, and again when it fails again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.books import Books
from activities.database import Database
from activities.deliveries import Undelivered
from activities.undelivered import UndeliveredMail, fact_of
from models.messages import MESSAGES
from models.notices import Notice
from models.rows import FactRow
from models.said.bases import FactBase
from tests.test_digests import reminder
from tests.world import Case, World, awaiting_reply

AT = datetime(2021, 9, 15, 2, tzinfo=UTC)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    database = Database(f"sqlite:///{tmp_path / 'books.db'}")
    database.migrate()
    return Books(database)


def notice(case: str, step: str = "issued", to: str = "永安市自然资源局") -> Notice:
    return Notice(
        key=f"{case}/{step}",
        case=case,
        to=(to,),
        subject="检察建议书送达",
        body="请查收。",
        on=AT.date(),
        at=AT,
    )


def attempt(books: Books, key: str, address: str = "office@yongan.example") -> None:
    books.sending(key, address, channel="smtp")


def test_refused_and_sent_back_are_told_once_and_after_another_failure_once_more(books: Books) -> None:
    first, second = notice("urging-350481-2021-0001"), notice("urging-350481-2021-0002")
    for each in (first, second):
        books.add(each)
        attempt(books, each.key)
    books.refused(first.key, "550 没有这个用户")
    books.sent(second.key, "<2@mingjian>")
    assert [(each.notice.key, each.why, each.attempts) for each in books.undelivered(10)] == [
        (first.key, "550 没有这个用户", 1)
    ]
    books.told(first.key)
    assert books.undelivered(10) == []
    books.bounced("2@mingjian", "邮箱已满")
    [back] = books.undelivered(10)
    assert (back.notice.key, back.address, back.why) == (
        second.key,
        "office@yongan.example",
        "退信：邮箱已满",
    )
    books.told(second.key)

    former = fact_of(back)["id"]
    books.again(second.key)
    assert books.undelivered(10) == []
    attempt(books, second.key, "new@yongan.example")
    books.refused(second.key, "554 拒收")
    [again] = books.undelivered(10)
    assert fact_of(again)["id"] != former and "new@yongan.example" in fact_of(again)["note"]


def test_a_digest_that_came_back_is_told_to_each_case_that_is_in_it(books: Books) -> None:
    cases = ("urging-350481-2021-0001", "urging-350481-2021-0002")
    for case in cases:
        books.add(reminder("reminded", case=case))
    assert books.bundle(time(9)) == 1
    [digest] = books.queued(10)
    attempt(books, digest.key)
    books.sent(digest.key, "<digest@mingjian>")
    assert books.undelivered(10) == []
    books.bounced("digest@mingjian", "邮箱已满")
    assert [each.notice.case for each in books.undelivered(10)] == list(cases)
    for each in books.undelivered(10):
        books.told(each.notice.key)
    assert books.undelivered(10) == []
    books.bounced("digest@mingjian", "仍然已满")
    assert len(books.undelivered(10)) == 2


@pytest.mark.parametrize("long", [1, 3000])
def test_what_a_case_is_told_can_be_read_by_it(books: Books, long: int) -> None:
    given = notice("urging-350481-2021-0001", to="局" * long)
    books.add(given)
    attempt(books, given.key)
    books.refused(given.key, "拒" * long)
    fact = MESSAGES.validate_python(fact_of(books.undelivered(10)[0]))
    assert isinstance(fact, FactBase) and str(fact.on) == "2021-09-15" and fact.note


class Forgetful:
    """Books of a worker that died before it could write down whom it had told."""

    def __init__(self, waiting: Sequence[Undelivered]) -> None:
        self._waiting = waiting

    def undelivered(self, limit: int) -> Sequence[Undelivered]:
        return self._waiting

    def told(self, key: str) -> None: ...


async def heard(case: Case) -> list[FactRow]:
    return [row for row in (await case.settled()).facts if row.kind == "happened"]


@pytest.mark.asyncio(loop_scope="session")
async def test_the_case_hears_of_it_and_another_that_is_gone_holds_nobody_up(
    world: World, books: Books
) -> None:
    case = await awaiting_reply(world, 9731)
    gone, here = notice("urging-350481-2021-9732"), notice(case.opening.case)
    for each in (gone, here):
        books.add(each)
        attempt(books, each.key)
        books.refused(each.key, "550 没有这个用户")
    waiting = books.undelivered(10)
    await ActivityEnvironment().run(UndeliveredMail(world.client, books).tell)
    assert books.undelivered(10) == []
    [row] = await heard(case)
    assert (row.recorded_by, row.happened_on, row.how) == ("收发室", "2021-09-15", "noted")

    await ActivityEnvironment().run(UndeliveredMail(world.client, Forgetful(waiting)).tell)
    assert await heard(case) == [row]
