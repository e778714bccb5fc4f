"""A case's ledger as a row of pages, each created once and never replaced (`activities.s3_archive`).

Page n is the ledger after its n-th line (a paper, or the seal). Up to the 64th it is the whole ledger, byte for byte as
`models.bags` writes it. A later one holds only the lines since the last full block of 64, and names the page that ended
that block, with its digest:

    {"before":"<digest of page 128>","case":"urging-…","from":128,"layout":2}
    <line 129>
    …

So a ledger is read from one page in 64, and the pages of a folder grow with the number of its papers, not with its
square. Pages of release 0.1.0 before this hold the whole ledger at any number: both are read, and both can stand in one row.
An older program refuses a page of this kind as one of a later release.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from models.bags import Ledger, digest_of_text

BLOCK = 64

_HEAD = re.compile(r'\{"before":"([0-9a-f]{64})","case":"([\w-]+)","from":([1-9]\d{0,5}),"layout":2\}')


class Continued(NamedTuple):
    """A page that goes on from another: the other's number and digest, and the lines that follow it."""

    base: int
    before: str
    lines: str


def base_of(number: int) -> int:
    """The number of the page that a page goes on from; 0: from none, it is the whole ledger."""
    return (number - 1) // BLOCK * BLOCK


def count(ledger: Ledger) -> int:
    """How many lines a ledger has, its head not among them: the number of its newest page."""
    return len(ledger.papers) + (ledger.seal is not None)


def continued(case_id: str, text: str) -> Continued | None:
    """What a page says that goes on from another; None for one that is to be read as a whole ledger."""
    head, _, lines = text.partition("\n")
    match = _HEAD.fullmatch(head)
    if match is None or match[2] != case_id:
        return None
    return Continued(int(match[3]), match[1], lines)


class Pages:
    """The pages that a ledger can have been written as."""

    def __init__(self, ledger: Ledger) -> None:
        self._case = ledger.case_id
        # Only "\n" ends a line, and JSON holds none inside.
        self._lines = ledger.text().removesuffix("\n").split("\n")

    def whole(self, number: int) -> str:
        """The page of that number that holds all lines."""
        return "".join(f"{line}\n" for line in self._lines[: number + 1])

    def text(self, number: int, before: str) -> str:
        """The page of that number as it is written now; `before` is the text of the page it goes on from, if any."""
        base = base_of(number)
        if not base:
            return self.whole(number)
        head = {"before": digest_of_text(before), "case": self._case, "from": base, "layout": 2}
        lines = [json.dumps(head, separators=(",", ":")), *self._lines[base + 1 : number + 1]]
        return "".join(f"{line}\n" for line in lines)
