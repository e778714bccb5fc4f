"""A filed case leaves the house, and one comes in from another: `mingjian package`, `mingjian take-over`; an archive moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from activities.archive import Archive, Shelf
from activities.incoming_papers import CASE_TAKEN_OVER, Entered, Incoming, IncomingBook
from activities.loose_bags import LooseBags
from activities.numbers import TAKEN_OVER
from activities.registry import Registry
from activities.seals import SealBook
from activities.transfer import copy_folder, is_beginning, other_folder, package
from models.bags import Ledger, check_digest
from models.dates import day_in_china
from models.errors import InputError, Problem, Refusal
from models.journal_file import JOURNAL, read_journal
from models.numbering import case_of_supplement
from models.seals import Seal
from starter.sources import filed_source, last_run, read_filed


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """Take over these bags, which are what the vouchers of the letter with them say."""

    bags: Sequence[Path]
    vouchers: Sequence[str]
    by: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A folder that is in the archive now, and its line in the register of incoming papers."""

    case: str
    ledger: Ledger
    line: Entered


def package_case(archive: Shelf, case: str, out: Path, *, zipped: bool = False) -> list[Ledger]:
    """Write a case's sealed folder, and the supplements sealed beside it, as bags below `out`; all or none."""
    beside = [folder for folder in archive.cases() if case_of_supplement(folder) == case]
    return package(archive, [case, *beside], out, zipped=zipped)


def take_over(
    archive: Archive, book: IncomingBook, registry: Registry, seals: SealBook, command: TakeOver
) -> list[Taken]:
    """Take cases over into archive, registry and book of seals, with a line in the register of incoming papers.

    All bags are checked wholly, and compared with what is here, before anything is written; Refusal with all that stands
    against them. What was cut short goes on when it is asked for again; a second time changes nothing.
    """
    for voucher in command.vouchers:
        check_digest(voucher)
    bags = LooseBags(command.bags)
    ledgers = {folder: ledger for folder in bags.cases() if (ledger := bags.ledger(folder)) is not None}
    cases: dict[str, list[str]] = {}
    for folder in ledgers:
        cases.setdefault(case_of_supplement(folder) or folder, []).append(folder)
    problems = list(_vouched(ledgers.values(), command.vouchers))
    problems += _sealed_otherwise(seals, ledgers.values())
    for case, folders in cases.items():
        problems += _told(bags, case, folders)
        problems += _known_otherwise(archive, book, case, [ledgers[folder] for folder in folders])
    if problems:
        raise Refusal(problems)
    return [
        taken
        for case, folders in cases.items()
        for taken in _take(archive, book, registry, seals, bags, case, folders, command.by)
    ]


def _seal_of(archive: Archive, taken: Taken) -> Seal:
    """What the book of seals has of a folder that came in: the voucher of the letter, and where its journal ended."""
    folder = taken.ledger.case_id
    with archive.open(folder, JOURNAL) as file:
        head = read_journal(file.read().decode("utf-8", "replace")).head
    return Seal(
        folder=folder,
        case=taken.case,
        voucher=taken.ledger.voucher(),
        head=head,
        run=last_run(archive, folder),
        program="",  # of the other house
        sealed_at=datetime.now(UTC),
    )


def _vouched(ledgers: Iterable[Ledger], vouchers: Sequence[str]) -> Iterator[Problem]:
    """Each bag is one that was vouched for, and each voucher is that of a bag."""
    made = {ledger.voucher(): ledger.case_id for ledger in ledgers}
    for voucher, folder in made.items():
        if voucher not in vouchers:
            what = f"案卷 {folder} 的指纹是 {voucher}，不在移送函所载之列"
            yield Problem(what, "与移送函核对；不符的，退回移送单位", field="--voucher")
    for voucher in vouchers:
        if voucher not in made:
            what = f"没有指纹为 {voucher} 的案卷包"
            yield Problem(what, "移送函所载的每个包都要写上", field="--voucher")


def _sealed_otherwise(seals: SealBook, ledgers: Iterable[Ledger]) -> Iterator[Problem]:
    """Folders that the book of seals has with another voucher: they may be lost from the archive, and are not these."""
    booked = seals.seals()
    for ledger in ledgers:
        seal = booked.get(ledger.case_id)
        if seal is not None and seal.voucher != ledger.voucher():
            what = f"封存簿里已有案卷 {ledger.case_id}，封存指纹 {seal.voucher[:12]}…，与这个包的不同"
            yield Problem(what, "运行 mingjian verify 查明；由移送单位说明", field="BAG")


def _told(bags: LooseBags, case: str, folders: Sequence[str]) -> Iterator[Problem]:
    """What keeps the rows of a case from being read out of its bags."""
    if case not in folders:
        yield Problem(f"只有案卷 {case} 的补充卷", "连同案卷本身一并接收")
        return
    try:
        read_filed(bags, filed_source(bags, case, folders))
    except Refusal as refusal:
        yield from refusal.problems


def _known_otherwise(
    archive: Archive, book: IncomingBook, case: str, ledgers: Sequence[Ledger]
) -> Iterator[Problem]:
    """What here stands under the case's number, and is not what the bags hold."""
    held = [(ledger, archive.ledger(ledger.case_id)) for ledger in ledgers]
    for ledger, here in held:
        if here is not None and not is_beginning(here, ledger):
            yield from other_folder(ledger.case_id).problems
    if book.taken_over(case):
        return
    if book.known_case(case) or any(here not in (None, ledger) for ledger, here in held):
        what = f"本院已有案件 {case}，不是接收来的"
        yield Problem(what, "核对案件编号；确为另一案件的，由移送单位说明", field="BAG")


def _take(
    archive: Archive,
    book: IncomingBook,
    registry: Registry,
    seals: SealBook,
    bags: LooseBags,
    case: str,
    folders: Sequence[str],
    by: str,
) -> Iterator[Taken]:
    """Number, register, papers, seal, rows, in this order: whoever finds papers finds in the books whose they are."""
    book.claim_case(case, f"{TAKEN_OVER}{case}")
    taken = []
    for folder in folders:
        ledger = bags.ledger(folder)
        assert ledger is not None
        line = book.enter(_line(case, ledger, by))
        taken.append(Taken(case, copy_folder(bags, archive, folder), line))
        seals.enter(_seal_of(archive, taken[-1]))
    told = read_filed(archive, filed_source(archive, case, folders))
    registry.project(told.snapshot, run=told.run, run_started_at=told.started_at)
    yield from taken


def _line(case: str, ledger: Ledger, by: str) -> Incoming:
    seal = ledger.seal or {}
    return Incoming(
        case=case,
        digest=ledger.voucher(),
        name=ledger.case_id,
        received_on=day_in_china(datetime.now(UTC)),
        sender=seal.get("Source-Organization", ""),
        kind=CASE_TAKEN_OVER,
        what=f"接收案卷：{seal.get('External-Description', case)}",
        entered_by=by,
    )


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of one folder: its voucher once it is sealed, or what stands in the way."""

    folder: str
    voucher: str = ""
    problems: tuple[Problem, ...] = ()


def copy_archive(source: Shelf, target: Archive) -> Iterator[Copied]:
    """Bring every folder of an archive into another, one after the other; one that is wrong keeps no other from its turn."""
    for folder in source.cases():
        try:
            ledger = copy_folder(source, target, folder)
        except (Refusal, InputError) as trouble:
            yield Copied(folder, problems=trouble.problems)
        else:
            yield Copied(folder, ledger.voucher() if ledger.seal is not None else "")
