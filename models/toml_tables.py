"""Tables of the TOML files that staff write: fields read one by one, with everything wrong found in one reading."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from models.errors import InputError, Problem
from models.terms import LabelledEnum

PLACE_CODE = re.compile(r"[1-8]\d{5}")
BODY_CODE = re.compile(r"\d{6}-[a-z0-9]+(-[a-z0-9]+)*")

_Term = TypeVar("_Term", bound=LabelledEnum)


def table_in(text: str, *, file: str) -> dict[str, Any]:
    """The table that a TOML text is; InputError, with the line, for a text that is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        no_day = str(error).startswith("Invalid date")
        raise InputError(
            Problem(
                "没有这一天" if no_day else f"不是合法的 TOML：{error}",
                remedy="写作 2027-01-01，不带引号" if no_day else "核对引号、括号和等号",
                row=int(line[1]) if line else None,
                file=file,
            )
        ) from None


class Table:
    """One table of the file: reads its fields, and notes what is wrong under the place where it stands."""

    def __init__(
        self,
        content: Mapping[str, Any],
        where: str,
        file: str,
        problems: list[Problem],
        known: Iterable[str],
    ) -> None:
        self.content, self.where, self.file, self.problems = content, where, file, problems
        known = tuple(known)
        for key in content:
            if key not in known:
                self.wrong(str(key), "不认识的字段", f"可用：{'、'.join(known)}")

    def wrong(self, key: str, what: str, remedy: str = "") -> None:
        field = f"{self.where}.{key}" if self.where and key else self.where or key
        self.problems.append(Problem(what, remedy=remedy, field=field, file=self.file))

    def text(self, key: str, *, required: bool = False) -> str:
        value = self.content.get(key, "")
        if not isinstance(value, str):
            self.wrong(key, f"应为文字，不是 {value!r}", "加上引号")
            return ""
        if required and not value.strip():
            self.wrong(key, "缺少这一项" if key not in self.content else "不能为空", "请填写")
        if len(value) > 200:
            self.wrong(key, f"有 {len(value)} 字，过长", "不超过 200 字")
        return value.strip()

    def code(self, key: str) -> str:
        value = self.text(key, required=True)
        if value and not PLACE_CODE.fullmatch(value):
            self.wrong(key, f"“{value}”不是行政区划码", "写六位数字，如 350400")
        return value

    def day(self, key: str) -> date | None:
        """A day that must be there; None, and noted, for anything else."""
        value = self.content.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.wrong(
            key, "缺少这一项" if value is None else f"应为日期，不是 {value!r}", "写作 2027-01-01，不带引号"
        )
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.wrong(key, "应为一组文字", '写作 ["甲", "乙"]')
            return ()
        return tuple(each.strip() for each in value)

    def flag(self, key: str) -> bool:
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, f"应为 true 或 false，不是 {value!r}", "更正")
            return False
        return value

    def term(self, key: str, terms: type[_Term]) -> _Term | None:
        value = self.text(key)
        return self.as_term(key, value, terms) if value else None

    def as_term(self, key: str, value: str, terms: type[_Term]) -> _Term | None:
        try:
            return terms(value)
        except ValueError:
            some = "；".join(f"{term.value} {term.label}" for term in terms)
            self.wrong(key, f"不认识“{value}”", f"可用：{some}")
            return None

    def table(self, key: str, known: Iterable[str]) -> Table:
        value = self.content.get(key)
        if not isinstance(value, dict):
            self.wrong(key, "缺少这一节" if value is None else "应为一节", f"写 [{key}]")
            value = {}
        return Table(value, f"{self.where}.{key}" if self.where else key, self.file, self.problems, known)

    def tables(self, key: str, known: Iterable[str]) -> list[Table]:
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(key, "应为若干节", f"写 [[{key}]]")
            return []
        prefix = f"{self.where}.{key}" if self.where else key
        return [
            Table(each, f"{prefix}[{each.get('code', number)}]", self.file, self.problems, known)
            for number, each in enumerate(value, start=1)
        ]
