"""A bucket of an S3 server, with the part of it that is ours: objects made once, read in pieces, locked.

By obstore, and by `activities.s3_requests` where obstore has no call. Whatever the server, or the way to it, does wrong
is Unreachable, in words for staff.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from activities.incoming import CHUNK
from activities.s3_requests import Access, LockMode, Refused, S3Requests
from models.errors import InputError, Problem, Unreachable

AT_ONCE = 8 * 1024 * 1024
"""Up to this size, in bytes, an object is sent at once; a larger one in parts of this size."""

_CODE = re.compile(r"<Code>(\w+)</Code>")
_STATUS = re.compile(r"status code: (\d{3})")
_DENIED = ("401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")


class Bucket:
    """What lies below `prefix` in one bucket; every method may raise Unreachable. Reaches no server when made.

    Raises InputError for a certificate that cannot be read.
    """

    def __init__(self, access: Access, prefix: str = "") -> None:
        self.access = access
        self.prefix = prefix
        try:
            self.requests = S3Requests(access)
            self.store = _opened(access, prefix)
        except (OSError, BaseError) as error:
            raise InputError(
                Problem(
                    "S3 服务的证书读不懂", remedy="换成 PEM 格式的证书", file=str(access.certificate or "")
                )
            ) from error

    def names(self, folder: str) -> list[str]:
        """The names of all objects in a folder, below it."""
        with self._reaching():
            found = [each["path"] for chunk in self.store.list(folder) for each in chunk]
        return sorted(name.removeprefix(f"{folder}/") for name in found)

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in a folder."""
        with self._reaching():
            found = self.store.list_with_delimiter(folder)["common_prefixes"]
        return sorted(name.rpartition("/")[2] for name in found)

    def create(self, path: str, content: bytes, attributes: Mapping[str, str]) -> bool:
        """Make an object; False when there is one of that name already."""
        with self._reaching():
            try:
                self.store.put(path, content, mode="create", attributes=dict(attributes))
            except AlreadyExistsError:
                return False
        return True

    def put(self, path: str, content: bytes | Path, size: int, attributes: Mapping[str, str]) -> None:
        """Send bytes or a file, in parts when it is large; in a bucket with versions, what had the name stays behind it."""
        with self._reaching():
            self.store.put(
                path,
                content,
                attributes=dict(attributes),
                use_multipart=size > AT_ONCE,
                chunk_size=AT_ONCE,
                max_concurrency=2,
            )

    def fetch(self, path: str) -> tuple[bytes, dict[str, str]] | None:
        """A small object and its attributes; None when it is not there."""
        with self._reaching():
            try:
                got = self.store.get(path)
                return bytes(got.bytes()), {str(name): value for name, value in got.attributes.items()}
            except FileNotFoundError as error:
                _not_the_bucket(error)
                return None

    def pieces(self, path: str) -> Iterator[bytes] | None:
        """An object piece by piece; None when it is not there."""
        with self._reaching():
            try:
                stream = self.store.get(path).stream(CHUNK)
            except FileNotFoundError as error:
                _not_the_bucket(error)
                return None
        return self._reached(iter(stream))

    def open(self, path: str) -> BinaryIO | None:
        """An object as a file that is read once; None when it is not there."""
        pieces = self.pieces(path)
        return None if pieces is None else io.BufferedReader(_Reader(pieces), CHUNK)

    def digest(self, path: str) -> str | None:
        """SHA-256 of an object, all of it read; None when it is not there."""
        pieces = self.pieces(path)
        if pieces is None:
            return None
        hashed = hashlib.sha256()
        for piece in pieces:
            hashed.update(piece)
        return hashed.hexdigest()

    def locked_until(self, path: str) -> datetime | None:
        """Up to when an object is locked; None when it is not."""
        with self._reaching():
            return self.requests.locked_until(self._key(path))

    def lock(self, path: str, until: datetime, mode: LockMode) -> None:
        """Lock an object; a lock that lasts longer already stays."""
        with self._reaching():
            self.requests.lock(self._key(path), until, mode)

    def meddled(self, folder: str) -> list[str]:
        """What was overwritten or deleted in a folder since it was made."""
        key = self._key(f"{folder}/")
        with self._reaching():
            return sorted(each.removeprefix(key) for each in self.requests.meddled(key))

    def check(self) -> None:
        """Ask whether the bucket is there and can lock."""
        with self._reaching():
            if not self.requests.can_lock():
                raise Unreachable(
                    Problem(
                        f"存储桶 {self.access.bucket} 没有启用对象锁定",
                        remedy="另建一个启用对象锁定的存储桶：python -m starter.provision.bucket",
                    )
                )

    def make(self) -> bool:
        """Make the bucket, with object lock; False when it is there. Then as `check`."""
        with self._reaching():
            made = self.requests.make_bucket()
        self.check()
        return made

    def _key(self, path: str) -> str:
        return f"{self.prefix}/{path}" if self.prefix else path

    def _reached(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        while True:
            with self._reaching():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Turn what goes wrong into Unreachable."""
        place = f"{self.access.endpoint}/{self.access.bucket}"
        try:
            yield
        except Refused as refused:
            raise Unreachable(_problem(place, refused.code or str(refused.status))) from refused
        except (BaseError, OSError) as error:
            found = _CODE.search(str(error)) or _STATUS.search(str(error))
            raise Unreachable(_problem(place, found[1] if found else "")) from error


class _Reader(io.RawIOBase):
    """Pieces as a file that is read once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


def _opened(access: Access, prefix: str) -> S3Store:
    client: dict[str, Any] = {
        "allow_http": access.endpoint.startswith("http://"),
        "connect_timeout": timedelta(seconds=5),
        "read_timeout": timedelta(seconds=30),
        "timeout": timedelta(minutes=10),  # of a whole answer, be it ever so large
    }
    if access.certificate is not None:
        client["root_certificate"] = access.certificate.read_bytes()
    return S3Store(
        access.bucket,
        prefix=prefix or None,
        endpoint=access.endpoint,
        region=access.region,
        access_key_id=access.key_id,
        secret_access_key=access.secret,
        virtual_hosted_style_request=False,
        client_options=client,  # type: ignore[arg-type]  # made of what the site has
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )


def _not_the_bucket(error: FileNotFoundError) -> None:
    """A bucket that is not there must not pass for a paper that is not there."""
    if "NoSuchBucket" in str(error):
        raise error


def _problem(place: str, code: str) -> Problem:
    if code in _DENIED:
        return Problem(f"档案库 {place} 拒绝访问（{code}）", "核对密钥和它的权限")
    if code == "RequestTimeTooSkewed":
        return Problem(f"本机时间与档案库 {place} 相差太多", "校准本机时间")
    if code == "NoSuchBucket":
        return Problem(f"档案库 {place} 没有这个存储桶", "建立它：python -m starter.provision.bucket")
    if code:
        return Problem(f"档案库 {place} 出错（{code}）", "查看 S3 服务的日志")
    return Problem(f"档案库 {place} 没有应答", "查看 S3 服务是否在运行，地址和证书是否正确")
