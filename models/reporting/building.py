"""The two papers of a report out of its figures: 情况通报 in sentences and charts, 统计表 in tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.general_papers import FormTable
from models.paper_parts import chinese_date
from models.reporting.figures import (
    CASES,
    FIGURES,
    LETTERS,
    REPLIES,
    REPLY,
    RIGHT,
    SECTIONS,
)
from models.reporting.paper import ChartRow, PeriodReport, ReportChart, ReportSection
from models.reporting.periods import ReportPeriod
from models.reporting.tally import WHOLE, Tally, told

CIRCULAR, TABLE = "情况通报", "统计表"

BY_COUNTY = (
    "opened",
    "closed",
    "pending",
    "letters",
    REPLY.due,
    REPLY.on_time,
    "put_right",
    "overdue",
    "copy_rate",
    "timely_rate",
    "rectified",
)
"""What is told of each county on paper and on the screen; the workbook tells everything of each."""

_CHARTED_LATE = (REPLY.on_time, REPLY.uncertain, REPLY.late, REPLY.none)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that has been counted: of which place and period, by whom, and up to which day."""

    place: str
    place_name: str
    issuer: str
    period: ReportPeriod
    counted_on: date
    tally: Tally
    only: str = ""
    """Of which cases alone it is, in words; empty where of all."""

    @property
    def dated(self) -> date:
        """The day of the papers: the last of the period, or of a period that still runs the day of counting."""
        return min(self.counted_on, self.period.last)

    @property
    def heading(self) -> str:
        return f"{self.place_name}{self.period.name}"

    @property
    def names(self) -> dict[str, str]:
        """The counties of which there is anything, by code; none where the report is of one county alone."""
        counties = dict(sorted(self.tally.counties.items()))
        return {} if set(counties) <= {self.place} else counties

    def told(self, key: str, county: str = WHOLE) -> str:
        """A figure as it is written."""
        return told(FIGURES[key], self.tally.value(FIGURES[key], county))

    def number(self, key: str, county: str = WHOLE) -> float:
        """A figure as a length."""
        return float(self.tally.value(FIGURES[key], county) or 0)


def papers(report: Report) -> tuple[PeriodReport, PeriodReport]:
    """情况通报 and 统计表."""
    return _paper(report, CIRCULAR, circular(report)), _paper(report, TABLE, table(report))


def _paper(report: Report, name: str, sections: Sequence[ReportSection]) -> PeriodReport:
    return PeriodReport(
        internal_number=f"report-{report.place}-{report.period.text}",
        issuer=report.issuer,
        dated=report.dated,
        name=name,
        subject=report.heading,
        period=f"{chinese_date(report.period.first)}至{chinese_date(report.period.last)}"
        + (f"，{report.only}" if report.only else ""),
        sections=tuple(sections),
    )


# ── 情况通报 ─────────────────────────────────────────────────────────────────────────────────────────────────


def circular(report: Report) -> list[ReportSection]:
    """Each section of figures in sentences, with the charts that show its course; nothing but nought is left out."""
    charts = {
        CASES: _by_part(report, "opened", "新收案件（按种类）"),
        LETTERS: _by_part(report, "letters", "制发文书（按种类）"),
        REPLIES: _replies(report),
        RIGHT: _by_part(report, "land", "整改土地面积（平方米，按事项种类）"),
    }
    found = []
    for section in SECTIONS:
        sentences = _sentences(report, section)
        chart = charts.get(section)
        found.append(ReportSection(heading=section, sentences=sentences, chart=chart))
    if report.names:
        found.append(
            ReportSection(heading="分地方情况", chart=_counties(report), table=_county_table(report))
        )
    return found


