"""`mingjian registers`: the registers of outgoing and incoming papers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError, Problem
from starter import output
from starter.commands.app import ASKING, By, InRole, Json, app, person, settings_in_force
from starter.usage import ChineseCommand, ChineseGroup

registers = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
app.add_typer(
    registers,
    name="registers",
    rich_help_panel=ASKING,
    help=(
        "发文簿、收文簿：每份文书的编号、文号、去向，每份来文的收文号。\n\n"
        "编号不缺、不重；不再使用的，写明理由作废，仍留在簿上。"
    ),
)

County = Annotated[str, typer.Option("--county", metavar="地方", help="县、市、区的名称或代码")]
Year = Annotated[str, typer.Option("--year", metavar="年份", help="编号的年份，如 2026")]
File = Annotated[Path | None, typer.Option("--csv", metavar="文件", help="写成表格文件（CSV）")]


@registers.command(
    "out", cls=ChineseCommand, help="发文簿：编号、文号、文书、案件、收件单位、制发、送达、抄送。"
)
def out(
    county: County = "",
    year: Year = "",
    kind: Annotated[str, typer.Option("--kind", metavar="种类", help="文书的种类，如 检察建议书")] = "",
    as_json: Json = False,
    file: File = None,
) -> int:
    from starter import registers as rooms

    settings = settings_in_force()
    wanted = rooms.read_wanted(settings, "out", county, year, kind)
    return rooms.tell_outgoing(settings, wanted, as_json=as_json, file=file)


@registers.command(
    "in", cls=ChineseCommand, help="收文簿：收文号、收到日期、来文单位、内容、来文文号、案件、指纹。"
)
def in_(
    county: County = "",
    year: Year = "",
    kind: Annotated[str, typer.Option("--kind", metavar="种类", help="记为哪种事实，如 回复")] = "",
    as_json: Json = False,
    file: File = None,
) -> int:
    from starter import registers as rooms

    settings = settings_in_force()
    wanted = rooms.read_wanted(settings, "in", county, year, kind)
    return rooms.tell_incoming(settings, wanted, as_json=as_json, file=file)


@registers.command(
    "gaps", cls=ChineseCommand, help="缺号：发文、收文、立案各序列中缺少的编号；有缺号的退出码为 1。"
)
def gaps(
    county: County = "",
    year: Year = "",
    kind: Annotated[str, typer.Option("--kind", metavar="种类", help="文书的种类，如 检察建议书")] = "",
    as_json: Json = False,
    file: File = None,
) -> int:
    from starter import registers as rooms

    settings = settings_in_force()
    wanted = rooms.read_wanted(settings, None, county, year, kind)
    return rooms.tell_gaps(settings, wanted, as_json=as_json, file=file)


@registers.command("void", cls=ChineseCommand, help="作废编号：写明理由；编号留在簿上，不再给别的文书。")
def void(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="编号或收文号，如 350481-suggestion-2026-0001")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="理由", help="为何作废")] = "",
    by: By = "",
    role: InRole = "书记员",
    as_json: Json = False,
) -> int:
    who = person(by, role)
    problems = []
    if who is None:
        problems.append(Problem("没有写明谁作废", "加 --by 姓名", field="--by"))
    if not reason.strip():
        problems.append(Problem("没有写明为何作废", "加 --reason 理由", field="--reason"))
    if problems or who is None:
        raise InputError(problems)
    from starter import registers as rooms

    voided = rooms.void(settings_in_force(), number.strip(), reason.strip(), who.name)
    if as_json:
        output.say_json({"number": voided, "reason": reason.strip(), "by": who.name})
    else:
        output.say(f"已作废：{voided}　{reason.strip()}")
    return 0
