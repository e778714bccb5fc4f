"""`mingjian report`: the figures of a period."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from starter.commands.app import ASKING, Json, command, settings_in_force


@command(
    ASKING,
    "统计：一个月、一个季度、一年的情况通报和统计表。\n\n"
    "--out 写出《情况通报》《统计表》（PDF）和统计表（.xlsx，各项含义、每个数后面的案件清单）；已有同名文件的，换成新的。\n\n"
    "日期只知到月、年的，全部落在期内才计入；跨越期间的单列为“日期不确知”。",
)
def report(
    period: Annotated[str, typer.Argument(metavar="期间", help="2026-09、2026-Q3 或 2026")],
    county: Annotated[
        str, typer.Option("--county", metavar="地方", help="县、市、区的名称或代码；不写即全市")
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="文件写到哪里")] = None,
    figure: Annotated[
        str, typer.Option("--figure", metavar="指标", help="只列出这个指标后面的案件，如 逾期回复")
    ] = "",
    as_json: Json = False,
) -> int:
    settings = settings_in_force()
    from starter import reports as rooms

    wanted = rooms.read_wanted(settings, period, county, out, figure)
    return rooms.tell_report(settings, wanted, as_json=as_json)
