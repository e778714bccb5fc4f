"""Forms that are printed from the case and filled in by hand: 发文审批单, 送达回证, 笔录, 清单; and reports to be written up.

What the case knows stands in them; what is seen, said or signed on the spot is left blank, or shown as still to be written. They
bear no number of their own. The signed one comes back as the paper of the fact that it proves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from models.casefile import CaseFile
from models.document_types import DocumentType
from models.documents import Paper
from models.general_papers import NOTES, FormRow, FormSection, GeneralForm
from models.letters import Letter
from models.paper_parts import chinese_date
from models.record_reports import certificate, inquiry_report, preliminary_report, review_report
from models.terms import CaseKind, ServiceMode

Build = Callable[[CaseFile, Letter | None, date], Paper]

_TO_NUMBER = "待编"
_TO_SIGN = "　年　　月　　日"
_FROM_TO = "　　　年　　月　　日　　时　　分至　　时　　分"
_EACH_PAGE = "笔录有多页的，逐页签名；改动之处由签名人签名或者捺印确认。"


@dataclass(frozen=True, slots=True)
class RecordForm:
    """One form: what it is, how it is built, whether it is about one letter, and in which kinds of case (all, unless said)."""

    document: DocumentType
    build: Build
    of_letter: bool = False
    of_document: bool = False
    """About one document, whichever of its letters is named."""
    kinds: tuple[CaseKind, ...] = tuple(CaseKind)


def issue_sheet(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """发文审批单: who drafted, checked, countersigned and signed a document, and in how many copies ([公文]9, 22, 25)."""
    assert letter is not None
    together = case.letters.of_document(letter.document)
    recipients = [each.recipient.name for each in together]
    signed = {each.organ: each for each in letter.countersignatures}
    countersigned = [
        f"{organ}：{signed[organ].signer}（{chinese_date(signed[organ].on)}）{signed[organ].opinion}"
        if organ in signed
        else f"{organ}：{_TO_SIGN}"
        for organ in letter.must_countersign
    ]
    copies = f"，抄送{len(letter.copies_to)}份" if letter.copies_to else ""
    return _form(
        case,
        DocumentType.ISSUE_SHEET,
        on,
        subject=letter.type.printed,
        rows=(
            ("文书名称", letter.type.printed),
            ("标题", letter.text.subject or case.opening.title),
            ("文号", letter.official_no or _TO_NUMBER),
            ("缓急", "紧急" if letter.urgent else "平件"),
            ("主送", "、".join(recipients)),
            ("抄送", "、".join(letter.copies_to) or "无"),
            ("附件", "\n".join(letter.attachments) or "无"),
            ("联合制发单位", "、".join(letter.joint_issuers) or "无"),
            ("拟稿", "、".join(dict.fromkeys(letter.drafted_by))),
            ("核稿", ""),
            ("会签", "\n".join(countersigned) or "无"),
            ("审批", letter.approved_by),
            ("签发", f"{letter.approved_by}　{chinese_date(letter.issued_on)}" if letter.issued_on else ""),
            ("份数", f"主送{len(recipients)}份{copies}，存档　　份"),
        ),
        notes=(
            "起草人以外的人审批；公文经本机关负责人签发，签署意见、姓名和完整日期。",
            "联合发文由所有联署机关的负责人会签（《党政机关公文处理工作条例》第二十二条）；修改、退回的，重新会签。",
        ),
    )


def service_receipt(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """送达回证 of a letter ([民诉]87-92, [公规]76): by whom it was received, for whom, when and where, or that it was refused."""
    assert letter is not None
    service = letter.service if letter.service and not letter.service.presumed else None
    return _form(
        case,
        DocumentType.SERVICE_RECEIPT,
        on,
        subject=letter.type.printed,
        rows=(
            ("案由", case.opening.title),
            ("文书名称", letter.type.printed),
            ("文号", letter.official_no or _TO_NUMBER),
            ("附件", "、".join(letter.attachments) or "无"),
            ("受送达人", letter.recipient.name),
            ("送达地点", ""),
            ("送达方式", service.mode.label if service else _ways()),
            ("收到日期", chinese_date(service.on) if service else ""),
            ("签收人（签名或者盖章）", ""),
            ("代收人及代收理由", ""),
            ("送达人（二人）", ""),
            ("拒收的事由和日期", chinese_date(letter.refused_on) if letter.refused_on else ""),
            ("见证人", ""),
        ),
        notes=(
            "受送达人在送达回证上的签收日期为送达日期（《民事诉讼法》第八十七条）。",
            "单位由其负责人或者负责收件的人签收；代收的，注明与受送达人的关系（第八十八条）。",
            "拒收的，邀请有关代表到场，记明拒收事由和日期，由送达人、见证人签名，文书留在其住所；"
            "也可以拍照、录像记录送达过程（第八十九条、《人民检察院公益诉讼办案规则》第七十六条）。",
            "邮寄的，以回执上注明的收件日期为送达日期（第九十一条）。",
        ),
    )


def announcement_record(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """宣告送达笔录: a suggestion is read out before the head of the unit, with its consent ([建议]18, [公规]76)."""
    assert letter is not None
    return _form(
        case,
        DocumentType.ANNOUNCEMENT_RECORD,
        on,
        subject=letter.type.printed,
        rows=(
            ("案由", case.opening.title),
            ("所宣告的文书", letter.type.printed),
            ("文号", letter.official_no or _TO_NUMBER),
            ("受送达单位", letter.recipient.name),
            ("是否商得其同意", ""),
            ("时间", ""),
            ("地点", ""),
            ("宣告的检察官", ""),
            ("记录人", ""),
            ("受送达单位负责人", ""),
            ("受邀到场的第三方人员", ""),
        ),
        sections=(
            ("宣读、示证和说理的情况", "宣读文书全文。\n示证、说理："),
            ("受送达单位负责人的意见", "答："),
        ),
        notes=(
            "宣告送达应当商被建议单位同意；由检察官向其负责人当面宣读，示证、说理，听取意见；"
            "可以邀请人大代表、政协委员、特约检察员、人民监督员等参加（《人民检察院检察建议工作规定》第十八条）。",
            "宣告后仍由受送达单位在送达回证上签收。" + _EACH_PAGE,
        ),
        signers=("宣告的检察官", "受送达单位负责人", "第三方人员", "记录人"),
    )


def evidence_list(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """调取证据清单 of a 调取证据通知书: what is to be handed over, and what was ([公规]38)."""
    assert letter is not None
    asked = tuple((f"第{number}项", each) for number, each in enumerate(letter.text.advice, 1))
    return _form(
        case,
        DocumentType.EVIDENCE_LIST,
        on,
        subject=letter.type.printed,
        rows=(
            ("通知书文号", letter.official_no or _TO_NUMBER),
            ("持有证据的单位、个人", letter.recipient.name),
            *(asked or (("第1项", ""), ("第2项", ""), ("第3项", ""))),
            ("原件、复制件及份数", ""),
            ("出处及存放地点", ""),
            ("调取时间", ""),
        ),
        notes=(
            "书证调取原件；确有困难的可以调取复制件，注明调取人、提供人、时间、出处和“本复制件与原件核对一致”，"
            "签名、盖章，页数较多的加盖骑缝章；由两名以上检察人员共同进行"
            f"（{_law(case, '第三十六条、第三十八条', '第五十九条、第六十五条')}）。",
            "一式二份，一份附卷，一份交持有证据的单位、个人。",
        ),
        signers=("提供人", "调取人", "调取人"),
    )


def questioning_record(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """询问笔录: one person alone is asked, by two of ours ([公规]36, 37)."""
    return _form(
        case,
        DocumentType.QUESTIONING_RECORD,
        on,
        rows=(
            ("案由", case.opening.title),
            ("询问时间", _FROM_TO),
            ("询问地点", ""),
            ("询问人（二人）", ""),
            ("记录人", ""),
            ("被询问人姓名、性别、出生日期、身份证件号码", ""),
            ("住址、工作单位、职务、联系方式", ""),
            ("与本案的关系", ""),
        ),
        sections=(
            (
                "告知",
                f"我们是{case.opening.procuratorate.name}的检察人员（出示工作证），现依法就“{case.opening.title}”一案"
                "向你询问有关情况，请如实回答。你认为我们与本案有利害关系或者有其他关系，可能影响公正办案的，有权申请"
                "我们回避。是否听清，是否申请回避？\n答：",
            ),
            ("询问内容", "问：\n答：\n问：\n答：\n问：\n答："),
            ("核对", "以上笔录我看过（已向我宣读），和我说的相符。"),
        ),
        notes=(
            "询问个别进行，询问前出示工作证，由两名以上检察人员共同进行；被询问人确认无误后签名或者盖章，"
            f"拒绝的，在笔录上注明（{_law(case, '第三十六条、第三十七条', '第六十五条')}）。",
            _EACH_PAGE,
        ),
        signers=("被询问人", "询问人", "询问人", "记录人"),
    )


def survey_record(case: CaseFile, letter: Letter | None, on: date) -> GeneralForm:
    """勘验笔录: things or a place are surveyed under a procurator, two of ours being there ([公规]42)."""
    return _form(
        case,
        DocumentType.SURVEY_RECORD,
        on,
        rows=(
            ("案由", case.opening.title),
            ("勘验时间", _FROM_TO),
            ("勘验地点", case.opening.place),
            ("天气、光线", ""),
            ("主持勘验的检察官", ""),
            ("参加勘验的人员", ""),
            ("见证人、当事人", ""),
            ("有专门知识的人", ""),
            ("记录人", ""),
        ),
        sections=(
            ("勘验对象和目的", "待勘验的事项：" + "；".join(each.item.what for each in case.items.values())),
            ("勘验经过和结果", "四至、面积、坐标：\n现状："),
            ("取样、照片、录像和绘图", "照片　　张，录像　　段，绘图　　张，样品　　份。"),
        ),
        notes=(
            "在检察官主持下由两名以上检察人员进行，可以邀请见证人参加，必要时指派、聘请有专门知识的人；"
            f"笔录由参加勘验的人员、见证人签名或者盖章（{_law(case, '第四十二条', '第六十三条、第六十五条')}）。",
            _EACH_PAGE,
        ),
        signers=("主持勘验的检察官", "参加勘验的检察人员", "参加勘验的人员", "见证人", "记录人"),
    )


def _law(case: CaseFile, public_interest: str, supervision: str) -> str:
    """The articles on inquiries that bind this kind of case; where its own rules name no form, those of public interest guide."""
    match case.opening.kind:
        case CaseKind.PUBLIC_INTEREST:
            return f"《人民检察院公益诉讼办案规则》{public_interest}"
        case CaseKind.ENFORCEMENT:
            return f"《人民检察院行政诉讼监督规则》{supervision}"
        case _:
            return (
                f"《人民检察院检察建议工作规定》第十四条，参照《人民检察院公益诉讼办案规则》{public_interest}"
            )


def _ways() -> str:
    return "　".join(f"□{mode.label}" for mode in ServiceMode)


def _form(
    case: CaseFile,
    document: DocumentType,
    on: date,
    *,
    subject: str = "",
    rows: Iterable[tuple[str, str]],
    sections: Iterable[tuple[str, str]] = (),
    notes: tuple[str, ...] = (),
    signers: tuple[str, ...] = (),
) -> GeneralForm:
    """A form whose empty lines stay, to be written on by hand; the articles' notes stand at its end."""
    return GeneralForm(
        case_number=case.opening.case,
        internal_number=case.opening.case,
        issuer=case.opening.procuratorate.name,
        dated=on,
        series=document.value,
        name=document.label,
        subject=subject or case.opening.title,
        rows=tuple(FormRow(label=label, text=text) for label, text in rows),
        sections=(
            *(FormSection(heading=heading, text=text) for heading, text in sections),
            *((FormSection(heading=NOTES, items=notes),) if notes else ()),
        ),
        signers=signers,
    )


