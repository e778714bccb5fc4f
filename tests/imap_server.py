"""A small IMAP server over TLS on a loopback port: one account, one folder, as much of RFC 3501 as copying mails takes."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Account:
    """The folder: mails and what was marked as seen, by number; `announces` is the size told of a mail, in place of its own."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    validity: int = 7
    announces: dict[int, int] = field(default_factory=dict)
    breaks_off_at: str = ""
    named: bool = False
    said: list[str] = field(default_factory=list)
    port: int = 0


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    account: Account
    context: ssl.SSLContext

    def get_request(self) -> tuple[socket.socket, Any]:
        request, address = super().get_request()
        return self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is one of the cases."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.request.do_handshake()
        self._answer("* OK ready")
        while line := self.rfile.readline().decode().strip():
            self.server.account.said.append(line)
            tag, command = line.split(" ", 1)
            if self.server.account.breaks_off_at and self.server.account.breaks_off_at in command:
                return
            self._answer(f"{tag} {self._done(command)}")

    def _done(self, command: str) -> str:
        account = self.server.account
        if command == "CAPABILITY":
            self._answer("* CAPABILITY IMAP4rev1 ID")
        elif command.startswith("LOGIN"):
            return "OK welcome" if command.endswith('"s3cret"') else "NO [AUTHENTICATIONFAILED] 授权码错误"
        elif command.startswith("ID "):
            account.named = True
        elif command.startswith("SELECT"):
            if not account.named:
                return "NO SELECT Unsafe Login. Please contact kefu@188.com for help"
            self._answer(f"* {len(account.mails)} EXISTS")
            self._answer(f"* OK [UIDVALIDITY {account.validity}] it")
        elif found := re.fullmatch(r"UID SEARCH UID (\d+):\*", command):
            last = max(account.mails, default=0)
            uids = [uid for uid in sorted(account.mails) if uid >= int(found[1]) or uid == last]
            self._answer("* SEARCH " + " ".join(map(str, uids)))
        elif found := re.fullmatch(r"UID FETCH (\d+) \((.+)\)", command):
            self._fetch(int(found[1]), found[2])
        elif found := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \(\\Seen\)", command):
            account.seen.add(int(found[1]))
        elif command == "LOGOUT":
            self._answer("* BYE")
        else:
            return "BAD"
        return "OK done"

    def _fetch(self, uid: int, wanted: str) -> None:
        content = self.server.account.mails.get(uid)
        if content is None:
            return
        size = self.server.account.announces.get(uid, len(content))
        if wanted == "RFC822.SIZE":
            self._answer(f"* 1 FETCH (UID {uid} RFC822.SIZE {size})")
        else:
            assert wanted == "BODY.PEEK[]"
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(content)}}}\r\n".encode() + content)
            self._answer(")")

    def _answer(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def imap_server(certificate: tuple[Path, Path]) -> Iterator[Account]:
    """A running server and its account; user anybody, password s3cret."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.account = Account(port=server.server_address[1])
        server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server.context.load_cert_chain(*certificate)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server.account
        finally:
            server.shutdown()
