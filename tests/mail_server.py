"""A real SMTP server on a loopback port, which does what a test wants it to: refuse, put off, break off, take its time."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailServer:
    """What the server took, by recipient, and what it does to whom; `puts_off` and `breaks_off` are so many times each."""

    refuses: set[str] = field(default_factory=set)
    puts_off: dict[str, int] = field(default_factory=dict)
    breaks_off: int = 0
    spoils: set[str] = field(default_factory=set)
    pause: float = 0.0
    took: list[tuple[str, EmailMessage]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    port: int = 0

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that came for an address."""
        return [message for recipient, message in self.took if recipient == address]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.pause)
        if address in self.refuses:
            return "550 5.1.1 no such mailbox 查无此人"
        if self.puts_off.get(address, 0) > 0:
            self.puts_off[address] -= 1
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content
        assert isinstance(content, bytes)
        recipient = envelope.rcpt_tos[0]
        if recipient in self.spoils:
            return "554 5.7.1 rejected as spam"
        message = message_from_bytes(content, _class=EmailMessage, policy=default)
        self.took.append((recipient, message))
        self.contents.append(content)
        if self.breaks_off > 0:
            self.breaks_off -= 1
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append(given.login.decode())
        return AuthResult(success=given.password == b"s3cret", handled=False)


@contextmanager
def mail_server(
    *,
    port: int = 0,
    certificate: tuple[Path, Path] | None = None,
    implicit: bool = False,
    login: bool = False,
) -> Iterator[MailServer]:
    """A running server; `certificate` and key make it ask for TLS, `implicit` from the first byte."""
    server = MailServer()
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
    options: dict[str, Any] = {}
    if login:
        # The server does not know of the TLS around it that was there from the first byte.
        options |= {"authenticator": server.authenticate, "auth_required": not implicit}
        options |= {"auth_require_tls": not implicit}
    if context is not None and not implicit:
        options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=port or free_port(),
        ssl_context=context if implicit else None,
        decode_data=False,
        **options,
    )
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    """A port on which nothing listens."""
    import socket

    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        found: int = each.getsockname()[1]
        return found


def certificate_in(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate for a host that vouches for itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("a certificate is made with openssl, which is not here")
    certificate, key = folder / f"{host}.pem", folder / f"{host}.key"
    name = f"IP:{host}" if host[0].isdigit() else f"DNS:{host}"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"]
    command += ["-addext", f"subjectAltName={name}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key
