"""The stage of a case in words, for lists that have only its row."""

from __future__ import annotations

from models.kinds import FILES
from models.terms import CaseKind


def stage_label(kind: str, stage: str) -> str:
    """The stage of a case of that kind, in Chinese; one that this program does not know, as it is."""
    labels = {each.value: each.label for each in FILES[CaseKind(kind)].STAGES}
    return labels.get(stage, stage)