RECORD_FORMS: Mapping[str, RecordForm] = {
    form.document.label: form
    for form in (
        RecordForm(DocumentType.ISSUE_SHEET, issue_sheet, of_letter=True, of_document=True),
        RecordForm(DocumentType.SERVICE_RECEIPT, service_receipt, of_letter=True),
        RecordForm(DocumentType.ANNOUNCEMENT_RECORD, announcement_record, of_letter=True),
        RecordForm(DocumentType.EVIDENCE_LIST, evidence_list, of_letter=True),
        RecordForm(DocumentType.QUESTIONING_RECORD, questioning_record),
        RecordForm(DocumentType.SURVEY_RECORD, survey_record),
        RecordForm(
            DocumentType.INQUIRY_REPORT, inquiry_report, kinds=(CaseKind.URGING, CaseKind.COORDINATION)
        ),
        RecordForm(DocumentType.PRELIMINARY_REPORT, preliminary_report, kinds=(CaseKind.PUBLIC_INTEREST,)),
        RecordForm(DocumentType.REVIEW_REPORT, review_report, kinds=(CaseKind.ENFORCEMENT,)),
        RecordForm(DocumentType.APPOINTMENT_CERTIFICATE, certificate, kinds=(CaseKind.ASSISTANT,)),
    )
}
"""By the Chinese name under which staff ask for one."""


def record_form(name: str, kind: CaseKind) -> RecordForm | None:
    """The form of that name in a case of that kind; None when there is none."""
    form = RECORD_FORMS.get(name)
    return form if form is not None and kind in form.kinds else None
