"""The command that sets how often two offices tell each other."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import typer

from models.errors import InputError, Problem
from starter import output
from starter.commands.app import CASES, By, InRole, Json, at_office, command, person, settings_in_force

Step = Literal["list", "set", "remove", "trigger"]


@command(
    CASES,
    "定期通报：各地双方部门的日程（第二条）。\n\n"
    "不写即列出；set 设定（默认每季度），remove 取消，trigger 立即为刚结束的期间立案。\n\n"
    "每个期间结束后的第一日 8:30（北京时间）自动立案、汇总数据；同一期间只立一案。",
)
def exchanges(
    step: Annotated[str, typer.Argument(metavar="STEP", help="set、remove、trigger；不写即列出")] = "list",
    county: Annotated[str, typer.Argument(metavar="COUNTY", help="地方：名称或行政区划码")] = "",
    every: Annotated[
        str, typer.Option("--every", metavar="周期", help="每月、每季度、每半年、每年")
    ] = "quarter",
    resume: Annotated[bool, typer.Option("--resume", help="已暂停的，设定时一并恢复")] = False,
    by: By = "",
    role: InRole = "检察官",
    as_json: Json = False,
) -> int:
    if step not in get_args(Step):
        raise InputError(Problem(f"没有“{step}”这一步", f"可用：{'、'.join(get_args(Step))}", field="STEP"))
    if resume and step != "set":
        raise InputError(
            Problem("--resume 只用于 set", "写作 mingjian exchanges set 地方 --resume --by 姓名", "--resume")
        )
    if step != "list" and not county:
        raise InputError(Problem("没有写明哪个地方", "写上名称或行政区划码", field="COUNTY"))
    from activities.site_jurisdiction import site_jurisdiction
    from starter import exchanges as rooms
    from starter.doors import refuse_place

    settings = settings_in_force()
    if step == "list":
        return rooms.tell(at_office(settings, rooms.exchanges), as_json=as_json)
    place = rooms.place_named(site_jurisdiction(settings), county)
    refuse_place(settings, place.code, place.name, "COUNTY")
    if step == "set":
        handler = person(by, role)
        if handler is None:
            raise InputError(Problem("没有写明谁承办", "加 --by 姓名", field="--by"))
        wanted = rooms.SetExchange(place=place, cycle=rooms.cycle_named(every), by=handler, resume=resume)
        return rooms.tell_set(
            at_office(settings, lambda office: rooms.set_exchange(office, wanted)), as_json=as_json
        )
    if step == "remove":
        at_office(settings, lambda office: rooms.remove_exchange(office, place))
        said = {"county": place.code, "removed": True}
        sentence = f"已取消：{place.name}的定期通报；已立的案件照常办理"
    else:
        case = at_office(settings, lambda office: rooms.trigger_exchange(office, place))
        said, sentence = {"county": place.code, "case": case}, f"已立案：{case}"
    output.say_json(said) if as_json else output.say(sentence)
    return 0
