"""Rows of a made-up case, for tests of the database."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.rows import CaseRow, DeadlineRow, FactRow, LetterRow, Snapshot
from models.wire import Wire

BOOKS = (
    "numbers",
    "incoming",
    "official_numbers",
    "deliveries",
    "intake",
    "seals",
    "repairs",
    "designations",
    "addresses",
    "absences",
    "editions",
)
"""The tables of the books: what nothing else could bring back."""


CASE = "urging-350425-2021-0001"


def case_row(case: str = CASE, **fields: Any) -> CaseRow:
    """A case as lists show it; `fields` change the usual one."""
    usual = {
        "kind": "urging",
        "stage": "awaiting_reply",
        "title": "督促整改占用耕地案",
        "county": "350425",
        "procuratorate": "大田县人民检察院",
        "matter": "farmland_misuse",
        "is_focus": True,
        "handler": "张三",
        "place": "大田县某村",
        "opened_on": date(2021, 7, 1),
        "closed_on": None,
        "outcome": "",
        "next_due_on": date(2021, 11, 15),
        "is_overdue": False,
        "is_provisional": False,
        "unmatched": 0,
        "edition": "2021",
    }
    return CaseRow(case=case, **{**usual, **fields})


def letter_row(letter: str = "L1", case: str = CASE, **fields: Any) -> LetterRow:
    """A letter that was issued; `fields` change the usual one."""
    usual = {
        "document": "D1",
        "type": "suggestion",
        "recipient": "大田县自然资源局",
        "recipient_code": "",
        "state": "issued",
        "official_no": "",
        "internal_no": "",
        "issued_on": date(2021, 9, 15),
        "served_on": "",
        "served_presumed": False,
        "replied_on": "",
        "replies": 0,
        "substance": "",
        "urged": 0,
        "rungs": "",
        "replaced_by": "",
    }
    return LetterRow(case=case, letter=letter, **{**usual, **fields})


def deadline_row(key: str, case: str = CASE, **fields: Any) -> DeadlineRow:
    """A period that runs, of the rule that its key names; `fields` change the usual one."""
    letter, _, rest = key.partition("/")
    usual = {
        "rule": rest.partition("/")[0],
        "letter": letter if letter.startswith("L") else "",
        "party": "大田县自然资源局",
        "state": "running",
        "ended": "",
        "name": "书面回复",
        "due_on": date(2021, 11, 15),
    }
    return DeadlineRow(case=case, key=key, **{**usual, **fields})


def fact_row(number: int, what: str = "现场勘查") -> FactRow:
    """A line of the journal."""
    return FactRow(
        case=CASE,
        id=f"f{number}",
        seq=number,
        kind="happened",
        happened_on="2021-09",
        recorded_by="李四",
        role="clerk",
        how="noted",
        what=what,
    )


def snapshot(revision: int = 1, case: CaseRow | None = None, **parts: tuple[Wire, ...]) -> Snapshot:
    """A snapshot of these rows, unchecked."""
    names = ("letters", "deadlines", "items", "papers", "facts")
    rows: dict[str, Any] = {**dict.fromkeys(names, ()), **parts}
    return Snapshot.model_construct(revision=revision, case=case or case_row(), **rows)
