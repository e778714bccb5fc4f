"""The few S3 requests that obstore lacks: object lock, and the versions of objects. Signed with Signature Version 4.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from models.errors import Problem, Unreachable

LockMode = Literal["compliance", "governance"]
SECONDS = 10.0

_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_NO_LOCK = ("NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError")


@dataclass(frozen=True, slots=True)
class Access:
    """Where a bucket is and who asks; `endpoint` has no path, `certificate` vouches for a site's own server."""

    endpoint: str
    bucket: str
    region: str
    key_id: str
    secret: str
    certificate: Path | None = None

    def __repr__(self) -> str:
        return f"Access({self.endpoint}/{self.bucket})"


class Refused(Exception):
    """The server answered, and not with yes."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class S3Requests:
    """One bucket's lock and versions. Each method raises Unreachable when the server does not answer."""

    def __init__(self, access: Access) -> None:
        self._access = access
        handlers = []
        if access.endpoint.startswith("https:"):
            trusted = ssl.create_default_context(cafile=access.certificate)
            handlers.append(urllib.request.HTTPSHandler(context=trusted))
        self._opener = urllib.request.build_opener(*handlers)

    def make_bucket(self) -> bool:
        """Make the bucket with object lock, and so with versions; answers False when it is ours already."""
        try:
            self._ask("PUT", "", headers={"x-amz-bucket-object-lock-enabled": "true"})
        except Refused as refused:
            if refused.code in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                return False
            raise
        return True

    def can_lock(self) -> bool:
        """Whether the bucket was made with object lock, without which nothing in it can be sealed."""
        try:
            answer = self._ask("GET", "", {"object-lock": ""})
        except Refused as refused:
            if refused.code in _NO_LOCK:
                return False
            raise
        return b"Enabled" in answer

    def locked_until(self, key: str) -> datetime | None:
        """Up to when an object's newest version can neither be deleted nor altered; None when it can."""
        try:
            answer = self._ask("GET", key, {"retention": ""})
        except Refused as refused:
            if refused.status in (400, 404):  # servers differ in how they say that there is none
                return None
            raise
        said = [
            each.text or "" for each in ElementTree.fromstring(answer).iter() if _is(each, "RetainUntilDate")
        ]
        return datetime.fromisoformat(said[0]).astimezone(UTC) if said else None

    def lock(self, key: str, until: datetime, mode: LockMode) -> None:
        """Lock an object's newest version; a lock that lasts longer already stays."""
        body = (
            '<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Mode>{mode.upper()}</Mode><RetainUntilDate>{until.strftime(_MOMENT)}</RetainUntilDate></Retention>"
        )
        try:
            self._ask("PUT", key, {"retention": ""}, body.encode())
        except Refused as refused:
            lasting = self.locked_until(key) if refused.status == 403 else None
            if lasting is None or lasting < until:
                raise

    def meddled(self, prefix: str) -> Iterator[str]:
        """The keys below `prefix` that were overwritten or deleted since they were made."""
        seen: dict[str, str] = {}
        told: set[str] = set()
        marker: dict[str, str] = {}
        while True:
            page = ElementTree.fromstring(self._ask("GET", "", {"versions": "", "prefix": prefix, **marker}))
            for each in page:
                if not (_is(each, "Version") or _is(each, "DeleteMarker")):
                    continue
                key = _text(each, "Key")
                # A page of the answer may begin with what the one before it ended with.
                version = _text(each, "VersionId")
                if (
                    seen.setdefault(key, version) != version or _is(each, "DeleteMarker")
                ) and key not in told:
                    told.add(key)
                    yield key
            if _text(page, "IsTruncated") != "true":
                return
            marker = {
                "key-marker": _text(page, "NextKeyMarker"),
                "version-id-marker": _text(page, "NextVersionIdMarker"),
            }

    def _ask(
        self,
        method: str,
        key: str,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        path = "/" + quote(f"{self._access.bucket}/{key}" if key else self._access.bucket)
        asked = "&".join(
            f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted((query or {}).items())
        )
        sent = {**(headers or {}), **({"content-md5": _md5(body)} if body else {})}
        signed = signed_headers(
            self._access, method, path, asked, sent, hashlib.sha256(body).hexdigest(), datetime.now(UTC)
        )
        address = f"{self._access.endpoint}{path}" + (f"?{asked}" if asked else "")
        request = urllib.request.Request(address, data=body or None, method=method, headers=signed)
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error.code, error.read()) from None
        except (OSError, HTTPException) as error:
            raise Unreachable(
                Problem(
                    f"档案库 {self._access.endpoint} 没有应答（{type(error).__name__}）",
                    "查看 S3 服务是否在运行",
                )
            ) from error

    def _refusal(self, status: int, content: bytes) -> Exception:
        code = ""
        with suppress(ElementTree.ParseError):
            code = _text(ElementTree.fromstring(content), "Code")
        if status >= 500:
            return Unreachable(
                Problem(f"档案库 {self._access.endpoint} 出错（{status} {code}）", "查看 S3 服务的日志")
            )
        return Refused(status, code)


def signed_headers(
    access: Access,
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    digest: str,
    now: datetime,
) -> dict[str, str]:
    """The headers to send: those given and those of the signature. `path` and `query` are quoted, the query sorted."""
    moment = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{access.region}/s3/aws4_request"
    every = {
        **headers,
        "host": urlsplit(access.endpoint).netloc,
        "x-amz-content-sha256": digest,
        "x-amz-date": moment,
    }
    names = ";".join(sorted(every))
    lines = "".join(f"{name}:{every[name].strip()}\n" for name in sorted(every))
    request = "\n".join((method, path, query, lines, names, digest))
    asked = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{access.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{asked}".encode(), "sha256").hex()
    every["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={access.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return every


def _md5(body: bytes) -> str:
    """What S3 asks for beside a lock; it guards against accidents only, the signature against all else."""
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()


def _is(element: ElementTree.Element, name: str) -> bool:
    return element.tag.rpartition("}")[2] == name  # some servers leave the namespace out


def _text(element: ElementTree.Element, name: str) -> str:
    return next((each.text or "" for each in element if _is(each, name)), "")
