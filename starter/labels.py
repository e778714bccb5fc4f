"""Values of rows in the words of staff."""

from __future__ import annotations

from typing import Any

from models.stages import STAGES
from models.terms import CaseKind, LabelledEnum


def label(terms: type[LabelledEnum], value: Any) -> str:
    """A value in the words of staff; as it is where they have none."""
    try:
        return terms(value).label
    except ValueError:
        return str(value)


def stage_label(kind: str, stage: str) -> str:
    """The stage of a case of that kind, in Chinese."""
    return label(STAGES[CaseKind(kind)], stage)
