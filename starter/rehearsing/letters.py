"""The letters of a published case: which event sends one to whom, which serves it, which answers it.

Pure. Numbers letters and documents as the case does (L1, D1 in the order of drafting), so that what follows can name them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.bodies import kind_of
from models.messages import (
    ApproveLetter,
    Decision,
    DraftLetter,
    Fact,
    IssueLetter,
    LetterServed,
    LetterText,
    Person,
    ReplyReceived,
    ServiceRefused,
)
from models.terms import BodyKind, DocumentType, Role, ServiceMode, Side
from starter.rehearsing import notes, words
from starter.rehearsing.naming import is_same_body
from starter.rehearsing.published import PublishedCase, PublishedEvent
from starter.rehearsing.recipients import chains, recipient, recipients_of

DRAFTER = Person(name="演练检察官甲", role=Role.PROCURATOR)
CHIEF = Person(name="演练检察官乙", role=Role.CHIEF_PROCURATOR)
CLERK = Person(name="演练书记员丙", role=Role.CLERK)

UNNAMED = "（来源未写明收件单位）"


@dataclass(slots=True)
class Sent:
    """One letter to one recipient, and what has become of it. `recipient` is its name when the letter went out."""

    id: str
    type: DocumentType
    recipient: str
    event: int
    served: bool = False
    guessed: bool = False
    replies: int = 0
    assessed: int = 0
    last_reply: str = ""
    last_note: str = ""

    @property
    def is_pre_suit(self) -> bool:
        return self.type is DocumentType.PRE_SUIT_SUGGESTION


def sends_letter(event: PublishedEvent) -> bool:
    """Whether the event is a suggestion or 告知函 of a procuratorate going out (a court's 司法建议 is not)."""
    if event.side in (Side.COURT, Side.PARTY) or kind_of(event.actor) is BodyKind.COURT:
        return False
    if words.is_issue(event.word):
        return True
    return event.word == "letter_sent" and bool(re.search(r"告知函|检察建议", event.note))


def serves_letter(event: PublishedEvent) -> bool:
    """Whether the event is the service of one."""
    return (
        words.is_service(event.word)
        and event.side is not Side.PARTY
        and kind_of(event.actor) is not BodyKind.COURT
    )


class Post:
    """The letters sent so far, while the events of a case are gone through in the order of play."""

    def __init__(
        self, case: PublishedCase, events: Sequence[PublishedEvent], days: Mapping[int, date]
    ) -> None:
        self._case = case
        self._events = events
        self._days = days
        self.renamed = chains("；".join(text for text in (case.agency, case.court) if text))
        self.sent: list[Sent] = []
        self._documents = 0
        self._later_services = self._pair()

    # sending and serving

    def send(self, event: PublishedEvent) -> list[Fact | Decision]:
        """Draft, approve and issue what an event sends, and serve what no later event serves."""
        messages: list[Fact | Decision] = []
        names, guessed = self._recipients(event)
        for type_, group in self._documents_of(event, names).items():
            self._documents += 1
            document = f"D{self._documents}"
            step = f"E{event.number}-{document}"
            messages += [
                DraftLetter(
                    id=f"{step}-draft",
                    by=DRAFTER,
                    document=type_,
                    recipients=tuple(recipient(name) for name in group),
                    text=self._text(event),
                    urgent=type_ is DocumentType.PRE_SUIT_SUGGESTION and notes.is_urgent(event.note),
                ),
                ApproveLetter(id=f"{step}-approve", by=CHIEF, document=document),
                IssueLetter(id=f"{step}-issue", by=CHIEF, document=document, on=self._issued_on(event)),
            ]
            for name in group:
                letter = Sent(f"L{len(self.sent) + 1}", type_, name, event.number, guessed=guessed)
                self.sent.append(letter)
                if (event.number, name) not in self._later_services:
                    messages += self._serve(letter, event, presumed=not serves_letter(event))
        return messages

    def serve(self, event: PublishedEvent) -> list[Fact | Decision]:
        """Serve the letters that wait for this event; one that was never said to go out goes out with it."""
        waiting = [
            letter
            for letter in self.sent
            if self._later_services.get((letter.event, letter.recipient)) == event.number
            and not letter.served
        ]
        if not waiting:
            return self.send(event)
        return [message for letter in waiting for message in self._serve(letter, event, presumed=False)]

    def _serve(self, letter: Sent, event: PublishedEvent, *, presumed: bool) -> list[Fact | Decision]:
        letter.served = True
        mode = notes.service_mode(event.note)
        served = LetterServed(
            id=f"E{event.number}-served-{letter.id}",
            on=event.on,
            by=CLERK,
            note=event.note,
            letter=letter.id,
            mode=mode,
            presumed=presumed,
        )
        if mode is not ServiceMode.LEFT:
            return [served]
        refused = ServiceRefused(
            id=f"E{event.number}-refused-{letter.id}",
            on=event.on,
            by=CLERK,
            note=event.note,
            letter=letter.id,
        )
        return [refused, served]

    def _pair(self) -> dict[tuple[int, str], int]:
        """For each letter that a later event serves, that event's number."""
        pairs: dict[tuple[int, str], int] = {}
        waiting: list[tuple[int, str]] = []
        for event in self._events:
            if sends_letter(event):
                waiting += [(event.number, name) for name in self._recipients(event)[0]]
            elif serves_letter(event):
                named = self._named(event)
                served = [
                    each
                    for each in waiting
                    if (not named and each[0] == waiting[-1][0])
                    or any(is_same_body(each[1], name, self.renamed) for name in named)
                ]
                pairs |= dict.fromkeys(served, event.number)
                waiting = [each for each in waiting if each not in served]
        return pairs

    def _recipients(self, event: PublishedEvent) -> tuple[tuple[str, ...], bool]:
        """To whom an event sends, and whether that had to be guessed: from who answers, else from the case's own field."""
        named = self._named(event)
        if named:
            return named, False
        addressed = [
            name for each in self._events if sends_letter(each) for name in recipients_of(each.target)
        ]
        for later in self._events[self._events.index(event) + 1 :]:
            if words.is_reply(later.word) and later.actor:
                if not any(is_same_body(later.actor, name, self.renamed) for name in addressed):
                    return recipients_of(later.actor), True
            elif sends_letter(later):
                break
        field = self._case.court if "法院" in event.note else self._case.agency
        first = recipients_of(field)[:1]
        return (first or (UNNAMED,)), True

    def _named(self, event: PublishedEvent) -> tuple[str, ...]:
        """The recipients that an event itself names; a service may be told as the recipient's own act."""
        received = event.side in (Side.AGENCY, Side.GOVERNMENT, Side.TOWNSHIP)
        return recipients_of(event.actor if received and serves_letter(event) else event.target)

    def _issued_on(self, event: PublishedEvent) -> date | None:
        """No later than an answer that is entered before a letter whose day is not known; None: the day it is entered."""
        answered = [each.on.latest for each in self._events if words.is_reply(each.word)]
        entered = self._days[event.number]
        return min((day for day in answered if event.on.earliest <= day < entered), default=None)

    def _documents_of(self, event: PublishedEvent, names: Sequence[str]) -> dict[DocumentType, list[str]]:
        groups: dict[DocumentType, list[str]] = {}
        for name in names:
            groups.setdefault(self._type(event, name), []).append(name)
        return groups

    def _type(self, event: PublishedEvent, name: str) -> DocumentType:
        if kind_of(name) is BodyKind.COURT:
            return DocumentType.COURT_SUGGESTION
        if "告知函" in event.note or event.word.startswith(("notification_letter", "notice_letter")):
            return DocumentType.NOTIFICATION_LETTER
        pre_suit = "公益诉讼" in self._case.legal_nature and "社会治理" not in event.note
        if pre_suit or "诉前" in event.note:
            return DocumentType.PRE_SUIT_SUGGESTION
        return DocumentType.CLASS_SUGGESTION if "类案" in event.note else DocumentType.SUGGESTION

    def _text(self, event: PublishedEvent) -> LetterText:
        return LetterText(
            subject=self._case.title[:200],
            facts=self._case.facts[:20_000],
            advice=(event.note,) if event.note else (),
        )

    # replies

    def reply(self, event: PublishedEvent) -> list[Fact | Decision]:
        """The reply, matched by who sent it; one that no letter called for names its sender, and the case sorts it."""
        id = f"E{event.number}-reply"
        letter = self.to(event.actor)
        if letter is not None:
            letter.replies += 1
            letter.last_reply, letter.last_note = id, event.note
        return [
            ReplyReceived(
                id=id,
                on=event.on,
                by=CLERK,
                note=event.note,
                letter=letter.id if letter else event.actor,
                stance=notes.stance(event.note),
                summary=event.note,
                promises=notes.promises(event),
            )
        ]

    def to(self, name: str) -> Sent | None:
        """The letter that a body's reply answers: the latest to it without a reply, else the latest to it."""
        if not name:
            return self.sent[0] if len(self.sent) == 1 else None
        mine = [each for each in self.sent if is_same_body(each.recipient, name, self.renamed)]
        exact = [each for each in mine if each.recipient == name] or mine
        waiting = [each for each in exact if not each.replies]
        found = waiting or exact
        return found[-1] if found else None

    @property
    def unassessed(self) -> list[Sent]:
        """The letters with a reply that nobody has assessed."""
        return [each for each in self.sent if each.replies > each.assessed]
