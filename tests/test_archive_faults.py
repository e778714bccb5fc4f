"""The archive folder when things go wrong: deaths at every step, power cuts, races."""

from __future__ import annotations

import errno
import fcntl
import io
import itertools
import os
import shutil
import sys
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from activities.folder_archive import FolderArchive
from models.bags import LEDGER, TAG_FILES
from models.errors import Refusal, Unreachable
from tests.kept_archives import CASE, LETTER, REPLY, is_whole, two_papers
from tests.test_archive import PDF, file_paper, names

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

    An object's name may come before its bytes: both are forced before the ledger says that it is there. Not forced is the name
    of a paper in the case's folder, until that is sealed. A line of the ledger is forced once it stands behind the others.
    """
    bag, objects = root / "cases" / CASE, str(root / "objects")
    forced: list[str] = []
    unforced: list[str] = []
    lines: list[list[str]] = []

    def named(call: Callable[..., None]) -> Callable[..., None]:
        def record(source: Any, target: Any, **options: Any) -> None:
            path = str(source)
            if str(target).startswith(objects):
                unforced.append(path)
            else:
                assert path in forced or path.startswith(objects), f"{path} got a name before its bytes"
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
        unforced[:] = [name for name in unforced if path not in (name, str(Path(name).parent))]

    def write(handle: int, piece: Any, call: Callable[[int, Any], int] = os.write) -> int:
        """What was not forced when a line was put behind the others."""
        if str(Path(f"/proc/self/fd/{handle}").readlink()) == str(bag / LEDGER):
            lines.append([name for name in unforced if not name.startswith(str(bag / "data"))])
        return call(handle, piece)

    def mkdir(path: Any, *rest: Any, call: Callable[..., None] = os.mkdir) -> None:
        call(path, *rest)
        unforced.append(str(path))

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "write", write)
    monkeypatch.setattr(os, "mkdir", mkdir)
    for name in ("link", "rename", "replace"):
        monkeypatch.setattr(os, name, named(getattr(os, name)))
    file_paper(archive, LETTER, b"letter")
    assert unforced == [str(bag / "data" / LETTER)]
    file_paper(archive, REPLY, b"reply")
    assert unforced == [str(bag / "data" / name) for name in (LETTER, REPLY)] and len(forced) > 10
    assert lines == [[], []]
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


@pytest.mark.parametrize("then", ["repair", "next write", "sealing", "retry"])
@pytest.mark.parametrize("zeros", [False, True])
def test_a_line_cut_short_is_taken_away(
    archive: FolderArchive, root: Path, zeros: bool, then: str, tmp_path: Path
) -> None:
    """A power cut while a line is written: a part of it came to disk, with zeros for the rest where the disk is like that."""
    two_papers(archive)
    whole = (root / "cases" / CASE / LEDGER).read_bytes()
    file_paper(archive, "papers/三.pdf", b"3")
    line = (root / "cases" / CASE / LEDGER).read_bytes().removeprefix(whole)
    for length in range(1, len(line), 1 if then == "repair" else 97):
        root = tmp_path / f"{length}"
        later = FolderArchive(root)
        two_papers(later)
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


def test_an_object_of_another_writer_is_forced_and_a_torn_one_written_anew(
    archive: FolderArchive, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name was given before its bytes were on the disk; its writer may have died, or the power may have gone."""
    paper = file_paper(archive, LETTER, b"letter", case_id="urging-350400-2021-0008")
    kept = root / "objects/sha256" / paper.digest[:2] / paper.digest
    forced: list[str] = []

    def fsync(handle: int, call: Callable[[int], None] = os.fsync) -> None:
        forced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        call(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fsync)
        file_paper(archive, LETTER, b"letter")
    line = len(forced) - forced[::-1].index(str(root / "cases" / CASE / LEDGER))
    assert {str(kept), str(kept.parent)} <= set(forced[:line])

    def refusing(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched, pytest.raises(Unreachable):
        patched.setattr(os, "fsync", refusing)
        file_paper(archive, REPLY, b"reply")
    orphan = root / "objects/sha256" / sha256(b"reply").hexdigest()[:2] / sha256(b"reply").hexdigest()
    assert not orphan.exists()
    orphan.write_bytes(b"rep")  # what a power cut left
    file_paper(archive, REPLY, b"reply")
    assert archive.read(orphan.name) == b"reply" and is_whole(root)


def test_an_object_that_its_writer_takes_away_again_is_nobody_elses_meanwhile(
    archive: FolderArchive, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk refuses the bytes of one writer while another files the same paper: the other's object stays."""
    other, waits = "urging-350400-2021-0008", threading.Event()
    meanwhile = threading.Thread(target=lambda: file_paper(archive, LETTER, b"letter", case_id=other))
    digest = sha256(b"letter").hexdigest()

    def flock(handle: int, how: int, call: Callable[[int, int], None] = fcntl.flock) -> None:
        if threading.current_thread() is meanwhile and str(Path(f"/proc/self/fd/{handle}").readlink()) == str(
            root / "objects/sha256" / digest[:2]
        ):
            waits.set()
        call(handle, how)

    def fsync(handle: int, call: Callable[[int], None] = os.fsync) -> None:
        if threading.current_thread() is not meanwhile and os.fstat(handle).st_size == len(b"letter"):
            meanwhile.start()
            while meanwhile.is_alive() and not waits.wait(0.01):
                pass
            raise OSError(errno.EIO, "Input/output error")
        call(handle)

    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", flock)
        patched.setattr(os, "fsync", fsync)
        with pytest.raises(Unreachable):
            file_paper(archive, LETTER, b"letter")
        meanwhile.join()
    assert archive.verify(other) == [] and archive.read(digest) == b"letter"
    assert file_paper(archive, LETTER, b"letter").digest == digest and is_whole(root)


def test_an_object_of_a_dead_writer_that_the_disk_refuses_is_written_anew(
    archive: FolderArchive, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next forcing of it would succeed, and its bytes be read from memory alone."""
    digest = sha256(b"letter").hexdigest()
    kept = root / "objects/sha256" / digest[:2] / digest
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"letter")
    refused = kept.stat().st_ino

    def fsync(handle: int, call: Callable[[int], None] = os.fsync) -> None:
        if os.fstat(handle).st_ino == refused:
            raise OSError(errno.EIO, "Input/output error")
        call(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    file_paper(archive, LETTER, b"letter")
    assert kept.stat().st_ino != refused and archive.read(digest) == b"letter" and is_whole(root)


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
