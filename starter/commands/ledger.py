"""`mingjian ledger`: the ledger (台账) as a workbook: its template, the import of backlog cases, the export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError, Problem
from starter import output
from starter.commands import filters
from starter.commands.app import CASES, Json, app, at_office, settings_in_force
from starter.usage import ChineseCommand, ChineseGroup

ledger = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
app.add_typer(
    ledger,
    name="ledger",
    rich_help_panel=CASES,
    help=(
        "台账（Excel）：样表、导入以前的案件、导出。\n\n"
        "以前的案件办到哪一步都可以导入；以前制发的文书不再制作，以前过去的期限不再通知。"
    ),
)

Out = Annotated[Path, typer.Option("--out", metavar="文件", help="写成哪个文件（.xlsx）")]


@ledger.command("template", cls=ChineseCommand, help="样表：带下拉选项和填写说明。")
def template(out: Out) -> int:
    settings = settings_in_force()
    from activities.site_jurisdiction import site_jurisdiction
    from starter.ledgers.template import write_template

    write_template(out, site_jurisdiction(settings))
    output.say(f"已写成：{out}")
    return 0


@ledger.command(
    "import",
    cls=ChineseCommand,
    help=(
        "导入台账：先逐行核对，列出全部问题；加 --yes 才立案。\n\n"
        "有一行有误即全部不立；加 --skip-bad 只立无误的，有误的写回“…-有误.xlsx”。"
        "中断以后再运行同一命令，从断处继续；重复导入不会重复立案。"
    ),
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="文件", help="台账（.xlsx）")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，不立案（不写 --yes 也是如此）")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="确实立案")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="跳过有误的案件")] = False,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="谁录入；不写即各案承办人")] = "",
    as_json: Json = False,
) -> int:
    if yes and dry_run:
        raise InputError(Problem("--dry-run 与 --yes 只能选一样", "去掉一个", field="--yes"))
    from starter.ledgers import telling

    wanted = telling.Wanted(file, by.strip(), starts=yes, skips_bad=skip_bad)
    return telling.tell_import(settings_in_force(), wanted, as_json=as_json)


@ledger.command("export", cls=ChineseCommand, help="导出台账：案件、文书、期限各一个表；条件与 list 相同。")
@filters.choosing
def export(
    out: Out,
    wanted: filters.Wanted,
    as_json: Json = False,
) -> int:
    from starter import listing
    from starter.doors import aside
    from starter.ledgers import exporting

    settings = settings_in_force()
    chosen = listing.read_filter(settings, wanted)
    if wanted.campaign:
        from starter.campaigns import attached_to

        cases = at_office(settings, lambda office: attached_to(office, wanted.campaign))
        chosen = replace(chosen, attached=cases)
    number = exporting.export(settings, out, chosen)
    if as_json:
        output.say_json({"file": str(out), "cases": number})
    else:
        output.say(f"已导出 {number} 件：{out}{aside(settings)}")
    return 0
