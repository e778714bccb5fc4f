"""What workflow code must never do, what each room may import; and that the root registers every part under its name."""

from __future__ import annotations

import ast
import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, cast
from unittest.mock import create_autospec

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.converter import WorkflowSerializationContext
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import worker
from models import kinds
from models.tasks import Task
from workflows.parts.wiring import CASES, WORKFLOWS, Sandbox, plugin

ROOT = Path(__file__).parent.parent
# The fold is workflow code too: what it decides becomes commands. These rooms no workflow ever enters.
ELSEWHERE = (
    "tables",
    "settings",
    "homes",
    "calendar",
    "year_files",
    "bodies",
    "jurisdiction_file",
    "rule_files",
)
FILES = sorted(
    [
        *(ROOT / "workflows").rglob("*.py"),
        *(path for path in (ROOT / "models").rglob("*.py") if path.stem not in ELSEWHERE),
    ]
)
_CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter"}


def iterated(tree: ast.AST) -> Iterator[ast.expr]:
    """Every expression that something iterates over, or turns into a sequence."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield node.iter
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("list", "tuple", "enumerate", "zip", "map", "next", "iter") and node.args:
                yield from node.args
        elif isinstance(node, ast.Starred):
            yield node.value


def _is_set_type(annotation: ast.expr | None) -> bool:
    named = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return isinstance(named, ast.Name) and named.id in ("set", "frozenset")


def _sets_given() -> frozenset[str]:
    """Functions and properties of these files that give a set."""
    return frozenset(
        node.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and _is_set_type(node.returns)
    )


def _sets_held(tree: ast.AST) -> frozenset[str]:
    """Variables and parameters of one file that are said to be sets, or are made as sets."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and _is_set_type(node.annotation):
            names.append(node.arg)
        elif isinstance(node, ast.AnnAssign) and _is_set_type(node.annotation):
            names.append(ast.unparse(node.target))
        elif isinstance(node, ast.Assign) and is_set(node.value, frozenset()):
            names += [ast.unparse(target) for target in node.targets]
    return frozenset(names)


def is_set(expression: ast.expr, held: frozenset[str]) -> bool:
    """Whether an expression is plainly a set, or one of those that are said to be."""
    if isinstance(expression, ast.Set | ast.SetComp) or ast.unparse(expression) in held:
        return True
    called = expression.func if isinstance(expression, ast.Call) else expression
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    if isinstance(expression, ast.Call) and name in ("set", "frozenset"):
        return True
    return isinstance(called, ast.Attribute) and name in GIVEN


GIVEN = _sets_given()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_set_is_iterated(path: Path) -> None:
    """The order of a set differs from process to process: a replay would send other commands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [ast.unparse(each) for each in iterated(tree) if is_set(each, _sets_held(tree))] == []


def test_the_lint_sees_a_set() -> None:
    tree = ast.parse(
        "for x in {a, b}: pass\n[y for y in set(z)]\nlist({q for q in r})\n"
        "for letter in case.overdue_letters: pass\nlist(self.brings(message))\nsorted(self.brings(message))"
    )
    assert sum(is_set(each, _sets_held(tree)) for each in iterated(tree)) == 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_clock_and_no_chance(path: Path) -> None:
    """Workflows read the time through `CaseClock` alone; the fold is given every moment."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = [
        ast.unparse(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CLOCKS
    ]
    allowed = {"workflow.now", "self._clock.now", "self.clock.now", "self.desk.clock.now", "self.now"}
    # The rows of a case as it stands, which ask no clock.
    allowed |= {"Rows(case).now", "self.rows.now", "self._rows.now", "self.desk.rows.now"}
    assert set(called) <= allowed
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported.isdisjoint({"random", "time", "uuid", "secrets", "os"})


