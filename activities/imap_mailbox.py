"""A mailbox of an IMAP server (RFC 3501), from which what came is copied as files. Nothing there is deleted or moved.

A mailbox numbers its mails upwards (UID) for as long as its UIDVALIDITY stays: the highest number fetched is all that is kept.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from models.errors import Problem, Unreachable

_STEP_SECONDS = 30.0
_MOST = 200
_LONGEST_ANSWER = 300
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the mailbox is, and who reads it; `authority` is a PEM file of the house's own certificate authority."""

    host: str
    port: int
    folder: str
    user: str
    password: str
    authority: Path | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail in the mailbox: its numbers there and its bytes; None for one that is too large to be fetched."""

    validity: int
    uid: int
    content: bytes | None


class _Connection(imaplib.IMAP4_SSL):
    """Takes no answer larger than a mail may be, whatever the server announces."""

    largest = 0

    def read(self, size: int) -> bytes:
        if size > self.largest:
            raise self.abort(f"an answer of {size} bytes")
        return super().read(size)


class ImapMailbox:
    """One folder of one account; a connection for each visit. `largest` is the size of a mail, `step` the patience in seconds."""

    def __init__(self, place: Place, *, largest: int, step: float = _STEP_SECONDS) -> None:
        self._place = place
        self._largest = largest
        self._step = step

    def arrived(self, validity: int, after: int) -> Generator[Arrived, None, None]:
        """What came after the number `after` of that validity, oldest first, some hundreds at most; all under a new validity.

        Each is marked as seen when the next is asked for: whoever takes it has by then kept it. Unreachable as it goes.
        """
        with self._opened() as server:
            now = int(_answered(server.response("UIDVALIDITY")[1]))
            if now != validity:
                after = 0
            for uid in _uids(server, after)[:_MOST]:
                content = self._content(server, uid)
                if content == b"":  # somebody deleted it meanwhile
                    continue
                yield Arrived(now, uid, content)
                if content is not None:
                    _said(server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))

    def _content(self, server: imaplib.IMAP4, uid: int) -> bytes | None:
        """The bytes of a mail: none of one that is gone, None for one that is too large."""
        size = _SIZE.search(_answered(_said(server.uid("FETCH", str(uid), "(RFC822.SIZE)"))))
        if size is None:
            return b""
        if int(size[1]) > self._largest:
            return None
        parts = _said(server.uid("FETCH", str(uid), "(BODY.PEEK[])"))
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        """The folder, opened. What breaks while it is open is Unreachable too."""
        place = self._place
        where = f"邮箱 {place.host}:{place.port}"
        try:
            server = _Connection(place.host, place.port, ssl_context=self._context(), timeout=self._step)
        except (imaplib.IMAP4.error, OSError) as error:
            raise Unreachable(_problem(where, error)) from error
        server.largest = self._largest
        try:
            try:
                server.login(place.user, place.password)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                what = f"{where} 拒绝登录：{_words(error)}"
                raise Unreachable(
                    Problem(what, "核对 intake_mailbox_user 和密码；有的邮箱要用授权码，并先开通 IMAP")
                ) from error
            if "ID" in server.capabilities:  # 163.com opens no folder for a program without a name (RFC 2971)
                server.xatom("ID", '("name" "mingjian")')
            _said(server.select(f'"{place.folder}"'))
            yield server
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise Unreachable(_problem(where, error)) from error
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
            with suppress(OSError):  # a farewell that failed leaves the socket behind
                server.shutdown()

    def _context(self) -> ssl.SSLContext:
        authority = self._place.authority
        try:
            return ssl.create_default_context(cafile=authority)
        except OSError as error:
            problem = Problem(
                f"证书机构文件读不出来：{_words(error)}", "检查 intake_mailbox_authority", file=str(authority)
            )
            raise Unreachable(problem) from error


def _uids(server: imaplib.IMAP4, after: int) -> list[int]:
    """The numbers above `after`; a range up to `*` always has the last mail in it, whatever its number."""
    found = _answered(_said(server.uid("SEARCH", "UID", f"{after + 1}:*")))
    return sorted(uid for uid in map(int, found.split()) if uid > after)


def _said(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    """What a server answers with OK."""
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(" ".join(str(each) for each in answer[1]))
    return answer[1]


def _answered(parts: Sequence[object]) -> bytes:
    return next((part for part in parts if isinstance(part, bytes)), b"")


def _problem(where: str, error: Exception) -> Problem:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Problem(
            f"{where} 的证书验证不通过：{_words(error)}",
            "核对 intake_mailbox；用自建证书机构的，写 intake_mailbox_authority",
        )
    return Problem(f"{where} 用不了：{_words(error)}", "稍后再试；核对 intake_mailbox 开头的设置和网络")


def _words(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    return "".join(char if char.isprintable() else " " for char in text[:_LONGEST_ANSWER])
