"""The periods that law sets, as data: `rules/*.toml`, a file for each kind of clock, an entry for each key.

A rule says whose clock it is, what starts it, what meets it, what its running out means, and which text
states it. How long it is stands in its versions, each with the dates between which its text is in force.
Staff words are Chinese; codes and fact kinds are English and stay once released.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from models.errors import InputError, Problem

Unit = Literal["working_days", "days", "months"]
Owner = Literal["agency", "court", "procuratorate", "party"]
StatedBy = Literal["founding", "law", "local"]
Direction = Literal["after", "before"]
PeriodLaw = Literal["civil", "court"]

UNITS: dict[str, str] = {"working_days": "个工作日", "days": "日", "months": "个月"}
OWNERS: dict[str, str] = {
    "agency": "行政机关",
    "court": "人民法院",
    "procuratorate": "人民检察院",
    "party": "当事人",
}
STATED_BY: dict[str, str] = {
    "founding": "协作意见（明检会〔2021〕5号）本身规定的期限",
    "law": "协作意见以外的法律、司法解释或者规定确定的期限",
    "local": "本地约定的期限",
}
SECTIONS = (
    "founding_document",
    "suggestions",
    "public_interest",
    "non_litigation_enforcement",
    "court_supervision",
    "cooperation_and_files",
    "local",
)

# A local choice: ahead of the due day, at this hour in China, to these people; after it, this long for mail.
REMINDER_DAYS = (14, 3)
REMINDER_HOUR = 9
REMINDER_TO = ("handler", "own_liaison")
MAIL_GRACE = 3

LOOK_BACK = "local.look_back"
"""The look-backs that are planned with a closing."""

# The version whose beginning is not known, held to by name: a later one may have been adopted since.
FIRST_VERSION = date.min

# What the end of a period may mean for which nobody has anything left to do.
_NOTHING_UNDONE = ("none", "right_lapses", "goes_on", "ended", "returned")

_FOLDER = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A notice so many days before the due day, at that full hour in China."""

    days_before: int
    hour: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expiry:
    """What the running out of a period means: a code for programs, words for staff."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class NoNumber:
    """Why a rule counts nothing: in a word or two for a table, and in a sentence (without its full stop)."""

    short: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Extension:
    """Who may lengthen the period, by how much (None: as long as the officer decides), and by which text."""

    officer: str
    basis: str
    amount: int | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """How long the period is while one text is in force, first and last day included.

    `effective_from` is None where the day is not known; `effective_to` None while it lasts. `amount` and
    `unit` are None together where the text has no number. A version with `in_force` false bridges a gap
    between texts. `reminders` and `grace_working_days` are None where the rule's own hold; `adopted` is the number of
    the adoption on this site that brought it, 0 for one that the program brings.
    """

    effective_from: date | None
    effective_to: date | None
    amount: int | None
    unit: Unit | None
    in_force: bool
    basis: str
    note: str
    reminders: tuple[Reminder, ...] | None = None
    grace_working_days: int | None = None
    adopted: int = 0

    @property
    def name(self) -> date:
        """What a running period holds to it by: the day it took effect."""
        return self.effective_from or FIRST_VERSION

    def covers(self, day: date) -> bool:
        """Whether the day lies within the version's dates."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One period. See the module for what its fields mean; `models/rules/` for where each comes from.

    `opens` says what a waiting period opens, and is empty for every other. `on_holidays` says what must not be done on
    the holiday that the day may be, for a rule that is no period but forbids days. `extensions` stand in the order in which
    they may follow one another. `period_law` names the general rules on
    periods that it is counted by: civil law alone, or that of the courts beside it.
    """

    key: str
    name: str
    section: str
    owner: Owner
    starts_on: str
    starts_words: str
    met_by: tuple[str, ...]
    judged_by: Literal["sent", "done"]
    expiry: Expiry
    basis: str
    stated_by: StatedBy
    amount_is_local: bool
    direction: Direction
    waiting: bool
    opens: str
    on_holidays: str
    period_law: PeriodLaw
    no_number: NoNumber | None
    extensions: tuple[Extension, ...]
    suspendable: str
    excludable: str
    reminders: tuple[Reminder, ...]
    grace_working_days: int
    note: str
    versions: tuple[RuleVersion, ...]

    @property
    def in_founding_document(self) -> bool:
        """Whether the founding document itself states the duty (S in the table), not another text (X)."""
        return self.stated_by == "founding"

    @property
    def announced(self) -> tuple[Reminder, ...]:
        """The reminders that are sent under the latest version: none for a right that may be left unused."""
        return self.announced_under(self.versions[-1])

    def announced_under(self, version: RuleVersion) -> tuple[Reminder, ...]:
        """The reminders that are sent for a period under that version."""
        if self.expiry.code == "right_lapses":
            return ()
        return self.reminders if version.reminders is None else version.reminders

    def grace_under(self, version: RuleVersion) -> int:
        """The working days that are left for mail under that version, before an unmet period is overdue."""
        return self.grace_working_days if version.grace_working_days is None else version.grace_working_days

    @property
    def is_late_at_its_end(self) -> bool:
        """Whether its running out unmet leaves something undone that staff look after: no waiting period, no right left
        unused, nothing that the law itself lets go on.
        """
        return not self.waiting and self.owner != "party" and self.expiry.code not in _NOTHING_UNDONE

    def length_of(self, version: RuleVersion) -> str:
        """How long that version is, in a word or two: `2个月`, or why it has no number."""
        if version.amount is not None and version.unit is not None:
            if version.unit == "months" and version.amount > 12 and version.amount % 12 == 0:
                return f"{version.amount // 12}年"
            return f"{version.amount}{UNITS[version.unit]}"
        return self.no_number.short if self.no_number else "无固定期限"

    def extension_after(self, granted: int) -> Extension | None:
        """Who may lengthen it next, after so many extensions; the last may be repeated where the law sets no amount."""
        if granted < len(self.extensions):
            return self.extensions[granted]
        last = self.extensions[-1] if self.extensions else None
        return last if last is not None and last.amount is None else None

    def version_on(self, day: date) -> tuple[RuleVersion, bool]:
        """The version for a period that starts on that day, and whether its text is in force then.

        Before every text the earliest version answers, not in force.
        """
        for version in reversed(self.versions):
            if version.effective_from is None or version.effective_from <= day:
                return version, version.in_force
        return self.versions[0], False

    def has(self, effective_from: date) -> bool:
        """Whether there is a version of that name."""
        return effective_from == FIRST_VERSION or any(each.name == effective_from for each in self.versions)

    def version_from(self, effective_from: date | None) -> RuleVersion:
        """The version that took effect on that day (`FIRST_VERSION`: on a day unknown); InputError when there is none."""
        if effective_from in (None, FIRST_VERSION):
            return self.versions[0]
        for version in self.versions:
            if version.effective_from == effective_from:
                return version
        raise InputError(
            Problem(
                f"规则 {self.key} 没有自 {effective_from} 起施行的版本",
                remedy="请核对规则表",
                field="version",
            )
        )


def rule(key: str) -> Rule:
    """The rule of that key as the program brings it; InputError, with keys that look alike, when there is none.

    What counts for cases asks the rules of the site (`models.adoptions`), which may have adopted a version since.
    """
    for section in SECTIONS:
        # Parsing all six files would cost more than everything else that `mingjian due` does.
        if f'key = "{key}"' in _text(section) and key in _section(section):
            return _section(section)[key]
    raise InputError(_unknown(key))


def all_rules() -> tuple[Rule, ...]:
    """Every rule as the program brings it, in the order of the table."""
    return tuple(entry for section in SECTIONS for entry in _section(section).values())


def _unknown(key: str) -> Problem:
    from difflib import get_close_matches

    keys = [entry.key for entry in all_rules()]
    head = key.split(".")[0]
    alike = get_close_matches(key, keys, n=5, cutoff=0.5) or [
        each for each in keys if each.split(".")[0] == head
    ]
    remedy = f"相近的有：{'、'.join(alike)}" if alike else "运行 mingjian rules 查看全部规则"
    return Problem(f"没有名为“{key}”的规则", remedy=remedy, field="rule")


@cache
def _text(section: str) -> str:
    return (_FOLDER / f"{section}.toml").read_text(encoding="utf-8")


@cache
def _section(section: str) -> dict[str, Rule]:
    # The reader makes the rules that this module defines.
    from models.rule_files import read_rules

    rules = read_rules(_text(section), section=section, file=f"{section}.toml")
    return {entry.key: entry for entry in rules}
