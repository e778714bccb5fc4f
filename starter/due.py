"""The answer of `mingjian due RULE DATE…`: one rule, many start days, each with its due day and why.

Reaches no server; it imports the pure core alone, because a clerk asks it many times a day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize

from models.calendar import EARLIEST_COUNTED, LATEST_START, Calendar, calendar
from models.dates import EventDate
from models.deadlines import Started, reckon
from models.errors import InputError, Problem
from models.explanations import explain
from models.rules import Rule, rule


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """One line of the answer. `started_on` is the date in its shortest ISO form; all days are days in China.

    `due_on` is None for a rule without a number, and for a start not known to the day, which has `due_from`
    and `due_to`. A `waiting` period has the day after in `opens_on`, or `opens_from` and `opens_to`: from then on what
    it held back is open. `in_force` is whether a text was in force on every day that the period may have started
    on, `ever_in_force` whether on any.
    """

    rule: str
    started_on: str
    due_on: date | None
    due_from: date | None
    due_to: date | None
    waiting: bool
    opens_on: date | None
    provisional: bool
    in_force: bool
    ever_in_force: bool
    edition: str
    explanation: tuple[str, ...]

    @property
    def opens_from(self) -> date | None:
        """The earliest day that `opens_on` can be, where that is not known."""
        return self.due_from + timedelta(days=1) if self.waiting and self.due_from else None

    @property
    def opens_to(self) -> date | None:
        """The latest."""
        return self.due_to + timedelta(days=1) if self.waiting and self.due_to else None

    def to_json(self) -> dict[str, Any]:
        """The line as plain JSON values; `due_from` and `due_to` only where the start is not known to the
        day, the days of opening only for a waiting period.
        """
        line: dict[str, Any] = {
            "rule": self.rule,
            "started_on": self.started_on,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "provisional": self.provisional,
            "in_force": self.in_force,
            "edition": self.edition,
            "explanation": list(self.explanation),
        }
        if self.due_from and self.due_to:
            line["due_from"] = self.due_from.isoformat()
            line["due_to"] = self.due_to.isoformat()
        if self.waiting:
            line["opens_on"] = self.opens_on.isoformat() if self.opens_on else None
            if self.opens_from and self.opens_to:
                line["opens_from"] = self.opens_from.isoformat()
                line["opens_to"] = self.opens_to.isoformat()
        return line


def due_lines(
    rule_key: str,
    dates: list[str],
    edition: str | None = None,
    in_force: Callable[[], Calendar] = calendar,
    rules: Callable[[str], Rule] = rule,
) -> list[DueAnswer]:
    """Answer each date in the order given, by the edition named, else by the one `in_force`, and by `rules`.

    Raises InputError with everything that is wrong, and then answers none.
    """
    problems: list[Problem] = []
    law: Rule | None = None
    chosen: Calendar | None = None
    try:
        law = rules(rule_key)
    except InputError as error:
        problems += error.problems
    try:
        chosen = calendar(edition) if edition else in_force()
    except InputError as error:
        problems += error.problems
    if not dates:
        problems.append(Problem("没有给出日期", remedy="写作 mingjian due coop.reply 2021-09-15"))
    answers = []
    for place, text in enumerate(dates, start=1):
        try:
            on = _start_of(text)
            if law is not None and chosen is not None:
                answers.append(_answer(law, on, chosen))
        except InputError as error:
            problems += [replace(problem, field=f"第 {place} 个日期") for problem in error.problems]
    if problems:
        raise InputError(problems)
    return answers


def _start_of(text: str) -> EventDate:
    # Full-width digits and strokes are what a Chinese keyboard gives.
    on = EventDate.parse(normalize("NFKC", text))
    if on.earliest < EARLIEST_COUNTED or on.latest > LATEST_START:
        raise InputError(
            Problem(f"“{text}”超出可计算的范围", remedy=f"日期应在 {EARLIEST_COUNTED} 至 {LATEST_START} 之间")
        )
    return on


def _answer(law: Rule, on: EventDate, chosen: Calendar) -> DueAnswer:
    ledger = (Started(on, by=""),)
    reckoning = reckon(law, ledger, chosen)
    return DueAnswer(
        rule=law.key,
        started_on=str(on),
        due_on=reckoning.due_on,
        due_from=reckoning.due_from,
        due_to=reckoning.due_to,
        waiting=law.waiting,
        opens_on=reckoning.opens_on,
        provisional=reckoning.provisional,
        in_force=reckoning.in_force,
        ever_in_force=_ever_in_force(law, on),
        edition=reckoning.edition,
        explanation=tuple(explain(law, ledger, reckoning, chosen)),
    )


def _ever_in_force(law: Rule, on: EventDate) -> bool:
    return any(
        version.in_force
        and (version.effective_from is None or version.effective_from <= on.latest)
        and (version.effective_to is None or on.earliest <= version.effective_to)
        for version in law.versions
    )
