"""Bags that lie outside of any archive: a case's folder on its way from another house, checked before it is believed."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from activities.durable import reaching
from activities.folder_reading import names_below
from activities.incoming import CHUNK, LIMIT
from models.bag_findings import no_case, no_object, no_paper
from models.bags import LEDGER, PAYLOAD, TAG_FILES, FiledPaper, Ledger, PaperRef, shown
from models.errors import Problem, Refusal
from models.journal_file import JOURNAL, read_journal
from models.loose_bags import LARGEST_LEDGER, file_problems, no_ledger, read_loose_ledger, tag_problems

_PLACE = "案卷包"
_MOST_FILES = 250_000
_MOST_PROBLEMS = 50
_AGAIN = "由移送单位核对后重新打包"


class LooseBags:
    """The `Shelf` port over bags that are sound. Refusal with all that is wrong with any of them, when it is made."""

    def __init__(self, folders: Iterable[Path], *, limit: int = LIMIT) -> None:
        self._bags: dict[str, tuple[Path, Ledger]] = {}
        problems: list[Problem] = []
        for folder in folders:
            try:
                ledger = check_bag(folder, limit=limit)
            except Refusal as refusal:
                problems += refusal.problems
                continue
            if ledger.case_id in self._bags:
                problems.append(Problem(f"案卷 {ledger.case_id} 的包给了两次", "只写一次", file=str(folder)))
            self._bags[ledger.case_id] = folder, ledger
        if problems:
            raise Refusal(problems)

    def cases(self) -> Sequence[str]:
        """The ids of the cases whose bags these are."""
        return sorted(self._bags)

    def ledger(self, case_id: str) -> Ledger | None:
        """What a bag holds; None when there is none of the case."""
        return self._bags[case_id][1] if case_id in self._bags else None

    def papers(self, case_id: str) -> tuple[FiledPaper, ...]:
        """A case's papers in the order of filing."""
        ledger = self.ledger(case_id)
        return ledger.papers if ledger is not None else ()

    def is_sealed(self, case_id: str) -> bool:
        """Whether there is a bag of the case: an unsealed one would not be here."""
        return case_id in self._bags

    def open(self, case_id: str, name: str) -> BinaryIO:
        """A case's paper as a stream."""
        if case_id not in self._bags:
            raise no_case(case_id)
        folder, ledger = self._bags[case_id]
        filed = ledger.find(name)
        if filed is None or filed.paper.name != name:
            raise no_paper(case_id, name)
        with reaching(_PLACE):
            return _opened(folder, f"{PAYLOAD}/{name}")

    def read(self, digest: str) -> bytes:
        """A paper's bytes, checked against the digest."""
        for case, (_, ledger) in self._bags.items():
            for filed in ledger.papers:
                if filed.paper.digest == digest:
                    with (
                        reaching(_PLACE),
                        checked(self.open(case, filed.paper.name), filed.paper) as file,
                    ):
                        return file.read()
        raise no_object(digest)


def check_bag(folder: Path, *, limit: int = LIMIT) -> Ledger:
    """The ledger of a sealed bag that is whole and sound, all of it read; it may lie anywhere, and changes nothing.

    Refusal with all that is wrong: no bag of ours, files too many or too few or of other bytes, links, names that cannot
    be, manifests that disagree, a journal whose chain is broken, a paper over `limit` bytes.
    """
    with reaching(_PLACE):
        problems = list(_problems(folder, limit))
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        told = [_placed(each, folder) for each in problems[:_MOST_PROBLEMS]]
        raise Refusal(told + [Problem(f"另有 {more} 处不符", _AGAIN, file=str(folder))] * (more > 0))
    return _ledger(folder)


def checked(file: BinaryIO, paper: PaperRef) -> BinaryIO:
    """A paper as a stream that ends in a Refusal when it was not the paper; closing it closes the other."""
    return io.BufferedReader(_Checked(file, paper), CHUNK)


class _Checked(io.RawIOBase):
    def __init__(self, file: BinaryIO, paper: PaperRef) -> None:
        self._file = file
        self._paper = paper
        self._hashed = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(min(len(buffer), CHUNK))
        self._hashed.update(piece)
        if not piece and self._hashed.hexdigest() != self._paper.digest:
            what = "内容与登记的指纹不符，可能被改动，或所在的磁盘有坏处"
            raise Refusal(Problem(what, "与备份核对", file=self._paper.name))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()


