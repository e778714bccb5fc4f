"""A case's folder brought from one place into another: out of the house as a plain bag, or into an archive."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from activities.archive import Archive, Shelf
from activities.durable import force, force_folder, make_folder, reaching, sweep
from activities.incoming import CHUNK
from activities.loose_bags import check_bag, checked
from models.bag_findings import no_case
from models.bags import PAYLOAD, TAG_FILES, Ledger
from models.errors import Problem, Refusal

_PLACE = "打包的文件夹"
_ASIDE = ".mingjian-unfinished"
# Of every entry of a zip, so that the same bag is the same bytes: the first moment that a zip can say.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def copy_folder(shelf: Shelf, archive: Archive, folder: str) -> Ledger:
    """Bring a case's folder into an archive as it is: the same ledger, and when it is sealed the same voucher.

    Goes on where an earlier copy was cut short; a second one changes nothing. Each paper is compared with its digest while it
    is read, and the whole folder afterwards. Refusal for a folder that holds other things, and for a paper that is damaged.
    """
    ledger = shelf.ledger(folder)
    if ledger is None:
        raise no_case(folder)
    held = archive.ledger(folder) or Ledger(folder)
    if not is_beginning(held, ledger):
        raise other_folder(folder)
    # The last paper once more: a writer who died at it left the folder unfinished.
    for filed in ledger.papers[max(len(held.papers) - 1, 0) :]:
        paper = filed.paper
        with checked(shelf.open(folder, paper.name), paper) as file:
            archive.store(folder, paper.name, file, media_type=paper.media_type, meta=filed.meta)
    if ledger.seal is not None:
        archive.seal(folder, ledger.seal)
    findings = archive.verify(folder, sealed=ledger.voucher() if ledger.seal is not None else "")
    if findings:
        raise Refusal(Problem(each.what, each.remedy, file=f"{folder}/{each.file}") for each in findings)
    return ledger


def is_beginning(held: Ledger, ledger: Ledger) -> bool:
    """Whether what an archive holds is a ledger, or its first lines."""
    if held.seal is not None:
        return held == ledger
    return held.papers == ledger.papers[: len(held.papers)]


def other_folder(folder: str) -> Refusal:
    """The archive has another folder of that name."""
    what = f"档案库里已有案卷 {folder}，内容不同"
    return Refusal(Problem(what, "核对案件编号；两份案卷都不要改动，由案管人员查明"))


def package(shelf: Shelf, folders: Sequence[str], out: Path, *, zipped: bool = False) -> list[Ledger]:
    """Write sealed folders as plain bags below `out`, all or none, and each whole before it gets its name; their ledgers.

    A bag that lies there already, and is that very one, stays. Refusal for what is not sealed, for anything else that has the
    name, and for papers that are damaged: all of them at once.
    """
    ledgers = [_sealed(shelf, folder) for folder in folders]
    names = [name for folder in folders for name in (folder, f"{folder}.zip")[: 2 if zipped else 1]]
    with reaching(_PLACE):
        make_folder(out)
        wanted = {ledger.case_id: ledger for ledger in ledgers}
        there = {name for name in names if os.path.lexists(out / name)}
        problems = [
            Problem("已有同名的文件或文件夹，不覆盖", "另选一个文件夹，或先移走它", file=str(out / name))
            for name in sorted(there)
            if name not in wanted or not _is_that(out / name, wanted[name])
        ]
        if problems:
            raise Refusal(problems)
        aside = out / _ASIDE
        make_folder(aside)
        sweep(aside)
        draft = aside / uuid4().hex
        try:
            for ledger in ledgers:
                _write(shelf, ledger, draft / ledger.case_id)
                if zipped:
                    _zip(ledger, draft)
            for name in names:
                if name not in there:
                    (draft / name).rename(out / name)
            force_folder(out)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            with suppress(OSError):  # another one is at work there
                aside.rmdir()
    return ledgers


def _sealed(shelf: Shelf, folder: str) -> Ledger:
    ledger = shelf.ledger(folder)
    if ledger is None:
        raise no_case(folder)
    if ledger.seal is None:
        remedy = "先结案、归档（mingjian decide CASE 归档），封存后再打包；刚归档的，稍候再试"
        raise Refusal(Problem(f"案卷 {folder} 尚未封存", remedy))
    return ledger


def _is_that(path: Path, ledger: Ledger) -> bool:
    try:
        return check_bag(path).voucher() == ledger.voucher()
    except Refusal:
        return False


def _write(shelf: Shelf, ledger: Ledger, bag: Path) -> None:
    """One bag, forced to disk, every paper compared with its digest while it is written."""
    make_folder(bag / PAYLOAD)
    problems: list[Problem] = []
    for filed in ledger.papers:
        path = bag / PAYLOAD / filed.paper.name
        make_folder(path.parent)
        try:
            paper = checked(shelf.open(ledger.case_id, filed.paper.name), filed.paper)
            with paper as file, path.open("xb") as copy:
                shutil.copyfileobj(file, copy, CHUNK)
                force(copy)
        except Refusal as refusal:
            problems += [
                Problem(each.what, each.remedy, file=f"{ledger.case_id}/{each.file}")
                for each in refusal.problems
            ]
    if problems:
        raise Refusal(problems)
    for name, text in ledger.tag_files().items():
        with (bag / name).open("xb") as tag:
            tag.write(text.encode())
            force(tag)
    for folder in {path.parent for path in bag.rglob("*")}:
        force_folder(folder)


def _zip(ledger: Ledger, draft: Path) -> None:
    """The bag as one file beside it: its files stored as they are, in the order of the ledger."""
    names = [*TAG_FILES, *(f"{PAYLOAD}/{filed.paper.name}" for filed in ledger.papers)]
    with (draft / f"{ledger.case_id}.zip").open("xb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            for name in names:
                path = draft / ledger.case_id / name
                entry = zipfile.ZipInfo(f"{ledger.case_id}/{name}", _MOMENT)
                entry.create_system, entry.external_attr = 3, 0o100644 << 16
                entry.file_size = path.stat().st_size
                with path.open("rb") as source, packed.open(entry, "w") as stored:
                    shutil.copyfileobj(source, stored, CHUNK)
        force(file)
