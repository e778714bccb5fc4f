"""The search attributes of a case: codes only, no names, no places, no 文号 (design: those live in encrypted payloads)."""

from __future__ import annotations

from typing import Any

from models.casefile import CaseFile

ATTRIBUTES: dict[str, str] = {
    "CaseKind": "Keyword",
    "CaseStage": "Keyword",
    "County": "Keyword",
    "Agency": "KeywordList",
    "NextDueAt": "Datetime",
    "IsOverdue": "Bool",
    "IsProvisional": "Bool",
    "IsFocus": "Bool",
}


def attribute_values(case: CaseFile) -> dict[str, Any]:
    """The value of each attribute; a next due *day*, whose 24:00 in China the workflow turns into a moment; None unsets."""
    running = case.deadlines.running()
    days = [day for counted in running if (day := counted.last_day) is not None]
    codes = dict.fromkeys(letter.recipient.code for letter in case.letters if letter.recipient.code)
    return {
        "CaseKind": case.opening.kind.value,
        "CaseStage": case.stage.value,
        "County": case.opening.county,
        "Agency": list(codes),
        "NextDueAt": min(days, default=None),
        "IsOverdue": bool(case.overdue_letters),
        "IsProvisional": any(counted.provisional for counted in running),
        "IsFocus": case.opening.matter.is_focus,
    }
