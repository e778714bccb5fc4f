"""The commands that only ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import InputError, Problem
from starter import completing, output
from starter.commands import filters
from starter.commands.app import ASKING, Case, Json, at_office, command, settings_in_force

if TYPE_CHECKING:
    from starter.office import Office


@command(
    ASKING,
    "今天的工作：逾期的、将届满的、新到的、等着办的，连同接着输入的命令。\n\n"
    "依次为：逾期未复、届满未办、将届满、待收待整理的材料、新收到的、未送达、待评估、待审批待制发、回头看、没有送到的邮件。"
    "只读登记库，不用服务器。命令里的“…”由您填写。",
)
def today(
    handler: filters.Handler = "",
    county: filters.County = "",
    within: Annotated[str, typer.Option("--within", metavar="工作日", help="列出几个工作日之内届满的")] = "3",
    as_json: Json = False,
) -> int:
    from starter.today import read_asked, tell_today

    settings = settings_in_force()
    return tell_today(
        settings, read_asked(settings, handler, county, within, as_json=as_json), as_json=as_json
    )


@command(ASKING, "看一个案件：阶段、文书、期限、事项、最近记录。")
def show(
    case: Case,
    deadlines: Annotated[bool, typer.Option("--deadlines", help="每个期限及其计算说明")] = False,
    timeline: Annotated[bool, typer.Option("--timeline", help="全部记录")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="每个期限的由来：何事起算、每次变动、若无该变动则为哪天")
    ] = False,
    deadline: Annotated[
        str, typer.Option("--deadline", metavar="KEY", help="与 --why 同用：只说这一个期限，如 L1/jy.reply")
    ] = "",
    out: Annotated[
        str, typer.Option("--out", metavar="文件", help="与 --why 同用：另写成 PDF，如 期限计算说明.pdf")
    ] = "",
    as_json: Json = False,
) -> int:
    if deadlines + timeline + why > 1:
        raise InputError(Problem("--deadlines、--timeline、--why 只能选一样", "去掉其余"))
    if (deadline or out) and not why:
        raise InputError(Problem("--deadline、--out 只与 --why 同用", "加 --why"))
    from starter.office import case_id

    case_id(case)
    if why:
        return _tell_why(case, deadline, out, as_json=as_json)
    settings = settings_in_force()
    from starter import showing

    async def see(office: Office) -> tuple[showing.Look, dict[str, list[str]]]:
        found = await showing.look(office, case, with_state=deadlines or timeline)
        return found, showing.explanations(found.state, office.calendars) if found.state and deadlines else {}

    found, explained = at_office(settings, see)
    view: showing.View = "deadlines" if deadlines else "timeline" if timeline else "status"
    (showing.tell_json if as_json else showing.tell)(found, view, explained)
    return 0


def _tell_why(case: str, deadline: str, out: str, *, as_json: bool) -> int:
    from starter import why

    path = why.check_out(out) if out else None
    settings = settings_in_force()

    async def see(office: Office) -> why.Told:
        told = await why.why(office, case.strip(), deadline)
        if path is not None:
            why.print_why(office, settings, told, path)
        return told

    why.tell_why(at_office(settings, see), as_json=as_json)
    if path is not None:
        output.remark(f"已写出：{path}")
    return 0


@command(
    ASKING,
    "列出案件。\n\n几个条件同时给出的，都要符合。只读登记库，不用服务器；--campaign 除外，先问该专项行动挂接了哪些案件。",
    "list",
)
def list_(
    overdue: filters.Overdue = False,
    expired: filters.Expired = False,
    due_within: filters.DueWithin = "",
    due_within_working: filters.DueWithinWorking = "",
    look_back: filters.LookBack = False,
    provisional: filters.Provisional = False,
    unserved: filters.Unserved = False,
    unassessed: filters.Unassessed = False,
    unmatched: filters.Unmatched = False,
    pending: filters.Pending = False,
    open_only: filters.OpenOnly = False,
    focus: filters.Focus = False,
    county: filters.County = "",
    agency: filters.Agency = "",
    kind: filters.Kind = "",
    stage: filters.Stage = "",
    handler: filters.Handler = "",
    campaign: filters.Campaign = "",
    order: Annotated[
        str, typer.Option("--order", metavar="次序", help="期限（due）、立案日（opened）、编号（case）")
    ] = "due",
    limit: Annotated[
        str, typer.Option("--limit", metavar="件数", help="最多列出多少件；不写即 50，表格即全部")
    ] = "",
    offset: Annotated[str, typer.Option("--offset", metavar="件数", help="跳过前面多少件")] = "0",
    as_csv: Annotated[bool, typer.Option("--csv", help="输出表格（CSV），Excel 可以打开")] = False,
    file: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="表格写入该文件，与 --csv 同用")
    ] = None,
    as_json: Json = False,
) -> int:
    if as_csv and as_json:
        raise InputError(Problem("--csv 与 --json 只能选一样", "去掉其一", field="--csv"))
    if file is not None and not as_csv:
        raise InputError(Problem("--out 只用于表格", "加 --csv", field="--out"))
    from starter import listing

    settings = settings_in_force()
    asked = listing.Wanted(
        overdue=overdue,
        expired=expired,
        look_back=look_back,
        provisional=provisional,
        unserved=unserved,
        unassessed=unassessed,
        unmatched=unmatched,
        pending=pending,
        open_only=open_only,
        focus=focus,
        due_within=due_within,
        due_within_working=due_within_working,
        county=county,
        agency=agency,
        kind=kind,
        stage=stage,
        handler=handler,
        campaign=campaign,
    )
    wanted = listing.read_filter(settings, asked)
    page = listing.read_page(order, limit, offset, whole=as_csv)
    if campaign:
        from starter.campaigns import attached_to

        cases = at_office(settings, lambda office: attached_to(office, campaign))
        wanted = replace(wanted, attached=cases)
    if as_csv:
        return listing.write_cases(settings, wanted, page, file)
    return listing.tell_cases(settings, wanted, page, as_json=as_json)


@command(
    ASKING,
    "查找案件：标题、地点、单位、文号、案号、案件编号中的任何几个字。\n\n"
    "几个词的，都要有。全角半角、括号式样、大小写、空格不论。",
)
def search(
    words: Annotated[list[str], typer.Argument(metavar="词", help="要找的字词，可有几个")],
    county: Annotated[str, typer.Option("--county", metavar="地方", help="县、市、区的名称或代码")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="种类", help="案件种类")] = "",
    open_only: Annotated[bool, typer.Option("--open", help="尚未结案的")] = False,
    limit: Annotated[str, typer.Option("--limit", metavar="件数", help="最多列出多少件")] = "50",
    offset: Annotated[str, typer.Option("--offset", metavar="件数", help="跳过前面多少件")] = "0",
    as_json: Json = False,
) -> int:
    from starter import listing, searching

    settings = settings_in_force()
    asked = listing.Wanted(county=county, kind=kind, open_only=open_only)
    wanted = listing.read_filter(settings, asked)
    page = listing.read_page("case", limit, offset)
    return searching.tell_found(settings, words, wanted, page, as_json=as_json)


@command(
    ASKING,
    "计算期限：一条规则，一个或多个起算日。\n\n不用服务器；逐条说明理由。日期只知到月、年的可写 2021-09、2021，或区间 A/B。",
)
def due(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE",
            help="规则，如 coop.reply；mingjian rules 列出全部",
            autocompletion=completing.rules,
        ),
    ],
    dates: Annotated[list[str], typer.Argument(metavar="日期", help="起算日，可有多个")],
    edition: Annotated[str, typer.Option("--edition", metavar="版本", help="日历版本；不写即最新")] = "",
    as_json: Json = False,
) -> int:
    from starter.law import tell_due

    return tell_due(rule, dates, edition, as_json)


@command(
    ASKING,
    "日历文件：进行中的期限写成 .ics，导入日历程序，到时提醒。\n\n"
    "同一文件再写一次，移动了的随之移动，完成、终止的标为取消。几个条件同时给出的，都要符合；都不写即全部。",
)
def ics(
    out: Annotated[str, typer.Option("--out", metavar="文件", help="写到哪个 .ics 文件，如 期限.ics")],
    handler: Annotated[str, typer.Option("--handler", metavar="姓名", help="承办人")] = "",
    county: Annotated[str, typer.Option("--county", metavar="地方", help="县、市、区的名称或代码")] = "",
    case: Annotated[
        str, typer.Option("--case", metavar="CASE", help="案件编号", autocompletion=completing.cases)
    ] = "",
    as_json: Json = False,
) -> int:
    from starter.ics import read_scope, tell_ics

    settings = settings_in_force()
    return tell_ics(settings, read_scope(settings, handler, county, case), out, as_json=as_json)


@command(
    ASKING,
    "核验案卷：逐件重读，与封存簿、登记库、服务器核对；--repair 恢复能够证明的。\n\n"
    "不写案件编号即全部。--repair 不加 --yes 只试看。退出码 1 有问题，3 有的部分没有应答。",
)
def verify(
    cases: Annotated[list[str] | None, typer.Argument(metavar="CASE", help="案件编号")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="只核档案库和封存簿")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="恢复：放回的都与封存时的指纹相同")] = False,
    backup: Annotated[
        str, typer.Option("--from", metavar="文件夹", help="档案库文件夹的备份，恢复时取用")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="确实恢复，须写明 --by")] = False,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="谁恢复")] = "",
    as_json: Json = False,
) -> int:
    from starter import findings, mending

    if not repair:
        if yes or by or backup:
            raise InputError(Problem("--yes、--by、--from 只用于恢复", "加 --repair", field="--repair"))
        return findings.tell_verification(settings_in_force(), cases or [], as_json=as_json, offline=offline)
    command = mending.read_repair(cases or [], backup, by, yes=yes, offline=offline)
    return mending.tell_repair(settings_in_force(), command, as_json=as_json)
