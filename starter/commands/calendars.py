"""`mingjian calendar`: the calendar, and how a year is published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError, Problem
from starter.commands.app import ASKING, By, Json, Template, app, settings_in_force
from starter.usage import ChineseCommand, GroupThatShows

calendars = typer.Typer(cls=GroupThatShows, add_completion=False, rich_markup_mode=None)
app.add_typer(
    calendars,
    name="calendar",
    rich_help_panel=ASKING,
    help=(
        "日历：各版本，一年的放假与调休；公布新的一年（publish）。\n\n"
        "不写命令即显示：mingjian calendar 2026。公布以后，期限有变动的案件先行重算，其余随后，不必逐件办理。"
    ),
)

Wait = Annotated[bool, typer.Option("--wait", help="等到全部案件改按新日历；可以随时中断")]


@calendars.command(
    "show", cls=ChineseCommand, help="日历：各版本和历次公布，或一年的放假与调休（不写命令即此）。"
)
def show(
    year: Annotated[str, typer.Argument(metavar="YEAR", help="年份，如 2026")] = "",
    edition: Annotated[str, typer.Option("--edition", metavar="版本", help="日历版本；不写即最新")] = "",
    as_json: Json = False,
) -> int:
    from starter.calendar_pages import tell_calendar

    return tell_calendar(year, edition, as_json=as_json)


@calendars.command(
    "publish",
    cls=ChineseCommand,
    help=(
        "公布一年的放假安排：不加 --yes 只试看。\n\n"
        "先核对文件，画出这一年，列出与现行日历不同的日子，以及哪些案件的哪些期限因此移动。更正、临时放假也用它：写全一整年，后公布的为准。"
    ),
)
def publish(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="年度日历文件，如 2027.toml；--template 有样例")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="确实公布，须写明 --by、--reason")] = False,
    by: By = "",
    reason: Annotated[str, typer.Option("--reason", metavar="理由", help="依据什么公布")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="移动的期限全部写成表格文件（CSV）")
    ] = None,
    wait: Wait = False,
    template: Template = False,
    as_json: Json = False,
) -> int:
    from starter import publishing

    if template:
        print(publishing.TEMPLATE, end="")
        return 0
    if file is None:
        raise InputError(Problem("没有写明年度日历文件", "样例：--template", field="FILE"))
    if wait and not yes:
        raise InputError(Problem("--wait 只用于公布", "加 --yes", field="--wait"))
    wanted = publishing.read_publishing(file, by, reason, yes=yes)
    return publishing.tell_publishing(settings_in_force(), wanted, out=out, wait=wait, as_json=as_json)


@calendars.command(
    "progress", cls=ChineseCommand, help="公布以后办到哪里：还有多少案件、多少期限没有改按新日历。"
)
def progress(wait: Wait = False, as_json: Json = False) -> int:
    from starter.recounting import tell_progress

    return tell_progress(settings_in_force(), wait=wait, as_json=as_json)
