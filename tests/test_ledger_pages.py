"""The pages of a long ledger in a bucket: small, linked by digest, readable beside the pages that hold the whole ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from activities.folder_archive import FolderArchive
from activities.s3_archive import S3Archive
from models.bags import FiledPaper, Ledger, PaperRef, digest_of_text
from models.errors import Refusal
from models.ledger_pages import BLOCK, Pages, base_of, continued, count
from starter.provision.s3_server import S3Server
from tests.kept_archives import CASE, bucket_archive
from tests.test_archive import file_paper, names
from tests.test_s3_archive import SEAL, again, page, rewrite

pytest_plugins = ["tests.archives"]


def ledger_of(papers: int) -> Ledger:
    """A ledger of that many papers with everyday particulars."""
    return Ledger(
        CASE,
        tuple(
            FiledPaper(
                PaperRef(digest_of_text(str(number)), len(str(number)), "text/plain", f"papers/{number}"),
                {"source": "某县自然资源局"},
            )
            for number in range(papers)
        ),
    )


def rows(ledger: Ledger) -> dict[int, str]:
    """All pages as they are written one after the other."""
    pages, texts = Pages(ledger), {0: ""}
    for number in range(1, count(ledger) + 1):
        texts[number] = pages.text(number, texts[base_of(number)])
    return texts


def fill(archive: S3Archive, ledger: Ledger, pages: dict[int, str]) -> None:
    """The papers and pages of a ledger, as some release wrote them."""
    for number, text in pages.items():
        digest = hashlib.sha256(text.encode()).hexdigest()
        archive.bucket.create(page(number), text.encode(), {"digest": digest})
    for number, filed in enumerate(ledger.papers):
        digest = filed.paper.digest
        archive.bucket.create(f"objects/sha256/{digest[:2]}/{digest}", f"{number}".encode(), {})


@pytest.fixture
def archive(s3_server: S3Server, root: Path) -> S3Archive:
    return bucket_archive(s3_server, root)


def test_the_first_pages_are_what_they_were() -> None:
    ledger = ledger_of(BLOCK)
    assert {number: text for number, text in rows(ledger).items() if number} == {
        number: Ledger(CASE, ledger.papers[:number]).text() for number in range(1, BLOCK + 1)
    }


def test_a_page_beyond_holds_its_block_alone_and_never_changes_a_byte() -> None:
    texts = rows(ledger_of(131))
    head, *lines = texts[131].splitlines()
    assert head == (
        f'{{"before":"{hashlib.sha256(texts[128].encode()).hexdigest()}","case":"{CASE}","from":128,"layout":2}}'
    )
    assert lines == ledger_of(131).text().splitlines()[129:]
    found = continued(CASE, texts[65])
    assert found is not None and found.base == 64 and found.lines.count("\n") == 1
    assert continued(CASE, texts[64]) is None and continued("urging-1", texts[65]) is None


def test_an_older_program_refuses_a_page_beyond_as_one_of_a_later_release() -> None:
    with pytest.raises(Refusal, match="更新的版本"):
        Ledger.parse(rows(ledger_of(65))[65])


def test_pages_grow_with_the_papers_and_not_with_their_square() -> None:
    sizes = {
        papers: sum(len(text.encode()) for text in rows(ledger_of(papers)).values()) for papers in (500, 1000)
    }
    assert sizes[1000] < 2.2 * sizes[500] and sizes[1000] < 10_000_000


def test_papers_filed_over_the_end_of_a_block_are_all_there(archive: S3Archive, tmp_path: Path) -> None:
    """Behind 61 lines: four writers at once, the seal, the voucher of a folder on disk."""
    ledger = ledger_of(61)
    fill(archive, ledger, {number: text for number, text in rows(ledger).items() if number})
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: file_paper(again(archive), f"papers/后{n}.pdf", f"后{n}".encode()), range(6)))
    assert archive.papers(CASE)[:61] == ledger.papers and len(set(names(archive))) == 67
    voucher = archive.seal(CASE, SEAL)
    sealed = archive.ledger(CASE)
    assert sealed is not None and archive.verify(CASE, sealed=voucher) == []
    folder = FolderArchive(tmp_path / "folder")
    for filed in sealed.papers:
        with archive.open(CASE, filed.paper.name) as paper:
            folder.store(CASE, filed.paper.name, paper, media_type=filed.paper.media_type, meta=filed.meta)
    assert folder.seal(CASE, SEAL) == voucher


def test_pages_that_hold_the_whole_ledger_are_read_and_gone_on_from(archive: S3Archive) -> None:
    """As release 0.1.0 wrote them first: 130 whole ledgers; and the next writer is of today."""
    ledger = ledger_of(130)
    whole = Pages(ledger)
    fill(archive, ledger, {number: whole.whole(number) for number in range(1, 131)})
    assert archive.papers(CASE) == ledger.papers and archive.verify(CASE) == []
    for number in range(65):
        file_paper(archive, f"papers/后{number}.pdf", b"later")
    assert archive.papers(CASE)[:130] == ledger.papers and len(names(archive)) == 195
    assert archive.verify(CASE) == []
    text = bytes(archive.bucket.store.get(page(131)).bytes()).decode()
    assert text.startswith('{"before":') and len(text.splitlines()) == 4


def forge(archive: S3Archive, number: int) -> None:
    """A page with another source, and the digest that goes with it."""
    content = bytes(archive.bucket.store.get(page(number)).bytes())
    content = content.replace("某县".encode(), "某市".encode())
    rewrite(archive, page(number), content, digest=hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda each: forge(each, 100), ["altered ledger/000100.jsonl"]),
        (lambda each: forge(each, 64), ["altered ledger.jsonl"]),
        (lambda each: forge(each, 128), ["altered ledger.jsonl"]),
        (lambda each: rewrite(each, page(128), b"{}"), ["altered ledger.jsonl"]),
        (lambda each: each.bucket.store.delete(page(64)), ["missing ledger/000064.jsonl"]),
    ],
)
def test_a_page_that_was_changed_is_found(
    archive: S3Archive, harm: Callable[[S3Archive], object], found: list[str]
) -> None:
    ledger = ledger_of(130)
    fill(archive, ledger, {number: text for number, text in rows(ledger).items() if number})
    assert archive.verify(CASE) == []
    harm(archive)
    told = [f"{each.kind} {each.file}" for each in archive.verify(CASE)]
    assert told[-1:] == found and len(told) == 2  # the first is that the page has another version


def test_nothing_is_filed_behind_a_page_that_was_changed(archive: S3Archive) -> None:
    ledger = ledger_of(130)
    fill(archive, ledger, {number: text for number, text in rows(ledger).items() if number})
    forge(archive, 64)
    with pytest.raises(Refusal, match="可能被改动"):
        file_paper(archive, "papers/后.pdf", b"later")


def test_a_folder_of_a_thousand_versions_is_not_taken_for_meddled(archive: S3Archive) -> None:
    """The server tells a thousand at a time, and may begin the next with the last it told."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: archive.bucket.create(f"many/{n:04}", b"x", {}), range(1001)))
    assert archive.bucket.meddled("many") == []
    rewrite(archive, "many/0999", b"y")
    assert archive.bucket.meddled("many") == ["0999"]


def test_a_page_from_which_others_go_on_is_written_again(s3_server: S3Server, tmp_path: Path) -> None:
    """A copy of a bucket that lacks the end of a block: no page behind it can be read until it is there."""
    archive = bucket_archive(s3_server, tmp_path)
    ledger = ledger_of(BLOCK + 3)
    fill(
        archive,
        ledger,
        {number: text for number, text in rows(ledger).items() if number not in (0, 3, BLOCK)},
    )
    with pytest.raises(Refusal, match="登记簿缺这一页"):
        archive.ledger(CASE)
    archive.write_again(ledger)
    assert archive.ledger(CASE) == ledger and archive.verify(CASE) == []