@pytest.mark.parametrize(
    ("room", "line", "sound"),
    [
        ("models", "", True),
        ("models", "import temporalio", False),
        ("models", "import workflows", False),
        ("workflows", "import activities", False),
        ("workflows", "import sqlmodel", False),
        ("activities", "import worker", False),
        ("activities", "import typer", False),
    ],
)
def test_each_room_knows_only_what_it_may(tmp_path: Path, room: str, line: str, sound: bool) -> None:
    """The contracts in `pyproject.toml` hold of the code as it is, and of no module with one import too many."""
    for each in ("models", "workflows", "activities", "starter"):
        shutil.copytree(ROOT / each, tmp_path / each, ignore=shutil.ignore_patterns("__pycache__"))
    for each in ("worker.py", "pyproject.toml"):
        shutil.copy(ROOT / each, tmp_path)
    if line:
        (tmp_path / room / "one_more.py").write_text(f"{line}\n")
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (linted.returncode == 0) is sound, linted.stdout + linted.stderr
    assert ("BROKEN" in linted.stdout) is not sound


def known_activities() -> list[activity._Definition]:
    world = create_autospec(worker.Adapters, instance=True)
    for part in fields(worker.Adapters):
        setattr(world, part.name, None)
    made = worker.activities(world, create_autospec(Client, instance=True))
    return [activity._Definition.must_from_callable(each) for each in made]


def test_every_task_has_an_activity_and_every_activity_is_a_task() -> None:
    names = [each.name for each in known_activities()]
    assert sorted(filter(None, names)) == sorted(task.value for task in Task)


def test_no_thread_of_an_activity_is_interrupted() -> None:
    """An exception thrown into a thread between taking a lock and the `try` after it leaves the lock held for ever."""
    assert [
        each.name for each in known_activities() if not each.is_async and not each.no_thread_cancel_exception
    ] == []


def test_every_workflow_and_message_has_a_name_of_its_own() -> None:
    from temporalio import workflow

    for kind in WORKFLOWS:
        definition = workflow._Definition.must_from_class(kind)
        assert definition.name and definition.name != kind.__name__
    case = workflow._Definition.must_from_class(WORKFLOWS[0])
    assert set(case.updates) == {"record", "decide"}
    assert set(filter(None, case.signals)) == {"fact", "edition_published", "renew"}
    assert None in case.signals, "a dynamic handler keeps what has an unknown name"
    assert {"status", "state", "check"} <= set(filter(None, case.queries))


def test_every_kind_of_case_has_its_workflow() -> None:
    """A case whose workflow no worker knows could be opened, and would wait for ever."""
    names = {workflow._Definition.must_from_class(case).name for case in CASES}
    assert [kind.value for kind in kinds.FILES if kind.value not in names] == [], "not in CASES"


def test_no_failure_type_ever_fails_a_case_for_ever() -> None:
    for path in [*(ROOT / "workflows").rglob("*.py"), ROOT / "worker.py"]:
        assert "failure_exception_types" not in path.read_text(encoding="utf-8")
    assert plugin().name() == "mingjian"


@pytest.mark.parametrize(
    ("line", "sound"), [("import json", True), ("from models import terms", True), ("import sqlmodel", False)]
)
@pytest.mark.asyncio
async def test_a_forgotten_import_is_an_error_when_the_worker_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, sound: bool
) -> None:
    """Not passed through, a heavy module costs half a second and 17 MB a case, silently."""
    name = f"forgetful_{line.rpartition(' ')[2]}"
    (tmp_path / f"{name}.py").write_text(
        f"from temporalio import workflow\n{line}\n\n\n@workflow.defn\nclass Forgetful:\n"
        "    @workflow.run\n    async def run(self) -> None:\n        pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    forgetful = importlib.import_module(name).Forgetful
    definition = workflow._Definition.must_from_class(forgetful)
    runner = Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules("models"))
    if sound:
        runner.prepare_workflow(definition)
    else:
        with pytest.raises(Exception, match="sqlmodel"):
            runner.prepare_workflow(definition)


def test_whose_a_payload_is_is_asked_once_of_a_workflow_and_each_time_of_a_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A codec that binds payloads to their case or activity must see each under its own."""
    asked: list[object] = []

    class Inner:
        def get_serialization_context(self, command_info: object) -> object:
            asked.append(command_info)
            return WorkflowSerializationContext(namespace="n", workflow_id=f"of {command_info}")

    monkeypatch.setattr(SandboxedWorkflowRunner, "create_instance", lambda runner, details: Inner())
    instance: Any = Sandbox().create_instance(cast(Any, None))
    seen = [instance.get_serialization_context(info).workflow_id for info in (None, None, "a", "a", None)]
    assert seen == ["of None", "of None", "of a", "of a", "of None"]
    assert asked == [None, "a", "a"]
