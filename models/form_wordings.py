"""What each internal form says, and the wording of any paper by its type."""

from __future__ import annotations

from datetime import date

from models.documents import (
    AmendmentNotice,
    ClosingReview,
    NotificationLetter,
    ObjectionReview,
    Opinion,
    Paper,
    ReckonedDeadline,
    ReckoningNote,
    ReviewedLetter,
    UrgingLetter,
    WithdrawalNotice,
)
from models.general_papers import NOTES, FormTable, GeneralForm, GeneralLetter
from models.letter_wordings import (
    amendment,
    general_letter,
    notification,
    objection_review,
    suggestion,
    urging,
    withdrawal,
)
from models.paper_parts import PaperFields, chinese_date, chinese_number
from models.reporting.paper import PeriodReport
from models.reporting.wordings import period_report
from models.timelines import CaseTimeline, Period
from models.wording import (
    Bar,
    Block,
    Cell,
    Family,
    Gap,
    Heading,
    Lane,
    Lanes,
    Pair,
    Paragraph,
    Piece,
    Room,
    Strong,
    Table,
    Together,
    Wording,
    Words,
    lines,
    need,
    numbered,
    paragraphs,
    part,
    said,
    titled,
)

_DASH = "—"
_DAY_TO_WRITE = "　　　年　　月　　日"
_SHORT = 200
"""Characters of a paragraph that is moved to the next page whole."""
_ROOM_TO_SIGN = "　　　　　　　　"


def wording(paper: Paper) -> Wording:
    """What a paper of any type says."""
    match paper:
        case NotificationLetter():
            return notification(paper)
        case UrgingLetter():
            return urging(paper)
        case ObjectionReview():
            return objection_review(paper)
        case WithdrawalNotice():
            return withdrawal(paper)
        case AmendmentNotice():
            return amendment(paper)
        case GeneralLetter():
            return general_letter(paper)
        case GeneralForm():
            return _general_form(paper)
        case ClosingReview():
            return _closing_review(paper)
        case ReckoningNote():
            return _reckoning_note(paper)
        case CaseTimeline():
            return _timeline(paper)
        case PeriodReport():
            return period_report(paper)
        case _:
            return suggestion(paper)


def _form(paper: PaperFields, name: Words, body: list[Block], subject: str = "") -> Wording:
    case = said("案件编号：", need(paper.case_number, "案件编号"))
    head = Pair(case, (need(paper.dated, "成文日期"),))
    return Wording(Family.INTERNAL, need(paper.issuer, "制发单位"), name, subject, "", (head, *body))


def _label(text: str) -> Cell:
    return Cell(((text,),), is_label=True)


def _cell(value: Piece, columns: int = 1) -> Cell:
    return Cell(((value,),), columns=columns)


def _centred(value: str) -> Cell:
    return Cell(((value,),), is_centred=True)


def _long(text: str, label: str, columns: int = 1) -> Cell:
    return Cell(lines(text) or ((Gap(label),),), columns=columns)


def _general_form(paper: GeneralForm) -> Wording:
    body: list[Block] = []
    if paper.rows:
        rows = tuple((_label(row.label), Cell(lines(row.text))) for row in paper.rows)
        body.append(Table((38, 127), rows, blank=14))
    elif not paper.sections:
        body += paragraphs("", "表格或者正文")
    said_in = [each for each in paper.sections if each.heading != NOTES]
    for number, section in enumerate(said_in, 1):
        which = f"{chinese_number(number)}、" if len(said_in) > 1 else ""
        body.append(Heading(said(which, need(section.heading, "正文的小标题"))))
        if section.text:
            body += paragraphs(section.text, "")
        body += numbered(section.items) if section.items else []
        if section.table is not None and section.table.rows:
            body.append(_listed(section.table))
        elif not section.text and not section.items:
            body += paragraphs("", "内容")
    if paper.signers:
        dated = (Room(13), f"　{_DAY_TO_WRITE}")
        signed = tuple(Pair((f"{signer}：",), dated, is_signed=True) for signer in paper.signers)
        # Nobody signs a page on which nothing stands: the last lines of the text go with the signatures.
        last = body.pop() if body and _is_short(body[-1]) else None
        body.append(Together((last, *signed) if isinstance(last, Paragraph) else signed))
    # The notes of a form are for who fills it in: beneath the lines to sign, no part of what is signed.
    for notes in (each for each in paper.sections if each.heading == NOTES):
        told = tuple((f"{number}.{each}",) for number, each in enumerate(notes.items, 1))
        body.append(Table((12, 153), ((_label(NOTES), Cell(told)),), is_small=True))
    if paper.heading.startswith("关于"):
        return _form(paper, titled(paper.heading, paper.name), body)
    return _form(paper, (need(paper.name, "文书名称"),), body, paper.subject)


