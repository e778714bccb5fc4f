"""The book of seals: what the sealing of a folder answered, kept apart from the folder, so that the folder can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One sealed folder: the voucher of its bag (`models.bags.Ledger.voucher`), the hash of the journal's last line (`head`),
    the run that ended with it, the release of the program that wrote its snapshot (empty: not known), and when (aware).
    """

    folder: str
    case: str
    voucher: str
    head: str
    run: str
    program: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """One thing that was put back into a case, from where, by whom and when (aware); `place` counts what was done at once."""

    case: str
    at: datetime
    place: int
    what: str
    source: str
    by: str
