"""保管期限: how long a case's folder is kept once it was filed away.

《关于人民检察院诉讼档案保管期限的规定》(〔86〕高检会〔办〕字第11号), 一: “永久、长期（保管时间为六十年）、短期（保管时间为
二十年至三十年）三种”. Which of the three a case gets is decided case by case (rule `archive.keep`), with its closing, and
stands in the seal of its folder; where it was not decided, a site says it for each kind of case. An object lock knows no
“for ever”, so 永久 too is a number of years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, cast, get_args

Keeping = Literal["永久", "长期", "短期"]

KEEPING_FIELD = "Keeping-Period"
"""The field of bag-info.txt that says which class was decided for the case; not there: none was."""


@dataclass(frozen=True, slots=True)
class KeepingPeriods:
    """The years of each class, and the class of each kind of case; kinds not named are 长期."""

    years: Mapping[Keeping, int] = field(default_factory=lambda: {"永久": 100, "长期": 60, "短期": 30})
    by_kind: Mapping[str, Keeping] = field(default_factory=dict)

    def class_of(self, case_id: str, decided: str = "") -> Keeping:
        """The class of a case: the one decided for it, else that of its kind, with which its id begins."""
        for each in get_args(Keeping):
            if decided == each:
                return cast(Keeping, each)
        return self.by_kind.get(case_id.partition("-")[0], "长期")

    def kept_until(self, case_id: str, closed_in: int, decided: str = "") -> datetime:
        """The moment (UTC) up to which a case closed in that year is kept: whole years, from the next one on."""
        return datetime(closed_in + 1 + self.years[self.class_of(case_id, decided)], 1, 1, tzinfo=UTC)
