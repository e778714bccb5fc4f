"""What the mailroom makes of a notice: through which channel it goes, what goes along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.books import Books
from activities.database import Database
from activities.folder_archive import FolderArchive
from activities.notices import Notices
from activities.outbox_folder import OutboxFolder
from activities.registry import Registry
from activities.smtp_outbox import Server, SmtpOutbox
from models.addresses import Receiver
from models.bags import PaperRef
from models.notices import Notice
from tests.mail_server import MailServer, mail_server
from tests.sample_rows import CASE, snapshot

NOON = datetime(2021, 9, 15, 4, tzinfo=UTC)
ZHANG, LI = "zhang@datian.example", "li@datian.example"
PAPER = "papers/检察建议书（大检建〔2021〕5号）.pdf"
CONTENT = b"%PDF-1.7\r\n.\r\n\x00\xff" * 500


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

    def room(self, *, post: bool = True) -> Notices:
        through = SmtpOutbox(Server("127.0.0.1", self.server.port, "plain"), step=2, whole=3)
        return Notices(
            self.books,
            OutboxFolder(self.folder / "outbox"),
            self.book,
            self.archive,
            post=through if post else None,
            sender="mingjian@datian.example",
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


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with mail_server() as server:
        made = House(tmp_path, server)
        yield made
        made.database.close()


def words(message: EmailMessage) -> str:
    """The text of a mail."""
    body = message.get_body()
    assert body is not None
    text: str = body.get_content()
    return text.replace("\r\n", "\n")


def test_each_recipient_is_reached_as_the_address_book_says(house: House) -> None:
    house.queue(notice("one", "张三", "王五"))
    house.send()
    [mail] = house.server.to(ZHANG)
    assert mail["To"].addresses[0].display_name == "张三"
    assert mail["From"].addresses[0].addr_spec == "mingjian@datian.example"
    [filed] = house.filed
    assert [each.display_name for each in filed["To"].groups] == ["王五（无地址）"]
    assert mail["Message-ID"] != filed["Message-ID"]
    by_name = {each.notice.to[0]: each for each in house.books.deliveries()}
    assert (by_name["张三"].address, by_name["王五"].address) == (ZHANG, "")
    assert {each.state for each in by_name.values()} == {"sent"}


def test_without_a_mail_server_everything_goes_into_the_folder(house: House) -> None:
    house.queue(notice("one"))
    house.send(post=False)
    [filed] = house.filed
    assert filed["To"].addresses[0].addr_spec == ZHANG and house.server.took == []


def test_the_paper_that_a_notice_is_about_goes_along(house: House) -> None:
    paper = house.archive.store(CASE, PAPER, CONTENT, media_type="application/pdf", meta={"source": "t"})
    house.queue(notice("one", papers=(paper,)))
    house.send()
    [mail] = house.server.to(ZHANG)
    [attachment] = mail.iter_attachments()
    assert attachment.get_filename() == "检察建议书（大检建〔2021〕5号）.pdf"
    assert attachment.get_content() == CONTENT
    assert words(mail) == "正文：one\n"


def test_a_paper_that_cannot_be_read_is_said_in_the_mail(house: House) -> None:
    missing = PaperRef("0" * 64, 9, "application/pdf", PAPER)
    huge = PaperRef("1" * 64, 2**30, "application/pdf", "papers/全卷.pdf")
    house.queue(notice("one", papers=(missing, huge)))
    house.send()
    [mail] = house.server.to(ZHANG)
    assert list(mail.iter_attachments()) == []
    assert "附件“检察建议书（大检建〔2021〕5号）.pdf”未能读出" in words(mail)
    assert "附件“全卷.pdf”过大" in words(mail)
