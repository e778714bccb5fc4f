"""`mingjian agencies`: bodies and what became of them; a change of agencies checked, shown with all it touches, adopted."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from activities.site_jurisdiction import changes_in
from models.agency_changes import (
    AgencyChange,
    ChangeFile,
    as_written,
    in_words,
    read_change,
    same_as,
    standing,
)
from models.bodies import Body, Jurisdiction
from models.changed_jurisdiction import check_change
from models.dates import CHINA, day_in_china
from models.errors import InputError, Problem
from models.roll import offices
from models.settings import Settings
from models.year_files import text_of
from starter.csv_tables import write_csv
from starter.output import Listing, remark, say, say_folded, say_json, show

TEMPLATE = """# 机构变动文件：一份文件所定的变动，一项一节；单位写名称或者代码，日期不带引号
basis = "××市委、市政府关于印发《××市机构改革方案》的通知"
# replaces = 1                     # 取代以前采用的第几号变动（写错了，重写一份）

[[renamed]]                        # 改名：仍是原单位
body = "永安市自然资源局"
name = "永安市自然资源和规划局"
from = 2027-01-01
# office = "执法监察科"            # 日常联络部门；不变的不写

[[merged]]                         # 合并：bodies 不再存在，由 into 承继
bodies = ["三明市林业局", "三明市水利局"]
into = { name = "三明市林业和水利局", kind = "forestry", place = "350400" }
from = 2027-01-01
across = true                      # 承继单位的类别或者所在地不同，确系如此才写

[[abolished]]                      # 撤销：successor 继续行使其职权；没有的写 "无"
body = "三明市城市管理局"
successor = "三明市人民政府"
from = 2027-01-01
across = true

# [[place_renamed]]                # 地方改名，代码不变
# place = "明溪县"
# name = "明溪区"
# from = 2027-01-01

