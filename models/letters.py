"""Letters (文书往来): one document to one recipient, from draft to assessed reply.

A document may go to several recipients; each then has its own letter, with its own receipt, deadline and replies. A reply's
timeliness and its substance are two different things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from models.bags import PaperRef
from models.dates import EventDate
from models.document_types import DocumentType
from models.terms import EscalationRung, LetterState, ServiceMode, Stance, Substance
from models.wire import LetterText, Period, Plan, Recipient

_UNDER_ARTICLE_3 = (
    DocumentType.NOTIFICATION_LETTER,
    DocumentType.SUGGESTION,
    DocumentType.CLASS_SUGGESTION,
)

ANSWER = "local.answer"
# What a general letter asks for has a rule of its own here and there; its day stands in the letter, but for the first.
_OWN_RULES = {
    DocumentType.EXPLANATION_NOTICE: "sup.explain",
    DocumentType.FLOW_NOTICE: "sup.flow",
    DocumentType.FILE_REQUEST: "file.access",
    DocumentType.QUERY_LETTER: "file.access",
    DocumentType.INQUIRY_HELP_LETTER: "file.access",
}


@dataclass(slots=True)
class Objection:
    """An objection and what its review came to (`upheld` is None until then)."""

    fact: str
    on: EventDate
    grounds: str
    upheld: bool | None = None
    reason: str = ""
    reviewed_on: date | None = None
    reviewed_by: str = ""


@dataclass(slots=True)
class Reply:
    """One reply; a letter may have several, the first of which meets its deadline."""

    fact: str
    sent_on: EventDate
    received_on: date | None
    stance: Stance | None
    summary: str
    substance: Substance | None = None

    @property
    def order(self) -> tuple[date, date]:
        """Replies stand in the order of the days on which they were sent."""
        return self.sent_on.earliest, self.sent_on.latest


@dataclass(frozen=True, slots=True)
class Service:
    """One recorded service. A letter may have several: a presumed and the real one, or one more after it was amended."""

    fact: str
    on: EventDate
    mode: ServiceMode
    presumed: bool


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change of a letter's text ([建议]22), and the notice that makes it known."""

    decision: str
    on: date
    reason: str
    was: LetterText
    becomes: LetterText


@dataclass(frozen=True, slots=True)
class Urging:
    """One recorded 督促, and how it was done: in writing, by word of mouth, in a talk."""

    on: date
    manner: str

    @property
    def is_written(self) -> bool:
        """Whether a 督促函 goes out; otherwise the record of it stands ([建议]24)."""
        return self.manner == "书面"


@dataclass(frozen=True, slots=True)
class Original:
    """正本: a file of the letter as it was signed or edited and truly went out, and the day on which it was brought back."""

    fact: str
    on: EventDate
    paper: PaperRef


@dataclass(frozen=True, slots=True)
class Countersignature:
    """会签: who signed the draft as it then read, for which organ, on which day, and with what opinion."""

    fact: str
    on: EventDate
    organ: str
    signer: str
    opinion: str


