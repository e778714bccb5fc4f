"""Where a public-interest case stands (law.md §5 C): a suit goes before the letters, and these before the inquiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.document_types import DocumentType
from models.stages import PublicInterestStage as Stage
from models.terms import MeetingForm

if TYPE_CHECKING:
    from models.cases.public_interest import PublicInterestFile

_ENDED = (DocumentType.CLOSING_DECISION, DocumentType.TERMINATION_DECISION)


def stage(case: PublicInterestFile) -> Stage:
    """What most needs doing decides among letters and suits that run side by side."""
    if case.is_closed:
        if case.is_looked_back:
            return Stage.ARCHIVED
        return Stage.REVISIT if case.ending.look_backs else Stage.CLOSED
    if case.filing.transfer:
        return Stage.TRANSFERRED
    if case.filing.is_declined:
        return Stage.DECLINED
    if case.letters.of_type(*_ENDED):
        return Stage.TERMINATED
    return case.suits.stage or _of_letters(case) or _of_inquiry(case)


def _of_letters(case: PublicInterestFile) -> Stage | None:
    follow, live = case.following_up, case.following_up.letters
    waiting = [letter for letter in live if not case.suits.of_letter(letter.id)]
    drafted = any(each.type is DocumentType.PRE_SUIT_SUGGESTION for each in case.letters.pending())
    if any(letter.service is None and not letter.replies for letter in waiting) or (drafted and not live):
        return Stage.SUGGESTING
    if any(letter.id in follow.suspended for letter in waiting):
        return Stage.SUSPENDED
    if any(follow.is_reviewing(letter) for letter in waiting):
        return Stage.PROSECUTION_REVIEW
    if any(not letter.replies and follow.last_check(letter) is None for letter in waiting):
        return Stage.RECTIFYING
    return Stage.FOLLOWING_UP if live or follow.checks else None


def _of_inquiry(case: PublicInterestFile) -> Stage:
    filing = case.filing
    if not filing.is_filed:
        return Stage.PRELIMINARY if filing.preliminary_on else Stage.CLUE_ASSESSING
    if filing.concluded:
        return Stage.CONCLUDED
    if _is_consulting(case):
        return Stage.CONSULTING
    return Stage.INVESTIGATING if filing.investigated_on else Stage.OPENED


def _is_consulting(case: PublicInterestFile) -> bool:
    """Whether a consultation is under way; one that was held goes on until an investigation is ordered."""
    papers = case.letters.of_type(DocumentType.CONSULTATION_LETTER, DocumentType.FACT_SHEET)
    if case.meetings.awaited(MeetingForm.CONSULTATION) or any(not letter.replies for letter in papers):
        return True
    return bool(case.meetings.held(MeetingForm.CONSULTATION) or papers) and not case.filing.investigated_on
