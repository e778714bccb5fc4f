"""Saved mails (.eml): who wrote, what they answer, their text, and the papers that came with them.

Every header is a claim: anybody can write any of them. Nothing here decides what a mail is worth.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path

from models.bags import invisible, paper_name, shown
from models.dates import day_in_china
from models.errors import InputError, Problem
from starter.bounces import MESSAGE_ID, ORIGINAL, REPORTED, Bounce, read_bounce, words

LIMIT = 64 * 1024 * 1024
"""The largest mail read, in bytes; it is read whole. Mail servers carry no larger ones."""

_UNFIT = re.compile(r'[\\/:*?"<>|]')
_ENDS_LINE = re.compile(r"</(?:div|p|tr|li|h\d)>|<br\s{0,5}/?>", re.IGNORECASE)
_LONGEST = 120
_MOST = 50
_TEXT = 200_000
_LONGEST_FIELD = 16 * 1024
_READ = ("from", "subject", "date", "message-id", "in-reply-to", "references", "mime-version")
_ENDING = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "message/rfc822": ".eml"}


class _Patience(EmailPolicy):
    """Reads one mail, and refuses it when its fields would hold the library up, which takes time with the square of their
    length: a field of 80 KB takes it ten seconds.
    """

    _spent: list[int]

    def __init__(self) -> None:
        super().__init__(message_factory=EmailMessage, refold_source="none")
        object.__setattr__(self, "_spent", [0])  # policies are not to be changed; this is no part of it

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if name.lower() in _READ or name.lower().startswith("content-"):
            self._spent[0] += len(value) ** 2
            if self._spent[0] > _LONGEST_FIELD**2:
                raise ValueError("fields too long")
        return name, value


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A paper that came with a mail, under a name that is fit to be kept."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it says of itself. `sender` is its one address in small letters; empty when it has none, or several.

    Of a `bounce`, what came back (the original, the report) is not among the papers `enclosed`.
    """

    message_id: str
    answers: tuple[str, ...]
    sender: str
    sender_name: str
    subject: str
    sent_on: date | None
    text: str
    enclosed: tuple[Enclosed, ...]
    bounce: Bounce | None = None


def read_mail(path: Path) -> Mail:
    """Read a saved mail; InputError for what is none."""
    if path.stat().st_size > LIMIT:
        raise _unread(path, f"邮件太大，超过 {LIMIT // 1024 // 1024} MB", "在邮件程序里另存附件，单独放入")
    try:
        with path.open("rb") as file:
            message = BytesParser(policy=_Patience()).parse(file)
        assert isinstance(message, EmailMessage)
        if not message["From"] and not message["Subject"] and not message["Message-ID"]:
            raise _unread(path, "不是邮件", "在邮件程序里另存为 .eml")
        return _read(message)
    except InputError:
        raise
    except Exception:  # the library raises errors of many kinds for what is badly formed
        raise _unread(path, "邮件的格式有误，读不出来", "在邮件程序里另存附件，单独放入") from None


def _read(message: EmailMessage) -> Mail:
    senders = list(getattr(message["From"], "addresses", ()))
    one = senders[0] if len(senders) == 1 and len(message.get_all("From", [])) == 1 else None
    own = MESSAGE_ID.search(str(message["Message-ID"] or ""))
    before = " ".join(str(message[name] or "") for name in ("In-Reply-To", "References"))
    text = _text(message)
    bounce = read_bounce(message, text)
    return Mail(
        message_id=own[0] if own else "",
        answers=tuple(dict.fromkeys(MESSAGE_ID.findall(before))),
        sender=one.addr_spec.lower() if one else "",
        sender_name=shown(one.display_name or one.addr_spec) if one else "",
        subject=shown(str(message["Subject"] or "").strip()),
        sent_on=_day(str(message["Date"] or "")),
        text=text,
        enclosed=tuple(_enclosed(message, (*ORIGINAL, REPORTED) if bounce is not None else ())),
        bounce=bounce,
    )


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    content = body.get_payload(decode=True) if body is not None else None
    if body is None or not isinstance(content, bytes):
        return ""
    text = words(content, str(body.get_content_charset() or ""))[:_TEXT]
    if body.get_content_subtype() != "html":
        return text
    return unescape(re.sub(r"<[^<>]*>", " ", _ENDS_LINE.sub("\n", text)))


def _enclosed(message: EmailMessage, without: Sequence[str]) -> Iterator[Enclosed]:
    """What is attached, without pictures that are set within the text (a logo in a signature), and these types."""
    attached = message.iter_attachments()
    parts = [
        part for part in attached if isinstance(part, EmailMessage) and part.get_content_type() not in without
    ]
    if len(parts) > _MOST:
        raise InputError(Problem(f"附件超过 {_MOST} 个", "另存附件，单独放入"))
    taken: set[str] = set()
    for place, part in enumerate(parts, 1):
        if part.get_content_disposition() != "attachment" and part["Content-ID"]:
            continue
        name = fit_name(part.get_filename() or "", f"附件{place}{_ENDING.get(part.get_content_type(), '')}")
        while name.casefold() in taken:
            name = f"{place}-{name}"
        taken.add(name.casefold())
        yield Enclosed(name, _content(part))


def _content(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return b"".join(each.as_bytes() for each in part.get_payload() if isinstance(each, EmailMessage))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def fit_name(given: str, otherwise: str) -> str:
    """The last part of a name that somebody else chose, such as every system can hold; `otherwise` for one of which
    nothing is left. Marks of direction go: behind one, “exe.fdp” is shown for “pdf.exe”.
    """
    text = unicodedata.normalize("NFC", given)
    seen = "".join(sign for sign in text if sign not in invisible(text))
    last = re.split(r"[\\/]", seen)[-1]
    name = _UNFIT.sub("_", last).strip().strip(".").strip()
    stem, dot, ending = name.rpartition(".")
    if len(name) > _LONGEST:
        name = f"{(stem or name)[: _LONGEST - 10]}{dot}{ending[:9]}" if dot else name[:_LONGEST]
    while len(name.encode("utf-8", "replace")) > 200:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:-1]}{dot}{ending}" if stem else name[:-1]
    try:
        return paper_name(name)
    except InputError:
        return paper_name(f"_{name}") if name else otherwise


def _day(text: str) -> date | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return day_in_china(moment) if moment.tzinfo is not None else moment.date()


def _unread(path: Path, what: str, remedy: str) -> InputError:
    return InputError(Problem(what, remedy, file=str(path)))
