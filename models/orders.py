"""The papers that a case calls for, each under a natural key, with the content they are made from.

What is wanted is read off the case; what has been made is in its journal; so an order is neither lost nor made twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import sha256

from models.casefile import CaseFile, OwnPaper
from models.dates import EventDate, day_end
from models.document_types import DocumentType
from models.documents import (
    PAPERS,
    AmendmentNotice,
    Change,
    ClosingReview,
    ObjectionReview,
    Paper,
    ReviewedItem,
    ReviewedLetter,
    UrgingLetter,
    WithdrawalNotice,
    missing,
)
from models.ledgers import Counted
from models.letters import Amendment, Letter, Objection, Reply
from models.paper_parts import (
    Advice,
    Contact,
    CoveredCase,
    LetterReference,
    chinese_date,
)
from models.paper_parts import Period as WrittenPeriod
from models.plain_papers import general_letter, minutes
from models.reply_terms import from_receipt, rectification_period, reply_period, written
from models.report_parts import as_told
from models.said.bases import DecisionBase, FactBase
from models.terms import Relation
from models.wire import Wire
from models.wording import SOON


class PaperOrder(Wire):
    """One paper to be made, numbered and archived. `document` is what the number is given to."""

    order: str
    case: str
    county: str
    document: str
    name: str
    official_no: str = ""
    issuer: str
    year: int
    paper: Paper


@dataclass(frozen=True, slots=True)
class WantedPaper:
    """A paper that a case calls for: the natural key of its order, and how the order is built (only when it is sent off)."""

    order: str
    build: Callable[[], PaperOrder]


def wanted(case: CaseFile) -> list[WantedPaper]:
    """The papers not yet made, in the order they fell due; what a backlog calls for was made before, and elsewhere."""
    elsewhere = {paper.order for paper in called_for(case.before)} if case.before else ()
    return [
        paper for paper in called_for(case) if paper.order not in case.papers and paper.order not in elsewhere
    ]


def called_for(case: CaseFile) -> list[WantedPaper]:
    """Every paper so far, made or not: letters, minutes, and what else the kind of case calls for."""
    own = [_as_corrected(case, paper) for paper in (*_minutes(case), *case.own_papers())]
    return [
        *_letters_wanted(case),
        *(WantedPaper(paper.order, partial(_own_order, case, paper)) for paper in own),
    ]


def _letters_wanted(case: CaseFile) -> Iterator[WantedPaper]:
    for letter in case.letters:
        if letter.issued_on is None or letter.issued_span is not None:
            continue
        for step, day, build in _calls(case, letter, letter.issued_on):
            yield WantedPaper(f"{letter.id}/{step}", partial(_order, case, letter, step, day, build))


def _as_corrected(case: CaseFile, paper: OwnPaper) -> OwnPaper:
    """The paper under a key and a name of its own once the fact it renders was corrected: the former one stays."""
    times = case.corrections(fact=paper.fact, kind=paper.fact_kind) if paper.fact or paper.fact_kind else 0
    if not times:
        return paper
    return replace(paper, order=f"{paper.order}/corrected-{times}", name=f"{paper.name}（更正{times}）")


def _calls(
    case: CaseFile, letter: Letter, issued_on: date
) -> Iterator[tuple[str, date, Callable[[], Paper]]]:
    """What a letter has called for so far: the step, its day, and how its paper is built (only when it is wanted)."""
    yield "issued", issued_on, partial(letter_paper, case, letter)
    for amendment in letter.amendments:
        yield f"amended-{amendment.decision}", amendment.on, partial(_amendment, case, letter, amendment)
    for objection in letter.objections:
        if objection.upheld is False and objection.reviewed_on:
            review = partial(_objection_review, case, letter, objection)
            yield f"objection-{objection.fact}", objection.reviewed_on, review
    for number, urging in enumerate(letter.urgings, 1):
        if urging.is_written:
            yield f"urged-{number}", urging.on, partial(_urging, case, letter, urging.on)
    if letter.withdrawn and letter.withdrawn_on:
        yield "withdrawn", letter.withdrawn_on, partial(_withdrawal, case, letter)


def closing_review(case: CaseFile) -> ClosingReview:
    """结案审查表, from the whole course of the case."""
    closing = case.closing
    assert closing is not None
    reviewed = []
    for letter in case.letters:
        counted = case.deadlines.counted.get(letter.reply_key)
        first = letter.replies[0] if letter.replies else None
        late = counted.days_late if counted else None
        reviewed.append(
            ReviewedLetter(
                name=letter.type.label,
                number=letter.official_no or letter.internal_no or letter.id,
                recipient=letter.recipient.name,
                served_on=letter.served_on,
                due_on=EventDate.on(counted.due_on) if counted and counted.due_on else None,
                replied_on=first.sent_on if first else None,
                timeliness=_timeliness(late, first is not None),
                assessment=letter.last_substance.label if letter.last_substance else "",
            )
        )
    course = [
        as_told(case, case.taken[entry.message.id].what)
        for entry in case.entries
        if isinstance(entry.message, FactBase | DecisionBase) and entry.message.id in case.taken
    ]
    paper = ClosingReview(
        case_number=case.opening.case,
        internal_number=case.opening.case,
        issuer=case.opening.procuratorate.name,
        dated=closing.on,
        case_name=case.opening.title,
        matter=case.opening.matter.label,
        county=case.opening.county_name or case.opening.county,
        department="第四检察部",
        handler=case.handler.name,
        opened_on=EventDate.on(case.opening.opened_on),
        course="\n".join(line for line in course if line),
        letters=tuple(reviewed),
        items=tuple(
            ReviewedItem(
                text=each.item.what,
                state=each.state.label,
                proof="、".join(proof.name for proof in each.proofs),
            )
            for each in case.items.values()
        ),
        outcome=closing.outcome.label,
        reasons=closing.reason,
        look_back="、".join(chinese_date(day) for day in closing.look_back_on),
        keeping=closing.keeping or "",
    )
    return paper.model_copy(update={"draft": bool(missing(paper))})


def _timeliness(days_late: int | None, replied: bool) -> str:
    if days_late is None:
        return "已回复" if replied else "未回复"
    if days_late > 0:
        return f"逾期{days_late}日"
    return f"按期（提前{-days_late}日）" if days_late else "按期（届满当日）"


def _order(case: CaseFile, letter: Letter, step: str, day: date, build: Callable[[], Paper]) -> PaperOrder:
    paper = build()
    final = paper.model_copy(update={"draft": bool(missing(paper))})
    return PaperOrder(
        order=f"{letter.id}/{step}",
        case=case.opening.case,
        county=case.opening.county,
        document=letter.document if step == "issued" else f"{letter.id}-{step}",
        name=f"{letter.id}-{_paper_name(letter, step, final)}{_which(letter, step)}.pdf",
        official_no=letter.official_no if step == "issued" else "",
        issuer=case.opening.procuratorate.name,
        year=day.year,
        paper=final,
    )


def _paper_name(letter: Letter, step: str, paper: Paper) -> str:
    return letter.type.label if step == "issued" and letter.type.is_general else paper.NAME


def _own_order(case: CaseFile, own: OwnPaper) -> PaperOrder:
    paper = own.build()
    return PaperOrder(
        order=own.order,
        case=case.opening.case,
        county=case.opening.county,
        document=own.order.replace("/", "-"),
        name=f"{own.name}.pdf",
        issuer=case.opening.procuratorate.name,
        year=own.on.year,
        paper=paper.model_copy(update={"draft": bool(missing(paper))}),
    )


def _minutes(case: CaseFile) -> Iterator[OwnPaper]:
    """会议纪要, of each meeting whose conclusions or minutes are known."""
    for meeting in case.meetings.held():
        held = meeting.held
        if held is not None and (held.minutes or held.conclusions):
            which = meeting.id if meeting.is_called else _short(meeting.id)
            name = f"{which}-{meeting.form.label}纪要"
            build = partial(minutes, case, meeting)
            yield OwnPaper(f"{meeting.id}/minutes", held.on.latest, name, build, fact=held.id)


def _which(letter: Letter, step: str) -> str:
    """Which of several such papers of a letter it is, as its file name bears it; nothing for the first.

    Decisions stand for good and are numbered; an objection may be struck out, and is told by its id.
    """
    kind, _, which = step.partition("-")
    if kind == "objection":
        return f"-{_short(which)}"
    if kind == "urged":
        place = [number for number, each in enumerate(letter.urgings, 1) if each.is_written].index(int(which))
    elif kind == "amended":
        place = [each.decision for each in letter.amendments].index(which)
    else:
        place = 0
    return f"-{place + 1}" if place else ""


def _short(id: str) -> str:
    """A fact's id in the name of a file: whoever gave it may have written anything."""
    return sha256(id.encode()).hexdigest()[:8]


