"""The table that somebody reckoned by hand from the shipped cases, and what a rehearsal says otherwise.

`starter/published/expected.yaml` has a row for each recipient of each letter that its source dates, and says for every other
shipped case why it has none. It is never generated and never corrected to please the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from models.errors import InputError, Problem
from starter.rehearsing.report import LetterDeadline, Rehearsed

PUBLISHED = Path(__file__).parents[1] / "published"
TABLE = PUBLISHED / "expected.yaml"

_FIELDS = {
    "rule": "规则",
    "presumed": "送达日推定",
    "due": "届满",
    "due_from": "最早届满",
    "due_to": "最迟届满",
    "met": "回复",
    "days_late": "迟延天数",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the table and a rehearsal say differently."""

    case: str
    recipient: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.case}　{self.recipient}：{self.what}" if self.recipient else f"{self.case}：{self.what}"
        )


def expected_rows(path: Path = TABLE) -> dict[str, list[dict[str, Any]]]:
    """The rows of the table by case; a case that the table says has none has an empty list. InputError if unreadable."""
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows: dict[str, list[dict[str, Any]]] = {row["case"]: [] for row in table["without_rows"]}
        for row in table["rows"]:
            rows.setdefault(row["case"], []).append(row)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise InputError(
            Problem(f"期望表读不懂：{error!r}", "与版本库中的原表核对", file=str(path))
        ) from None
    return rows


def differences(
    rehearsed: Iterable[Rehearsed], expected: Mapping[str, list[dict[str, Any]]]
) -> list[Difference]:
    """Row by row, in both directions: what the table expects, and what it does not."""
    found: list[Difference] = []
    for case in rehearsed:
        if case.case not in expected:
            found.append(Difference(case.case, "", "期望表没有这个案例"))
            continue
        left = list(case.deadlines)
        for row in expected[case.case]:
            mine = next(
                (
                    each
                    for each in left
                    if (each.recipient, each.started_on) == (row["recipient"], row["start"])
                ),
                None,
            )
            if mine is None:
                found.append(
                    Difference(case.case, row["recipient"], f"期望有自 {row['start']} 起算的期限，演练没有")
                )
                continue
            left.remove(mine)
            found += _differences(case.case, row, mine)
        found += [
            Difference(case.case, each.recipient, f"演练多出自 {each.started_on} 起算的期限（{each.rule}）")
            for each in left
        ]
    return found


def _differences(case: str, row: Mapping[str, Any], mine: LetterDeadline) -> list[Difference]:
    got: dict[str, Any] = {
        "rule": mine.rule,
        "presumed": mine.presumed,
        "due": mine.due_on or None,
        "due_from": mine.due_from or None,
        "due_to": mine.due_to or None,
        "met": mine.met_on or None,
        "days_late": mine.days_late,
    }
    return [
        Difference(case, row["recipient"], f"{name}期望 {_shown(row.get(key))}，演练得 {_shown(got[key])}")
        for key, name in _FIELDS.items()
        if row.get(key) != got[key]
    ]


def _shown(value: Any) -> str:
    if value is None:
        return "无"
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
