"""`mingjian rules`: the rules, and how a new version of one is adopted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError, Problem
from starter import completing
from starter.commands.app import (
    ASKING,
    By,
    InRole,
    Json,
    Template,
    app,
    at_office,
    person,
    settings_in_force,
)
from starter.usage import ChineseCommand, GroupThatShows

rules = typer.Typer(cls=GroupThatShows, add_completion=False, rich_markup_mode=None)
app.add_typer(
    rules,
    name="rules",
    rich_help_panel=ASKING,
    help=(
        "规则：全部期限规则，一条的依据和历次版本；采用新的规定（adopt、move）。\n\n"
        "不写命令即显示：mingjian rules coop.reply。新规定自施行之日起用于新起算的期限；已经计算的期限不会自己移动。"
    ),
)

Out = Annotated[Path | None, typer.Option("--out", metavar="文件", help="全部写成表格文件（CSV）")]
Reason = Annotated[str, typer.Option("--reason", metavar="理由", help="依据什么这样决定")]


@rules.command(
    "show",
    cls=ChineseCommand,
    help="规则：全部期限规则和历次采用，或一条的依据、起算、延长、历次版本（不写命令即此）。",
)
def show(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="规则，如 coop.reply", autocompletion=completing.rules)
    ] = "",
    as_json: Json = False,
) -> int:
    from starter.law import tell_rules

    return tell_rules(key, as_json=as_json)


@rules.command(
    "adopt",
    cls=ChineseCommand,
    help=(
        "采用新的规定（期限、提醒、宽限）：不加 --yes 只试看。\n\n"
        "先核对文件，列出与现行规定的不同、进行中的相关期限和按新规定的届满日。采用以后，施行之日起新起算的期限按新规定，"
        "文书也照此写明；已经计算的期限都不动，要改的另用 mingjian rules move。"
    ),
)
def adopt(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="规则采用文件（TOML）；--template 有样例")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="确实采用，须写明 --by、--reason")] = False,
    by: By = "",
    reason: Reason = "",
    out: Out = None,
    template: Template = False,
    as_json: Json = False,
) -> int:
    from models.adoptions import TEMPLATE
    from starter.adopting import read_adopting, tell_adopting

    if template:
        print(TEMPLATE, end="")
        return 0
    if file is None:
        raise InputError(Problem("没有写明规则采用文件", "样例：--template", field="FILE"))
    wanted = read_adopting(file, by, reason, yes=yes)
    return tell_adopting(settings_in_force(), wanted, out=out, as_json=as_json)


@rules.command(
    "move",
    cls=ChineseCommand,
    help=(
        "让进行中的期限改按采用的新规定计算：不加 --yes 只试看。\n\n"
        "每个期限是一次决定，由谁、为什么记入该案的记录，mingjian show --why 看得到改前改后。重复执行只改还没有改的。"
    ),
)
def move(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="第几次采用，如 1；mingjian rules 列出历次采用")
    ],
    case: Annotated[
        list[str] | None,
        typer.Option("--case", metavar="CASE", help="只改这件（可写多次）", autocompletion=completing.cases),
    ] = None,
    rule: Annotated[
        str,
        typer.Option("--rule", metavar="KEY", help="只改这条规则的期限", autocompletion=completing.rules),
    ] = "",
    begun_since: Annotated[
        bool, typer.Option("--begun-since", help="只改施行之日以后起算的（采用晚于施行时）")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="确实改，须写明 --by、--role、--reason")] = False,
    by: By = "",
    role: InRole = "",
    reason: Reason = "",
    out: Out = None,
    as_json: Json = False,
) -> int:
    from starter import rule_moves

    decider = person(by, role)
    wanted = rule_moves.read_moving(
        number, case or [], rule, decider, reason, begun_since=begun_since, yes=yes
    )
    settings = settings_in_force()
    plan = rule_moves.Plan(settings, wanted)
    if as_json:
        rule_moves.write_plan(plan, out)
    else:
        rule_moves.tell_plan(plan, out=out)
    if not yes or decider is None:
        if as_json:
            rule_moves.tell_moved_nothing(plan)
        else:
            rule_moves.tell_dry(wanted)
        return 0
    moved = at_office(settings, lambda office: rule_moves.move(office, plan, decider, wanted.reason))
    return rule_moves.tell_moved(moved, as_json=as_json)