def _heading(case: CaseFile, letter: Letter) -> dict[str, object]:
    text = letter.text
    return {
        "case_number": case.opening.case,
        "internal_number": f"{case.opening.case}-{letter.id}",
        "issuer": case.opening.procuratorate.name,
        "recipient": letter.recipient.name,
        "contact": Contact(person=text.contact_person or case.handler.name, phone=text.contact_phone),
    }


def _reference(letter: Letter) -> LetterReference:
    return LetterReference(
        name=letter.type.printed,
        internal_number=letter.internal_no or letter.id,
        official_number=letter.official_no or None,
        issued_on=letter.issued_span or (EventDate.on(letter.issued_on) if letter.issued_on else None),
        served_on=letter.served_on,
    )


def letter_paper(case: CaseFile, letter: Letter) -> Paper:
    """The letter itself, as it was issued, or as its draft now reads."""
    # As it was issued: an amendment or a change of body since must not change a paper that is made late, or again.
    text = letter.issued_text or letter.text
    if letter.type.is_general:
        return general_letter(case, letter, text)
    content: dict[str, object] = {
        **_heading(case, letter),
        "recipient": (letter.issued_to or letter.recipient).name,
        "contact": Contact(person=text.contact_person or case.handler.name, phone=text.contact_phone),
        "type": letter.type.value,
        "dated": letter.issued_on,
        "official_number": letter.official_no or None,
        "subject": text.subject or case.opening.title,
        "source": text.source or case.opening.clue.source.label,
        "facts": text.facts,
        "reply": reply_period(case, letter),
        "attachments": letter.attachments,
        "copies_to": letter.copies_to,
    }
    advice = tuple(Advice(text=each) for each in text.advice)
    if letter.type is DocumentType.NOTIFICATION_LETTER:
        duty = "\n".join(part for part in (text.illegality, "、".join(text.legal_basis)) if part)
        return PAPERS.validate_python(content | {"duty": duty, "requests": advice})
    content |= {
        "evidence": text.evidence,
        "harm": text.harm,
        "illegality": text.illegality,
        "legal_basis": text.legal_basis,
        "advice": advice,
        "rectification": rectification_period(case, letter),
    }
    if letter.type is DocumentType.CLASS_SUGGESTION:
        content["covered_cases"] = _covered(case, letter)
    if letter.objection_within:
        length = written(letter.objection_within)
        content["objection"] = WrittenPeriod(length=length, counted_from=from_receipt(letter.type))
    return PAPERS.validate_python(content)


