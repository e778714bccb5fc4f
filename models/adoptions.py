"""Rules adopted on a site (采用规则): new versions of periods, reminders and grace, each from its day of effect on. Pure.

    basis = "《……的规定》（高检发释字〔2027〕1号）"

    [[version]]
    rule = "pil.reply"
    from = 2027-03-01
    amount = 3
    unit = "months"
    basis = "《……的规定》（高检发释字〔2027〕1号）第二十一条"

What an entry leaves out is as under the version before it. A period that begins on the day of effect or later is counted under
the new version; one that has been counted keeps its own until somebody decides otherwise, case by case.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from unicodedata import category

from models.errors import InputError, Problem
from models.publications import Publication
from models.rule_files import read_reminders
from models.rules import UNITS, Reminder, Rule, RuleVersion, Unit, all_rules, rule

Rules = Callable[[str], Rule]
"""The rule of a key as a site has it; InputError when there is none."""

TEMPLATE = """# 规则采用文件：每个 [[version]] 是一条规则自某日起的新规定。期限的新旧以起算之日为准。
basis = "《……的规定》（×〔2027〕×号）"   # 依据写全称，文书照此引用；各条另有 basis 的以各条为准

[[version]]
rule = "pil.reply"                # 规则，mingjian rules 列出全部
from = 2027-03-01                 # 施行之日
amount = 3                        # 期限；不写即不变
unit = "months"                   # months 月，days 日，working_days 工作日
basis = "《……的规定》（×〔2027〕×号）第二十一条"

# [[version]]
# rule = "coop.reply"
# from = 2027-03-01
# reminders = [{ days_before = 30 }, { days_before = 7, hour = 9, to = ["handler", "own_liaison", "agency"] }]
# grace_working_days = 5          # 邮寄在途，届满后几个工作日才算逾期
# note = "……"
"""
_AS_SHOWN = "请按规则采用文件的样式书写，见 mingjian rules adopt --template"
_FIELDS = {"rule", "from", "amount", "unit", "basis", "note", "reminders", "grace_working_days", "in_force"}
_CHANGES = {"amount", "unit", "reminders", "grace_working_days", "in_force"}
_UNITS: tuple[Unit, ...] = ("working_days", "days", "months")
_DAYS = (date(1990, 1, 1), date(2100, 12, 31))


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What a file says of one rule from a day on; None for what stays as it was."""

    rule: str
    since: date
    amount: int | None
    unit: Unit | None
    basis: str
    note: str
    reminders: tuple[Reminder, ...] | None
    grace_working_days: int | None
    in_force: bool

    def after(self, before: RuleVersion, number: int) -> RuleVersion:
        """The version that it makes of the one it follows: what leaves its length as it was rests on the same text as before."""
        keeps_length = self.amount is None and self.in_force == before.in_force
        reminded = f"提醒、宽限依据{self.basis}"
        return RuleVersion(
            effective_from=self.since,
            effective_to=None,
            amount=before.amount if self.amount is None else self.amount,
            unit=before.unit if self.unit is None else self.unit,
            in_force=self.in_force,
            basis=before.basis if keeps_length else self.basis,
            note="。".join(filter(None, (self.note, reminded if keeps_length else ""))),
            reminders=before.reminders if self.reminders is None else self.reminders,
            grace_working_days=before.grace_working_days
            if self.grace_working_days is None
            else self.grace_working_days,
            adopted=number,
        )


class StatedLength(NamedTuple):
    """The length that letters state from a day on, by a version that was adopted."""

    rule: str
    since: date
    amount: int
    unit: Unit
    basis: str


