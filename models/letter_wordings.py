"""What each letter says: 公文 in the letter form and 检察法律文书, from the salutation to 版记."""

from __future__ import annotations

from dataclasses import replace

from models.documents import (
    AmendmentNotice,
    ClassSuggestion,
    CourtSuggestion,
    NotificationLetter,
    ObjectionReview,
    PreSuitSuggestion,
    RetrialSuggestion,
    Suggestion,
    UrgingLetter,
    WithdrawalNotice,
)
from models.general_papers import GeneralLetter
from models.paper_parts import LetterFields, LetterReference
from models.wording import (
    Block,
    Family,
    Gap,
    Paragraph,
    Strong,
    Wording,
    Words,
    by_law,
    ending,
    listed_advice,
    need,
    numbered,
    paragraphs,
    part,
    reference,
    said,
    titled,
    within,
)

AnySuggestion = Suggestion | ClassSuggestion | PreSuitSuggestion | CourtSuggestion | RetrialSuggestion

_ILLEGALITY = {
    "suggestion": "存在的违法情形或者隐患",
    "class_suggestion": "存在的系统性问题和监管漏洞",
    "pre_suit_suggestion": "不依法履行职责的事实和理由",
    "court_suggestion": "存在的违法情形",
    "retrial_suggestion": "应当再审的情形和理由",
}
_REPLY = "将落实情况书面回复本院"
# A court examines a suggestion and answers what came of it ([执监]13; [行释]126); it does not carry it out.
_REPLIES = {
    "court_suggestion": "将审查处理情况以回复意见函的形式回复本院，并附裁定、决定等相关法律文书",
    "retrial_suggestion": "将审查结果书面回复本院",
}
_FOUND = {
    "empty": "贵单位的回复没有载明具体的落实措施和结果",
    "false_reply": "贵单位回复的内容与实际情况不符",
    "partly": "贵单位仅落实了部分事项，整改不到位",
    "not_put_right": "贵单位尚未落实整改",
    "rejected": "贵单位未采纳本院意见，所述理由不能成立",
}
_SILENT = {
    "not_yet_due": ("的期限将于", "届满，请贵单位抓紧落实。"),
    "in_grace": ("的期限于", "届满，本院尚未见到贵单位的书面回复；已经寄出的，请告知寄出日期。"),
    "no_reply": ("的期限已于", "届满，本院至今未收到贵单位的书面回复。"),
}
_CONCLUSIONS = {
    "amended": "你单位的异议部分或者全部成立。本院决定变更上述文书，变更的内容另行书面通知。",
    "withdrawn": "你单位的异议成立。本院决定撤回上述文书，并另行书面通知。",
    "rejected": "你单位的异议不成立，请按照上述文书的要求落实并回复。",
}
_CLOSINGS = (
    ("答复函", "函复"),
    ("函", "函达"),
    ("通报", "通报"),
    ("报告", "报告"),
    ("通知", "通知"),
    ("通知书", "通知"),
)


def _official(paper: LetterFields, body: list[Block]) -> Wording:
    return _wording(Family.LETTER, paper, titled(paper.heading, ""), "", body)


def _document(paper: GeneralLetter, body: list[Block]) -> Wording:
    """A 公文 in the document form: joint issuers in its head, and 签发人 of each when it goes upward."""
    written = _wording(Family.DOCUMENT, paper, titled(paper.heading, paper.name), "", body)
    return replace(written, joint=paper.joint_issuers, signed_off_by=_signed_off_by(paper))


def _signed_off_by(paper: GeneralLetter) -> Words:
    if not paper.is_upward:
        return ()
    # Of a paper that was issued before it bore them none is asked for.
    lacking = (paper.issuer, *paper.joint_issuers)[len(paper.signed_off_by) :] if paper.draft else ()
    gaps = (Gap(f"{issuer}签发人" if paper.joint_issuers else "签发人") for issuer in lacking)
    return (*paper.signed_off_by, *gaps)


def _procuratorial(paper: LetterFields, name: str, body: list[Block], subject: str = "") -> Wording:
    return _wording(Family.PROCURATORIAL, paper, (need(name, "文书名称"),), subject, body)


def _wording(family: Family, paper: LetterFields, name: Words, subject: str, body: list[Block]) -> Wording:
    salutation = Paragraph(said(need(paper.recipient, "主送单位"), "："), is_flush=True)
    number = paper.official_number or Strong("文号：待编")
    return Wording(family, need(paper.issuer, "制发单位"), name, subject, number, (salutation, *body))


