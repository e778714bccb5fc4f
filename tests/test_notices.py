"""Notices on their way: each is announced whatever was cut short, and one that cannot be sent holds up no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.books import Books
from activities.database import Database
from activities.deliveries import Channel, Outage
from activities.mail import Delivery
from activities.notices import Notices
from activities.registry import Registry
from models.addresses import Receiver
from models.errors import Problem, Refusal, Unreachable
from models.notices import Notice, notices
from tests.openings import opening
from tests.pure_desk import PureDesk
from tests.sample_rows import snapshot


class Nobody:
    """An address book that knows nobody, and an archive with nothing in it."""

    def read(self, digest: str) -> bytes:
        raise Refusal(Problem("档案库中没有这个文件"))

    def receiver(self, name: str, case: str) -> Receiver:
        return Receiver(name, "")


NOON = datetime(2021, 9, 15, 4, tzinfo=UTC)


def notice(key: str) -> Notice:
    return Notice(key=key, case="c", to=("甲",), subject=key, body="正文", on=date(2021, 9, 15), at=NOON)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Books in which two notices wait."""
    database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    database.migrate()
    waiting = [notice("c/one"), notice("c/two")]
    Registry(database).project(snapshot(), run="r", run_started_at=NOON, settling=1, notices=waiting)
    return Books(database)


@dataclass
class Outbox:
    """Refuses some mails, and says which it took."""

    tells_what_went_out = True
    longest = 0.0
    refuses: Callable[[EmailMessage], Exception | None] = lambda message: None
    took: list[str] = field(default_factory=list)

    def deliver(self, message: EmailMessage) -> Delivery:
        if error := self.refuses(message):
            raise error
        self.took.append(str(message["Message-ID"]))
        return Delivery(str(message["Message-ID"]), "", False)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Refusal(Problem("同一标识的邮件已经发出，内容不同", "核对")), "refused"),
        (ValueError("坏"), "failed"),
        (Unreachable(Problem("磁盘已满")), "failed"),
    ],
)
def test_what_an_outbox_refuses_is_said_in_the_books_and_waits(
    books: Books, error: Exception, state: str
) -> None:
    outbox = Outbox(lambda message: error if "one" in str(message["Subject"]) else None)
    room = Notices(books, outbox, Nobody(), Nobody())
    for each in books.queued(10):
        ActivityEnvironment().run(room.send, each)
    states = {each.notice.key: (each.state, each.last_error) for each in books.deliveries()}
    assert states == {"c/one/甲": (state, str(error)), "c/two/甲": ("sent", "")}
    assert list(books.queued(10)) == []


def test_what_another_worker_has_sent_meanwhile_is_left_alone(books: Books) -> None:
    first = books.queued(10)[0]
    books.sending(first.key)
    books.sent(first.key, "<a@b>")
    outbox = Outbox()
    ActivityEnvironment().run(Notices(books, outbox, Nobody(), Nobody()).send, first)
    assert outbox.took == []
    assert {each.state for each in books.deliveries()} == {"sent", "queued"}


class Silent:
    """Books that give a batch and answer nothing more, and count how often they were asked."""

    def __init__(self) -> None:
        self.asked = 0

    def bundle(self, at: time) -> int:
        return 0

    def queued(self, limit: int, *, at_once: bool) -> list[Notice]:
        self.asked += 1
        return [notice("c/one")]

    def sending(
        self, key: str, address: str, *, channel: Channel, tells_what_went_out: bool, lasts: float
    ) -> None: ...

    def sent(self, key: str, message_id: str) -> None:
        raise Unreachable("数据库没有及时答复")

    def failed(self, key: str, why: str, *, is_down: bool, is_unsure: bool) -> None:
        raise Unreachable("数据库没有及时答复")

    def refused(self, key: str, why: str) -> None: ...

    def put_off(self, key: str, why: str) -> None: ...

    def outage(self) -> Outage | None:
        return None

    def add(self, notice: Notice) -> bool:
        return False


@pytest.mark.parametrize("outbox_fails", [False, True])
@pytest.mark.asyncio
async def test_books_that_do_not_answer_are_not_asked_without_pause(
    monkeypatch: pytest.MonkeyPatch, outbox_fails: bool
) -> None:
    books, pauses = Silent(), []
    environment = ActivityEnvironment()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            environment.worker_shutdown()

    monkeypatch.setattr("activities.notices.asyncio.sleep", pause)
    trouble = Unreachable("磁盘已满") if outbox_fails else None
    await environment.run(Notices(books, Outbox(lambda message: trouble), Nobody(), Nobody()).deliver)
    assert len(pauses) == books.asked == 3


def test_a_misfit_that_came_after_a_digest_went_out_is_announced_too() -> None:
    """The worker died after the first was queued, before the case knew of it: the digest of both has a key of its own."""
    desk = PureDesk(opening())
    for id in ("a", "b", "c"):
        desk.signal("reply_received", "2021-09-15", id, letter="某单位")
    entries = desk.case.entries[-3:]
    alone, both, whole = (notices(desk.case, entries[:number]) for number in (1, 2, 3))
    assert [len(each) for each in (alone, both, whole)] == [1, 1, 1]
    assert len({each[0].key for each in (alone, both, whole)}) == 3
    assert "材料编号：b" in both[0].body
    assert alone[0].key == f"{desk.case.opening.case}/a"
