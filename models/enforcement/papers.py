"""The internal papers of a case of non-litigation enforcement: our decision to supervise, and the record of its whole course."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.document_types import DocumentType
from models.general_papers import GeneralForm
from models.plain_papers import form
from models.report_parts import SIGNERS, course, evidence, report, source, taken
from models.said.court_supervision import ReviewReported

if TYPE_CHECKING:
    from models.cases.enforcement import EnforcementFile


def supervision_decision(case: EnforcementFile) -> GeneralForm:
    """监督立案决定: on whose application or of our own motion, and upon which suspicions."""
    supervision = case.supervision
    assert supervision.opened_on is not None
    requested = supervision.requested
    taken_up = tuple(
        f"{key}：{handling.reason or '依职权核查'}（{handling.on}，{handling.by}）"
        for key, handling in case.suspicions.handled.items()
        if handling.taken_up
    )
    return form(
        case,
        DocumentType.SUPERVISION_DECISION,
        supervision.opened_on,
        rows=(
            ("启动方式", f"{requested.applicant or '当事人'}申请监督" if requested else "依职权"),
            ("处罚机关", case.penalties.agency),
            ("处罚决定书", case.penalties.number),
            ("受理法院", case.course.court),
            ("事由", supervision.reason),
        ),
        sections=(("采纳的嫌疑", "", taken_up),),
        signers=SIGNERS,
    )


def review_report(case: EnforcementFile, told: ReviewReported | None, on: date) -> GeneralForm:
    """审查终结报告 ([行监]51, 52): facts, law, the search for similar cases, and a plain opinion; gaps until it is told."""
    suspicions = tuple(f"{each.key}：{each.what}（{each.basis}）" for each in case.suspicions.taken_up())
    parties = (case.penalties.agency, *case.opening.parties)
    return report(
        case,
        DocumentType.REVIEW_REPORT,
        on,
        (
            ("案件来源和当事人", source(case), tuple(filter(None, parties))),
            ("诉讼和执行过程", "", taken(case)),
            ("审查认定的事实和证据", told.facts if told else "", (*course(case), *evidence(case))),
            *((("采纳的嫌疑", "", suspicions),) if suspicions else ()),
            (
                "类案检索情况（指导性案例、典型案例和关联案件）",
                told.similar_cases if told else "",
                (),
            ),
            ("处理意见和法律依据", told.opinion if told else "", ()),
        ),
    )


def tracking_record(case: EnforcementFile) -> GeneralForm:
    """非诉执行跟踪情况表: the items, the applications with their copies and rulings, and what was done about each suspicion."""
    assert case.closing is not None
    items = tuple(
        f"{each.id}：{each.what}；{each.state.label}{f'（{each.owner}组织实施）' if each.owner else ''}"
        for each in case.listed_items()
    )
    courts = []
    for application in case.course.applications:
        courts.append(f"{application}：抄送{case.copy_state(application)}")
        if application.accepted_on:
            courts.append(f"{application.id}：{application.accepted_on}受理")
        for ruling in sorted(application.rulings, key=lambda each: (each.on.latest, each.on.earliest)):
            results = "、".join(f"{item}{state.label}" for item, state in ruling.results.items())
            courts.append(f"{application.id}：{ruling.on}裁定{ruling.number}：{results}")
        for holder in application.holders:
            courts.append(
                f"{application.id}：{holder.since}起由{holder.name}组织实施{'、'.join(holder.items)}"
            )
    handled = tuple(
        f"{key}：{'采纳' if each.taken_up else '排除'}，{each.reason or '依职权核查'}（{each.on}，{each.by}）"
        for key, each in case.suspicions.handled.items()
    )
    return form(
        case,
        DocumentType.TRACKING_RECORD,
        case.closing.on,
        rows=(
            ("处罚机关", case.penalties.agency),
            ("处罚决定书", case.penalties.number),
            ("受理法院", case.course.court),
            ("结果", case.closing.outcome.label),
        ),
        sections=(
            ("处罚分项", "", items),
            ("申请、裁定和执行", "", tuple(courts)),
            ("嫌疑及其处理", "", handled),
        ),
    )