def _unit(paper: LetterFields) -> str:
    """院 of a court or a procuratorate, 单位 of anybody else: 你院, 贵单位."""
    return "院" if paper.recipient.endswith(("法院", "检察院")) else "单位"


def notification(paper: NotificationLetter) -> Wording:
    """告知函 (第三条)."""
    in_writing = f"将办理情况书面回复本院{by_law(paper.reply)}。"
    else_a_plan = "确因客观原因难以在该期限内整改完毕的，请制作具体可行的整改方案，并及时向本院说明情况。"
    return _official(
        paper,
        [
            *paragraphs(paper.source, "线索来源"),
            part(1, "查明的事实"),
            *paragraphs(paper.facts, "查明的事实"),
            part(2, "应当履行的职责"),
            *paragraphs(paper.duty, "应当履行的职责及法律依据"),
            part(3, "请予办理的事项"),
            *listed_advice(paper.requests, "请予办理的事项"),
            part(4, "回复的期限"),
            Paragraph(said("请贵单位在", within(paper.reply, "书面回复的期限"), in_writing, else_a_plan)),
            *ending(paper, "特此函告。"),
        ],
    )


def suggestion(paper: AnySuggestion) -> Wording:
    """检察建议书 of every kind: [建议]16, 类案 of 第三条, 诉前 of [公规]75, to a court of [行监]109-113."""
    parts: list[tuple[str, list[Block]]] = [
        (
            "问题的来源" if isinstance(paper, ClassSuggestion) else "案件的来源",
            [*paragraphs(paper.source, "案件或者问题的来源")],
        )
    ]
    if isinstance(paper, PreSuitSuggestion):
        harm = "国家利益或者社会公共利益受到侵害的事实"
        parts.append((harm, [*paragraphs(paper.harm, harm)]))
    shown = _shown(paper)
    if not isinstance(paper, PreSuitSuggestion) or shown:
        parts.append(("认定的事实和证据", shown))
    parts.append((_ILLEGALITY[paper.type], [*paragraphs(paper.illegality, "存在的违法情形")]))
    law = f"根据{'、'.join(paper.legal_basis)}的规定，" if paper.legal_basis else ""
    parts.append(
        (
            "检察建议及其依据",
            [
                Paragraph((f"{law}现提出如下检察建议：",)),
                *listed_advice(paper.advice, "建议的具体内容"),
            ],
        )
    )
    parts.append(_periods(paper))
    body: list[Block] = []
    for number, (heading, blocks) in enumerate(parts, 1):
        body += [part(number, heading), *blocks]
    name = paper.NAME if isinstance(paper, RetrialSuggestion) else "检察建议书"
    return _procuratorial(paper, name, [*body, *ending(paper)])


def _shown(paper: AnySuggestion) -> list[Block]:
    """The facts, the evidence of them, and the cases that a 类案检察建议 draws on."""
    found: list[Block] = []
    if paper.facts or not isinstance(paper, PreSuitSuggestion):
        found += paragraphs(paper.facts, "认定的案件事实")
    if paper.evidence:
        found += [Paragraph(("认定上述事实的证据：",)), *numbered(paper.evidence)]
    elif isinstance(paper, Suggestion | ClassSuggestion | RetrialSuggestion):
        found.append(Paragraph((Gap("认定事实的证据"),)))
    if isinstance(paper, ClassSuggestion) and paper.covered_cases:
        covered = [
            f"{each.name}（{each.number}）" + (f"：{each.finding}" if each.finding else "")
            for each in paper.covered_cases
        ]
        found += [Paragraph((f"本建议所依据的案件共{len(covered)}件：",)), *numbered(covered)]
    return found


def _periods(paper: AnySuggestion) -> tuple[str, list[Block]]:
    """The periods for putting right, objecting and replying."""
    addressee = f"你{_unit(paper)}"
    named: list[str] = []
    found: list[Block] = []
    if isinstance(paper, PreSuitSuggestion):
        named.append("整改")
        length = within(paper.rectification, "整改期限")
        ends = f"依法履行职责、完成整改{by_law(paper.rectification)}。"
        found.append(Paragraph(said(f"请{addressee}在", length, ends)))
    if paper.objection is not None or isinstance(paper, Suggestion | ClassSuggestion):
        named.append("异议")
        length = within(paper.objection, "提出异议的期限")
        ends = f"向本院书面提出，并说明理由{by_law(paper.objection)}。"
        found.append(Paragraph(said(f"{addressee}对本建议有异议的，可以在", length, ends)))
    length, ends = (
        within(paper.reply, "书面回复的期限"),
        f"{_REPLIES.get(paper.type, _REPLY)}{by_law(paper.reply)}。",
    )
    found.append(Paragraph(said(f"请{addressee}在", length, ends)))
    return ("和".join(("、".join(named), "回复")) if named else "回复") + "的期限", found