def _problems(folder: Path, limit: int) -> Iterator[Problem]:
    sizes: dict[str, int] = {}
    if not folder.is_dir() or folder.is_symlink():
        what = "应为文件夹" if os.path.lexists(folder) else "没有这个文件夹"
        yield Problem(what, "核对路径；压缩包先解开，写解开后的文件夹")
        return
    for name, entry in names_below(str(folder)):
        found = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            is_deep = stat.S_ISDIR(found.st_mode)
            what = "文件夹的层数太多" if is_deep else "是链接或设备，不是文件"
            yield Problem(what, _AGAIN, file=shown(name))
        elif len(sizes) == _MOST_FILES:
            yield Problem(f"文件超过 {_MOST_FILES} 个", _AGAIN)
            return
        else:
            sizes[name] = found.st_size
    sizes = dict(sorted(sizes.items()))
    if LEDGER not in sizes:
        yield no_ledger("bagit.txt" in sizes)
        return
    if sizes[LEDGER] > LARGEST_LEDGER:
        yield Problem(f"登记簿有 {sizes[LEDGER]} 字节，过大", _AGAIN, file=LEDGER)
        return
    try:
        ledger = _ledger(folder)
    except Refusal as refusal:
        yield from refusal.problems
        return
    yield from file_problems(ledger, sizes)
    expected = {name: len(text.encode()) for name, text in ledger.tag_files().items()}
    # A manifest of another size is read to say what is wrong with it, and no further.
    most = {name: min(size, LARGEST_LEDGER) for name, size in sizes.items() if name in TAG_FILES}
    yield from tag_problems(
        ledger, {name: _beginning(folder, name, most[name]) for name in expected if name in most}
    )
    yield from _payload_problems(folder, ledger, sizes, limit)


def _payload_problems(folder: Path, ledger: Ledger, sizes: dict[str, int], limit: int) -> Iterator[Problem]:
    for filed in ledger.papers:
        name = f"{PAYLOAD}/{filed.paper.name}"
        if filed.paper.size > limit:
            yield Problem(f"文件太大，超过 {limit / 1024 / 1024:g} MB", _AGAIN, file=name)
        elif sizes.get(name) == filed.paper.size:
            with closing(_opened(folder, name)) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != filed.paper.digest:
                    yield Problem("内容与登记的指纹不符，可能被改动", _AGAIN, file=name)
                elif filed.paper.name == JOURNAL:
                    file.seek(0)
                    journal = read_journal(file.read().decode("utf-8", "surrogateescape"))
                    if journal.line:
                        what = f"办案记录的这一行接不上：{journal.wrong}"
                        yield Problem(
                            what, f"{_AGAIN}；由更新的版本写成的，升级程序后再试", row=journal.line, file=name
                        )
    if ledger.find(JOURNAL) is None:
        yield Problem("案卷没有办案记录", _AGAIN, file=f"{PAYLOAD}/{JOURNAL}")


def _ledger(folder: Path) -> Ledger:
    return read_loose_ledger(_beginning(folder, LEDGER, LARGEST_LEDGER))


def _beginning(folder: Path, name: str, most: int) -> bytes:
    with closing(_opened(folder, name)) as file:
        return file.read(most)


def _opened(folder: Path, name: str) -> io.BufferedReader:
    """A file of a bag, be nothing on the way to it a link: whoever has the folder may change it while it is read."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    steps = name.split("/")
    for left, step in reversed(list(enumerate(reversed(steps)))):
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | (os.O_DIRECTORY if left else 0)
        try:
            below = os.open(step, flags, dir_fd=handle)
        finally:
            os.close(handle)
        handle = below
    return os.fdopen(handle, "rb")


def _placed(problem: Problem, folder: Path) -> Problem:
    """The problem with the bag before the file."""
    place = f"{folder}/{problem.file}" if problem.file else str(folder)
    return Problem(problem.what, problem.remedy, problem.field, problem.row, place)
