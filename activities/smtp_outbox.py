"""Mails through an SMTP server, for a house that has one (RFC 5321).

SMTP answers once, after the last line of a mail: a connection that breaks before that answer leaves it open whether the mail went
out. That is said (`Unsure`), and never taken for a failure like others.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import getaddresses
from pathlib import Path
from typing import Literal

import aiosmtplib

from activities.mail import Deferred, Delivery, Unsure
from models.errors import InputError, Problem, Refusal, Unreachable

Security = Literal["starttls", "tls", "plain"]

_STEP_SECONDS = 30.0
_WHOLE_SECONDS = 90.0
_PARTING_SECONDS = 2.0
_LONGEST_ANSWER = 300


@dataclass(frozen=True, slots=True)
class Server:
    """Where the SMTP server is and how it is spoken to; `authority` is a PEM file of the house's own certificate authority."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    authority: Path | None = None


class _Client(aiosmtplib.SMTP):
    """Gives a connection up at once: the loop ends with the mail, and must leave no socket behind that says farewell."""

    def close(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        super().close()


class SmtpOutbox:
    """The `Outbox` port over one SMTP server; a connection for each mail. `step` and `whole` are its patience in seconds."""

    tells_what_went_out = False

    def __init__(self, server: Server, *, step: float = _STEP_SECONDS, whole: float = _WHOLE_SECONDS) -> None:
        self._server = server
        self._step = step
        self.longest = whole

    def deliver(self, message: EmailMessage) -> Delivery:
        """Hand a mail to one recipient over.

        Refusal when the server will never take it, Deferred when it puts this one off, Unreachable when the server cannot be
        used, Unsure when the mail was handed over and no answer came.
        """
        sender = _only(message, "From")
        recipient = _only(message, "To")
        return asyncio.run(self._deliver(message, sender, recipient))

    def check(self) -> None:
        """Reach the server as for a mail, and send none: connection, encryption, login. Unreachable with what is in the way."""
        asyncio.run(self._check())

    async def _check(self) -> None:
        client = self._client()
        try:
            async with asyncio.timeout(self.longest):
                await client.connect()
                await client.noop()
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            raise Unreachable(_problem(self._server, error)) from error
        else:
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await client.quit(timeout=_PARTING_SECONDS)
        finally:
            await _given_up(client)

    def _client(self) -> _Client:
        server = self._server
        return _Client(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            timeout=self._step,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=None if server.security == "plain" else self._context(),
            local_hostname="localhost" if server.security == "plain" else None,
        )

    async def _deliver(self, message: EmailMessage, sender: str, recipient: str) -> Delivery:
        server = self._server
        client = self._client()
        handed_over = False
        try:
            async with asyncio.timeout(self.longest):
                await client.connect()
                await client.mail(sender)
                await self._address(client, recipient)
                handed_over = True
                await self._content(client, message.as_bytes(policy=WIRE), recipient)
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            if handed_over:
                raise Unsure(
                    Problem(
                        f"邮件已交给 {server.host}，没有收到答复：{_words(error)}", "可能已经送达；将再发一次"
                    )
                ) from error
            raise Unreachable(_problem(server, error)) from error
        else:
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await client.quit(timeout=_PARTING_SECONDS)
        finally:
            await _given_up(client)
        return Delivery(str(message["Message-ID"]), f"smtp://{server.host}", False)

    async def _address(self, client: aiosmtplib.SMTP, recipient: str) -> None:
        try:
            await client.rcpt(recipient)
        except aiosmtplib.SMTPResponseException as error:
            raise _declined(recipient, error) from error

    async def _content(self, client: aiosmtplib.SMTP, content: bytes, recipient: str) -> None:
        try:
            await client.data(content)
        except aiosmtplib.SMTPResponseException as error:
            if 400 <= error.code < 600:
                raise _declined(recipient, error) from error
            raise

    def _context(self) -> ssl.SSLContext:
        authority = self._server.authority
        try:
            return ssl.create_default_context(cafile=authority)
        except OSError as error:
            raise Unreachable(
                Problem(f"证书机构文件读不出来：{_words(error)}", "检查 smtp_authority", file=str(authority))
            ) from error


async def _given_up(client: _Client) -> None:
    client.close()
    for _ in range(3):  # turns of the loop in which a connection is given up
        await asyncio.sleep(0)


def _only(message: EmailMessage, header: str) -> str:
    """The one address of a header; InputError when there is none or several: each would be refused by itself."""
    found = [address for _, address in getaddresses([str(message[header] or "")]) if address]
    if len(found) != 1:
        raise InputError(Problem("邮件须恰有一个地址", "每个收件人一封", field=header))
    return found[0]


def _declined(recipient: str, error: aiosmtplib.SMTPResponseException) -> Deferred | Refusal | Unreachable:
    """What an answer other than yes means: 421 closes the server, other 4xx are for a while, 5xx for good (RFC 5321, 4.2.1)."""
    said = _words(error)
    if error.code == 421:
        return Unreachable(Problem(f"邮件服务器停止服务：{said}", "自动重试"))
    if error.code < 500:
        return Deferred(Problem(f"邮件服务器暂不收给 {recipient} 的邮件：{said}", "自动重试"))
    return Refusal(Problem(f"邮件服务器拒收给 {recipient} 的邮件：{said}", "核对地址，改正后重发"))


def _problem(server: Server, error: Exception) -> Problem:
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    place = f"{server.host}:{server.port}"
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in causes):
        return Problem(
            f"邮件服务器 {place} 的证书验证不通过：{_words(error)}",
            "核对 smtp_host；用自建证书机构的，写 smtp_authority",
        )
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Problem(f"邮件服务器 {place} 拒绝登录：{_words(error)}", "核对 smtp_user 和 smtp_password")
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return Problem(f"邮件服务器 {place} 不收本机的邮件：{_words(error)}", "核对 mail_from 和登录用户")
    return Problem(f"邮件服务器 {place} 用不了：{_words(error)}", "自动重试；核对 smtp_ 开头的设置和网络")


def _words(error: BaseException) -> str:
    """What a server or the system said, as one line that can be printed and kept."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        text = f"{error.code} {error.message}"
    else:
        text = str(error) or type(error).__name__
    return "".join(char if char.isprintable() else " " for char in text[:_LONGEST_ANSWER])
