"""The commands for the papers of a case: to be edited, and brought back signed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from starter import output
from starter.commands.app import CASES, By, Case, InRole, Json, Keep, at_office, command, settings_in_force
from starter.commands.steering import record_given


@command(
    CASES,
    "草稿：把案件的一份文书写成可以编辑的 Word 文件。\n\n"
    "待审批的、已制发的都可以；缺的内容在原处标明“待补”。已有同名文件的，不覆盖。\n\n"
    "期限计算说明、案件流程表、案件时间线、卷内目录，按案件今日的情况制作。\n\n"
    "送达回证、笔录、清单、发文审批单等照案件填好已知的，其余留白手写；针对某份文书的，用 --of 写明。",
)
def draft(
    case: Case,
    document: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT", help="哪份文书：L1、D1、文号、收件单位、文书的名称，或者送达回证等"
        ),
    ],
    of: Annotated[
        str, typer.Option("--of", metavar="文书", help="送达回证等针对哪份文书：L1、D1、文号或收件单位")
    ] = "",
    out: Annotated[
        str, typer.Option("--out", metavar="文件", help="写到哪个 .docx 文件；不写即当前文件夹")
    ] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="同时写一份 PDF")] = False,
    as_json: Json = False,
) -> int:
    from starter.office import case_id

    case_id(case)
    settings = settings_in_force()
    from starter import drafts

    found = at_office(settings, lambda office: drafts.find_drafts(office, case, document, of))
    with ExitStack() as stack:
        typesetter = None
        if pdf:
            from starter.press import press

            typesetter = stack.enter_context(press(settings))
        written = list(drafts.write_drafts(found, out, Path(), typesetter))
    for each in written:
        if as_json:
            files = [str(file) for file in each.files]
            output.say_json({"case": case, "files": files, "missing": each.draft.gaps})
            continue
        output.say(f"已写出：{'、'.join(map(str, each.files))}")
        for gap in each.draft.gaps:
            output.say(f"  待补：{gap}")
    return 0


@command(
    CASES,
    "正本：签发、用印或改定的文件入卷，从此以它为准；系统所制的一份仍留在旁。\n\n"
    "可以是 PDF、OFD、扫描图像，或不含宏的 .docx。",
)
def issued(
    case: Case,
    letter: Annotated[str, typer.Argument(metavar="LETTER", help="哪份文书：L1、文号或收件单位")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="正本的文件")],
    on: Annotated[str, typer.Option("--on", metavar="日期", help="交回的日期；不写即今天")] = "",
    note: Annotated[str, typer.Option("--note", metavar="备注", help="与所制的一份有何不同")] = "",
    by: By = "",
    role: InRole = "书记员",
    keep: Keep = False,
    as_json: Json = False,
) -> int:
    from datetime import UTC, datetime

    from models.dates import day_in_china

    given = {"on": on or str(day_in_china(datetime.now(UTC))), "letter": letter, "note": note}
    words = [f"{name}={value}" for name, value in given.items() if value]
    return record_given(case, "original_kept", words, [file], by, role, keep=keep, as_json=as_json)
