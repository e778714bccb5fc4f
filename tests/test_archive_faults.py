"""The archive folder when things go wrong: deaths at every step, power cuts, races, tampering."""

from __future__ import annotations

import errno
import hashlib
import io
import itertools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from activities.folder_archive import FolderArchive
from models.bags import LEDGER, TAG_FILES, FiledPaper, Finding, PaperRef
from models.errors import Refusal, Unreachable
from models.open_ledger import next_line, opened
from tests.kept_archives import CASE, is_bag, is_whole
from tests.test_archive import LETTER, PDF, REPLY, file_paper, names, said

DIED = 77
FOLLOWING = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt")
STEPS = {"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.chmod", "fcntl.flock"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def archive(root: Path) -> FolderArchive:
    return FolderArchive(root)


def in_child(work: Callable[[], object]) -> int:
    """Run the work in a forked child; answers its exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dying_at(step: int, work: Callable[[], object]) -> int:
    """Run the work in a child that dies just before its n-th call to the file system."""

    def doomed() -> None:
        left = step

        def hook(event: str, _: tuple[Any, ...]) -> None:
            nonlocal left
            if event in STEPS:
                left -= 1
                if not left:
                    os._exit(DIED)

        sys.addaudithook(hook)
        work()

    return in_child(doomed)


@pytest.mark.parametrize(
    ("start", "then"),
    [
        ("no folder", "retry"),
        ("no folder", "next write"),
        ("two papers", "repair"),
        ("two papers", "next write"),
        ("two papers", "retry"),
        ("same object elsewhere", "repair"),
        ("sealing", "repair"),
        ("sealing", "retry"),
    ],
)
def test_death_at_any_step_loses_nothing(
    tmp_path: Path, start: str, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        os, "fsync", lambda _: None
    )  # a dead process takes nothing off the disk; a power cut does
    ready = FolderArchive(tmp_path / "ready")
    earlier: list[str] = []
    if start != "no folder":
        for name in ("papers/立案.pdf", LETTER):
            file_paper(ready, name, name.encode())
            earlier.append(name)
    if start == "same object elsewhere":
        file_paper(ready, REPLY, b"reply", case_id="urging-350400-2021-0008")

    def work(archive: FolderArchive) -> object:
        if start == "sealing":
            return archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
        return file_paper(archive, REPLY, b"reply")

    unfinished, step, code = 0, 0, DIED
    while code == DIED:
        step += 1
        root = tmp_path / str(step)
        if (tmp_path / "ready").exists():
            shutil.copytree(tmp_path / "ready", root)
        archive = FolderArchive(root)
        code = dying_at(step, lambda archive=archive: work(archive))  # type: ignore[misc]  # lambda with a default
        assert code in (0, DIED)
        begun = (root / "cases" / CASE).exists()
        kinds = {each.kind for each in archive.verify(CASE)} if begun else set()
        assert kinds <= {"unfinished"}
        assert not begun or kinds or is_whole(root)
        assert set(earlier) <= set(names(archive))
        unfinished += bool(kinds)
        if then == "repair" and begun:
            assert archive.repair(CASE) is bool(kinds)
            assert archive.repair(CASE) is False
        elif then == "next write" and start != "sealing":
            file_paper(archive, "papers/后来.pdf", b"later")
        else:
            work(archive)
        if (root / "cases" / CASE).exists():
            assert is_whole(root)
        work(archive)
        expected = {*earlier, *([REPLY] if start != "sealing" else [])}
        assert len(names(archive)) == len(set(names(archive)))
        assert set(names(archive)) - {"papers/后来.pdf"} == expected
        assert is_whole(root)
        shutil.rmtree(root)
    assert step > 15 and unfinished >= (3 if start == "sealing" else 1)


def test_death_while_the_bytes_are_coming_in_leaves_the_folder_alone(
    archive: FolderArchive, root: Path
) -> None:
    class Deadly(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(5) if self.tell() < 20 else os._exit(DIED)

    file_paper(archive, LETTER, b"letter")
    assert in_child(lambda: archive.store(CASE, REPLY, Deadly(b"x" * 99), media_type=PDF, meta={})) == DIED
    assert is_whole(root) and names(archive) == [LETTER]
    left = list((root / "incoming").iterdir())
    assert len(left) == 1
    archive.tidy()
    assert list((root / "incoming").iterdir()) == left  # somebody may still be writing it
    os.utime(left[0], (0, 0))
    archive.tidy()
    assert list((root / "incoming").iterdir()) == []


def test_every_name_is_forced_to_disk_and_after_its_bytes(
    archive: FolderArchive, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a power cut may take: no name comes before its bytes, nothing before the ledger it follows.

    Not forced is the name of a paper in the case's folder, until that is sealed. A line of the ledger is forced once it stands
    behind the others.
    """
    bag = root / "cases" / CASE
    forced: list[str] = []
    unforced: list[str] = []

    def named(call: Callable[..., None]) -> Callable[..., None]:
        def record(source: Any, target: Any, **options: Any) -> None:
            path = str(source)
            assert path in forced or path.startswith(str(root / "objects")), (
                f"{path} got a name before its bytes"
            )
            if str(target).startswith(str(bag / "data")):
                assert str(bag / LEDGER) not in unforced
            if str(target) == str(bag / LEDGER):
                assert not [name for name in unforced if not name.startswith(str(bag / "data"))]
                assert not unforced or not (bag / "bagit.txt").exists()  # the seal comes after all
            call(source, target, **options)
            unforced.append(str(target))

        return record

    def fsync(handle: int, call: Callable[[int], None] = os.fsync) -> None:
        call(handle)
        path = str(Path(f"/proc/self/fd/{handle}").readlink())
        forced.append(path)
        unforced[:] = [name for name in unforced if str(Path(name).parent) != path]

    def mkdir(path: Any, *rest: Any, call: Callable[..., None] = os.mkdir) -> None:
        call(path, *rest)
        unforced.append(str(path))

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "mkdir", mkdir)
    for name in ("link", "rename", "replace"):
        monkeypatch.setattr(os, name, named(getattr(os, name)))
    file_paper(archive, LETTER, b"letter")
    assert unforced == [str(bag / "data" / LETTER)]
    file_paper(archive, REPLY, b"reply")
    assert unforced == [str(bag / "data" / name) for name in (LETTER, REPLY)] and len(forced) > 12
    archive.seal(CASE, {"Bagging-Date": "2021-12-01"})
    assert unforced == [] and str(bag / "data/papers") in forced