def _sentences(report: Report, section: str) -> tuple[str, ...]:
    """One paragraph for each figure that has parts; those that have none follow one another in one."""
    said: list[str] = []
    row: list[str] = []
    for figure in (each for each in FIGURES.values() if each.section == section):
        value = report.tally.value(figure)
        if not value and figure.key not in _ALWAYS:
            continue
        told_so = f"{figure.name}{told(figure, value)}"
        if parts := report.tally.parts(figure):
            said += [f"{'，'.join(row)}。"] if row else []
            row = []
            among = "、".join(f"{part}{told(figure, each)}" for part, each in parts.items())
            said.append(f"{told_so}，{f'均为{next(iter(parts))}' if len(parts) == 1 else f'其中{among}'}。")
        else:
            row.append(told_so)
    said += [f"{'，'.join(row)}。"] if row else []
    return tuple(said) or (f"{section.partition('（')[0]}：期内没有记录。",)


_ALWAYS = (
    "opened",
    "closed",
    "pending",
    "letters",
    REPLY.due,
    REPLY.on_time,
    REPLY.late,
    REPLY.none,
    "put_right",
    "adoption_rate",
    "copy_rate",
    "timely_rate",
    "rectified",
    "days_median",
    "days_worst",
)
"""What is told though it is nought: its absence would say nothing."""


def _by_part(report: Report, key: str, caption: str) -> ReportChart | None:
    figure = FIGURES[key]
    parts = report.tally.parts(figure)
    rows = tuple(
        ChartRow(name=part, values=(float(value or 0),), told=told(figure, value))
        for part, value in parts.items()
    )
    return ReportChart(caption=caption, rows=rows) if rows else None


def _replies(report: Report) -> ReportChart | None:
    """Of each kind of letter, how its replies came."""
    by_part = {key: report.tally.parts(FIGURES[key]) for key in _CHARTED_LATE}
    kinds = report.tally.parts(FIGURES[REPLY.due])
    rows = []
    for kind in kinds:
        numbers = [int(by_part[key].get(kind) or 0) for key in _CHARTED_LATE]
        rows.append(ChartRow(name=kind, values=tuple(map(float, numbers)), told="／".join(map(str, numbers))))
    if not rows:
        return None
    legend = ("按期", "不明", "逾期", "未回复")
    return ReportChart(caption="回复情况（按文书种类）", rows=tuple(rows), legend=legend, has_bad_end=True)


def _counties(report: Report) -> ReportChart:
    rows = []
    for code, name in report.names.items():
        values = tuple(report.number(key, code) for key in ("closed", "pending"))
        rows.append(ChartRow(name=name, values=values, told="／".join(f"{value:g}" for value in values)))
    return ReportChart(caption="办结、未结案件（按地方）", rows=tuple(rows), legend=("办结", "期末未结"))


# ── 统计表 ───────────────────────────────────────────────────────────────────────────────────────────────────


def table(report: Report) -> list[ReportSection]:
    """Every figure with its parts and its definition; then the counties."""
    found = [ReportSection(heading=section, table=_section_table(report, section)) for section in SECTIONS]
    if report.names:
        found.append(ReportSection(heading="分地方情况", table=_county_table(report)))
    return found


def _section_table(report: Report, section: str) -> FormTable:
    rows = []
    for figure in (each for each in FIGURES.values() if each.section == section):
        rows.append((figure.name, report.told(figure.key), figure.definition))
        parts = report.tally.parts(figure)
        rows += [(f"其中：{part}", told(figure, value), "") for part, value in parts.items()]
    return FormTable(heads=("指标", "数", "含义"), widths=(52, 28, 85), rows=tuple(rows))


def _county_table(report: Report) -> FormTable:
    rows = [
        (name, *(_bare(report, key, code) for key in BY_COUNTY))
        for code, name in {**report.names, WHOLE: "合计"}.items()
    ]
    heads = ("地方", *(FIGURES[key].name for key in BY_COUNTY))
    return FormTable(heads=heads, widths=(20, *([13] * len(BY_COUNTY))), rows=tuple(rows))


def _bare(report: Report, key: str, county: str) -> str:
    figure = FIGURES[key]
    return report.told(key, county).removesuffix(figure.unit if figure.unit != "%" else "")
