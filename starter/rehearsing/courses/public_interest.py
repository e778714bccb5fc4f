"""How a published case of public-interest litigation is played: filed, advised, followed up, sued, judged, withdrawn.

What a source does not date stays undated: a filing, a suggestion or a suit that it only presupposes is entered as known before
some day, or as lying before the record. What happens in court is in `courses.lawsuits`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from models.dates import EventDate
from models.deadlines import add_months
from models.decisions import CloseCase, Extend
from models.said.excluding import ExcludeDays
from models.said.findings import FactEstablished
from models.said.links import LinkCase
from models.said.public_interest import FileCase, JurisdictionAssigned, PublicInterestTerms, SiteChecked
from models.said.terms import Terms
from models.terms import CaseKind, Element, Outcome, Relation, SiteFinding
from starter.rehearsing import notes, words
from starter.rehearsing.closing import is_ours
from starter.rehearsing.courses import in_court
from starter.rehearsing.courses.course import Course, Messages, Stage
from starter.rehearsing.courses.lawsuits import Lawsuits
from starter.rehearsing.letters import sends_letter, serves_letter
from starter.rehearsing.naming import is_same_body
from starter.rehearsing.outbox import CHIEF, CLERK, DRAFTER
from starter.rehearsing.published import PublishedEvent
from starter.rehearsing.recipients import recipients_of

_PUT_RIGHT = (Outcome.RECTIFIED, Outcome.LEGALISED, Outcome.SUBSTITUTE_PERFORMANCE)
_MOVES = ("jurisdiction_transferred", "case_transferred", "jurisdiction_assigned")
_APPRAISALS = ("appraisal_commissioned", "appraisal_received")


class PublicInterestCourse(Course):
    """The course of a public-interest case."""

    KIND: ClassVar[CaseKind] = CaseKind.PUBLIC_INTEREST

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._suits = Lawsuits(stage)
        self._filer = ""
        self._is_filed = self._was_filed_before()
        self._finding: SiteFinding | None = None
        self._commissioned: EventDate | None = None
        self._is_closed = False

    def terms(self) -> Terms:
        return PublicInterestTerms(
            agencies=tuple(name[:2000] for name in recipients_of(self.stage.case.agency)),
            harm=self.stage.case.facts[:2000],
            filed=self._was_filed_before(),
        )

    def _was_filed_before(self) -> bool:
        """Whether the source tells of a letter or a suit before it tells of the filing, if it tells of that at all."""
        for event in self.stage.events:
            begins = event.word in words.BEGINNINGS and is_ours(event) and notes.opens_inquiry(event.note)
            if event.word in words.FILINGS or begins:
                return False
            sends = sends_letter(event) or serves_letter(event) or words.is_reply(event.word)
            if sends or (event.word == "lawsuit_filed" and is_ours(event)):
                return True
        return False

    def play(self, event: PublishedEvent, shared: Callable[[], Messages]) -> Messages:
        """Suits, judgments, checks and changes of jurisdiction are told in messages of their own; the rest is shared."""
        word = event.word
        if word == "lawsuit_filed" and is_ours(event):
            return self._suits.sue(event, [] if self._is_closed else shared(), is_closed=self._is_closed)
        if self._suits.is_about(event):
            messages = self._suits.in_court(event, is_closed=self._is_closed)
            return messages + self._suits.looked_back_upon(event, self._closing(event, shared()))
        if word in words.CHECKS and not self._is_closed:
            return self._check(event, shared)
        if word in _MOVES and event.target:
            return self._moved(event)
        if word == "withdrawal_requested":
            return [self._established(event, Element.EVIDENCE_SUPPLIED)]
        if word in _APPRAISALS and not self._is_closed:
            return self._appraisal(event)
        return self._closing(event, shared())

    # filing

    def accept(self, event: PublishedEvent) -> Messages:
        """Filed, on the day that the source knows; by another procuratorate that was given the case, against others besides."""
        agencies = recipients_of(event.target)
        if self._is_filed and self._filer and not is_same_body(self._filer, event.actor):
            self._filer = event.actor
            assigned = JurisdictionAssigned(
                id=f"E{event.number}-assigned",
                on=event.on,
                by=CLERK,
                note=event.note,
                procuratorate=event.actor[:100],
            )
            return [assigned, self._file(event, agencies)]
        if self._is_filed and self._filer and not agencies:
            return []
        self._is_filed, self._filer = True, self._filer or event.actor
        return [self._file(event, agencies)]

    def _file(self, event: PublishedEvent, agencies: Sequence[str]) -> FileCase:
        return FileCase(
            id=f"E{event.number}-file",
            by=CHIEF,
            agencies=tuple(agencies),
            known_on=event.on,
            reason=event.note,
        )

    def _moved(self, event: PublishedEvent) -> Messages:
        """Given to another procuratorate, or its suit to another court."""
        court = event.target if "法院" in event.target else ""
        procuratorate = event.target if "检察院" in event.target or "分院" in event.target else ""
        if not (court or procuratorate):
            return []
        return [
            JurisdictionAssigned(
                id=f"E{event.number}-assigned",
                on=event.on,
                by=CLERK,
                note=event.note,
                superior=event.actor[:100],
                procuratorate="" if court else procuratorate[:100],
                court=court[:100],
            )
        ]

    # on the spot

    def _check(self, event: PublishedEvent, shared: Callable[[], Messages]) -> Messages:
        found = self._finding = _found(event)
        return [_site(event, found), *self._closing(event, shared())]

    def _appraisal(self, event: PublishedEvent) -> Messages:
        """鉴定 that falls into the review for suit is not counted in it ([公规]48)."""
        messages: Messages = [self._established(event, Element.EXAMINED)]
        if event.word == "appraisal_commissioned":
            self._commissioned = event.on
            return messages
        begun, key = self._commissioned, self._under_review()
        if begun is None or not key or not (begun.is_day and event.on.is_day):
            return messages
        excluded = ExcludeDays(
            id=f"E{event.number}-excluded",
            by=DRAFTER,
            deadline=key,
            first=begun.latest,
            last=event.on.latest,
            why="委托鉴定",
        )
        messages.append(excluded)
        longer = next((told for each in self.stage.events if (told := in_court.longer(each.note))), None)
        if longer:
            reason = "来源记载延长审查起诉期限，未载日期"
            id = f"E{event.number}-extended"
            messages.append(Extend(id=id, by=CHIEF, deadline=key, by_period=longer, reason=reason))
        return messages

    def _under_review(self) -> str:
        """The review for suit that goes on when the appraisal begins; none where a reply is awaited still, or a suit is on."""
        replied = [each for each in self.stage.post.sent if each.is_pre_suit and each.replies]
        if len(replied) != 1 or self._suits or self._commissioned is None:
            return ""
        issued = next(each for each in self.stage.events if each.number == replied[0].event)
        has_ended = add_months(issued.on.latest, 2) <= self._commissioned.latest
        return f"{replied[0].id}/pil.prosecute" if has_ended else ""

    # the end

    def _closing(self, event: PublishedEvent, messages: Messages) -> Messages:
        """A closing needs its grounds on the record: the end of each suit, evidence of what is called put right."""
        close = next((each for each in messages if isinstance(each, CloseCase)), None)
        if close is None:
            return messages
        self._is_closed = True
        before = self._suits.ended_with(event)
        shown = self._finding is SiteFinding.PUT_RIGHT or (
            self._finding is None and self.stage.items.any_entered
        )
        if close.outcome in _PUT_RIGHT and not shown:
            before.append(_site(event, SiteFinding.PUT_RIGHT))
        if close.outcome is Outcome.MERGED:
            other = (event.note or words.label(event.word))[:100]
            id = f"E{event.number}-merged"
            before.append(LinkCase(id=id, by=CHIEF, relation=Relation.COVERED_BY, case=other, elsewhere=True))
        place = messages.index(close)
        return [*messages[:place], *before, *messages[place:]]

    def _established(self, event: PublishedEvent, element: Element) -> FactEstablished:
        return FactEstablished(
            id=f"E{event.number}-established",
            on=event.on,
            by=CLERK,
            element=element,
            actor=event.actor,
            what=event.note[:2000],
        )


def _found(event: PublishedEvent) -> SiteFinding:
    if event.word == "relapse_found":
        return SiteFinding.RELAPSED
    if notes.tells_failure(event.note):
        return SiteFinding.PARTLY if notes.tells_part(event.note) else SiteFinding.NOT_PUT_RIGHT
    return SiteFinding.PUT_RIGHT


def _site(event: PublishedEvent, finding: SiteFinding) -> SiteChecked:
    return SiteChecked(
        id=f"E{event.number}-site",
        on=event.on,
        by=CLERK,
        finding=finding,
        proofs=in_court.proofs(f"{event.actor}{event.note}"),
        agrees=False if notes.tells_falsehood(event.note) else None,
        what=event.note,
    )
