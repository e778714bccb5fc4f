"""What a benchmark answers: a table, remarks, and the bounds that were missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Report:
    """One table, its first row the heading; `missed` names each bound that does not hold, with the figure."""

    title: str
    rows: list[tuple[str, ...]]
    remarks: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def judge(
        self, what: str, figure: float, *, at_most: float | None = None, at_least: float | None = None
    ) -> str:
        """Note a miss; the words for the table's last column."""
        bound = f"≤ {at_most:g}" if at_most is not None else f"≥ {at_least:g}"
        kept = (at_most is None or figure <= at_most) and (at_least is None or figure >= at_least)
        if not kept:
            self.missed.append(f"{what}: {figure:.4g}, promised {bound}")
        return bound if kept else f"{bound}  MISSED"

    def show(self) -> None:
        """Print it; one without rows has been printed already."""
        if not self.rows:
            return
        print(f"\n{self.title}")
        widths = [max(len(row[column]) for row in self.rows) for column in range(len(self.rows[0]))]
        for row in self.rows:
            first, *others = (text.rjust(width) for text, width in zip(row, widths, strict=True))
            print("  ".join((first.strip().ljust(widths[0]), *others)).rstrip())
        for remark in self.remarks:
            print(f"  {remark}", flush=True)


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """The median, and the lowest and highest."""
    return f"{median(values):{form}} ({min(values):{form}}–{max(values):{form}})"
