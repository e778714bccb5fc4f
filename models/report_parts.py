"""What reports on a case are made of: its head, its source, its course, its evidence; parts that say nothing yet are gaps."""

from __future__ import annotations

from datetime import date

from models.casefile import CaseFile
from models.document_types import DocumentType
from models.findings import sentence
from models.general_papers import FormRow, FormSection, GeneralForm
from models.paper_parts import chinese_date, with_chinese_dates

Section = tuple[str, str, tuple[str, ...]]

SIGNERS = ("承办检察官", "部门负责人", "检察长")


def report(case: CaseFile, document: DocumentType, on: date, sections: tuple[Section, ...]) -> GeneralForm:
    """A report all of whose parts stay: one that says nothing yet is a gap, which stands in its place."""
    return GeneralForm(
        case_number=case.opening.case,
        internal_number=case.opening.case,
        issuer=case.opening.procuratorate.name,
        dated=on,
        series=document.value,
        name=document.label,
        subject=case.opening.title,
        rows=(
            FormRow(label="案件名称", text=case.opening.title),
            FormRow(label="承办检察官", text=case.handler.name),
            FormRow(label="受理日期", text=chinese_date(case.opening.opened_on)),
        ),
        sections=tuple(
            FormSection(
                heading=head,
                text=with_chinese_dates(text),
                items=tuple(with_chinese_dates(each) for each in items),
            )
            for head, text, items in sections
        ),
        signers=SIGNERS,
    )


def source(case: CaseFile) -> str:
    clue = case.opening.clue
    return "：".join(each for each in (clue.source.label, clue.summary) if each)


def course(case: CaseFile) -> tuple[str, ...]:
    return tuple(sentence(each) for each in case.findings.course)


def evidence(case: CaseFile) -> tuple[str, ...]:
    """The evidence that its letters name, each once."""
    return tuple(dict.fromkeys(each for letter in case.letters for each in letter.text.evidence))


def as_told(case: CaseFile, sentence: str) -> str:
    """A sentence of the journal as a paper may bear it: a period by its name, not by its key, and days in Chinese."""
    for key in sorted(case.deadlines.counted, key=len, reverse=True):
        sentence = sentence.replace(key, f"“{case.deadlines.counted[key].name}”期限")
    return with_chinese_dates(sentence)


def taken(case: CaseFile) -> tuple[str, ...]:
    """What the journal has taken in, in words: of our own drafting and the clock's doings nothing."""
    own = (
        "reminded",
        "fell_due",
        "paper_made",
        "draft_letter",
        "approve_letter",
        "revise_draft",
        "return_draft",
    )
    return tuple(
        as_told(case, case.taken[entry.message.id].what)
        for entry in case.entries
        if entry.message.kind not in own
        and entry.message.id in case.taken
        and case.taken[entry.message.id].how == "applied"
    )
