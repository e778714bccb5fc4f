"""The archive in a folder on this machine's own disk.

    <root>/cases/<case>/               one BagIt bag for each case (`models.bags`)
    <root>/objects/sha256/ab/<digest>  each paper once, by its digest; a bag's papers are hard links to these
    <root>/incoming/                   files being written

Filing a paper: its bytes are copied aside and forced to disk; under the case's lock the object gets its
name, then the ledger its line (the moment from which the paper counts), then the bag is brought to what the
ledger says. A writer that dies anywhere between leaves an unfinished bag, which the next writer finishes
before its own work.

Forced to disk are the paper, its names, and the ledger. The other files above `data/` follow from the ledger and are
not: each force costs as much as writing a paper, and what a power cut takes of them the next writer makes anew. At
the sealing they are forced too, for nobody writes after it.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from activities.durable import (
    force,
    force_folder,
    link,
    make_folder,
    reaching,
    staged,
    supersede,
    sweep,
)
from activities.folder_reading import digest_of, names_below, paper_findings, read_text, tags_of
from activities.incoming import LIMIT, copy_aside
from models.bag_findings import (
    absent,
    no_case,
    no_object,
    no_paper,
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
    read_ledger,
)
from models.errors import Problem, Refusal

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
        self._seen: dict[str, _Seen] = {}

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
            force(file)
            self._begin(case_id)
            with self._locked(case_id, fcntl.LOCK_EX) as bag:
                seen = self._mended(case_id, bag)
                paper = FiledPaper(PaperRef(digest, size, media_type, name), dict(meta))
                after = seen.ledger.filing(paper)
                if after is not seen.ledger:
                    self._keep(file, digest)
                    self._commit(bag, seen, after)
        filed = after.find(name)
        assert filed is not None  # filing() put it there, or found it there
        return filed.paper

    def open(self, case_id: str, name: str) -> BinaryIO:
        """A case's paper as a stream."""
        path = self._cases / case_name(case_id) / PAYLOAD / paper_name(name)
        with reaching(_PLACE):
            try:
                return path.open("rb")
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise no_paper(case_id, name) from None

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
            seen = self._mended(case_id, bag)
            after = seen.ledger.sealing(bag_info)
            if after != seen.ledger:
                # A sealed folder has no next writer: what was not forced before is now, so that of its files none is torn.
                for name in TAG_FILES:
                    with (bag / name).open("rb") as file:
                        force(file)
                self._commit(bag, seen, after)
            return after.voucher()

    def is_sealed(self, case_id: str) -> bool:
        ledger = self.ledger(case_id)
        return ledger is not None and ledger.seal is not None

    def ledger(self, case_id: str) -> Ledger | None:
        """A case's ledger as it is on disk, the files beside it unread; None for a case without a folder."""
        bag = self._cases / case_name(case_id)
        with reaching(_PLACE):
            if not bag.is_dir():
                return None
            text = read_text(bag / LEDGER)
        seen = self._seen.get(case_id)
        return seen.ledger if seen is not None and seen.texts[LEDGER] == text else read_ledger(case_id, text)

    def verify(self, case_id: str, *, sealed: str = "") -> list[Finding]:
        """Read a case's whole folder and report what is wrong with it; changes nothing."""
        if not (self._cases / case_name(case_id)).is_dir():
            return [absent(case_id)]
        with reaching(_PLACE), self._locked(case_id, fcntl.LOCK_SH) as bag:
            found = tags_of(bag)
            try:
                ledger = read_ledger(case_id, found[LEDGER])
            except Refusal as refusal:
                kind: Kind = "missing" if found[LEDGER] is None else "altered"
                return refusal_findings(case_id, kind, refusal)
            findings = tag_findings(ledger, found, sealed)
            disk = bag.stat().st_dev
            present = {name: (disk, entry.inode()) for name, entry in names_below(str(bag))}
        findings += seal_findings(ledger, sealed)
        # A paper never changes once it is filed, so the long reading needs no lock.
        known = {*TAG_FILES, *(f"{PAYLOAD}/{filed.paper.name}" for filed in ledger.papers)}
        unfinished = any(each.kind == "unfinished" for each in findings)
        with reaching(_PLACE):
            findings += paper_findings(ledger, bag, self._objects, present, unfinished=unfinished)
        findings += [unregistered(case_id, name) for name in sorted(present.keys() - known)]
        return findings

    def repair(self, case_id: str) -> bool:
        """Finish a write that was cut short; put back papers gone from the bag but kept as objects.

        Answers whether there was anything to do. Raises Refusal for a folder that no crash can explain.
        """
        with reaching(_PLACE), self._locked(case_id, fcntl.LOCK_EX) as bag:
            self._seen.pop(case_id, None)
            return self._mended(case_id, bag).was_mended

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
            force(file)
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
            # No voucher proves an open folder's ledger: another that is there now has a paper more.
            if ledger.seal is None and read_text(bag / LEDGER) != ledger.text():
                what = f"案卷 {ledger.case_id} 的登记簿在核对以后又变了"
                raise Refusal(Problem(what, "再核一次", file=LEDGER))
            self._seen.pop(ledger.case_id, None)
            for name, text in ledger.tag_files().items():
                self._write(bag / name, text)
            force_folder(bag)

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
        """Give the paper, which is forced to disk, its name by digest; a damaged object under that name is healed."""
        path = self._object(digest)
        if not link(Path(file.name), path) and digest_of(path) != digest:
            supersede(file, path)
            force_folder(path.parent)

    def _begin(self, case_id: str) -> None:
        """Make the case's folder, which is a valid, empty bag from the moment it is there."""
        bag = self._cases / case_id
        if bag.is_dir():
            return
        draft = self._incoming / uuid4().hex
        make_folder(draft / PAYLOAD)
        for name, text in Ledger(case_id).tag_files().items():
            with (draft / name).open("xb") as file:
                file.write(text.encode())
                force(file)
        force_folder(draft)
        make_folder(self._cases)
        try:
            draft.rename(bag)
        except OSError:
            shutil.rmtree(draft)
            if not bag.is_dir():
                raise

    @contextmanager
    def _locked(self, case_id: str, how: int) -> Iterator[Path]:
        """The case's folder under its lock, which threads, processes and the death of either respect."""
        bag = self._cases / case_name(case_id)
        try:
            handle = os.open(bag, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            raise no_case(case_id) from None
        try:
            fcntl.flock(handle, how)
            yield bag
        finally:
            os.close(handle)

    def _mended(self, case_id: str, bag: Path) -> _Seen:
        """The case as it stands, its bag brought to what the ledger says.

        Raises Refusal for a bag that no crash can explain.
        """
        found = tags_of(bag)
        seen = self._seen.get(case_id)
        if seen is not None and seen.texts == found:
            # The names in data/ were forced before these files were written.
            return seen
        ledger = read_ledger(case_id, found[LEDGER])
        findings = tag_findings(ledger, found)
        if any(each.kind != "unfinished" for each in findings):
            raise Refusal(Problem(each.what, each.remedy, file=f"{case_id}/{each.file}") for each in findings)
        lost = [
            filed
            for filed in ledger.papers
            if not os.path.lexists(bag / PAYLOAD / filed.paper.name)
            and self._object(filed.paper.digest).exists()
        ]
        texts = ledger.tag_files()
        if lost or findings:
            self._bring(bag, lost, found, texts, lasting=ledger.seal is not None)
        self._see(case_id, _Seen(ledger, texts))
        return _Seen(ledger, texts, was_mended=bool(lost or findings))

    def _commit(self, bag: Path, before: _Seen, after: Ledger) -> None:
        if not before.ledger.papers:
            force_folder(self._cases)  # also when another made the folder: it may have died before this line
        texts = after.tag_files()
        self._write(bag / LEDGER, texts[LEDGER])
        fresh = after.papers[len(before.ledger.papers) :]
        found = {**before.texts, LEDGER: texts[LEDGER]}
        self._bring(bag, fresh, found, texts, lasting=after.seal is not None)
        self._see(after.case_id, _Seen(after, texts))

    def _see(self, case_id: str, seen: _Seen) -> None:
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[case_id] = seen

    def _bring(
        self,
        bag: Path,
        lost: Iterable[FiledPaper],
        found: Mapping[str, str | None],
        texts: Mapping[str, str],
        *,
        lasting: bool,
    ) -> None:
        """Bring a bag to what its ledger says: papers that lack their names, files that are behind (forced if `lasting`)."""
        force_folder(bag)  # what follows from the ledger must not outlast it in a power cut
        for filed in lost:
            link(self._object(filed.paper.digest), bag / PAYLOAD / filed.paper.name)
        for name, text in texts.items():
            if found[name] != text:
                self._write(bag / name, text, forced=lasting)
        if lasting:
            force_folder(bag)

    def _write(self, path: Path, text: str, *, forced: bool = True) -> None:
        with staged(self._incoming) as file:
            file.write(text.encode())
            supersede(file, path, forced=forced)

    def _object(self, digest: str) -> Path:
        return self._objects / digest[:2] / digest


@dataclass(frozen=True, slots=True)
class _Seen:
    """A case whose bag was what its ledger says, and the text of every file above `data/`."""

    ledger: Ledger
    texts: Mapping[str, str]
    was_mended: bool = False
