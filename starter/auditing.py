"""`mingjian show CASE --audit`: each line of a journal, who, when and why, and what it changed, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from models.audit import Act, Change, acts
from models.dates import CHINA
from models.reach import Level
from models.terms import (
    CaseKind,
    ItemState,
    LabelledEnum,
    LetterState,
    Milestone,
    Outcome,
    Role,
    Substance,
)
from starter.columns import fold
from starter.kinds import FIELD_NAMES
from starter.labels import label, stage_label
from starter.office import Office
from starter.output import remark, say, say_json
from starter.parts import STATES, message_name
from starter.why import whole

_HOW = {"unmatched": "（待整理）", "noted": "（存查）"}
_TABLES = {
    "case": "",
    "letters": "文书",
    "drafts": "文书",
    "deadlines": "期限",
    "items": "事项",
    "meetings": "会议",
    "links": "关联案件",
    "facts": "事实",
    "lines": "情况",
}
_FIELDS = {
    "stage": "阶段",
    "handler": "承办人",
    "liaison": "联络员",
    "closed_on": "结案日期",
    "outcome": "结案方式",
    "next_due_on": "下一期限",
    "is_overdue": "逾期",
    "is_provisional": "暂定",
    "edition": "日历版本",
    "level": "知悉范围",
    "document": "文书组",
    "type": "种类",
    "recipient": "收件单位",
    "recipient_code": "收件单位代码",
    "state": "状态",
    "official_no": "文号",
    "internal_no": "内部编号",
    "issued_on": "制发日期",
    "served_on": "送达日期",
    "served_presumed": "送达日推定",
    "replied_on": "回复日期",
    "replies": "回复次数",
    "substance": "评估结果",
    "urged": "督促次数",
    "replaced_by": "取代它的文书",
    "party": "对象",
    "ended": "终止",
    "name": "名称",
    "started_on": "起算",
    "due_on": "届满日",
    "due_from": "届满日（最早）",
    "due_to": "届满日（最晚）",
    "provisional": "暂定",
    "met_on": "办结",
    "days_late": "迟延日数",
    "what": "内容",
    "kind": "种类",
    "next_milestone": "下一步",
    "area_m2": "面积（平方米）",
    "owner": "责任单位",
    "form": "形式",
    "topic": "议题",
    "planned_on": "定于",
    "held_on": "召开日期",
    "attended": "到会",
    "agreed": "达成一致",
    "cancelled": "取消",
    "relation": "对方是本案的",
    "linked_on": "关联日期",
    "elsewhere": "其他系统",
    "text": "内容",
    "urgent": "紧急",
    "reply_within": "回复期限",
    "objection_within": "异议期限",
    "reply_by": "请在何日前答复",
    "copies_to": "抄送",
    "attachments": "附件",
    "joint_issuers": "联合制发",
    "countersigners": "应会签",
    "countersignatures": "已会签",
    "drafted_by": "起草、修改人",
    "approved_by": "审批人",
    "returned": "退回理由",
    "objections": "异议",
    "plan": "整改方案",
    "plan_accepted": "认可方案",
    "rungs": "提级",
    "amendments": "变更",
    "paper": "所附材料",
    "by": "记录人",
    "letter": "文书",
}
_VALUES: dict[tuple[str, str], type[LabelledEnum]] = {
    ("case", "outcome"): Outcome,
    ("case", "level"): Level,
    ("letters", "state"): LetterState,
    ("letters", "substance"): Substance,
    ("items", "state"): ItemState,
    ("items", "next_milestone"): Milestone,
}
_WIDTH = 78


@dataclass(frozen=True, slots=True)
class Audited:
    """The lines of a case's journal; `source` says where they were had, if not from the case itself."""

    case: str
    title: str
    kind: CaseKind
    source: str
    acts: tuple[Act, ...]


async def audited(office: Office, case: str) -> Audited:
    """Read a journal for audit; Refusal and Unreachable as `whole` says."""
    found, state, source = await whole(office, case)
    row = found.snapshot.case
    return Audited(row.case, row.title, CaseKind(row.kind), source, tuple(acts(state, office.calendars)))


def tell_audit(told: Audited, *, as_json: bool) -> int:
    """Print it: one line of JSON for each line of the journal, or for somebody to read in 80 columns."""
    if told.source:
        remark(told.source)
    if as_json:
        for act in told.acts:
            say_json(_as_json(told.case, act))
        return 0
    say(f"{told.case}　{told.title}")
    for act in told.acts:
        say()
        for line in _lines(told.kind, act):
            say(line)
    return 0


def _lines(kind: CaseKind, act: Act) -> Iterator[str]:
    who = f"{act.by}（{label(Role, act.role)}）" if act.role else act.by
    at = f"{act.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    yield from fold(f"{act.seq}　{at}　{message_name(act.kind)}{_HOW.get(act.how, '')}　{who}", _WIDTH)
    yield from _indented([act.what, *([f"理由：{act.why}"] if act.why and act.why not in act.what else [])])
    yield from _indented((_change(kind, each) for each in act.changes), "· ")


def _indented(lines: Iterable[str], mark: str = "") -> Iterator[str]:
    for line in filter(None, lines):
        first, *rest = fold(line, _WIDTH - 4)
        yield f"  {mark}{first}"
        yield from (f"  {'  ' if mark else ''}{each}" for each in rest)


def _change(kind: CaseKind, change: Change) -> str:
    if change.table == "lines":
        return f"情况：{change.after}" if change.after else f"情况不再有：{change.before}"
    field = _FIELDS.get(change.field) or FIELD_NAMES.get(change.field, change.field)
    of = " ".join(
        filter(None, (_TABLES[change.table], change.key, field.partition("；")[0].partition("：")[0]))
    )
    return f"{of}：{_value(kind, change, change.before)} → {_value(kind, change, change.after)}"


def _value(kind: CaseKind, change: Change, value: Any) -> str:
    if value in (None, "", [], {}, ()):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if change.table == "case" and change.field == "stage":
        return stage_label(kind.value, value)
    if change.table == "deadlines" and change.field == "state":
        return str(STATES.get(value, value))
    if terms := _VALUES.get((change.table, change.field)):
        return label(terms, value)
    if isinstance(value, dict):
        return "，".join(
            f"{_FIELDS.get(name, name)} {_value(kind, change, each)}" for name, each in value.items()
        )
    if isinstance(value, list):
        return "；".join(_value(kind, change, each) for each in value)
    return str(value)


def _as_json(case: str, act: Act) -> dict[str, Any]:
    return {
        "case": case,
        "seq": act.seq,
        "at": act.at.isoformat(),
        "id": act.id,
        "kind": act.kind,
        "by": act.by,
        "role": act.role or None,
        "on": act.on or None,
        "why": act.why,
        "how": act.how,
        "what": act.what,
        "changes": [
            {
                "table": each.table,
                "key": each.key,
                "field": each.field,
                "before": _json(each.before),
                "after": _json(each.after),
            }
            for each in act.changes
        ],
    }


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | list | dict) else str(value)
