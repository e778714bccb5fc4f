"""The archive in a folder on this machine's own disk.

    <root>/cases/<case>/               each case's folder, a BagIt bag once it is sealed (`models.bags`)
    <root>/objects/sha256/ab/<digest>  each paper once, by its digest; a case's papers are hard links to these
    <root>/incoming/                   files being written

Filing a paper: its bytes are copied aside; under the case's lock they get their name as object, and both are forced to disk;
then the ledger gets its line (the moment from which the paper counts), then the paper its name in the case's folder.
A writer that dies, or a power cut, leaves half a line, or a paper without that last name: the next writer takes the one away
and gives the other. The name follows from the ledger, and is therefore not forced to disk before the sealing. A power cut before
the line may also leave an object with a part of its bytes: no ledger speaks of it, and who files that paper again heals it.

Sealing: these names are forced to disk, the bag's files are written, and last the ledger with its seal. So a sealed folder
is whole, and a sealing that was cut short leaves an open one, with files that the next attempt writes anew.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from activities.durable import (
    add_name,
    append,
    cut,
    force,
    force_folder,
    link,
    make_folder,
    reaching,
    staged,
    supersede,
    sweep,
)
from activities.folder_reading import (
    digest_of,
    names_below,
    paper_findings,
    read_text,
    tags_of,
    unknown_names,
)
from activities.incoming import LIMIT, copy_aside
from models.bag_findings import (
    absent,
    no_case,
    no_object,
    no_paper,
    open_findings,
    refusal_findings,
    seal_findings,
    tag_findings,
    unregistered,
)
from models.bags import (
    LEDGER,
    PAYLOAD,
    TAG_FILES,
    FiledPaper,
    Finding,
    Kind,
    Ledger,
    PaperRef,
    case_name,
    check_digest,
    check_particulars,
    is_case_name,
    paper_name,
)
from models.errors import Problem, Refusal
from models.open_ledger import Standing, next_line, opened, standing

_PLACE = "档案库"
_MOST_SEEN = 512


class FolderArchive:
    """The `Archive` port over one folder; safe for many threads and processes of one machine at once."""

    def __init__(self, root: Path, *, limit: int = LIMIT) -> None:
        self._cases = root / "cases"
        self._objects = root / "objects" / "sha256"
        self._incoming = root / "incoming"
        self._limit = limit
        # What was last seen of a case, so that a ledger is not read through again for each paper; never more than
        # that: it is used only where the disk says, byte for byte, the same.
        self._seen: dict[str, Standing] = {}

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
            with self._locked(case_id, fcntl.LOCK_EX, begin=True) as bag:
                seen, _ = self._mended(case_id, bag)
                paper = PaperRef(digest, size, media_type, name)
                after = seen.ledger.filing(FiledPaper(paper, dict(meta)))
                if after is not seen.ledger:
                    self._keep(file, digest)
                    if not seen.ledger.papers:
                        # Also when another made the folder: it may have died before this line.
                        force_folder(self._cases)
                    line = next_line(seen, after.papers[-1])
                    append(bag / LEDGER, line)
                    self._name(bag, paper)
                    self._see(Standing(after, seen.text + line))
                    return paper
        filed = after.find(name)
        assert filed is not None  # filing() found it there
        return filed.paper

    def open(self, case_id: str, name: str) -> BinaryIO:
        """A case's paper as a stream."""
        path = self._cases / case_name(case_id) / PAYLOAD / paper_name(name)
        for _ in range(
            2
        ):  # between the two looks another process may have given the name, and sealed the folder
            with reaching(_PLACE), suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return path.open("rb")
            ledger = self.ledger(case_id)
            filed = ledger.find(name) if ledger is not None and ledger.seal is None else None
            if filed is not None and filed.paper.name == paper_name(name):
                with reaching(_PLACE), suppress(FileNotFoundError):
                    return self._object(filed.paper.digest).open("rb")
        raise no_paper(case_id, name)

    def read(self, digest: str) -> bytes:
        """A paper's bytes, checked against the digest."""
        path = self._object(check_digest(digest))
        with reaching(_PLACE):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                raise no_object(digest) from None
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                content = b""  # the disk does not give it out
        if hashlib.sha256(content).hexdigest() != digest:
            raise Refusal(Problem("文件内容与指纹不符，可能被改动", remedy="与备份核对", file=str(path)))
        return content

    def papers(self, case_id: str) -> tuple[FiledPaper, ...]:
        """A case's papers in the order of filing."""
        ledger = self.ledger(case_id)
        return ledger.papers if ledger is not None else ()

    def seal(self, case_id: str, bag_info: Mapping[str, str]) -> str:
        """Close a folder, as the port says; answers the digest of tagmanifest-sha256.txt."""
        with reaching(_PLACE), self._locked(case_id, fcntl.LOCK_EX) as bag:
            self._seen.pop(case_id, None)  # each name is looked at: nobody will mend a sealed folder
            ledger = self._mended(case_id, bag)[0].ledger
            after = ledger.sealing(bag_info)
            if after != ledger:
                names = [bag / PAYLOAD / filed.paper.name for filed in ledger.papers]
                for folder in {folder for name in names for folder in name.parents if bag in folder.parents}:
                    force_folder(folder)
                self._write_all(bag, after)
            else:
                force_folder(bag)  # who sealed it may have died before this line
            return after.voucher()

    def is_sealed(self, case_id: str) -> bool:
        ledger = self.ledger(case_id)
        return ledger is not None and ledger.seal is not None

    def ledger(self, case_id: str) -> Ledger | None:
        """A case's ledger as it is on disk, the files beside it unread; None for a case without a folder."""
        bag = self._cases / case_name(case_id)
        with reaching(_PLACE):
            text = read_text(bag / LEDGER)
            if text is None and not bag.is_dir():
                return None
        seen = self._seen.get(case_id)
        if seen is not None and seen.text == text:
            return seen.ledger
        try:
            return standing(case_id, text).ledger
        except Refusal:
            # A writer may have cut and gone on between two pieces of the reading.
            with reaching(_PLACE), self._locked(case_id, fcntl.LOCK_SH):
                return standing(case_id, read_text(bag / LEDGER)).ledger

    def verify(self, case_id: str, *, sealed: str = "") -> list[Finding]:
        """Read a case's whole folder and report what is wrong with it; changes nothing."""
        if not (self._cases / case_name(case_id)).is_dir():
            return [absent(case_id)]
        with reaching(_PLACE), self._locked(case_id, fcntl.LOCK_SH) as bag:
            found = tags_of(bag)
            try:
                stands = standing(case_id, found[LEDGER])
            except Refusal as refusal:
                kind: Kind = "missing" if found[LEDGER] is None else "altered"
                return refusal_findings(case_id, kind, refusal)
            ledger = stands.ledger
            is_open = ledger.seal is None
            findings = (
                open_findings(stands, found, unknown_names(ledger, bag))
                if is_open
                else tag_findings(ledger, found, sealed)
            )
            disk = bag.stat().st_dev
            present = {name: (disk, entry.inode()) for name, entry in names_below(str(bag))}
        findings += seal_findings(ledger, sealed)
        # A paper never changes once it is filed, so the long reading needs no lock.
        known = {f"{PAYLOAD}/{filed.paper.name}" for filed in ledger.papers}
        known |= {LEDGER, *(each.file for each in findings)} if is_open else set(TAG_FILES)
        with reaching(_PLACE):
            findings += paper_findings(ledger, bag, self._objects, present)
        findings += [unregistered(case_id, name) for name in sorted(present.keys() - known)]
        return findings

    def repair(self, case_id: str) -> bool:
        """Finish a write that was cut short; put back papers gone from the case's folder but kept as objects.

        Answers whether there was anything to do. Raises Refusal for a folder that no crash can explain.
        """
        with reaching(_PLACE), self._locked(case_id, fcntl.LOCK_EX) as bag:
            self._seen.pop(case_id, None)
            return self._mended(case_id, bag)[1]

    def put_back(self, case_id: str, paper: PaperRef, content: bytes | Path) -> None:
        """Put a paper back as object and in the bag, as the port says.

        A bag's paper is the object's very file: a byte changed in place changed both. So both names are given to a new file,
        and no other bag's; those that share the object are mended in their own turn.
        """
        path = self._cases / case_name(case_id) / PAYLOAD / paper_name(paper.name)
        with reaching(_PLACE), staged(self._incoming) as file:
            digest, _ = copy_aside(content, file, paper.name, self._limit)
            if digest != paper.digest:
                raise Refusal(Problem("内容与指纹不符，没有放回", "换一个来源", file=paper.name))
            self._keep(file, digest)
            with self._locked(case_id, fcntl.LOCK_EX):
                spare = self._incoming / uuid4().hex
                link(self._object(digest), spare)
                make_folder(path.parent)
                spare.replace(path)
                force_folder(path.parent)

    def write_again(self, ledger: Ledger) -> None:
        """Write the files above `data/` again, as the port says; the folder itself where it is gone."""
        with reaching(_PLACE):
            self._begin(case_name(ledger.case_id))
            force_folder(self._cases)
        with reaching(_PLACE), self._locked(ledger.case_id, fcntl.LOCK_EX) as bag:
            self._seen.pop(ledger.case_id, None)
            if ledger.seal is not None:
                self._write_all(bag, ledger)
            # No voucher proves an open folder's ledger: another that is there now has a paper more.
            elif self._mended(ledger.case_id, bag)[0].ledger != ledger:
                what = f"案卷 {ledger.case_id} 的登记簿在核对以后又变了"
                raise Refusal(Problem(what, "再核一次", file=LEDGER))

    def tidy(self) -> None:
        """Remove the copies that writers who died left unfinished, a day later; others may be writing meanwhile."""
        with reaching(_PLACE):
            sweep(self._incoming)

    def cases(self) -> Sequence[str]:
        """The ids of all cases that have a folder."""
        with reaching(_PLACE):
            present = self._cases.iterdir() if self._cases.is_dir() else ()
            return sorted(path.name for path in present if is_case_name(path.name) and path.is_dir())

    def _keep(self, file: BinaryIO, digest: str) -> None:
        """Give a paper its name by digest, and force both to disk; a damaged object under that name is healed.

        The name comes first: file systems that keep a journal then force the two at once, where it would be one after the other.
        Until both are there nobody else files the same paper, who might rely on a name that is taken away again.
        """
        file.flush()
        path = self._object(digest)
        with _alone(path.parent) as shelf:
            if add_name(Path(file.name), path):
                try:
                    force(file)
                except OSError:
                    # Once refused, bytes are not forced again, and would be read from memory as if they had been.
                    path.unlink()
                    raise
            elif digest_of(path) != digest or not _forced(path):
                supersede(file, path)
            os.fsync(shelf)

    def _begin(self, case_id: str) -> None:
        """Make the case's folder, which has a ledger from the moment it is there."""
        bag = self._cases / case_id
        if bag.is_dir():
            return
        self._make_shelves()
        draft = self._incoming / uuid4().hex
        make_folder(draft / PAYLOAD)
        with (draft / LEDGER).open("xb") as file:
            os.fchmod(file.fileno(), 0o640)
            file.write(opened(case_id).text.encode())
            force(file)
        force_folder(draft)
        make_folder(self._cases)
        try:
            draft.rename(bag)
        except OSError:
            shutil.rmtree(draft)
            if not bag.is_dir():
                raise

    def _make_shelves(self) -> None:
        """Make the 256 folders of the objects, once and together: each by itself would be waited for."""
        if (self._objects / "ff").is_dir():
            return
        make_folder(self._objects)
        for number in range(256):
            with suppress(FileExistsError):
                (self._objects / f"{number:02x}").mkdir(mode=0o750)
        force_folder(self._objects)

    @contextmanager
    def _locked(self, case_id: str, how: int, *, begin: bool = False) -> Iterator[Path]:
        """The case's folder under its lock, which threads, processes and the death of either respect; `begin`: made first."""
        bag = self._cases / case_name(case_id)
        try:
            handle = os.open(bag, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            if not begin:
                raise no_case(case_id) from None
            self._begin(case_id)
            handle = os.open(bag, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, how)
            yield bag
        finally:
            os.close(handle)

    def _mended(self, case_id: str, bag: Path) -> tuple[Standing, bool]:
        """The case as it stands, its folder brought to what the ledger says; whether there was anything to bring.

        Raises Refusal for a folder that no crash can explain.
        """
        seen = self._seen.get(case_id)
        if seen is not None and seen.text == read_text(bag / LEDGER) and not _was_begun(seen, bag):
            return seen, False
        found = tags_of(bag)
        stands = standing(case_id, found[LEDGER])
        ledger, is_open = stands.ledger, stands.ledger.seal is None
        findings = (
            open_findings(stands, found, unknown_names(ledger, bag))
            if is_open
            else tag_findings(ledger, found)
        )
        if any(each.kind != "unfinished" for each in findings):
            raise Refusal(Problem(each.what, each.remedy, file=f"{case_id}/{each.file}") for each in findings)
        for each in findings:
            if each.file != LEDGER:
                (bag / each.file).unlink()
        if is_open:
            cut(bag / LEDGER, len(stands.text.encode()))
        nameless = [
            filed.paper
            for filed in ledger.papers
            if not os.path.lexists(bag / PAYLOAD / filed.paper.name)
            and self._object(filed.paper.digest).exists()
        ]
        for paper in nameless:
            self._name(bag, paper)
        for folder in {(bag / PAYLOAD / paper.name).parent for paper in nameless}:
            force_folder(folder)
        self._see(stands._replace(is_torn=False))
        return stands, bool(nameless or findings)

    def _write_all(self, bag: Path, ledger: Ledger) -> None:
        """Write every file above `data/`, durably, and the ledger after all that follow from it."""
        self._seen.pop(ledger.case_id, None)
        texts = ledger.tag_files()
        for name in [each for each in texts if each != LEDGER]:
            self._write(bag / name, texts[name])
        force_folder(bag)
        self._write(bag / LEDGER, texts[LEDGER])
        force_folder(bag)

    def _see(self, standing: Standing) -> None:
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[standing.ledger.case_id] = standing

    def _name(self, bag: Path, paper: PaperRef) -> None:
        """Give a paper that is kept its name in the case's folder."""
        add_name(self._object(paper.digest), bag / PAYLOAD / paper.name)

    def _write(self, path: Path, text: str) -> None:
        with staged(self._incoming) as file:
            file.write(text.encode())
            supersede(file, path)

    def _object(self, digest: str) -> Path:
        return self._objects / f"{digest[:2]}/{digest}"


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """A folder, made where it is missing, under its lock, which threads, processes and the death of either respect."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        make_folder(folder)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _forced(path: Path) -> bool:
    """Force a file to disk, whose writer may not have come to that before the power goes; False when the disk refuses it."""
    with path.open("rb") as kept:
        try:
            force(kept)
        except OSError:
            return False
    return True


def _was_begun(seen: Standing, bag: Path) -> bool:
    """Whether a sealing of an open folder was begun."""
    return seen.ledger.seal is None and any(
        os.path.lexists(f"{bag}/{name}") for name in TAG_FILES if name != LEDGER
    )
