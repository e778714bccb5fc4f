"""The commands that run things: rehearsals, the demo, one machine's system, the doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from starter import completing
from starter.commands.app import RUNNING, Json, at_office, command, settings_in_force


@command(RUNNING, "推演：按公开案例的日期，在有时间跳跃的服务器上走完真实流程，逐件报告。")
def rehearse(
    files: Annotated[list[str], typer.Argument(metavar="文件", help="案例文件（YAML），可有多个")],
    as_json: Json = False,
) -> int:
    from starter.rehearsing.command import rehearse

    return rehearse([Path(file) for file in files], as_json=as_json)


@command(RUNNING, "演示：推演随附的真实案例，给出报告，与手写的预期表逐行核对。")
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="报告之后保持运行，直到 Ctrl-C")] = False,
    as_json: Json = False,
) -> int:
    from starter.rehearsing.command import demo

    return demo(keep=keep, as_json=as_json)


@command(RUNNING, "启动本机系统：服务器、网页界面、工作进程；数据留在一个文件夹，Ctrl-C 停止。")
def up(as_json: Json = False) -> int:
    import asyncio

    from starter.lasting import stay
    from starter.logs import configure_logs

    settings = settings_in_force()
    configure_logs(settings.log_format, settings.log_level)
    return asyncio.run(stay(settings, as_json=as_json))


@command(
    RUNNING,
    "接续：让在办案件以现行程序接续运行，升级之后使用。\n\n不写案件编号即全部在办案件；案情、期限都不变，历史另起一轮。",
)
def renew(
    cases: Annotated[list[str] | None, typer.Argument(metavar="CASE", help="案件编号")] = None,
    as_json: Json = False,
) -> int:
    from models.errors import Unreachable
    from starter import output, renewing

    settings = settings_in_force()
    renewed = at_office(
        settings, lambda office: renewing.renew(office, renewing.Renew(cases=tuple(cases or ())))
    )
    if as_json:
        for case in renewed.asked:
            output.say_json({"case": case})
    else:
        output.say(f"已请 {len(renewed.asked)} 件在办案件接续运行")
    if renewed.missed:
        raise Unreachable(renewed.missed)
    return 0


@command(
    RUNNING,
    "重建登记库：从案卷和服务器上的案件重新写出；编号等册簿不动。\n\n"
    "不加 --yes 只试看：能写什么，哪件读不出来。中断的，再运行一次即接着做。",
)
def rebuild(
    yes: Annotated[bool, typer.Option("--yes", help="确实重建，须写明 --by")] = False,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="谁重建")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="登记库不是空的，也清空重来")] = False,
    as_json: Json = False,
) -> int:
    from models.errors import InputError, Problem

    if yes and not by.strip():
        raise InputError(Problem("没有写明谁重建", "加 --by 姓名", field="--by"))
    if len(by.strip()) > 60:
        raise InputError(Problem("姓名过长", "不超过 60 字", field="--by"))
    settings = settings_in_force()
    from starter import rebuilding
    from starter.doors import refuse_part

    refuse_part(settings, "重建登记库")
    remake = rebuilding.Remake(by=by.strip() if yes else "", replace=replace)
    outcomes = at_office(settings, lambda office: rebuilding.rebuild(office, remake))
    return rebuilding.tell(remake, outcomes, as_json=as_json)


@command(RUNNING, "检查各部分是否齐备：版本、位置、缺什么、怎么办。不下载、不改动任何东西。")
def doctor(as_json: Json = False) -> int:
    from models.settings import load_settings
    from starter.findings import tell_examination

    return tell_examination(load_settings(), as_json=as_json)


@command(
    RUNNING,
    "补全：按 TAB 键补出命令、选项、案件编号。打印 bash、zsh、fish 或 powershell 要读的一段。\n\n"
    '例如 bash：在 ~/.bashrc 里加一行 eval "$(mingjian completion bash)"，另开一个窗口。',
)
def completion(
    shell: Annotated[
        str,
        typer.Argument(metavar="SHELL", help="bash、zsh、fish、powershell", autocompletion=completing.shells),
    ],
) -> int:
    print(completing.script_for(shell))
    return 0
