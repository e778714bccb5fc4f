"""The reference pages, made from what they describe: `python docs/reference.py` writes them into `docs/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from models.articles import sentences
from models.casefile import COMMON, SHARED_RULES, CaseFile
from models.decisions import Decision
from models.facts import Fact
from models.kinds import FILES, blank, file_of, messages_of
from models.rules import OWNERS, STATED_BY, Rule, all_rules, rule
from models.said.bases import DecisionBase, FactBase
from models.said.terms import Terms
from models.stages import STAGES
from models.terms import CaseKind
from starter.kinds import DECISION_NAMES, FACT_NAMES
from tests.scenarios.test_sentences import scenarios

_HEAD = "Generated from the code by `python docs/reference.py`; do not edit.\n"


def messages_page() -> str:
    """docs/messages.md: every fact and decision, its fields, and what it is for; by the kinds of case that take it."""
    lines = ["# Messages\n", _HEAD]
    lines.append(
        "What is said to a case. Every message has an `id`; the same id is taken once. Facts share `on`, `by`,"
    )
    lines.append("`note`, `paper`; decisions share `on`, `by`, `reason`.\n")
    taken_by = {kind: messages_of(kind) for kind in FILES}
    groups: dict[tuple[CaseKind, ...], list[type[FactBase | DecisionBase]]] = {tuple(FILES): []}
    for model in (*_members(Fact), *_members(Decision)):
        name = model.model_fields["kind"].default
        kinds = tuple(kind for kind, taken in taken_by.items() if name in taken) or tuple(FILES)
        groups.setdefault(kinds, []).append(model)
    for kinds in sorted(groups, key=lambda kinds: (kinds != tuple(FILES), [*FILES].index(kinds[0]))):
        lines += _group(kinds, groups[kinds])
    return "\n".join(lines)


def _group(kinds: tuple[CaseKind, ...], models: list[type[FactBase | DecisionBase]]) -> Iterator[str]:
    if kinds == tuple(FILES):
        yield "## Every case\n"
    else:
        yield f"## {'; '.join(f'{kind.article} {kind.label} `{kind.value}`' for kind in kinds)}\n"
    for kind in kinds if len(kinds) == 1 else ():
        asked = [model for model in _members(Terms) if model.model_fields["kind"].default == kind.value]
        for terms in asked:
            fields = ", ".join(f"`{name}`" for name in terms.model_fields if name != "kind")
            yield f"Asked at the opening, under `terms`: {fields}.\n"
    for title, base in (("Facts", FactBase), ("Decisions", DecisionBase)):
        said = [model for model in models if issubclass(model, base)]
        if said:
            yield f"### {title}\n"
            yield "| kind | 中文 | fields | meaning |"
            yield "|---|---|---|---|"
            yield from (_message_line(model) for model in said)
            yield ""


def _message_line(model: type[FactBase | DecisionBase]) -> str:
    shared = {"id", "by", "kind", "on", "note", "paper", "reason"}
    fields = ", ".join(f"`{name}`" for name in model.model_fields if name not in shared)
    meaning = (model.__doc__ or "").strip().partition("\n")[0].replace("|", "\\|")
    return f"| `{model.model_fields['kind'].default}` | {model.LABEL} | {fields or '—'} | {meaning} |"


def rules_page() -> str:
    """docs/rules.md: the rule table, for a lawyer to read beside the statutes."""
    lines = ["# 期限规则表\n", _HEAD]
    lines.append("`S` 为协作意见（明检会〔2021〕5号）本身规定，`X` 为其他法律规定，`L` 为本地约定。\n")
    section = ""
    for each in all_rules():
        if each.section != section:
            section = each.section
            lines += [f"\n## {section}\n", "| 规则 | 名称 | 期限 | 义务人 | 起算 | 依据 | 来源 |"]
            lines.append("|---|---|---|---|---|---|---|")
        lines.append(_rule_line(each))
    lines.append("")
    return "\n".join(lines)


def articles_page() -> str:
    """docs/articles.md: what became of each article: its words, its kinds of case, and the scenarios that show it."""
    shown = scenarios()
    files = {kind: file_of(blank(kind)) for kind in FILES}
    shared = [
        each
        for each in files[CaseKind.URGING].known_kinds
        if all(each in file.known_kinds for file in files.values())
    ]
    lines = ["# 各条与案件\n", _HEAD]
    lines.append(
        "Each sentence has an id (`models/articles.toml`), by which the scenarios under `tests/scenarios/` say what they show.\n"
    )
    for article in dict.fromkeys(each.article for each in sentences()):
        lines.append(f"## {article}\n")
        lines += ["| 句 | 原文 | 演示 |", "|---|---|---|"]
        for each in sentences():
            if each.article == article:
                tests = "<br>".join(f"`{name.removeprefix('test_')}`" for name in shown[each.id])
                lines.append(f"| {each.id} | {each.text} | {tests} |")
        lines.append("")
        for kind, file in files.items():
            if kind.article == article:
                lines += _kind_lines(kind, file, shared)
    lines.append("## 每类案件都有的\n")
    names = FACT_NAMES | DECISION_NAMES
    lines.append(f"- 消息：{_listed((names[each], each) for each in shared if each in names)}")
    lines.append(f"- 期限：{_listed((rule(each).name, each) for each in SHARED_RULES)}")
    lines.append(f"- 文书：{_listed((each.label, each.value) for each in COMMON)}\n")
    return "\n".join(lines)


def _kind_lines(kind: CaseKind, file: CaseFile, shared: Sequence[str]) -> list[str]:
    names = FACT_NAMES | DECISION_NAMES
    own = [(names[each], each) for each in file.known_kinds if each not in shared and each in names]
    outcomes = "、".join(each.label for each in file.OUTCOMES)
    return [
        f"### {kind.label}（`mingjian open {kind.value}`）\n",
        f"- 阶段：{_listed((each.label, each.value) for each in STAGES[kind])}",
        f"- 消息：{_listed(own)}",
        f"- 期限：{_listed((rule(each).name, each) for each in file.RULES)}",
        f"- 文书：{_listed((each.label, each.value) for each in file.DOCUMENTS)}",
        f"- 结案方式：{outcomes}\n",
    ]


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    return "、".join(f"{label} `{code}`" for label, code in pairs) or "—"


def _rule_line(rule: Rule) -> str:
    lengths = "；".join(rule.length_of(version) for version in rule.versions)
    letter = {"founding": "S", "law": "X", "local": "L"}[rule.stated_by]
    assert rule.stated_by in STATED_BY
    cells = (f"`{rule.key}`", rule.name, lengths, OWNERS[rule.owner], rule.starts_words, rule.basis, letter)
    return "| " + " | ".join(cell.replace("|", "｜") for cell in cells) + " |"


def _members(union: Any) -> tuple[Any, ...]:
    """The models of a tagged union; a union within it is one with it."""
    inner = get_args(union)[0]
    assert isinstance(inner, UnionType)
    return get_args(inner)


def main() -> None:
    """Write the pages."""
    folder = Path(__file__).parent
    (folder / "messages.md").write_text(messages_page(), encoding="utf-8")
    (folder / "articles.md").write_text(articles_page(), encoding="utf-8")
    (folder / "rules.md").write_text(rules_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