@dataclass(slots=True)
class Letter:
    """One document to one recipient. `text` and `recipient` are those of today, `issued_text` and `issued_to` of the paper.

    One that went out before it was entered, on a day that is not known, has an `issued_span`; `issued_on` is then its beginning.
    `decided_on` is the day on which the chief procurator decided upon a 诉前检察建议书 before it was signed ([公规]76).
    """

    id: str
    document: str
    type: DocumentType
    recipient: Recipient
    text: LetterText
    urgent: bool
    reply_within: Period | None
    objection_within: Period | None
    replaces: str
    drafted_by: list[str]
    reply_by: date | None = None
    copies_to: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    joint_issuers: tuple[str, ...] = ()
    countersigners: tuple[str, ...] = ()
    countersignatures: list[Countersignature] = field(default_factory=list)
    signed_from: date | None = None
    """The day of the last revision or return: an earlier signature is of another draft."""
    approved_by: str = ""
    approved_by_chief: bool = False
    decided_on: date | None = None
    returned: str = ""
    issued_on: date | None = None
    issued_span: EventDate | None = None
    issued_text: LetterText | None = None
    issued_to: Recipient | None = None
    official_no: str = ""
    internal_no: str = ""
    paper: PaperRef | None = None
    services: list[Service] = field(default_factory=list)
    filings: list[tuple[EventDate, str]] = field(default_factory=list)
    originals: list[Original] = field(default_factory=list)
    refused_on: EventDate | None = None
    objections: list[Objection] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    explained_difficulties: bool = False
    plan: Plan | None = None
    planned_on: EventDate | None = None
    plans: list[tuple[EventDate, str]] = field(default_factory=list)
    plan_accepted: bool | None = None
    urgings: list[Urging] = field(default_factory=list)
    rungs: list[EscalationRung] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)
    withdrawn: str = ""
    withdrawn_on: date | None = None
    replaced_by: str = ""
    former_recipients: list[Recipient] = field(default_factory=list)

    @property
    def reply_rule(self) -> str:
        """The rule of its reply period (law.md's table of letters; [意见]3, [建议]19, [公释]21, [执监]13)."""
        match self.type:
            case DocumentType.COURT_SUGGESTION:
                return "ct.reply"
            case DocumentType.RETRIAL_SUGGESTION:
                return "ct.retrial"
            case DocumentType.PRE_SUIT_SUGGESTION:
                return "pil.reply_urgent" if self.urgent else "pil.reply"
            case DocumentType.NOTIFICATION_LETTER:
                return "coop.reply"
            case DocumentType.SUGGESTION | DocumentType.CLASS_SUGGESTION:
                return "jy.reply_urgent" if self.urgent else "jy.reply"
            case _:
                return _OWN_RULES.get(self.type, ANSWER)

    @property
    def awaits_answer(self) -> bool:
        """Whether its receipt starts a period: of the law, or one that it sets itself."""
        own_law = self.type in (DocumentType.EXPLANATION_NOTICE, DocumentType.FLOW_NOTICE)
        return self.type.asks_reply or own_law or bool(self.reply_by or self.reply_within)

    def is_met_by(self, stance: Stance | None) -> bool:
        """Whether a reply meets its period, whatever its substance; but that a request is at hand, or hard, gives no file."""
        unmet = (Stance.ACKNOWLEDGED, Stance.AGREED, Stance.DIFFICULTIES)
        return self.reply_rule != "file.access" or stance not in unmet

    @property
    def urged_on(self) -> list[date]:
        """The days on which it was urged."""
        return [urging.on for urging in self.urgings]

    @property
    def service_rule(self) -> str:
        """The watch on what is not yet served: three days for a 诉前检察建议书 ([公规]76), else a local choice."""
        return "pil.serve" if self.type is DocumentType.PRE_SUIT_SUGGESTION else "local.service"

    @property
    def takes_objections(self) -> bool:
        """Whether its recipient may object to it (law.md's table of letters)."""
        return self.type.is_suggestion and self.type is not DocumentType.PRE_SUIT_SUGGESTION

    @property
    def owes_plan(self) -> bool:
        """Whether its recipient, bound by [意见]3, has said why things cannot be put right in time: a plan is then owed."""
        return self.recipient.is_bound and self.type in _UNDER_ARTICLE_3 and self.explained_difficulties

    @property
    def reply_key(self) -> str:
        """The key of its reply deadline."""
        return f"{self.id}/{self.reply_rule}"

    @property
    def service(self) -> Service | None:
        """The service that counts: a real one before a presumed one, one after the last amendment before those ahead of it,
        and the earliest of these; so the order in which they were recorded does not matter.
        """
        services = [each for each in self.services if not each.presumed] or self.services
        if self.amendments:
            amended_on = max(each.on for each in self.amendments)
            services = [each for each in services if each.on.earliest >= amended_on] or services
        return min(services, key=lambda each: (each.on.earliest, each.on.latest), default=None)

    @property
    def original(self) -> PaperRef | None:
        """The issued paper as it truly went out: of several the one brought back last, in whichever order they were entered."""
        last = max(
            self.originals, key=lambda each: (each.on.latest, each.on.earliest, each.fact), default=None
        )
        return last.paper if last else None

    @property
    def served_on(self) -> EventDate | None:
        """The day of the service that counts."""
        service = self.service
        return service.on if service else None

    @property
    def served_presumed(self) -> bool:
        """Whether its day of service is only taken to be the day of issue."""
        service = self.service
        return service is not None and service.presumed

    @property
    def awaits_new_service(self) -> bool:
        """Whether it was amended, and its recipient has not been told: no service since."""
        return bool(self.amendments) and not any(
            each.on.latest >= self.amendments[-1].on for each in self.services
        )

    def sign_anew(self, on: date) -> None:
        """The draft is another, or was given back: no signature holds."""
        self.countersignatures.clear()
        self.signed_from = on

    @property
    def must_countersign(self) -> tuple[str, ...]:
        """Who signs the draft before it goes out: whoever issues it jointly ([公文]22), and the departments it names."""
        return tuple(dict.fromkeys((*self.joint_issuers, *self.countersigners)))

    @property
    def awaited_signatures(self) -> tuple[str, ...]:
        """Of those, who has not yet signed the draft as it reads now."""
        signed = [each.organ for each in self.countersignatures]
        return tuple(organ for organ in self.must_countersign if organ not in signed)

    @property
    def is_live(self) -> bool:
        """Issued, and neither withdrawn nor replaced."""
        return self.issued_on is not None and not self.withdrawn and not self.replaced_by

    @property
    def is_pending(self) -> bool:
        """Drafted, and not yet issued nor given up."""
        return self.issued_on is None and not self.withdrawn

    @property
    def open_objection(self) -> Objection | None:
        """The objection that waits for its review."""
        return next((each for each in self.objections if each.upheld is None), None)

    @property
    def unassessed(self) -> Reply | None:
        """The first reply that waits for its assessment; what answers a general letter is weighed by its kind of case."""
        if not self.type.asks_reply:
            return None
        return next((each for each in self.replies if each.substance is None), None)

    @property
    def last_substance(self) -> Substance | None:
        """What the latest assessed reply was worth; `replies` stand in the order they were sent."""
        return next((each.substance for each in reversed(self.replies) if each.substance), None)

    @property
    def state(self) -> LetterState:
        """How far it has come."""
        if self.withdrawn:
            return LetterState.WITHDRAWN
        if self.issued_on is None:
            return LetterState.APPROVED if self.approved_by else LetterState.DRAFTED
        if self.open_objection:
            return LetterState.OBJECTED
        if self.replies:
            assessed = all(each.substance for each in self.replies)
            return LetterState.ASSESSED if assessed else LetterState.REPLIED
        if self.served_on:
            return LetterState.SERVED
        return LetterState.REFUSED_SERVICE if self.refused_on else LetterState.ISSUED

    def is_to(self, reference: str) -> bool:
        """Whether it is addressed to that body, by name or code, now or before its duty passed on."""
        return any(reference in (body.name, body.code) for body in (self.recipient, *self.former_recipients))

    def is_meant_by(self, reference: str) -> bool:
        """Whether a reference means it: its id, document, 文号, or recipient."""
        return reference in (self.id, self.document, self.official_no) or self.is_to(reference)

    def __str__(self) -> str:
        number = f"（{self.official_no}）" if self.official_no else ""
        return f"{self.id} {self.type.label}{number}致{self.recipient.name}"


