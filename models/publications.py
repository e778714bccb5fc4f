"""What a site publishes once for all its workers, by whom, when and why: a year's holidays (公布日历), of which the last one of
a year holds; rules that it adopts (`models.adoptions`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from models.dates import day_in_china
from models.year_files import YearFile, read_year


@dataclass(frozen=True, slots=True)
class Publication:
    """One file as it was published on this site. `number` counts those of its sort from 1, `at` is the moment (aware)."""

    number: int
    file: str
    text: str
    by: str
    reason: str
    at: datetime

    @property
    def year(self) -> YearFile:
        """The arrangement of a year's holidays that it publishes."""
        return read_year(self.text, file=self.file)

    @property
    def day(self) -> date:
        """The day in China on which it was published."""
        return day_in_china(self.at)

    @property
    def name(self) -> str:
        """What the books keep it under: names sort as the numbers do."""
        return f"{self.number:06d}"

    def kept(self) -> str:
        """What the books keep: all but number and moment."""
        held = {"file": self.file, "text": self.text, "by": self.by, "reason": self.reason}
        return json.dumps(held, ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, name: str, kept: str, at: datetime) -> Publication:
        """A publication as the books keep it."""
        return cls(number=int(name), at=at, **json.loads(kept))


def in_force(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """The last publication of each year, by year; `publications` stand in their order."""
    last = {each.year.year: each for each in publications}
    return tuple(last[year] for year in sorted(last))
