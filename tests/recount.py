"""Recounts the figures of a report from the cases themselves: from sealed folders, or from what `mingjian show --json` prints.

    python tests/recount.py 2021-10-01 2021-12-31 archive/cases running.jsonl
    python tests/recount.py 2021-10-01/2021-12-31 2021-01-01/2021-12-31 archive/cases

The second way counts several periods while it reads each case once, of each the whole (under "") and every county by its code.

Imports nothing but the standard library and knows nothing of how the report counts. Of a sealed folder it reads
`data/journal.jsonl` (what was said, with its corrections) and, for what no message says, `data/snapshot.json`: the days on which
periods end, kinds and areas of items, which messages were entered. Of a running case there is only the latter.
"""

from __future__ import annotations

import calendar
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

CHINA = timezone(timedelta(hours=8))
Span = tuple[date, date]
Row = dict[str, Any]

REPLIES = {
    "coop.reply",
    "jy.reply",
    "jy.reply_urgent",
    "pil.reply",
    "pil.reply_urgent",
    "ct.reply",
    "ct.retrial",
}
COURT = {"ct.accept", "ct.rule", "ct.rule_hearing", "ct.execute", "ct.urgent"}
ASKING = {
    "notification_letter", "suggestion", "class_suggestion", "pre_suit_suggestion", "court_suggestion", "retrial_suggestion",
}  # fmt: skip
HAPPENED = (
    "application_filed", "application_accepted", "application_not_accepted", "ruling_made", "reconsideration_ruled",
    "execution_opened", "execution_stayed", "execution_terminated", "penalty_fulfilled", "suit_filed", "judgment_given",
    "suit_ended", "clue_transferred", "clue_received", "feedback_received", "campaign_started", "campaign_reported",
    "looked_back",
)  # fmt: skip
FAMILIES = ("reply", "copy", "court", "clue_answer", "revisit")


def span(text: str) -> Span:
    """The first and last day that a written date may mean: 2021-09-15, 2021-09, 2021, A/B."""
    first, _, last = text.partition("/")
    return _bounds(first)[0], _bounds(last or first)[1]


def _bounds(text: str) -> Span:
    numbers = [int(each) for each in text.split("-")]
    if len(numbers) == 3:
        return date(*numbers), date(*numbers)
    year, months = numbers[0], numbers[1:] or [1, 12]
    return date(year, months[0], 1), date(year, months[-1], calendar.monthrange(year, months[-1])[1])


class Case:
    """One case: its rows, and of a sealed one what was said to it."""

    def __init__(self, rows: Row, journal: list[Row]) -> None:
        own = rows.get("case")
        self.own = own if isinstance(own, dict) else rows
        self.letters = {each["letter"]: each for each in rows["letters"]}
        self.deadlines, self.items, self.meetings = rows["deadlines"], rows["items"], rows["meetings"]
        self.facts = {each["id"]: each for each in rows["facts"] if each["how"] == "applied"}
        self.journal = [each for each in journal if each["message"]["id"] in self.facts]
        self.said = self._as_it_stands()

    def _as_it_stands(self) -> list[Row]:
        """What was said and holds, in order, each with the day it was entered: a corrected fact as it was corrected."""
        said = {}
        for line in self.journal:
            message = line["message"]
            day = datetime.fromisoformat(line["at"]).astimezone(CHINA).date()
            said[message["id"]] = {**message, "entered": day}
        for line in self.journal:
            change = line["message"]
            if change["kind"] == "correct" and change["fact"] in said and change["replacement"]:
                said[change["fact"]] = {**said[change["fact"]], **change["replacement"], "id": change["fact"]}
        return list(said.values())

    def happened(self, kind: str) -> list[str]:
        """The days on which such a thing happened, as they are written."""
        if self.journal:
            return [str(each["on"]) for each in self.said if each["kind"] == kind]
        return [each["happened_on"] for each in self.facts.values() if each["kind"] == kind]

    def issued(self) -> dict[str, Span | None]:
        """The letters that went out, each with its day; None where that is not known to the day."""
        if not self.journal:
            never_out = ("drafted", "approved", "withdrawn")
            return {
                name: span(each["issued_on"]) if each["issued_on"] else None
                for name, each in self.letters.items()
                if each["issued_on"] or each["state"] not in never_out
            }
        went: dict[str, Span | None] = {}
        pending: list[str] = []
        documents = 0
        for each in self.said:
            if each["kind"] == "draft_letter":
                documents += 1
                pending.append(f"D{documents}")
            elif each["kind"] == "withdraw_letter" and each.get("letter") in pending:
                pending.remove(each["letter"])
            elif each["kind"] == "issue_letter":
                document = each["document"] or pending[0]
                pending.remove(document)
                day = each.get("on") or each["entered"].isoformat()
                for letter in self.letters.values():
                    if letter["document"] == document:
                        went[letter["letter"]] = None if each.get("known_on") else span(day)
        return went

    def replied(self, letter: str) -> Span | None:
        """The first reply to a letter."""
        if not self.journal:
            on = self.letters[letter]["replied_on"]
            return span(on) if on else None
        return min((on for on, _ in self._replies(letter)), default=None)

    def _replies(self, letter: str) -> list[tuple[Span, str]]:
        only = len([each for each in self.letters.values() if each["issued_on"]]) == 1
        names = (letter, "") if only else (letter,)
        found = [each for each in self.said if each["kind"] == "reply_received" and each["letter"] in names]
        return sorted((span(each["on"]), each["id"]) for each in found)

    def worth(self, letter: str) -> str:
        """What the latest reply that was looked into came to."""
        if not self.journal:
            return str(self.letters[letter]["substance"])
        waiting, judged = [reply for _, reply in self._replies(letter)], {}
        for each in self.said:
            if each["kind"] == "assess_reply" and each["letter"] in (letter, ""):
                reply = each["reply"] or next(each for each in waiting if each not in judged)
                if reply in waiting:
                    judged[reply] = each["substance"]
        return next((judged[reply] for reply in reversed(waiting) if reply in judged), "")

    def met(self, period: Row) -> Span | None:
        """When what a period asks for was done."""
        if period["rule"] in REPLIES:
            return self.replied(period["letter"])
        if period["rule"] == "coop.copy" and self.journal:
            return min(map(span, self.happened("copy_sent")), default=None)
        return span(period["met_on"]) if period["met_on"] else None

    def put_right_on(self) -> Span | None:
        """The day of the last step, once nothing is left to be put right; none while anything is."""
        states = [each["state"] for each in self.items]
        own = [each for each in states if each in ("open", "under_way", "done", "reopened", "dropped")]
        if "done" not in own or set(own) - {"done", "dropped"}:
            return None
        return max(map(span, self.happened("item_progressed")), key=lambda on: (on[1], on[0]), default=None)


