"""`mingjian agencies`: bodies, and how a change of agencies is adopted and running cases follow it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import InputError, Problem, Refusal, Unreachable
from starter import completing
from starter.commands.app import ASKING, By, InRole, Json, Template, app, at_office, person, settings_in_force
from starter.usage import ChineseCommand, GroupThatShows

if TYPE_CHECKING:
    from starter.agency_following import Followed

agencies = typer.Typer(cls=GroupThatShows, add_completion=False, rich_markup_mode=None)
app.add_typer(
    agencies,
    name="agencies",
    rich_help_panel=ASKING,
    help=(
        "单位与机构变动：现有单位及曾用名；机构改名、合并、撤销（adopt）。\n\n"
        "不写命令即显示：mingjian agencies 永安市国土资源局。采用以后，新案自生效之日起按它办理；在办案件不动，"
        "移交另行决定（move）。"
    ),
)

Yes = Annotated[bool, typer.Option("--yes", help="确实办理，须写明谁、依据什么；不加只试看")]
Reason = Annotated[str, typer.Option("--reason", metavar="理由", help="依据什么")]
Out = Annotated[Path | None, typer.Option("--out", metavar="文件", help="所涉文书全部写成表格文件（CSV）")]


@agencies.command(
    "show",
    cls=ChineseCommand,
    help="历次机构变动、现有单位；或者一个名称、代码现在是哪个单位（不写命令即此）。",
)
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="单位的名称或代码，现在的或者以前的")] = "",
    as_json: Json = False,
) -> int:
    from starter.agencies import tell_agencies

    return tell_agencies(settings_in_force(), name, as_json=as_json)


@agencies.command(
    "adopt",
    cls=ChineseCommand,
    help=(
        "采用一份机构变动：不加 --yes 只试看。\n\n"
        "先核对文件，列出单位前后的变化，以及哪些在办案件的哪些文书、期限涉及这些单位。更正用 replaces，另写一份。"
    ),
)
def adopt(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="机构变动文件（TOML）；--template 有样例")
    ] = None,
    yes: Yes = False,
    by: By = "",
    reason: Reason = "",
    out: Out = None,
    template: Template = False,
    as_json: Json = False,
) -> int:
    from starter import agencies as rooms

    if template:
        print(rooms.TEMPLATE, end="")
        return 0
    if file is None:
        raise InputError(Problem("没有写明机构变动文件", "样例：--template", field="FILE"))
    wanted = rooms.read_adopting(file, by, reason, yes=yes)
    return rooms.tell_adopting(settings_in_force(), wanted, out=out, as_json=as_json)


@agencies.command(
    "move",
    cls=ChineseCommand,
    help=(
        "在办案件随机构变动移交：未了结的文书改由承继单位办理，期限不变。不加 --yes 只试看。\n\n"
        "逐件（--case）或者全部（--all）；可以重复，不会重复记录。案件不同意的说明原因，其余照办。"
    ),
)
def move(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="第几号变动，见 mingjian agencies")],
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case", metavar="CASE", help="只移交这件（可写多次）", autocompletion=completing.cases
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="移交试看所列的全部案件")] = False,
    yes: Yes = False,
    by: By = "",
    role: InRole = "",
    reason: Reason = "",
    out: Out = None,
    as_json: Json = False,
) -> int:
    from activities.site_jurisdiction import site_jurisdiction
    from starter import agency_moves as rooms
    from starter.agencies import check_who
    from starter.csv_tables import write_csv
    from starter.output import remark, say, say_json

    problems: list[Problem] = []
    check_who(by.strip(), reason.strip(), problems, needed=yes)
    if case and everything:
        problems.append(Problem("--case 与 --all 只能选一样", "去掉其一", field="--all"))
    if yes and not (case or everything):
        problems.append(Problem("没有写明移交哪些案件", "加 --case 案件，或者 --all", field="--all"))
    if problems:
        raise InputError(problems)
    who = person(by, role)
    settings = settings_in_force()
    change = rooms.numbered(settings, number)
    jurisdiction = site_jurisdiction(settings)
    found = rooms.of_cases(rooms.followers(settings, jurisdiction, change.number), case or ())
    if out is not None:
        write_csv((each.row() for each in found), rooms.COLUMNS, out)
        remark(f"已写入 {out}，共 {len(found)} 行。")
    if not yes or who is None:
        return rooms.tell_dry(change, found, case or (), as_json=as_json)
    wanted = [each for each in found if each.heir is not None]
    if not wanted:
        say_json({"moved": 0}) if as_json else say("没有可以移交的。")
        return 0
    from starter.agency_following import follow

    done = at_office(settings, lambda office: follow(office, jurisdiction, wanted, who, reason.strip()))
    return _tell_done(done, as_json=as_json)


def _tell_done(done: Followed, *, as_json: bool) -> int:
    """What became of each letter; then Refusal or Unreachable with those that did not move."""
    from starter.output import say, say_json

    for how, word, each in [
        *(("moved", "已移交", each) for each in done.moved),
        *(("known", "已移交过", each) for each in done.known),
    ]:
        row = each.row()
        if as_json:
            say_json({**row, "how": how})
        else:
            say(f"{word}：{row['case']} {row['letter']}　{row['recipient']} → {row['heir']}")
    if done.missed:
        again = Problem(f"{len(done.missed)} 份没有移交，其余已经办理", "更正后重复同一命令，不会重复记录")
        raise (Unreachable if done.unheard else Refusal)([*done.missed, again])
    return 0
