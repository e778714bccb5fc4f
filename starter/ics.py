"""`mingjian ics`: the due days of the registry as a file for calendar programs (iCalendar, RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast, get_args

from icalendar import Alarm, Calendar, Event

from activities.database import Database
from activities.due_dates import DatedRow, DueDates
from activities.durable import force_folder, reason_for, staged, supersede
from activities.registry import Registry
from models.bodies import Jurisdiction
from models.dates import day_in_china
from models.due_events import KEPT, DueEvent, Status, event, following
from models.errors import InputError, Problem, Refusal
from models.settings import Settings
from starter.office import case_id
from starter.output import remark, say_json
from starter.site_years import rules_in_force

_PRODUCT = "-//Mingjian//明鉴期限//ZH"
_SHARED = 0o640


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose due days: of a handler, of a county (by its code), of a case, or all; those that are given must all be met."""

    handler: str = ""
    county: str = ""
    case: str = ""

    @property
    def name(self) -> str:
        """What a calendar program calls the calendar."""
        parts = [each for each in (self.handler, self.county, self.case) if each]
        return f"明鉴期限：{'，'.join(parts) or '全部'}"


def read_scope(settings: Settings, handler: str, county: str, case: str) -> Scope:
    """The scope that the options mean; InputError with all that is wrong with them."""
    problems: list[Problem] = []
    if county and not re.fullmatch(r"\d{6}", county):
        try:
            county = Jurisdiction.load(settings.jurisdiction).place(county).code
        except InputError as error:
            problems += [Problem(each.what, each.remedy, field="--county") for each in error.problems]
    if case:
        try:
            case = case_id(case)
        except InputError as error:
            problems += [Problem(each.what, each.remedy, field="--case") for each in error.problems]
    if problems:
        raise InputError(problems)
    return Scope(handler.strip(), county, case)


def tell_ics(settings: Settings, scope: Scope, out: str, *, as_json: bool) -> int:
    """Write the file, and say what is in it. Unreachable when the registry does not answer."""
    path, today = Path(out), day_in_china(datetime.now(UTC))
    before = _former(path, scope)
    with closing(Database(settings.registry)) as database:
        if scope.case and Registry(database).snapshot(scope.case) is None:
            raise Refusal(
                Problem(f"没有案件 {scope.case}", "核对案件编号；mingjian list 可以查到", field="--case")
            )
        rows = DueDates(database).rows(
            since=today - KEPT, handler=scope.handler, county=scope.county, case=scope.case
        )
    events = list(following(_events(rows), before, today))
    content = calendar_of(events, scope.name)
    is_new = not path.exists() or path.read_bytes() != content
    if is_new:
        _write(path, content)
    count = {
        "open": sum(each.status != "CANCELLED" for each in events),
        "provisional": sum(each.status == "TENTATIVE" for each in events),
        "cancelled": sum(each.status == "CANCELLED" for each in events),
    }
    if as_json:
        say_json({"file": str(path), **count, "changed": is_new})
    else:
        what = "已写入" if is_new else "没有变化："
        remark(
            f"{what} {path}：进行中 {count['open']} 项（暂定 {count['provisional']} 项），"
            f"已完成、终止、中止的 {count['cancelled']} 项（标为取消）。"
        )
    return 0


def _events(rows: Iterable[DatedRow]) -> Iterator[DueEvent]:
    rules = rules_in_force()
    for row in rows:
        found = event(row.case, row.deadline, row.revision, row.run_started_at, rules.rule)
        if found is not None:
            yield found


# the file


def calendar_of(events: Iterable[DueEvent], name: str) -> bytes:
    """The events as a file; the same events give the same bytes."""
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", name)
    for each in sorted(events, key=lambda each: (each.day, each.uid)):
        made.add_component(_as_component(each))
    return bytes(made.to_ical())


def _as_component(due: DueEvent) -> Event:
    made = Event()
    made.add("uid", due.uid)
    made.add("sequence", due.sequence)
    made.add("dtstamp", due.stamp)
    # The last day itself; an end is the first day that is not of the event (RFC 5545, 3.6.1).
    made.add("dtstart", due.day)
    made.add("dtend", due.day + timedelta(days=1))
    made.add("summary", due.summary)
    made.add("description", due.description)
    made.add("categories", list(due.categories))
    made.add("status", due.status)
    made.add("transp", "TRANSPARENT")
    for ahead in due.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", due.summary)
        alarm.add("trigger", ahead)
        made.add_component(alarm)
    return made


def _former(path: Path, scope: Scope) -> dict[str, DueEvent]:
    """The events of the file that is to be replaced, by identity; none where there is no file.

    InputError for a file that is not ours, or that is of another scope: its events would all be cancelled.
    """
    if path.suffix.lower() != ".ics":
        raise InputError(Problem(f"“{path}”不是 .ics 文件名", "写作 期限.ics", field="--out"))
    if not path.parent.is_dir():
        raise InputError(Problem(f"没有文件夹“{path.parent}”", "先建立文件夹，或换一个位置", field="--out"))
    if not path.exists():
        return {}
    try:
        held = Calendar.from_ical(path.read_bytes())
        product, name = str(held.get("prodid", "")), str(held.get("x-wr-calname", ""))
    except OSError as error:
        raise _unusable(path, f"读不了文件（{error.strerror}）", "核对路径和权限") from None
    except (ValueError, AttributeError):
        product = name = ""
    if product != _PRODUCT:
        raise _unusable(path, "文件已经在了，不是本系统写的日历，不覆盖", "移走原来的文件，或换一个名字")
    if name != scope.name:
        raise _unusable(path, f"这个文件是“{name}”，不是“{scope.name}”", "每个范围用各自的文件")
    try:
        events = [_as_event(each) for each in held.walk("VEVENT")]
    except (LookupError, ValueError, AttributeError, TypeError):
        raise _unusable(path, "文件已被改动，读不懂", "移走原来的文件，再写一次") from None
    return {each.uid: each for each in events}


def _unusable(path: Path, what: str, remedy: str) -> InputError:
    return InputError(Problem(what, remedy, field="--out", file=str(path)))


def _as_event(held: Any) -> DueEvent:
    return DueEvent(
        uid=str(held["uid"]),
        sequence=int(held["sequence"]),
        stamp=held["dtstamp"].dt,
        day=_day(held["dtstart"].dt),
        summary=str(held["summary"]),
        description=str(held["description"]),
        categories=tuple(str(each) for each in held["categories"].cats),
        status=_status(str(held["status"])),
        alarms=tuple(alarm["trigger"].dt for alarm in held.walk("VALARM")),
    )


def _day(day: date) -> date:
    if isinstance(day, datetime):
        raise ValueError("a moment where a day was written")
    return day


def _status(text: str) -> Status:
    for known in get_args(Status):
        if text == known:
            return cast(Status, text)
    raise ValueError(text)


def _write(path: Path, content: bytes) -> None:
    """In one step: a calendar program that reads meanwhile has the whole of the former file or of this one."""
    try:
        with staged(path.parent) as file:
            file.write(content)
            supersede(file, path)
        path.chmod(_SHARED)
        force_folder(path.parent)
    except OSError as error:
        reason, remedy = reason_for(error)
        raise _unusable(path, f"写不了文件（{reason}）", remedy) from None