@pytest.mark.parametrize("then", ["repair", "next write", "sealing"])
def test_names_that_a_power_cut_takes_are_given_again(archive: FolderArchive, root: Path, then: str) -> None:
    bag, papers = root / "cases" / CASE, (LETTER, REPLY, "history/run 1.json")
    for name in papers:
        file_paper(archive, name, name.encode())
    for lost in itertools.product((True, False), repeat=len(papers)):
        gone = list(itertools.compress(papers, lost))
        for name in gone:
            (bag / "data" / name).unlink()
        after = FolderArchive(root)  # the power was off, and no process remembers
        assert [(each.kind, each.file) for each in after.verify(CASE)] == [
            ("unfinished", f"data/{name}") for name in gone
        ]
        for name in papers:
            with after.open(CASE, name) as file:
                assert file.read() == name.encode()
        if then == "repair":
            assert after.repair(CASE) is bool(gone)
        elif then == "next write":
            file_paper(after, f"papers/{lost}.pdf".replace("(", "").replace(")", ""), b"later")
        else:
            after.seal(CASE, {"Bagging-Date": "2021-12-01"})
        assert is_whole(root)
        if then == "sealing":
            break


@pytest.mark.parametrize("then", ["repair", "next write", "sealing"])
def test_what_a_sealing_cut_short_leaves_is_written_anew(
    archive: FolderArchive, root: Path, then: str
) -> None:
    file_paper(archive, LETTER, b"letter")
    bag = root / "cases" / CASE
    for count in range(1, len(FOLLOWING) + 1):
        for name in FOLLOWING[:count]:
            (bag / name).write_bytes(b"of another day")
        after = FolderArchive(root)
        assert [(each.kind, each.file) for each in after.verify(CASE)] == [
            ("unfinished", name) for name in TAG_FILES if name in FOLLOWING[:count]
        ]
        if then == "repair":
            assert after.repair(CASE) is True
        elif then == "next write":
            file_paper(after, f"papers/{count}.pdf", b"later")
        else:
            after.seal(CASE, {"Bagging-Date": "2021-12-01"})
        assert is_whole(root)
        if then == "sealing":
            break


