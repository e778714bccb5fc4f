"""情况通报 and 统计表 as papers: sections of sentences, a chart, a table. No case has them, so they bear no number of one."""

from __future__ import annotations

from typing import ClassVar, Literal

from models.general_papers import FormTable
from models.paper_parts import Frozen, Line, PaperFields, Required


class ChartRow(Frozen):
    """One bar: its name, its parts from the left, and what stands at its end."""

    name: Line
    values: tuple[float, ...]
    told: Line


class ReportChart(Frozen):
    """Bars under a caption; `legend` names the parts of a bar, where it has several. The last may be `bad`: drawn in red."""

    caption: Line
    rows: tuple[ChartRow, ...]
    legend: tuple[Line, ...] = ()
    has_bad_end: bool = False


class ReportSection(Frozen):
    """One part: its sentences, its chart, its table."""

    heading: Line
    sentences: tuple[Line, ...] = ()
    chart: ReportChart | None = None
    table: FormTable | None = None


class PeriodReport(PaperFields):
    """A report of a period. `dated` is the day up to which was counted."""

    NAME: ClassVar[str] = "统计报告"
    REQUIRED = (
        *(required for required in PaperFields.REQUIRED if required.field != "case_number"),
        Required("name", "名称"),
        Required("period", "统计期间"),
        Required("sections", "内容"),
    )

    type: Literal["period_report"] = "period_report"
    name: Line = ""
    """情况通报 or 统计表."""
    subject: Line = ""
    period: Line = ""
    sections: tuple[ReportSection, ...] = ()

    @property
    def heading(self) -> str:
        return self.name or self.NAME

    @property
    def title(self) -> str:
        return f"{self.subject}{self.heading}"