def _how(due: Span, met: Span | None) -> str:
    if met is None:
        return "none"
    return "on_time" if met[1] <= due[0] else "late" if met[0] > due[1] else "uncertain"


class Recount:
    """The figures of a period, case by case."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        # Of a period that still runs, what falls due later cannot be judged yet.
        self.over = min(last, datetime.now(CHINA).date() - timedelta(days=1))
        self.figures: defaultdict[str, float] = defaultdict(int)
        self.days: list[int] = []

    def within(self, on: Span) -> bool:
        return self.first <= on[0] and on[1] <= self.last

    def dated(self, figure: str, on: Span | None, case: Case, number: float = 1) -> bool:
        """Count it where its whole span lies in the period; apart, where it may lie in it; whether it counted."""
        if on is None:
            self.figures["dayless"] += date.fromisoformat(case.own["opened_on"]) <= self.last
        elif self.within(on):
            self.figures[figure] += number
            return True
        elif on[0] <= self.last and on[1] >= self.first:
            self.figures["undated"] += 1
        return False

    def add(self, case: Case) -> None:
        opened, closed = case.own["opened_on"], case.own["closed_on"]
        begun, ended = date.fromisoformat(opened), date.fromisoformat(closed) if closed else date.max
        kind = case.own["kind"]
        self.figures["opened"] += self.first <= begun <= self.last
        self.figures["closed"] += self.first <= ended <= self.last
        is_pending = begun <= self.last < ended
        self.figures["pending"] += is_pending
        self.figures["campaigns"] += is_pending and kind == "campaign"
        for letter, on in case.issued().items():
            document = case.letters[letter]["type"]
            if self.dated("letters", on, case):
                self.figures["clue_sent"] += document == "clue_transfer"
                self.figures["clue_answered"] += document in ("clue_feedback", "clue_return")
        self.periods(case)
        if kind in ("urging", "enforcement", "public_interest"):
            self.rectified(case)
        for happening in HAPPENED:
            for written in case.happened(happening):
                self.dated(happening, span(written), case)
        for meeting in case.meetings:
            if meeting["held_on"]:
                self.dated("meetings", span(meeting["held_on"]), case)

    def periods(self, case: Case) -> None:
        late_ones = set()
        for period in case.deadlines:
            rule, ends = period["rule"], period["due_on"] or period["due_to"]
            family = (
                "reply" if rule in REPLIES
                else "copy" if rule == "coop.copy"
                else "court" if rule in COURT
                else {"local.clue_feedback": "clue_answer", "local.look_back": "revisit"}.get(rule)
            )  # fmt: skip
            met = case.met(period) if family else None
            stopped = period["ended"] and not met and not self._was_over(period, ends or "")
            if not family or not ends or stopped:
                continue
            due = date.fromisoformat(period["due_from"] or ends), date.fromisoformat(ends)
            if family == "reply" and due[1] <= self.last and self._is_overdue(case, period, met, due[1]):
                late_ones.add(case.own["case"])
            if (self.within(due) and due[1] > self.over) or not self.dated(f"{family}_due", due, case):
                continue
            self.figures[f"{family}_{_how(due, met)}"] += 1
            self.figures["copied"] += family == "copy" and met is not None
            if family == "reply":
                self._weigh(case, period["letter"], _how(due, met), met is not None)
        self.figures["overdue"] += len(late_ones)

    def _was_over(self, period: Row, ends: str) -> bool:
        """Whether its end had passed unmet when the case was closed, or another letter took the place of the one it runs for."""
        if period["ended"] not in ("已结案", "已归档") and not period["ended"].endswith("取代"):
            return False
        return any(each["kind"] == "expired" and each["on"] > ends for each in json.loads(period["ledger"]))

    def _is_overdue(self, case: Case, period: Row, met: Span | None, due: date) -> bool:
        if met is not None:
            return met[0] == met[1] and met[0] > self.last and met[0] > due
        if period["ended"]:
            return False
        if not case.journal:
            return bool(period["is_overdue"])
        ticks = [
            each for each in case.said if each["kind"] == "fell_due" and each["deadline"] == period["key"]
        ]
        return any(each["final"] and each["due_on"] == due.isoformat() for each in ticks)

    def _weigh(self, case: Case, letter: str, how: str, came: bool) -> None:
        worth = case.worth(letter)
        self.figures["put_right"] += worth == "put_right"
        self.figures["reply_substance"] += came
        self.figures["hollow"] += how == "on_time" and worth not in ("", "put_right")
        if case.letters[letter]["type"] != "notification_letter":
            self.figures["suggestions"] += 1
            self.figures["adopted"] += worth in ("put_right", "partly")

    def rectified(self, case: Case) -> None:
        on, done = case.put_right_on(), [each for each in case.items if each["state"] == "done"]
        if on is None:
            for _ in done:
                self.dated("items", None, case)
            return
        if not self.dated("rectified", on, case):
            return
        went = [
            day[0] for letter, day in case.issued().items() if day and case.letters[letter]["type"] in ASKING
        ]
        if went and on[0] == on[1] and min(went) <= on[0]:
            self.days.append((on[0] - min(went)).days)
        for each in done:
            area = each["area_m2"] or 0
            self.figures["items"] += 1
            self.figures["land"] += area
            self.figures["land_returned"] += area * (each["kind"] == "land_return")
            self.figures["land_demolished"] += area * (each["kind"] in ("demolition", "recultivation"))
            self.figures["land_recultivated"] += area * (each["kind"] == "recultivation")

    def result(self) -> dict[str, float | None]:
        """Every figure, those of nought too."""
        named = [
            "opened", "closed", "pending", "letters", "put_right", "reply_substance", "hollow", "overdue", "suggestions",
            "adopted", "copied", "rectified", "items", "land", "land_returned", "land_demolished", "land_recultivated",
            "clue_sent", "clue_answered", "campaigns", "meetings", "undated", "dayless", *HAPPENED,
        ]  # fmt: skip
        named += [
            f"{each}_{how}" for each in FAMILIES for how in ("due", "on_time", "late", "uncertain", "none")
        ]
        found: dict[str, float | None] = {each: self.figures[each] for each in named}
        found["adoption_rate"] = self._rate("adopted", "suggestions")
        found["copy_rate"] = self._rate("copied", "copy_due")
        found["timely_rate"] = self._rate("copy_on_time", "copy_due")
        found["days_median"] = statistics.median(self.days) if self.days else None
        found["days_worst"] = max(self.days, default=None)
        return found

    def _rate(self, part: str, whole: str) -> float | None:
        return self.figures[part] / self.figures[whole] if self.figures[whole] else None


def cases(path: Path) -> Iterator[Case]:
    """The sealed cases of a folder, or the running ones of a file of one JSON object a line."""
    if path.is_file():
        yield from (Case(json.loads(line), []) for line in path.read_text("utf-8").splitlines() if line)
        return
    for snapshot in sorted(path.glob("**/data/snapshot.json")):
        lines = snapshot.with_name("journal.jsonl").read_text("utf-8").splitlines()
        yield Case(json.loads(snapshot.read_text("utf-8")), [json.loads(line) for line in lines])


def recount(first: date, last: date, paths: list[Path], county: str = "") -> dict[str, float | None]:
    """The figures of a period out of these folders and files; of one county, where it is named."""
    counting = Recount(first, last)
    for path in paths:
        for case in cases(path):
            if county in ("", case.own["county"]):
                counting.add(case)
    return counting.result()


Counted = dict[str, dict[str, dict[str, float | None]]]


def recount_each(periods: list[str], paths: list[Path]) -> Counted:
    """The figures of several periods, by the period as it is written, and the county; the whole under ""."""
    found: dict[tuple[str, str], Recount] = {}
    for path in paths:
        for case in cases(path):
            for period in periods:
                for county in ("", case.own["county"]):
                    if (period, county) not in found:
                        found[period, county] = Recount(*map(date.fromisoformat, period.split("/")))
                    found[period, county].add(case)
    return {
        period: {county: each.result() for (its, county), each in found.items() if its == period}
        for period in periods
    }


def main(arguments: list[str]) -> object:
    """What the arguments ask for."""
    periods = [each for each in arguments if len(each) == 21 and each[10] == "/" and each[:4].isdecimal()]
    if periods:
        return recount_each(periods, [Path(each) for each in arguments if each not in periods])
    begins, ends, *places = arguments
    return recount(date.fromisoformat(begins), date.fromisoformat(ends), [Path(each) for each in places])


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:]), ensure_ascii=False, indent=1))
