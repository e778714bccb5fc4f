"""A case that was sealed on the real server, for tests of verifying and mending: each works on a copy of its home."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from activities.database import Database
from activities.folders import history_name
from activities.seals import SealBook
from activities.sqlite_library import sqlite3
from models.bags import PAYLOAD, FiledPaper, Ledger, PaperRef
from models.chain import chained
from models.journal_file import JOURNAL, SNAPSHOT, journal_text, read_journal
from models.kinds import restored
from models.numbering import filing_id
from models.open_ledger import Standing, next_line, opened, standing
from models.projecting import rows
from models.seals import Mending
from models.settings import Settings, load_settings
from starter.histories import History
from starter.packages import Package, state_of
from starter.papers import keep_paper
from starter.repairing import Mended, Repair, repair
from starter.verifying import Verdict, verify
from starter.witnesses import called
from tests.test_endurance import closed
from tests.world import Case, World, awaiting_reply, renewed, within


async def sealed_case(world: World, number: int, folder: Path) -> str:
    """A case of two runs with papers in and out, whose folder is sealed; its id."""
    case = await awaiting_reply(world, number)
    name = case.opening.case
    receipt = folder / "回证.pdf"
    receipt.write_bytes(b"%PDF-1.7 receipt")
    paper = keep_paper(world.world.archive, name, receipt, {})
    await case.record("happened", "event-1", on="2021-09-15", event="核查", paper=paper)
    await case.settled()
    await renewed(case)
    await closed(case)
    await filed(case)
    return name


async def filed(case: Case) -> None:
    """Wait until the folder of a case that has ended is sealed."""
    run = (await case.handle.describe()).run_id
    assert run is not None
    async with within(60):
        await case.world.client.get_workflow_handle(filing_id(case.opening.case, run)).result()


@dataclass(frozen=True)
class Copy:
    """A copy of the home of a sealed case, with hard links as the archive has them."""

    home: Path
    case: str
    world: World

    @classmethod
    def of(cls, world: World, case: str, home: Path) -> Copy:
        """The archive by links of its own files, so that a byte changed in place is changed in object and folder alike."""
        home.mkdir()
        with (
            closing(sqlite3.connect(world.settings.home / "registry.db")) as theirs,
            closing(sqlite3.connect(home / "registry.db")) as ours,
        ):
            theirs.backup(ours)
        copied: dict[int, Path] = {}
        for path in sorted((world.settings.home / "archive").rglob("*")):
            target = home / path.relative_to(world.settings.home)
            if path.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            inode = path.stat().st_ino
            if inode in copied:
                os.link(copied[inode], target)
            else:
                shutil.copy2(path, target)
                copied[inode] = target
        return cls(home, case, world)

    @property
    def settings(self) -> Settings:
        return load_settings(
            home=self.home,
            temporal_address=self.world.server.address,
            task_queue=self.world.queue,
        )

    @property
    def bag(self) -> Path:
        return self.home / "archive" / "cases" / self.case

    def files(self) -> list[str]:
        """Every file of the folder, by its path in it."""
        return sorted(path.relative_to(self.bag).as_posix() for path in self.bag.rglob("*") if path.is_file())

    def read(self, name: str) -> bytes:
        return (self.bag / name).read_bytes()

    def change_in_place(self, name: str, content: bytes | None = None) -> None:
        """One byte changed in the very file, as a bad disk or a hand does it; or other content."""
        path = self.bag / name
        if content is None:
            held = bytearray(path.read_bytes())
            held[len(held) // 2] ^= 1
            content = bytes(held)
        path.chmod(0o640)
        with path.open("r+b") as file:
            file.write(content)
            file.truncate()

    def execute(self, statement: str) -> int:
        """Change the database behind everybody's back; how many rows were touched."""
        with closing(sqlite3.connect(self.home / "registry.db")) as database, database:
            database.execute("PRAGMA foreign_keys = ON")
            return database.execute(statement).rowcount

    def ledger(self) -> Ledger:
        return standing(self.case, self.read("ledger.jsonl").decode()).ledger

    def forge(self, changed: dict[str, bytes]) -> None:
        """Papers replaced and every digest computed again, so that the folder agrees with itself."""
        ledger = self.ledger()
        papers: list[FiledPaper] = []
        for filed in ledger.papers:
            content = changed.get(filed.paper.name)
            if content is None:
                papers.append(filed)
                continue
            digest = hashlib.sha256(content).hexdigest()
            paper = PaperRef(digest, len(content), filed.paper.media_type, filed.paper.name)
            papers.append(FiledPaper(paper, filed.meta))
            kept = self.home / "archive" / "objects" / "sha256" / digest[:2] / digest
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)
            (self.bag / PAYLOAD / filed.paper.name).unlink()
            os.link(kept, self.bag / PAYLOAD / filed.paper.name)
        forged = Ledger(ledger.case_id, tuple(papers), ledger.seal)
        for name, text in folder_texts(forged).items():
            path = self.bag / name
            path.chmod(0o640)
            path.write_bytes(text.encode())

    def forged_journal(self, old: str, new: str) -> dict[str, bytes]:
        """The journal with a word changed in it, its chain computed again, and the snapshot folded from it."""
        entries = read_journal(self.read(f"data/{JOURNAL}").decode()).entries
        forged, previous = [], ""
        for entry in entries:
            said = entry.message.model_dump_json()
            message = type(entry.message).model_validate_json(said.replace(old, new))
            previous = chained(previous, entry.seq, entry.at, message)
            forged.append(entry.model_copy(update={"message": message, "chain": previous}))
        package = Package(self.case)
        package.run = self.last_run()
        name = history_name(package.run)
        package.histories[package.run] = History.parse(package.run, self.read(f"data/{name}"))
        package.journal.entries = forged
        snapshot = rows(restored(state_of(package))).model_dump_json(indent=1)
        return {JOURNAL: journal_text(forged).encode(), SNAPSHOT: snapshot.encode()}

    def last_run(self) -> str:
        names = [each.paper.name for each in self.ledger().papers if each.paper.name.startswith("history/")]
        return names[-1].removeprefix("history/").removesuffix(".json")

    def seal_voucher(self) -> str:
        with closing(sqlite3.connect(self.home / "registry.db")) as database:
            [(voucher,)] = database.execute("SELECT voucher FROM seals").fetchall()
            return str(voucher)

    def repairs(self) -> list[Mending]:
        """What the book of repairs has of the case."""
        database = Database(self.settings.registry)
        try:
            return SealBook(database).repairs(self.case)
        finally:
            database.close()

    async def verdict(self, *, offline: bool = True) -> Verdict:
        async with called(self.settings, offline=offline) as witnesses:
            [verdict] = [each async for each in verify(witnesses, [self.case])]
            return verdict

    async def mended(self, backup: Path | None = None, *, by: str = "周九", offline: bool = True) -> Mended:
        async with called(self.settings, offline=offline) as witnesses:
            command = Repair(cases=(self.case,), backup=backup, by=by, offline=offline)
            [mended] = [each async for each in repair(self.settings, witnesses, command)]
            return mended


def folder_texts(ledger: Ledger) -> dict[str, str]:
    """The files of a folder above `data/`, as somebody who knows the layout would forge them."""
    if ledger.seal is not None:
        return ledger.tag_files()
    stands = opened(ledger.case_id)
    for filed in ledger.papers:
        text = stands.text + next_line(stands, filed)
        stands = Standing(stands.ledger.filing(filed), text)
    return {"ledger.jsonl": stands.text}


def places(verdict: Verdict) -> set[str]:
    """The files that a verdict names."""
    return {each.file for each in verdict.findings}


def said(findings: Sequence[object]) -> str:
    return "\n".join(map(str, findings))
