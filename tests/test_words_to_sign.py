"""What a chief procurator would not sign: periods that are none, short titles of statutes, the wrong word for the addressee."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from models.casefile import CaseFile
from models.document_types import DocumentType
from models.documents import Paper, UrgingLetter
from models.form_wordings import wording
from models.general_papers import GeneralLetter
from models.letters import Letter
from models.orders import called_for, letter_paper
from models.rules import rule
from models.terms import CaseKind
from models.wire import LetterText, Recipient
from models.wording import Attachments, Block, Paragraph, Signature, Together
from tests.openings import BUREAU, COURT, draft
from tests.pure_desk import issued, served
from tests.sample_documents import DAY, SHIPPED, drafted, issued_by, sample
from tests.sample_papers import PAPER_OF


def lines(paper: Paper) -> list[str]:
    """The paragraphs of a paper, in the order in which they are read."""
    found: list[str] = []

    def read(blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                found.append("".join(str(each) for each in block.words))
            elif isinstance(block, Together):
                read(block.blocks)
            elif isinstance(block, Signature | Attachments):
                found.append(type(block).__name__)

    read(wording(paper).blocks)
    return found


def text(paper: Paper) -> str:
    return "\n".join(lines(paper))


def written(document: DocumentType, **changes: object) -> tuple[CaseFile, Letter, Paper]:
    case, letter = drafted(document, issued_by(document)[0], **changes)
    return case, letter, letter_paper(case, letter)


def test_an_urging_letter_wants_its_answer_soon_and_not_within_soon() -> None:
    desk = served(on=date(2021, 9, 16))
    desk.on("2021-12-06").decide("urge", letter="L1")
    [paper] = [order.paper for each in called_for(desk.case) if "urged" in (order := each.build()).order]
    assert "并在收到本函后尽快将落实情况书面回复本院" in text(paper)
    assert paper.title == "关于落实检察建议书的督促函"
    counted = PAPER_OF["urging_letter"]
    assert isinstance(counted, UrgingLetter) and "收到本函之日起15日内" in text(counted)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (DocumentType.NOTIFICATION_LETTER, "收到本函之日起"),
        (DocumentType.SUGGESTION, "收到本建议书之日起"),
        (DocumentType.COURT_SUGGESTION, "收到本建议书之日起"),
        (DocumentType.RETRIAL_SUGGESTION, "收到本建议书之日起"),
        (DocumentType.PRE_SUIT_SUGGESTION, "收到本建议书之日起"),
    ],
)
def test_a_period_runs_from_the_receipt_of_the_letter_by_its_own_name(
    document: DocumentType, words: str
) -> None:
    said = text(sample(document))
    assert words in said and "本文书" not in said


@pytest.mark.parametrize(
    ("key", "document"),
    [
        ("pil.reply", DocumentType.PRE_SUIT_SUGGESTION),
        ("ct.reply", DocumentType.COURT_SUGGESTION),
        ("ct.retrial", DocumentType.RETRIAL_SUGGESTION),
    ],
)
def test_what_binds_a_body_is_cited_to_it_in_full(key: str, document: DocumentType) -> None:
    """《全称》第几条, and the article of the rule table."""
    _, letter, paper = written(document)
    assert letter.reply_rule == key
    said = text(paper)
    assert "依据：《最高人民法院" in said and "两高" not in said
    [article, *_] = re.findall("第[一二三四五六七八九十百]+条", rule(key).basis)
    assert article in said


def test_a_court_examines_and_answers_and_carries_nothing_out() -> None:
    said = text(sample(DocumentType.COURT_SUGGESTION))
    assert (
        "请你院在" in said
        and "将审查处理情况以回复意见函的形式回复本院，并附裁定、决定等相关法律文书" in said
    )
    assert "将审查结果书面回复本院" in text(sample(DocumentType.RETRIAL_SUGGESTION))
    for document in (DocumentType.COURT_SUGGESTION, DocumentType.RETRIAL_SUGGESTION):
        assert "落实情况" not in text(sample(document))


@pytest.mark.parametrize(
    "name", ["urging_letter", "objection_review", "withdrawal_notice", "amendment_notice"]
)
def test_a_court_is_written_to_as_a_court(name: str) -> None:
    paper = PAPER_OF[name].model_copy(update={"recipient": COURT.name})
    assert "单位" not in text(paper) and "院" in text(paper)
    assert "单位" in text(PAPER_OF[name])


def test_a_notice_about_a_letter_names_it_as_it_is_printed() -> None:
    desk = issued(draft(DocumentType.CLASS_SUGGESTION))
    desk.on("2021-09-20").decide("withdraw_letter", letter="L1", reason="应由上级院办理")
    [paper] = [order.paper for each in called_for(desk.case) if "withdrawn" in (order := each.build()).order]
    assert "《检察建议书》" in text(paper) and "类案" not in text(paper)


def test_an_indictment_names_who_sues_and_turns_to_the_court_at_its_end() -> None:
    _, _, paper = written(DocumentType.INDICTMENT, recipients=(COURT,), reply_by=None)
    assert isinstance(paper, GeneralLetter)
    said = lines(paper)
    assert said[0] == f"公益诉讼起诉人：{SHIPPED.procuratorate}"
    close = said.index("此致")
    assert said[close : close + 4] == ["此致", COURT.name, "Attachments", "Signature"]
    assert f"{COURT.name}：" not in said and "有关事项如下" not in text(paper)
    claim, reason = "依法查处倾倒建筑垃圾的行为", f"{SHIPPED.place}园地土壤重金属超标"
    assert said.index(claim) < said.index(reason), "the claims go before their reasons"


def test_nothing_is_said_for_a_decision_that_nobody_wrote() -> None:
    empty = LetterText()
    for document, words in (
        (DocumentType.LETTER, "一案有关事项函告贵单位。"),
        (DocumentType.REPORT, "一案有关情况予以报告。"),
        (DocumentType.FILING_DECISION, ""),
        (DocumentType.INDICTMENT, ""),
    ):
        _, _, paper = written(document, text=empty)
        assert isinstance(paper, GeneralLetter)
        assert paper.body.endswith(words) and bool(paper.body) == bool(words), document
    _, letter, _ = written(DocumentType.LETTER, text=empty)
    case, court_letter, _ = written(DocumentType.LETTER, text=empty, recipients=(COURT,))
    assert "函告贵院。" in letter_paper(case, replace(court_letter)).model_dump_json()
    assert letter.recipient != court_letter.recipient


def test_an_answer_closes_as_an_answer() -> None:
    assert "特此函复。" in lines(sample(DocumentType.COORDINATION_ANSWER))
    asked = sample(DocumentType.CONSULTATION_LETTER)
    assert "请予函复。" in lines(asked)
    assert "特此函达。" in lines(asked.model_copy(update={"reply_by": None}))
    assert "对上述事实的意见" in str(wording(sample(DocumentType.FACT_SHEET)))


def test_an_amendment_counts_from_the_receipt_of_what_it_amends() -> None:
    desk = issued(draft())
    desk.on("2021-09-20").decide(
        "amend_letter", letter="L1", reason="面积有误", text={"facts": "面积一千一百平方米"}
    )
    [paper] = [order.paper for each in called_for(desk.case) if "amended" in (order := each.build()).order]
    assert "请你单位在收到上述检察建议书之日起2个月内将落实情况书面回复" in text(paper)


@pytest.mark.parametrize("to_court", [False, True])
def test_what_speaks_to_a_court_goes_to_one(to_court: bool) -> None:
    """Asked of a new draft alone: what was drafted otherwise long ago stays."""
    case, _ = drafted(DocumentType.LETTER, CaseKind.ENFORCEMENT)
    wanted = draft(DocumentType.EXPLANATION_NOTICE, COURT if to_court else BUREAU)
    told = [each.what for each in case.drafting.door_draft(wanted, DAY)]
    assert told == ([] if to_court else [f"说明案件执行情况通知书只致人民法院，不致“{BUREAU.name}”"])
    far = draft(DocumentType.EXPLANATION_NOTICE, Recipient(name="柳州铁路运输法院"))
    assert not case.drafting.door_draft(far, DAY)


def test_a_report_asks_for_nothing() -> None:
    case, _ = drafted(DocumentType.LETTER, CaseKind.URGING)
    asking = draft(DocumentType.REPORT, reply_by=date(2024, 12, 1))
    [problem] = case.drafting.door_draft(asking, DAY)
    assert "不得夹带请示事项" in problem.what
    assert not case.drafting.door_draft(draft(DocumentType.REPORT), DAY)