def urging(paper: UrgingLetter) -> Wording:
    """督促函 ([建议]24)."""
    you = f"贵{_unit(paper)}"
    letter = reference(paper.letter)
    body: list[Block] = []
    if paper.reason in _SILENT:
        until, ends = (words.replace("贵单位", you) for words in _SILENT[paper.reason])
        due = need(paper.due_on, "原定回复期限的届满日")
        body.append(Paragraph(said(f"本院向{you}制发的", letter, f"，书面回复{until}", due, ends)))
    else:
        finding = need(_FOUND.get(paper.reason or "", "").replace("贵单位", you), "督促的原因")
        replied = need(paper.replied_on, "回复日期")
        after = f"收到{you}的书面回复。经审查，"
        body.append(Paragraph(said(f"本院向{you}制发", letter, "后，于", replied, after, finding, "。")))
    if paper.findings or paper.reason not in _SILENT:
        body += paragraphs(paper.findings, "对回复的审查情况")
    body.append(Paragraph(("截至目前，下列事项尚未落实：",)))
    body += numbered(paper.outstanding) if paper.outstanding else [Paragraph((Gap("尚未落实的事项"),))]
    urged = f"现督促{you}依法履行职责，抓紧落实上述事项，并在"
    ends = f"将落实情况书面回复本院，附送相关证明材料{by_law(paper.reply)}。"
    body.append(Paragraph(said(urged, within(paper.reply, "书面回复的期限"), ends)))
    return _official(paper, [*body, *ending(paper, "特此函告。")])


def objection_review(paper: ObjectionReview) -> Wording:
    """异议复核意见书 ([建议]23)."""
    you = f"你{_unit(paper)}"
    objected = need(paper.objected_on, "提出异议的日期")
    reviewed = "提出异议。本院已依法进行复核，现将复核意见告知如下："
    body: list[Block] = [
        Paragraph(said(objected, f"，{you}对本院", reference(paper.letter), reviewed)),
        part(1, "异议的理由"),
        *paragraphs(paper.grounds, "异议的理由"),
        part(2, "复核情况"),
        *paragraphs(paper.findings, "复核情况"),
        part(3, "复核结论"),
        Paragraph((need(_CONCLUSIONS.get(paper.conclusion or "", "").replace("你单位", you), "复核结论"),)),
    ]
    if paper.conclusion == "rejected":
        agreed = need(paper.approved_by, "检察长同意的记载")
        law = "（依据：《人民检察院检察建议工作规定》第二十三条）"
        body.append(Paragraph(said("以上意见已经", agreed, f"同意{law}。")))
    return _procuratorial(paper, "异议复核意见书", [*body, *ending(paper)])


def _is_suggestion(letter: LetterReference | None) -> bool:
    return letter is None or letter.name != NotificationLetter.NAME


def withdrawal(paper: WithdrawalNotice) -> Wording:
    """撤回检察建议通知书 ([建议]22)."""
    bound, you = _is_suggestion(paper.letter), f"你{_unit(paper)}"
    law = "（依据：《人民检察院检察建议工作规定》第二十二条）" if bound else ""
    body: list[Block] = [
        Paragraph(said(f"本院向{you}制发的", reference(paper.letter), f"，现决定予以撤回{law}，理由如下：")),
        *paragraphs(paper.reason, "撤回的理由"),
        Paragraph((f"自收到本通知书之日起，{you}无需再就上述文书书面回复本院。",)),
        *ending(paper),
    ]
    return _procuratorial(paper, "撤回检察建议通知书" if bound else "撤回告知函通知书", body)


