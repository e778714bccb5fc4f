"""The archive in a bucket of an S3 server that can lock objects.

    <prefix>/objects/sha256/ab/<digest>         each paper once, by its digest
    <prefix>/cases/<case>/ledger/000007.jsonl   the case's ledger after its seventh line (`models.ledger_pages`)

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
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from activities.durable import reaching, staged, sweep
from activities.incoming import LIMIT, copy_aside
from activities.s3_bucket import AT_ONCE, Bucket
from activities.s3_requests import Access, LockMode
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
from models.errors import Problem, Refusal, Unreachable
from models.keeping import KEEPING_FIELD, KeepingPeriods
from models.ledger_pages import Pages, base_of, continued, count

_PLACE = "档案库的本机暂存处"
_PAGE = re.compile(r"ledger/(\d{6})\.jsonl")
_DIGEST = "digest"
_MOST_ATTEMPTS = 200
_MOST_SEEN = 512


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
        self.bucket = Bucket(access, prefix)
        self._incoming = incoming
        self._keeping = keeping or KeepingPeriods()
        self._mode: LockMode = mode
        self._limit = limit
        # The page that was last written of each case, so that the next one asks only whether it is still what it was.
        self._seen: dict[str, Ledger] = {}

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
        with reaching(_PLACE), self._aside(content) as file:
            digest, size = copy_aside(content, file, name, self._limit)
            paper = FiledPaper(PaperRef(digest, size, media_type, name), dict(meta))
            kept = False
            # What was written here last is most often still the last page; where another writer has gone on since, the next
            # page is not to be had, and the ledger is asked for.
            ledger = self._seen.pop(case_id, None)
            for _ in range(_MOST_ATTEMPTS):
                ledger = ledger or self.ledger(case_id) or Ledger(case_id)
                after = ledger.filing(paper)
                if after is not ledger and not kept:
                    self._keep(file, paper.paper)
                    kept = True
                if after is ledger or self._write(after):
                    filed = after.find(name)
                    assert filed is not None  # filing() put it there, or found it there
                    return filed.paper
                ledger = None
        raise _too_busy(case_id)

    def open(self, case_id: str, name: str) -> BinaryIO:
        """A case's paper as a stream."""
        case_id, name = case_name(case_id), paper_name(name)
        ledger = self.ledger(case_id)
        filed = ledger.find(name) if ledger is not None else None
        if filed is None or filed.paper.name != name:
            raise no_paper(case_id, name)
        file = self.bucket.open(_object(filed.paper.digest))
        if file is None:
            raise no_paper(case_id, name)
        return file

    def read(self, digest: str) -> bytes:
        """A paper's bytes, checked against the digest."""
        path = _object(check_digest(digest))
        pieces = self.bucket.pieces(path)
        if pieces is None:
            raise no_object(digest)
        content = b"".join(pieces)
        if hashlib.sha256(content).hexdigest() != digest:
            raise Refusal(Problem("文件内容与指纹不符，可能被改动", remedy="与备份核对", file=path))
        return content

    def papers(self, case_id: str) -> tuple[FiledPaper, ...]:
        """A case's papers in the order of filing."""
        ledger = self.ledger(case_id)
        return ledger.papers if ledger is not None else ()

    def seal(self, case_id: str, bag_info: Mapping[str, str]) -> str:
        """Close a folder, as the port says; what it holds is locked from then on."""
        case_id = case_name(case_id)
        for _ in range(_MOST_ATTEMPTS):
            ledger = self.ledger(case_id)
            if ledger is None:
                raise no_case(case_id)
            after = ledger.sealing(bag_info)
            if after == ledger or self._write(after):
                for path in self._unlocked(after):
                    self.bucket.lock(path, self._kept_until(after), self._mode)
                return after.voucher()
        raise _too_busy(case_id)

    def is_sealed(self, case_id: str) -> bool:
        ledger = self.ledger(case_id)
        return ledger is not None and ledger.seal is not None

    def verify(self, case_id: str, *, sealed: str = "") -> list[Finding]:
        """Read all pages of a case's ledger and all its papers, and report what is wrong; changes nothing."""
        pages, others = self._listed(case_name(case_id))
        meddled = self.bucket.meddled(f"cases/{case_id}")
        if not pages and not others and not meddled:
            return [absent(case_id)]
        findings = [
            Finding(case_id, "altered", "登记簿的这一页被覆盖或删除过", "按旧版本恢复", file=name)
            for name in meddled
        ]
        try:
            ledger = self._examined_ledger(case_id, max(pages, default=0))
        except Refusal as refusal:
            gone = not pages or isinstance(refusal, _Gap)
            return findings + refusal_findings(case_id, "missing" if gone else "altered", refusal)
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
        ledger = self.ledger(case_id)
        if ledger is None:
            raise no_case(case_id)
        behind = list(self._unlocked(ledger)) if ledger.seal is not None else []
        for path in behind:
            self.bucket.lock(path, self._kept_until(ledger), self._mode)
        return bool(behind)

    def put_back(self, case_id: str, paper: PaperRef, content: bytes | Path) -> None:
        """Put a paper back under its digest, as the port says; in a bucket with versions the damaged one stays behind it."""
        with reaching(_PLACE), self._aside(content) as file:
            digest, _ = copy_aside(content, file, paper.name, self._limit)
            if digest != paper.digest:
                raise Refusal(Problem("内容与指纹不符，没有放回", "换一个来源", file=paper.name))
            if self.bucket.digest(_object(digest)) != digest:
                self._send(file, paper)

    def write_again(self, ledger: Ledger) -> None:
        """Create the pages that are not there. Refusal for a page that was covered or deleted: its older version is still there,
        and is not ours to write over.
        """
        pages, _ = self._listed(ledger.case_id)
        # Upwards: a page is read through the one that ended the block before it, which may be the missing one.
        for number in range(1, count(ledger) + 1):
            page = (
                ledger
                if number == count(ledger)
                else replace(ledger, papers=ledger.papers[:number], seal=None)
            )
            name = _page(ledger.case_id, number).partition(f"{ledger.case_id}/")[2]
            if number not in pages:
                if not self._write(page):
                    raise Refusal(Problem("登记簿的这一页有删除标记", "删去标记，原来的一页仍在", file=name))
            elif self._page(ledger.case_id, number) != page:
                raise Refusal(Problem("登记簿的这一页被换过", "删去后来的版本，原来的一页仍在", file=name))

    def tidy(self) -> None:
        """Remove what writers on this machine that died left on its way, a day later."""
        with reaching(_PLACE):
            sweep(self._incoming)

    def cases(self) -> Sequence[str]:
        """The ids of all cases that have a folder."""
        return [name for name in self.bucket.folders("cases") if is_case_name(name)]

    # The ledger

    def _listed(self, case_id: str) -> tuple[list[int], list[str]]:
        """The numbers of a ledger's pages, and whatever else lies in the case's folder, both in order."""
        names = self.bucket.names(f"cases/{case_id}")
        pages = {name: int(match[1]) for name in names if (match := _PAGE.fullmatch(name))}
        return sorted(pages.values()), [name for name in names if name not in pages]

    def ledger(self, case_id: str) -> Ledger | None:
        """What a case's folder holds; None for a case without one. Refusal for a page that was changed."""
        pages, _ = self._listed(case_name(case_id))
        return self._page(case_id, pages[-1]) if pages else None

    def _page(self, case_id: str, number: int) -> Ledger:
        """The ledger as it was when a page was written: its own lines behind those of the pages it goes on from."""
        text, later, place = self._text(case_id, number), "", number
        while (page := continued(case_id, text)) is not None:
            if page.base >= place:
                raise _changed()
            text, later, place = self._text(case_id, page.base), page.lines + later, page.base
            if digest_of_text(text) != page.before:
                raise _changed()
        ledger = read_ledger(case_id, text + later)
        if count(ledger) != number:
            raise _changed()
        return ledger

    def _text(self, case_id: str, number: int) -> str:
        """A page as it was written; Refusal for one that is not there, or was changed."""
        found = self.bucket.fetch(_page(case_id, number))
        if found is None:
            name = _page(case_id, number).partition(f"{case_id}/")[2]
            raise _Gap(Problem("登记簿缺这一页", "从备份取回", file=name))
        if found[1].get(_DIGEST) != hashlib.sha256(found[0]).hexdigest():
            raise _changed()
        return found[0].decode("utf-8", "surrogateescape")

    def _examined_ledger(self, case_id: str, last: int) -> Ledger:
        """The ledger of the last page, every page before it being what the ledger was then."""
        if not last:
            return read_ledger(case_id, None)
        ledger = self._page(case_id, last)
        pages, base = Pages(ledger), (0, "")
        for number in range(last - 1, 0, -1):
            text = self._text(case_id, number)
            if text == pages.whole(number):
                continue
            if base[0] != base_of(number):
                base = base_of(number), self._text(case_id, base_of(number))
            if text != pages.text(number, base[1]):
                name = _page(case_id, number).partition(f"{case_id}/")[2]
                raise Refusal(Problem("登记簿前后两页不符，可能被改动", "按旧版本或备份恢复", file=name))
        return ledger

    def _write(self, ledger: Ledger) -> bool:
        """Create a ledger's newest page; False when another writer was first."""
        number = count(ledger)
        before = self._text(ledger.case_id, base) if (base := base_of(number)) else ""
        text = Pages(ledger).text(number, before).encode()
        attributes = {_DIGEST: hashlib.sha256(text).hexdigest(), "Content-Type": "application/jsonl"}
        if not self.bucket.create(_page(ledger.case_id, number), text, attributes):
            return False
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[ledger.case_id] = ledger
        return True

    # Papers

    @contextmanager
    def _aside(self, content: bytes | Path | BinaryIO) -> Iterator[BinaryIO]:
        """A fresh file for a paper on its way: in memory, if it is there already and is sent at once."""
        if isinstance(content, bytes) and len(content) <= AT_ONCE:
            yield BytesIO()
        else:
            with staged(self._incoming) as file:
                yield file

    def _keep(self, file: BinaryIO, paper: PaperRef) -> None:
        """Give the paper its name by digest; a damaged object under that name is healed."""
        path = _object(paper.digest)
        if paper.size <= AT_ONCE and self.bucket.create(path, _all_of(file), _kind(paper)):
            return
        # Parts cannot be joined on a condition. Whoever else may join some under this name has the same bytes.
        if self.bucket.digest(path) != paper.digest:
            self._send(file, paper)

    def _send(self, file: BinaryIO, paper: PaperRef) -> None:
        """Put the paper under its digest, whatever lies there."""
        file.flush()
        content = _all_of(file) if paper.size <= AT_ONCE else Path(file.name)
        self.bucket.put(_object(paper.digest), content, paper.size, _kind(paper))

    def _examined(self, case_id: str, paper: PaperRef) -> Iterator[Finding]:
        """What is wrong with one paper."""
        found = self.bucket.digest(_object(paper.digest))
        if found == paper.digest:
            return
        name = f"{PAYLOAD}/{paper.name}"
        remedy = f"按 {_object(paper.digest)} 的旧版本恢复，或从备份取回"
        if found is None:
            yield Finding(case_id, "missing", "文件不见了", remedy, file=name)
        else:
            yield Finding(case_id, "altered", "内容与登记的指纹不符，可能被改动", remedy, file=name)

    # The lock

    def _kept_until(self, ledger: Ledger) -> datetime:
        """Up to when a sealed folder is kept: counted from the year in which it was closed."""
        seal = ledger.seal or {}
        closed = seal.get("Bagging-Date", "")[:4]
        year = int(closed) if re.fullmatch(r"[12]\d{3}", closed) else datetime.now(UTC).year
        return self._keeping.kept_until(ledger.case_id, year, seal.get(KEEPING_FIELD, ""))

    def _unlocked(self, ledger: Ledger) -> Iterator[str]:
        """Pages and papers of a sealed folder that are not locked for as long as they must be kept."""
        until = self._kept_until(ledger)
        if until <= datetime.now(UTC):  # a lock cannot end in the past, and nothing is owed any more
            return
        paths = [_page(ledger.case_id, number) for number in range(1, count(ledger) + 1)]
        paths += dict.fromkeys(_object(filed.paper.digest) for filed in ledger.papers)
        for path in paths:
            locked = self.bucket.locked_until(path)
            if locked is None or locked < until:
                yield path


class _Gap(Refusal):
    """A page of the ledger is not there."""


def _all_of(file: BinaryIO) -> bytes:
    file.flush()
    return file.getvalue() if isinstance(file, BytesIO) else Path(file.name).read_bytes()


def _kind(paper: PaperRef) -> dict[str, str]:
    return {"Content-Type": paper.media_type}


def _object(digest: str) -> str:
    return f"objects/sha256/{digest[:2]}/{digest}"


def _page(case_id: str, number: int) -> str:
    return f"cases/{case_id}/ledger/{number:06d}.jsonl"


def _changed() -> Refusal:
    what = "登记簿与写入时留下的指纹不符，可能被改动"
    return Refusal(Problem(what, remedy="停止写入，按旧版本或备份恢复", file=LEDGER))


def _too_busy(case_id: str) -> Unreachable:
    return Unreachable(Problem(f"案卷 {case_id} 正被多方同时写入", "稍后再试"))
