"""Each paper of a public-interest case has its time: nothing is said to an agency before the case was filed, to a court before
it was decided to sue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.document_types import DocumentType
from models.errors import Problem

if TYPE_CHECKING:
    from models.cases.public_interest import PublicInterestFile

_NOT_FILED = ("尚未立案", "先立案（file_case）")
_WAITS_FOR = {
    DocumentType.FILING_DECISION: _NOT_FILED,
    DocumentType.CONSULTATION_LETTER: _NOT_FILED,
    DocumentType.FACT_SHEET: _NOT_FILED,
    DocumentType.PRE_SUIT_SUGGESTION: _NOT_FILED,
    DocumentType.NO_FILING_DECISION: ("尚未决定不立案", "先作出决定（decline_case）"),
    DocumentType.SUSPENSION_DECISION: ("尚未中止审查", "先作出决定（suspend_review）"),
    DocumentType.INDICTMENT: ("尚未决定起诉", "先作出决定（sue）"),
    DocumentType.CLAIMS_AMENDMENT: ("尚未决定起诉", "先作出决定（sue）"),
    DocumentType.SUIT_WITHDRAWAL: ("尚未决定撤回起诉", "先作出决定（withdraw_suit）"),
}


def ahead_of_its_time(case: PublicInterestFile, document: DocumentType) -> list[Problem]:
    """Why such a paper cannot be drafted yet."""
    if document not in _WAITS_FOR or _is_time(case, document):
        return []
    what, remedy = _WAITS_FOR[document]
    return [Problem(f"{what}，不能制发{document.label}", remedy, "document")]


def _is_time(case: PublicInterestFile, document: DocumentType) -> bool:
    match document:
        case DocumentType.NO_FILING_DECISION:
            return case.filing.is_declined
        case DocumentType.SUSPENSION_DECISION:
            return bool(case.following_up.suspended)
        case DocumentType.INDICTMENT | DocumentType.CLAIMS_AMENDMENT:
            return bool(case.suits.by_id)
        case DocumentType.SUIT_WITHDRAWAL:
            return any(each.withdrawal for each in case.suits.by_id.values())
        case _:
            return case.filing.is_filed
