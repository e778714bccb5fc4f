"""The archive in a bucket of an S3 server that can lock objects.

    <prefix>/objects/sha256/ab/<digest>         each paper once, by its digest
    <prefix>/cases/<case>/ledger/000007.jsonl   the case's ledger after its seventh line, whole (`models.bags`)

Nothing is ever replaced: every name is made by a conditional create. Filing a paper: its bytes are copied aside on
this machine and measured; the object gets its name; then the ledger's next page is created, which is the moment
from which the paper counts. Of two writers one creates the page; the other reads it and begins anew. A writer that
dies leaves at most an object that no ledger names. The bag of BagIt is a function of the ledger, so a folder is
sealed with the same voucher in a bucket and on a disk.

Sealing writes the seal as the last page and then locks pages and papers for the years of their class
(`models.keeping`). A seal that was cut short is finished by sealing again.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from activities.durable import reaching, staged, sweep
from activities.incoming import CHUNK, LIMIT, copy_aside
from activities.s3_requests import Access, LockMode, Refused, S3Requests
from models.bag_findings import (
    absent,
    no_case,
    no_object,
    no_paper,
    refusal_findings,
    seal_findings,
    unregistered,
)
from models.bags import (
    LEDGER,
    PAYLOAD,
    FiledPaper,
    Finding,
    Ledger,
    PaperRef,
    case_name,
    check_digest,
    check_particulars,
    digest_of_text,
    is_case_name,
    paper_name,
    read_ledger,
)
from models.errors import InputError, MingjianError, Problem, Refusal, Unreachable
from models.keeping import KeepingPeriods

AT_ONCE = 8 * 1024 * 1024
"""Up to this size, in bytes, a paper is sent in one conditional create; a larger one in parts of this size."""

_PLACE = "档案库的本机暂存处"
_PAGE = re.compile(r"ledger/(\d{6})\.jsonl")
_DIGEST = "digest"
_MOST_ATTEMPTS = 200
_CODE = re.compile(r"<Code>(\w+)</Code>")
_STATUS = re.compile(r"status code: (\d{3})")


class S3Archive:
    """The `Archive` port over one bucket; safe for many threads, processes and machines at once.

    `incoming` is a folder on this machine for papers on their way. Nothing is asked of the server until it is needed;
    InputError for a certificate that cannot be read.
    """

    def __init__(
        self,
        access: Access,
        incoming: Path,
        *,
        prefix: str = "",
        keeping: KeepingPeriods | None = None,
        mode: LockMode = "compliance",
        limit: int = LIMIT,
    ) -> None:
        self._access = access
        self._incoming = incoming
        self._prefix = f"{prefix}/" if prefix else ""
        self._keeping = keeping or KeepingPeriods()
        self._mode: LockMode = mode
        self._limit = limit
        try:
            self._requests = S3Requests(access)
            self._store = _opened(access, prefix)
        except (OSError, BaseError) as error:
            raise InputError(
                Problem(
                    "S3 服务的证书读不懂", remedy="换成 PEM 格式的证书", file=str(access.certificate or "")
                )
            ) from error

    def store(
        self,
        case_id: str,
        name: str,
        content: bytes | Path | BinaryIO,
        *,
        media_type: str,
        meta: Mapping[str, str],
    ) -> PaperRef:
        """File a paper, as the port says."""
        case_id, name = case_name(case_id), paper_name(name)
        check_particulars(name, media_type, meta)
        with reaching(_PLACE), staged(self._incoming) as file:
            digest, size = copy_aside(content, file, name, self._limit)
            file.flush()
            paper = FiledPaper(PaperRef(digest, size, media_type, name), dict(meta))
            kept = False
            for _ in range(_MOST_ATTEMPTS):
                ledger = self._ledger(case_id) or Ledger(case_id)
                after = ledger.filing(paper)
                if after is not ledger and not kept:
                    self._keep(Path(file.name), paper.paper)
                    kept = True
                if after is ledger or self._write(after):
                    filed = after.find(name)
                    assert filed is not None  # filing() put it there, or found it there
                    return filed.paper
        raise _too_busy(case_id)

    def open(self, case_id: str, name: str) -> BinaryIO:
        """A case's paper as a stream."""
        case_id, name = case_name(case_id), paper_name(name)
        ledger = self._ledger(case_id)
        filed = ledger.find(name) if ledger is not None else None
        if filed is None or filed.paper.name != name:
            raise no_paper(case_id, name)
        stream = self._stream(_object(filed.paper.digest))
        if stream is None:
            raise no_paper(case_id, name)
        return io.BufferedReader(_Reader(stream, self._reaching), CHUNK)

    def read(self, digest: str) -> bytes:
        """A paper's bytes, checked against the digest."""
        path = _object(check_digest(digest))
        content = self._content(path)
        if content is None:
            raise no_object(digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise Refusal(Problem("文件内容与指纹不符，可能被改动", remedy="与备份核对", file=path))
        return content

    def papers(self, case_id: str) -> tuple[FiledPaper, ...]:
        """A case's papers in the order of filing."""
        ledger = self._ledger(case_name(case_id))
        return ledger.papers if ledger is not None else ()

    def seal(self, case_id: str, bag_info: Mapping[str, str]) -> str:
        """Close a folder, as the port says; what it holds is locked from then on."""
        case_id = case_name(case_id)
        for _ in range(_MOST_ATTEMPTS):
            ledger = self._ledger(case_id)
            if ledger is None:
                raise no_case(case_id)
            after = ledger.sealing(bag_info)
            if after == ledger or self._write(after):
                for path in self._unlocked(after):
                    self._lock(path, self._kept_until(after))
                return after.voucher()
        raise _too_busy(case_id)

    def is_sealed(self, case_id: str) -> bool:
        ledger = self._ledger(case_name(case_id))
        return ledger is not None and ledger.seal is not None

    def verify(self, case_id: str, *, sealed: str = "") -> list[Finding]:
        """Read all pages of a case's ledger and all its papers, and report what is wrong; changes nothing."""
        pages, others = self._listed(case_name(case_id))
        meddled = self._meddled(case_id)
        if not pages and not others and not meddled:
            return [absent(case_id)]
        findings = [
            Finding(case_id, "altered", "登记簿的这一页被覆盖或删除过", "按旧版本恢复", file=name)
            for name in meddled
        ]
        try:
            ledger = self._examined_ledger(case_id, max(pages, default=0))
        except Refusal as refusal:
            return findings + refusal_findings(case_id, "altered" if pages else "missing", refusal)
        except _Gap as gap:
            return [*findings, Finding(case_id, "missing", "登记簿缺这一页", "从备份取回", file=str(gap))]
        findings += seal_findings(ledger, sealed)
        for filed in ledger.papers:
            findings += self._examined(case_id, filed.paper)
        findings += [unregistered(case_id, name) for name in others]
        if ledger.seal is not None and any(self._unlocked(ledger)):
            findings.append(
                Finding(case_id, "unfinished", "封存后没有全部锁定", "再封存一次，或运行修复", file=LEDGER)
            )
        return findings

    def repair(self, case_id: str) -> bool:
        """Finish a seal that was cut short; answers whether there was anything to do."""
        with reaching(_PLACE):
            sweep(self._incoming)
        ledger = self._ledger(case_name(case_id))
        if ledger is None:
            raise no_case(case_id)
        behind = list(self._unlocked(ledger)) if ledger.seal is not None else []
        for path in behind:
            self._lock(path, self._kept_until(ledger))
        return bool(behind)

    def cases(self) -> Sequence[str]:
        """The ids of all cases that have a folder."""
        with self._reaching():
            found = self._store.list_with_delimiter("cases")["common_prefixes"]
        names = (path.rpartition("/")[2] for path in found)
        return sorted(name for name in names if is_case_name(name))

    def check(self) -> None:
        """Ask the server whether the bucket is there and can lock; Unreachable, saying what to do, when not."""
        with self._reaching():
            if not self._requests.can_lock():
                raise Unreachable(
                    Problem(
                        f"存储桶 {self._access.bucket} 没有启用对象锁定",
                        remedy="另建一个启用对象锁定的存储桶：python -m starter.provision.bucket",
                    )
                )

    def make_bucket(self) -> bool:
        """Make the bucket, with object lock; answers False when it is there. Then as `check`."""
        with self._reaching():
            made = self._requests.make_bucket()
        self.check()
        return made

    # The ledger

    def _listed(self, case_id: str) -> tuple[list[int], list[str]]:
        """The numbers of a ledger's pages, and whatever else lies in the case's folder, both in order."""
        folder = f"cases/{case_id}/"
        with self._reaching():
            names = [
                each["path"].removeprefix(folder)
                for chunk in self._store.list(f"cases/{case_id}")
                for each in chunk
            ]
        pages = {name: int(match[1]) for name in names if (match := _PAGE.fullmatch(name))}
        return sorted(pages.values()), sorted(name for name in names if name not in pages)

    def _ledger(self, case_id: str) -> Ledger | None:
        """A case's ledger; None for a case without a folder. Refusal for a page that was changed."""
        pages, _ = self._listed(case_id)
        return self._page(case_id, pages[-1]) if pages else None

    def _page(self, case_id: str, number: int) -> Ledger:
        path = _page(case_id, number)
        with self._reaching():
            try:
                got = self._store.get(path)
                text = bytes(got.bytes()).decode("utf-8", "surrogateescape")
            except FileNotFoundError as error:
                _not_the_bucket(error)
                raise _Gap(path.partition(f"{case_id}/")[2]) from None
            vouched = dict(got.attributes).get(_DIGEST)
        ledger = read_ledger(case_id, text)
        if vouched != digest_of_text(text) or _lines(ledger) != number:
            raise Refusal(
                Problem(
                    "登记簿与写入时留下的指纹不符，可能被改动",
                    remedy="停止写入，按旧版本或备份恢复",
                    file=LEDGER,
                )
            )
        return ledger

    def _examined_ledger(self, case_id: str, last: int) -> Ledger:
        """The ledger of the last page, every page before it being what the next one says it was."""
        if not last:
            return read_ledger(case_id, None)
        ledger = later = self._page(case_id, last)
        for number in range(last - 1, 0, -1):
            earlier = self._page(case_id, number)
            if earlier != later.one_line_before():
                name = _page(case_id, number).partition(f"{case_id}/")[2]
                raise Refusal(Problem("登记簿前后两页不符，可能被改动", "按旧版本或备份恢复", file=name))
            later = earlier
        return ledger

    def _write(self, ledger: Ledger) -> bool:
        """Create a ledger's newest page; False when another writer was first."""
        text = ledger.text().encode()
        attributes = {_DIGEST: hashlib.sha256(text).hexdigest(), "Content-Type": "application/jsonl"}
        path = _page(ledger.case_id, _lines(ledger))
        with self._reaching():
            try:
                self._store.put(path, text, mode="create", attributes=attributes)
            except AlreadyExistsError:
                return False
        return True

    # Papers

    def _keep(self, file: Path, paper: PaperRef) -> None:
        """Give the paper its name by digest; a damaged object under that name is healed."""
        path = _object(paper.digest)
        attributes = {"Content-Type": paper.media_type}
        if paper.size <= AT_ONCE:
            with self._reaching():
                try:
                    self._store.put(path, file.read_bytes(), mode="create", attributes=attributes)
                except AlreadyExistsError:
                    pass
                else:
                    return
        # Parts cannot be joined on a condition. Whoever else may join some under this name has the same bytes.
        if self._digest(path) != paper.digest:
            with self._reaching():
                self._store.put(
                    path,
                    file,
                    attributes=attributes,
                    use_multipart=paper.size > AT_ONCE,
                    chunk_size=AT_ONCE,
                    max_concurrency=2,
                )

    def _examined(self, case_id: str, paper: PaperRef) -> Iterator[Finding]:
        """What is wrong with one paper."""
        found = self._digest(_object(paper.digest))
        if found == paper.digest:
            return
        name = f"{PAYLOAD}/{paper.name}"
        remedy = f"按 {_object(paper.digest)} 的旧版本恢复，或从备份取回"
        if found is None:
            yield Finding(case_id, "missing", "文件不见了", remedy, file=name)
        else:
            yield Finding(case_id, "altered", "内容与登记的指纹不符，可能被改动", remedy, file=name)

    def _digest(self, path: str) -> str | None:
        stream = self._stream(path)
        if stream is None:
            return None
        hashed = hashlib.sha256()
        with self._reaching():
            for chunk in stream:
                hashed.update(chunk)
        return hashed.hexdigest()

    def _stream(self, path: str) -> Iterator[bytes] | None:
        """An object piece by piece; None when it is not there."""
        with self._reaching():
            try:
                return iter(self._store.get(path).stream(CHUNK))
            except FileNotFoundError as error:
                _not_the_bucket(error)
                return None

    def _content(self, path: str) -> bytes | None:
        stream = self._stream(path)
        if stream is None:
            return None
        with self._reaching():
            return b"".join(stream)

    # The lock

    def _kept_until(self, ledger: Ledger) -> datetime:
        """Up to when a sealed folder is kept: counted from the year in which it was closed."""
        closed = (ledger.seal or {}).get("Bagging-Date", "")[:4]
        year = int(closed) if re.fullmatch(r"[12]\d{3}", closed) else datetime.now(UTC).year
        return self._keeping.kept_until(ledger.case_id, year)

    def _unlocked(self, ledger: Ledger) -> Iterator[str]:
        """Pages and papers of a sealed folder that are not locked for as long as they must be kept."""
        until = self._kept_until(ledger)
        if until <= datetime.now(UTC):  # a lock cannot end in the past, and nothing is owed any more
            return
        paths = [_page(ledger.case_id, number) for number in range(1, _lines(ledger) + 1)]
        paths += dict.fromkeys(_object(filed.paper.digest) for filed in ledger.papers)
        for path in paths:
            with self._reaching():
                locked = self._requests.locked_until(self._prefix + path)
            if locked is None or locked < until:
                yield path

    def _lock(self, path: str, until: datetime) -> None:
        with self._reaching():
            self._requests.lock(self._prefix + path, until, self._mode)

    def _meddled(self, case_id: str) -> list[str]:
        """What lies in a case's folder and was overwritten or deleted since it was made."""
        folder = f"{self._prefix}cases/{case_id}/"
        with self._reaching():
            return sorted(key.removeprefix(folder) for key in self._requests.meddled(folder))

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Turn what the server and the way to it can do wrong into Unreachable."""
        place = f"{self._access.endpoint}/{self._access.bucket}"
        try:
            yield
        except (MingjianError, _Gap):
            raise
        except Refused as refused:
            raise Unreachable(_problem(place, refused.code or str(refused.status))) from refused
        except (BaseError, OSError) as error:
            found = _CODE.search(str(error)) or _STATUS.search(str(error))
            raise Unreachable(_problem(place, found[1] if found else "")) from error


class _Gap(Exception):
    """A page of the ledger is not there; the text is its name."""


class _Reader(io.RawIOBase):
    """An object's pieces as a file that is read once."""

    def __init__(self, pieces: Iterator[bytes], reaching: Any) -> None:
        self._pieces = pieces
        self._reaching = reaching
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            with self._reaching():
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


def _object(digest: str) -> str:
    return f"objects/sha256/{digest[:2]}/{digest}"


def _page(case_id: str, number: int) -> str:
    return f"cases/{case_id}/ledger/{number:06d}.jsonl"


def _lines(ledger: Ledger) -> int:
    return len(ledger.papers) + (ledger.seal is not None)


def _not_the_bucket(error: FileNotFoundError) -> None:
    """A bucket that is not there must not pass for a paper that is not there."""
    if "NoSuchBucket" in str(error):
        raise error


def _problem(place: str, code: str) -> Problem:
    if code in ("403", "401", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
        return Problem(f"档案库 {place} 拒绝访问（{code}）", "核对密钥和它的权限")
    if code == "RequestTimeTooSkewed":
        return Problem(f"本机时间与档案库 {place} 相差太多", "校准本机时间")
    if code == "NoSuchBucket":
        return Problem(f"档案库 {place} 没有这个存储桶", "建立它：python -m starter.provision.bucket")
    if code:
        return Problem(f"档案库 {place} 出错（{code}）", "查看 S3 服务的日志")
    return Problem(f"档案库 {place} 没有应答", "查看 S3 服务是否在运行，地址和证书是否正确")


def _too_busy(case_id: str) -> Unreachable:
    return Unreachable(Problem(f"案卷 {case_id} 正被多方同时写入", "稍后再试"))