class Letters:
    """The letters of a case, found by id, document, 文号, or recipient."""

    def __init__(self) -> None:
        self.by_id: dict[str, Letter] = {}
        self.documents = 0

    def __iter__(self) -> Iterator[Letter]:
        return iter(self.by_id.values())

    def add(self, letter: Letter) -> None:
        self.by_id[letter.id] = letter

    def live(self) -> list[Letter]:
        """Issued, neither withdrawn nor replaced."""
        return [letter for letter in self.by_id.values() if letter.is_live]

    def asking(self) -> list[Letter]:
        """The live ones whose reply the law asks for: 告知函 and 检察建议."""
        return [letter for letter in self.live() if letter.type.asks_reply]

    def of_type(self, *types: DocumentType) -> list[Letter]:
        """The live letters of these types, in the order they were drafted."""
        return [letter for letter in self.live() if letter.type in types]

    def pending(self) -> list[Letter]:
        """Drafts on their way to issue."""
        return [letter for letter in self.by_id.values() if letter.is_pending]

    def of_document(self, reference: str) -> list[Letter]:
        """The letters of a document (`D1`), or of the only pending one when nothing is said."""
        if reference:
            return [
                letter
                for letter in self.by_id.values()
                if reference in (letter.document, letter.id) or reference == letter.official_no
            ]
        pending = self.pending()
        return pending if len({letter.document for letter in pending}) == 1 else []

    def matching(
        self,
        reference: str,
        waits: Callable[[Letter], bool] | None = None,
        by: date = date.max,
        *,
        answers: bool = False,
    ) -> list[Letter]:
        """The letters that a reference may mean: id, document, 文号, recipient's name or code; all live ones for none.

        Of several letters to one body a fact of the day `by` means the first that was out by then and `waits` for it (a
        receipt the unserved one, a reply the unanswered one), else the last; a decision (no `waits`) must say which. What
        `answers` is about one that asks for it, where there is such a one.
        """
        issued = [letter for letter in self.by_id.values() if letter.issued_on is not None]
        live = [letter for letter in issued if letter.is_live]
        if not reference:
            return [each for each in live if answers and each.awaits_answer] or live
        exact = [letter for letter in self.by_id.values() if letter.id == reference]
        if exact:
            return exact
        for among in (live, issued):
            numbered = [letter for letter in among if reference in (letter.document, letter.official_no)]
            if numbered:
                return numbered
        addressed = [letter for letter in live if letter.is_to(reference)]
        if waits is None:
            return addressed
        addressed = addressed or [letter for letter in issued if letter.is_to(reference)]
        addressed = [each for each in addressed if answers and each.awaits_answer] or addressed
        addressed = [each for each in addressed if each.issued_on and each.issued_on <= by] or addressed
        return [letter for letter in addressed if waits(letter)][:1] or addressed[-1:]
