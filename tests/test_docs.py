"""The documents say what is so: links lead somewhere, commands exist, every decision is listed, nothing names this workplace."""

from __future__ import annotations

import re
import runpy
import subprocess
from pathlib import Path

import pytest

from models.messages import DECISIONS, FACTS
from models.rules import all_rules
from models.terms import CaseKind

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in _LINK.findall(text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_names_only_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)\b", readme))
    assert {"demo", "test", "up", "check"} <= named
    assert named <= targets


def test_every_decision_page_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in folder.glob("*.md")} - {"README.md"}
    assert pages == set(re.findall(r"\(([a-z-]+\.md)\)", index))


def test_the_reference_names_every_message_and_every_rule() -> None:
    messages = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    for adapter in (FACTS, DECISIONS):
        for kind in adapter.json_schema()["discriminator"]["mapping"]:
            assert f"`{kind}`" in messages, kind
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    for rule in all_rules():
        assert f"`{rule.key}`" in rules, rule.key


def test_the_generated_pages_are_up_to_date() -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "reference.py"))
    for name in ("messages", "rules"):
        assert (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") == pages[f"{name}_page"]()


def test_every_kind_of_case_has_its_article() -> None:
    assert all(kind.article for kind in CaseKind)


def test_nothing_committed_names_a_machine_path() -> None:
    listed = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^[:alnum:]_./])/(work|root)/", "--", ".", ":!tests/test_docs.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert listed.stdout == ""