# [[place_merged]]                 # 地方合并、撤县设区：其中每个单位的去向也要写明
# places = ["明溪县"]
# into = { code = "350406", name = "明溪区" }
# from = 2027-01-01
"""
_AS_SHOWN = "请按机构变动文件的样式书写，见 mingjian agencies adopt --template"


@dataclass(frozen=True, slots=True)
class ToAdopt:
    """A change that was read; `by` and `reason` are empty for a dry run."""

    file: str
    text: str
    content: ChangeFile
    by: str
    reason: str
    yes: bool


def read_adopting(path: Path, by: str, reason: str, *, yes: bool) -> ToAdopt:
    """Read file and options; InputError with everything that is wrong with both."""
    by, reason, problems = by.strip(), reason.strip(), list[Problem]()
    check_who(by, reason, problems, needed=yes)
    text, content = "", None
    try:
        text = text_of(path, "机构变动文件", _AS_SHOWN)
        content = read_change(text, file=path.name)
    except InputError as error:
        problems += error.problems
    if problems or content is None:
        raise InputError(problems)
    return ToAdopt(path.name, text, content, by, reason, yes)


def check_who(by: str, reason: str, problems: list[Problem], *, needed: bool) -> None:
    """That whoever decides, and why, is said where it is needed, on one line."""
    if needed and not by:
        problems.append(Problem("没有写明谁决定", "加 --by 姓名", field="--by"))
    if needed and not reason:
        problems.append(Problem("没有写明依据", "加 --reason，如文件的名称、文号", field="--reason"))
    if len(by) > 60:
        problems.append(Problem("姓名过长", "不超过 60 字", field="--by"))
    if len(reason) > 200 or "\n" in reason:
        problems.append(Problem("依据过长，或者不止一行", "写在一行之内，不超过 200 字", field="--reason"))


class Plan:
    """What adopting a change would bring: the jurisdiction before and after it."""

    def __init__(self, settings: Settings, wanted: ToAdopt) -> None:
        self.base = Jurisdiction.load(settings.jurisdiction)
        held = changes_in(settings.registry)
        new = AgencyChange(
            len(held) + 1, wanted.file, wanted.text, wanted.by, wanted.reason, datetime.now(UTC)
        )
        self.in_force = same_as(new, held)
        self.change = self.in_force or new
        if self.in_force is None and (problems := check_change(self.base, held, new)):
            raise InputError(problems)
        others = [each for each in held if each.number != self.change.number]
        self.before = self.base.as_changed(others, None)
        self.after = self.base.as_changed((*others, self.change), None)


def tell_adopting(settings: Settings, wanted: ToAdopt, *, out: Path | None, as_json: bool) -> int:
    """Show what would change, or adopt and show what does. Repeating it adopts nothing twice."""
    from activities.agency_book import AgencyBook
    from starter.doors import refuse_part

    if wanted.yes:
        refuse_part(settings, "采用机构变动")
    from activities.database import Database
    from starter.agency_moves import COLUMNS, followers, tell_followers
    from starter.publishing import has_cases

    plan = Plan(settings, wanted)
    found = followers(settings, plan.after, plan.change.number) if has_cases(settings) else []
    if out is not None:
        write_csv((each.row() for each in found), COLUMNS, out)
        remark(f"已写入 {out}，共 {len(found)} 行。")
    made: AgencyChange | None = None
    if wanted.yes and plan.in_force is None:
        with closing(Database(settings.registry, reach=settings.reach)) as database:
            given = {"file": wanted.file, "text": wanted.text, "by": wanted.by, "reason": wanted.reason}
            made, _ = AgencyBook(database).adopt(plan.base, **given)
    if as_json:
        say_json(
            {
                "number": plan.change.number,
                "adopted": made is not None,
                "in_force_already": plan.in_force is not None,
                "basis": wanted.content.basis,
                "entries": [as_written(each) for each in wanted.content.entries],
                "changed": [
                    {"before": was and was.name, "after": now and now.name, "code": code}
                    for code, was, now in _differences(plan)
                ],
                "letters": [each.row() for each in found],
            }
        )
        return 0
    _tell_changes(plan)
    say()
    tell_followers(found)
    _tell_end(plan, wanted, made, bool(found))
    return 0


def _differences(plan: Plan) -> list[tuple[str, Body | None, Body | None]]:
    """The bodies that are others after the change, by code, as they are before and after it."""
    was, now = plan.before.bodies, plan.after.bodies
    codes = sorted({*was, *now})
    return [
        (code, was.get(code), now.get(code)) for code in codes if _told(was.get(code)) != _told(now.get(code))
    ]


def _told(body: Body | None) -> Body | None:
    return body and replace(body, former_names=(), superior="", to_confirm=False)


def _tell_changes(plan: Plan) -> None:
    content = plan.change.content
    say_folded(f"第 {plan.change.number} 号机构变动　依据：{content.basis}")
    if content.replaces:
        say_folded(f"取代第 {content.replaces} 号")
    for entry in content.entries:
        say_folded(in_words(entry), indent="  ")
    if rows := _differences(plan):
        say()
        listing = Listing("代码", "以前", "以后")
        for code, was, now in rows:
            heir = plan.after.find(code)
            gone = f"由{heir.name}承继" if heir else "无承继单位"
            listing.add(code, was.name if was else "—", now.name if now else f"撤并，{gone}")
        show(listing)
    for hint in _hints(plan):
        say_folded(f"请注意：{hint}")


def _hints(plan: Plan) -> list[str]:
    """What is not wrong, but wants to be known."""
    hints = []
    bound = [
        f"{was.name}受协作意见约束，承继它的{heir.name}不受：以后只能用检察建议书，不用告知函"
        for _, was, now in _differences(plan)
        if was and not now and (heir := plan.after.find(was.code)) is not None
        if plan.before.is_bound(was) and not plan.after.is_bound(heir)
    ]
    hints += bound
    asked = {each.code for each in offices(plan.before)}
    fresh = [each.name for each in offices(plan.after) if each.code not in asked]
    if fresh:
        hints.append(f"请另行确定联络员：{'、'.join(fresh)}（生效以后，mingjian liaisons designate）")
    lost = [each for code, each in plan.before.places.items() if code not in plan.after.places]
    hints += [f"{each.name}自己的协作文本不再适用" for each in lost if each.cooperation is not None]
    return hints


def _tell_end(plan: Plan, wanted: ToAdopt, made: AgencyChange | None, any_letters: bool) -> None:
    say()
    number = plan.change.number
    if made is not None:
        say_folded(f"已采用：第 {number} 号机构变动。各项自其生效之日起用于新案；在办案件不动。")
    elif plan.in_force is not None:
        say_folded(f"已经采用过（第 {number} 号，{_adopted(plan.change)}），没有再次采用。")
    else:
        say_folded(
            f"以上是试看，没有采用。采用：mingjian agencies adopt {wanted.file} --yes --by 姓名 --reason 依据"
        )
        return
    if any_letters:
        say_folded(f"在办案件的移交另行决定，先试看：mingjian agencies move {number}")


# ── what there is ───────────────────────────────────────────────────────────────────────────────────────────


def tell_agencies(settings: Settings, named: str, *, as_json: bool) -> int:
    """The changes adopted and the bodies of today, or what one name or code means today."""
    base, changes = Jurisdiction.load(settings.jurisdiction), changes_in(settings.registry)
    today = day_in_china(datetime.now(UTC))
    now = base.as_changed(changes, today)
    if named:
        return _tell_one(now, named, as_json=as_json)
    in_force = [each.number for each in standing(changes)]
    for change in changes:
        waiting = _waiting(settings, now, change.number) if change.number in in_force else 0
        _tell_change(change, today, waiting, holds=change.number in in_force, as_json=as_json)
    listing = Listing("代码", "单位", "曾用名")
    for body in sorted(now.bodies.values(), key=lambda each: each.code):
        if as_json:
            say_json(_body_as_json(now, body))
        listing.add(body.code, body.name, "\n".join(body.former_names) or "—")
    if not as_json:
        if changes:
            say()
        show(listing)
        for problem in now.unfit:
            say_folded(f"请注意：与辖区文件对不上，没有用上：{problem}")
    return 0


def _waiting(settings: Settings, now: Jurisdiction, change: int) -> int:
    """How many letters of running cases still wait on what a change has left behind."""
    from starter.agency_moves import followers

    return len(followers(settings, now, change))


def _tell_change(change: AgencyChange, today: date, waiting: int, *, holds: bool, as_json: bool) -> None:
    entries = change.content.entries
    if as_json:
        say_json(
            {
                "change": change.number,
                "basis": change.content.basis,
                "at": change.at.isoformat(timespec="seconds"),
                "by": change.by,
                "reason": change.reason,
                "holds": holds,
                "letters_waiting": waiting,
                "entries": [as_written(each) for each in entries],
            }
        )
        return
    say_folded(f"第 {change.number} 号　{change.content.basis}{'' if holds else '（已被取代）'}")
    say_folded(_adopted(change), indent="  ")
    for entry in entries:
        say_folded(in_words(entry) + ("（尚未生效）" if entry.on > today else ""), indent="  ")
    if waiting:
        say_folded(
            f"在办案件还有 {waiting} 份文书等待这些单位：mingjian agencies move {change.number}", indent="  "
        )


def _tell_one(now: Jurisdiction, named: str, *, as_json: bool) -> int:
    """InputError for a name that means nobody."""
    passed = now.what_became(named)
    body = now.find(named) if passed is not None else now.body(named)
    if as_json:
        say_json(
            {
                **(_body_as_json(now, body) if body else {"code": None}),
                "asked": named,
                "passed_on": str(passed.on) if passed else None,
            }
        )
        return 0
    if passed is not None:
        say_folded(passed.in_words(body))
    if body is not None:
        say_folded(f"{body.code}　{body.name}　{now.places[body.place].name}　{body.kind.label}")
        if body.former_names:
            say_folded(f"曾用名：{'、'.join(body.former_names)}", indent="  ")
    return 0


def _body_as_json(now: Jurisdiction, body: Body) -> dict[str, Any]:
    above = now.superior(body)
    return {
        "code": body.code,
        "name": body.name,
        "kind": body.kind.value,
        "place": body.place,
        "superior": above.name if above else "",
        "former_names": list(body.former_names),
    }


def _adopted(change: AgencyChange) -> str:
    return f"{change.at.astimezone(CHINA):%Y-%m-%d %H:%M}　{change.by}　{change.reason}"
