"""What a shell is offered when staff press TAB: commands and options by typer, and here what only the house knows.

Nothing here says what is wrong, and nothing is written: whatever stands in the way, there is simply nothing to offer.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, suppress
from typing import Any, Literal, get_args

from models.errors import InputError, MingjianError, Problem

COMPLETE_VAR = "_MINGJIAN_COMPLETE"
"""The environment variable by which the shell's script asks."""

Shell = Literal["bash", "zsh", "fish", "powershell"]
_MOST = 200

Offer = list[tuple[str, str]]
"""What can stand there, and what it is."""


def script_for(shell: str) -> str:
    """What the shell has to read to complete the commands; InputError for a shell that is not known."""
    if shell not in get_args(Shell):
        raise InputError(Problem(f"不支持“{shell}”", f"可用：{'、'.join(get_args(Shell))}", field="SHELL"))
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # re-exported without saying so

    return get_completion_script(prog_name="mingjian", complete_var=COMPLETE_VAR, shell=shell)


def shells(incomplete: str) -> Offer:
    """The shells that there are scripts for."""
    return _beginning(incomplete, ((each, "") for each in get_args(Shell)))


def cases(incomplete: str) -> Offer:
    """The cases of the registry, those that are open first; only on one machine: asking a cluster's database takes too long."""
    from activities.sqlite_library import sqlite3
    from activities.walls import walls
    from models.settings import load_settings

    with suppress(MingjianError, sqlite3.Error):
        # SQLAlchemy alone takes longer to load than anybody waits for a TAB.
        settings = load_settings()
        scheme, _, path = settings.registry.partition(":///")
        if scheme == "sqlite":
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.2)) as database:
                for wall in walls(settings.reach, postgresql=False):
                    database.execute(wall)
                wanted = 'SELECT "case", title FROM cases WHERE "case" >= ? AND "case" < ?'
                wanted += ' ORDER BY closed_on IS NOT NULL, "case" LIMIT ?'
                return list(database.execute(wanted, (incomplete, f"{incomplete}\U0010fffe", _MOST)))
    return []


def kinds_of_case(incomplete: str) -> Offer:
    """The kinds of case."""
    from models.terms import CaseKind

    return _named(incomplete, ((each.value, each.label) for each in CaseKind))


def facts(ctx: Any, incomplete: str) -> Offer:
    """The facts that the case named before can be told."""
    from starter.kinds import FACT_NAMES, names_for

    known = names_for(str(ctx.params.get("case") or ""), FACT_NAMES)
    return _named(incomplete, ((kind, name) for kind, name in known.items() if kind != "correct"))


def decisions(ctx: Any, incomplete: str) -> Offer:
    """The decisions that the case named before takes."""
    from starter.kinds import DECISION_NAMES, names_for

    return _named(incomplete, names_for(str(ctx.params.get("case") or ""), DECISION_NAMES).items())


def rules(incomplete: str) -> Offer:
    """The rules by their keys."""
    from models.rules import all_rules

    return _beginning(incomplete, ((each.key, each.name) for each in all_rules()))


def _named(incomplete: str, pairs: Iterable[tuple[str, str]]) -> Offer:
    """By the code, which a shell completes; who has begun in Chinese is offered the Chinese name."""
    pairs = list(pairs)
    return _beginning(incomplete, pairs) or _beginning(incomplete, ((name, code) for code, name in pairs))


def _beginning(incomplete: str, pairs: Iterable[tuple[str, str]]) -> Offer:
    return [(value, words) for value, words in pairs if value.startswith(incomplete)]
