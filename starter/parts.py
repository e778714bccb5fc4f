"""The parts of a case as listings for the screen: letters, deadlines, items, meetings, ties, entries of the journal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from models.document_types import DocumentType
from models.enforcement.readings import APPLY, READINGS
from models.enforcement.terms import PenaltyState
from models.rows import ORIGINAL, DeadlineRow, FactRow, Snapshot
from models.terms import (
    EscalationRung,
    ItemState,
    LetterState,
    MeetingForm,
    Milestone,
    Relation,
    Role,
    Substance,
)
from starter.kinds import DECISION_NAMES, FACT_NAMES
from starter.labels import label
from starter.output import Listing

STATES = {
    "running": "进行中",
    "suspended": "中止",
    "met": "已满足",
    "expired": "已届满",
    "not_started": "未开始",
    "started": "已起算",
    "ended": "已终止",
}
_HAPPENINGS = {
    "reminded": "提醒",
    "fell_due": "届满",
    "paper_made": "文书制成",
    "paper_failed": "文书未成",
    "history_lost": "运行记录缺失",
    "edition_published": "日历公布",
    "unreadable": "无法读取",
    "linked_opened": "另立案件",
    "case_told": "告知案件",
    "link_failed": "关联未成",
}
_DIGEST_AHEAD = re.compile(r"^[0-9a-f]{12}-")
_HOW = {"applied": "", "noted": "存查", "unmatched": "待整理", "seen": "重复"}


def letters(snapshot: Snapshot) -> Listing:
    """The letters with what became of each."""
    made = Listing("编号", "文书与收件单位", "制发", "送达", "回复", "状态")
    originals = {row.order: row.name for row in snapshot.papers if row.direction == ORIGINAL}
    for row in snapshot.letters:
        number = row.official_no or row.internal_no
        replied = row.replied_on + (f"（共{row.replies}次）" if row.replies > 1 else "")
        state = label(LetterState, row.state)
        if row.substance:
            state += f"：{label(Substance, row.substance)}"
        for rung in filter(None, row.rungs.split(",")):
            state += f"\n{label(EscalationRung, rung)}"
        made.add(
            f"{row.letter}\n{row.document}",
            "\n".join(
                part
                for part in (
                    label(DocumentType, row.type),
                    row.recipient,
                    number,
                    _as_original(originals.get(row.letter, "")),
                )
                if part
            ),
            str(row.issued_on or "—"),
            (row.served_on or "—") + ("（推定）" if row.served_presumed else ""),
            replied or "—",
            state
            + (f"\n督促{row.urged}次" if row.urged else "")
            + (f"\n由{row.replaced_by}取代" if row.replaced_by else ""),
        )
    return made


def _as_original(name: str) -> str:
    """Which file is the letter as it truly went out; the digest before its name tells files apart, not people."""
    return f"正本：{_DIGEST_AHEAD.sub('', name.rpartition('/')[2])}" if name else ""


def deadlines(rows: tuple[DeadlineRow, ...]) -> Listing:
    """The deadlines, each with its key."""
    made = Listing("期限", "对象", "起算", "届满", "状态")
    others = other_readings(rows)
    for row in rows:
        told = state(row, is_other_reading=row.key in others)
        made.add(f"{row.name or row.rule}\n{row.key}", row.party, row.started_on, due(row), told)
    return made


def other_readings(rows: tuple[DeadlineRow, ...]) -> set[str]:
    """The windows to apply for enforcement that are not the last of their item, by key: the window has several readings, and
    only when the most generous has run out is there anything to ask the agency about.
    """
    windows: dict[str, list[DeadlineRow]] = {}
    for row in rows:
        if row.rule == APPLY and not row.ended:
            windows.setdefault(row.key.partition("/")[0], []).append(row)
    still_to_open = {
        row.key.partition("/")[0] for row in rows if row.rule in READINGS and row.state == "running"
    }
    last = {
        max(each, key=lambda row: (row.due_on or row.due_to or date.min, row.key)).key
        for item, each in windows.items()
        if item not in still_to_open
    }
    return {row.key for each in windows.values() for row in each} - last


def due(row: DeadlineRow) -> str:
    """The day on which one falls due, or why there is none."""
    if row.due_on:
        text = str(row.due_on)
    elif row.due_from and row.due_to:
        text = f"{row.due_from}～{row.due_to}"
    else:
        text = "无固定期限" if row.name else "—"
    return text + ("\n暂定" if row.provisional else "")


def state(row: DeadlineRow, *, is_other_reading: bool = False) -> str:
    """How one stands: met, late, ended. One reading of several that has passed is nobody's delay."""
    text = row.ended or ("逾期" if row.is_overdue else STATES.get(row.state, row.state))
    if is_other_reading and row.state == "expired":
        text = "已过（一说）"
    if row.met_on:
        text += f"\n{row.met_on}"
    if row.days_late is not None:
        late = f"已过{row.days_late}日（一说）" if is_other_reading else f"逾期{row.days_late}日"
        text += f"\n{late}" if row.days_late > 0 else "\n按期"
    return text


