"""What goes out in our supervision: a suggestion within fifteen days of its decision, no paper without the decision it tells."""

from __future__ import annotations

from datetime import date

from models.dates import EventDate
from models.decisions import ApproveLetter, IssueLetter, ReturnDraft, ReviseDraft
from models.document_types import DocumentType
from models.drafting import Drafting
from models.enforcement.supervision import NO_SUPPORT, NOTIFY, REVIEW, Concluded, Supervision
from models.errors import Problem
from models.ledgers import Deadlines
from models.letters import Letter

SEND = "sup.send"
RETRIAL_SEND = "sup.retrial_send"
RETRIAL_FILE = "sup.retrial_file"

SUGGESTIONS = (
    DocumentType.COURT_SUGGESTION,
    DocumentType.SUGGESTION,
    DocumentType.CLASS_SUGGESTION,
    DocumentType.RETRIAL_SUGGESTION,
)


def _send_rule(letter: Letter) -> str:
    """By which rule a suggestion goes out once it is decided upon ([行监]92; 106, 113)."""
    return RETRIAL_SEND if letter.type is DocumentType.RETRIAL_SUGGESTION else SEND


class Issuing:
    """The documents of one supervision, on their way out."""

    def __init__(self, drafting: Drafting, deadlines: Deadlines, supervision: Supervision) -> None:
        self.drafting, self.deadlines, self.supervision = drafting, deadlines, supervision
        # By document: the day on which it was decided to send it.
        self.decided: dict[str, date] = {}

    def take_approve(self, decision: ApproveLetter, today: date) -> str:
        """A suggestion is decided upon when it is approved: it goes out within fifteen days ([行监]106, 113)."""
        letter = self.pending(decision.document)
        sentence = self.drafting.take_approve(decision, today)
        if letter is not None and letter.type in SUGGESTIONS and self.supervision.is_opened:
            self.decided[letter.document] = decision.on or today
            on, rule = EventDate.on(decision.on or today), _send_rule(letter)
            self.deadlines.start(rule, on, decision.id, key=f"{letter.document}/{rule}")
        return sentence

    def door_approve(self, decision: ApproveLetter, today: date) -> list[Problem]:
        """A 再审检察建议 is decided upon by the committee ([行监]92), which its chair may make known."""
        problems = self.drafting.door_approve(decision, today)
        letter = self.pending(decision.document)
        retrial = letter is not None and letter.type is DocumentType.RETRIAL_SUGGESTION
        if not problems and retrial and not decision.by.role.is_chief:
            problems.append(Problem("再审检察建议由检察委员会决定（[行监]92）", "由检察委员会审批", "by"))
        return problems

    def take_return(self, decision: ReturnDraft, today: date) -> str:
        self._undecide(decision.document, "退回修改")
        return self.drafting.take_return(decision, today)

    def take_revise(self, decision: ReviseDraft, today: date) -> str:
        self._undecide(decision.document, "修改后重新审批")
        return self.drafting.take_revise(decision, today)

    def _undecide(self, document: str, why: str) -> None:
        letter = self.pending(document)
        if letter is not None and self.decided.pop(letter.document, None) is not None:
            self.deadlines.end_key(f"{letter.document}/{_send_rule(letter)}", why)

    def pending(self, document: str) -> Letter | None:
        """The draft that a decision is about."""
        return next((each for each in self.drafting.letters.of_document(document) if each.is_pending), None)

    def issued(self, letter: Letter, decision: IssueLetter, today: date) -> None:
        """A document of ours went out: what its issue meets, and what its decision did."""
        issued_on = decision.known_on or EventDate.on(decision.on or today)
        if letter.type in SUGGESTIONS:
            self.deadlines.meet(f"{letter.document}/{_send_rule(letter)}", issued_on, decision.id)
            if letter.type is DocumentType.RETRIAL_SUGGESTION:
                self.deadlines.start(RETRIAL_FILE, issued_on, decision.id, letter=letter.id)
            decided = self.decided.get(letter.document)
            self.supervision.reviewed(EventDate.on(decided) if decided else issued_on, decision.id)
        elif letter.type is DocumentType.NO_SUPPORT_DECISION:
            self.deadlines.meet(f"case/{NO_SUPPORT}", issued_on, decision.id)
        elif letter.type is DocumentType.ACCEPTANCE_NOTICE:
            self.deadlines.meet(f"case/{NOTIFY}", issued_on, decision.id)

    def door_issue(self, decision: IssueLetter, today: date) -> list[Problem]:
        """A paper that makes a decision known needs the decision."""
        problems = self.drafting.door_issue(decision, today)
        letter = self.pending(decision.document)
        if letter is not None and (missing := self._undecided(letter.type)):
            problems.append(Problem(f"尚未作出相应的决定，不能制发{letter.type.label}", missing, "document"))
        return problems

    def _undecided(self, type_: DocumentType) -> str:
        """What must be decided before such a paper goes out; nothing when it has been."""
        concluded = self.supervision.conclusion.kind if self.supervision.conclusion else None
        match type_:
            case DocumentType.NO_SUPPORT_DECISION:
                return "" if concluded is Concluded.NOT_SUPPORTED else "先决定不支持（decline_support）"
            case DocumentType.TERMINATION_DECISION:
                return "" if concluded is Concluded.TERMINATED else "先决定终结审查（terminate_review）"
            case DocumentType.REFERRAL_REPORT:
                return "" if concluded is Concluded.REFERRED else "先决定提请（refer_upward）"
            case DocumentType.ACCEPTANCE_NOTICE:
                return "" if self.supervision.is_opened else "先监督立案（open_supervision）"
            case DocumentType.SUSPENSION_DECISION:
                return "" if self.supervision.is_suspended else f"先中止 case/{REVIEW}（suspend）"
            case DocumentType.RESUMPTION_DECISION:
                resumed = any(entry.kind == "resumed" for entry in self.supervision.review_entries)
                return (
                    "" if resumed and not self.supervision.is_suspended else f"先恢复 case/{REVIEW}（resume）"
                )
            case _:
                return ""
