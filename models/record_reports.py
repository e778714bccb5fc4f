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
from models.enforcement import papers as enforcement
from models.general_papers import GeneralForm, GeneralLetter
from models.letters import Letter
from models.paper_parts import chinese_date
from models.public_interest import papers as public_interest
from models.report_parts import course, evidence, report, source


def inquiry_report(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """调查终结报告 ([建议]15): facts, evidence and opinion, where the case makes none of its own."""
    return report(
        case,
        DocumentType.INQUIRY_REPORT,
        on,
        (
            ("案件来源", source(case), ()),
            ("调查认定的事实", "", course(case)),
            ("证据", "", evidence(case)),
            ("处理意见和依据", "", ()),
        ),
    )


def preliminary_report(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """初步调查报告, to be written up."""
    assert isinstance(case, PublicInterestFile)
    return public_interest.preliminary_report(case, None, on)


def review_report(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """审查终结报告, to be written up."""
    assert isinstance(case, EnforcementFile)
    return enforcement.review_report(case, None, on)


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