def _is_short(block: Block) -> bool:
    return isinstance(block, Paragraph) and sum(len(str(each)) for each in block.words) <= _SHORT


def _listed(table: FormTable) -> Table:
    heads = tuple(_label(head) for head in table.heads)
    # What nobody has remarked yet is left to be written on.
    blank = [head == "备注" for head in table.heads]
    rows = tuple(
        tuple(
            Cell(lines(text or ("" if is_blank else _DASH)))
            for text, is_blank in zip(row, blank, strict=True)
        )
        for row in table.rows
    )
    return Table(table.widths, (heads, *rows), has_header=True, is_small=True)


def _closing_review(paper: ClosingReview) -> Wording:
    facts = Table(
        (26, 56.5, 26, 56.5),
        (
            (_label("案件名称"), _cell(need(paper.case_name, "案件名称"), 3)),
            (
                *(_label("监督事项"), _cell(need(paper.matter, "监督事项"))),
                *(_label("所在地"), _cell(paper.county or _DASH)),
            ),
            (
                *(_label("承办部门"), _cell(paper.department or _DASH)),
                *(_label("承办人"), _cell(need(paper.handler, "承办人"))),
            ),
            (
                *(_label("受理日期"), _cell(need(paper.opened_on, "受理日期"))),
                *(_label("处理结果"), _cell(need(paper.outcome, "处理结果"))),
            ),
            (_label("办理经过"), _long(paper.course, "办理经过", 3)),
        ),
    )
    body: list[Block] = [facts, Heading(("制发文书及回复情况",), is_minor=True), *_reviewed_letters(paper)]
    if paper.items:
        rows = tuple(
            (_centred(str(number)), _cell(item.text), _cell(item.state), _cell(item.proof or _DASH))
            for number, item in enumerate(paper.items, 1)
        )
        heads = tuple(_label(head) for head in ("序号", "事项", "状态", "证明材料"))
        body.append(Heading(("整改事项落实情况",), is_minor=True))
        body.append(Table((12, 65, 32, 56), (heads, *rows), has_header=True, is_small=True))
    reasons = (
        (_label("结案理由"), _long(paper.reasons, "结案理由")),
        (_label("回头看安排"), _cell(paper.look_back or _DASH)),
        (_label("保管期限"), _cell(paper.keeping or _DASH)),
    )
    opinions = tuple((_label(each.role), _opinion(each)) for each in paper.opinions)
    body += [Table((26, 139), reasons), Together((Table((26, 139), opinions, blank=9),))]
    return _form(paper, (paper.NAME,), body)


def _reviewed_letters(paper: ClosingReview) -> list[Block]:
    if not paper.letters:
        return [*paragraphs("", "制发文书及回复情况")]
    heads = ("文书", "受送达单位", "送达日期", "期限届满", "回复日期", "评价")
    rows = tuple(_reviewed(letter) for letter in paper.letters)
    widths = (33, 30, 25, 25, 25, 27)
    return [Table(widths, (tuple(_label(head) for head in heads), *rows), has_header=True, is_small=True)]


def _reviewed(letter: ReviewedLetter) -> tuple[Cell, ...]:
    days = (letter.served_on, letter.due_on, letter.replied_on)
    worth = "；".join(each for each in (letter.timeliness, letter.assessment) if each)
    return (
        Cell(((letter.name,), (letter.number,))),
        _cell(letter.recipient),
        *(_cell(chinese_date(day) if day else _DASH) for day in days),
        _cell(worth or _DASH),
    )


