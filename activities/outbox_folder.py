"""Mails as .eml files in a folder, for a machine without a mail server: mail programs open and send them.

<root>/<yyyy-mm-dd>/<message id>.eml   by the day in China of the mail's own date
<root>/.delivered/<message id>         the same file under its id alone: one mail for an id, whatever its date
<root>/.incoming/                      files being written

A mail that staff send once more to another address lies beside the first, its name marked by the addresses (`~…`).
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP, compat32
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from activities.durable import link, publish, reaching, staged, sweep
from activities.mail import Delivery
from models.dates import day_in_china
from models.errors import InputError, Problem, Refusal

_MESSAGE_ID = re.compile(r"<([A-Za-z0-9][A-Za-z0-9_.+-]*@[A-Za-z0-9.-]+)>")


class OutboxFolder:
    """The `Outbox` port over a folder; safe for many threads and processes of one machine at once."""

    tells_what_went_out = True
    longest = 0.0

    def __init__(self, root: Path) -> None:
        self._root = root

    def deliver(self, message: EmailMessage) -> Delivery:
        """Write the mail unless it is there; a delivery that was cut short is finished.

        Raises InputError for a message without id or date, Refusal for another mail under its id;
        Unreachable.
        """
        match = _MESSAGE_ID.fullmatch(str(message["Message-ID"] or ""))
        if match is None or len(match[1]) > 240:
            raise InputError(
                Problem("邮件没有可用的 Message-ID", remedy="写作 <标识@域名>", field="Message-ID")
            )
        content = message.as_bytes(policy=SMTP)
        with reaching("发件箱"):
            name = self._name(match[1], content)
            known = self._root / ".delivered" / name
            place = self._root / _day(message) / f"{name}.eml"
            with staged(self._root / ".incoming") as file:
                file.write(content)
                fresh = publish(file, known)
            if not fresh and known.read_bytes() != content:
                raise Refusal(
                    Problem(
                        "同一标识的邮件已经发出，内容不同",
                        remedy="核对已发出的邮件；确要另发时换一个标识",
                        file=str(known),
                    )
                )
            already = not link(known, place)
            if already and not place.samefile(known) and place.read_bytes() != content:
                raise Refusal(Problem("发件箱中的邮件被改动", remedy=f"与 {known} 核对", file=str(place)))
        return Delivery(match[0], str(place), already)

    def _name(self, id: str, content: bytes) -> str:
        """The id, and the addresses too where the mail of that id went to others."""
        try:
            first = _addressed((self._root / ".delivered" / id).read_bytes())
        except FileNotFoundError:
            return id
        to = _addressed(content)
        return id if first == to else f"{id}~{sha256(to.encode()).hexdigest()[:8]}"

    def tidy(self) -> None:
        """Remove what writers that died left behind, a day later."""
        with reaching("发件箱"):
            sweep(self._root / ".incoming")


def _addressed(mail: bytes) -> str:
    return str(BytesHeaderParser(policy=compat32).parsebytes(mail)["To"] or "")


def _day(message: EmailMessage) -> str:
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError(Problem("邮件没有带时区的日期", remedy="写明日期和时区", field="Date"))
    return day_in_china(moment).isoformat()
