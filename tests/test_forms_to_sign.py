"""The forms and internal papers that people sign by hand, as an archivist and a court would read them."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from activities.typesetting import Typesetter, page_count
from models.case_papers import file_contents, flow_sheet
from models.document_types import DocumentType
from models.documents import Paper
from models.form_wordings import wording
from models.general_papers import NOTES, GeneralForm
from models.paper_parts import with_chinese_dates
from models.record_forms import RECORD_FORMS
from models.terms import CaseKind
from models.wording import Cell, Heading, Pair, Paragraph, Table, Together
from starter.provision.fonts import font_folders
from starter.rehearsing.expected import PUBLISHED
from tests.openings import CHIEF, COURT
from tests.pure_desk import issued
from tests.pure_rehearsal import case_at_its_end
from tests.sample_documents import BY_COURSE, DAY, drafted, sample
from tests.sample_papers import PAPER_OF

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?!-?\d)")
FORMS = [each.document for each in RECORD_FORMS.values()]


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(font_folders(fetch=False))


def form(document: DocumentType) -> GeneralForm:
    paper = sample(document)
    assert isinstance(paper, GeneralForm)
    return paper


def row(paper: GeneralForm, label: str) -> str:
    [text] = [each.text for each in paper.rows if each.label == label]
    return text


def signers(paper: Paper) -> list[str]:
    return [
        str(pair.left[0]).removesuffix("：")
        for block in wording(paper).blocks
        if isinstance(block, Together)
        for pair in block.blocks
        if isinstance(pair, Pair)
    ]


def pages(pdf: bytes) -> list[str]:
    return [re.sub(r"[\s\u200b]", "", each.extract_text()) for each in PdfReader(io.BytesIO(pdf)).pages]


def test_a_proof_of_service_is_one_page(typesetter: Typesetter) -> None:
    """What is signed and what is told beneath it: nobody files half of a 送达回证."""
    paper = form(DocumentType.SERVICE_RECEIPT)
    assert page_count(typesetter.render(paper)) == 1
    assert "内" not in row(paper, "文号"), "an internal number tells the recipient nothing"


@pytest.mark.parametrize("document", FORMS, ids=lambda each: each.value)
def test_notes_are_no_part_of_what_is_signed(document: DocumentType) -> None:
    paper = sample(document)
    if not isinstance(paper, GeneralForm) or not any(each.heading == NOTES for each in paper.sections):
        return
    blocks = wording(paper).blocks
    assert not any(isinstance(each, Heading) and NOTES in str(each.words[-1])[-1:] for each in blocks)
    *_, last = blocks
    assert isinstance(last, Table) and last.rows[0][0] == Cell(((NOTES,),), is_label=True)


@pytest.mark.parametrize(
    "document",
    [DocumentType.ANNOUNCEMENT_RECORD, DocumentType.QUESTIONING_RECORD, DocumentType.SURVEY_RECORD],
)
def test_nobody_signs_a_page_on_which_nothing_stands(typesetter: Typesetter, document: DocumentType) -> None:
    paper = form(document)
    [end] = [each for each in wording(paper).blocks if isinstance(each, Together)]
    assert isinstance(end.blocks[0], Paragraph)
    [signed] = [each for each in pages(typesetter.render(paper)) if f"{paper.signers[0]}：" in each]
    assert re.sub(r"\s", "", "".join(map(str, end.blocks[0].words))) in signed


@pytest.mark.parametrize(
    ("kind", "questioned", "surveyed"),
    [
        (CaseKind.PUBLIC_INTEREST, "《人民检察院公益诉讼办案规则》第三十六条、第三十七条", "第四十二条"),
        (CaseKind.ENFORCEMENT, "《人民检察院行政诉讼监督规则》第六十五条", "第六十三条、第六十五条"),
        (CaseKind.URGING, "《人民检察院检察建议工作规定》第十四条，参照", "第四十二条"),
    ],
)
def test_an_inquiry_rests_on_the_rules_of_its_own_kind_of_case(
    kind: CaseKind, questioned: str, surveyed: str
) -> None:
    case, _ = drafted(DocumentType.LETTER, kind)
    notes = [
        "".join(paper.sections[-1].items)
        for name in ("询问笔录", "勘验笔录")
        if isinstance(paper := RECORD_FORMS[name].build(case, None, DAY), GeneralForm)
    ]
    assert questioned in notes[0] and surveyed in notes[1]
    assert all("逐页签名" in each for each in notes)


def test_who_is_questioned_hears_that_he_may_ask_for_others() -> None:
    paper = form(DocumentType.QUESTIONING_RECORD)
    assert "有权申请我们回避" in paper.sections[0].text
    assert "时　　分至" in row(paper, "询问时间")
    assert signers(paper).count("询问人") == 2
    assert signers(form(DocumentType.EVIDENCE_LIST)).count("调取人") == 2


def test_whoever_signed_off_stands_on_the_sheet_with_the_day() -> None:
    desk = issued()
    sheet = RECORD_FORMS["发文审批单"].build(desk.case, desk.letter(), DAY)
    assert isinstance(sheet, GeneralForm)
    assert row(sheet, "签发") == f"{CHIEF.name}　2021年9月15日"


def test_forms_about_a_letter_bear_its_printed_name() -> None:
    case, letter = drafted(DocumentType.COURT_SUGGESTION, CaseKind.ENFORCEMENT, recipients=(COURT,))
    receipt = RECORD_FORMS["送达回证"].build(case, letter, DAY)
    assert isinstance(receipt, GeneralForm)
    assert row(receipt, "文书名称") == receipt.subject == "检察建议书"


@pytest.mark.parametrize(
    "document",
    [
        DocumentType.FILING_APPROVAL,
        DocumentType.INQUIRY_REPORT,
        DocumentType.SUIT_REVIEW,
        DocumentType.SUPERVISION_DECISION,
        DocumentType.PRELIMINARY_REPORT,
        DocumentType.REVIEW_REPORT,
    ],
)
def test_what_is_laid_before_the_chief_procurator_has_room_for_his_name(document: DocumentType) -> None:
    assert signers(sample(document)) == ["承办检察官", "部门负责人", "检察长"]


def test_a_check_on_the_spot_is_signed_by_two_and_an_approver_named_once() -> None:
    assert signers(sample(DocumentType.SITE_RECORD)) == ["核查人", "核查人"]
    assert row(form(DocumentType.FILING_APPROVAL), "审批人") == f"{CHIEF.name}（检察长）"


@pytest.mark.parametrize("document", BY_COURSE, ids=lambda each: each.value)
def test_no_internal_paper_writes_a_day_as_a_machine_does(document: DocumentType) -> None:
    paper = sample(document)
    assert not ISO.findall(paper.model_dump_json(exclude={"dated"})), document


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("2021-09-15送达", "2021年9月15日送达"),
        ("2021-07-09/2021-07-11拆除", "2021年7月9日至2021年7月11日拆除"),
        ("urging-350421-2021-0003", "urging-350421-2021-0003"),
        ("2021-09", "2021-09"),
        ("2021-13-40", "2021-13-40"),
        ("2021-02-30", "2021-02-30"),
        ("2021-09-15/2021-09-01", "2021-09-15/2021-09-01"),
        ("A-2021-09-15", "A-2021-09-15"),
    ],
)
def test_only_days_are_written_as_days(typed: str, printed: str) -> None:
    assert with_chinese_dates(typed) == printed


def test_the_sheet_of_a_case_names_periods_and_keeps_the_filing_for_its_decision() -> None:
    case = case_at_its_end(PUBLISHED / "39-anxi-rubble-soil.yaml")
    sheet = flow_sheet(case, DAY)
    said = sheet.model_dump_json(exclude={"dated", "case_number", "internal_number"})
    assert "pil." not in said and "“行政公益诉讼审查起诉”期限由检察长" in said
    assert not ISO.findall(said)
    steps = [each[2] for each in sheet.sections[0].table.rows] if sheet.sections[0].table else []
    assert steps[0] == "登记" and sum("立案" in each for each in steps) == 1


def test_the_contents_of_a_folder_bear_titles_and_room_for_remarks() -> None:
    case = case_at_its_end(PUBLISHED / "39-anxi-rubble-soil.yaml")
    for paper in case.papers.values():
        assert paper.kind == "paper_made"
    listed = file_contents(case, DAY).sections[0].table
    assert listed is not None and listed.heads[-1] == "备注"
    titles = [each[3] for each in listed.rows]
    assert "检察建议书（致县城管执法局）" in titles
    assert any(each.endswith("的审查起诉报告") for each in titles)
    assert not any(re.search("[0-9a-f]{8}|^L1", each) for each in titles)
    table = next(
        each for each in wording(file_contents(case, DAY)).blocks if isinstance(each, Table) and each.is_small
    )
    assert all(cells[-1].paragraphs == () for cells in table.rows[1:]), "to be written on"


def test_how_long_a_folder_is_kept_is_called_so() -> None:
    labels = [
        cell.paragraphs[0][0]
        for block in wording(PAPER_OF["closing_review"]).blocks
        if isinstance(block, Table)
        for cells in block.rows
        for cell in cells
        if cell.is_label
    ]
    assert "保管期限" in labels and "归档期限" not in labels
