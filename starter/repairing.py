"""`mingjian verify --repair`: what can be proved to be what it was is put back; the rest is named, with what it would take.

The book's voucher proves a ledger, the ledger proves its papers by their digests, and a sound folder proves the registry's
rows. Nothing is written that has not been proved so.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from activities.archive import Archive
from activities.calendars import SiteCalendars
from activities.database import Database
from activities.rebuilds import Rebuilds
from activities.registry import Registry
from activities.seals import SealBook
from activities.site_templates import SiteTemplates
from activities.typesetting import Typesetter
from models.bags import LEDGER, PAYLOAD, TAG_MANIFEST, FiledPaper, Finding, Ledger
from models.errors import InputError, Problem, Refusal, Unreachable
from models.numbering import case_of_supplement
from models.seals import Mending, Seal
from models.settings import Settings
from starter.backups import Backup
from starter.packages import Package, examine
from starter.paper_sources import Found, PaperSources
from starter.served_seals import served_seal
from starter.sources import Source, Told, ask, first_task, source_of
from starter.verifying import Verdict, ledger_of, verified
from starter.witnesses import Witnesses, chosen

_ROUNDS = 3
"""What is put back lets more be seen: a ledger shows which papers are damaged, a journal what can be set again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Mend these cases (none: all that anybody knows); without `by` only look what could be put back."""

    cases: tuple[str, ...] = ()
    backup: Path | None = None
    by: str = ""
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to put back: what, from where, and how."""

    what: str
    source: str
    act: Callable[[], Awaitable[None] | None]


@dataclass(slots=True)
class Mended:
    """What became of one case: what was put back (or could be), and the verdict after it."""

    verdict: Verdict
    steps: list[Step] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)


async def repair(settings: Settings, witnesses: Witnesses, command: Repair) -> AsyncIterator[Mended]:
    """Each case in turn. Every step that was done is in the book of repairs before the next case is looked at.

    Unreachable, and nothing is put back, when the books are not reached: without vouchers nothing is proved.
    """
    if command.by and witnesses.seals is None:
        raise Unreachable(Problem("封存簿读不到，无从证明，没有恢复", "数据库恢复以后再运行"))
    workshop = Workshop(settings, witnesses, Backup(command.backup) if command.backup else None)
    try:
        for case in chosen(witnesses, command.cases):
            yield await workshop.mend(case, command.by)
    finally:
        workshop.close()


