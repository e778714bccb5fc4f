"""The journal as it lies in a sealed folder: one line for each entry, chained by hash; written here, and read again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from models.chain import chained
from models.messages import MESSAGES, Entry

JOURNAL = "journal.jsonl"
SNAPSHOT = "snapshot.json"


def journal_text(entries: Iterable[Entry]) -> str:
    """The journal as it is archived."""
    return "".join(
        json.dumps(
            {
                "seq": entry.seq,
                "at": entry.at.isoformat(),
                "message": MESSAGES.dump_python(entry.message, mode="json"),
                "chain": entry.chain,
            },
            ensure_ascii=False,
            sort_keys=True,
        )
        + "\n"
        for entry in entries
    )


@dataclass(slots=True)
class ReadJournal:
    """The entries of a journal up to the first line that does not follow from those before it, and what is wrong with that one
    (`line` counts from 1; 0: every line follows).
    """

    entries: list[Entry] = field(default_factory=list)
    line: int = 0
    wrong: str = ""

    @property
    def head(self) -> str:
        """The hash of the last line that follows; empty for an empty journal."""
        return self.entries[-1].chain if self.entries else ""


def read_journal(text: str) -> ReadJournal:
    """Read an archived journal and compute its chain again, link by link, from what the messages say."""
    journal = ReadJournal()
    # Only "\n" ends a line, as in the ledger.
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1) if text else ():
        try:
            entry = _entry(json.loads(line))
        except (ValueError, LookupError, TypeError, RecursionError):
            journal.line, journal.wrong = number, "读不懂"
            break
        if wrong := _broken(journal, entry):
            journal.line, journal.wrong = number, wrong
            break
        journal.entries.append(entry)
    return journal


def _entry(line: dict[str, object]) -> Entry:
    return Entry.model_construct(
        seq=line["seq"],
        at=datetime.fromisoformat(str(line["at"])),
        message=MESSAGES.validate_python(line["message"], strict=False),
        chain=line["chain"],
    )


def _broken(journal: ReadJournal, entry: Entry) -> str:
    seq = len(journal.entries) + 1
    if entry.seq != seq:
        return f"序号应为 {seq}，实为 {entry.seq}"
    expected = chained(journal.head, seq, entry.at, entry.message)
    if entry.chain != expected:
        return f"链接指纹应为 {expected[:12]}…，实为 {str(entry.chain)[:12]}…"
    return ""
