"""The reference pages, made from what they describe: `python docs/reference.py` writes them into `docs/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from models.decisions import Decision
from models.facts import Fact
from models.kinds import FILES, file_of
from models.messages import Opening
from models.rules import OWNERS, STATED_BY, Rule, all_rules
from models.said.bases import DecisionBase, FactBase
from models.said.terms import Terms
from models.terms import CaseKind, Role
from models.wire import Person, Recipient

_HEAD = "Generated from the code by `python docs/reference.py`; do not edit.\n"


def messages_page() -> str:
    """docs/messages.md: every fact and decision, its fields, and what it is for; by the kinds of case that take it."""
    lines = ["# Messages\n", _HEAD]
    lines.append(
        "What is said to a case. Every message has an `id`; the same id is taken once. Facts share `on`, `by`,"
    )
    lines.append("`note`, `paper`; decisions share `on`, `by`, `reason`.\n")
    taken_by = {kind: taken_kinds(kind) for kind in FILES}
    groups: dict[tuple[CaseKind, ...], list[type[FactBase | DecisionBase]]] = {tuple(FILES): []}
    for model in (*_members(Fact), *_members(Decision)):
        name = model.model_fields["kind"].default
        kinds = tuple(kind for kind, taken in taken_by.items() if name in taken) or tuple(FILES)
        groups.setdefault(kinds, []).append(model)
    for kinds in sorted(groups, key=lambda kinds: (kinds != tuple(FILES), [*FILES].index(kinds[0]))):
        lines += _group(kinds, groups[kinds])
    return "\n".join(lines)


def taken_kinds(kind: CaseKind) -> frozenset[str]:
    """The kinds of message that such a case takes by a route of its own; to correct and to sort out is common to all."""
    blank = Opening.model_construct(
        case=f"{kind.value}-000000-2021-0001",
        kind=kind,
        procuratorate=Recipient(name="人民检察院"),
        handler=Person(name="承办人", role=Role.PROCURATOR),
        opened_on=date(2021, 1, 1),
    )
    return frozenset(file_of(blank).known_kinds)


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
    for rule in all_rules():
        if rule.section != section:
            section = rule.section
            lines += [f"\n## {section}\n", "| 规则 | 名称 | 期限 | 义务人 | 起算 | 依据 | 来源 |"]
            lines.append("|---|---|---|---|---|---|---|")
        lines.append(_rule_line(rule))
    lines.append("")
    return "\n".join(lines)


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
    (folder / "rules.md").write_text(rules_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
