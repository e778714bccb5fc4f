"""The internal papers of a public-interest case ([公规]29, 30, 73, 77, 79), made from what the case knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from models.casefile import OwnPaper
from models.dates import EventDate
from models.document_types import DocumentType
from models.general_papers import GeneralForm
from models.plain_papers import form, told_apart
from models.public_interest.suits import Suit
from models.report_parts import SIGNERS, course, report, source
from models.said.public_interest import DeclineCase, FileCase, PreliminaryReported, SiteChecked

if TYPE_CHECKING:
    from models.cases.public_interest import PublicInterestFile


def own_papers(case: PublicInterestFile) -> Iterator[OwnPaper]:
    """立案审批表, 调查终结报告, a 跟进调查记录 for each follow-up, a 审查起诉报告 for each decision to sue."""
    filing = case.filing
    for number, (approval, on) in enumerate(filing.approvals, 1):
        # The first needs nothing of the facts, and stays the first; whether another may be filed upon does hang on a fact.
        name = told_apart("立案审批表", approval.id) if number > 1 else "立案审批表"
        yield OwnPaper(f"filing/{approval.id}", on.latest, name, partial(_approval, case, approval, on))
    if filing.concluded is not None:
        day = filing.concluded.on.latest
        build = partial(_inquiry, case)
        yield OwnPaper("case/inquiry", day, "调查终结报告", build, fact_kind=filing.concluded.kind)
    for told in filing.preliminary_reports:
        build = partial(preliminary_report, case, told, told.on.latest)
        name = told_apart("初步调查报告", told.id)
        yield OwnPaper(f"preliminary/{told.id}", told.on.latest, name, build, fact=told.id)
    for check in case.following_up.checks:
        name = told_apart("跟进调查记录", check.id)
        build = partial(_site_record, case, check)
        yield OwnPaper(f"site/{check.id}", check.on.latest, name, build, fact=check.id)
    for suit in case.suits.by_id.values():
        if suit.decision is not None and suit.decided_on is not None:
            id, day = suit.decision.id, suit.decided_on.latest
            name = told_apart("审查起诉报告", id)
            yield OwnPaper(f"suit/{id}", day, name, partial(_suit_review, case, suit))


def preliminary_report(case: PublicInterestFile, told: PreliminaryReported | None, on: date) -> GeneralForm:
    """初步调查报告 ([公规]27, 30): whether the clue is true, can be looked into, and is to be filed; gaps until it is told."""
    return report(
        case,
        DocumentType.PRELIMINARY_REPORT,
        on,
        (
            ("线索来源及其真实性、可查性", source(case), ()),
            ("公益受损情况", case.terms.harm, ()),
            ("负有监督管理职责的行政机关", "", tuple(case.filing.agencies)),
            ("初步查明的事实", told.facts if told else "", course(case)),
            ("是否立案的意见", told.opinion if told else "", ()),
        ),
    )


def _approval(case: PublicInterestFile, approval: FileCase | DeclineCase, on: EventDate) -> GeneralForm:
    return form(
        case,
        DocumentType.FILING_APPROVAL,
        on.latest,
        rows=(
            ("线索来源", case.opening.clue.source.label),
            ("涉案行政机关", "、".join(case.filing.agencies)),
            ("公益受损情况", case.terms.harm),
            ("审批意见", "不立案" if approval.kind == "decline_case" else "立案"),
            ("审批人", f"{approval.by.name}（{approval.by.role.label}）"),
            ("日期", str(on)),
        ),
        sections=(("线索摘要", case.opening.clue.summary, ()), ("理由", approval.reason, ())),
        signers=SIGNERS,
    )


def _inquiry(case: PublicInterestFile) -> GeneralForm:
    concluded = case.filing.concluded
    assert concluded is not None
    course = tuple(f"{each.on} {each.actor}{each.element.label} {each.what}" for each in case.findings.course)
    return form(
        case,
        DocumentType.INQUIRY_REPORT,
        concluded.on.latest,
        rows=(("涉案行政机关", "、".join(case.filing.agencies)), ("调查终结", str(concluded.on))),
        sections=(
            ("公益受损情况", case.terms.harm, ()),
            ("查明的事实", "", course),
            ("意见", concluded.note, ()),
        ),
        signers=SIGNERS,
    )


def _site_record(case: PublicInterestFile, check: SiteChecked) -> GeneralForm:
    agrees = {True: "相符", False: "不符", None: ""}[check.agrees]
    return form(
        case,
        DocumentType.SITE_RECORD,
        check.on.latest,
        rows=(
            ("核查日期", str(check.on)),
            ("核查方式", "、".join(each.label for each in check.proofs)),
            ("现场情况", check.finding.label),
            ("与回复是否相符", agrees),
            ("核查人", check.by.name),
        ),
        sections=(("查明的情况", check.what or check.note, ()),),
        # [公规]36: 两名以上检察人员共同进行.
        signers=("核查人", "核查人"),
    )


def _suit_review(case: PublicInterestFile, suit: Suit) -> GeneralForm:
    decision, letter = suit.decision, case.letters.by_id.get(suit.letter)
    assert decision is not None and suit.decided_on is not None
    check = case.following_up.last_check(letter)
    return form(
        case,
        DocumentType.SUIT_REVIEW,
        suit.decided_on.latest,
        rows=(
            ("被告", suit.defendant),
            ("管辖法院", suit.court),
            ("依据的检察建议", str(letter) if letter else decision.earlier),
            ("回复评估", letter.last_substance.label if letter and letter.last_substance else ""),
            ("跟进调查", f"{check.on} {check.finding.label}" if check else ""),
            ("决定", f"{decision.by.name}（{decision.by.role.label}）于{suit.decided_on}决定起诉"),
        ),
        sections=(("理由", decision.reason, ()), ("诉讼请求", "", suit.claims)),
        signers=SIGNERS,
    )
