"""The receiving procuratorate of the tests of handing over."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from activities.archive import Archive
from activities.database import Database
from activities.folder_archive import FolderArchive
from activities.incoming_papers import IncomingBook
from activities.registry import Registry
from activities.seals import SealBook
from starter.handing_over import Taken, TakeOver, take_over


class House:
    """The receiving procuratorate."""

    def __init__(self, folder: Path, archive: Archive | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database = Database(f"sqlite:///{folder / 'registry.db'}")
        self.database.migrate()
        self.archive = archive or FolderArchive(folder / "archive")
        self.book, self.registry = IncomingBook(self.database), Registry(self.database)
        self.seals = SealBook(self.database)

    def take(self, *bags: Path, vouchers: tuple[str, ...] = (), by: str = "周九") -> list[Taken]:
        given = vouchers or tuple(voucher_of(bag) for bag in bags)
        wanted = TakeOver(bags=bags, vouchers=given, by=by)
        return take_over(self.archive, self.book, self.registry, self.seals, wanted)

    def written(self) -> tuple[Any, ...]:
        """All that a take-over writes."""
        cases = self.registry.cases().rows
        return list(self.archive.cases()), cases, self.book.entered(), self.book.numbers(book="case")


def voucher_of(bag: Path) -> str:
    return hashlib.sha256((bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
