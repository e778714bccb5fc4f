"""How a scenario says which sentences of the founding document it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

Scenario = TypeVar("Scenario", bound=Callable[..., Any])


def shows(*sentences: str) -> Callable[[Scenario], Scenario]:
    """Mark a scenario with the ids (`models/articles.toml`) of the sentences that it shows."""
    return pytest.mark.shows(*sentences)


def shown_by(scenario: Callable[..., Any]) -> tuple[str, ...]:
    """The ids that a scenario is marked with."""
    marks = getattr(scenario, "pytestmark", ())
    return tuple(str(id) for mark in marks if mark.name == "shows" for id in mark.args)
