"""Every type of document: who issues it, what it must hold, that its lists reach the paper; the forms filled in by hand."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest

from activities.typesetting import Typesetter
from activities.word import word_draft
from models.document_types import DocumentType
from models.documents import Paper, missing, series_of
from models.errors import Refusal
from models.general_papers import GeneralForm, GeneralLetter
from models.orders import letter_paper
from models.paper_parts import LetterFields, Required
from models.projecting import rows
from models.record_forms import RECORD_FORMS, record_form
from models.required_fields import REQUIRED_OF, required_of
from models.terms import CaseKind
from models.wire import LetterText
from starter.drafts import drafts
from starter.provision.fonts import font_folders
from starter.trial import Trial
from starter.written import Written
from tests.openings import BUREAU, CHIEF, DRAFTER, FORESTRY, HEAD, TEXT, draft, opening
from tests.pure_desk import PureDesk, issued, served
from tests.sample_documents import BY_COURSE, COPIES, drafted, issued_by, sample
from tests.test_drafts import Shipped
from tests.test_word import read

DRAFTED = [each for each in DocumentType if issued_by(each)]
WITH_DECISION = (
    DocumentType.URGING_LETTER,
    DocumentType.OBJECTION_REVIEW,
    DocumentType.AMENDMENT_NOTICE,
    DocumentType.WITHDRAWAL_NOTICE,
    DocumentType.RECKONING_NOTE,
    DocumentType.CLOSING_REVIEW,
    DocumentType.FLOW_SHEET,
    DocumentType.FILE_CONTENTS,
    DocumentType.CASE_TIMELINE,
)
U, E, P, C = CaseKind.URGING, CaseKind.ENFORCEMENT, CaseKind.PUBLIC_INTEREST, CaseKind.COORDINATION
# By hand, beside the table of documents and the articles that it cites.
ISSUERS = {
    DocumentType.NOTIFICATION_LETTER: {U, CaseKind.CAMPAIGN},
    DocumentType.SUGGESTION: {U, E, P, C, CaseKind.CAMPAIGN},
    DocumentType.PRE_SUIT_SUGGESTION: {U, P, CaseKind.CAMPAIGN},
    DocumentType.COURT_SUGGESTION: {U, E, P},
    DocumentType.RETRIAL_SUGGESTION: {E},
    DocumentType.EXPLANATION_NOTICE: {E},
    DocumentType.CORRECTION_DECISION: {E},
    DocumentType.FILE_HANDOVER_LIST: {E},
    DocumentType.FLOW_NOTICE: {E},
    DocumentType.FILING_REPORT: {U, E, P, C, CaseKind.CAMPAIGN},
    DocumentType.EVIDENCE_NOTICE: {U, E, P},
    DocumentType.CLUE_TRANSFER: {P, CaseKind.CLUE},
    DocumentType.FILE_REQUEST: {CaseKind.FILE_REQUEST},
    DocumentType.APPOINTMENT: {CaseKind.ASSISTANT},
    DocumentType.INDICTMENT: {P},
    DocumentType.TRANSFER_LETTER: set(CaseKind),
}


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(font_folders(fetch=False))


def text_of(paper: Paper) -> str:
    return read(docx.Document(io.BytesIO(word_draft(paper))))


def required(paper: Paper) -> tuple[Required, ...]:
    """All that it must hold, one by one; a form without rows must have sections, and the other way round."""
    asked = {each.field: each for each in (*paper.REQUIRED, *required_of(series_of(paper)))}
    return tuple(asked.values())


def emptied(paper: Paper, field: str) -> Paper:
    value = getattr(paper, field)
    return paper.model_copy(update={field: type(value)() if isinstance(value, str | tuple) else None})


def test_every_type_is_drafted_by_a_kind_or_made_in_one_of_three_other_ways() -> None:
    by_hand = {form.document for form in RECORD_FORMS.values()}
    for document in DocumentType:
        ways = [document in each for each in (DRAFTED, WITH_DECISION, BY_COURSE)]
        assert sum(ways) + (document in by_hand and not any(ways)) == 1, document


@pytest.mark.parametrize("document", ISSUERS, ids=lambda each: each.value)
def test_these_kinds_of_case_issue_it(document: DocumentType) -> None:
    assert set(issued_by(document)) == ISSUERS[document]


@pytest.mark.parametrize("document", DocumentType, ids=lambda each: each.value)
def test_a_complete_sample_lacks_nothing_and_each_field_taken_away_is_named(
    document: DocumentType, typesetter: Typesetter
) -> None:
    paper = sample(document)
    assert missing(paper) == [] and not paper.draft
    assert (series_of(paper) == document.value and document.label.partition("（")[0] in paper.title) or (
        document in (DocumentType.CLASS_SUGGESTION, DocumentType.PRE_SUIT_SUGGESTION)
        and "检察建议书" in paper.title
    )
    fields = required(paper)
    assert len(fields) >= 4
    for asked in fields:
        gapped = emptied(paper, asked.field)
        named = [gap for gap in missing(gapped) if gap.startswith(asked.label)]
        assert named and all(asked.source in gap for gap in named), asked
    with pytest.raises(Refusal, match=fields[-1].label.partition("（")[0]):
        typesetter.render(emptied(paper, fields[-1].field))


def test_a_form_without_rows_and_parts_says_nothing() -> None:
    for name in RECORD_FORMS:
        paper = sample(DocumentType(name))
        if isinstance(paper, GeneralForm):
            assert missing(paper.model_copy(update={"rows": (), "sections": ()})) == ["表格或者正文"]


@pytest.mark.parametrize("series", REQUIRED_OF)
def test_what_its_text_lacks_keeps_a_letter_from_going_out(series: str) -> None:
    """Asked at the approval already, in the words of the article."""
    document = DocumentType(series)
    kinds = issued_by(document)
    if not kinds:
        return
    case, _ = drafted(document, kinds[0], text=LetterText(subject="耕地保护"), attachments=())
    approval = {"kind": "approve_letter", "id": "approve", "by": HEAD, "document": "D1"}
    told = [each.what for each in Trial(case.state()).issuable(_decision(approval), Written({}))]
    for asked in REQUIRED_OF[series]:
        given = asked.field == "reply" and document is DocumentType.FLOW_NOTICE
        assert given or any(f"缺少：{asked.label}" in each for each in told), (asked, told)


def _decision(fields: dict[str, Any]) -> Any:
    from models.decisions import DECISIONS

    return DECISIONS.validate_python(fields)


# 附件、抄送 ([公文]9, 24, 25).


@pytest.mark.parametrize("document", DRAFTED, ids=lambda each: each.value)
def test_attachments_and_copies_reach_the_paper_and_the_register(document: DocumentType) -> None:
    case, letter = drafted(document, issued_by(document)[0])
    paper = letter_paper(case, letter)
    assert isinstance(paper, LetterFields)
    assert paper.attachments == ("材料清单", "现场照片")
    assert paper.copies_to == COPIES
    text = text_of(paper)
    assert "附件：1.材料清单" in text.replace(" ", "").replace("　", "") or "材料清单" in text
    assert f"抄送：{'，'.join(COPIES)}。" in text.replace(" ", "").replace("　", "")
    [row] = rows(case).letters
    assert row.copies_to == "、".join(COPIES)


def test_a_draft_that_is_revised_or_upgraded_gets_its_lists_too() -> None:
    desk = PureDesk(opening(draft(attachments=("甲",), copies_to=("乙",))))
    desk.decide("revise_draft", by=DRAFTER, attachments=["丙", "丁"])
    assert (desk.letter().attachments, desk.letter().copies_to) == (("丙", "丁"), ("乙",))
    desk.decide("revise_draft", by=DRAFTER, copies_to=[])
    assert (desk.letter().attachments, desk.letter().copies_to) == (("丙", "丁"), ())
    late = served(DocumentType.NOTIFICATION_LETTER).on("2021-11-20")
    late.decide("upgrade_letter", copies_to=["明溪县人民政府"], attachments=["现场照片"])
    assert (late.letter("L2").attachments, late.letter("L2").copies_to) == (
        ("现场照片",),
        ("明溪县人民政府",),
    )


def test_a_suggestion_bears_one_name() -> None:
    desk = PureDesk(opening())
    refused = desk.refusal(
        "draft_letter", document="suggestion", recipients=[BUREAU], text=TEXT, joint_issuers=[FORESTRY.name]
    )
    assert "检察建议书由本院单独制发" in refused


# The forms that are printed from the case.


def form_of(desk: PureDesk[Any], name: str, of: str = "") -> GeneralForm:
    [found] = drafts(desk.case, name, Shipped(), date(2021, 9, 16), of)
    assert isinstance(found.paper, GeneralForm) and not found.gaps
    return found.paper


def row(form: GeneralForm, label: str) -> str:
    return next(each.text for each in form.rows if each.label == label)


def test_a_receipt_of_service_knows_the_letter_and_leaves_the_rest_blank() -> None:
    desk = issued(draft(attachments=("现场照片",)))
    form = form_of(desk, "送达回证")
    assert row(form, "文号") == "明检建〔2021〕1号" and row(form, "受送达人") == BUREAU.name
    assert row(form, "附件") == "现场照片" and "□邮寄送达" in row(form, "送达方式")
    blank = [each.label for each in form.rows if not each.text]
    assert {
        "收到日期",
        "签收人（签名或者盖章）",
        "代收人及代收理由",
        "送达人（二人）",
        "拒收的事由和日期",
    } <= set(blank)
    assert "第八十七条" in form.sections[-1].items[0] and "第八十九条" in form.sections[-1].items[2]
    desk.on("2021-09-16").record("service_refused", "2021-09-16", letter="L1")
    desk.record("letter_served", "2021-09-16", letter="L1", mode="left")
    form = form_of(desk, "送达回证", "L1")
    assert row(form, "拒收的事由和日期") == row(form, "收到日期") == "2021年9月16日"
    assert row(form, "送达方式") == "留置送达"


def test_the_sheet_of_issue_tells_who_drafted_signed_and_in_how_many_copies() -> None:
    asked = draft(
        DocumentType.LETTER,
        BUREAU,
        FORESTRY,
        copies_to=("明溪县人民政府",),
        joint_issuers=("明溪县司法局",),
        countersigners=("法律政策研究室",),
    )
    desk = PureDesk(opening(asked)).on("2021-09-16")
    desk.record("countersigned", "2021-09-15", organ="明溪县司法局", signer="庚局长", opinion="同意")
    form = form_of(desk, "发文审批单", "D1")
    assert row(form, "拟稿") == DRAFTER.name and row(form, "主送") == f"{BUREAU.name}、{FORESTRY.name}"
    assert row(form, "会签").splitlines()[0] == "明溪县司法局：庚局长（2021年9月15日）同意"
    assert row(form, "会签").splitlines()[1].startswith("法律政策研究室：")
    assert row(form, "份数").startswith("主送2份，抄送1份") and row(form, "审批") == row(form, "核稿") == ""
    desk.decide("approve_letter", by=CHIEF)
    assert row(form_of(desk, "发文审批单", "D1"), "审批") == CHIEF.name


def test_a_list_of_evidence_repeats_what_the_notice_asks_for() -> None:
    desk = issued(draft(DocumentType.EVIDENCE_NOTICE, attachments=("调取证据清单",)))
    form = form_of(desk, "调取证据清单")
    assert [row(form, f"第{number}项") for number in (1, 2)] == list(TEXT.advice)
    assert "本复制件与原件核对一致" in form.sections[-1].items[0]


def test_what_is_read_out_asked_or_surveyed_is_recorded_on_a_form() -> None:
    desk = served()
    for name, label in (
        ("宣告送达笔录", "是否商得其同意"),
        ("询问笔录", "询问人（二人）"),
        ("勘验笔录", "见证人、当事人"),
    ):
        assert row(form_of(desk, name), label) == ""
        assert "案由" in text_of(form_of(desk, name))


def test_the_report_on_a_review_is_a_draft_until_the_search_for_similar_cases_is_told() -> None:
    """[行监]51, 52."""
    desk = PureDesk(opening(kind=CaseKind.ENFORCEMENT, case="enforcement-350421-2021-0009"))
    [found] = drafts(desk.case, "审查终结报告", Shipped(), date(2021, 9, 16))
    assert found.paper.draft
    assert "“类案检索情况（指导性案例、典型案例和关联案件）”的内容" in found.gaps
    assert "类案检索情况" in text_of(found.paper)


def test_the_certificate_of_an_assistant_names_unit_field_and_term() -> None:
    paper = sample(DocumentType.APPOINTMENT_CERTIFICATE)
    assert isinstance(paper, GeneralLetter) and paper.recipient == "王工程师"
    assert (
        "（明溪县自然资源局）" in paper.body
        and "土地勘测" in paper.body
        and "自2021年9月15日起至2023年9月15日" in paper.body
    )


@pytest.mark.parametrize(
    ("name", "of", "wrong"),
    [
        ("送达回证", "", "没有写明是哪份文书的送达回证"),
        ("送达回证", "L9", "没有文书“L9”"),
        ("询问笔录", "L1", "不针对某一文书"),
        ("聘书", "", "没有文书“聘书”"),
        ("告知函回证", "L1", "没有空白文书“告知函回证”"),
    ],
)
def test_a_form_that_is_not_there_is_refused_with_what_there_is(name: str, of: str, wrong: str) -> None:
    desk = PureDesk(opening(draft(recipients=(BUREAU, FORESTRY))))
    with pytest.raises(Refusal, match=wrong):
        drafts(desk.case, name, Shipped(), date(2021, 9, 16), of)


def test_a_form_belongs_to_its_kinds_of_case() -> None:
    assert record_form("聘书", CaseKind.ASSISTANT) and record_form("聘书", CaseKind.URGING) is None
    assert record_form("送达回证", CaseKind.TRAINING)
