"""`mingjian addresses` and `mingjian mails`: who is reached where, and what became of the mails."""

from __future__ import annotations

from typing import Annotated

import typer

from models.errors import InputError, Problem
from starter.commands.app import CASES, By, Case, InRole, Json, app, at_office, person, settings_in_force
from starter.usage import ChineseCommand, ChineseGroup

addresses = typer.Typer(
    cls=ChineseGroup, invoke_without_command=True, add_completion=False, rich_markup_mode=None
)
app.add_typer(
    addresses,
    name="addresses",
    rich_help_panel=CASES,
    help=(
        "地址簿：联络员、承办人、部门的电子邮件地址。\n\n"
        "不写命令即列出。没有地址的人，邮件存为文件，写明“无地址”，由工作人员转交。"
    ),
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="姓名、单位或部门，照案件里的写法")]
OfOffice = Annotated[str, typer.Option("--office", metavar="单位", help="所在单位；不同单位有同名的人时写明")]


@addresses.callback()
def list_addresses(context: typer.Context, as_json: Json = False) -> int:
    if context.invoked_subcommand:
        return 0
    from starter.addresses import tell_addresses

    return tell_addresses(settings_in_force(), as_json=as_json)


@addresses.command("set", cls=ChineseCommand, help="登记地址；原来的地址随即作废。")
def set_(
    name: Name,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="如 name@example.gov.cn")],
    office: OfOffice = "",
    by: By = "",
    role: InRole = "书记员",
    as_json: Json = False,
) -> int:
    who = person(by, role)
    if who is None:
        raise InputError(Problem("没有写明谁登记", "加 --by 姓名", field="--by"))
    from starter.addresses import set_address

    return set_address(settings_in_force(), name, address, office, who.name, as_json=as_json)


@addresses.command("remove", cls=ChineseCommand, help="删去地址；此后给他的邮件存为文件。")
def remove(name: Name, office: OfOffice = "", as_json: Json = False) -> int:
    from starter.addresses import remove_address

    return remove_address(settings_in_force(), name, office, as_json=as_json)


mails = typer.Typer(
    cls=ChineseGroup, invoke_without_command=True, add_completion=False, rich_markup_mode=None
)
app.add_typer(
    mails,
    name="mails",
    rich_help_panel=CASES,
    help=(
        "邮件：发给谁、发出没有、为何没有。\n\n"
        "不写命令即列出，最近的在前。“无地址”的在发件文件夹里，由工作人员转交；“可能重复”的，收件人也许收到两封。"
    ),
)


@mails.callback()
def list_mails(
    context: typer.Context,
    failed: Annotated[bool, typer.Option("--failed", help="只列未发出、被拒收、可能重复的")] = False,
    case: Annotated[str, typer.Option("--case", metavar="案件", help="只列一个案件的")] = "",
    limit: Annotated[str, typer.Option("--limit", metavar="封数", help="最多列出多少封")] = "50",
    as_json: Json = False,
) -> int:
    if context.invoked_subcommand:
        return 0
    from starter.mails import tell_mails

    return tell_mails(settings_in_force(), case=case, failed=failed, limit=limit, as_json=as_json)


@mails.command("again", cls=ChineseCommand, help="重发：被拒收的，改正地址之后再发一次。")
def again(
    key: Annotated[str, typer.Argument(metavar="KEY", help="邮件的标识，见 mingjian mails --json")],
    as_json: Json = False,
) -> int:
    from starter.mails import send_again

    return send_again(settings_in_force(), key, as_json=as_json)


@mails.command(
    "preview",
    cls=ChineseCommand,
    help="预览：一个案件接下来会发出的通知，发给谁、何时、全文。\n\n什么也不发出。",
)
def preview(case: Case, as_json: Json = False) -> int:
    from starter import showing
    from starter.office import case_id
    from starter.previewing import tell_coming

    case_id(case)
    settings = settings_in_force()
    found = at_office(settings, lambda office: showing.look(office, case, with_state=True))
    return tell_coming(settings, case, found.state, as_json=as_json)


@mails.command(
    "bounced", cls=ChineseCommand, help="退信：发出的邮件被退回，记入其情况；改正地址之后可以重发。"
)
def bounced(
    key: Annotated[str, typer.Argument(metavar="KEY", help="邮件的标识，或退信所附的 Message-ID")],
    why: Annotated[str, typer.Argument(metavar="WHY", help="退信的理由")],
    as_json: Json = False,
) -> int:
    from starter.mails import enter_bounce

    return enter_bounce(settings_in_force(), key, why, as_json=as_json)
