"""Case ids: `<kind>-<行政区划码>-<year>-<number>`, the one place that makes and reads them."""

from __future__ import annotations

import re
from typing import NamedTuple

from models.terms import CaseKind

_CASE_ID = re.compile(r"([a-z_]+)-(\d{6})-(\d{4})-(\d{4,})")


class CaseId(NamedTuple):
    """The parts of a case id."""

    kind: CaseKind
    county: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.kind.value}-{self.county}-{self.year}-{self.number:04d}"

    @classmethod
    def parse(cls, text: str) -> CaseId | None:
        """The parts of an id, or None when it is not one."""
        match = _CASE_ID.fullmatch(text)
        if match is None or match[1] not in set(CaseKind):
            return None
        return cls(CaseKind(match[1]), match[2], int(match[3]), int(match[4]))
