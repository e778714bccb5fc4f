"""`mingjian applications`: the full list of a quarter's applications for enforcement, beside what was copied to us (art. 4)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import InputError, Problem
from starter import output
from starter.commands.app import CASES, By, InRole, Json, Template, app, at_office, person, settings_in_force
from starter.usage import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from models.bodies import Jurisdiction
    from models.copy_comparison import Comparison, Tally

applications = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
app.add_typer(
    applications,
    name="applications",
    rich_help_panel=CASES,
    help=(
        "强制执行申请清单：与抄送逐件核对（第四条）。\n\n"
        "未抄送的申请，本院无从知道；每季度取自然资源主管部门、人民法院的全部申请清单核对，抄送率才有真实的分母。"
    ),
)


@applications.callback()
def _group() -> None:
    """Keeps `import` a command of its own."""


@applications.command(
    "import",
    cls=ChineseCommand,
    help=(
        "核对一个季度的申请清单：及时、迟延、未抄送、不在册，并按县统计抄送率和及时率。\n\n"
        "加 --open 为不在册的逐件立案（未见抄送）；同一清单可以再来一次，不会重复立案。"
    ),
)
def import_(
    file: Annotated[str, typer.Argument(metavar="文件", help="申请清单（YAML）")] = "",
    quarter: Annotated[str, typer.Option("--quarter", metavar="季度", help="如 2021Q4")] = "",
    opens: Annotated[bool, typer.Option("--open", help="为不在册的逐件立案")] = False,
    by: By = "",
    role: InRole = "检察官",
    template: Template = False,
    as_json: Json = False,
) -> int:
    from starter.applications import TEMPLATE

    if template:
        print(TEMPLATE, end="")
        return 0
    problems = [
        Problem(f"没有写明{what}", remedy, field=field)
        for given, what, remedy, field in (
            (file, "清单文件", "样例：mingjian applications import --template > 清单.yaml", "文件"),
            (quarter, "季度", "加 --quarter 2021Q4", "--quarter"),
            (by, "谁核对", "加 --by 姓名", "--by"),
        )
        if not given.strip()
    ]
    if problems:
        raise InputError(problems)
    return _import(file, quarter, by, role, opens=opens, as_json=as_json)


def _import(file: str, quarter: str, by: str, role: str, *, opens: bool, as_json: bool) -> int:
    from datetime import UTC, datetime

    from activities.database import Database
    from activities.registry import Registry
    from activities.site_jurisdiction import site_jurisdiction
    from models.dates import day_in_china
    from starter.applications import Quarter, cases_of, compared, open_missing, read_list, unknown
    from starter.written import read_file

    who = person(by, role)
    assert who is not None
    settings = settings_in_force()
    jurisdiction, today = site_jurisdiction(settings), day_in_china(datetime.now(UTC))
    given = read_list(read_file(Path(file)), Quarter.parse(quarter), jurisdiction, today)
    database = Database(settings.registry, reach=settings.reach)
    try:
        comparison = compared(given, Registry(database))
    finally:
        database.close()
    cases = cases_of(given, unknown(comparison), who, jurisdiction, today) if opens else []
    opened = at_office(settings, lambda office: open_missing(office, cases)) if cases else []
    if as_json:
        output.say_json(
            {
                "quarter": given.quarter.name,
                "total": _counts(comparison.total()),
                "counties": [_counts(each) for each in comparison.by_county()],
                "lines": [
                    {
                        "number": line.listed.number,
                        "party": line.listed.party,
                        "court": line.listed.court,
                        "filed_on": str(line.listed.filed_on),
                        "county": line.listed.county,
                        "state": line.state.value,
                        "case": line.known.case if line.known else "",
                        "note": line.note,
                    }
                    for line in comparison.lines
                ],
                "unlisted": [each.case for each in comparison.unlisted],
                "opened": [each.case for each in opened],
            }
        )
        return 0
    _tell(given.quarter.name, comparison, jurisdiction)
    for each in opened:
        output.say(f"已立案：{each.case}　{each.title}")
    left = len(unknown(comparison))
    if left and not opens:
        output.remark(f"不在册的 {left} 件可以逐件立案：加 --open")
    return 0


def _counts(tally: Tally) -> dict[str, object]:
    return {
        "county": tally.county,
        "listed": tally.listed,
        "copied": tally.copied,
        "in_time": tally.in_time,
        "late": tally.late,
        "uncertain": tally.uncertain,
        "missing": tally.missing,
        "unknown": tally.unknown,
        "copy_rate": tally.copy_rate,
        "timely_rate": tally.timely_rate,
    }


def _tell(quarter: str, comparison: Comparison, jurisdiction: Jurisdiction) -> None:
    from models.copy_comparison import CopyState

    output.say(f"{quarter} 强制执行申请与抄送核对")
    made = output.Listing("地区", "申请", "及时", "迟延", "未抄送", "不在册", "抄送率", "及时率")
    for tally in (*comparison.by_county(), comparison.total()):
        made.add(
            jurisdiction.place(tally.county).name if tally.county else "合计",
            str(tally.listed),
            str(tally.in_time),
            str(tally.late),
            str(tally.missing),
            str(tally.unknown),
            _percent(tally.copy_rate),
            _percent(tally.timely_rate),
        )
    output.show(made)
    wanting = comparison.of(CopyState.LATE, CopyState.UNCERTAIN, CopyState.MISSING, CopyState.UNKNOWN)
    if wanting:
        output.say()
        rows = output.Listing("申请", "当事人与法院", "提交日", "抄送", "案件")
        for line in wanting:
            case = line.known.case if line.known else "—"
            rows.add(
                line.listed.number or "—",
                f"{line.listed.party}\n{line.listed.court}",
                str(line.listed.filed_on),
                line.state.label,
                f"{case}\n{line.note}".strip(),
            )
        output.show(rows)
    if comparison.unlisted:
        output.say()
        output.say(
            f"本季度在册而清单没有的：{'、'.join(dict.fromkeys(each.case for each in comparison.unlisted))}"
        )


def _percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1%}"
