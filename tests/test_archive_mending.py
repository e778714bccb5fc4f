"""Putting back, on both archives: only what has the very digest is written, and the folder is sound again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from activities.folder_archive import FolderArchive
from activities.s3_archive import S3Archive
from models.errors import Refusal
from tests.kept_archives import CASE, LETTER, REPLY, Made, is_sound
from tests.test_archive import file_paper

pytest_plugins = ["tests.archives"]


def damage(archive: Made, digest: str, tmp_path: Path) -> None:
    """The object with other bytes: in the folder the bag's own file with it."""
    path = f"objects/sha256/{digest[:2]}/{digest}"
    if isinstance(archive, S3Archive):
        (tmp_path / "other").write_bytes(b"other!")
        archive.bucket.put(path, tmp_path / "other", 6, {})
        return
    kept = archive._cases.parent / path
    kept.chmod(0o640)
    kept.write_bytes(b"other!")


def test_a_damaged_paper_is_put_back_with_its_very_bytes_alone(archive: Made, tmp_path: Path) -> None:
    paper = file_paper(archive, LETTER, b"letter")
    archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    damage(archive, paper.digest, tmp_path)
    assert {each.kind for each in archive.verify(CASE)} - {"unfinished"} == {"altered"}
    found = archive.verify(CASE)
    with pytest.raises(Refusal, match="指纹不符"):
        archive.put_back(CASE, paper, b"Letter")
    assert archive.verify(CASE) == found
    (tmp_path / "copy").write_bytes(b"letter")
    archive.put_back(CASE, paper, tmp_path / "copy")
    archive.repair(CASE)  # in a bucket what was put back is locked as the rest
    assert archive.verify(CASE) == [] and archive.read(paper.digest) == b"letter"
    archive.put_back(CASE, paper, b"letter")
    assert is_sound(archive)


def test_another_folder_with_the_same_paper_is_mended_in_its_own_turn(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path / "archive")
    paper = file_paper(archive, LETTER, b"letter")
    file_paper(archive, REPLY, b"letter", case_id="urging-2")
    damage(archive, paper.digest, tmp_path)
    archive.put_back(CASE, paper, b"letter")
    assert archive.verify(CASE) == []
    assert [each.file for each in archive.verify("urging-2")] == [f"data/{REPLY}"]
    [other] = archive.papers("urging-2")
    archive.put_back("urging-2", other.paper, archive.read(paper.digest))
    assert archive.verify("urging-2") == []
    assert len(list((tmp_path / "archive" / "incoming").iterdir())) == 0


def test_a_ledger_is_written_again(archive: Made) -> None:
    for name in (LETTER, REPLY):
        file_paper(archive, name, name.encode())
    archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    ledger = archive.ledger(CASE)
    assert ledger is not None and archive.ledger("urging-9") is None
    archive.write_again(ledger)
    assert archive.verify(CASE, sealed=ledger.voucher()) == []
    if isinstance(archive, FolderArchive):
        (archive._cases / CASE / "ledger.jsonl").unlink()
        archive.write_again(ledger)
        assert archive.verify(CASE, sealed=ledger.voucher()) == []
        return
    page = f"cases/{CASE}/ledger/000002.jsonl"
    archive.bucket.requests._ask("DELETE", f"{archive.bucket.prefix}/{page}", None)
    with pytest.raises(Refusal, match="删除标记"):
        archive.write_again(ledger)
    # Without anything in the way it is made again, page by page.
    other = archive.__class__(archive.bucket.access, archive._incoming, prefix=f"{archive.bucket.prefix}-2")
    file_paper(other, LETTER, LETTER.encode())
    file_paper(other, REPLY, REPLY.encode(), case_id="urging-2")
    other.write_again(ledger)
    assert other.ledger(CASE) == ledger
    with pytest.raises(Refusal, match="被换过"):
        other.write_again(replace(ledger, papers=ledger.papers[::-1]))
