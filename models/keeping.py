"""保管期限: how long a case's folder is kept once it was filed away.

《关于人民检察院诉讼档案保管期限的规定》(〔86〕高检会〔办〕字第11号), 一: “永久、长期（保管时间为六十年）、短期（保管时间为
二十年至三十年）三种”. Which of the three a case gets is decided case by case (rule `archive.keep`); here a site says
it for each kind of case. An object lock knows no “for ever”, so 永久 too is a number of years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Keeping = Literal["永久", "长期", "短期"]


@dataclass(frozen=True, slots=True)
class KeepingPeriods:
    """The years of each class, and the class of each kind of case; kinds not named are 长期."""

    years: Mapping[Keeping, int] = field(default_factory=lambda: {"永久": 100, "长期": 60, "短期": 30})
    by_kind: Mapping[str, Keeping] = field(default_factory=dict)

    def class_of(self, case_id: str) -> Keeping:
        """The class of a case, which its id tells by the kind it begins with."""
        return self.by_kind.get(case_id.partition("-")[0], "长期")

    def kept_until(self, case_id: str, closed_in: int) -> datetime:
        """The moment (UTC) up to which a case closed in that year is kept: whole years, from the next one on."""
        return datetime(closed_in + 1 + self.years[self.class_of(case_id)], 1, 1, tzinfo=UTC)