def _covered(case: CaseFile, letter: Letter) -> tuple[CoveredCase, ...]:
    """The cases that a 类案检察建议 draws on, as they were linked when it went out."""
    return tuple(
        CoveredCase(number=tie.case, name=tie.relation.label)
        for tie in case.links.standing(Relation.COVERS)
        if letter.issued_on is None or tie.on.latest <= letter.issued_on
    )


def _withdrawal(case: CaseFile, letter: Letter) -> WithdrawalNotice:
    return WithdrawalNotice.model_validate(
        {
            **_heading(case, letter),
            "dated": letter.withdrawn_on,
            "letter": _reference(letter),
            "reason": letter.withdrawn,
        }
    )


def _urging(case: CaseFile, letter: Letter, day: date) -> UrgingLetter:
    counted = case.deadlines.counted.get(letter.reply_key)
    last = counted.last_day if counted else None
    reply = next((each for each in reversed(letter.replies) if each.sent_on.latest <= day), None)
    open_items = tuple(
        each.item.what
        for each in case.putting_right.open_items
        if not each.item.letter or letter.is_meant_by(each.item.letter)
    )
    return UrgingLetter.model_validate(
        {
            **_heading(case, letter),
            "dated": day,
            "subject": f"落实{letter.type.printed}",
            "letter": _reference(letter),
            "reason": _why_urged(counted, reply, day),
            "due_on": EventDate.on(last) if last else None,
            "replied_on": (EventDate.on(reply.received_on) if reply.received_on else reply.sent_on)
            if reply
            else None,
            "findings": reply.summary if reply else "",
            "outstanding": open_items or letter.text.advice,
            "reply": WrittenPeriod(length=SOON, counted_from="收到本函之日起"),
        }
    )


def _why_urged(counted: Counted | None, reply: Reply | None, day: date) -> str | None:
    """What the letter may say truly on its day: not yet due, due with mail on its way, overdue, or what the reply was worth."""
    if reply is not None:
        return reply.substance.value if reply.substance and reply.substance.opens_ladder else None
    if counted is None or counted.last_day is None or counted.due_at is None:
        return None
    if day <= counted.last_day:
        return "not_yet_due"
    in_grace = counted.overdue_at is not None and day_end(day) <= counted.overdue_at
    return "in_grace" if in_grace else "no_reply"


def _objection_review(case: CaseFile, letter: Letter, objection: Objection) -> ObjectionReview:
    return ObjectionReview.model_validate(
        {
            **_heading(case, letter),
            "dated": objection.reviewed_on,
            "letter": _reference(letter),
            "objected_on": objection.on,
            "grounds": objection.grounds,
            "findings": objection.reason,
            "conclusion": "rejected",
            "approved_by": "本院检察长" if objection.reviewed_by else "",
        }
    )


def _amendment(case: CaseFile, letter: Letter, amendment: Amendment) -> AmendmentNotice:
    counted = case.deadlines.counted.get(letter.reply_key)
    last = counted.last_day if counted else None
    return AmendmentNotice.model_validate(
        {
            **_heading(case, letter),
            "dated": amendment.on,
            "letter": _reference(letter),
            "reason": amendment.reason,
            "changes": _changes(amendment),
            "due_on": EventDate.on(last) if last else None,
            "reply": reply_period(case, letter).model_copy(
                update={"counted_from": f"收到上述{letter.type.printed}之日起"}
            ),
        }
    )


def _changes(amendment: Amendment) -> tuple[Change, ...]:
    """Each part of the letter that now reads otherwise."""
    was, becomes = amendment.was, amendment.becomes
    return tuple(
        Change(was=_plain(before) or "（无）", becomes=_plain(after) or "（删去）")
        for name in type(was).model_fields
        if (before := getattr(was, name)) != (after := getattr(becomes, name))
    )


def _plain(part: str | tuple[str, ...]) -> str:
    return part if isinstance(part, str) else "\n".join(part)
