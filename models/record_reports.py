"""The reports that are written up by hand upon what the case knows, and the certificate of an invited assistant.

What only the procurator can say stands as a gap, and keeps the report a draft: the search for similar cases above all ([行监]51).
"""

from __future__ import annotations

from datetime import date

from models.casefile import CaseFile
from models.cases.assistants import AssistantFile
from models.cases.enforcement import EnforcementFile
from models.cases.public_interest import PublicInterestFile
from models.document_types import DocumentType
from models.findings import sentence
from models.general_papers import FormRow, FormSection, GeneralForm, GeneralLetter
from models.letters import Letter
from models.paper_parts import chinese_date

Section = tuple[str, str, tuple[str, ...]]

_SIGNERS = ("承办检察官", "部门负责人", "检察长")


def inquiry_report(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """调查终结报告 ([建议]15): facts, evidence and opinion, where the case makes none of its own."""
    return _report(
        case,
        DocumentType.INQUIRY_REPORT,
        on,
        (
            ("案件来源", _source(case), ()),
            ("调查认定的事实", "", _course(case)),
            ("证据", "", _evidence(case)),
            ("处理意见和依据", "", ()),
        ),
    )


def preliminary_report(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """初步调查报告 ([公规]27, 30): whether the clue is true, can be looked into, and is to be filed."""
    harm = case.terms.harm if isinstance(case, PublicInterestFile) else ""
    agencies = case.filing.agencies if isinstance(case, PublicInterestFile) else ()
    return _report(
        case,
        DocumentType.PRELIMINARY_REPORT,
        on,
        (
            ("线索来源及其真实性、可查性", _source(case), ()),
            ("公益受损情况", harm, ()),
            ("负有监督管理职责的行政机关及其履职情况", "", tuple(agencies)),
            ("初步查明的事实", "", _course(case)),
            ("是否立案的意见", "", ()),
        ),
    )


def review_report(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """审查终结报告 ([行监]51, 52; [公规]79): facts, law, the search for similar cases, and a plain opinion."""
    parties = case.opening.parties
    suspicions: tuple[str, ...] = ()
    agency = ""
    if isinstance(case, EnforcementFile):
        agency = case.penalties.agency
        suspicions = tuple(f"{each.key}：{each.what}（{each.basis}）" for each in case.suspicions.taken_up())
    return _report(
        case,
        DocumentType.REVIEW_REPORT,
        on,
        (
            ("案件来源和当事人", _source(case), tuple(each for each in (agency, *parties) if each)),
            ("诉讼和执行过程", "", _taken(case)),
            ("审查认定的事实和证据", "", (*_course(case), *_evidence(case))),
            *((("采纳的嫌疑", "", suspicions),) if suspicions else ()),
            ("类案检索情况（指导性案例、典型案例和关联案件）", "", ()),
            ("争议焦点和法律适用", "", ()),
            ("处理意见", "", ()),
        ),
    )


def certificate(case: CaseFile, letter: Letter | None, on: date) -> GeneralLetter:
    """聘书 of an invited assistant: whom, for what field, for which term (第六条)."""
    body, person = "", ""
    if isinstance(case, AssistantFile):
        person = case.terms.person
        if case.office:
            counted = case.deadlines.counted.get(case.term_key)
            until = f"至{chinese_date(counted.due_on)}" if counted and counted.due_on else ""
            since = chinese_date(case.office[-1].since)
            field = f"，在{case.terms.field}方面" if case.terms.field else "，"
            body = (
                f"兹聘请{person}（{case.terms.unit}）担任本院特邀检察官助理{field}为检察办案提供专业协助，"
                f"聘期自{since}起{until}。"
            )
    return GeneralLetter(
        case_number=case.opening.case,
        internal_number=case.opening.case,
        issuer=case.opening.procuratorate.name,
        dated=on,
        recipient=person,
        series=DocumentType.APPOINTMENT_CERTIFICATE.value,
        name=DocumentType.APPOINTMENT_CERTIFICATE.label,
        body=body,
    )


def _report(case: CaseFile, document: DocumentType, on: date, sections: tuple[Section, ...]) -> GeneralForm:
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
        sections=tuple(FormSection(heading=head, text=text, items=items) for head, text, items in sections),
        signers=_SIGNERS,
    )


def _source(case: CaseFile) -> str:
    clue = case.opening.clue
    return "：".join(each for each in (clue.source.label, clue.summary) if each)


def _course(case: CaseFile) -> tuple[str, ...]:
    return tuple(sentence(each) for each in case.findings.course)


def _evidence(case: CaseFile) -> tuple[str, ...]:
    """The evidence that its letters name, each once."""
    return tuple(dict.fromkeys(each for letter in case.letters for each in letter.text.evidence))


def _taken(case: CaseFile) -> tuple[str, ...]:
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
        case.taken[entry.message.id].what
        for entry in case.entries
        if entry.message.kind not in own
        and entry.message.id in case.taken
        and case.taken[entry.message.id].how == "applied"
    )
