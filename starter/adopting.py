"""`mingjian rules adopt`: new versions of rules, checked, shown with the deadlines they bear on, and adopted for all workers.

Nothing moves by it: what begins from the day of effect on is counted by the new version, what was counted stays until it is
moved by decision (`starter.rule_moves`).
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from activities.books import Books
from activities.calendars import SiteCalendars
from activities.database import Database
from activities.open_deadlines import OpenDeadlines
from models.adoptions import NewVersion, SiteRules, against, read_adoption, with_version
from models.errors import InputError, Problem
from models.publications import Publication
from models.rule_moves import Shift, shifts
from models.rules import Rule, RuleVersion
from models.settings import Settings
from models.year_files import text_of
from starter.csv_tables import write_csv
from starter.doors import only, refuse_part
from starter.law import adopted
from starter.liaisons import today
from starter.output import Listing, remark, say, say_folded, say_json, show
from starter.publishing import has_cases
from starter.site_years import adopted_in

_SHOWN = 20
_ALONGSIDE = {"coop.reply": "coop.plan", "pil.reply": "pil.rectify"}
"""What ends on the day on which a reply is due: a plan is owed with the reply, and things are put right within its time."""
COLUMNS = {
    "case": "案件",
    "title": "案名",
    "county": "地方",
    "handler": "承办人",
    "party": "单位",
    "key": "期限",
    "rule": "规则",
    "was": "现届满日",
    "now": "按新规定",
    "begun_since": "施行以后起算",
    "why": "说明",
}


@dataclass(frozen=True, slots=True)
class ToAdopt:
    """A file that was read and found right; `by` and `reason` are empty for a dry run."""

    file: str
    text: str
    versions: tuple[NewVersion, ...]
    by: str
    reason: str
    yes: bool


def read_adopting(path: Path, by: str, reason: str, *, yes: bool) -> ToAdopt:
    """Read file and options; InputError with everything that is wrong with both."""
    by, reason = by.strip(), reason.strip()
    problems = against_signing(by, reason, required=yes)
    text = ""
    versions: tuple[NewVersion, ...] = ()
    try:
        text = text_of(path)
        versions = read_adoption(text, file=path.name)
    except InputError as error:
        problems += error.problems
    for each in versions if yes else ():
        if "×" in each.basis or "……" in each.basis:
            # Letters cite it.
            what = f"规则 {each.rule} 的依据还是样例的写法：{each.basis}"
            problems.append(Problem(what, "写文件的全称、文号和条款", field="basis", file=path.name))
    if problems:
        raise InputError(problems)
    return ToAdopt(path.name, text, versions, by, reason, yes)


def against_signing(by: str, reason: str, *, required: bool) -> list[Problem]:
    """What is wrong with who does something for the whole site, and why."""
    problems = []
    if required and not by:
        problems.append(Problem("没有写明由谁决定", "加 --by 姓名", field="--by"))
    if required and not reason:
        problems.append(Problem("没有写明理由", "加 --reason，如文件的名称、文号", field="--reason"))
    if len(by) > 60:
        problems.append(Problem("姓名过长", "不超过 60 字", field="--by"))
    if len(reason) > 200 or "\n" in reason:
        problems.append(Problem("理由过长，或者不止一行", "写在一行之内，不超过 200 字", field="--reason"))
    return problems


def tell_adopting(settings: Settings, wanted: ToAdopt, *, out: Path | None, as_json: bool) -> int:
    """Show what would change, or adopt and show it. Repeating it adopts nothing twice."""
    if wanted.yes:
        refuse_part(settings, "采用新的规定")
    adoptions = adopted_in(settings)
    rules = SiteRules(adoptions)
    there = bool(adoptions) and read_adoption(adoptions[-1].text) == wanted.versions
    if not there and (problems := against(wanted.versions, rules, today(), file=wanted.file)):
        raise InputError(problems)
    number = len(adoptions) + (not there)
    found = found_for(
        settings, wanted.versions, rules if there else rules.with_versions(wanted.versions, number)
    )
    if out is not None:
        write_csv([as_row(each) for each in found], COLUMNS, out)
        remark(f"已写入 {out}，共 {len(found)} 行。")
    if not as_json:
        _tell(rules, wanted.versions, found)
        if bounds := only(settings):
            say_folded(f"以上{bounds}。")
    made: Publication | None = None
    if wanted.yes and not there:
        with closing(Database(settings.registry, reach=settings.reach)) as database:
            made, _ = Books(database).adopt_rules(
                file=wanted.file, text=wanted.text, by=wanted.by, reason=wanted.reason, today=today()
            )
    if as_json:
        say_json(
            {
                "number": made.number if made else number if there else None,
                "adopted": made is not None,
                "in_force_already": there,
                "versions": [
                    {"rule": each.rule, "from": each.since.isoformat(), "basis": each.basis}
                    for each in wanted.versions
                ],
                "hints": hints(rules, wanted.versions),
                "deadlines": [as_row(each) | {"moves": each.moves} for each in found],
            }
        )
    else:
        _tell_end(wanted, made, there=there, number=number)
    return 0


def hints(rules: SiteRules, versions: tuple[NewVersion, ...]) -> list[str]:
    """What is not wrong, but may well be a slip: a reply that is given another time, and what is due with it is not."""
    found = []
    for each in versions:
        beside = _ALONGSIDE.get(each.rule, "")
        if each.amount is None or not beside or beside in {other.rule for other in versions}:
            continue
        law, own = rules.rule(beside), rules.rule(each.rule)
        kept, new = law.versions[-1], with_version(own, each, 0).version_from(each.since)
        if (kept.amount, kept.unit) != (new.amount, new.unit):
            found.append(
                f"“{law.name}”（{beside}）原来与 {each.rule} 同时届满，文件没有改它，仍为{law.length_of(kept)}；"
                "应当一并改的，为它另写一个 [[version]]"
            )
    return found


def found_for(settings: Settings, versions: tuple[NewVersion, ...], rules: SiteRules) -> list[Shift]:
    """The open deadlines that these versions bear on; where nothing has been set up there are none."""
    if not has_cases(settings):
        return []
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        calendars = SiteCalendars(settings.calendar_folder, Books(database))
        return [
            each
            for portion in OpenDeadlines(database).portions()
            for each in shifts(portion, versions, rules.rule, calendars.named)
        ]


def as_row(shift: Shift) -> dict[str, Any]:
    """A deadline as a row of a table."""
    row = shift.deadline
    return {
        "case": row.case,
        "title": row.title,
        "county": row.county_name,
        "handler": row.handler,
        "party": row.party,
        "key": row.key,
        "rule": row.rule,
        "was": str(shift.was),
        "now": str(shift.now) if not shift.why else "",
        "begun_since": "是" if shift.begun_since else "",
        "why": shift.why,
    }


def show_shifts(found: list[Shift]) -> None:
    """The first of them, as a table of eighty columns."""
    listing = Listing("案件、单位", "期限", "现届满日", "按新规定")
    for each in found[:_SHOWN]:
        row = each.deadline
        listing.add(f"{row.case}\n{row.party}".rstrip(), row.name, str(each.was), each.why or str(each.now))
    show(listing)
    if len(found) > _SHOWN:
        say_folded(f"另有 {len(found) - _SHOWN} 个没有列出：--out 文件.csv 写出全部")


def _tell(rules: SiteRules, versions: tuple[NewVersion, ...], found: list[Shift]) -> None:
    for each in versions:
        law = rules.rule(each.rule)
        before = law.versions[-1]
        after = with_version(law, each, 0).version_from(each.since)
        say_folded(f"{law.key}　{law.name}　自 {each.since} 起")
        for name, was, now in _differences(law, before, after):
            say_folded(f"{name}：{was} → {now}" if was != now else f"{name}：{now}（不变）", indent="  ")
        say_folded(f"依据：{each.basis}", indent="  ")
    for hint in hints(rules, versions):
        say_folded(f"请注意：{hint}")
    say()
    moving = [each for each in found if each.moves or each.why]
    late = [each for each in moving if each.begun_since]
    early = [each for each in moving if not each.begun_since]
    say_folded(
        f"进行中的相关期限 {len(found)} 个，按新规定会改变届满日的 {len(moving)} 个；采用以后它们都不自动移动。"
    )
    if late:
        say_folded(f"其中施行之日以后起算、已按原规定计算的 {len(late)} 个：")
        show_shifts(late)
    if early:
        say_folded(f"其中施行之日以前起算的 {len(early)} 个：")
        show_shifts(early)


def _differences(law: Rule, before: RuleVersion, after: RuleVersion) -> list[tuple[str, str, str]]:
    def days(version: RuleVersion) -> str:
        return "、".join(f"{each.days_before}" for each in law.announced_under(version)) or "无"

    found = [("期限", law.length_of(before), law.length_of(after))]
    if days(before) != days(after):
        found.append(("提醒（届满前几日）", days(before), days(after)))
    if law.grace_under(before) != law.grace_under(after):
        found.append(("宽限（工作日）", str(law.grace_under(before)), str(law.grace_under(after))))
    return found


def _tell_end(wanted: ToAdopt, made: Publication | None, *, there: bool, number: int) -> None:
    say()
    if made is not None:
        say_folded(adopted(made))
        say_folded(
            "几秒以内各工作进程改按它计算：施行之日起新起算的期限按新规定，已经计算的不动。"
            f"要改按新规定的，先试看：mingjian rules move {made.number}"
        )
    elif there:
        say_folded(f"已经采用（第 {number} 次），没有再次采用。")
    else:
        say_folded(
            f"以上是试看，没有采用。采用：mingjian rules adopt {wanted.file} --yes --by 姓名 --reason 理由"
        )
