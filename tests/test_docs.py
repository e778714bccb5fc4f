"""The documents say what is so: links lead somewhere, commands exist, every decision is listed, nothing names this workplace."""

from __future__ import annotations

import re
import runpy
import shlex
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer

from models.bodies import Jurisdiction
from models.decisions import DECISIONS
from models.facts import FACTS
from models.jurisdiction_file import parse
from models.rules import all_rules
from models.rules import rule as known_rule
from models.terms import CaseKind
from models.wire import Person
from models.year_files import read_year
from starter import main as script
from starter.case_files import kind_of_case, read_cases
from starter.commands.app import app, person
from starter.kinds import DECISION_NAMES, FACT_NAMES, kind_named
from starter.message_files import given_as, read_decisions, read_facts
from tests.console_blocks import Command, WrittenFile, blocks

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
COMMANDS = [step for page in PAGES for step in blocks(page) if isinstance(step, Command) and step.is_script]
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
    stale = [
        name
        for name in ("messages", "rules", "articles")
        if (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") != pages[f"{name}_page"]()
    ]
    assert stale == [], "write them anew: python docs/reference.py"


# ── the script, as the documents show it ─────────────────────────────────────────────────────────────────────────────


def verbs() -> dict[str, Any]:
    """The commands of the script, by name."""
    for room in script.COMMAND_ROOMS:
        import_module(f"starter.commands.{room}")
    return dict(vars(typer.main.get_command(app))["commands"])


def named(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words begin with, one of a group too, and the words behind it."""
    found, rest = verbs()[words[0]], words[1:]
    if rest and rest[0] in (inner := getattr(found, "commands", {})):
        return inner[rest[0]], rest[1:]
    return found, rest


@pytest.mark.parametrize("step", COMMANDS, ids=lambda step: f"{step.page}:{step.row}")
def test_a_shown_command_is_one_of_the_script(step: Command) -> None:
    verb = step.words[1]
    command, words = named(list(step.words[1:]))
    # A verb or an option that does not exist, or lacks its value, is an error here.
    given = command.make_context(verb, words).params
    if verb == "open":
        kind_of_case(given["kind"])
    elif verb == "due":
        known_rule(given["rule"])
    elif verb in ("record", "decide"):
        read_shown(verb, given["kind"], list(given["words"] or ()), person(given["by"], given["role"]))


def read_shown(verb: str, name: str, words: list[str], who: Person | None) -> None:
    """The fact or decision as it would be sent: its kind, fields and values are known. A file is read when it is run."""
    if name.endswith(".yaml") or any(word.endswith(".yaml") for word in words):
        return
    here, written = Jurisdiction.load(), given_as(words)
    if verb == "record":
        assert read_facts(kind_named(name, FACT_NAMES, "事实"), written, by=who, jurisdiction=here)
    else:
        assert read_decisions(kind_named(name, DECISION_NAMES, "决定"), written, by=who, jurisdiction=here)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_command_named_in_passing_exists(page: Path) -> None:
    known = verbs()
    for typed in re.findall(r"`(mingjian (?!-)[^`…]+)`", page.read_text(encoding="utf-8")):
        verb, *words = shlex.split(typed.partition(">")[0])[1:]
        assert verb in known, typed
        command, words = named([verb, *words])
        options = {option for each in command.params for option in each.opts}
        assert {word for word in words if word.startswith("--")} <= {*options, "--help"}, typed


@pytest.mark.parametrize(
    "step",
    [step for step in COMMANDS if step.words[1] == "due"],
    ids=lambda step: f"{step.page}:{step.row}",
)
def test_a_shown_count_is_what_the_script_prints(step: Command) -> None:
    screen = StringIO()
    with redirect_stdout(screen), redirect_stderr(screen):
        assert script.run(list(step.words[1:])) == 0
    assert step.is_printed_as(screen.getvalue()), screen.getvalue()


def test_the_case_files_of_the_handbook_are_right(tmp_path: Path) -> None:
    opened = []
    for step in blocks(ROOT / "docs" / "handbook.md"):
        if isinstance(step, WrittenFile) and step.text.count("\ntitle: "):
            file = tmp_path / step.name
            file.write_text(step.text, encoding="utf-8")
            opened += read_cases(CaseKind.URGING, [file], Jurisdiction.load())
    assert len(opened) == 2


def test_the_files_of_the_how_tos_are_right() -> None:
    texts = {
        page.stem: re.findall(r"^```(toml|python)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
        for page in (ROOT / "docs" / "how-to").glob("*.md")
    }
    [(_, city)] = texts["another-city"]
    assert parse(city).name == "南江市"
    [(_, year)] = texts["add-a-calendar-year"]
    assert read_year(year).year == 2027
    for language, text in texts["send-facts-from-another-system"]:
        assert language == "python"
        compile(text, "how-to", "exec")


def test_every_document_is_in_the_index() -> None:
    folder = ROOT / "docs"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = {str(page.relative_to(folder)) for page in [*folder.glob("*.md"), *folder.glob("how-to/*.md")]}
    assert pages - {"README.md"} <= set(_LINK.findall(index))


def test_the_glossary_has_the_words_of_the_design() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = {
        word
        for line in glossary.splitlines()
        if line.startswith("| ")
        for word in line.split(" | ")[1].split(", ")
    }
    assert {
        "agenda", "door", "edition", "entry", "fold", "grace", "intake tray", "journal", "mailroom", "outbox",
        "presumed service", "projection", "snapshot", "tick",
    } <= words  # fmt: skip


def test_every_picture_is_shown() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert f"pictures/{picture.name})" in text, picture.name


def test_every_kind_of_case_has_its_article() -> None:
    assert all(kind.article for kind in CaseKind)


def test_every_kind_of_case_is_in_the_overview() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [f"| {kind.article} | `{kind.value}` {kind.label} |" for kind in CaseKind]
    assert [row for row in rows if row not in readme] == []


def test_nothing_committed_names_a_machine_path() -> None:
    listed = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^[:alnum:]_./])/(work|root)/", "--", ".", ":!tests/test_docs.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert listed.stdout == ""
