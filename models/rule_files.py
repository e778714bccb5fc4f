"""Reading the rule table: every entry checked, every problem of a file told at once."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from models.errors import InputError, Problem
from models.rules import (
    MAIL_GRACE,
    OWNERS,
    REMINDER_DAYS,
    REMINDER_HOUR,
    REMINDER_TO,
    STATED_BY,
    UNITS,
    Expiry,
    Extension,
    NoNumber,
    Reminder,
    Rule,
    RuleVersion,
)

_REQUIRED = {"key", "name", "owner", "starts_on", "met_by", "expiry", "basis", "stated_by", "versions"}
_OPTIONAL = {
    "judged_by",
    "amount_is_local",
    "direction",
    "waiting",
    "extendable",
    "suspendable",
    "excludable",
    "reminders",
    "grace_working_days",
    "note",
    "opens",
    "on_holidays",
    "period_law",
    "no_number",
}
_PERIOD_LAWS = ("civil", "court")
_VERSION = {"from", "to", "amount", "unit", "in_force", "basis", "note"}


def read_rules(text: str, *, section: str, file: str = "") -> tuple[Rule, ...]:
    """Read a rule file's text; raise InputError with all its problems."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            Problem(f"不是有效的 TOML：{error}", remedy="请按规则文件的样式书写", file=file)
        ) from None
    reader = _Reader(section, file, table.get("period_law", "civil"))
    rules = tuple(reader.rule(entry) for entry in table.get("rule", ()))
    keys = [entry.key for entry in rules]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        reader.wrong(key, "key", "规则重复", "一个键只写一次")
    if reader.problems:
        raise InputError(reader.problems)
    return rules


