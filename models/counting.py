"""From a ledger to what a case records of it: the count, its moments, and the words that go with it. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.calendar import Calendar
from models.dates import at_hour, day_end
from models.deadlines import account_of, reckon
from models.errors import InputError
from models.ledgers import Counted, Counting, Reminder, holds_to
from models.rules import UNITS, Extension, Rule, RuleVersion


def count(counting: Counting, calendar: Calendar, law: Rule) -> Counted:
    """Count one ledger under one edition, by its rule as the site has it.

    Moments are UTC; a period is over at 24:00 of its last day in China.

    A ledger that cannot be counted (a day beyond every calendar, say) stays `uncountable` with the reason, and acts on
    nobody; it does not stop the case.
    """
    try:
        return _counted(law, counting, calendar)
    except InputError as error:
        return Counted(
            key=counting.key,
            rule=law.key,
            name=law.name,
            basis=law.basis,
            owner=law.owner,
            state="uncountable",
            version=counting.version,
            edition=calendar.name,
            # It holds to its version still, also where this worker has not heard of that yet.
            started_on=counting.began,
            problem=str(error),
        )


def is_known(counting: Counting, law: Rule) -> bool:
    """Whether the rule has the version that the period holds to, and the one that was decided on."""
    chosen = account_of(counting.entries).version
    return all(each is None or law.has(each) for each in (counting.version, chosen))


def _counted(law: Rule, counting: Counting, calendar: Calendar) -> Counted:
    reckoning = reckon(law, counting.entries, calendar, _version(law, counting))
    # Of a version that nobody has adopted here the period is not made to wait: it runs on as before, and staff are told.
    chosen = account_of(counting.entries).version
    unknown = chosen if chosen is not None and not law.has(chosen) else None
    last = reckoning.last_day
    first = reckoning.due_on or reckoning.due_from
    version = law.version_from(reckoning.version) if reckoning.version else law.versions[0]
    extension = law.extension_after(sum(entry.kind == "extended" for entry in counting.entries))
    return Counted(
        key=counting.key,
        rule=law.key,
        name=law.name,
        basis=next((entry.basis for entry in counting.entries if entry.kind == "started"), "") or law.basis,
        owner=law.owner,
        state=reckoning.state,
        version=reckoning.version,
        edition=reckoning.edition,
        started_on=reckoning.started_on,
        due_on=reckoning.due_on,
        due_from=reckoning.due_from,
        due_to=reckoning.due_to,
        opens_on=reckoning.opens_on,
        provisional=reckoning.provisional,
        in_force=reckoning.in_force,
        met_on=reckoning.met_on,
        days_late=reckoning.days_late,
        due_at=day_end(last) if last else None,
        problem=f"规则没有自{unknown}起施行的版本，仍按原规定计算" if unknown else "",
        overdue_at=_overdue_at(law.grace_under(version), last, calendar),
        reminders=reminders(
            law, version, reckoning.started_on.latest if reckoning.started_on else None, first
        ),
        expiry=law.expiry.code,
        expiry_words=law.expiry.words,
        extendable=_in_words(extension) if extension else "",
        extendable_by=extension.officer if extension else "",
        extendable_amount=extension.amount if extension else None,
        extendable_unit=extension.unit if extension else None,
        suspendable=law.suspendable,
        excludable=law.excludable,
    )


def _version(law: Rule, counting: Counting) -> date | None:
    """The version to count by, where it is not that of the start day alone."""
    on = account_of(counting.entries).on
    if on is None:
        return None
    if counting.version is not None:
        held = holds_to(law, counting.version, counting.began or on, on)
        if held is not None:
            return held
    of_the_day, _ = law.version_on(on.earliest)
    issued_on = counting.issued_on
    if of_the_day.adopted and issued_on is not None and issued_on < of_the_day.name:
        return law.version_on(issued_on)[0].name
    return None


def _overdue_at(grace: int, last: date | None, calendar: Calendar) -> datetime | None:
    if last is None:
        return None
    if not grace:
        return day_end(last)
    return day_end(calendar.add_working_days(last, grace))


def reminders(
    law: Rule, version: RuleVersion, started: date | None, due: date | None
) -> tuple[Reminder, ...]:
    """The reminders that lie inside the period; a short one has fewer."""
    if due is None or started is None:
        return ()
    return tuple(
        Reminder(at=at_hour(day, each.hour), days_before=each.days_before, to=each.to)
        for each in sorted(law.announced_under(version), key=lambda each: -each.days_before)
        if (day := due - timedelta(days=each.days_before)) > started or law.direction == "before"
    )


def _in_words(extension: Extension) -> str:
    length = (
        f"延长{extension.amount}{UNITS[extension.unit]}"
        if extension.amount and extension.unit
        else "批准延长，期间由其决定"
    )
    return f"{extension.officer}可{length}（{extension.basis}）"
