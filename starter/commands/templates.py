"""`mingjian templates`: the templates of papers, and how a site adopts its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from starter.commands.app import ASKING, By, Json, app, settings_in_force
from starter.usage import ChineseCommand, GroupThatShows

templates = typer.Typer(cls=GroupThatShows, add_completion=False, rich_markup_mode=None)
app.add_typer(
    templates,
    name="templates",
    rich_help_panel=ASKING,
    help="文书模板：现用的、历次采用的；写出（export）、采用改好的（adopt）。不写命令即列出。",
)


@templates.command("show", cls=ChineseCommand, help="文书模板的名称，历次采用（不写命令即此）。")
def show(as_json: Json = False) -> int:
    from starter.templates import tell_templates

    return tell_templates(settings_in_force(), as_json=as_json)


@templates.command("export", cls=ChineseCommand, help="把现用的模板写进一个新文件夹，供修改。")
def export(folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新文件夹")]) -> int:
    from starter.templates import export as write

    return write(settings_in_force(), folder)


@templates.command(
    "adopt",
    cls=ChineseCommand,
    help=(
        "采用本地改好的模板：不加 --yes 只试看。\n\n"
        "先把各种文书的空白样张都排一遍，应有的内容少印一处也不采用。成文日期在施行之日以后的文书用新模板，已经制发的不动。"
    ),
)
def adopt(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="改好的模板（.typ），不改的不必放")],
    since: Annotated[str, typer.Option("--from", metavar="日期", help="施行之日；不写即今天")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="确实采用，须写明 --by、--reason")] = False,
    by: By = "",
    reason: Annotated[str, typer.Option("--reason", metavar="理由", help="依据什么采用")] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="样张写到哪里")] = None,
    as_json: Json = False,
) -> int:
    from starter.templates import read_adopting, tell_adopting

    wanted = read_adopting(folder, since, by, reason, yes=yes)
    return tell_adopting(settings_in_force(), wanted, out=out, as_json=as_json)
