"""What is published in the books: a file, by whom, when and why. Of the holidays of a year (公布日历) the last one holds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from models.year_files import YearFile, read_year


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file as it was published on this site. `number` counts those of its sort from 1, `at` is the moment (aware)."""

    number: int
    file: str
    text: str
    by: str
    reason: str
    at: datetime

    @property
    def name(self) -> str:
        """What the books keep it under: names sort as the numbers do."""
        return f"{self.number:06d}"

    def kept(self) -> str:
        """What the books keep: all but number and moment."""
        held = {"file": self.file, "text": self.text, "by": self.by, "reason": self.reason}
        return json.dumps(held, ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, name: str, kept: str, at: datetime) -> Self:
        """A published file as the books keep it."""
        return cls(number=int(name), at=at, **json.loads(kept))


@dataclass(frozen=True, slots=True)
class Publication(PublishedFile):
    """One year file."""

    @property
    def year(self) -> YearFile:
        """The arrangement it publishes."""
        return read_year(self.text, file=self.file)


def in_force(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """The last publication of each year, by year; `publications` stand in their order."""
    last = {each.year.year: each for each in publications}
    return tuple(last[year] for year in sorted(last))