def _opinion(opinion: Opinion) -> Cell:
    day = chinese_date(opinion.on) if opinion.on else _DAY_TO_WRITE
    return Cell(lines(opinion.text), signed=(f"签名：{opinion.signer or _ROOM_TO_SIGN}　{day}",))


def _reckoning_note(paper: ReckoningNote) -> Wording:
    body: list[Block] = []
    if paper.case_name:
        body.append(Paragraph((f"案件名称：{paper.case_name}",), is_flush=True))
    if not paper.deadlines:
        body += paragraphs("", "所计算的期限")
    for number, deadline in enumerate(paper.deadlines, 1):
        body += [part(number, deadline.rule), *_reckoned(deadline)]
    prepared = paper.prepared_by or Room(10)
    body.append(Pair(("制作人：", prepared), ("核对人：", Room(10)), is_signed=True))
    return _form(paper, (paper.NAME,), body)


def _reckoned(deadline: ReckonedDeadline) -> list[Block]:
    started = chinese_date(deadline.started_on) if deadline.started_on else _DASH
    due = Strong(chinese_date(deadline.due_on) if deadline.due_on else "无固定期限")
    pairs: tuple[tuple[str, Piece, str, str], ...] = (
        ("承担单位", deadline.bound, "规则编号", deadline.key),
        ("起算事实", deadline.started_by, "起算日期", started),
        ("届满日", due, "日历版本", deadline.edition),
    )
    facts = tuple(
        (_label(left), _cell(value or _DASH), _label(right), _cell(other or _DASH))
        for left, value, right, other in pairs
    )
    law = (_label("法律依据"), _cell(need("；".join(deadline.basis), "法律依据"), 3))
    found: list[Block] = [Table((24, 58.5, 24, 58.5), (*facts, law))]
    if deadline.provisional:
        what = "暂定：该期限涉及国务院办公厅尚未公布放假安排的年份，安排公布后重新计算。"
        found.append(Table((165,), ((_label(what),),)))
    if deadline.rows:
        rows = tuple(
            (_cell(chinese_date(row.on) if row.on else _DASH), _cell(row.what), _cell(row.effect or _DASH))
            for row in deadline.rows
        )
        heads = tuple(_label(head) for head in ("日期", "事项", "对期限的影响"))
        found.append(Table((33, 66, 66), (heads, *rows), has_header=True, is_small=True))
    found.append(Heading(("计算过程",), is_minor=True))
    if deadline.sentences:
        steps = enumerate(deadline.sentences, 1)
        return [
            *found,
            *(Paragraph((step,), is_flush=True, number=f"（{number}）") for number, step in steps),
        ]
    return [*found, *paragraphs("", "计算过程")]


def _timeline(paper: CaseTimeline) -> Wording:
    body: list[Block] = [Paragraph(said("案件名称：", need(paper.case_name, "案件名称")), is_flush=True)]
    if not any(lane.periods for lane in paper.lanes):
        return _form(paper, (paper.NAME,), [*body, Paragraph(("尚无起算的期限。",), is_flush=True)])
    first, last = paper.bounds
    span = (last - first).days or 1

    def place(day: date) -> float:
        return (day - first).days / span

    def bar(period: Period) -> Bar:
        name = f"{period.name}　{period.party}" if period.party else period.name
        days = (period.started_on, period.due_on or period.due_to, period.met_on)
        told = tuple(chinese_date(day) if day else _DASH for day in days)
        due, met = (None if day is None else place(day) for day in (period.last_day, period.met))
        return Bar(name, told, period.standing, place(period.start), due, met, is_late=period.is_late)

    lanes = tuple(Lane(lane.name, tuple(bar(each) for each in lane.periods)) for lane in paper.lanes)
    ticks = tuple((_tick(day), place(day)) for day in paper.ticks())
    body.append(Lanes(ticks, lanes))
    legend = "空框：期限自起算至届满；实心圆：办结；斜线：逾期部分。没有空框的，没有固定期限或者起算、届满之日不明。"
    return _form(paper, (paper.NAME,), [*body, Paragraph((legend,), is_flush=True)])


def _tick(day: date) -> str:
    return f"{day.year}年{day.month}月"