class SiteRules:
    """The rules as a site has them: those of the program, with what was adopted (in order) laid over."""

    def __init__(self, adoptions: Sequence[Publication] = ()) -> None:
        self._adoptions = {each.number: each for each in adoptions}
        self._changed: dict[str, Rule] = {}
        for adoption in adoptions:
            for each in read_adoption(adoption.text, file=adoption.file):
                self._changed[each.rule] = with_version(self.rule(each.rule), each, adoption.number)

    def rule(self, key: str) -> Rule:
        """The rule of that key; InputError, with keys that look alike, when there is none."""
        return self._changed[key] if key in self._changed else rule(key)

    def all_rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the table."""
        return tuple(self.rule(each.key) for each in all_rules())

    @property
    def adoptions(self) -> tuple[Publication, ...]:
        """What was adopted, in order."""
        return tuple(self._adoptions.values())

    def with_versions(self, versions: Iterable[NewVersion], number: int) -> SiteRules:
        """These rules with versions more, as an adoption of that number would make them."""
        made = SiteRules()
        made._adoptions = dict(self._adoptions)
        made._changed = self._changed | {
            each.rule: with_version(self.rule(each.rule), each, number) for each in versions
        }
        return made

    def adoption(self, number: int) -> Publication:
        """An adoption by its number; InputError when there is none."""
        if number not in self._adoptions:
            numbers = "、".join(map(str, self._adoptions)) or "无"
            raise InputError(Problem(f"没有第 {number} 次采用", f"现有：{numbers}", field="NUMBER"))
        return self._adoptions[number]

    def lengths_on(self, day: date) -> tuple[StatedLength, ...]:
        """The lengths that letters state by adopted versions that were known and in effect on a day, the latest last.

        A version that changed reminders alone states none.
        """
        found = [
            StatedLength(
                rule=law.key,
                since=max(version.effective_from, self._adoptions[version.adopted].day),
                amount=version.amount,
                unit=version.unit,
                basis=version.basis,
            )
            for law in self._changed.values()
            for before, version in zip((None, *law.versions), law.versions, strict=False)
            if version.adopted and version.effective_from and version.amount and version.unit
            if before is None or _length(version) != _length(before)
        ]
        return tuple(sorted((each for each in found if each.since <= day), key=lambda each: each.since))


def _length(version: RuleVersion) -> tuple[int | None, str | None, str]:
    """How long a period is under it, and by which text."""
    return version.amount, version.unit, version.basis


def with_version(law: Rule, new: NewVersion, number: int) -> Rule:
    """The rule with a version more, or another in the place of one of the same day; each lasts until the next begins."""
    kept = [each for each in law.versions if each.effective_from != new.since]
    before = [each for each in kept if each.effective_from is None or each.effective_from < new.since]
    made = new.after(before[-1] if before else kept[0], number)
    ordered = sorted([*kept, made], key=lambda each: each.name)
    ends: list[date | None] = [
        later.effective_from - timedelta(1) if later.effective_from else None for later in ordered[1:]
    ]
    versions = tuple(
        replace(each, effective_to=end) for each, end in zip(ordered, [*ends, None], strict=True)
    )
    return replace(law, versions=versions)


def read_adoption(text: str, *, file: str = "") -> tuple[NewVersion, ...]:
    """Read the text of an adoption; raise InputError with all its problems."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Beside its own errors: a number of thousands of digits, brackets thousands deep.
        place = re.search(r"at line (\d+)", str(error))
        row = int(place[1]) if place else None
        raise InputError(Problem("不是有效的 TOML", _AS_SHOWN, row=row, file=file)) from None
    reader = _Reader(file)
    versions = reader.read(table)
    if reader.problems:
        raise InputError(reader.problems)
    return versions


def against(
    versions: Iterable[NewVersion], rules: SiteRules, today: date, *, file: str = ""
) -> list[Problem]:
    """What stands against adopting these versions where those rules hold."""
    problems = []
    for place, each in enumerate(versions, start=1):
        law = rules.rule(each.rule)
        last = law.versions[-1]
        where = f"第 {place} 项 {each.rule}.from"
        if last.effective_from and each.since < last.effective_from:
            what = f"施行日 {each.since} 早于它接续的版本（自 {last.effective_from} 起施行）"
            problems.append(Problem(what, "核对施行日；新版本只能接在最后的版本之后", field=where, file=file))
        elif each.since == last.effective_from and not (last.adopted and each.since > today):
            done = "并且已经施行，" if each.since <= today else "由程序随附，"
            what = f"已有自 {each.since} 起施行的版本，{done}不得改写"
            remedy = "更正的，另采用一个以后施行的版本，再决定进行中的期限改按哪个版本（mingjian rules move）"
            problems.append(Problem(what, remedy, field=where, file=file))
        if each.amount is None and last.amount is None and law.no_number is None:
            problems.append(Problem("没有写明期限", "写 amount 和 unit", field=where, file=file))
    return problems


def _is_unseen(character: str) -> bool:
    """Line ends, controls and marks of direction: letters print these texts, and Word files cannot hold all of them."""
    return category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in "\ufffe\uffff"