class Workshop:
    """Mends one case after the other; what only some need is made when it is first asked for."""

    def __init__(self, settings: Settings, witnesses: Witnesses, backup: Backup | None) -> None:
        self._settings = settings
        self._witnesses = witnesses
        self._archive = witnesses.archive
        self._backup = backup
        self._database = Database(settings.registry, reach=settings.reach)
        self._book = SealBook(self._database)
        self._typesetter: Typesetter | None = None

    def close(self) -> None:
        self._database.close()

    async def mend(self, case: str, by: str) -> Mended:
        """Put back what can be proved, round by round; with no name in `by` only the first round is looked at."""
        mended = Mended(await verified(self._witnesses, case))
        at = datetime.now(UTC)
        for _ in range(_ROUNDS):
            if mended.verdict.is_sound:
                mended.lacking = []
                break
            steps, mended.lacking = await self._steps(mended.verdict)
            if not by:
                mended.steps = steps
                break
            before = len(mended.steps)
            for step in steps:
                if await self._done(step, mended.lacking):
                    mended.steps.append(step)
                    self._record(case, at, by, step, len(mended.steps))
            if len(mended.steps) == before:
                break
            self._refresh()
            mended.verdict = await verified(self._witnesses, case)
        return mended

    async def _done(self, step: Step, lacking: list[str]) -> bool:
        try:
            doing = step.act()
            if doing is not None:
                await doing
        except (Refusal, InputError) as trouble:
            lacking.append(f"{step.what}：{trouble.problems[0]}")
            return False
        return True

    def _record(self, case: str, at: datetime, by: str, step: Step, place: int) -> None:
        self._book.record([Mending(case=case, at=at, place=place, what=step.what, source=step.source, by=by)])

    def _refresh(self) -> None:
        witnesses = self._witnesses
        witnesses.folders.clear()
        for folder in self._archive.cases():
            witnesses.folders.setdefault(case_of_supplement(folder) or folder, []).append(folder)
        if witnesses.seals is not None:
            witnesses.seals = self._book.seals()
        if witnesses.rows is not None:
            witnesses.rows = Rebuilds(self._database).rows()

    # what to do

    async def _steps(self, verdict: Verdict) -> tuple[list[Step], list[str]]:
        """What can be put back now, and what cannot, with what it would take."""
        steps: list[Step] = []
        lacking: list[str] = []
        seals = {
            name: seal for name, seal in (self._witnesses.seals or {}).items() if seal.case == verdict.case
        }
        folders = dict.fromkeys((*self._witnesses.folders.get(verdict.case, ()), *seals))
        for folder in folders:
            seal = seals.get(folder)
            if (
                seal is None
                and (seal := await served_seal(self._witnesses, verdict.case, folder)) is not None
            ):
                steps.append(
                    Step(f"补登封存簿 {folder}", "服务器上归档流程的结果", _entering(self._book, seal))
                )
            elif seal is None and _is_sealed(self._archive, folder):
                lacking.append(
                    f"案卷 {folder} 补登封存簿：服务器上没有归档的结果；从封存簿的备份取回，接收来的再接收一次"
                )
            theirs = [each for each in verdict.findings if each.case_id == folder]
            if theirs:
                await self._folder_steps(verdict, folder, seal, theirs, steps, lacking)
        if any(each.file == "登记库" for each in verdict.findings):
            await self._registry_step(verdict, steps, lacking)
        return steps, lacking

    async def _folder_steps(
        self,
        verdict: Verdict,
        folder: str,
        seal: Seal | None,
        findings: Sequence[Finding],
        steps: list[Step],
        lacking: list[str],
    ) -> None:
        others = [each for each in findings if each.kind != "unfinished"]
        if len(others) < len(findings) and not any(each.file == LEDGER for each in others):
            steps.append(
                Step(
                    f"案卷 {folder} 未写完的一次写入",
                    "登记簿",
                    lambda: _repaired(self._archive.repair, folder),
                )
            )
        if not others:
            return
        proved = self._proved_ledger(folder, seal, findings)
        if proved is None:
            voucher = f"，其封存指纹为 {seal.voucher}" if seal else ""
            lacking.append(
                f"案卷 {folder} 的登记簿无从证明：须有封存时的 {LEDGER}{voucher}（--from 备份文件夹）"
            )
            return
        ledger, source = proved
        names = set(ledger.tag_files())
        if source != _AS_FOUND or any(each.file in names for each in findings):
            steps.append(
                Step(f"案卷 {folder} 的登记簿和清单", source, lambda: self._archive.write_again(ledger))
            )
        damaged = [each for each in ledger.papers if self._is_damaged(folder, each, findings, source)]
        package = _package_of(verdict, folder) or examine(
            self._archive, verdict.case, folder, seal, ledger, ()
        )
        sources = PaperSources(
            self._witnesses, verdict.case, package, self._backup, self._press, self._calendars
        )
        for filed in damaged:
            found = await sources.find(filed)
            if found is None:
                lacking.append(
                    f"案卷 {folder} 的 {PAYLOAD}/{filed.paper.name} 没有来源：须有指纹为 {filed.paper.digest} 的原件"
                )
                continue
            steps.append(
                Step(
                    f"案卷 {folder} 的 {PAYLOAD}/{filed.paper.name}",
                    found.source,
                    _putting(self._archive, folder, filed, found),
                )
            )

    def _proved_ledger(
        self, folder: str, seal: Seal | None, findings: Sequence[Finding]
    ) -> tuple[Ledger, str] | None:
        """A ledger that the voucher proves; of a folder that has none, the one that vouches for itself, by its chain or by its
        tag manifest.
        """
        found = ledger_of(self._archive, folder)
        if seal is None:
            tags = {each.file for each in findings if each.kind != "unfinished"} & {LEDGER, TAG_MANIFEST}
            return (found, _AS_FOUND) if found is not None and not tags else None
        if found is not None and found.voucher() == seal.voucher:
            return found, _AS_FOUND
        for ledger in self._backup.ledgers(folder) if self._backup is not None else ():
            if ledger.voucher() == seal.voucher:
                assert self._backup is not None
                return ledger, f"备份 {self._backup.root}（封存簿的指纹相符）"
        return None

    def _is_damaged(self, folder: str, filed: FiledPaper, findings: Sequence[Finding], source: str) -> bool:
        """Whether a paper is not what the ledger says, in the folder or as an object; all are read when the ledger is another."""
        if source == _AS_FOUND and not any(
            each.file in (f"{PAYLOAD}/{filed.paper.name}", filed.paper.name)
            or each.file.endswith(filed.paper.digest)
            for each in findings
        ):
            return False
        try:
            self._archive.read(filed.paper.digest)
            with self._archive.open(folder, filed.paper.name) as file:
                return _digest(file) != filed.paper.digest
        except (Refusal, OSError):
            return True

    # the registry

    async def _registry_step(self, verdict: Verdict, steps: list[Step], lacking: list[str]) -> None:
        package = verdict.package
        if not verdict.is_running:
            if package is None:
                lacking.append("登记库的各行无从重写：案卷没有封存，服务器上也没有这个案件")
                return
            if package.findings or package.folder not in (self._witnesses.seals or {}):
                # In the next round, if it is proved by then.
                lacking.append("登记库的各行：案卷与封存簿相符以后才重写")
                return
        source = "在办案件" if verdict.is_running else f"案卷 {package.folder if package else ''}"
        steps.append(Step("登记库的各行", source, lambda: self._rewrite_rows(verdict)))

    async def _rewrite_rows(self, verdict: Verdict) -> None:
        if await self._projected(verdict):
            return
        # What is held claims to be newer: it was altered; or the case has gone on since, so it is asked once more.
        Rebuilds(self._database).take_out(verdict.case)
        await self._projected(verdict)

    async def _projected(self, verdict: Verdict) -> bool:
        """Written; or not, where the case itself has by now written what is newer."""
        told = await self._told(verdict)
        return Registry(self._database).project(told.snapshot, run=told.run, run_started_at=told.started_at)

    async def _told(self, verdict: Verdict) -> Told:
        package, office = verdict.package, self._witnesses.office
        if verdict.is_running:
            assert office is not None
            source: Source = await source_of(office, verdict.case, ())
            return await ask(office, source)
        assert package is not None and package.snapshot is not None and package.last is not None
        return Told(package.snapshot, package.run, first_task(package.last.events))

    # what is made when it is needed

    def _press(self) -> Typesetter:
        if self._typesetter is None:
            from activities.books import Books
            from starter.provision.fonts import font_folders

            templates = SiteTemplates(Books(self._database))
            self._typesetter = Typesetter(font_folders(self._settings.font_folders), templates.folder_for)
        return self._typesetter

    def _calendars(self) -> SiteCalendars:
        from activities.books import Books

        return SiteCalendars(self._settings.calendar_folder, Books(self._database))


_AS_FOUND = "案卷里的登记簿"


def _package_of(verdict: Verdict, folder: str) -> Package | None:
    return verdict.package if verdict.package is not None and verdict.package.folder == folder else None


def _entering(book: SealBook, seal: Seal) -> Callable[[], None]:
    return lambda: book.enter(seal)


def _is_sealed(archive: Archive, folder: str) -> bool:
    ledger = ledger_of(archive, folder)
    return ledger is not None and ledger.seal is not None


def _putting(archive: Archive, folder: str, filed: FiledPaper, found: Found) -> Callable[[], None]:
    return lambda: archive.put_back(folder, filed.paper, found.read())


def _repaired(finish: Callable[[str], bool], folder: str) -> None:
    finish(folder)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()
