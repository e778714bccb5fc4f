"""A mailroom of its own for tests: books, an address book in memory, a folder, a real mail server."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from temporalio.testing import ActivityEnvironment

from activities.books import Books
from activities.database import Database
from activities.deliveries import Delivery
from activities.folder_archive import FolderArchive
from activities.notices import Notices
from activities.outbox_folder import OutboxFolder
from activities.registry import Registry
from activities.smtp_outbox import Server, SmtpOutbox
from models.addresses import Receiver
from models.bags import PaperRef
from models.notices import Notice
from tests.mail_server import MailServer
from tests.sample_rows import CASE, snapshot

NOON = datetime(2021, 9, 15, 4, tzinfo=UTC)
ZHANG, LI = "zhang@datian.example", "li@datian.example"


@dataclass
class Book:
    """An address book in memory."""

    known: dict[str, str] = field(default_factory=lambda: {"张三": ZHANG, "李四": LI})

    def receiver(self, name: str, case: str) -> Receiver:
        return Receiver(name, self.known.get(name, ""))


@dataclass
class House:
    """A mailroom over books, a folder and a mail server."""

    folder: Path
    server: MailServer
    book: Book = field(default_factory=Book)

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.folder / 'registry.db'}")
        self.database.migrate()
        self.books = Books(self.database)
        self.archive = FolderArchive(self.folder / "archive")
        self.revision = 0

    def queue(self, *notices: Notice) -> None:
        self.revision += 1
        held = snapshot(self.revision)
        assert Registry(self.database).project(held, run="r", run_started_at=NOON, notices=notices)

    def room(self, *, post: bool = True, digest_at: dt.time | None = None) -> Notices:
        """Patient for two seconds; with a server that is said to pause, for a blink."""
        step = 0.2 if self.server.pause else 2
        through = SmtpOutbox(Server("127.0.0.1", self.server.port, "plain"), step=step, whole=step * 1.5)
        return Notices(
            self.books,
            OutboxFolder(self.folder / "outbox"),
            self.book,
            self.archive,
            post=through if post else None,
            sender="mingjian@datian.example",
            digest_at=digest_at,
        )

    def send(self, *, post: bool = True) -> None:
        """Send what waits, once through."""
        room = self.room(post=post)
        for notice in self.books.queued(100):
            ActivityEnvironment().run(room.send, notice)

    @property
    def filed(self) -> list[EmailMessage]:
        """The mails in the folder."""
        return [
            message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
            for file in sorted((self.folder / "outbox").glob("*/*.eml"))
        ]


def notice(step: str, *to: str, papers: tuple[PaperRef, ...] = ()) -> Notice:
    return Notice(
        key=f"{CASE}/{step}",
        case=CASE,
        to=to or ("张三",),
        subject=f"【提醒】回复期限将于2021-11-15届满（{step}）",
        body=f"正文：{step}\n",
        on=date(2021, 9, 15),
        at=NOON,
        papers=papers,
    )


def mail_of(house: House, step: str = "one", name: str = "张三") -> Delivery:
    """What became of one mail."""
    [found] = [each for each in house.books.deliveries() if each.notice.key == f"{CASE}/{step}/{name}"]
    return found


def words(message: EmailMessage) -> str:
    """The text of a mail."""
    body = message.get_body()
    assert body is not None
    text: str = body.get_content()
    return text.replace("\r\n", "\n")