def _two_papers(archive: FolderArchive) -> list[bytes]:
    for name in (LETTER, REPLY):
        file_paper(archive, name, name.encode())
    return (archive._cases / CASE / LEDGER).read_bytes().splitlines(keepends=True)


def test_a_flipped_bit_of_an_open_ledger_is_found_in_its_line(archive: FolderArchive, root: Path) -> None:
    lines = _two_papers(archive)
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
    head, one, two = _two_papers(archive)
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


@pytest.mark.parametrize("then", ["repair", "next write", "sealing", "retry"])
@pytest.mark.parametrize("zeros", [False, True])
def test_a_line_cut_short_is_taken_away(
    archive: FolderArchive, root: Path, zeros: bool, then: str, tmp_path: Path
) -> None:
    """A power cut while a line is written: a part of it came to disk, with zeros for the rest where the disk is like that."""
    _two_papers(archive)
    whole = (root / "cases" / CASE / LEDGER).read_bytes()
    file_paper(archive, "papers/三.pdf", b"3")
    line = (root / "cases" / CASE / LEDGER).read_bytes().removeprefix(whole)
    for length in range(1, len(line), 1 if then == "repair" else 97):
        root = tmp_path / f"{length}"
        later = FolderArchive(root)
        _two_papers(later)
        reader = FolderArchive(root)
        assert names(reader) == [LETTER, REPLY]
        torn = line[:length] + bytes(len(line) - length) if zeros else line[:length]
        if zeros and length % 2:
            torn = bytes(length) + line[length:]  # or the beginning did not
        if zeros and not length % 3:
            torn = line[:length] + bytes(512) + line[length:]  # or a sector in the middle
        with (root / "cases" / CASE / LEDGER).open("ab") as file:
            file.write(torn)
        assert [(each.kind, each.file) for each in later.verify(CASE)] == [("unfinished", LEDGER)]
        assert names(reader) == names(FolderArchive(root)) == [LETTER, REPLY]
        if then == "repair":
            assert later.repair(CASE) is True
        elif then == "sealing":
            later.seal(CASE, {"Bagging-Date": "2021-12-01"})
        else:
            file_paper(reader, "papers/三.pdf" if then == "retry" else "papers/四.pdf", b"3")
        assert is_whole(root)
        shutil.rmtree(root)


def test_a_sealed_folder_whose_ledger_was_cut_keeps_its_manifests(archive: FolderArchive, root: Path) -> None:
    _two_papers(archive)
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


