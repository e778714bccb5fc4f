"""What a report of a period says, block by block."""

from __future__ import annotations

from models.general_papers import FormTable
from models.paper_parts import chinese_date, chinese_number
from models.reporting.paper import PeriodReport, ReportChart
from models.wording import (
    Block,
    Cell,
    Chart,
    ChartBar,
    Family,
    Gap,
    Heading,
    Pair,
    Paragraph,
    Table,
    Wording,
    lines,
    need,
    paragraphs,
    said,
)


def period_report(paper: PeriodReport) -> Wording:
    """The head with period and day of counting, then its parts, numbered."""
    counted = f"统计至{chinese_date(paper.dated)}" if paper.dated else Gap("成文日期")
    body: list[Block] = [Pair(said("统计期间：", need(paper.period, "统计期间")), (counted,))]
    for number, section in enumerate(paper.sections, 1):
        body.append(Heading(said(f"{chinese_number(number)}、", need(section.heading, "小标题"))))
        body += [Paragraph((each,)) for each in section.sentences]
        if section.chart is not None and section.chart.rows:
            body.append(_drawn(section.chart))
        if section.table is not None and section.table.rows:
            body.append(_table(section.table))
    if not paper.sections:
        body += paragraphs("", "内容")
    issuer, name = need(paper.issuer, "制发单位"), (need(paper.name, "名称"),)
    return Wording(Family.INTERNAL, issuer, name, paper.subject, "", tuple(body))


def _drawn(chart: ReportChart) -> Chart:
    longest = max((sum(row.values) for row in chart.rows), default=0) or 1
    bars = tuple(
        ChartBar(row.name, tuple(value / longest for value in row.values), row.told) for row in chart.rows
    )
    return Chart(chart.caption, chart.legend, bars, has_bad_end=chart.has_bad_end)


def _table(table: FormTable) -> Table:
    heads = tuple(Cell(((head,),), is_label=True) for head in table.heads)
    rows = tuple(tuple(Cell(lines(text)) for text in row) for row in table.rows)
    return Table(table.widths, (heads, *rows), has_header=True, is_small=True)