def amendment(paper: AmendmentNotice) -> Wording:
    """变更检察建议通知书 ([建议]22, 23)."""
    bound, you = _is_suggestion(paper.letter), f"你{_unit(paper)}"
    law = "（依据：《人民检察院检察建议工作规定》第二十二条、第二十三条）" if bound else ""
    body: list[Block] = [
        Paragraph(said(f"本院向{you}制发的", reference(paper.letter), f"，现决定予以变更{law}。")),
        part(1, "变更的理由"),
        *paragraphs(paper.reason, "变更的理由"),
        part(2, "变更的内容"),
    ]
    for number, change in enumerate(paper.changes, 1):
        body.append(Paragraph((f"原文：{change.was}",), number=f"{number}."))
        body.append(Paragraph((f"变更为：{change.becomes}",)))
    if not paper.changes:
        body.append(Paragraph((Gap("变更的内容"),)))
    body.append(part(3, "回复的期限"))
    stands = f"{by_law(paper.reply)}。未变更的内容仍按原文书执行。"
    if paper.due_on is not None:
        due = need(paper.due_on, "原定回复期限的届满日")
        body.append(Paragraph(said("回复期限不因变更而改变，仍至", due, f"届满{stands}")))
    else:
        length = within(paper.reply, "变更后书面回复的期限")
        body.append(Paragraph(said(f"请{you}在", length, f"将落实情况书面回复本院{stands}")))
    name = "变更检察建议通知书" if bound else "变更告知函通知书"
    return _procuratorial(paper, name, [*body, *ending(paper)])


def _indictment(paper: GeneralLetter) -> Wording:
    """起诉书 ([公规]46; [公释]22): it names who sues, and turns to the court at its end, not at its head."""
    body: list[Block] = [Paragraph(said("公益诉讼起诉人：", need(paper.issuer, "制发单位")))]
    body += [part(1, "诉讼请求"), *listed_advice(paper.points, "诉讼请求")]
    body += [part(2, "事实和理由"), *paragraphs(paper.body, "事实和理由")]
    if paper.evidence:
        body += [Paragraph(("认定上述事实的证据：",)), *numbered(paper.evidence)]
    law = f"根据{'、'.join(paper.basis)}的规定，" if paper.basis else ""
    body.append(Paragraph((f"{law}现提起诉讼，请依法裁判。",)))
    court = Paragraph((need(paper.recipient, "主送单位"),), is_flush=True)
    body += ending(paper, Paragraph(("此致",)), court, has_contact=paper.contact is not None)
    return replace(_procuratorial(paper, paper.name, [], paper.subject), blocks=tuple(body))


def general_letter(paper: GeneralLetter) -> Wording:
    """Any letter without a form of its own, in the form that its name calls for."""
    if paper.name.endswith("起诉书"):
        return _indictment(paper)
    leads_up, law = paper.body.endswith("："), "、".join(paper.basis)
    body: list[Block] = []
    if paper.body or not paper.points:
        body += paragraphs(paper.body, "正文或者所列事项")
    if paper.points:
        if not leads_up:
            body.append(Paragraph((f"{f'根据{law}的规定，' if law else ''}有关事项如下：",)))
        body += listed_advice(paper.points, "所列事项")
    if len(paper.evidence) == 1:
        body.append(Paragraph((f"上述情况有下列证据证实：{paper.evidence[0].rstrip('。')}。",)))
    elif paper.evidence:
        body += [Paragraph(("上述情况有下列证据证实：",)), *numbered(paper.evidence)]
    if law and (leads_up or not paper.points):
        body.append(Paragraph((f"法律依据：{law}。",)))
    body += _answer_asked(paper)
    closing = next((words for kind, words in _CLOSINGS if paper.name.endswith(kind)), "")
    body += ending(
        paper,
        f"特此{closing}。" if closing else "",
        signers=paper.joint_issuers,
        has_contact=paper.contact is not None,
        has_imprint=paper.is_document,
    )
    if paper.name.endswith("书"):
        return _procuratorial(paper, paper.name, body, paper.subject)
    if paper.is_document:
        return _document(paper, body)
    return _wording(Family.LETTER, paper, titled(paper.heading, paper.name), "", body)


def _answer_asked(paper: GeneralLetter) -> list[Block]:
    """By when it wants an answer, when it wants one."""
    by = need(paper.reply_by, "") if paper.reply_by else ""
    if paper.reply is not None:
        latest = f"，至迟不晚于{by}" if by else ""
        length = within(paper.reply, "书面回复的期限")
        return [Paragraph(said("请在", length, f"书面回复{latest}{by_law(paper.reply)}。"))]
    return [Paragraph((f"请于{by}前（含当日）书面回复。",))] if by else []