def test_a_ledger_seen_for_the_first_time_and_a_seal_met_again_are_forced(
    archive: FolderArchive, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wrote them may have died before they were on the disk."""
    letter = file_paper(archive, LETTER, b"letter")
    file_paper(archive, "a/b/c.pdf", b"c")
    bag, forced = root / "cases" / CASE, []

    def fsync(handle: int, call: Callable[[int], None] = os.fsync) -> None:
        forced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        call(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    assert file_paper(FolderArchive(root), LETTER, b"letter") == letter
    assert str(bag / LEDGER) in forced
    archive.seal(CASE, {"A": "1"})
    assert {str(bag / name) for name in ("data", "data/a", "data/a/b", "data/papers")} <= set(forced)
    forced.clear()
    archive.seal(CASE, {"A": "1"})
    assert forced == [str(bag)]


def test_a_writer_who_knows_the_case_takes_a_begun_sealing_away(archive: FolderArchive, root: Path) -> None:
    file_paper(archive, LETTER, b"letter")
    (root / "cases" / CASE / "bagit.txt").write_bytes(b"torn")
    file_paper(archive, REPLY, b"reply")
    assert is_whole(root)


def test_a_paper_named_between_two_looks_of_a_reader_is_found(
    archive: FolderArchive, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_paper(archive, LETTER, b"letter")
    path = root / "cases" / CASE / "data" / LETTER
    path.unlink()
    reader = FolderArchive(root)

    def named_meanwhile(case: str, call: Callable[[str], Any] = reader.ledger) -> Any:
        archive.seal(CASE, {"A": "1"})
        return call(case)

    monkeypatch.setattr(reader, "ledger", named_meanwhile)
    archive._seen.clear()
    with reader.open(CASE, LETTER) as file:
        assert file.read() == b"letter"


def test_a_ledger_that_is_no_utf8_is_refused_by_everybody(archive: FolderArchive, root: Path) -> None:
    stands = opened(CASE)
    filed = FiledPaper(PaperRef("a" * 64, 1, PDF, LETTER), {"source": "\udcff"})
    forged = stands.text + next_line(stands, filed)
    file_paper(archive, LETTER, b"letter")
    rewrite(root / "cases" / CASE / LEDGER, forged.encode("utf-8", "surrogateescape"))
    assert archive.verify(CASE)[0].kind == "altered"
    with pytest.raises(Refusal):
        file_paper(archive, REPLY, b"reply")


def test_a_line_that_the_disk_refuses_is_not_read_as_filed(
    archive: FolderArchive, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_paper(archive, LETTER, b"letter")
    before = (root / "cases" / CASE / LEDGER).read_bytes()

    def fsync(handle: int, call: Callable[[int], None] = os.fsync) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink().name == LEDGER:
            raise OSError(errno.EIO, "Input/output error")
        call(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fsync)
        with pytest.raises(Unreachable):
            file_paper(archive, REPLY, b"reply")
        assert (root / "cases" / CASE / LEDGER).read_bytes() == before
    assert names(archive) == [LETTER] and is_whole(root)
    file_paper(archive, REPLY, b"reply")
    assert names(archive) == [LETTER, REPLY] and is_whole(root)


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


def test_what_was_seen_of_a_case_is_not_believed_before_the_disk(archive: FolderArchive, root: Path) -> None:
    file_paper(archive, LETTER, b"letter")
    assert names(archive) == [LETTER]
    file_paper(FolderArchive(root), REPLY, b"reply")  # another process
    assert names(archive) == [LETTER, REPLY]
    file_paper(archive, "papers/三.pdf", b"3")
    assert names(archive) == [LETTER, REPLY, "papers/三.pdf"] and is_whole(root)
    FolderArchive(root).seal(CASE, {"Bagging-Date": "2021-12-01"})
    assert archive.is_sealed(CASE)
    with pytest.raises(Refusal):
        file_paper(archive, "papers/四.pdf", b"4")


def test_two_processes_lose_no_line(root: Path, archive: FolderArchive) -> None:
    def writing(who: int) -> None:
        for number in range(8):
            file_paper(archive, f"papers/{who}-{number}.pdf", f"{who} {number}".encode())
            file_paper(archive, f"papers/共同-{number}.pdf", f"{number}".encode())

    children = []
    for who in range(3):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                writing(who)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    assert len(names(archive)) == len(set(names(archive))) == 3 * 8 + 8
    assert is_whole(root)
    assert list((root / "incoming").iterdir()) == []


def test_of_two_contents_racing_for_a_name_one_wins(root: Path, archive: FolderArchive) -> None:
    def one(content: bytes) -> None:
        try:
            file_paper(archive, LETTER, content)
        except Refusal:
            os._exit(DIED)

    children = []
    for content in (b"one", b"two"):
        child = os.fork()
        if child == 0:
            try:
                one(content)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children) == [0, DIED]
    assert names(archive) == [LETTER] and is_whole(root)


# Tampering


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
