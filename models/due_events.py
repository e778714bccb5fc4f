"""Due days as events of a calendar that lasts a whole day each, and what a later file says of an earlier one's events. Pure.

An event has one identity for ever, made of case and deadline. Its `sequence` never falls: it is the revision of the case's
journal, or one more than in the file before where that was as high (a count under a new calendar may move a day within one
revision, a run that was reset may have a shorter journal). What has not changed keeps the sequence and the stamp that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from shlex import quote
from typing import Literal
from uuid import UUID, uuid5

from models.adoptions import Rules
from models.counting import reminders
from models.dates import CHINA, EventDate
from models.deadlines import account_of
from models.errors import InputError
from models.projecting import LEDGER
from models.rows import CaseRow, DeadlineRow
from models.rules import OWNERS, rule
from models.terms import CaseKind

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

KEPT = timedelta(days=90)
"""So long after its last day an event that was cancelled is still told, for calendars that are seldom brought up to date."""

_HOUSE = UUID("6f0a7a3e-6b0e-5f0e-9d6a-5a1f4c2b7e10")
"""The namespace of the identities. It never changes, or every calendar would show every event twice."""

_GONE = "［不再列入］"
_MARKS = ("［暂定］", "［逾期］", "［已完成］", "［已终止］", "［中止］", _GONE)


@dataclass(frozen=True, slots=True)
class DueEvent:
    """One due day. `stamp` is a moment in UTC; `alarms` are counted from 0:00 of the day, earlier ones negative."""

    uid: str
    sequence: int
    stamp: datetime
    day: date
    summary: str
    description: str
    categories: tuple[str, ...]
    status: Status
    alarms: tuple[timedelta, ...] = ()


def uid(case: str, key: str) -> str:
    """The identity of the event of a deadline."""
    return f"{uuid5(_HOUSE, f'{case}/{key}')}@mingjian"


def event(
    case: CaseRow, row: DeadlineRow, revision: int, stamp: datetime, rules: Rules = rule
) -> DueEvent | None:
    """A deadline as an event; None for one that has no last day and never had: a rule without a number.

    One that was met or does not run any more is cancelled, so that calendars drop it. One that is suspended has no last day now;
    it is cancelled on the day it began.
    """
    last = row.due_on or row.due_to
    is_suspended = row.state == "suspended"
    if last is None and is_suspended:
        last = EventDate.parse(row.started_on).latest
    if last is None:
        return None
    if row.ended:
        mark = "［已终止］"
    elif row.state == "met":
        mark = "［已完成］"
    elif is_suspended:
        mark = "［中止］"
    else:
        mark = ("［逾期］" if row.is_overdue else "") + ("［暂定］" if row.provisional else "")
    is_open = not row.ended and row.state in ("running", "expired")
    status: Status = "CANCELLED" if not is_open else "TENTATIVE" if row.provisional else "CONFIRMED"
    bound = row.party or OWNERS.get(row.owner, "")
    return DueEvent(
        uid=uid(case.case, row.key),
        sequence=revision,
        stamp=stamp.replace(microsecond=0),
        day=last,
        summary=f"{mark}{row.name or row.rule}届满 {case.title}" + (f"（{bound}）" if bound else ""),
        description="\n".join(_description(case, row, is_suspended=is_suspended)),
        categories=tuple(filter(None, (CaseKind(case.kind).label, OWNERS.get(row.owner, "")))),
        status=status,
        # What has run out is told by notices; programs would ring for all its alarms at once.
        alarms=_alarms(row, last, rules) if is_open and row.state == "running" else (),
    )


def _description(case: CaseRow, row: DeadlineRow, *, is_suspended: bool) -> Iterator[str]:
    if row.basis:
        yield f"依据：{row.basis}"
    yield f"起算：{row.started_on}"
    if row.due_on is None and row.due_from and row.due_to:
        yield f"届满：最早{row.due_from}，最晚{row.due_to}（起算日只知到月、年或者区间）"
    if row.provisional:
        yield "暂定：放假安排公布后重新计算"
    if is_suspended:
        yield "期限中止，暂无届满日；本日程列在起算之日"
    if row.ended:
        yield f"已终止：{row.ended}"
    if row.met_on:
        yield f"完成：{row.met_on}"
    yield f"日历版本：{row.edition}"
    yield f"案件：{case.case}，承办{case.handler}"
    yield f"查看：mingjian show {case.case} --why --deadline {quote(row.key)}"


def _alarms(row: DeadlineRow, last: date, rules: Rules) -> tuple[timedelta, ...]:
    """The reminders that its rule sends, where it is a rule that this program knows."""
    try:
        law = rules(row.rule)
    except InputError:
        return ()
    midnight = datetime.combine(last, time(), CHINA)
    began = EventDate.parse(row.started_on)
    version, _ = law.version_on(began.earliest)
    if "version_chosen" in row.ledger and (chosen := account_of(LEDGER.validate_json(row.ledger)).version):
        version = law.version_from(chosen) if law.has(chosen) else version
    ahead = reminders(law, version, began.latest, row.due_on or row.due_from)
    return tuple(each.at - midnight for each in ahead)


def following(now: Iterable[DueEvent], before: Mapping[str, DueEvent], today: date) -> Iterator[DueEvent]:
    """The events of a file that takes the place of one with those before (by identity).

    An event that is not among those of now is cancelled, once, and dropped when its day is long past.
    """
    there = set()
    for event in now:
        there.add(event.uid)
        yield _after(event, before.get(event.uid))
    for uid, former in before.items():
        if uid in there or (former.status == "CANCELLED" and former.day < today - KEPT):
            continue
        if former.status == "CANCELLED":
            yield former
        else:
            yield replace(
                former,
                sequence=former.sequence + 1,
                status="CANCELLED",
                summary=_GONE + _unmarked(former.summary),
                alarms=(),
            )


def _after(event: DueEvent, former: DueEvent | None) -> DueEvent:
    if former is None:
        return event
    if event == replace(former, sequence=event.sequence, stamp=event.stamp):
        return former
    return replace(event, sequence=max(event.sequence, former.sequence + 1))


def _unmarked(summary: str) -> str:
    for mark in _MARKS:
        summary = summary.removeprefix(mark)
    return summary
