"""The commands for the papers of a case: to be edited, and brought back signed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from starter import output
from starter.commands.app import CASES, Case, Json, at_office, command, settings_in_force


@command(
    CASES,
    "草稿：把案件的一份文书写成可以编辑的 Word 文件。\n\n"
    "待审批的、已制发的都可以；缺的内容在原处标明“待补”。已有同名文件的，不覆盖。",
)
def draft(
    case: Case,
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT", help="哪份文书：L1、D1、文号、收件单位，或者文书的名称")
    ],
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

    found = at_office(settings, lambda office: drafts.find_drafts(office, case, document))
    typesetter = None
    if pdf:
        from activities.typesetting import Typesetter
        from starter.provision.fonts import font_folders

        typesetter = Typesetter(font_folders(settings.font_folders))
    for each in drafts.write_drafts(found, out, Path(), typesetter):
        if as_json:
            files = [str(file) for file in each.files]
            output.say_json({"case": case, "files": files, "missing": each.draft.gaps})
            continue
        output.say(f"已写出：{'、'.join(map(str, each.files))}")
        for gap in each.draft.gaps:
            output.say(f"  待补：{gap}")
    return 0
