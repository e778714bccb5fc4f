"""A complete sample of every type of document: letters as a case of their kind issues them over a shipped published case,
internal papers as a course makes them, forms as they are printed from a case and written up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib import import_module

from models.case_papers import case_timeline, file_contents, flow_sheet
from models.casefile import COMMON, CaseFile
from models.cases.assistants import AssistantFile
from models.dates import at_hour
from models.decisions import DraftLetter
from models.document_types import DocumentType
from models.documents import Paper, series_of
from models.general_papers import FormSection, GeneralForm
from models.kinds import FILES, blank, file_of
from models.letters import Letter
from models.orders import letter_paper
from models.record_forms import RECORD_FORMS
from models.said.assistance import AssistantTerms
from models.terms import CaseKind
from models.wire import Recipient
from starter.rehearsing.expected import PUBLISHED
from starter.rehearsing.published import parse_published
from tests.openings import BUREAU, COURT, DRAFTER, OBJECTION, TEXT, opening
from tests.pure_desk import PureDesk, desks_made
from tests.pure_rehearsal import case_at_its_end
from tests.sample_papers import PAPER_OF

DAY = date(2024, 4, 1)
"""When the suggestion of the shipped case went out."""
_FILE = PUBLISHED / "39-anxi-rubble-soil.yaml"
SHIPPED = parse_published(_FILE.read_text("utf-8"), _FILE.name)
AGENCY = BUREAU.model_copy(update={"name": SHIPPED.agency.partition("；")[0], "code": ""})
THEIR_COURT = COURT.model_copy(update={"name": SHIPPED.court, "code": ""})
COPIES = ("安溪县人民政府", "泉州市人民检察院")
_TEXT = TEXT.model_copy(
    update={
        "subject": "依法处置园地上的建筑垃圾",
        "facts": SHIPPED.facts,
        "harm": f"{SHIPPED.place}园地土壤重金属超标",
        "advice": ("依法查处倾倒建筑垃圾的行为", "督促清运建筑垃圾，修复土壤"),
        "legal_basis": ("《中华人民共和国土壤污染防治法》第八十七条",),
    }
)
_NO_OBJECTION = (DocumentType.PRE_SUIT_SUGGESTION,)

_OF_THE_WHOLE_CASE: Mapping[DocumentType, Callable[[CaseFile, date], Paper]] = {
    DocumentType.FLOW_SHEET: flow_sheet,
    DocumentType.FILE_CONTENTS: file_contents,
    DocumentType.CASE_TIMELINE: case_timeline,
}
BY_COURSE: Mapping[DocumentType, str] = {
    DocumentType.MINUTES: "coordination:test_from_the_request_to_the_last_task",
    DocumentType.FIGURES_TABLE: "liaison_exchange:test_from_the_figures_to_the_acknowledgement",
    DocumentType.SUPERVISION_DECISION: "enforcement_supervision:test_a_party_asks_and_we_accept_notify_and_hand_over",
    DocumentType.TRACKING_RECORD: "enforcement:test_from_the_decision_to_its_fulfilment_by_the_court",
    DocumentType.FILING_APPROVAL: "public_interest:test_from_the_clue_to_the_closing",
    DocumentType.INQUIRY_REPORT: "public_interest:test_from_the_clue_to_the_closing",
    DocumentType.SITE_RECORD: "public_interest:test_from_the_clue_to_the_closing",
    DocumentType.SUIT_REVIEW: "public_follow_up:test_silence_ends_both_periods_together",
    DocumentType.PRELIMINARY_REPORT: "filing_reports:test_a_preliminary_inquiry_is_reported_before_it_is_decided_whether_to_file",
    DocumentType.REVIEW_REPORT: "filing_reports:test_a_review_is_reported_with_its_search_for_similar_cases",
    DocumentType.FILE_LIST: "file_request:test_a_file_is_given_compared_and_given_back",
    DocumentType.SERVICE_RECORD: "assistant:test_released_before_the_term_ends",
    DocumentType.STANDARDS_MINUTES: "study:test_a_common_standard_is_written_down_as_minutes",
    DocumentType.TRAINING_SUMMARY: "training:test_from_the_invitation_to_the_evaluation",
}
"""The internal papers, each with a scenario in which a case makes it."""


def issued_by(document: DocumentType) -> tuple[CaseKind, ...]:
    """The kinds of case whose staff draft and issue it."""
    return tuple(kind for kind, file in FILES.items() if document in (*file.DOCUMENTS, *COMMON))


@cache
def sample(document: DocumentType) -> Paper:
    """A paper of that type with nothing missing. KeyError for a type that nobody has given a sample."""
    if kinds := issued_by(document):
        case, letter = drafted(document, kinds[0])
        letter.issued_on, letter.issued_text, letter.issued_to = DAY, letter.text, letter.recipient
        return letter_paper(case, letter)
    if document in BY_COURSE:
        return _of_course(document, BY_COURSE[document])
    if document in _OF_THE_WHOLE_CASE:
        return _OF_THE_WHOLE_CASE[document](case_at_its_end(_FILE), DAY)
    if document.value in PAPER_OF:
        return PAPER_OF[document.value]
    return written_up(_form(document))


def drafted(document: DocumentType, kind: CaseKind, **changes: object) -> tuple[CaseFile, Letter]:
    """A case of that kind with a draft of the document in it, which says all that a letter can say."""
    case = file_of(
        blank(kind).model_copy(
            update={"procuratorate": Recipient(name=SHIPPED.procuratorate), "title": SHIPPED.title}
        )
    )
    fields: dict[str, object] = {
        "id": "draft",
        "by": DRAFTER,
        "document": document,
        "recipients": (THEIR_COURT if document.goes_to_court else AGENCY,),
        "text": _TEXT,
        "attachments": ("材料清单", "现场照片"),
        "copies_to": COPIES,
        "objection_within": OBJECTION if document.is_suggestion and document not in _NO_OBJECTION else None,
        "reply_by": date(2024, 6, 1) if document.is_general else None,
    }
    case.take(DraftLetter.model_validate(fields | changes), at_hour(DAY, 9))
    return case, case.letters.by_id["L1"]


def written_up(form: GeneralForm | Paper) -> Paper:
    """A form or report whose empty parts somebody has filled in."""
    if not isinstance(form, GeneralForm):
        return form
    sections = tuple(
        each if each.text or each.items else FormSection(heading=each.heading, text="已查明，详见卷宗。")
        for each in form.sections
    )
    return form.model_copy(update={"sections": sections})


def _form(document: DocumentType) -> Paper:
    """A form of the first kind of case that has it, of an issued letter when it is about one."""
    form = RECORD_FORMS[document.label]
    if document is DocumentType.APPOINTMENT_CERTIFICATE:
        return form.build(appointed(), None, DAY)
    notice = DocumentType.EVIDENCE_NOTICE if form.of_letter else DocumentType.LETTER
    kind = CaseKind.URGING if form.of_letter else form.kinds[0]
    case, letter = drafted(notice, kind)
    return form.build(case, letter if form.of_letter else None, DAY)


def appointed() -> AssistantFile:
    """The case of an assistant who was appointed for two years from the founding document's day."""
    terms = AssistantTerms(person="王工程师", unit="明溪县自然资源局", field="土地勘测")
    desk: PureDesk[AssistantFile] = PureDesk(
        opening(kind=CaseKind.ASSISTANT, case="assistant-350421-2021-0009", terms=terms)
    )
    desk.on("2021-09-15").decide("appoint_assistant", term={"amount": 24, "unit": "months"})
    return desk.case


def _of_course(document: DocumentType, reference: str) -> Paper:
    module, _, name = reference.partition(":")
    with desks_made() as desks:
        getattr(import_module(f"tests.scenarios.test_{module}"), name)()
    made = (order.paper for desk in desks for order in desk.papers.values())
    return next(paper for paper in made if series_of(paper) == document.value)
