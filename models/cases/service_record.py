"""特邀检察官助理履职记录: what one invited assistant did in one term, counted as article 6 is reported on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from models.document_types import DocumentType
from models.general_papers import GeneralForm
from models.plain_papers import form
from models.said.assistance import AssignToCase, ConsultationGiven

if TYPE_CHECKING:
    from models.cases.assistants import AssistantFile


def service_record(
    case: AssistantFile, term: str, until: date, services: Sequence[ConsultationGiven]
) -> GeneralForm:
    """The record of a term that ended on that day."""
    counts: Counter[str] = Counter()
    for each in services:
        counts[each.form.label] += each.times
    hours = sum(each.hours or 0 for each in services)
    return form(
        case,
        DocumentType.SERVICE_RECORD,
        until,
        rows=(
            ("姓名", case.terms.person),
            ("所在单位", case.terms.unit),
            ("专业领域", case.terms.field),
            ("聘期", f"{term}，至{until}"),
            ("次数", "，".join(f"{label}{count}次" for label, count in counts.items())),
            ("小时数", f"{hours:g}" if hours else ""),
        ),
        sections=(
            ("参与办理的案件", "", tuple(_assigned(each) for each in case.assignments.values())),
            ("履职情况", "", tuple(_served(each) for each in services)),
        ),
        signers=("特邀检察官助理", "承办检察官"),
    )


def _assigned(assignment: AssignToCase) -> str:
    task = f"：{assignment.task}" if assignment.task else ""
    return f"{assignment.case}{task}（被监督单位：{'、'.join(assignment.agencies)}）"


def _served(service: ConsultationGiven) -> str:
    case = f"（{service.case}）" if service.case else ""
    return f"{service.on}　{service.form.label}{case}：{service.what}"