class _Reader:
    """Reads one table and gathers what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._where = ""

    def wrong(self, field: str, what: str, remedy: str = _AS_SHOWN) -> None:
        self.problems.append(Problem(what, remedy=remedy, field=f"{self._where}{field}", file=self.file))

    def read(self, table: dict[str, Any]) -> tuple[NewVersion, ...]:
        for name in sorted(table.keys() - {"basis", "version"}):
            self.wrong(name, "不认识的字段")
        basis = self._text(table, "basis")
        entries = table.get("version")
        if (
            not isinstance(entries, list)
            or not entries
            or not all(isinstance(each, dict) for each in entries)
        ):
            self.wrong("version", "没有写明任何新规定", "至少写一个 [[version]]")
            return ()
        found = [self._version(place, each, basis) for place, each in enumerate(entries, start=1)]
        self._where = ""
        keys = [each.rule for each in found]
        for key in sorted({each for each in keys if each and keys.count(each) > 1}):
            self.wrong("version", f"规则 {key} 写了两次", "一个文件里一条规则只写一次")
        return tuple(found)

    def _version(self, place: int, entry: dict[str, Any], basis: str) -> NewVersion:
        self._where = f"第 {place} 项 "
        key = self._text(entry, "rule")
        self._where = f"第 {place} 项 {key}." if key else self._where
        if not key:
            self.wrong("rule", "没有写明规则", "写规则的键，如 pil.reply；mingjian rules 列出全部")
        else:
            try:
                rule(key)
            except InputError as error:
                self.problems += [
                    replace(each, file=self.file, field=f"{self._where}rule") for each in error.problems
                ]
        for name in sorted(entry.keys() - _FIELDS):
            self.wrong(name, "不认识的字段")
        if not entry.keys() & _CHANGES:
            self.wrong(
                "amount",
                "没有写明改什么",
                "写期限（amount、unit）、提醒（reminders）或者宽限（grace_working_days）",
            )
        amount, unit = self._length(entry)
        own = self._text(entry, "basis") or basis
        if not own:
            self.wrong("basis", "没有写明依据", "写文件的全称、文号和条款")
        return NewVersion(
            rule=key,
            since=self._since(entry.get("from")),
            amount=amount,
            unit=unit,
            basis=own,
            note=self._text(entry, "note"),
            reminders=self._reminders(entry.get("reminders")),
            grace_working_days=self._grace(entry.get("grace_working_days")),
            in_force=self._in_force(entry.get("in_force", True)),
        )

    def _text(self, entry: dict[str, Any], name: str) -> str:
        value = entry.get(name, "")
        if not isinstance(value, str) or len(value) > 300 or any(map(_is_unseen, value)):
            self.wrong(name, "应为一行文字，不超过 300 字")
            return ""
        return value.strip()

    def _since(self, value: Any) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong("from", "没有写明施行之日", "写作 from = 2027-03-01，不带引号")
            return date.max
        if not _DAYS[0] <= value <= _DAYS[1]:
            self.wrong("from", f"施行日 {value} 不合理", "请核对年份")
        return value

    def _length(self, entry: dict[str, Any]) -> tuple[int | None, Unit | None]:
        amount, unit = entry.get("amount"), entry.get("unit")
        if amount is None and unit is None:
            return None, None
        if type(amount) is not int or not 0 < amount <= 366 or not isinstance(unit, str) or unit not in UNITS:
            self.wrong(
                "amount", f"期限“{amount} {unit}”不对", f"amount 为 1 至 366，unit 为 {'、'.join(UNITS)}"
            )
            return None, None
        return amount, next(each for each in _UNITS if each == unit)

    def _reminders(self, value: Any) -> tuple[Reminder, ...] | None:
        if value is None:
            return None
        found = read_reminders(value)
        if found is None:
            self.wrong("reminders", "提醒写得不对", '写作 [{ days_before = 14, hour = 9, to = ["handler"] }]')
        elif any(each.days_before > 366 or not each.to for each in found):
            self.wrong("reminders", "提醒写得不对", "days_before 为 1 至 366，to 至少写一人")
        elif len({(each.days_before, each.hour) for each in found}) < len(found):
            self.wrong("reminders", "同一时刻的提醒写了两次", "合为一个，to 写齐收件人")
        return found

    def _grace(self, value: Any) -> int | None:
        if value is not None and (type(value) is not int or not 0 <= value <= 60):
            self.wrong("grace_working_days", "应为 0 至 60 的整数", "写作 grace_working_days = 3")
            return None
        return value

    def _in_force(self, value: Any) -> bool:
        if not isinstance(value, bool):
            self.wrong("in_force", "应为 true 或者 false", "其间没有有效文本、比照计算的写 in_force = false")
            return True
        return value
