"""The archive folder when somebody has been at it: each change found and named, nothing written over it."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from activities.folder_archive import FolderArchive
from models.bags import LEDGER, TAG_FILES, FiledPaper, Finding, PaperRef
from models.errors import Refusal, Unreachable
from models.open_ledger import next_line, opened
from tests.kept_archives import CASE, LETTER, REPLY, is_bag, is_whole, two_papers
from tests.test_archive import PDF, file_paper, names, said

FOLLOWING = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def archive(root: Path) -> FolderArchive:
    return FolderArchive(root)


def rewrite(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def forge(path: Path, old: bytes, new: bytes) -> None:
    rewrite(path, path.read_bytes().replace(old, new))


def overwrite(path: Path) -> None:
    path.chmod(0o640)
    path.write_bytes(b"forged")


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda bag: rewrite(bag / "data" / LETTER, b"forged"), ["altered data/" + LETTER]),
        (lambda bag: (bag / "data" / LETTER).unlink(), ["missing data/" + LETTER]),
        (lambda bag: overwrite(bag / "data" / LETTER), ["altered data/" + LETTER, "altered objects"]),
        (lambda bag: (bag / "data/x.pdf").write_bytes(b"x"), ["unregistered data/x.pdf"]),
        (lambda bag: (bag / "manifest-sha256.txt").unlink(), ["missing manifest-sha256.txt"]),
        (lambda bag: (bag / "ledger.jsonl").unlink(), ["missing ledger.jsonl"]),
        (lambda bag: rewrite(bag / "bag-info.txt", b"\xff"), ["altered bag-info.txt"]),
        (lambda bag: rewrite(bag / "ledger.jsonl", b"\xff"), ["altered ledger.jsonl"]),
        (lambda bag: forge(bag / "ledger.jsonl", b"receipt", b"Receipt"), ["altered ledger.jsonl"]),
        # What follows, BagIt alone does not see.
        (lambda bag: (bag / "x.txt").write_bytes(b"x"), ["unregistered x.txt"]),
        (lambda bag: (bag / "tagmanifest-sha256.txt").unlink(), ["missing tagmanifest-sha256.txt"]),
    ],
)
def test_tampering_is_found_and_named(
    archive: FolderArchive, root: Path, harm: Callable[[Path], object], found: list[str]
) -> None:
    for name in (LETTER, REPLY, "papers/三.pdf"):
        file_paper(archive, name, name.encode())
    archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    harm(root / "cases" / CASE)
    findings = archive.verify(CASE)
    places = [f"{each.kind} {'objects' if 'objects' in each.file else each.file}" for each in findings]
    assert places[: len(found)] == found
    assert all(each.what and each.remedy for each in findings)


def test_a_forger_who_knows_the_layout_is_found_by_the_voucher_kept_elsewhere(
    archive: FolderArchive, root: Path
) -> None:
    file_paper(archive, LETTER, b"letter")
    voucher = archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    bag = root / "cases" / CASE
    genuine = hashlib.sha256((bag / "ledger.jsonl").read_bytes()).hexdigest().encode()
    forge(bag / "ledger.jsonl", "大田县".encode(), "永安市".encode())
    forged = hashlib.sha256((bag / "ledger.jsonl").read_bytes()).hexdigest().encode()
    forge(bag / "tagmanifest-sha256.txt", genuine, forged)
    assert is_bag(root) and archive.verify(CASE) == []
    assert [each.kind for each in archive.verify(CASE, sealed=voucher)] == ["altered"]


def test_a_link_in_place_of_a_paper_is_found(archive: FolderArchive, root: Path, tmp_path: Path) -> None:
    file_paper(archive, LETTER, b"letter")
    path = root / "cases" / CASE / "data" / LETTER
    (tmp_path / "elsewhere").write_bytes(b"letter")
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert [(each.kind, each.file) for each in archive.verify(CASE)] == [("altered", f"data/{LETTER}")]


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda bag: rewrite(bag / "data" / LETTER, b"forged"), ["altered data/" + LETTER]),
        (lambda bag: overwrite(bag / "data" / LETTER), ["altered data/" + LETTER, "altered objects"]),
        (lambda bag: (bag / "data/x.pdf").write_bytes(b"x"), ["unregistered data/x.pdf"]),
        (lambda bag: (bag / "ledger.jsonl").unlink(), ["missing ledger.jsonl"]),
        (lambda bag: (bag / "x.txt").write_bytes(b"x"), ["unregistered x.txt"]),
        (lambda bag: (bag / "bagit.txt").symlink_to("ledger.jsonl"), ["unregistered bagit.txt"]),
    ],
)
def test_tampering_with_an_open_folder_is_found_and_named(
    archive: FolderArchive, root: Path, harm: Callable[[Path], object], found: list[str]
) -> None:
    for name in (LETTER, REPLY, "papers/三.pdf"):
        file_paper(archive, name, name.encode())
    harm(root / "cases" / CASE)
    places = [
        f"{each.kind} {'objects' if 'objects' in each.file else each.file}" for each in archive.verify(CASE)
    ]
    assert places == found


def test_nothing_is_filed_in_a_folder_whose_ledger_was_changed(archive: FolderArchive, root: Path) -> None:
    file_paper(archive, LETTER, b"1")
    ledger = root / "cases" / CASE / LEDGER
    genuine = ledger.read_bytes()
    rewrite(ledger, genuine.replace(b"receipt", b"Receipt"))
    before = archive.verify(CASE)
    for write in (
        lambda: file_paper(archive, REPLY, b"2"),
        lambda: archive.repair(CASE),
        lambda: archive.seal(CASE, {"A": "1"}),
    ):
        with pytest.raises(Refusal) as error:
            write()
        assert said(error, LEDGER, "第 2 行", "接不上")
    assert archive.verify(CASE) == before != []
    rewrite(ledger, genuine)
    file_paper(archive, REPLY, b"2")
    assert is_whole(root)


def test_a_folder_under_another_cases_name_is_found(archive: FolderArchive, root: Path) -> None:
    file_paper(archive, LETTER, b"1")
    (root / "cases" / CASE).rename(root / "cases" / "urging-2")
    assert "另一案件" in str(archive.verify("urging-2")[0])


def test_a_paper_gone_is_put_back_and_a_damaged_object_healed(archive: FolderArchive, root: Path) -> None:
    paper = file_paper(archive, LETTER, b"letter")
    path = root / "cases" / CASE / "data" / LETTER
    path.unlink()
    assert archive.repair(CASE) is True and path.read_bytes() == b"letter" and is_whole(root)
    overwrite(next(file for file in (root / "objects").rglob("*") if file.is_file()))
    with pytest.raises(Refusal) as error:
        archive.read(paper.digest)
    assert said(error, "指纹不符")
    file_paper(archive, LETTER, b"letter", case_id="urging-2")
    assert archive.read(paper.digest) == b"letter"
    assert archive.verify("urging-2") == []
    [finding] = archive.verify(CASE)
    assert (finding.kind, finding.file) == (
        "altered",
        f"data/{LETTER}",
    ) and "objects/sha256" in finding.remedy


def test_what_is_wrong_with_one_case_is_not_said_of_another(archive: FolderArchive, root: Path) -> None:
    for case_id in ("urging-2", "urging-1"):
        file_paper(archive, LETTER, case_id.encode(), case_id)
    rewrite(root / "cases" / "urging-2" / "data" / LETTER, b"forged")
    found = {case_id: [each.kind for each in archive.verify(case_id)] for case_id in archive.cases()}
    assert found == {"urging-1": [], "urging-2": ["altered"]}
    assert archive.verify("urging-9") == [Finding("urging-9", "absent", "没有这个案卷文件夹", "核对案件编号")]


def _in_its_place(path: Path, how: str, aside: Path) -> None:
    """A thing that is no plain file where one was, with the very same content if it can."""
    if how == "link":
        path.rename(aside)
        path.symlink_to(aside)
        return
    path.unlink()
    if how == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()


@pytest.mark.parametrize("how", ["link", "pipe", "folder"])
@pytest.mark.parametrize("name", TAG_FILES)
def test_what_is_no_file_in_place_of_one_is_found_and_held_for_none(
    archive: FolderArchive, root: Path, tmp_path: Path, name: str, how: str
) -> None:
    paper = file_paper(archive, LETTER, b"letter")
    voucher = archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    ledger = archive.ledger(CASE)
    _in_its_place(root / "cases" / CASE / name, how, tmp_path / "aside")
    assert [(each.kind, each.file) for each in archive.verify(CASE, sealed=voucher)] == [("missing", name)]
    assert ledger is not None
    if how == "folder":
        with pytest.raises(Unreachable, match="应为文件之处是文件夹（移走该文件夹）"):
            archive.write_again(ledger)
        (root / "cases" / CASE / name).rmdir()
    archive.write_again(ledger)
    assert archive.verify(CASE, sealed=voucher) == [] and archive.read(paper.digest) == b"letter"


def test_a_disk_that_does_not_give_a_paper_out_is_found_and_the_other_papers_read(
    archive: FolderArchive, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = file_paper(archive, LETTER, b"letter")
    file_paper(archive, REPLY, b"reply")
    rewrite(root / "cases" / CASE / "data" / REPLY, b"Reply")

    def read(handle: int, most: int, call: Callable[[int, int], bytes] = os.read) -> bytes:
        if bad.digest in str(Path(f"/proc/self/fd/{handle}").readlink()):
            raise OSError(errno.EIO, "Input/output error")
        return call(handle, most)

    def file_digest(file: Any, how: str, call: Callable[..., Any] = hashlib.file_digest) -> Any:
        if Path(file.name).samefile(root / "objects" / "sha256" / bad.digest[:2] / bad.digest):
            raise OSError(errno.EIO, "Input/output error", file.name)
        return call(file, how)

    monkeypatch.setattr(os, "read", read)
    monkeypatch.setattr(hashlib, "file_digest", file_digest)
    found = archive.verify(CASE)
    assert {each.file for each in found if each.file.startswith("data/")} == {
        f"data/{LETTER}",
        f"data/{REPLY}",
    }
    assert all("磁盘有坏处" in each.what for each in found if each.file.startswith("data/"))


def test_folders_without_end_are_found(archive: FolderArchive, root: Path) -> None:
    file_paper(archive, LETTER, b"letter")
    step = os.open(root / "cases" / CASE / "data", os.O_RDONLY)
    for _ in range(600):
        os.mkdir("d", dir_fd=step)
        below = os.open("d", os.O_RDONLY, dir_fd=step)
        os.close(step)
        step = below
    os.close(step)
    [found] = archive.verify(CASE)
    assert found.kind == "unregistered" and found.file.startswith("data/d/d/d")


def test_a_ledger_that_is_behind_is_not_written_over_a_paper_filed_since(
    archive: FolderArchive, root: Path
) -> None:
    file_paper(archive, LETTER, b"letter")
    before = archive.ledger(CASE)
    assert before is not None
    file_paper(FolderArchive(root), REPLY, b"reply")  # a worker, while the mending looks for what it needs
    with pytest.raises(Refusal, match="在核对以后又变了（再核一次）"):
        archive.write_again(before)
    assert names(archive) == [LETTER, REPLY] and archive.verify(CASE) == []


def test_a_flipped_bit_of_an_open_ledger_is_found_in_its_line(archive: FolderArchive, root: Path) -> None:
    lines = two_papers(archive)
    path, genuine, start = root / "cases" / CASE / LEDGER, b"".join(lines), 0
    for number, line in enumerate(lines, start=1):
        for place in range(start, start + len(line)):
            flipped = bytes([genuine[place] ^ 1 << place % 8])
            rewrite(path, genuine[:place] + flipped + genuine[place + 1 :])
            for reader in (archive, FolderArchive(root)):
                [found] = reader.verify(CASE)
                assert (found.kind, found.file) == ("altered", LEDGER)
                assert found.line in ((number,) if number > 1 else (2, None)), (number, place)
            with pytest.raises(Refusal):
                file_paper(archive, "papers/三.pdf", b"3")
        start += len(line)
    rewrite(path, genuine)
    assert is_whole(root)


def test_a_line_too_few_or_too_many_of_an_open_ledger_is_found(archive: FolderArchive, root: Path) -> None:
    head, one, two = two_papers(archive)
    path = root / "cases" / CASE / LEDGER
    for lines in ([head, two], [one, two], [head, two, one], [head, one, two, two], [head, one, one, two]):
        rewrite(path, b"".join(lines))
        assert ("altered", LEDGER) in [(each.kind, each.file) for each in archive.verify(CASE)]
        with pytest.raises(Refusal):
            archive.repair(CASE)
    # The last lines gone, or the end of the last line: papers have names in the folder that no crash gives them before.
    for left, unknown in (
        (head, 2),
        (head + one, 1),
        (head + one + two[:-5], 1),
        (head + b"\0" + one[1:], 2),
    ):
        rewrite(path, left)
        for reader in (archive, FolderArchive(root)):
            first, *others = reader.verify(CASE)
            assert (first.kind, first.file) == ("altered", LEDGER) and "少了行" in first.what
            assert [each.kind for each in others] == ["unregistered"] * unknown
            for write in (lambda: file_paper(archive, "papers/三.pdf", b"3"), lambda: archive.repair(CASE)):
                with pytest.raises(Refusal, match="少了行"):
                    write()
        assert path.read_bytes() == left
    path.write_bytes(b"")
    assert archive.verify(CASE)[0].kind == "altered"
    rewrite(path, head + one + two)
    assert is_whole(root)


def test_a_sealed_folder_whose_ledger_was_cut_keeps_its_manifests(archive: FolderArchive, root: Path) -> None:
    two_papers(archive)
    voucher = archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    bag = root / "cases" / CASE
    genuine = (bag / LEDGER).read_bytes()
    before = {name: (bag / name).read_bytes() for name in FOLLOWING}
    lines = genuine.splitlines(keepends=True)
    for left in (lines[0], lines[0] + lines[1][:70], b"".join(lines[:2]), b"".join(lines[:-1]), genuine[:-3]):
        rewrite(bag / LEDGER, left)
        for reader in (archive, FolderArchive(root)):
            assert ("altered", LEDGER) in {(each.kind, each.file) for each in reader.verify(CASE)}
            for write in (
                lambda reader=reader: file_paper(reader, "papers/三.pdf", b"3"),
                lambda reader=reader: reader.repair(CASE),
                lambda reader=reader: reader.seal(CASE, {"A": "1"}),
            ):
                with pytest.raises(Refusal):
                    write()
        assert {name: (bag / name).read_bytes() for name in FOLLOWING} == before
        assert (bag / LEDGER).read_bytes() == left
    rewrite(bag / LEDGER, genuine)
    assert archive.verify(CASE, sealed=voucher) == []


def test_a_stray_file_keeps_no_paper_from_being_filed(archive: FolderArchive, root: Path) -> None:
    file_paper(archive, LETTER, b"letter")
    (root / "cases" / CASE / "data" / "stray.txt").write_bytes(b"x")
    file_paper(FolderArchive(root), REPLY, b"reply")
    assert [each.kind for each in archive.verify(CASE)] == ["unregistered"]


def test_a_ledger_that_is_no_utf8_is_refused_by_everybody(archive: FolderArchive, root: Path) -> None:
    stands = opened(CASE)
    filed = FiledPaper(PaperRef("a" * 64, 1, PDF, LETTER), {"source": "\udcff"})
    forged = stands.text + next_line(stands, filed)
    file_paper(archive, LETTER, b"letter")
    rewrite(root / "cases" / CASE / LEDGER, forged.encode("utf-8", "surrogateescape"))
    assert archive.verify(CASE)[0].kind == "altered"
    with pytest.raises(Refusal):
        file_paper(archive, REPLY, b"reply")


@pytest.mark.parametrize("name", ["bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_a_file_of_a_sealed_folder_was_forced_and_is_not_taken_for_cut_short(
    archive: FolderArchive, root: Path, name: str
) -> None:
    file_paper(archive, LETTER, b"letter")
    archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    path = root / "cases" / CASE / name
    rewrite(path, path.read_bytes()[:-10])
    assert {each.kind for each in archive.verify(CASE)} == {"altered"}
    with pytest.raises(Refusal):
        archive.repair(CASE)
