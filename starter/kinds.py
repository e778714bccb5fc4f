"""The facts and decisions by their Chinese names, what their fields mean, and templates made from both.

The script takes either name. A field that several messages have is explained here, one that a single message has beside
itself (`description`, `examples`); a test asks that each is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from models.casefile import COMMON, CaseFile
from models.dates import EventDate
from models.decisions import Decision
from models.document_types import DocumentType
from models.errors import InputError, Problem
from models.facts import Fact
from models.kinds import FILES, messages_of
from models.numbering import CaseId
from models.said.bases import DecisionBase, FactBase
from models.terms import LabelledEnum, Outcome
from models.wire import Period, Recipient
from starter.strict import bare

FIELD_NAMES = {
    "on": "日期；事实的日期只知到月、年的，可写 2021-09、2021，或区间 A/B",
    "note": "备注",
    "reason": "理由",
    "version": "改按自哪天起施行的规定，如 2027-03-01；mingjian rules move 代为填写",
    "instead_of": "原按自哪天起施行的规定；没有记载的不写",
    "letter": "哪份文书：编号（L1）、收件单位或文号；只有一份时可不写",
    "mode": "送达方式",
    "presumed": "来源没有送达日，以制发日代",
    "grounds": "异议的理由",
    "received_on": "收到日（on 是寄出日）",
    "official_no": "文号，照办案系统填写",
    "stance": "回复的态度",
    "summary": "摘要",
    "promises": "承诺：做什么（what）、何时完成（by）",
    "plan": "整改方案",
    "objective_reason": "难以按期整改的客观原因",
    "final_on": "整改完毕的日期",
    "stages": "阶段：做什么（what）、何时完成（by）",
    "next_check_on": "下次检查的日期",
    "node": "方案的哪一个日期；不写即最早未核查的",
    "on_track": "是否按方案进行",
    "item": "整改事项",
    "milestone": "步骤",
    "passed": "是否通过",
    "promise": "承诺的编号（show 可以查到）",
    "to": "转给哪个单位",
    "held": "整改是否保持",
    "event": "什么事",
    "actor": "谁",
    "document": "文书",
    "recipients": "收件单位",
    "text": "文书内容",
    "urgent": "是否紧急",
    "reply_within": "回复期限，如 15日、10个工作日",
    "objection_within": "异议期，如 10日",
    "replaces": "取代哪份文书",
    "upheld": "异议是否成立",
    "reply": "哪次回复（事实编号）；只有一次未评估时可不写",
    "substance": "评估结论",
    "manner": "督促的方式",
    "rung": "层级",
    "deadline": "哪个期限，如 L1/jy.reply",
    "order": "文书",
    "by_period": "延长多久，如 1个月",
    "outcome": "结案方式",
    "look_back_on": "回头看的日期，可有多个",
    "handler": "新的承办人",
    "liaison": "新的本院联络员",
    "fact": "哪件事实（编号）",
    "id": "编号",
    "what": "内容",
    "kind": "种类",
    "milestones": "步骤；不写即按种类",
    "area_m2": "面积（平方米，只写数字）",
    "by": "何人；承诺、方案的阶段里是日期",
    "subject": "事由",
    "source": "线索来源",
    "facts": "查明的事实",
    "evidence": "证据",
    "harm": "危害",
    "illegality": "违法情形",
    "legal_basis": "法律依据",
    "advice": "建议内容",
    "contact_person": "联系人",
    "contact_phone": "联系电话",
    "name": "姓名或名称",
    "role": "身份",
    "body": "单位",
    "amount": "数量",
    "unit": "单位（日、个工作日、个月）",
}


_EXAMPLES: Mapping[str, Any] = {
    "note": "备注",
    "event": "现场复查",
    "actor": "永安市自然资源局",
    "promise": "reply-1#1",
    "item": "弃土清运",
    "fact": "reply_received-0123456789ab",
    "deadline": "L1/jy.reply",
    "order": "文书",
    "to": "永安市自然资源局",
    "recipients": ["永安市自然资源局"],
    "id": "事项1",
    "name": "张三",
    "look_back_on": ["2099-12-31"],
    "reply": "reply_received-0123456789ab",
    "letter": "L1",
    "replaces": "L1",
    "document": "D1",
    "manner": "书面",
    "liaison": "李四",
    "official_no": "永检行建〔2026〕1号",
    "reply_within": "15日",
    "objection_within": "10日",
    "by_period": "1个月",
    "amount": "15",
    "area_m2": "3200",
    "held": "true",
    "on_track": "true",
    "node": "2021-12-15",
    "passed": "true",
    "upheld": "false",
    "presumed": "true",
    "urgent": "true",
}


_IN_ONE_WORD = (Recipient, Period)


def fact_kinds() -> dict[str, type[FactBase]]:
    """The model of each kind of fact."""
    return _models(Fact)


def decision_kinds() -> dict[str, type[DecisionBase]]:
    """The model of each kind of decision; `correct` has a command of its own."""
    return {kind: model for kind, model in _models(Decision).items() if kind != "correct"}


def _models(union: Any) -> dict[str, Any]:
    return {model.model_fields["kind"].default: model for model in get_args(get_args(union)[0])}


FACT_NAMES = {kind: model.LABEL for kind, model in _models(Fact).items()}
DECISION_NAMES = {kind: model.LABEL for kind, model in _models(Decision).items()}


def names_for(case: str, names: Mapping[str, str]) -> dict[str, str]:
    """Those of the names that a case of that number takes, by its kind; all of them for what is no number of a case."""
    number = CaseId.parse(case)
    if number is None or number.kind not in FILES:
        return dict(names)
    known = messages_of(number.kind)
    return {kind: name for kind, name in names.items() if kind in known}


def kind_named(text: str, names: Mapping[str, str], what: str, case: str = "") -> str:
    """The kind that a code or a Chinese name means, of those that such a case takes; InputError with what there is."""
    known = names_for(case, names)
    for kind, name in known.items():
        if text.strip() in (kind, name):
            return kind
    number = CaseId.parse(case)
    whose = f"{number.kind.label}案件" if number and text.strip() in (*names, *names.values()) else ""
    near = get_close_matches(text, [*known, *known.values()], n=2, cutoff=0.5)
    listing = "、".join(f"{kind}（{name}）" for kind, name in known.items() if kind != "correct")
    hint = f"是不是 {'、'.join(near)}？" if near and not whose else ""
    raise InputError(Problem(f"{whose}没有“{text}”这种{what}", f"{hint}可用：{listing}", field="KIND"))


def template(model: type[FactBase] | type[DecisionBase], name: str, case: str = "") -> str:
    """A commented YAML text that can be given as it is; what may be left out stands behind a #.

    For a case of that number, only what such a case can be.
    """
    kind = model.model_fields["kind"].default
    number = CaseId.parse(case)
    terms = _terms_of(FILES[number.kind]) if number else {DocumentType: _DRAFTED}
    command = "record" if issubclass(model, FactBase) else "decide"
    lines = [
        f"# {name}（{kind}）",
        f"# 用法：mingjian {command} 案件编号 {kind} 本文件.yaml；字段也可以直接写在命令后面：字段=值",
        "# 一批多件时，每件写成列表的一项（以“- ”开头）；有一件不对，全部不收。",
        "",
        "by:                     # 记录或者决定的人；命令行有 --by、--role 时可不写",
        "  name: 张三",
        "  role: 检察官",
        *_lines(model, terms, skip=("id", "by", "kind", "paper"), indent=""),
    ]
    if issubclass(model, FactBase):
        lines += [
            "# paper: 扫描件.pdf      # 所附材料（文件）",
            "# id: 收文-2026-0001     # 自编编号，重复的只收一次",
        ]
    return "\n".join(lines) + "\n"


_Terms = Mapping[Any, tuple[LabelledEnum, ...]]
_DRAFTED = tuple(dict.fromkeys((*(each for file in FILES.values() for each in file.DOCUMENTS), *COMMON)))
"""What is drafted in a case of some kind; all other papers make themselves."""


def _terms_of(file: type[CaseFile]) -> _Terms:
    """What a case of that kind drafts, and how it can end."""
    return {DocumentType: (*file.DOCUMENTS, *COMMON), Outcome: file.OUTCOMES}


def _lines(model: type[BaseModel], terms: _Terms, *, skip: tuple[str, ...], indent: str) -> Iterator[str]:
    required = [field.is_required() for field in model.model_fields.values()]
    for name, field in model.model_fields.items():
        if name in skip:
            continue
        # Of a group in which nothing is required, all is shown: an empty group would be none.
        mark = indent if field.is_required() or not any(required) else f"{indent}# "
        wanted = bare(field.annotation)
        words = field.description or FIELD_NAMES.get(name, "")
        choices: list[str] = []
        if isinstance(wanted, type) and issubclass(wanted, StrEnum):
            choices = [getattr(term, "label", term.value) for term in terms.get(wanted, tuple(wanted))]
            words += "：" + "；".join(choices)
        if isinstance(wanted, type) and issubclass(wanted, BaseModel) and wanted not in _IN_ONE_WORD:
            yield f"{mark}{name}:  # {words}"
            yield from (f"{mark}{line}" for line in _lines(wanted, terms, skip=(), indent="  "))
        else:
            shown = field.examples[0] if field.examples else (choices or [_example(name, wanted)])[0]
            yield f"{mark}{name}: {shown}  # {words}"


def _example(name: str, wanted: Any) -> str:
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        first = next(iter(wanted))
        return str(getattr(first, "label", first.value))
    if get_origin(wanted) is tuple:
        given = _EXAMPLES.get(name)
        if given is not None:
            return f"[{', '.join(given)}]"
        inner = get_args(wanted)[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            fields = ", ".join(
                f"{each}: {field.examples[0] if field.examples else _example(each, bare(field.annotation))}"
                for each, field in inner.model_fields.items()
                if field.is_required()
            )
            return f"[{{{fields}}}]"
        return f"[{_example(name, inner)}]"
    if wanted in (date, EventDate):
        return "2021-09-15"
    if name in _EXAMPLES:
        return str(_EXAMPLES[name])
    return "3" if wanted in (int, float) else "……"
