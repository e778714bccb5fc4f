"""The commands by which a filed case leaves the house, comes in from another, and an archive moves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError, Problem
from starter import output
from starter.commands.app import CASES, RUNNING, By, Case, Json, app, command, settings_in_force
from starter.usage import ChineseCommand, ChineseGroup

archive = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
app.add_typer(archive, name="archive", rich_help_panel=RUNNING, help="档案库：整库搬迁。")


@command(
    CASES,
    "打包：把已归档的案卷写成可以移送的案卷包（BagIt 文件夹），打印写进移送函的指纹。\n\n"
    "补充卷一并打包。边写边核对，写全才有名字；已有同名的，不覆盖。",
)
def package(
    case: Case,
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="写到哪个文件夹")],
    zipped: Annotated[bool, typer.Option("--zip", help="另存一份 .zip")] = False,
    as_json: Json = False,
) -> int:
    from starter.office import case_id

    case = case_id(case)
    settings = settings_in_force()
    from activities.archive import open_archive
    from starter.doors import let_in
    from starter.handing_over import package_case

    let_in(settings, case)
    for ledger in package_case(open_archive(settings), case, out, zipped=zipped):
        bag = out / ledger.case_id
        if as_json:
            output.say_json({"case": case, "bag": str(bag), "voucher": ledger.voucher()})
            continue
        output.say(f"已打包：{bag}")
        output.say(f"  指纹（写入移送函）：{ledger.voucher()}")
    return 0


@command(
    CASES,
    "接收：收下别处移送的案卷包，与移送函所载指纹核对无误的，存入本院档案库并登记。\n\n"
    "先全部核对，有一处不符即不收；重复接收只算一次，中断的再运行一次即接着做。",
    name="take-over",
)
def take_over(
    bags: Annotated[list[Path], typer.Argument(metavar="BAG", help="案卷包的文件夹，有补充卷的一并写上")],
    vouchers: Annotated[
        list[str] | None,
        typer.Option("--voucher", metavar="指纹", help="移送函所载的指纹，每个包一个"),
    ] = None,
    by: By = "",
    as_json: Json = False,
) -> int:
    problems = []
    if not by.strip():
        problems.append(Problem("没有写明谁接收", "加 --by 姓名", field="--by"))
    if len(by.strip()) > 60:
        problems.append(Problem("姓名过长", "不超过 60 字", field="--by"))
    if not vouchers:
        problems.append(Problem("没有写明指纹", "照移送函写 --voucher 指纹", field="--voucher"))
    if problems:
        raise InputError(problems)
    settings = settings_in_force()
    from activities.archive import open_archive
    from activities.database import Database
    from activities.incoming_papers import IncomingBook
    from activities.registry import Registry
    from activities.seals import SealBook
    from starter import handing_over
    from starter.doors import refuse_part

    refuse_part(settings, "接收移送的案卷")
    wanted = handing_over.TakeOver(
        bags=bags, vouchers=[each.strip() for each in vouchers or ()], by=by.strip()
    )
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        kept = open_archive(settings)
        books = IncomingBook(database), Registry(database), SealBook(database)
        taken = handing_over.take_over(kept, *books, wanted)
    for each in taken:
        paper = each.line.paper
        if as_json:
            told = {"case": each.case, "folder": each.ledger.case_id, "voucher": each.ledger.voucher()}
            output.say_json(
                {**told, "number": str(each.line), "sender": paper.sender, "by": paper.entered_by}
            )
            continue
        output.say(f"已接收：{each.ledger.case_id}（{paper.sender or '移送单位不详'}）")
        output.say(
            f"  收文号 {each.line}，{paper.received_on}，{paper.entered_by}　指纹 {each.ledger.voucher()}"
        )
    return 0


@archive.command(
    "copy",
    cls=ChineseCommand,
    help=(
        "搬迁：把整个档案库复制到另一处，逐件核对，指纹不变。\n\n"
        "从文件夹到存储桶，或者相反。先停工作进程；中断的，再运行一次即接着做。"
    ),
)
def copy(
    to: Annotated[str, typer.Option("--to", metavar="去处", help="文件夹，或者 s3://存储桶/前缀")],
    as_json: Json = False,
) -> int:
    settings = settings_in_force()
    from activities.archive import open_archive, open_bucket
    from activities.folder_archive import FolderArchive
    from models.settings import load_settings
    from starter.doors import refuse_part
    from starter.handing_over import copy_archive

    refuse_part(settings, "搬迁档案库")
    is_bucket = "://" in to
    here = settings.archive_url or str(settings.archive_folder.absolute())
    if here == (to.rstrip("/") if is_bucket else str(Path(to).absolute())):
        raise InputError(Problem("去处就是现在的档案库", "写另一处", field="--to"))
    target = open_bucket(load_settings(archive_url=to)) if is_bucket else FolderArchive(Path(to))
    number = wrong = 0
    for each in copy_archive(open_archive(settings), target):
        number += 1
        wrong += bool(each.problems)
        if as_json:
            told = {"folder": each.folder, "voucher": each.voucher or None}
            output.say_json({**told, "problems": [str(problem) for problem in each.problems]})
        for problem in each.problems:
            output.remark(f"✗ {each.folder}：{problem}")
    if not as_json:
        output.say(f"已复制并核对：{number - wrong} 件案卷" + (f"，{wrong} 件有问题" if wrong else ""))
        if not wrong:
            output.remark("改设置以后才从新处读写：MINGJIAN_ARCHIVE_URL 或 MINGJIAN_ARCHIVE_FOLDER。")
    return 1 if wrong else 0
