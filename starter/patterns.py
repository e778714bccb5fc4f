"""`mingjian patterns`: like cases proposed as one 类案检察建议, with a case file to begin it from."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from activities.database import Database
from activities.patterns import LikeCases
from activities.site_jurisdiction import site_jurisdiction
from models.bodies import Jurisdiction
from models.dates import day_in_china
from models.document_types import DocumentType
from models.errors import InputError, Problem, Refusal
from models.patterns import LikeCase, Pattern, patterns
from models.settings import Settings
from models.terms import ClueSource, Relation, Role
from models.wire import Person
from starter.columns import fold
from starter.doors import aside
from starter.output import remark, say, say_json

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Cases opened from `since` to `until`, both included; from `least` like ones on they are a pattern."""

    since: date
    until: date
    least: int
    county: str = ""


def read_wanted(settings: Settings, *, since: str, until: str, least: str, county: str) -> Wanted:
    """What the options mean; InputError with all that is wrong with them. The year up to today, unless they say otherwise."""
    problems: list[Problem] = []
    days: dict[str, date] = {}
    for name, text in (("--since", since), ("--until", until)):
        try:
            days |= {name: date.fromisoformat(text)} if text else {}
        except ValueError:
            problems.append(Problem(f"“{text}”不是日期", "写作 2026-01-01", field=name))
    last = days.get("--until") or day_in_china(datetime.now(UTC))
    first = days.get("--since") or _a_year_before(last)
    if not problems and first > last:
        problems.append(Problem("--since 晚于 --until", "对调或改正", field="--since"))
    if not (least.isascii() and least.isdecimal() and 2 <= int(least) <= 1000):
        problems.append(Problem(f"“{least}”不是件数", "写 2 到 1000 的整数", field="--least"))
    if county:
        try:
            county = site_jurisdiction(settings).filed_under(county)
        except InputError as error:
            problems += [Problem(each.what, each.remedy, field="--county") for each in error.problems]
    if problems:
        raise InputError(problems)
    return Wanted(since=first, until=last, least=int(least), county=county)


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def find(settings: Settings, wanted: Wanted) -> list[Pattern]:
    """What the registry shows; Unreachable when it does not answer."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        cases = LikeCases(database).urged(wanted.since, wanted.until, county=wanted.county)
    return patterns(cases, least=wanted.least)


def tell(settings: Settings, found: Sequence[Pattern], wanted: Wanted, *, as_json: bool) -> int:
    """Each pattern under its number, with its reasons and its cases."""
    for number, pattern in enumerate(found, start=1):
        if as_json:
            say_json(_as_json(number, pattern))
            continue
        say(f"{number}　{pattern.agency_name}　{pattern.matter.label}　{len(pattern.cases)} 件")
        for reason in pattern.reasons():
            first, *rest = fold(reason, 74)
            say(f"  · {first}")
            for line in rest:
                say(f"    {line}")
        for case in pattern.cases:
            first, *rest = fold(f"{case.case}　{case.opened_on}　{case.title}", 76)
            say(f"    {first}")
            for line in rest:
                say(f"      {line}")
        say()
    if not as_json:
        span = f"{wanted.since} 至 {wanted.until} 立案的案件中{aside(settings)}"
        if found:
            remark(f"{span}有 {len(found)} 组同类。是否制发类案检察建议，由检察官决定；")
            remark("拟办的，用 --draft 编号 --out 类案.yaml 写成立案文件，改好后立案。")
        else:
            remark(f"{span}，没有 {wanted.least} 件以上的同类。")
    return 0


def draft(
    settings: Settings, found: Sequence[Pattern], number: str, out: str, by: Person | None, *, as_json: bool
) -> int:
    """Write the case file of one pattern; a file that is there stays."""
    problems = []
    if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= len(found)):
        there = f"写 1 到 {len(found)}" if found else "没有同类案件；放宽 --since、--least"
        problems.append(Problem(f"没有第“{number}”组", there, field="--draft"))
    if not out:
        problems.append(Problem("没有写明写到哪个文件", "加 --out 类案.yaml", field="--out"))
    if by is None:
        problems.append(Problem("没有写明承办人", "加 --by 姓名 --role 检察官", field="--by"))
    if problems or by is None:
        raise InputError(problems)
    pattern = found[int(number) - 1]
    text = case_file(pattern, site_jurisdiction(settings), by)
    try:
        with Path(out).open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Refusal(Problem("已有这个文件，不覆盖", "另写一个文件名", file=out)) from None
    except OSError as error:
        raise InputError(Problem(f"写不了文件（{error.strerror}）", "核对文件夹和权限", file=out)) from None
    if as_json:
        say_json({"file": out, "cases": [each.case for each in pattern.cases]})
    else:
        say(f"已写出 {out}：{len(pattern.cases)} 件，收件单位 {pattern.agency_name}")
        remark(f"补写违法或不当之处、法律依据和建议后，mingjian open urging {out}")
    return 0


def case_file(pattern: Pattern, jurisdiction: Jurisdiction, handler: Person) -> str:
    """A case file of an urging case whose letter is a 类案检察建议书 over these cases; law and advice are the procurator's."""
    title = f"{pattern.agency_name}{pattern.matter.label}类案督促案"[:_LONGEST_TITLE]
    content: dict[str, Any] = {
        "title": title,
        "county": _place(pattern, jurisdiction),
        "matter": pattern.matter.label,
        "clue": {"source": ClueSource.OWN_DUTY.label, "summary": "。".join(pattern.reasons())},
        "handler": {"name": handler.name, "role": Role(handler.role).label},
        "letters": [
            {
                "document": DocumentType.CLASS_SUGGESTION.label,
                "recipients": [pattern.agency_name],
                "text": {
                    "subject": f"纠正{pattern.matter.label}案件中的普遍性问题",
                    "source": "本院在履行职责中发现",
                    "facts": _facts(pattern),
                },
            }
        ],
        "links": [{"relation": Relation.COVERS.value, "case": each.case} for each in pattern.cases],
    }
    head = (
        "# 类案检察建议的立案文件，由同类案件拟出（协作配合意见第三条）。\n"
        "# 请补写 letters 的 text：illegality（系统性问题、监管漏洞）、evidence、legal_basis、advice，\n"
        "# 并写 objection_within（异议期，[建议]16）；不应列入的案件，从 links 和事实中删去。\n"
    )
    return head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def _place(pattern: Pattern, jurisdiction: Jurisdiction) -> str:
    """The county of them all; of several counties' cases the place of the agency."""
    if not pattern.county:
        try:
            return jurisdiction.place(jurisdiction.body(pattern.agency_name).place).name
        except InputError:
            return jurisdiction.place(pattern.cases[-1].county).name
    return jurisdiction.place(pattern.county).name


def _facts(pattern: Pattern) -> str:
    listed = "；".join(f"{number}.{_told(each)}" for number, each in enumerate(pattern.cases, start=1))
    what = f"督促{pattern.agency_name}的{pattern.matter.label}案件 {len(pattern.cases)} 件"
    return f"{pattern.span}，本院办理{what}：{listed}。"


def _told(case: LikeCase) -> str:
    worth = "、".join(each.label for each in case.substances)
    how = "逾期未复" if case.is_overdue else f"回复经评估为{worth}" if worth else ""
    return "，".join(part for part in (f"{case.title}（{case.opened_on}立案）", case.place, how) if part)


def _as_json(number: int, pattern: Pattern) -> dict[str, Any]:
    return {
        "number": number,
        "agency": pattern.agency,
        "agency_name": pattern.agency_name,
        "matter": pattern.matter.value,
        "since": pattern.since.isoformat(),
        "until": pattern.until.isoformat(),
        "reasons": pattern.reasons(),
        "covered": pattern.covered,
        "cases": [
            {"case": each.case, "title": each.title, "opened_on": each.opened_on.isoformat()}
            for each in pattern.cases
        ],
    }
