"""The papers of a joint campaign: its plan, anew with each change, and its closing report."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.document_types import DocumentType
from models.general_papers import GeneralForm
from models.plain_papers import form
from models.said.campaigns import AgreeCampaign, CampaignReported
from models.tallies import numbers

if TYPE_CHECKING:
    from models.cases.campaigns import CampaignFile


def plan_paper(case: CampaignFile, decision: AgreeCampaign, on: date) -> GeneralForm:
    """专项行动方案, as it was agreed on that day."""
    begins_on, ends_on = case.period_of(decision)
    tasks = tuple(
        f"{each.item.what}（{each.item.owner or '未定责任人'}，{each.item.due_on or '未定日期'}）"
        for each in case.items.values()
    )
    return form(
        case,
        DocumentType.CAMPAIGN_PLAN,
        on,
        rows=(
            ("领域", case.terms.field),
            ("组织单位", "、".join(case.terms.organisers)),
            ("起止", f"{begins_on or ''}至{ends_on or ''}" if begins_on or ends_on else ""),
            ("变更理由", decision.reason),
        ),
        sections=(("目标", "", case.terms.aims), ("方案", decision.plan, ()), ("任务", "", tasks)),
    )


def report_paper(case: CampaignFile, report: CampaignReported) -> GeneralForm:
    """专项行动总结报告, with how far the attached cases had come when it was written."""
    counted = case.progress.of(report.id)
    progress = (f"截至{counted[0]}：", numbers(counted[1])) if counted else ("", ())
    results = tuple(f"{each.on} {each.unit}：{each.summary}" for each in case.results)
    return form(
        case,
        DocumentType.CAMPAIGN_REPORT,
        report.on.latest,
        rows=(("领域", case.terms.field), ("组织单位", "、".join(case.terms.organisers))),
        sections=(
            ("案件进度", *progress),
            ("阶段成果", "", results),
            ("成效", report.results, ()),
            ("意见建议", "", report.recommendations),
        ),
    )
