"""`mingjian inbox`: the folder of incoming scans and mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import InputError, Problem
from starter import output
from starter.commands.app import (
    CASES,
    By,
    InRole,
    Json,
    Keep,
    Words,
    app,
    at_office,
    person,
    settings_in_force,
    tell_taken,
)
from starter.usage import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from models.messages import Taken
    from models.wire import Person
    from starter.office import Office

inbox = typer.Typer(
    cls=ChineseGroup, invoke_without_command=True, add_completion=False, rich_markup_mode=None
)
app.add_typer(
    inbox,
    name="inbox",
    rich_help_panel=CASES,
    help=(
        "收件夹：扫描件（PDF、图像、docx、ofd）和另存的邮件（eml），逐件认出、收入案件或者存查。\n\n"
        "不写命令即列出，先到的在前。认出的只是建议，收入由人决定；来源不明的邮件不作匹配。"
    ),
)

ItemNamed = Annotated[str, typer.Argument(metavar="ITEM", help="编号或文件名，见 mingjian inbox")]


@inbox.callback()
def list_(context: typer.Context, as_json: Json = False) -> int:
    if context.invoked_subcommand:
        return 0
    from starter.inbox_listing import tell_inbox

    return tell_inbox(settings_in_force(), as_json=as_json)


@inbox.command(
    "take",
    cls=ChineseCommand,
    help=(
        "收入案件：记为一件事实，连同材料，编收文号，然后移到 done。\n\n"
        "不写 --case、--letter 的，以认出的为准；各字段写法与 record 相同。"
    ),
)
def take(
    item: ItemNamed,
    words: Words = None,
    case: Annotated[str, typer.Option("--case", metavar="CASE", help="收入哪个案件")] = "",
    letter: Annotated[str, typer.Option("--letter", metavar="文书", help="L1、收件单位或文号")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="种类", help="记为哪种事实")] = "reply_received",
    by: By = "",
    role: InRole = "书记员",
    keep: Keep = False,
    as_json: Json = False,
) -> int:
    who = _somebody(by, role)
    settings = settings_in_force()
    from starter import inbox as rooms
    from starter.kinds import FACT_NAMES, kind_named
    from starter.steering import DoesNotFit

    command = rooms.Take(
        item=item,
        by=who,
        case=case,
        letter=letter,
        kind=kind_named(kind, FACT_NAMES, "事实", case),
        words=tuple(words or ()),
        keep=keep,
    )
    try:
        taken_into, answers = at_office(settings, lambda office: rooms.take(office, settings, command))
    except DoesNotFit as misfit:
        output.say_problems(misfit)
        output.remark("没有收入，文件仍在收件夹。更正后再收，或加 --keep 存入待整理。")
        return 1
    return tell_taken(taken_into, answers, as_json=as_json)


@inbox.command(
    "fetch",
    cls=ChineseCommand,
    help=(
        "取回：把收件邮箱（设置 intake_mailbox）里的新邮件存入收件夹，每封一次。\n\n"
        "邮箱里的邮件只标为已读，不删除；收入案件仍用 take。"
    ),
)
def fetch(as_json: Json = False) -> int:
    from starter.inbox_fetch import fetch

    return fetch(settings_in_force(), as_json=as_json)


@inbox.command(
    "aside", cls=ChineseCommand, help="存查：不收入案件的，写明理由；文件存入档案库，然后移到 done。"
)
def aside(
    item: ItemNamed,
    reason: Annotated[str, typer.Option("--reason", metavar="理由", help="为何不收入案件")] = "",
    by: By = "",
    role: InRole = "书记员",
    as_json: Json = False,
) -> int:
    who = _somebody(by, role)
    if not reason.strip():
        raise InputError(Problem("没有写明为何存查", "加 --reason 理由", field="--reason"))
    settings = settings_in_force()
    from starter import inbox as rooms

    async def set_aside(office: Office) -> Taken:
        return rooms.set_aside(office, settings, item, reason.strip(), who)

    return tell_taken(item, [at_office(settings, set_aside)], as_json=as_json)


def _somebody(by: str, role: str) -> Person:
    who = person(by, role)
    if who is None:
        raise InputError(Problem("没有写明谁收件", "加 --by 姓名", field="--by"))
    return who
