"""`mingjian liaisons`: the roll of liaisons (art. 2), and who is entered there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import InputError, MingjianError, Problem, Unreachable
from starter.commands.app import CASES, By, InRole, Json, Template, app, at_office, person, settings_in_force
from starter.usage import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from models.bodies import Body
    from models.roll import Designation
    from models.settings import Settings
    from models.wire import Person
    from starter.liaisons import ToDesignate

liaisons = typer.Typer(
    cls=ChineseGroup, invoke_without_command=True, add_completion=False, rich_markup_mode=None
)
app.add_typer(
    liaisons,
    name="liaisons",
    rich_help_panel=CASES,
    help=(
        "联络员名册：各单位的联络员及其起止（第二条）。\n\n"
        "不写命令即列出；没有联络员的单位一并列出。立案文件没有写联络员的，取名册上本院的联络员。"
    ),
)

Office = Annotated[
    str, typer.Argument(metavar="OFFICE", help="单位：人民检察院或自然资源主管部门，名称或代码")
]
Email = Annotated[str, typer.Option("--email", metavar="地址", help="电子邮件地址，通知发到那里")]
_OPTIONS = {
    "office": "OFFICE",
    "person": "PERSON",
    "phone": "--phone",
    "department": "--department",
    "since": "--from",
    "on": "--on",
    "until": "--until",
    "deputy": "--deputy",
    "address": "--email",
    "email": "--email",
}


@liaisons.callback()
def list_(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="连同历任及登记人")] = False,
    as_json: Json = False,
) -> int:
    if context.invoked_subcommand:
        return 0
    from activities.site_jurisdiction import site_jurisdiction
    from models.roll import offices
    from starter.liaisons import moves, on_the_roll, today
    from starter.roll import tell_left, tell_roll

    settings = settings_in_force()
    jurisdiction = site_jurisdiction(settings)
    designations = on_the_roll(settings)
    tell_roll(jurisdiction, designations, today(), everything=everything, as_json=as_json)
    left = moves(settings, designations, offices(jurisdiction), today())
    if left and not as_json:
        tell_left(left)
    return 0


@liaisons.command(
    "designate",
    cls=ChineseCommand,
    help=(
        "确定联络员；原来的联络员到前一日为止，在办案件随即改派。\n\n"
        "重复同一命令不会重复登记；有案件没有改派到的，可以再来一次。"
    ),
)
def designate(
    office: Office,
    name: Annotated[str, typer.Argument(metavar="PERSON", help="联络员姓名")],
    since: Annotated[str, typer.Option("--from", metavar="日期", help="自哪一天起，如 2026-01-05")],
    phone: Annotated[str, typer.Option("--phone", metavar="电话", help="联系电话")] = "",
    department: Annotated[
        str, typer.Option("--department", metavar="部门", help="联络部门；不写即第四检察部、执法监察科")
    ] = "",
    email: Email = "",
    by: By = "",
    role: InRole = "书记员",
    as_json: Json = False,
) -> int:
    from activities.site_jurisdiction import site_jurisdiction
    from starter.liaisons import read_designations
    from starter.written import Written

    who = _somebody(by, role)
    settings = settings_in_force()
    given = {
        "office": office,
        "person": name,
        "phone": phone,
        "department": department,
        "email": email,
        "since": since,
    }
    line = Written({field: value for field, value in given.items() if value.strip()})
    with _naming_options():
        asked = read_designations([line], site_jurisdiction(settings), who.name)
        return _enter(settings, asked, who, as_json=as_json)


@liaisons.command(
    "absent",
    cls=ChineseCommand,
    help=(
        "联络员不在岗：其间的通知发给代办人。\n\n从名册上首日的联络员算起；要改动的，以原来的首日再登记一次。"
    ),
)
def absent(
    office: Office,
    deputy: Annotated[str, typer.Option("--deputy", metavar="姓名", help="代办人")],
    since: Annotated[str, typer.Option("--from", metavar="日期", help="不在岗的首日")],
    until: Annotated[str, typer.Option("--until", metavar="日期", help="不在岗的最后一日")],
    email: Email = "",
    by: By = "",
    role: InRole = "书记员",
    as_json: Json = False,
) -> int:
    from activities.site_jurisdiction import site_jurisdiction
    from models.addresses import check_mail_address
    from starter import liaisons as roll
    from starter.addresses import enter_absence, set_address

    who = _somebody(by, role)
    if not deputy.strip() or len(deputy.strip()) > 60:
        raise InputError(Problem("没有写明代办人，或者过长", "写姓名，不超过 60 字", field="--deputy"))
    settings = settings_in_force()
    with _naming_options():
        if email.strip():
            check_mail_address(email.strip())
        body = roll.read_office(site_jurisdiction(settings), office)
        days = roll.read_day(since, "since"), roll.read_day(until, "until")
        enter_absence(settings, body, deputy, *days, who.name, as_json=as_json)
        if email.strip():
            set_address(settings, deputy, email, office, who.name, as_json=as_json)
    return 0


@liaisons.command(
    "release", cls=ChineseCommand, help="解除联络员。\n\n登记有误的，--on 写起始日的前一日，即撤销。"
)
def release(
    office: Office,
    on: Annotated[str, typer.Option("--on", metavar="日期", help="任职的最后一日")],
    by: By = "",
    role: InRole = "书记员",
    as_json: Json = False,
) -> int:
    from activities.site_jurisdiction import site_jurisdiction
    from starter import liaisons as roll
    from starter.roll import tell_released

    who = _somebody(by, role)
    settings = settings_in_force()
    with _naming_options():
        body = roll.read_office(site_jurisdiction(settings), office)
        released = roll.release(settings, body, roll.read_day(on, "on"), who.name)
    tell_released(released, as_json=as_json)
    return 0


@liaisons.command(
    "import",
    cls=ChineseCommand,
    help="从文件登记一批联络员，连同电子邮件地址，全部无误才登记。\n\n每个单位一行；重复导入不会重复登记。",
)
def import_(
    file: Annotated[str, typer.Argument(metavar="文件", help="名册（YAML）；样例用 --template")] = "",
    by: By = "",
    role: InRole = "书记员",
    template: Template = False,
    as_json: Json = False,
) -> int:
    from starter.case_files import TEMPLATES

    if template:
        print((TEMPLATES / "liaisons.yaml").read_text(encoding="utf-8"), end="")
        return 0
    if not file:
        raise InputError(Problem("没有给出名册文件", "样例：mingjian liaisons import --template > 名册.yaml"))
    from activities.site_jurisdiction import site_jurisdiction
    from starter.liaisons import read_roll

    who = _somebody(by, role)
    settings = settings_in_force()
    asked = read_roll(Path(file), site_jurisdiction(settings), who.name)
    return _enter(settings, asked, who, as_json=as_json)


def _enter(settings: Settings, asked: ToDesignate, who: Person, *, as_json: bool) -> int:
    """Enter the designations and addresses, then tell the open cases of the offices that changed hands."""
    from activities.site_jurisdiction import site_jurisdiction
    from starter import liaisons as roll
    from starter.addresses import enter_addresses
    from starter.roll import tell_entered

    entered = roll.enter(settings, asked)
    tell_entered(entered, roll.today(), as_json=as_json)
    enter_addresses(settings, asked.addresses, as_json=as_json)
    bodies = site_jurisdiction(settings).bodies
    changed = [bodies[each.office] for each in entered.entered]
    return _move_cases(settings, entered.designations, changed, who, as_json=as_json)


def _move_cases(
    settings: Settings,
    designations: Sequence[Designation],
    changed: Sequence[Body],
    who: Person,
    *,
    as_json: bool,
) -> int:
    """Unreachable when a case could not be told: the roll stands, and the command can be repeated."""
    from starter import liaisons as roll
    from starter.roll import tell_moved

    asked = roll.moves(settings, designations, changed, roll.today())
    if not asked:
        return 0
    again = Problem("名册已经登记，有在办案件尚未改派", "稍后重复同一命令，不会重复登记")
    try:
        moved = at_office(settings, lambda office: roll.move(office, asked, who))
    except Unreachable as error:
        raise Unreachable([*error.problems, again]) from error
    tell_moved(moved, as_json=as_json)
    if moved.missed:
        raise Unreachable([*moved.missed, again])
    return 0


def _somebody(by: str, role: str) -> Person:
    who = person(by, role)
    if who is None:
        raise InputError(Problem("没有写明谁登记", "加 --by 姓名", field="--by"))
    return who


@contextmanager
def _naming_options() -> Iterator[None]:
    """Problems of fields are told by the options that staff typed."""
    try:
        yield
    except MingjianError as error:
        raise type(error)(
            replace(each, field=_OPTIONS.get(each.field, each.field)) for each in error.problems
        ) from error
