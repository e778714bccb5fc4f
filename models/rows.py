"""What the registry keeps of a case: a row for the case itself, and for each letter, period, item, meeting, tie, paper and entry.

They are made from the case alone (`models.projecting`). Nothing that a case is told is known here: lists must start at once.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.reach import Level
from models.wire import Wire

FILED = "archived"
"""The last stage of every kind of case: the case has left the desk."""


class CaseRow(Wire):
    """One case, as lists show it."""

    case: str
    kind: str
    stage: str
    title: str
    county: str
    county_name: str = ""
    procuratorate: str
    matter: str
    is_focus: bool
    handler: str
    place: str
    opened_on: date
    closed_on: date | None
    outcome: str
    next_due_on: date | None
    is_overdue: bool
    is_provisional: bool
    unmatched: int
    edition: str
    liaison: str = ""
    level: str = Level.ORDINARY.value


class LetterRow(Wire):
    """One letter to one recipient."""

    case: str
    letter: str
    document: str
    type: str
    recipient: str
    recipient_code: str
    state: str
    official_no: str
    internal_no: str
    issued_on: date | None
    served_on: str
    served_presumed: bool
    replied_on: str
    replies: int
    substance: str
    urged: int
    rungs: str
    replaced_by: str = ""
    copies_to: str = ""


class DeadlineRow(Wire):
    """One deadline with the result of its last count; `ledger` is its entries as JSON (`LEDGER`), to be counted again."""

    case: str
    key: str
    rule: str
    letter: str
    party: str
    state: str
    ended: str
    name: str = ""
    basis: str = ""
    owner: str = ""
    started_on: str = ""
    due_on: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    provisional: bool = False
    in_force: bool = True
    is_overdue: bool = False
    edition: str = ""
    met_on: str = ""
    days_late: int | None = None
    ledger: str = ""


class ItemRow(Wire):
    """One thing to be put right or done."""

    case: str
    item: str
    what: str
    kind: str
    state: str
    next_milestone: str
    area_m2: float | None
    owner: str = ""
    due_on: date | None = None


class MeetingRow(Wire):
    """One meeting, planned, held or cancelled."""

    case: str
    meeting: str
    form: str
    topic: str
    planned_on: date | None
    held_on: str
    attended: int
    agreed: bool | None
    cancelled: str


class LinkRow(Wire):
    """What one other case is to this one; `elsewhere` when it belongs to another system."""

    case: str
    other: str
    relation: str
    linked_on: str
    elsewhere: bool
    outcome: str


ORIGINAL = "original"


class PaperRow(Wire):
    """One paper, in or out, by its content; of a letter whose 正本 was brought back, that too, under the letter's id."""

    case: str
    order: str
    name: str
    digest: str
    size: int
    media_type: str
    direction: str


class FactRow(Wire):
    """One line of the journal, in words."""

    case: str
    id: str
    seq: int
    kind: str
    happened_on: str
    recorded_by: str
    role: str
    how: str
    what: str


class Snapshot(Wire):
    """All rows of one case. `revision` is the number of journal entries they were made from."""

    revision: int
    case: CaseRow
    letters: tuple[LetterRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    items: tuple[ItemRow, ...]
    papers: tuple[PaperRow, ...]
    facts: tuple[FactRow, ...]
    meetings: tuple[MeetingRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    follows: dict[str, tuple[str, date]] = Field(default_factory=dict)
    """By the key of a period: the one at whose end it began, and that day."""