def _state_of_item(value: str) -> str:
    """What must be put right and the items of a penalty stand in one list, each with states of its own."""
    known = label(ItemState, value)
    return known if known != value else label(PenaltyState, value)


def items(snapshot: Snapshot) -> Listing:
    """What is to be put right or done, by whom and by when."""
    made = Listing("编号", "事项", "状态", "下一步")
    for row in snapshot.items:
        area = f"（{row.area_m2:g} 平方米）" if row.area_m2 is not None else ""
        until = f"{row.due_on}前" if row.due_on else ""
        task = "，".join(part for part in (row.owner, until) if part)
        made.add(
            row.item,
            row.what + area + (f"\n{task}" if task else ""),
            _state_of_item(row.state),
            label(Milestone, row.next_milestone) or "—",
        )
    return made


def meetings(snapshot: Snapshot) -> Listing:
    """The meetings, called or only heard of."""
    made = Listing("会议", "议题", "日期", "情况")
    for row in snapshot.meetings:
        if row.cancelled:
            state = f"取消：{row.cancelled}"
        elif row.held_on:
            agreed = {True: "达成一致", False: "未达成一致", None: "已召开"}[row.agreed]
            state = agreed + (f"，到会{row.attended}" if row.attended else "")
        else:
            state = "待召开"
        number = f"\n{row.meeting}" if row.planned_on else ""
        made.add(
            label(MeetingForm, row.form) + number, row.topic, row.held_on or str(row.planned_on or ""), state
        )
    return made


def links(snapshot: Snapshot) -> Listing:
    """What other cases are to this one."""
    made = Listing("案件", "对方是本案的", "关联日期", "结案")
    for row in snapshot.links:
        case = row.other + ("\n其他系统" if row.elsewhere else "")
        made.add(case, label(Relation, row.relation), row.linked_on, row.outcome or "—")
    return made


def facts(
    rows: tuple[FactRow, ...], *, with_id: bool = False, taken_on: Mapping[int, str] | None = None
) -> Listing:
    """Entries of the journal, in words."""
    # Ids are wide, and are copied.
    days, apart = taken_on or {}, "\n" if with_id else ""
    made = Listing("序", "日期", "种类", "内容", "记录人")
    for row in rows:
        kind = message_name(row.kind)
        how = _HOW.get(row.how, row.how)
        what = f"［{how}］{row.what}" if how and how not in row.what else row.what
        made.add(
            str(row.seq),
            row.happened_on or days.get(row.seq, "—"),
            kind,
            f"{what}\n{row.id}" if with_id else what,
            row.recorded_by
            if row.role == "system"
            else f"{row.recorded_by}{apart}（{label(Role, row.role)}）",
        )
    return made


def message_name(kind: str) -> str:
    """What staff call such an entry."""
    return FACT_NAMES.get(kind) or DECISION_NAMES.get(kind) or _HAPPENINGS.get(kind, kind)
