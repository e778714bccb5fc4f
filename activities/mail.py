"""E-mail messages that are the same, byte for byte, however often they are composed.

Composing is pure; delivery is an adapter's. Mail itself knows no "once": a stable Message-ID is all a
receiver can tell two copies by, so nothing here is drawn at random or read from a clock.

Adapters: `outbox_folder.OutboxFolder` (.eml files in a folder), `smtp_outbox.SmtpOutbox` (an SMTP server).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Protocol

from models.addresses import is_mail_address
from models.bags import invisible, paper_name, shown
from models.errors import InputError, MingjianError, Problem, Unreachable

_MEDIA_TYPE = re.compile(r"([\w.+-]+)/([\w.+-]+)", re.ASCII)
_PLAIN = re.compile(r"(?=.{1,60}\Z)[A-Za-z0-9]+( [A-Za-z0-9]+)*")
_OCTETS_IN_WORD = 39  # so that "Subject: " and a word stay within 76 columns (RFC 2047, 2)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper sent along: its file name as the receiver sees it, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MailOrder:
    """One mail to be sent. `key` is its natural key: one key, one mail, for ever.

    `sender` and `recipients` are pairs of name and address; `unaddressed` are names for which no address is known: such a mail
    is for staff to hand on. `date` is an aware moment in case time, never the clock's.
    """

    key: str
    sender: tuple[str, str]
    recipients: tuple[tuple[str, str], ...]
    subject: str
    body: str
    attachments: tuple[Attachment, ...]
    date: datetime
    unaddressed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a mail: its Message-ID, where it went, and whether it had been delivered `already`."""

    message_id: str
    place: str
    already: bool


class Deferred(MingjianError):
    """The receiver does not take this mail for now; others may go out."""


class Unsure(Unreachable):
    """A mail was handed over and no answer came: it may have gone out."""


class Outbox(Protocol):
    """Where mails leave the house."""

    tells_what_went_out: bool
    """Whether it knows its mails by their Message-ID: one delivered already is not delivered again."""
    longest: float
    """Seconds after which an attempt is over, one way or the other."""

    def deliver(self, message: EmailMessage) -> Delivery:
        """Deliver a mail under its Message-ID.

        Refusal when it will never be taken, or another went out under its id; Deferred when it is put off; Unreachable when
        nothing can be delivered for now; Unsure when it may have gone out.
        """
        ...


def compose(order: MailOrder) -> EmailMessage:
    """The message an order makes; raises InputError with everything that is wrong with the order."""
    problems = list(_problems(order))
    if problems:
        raise InputError(problems)
    message = EmailMessage(policy=SMTP)
    message["From"] = _Header("From", *_mailboxes([order.sender]))
    message["To"] = _Header("To", *_mailboxes(order.recipients, order.unaddressed))
    message["Subject"] = _Header("Subject", order.subject.strip(), _words(order.subject))
    message["Date"] = format_datetime(order.date)
    message["Message-ID"] = message_id(order)
    message.set_content(order.body, cte="base64")
    for attachment in order.attachments:
        kind, _, subtype = attachment.media_type.partition("/")
        if kind in ("message", "multipart"):  # these may not be base64 (RFC 2045, 6.4)
            kind, subtype = "application", "octet-stream"
        message.add_attachment(
            attachment.content, kind, subtype, filename=paper_name(attachment.name).rpartition("/")[2]
        )
    if message.is_multipart():
        message.set_boundary(f"={_fingerprint(order)}=")  # "=" stands in no base64 line but at its end
    return message


def message_id(order: MailOrder) -> str:
    """The Message-ID an order will have, in angle brackets: its key's fingerprint at the sender's domain."""
    return f"<{_fingerprint(order)}@{order.sender[1].rpartition('@')[2].lower()}>"


def _fingerprint(order: MailOrder) -> str:
    return sha256(order.key.encode()).hexdigest()[:32]


class _Header(str):
    """A header's value, with the lines in which it is to be written.

    Left to itself, the library drops spaces where Chinese meets Latin, and takes "=?" in a text for its code.
    """

    name: str
    lines: str

    def __new__(cls, name: str, value: str, lines: str) -> _Header:
        header = super().__new__(cls, value)
        header.name, header.lines = name, lines
        return header

    def fold(self, *, policy: Policy[Any]) -> str:
        """The header with the line ends of the policy: what the library asks of a header that it writes."""
        return f"{self.name}: {self.lines}\n".replace("\n", policy.linesep)


def _mailboxes(people: Iterable[tuple[str, str]], unaddressed: Iterable[str] = ()) -> tuple[str, str]:
    """The value and the lines of a header with people in it; who has no address is a group without members (RFC 5322, 3.4)."""
    mailboxes = [f"{_words(name)}\n <{address}>" if name.strip() else address for name, address in people]
    lines = ",\n ".join([*mailboxes, *(f"{_words(f'{name}（无地址）')}:;" for name in unaddressed)])
    return lines.replace("\n", ""), lines


def _words(text: str) -> str:
    """A header text as encoded words (RFC 2047) of whole characters, a line each; plain text stays."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return text
    pieces, piece = [], b""
    for char in text:
        if len(piece + char.encode()) > _OCTETS_IN_WORD:
            pieces.append(piece)
            piece = b""
        piece += char.encode()
    return "\n ".join(f"=?utf-8?b?{b64encode(each).decode()}?=" for each in [*pieces, piece])


def _hidden(name: str, field: str) -> Problem:
    return Problem(f"姓名“{shown(name)}”含换行或看不见的字符", "删去这些字符", field=field)


def _problems(order: MailOrder) -> Iterator[Problem]:
    if not order.key:
        yield Problem("邮件没有标识", "给出邮件的标识", field="key")
    if order.date.tzinfo is None:
        yield Problem("邮件日期没有时区", "给出带时区的时刻", field="date")
    if not order.recipients and not order.unaddressed:
        yield Problem("邮件没有收件人", "至少写一个收件人", field="recipients")
    for field, (name, address) in (
        ("sender", order.sender),
        *(("recipients", each) for each in order.recipients),
    ):
        if not is_mail_address(address):
            yield Problem(f"“{shown(address)}”不是电子邮件地址", "写作 name@example.gov.cn", field=field)
        if invisible(name):
            yield _hidden(name, field)
    yield from (_hidden(name, "unaddressed") for name in order.unaddressed if invisible(name))
    if not order.subject.strip() or invisible(order.subject):
        yield Problem("邮件主题为空，或含换行、看不见的字符", "写成一行文字", field="subject")
    for attachment in order.attachments:
        try:
            paper_name(attachment.name)
        except InputError as error:
            yield from error.problems
        name = shown(attachment.name)
        if not _MEDIA_TYPE.fullmatch(attachment.media_type):
            yield Problem("附件的媒体类型不对", "写作 application/pdf", field="attachments", file=name)
        if not attachment.content:
            yield Problem("附件是空的", "换成有内容的文件", field="attachments", file=name)
