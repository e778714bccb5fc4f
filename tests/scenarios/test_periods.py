"""What each kind of case says of itself is what its scenarios show: the periods that run in it, its stages, its outcomes."""

from __future__ import annotations

from functools import cache

import pytest

from models.casefile import SHARED_RULES
from models.kinds import FILES
from models.terms import CaseKind
from tests.scenarios.test_on_the_server import ALL, desks_of

# What the letters of a kind bring with them, whichever of them its scenarios write.
OF_LETTERS = (
    "coop.reply",
    "coop.plan",
    "local.plan_check",
    "jy.reply",
    "jy.reply_urgent",
    "jy.objection",
    "jy.file_up",
    "pil.serve",
    "pil.reply",
    "pil.reply_urgent",
    "pil.file_up",
    "pil.prosecute",
    "ct.reply",
    "sup.court_query",
)


@cache
def periods() -> dict[CaseKind, dict[str, None]]:
    """The rules of every deadline that some scenario of a kind begins."""
    found: dict[CaseKind, dict[str, None]] = {kind: {} for kind in FILES}
    for reference in ALL:
        for desk in desks_of(reference):
            begun = found[desk.case.opening.kind]
            begun |= dict.fromkeys(each.rule for each in desk.case.deadlines.by_key.values())
    return found


@pytest.mark.parametrize("kind", FILES)
def test_the_periods_of_a_kind_are_those_that_run(kind: CaseKind) -> None:
    """`RULES` (and so docs/articles.md) names no period that never runs, and leaves out none that does."""
    run = [rule for rule in periods()[kind] if rule not in SHARED_RULES]
    own = FILES[kind]
    assert [rule for rule in run if rule not in own.RULES] == [], f"{own.__name__}.RULES leaves them out"
    assert [rule for rule in own.RULES if rule not in (*run, *OF_LETTERS)] == [], "no scenario begins them"
