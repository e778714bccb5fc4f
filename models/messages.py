"""What is said to a case: facts, decisions, what the clock and the activities enter; how a case is opened and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from models.adoptions import StatedLength
from models.bags import PaperRef
from models.dates import EventDate
from models.decisions import Decision, DraftLetter
from models.facts import Fact
from models.reach import Level
from models.said.campaigns import ProgressCounted
from models.said.liaison import FiguresGathered
from models.said.links import CaseTold, LinkedOpened, LinkFailed
from models.said.terms import Terms
from models.terms import CaseKind, ClueSource, Matter, Relation
from models.wire import Item, LocalPeriod, Person, Recipient, Wire

# ── what the clock and the activities enter ──────────────────────────────────────────────────────────────────────────


class Reminded(Wire):
    """A reminder of a deadline fell due and was put to the recipients."""

    kind: Literal["reminded"] = "reminded"
    id: str
    deadline: str
    due_on: date
    days_before: int


class FellDue(Wire):
    """A deadline's last day ended unmet (到期), or its mail grace ended too (`final`: 逾期)."""

    kind: Literal["fell_due"] = "fell_due"
    id: str
    deadline: str
    due_on: date
    final: bool = True


class PaperMade(Wire):
    """A paper was made, numbered and archived."""

    kind: Literal["paper_made"] = "paper_made"
    id: str
    order: str
    paper: PaperRef
    internal_no: str = ""


class HistoryLost(Wire):
    """The history of a former run could not be archived, and will not come back; staff must know."""

    kind: Literal["history_lost"] = "history_lost"
    id: str
    run: str
    why: str


class PaperFailed(Wire):
    """A paper could not be made; staff must act."""

    kind: Literal["paper_failed"] = "paper_failed"
    id: str
    order: str
    why: str


class EditionPublished(Wire):
    """A calendar edition was published: every open deadline is counted again. `why` says by whom and for what reason."""

    kind: Literal["edition_published"] = "edition_published"
    id: str
    edition: str
    why: str = ""


class Unreadable(Wire):
    """A message that could not be read, kept for sorting, so that no reply is ever lost.

    `raw` is its beginning (in base64 where it is no text), `size` its length in bytes; the whole of it stands in the history.
    """

    kind: Literal["unreadable"] = "unreadable"
    id: str
    name: str
    raw: str
    why: str
    size: int = 0


Happening = Annotated[
    Reminded
    | FellDue
    | PaperMade
    | PaperFailed
    | HistoryLost
    | EditionPublished
    | Unreadable
    | LinkedOpened
    | CaseTold
    | LinkFailed
    | FiguresGathered
    | ProgressCounted,
    Field(discriminator="kind"),
]

Message = Annotated[Fact | Decision | Happening, Field(discriminator="kind")]

MESSAGES: TypeAdapter[Message] = TypeAdapter(Message)


# ── opening a case ───────────────────────────────────────────────────────────────────────────────────────────────────


class Clue(Wire):
    """Where a case came from."""

    source: ClueSource
    found_on: EventDate | None = None
    summary: str = Field(default="", max_length=2000)


class Link(Wire):
    """A tie to another case, of this system or (`elsewhere`, by its own number) of another; `known` when that case knows of it
    already.
    """

    relation: Relation
    case: str = Field(min_length=1, max_length=100)
    known: bool = False
    elsewhere: bool = False


class AdoptedPeriod(Wire):
    """The length that a version of a rule gives which the site adopted: what letters of that day on state."""

    rule: str
    since: date
    amount: int = Field(gt=0)
    unit: Literal["working_days", "days", "months"]
    basis: str


def stated(lengths: Iterable[StatedLength]) -> tuple[AdoptedPeriod, ...]:
    """Lengths by adopted versions, as a case is told of them."""
    return tuple(AdoptedPeriod(**each._asdict()) for each in lengths)


Told = Annotated[Fact | Decision, Field(discriminator="kind")]
"""What people say to a case, and not the clock or an activity."""


class Opening(Wire):
    """All that a case begins with. `facts` are what it brings along from another case, `terms` what its kind asks besides.

    `backlog` is what had happened to it before it was entered here, in its order: facts and decisions of their own days, for
    which nothing is sent and no paper is made any more.
    """

    case: str = Field(pattern=r"^[a-z_]+-\d{6}-\d{4}-\d{4,}$")
    kind: CaseKind
    title: str = Field(min_length=1, max_length=200)
    county: str = Field(pattern=r"^\d{6}$")
    county_name: str = ""
    procuratorate: Recipient
    matter: Matter
    matter_reason: str = ""
    clue: Clue
    opened_on: date
    handler: Person
    liaison: str = ""
    place: str = ""
    parties: tuple[str, ...] = ()
    area_m2: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    items: tuple[Item, ...] = ()
    letters: tuple[DraftLetter, ...] = ()
    links: tuple[Link, ...] = ()
    facts: tuple[Fact, ...] = ()
    backlog: tuple[Told, ...] = ()
    terms: Terms | None = None
    local_periods: tuple[LocalPeriod, ...] = ()
    edition: str = ""
    remind_agency: bool = False
    level: Level = Level.ORDINARY
    offset_seconds: int = 0

    @property
    def brought(self) -> tuple[Told, ...]:
        """The messages that a case begins with, in the order in which it takes them."""
        return (*self.facts, *self.letters, *self.backlog)


class Taken(Wire):
    """The answer to a message: what the case made of it."""

    id: str
    how: Literal["applied", "noted", "unmatched", "seen"]
    what: str = ""
    stage: str = ""
    problems: tuple[str, ...] = ()


class Entry(Wire):
    """One line of the journal: a message with the moment it was taken, chained to the line before by hash."""

    seq: int
    at: datetime
    message: Message
    chain: str
