"""`mingjian calendar publish`: a year's holidays, checked, shown with all that moves by them, and published for all workers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from activities.books import Books
from activities.calendars import SiteCalendars, site_edition
from activities.database import Database
from activities.open_deadlines import OpenDeadlines, cases_of
from models.calendar import Calendar
from models.dates import day_in_china
from models.edition_changes import ChangedDays, in_words
from models.errors import InputError, Problem
from models.moves import Move, Sifted
from models.publications import Publication
from models.settings import Settings
from models.year_files import YearFile, read_year, text_of
from starter.calendar_pages import announced, show_year
from starter.columns import fold
from starter.csv_tables import write_csv
from starter.doors import only, refuse_part
from starter.output import Listing, remark, say, say_json, show
from starter.recounting import look, sift, wait_for
from starter.site_years import published_in

TEMPLATE = """# 年度日历文件：照放假通知写全一整年，一天只列一次
year = 2027
source = "国务院办公厅关于2027年部分节假日安排的通知"
# notice = "国办发明电〔2026〕×号"        # 文号；不知道的不写
# issued_on = 2026-11-04                  # 通知日期；不知道的不写
holidays = [
  { from = 2027-01-01, to = 2027-01-03, name = "元旦" },
  { from = 2027-05-01, to = 2027-05-05, name = "劳动节" },
  { from = 2027-10-01, to = 2027-10-07, name = "国庆节" },
]
made_up = [2027-01-23]                    # 调休上班，只能是周六、周日
"""
# Their days are set by the moon; a year without one of them has not been written down wholly.
_USUAL = ("春节", "清明", "端午", "中秋")
_SHOWN = 20
_COLUMNS = {
    "case": "案件",
    "title": "案名",
    "county": "地方",
    "handler": "承办人",
    "party": "单位",
    "deadline": "期限",
    "was": "原届满日",
    "now": "新届满日",
    "provisional": "暂定",
    "outcome": "办到",
    "why": "原因",
}


@dataclass(frozen=True, slots=True)
class ToPublish:
    """A year file that was read and found right; `by` and `reason` are empty for a dry run."""

    file: str
    text: str
    year: YearFile
    by: str
    reason: str
    yes: bool


def read_publishing(path: Path, by: str, reason: str, *, yes: bool) -> ToPublish:
    """Read file and options; InputError with everything that is wrong with both."""
    problems: list[Problem] = []
    by, reason = by.strip(), reason.strip()
    if yes and not by:
        problems.append(Problem("没有写明谁公布", "加 --by 姓名", field="--by"))
    if yes and not reason:
        problems.append(Problem("没有写明依据", "加 --reason，如通知的名称、文号", field="--reason"))
    if len(by) > 60:
        problems.append(Problem("姓名过长", "不超过 60 字", field="--by"))
    if len(reason) > 200 or "\n" in reason:
        problems.append(Problem("依据过长，或者不止一行", "写在一行之内，不超过 200 字", field="--reason"))
    text, year = "", None
    try:
        text = text_of(path)
        year = read_year(text, file=path.name)
    except InputError as error:
        problems += error.problems
    if year is not None and path.stem.isdecimal() and len(path.stem) == 4 and int(path.stem) != year.year:
        what = f"文件名说是 {path.stem} 年，内容却是 {year.year} 年"
        problems.append(Problem(what, "核对是否改漏了年份", field="year", file=path.name))
    if problems or year is None:
        raise InputError(problems)
    return ToPublish(path.name, text, year, by, reason, yes)


class Plan:
    """What a publication would bring: the editions before and after, the days apart, the deadlines that move."""

    def __init__(self, settings: Settings, wanted: ToPublish) -> None:
        self.wanted = wanted
        held = published_in(settings)
        self.before = site_edition(settings.calendar_folder, held)
        year = wanted.year
        known = {each.year: each for each in self.before.years}
        self.known = known.get(year.year)
        last = max(known)
        if year.year > last + 1:
            what = f"{last + 1} 年的放假安排还没有公布，不能先公布 {year.year} 年的"
            raise InputError(Problem(what, "核对年份，逐年公布", field="year", file=wanted.file))
        self.is_in_force = self.known is not None and self.known.digest() == year.digest()
        coming = Publication(
            len(held) + 1, wanted.file, wanted.text, wanted.by, wanted.reason, datetime.now(UTC)
        )
        self.after: Calendar = (
            self.before if self.is_in_force else site_edition(settings.calendar_folder, (*held, coming))
        )
        self.changes = ChangedDays(self.before, self.after).days
        self.sifted: Sifted | None = None

    def sift(self, settings: Settings) -> None:
        """Count all open deadlines again; where nothing has been set up there are none."""
        with closing(Database(settings.registry, reach=settings.reach)) as database:
            calendars = SiteCalendars(settings.calendar_folder, Books(database))
            self.sifted = sift(OpenDeadlines(database), self.before, self.after, calendars)

    def hints(self, today: date) -> list[str]:
        """What is not wrong, but may well be a slip."""
        year, hints = self.wanted.year, []
        names = "".join(name for _, _, name in year.holidays)
        if missing := [each for each in _USUAL if each not in names]:
            hints.append(f"文件没有列{'、'.join(missing)}：请核对是否写全了")
        if self.known is not None and not self.is_in_force:
            which = self.known.notice or self.known.source
            hints.append(f"{year.year} 年的放假安排已经有了（{which}），这次公布是更正：以后公布的为准")
        if past := [each for each in self.changes if each.day <= today]:
            hints.append(
                f"其中 {len(past)} 天已经过去：已届满的期限也会重算；在办案件已经办到的，是否逾期一并改判"
            )
        return hints


def tell_publishing(
    settings: Settings, wanted: ToPublish, *, out: Path | None, wait: bool, as_json: bool
) -> int:
    """Show what would change, or publish and show what does. Repeating it publishes nothing twice."""
    if wanted.yes:
        refuse_part(settings, "公布日历")
    plan = Plan(settings, wanted)
    if has_cases(settings):
        plan.sift(settings)
    if out is not None:
        moves = plan.sifted.moved if plan.sifted is not None else []
        write_csv([_row(each) for each in moves], _COLUMNS, out)
        remark(f"已写入 {out}，共 {len(moves)} 行。")
    if not as_json:
        _tell(plan, only(settings))
    made: Publication | None = None
    if wanted.yes and not plan.is_in_force:
        with closing(Database(settings.registry, reach=settings.reach)) as database:
            made, _ = Books(database).publish_year(
                file=wanted.file, text=wanted.text, by=wanted.by, reason=wanted.reason
            )
    if as_json:
        say_json(_as_json(plan, made))
    else:
        _tell_end(plan, made)
    if wait:
        with closing(Database(settings.registry, reach=settings.reach)) as database:
            deadlines = OpenDeadlines(database)
            wait_for(look(settings, database, deadlines), deadlines)
    return 0


def has_cases(settings: Settings) -> bool:
    """Whether there is a registry to sift: on one machine it is made with the first start."""
    from sqlalchemy import make_url

    url = make_url(settings.registry_url)
    return url.get_backend_name() != "sqlite" or Path(str(url.database)).is_file()


def _tell(plan: Plan, bounds: str) -> None:
    show_year(plan.after, plan.wanted.year.year)
    say()
    if plan.is_in_force:
        say(f"现行日历（{plan.before.name}）已经如此，没有变动。")
    else:
        off = sum(not each.works for each in plan.changes)
        _say(f"与现行日历（{plan.before.name}）相比：{off} 天改为放假，{len(plan.changes) - off} 天改为上班")
        for phrase in in_words(plan.changes):
            _say(phrase, indent="  ")
    for hint in plan.hints(day_in_china(datetime.now(UTC))):
        _say(f"请注意：{hint}")
    if plan.sifted is not None and not plan.is_in_force:
        say()
        _tell_moves(plan.sifted)
        if bounds:
            _say(f"以上{bounds}。")


def _tell_moves(sifted: Sifted) -> None:
    cases = len(cases_of([each.deadline for each in sifted.moved]))
    _say(f"在办期限 {sifted.seen} 个，其中 {len(sifted.moved)} 个移动，涉及 {cases} 件案件：")
    ordered = sorted(sifted.moved, key=lambda each: (each.why, each.deadline.case, each.deadline.key))
    counts = {why: len(list(group)) for why, group in groupby(ordered, key=lambda each: each.why)}
    shown = sorted(ordered, key=lambda each: (-counts[each.why], each.why))[:_SHOWN]
    for why, group in groupby(shown, key=lambda each: each.why):
        _say(f"因 {why or '顺延'}：{counts[why]} 个")
        listing = Listing("案件、单位", "期限", "原届满日", "新届满日")
        for each in group:
            row = each.deadline
            doubt = "（暂定）" if each.still_provisional else ""
            party = f"{row.case}\n{row.party}".rstrip()
            outcome = f"\n（{each.outcome}）" if each.outcome else ""
            listing.add(party, f"{row.name}{outcome}", str(each.was), f"{each.now}{doubt}")
        show(listing)
    if len(ordered) > len(shown):
        _say(f"另有 {len(ordered) - len(shown)} 个没有列出：--out 文件.csv 写出全部")
    _say(f"日期不变、由暂定变为确定的：{sifted.firmed} 个")
    if sifted.unclear:
        _say(f"从登记库算不准、由案件自己重算的：{len(sifted.unclear)} 个")
        for unclear in sifted.unclear[:5]:
            _say(f"{unclear.deadline.case} {unclear.deadline.key}：{unclear.why}", indent="  ")


def _tell_end(plan: Plan, made: Publication | None) -> None:
    say()
    if made is not None:
        _say(f"已公布：{announced(made)}　日历 {plan.after.name}")
        _say(
            "几秒以内各工作进程改按它计算：期限移动的案件先行重算，其余随后。进度：mingjian calendar progress"
        )
    elif plan.is_in_force:
        _say("没有再次公布。进度：mingjian calendar progress")
    else:
        _say(
            f"以上是试看，没有公布。公布：mingjian calendar publish {plan.wanted.file} --yes --by 姓名 --reason 依据"
        )


def _row(move: Move) -> dict[str, Any]:
    row = move.deadline
    return {
        "case": row.case,
        "title": row.title,
        "county": row.county_name,
        "handler": row.handler,
        "party": row.party,
        "key": row.key,
        "deadline": row.name,
        "was": str(move.was),
        "now": str(move.now),
        "provisional": "是" if move.still_provisional else "",
        "outcome": move.outcome,
        "why": move.why,
    }


def _as_json(plan: Plan, made: Publication | None) -> dict[str, Any]:
    sifted = plan.sifted or Sifted()
    return {
        "year": plan.wanted.year.year,
        "before": plan.before.name,
        "edition": plan.after.name,
        "in_force_already": plan.is_in_force,
        "published": made is not None,
        "number": made.number if made is not None else None,
        "changed_days": {
            each.day.isoformat(): {"works": each.works, "why": each.why} for each in plan.changes
        },
        "hints": plan.hints(day_in_china(datetime.now(UTC))),
        "deadlines": sifted.seen,
        "moved": [{**_row(each), "provisional": each.still_provisional} for each in sifted.moved],
        "firmed": sifted.firmed,
        "unclear": [
            {"case": each.deadline.case, "key": each.deadline.key, "why": each.why} for each in sifted.unclear
        ],
    }


def _say(text: str, *, indent: str = "") -> None:
    for line in fold(text, 80 - len(indent), indent=indent):
        say(line)
