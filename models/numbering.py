"""Case ids, `<kind>-<行政区划码>-<year>-<number>`, and what is named after them: the one place that makes and reads them."""

from __future__ import annotations

import re
from typing import NamedTuple

from models.terms import CaseKind

_KINDS = {kind.value: kind for kind in CaseKind}
_CASE_ID = re.compile(r"([a-z_]+)-(\d{6})-(\d{4})-(\d{4,})")
_SUPPLEMENT = re.compile(rf"({_CASE_ID.pattern})-[0-9a-f]{{8}}")

_OWN_NUMBER = "/number/"

BRACKETS = str.maketrans("〔【［（(", "[[[[[") | str.maketrans("〕】］）)", "]]]]]")
"""Brackets of every shape to one: 〔2021〕, [2021] and （2021） are the same."""


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
        if match is None or match[1] not in _KINDS:
            return None
        return cls(_KINDS[match[1]], match[2], int(match[3]), int(match[4]))


def filing_id(case: str, run: str) -> str:
    """The id of the workflow that files a case away once that run of it has ended."""
    return f"{case}/filing/{run}"


def supplement_id(case: str, run: str) -> str:
    """The folder of what a run left that ended after its case had been sealed (a case that was reset, say)."""
    return f"{case}-{run[:8]}"


def case_of_supplement(folder: str) -> str:
    """The case that such a folder belongs to; empty for another folder."""
    match = _SUPPLEMENT.fullmatch(folder)
    return match[1] if match else ""


def own_number_key(kind: CaseKind, number: str) -> str:
    """The key, in the number book, of a case that its office numbered itself (自编案号)."""
    return f"{kind.value}{_OWN_NUMBER}{number}"


def own_number(key: str) -> str:
    """The number that an office gave a case itself, from the case's key in the number book; empty when it gave none."""
    kind, found, number = key.partition(_OWN_NUMBER)
    return number if found and kind in _KINDS else ""
