"""What `mingjian report` says, as JSON and in its workbook, made ready to be compared figure by figure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

Figures = dict[str, float | None]


@dataclass
class Comparison:
    """Reports against the recount: `recounted` by period (first day/last day), county ("": the city) and figure."""

    recounted: dict[str, dict[str, Figures]]
    apart: list[str] = field(default_factory=list)
    figures: int = 0
    not_nought: int = 0
    files: int = 0
    seconds: float = 0.0
    _keys: set[str] = field(default_factory=set)
    _counted: set[str] = field(default_factory=set)

    def add(self, name: str, span: str, county: str, told: Told) -> None:
        """One report, of a county or of the city with all its counties; `name` is how its period is written."""
        of = f"{name} {county or 'city'}"
        self._against(of, told.figures, self.recounted[span].get(county, {}))
        for code, figures in told.counties.items():
            self._against(f"{of}, for {code}", figures, self.recounted[span].get(code, {}))
        missing = self.recounted[span].keys() - {"", *told.counties} if not county else set()
        self.apart += [f"{of}: nothing of {code}" for code in sorted(missing)]
        self.apart += [f"{of}: {each}" for each in told.wrong]
        self.files, self.seconds = self.files + told.files, self.seconds + told.seconds

    def _against(self, of: str, figures: Figures, again: Figures) -> None:
        self._keys |= figures.keys()
        for key in figures.keys() | again.keys():
            one, other = figures.get(key, math.nan), again.get(key, math.nan)
            self.figures += 1
            if not equal(one, other):
                self.apart.append(f"{of} {key}: report {one}, recount {other}")
            elif one:
                self.not_nought += 1
                self._counted.add(key)

    @property
    def nought(self) -> set[str]:
        """The figures for which nothing was there to count: their agreement shows little."""
        return self._keys - self._counted

    def rows(self) -> list[tuple[str, str, str, str]]:
        """For the table."""
        return [
            ("files of reports", f"{self.files:,}", f"{self.seconds:.1f}", ""),
            ("figures compared", f"{self.figures:,}", "", ""),
            ("  equal, and not nought", f"{self.not_nought:,}", "", ""),
            ("  not equal", f"{len(self.apart):,}", "", ""),
        ]


@dataclass
class Told:
    """What one report said: as JSON, and whether its workbook says the same."""

    figures: Figures
    counties: dict[str, Figures]
    files: int
    seconds: float
    wrong: list[str]

    @classmethod
    def of(cls, lines: list[Any], seconds: float) -> Told:
        """Out of what was printed."""
        figures = {each["figure"]: each["value"] for each in lines if "figure" in each}
        counties: dict[str, Figures] = {}
        for each in lines:
            for code, value in each.get("counties", {}).items():
                counties.setdefault(code, {})[each["figure"]] = value
        files = [Path(name) for each in lines for name in each.get("files", [])]
        entries = {each["figure"]: each["entries"] for each in lines if "figure" in each}
        wrong = [
            each for file in files if file.suffix == ".xlsx" for each in _against(file, figures, entries)
        ]
        return cls(figures, counties, len(files), seconds, wrong)


def _against(file: Path, figures: Figures, entries: dict[str, int]) -> list[str]:
    """What a workbook says otherwise than the same report as JSON: a figure, or how many lines its list has."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(file))
    _, heads, *rows = book.get_sheet_by_name("指标").to_python()
    lines = heads.index("清单行数")
    wrong, seen = [], set()
    for row in rows:
        key = str(row[1])
        if row[3] or key not in figures:
            continue
        seen.add(key)
        value = None if row[5] == "无" else float(str(row[5]))
        if not equal(figures[key], value) or int(float(str(row[lines]))) != entries[key]:
            wrong.append(
                f"{key}: the workbook has {row[5]} of {row[lines]} lines, not {figures[key]} of {entries[key]}"
            )
    return wrong + [f"{key}: not in the workbook" for key in figures.keys() - seen]


def equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


def periods_of(today: date) -> dict[str, str]:
    """The last quarter, the running one, and the year, as a report and as the recount wants them."""
    quarters = []
    quarter = (today.year, (today.month - 1) // 3 + 1)
    before = (today.year, quarter[1] - 1) if quarter[1] > 1 else (today.year - 1, 4)
    for year, number in (before, quarter):
        last = 31 if number in (1, 4) else 30
        quarters.append(
            (f"{year}-Q{number}", f"{year}-{3 * number - 2:02d}-01/{year}-{3 * number:02d}-{last}")
        )
    return dict([*quarters, (f"{today.year}", f"{today.year}-01-01/{today.year}-12-31")])
