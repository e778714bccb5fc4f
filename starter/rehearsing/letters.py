"""The letters of a published case: which event sends one to whom, which serves it, how its reply is entered.

Pure. Numbers letters and documents as the case does (L1, D1 in the order of drafting), so that what follows can name them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from models.body_names import kind_of
from models.dates import EventDate
from models.decisions import ApproveLetter, Decision, DraftLetter, IssueLetter
from models.document_types import DocumentType
from models.facts import Fact, LetterServed, ReplyReceived, ServiceRefused
from models.terms import BodyKind, CaseKind, ServiceMode, Side
from models.wire import LetterText
from starter.rehearsing import notes, words
from starter.rehearsing.naming import is_same_body, likeness
from starter.rehearsing.outbox import CHIEF, CLERK, DRAFTER, Answer, Outbox, Sent, senders
from starter.rehearsing.published import PublishedCase, PublishedEvent
from starter.rehearsing.recipients import chains, recipient, recipients_of

UNNAMED = "（来源未写明收件单位）"

# 县自然资源局等四部门, 两局: how many there are, though not all are named.
_COUNTED = re.compile(
    r"(?:等|^)([两二三四五六七八九十])(?:家|个)?(?:单位|部门|机关|局|委局|(?:乡镇|[乡镇]|街道)(?:政府)?)$"
)
_NUMBERS = {"两": 2, **{numeral: number for number, numeral in enumerate("二三四五六七八九十", 2)}}


def sends_letter(event: PublishedEvent) -> bool:
    """Whether the event is a suggestion or 告知函 of a procuratorate going out (a court's 司法建议 is not)."""
    if event.side in (Side.COURT, Side.PARTY) or kind_of(event.actor) is BodyKind.COURT:
        return False
    if words.is_issue(event.word):
        return True
    return event.word == "letter_sent" and bool(re.search(r"告知函|检察建议", event.note))


def serves_letter(event: PublishedEvent) -> bool:
    """Whether the event is the service of one. A court may be told to receive ours; what it serves on others is its own."""
    if not words.is_service(event.word) or event.side is Side.PARTY:
        return False
    return kind_of(event.actor) is not BodyKind.COURT or not event.target or "收到" in event.note


class Post:
    """The letters of a case, while its events are gone through in the order of play."""

    def __init__(
        self, case: PublishedCase, events: Sequence[PublishedEvent], days: Mapping[int, date]
    ) -> None:
        self._case = case
        self._events = events
        self._days = days
        self.outbox = Outbox(chains("；".join(text for text in (case.agency, case.court) if text)))
        self._documents = 0
        self._later_services = self._read_services_ahead()

    @property
    def sent(self) -> list[Sent]:
        return self.outbox.sent

    # sending and serving

    def send(self, event: PublishedEvent) -> list[Fact | Decision]:
        """Draft, approve and issue what an event sends, and serve what no later event serves."""
        messages: list[Fact | Decision] = []
        names, guessed = self._recipients(event)
        told = serves_letter(event) or notes.is_served_at_once(event.note)
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
                letter = Sent(
                    f"L{len(self.sent) + 1}", type_, name, event.number, event.note, guessed=guessed
                )
                self.sent.append(letter)
                if (event.number, name) not in self._later_services:
                    messages += self._serve(letter, event, presumed=not told)
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

    def _read_services_ahead(self) -> dict[tuple[int, str], int]:
        """For each letter that a later event serves, that event's number: no day is presumed where the source tells it."""
        pairs: dict[tuple[int, str], int] = {}
        ahead = Outbox(self.outbox.renamed)
        for event in self._events:
            waiting = self._waiting_for(event, ahead) if serves_letter(event) else []
            for letter in waiting:
                letter.served = True
                pairs[letter.event, letter.recipient] = event.number
            if sends_letter(event) or (serves_letter(event) and not waiting):
                served = serves_letter(event) or notes.is_served_at_once(event.note)
                ahead.sent += [
                    Sent("", self._type(event, name), name, event.number, event.note, served=served)
                    for name in self._recipients(event)[0]
                ]
                for place, each in enumerate(ahead.sent, 1):
                    each.id = f"L{place}"
            elif words.is_reply(event.word):
                for letter in ahead.answered_by(event):
                    letter.replies.append(Answer("", event.note, None))
        return pairs

    def _waiting_for(self, event: PublishedEvent, ahead: Outbox) -> list[Sent]:
        """The letters that a service is about: the latest to each body, unserved, unanswered, of the type that it names."""
        open_ = [
            letter
            for letter in ahead.sent
            if not letter.served
            and not letter.replies
            and self._said_type(event, letter.recipient) in (None, letter.type)
        ]
        found: list[Sent] = []
        for name in self._named(event):
            ranks = {each.id: likeness(each.recipient, name, ahead.renamed) for each in open_}
            best = max(ranks.values(), default=0)
            alike = [each for each in open_ if best and ranks[each.id] == best]
            found += [each for each in alike if each.event == alike[-1].event]
        if not self._named(event):
            found = [each for each in open_ if each.event == open_[-1].event]
        return found

    # to whom, and what

    def _recipients(self, event: PublishedEvent) -> tuple[tuple[str, ...], bool]:
        """To whom an event sends, and whether that had to be guessed: from who answers, else from the case's own field.

        Where only their number is told, and the field lists as many, it is they.
        """
        named = self._named(event)
        counted = _COUNTED.search(event.target)
        listed = recipients_of(self._case.agency)
        if counted and len(listed) == _NUMBERS[counted[1]]:
            return listed, True
        if named:
            return named, False
        addressed = [
            name for each in self._events if sends_letter(each) for name in recipients_of(each.target)
        ]
        for later in self._events[self._events.index(event) + 1 :]:
            if words.is_reply(later.word) and (answering := senders(later)):
                if not any(is_same_body(answering[0], name, self.outbox.renamed) for name in addressed):
                    return answering, True
            elif sends_letter(later):
                break
        field = self._case.court if "法院" in event.note else self._case.agency
        first = recipients_of(field)[:1]
        return (first or (UNNAMED,)), True

    def _named(self, event: PublishedEvent) -> tuple[str, ...]:
        """The recipients that an event itself names; a service may be told as the recipient's own act."""
        received = event.side in (Side.AGENCY, Side.GOVERNMENT, Side.TOWNSHIP, Side.COURT)
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
        said = self._said_type(event, name)
        if said is not None:
            return said
        nature, kind = self._case.legal_nature, self._case.kind
        if "公益诉讼" in nature or (not nature and kind == CaseKind.PUBLIC_INTEREST):
            return DocumentType.PRE_SUIT_SUGGESTION
        return DocumentType.CLASS_SUGGESTION if "类案" in event.note else DocumentType.SUGGESTION

    def _said_type(self, event: PublishedEvent, name: str) -> DocumentType | None:
        """The type that the event's own words, or its recipient, make certain."""
        if kind_of(name) is BodyKind.COURT:
            return DocumentType.COURT_SUGGESTION
        if "告知函" in event.note or event.word.startswith(("notification_letter", "notice_letter")):
            return DocumentType.NOTIFICATION_LETTER
        if "诉前" in event.note:
            return DocumentType.PRE_SUIT_SUGGESTION
        if "社会治理" in event.note:
            return DocumentType.CLASS_SUGGESTION if "类案" in event.note else DocumentType.SUGGESTION
        return None

    def _text(self, event: PublishedEvent) -> LetterText:
        return LetterText(
            subject=self._case.title[:200],
            facts=self._case.facts[:20_000],
            advice=(event.note,) if event.note else (),
        )

    # replies

    def reply(self, event: PublishedEvent) -> list[Fact | Decision]:
        """The reply to each letter that it answers; one that no letter called for names its sender, and the case sorts it."""
        letters = self.outbox.answered_by(event)
        if not letters and not any(sends_letter(each) or serves_letter(each) for each in self._events):
            return self._answer_to_an_undated_letter(event)
        if not letters:
            return [self._reply(event, f"E{event.number}-reply", "、".join(senders(event)) or event.actor)]
        messages: list[Fact | Decision] = []
        for place, letter in enumerate(letters):
            id = f"E{event.number}-reply" if not place else f"E{event.number}-reply-{letter.id}"
            letter.replies.append(Answer(id, event.note, notes.stance(event.note)))
            messages.append(self._reply(event, id, letter.id))
        return messages

    def _answer_to_an_undated_letter(self, event: PublishedEvent) -> list[Fact | Decision]:
        """A reply to a letter that its source does not date: the letter went out at some time before, no more is said."""
        before = [each for each in self._events if each.on.latest < event.on.earliest]
        span = EventDate(before[-1].on.earliest if before else event.on.earliest, event.on.latest)
        name = "、".join(senders(event)) or event.actor or UNNAMED
        type_ = self._type(event, name)
        step = f"E{event.number}-D1"
        self._documents += 1
        letter = Sent("L1", type_, name, event.number, guessed=True)
        self.sent.append(letter)
        id = f"E{event.number}-reply"
        letter.replies.append(Answer(id, event.note, notes.stance(event.note)))
        return [
            DraftLetter(
                id=f"{step}-draft",
                by=DRAFTER,
                document=type_,
                recipients=(recipient(name),),
                text=self._text(event),
            ),
            ApproveLetter(id=f"{step}-approve", by=CHIEF, document="D1"),
            IssueLetter(id=f"{step}-issue", by=CHIEF, document="D1", known_on=span),
            self._reply(event, id, letter.id),
        ]

    def _reply(self, event: PublishedEvent, id: str, letter: str) -> ReplyReceived:
        return ReplyReceived(
            id=id,
            on=event.on,
            by=CLERK,
            note=event.note,
            letter=letter,
            stance=notes.stance(event.note),
            summary=event.note,
            promises=notes.promises(event),
        )
