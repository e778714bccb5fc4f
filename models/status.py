"""What a case says of itself in Chinese: the static summary, the details in the web UI (markdown), the words of a status."""

from __future__ import annotations

from datetime import date

from models.casefile import CaseFile
from models.countersigning import signatures_awaited
from models.links import Tie
from models.meetings import Meeting
from models.messages import Opening
from models.rectification import Rectification


def summary(opening: Opening) -> str:
    """One line for lists in the web UI: number, matter, title; at most 400 bytes."""
    text = f"{opening.case}　{opening.matter.label}　{opening.title}"
    return text.encode()[:400].decode(errors="ignore")


def details(case: CaseFile) -> str:
    """The case as the web UI shows it: stage, running deadlines with due day and article, letters, last facts."""
    opening = case.opening
    focus = "（重点）" if opening.matter.is_focus else ""
    lines = [
        # The static summary does not survive a continue-as-new: what the case is stands here too.
        f"### {opening.case}　{_cell(opening.title)}",
        "",
        f"**阶段**：{case.stage.label}　**事项**：{opening.matter.label}{focus}　**承办**：{_cell(case.handler.name)}",
        "",
    ]
    if case.unmatched:
        lines += [f"**待整理**：{len(case.unmatched)} 件", ""]
    failed = [made.order for made in case.papers.values() if made.kind == "paper_failed"]
    if failed:
        lines += [f"**文书未能制作**：{'、'.join(failed)}", ""]
    overdue = [letter.reply_key for letter in case.letters if letter.id in case.overdue_letters]
    # What is still to come stands first, by its day; what has run out and is nobody's delay, last.
    running = sorted(
        case.deadlines.running(),
        key=lambda each: (each.state == "expired" and each.key not in overdue, each.last_day or date.max),
    )
    lines += ["#### 进行中的期限", ""]
    if running:
        lines += ["| 期限 | 对象 | 届满 | 依据 |", "|---|---|---|---|"]
        for counted in running:
            party = case.deadlines.by_key[counted.key].party
            due = str(
                counted.due_on
                or (f"{counted.due_from}～{counted.due_to}" if counted.due_to else "无固定期限")
            )
            due += "（暂定）" if counted.provisional else ""
            if counted.key in overdue:
                due += "（逾期）"
            elif counted.state == "expired":
                due += "（已届满）"
            lines.append(f"| {counted.name} | {_cell(party)} | {due} | {_cell(counted.basis)} |")
    else:
        lines.append("无")
    letters = list(case.letters)
    if letters:
        lines += ["", "#### 文书", "", "| 文书 | 收件单位 | 文号 | 状态 |", "|---|---|---|---|"]
        lines += [
            f"| {letter.id} {letter.type.label} | {_cell(letter.recipient.name)} | {_cell(letter.official_no) or '—'} "
            f"| {letter.state.label} |"
            for letter in letters
        ]
    waiting = [f"- {_cell(each)}" for each in signatures_awaited(case.letters)]
    if waiting:
        lines += ["", "#### 待会签", "", *waiting]
    if case.items:
        lines += ["", "#### 事项", ""]
        lines += [f"- {_item(each)}" for each in case.items.values()]
    listed = [
        f"- {_cell(' '.join(dict.fromkeys((each.id, each.what))))}：{each.state.label}"
        f"{f'（{_cell(each.owner)}）' if each.owner else ''}"
        for each in case.listed_items()
    ]
    if listed:
        lines += ["", "#### 分项", "", *listed]
    own = [f"- {_cell(line)}" for line in case.own_lines()]
    if own:
        lines += ["", "#### 情况", "", *own]
    if case.meetings.by_id:
        lines += ["", "#### 会议", ""]
        lines += [f"- {_meeting(each)}" for each in case.meetings.by_id.values()]
    if case.links.standing():
        lines += ["", "#### 关联案件", ""]
        lines += [f"- {_tie(each)}" for each in case.links.standing()]
    recent = [
        case.taken[entry.message.id].what for entry in case.entries[-5:] if entry.message.id in case.taken
    ]
    if recent:
        lines += ["", "#### 最近记录", ""]
        lines += [f"- {_cell(what)}" for what in reversed(recent) if what]
    return "\n".join(lines)


def _item(each: Rectification) -> str:
    until = f"{each.item.due_on}前" if each.item.due_on else ""
    task = "，".join(part for part in (each.item.owner, until) if part)
    return f"{each.item.id} {_cell(each.item.what)}{f'（{_cell(task)}）' if task else ''}：{each.state.label}"


def _meeting(each: Meeting) -> str:
    if each.held:
        return f"{_cell(str(each))}：{each.held.on}召开"
    return f"{_cell(str(each))}：" + (
        f"取消（{_cell(each.cancelled)}）" if each.cancelled else f"定于{each.planned_on}"
    )


def _tie(each: Tie) -> str:
    ended = f"，已办结：{_cell(each.outcome)}" if each.outcome else ""
    return f"{_cell(each.case)}（{each.relation.label}{ended}）"


def _cell(text: str) -> str:
    return text.replace("|", "｜").replace("\n", " ").replace("<", "＜").replace("[", "［")
