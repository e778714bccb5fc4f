"""The reference pages, made from what they describe: `python docs/reference.py` writes them into `docs/`."""

from __future__ import annotations

from pathlib import Path
from types import UnionType
from typing import Any, get_args

from models.decisions import Decision
from models.facts import Fact
from models.rules import OWNERS, STATED_BY, Rule, all_rules
from models.wire import Wire

_HEAD = "Generated from the code by `python docs/reference.py`; do not edit.\n"


def messages_page() -> str:
    """docs/messages.md: every fact and decision, its fields, and what it is for."""
    lines = ["# Messages\n", _HEAD]
    lines.append("What is said to a case. Every message has an `id`; the same id is taken once.\n")
    for title, union in (("Facts", Fact), ("Decisions", Decision)):
        lines += [f"## {title}\n", "| kind | fields | meaning |", "|---|---|---|"]
        for model in _members(union):
            shared = {"id", "by", "kind", "on", "note", "paper", "reason"}
            fields = ", ".join(f"`{name}`" for name in model.model_fields if name not in shared)
            kind = model.model_fields["kind"].default
            meaning = (model.__doc__ or "").strip().partition("\n")[0].replace("|", "\\|")
            lines.append(f"| `{kind}` | {fields or '—'} | {meaning} |")
        lines.append("")
    lines.append("Facts share `on`, `by`, `note`, `paper`; decisions share `on`, `by`, `reason`.\n")
    return "\n".join(lines)


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


def _members(union: Any) -> tuple[type[Wire], ...]:
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
