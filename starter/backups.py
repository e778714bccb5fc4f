"""A copy of the archive on this machine, from which a folder can be mended: nothing in it is believed but by its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from models.bags import LEDGER, PAYLOAD, Ledger, PaperRef, read_ledger
from models.errors import Refusal
from models.open_ledger import standing


class Backup:
    """A folder with `cases/` and `objects/` as the archive has them, or a folder of cases, or one case's own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def ledgers(self, folder: str) -> Iterator[Ledger]:
        """Every ledger of a case's folder that the copy has and that can be read."""
        for bag in self._bags(folder):
            pages = sorted((bag / "ledger").glob("*.jsonl"), reverse=True)
            for path in (bag / LEDGER, *pages):
                try:
                    text = path.read_bytes().decode("utf-8", "surrogateescape")
                    yield read_ledger(folder, text) if path in pages else standing(folder, text).ledger
                except (OSError, Refusal):
                    continue

    def paper(self, folder: str, paper: PaperRef) -> Path | None:
        """A file that has exactly the bytes of a paper, if the copy has one."""
        places = [self.root / "objects" / "sha256" / paper.digest[:2] / paper.digest]
        places += [bag / PAYLOAD / paper.name for bag in self._bags(folder)]
        return next((path for path in places if _has(path, paper.digest)), None)

    def _bags(self, folder: str) -> tuple[Path, ...]:
        return self.root / "cases" / folder, self.root / folder, self.root


def _has(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