class _Reader:
    """Reads entries and gathers what is wrong with them."""

    def __init__(self, section: str, file: str, period_law: Any) -> None:
        self.section = section
        self.file = file
        self.period_law = period_law
        self.problems: list[Problem] = []

    def wrong(self, key: str, field: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(what, remedy=remedy, field=f"{key}.{field}", file=self.file))

    def rule(self, entry: dict[str, Any]) -> Rule:
        key = str(entry.get("key", "?"))
        for name in sorted(_REQUIRED - entry.keys()):
            self.wrong(key, name, "缺少字段", "请补全")
        for name in sorted(entry.keys() - _REQUIRED - _OPTIONAL):
            self.wrong(key, name, "不认识的字段", "请核对字段名")
        owner = self._one_of(key, "owner", entry.get("owner"), OWNERS)
        stated_by = self._one_of(key, "stated_by", entry.get("stated_by"), STATED_BY)
        judged_by = self._one_of(key, "judged_by", entry.get("judged_by", "done"), ("sent", "done"))
        direction = self._one_of(key, "direction", entry.get("direction", "after"), ("after", "before"))
        starts_on = self._table(key, "starts_on", entry.get("starts_on"), {"fact", "words"})
        expiry = self._table(key, "expiry", entry.get("expiry"), {"code", "words"})
        period_law = self._one_of(key, "period_law", entry.get("period_law", self.period_law), _PERIOD_LAWS)
        return Rule(
            key=key,
            name=str(entry.get("name", "")),
            section=self.section,
            owner=owner,
            starts_on=starts_on["fact"],
            starts_words=starts_on["words"],
            met_by=self._met_by(key, entry.get("met_by")),
            judged_by=judged_by,
            expiry=Expiry(expiry["code"], expiry["words"]),
            basis=str(entry.get("basis", "")),
            stated_by=stated_by,
            amount_is_local=entry.get("amount_is_local", False) is True,
            direction=direction,
            waiting=entry.get("waiting", False) is True,
            opens=self._opens(key, entry),
            on_holidays=str(entry.get("on_holidays", "")),
            period_law=period_law,
            no_number=self._no_number(key, entry),
            extensions=self._extensions(key, entry.get("extendable", [])),
            suspendable=str(entry.get("suspendable", "")),
            excludable=str(entry.get("excludable", "")),
            reminders=self._reminders(key, entry.get("reminders")),
            grace_working_days=self._grace(key, entry.get("grace_working_days"), judged_by),
            note=str(entry.get("note", "")),
            versions=self._versions(key, entry.get("versions"), str(entry.get("basis", ""))),
        )

    def _one_of(self, key: str, field: str, value: Any, allowed: Any) -> Any:
        if value not in allowed:
            self.wrong(key, field, f"“{value}”不在可选之列", f"可选：{'、'.join(allowed)}")
        return value

    def _table(self, key: str, field: str, value: Any, names: set[str]) -> dict[str, str]:
        if not isinstance(value, dict) or value.keys() != names or not all(value.values()):
            self.wrong(key, field, f"应恰有 {'、'.join(sorted(names))} 且不为空", "请补全或者改正字段名")
            return dict.fromkeys(names, "")
        return {name: str(text) for name, text in value.items()}

    def _met_by(self, key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(kind, str) for kind in value):
            self.wrong(key, "met_by", "应为事实种类的列表，至少一种", '写作 ["reply_received"]')
            return ()
        return tuple(value)

    def _opens(self, key: str, entry: dict[str, Any]) -> str:
        opens = entry.get("opens", "")
        if not isinstance(opens, str) or bool(opens) is not (entry.get("waiting", False) is True):
            self.wrong(
                key, "opens", "等待期（waiting）应写明期满后可以做什么，其他规则不写", '写作 opens = "可以……"'
            )
            return ""
        return opens

    def _no_number(self, key: str, entry: dict[str, Any]) -> NoNumber | None:
        versions = entry.get("versions")
        lacking = isinstance(versions, list) and any(
            isinstance(item, dict) and not {"amount", "unit"} & item.keys() for item in versions
        )
        if ("no_number" in entry) is not lacking:
            self.wrong(
                key,
                "no_number",
                "没有天数的规则应说明为何没有，有天数的不写",
                '写作 no_number = { short = "由文书载明", sentence = "……" }',
            )
            return None
        if not lacking:
            return None
        words = self._table(key, "no_number", entry["no_number"], {"short", "sentence"})
        return NoNumber(words["short"], words["sentence"])

    def _grace(self, key: str, value: Any, judged_by: str) -> int:
        if value is None:
            return MAIL_GRACE if judged_by == "sent" else 0
        if type(value) is not int or value < 0:
            self.wrong(key, "grace_working_days", "应为不小于零的整数", "写作 grace_working_days = 3")
            return 0
        return value

    def _reminders(self, key: str, value: Any) -> tuple[Reminder, ...]:
        if value is None:
            return tuple(Reminder(days, REMINDER_HOUR, REMINDER_TO) for days in REMINDER_DAYS)
        found = read_reminders(value)
        if found is None:
            self.wrong(
                key, "reminders", "提醒写得不对", '写作 [{ days_before = 14, hour = 9, to = ["handler"] }]'
            )
        return found or ()

    def _extensions(self, key: str, value: Any) -> tuple[Extension, ...]:
        steps = value if isinstance(value, list) else [value]
        found = (self._extension(key, step) for step in steps)
        return tuple(extension for extension in found if extension is not None)

    def _extension(self, key: str, value: Any) -> Extension | None:
        if not isinstance(value, dict) or not {"officer", "basis"} <= value.keys() <= {
            "officer",
            "basis",
            "amount",
            "unit",
        }:
            self.wrong(key, "extendable", "应有 officer、basis，可有 amount、unit", "请补全或者改正字段名")
            return None
        amount, unit = self._length(key, "extendable", value)
        return Extension(value["officer"], value["basis"], amount, unit)

    def _length(self, key: str, field: str, value: dict[str, Any]) -> tuple[int | None, Any]:
        amount, unit = value.get("amount"), value.get("unit")
        if (amount is None) != (unit is None):
            self.wrong(key, field, "amount 和 unit 要么都写，要么都不写", "没有天数的规则两者都不写")
            return None, None
        if amount is not None and (not is_amount(amount) or unit not in UNITS):
            self.wrong(
                key, field, f"期限“{amount} {unit}”不对", f"amount 为正整数，unit 为 {'、'.join(UNITS)}"
            )
            return None, None
        return amount, unit

    def _versions(self, key: str, value: Any, basis: str) -> tuple[RuleVersion, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            self.wrong(
                key,
                "versions",
                "至少要有一个版本",
                '写作 [{ from = 2021-09-15, amount = 2, unit = "months" }]',
            )
            return ()
        versions = []
        for number, item in enumerate(value, start=1):
            field = f"versions 第 {number} 项"
            for name in sorted(item.keys() - _VERSION):
                self.wrong(key, field, f"不认识的字段 {name}", "请核对字段名")
            first, last = item.get("from"), item.get("to")
            if not all(each is None or _is_day(each) for each in (first, last)):
                self.wrong(key, field, "from、to 应为日期", "写作 2021-09-15，不带引号")
                first = last = None
            amount, unit = self._length(key, field, item)
            versions.append(
                RuleVersion(
                    effective_from=first,
                    effective_to=last,
                    amount=amount,
                    unit=unit,
                    in_force=item.get("in_force", True) is True,
                    basis=str(item.get("basis", basis)),
                    note=str(item.get("note", "")),
                )
            )
        self._in_sequence(key, versions)
        return tuple(versions)

    def _in_sequence(self, key: str, versions: list[RuleVersion]) -> None:
        """Each version begins the day after the one before it ends: every later day has exactly one."""
        for earlier, later in pairwise(versions):
            if (
                earlier.effective_to is None
                or later.effective_from is None
                or (later.effective_from - earlier.effective_to).days != 1
            ):
                self.wrong(key, "versions", "前后版本不衔接", "后一版本的 from 应为前一版本 to 的次日")
        for version in versions:
            if (
                version.effective_from
                and version.effective_to
                and version.effective_to < version.effective_from
            ):
                self.wrong(key, "versions", "版本的起止颠倒", "from 不晚于 to")
        if versions[-1].effective_to is not None:
            self.wrong(key, "versions", "最后一个版本不应有 to", "已经废止的，另写一个没有天数的版本")


def read_reminders(value: Any) -> tuple[Reminder, ...] | None:
    """Reminders as a file writes them; None for what is none."""
    if not isinstance(value, list) or not all(
        isinstance(item, dict)
        and item.keys() <= {"days_before", "hour", "to"}
        and is_amount(item.get("days_before"))
        and type(item.get("hour", REMINDER_HOUR)) is int
        and 0 <= item.get("hour", REMINDER_HOUR) <= 23
        and isinstance(item.get("to", REMINDER_TO), (list, tuple))
        and all(each in (*REMINDER_TO, "agency") for each in item.get("to", REMINDER_TO))
        for item in value
    ):
        return None
    return tuple(
        Reminder(item["days_before"], item.get("hour", REMINDER_HOUR), tuple(item.get("to", REMINDER_TO)))
        for item in value
    )


def is_amount(value: Any) -> bool:
    """Whether it is a positive whole number."""
    return type(value) is int and value > 0


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
