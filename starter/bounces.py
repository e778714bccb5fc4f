"""Bounces: what a mail server says of a mail of ours that it could not deliver (RFC 3464), as facts to be shown.

A report of failure is as easily written as any mail. What it proves is that its writer has seen the mail that it quotes: our
Message-ID stands in the original, or in its headers, that came back with it. One that is named anywhere else proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from typing import Literal

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded", "unclear"]
"""What became of the mail for one recipient, in the words of RFC 3464, 2.3.3; `unclear` where nothing says it."""

ORIGINAL = ("message/rfc822", "text/rfc822-headers")
"""The parts in which the original comes back, whole or its headers."""
REPORTED = "message/delivery-status"
MESSAGE_ID = re.compile(r"<[^<>@\s]{1,240}@[^<>@\s]{1,240}>")

_ACTIONS: tuple[Action, ...] = ("failed", "delayed", "delivered", "relayed", "expanded")
_MOST = 50
_LONGEST = 300
_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
_POSTMASTERS = ("mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon")
# 550, 5.1.1 and the like, as the servers of qq.com, 163.com and others write them into a plain text.
_PERMANENT = re.compile(r"(?<![\d.])(?:5[0-5]\d(?![\d.])|5\.\d{1,3}\.\d{1,3}(?![\d.]))")
_STILL_TRYING = re.compile(
    r"delayed|will (?:be )?(?:retr|keep trying)|still (?:being )?(?:trying|retried)|not need to resend"
    r"|延迟|延误|继续尝试|继续投递|暂时无法|稍后重试",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Failed:
    """What a bounce says of one recipient: his addresses, in small letters; what became of the mail; why, in one line."""

    addresses: tuple[str, ...]
    action: Action
    why: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce says: the Message-IDs of what came back, and what became of it for each recipient."""

    originals: tuple[str, ...]
    recipients: tuple[Failed, ...]

    def about(self, address: str) -> Failed | None:
        """What it says of an address; a failure before anything else. None when it does not name it."""
        found = [each for each in self.recipients if address.lower() in each.addresses]
        return next((each for each in found if each.action == "failed"), next(iter(found), None))


def read_bounce(message: EmailMessage, text: str) -> Bounce | None:
    """The bounce that a mail is; None when it is none. `text` is its body."""
    parts = [part for part in _parts(message) if isinstance(part, EmailMessage)]
    reports = [part for part in parts if part.get_content_type() == REPORTED]
    originals = [part for part in parts if part.get_content_type() in ORIGINAL]
    if not reports and not (originals and _from_a_server(message)):
        return None
    ids = dict.fromkeys(found for part in originals for found in _message_ids(part))
    recipients = [each for part in reports for each in _reported(part)] or list(_told(text))
    return Bounce(tuple(ids), tuple(recipients[:_MOST]))


def words(content: bytes, charset: str = "") -> str:
    """Text in the encoding that it states, else UTF-8, else GB 18030, of which GBK and GB 2312 are parts.

    Mail servers write their reasons in bare bytes, and state US-ASCII or nothing.
    """
    stated = charset.lower().replace("_", "-")
    if stated in ("gb2312", "gbk", "gb-2312"):
        stated = "gb18030"
    for each in (stated, "utf-8", "gb18030"):
        with suppress(LookupError, UnicodeDecodeError, ValueError):
            if each:
                return content.decode(each)
    return content.decode("utf-8", "replace")


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a mail, whatever stands around them, but never those of a mail within it."""
    if message.get_content_maintype() == "multipart" and isinstance(message.get_payload(), list):
        for part in list(message.get_payload())[:_MOST]:
            assert isinstance(part, Message)
            yield from _parts(part)
    else:
        yield message


def _from_a_server(message: EmailMessage) -> bool:
    """Whether a mail calls itself a server's: enough to show it as a bounce, since that by itself does nothing."""
    sender = _ADDRESS.search(_raw(message, "From"))
    by_name = sender is not None and sender[0].partition("@")[0].lower() in _POSTMASTERS
    returned = _raw(message, "Return-Path").strip() == "<>"
    automatic = _raw(message, "Auto-Submitted").strip().lower() not in ("", "no")
    return by_name or returned or automatic


def _message_ids(part: EmailMessage) -> Iterator[str]:
    """The Message-ID in the header of an original; what stands in its text is not its own."""
    inner: Message | None = None
    if part.get_content_type() == "message/rfc822":
        payload = part.get_payload()
        inner = (
            payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else None
        )
    elif isinstance(content := part.get_payload(decode=True), bytes):
        inner = BytesHeaderParser(policy=policy.compat32).parsebytes(content)
    if inner is not None and len(inner.get_all("Message-ID", [])) == 1:
        yield from MESSAGE_ID.findall(_raw(inner, "Message-ID"))[:1]


def _reported(part: EmailMessage) -> Iterator[Failed]:
    """The recipients of a report, each a group of fields of its own (RFC 3464, 2.3)."""
    groups = part.get_payload()
    for group in groups if isinstance(groups, list) else ():
        if not isinstance(group, Message):
            continue
        stated = (_typed(_raw(group, name)) for name in ("Original-Recipient", "Final-Recipient"))
        addresses = tuple(
            dict.fromkeys(found[0].lower() for text in stated if (found := _ADDRESS.search(text)))
        )
        if not addresses:
            continue
        said = (_raw(group, "Action").split() or [""])[0].lower()
        action: Action = next((each for each in _ACTIONS if each == said), "unclear")
        reason = _typed(_raw(group, "Diagnostic-Code")) or _raw(group, "Status")
        yield Failed(addresses, action, one_line(reason))


def _told(text: str) -> Iterator[Failed]:
    """What a bounce in plain words says: a permanent code of the server, and no word of further attempts."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    reasons = [line for line in lines if _PERMANENT.search(_ADDRESS.sub("", line))]
    action: Action = "failed" if reasons and not _STILL_TRYING.search(text) else "unclear"
    addresses = tuple(dict.fromkeys(each.lower() for each in _ADDRESS.findall(text)))
    if addresses:
        yield Failed(addresses[:_MOST], action, one_line(reasons[0] if reasons else ""))


def _typed(text: str) -> str:
    """The value of a field that has its type before it: `rfc822; li@example.cn`, `smtp; 550 5.1.1`."""
    kind, separator, value = text.partition(";")
    return value if separator and kind.strip().replace("-", "").isalnum() else text


def _raw(message: Message, name: str) -> str:
    """A field as it stands there, in whatever encoding; the library would refuse, or put marks for, bare bytes."""
    for field, value in message.raw_items():
        if field.lower() == name.lower():
            text = words(str(value).encode("utf-8", "surrogateescape"))
            with suppress(LookupError, ValueError, UnicodeError):
                return str(make_header(decode_header(text))) if "=?" in text else text
            return text
    return ""


def one_line(text: str) -> str:
    """What a server said, as one line that can be printed and kept."""
    seen = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(seen.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
