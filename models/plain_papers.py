"""The plain papers of a case: general letters, minutes, and forms of labelled lines, built from what the case knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from models.casefile import CaseFile
from models.document_types import DocumentType
from models.general_papers import FormRow, FormSection, GeneralForm, GeneralLetter
from models.letters import Letter
from models.meetings import Meeting
from models.paper_parts import Advice, Contact, with_chinese_dates
from models.paper_parts import Period as WrittenPeriod
from models.reply_terms import from_receipt, written
from models.required_fields import says_itself
from models.wire import LetterText

# What a letter says for which nothing was written, by its kind: a decision or an indictment cannot say so little.
_STANDING = (
    ("函", "就“{title}”一案有关事项函告{you}"),
    ("报告", "将“{title}”一案有关情况予以报告"),
    ("通报", "将“{title}”一案有关情况予以通报"),
    ("通知", "就“{title}”一案有关事项予以通知"),
    ("通知书", "就“{title}”一案有关事项予以通知"),
)
# The letters in the plain form whose answer the law itself sets a day for.
_BY_LAW = {
    DocumentType.EXPLANATION_NOTICE: WrittenPeriod(
        length="15日",
        counted_from="收到本通知书之日起",
        basis="《人民检察院行政诉讼监督规则》第一百一十二条",
    ),
    DocumentType.FLOW_NOTICE: WrittenPeriod(
        length="10日",
        counted_from="收到本通知书之日起",
        basis="《人民检察院行政诉讼监督规则》第一百一十八条",
    ),
}


def general_letter(case: CaseFile, letter: Letter, text: LetterText) -> GeneralLetter:
    """A 函, notice, decision or report as it was issued, or as its draft now reads."""
    within = letter.reply_within
    body = "\n".join(part for part in (text.source, text.facts, text.harm, text.illegality) if part)
    return GeneralLetter(
        case_number=case.opening.case,
        internal_number=f"{case.opening.case}-{letter.id}",
        issuer=case.opening.procuratorate.name,
        dated=letter.issued_on,
        recipient=(letter.issued_to or letter.recipient).name,
        official_number=letter.official_no or None,
        contact=Contact(person=text.contact_person or case.handler.name, phone=text.contact_phone)
        if text.contact_phone
        else None,
        series=letter.type.value,
        name=letter.type.label,
        subject=text.subject or case.opening.title,
        body=body or _standing_words(case, letter, text),
        points=tuple(Advice(text=each) for each in text.advice),
        basis=text.legal_basis,
        evidence=text.evidence,
        reply=WrittenPeriod(length=written(within), counted_from=from_receipt(letter.type))
        if within
        else _BY_LAW.get(letter.type),
        reply_by=letter.reply_by,
        copies_to=letter.copies_to,
        attachments=letter.attachments,
        joint_issuers=letter.joint_issuers,
        signed_off_by=_signed_off_by(letter),
    )


def _signed_off_by(letter: Letter) -> tuple[str, ...]:
    """签发人: who let it go out here, then who signed it for each joint issuer, in their order."""
    signed = {each.organ: each.signer for each in letter.countersignatures}
    return tuple(
        filter(None, (letter.approved_by, *(signed.get(organ, "") for organ in letter.joint_issuers)))
    )


def _standing_words(case: CaseFile, letter: Letter, text: LetterText) -> str:
    """What a letter says for which nothing was written, where it may say so little."""
    if text.advice or says_itself(letter.type.value):
        return ""
    told = next((words for kind, words in _STANDING if letter.type.label.endswith(kind)), "")
    you = "贵院" if letter.recipient.name.endswith(("法院", "检察院")) else "贵单位"
    return f"现{told.format(title=case.opening.title, you=you)}。" if told else ""


def minutes(case: CaseFile, meeting: Meeting) -> GeneralForm:
    """会议纪要 of a meeting that was held."""
    held = meeting.held
    assert held is not None
    agreed = {True: "达成一致", False: "未达成一致", None: ""}[held.agreed]
    return form(
        case,
        DocumentType.MINUTES,
        held.on.latest,
        subject=meeting.topic,
        rows=(
            ("会议形式", meeting.form.label),
            ("时间", str(held.on)),
            ("地点", meeting.place),
            ("到会", "、".join(held.attended)),
            ("缺席", "、".join(held.absent)),
            ("结果", agreed),
        ),
        sections=(("会议情况", held.minutes, ()), ("议定事项", "", held.conclusions)),
    )


def form(
    case: CaseFile,
    document: DocumentType,
    dated: date,
    *,
    subject: str = "",
    rows: Iterable[tuple[str, str]] = (),
    sections: Iterable[tuple[str, str, tuple[str, ...]]] = (),
    signers: tuple[str, ...] = (),
) -> GeneralForm:
    """An internal paper of labelled lines and sections; what is empty is left out."""
    return GeneralForm(
        case_number=case.opening.case,
        internal_number=case.opening.case,
        issuer=case.opening.procuratorate.name,
        dated=dated,
        series=document.value,
        name=document.label,
        subject=subject or case.opening.title,
        rows=tuple(FormRow(label=label, text=with_chinese_dates(text)) for label, text in rows if text),
        sections=tuple(
            FormSection(
                heading=heading,
                text=with_chinese_dates(text),
                items=tuple(with_chinese_dates(each) for each in items),
            )
            for heading, text, items in sections
            if text or items
        ),
        signers=signers,
    )


def told_apart(name: str, id: str) -> str:
    """The file name of one of several papers of a name, by the message that called for it.

    Not by its place: a fact that is struck out must not give the others new names, and may bear any id.
    """
    return f"{name}-{sha256(id.encode()).hexdigest()[:8]}"
