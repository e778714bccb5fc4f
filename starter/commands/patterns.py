"""The command that looks for like cases."""

from __future__ import annotations

from typing import Annotated

import typer

from starter.commands.app import ASKING, By, InRole, Json, command, person, settings_in_force


@command(
    ASKING,
    "类案线索：同一单位一段时间内的同类案件，达到件数的列出，附理由，可拟出类案检察建议的立案文件。\n\n"
    "只作提示，是否制发由检察官决定（协作配合意见第三条）。不写日期即最近一年。",
)
def patterns(
    since: Annotated[str, typer.Option("--since", metavar="日期", help="自哪一日立案的")] = "",
    until: Annotated[str, typer.Option("--until", metavar="日期", help="到哪一日立案的；不写即今天")] = "",
    least: Annotated[str, typer.Option("--least", metavar="件数", help="几件以上算同类")] = "3",
    county: Annotated[str, typer.Option("--county", metavar="地方", help="县、市、区的名称或代码")] = "",
    draft: Annotated[str, typer.Option("--draft", metavar="编号", help="把这一组写成立案文件")] = "",
    out: Annotated[str, typer.Option("--out", metavar="文件", help="立案文件写到哪里")] = "",
    by: By = "",
    role: InRole = "检察官",
    as_json: Json = False,
) -> int:
    from starter import patterns as rooms

    settings = settings_in_force()
    wanted = rooms.read_wanted(settings, since=since, until=until, least=least, county=county)
    found = rooms.find(settings, wanted)
    if draft or out:
        return rooms.draft(settings, found, draft, out, person(by, role), as_json=as_json)
    return rooms.tell(settings, found, wanted, as_json=as_json)
